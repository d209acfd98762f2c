//! What the engine says while it works. At most 4 events a second of each kind of figure; statistics once a second.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CacheStats, Connection, OperationStats, PhaseProgress, RunSummary, Snapshot};
use crate::model::Field;

/// An event with its place in the order; a subscriber that missed some gets a [`Event::Snapshot`], never a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Numbered {
    /// Grows by one with each event.
    #[ts(type = "number")]
    pub n: u64,
    /// The event.
    pub event: Event,
}

/// The whole state with its place in the order of events: what comes after `n` is not in it yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NumberedSnapshot {
    /// The number of the last event that is in it.
    #[ts(type = "number")]
    pub n: u64,
    /// The state.
    pub snapshot: Snapshot,
}

/// What changed. Each variant replaces the part of the [`Snapshot`] that its text names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// Everything.
    Snapshot {
        /// The new state.
        snapshot: Box<Snapshot>,
    },
    /// `connection`.
    Connection {
        /// How Plex is reached now.
        connection: Connection,
    },
    /// `run.summary` and `run.phases`.
    Progress {
        /// Figures so far, without timings and caches (see [`Event::Statistics`]).
        summary: Box<RunSummary>,
        /// The steps that have begun.
        phases: Vec<PhaseProgress>,
    },
    /// Newest first, to go in front of `run.feed` (which keeps 50).
    Changed {
        /// The items written since the last such event.
        items: Vec<ChangedItem>,
    },
    /// `run.operations`, `run.caches`; `items_per_second` goes to the end of `run.speed` (which keeps 120).
    Statistics {
        /// Timings of this run.
        operations: Vec<OperationStats>,
        /// Cache figures of this run.
        caches: Vec<CacheStats>,
        /// Items written in the last second.
        items_per_second: f64,
    },
}

/// A written item in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangedItem {
    /// Its place in the run, unique and growing.
    pub seq: u32,
    /// Its title.
    pub title: String,
    /// Its section's title.
    pub section: String,
    /// The fields written.
    pub fields: Vec<Field>,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// A picture of at most 56×84 pixels as a `data:` URL, where one was sent.
    pub thumb: Option<String>,
}
