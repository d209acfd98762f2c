//! What a person said of a source item: *this one* or *never this*.
//!
//! A chosen item is known by its identity, never by its key alone: Plex re-keys items, and a rebuilt server starts its
//! keys anew. Not here: where choices are kept (`store`), and when a chosen item counts as gone (`run`).

use serde::{Deserialize, Serialize};

use crate::model::{Identity, ItemKey, PlexItem};

/// A Plex item that a person spoke of.
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

/// How a chosen item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is where it was.
    Here(PlexItem),
    /// Plex has its file under another key.
    Rekeyed(PlexItem),
    /// Plex has neither.
    Gone,
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

    /// How it stands: `at_key` is what its key means now, `at_paths` are the items of its section that hold its files.
    pub fn standing(
        &self,
        at_key: Option<PlexItem>,
        at_paths: impl FnOnce() -> Vec<PlexItem>,
    ) -> Standing {
        if let Some(item) = at_key.filter(|item| item.identity.is_same(&self.identity)) {
            return Standing::Here(item);
        }
        // Episodes can share a file, and then the file does not say which was meant.
        let mut held = at_paths();
        held.retain(|item| item.identity.is_same(&self.identity));
        held.dedup_by_key(|item| item.key);
        match held.len() {
            0 => Standing::Gone,
            1 => Standing::Rekeyed(held.remove(0)),
            _ => held
                .into_iter()
                .find(|item| {
                    !item.identity.guid.is_empty() && item.identity.guid == self.identity.guid
                })
                .map_or(Standing::Gone, Standing::Rekeyed),
        }
    }
}
