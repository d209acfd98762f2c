//! What a person said of single source items: *this one*, *never this*. Kept until they say otherwise.
//!
//! Not here: what a choice means for a match (`matching`, `run`).

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::StoreError;
use super::record::Record;
use super::tables::{StateReader, StateWriter, Table};
use crate::model::{ChosenItem, SourceNumber};

/// What a person said of a source item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchChoiceRecord {
    /// The source item.
    pub source_id: String,
    /// The Plex items that it means.
    pub accepted: Vec<ChosenItem>,
    /// The Plex items that it never means.
    pub rejected: Vec<ChosenItem>,
    /// When that was said last, in epoch milliseconds.
    pub at_ms: i64,
}

impl Record for MatchChoiceRecord {}

impl MatchChoiceRecord {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty() && self.rejected.is_empty()
    }
}

/// Source ids may be longer than a key of LMDB.
fn choice_key(source: SourceNumber, source_id: &str) -> [u8; 22] {
    let mut key = [0; 22];
    key[..2].copy_from_slice(&source.0.to_be_bytes());
    key[2..].copy_from_slice(&Sha1::digest(source_id.as_bytes()));
    key
}

impl StateReader<'_> {
    /// What was said of a source item.
    pub fn match_choice(
        &self,
        source: SourceNumber,
        source_id: &str,
    ) -> Result<Option<MatchChoiceRecord>, StoreError> {
        self.get(Table::ChosenMatches, &choice_key(source, source_id))
    }

    /// Everything that was said of a source's items.
    pub fn match_choices(
        &self,
        source: SourceNumber,
    ) -> Result<Vec<MatchChoiceRecord>, StoreError> {
        let first = source.0.to_be_bytes();
        let mut last = [u8::MAX; 23];
        last[..2].copy_from_slice(&first);
        let range = (
            Bound::Included(first.as_slice()),
            Bound::Included(last.as_slice()),
        );
        let records = self.page(Table::ChosenMatches, range, usize::MAX)?;
        Ok(records.into_iter().map(|(_, record)| record).collect())
    }
}

impl StateWriter<'_> {
    /// Keeps what was said of a source item; a record that says nothing takes it back.
    pub fn put_match_choice(
        &mut self,
        source: SourceNumber,
        record: &MatchChoiceRecord,
    ) -> Result<(), StoreError> {
        let key = choice_key(source, &record.source_id);
        if record.is_empty() {
            self.delete(Table::ChosenMatches, &key)?;
            return Ok(());
        }
        self.put(Table::ChosenMatches, &key, record)
    }
}
