//! HTTP: from a request to its answer.
//!
//! Every request goes the same way: 1. line limit · 2. counted, and the faults that are due · 3. token · 4. the route
//! acts · 5. its answer is delayed, cut or handed out. Not here: what the routes do (`answer`, `read`, `change`,
//! `collections`, `images`, `pictures`).

mod answer;
mod asking;
mod change;
mod collections;
mod images;
mod pictures;
mod read;
mod route;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use self::answer::Answer;
use self::asking::Asking;
use self::route::Route;
pub use self::route::RouteKind;
use crate::{Dropped, Emulator, Fault};

/// The router; every path leads to the one handler, which knows them all.
pub(crate) fn router(emulator: Emulator) -> Router {
    Router::new().fallback(handle).with_state(emulator)
}

async fn handle(State(emulator): State<Emulator>, request: Request) -> Response {
    let started = Instant::now();
    let line =
        request.method().as_str().len() + request.uri().to_string().len() + " HTTP/1.1".len() + 1;
    let route = Route::read(request.method(), request.uri().path());
    let kind = route.kind();
    let client = header_of(&request, "x-plex-client-identifier");
    emulator.count_request(kind, line);
    if let Some((key, picture)) = route.picture() {
        emulator.count_picture(kind, key, picture.lock());
    }

    let response = respond(&emulator, request, route, line).await;
    let status = if response.extensions().get::<Dropped>().is_some() {
        0
    } else {
        response.status().as_u16()
    };
    emulator.count_answer(kind, status, client.as_deref(), started.elapsed());
    response
}

async fn respond(emulator: &Emulator, request: Request, route: Route, line: usize) -> Response {
    if line > emulator.options().line_limit {
        return Answer::status(StatusCode::URI_TOO_LONG).into_response();
    }
    let fault = emulator.faults().next(route.kind());
    if fault == Some(Fault::Refuse) {
        return dropped(Dropped::Refused);
    }
    let (parts, body) = request.into_parts();
    // What is beyond the limit need not be kept to be refused.
    let Ok(body) = to_bytes(body, emulator.options().image_limit.saturating_mul(4)).await else {
        return Answer::status(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    };
    match &fault {
        Some(Fault::DropBefore) => return dropped(Dropped::Cut),
        Some(Fault::Status(status)) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Answer::status(status).into_response();
        }
        Some(Fault::TooMany(seconds)) => {
            let mut response = Answer::status(StatusCode::TOO_MANY_REQUESTS).into_response();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            return response;
        }
        _ => {}
    }
    let asking = Asking::new(&parts, body);
    let response =
        if route != Route::Identity && !asking.may_enter(emulator.options().token.as_deref()) {
            Answer::status(StatusCode::UNAUTHORIZED).into_response()
        } else {
            act(emulator, route, asking).await.into_response()
        };
    match fault {
        Some(Fault::DropAfter) => dropped(Dropped::Cut),
        Some(Fault::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            response
        }
        Some(Fault::Truncate) => truncated(response).await,
        _ => response,
    }
}

async fn act(emulator: &Emulator, route: Route, asking: Asking) -> Answer {
    if route.kind().is_write() {
        change::act(emulator, route, asking).await
    } else {
        read::act(emulator, route, &asking).await
    }
}

fn dropped(how: Dropped) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(how);
    response
}

async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let half: Bytes = whole.slice(..whole.len() / 2);
    parts.headers.remove(header::CONTENT_LENGTH);
    let broken = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the body broke off");
    Response::from_parts(
        parts,
        Body::from_stream(stream::iter([Ok(half), Err(broken)])),
    )
}

fn header_of(request: &Request, name: &str) -> Option<String> {
    request
        .headers()
        .get(name)?
        .to_str()
        .ok()
        .map(str::to_owned)
}
