//! The match cache: which Plex items a source item means, and under which stamp and settings that was found.

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::super::record::{Record, decode, encode};
use super::Cache;
use super::file::Table;
use crate::model::{ItemKey, SourceNumber};
use crate::store::StoreError;

const TABLE: &str = "matches";

/// What a look for a source item's Plex items ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MatchOutcome {
    /// It is tied to the items of the record.
    Matched,
    /// Plex does not hold its path.
    NotInPlex,
    /// It is not clear which item it means.
    Ambiguous,
    /// Its file is sound, and about something that is not synced.
    NotSynced,
    /// Another source item writes the same Plex item.
    AlsoHere,
}

/// A source item's match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchRecord {
    /// The source item.
    pub source_id: String,
    /// Stamp of its files when it was matched.
    pub stamp: [u8; 16],
    /// Digest of the settings it was matched under.
    pub settings: [u8; 16],
    /// The Plex items it writes.
    pub items: Vec<ItemKey>,
    /// Those of them that are as it asks. While one is not among these, it is compared again.
    pub done: Vec<ItemKey>,
    /// How the look ended.
    pub outcome: MatchOutcome,
}

impl Record for MatchRecord {}

fn match_key(source: SourceNumber, source_id: &str) -> [u8; 18] {
    let digest = Sha1::digest(source_id.as_bytes());
    let mut key = [0; 18];
    key[..2].copy_from_slice(&source.0.to_be_bytes());
    key[2..].copy_from_slice(&digest[..16]);
    key
}

impl Cache {
    /// The match of a source item, for bookkeeping: not counted as a look-up.
    pub fn peek_match(&self, source: SourceNumber, source_id: &str) -> Option<MatchRecord> {
        self.read_matches(source, &[source_id]).pop().flatten()
    }

    /// The matches of several source items, in their order, in one transaction.
    pub fn find_matches(
        &self,
        source: SourceNumber,
        source_ids: &[&str],
    ) -> Vec<Option<MatchRecord>> {
        let found = self.read_matches(source, source_ids);
        for record in &found {
            self.0.matches.looked_up(record.is_some());
        }
        found
    }

    fn read_matches(&self, source: SourceNumber, source_ids: &[&str]) -> Vec<Option<MatchRecord>> {
        let found = self.read(|transaction, tables| {
            source_ids
                .iter()
                .map(|id| {
                    let key = match_key(source, id);
                    let bytes = tables[Table::Matches as usize].get(transaction, &key)?;
                    let record: Option<MatchRecord> =
                        bytes.map(|bytes| decode(TABLE, &key, bytes)).transpose()?;
                    Ok(record.filter(|record| record.source_id == **id))
                })
                .collect::<Result<Vec<_>, StoreError>>()
        });
        found.unwrap_or_else(|| vec![None; source_ids.len()])
    }

    /// Stores matches in one transaction; `false` where the cache is off or full.
    pub fn put_matches(&self, source: SourceNumber, records: &[MatchRecord]) -> bool {
        if records.is_empty() {
            return true;
        }
        if self.is_full() {
            self.0.matches.evicted(records.len() as u64);
            return false;
        }
        let stored = self.write(|transaction, tables| {
            for record in records {
                let bytes = encode(TABLE, record)?;
                let key = match_key(source, &record.source_id);
                tables[Table::Matches as usize].put(transaction, &key, &bytes)?;
            }
            Ok(())
        });
        if stored.is_none() && self.is_full() {
            self.0.matches.evicted(records.len() as u64);
        }
        stored.is_some()
    }

    /// Forgets matches.
    pub fn remove_matches(&self, source: SourceNumber, source_ids: &[&str]) {
        let removed = self.write(|transaction, tables| {
            for id in source_ids {
                tables[Table::Matches as usize].delete(transaction, &match_key(source, id))?;
            }
            Ok(())
        });
        if removed.is_some() {
            self.made_room();
        }
    }

    /// Says that a match that was found turned out to be out of date.
    pub fn match_was_stale(&self) {
        self.0.matches.stale_hit();
    }
}
