//! The durable unit of writing: one Plex item, with what it shall hold and what it will replace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{
    BaseField, Change, Field, Identity, ItemKey, ItemType, PlexValues, RunId, SourceNumber, Value,
};
use crate::store::Record;

/// What a job is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    /// Source to Plex.
    #[default]
    Sync,
    /// Taking a run's values back.
    Undo,
}

/// What an item's pictures of one kind were before an upload. Durable before the upload begins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageBefore {
    /// Key of the selected one.
    pub selected: Option<String>,
    /// Keys of all uploads that Plex already had.
    pub uploads: Vec<String>,
}

/// What is put into the match cache once the job succeeded, so that an unchanged source file is skipped next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchStamp {
    /// The source.
    pub source: SourceNumber,
    /// The file (or the pictures of a season) that asks; see `source::nfo::Entry::id`.
    pub entry: String,
    /// All Plex items that it writes.
    pub items: Vec<ItemKey>,
    /// Those of them in which nothing was to be written.
    pub done: Vec<ItemKey>,
    /// Stamp of the source item's files.
    pub stamp: [u8; 16],
    /// Digest of the settings it was planned under.
    pub settings: [u8; 16],
}

/// A change that was under way when a newer intent replaced it: it may have reached Plex or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What was asked of Plex.
    pub change: Change,
    /// What for.
    pub kind: JobKind,
    /// Base when it was planned.
    pub base_before: Option<BaseField>,
    /// On undo: what base becomes if it reached Plex.
    pub restore: Option<BaseField>,
}

/// What a job knows of a field through the jobs that it replaced: the journal needs the value that stood there before
/// the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// What Plex held before the first attempt.
    pub before: Value,
    /// The same to the byte, where that is not the normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_raw: Option<Value>,
    /// Whether it was locked then.
    pub before_locked: bool,
    /// Base before the first attempt.
    pub base_before: Option<BaseField>,
    /// What may have reached Plex since, oldest first.
    pub attempts: Vec<Attempt>,
}

/// One item's changes, stored before the first request is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Number of this intent, given by `enqueue`; tells a job from the newer one that replaced it. 0 until then.
    #[serde(default)]
    pub id: u64,
    /// The item.
    pub key: ItemKey,
    /// The run that planned it.
    pub run: RunId,
    /// What it is for.
    pub kind: JobKind,
    /// What must still be true of the item.
    pub identity: Identity,
    /// What the item is.
    pub item_type: ItemType,
    /// Number of its section, as Plex's addresses need it.
    pub section_id: u32,
    /// The source item.
    pub source_id: Option<String>,
    /// The item's title, for people.
    pub title: String,
    /// What to write. May be empty where only [`Job::carried`] is to be settled: then read back and finish.
    pub changes: Vec<Change>,
    /// Files of the pictures to send.
    #[serde(default)]
    pub image_files: BTreeMap<Field, PathBuf>,
    /// Learned before an upload, and durable before it.
    #[serde(default)]
    pub images_before: BTreeMap<Field, ImageBefore>,
    /// When it was planned, in epoch milliseconds.
    pub planned_at_ms: i64,
    /// Not to be taken before, in epoch milliseconds.
    pub due_ms: i64,
    /// Tries that failed and counted.
    #[serde(default)]
    pub tries: u32,
    /// Tries that failed and were not charged (Plex away); only the wait grows with them.
    #[serde(default)]
    pub waits: u32,
    /// Whether a request for it may have been sent.
    #[serde(default)]
    pub started: bool,
    /// What went wrong last.
    #[serde(default)]
    pub last_error: Option<String>,
    /// What goes into the match cache after success.
    #[serde(default)]
    pub match_stamp: Option<MatchStamp>,
    /// Base of the fields when this was planned; absent or `None`: there was none.
    #[serde(default)]
    pub base_before: BTreeMap<Field, Option<BaseField>>,
    /// On undo: what base becomes, per field (`None`: no base). Wins over the outcome's.
    #[serde(default)]
    pub restore: BTreeMap<Field, Option<BaseField>>,
    /// Filled by `enqueue` only: what replaced jobs may have done.
    #[serde(default)]
    pub carried: BTreeMap<Field, Carried>,
}

/// A job that gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJob {
    /// The job.
    pub job: Job,
    /// Why, for people.
    pub error: String,
    /// When, in epoch milliseconds.
    pub at_ms: i64,
}

/// What became of one field that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOutcome {
    /// What Plex holds now; a picture's is the selected key.
    pub after: Value,
    /// Whether it is locked now.
    pub after_locked: bool,
    /// The new base. `None` removes it. A job's own `restore` wins.
    pub base: Option<BaseField>,
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// When, in epoch milliseconds.
    pub at_ms: i64,
    /// The fields of `changes` that went through (and pictures among `carried`, where known).
    pub fields: BTreeMap<Field, FieldOutcome>,
    /// The whole item as read back; settles the fields of `carried` that `fields` does not name.
    pub held: PlexValues,
}

impl Job {
    /// The change of `field`.
    pub fn change(&self, field: Field) -> Option<&Change> {
        self.changes.iter().find(|change| change.field == field)
    }

    /// Leaves out what a person took out of the job as it is `stored`.
    pub(crate) fn learn_withdrawn(&mut self, stored: &Self) {
        let known = self.changes.len();
        self.changes
            .retain(|change| stored.change(change.field).is_some());
        if self.changes.len() < known {
            self.carried.clone_from(&stored.carried);
            self.match_stamp = None;
        }
    }

    /// Every field that must be read back before `finish`.
    pub fn fields(&self) -> BTreeSet<Field> {
        self.changes
            .iter()
            .map(|change| change.field)
            .chain(self.carried.keys().copied())
            .collect()
    }
}

impl Record for Job {}
impl Record for FailedJob {}
