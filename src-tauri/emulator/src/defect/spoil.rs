//! What planted defects do to answers, in XML and in JSON.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde_json::Value;

use super::{Defect, is_picture_list};

impl Defect {
    /// Elements that details lack.
    fn dropped_element(self) -> Option<&'static str> {
        match self {
            Self::OmitsLocks => Some("Field"),
            Self::DropsRoles => Some("Role"),
            Self::DropsMoods => Some("Mood"),
            Self::OmitsImages => Some("Image"),
            _ => None,
        }
    }

    /// An attribute that is missing, of items of one type or of all.
    fn dropped_attribute(self) -> Option<(Option<&'static str>, &'static str)> {
        match self {
            Self::OmitsSelected => Some((None, "selected")),
            Self::OmitsRoleTexts => Some((None, "role")),
            Self::OmitsDate => Some((None, "originallyAvailableAt")),
            Self::OmitsEpisodeNumber => Some((Some("episode"), "index")),
            Self::OmitsAlbumOfTrack => Some((Some("track"), "parentRatingKey")),
            _ => None,
        }
    }

    pub(super) async fn spoil_answer(self, path: &str, response: Response) -> Response {
        let is_details = path.starts_with("/library/metadata/") && path.matches('/').count() == 3;
        let is_picture_list = is_picture_list(path);
        let concerned = match self {
            Self::OmitsSelected => is_picture_list,
            _ if self.dropped_element().is_some() => is_details,
            _ => self.dropped_attribute().is_some() || self == Self::WrongTotalSize,
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
            if self
                .dropped_element()
                .is_some_and(|element| line.starts_with(&format!("<{element} ")))
            {
                continue;
            }
            let line = match self.dropped_attribute() {
                Some((of, name)) if of.is_none_or(|of| attribute(line, "type") == Some(of)) => {
                    without_attribute(line, name, "")
                }
                _ if self == Self::WrongTotalSize => {
                    let size =
                        attribute(line, "totalSize").and_then(|size| size.parse::<u64>().ok());
                    size.map_or_else(
                        || line.to_owned(),
                        |size| {
                            let instead = format!(" totalSize=\"{}\"", size + 1);
                            without_attribute(line, "totalSize", &instead)
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
                if let Some(element) = self.dropped_element() {
                    members.remove(element);
                }
                if let Some((of, name)) = self.dropped_attribute()
                    && of.is_none_or(|of| members.get("type").and_then(Value::as_str) == Some(of))
                {
                    members.remove(name);
                }
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

pub(super) fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
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
