//! Answers: a tree, bytes of a picture, nothing, or an error page as Plex shows it.
//!
//! Not here: answers that never come (`fault`).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use crate::library::EditError;
use crate::wire::{Format, Node};

/// What a route hands back.
pub(crate) enum Answer {
    /// 200 and nothing more, as to an edit.
    Done,
    Tree(Node, Format),
    Picture(Bytes),
    Status(StatusCode),
}

impl Answer {
    pub fn status(status: StatusCode) -> Self {
        Self::Status(status)
    }

    pub fn not_found() -> Self {
        Self::Status(StatusCode::NOT_FOUND)
    }

    pub fn into_response(self) -> Response {
        let (status, content_type, body) = match self {
            Self::Done => (StatusCode::OK, "text/html", Body::empty()),
            Self::Tree(node, format) => {
                let content_type = match format {
                    Format::Json => "application/json",
                    Format::Xml => "text/xml;charset=utf-8",
                };
                (StatusCode::OK, content_type, Body::from(node.write(format)))
            }
            Self::Picture(bytes) => {
                let content_type = image::guess_format(&bytes)
                    .map_or("image/jpeg", |format| format.to_mime_type());
                (StatusCode::OK, content_type, Body::from(bytes))
            }
            Self::Status(status) => {
                let reason = status.canonical_reason().unwrap_or_default();
                let page = format!(
                    "<html><head><title>{reason}</title></head><body><h1>{} {reason}</h1></body></html>",
                    status.as_u16()
                );
                (status, "text/html", Body::from(page))
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert("X-Plex-Protocol", HeaderValue::from_static("1.0"));
        response
    }
}

impl From<EditError> for Answer {
    fn from(error: EditError) -> Self {
        Self::Status(match error {
            EditError::NotFound(_) => StatusCode::NOT_FOUND,
            EditError::BadParameter(_) => StatusCode::BAD_REQUEST,
            EditError::Taken(_) => StatusCode::CONFLICT,
        })
    }
}
