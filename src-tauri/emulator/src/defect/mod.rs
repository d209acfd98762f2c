//! Planted defects: ways in which this server could fail to be like Plex, so that the checks of it can be seen to notice.
//!
//! Each changes what goes in or what comes out, around a server that knows nothing of it. Not here: faults of a network
//! or of a busy server (`fault`), which a client must bear.

mod spoil;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use self::spoil::attribute;

/// A planted defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// Details do not say which fields are locked.
    OmitsLocks,
    /// Listings hand out everything, whatever page was asked for.
    IgnoresPaging,
    /// Edits set values and leave the locks as they are.
    IgnoresLocks,
    /// Tags that an edit wants removed stay.
    IgnoresTagRemoval,
    /// Details carry no cast.
    DropsRoles,
    /// Nothing says what an actor plays.
    OmitsRoleTexts,
    /// Lists of pictures do not say which is selected.
    OmitsSelected,
    /// `totalSize` is wrong by one.
    WrongTotalSize,
    /// Nothing has an `originallyAvailableAt`.
    OmitsDate,
    /// Listings ignore the filter by `updatedAt`.
    IgnoresFilter,
    /// Uploaded pictures are not selected.
    UploadsUnselected,
    /// Details carry no moods.
    DropsMoods,
    /// Details carry no `Image`, which alone tells of clear logos.
    OmitsImages,
    /// Episodes do not say their number.
    OmitsEpisodeNumber,
    /// Tracks do not say which album they are of.
    OmitsAlbumOfTrack,
    /// Members of collections stay where they are.
    IgnoresMoves,
    /// Members that are taken out of a collection stay in it.
    KeepsMembers,
    /// What was watched is forgotten.
    IgnoresWatched,
    /// What was rated is forgotten.
    IgnoresRating,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 19] = [
        Self::OmitsLocks,
        Self::IgnoresPaging,
        Self::IgnoresLocks,
        Self::IgnoresTagRemoval,
        Self::DropsRoles,
        Self::OmitsRoleTexts,
        Self::OmitsSelected,
        Self::WrongTotalSize,
        Self::OmitsDate,
        Self::IgnoresFilter,
        Self::UploadsUnselected,
        Self::DropsMoods,
        Self::OmitsImages,
        Self::OmitsEpisodeNumber,
        Self::OmitsAlbumOfTrack,
        Self::IgnoresMoves,
        Self::KeepsMembers,
        Self::IgnoresWatched,
        Self::IgnoresRating,
    ];

    /// Puts the defect around a server.
    pub(crate) fn around(self, sound: Router) -> Router {
        let inner = sound.clone();
        sound.layer(middleware::from_fn(move |request: Request, next: Next| {
            let inner = inner.clone();
            async move {
                let asked = Asked::of(&request);
                let request = self.spoil_request(request);
                if self == Self::UploadsUnselected && asked.is_upload() {
                    return upload_unselected(inner, &asked, request, next).await;
                }
                self.spoil_answer(&asked.path, next.run(request).await)
                    .await
            }
        }))
    }

    fn spoil_request(self, mut request: Request) -> Request {
        if self.forgets(request.method(), request.uri().path()) {
            // Answered 200 by a path that does nothing.
            *request.method_mut() = Method::GET;
            *request.uri_mut() = Uri::from_static("/identity");
            return request;
        }
        let is_edit = request.method() == Method::PUT;
        match self {
            Self::IgnoresPaging => {
                for name in ["x-plex-container-start", "x-plex-container-size"] {
                    request.headers_mut().remove(name);
                }
                drop_parameters(&mut request, |name| name.starts_with("X-Plex-Container-"));
            }
            Self::IgnoresLocks if is_edit => {
                drop_parameters(&mut request, |name| name.ends_with(".locked"));
            }
            Self::IgnoresTagRemoval if is_edit => {
                drop_parameters(&mut request, |name| name.ends_with(".tag-"));
            }
            Self::IgnoresFilter => {
                drop_parameters(&mut request, |name| name.starts_with("updatedAt"));
            }
            _ => {}
        }
        request
    }
}

impl Defect {
    /// Whether it takes a request and does nothing.
    fn forgets(self, method: &Method, path: &str) -> bool {
        match self {
            Self::IgnoresMoves => path.ends_with("/move"),
            Self::KeepsMembers => method == Method::DELETE && path.contains("/items/"),
            Self::IgnoresWatched => path == "/:/scrobble",
            Self::IgnoresRating => path == "/:/rate",
            _ => false,
        }
    }
}

/// What was asked, kept while the request is on its way.
struct Asked {
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            headers: request.headers().clone(),
        }
    }

    fn is_upload(&self) -> bool {
        self.method == Method::POST && is_picture_list(&self.path)
    }

    /// A request for the same pictures by the same person.
    fn again(&self, method: Method, url: Option<&str>) -> Option<Request> {
        let token = self
            .query
            .iter()
            .flat_map(|query| query.split('&'))
            .find(|part| part.starts_with("X-Plex-Token="));
        let url = url.map(|url| {
            let quoted =
                percent_encoding::utf8_percent_encode(url, percent_encoding::NON_ALPHANUMERIC);
            format!("url={quoted}")
        });
        let query: Vec<&str> = token.into_iter().chain(url.as_deref()).collect();
        let mut request =
            Request::builder()
                .method(method)
                .uri(format!("{}?{}", self.path, query.join("&")));
        if let Some(token) = self.headers.get("x-plex-token") {
            request = request.header("x-plex-token", token);
        }
        request
            .header(header::ACCEPT, "application/xml")
            .body(Body::empty())
            .ok()
    }
}

/// Uploads, then selects again what was selected before.
async fn upload_unselected(
    server: Router,
    asked: &Asked,
    request: Request,
    next: Next,
) -> Response {
    let before = match asked.again(Method::GET, None) {
        Some(request) => selected(&answer_of(server.clone(), request).await),
        None => None,
    };
    let response = next.run(request).await;
    if let Some(key) = before
        && let Some(request) = asked.again(Method::PUT, Some(&key))
    {
        answer_of(server, request).await;
    }
    response
}

async fn answer_of(server: Router, request: Request) -> Bytes {
    match server.oneshot(request).await {
        Ok(response) => response
            .into_body()
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default(),
        Err(never) => match never {},
    }
}

fn selected(list: &Bytes) -> Option<String> {
    let text = String::from_utf8_lossy(list).into_owned();
    let line = text
        .lines()
        .find(|line| attribute(line, "selected") == Some("1"))?;
    attribute(line, "ratingKey").map(str::to_owned)
}

fn drop_parameters(request: &mut Request, is_dropped: impl Fn(&str) -> bool) {
    let Some(query) = request.uri().query() else {
        return;
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| {
            // An operator's `>>` and the `=` of the pair may both stand before the value.
            let name = part.split('=').next().unwrap_or_default();
            let name = percent_encoding::percent_decode_str(name)
                .decode_utf8_lossy()
                .into_owned();
            !is_dropped(&name)
        })
        .collect();
    let uri = format!("{}?{}", request.uri().path(), kept.join("&"));
    if let Ok(uri) = uri.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

fn is_picture_list(path: &str) -> bool {
    ["/posters", "/arts", "/clearLogos", "/squareArts"]
        .iter()
        .any(|list| path.ends_with(list))
}
