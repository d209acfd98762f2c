//! A Plex item that a person spoke of: *this one* for a source item, or *never this*.

use serde::{Deserialize, Serialize};

use super::{Identity, ItemKey, PlexItem};

/// See the module. Known by its identity, never by its key alone: Plex re-keys items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenItem {
    /// Where it was.
    pub key: ItemKey,
    /// What must still be true of it.
    pub identity: Identity,
    /// Its title then, for people.
    pub title: String,
    /// One of its files then, for people; empty where it has none.
    #[serde(default)]
    pub plex_path: String,
}

impl ChosenItem {
    /// An item as the library cache has it now.
    pub fn of(item: &PlexItem) -> Self {
        Self {
            key: item.key,
            identity: item.identity.clone(),
            title: item.title.clone(),
            plex_path: item.files.first().cloned().unwrap_or_default(),
        }
    }
}
