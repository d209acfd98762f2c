//! The journal within a transaction.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::trace::{Trace, TracedRun};
use super::{JournalEntry, JournalField};
use crate::model::{Field, ItemKey, RunId};
use crate::store::{BaseRecord, StateReader, StateWriter, StoreError, Table};

fn journal_key(run: RunId, key: ItemKey) -> [u8; 8 + ItemKey::LEN] {
    let mut bytes = [0; 8 + ItemKey::LEN];
    bytes[..8].copy_from_slice(&run.0.to_be_bytes());
    bytes[8..].copy_from_slice(&key.to_bytes());
    bytes
}

impl StateReader<'_> {
    /// What a run replaced in an item.
    pub fn journal(&self, run: RunId, key: ItemKey) -> Result<Option<JournalEntry>, StoreError> {
        self.get(Table::Journal, &journal_key(run, key))
    }

    /// At most `limit` entries of a run after `after`, in order of item. An empty answer is the end.
    pub fn journal_of(
        &self,
        run: RunId,
        after: Option<ItemKey>,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let first = run.0.to_be_bytes();
        let last = (run.0 + 1).to_be_bytes();
        let after = after.map(|key| journal_key(run, key));
        let from = after
            .as_ref()
            .map_or(Bound::Included(first.as_slice()), |key| {
                Bound::Excluded(key.as_slice())
            });
        let range = (from, Bound::Excluded(last.as_slice()));
        let page = self.page(Table::Journal, range, limit)?;
        Ok(page.into_iter().map(|(_, entry)| entry).collect())
    }

    /// How many items the journal holds, over all runs.
    pub fn journal_count(&self) -> Result<u64, StoreError> {
        self.count(Table::Journal)
    }

    /// Whether a run replaced anything.
    pub fn has_journal(&self, run: RunId) -> Result<bool, StoreError> {
        Ok(!self.journal_of(run, None, 1)?.is_empty())
    }

    /// The runs that replaced something, the oldest first.
    pub fn journaled_runs(&self) -> Result<Vec<RunId>, StoreError> {
        let mut found = Vec::new();
        let mut from = RunId(0);
        while let Some(key) = self.first_key_from(Table::Journal, &from.0.to_be_bytes())? {
            let Some((run, _)) = key.split_first_chunk::<8>() else {
                break;
            };
            let run = RunId(u64::from_be_bytes(*run));
            found.push(run);
            from = RunId(run.0 + 1);
        }
        Ok(found)
    }

    /// The syncs that replaced something and were not taken back yet (as far as Plex had their items), the newest first, at
    /// most `limit`.
    pub fn undoable_runs(&self, limit: usize) -> Result<Vec<RunId>, StoreError> {
        let mut found = Vec::new();
        for run in self.journaled_runs()?.into_iter().rev() {
            if found.len() == limit {
                break;
            }
            let record = self.run(run)?;
            if record.is_some_and(|run| run.stands()) {
                found.push(run);
            }
        }
        Ok(found)
    }

    /// The runs that replaced something, the newest first, with what [`StateReader::first_values`] must know of each.
    pub fn traced_runs(&self) -> Result<Vec<TracedRun>, StoreError> {
        self.journaled_runs()?
            .into_iter()
            .rev()
            .map(|run| {
                let record = self.run(run)?;
                let stands = record.is_some_and(|run| run.stands());
                Ok(TracedRun { run, stands })
            })
            .collect()
    }

    /// What an item's fields held before Syncslate replaced them, as far as the journal (`runs`, the newest first) leads
    /// back without a break from what Plex was last read to hold. Where somebody else changed a value between two runs,
    /// theirs is the one.
    pub fn first_values(
        &self,
        runs: &[TracedRun],
        key: ItemKey,
        base: &BaseRecord,
    ) -> Result<BTreeMap<Field, JournalField>, StoreError> {
        let mut traces: BTreeMap<Field, Trace> = base
            .fields
            .iter()
            .map(|(field, base)| (*field, Trace::new(*field, base.read_back.clone())))
            .collect();
        for run in runs {
            let entry = self.journal(run.run, key)?;
            // The key may have been another item's.
            for (field, step) in entry
                .filter(|entry| entry.identity.is_same(&base.identity))
                .into_iter()
                .flat_map(|entry| entry.fields)
            {
                if let Some(trace) = traces.get_mut(&field) {
                    trace.step(step, run.stands);
                }
            }
        }
        Ok(traces
            .into_iter()
            .filter_map(|(field, trace)| Some((field, trace.found?)))
            .collect())
    }
}

impl StateWriter<'_> {
    /// Writes an entry; where the run already has one of the item, they are merged: the older *before*, the newer
    /// *after*.
    pub fn put_journal(&mut self, entry: JournalEntry) -> Result<(), StoreError> {
        let key = journal_key(entry.run, entry.key);
        let older: Option<JournalEntry> = self.get(Table::Journal, &key)?;
        let merged = match older {
            Some(mut older) => {
                older.merge(entry);
                older
            }
            None => entry,
        };
        if merged.fields.is_empty() {
            self.delete(Table::Journal, &key)?;
            return Ok(());
        }
        self.put(Table::Journal, &key, &merged)
    }
}
