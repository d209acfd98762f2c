//! The records of `state/` that no room above owns: runs, servers, base, kept fields, outages.
//!
//! Not here: jobs (`queue`) and journal entries (`journal`), which are stored through the same tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::Record;
use crate::face::{RunKind, RunSummary, UnreadFile};
use crate::model::{
    BaseField, CastTrait, Chosen, Conflict, Field, Identity, Kept, KeptReason, RunId, SectionUuid,
    ServerNumber, SourceNumber, Value,
};

/// A run: its figures, and how far its plan and its writing are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its figures, as of the last commit.
    pub summary: RunSummary,
    /// What it is for.
    pub kind: RunKind,
    /// The source it reads.
    pub source: SourceNumber,
    /// The server it writes to.
    pub server: ServerNumber,
    /// The sections it writes to.
    #[serde(default)]
    pub sections: Vec<RunSection>,
    /// Digest of the settings that decided its plan. `None`: no settings decide it (an undo), or it is from before this
    /// was kept.
    #[serde(default)]
    pub settings: Option<[u8; 16]>,
    /// Whether its plan is whole. Jobs of a run that is not ready are never taken.
    pub ready: bool,
    /// Whether a person asked for it, and its plan was whole: later ones may run unattended.
    #[serde(default)]
    pub approved: bool,
    /// Whether it came to an end. A run that is not ended was interrupted.
    pub ended: bool,
    /// The run that it takes back.
    #[serde(default)]
    pub undo_of: Option<RunId>,
    /// The run that took it back.
    #[serde(default)]
    pub undone_by: Option<RunId>,
    /// The run that took it back but for items that Plex did not have then.
    #[serde(default)]
    pub undone_in_part_by: Option<RunId>,
}

impl RunRecord {
    /// Whether it is a sync of which all that it left is there, but for what others changed since.
    pub fn stands(&self) -> bool {
        self.kind == RunKind::Sync && self.undone_by.is_none() && self.undone_in_part_by.is_none()
    }
}

/// A section that a run writes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSection {
    /// Survives a rebuilt Plex.
    pub uuid: SectionUuid,
    /// Its title, for people.
    pub title: String,
}

/// What was learned about a server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerRecord {
    /// Plex's `machineIdentifier`: another one under the same address is another server.
    pub machine_identifier: String,
    /// The address at which it was last met.
    pub address: String,
    /// Its version when last seen.
    pub version: String,
    /// Whether an uploaded picture's key is the SHA-1 of its bytes; `None` until probed.
    pub upload_key_is_sha1: Option<bool>,
    /// Whether it takes the roles of actors in an edit; `None` until a read-back told.
    pub takes_roles: Option<bool>,
    /// The same of the pictures of actors.
    pub takes_actor_pictures: Option<bool>,
    /// Whether an edit of a cast takes pictures of actors away that it does not tell again.
    pub drops_actor_pictures: bool,
    /// The longest request line that it took; `None` until learned.
    pub line_limit: Option<u32>,
}

impl ServerRecord {
    /// Whether it takes these of actors in an edit.
    pub fn takes_mut(&mut self, of: CastTrait) -> &mut Option<bool> {
        match of {
            CastTrait::Role => &mut self.takes_roles,
            CastTrait::Picture => &mut self.takes_actor_pictures,
        }
    }
}

/// What Syncslate last wrote to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseRecord {
    /// What must still be true of the item.
    pub identity: Identity,
    /// The source item it came from.
    pub source_id: Option<String>,
    /// Per field: asked for, read back, locks.
    pub fields: BTreeMap<Field, BaseField>,
}

impl BaseRecord {
    /// Sets fields; `None` removes one.
    pub fn set(&mut self, fields: BTreeMap<Field, Option<BaseField>>) {
        for (field, base) in fields {
            match base {
                Some(base) => {
                    self.fields.insert(field, base);
                }
                None => {
                    self.fields.remove(&field);
                }
            }
        }
    }
}

/// Fields of an item that differ and were left as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptRecord {
    /// The item's title, for people.
    pub title: String,
    /// The source item that asks.
    pub source_id: Option<String>,
    /// Fields kept, and why.
    pub kept: Vec<Kept>,
    /// Fields that wait for a person's decision.
    pub conflicts: Vec<Conflict>,
}

impl KeptRecord {
    /// Takes away what is noted of these fields.
    pub fn forget(&mut self, is_meant: impl Fn(Field) -> bool) {
        self.kept.retain(|kept| !is_meant(kept.field));
        self.conflicts.retain(|open| !is_meant(open.field));
    }
}

/// Fields in which a person decided for the source: written by the next sync whatever Plex holds, if the source still
/// asks for that value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChosenRecord {
    /// The source's value that was chosen.
    pub fields: BTreeMap<Field, Value>,
    /// The item's title, for people.
    pub title: String,
    /// The source item that asks.
    pub source_id: Option<String>,
    /// What of these was kept until then, and why.
    pub kept: Vec<Kept>,
    /// What of these was a conflict until then.
    pub conflicts: Vec<Conflict>,
}

impl ChosenRecord {
    /// Whether a person was asked about the last member of somebody else's collection, and decided that it may go.
    pub fn lets_last_member_go(&self) -> bool {
        let mut kept = self.kept.iter();
        self.fields.contains_key(&Field::Collections)
            && kept.any(|kept| kept.reason == KeptReason::LastMember)
    }

    /// The decisions, as a plan needs them.
    pub fn choices(&self) -> BTreeMap<Field, Chosen> {
        let despite_fill = |field: Field| {
            let mut kept = self.kept.iter();
            kept.any(|kept| kept.field == field && kept.reason == KeptReason::NotEmpty)
        };
        self.fields
            .iter()
            .map(|(field, value)| {
                let chosen = Chosen {
                    value: value.clone(),
                    despite_fill: despite_fill(*field),
                };
                (*field, chosen)
            })
            .collect()
    }

    /// Forgets the decision of a field.
    pub fn remove(&mut self, field: Field) {
        self.fields.remove(&field);
        self.kept.retain(|kept| kept.field != field);
        self.conflicts.retain(|conflict| conflict.field != field);
    }
}

/// Source files that said nothing to a sync.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UnreadRecord {
    /// The first of them; see [`UnreadRecord::MOST`].
    pub files: Vec<UnreadFile>,
    /// How many more there are.
    pub more: u32,
}

impl UnreadRecord {
    /// Most files that are named.
    pub const MOST: usize = 1_000;

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.more == 0
    }

    /// What was met of the same files since.
    pub fn learn(&mut self, since: &Self) {
        self.files
            .retain(|known| since.files.iter().all(|file| file.path != known.path));
        for file in &since.files {
            self.add(&file.path, &file.reason);
        }
    }

    /// Names one more, or counts it.
    pub fn add(&mut self, path: &str, reason: &str) {
        if self.files.len() < Self::MOST {
            self.files.push(UnreadFile {
                path: path.to_owned(),
                reason: reason.to_owned(),
            });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// A span in which Plex did not answer. Its key is the server and `since_ms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRecord {
    /// When the first request failed, in epoch milliseconds.
    pub since_ms: i64,
    /// When Plex answered again; `None` while it does not.
    pub until_ms: Option<i64>,
    /// Why, in a sentence.
    pub message: String,
}

/// Which schema the tables have; see [`super::SCHEMA`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SchemaRecord {
    pub schema: u32,
}

/// A number that only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CounterRecord {
    pub value: u64,
}

impl Record for RunRecord {}
impl Record for ServerRecord {}
impl Record for BaseRecord {}
impl Record for KeptRecord {}
impl Record for ChosenRecord {}
impl Record for UnreadRecord {}
impl Record for OutageRecord {}
impl Record for SchemaRecord {}
impl Record for CounterRecord {}
