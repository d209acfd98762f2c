//! Edits: what the parameters of a `PUT` say.
//!
//! Read leniently, as Plex does: parameters that it does not know are ignored; a known one with a value that cannot be
//! read (a year that is no number, a date that is none, a rating beyond 10, a lock other than 0 and 1) is a bad request
//! and changes nothing. Not here: what an edit does to items (`apply`).

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::fields::field;
use super::{ItemKind, PictureKind, Value, tag_kind};

/// Why something was not done; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No such item (404).
    #[error("there is no item {0}")]
    NotFound(u64),
    /// A parameter is missing or cannot be read (400).
    #[error("the parameter {0} is missing or cannot be read")]
    BadParameter(String),
    /// Another collection of the section has this title (409).
    #[error("another collection is called {0}")]
    Taken(String),
}

/// What one edit asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edit {
    pub fields: BTreeMap<&'static str, Option<Value>>,
    pub added_at: Option<i64>,
    pub tags: BTreeMap<&'static str, TagChange>,
    pub locks: BTreeMap<String, bool>,
}

/// What one edit asks of one kind of tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TagChange {
    /// By the index in the parameter.
    pub sent: BTreeMap<u32, SentTag>,
    pub removed: Vec<String>,
    /// All shall go first.
    pub cleared: bool,
}

/// A tag as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SentTag {
    pub name: String,
    /// What an actor plays (`tagging.text`).
    pub role: Option<String>,
    /// The address of an actor's picture in this item (`tagging.thumb`).
    pub picture: Option<String>,
    /// The address of a person's picture, wherever they play (`tag.thumb`).
    pub face: Option<String>,
}

/// Lockable besides fields, tags and pictures.
const OTHER_LOCKS: [&str; 3] = ["banner", "theme", "addedAt"];

/// Whether a kind of item can hold what this lock is for.
pub(super) fn is_lockable(name: &str, kind: ItemKind) -> bool {
    field(name).is_some_and(|field| field.is_held_by(kind))
        || tag_kind(name).is_some_and(|tag| tag.is_held_by(kind))
        || is_other_lock(name)
}

fn is_other_lock(name: &str) -> bool {
    OTHER_LOCKS.contains(&name) || PictureKind::of_selected(name).is_some()
}

impl Edit {
    /// Reads the parameters of a request.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, EditError> {
        let mut edit = Self::default();
        for (name, value) in parameters {
            if let Some(known) = name.strip_suffix(".value") {
                edit.read_value(known, value)?;
            } else if let Some(known) = name.strip_suffix(".locked") {
                edit.read_lock(known, value)?;
            } else if let Some((kind, rest)) = name.split_once('[') {
                edit.read_tag(name, kind, rest, value)?;
            }
        }
        Ok(edit)
    }

    /// How many tags it names.
    pub fn tag_count(&self) -> usize {
        self.tags
            .values()
            .map(|change| change.sent.len() + change.removed.len())
            .sum()
    }

    fn read_value(&mut self, name: &str, value: &str) -> Result<(), EditError> {
        if name == "addedAt" {
            let bad = |_| EditError::BadParameter("addedAt.value".to_owned());
            self.added_at = Some(value.trim().parse().map_err(bad)?);
        } else if let Some(field) = field(name) {
            let value = Value::read(field.name, field.holds, value)?;
            self.fields.insert(field.name, value);
        }
        Ok(())
    }

    fn read_lock(&mut self, name: &str, value: &str) -> Result<(), EditError> {
        if field(name).is_none() && tag_kind(name).is_none() && !is_other_lock(name) {
            return Ok(());
        }
        let lock = match value {
            "1" | "true" => true,
            "0" | "false" => false,
            _ => return Err(EditError::BadParameter(format!("{name}.locked"))),
        };
        self.locks.insert(name.to_owned(), lock);
        Ok(())
    }

    fn read_tag(
        &mut self,
        parameter: &str,
        kind: &str,
        rest: &str,
        value: &str,
    ) -> Result<(), EditError> {
        let (Some(kind), Some((index, rest))) = (tag_kind(kind), rest.split_once(']')) else {
            return Ok(());
        };
        let change = self.tags.entry(kind.name).or_default();
        match rest {
            ".tag.tag" | ".tagging.text" | ".tagging.thumb" | ".tag.thumb" => {
                let bad = |_| EditError::BadParameter(parameter.to_owned());
                let index = if index.is_empty() {
                    0
                } else {
                    index.parse().map_err(bad)?
                };
                let sent = change.sent.entry(index).or_default();
                let value = value.trim().to_owned();
                match rest {
                    ".tag.tag" => sent.name = value,
                    ".tagging.text" => sent.role = Some(value),
                    ".tagging.thumb" => sent.picture = Some(value),
                    _ => sent.face = Some(value),
                }
            }
            // Each name is quoted once more, so that a comma within one survives.
            ".tag.tag-" => change.removed.extend(value.split(',').map(|name| {
                percent_decode_str(name)
                    .decode_utf8_lossy()
                    .trim()
                    .to_owned()
            })),
            ".tag" | ".tag-" => change.cleared = true,
            _ => {}
        }
        Ok(())
    }
}
