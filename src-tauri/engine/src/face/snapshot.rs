//! The state that a window draws, and the commands it may give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CastTaken, ChangedItem, Settings};
use crate::model::Field;

/// What a person may ask of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "command",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Command {
    /// Start a sync. Refused while a run is under way.
    Sync {
        /// Plan only; write nothing.
        dry_run: bool,
        /// Look at no more than so many source items.
        limit: Option<u32>,
        /// Look only at source files whose path (relative to the source) begins with this.
        only: Option<String>,
        /// Nobody watches: refused before a first sync by hand, and ends without writing where much would be taken away.
        #[serde(default)]
        unattended: bool,
    },
    /// Take back a run, the last one that wrote anything where `run` is `None`.
    Undo {
        /// The run's number.
        run: Option<u32>,
    },
    /// Take away every lock that Syncslate set, where Plex still holds what it wrote. A run of its own.
    Unlock {
        /// Also put back what stood there before Syncslate wrote, as far as the journal goes back.
        restore: bool,
    },
    /// Let started jobs finish and start no more.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Let started jobs finish, drop those not started, end the run.
    Cancel,
    /// Reach Plex with the current settings and say what was found.
    TestConnection,
    /// Put every failed job back in the queue for the next sync.
    RetryFailed,
    /// Decide fields on which both sides have a claim.
    Settle {
        /// Which, and how.
        decision: Decision,
    },
    /// Replace the settings; takes effect with the next run.
    SetSettings {
        /// The new settings.
        settings: Settings,
    },
}

/// A person's decision about fields on which both sides have a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whose value it shall be.
    pub choice: Choice,
    /// Plex's key of the item; `None`: all items.
    #[ts(type = "number | null")]
    pub item: Option<u64>,
    /// The field; `None`: all fields.
    pub field: Option<Field>,
    /// Which of these fields it is about.
    pub about: About,
}

/// What a person decides about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum About {
    /// Conflicts: both sides changed.
    Conflicts,
    /// What was locked in Plex before anything was known of it.
    LockedBefore,
    /// Conflicts, and all that was kept without a question: a person's own, locked before, handed back, fought over, not
    /// empty.
    ConflictsAndKept,
}

/// Whose value a field shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Choice {
    /// What Plex holds stays.
    KeepPlex,
    /// The next sync writes the source's.
    UseSource,
}

/// What a command answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "reply",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Reply {
    /// Done, or under way; events tell the rest.
    Done,
    /// Fields were decided.
    Settled {
        /// How many.
        fields: u32,
        /// Those of them that were withdrawn after they may have been written: the next run looks, and what it wrote can
        /// be taken back.
        maybe_written: u32,
    },
    /// A run began.
    Started {
        /// Its number; 0 for a dry run.
        run: u32,
    },
    /// Plex answered.
    Connected {
        /// The server's name.
        name: String,
        /// Its version.
        version: String,
        /// Titles of the sections that can be written to.
        sections: Vec<String>,
        /// How long the answer took.
        millis: f64,
    },
}

/// Everything that a window draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The settings in force.
    pub settings: Settings,
    /// When a change put them in force, in epoch milliseconds; `None`: not since this process began. What a run before
    /// that says of settings may be mended.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub settings_since: Option<i64>,
    /// How Plex is reached.
    pub connection: Connection,
    /// The run under way, or the one that ended last.
    pub run: Option<RunView>,
    /// The newest runs first, at most 24.
    pub recent: Vec<RunSummary>,
    /// Whether this Plex server takes the roles of actors.
    pub roles: CastTaken,
    /// Whether it takes their pictures.
    pub actor_pictures: CastTaken,
    /// Totals of the last whole comparison.
    pub totals: Totals,
    /// Jobs that gave up.
    pub failed: u32,
    /// Fields on which a decision is open.
    pub conflicts: u32,
    /// Statistics per cache since start.
    pub caches: Vec<CacheStats>,
    /// Things that a person should know or do, most urgent first.
    pub problems: Vec<Problem>,
}

/// How Plex is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Connection {
    /// Settings are incomplete.
    NotSetUp,
    /// Not asked yet.
    Unknown,
    /// Plex answers.
    Connected {
        /// The server's name.
        name: String,
        /// The server's version.
        version: String,
        /// How long its last answer to an identity request took.
        millis: f64,
    },
    /// Plex does not answer; jobs wait and lose nothing.
    Away {
        /// Since when, in epoch milliseconds.
        #[ts(type = "number")]
        since: i64,
        /// Why, in a sentence.
        message: String,
    },
    /// Plex refused the token.
    SignInNeeded,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunKind {
    /// Source to Plex.
    Sync,
    /// Comparison without writing.
    DryRun,
    /// Taking a run back.
    Undo,
    /// Taking Syncslate's locks away.
    Unlock,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// At work.
    Running,
    /// Paused by a person.
    Paused,
    /// Waits for Plex to come back.
    Waiting,
    /// Ended, everything written.
    Done,
    /// Ended, some jobs failed.
    DoneWithFailures,
    /// Ended by a person.
    Cancelled,
    /// Ended by an error that concerns the whole run.
    Stopped,
    /// Its process ended in the middle; the next sync goes on with it.
    Interrupted,
}

/// The four steps of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Source and Plex library are read.
    Read,
    /// Source items find their Plex items.
    Match,
    /// Values are compared, changes planned.
    Compare,
    /// Changes are written and verified.
    Write,
}

/// A step's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhaseProgress {
    /// Which step.
    pub phase: Phase,
    /// Items done.
    pub done: u32,
    /// Items there are to do; `None` while that is not known.
    pub total: Option<u32>,
    /// Time spent in it so far.
    pub millis: f64,
}

/// A run as the running view draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its figures so far.
    pub summary: RunSummary,
    /// The steps that have begun, in order; the last is the present one.
    pub phases: Vec<PhaseProgress>,
    /// The newest changed items first, at most 50.
    pub feed: Vec<ChangedItem>,
    /// Timings of this run.
    pub operations: Vec<OperationStats>,
    /// Cache figures of this run.
    pub caches: Vec<CacheStats>,
    /// Items written per second, one figure per second, the newest last, at most 120.
    pub speed: Vec<f64>,
}

/// The figures of a run, stored with it. Also what `--json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// Its number; 0 for a dry run.
    pub run: u32,
    /// What it was for.
    pub kind: RunKind,
    /// How far it is.
    pub state: RunState,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// Whole time so far or in the end, without the time paused.
    pub duration_ms: f64,
    /// Source items read or known to be unchanged.
    pub items_read: u32,
    /// Source items tied to a Plex item.
    pub matched: u32,
    /// Source items whose mapped path Plex does not hold.
    pub not_in_plex: u32,
    /// Source items for which it is not clear which Plex item they mean.
    pub ambiguous: u32,
    /// Source files that could not be read as metadata.
    pub unreadable: u32,
    /// Plex items with at least one change (planned, in a dry run), collections among them.
    pub changed: u32,
    /// How many of these are collections.
    #[serde(default)]
    pub collections_changed: u32,
    /// Plex items written so far, collections among them.
    pub written: u32,
    /// How many of these are collections.
    #[serde(default)]
    pub collections_written: u32,
    /// Fields written so far (planned, in a dry run).
    pub fields_written: u32,
    /// Fields that differ and were kept as Plex has them.
    pub kept: u32,
    /// Fields on which both sides have a claim.
    pub conflicts: u32,
    /// Jobs of this run that gave up.
    pub failed: u32,
    /// Requests to Plex by kind.
    #[ts(as = "BTreeMap<String, u32>")]
    pub requests: BTreeMap<String, u32>,
    /// Timings per operation.
    pub timings: Vec<OperationStats>,
    /// Cache figures.
    pub caches: Vec<CacheStats>,
    /// Why the run stopped, where it did: what happened, what it means, what to do.
    pub message: Option<String>,
    /// The code of that error, as in a refused command.
    pub code: Option<String>,
    /// What it left undone, where it did not come to an end. Not stored: told from the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub left: Option<Left>,
}

/// What a run that did not come to an end left undone, as the queue has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// Plex items of which nothing was sent yet.
    pub waiting: u32,
    /// Plex items to which something was sent, or was about to be, and that were not read back: they may be written.
    pub sent: u32,
    /// Whether its plan was whole: then the next sync of the same settings goes on with it, else it plans anew.
    pub planned: bool,
}

/// What the last whole comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Source items.
    pub source_items: u32,
    /// Plex items of the section's main type.
    pub plex_items: u32,
    /// Source items tied to a Plex item.
    pub matched: u32,
    /// Source items that Plex does not hold.
    pub not_in_plex: u32,
    /// Plex items that no source item speaks of.
    pub not_in_source: u32,
}

/// Times of one operation in milliseconds, but for `count`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OperationStats {
    /// The operation, e.g. `library_read`, `plex_edit`.
    pub operation: String,
    /// How often it ran.
    pub count: u32,
    /// Half took at most so long.
    pub p50: f64,
    /// 95 of 100 took at most so long.
    pub p95: f64,
    /// 99 of 100 took at most so long.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// All together.
    pub total: f64,
}

/// Figures of one cache.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CacheStats {
    /// `library` or `match`.
    pub cache: String,
    /// Look-ups that found an entry.
    pub hits: u32,
    /// Look-ups that did not.
    pub misses: u32,
    /// Entries now.
    pub entries: u32,
    /// Bytes now.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Entries dropped to keep the size limit.
    pub evictions: u32,
    /// Hits that turned out to be out of date.
    pub stale_hits: u32,
}

/// What a person can do about a problem; the window has a button for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProblemAction {
    /// Open the settings.
    OpenSettings,
    /// Decide once for all values that were locked in Plex before anything was known of them ([`About::LockedBefore`]).
    DecideLocked,
    /// Put failed jobs back.
    RetryFailed,
    /// Nothing but to know it.
    None,
}

/// Something a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What a consumer may branch on, e.g. `cache_unavailable`, `token_in_memory`, `jobs_failed`.
    pub code: String,
    /// What happened, what it means for the library, what to do.
    pub message: String,
    /// What a button beside it does.
    pub action: ProblemAction,
}

/// A job that gave up, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FailedItem {
    /// The Plex item's title.
    pub title: String,
    /// The run that planned it.
    pub run: u32,
    /// The fields that were not written.
    pub fields: Vec<crate::model::Field>,
    /// Why, and what can be done.
    pub message: String,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at: i64,
}

/// A source file that says nothing, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadFile {
    /// Where it is.
    pub path: String,
    /// Why it says nothing, to be read on from the path.
    pub reason: String,
}

/// Source files that say nothing. What Plex holds of them stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadFiles {
    /// The run that met them.
    pub run: u32,
    /// The first of them, at most 1,000.
    pub files: Vec<UnreadFile>,
    /// How many more there are.
    pub more: u32,
}

/// A field on which both sides have a claim, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictItem {
    /// The Plex item's title.
    pub title: String,
    /// Plex's key of it, by which it is decided.
    #[ts(type = "number")]
    pub item: u64,
    /// The field and both values.
    pub conflict: crate::model::Conflict,
}

/// A field that differs and was kept as Plex has it, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptItem {
    /// The Plex item's title.
    pub title: String,
    /// Plex's key of it, by which it is decided.
    #[ts(type = "number")]
    pub item: u64,
    /// The field, both values, and why.
    pub kept: crate::model::Kept,
}

/// A field decided for the source and not written yet, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChosenItem {
    /// The Plex item's title.
    pub title: String,
    /// Plex's key of it, by which it is withdrawn.
    #[ts(type = "number")]
    pub item: u64,
    /// The field.
    pub field: crate::model::Field,
    /// The source's value.
    pub source: crate::model::Value,
}

/// What another process may read while this one owns the data folder; renewed once a second during a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The state.
    pub snapshot: Snapshot,
    /// The newest failed jobs, at most 1,000.
    pub failed: Vec<FailedItem>,
    /// Open conflicts, at most 1,000.
    pub conflicts: Vec<ConflictItem>,
    /// Fields that differ and were kept as Plex has them: at most 1,000 that were locked before anything was known of
    /// them, and at most 1,000 others.
    pub kept: Vec<KeptItem>,
    /// How many fields were locked before anything was known of them, shown or not.
    #[serde(default)]
    pub locked_before: u32,
    /// Fields decided for the source that the next sync writes, at most 1,000.
    #[serde(default)]
    pub chosen: Vec<ChosenItem>,
    /// Source files that the last sync could not read; `None` where it read all.
    #[serde(default)]
    #[ts(optional)]
    pub unread: Option<UnreadFiles>,
    /// When it was written, in epoch milliseconds.
    #[ts(type = "number")]
    pub at: i64,
}
