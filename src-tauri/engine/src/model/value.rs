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
    /// Actors in their order, never empty, and what is known of them: beside [`Value::Tags`], which says nothing of roles
    /// and pictures and is the same as any cast of these names.
    Cast {
        /// As the tags of any list.
        names: Vec<String>,
        /// What they play: as many as there are names, or none at all where nothing is known of roles. An empty text: Plex
        /// says none, a source says nothing.
        roles: Vec<String>,
        /// Addresses of their pictures, as with roles.
        #[serde(default)]
        pictures: Vec<String>,
    },
    /// A picture. Wanted by a source: the SHA-1 of its bytes in lower-case hex. Held by Plex: the key of the selected
    /// picture (`upload://posters/…`), or its `thumb`/`art` path where the key was not asked for.
    Image(String),
}

/// What may be told of an actor in a cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastTrait {
    /// What they play.
    Role,
    /// The address of their picture.
    Picture,
}

impl CastTrait {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Role, Self::Picture];

    /// Whether what a change leaves of an actor is told to Plex, and must be there afterwards. `before` and `after` are what
    /// was and shall be said of them, `asked` is what is asked for.
    ///
    /// A role that stays is told too: where Plex replaces a list, it would be lost. A picture that stays and is not the
    /// source's is not: most belong to the person on the whole server, and the addresses of a long cast take too much room.
    pub fn is_to_tell(self, before: &str, after: &str, asked: &str) -> bool {
        match self {
            Self::Role => !after.is_empty() || !before.is_empty(),
            Self::Picture => before != after || (!asked.is_empty() && asked == after),
        }
    }
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

    /// Actors with what is told of each, where that is known.
    pub fn told(&self, of: CastTrait) -> Option<impl Iterator<Item = (&String, &str)>> {
        let Self::Cast {
            names,
            roles,
            pictures,
        } = self
        else {
            return None;
        };
        let told = match of {
            CastTrait::Role => roles,
            CastTrait::Picture => pictures,
        };
        (!told.is_empty()).then(|| names.iter().zip(told.iter().map(String::as_str)))
    }

    /// Actors with what is known of them; a plain list where nothing is, [`Value::Empty`] where there is nobody.
    pub fn cast(names: Vec<String>, roles: Vec<String>, pictures: Vec<String>) -> Self {
        if names.is_empty() {
            Self::Empty
        } else if roles.is_empty() && pictures.is_empty() {
            Self::Tags(names)
        } else {
            Self::Cast {
                names,
                roles,
                pictures,
            }
        }
    }

    /// The same, of a cast without what is known of these.
    #[must_use]
    pub fn without(self, traits: &[CastTrait]) -> Self {
        let Self::Cast {
            names,
            mut roles,
            mut pictures,
        } = self
        else {
            return self;
        };
        for of in traits {
            match of {
                CastTrait::Role => roles.clear(),
                CastTrait::Picture => pictures.clear(),
            }
        }
        Self::cast(names, roles, pictures)
    }
}
