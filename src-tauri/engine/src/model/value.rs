//! One value of a field, on either side.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A value as `text` leaves it: normalised, so that equal meaning is equal data (tags aside, which compare case-folded).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Nothing: an absent key, an empty string or an empty list.
    #[default]
    Empty,
    /// A string, or a date as `YYYY-MM-DD`.
    Text(String),
    /// A whole number.
    Whole(i32),
    /// A rating from 0 to 10 in tenths (0–100).
    Tenths(u8),
    /// A moment in epoch seconds.
    Moment(i64),
    /// Yes; no is [`Value::Empty`].
    Yes,
    /// Tags in their order; never empty.
    Tags(Vec<String>),
    /// Actors in their order, never empty, and what they play: beside [`Value::Tags`], which says nothing of roles and is
    /// the same as any cast of these names.
    Cast {
        /// As the tags of any list.
        names: Vec<String>,
        /// As many as there are names. Empty: Plex says none, a source says nothing.
        roles: Vec<String>,
    },
    /// A picture. Wanted by a source: the SHA-1 of its bytes in lower-case hex. Held by Plex: the key of the selected
    /// picture (`upload://posters/…`), or its `thumb`/`art` path where the key was not asked for.
    Image(String),
}

impl Value {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The tags, or none for any other kind.
    pub fn tags(&self) -> &[String] {
        match self {
            Self::Tags(tags) | Self::Cast { names: tags, .. } => tags,
            _ => &[],
        }
    }

    /// Tags with what each plays, where that is known.
    pub fn cast(&self) -> Option<impl Iterator<Item = (&String, &str)>> {
        match self {
            Self::Cast { names, roles } => Some(names.iter().zip(roles.iter().map(String::as_str))),
            _ => None,
        }
    }

    /// The same, of a cast its names alone.
    #[must_use]
    pub fn without_roles(self) -> Self {
        match self {
            Self::Cast { names, .. } => Self::Tags(names),
            other => other,
        }
    }
}
