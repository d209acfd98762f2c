//! Planted defects: ways in which this server could fail to be like Plex, so that the checks of it can be seen to notice.
//!
//! Each changes what goes in or what comes out, around a server that knows nothing of it. Not here: faults of a network
//! or of a busy server (`fault`), which a client must bear.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

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
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 10] = [
        Self::OmitsLocks,
        Self::IgnoresPaging,
        Self::IgnoresLocks,
        Self::IgnoresTagRemoval,
        Self::DropsRoles,
        Self::OmitsSelected,
        Self::WrongTotalSize,
        Self::OmitsDate,
        Self::IgnoresFilter,
        Self::UploadsUnselected,
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
                self.spoil_answer(&asked, next.run(request).await).await
            }
        }))
    }

    fn spoil_request(self, mut request: Request) -> Request {
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

    async fn spoil_answer(self, asked: &Asked, response: Response) -> Response {
        let is_details =
            asked.path.starts_with("/library/metadata/") && asked.path.matches('/').count() == 3;
        let is_picture_list = asked.path.ends_with("/posters") || asked.path.ends_with("/arts");
        let concerned = match self {
            Self::OmitsLocks | Self::DropsRoles => is_details,
            Self::OmitsSelected => is_picture_list,
            Self::WrongTotalSize | Self::OmitsDate => true,
            Self::IgnoresPaging
            | Self::IgnoresLocks
            | Self::IgnoresTagRemoval
            | Self::IgnoresFilter
            | Self::UploadsUnselected => false,
        };
        let kind = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or("");
        let (is_json, is_xml) = (kind.contains("json"), kind.contains("xml"));
        if !concerned || !(is_json || is_xml) {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        let spoiled = if is_json {
            self.spoil_json(&bytes)
        } else {
            self.spoil_xml(&bytes)
        };
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(spoiled))
    }

    /// The emulator writes one element on a line.
    fn spoil_xml(self, bytes: &Bytes) -> String {
        let text = String::from_utf8_lossy(bytes);
        let mut spoiled = String::with_capacity(text.len());
        for line in text.lines() {
            let line = match self {
                Self::OmitsLocks if line.starts_with("<Field ") => continue,
                Self::DropsRoles if line.starts_with("<Role ") => continue,
                Self::OmitsSelected => without_attribute(line, "selected", ""),
                Self::OmitsDate => without_attribute(line, "originallyAvailableAt", ""),
                Self::WrongTotalSize => {
                    let size =
                        attribute(line, "totalSize").and_then(|size| size.parse::<u64>().ok());
                    size.map_or_else(
                        || line.to_owned(),
                        |size| {
                            without_attribute(
                                line,
                                "totalSize",
                                &format!(" totalSize=\"{}\"", size + 1),
                            )
                        },
                    )
                }
                _ => line.to_owned(),
            };
            spoiled.push_str(&line);
            spoiled.push('\n');
        }
        spoiled
    }

    fn spoil_json(self, bytes: &Bytes) -> String {
        let Ok(mut document) = serde_json::from_slice::<Value>(bytes) else {
            return String::from_utf8_lossy(bytes).into_owned();
        };
        self.spoil_value(&mut document);
        document.to_string()
    }

    fn spoil_value(self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                let gone = match self {
                    Self::OmitsLocks => "Field",
                    Self::DropsRoles => "Role",
                    Self::OmitsSelected => "selected",
                    Self::OmitsDate => "originallyAvailableAt",
                    _ => "",
                };
                members.remove(gone);
                if self == Self::WrongTotalSize
                    && let Some(size) = members.get("totalSize").and_then(Value::as_u64)
                {
                    members.insert("totalSize".to_owned(), Value::from(size + 1));
                }
                members
                    .values_mut()
                    .for_each(|member| self.spoil_value(member));
            }
            Value::Array(elements) => elements
                .iter_mut()
                .for_each(|element| self.spoil_value(element)),
            _ => {}
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
        self.method == Method::POST
            && (self.path.ends_with("/posters") || self.path.ends_with("/arts"))
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

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The line with another text in the place of an attribute.
fn without_attribute(line: &str, name: &str, instead: &str) -> String {
    let Some((before, rest)) = line.split_once(&format!(" {name}=\"")) else {
        return line.to_owned();
    };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{instead}{after}")
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
