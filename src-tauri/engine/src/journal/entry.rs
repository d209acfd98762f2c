//! Every value that a run replaced, per item.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{BaseField, Field, Identity, ItemKey, ItemType, RunId, Value};
use crate::store::Record;

/// What a run replaced in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalField {
    /// What Plex held before the run; a picture's is the key that was selected.
    pub before: Value,
    /// The same to the byte, where that is not the normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_raw: Option<Value>,
    /// Whether it was locked.
    pub before_locked: bool,
    /// What Plex was read to hold afterwards.
    pub after: Value,
    /// Whether it was locked afterwards.
    pub after_locked: bool,
    /// What Syncslate remembered of the field before the run; undo restores it.
    pub base_before: Option<BaseField>,
}

/// What a run replaced in one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The run.
    pub run: RunId,
    /// The item.
    pub key: ItemKey,
    /// What must still be true of the item before anything is taken back.
    pub identity: Identity,
    /// Number of its section, as Plex's addresses need it.
    pub section_id: u32,
    /// What the item is.
    pub item_type: ItemType,
    /// Its title, for people.
    pub title: String,
    /// The source item.
    pub source_id: Option<String>,
    /// What was replaced.
    pub fields: BTreeMap<Field, JournalField>,
    /// When it was last written, in epoch milliseconds.
    pub at_ms: i64,
}

impl JournalEntry {
    /// Folds a later entry of the same run and item into this one: the older *before*, the newer *after*. A field that
    /// is back to what it was goes.
    pub fn merge(&mut self, newer: Self) {
        for (field, newer) in newer.fields {
            match self.fields.entry(field) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(newer);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    let older = place.get_mut();
                    older.after = newer.after;
                    older.after_locked = newer.after_locked;
                    if older.before == older.after && older.before_locked == older.after_locked {
                        place.remove();
                    }
                }
            }
        }
        self.identity = newer.identity;
        self.section_id = newer.section_id;
        self.title = newer.title;
        self.source_id = newer.source_id.or(self.source_id.take());
        self.at_ms = self.at_ms.max(newer.at_ms);
    }
}

impl Record for JournalEntry {}
