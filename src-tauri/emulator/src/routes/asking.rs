//! What a request says besides its path: parameters, headers, body.
//!
//! Not here: what the parameters mean (`library::Edit`, `library::Filter`).

use std::ops::Range;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use bytes::Bytes;

use crate::library::read_query;
use crate::wire::{Asked, Format};

/// A request's parameters, headers and body.
pub(crate) struct Asking {
    parameters: Vec<(String, String)>,
    headers: HeaderMap,
    pub body: Bytes,
}

/// The part of a list that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    pub start: usize,
    pub size: usize,
}

impl Asking {
    pub fn new(parts: &Parts, body: Bytes) -> Self {
        Self {
            parameters: read_query(parts.uri.query().unwrap_or_default()),
            headers: parts.headers.clone(),
            body,
        }
    }

    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Whether the token is right; where none is set everybody may enter.
    pub fn may_enter(&self, token: Option<&str>) -> bool {
        token.is_none_or(|token| self.header_or_parameter("X-Plex-Token") == Some(token))
    }

    pub fn format(&self) -> Format {
        let wants_json = self
            .header("Accept")
            .is_some_and(|accept| accept.contains("application/json"));
        if wants_json {
            Format::Json
        } else {
            Format::Xml
        }
    }

    /// The wanted part as a range, which may reach beyond the end.
    pub fn wanted(&self) -> Range<usize> {
        self.page().map_or(0..usize::MAX, |page| {
            page.start..page.start.saturating_add(page.size)
        })
    }

    /// The wanted part; `None` where the request does not page.
    pub fn page(&self) -> Option<Page> {
        let number = |name| {
            self.header_or_parameter(name)
                .and_then(|number| number.parse::<usize>().ok())
        };
        let start = number("X-Plex-Container-Start");
        let size = number("X-Plex-Container-Size").or_else(|| number("limit"));
        (start.is_some() || size.is_some()).then(|| Page {
            start: start.unwrap_or(0),
            size: size.unwrap_or(usize::MAX),
        })
    }

    /// What is added to or left out of items.
    pub fn asked(&self, stamp_is_updated_at: bool) -> Asked {
        let list = |name: &str| -> Vec<String> {
            self.get(name)
                .map(|names| names.split(',').map(str::to_owned).collect())
                .unwrap_or_default()
        };
        Asked {
            guids: self.get("includeGuids") == Some("1"),
            without_elements: list("excludeElements"),
            without_fields: list("excludeFields"),
            stamp_is_updated_at,
            preferences: self.get("includePreferences") == Some("1"),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn header_or_parameter(&self, name: &str) -> Option<&str> {
        self.header(name).or_else(|| self.get(name))
    }
}
