//! What a Plex server takes of actors, and how that is said.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Snapshot;
use crate::model::CastTrait;

/// Whether a Plex server takes the roles or the pictures of actors, which only trying tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CastTaken {
    /// Not tried yet with this version of the server.
    Unknown,
    /// It takes them.
    Taken,
    /// It ignores them: they stay as Plex's agent has them.
    Ignored,
}

impl CastTaken {
    /// As it is remembered of a server.
    pub fn of(takes: Option<bool>) -> Self {
        match takes {
            None => Self::Unknown,
            Some(true) => Self::Taken,
            Some(false) => Self::Ignored,
        }
    }

    /// A sentence for people.
    pub fn sentence(self, of: CastTrait) -> &'static str {
        match (of, self) {
            (CastTrait::Role, Self::Unknown) => {
                "Whether this Plex server takes the roles of actors is found out with the first cast that is written."
            }
            (CastTrait::Role, Self::Taken) => {
                "This Plex server takes the roles of actors; they follow your source."
            }
            (CastTrait::Role, Self::Ignored) => {
                "This Plex server does not take the roles of actors; they stay as Plex's agent has them."
            }
            (CastTrait::Picture, Self::Unknown) => {
                "Whether this Plex server takes the pictures of actors is found out with the first cast that is written with one."
            }
            (CastTrait::Picture, Self::Taken) => {
                "This Plex server takes the pictures of actors; those who have none, or are new in a cast, get your source's."
            }
            (CastTrait::Picture, Self::Ignored) => {
                "This Plex server does not take the pictures of actors; they stay as Plex's agent has them."
            }
        }
    }
}

impl Snapshot {
    /// Whether the server takes these of actors.
    pub fn taken(&self, of: CastTrait) -> CastTaken {
        match of {
            CastTrait::Role => self.roles,
            CastTrait::Picture => self.actor_pictures,
        }
    }

    pub(crate) fn taken_mut(&mut self, of: CastTrait) -> &mut CastTaken {
        match of {
            CastTrait::Role => &mut self.roles,
            CastTrait::Picture => &mut self.actor_pictures,
        }
    }
}
