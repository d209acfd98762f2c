//! How an item that a person chose stands by now: Plex re-keys items, and a rebuilt server starts its keys anew.
//!
//! Not here: where choices are kept (`store`), and when a chosen item counts as gone (`run`).

use crate::model::{ChosenItem, PlexItem};

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

impl Standing {
    /// How `chosen` stands: `at_key` is what its key means now, `at_paths` are the items of its section that hold its
    /// files.
    pub fn of(
        chosen: &ChosenItem,
        at_key: Option<PlexItem>,
        at_paths: impl FnOnce() -> Vec<PlexItem>,
    ) -> Self {
        if let Some(item) = at_key.filter(|item| item.identity.is_same(&chosen.identity)) {
            return Self::Here(item);
        }
        let mut held = at_paths();
        held.retain(|item| item.identity.is_same(&chosen.identity));
        held.sort_by_key(|item| item.key);
        held.dedup_by_key(|item| item.key);
        if held.len() > 1 {
            // Episodes can share a file, and then the file does not say which was meant.
            let guid = &chosen.identity.guid;
            held.retain(|item| !guid.is_empty() && item.identity.guid == *guid);
        }
        match held.pop() {
            Some(item) if held.is_empty() => Self::Rekeyed(item),
            _ => Self::Gone,
        }
    }
}
