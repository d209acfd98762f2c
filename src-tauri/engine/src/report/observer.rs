//! What a caller may watch besides the events: the exact plan, item by item.

use crate::model::{Change, Conflict, Kept};

/// Watches a run from inside. Every method does nothing unless overridden.
pub trait Observer: Send + Sync + 'static {
    /// An item's plan, before it is stored; also in a dry run. Called for items with changes, kept fields or conflicts.
    fn planned(&self, item: &PlannedItem<'_>) {
        let _ = item;
    }

    /// A source file that says nothing, with the reason, to be read on from its path; also in a dry run.
    fn unread(&self, path: &str, reason: &str) {
        let _ = (path, reason);
    }
}

/// One item of a plan.
#[derive(Debug)]
pub struct PlannedItem<'a> {
    /// Plex's key of the item.
    pub item: u64,
    /// The title of its library.
    pub library: &'a str,
    /// The Plex item's title.
    pub title: &'a str,
    /// The source item's stable name (`nfo`: the path of the .nfo).
    pub source_id: &'a str,
    /// What would be, or will be, written.
    pub changes: &'a [Change],
    /// What differs and stays as Plex has it.
    pub kept: &'a [Kept],
    /// What needs a decision.
    pub conflicts: &'a [Conflict],
}

/// Watches nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoObserver;

impl Observer for NoObserver {}
