//! Typed accessors of the records that no room above owns.

use std::ops::Bound;

use super::records::{
    BaseRecord, ChosenRecord, CounterRecord, KeptRecord, OutageRecord, RunRecord, ServerRecord,
    UnreadRecord,
};
use super::tables::{StateReader, StateWriter, Table};
use super::{StoreError, record};
use crate::model::{
    BaseField, Field, ItemKey, KeptReason, RunId, SectionUuid, ServerNumber, Value,
};

/// Decodes a key that this crate wrote.
pub(crate) fn item_key(table: Table, key: &[u8]) -> Result<ItemKey, StoreError> {
    ItemKey::from_bytes(key).ok_or_else(|| StoreError::Decode {
        table: table.name(),
        key: record::hex(key),
        reason: "its key has a wrong length".into(),
    })
}

/// Bases read at once where all are looked through.
const PAGE: usize = 1_000;

/// A list holds as many values as it has tags.
fn values_in(base: &BaseField) -> u64 {
    match &base.read_back {
        Value::Empty => 0,
        Value::Tags(tags) | Value::Cast { names: tags, .. } => tags.len() as u64,
        _ => 1,
    }
}

fn run_id(table: Table, key: &[u8]) -> Result<RunId, StoreError> {
    let bytes = key.try_into().map_err(|_| StoreError::Decode {
        table: table.name(),
        key: record::hex(key),
        reason: "its key has a wrong length".into(),
    })?;
    Ok(RunId(u64::from_be_bytes(bytes)))
}

/// Everything after `after`, or everything.
fn after(after: Option<&[u8]>) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (
        after.map_or(Bound::Unbounded, Bound::Excluded),
        Bound::Unbounded,
    )
}

/// All keys that begin with a server.
fn bounds_of(server: ServerNumber) -> [Bound<[u8; 2]>; 2] {
    let next = server.0.checked_add(1).map(u16::to_be_bytes);
    [
        Bound::Included(server.0.to_be_bytes()),
        next.map_or(Bound::Unbounded, Bound::Excluded),
    ]
}

fn as_slice<const N: usize>(bound: &Bound<[u8; N]>) -> Bound<&[u8]> {
    bound.as_ref().map(<[u8; N]>::as_slice)
}

impl StateReader<'_> {
    /// A run.
    pub fn run(&self, run: RunId) -> Result<Option<RunRecord>, StoreError> {
        self.get(Table::Runs, &run.0.to_be_bytes())
    }

    /// At most `limit` runs, the newest first.
    pub fn newest_runs(&self, limit: usize) -> Result<Vec<(RunId, RunRecord)>, StoreError> {
        self.newest(Table::Runs, limit)?
            .into_iter()
            .map(|(key, record)| Ok((run_id(Table::Runs, &key)?, record)))
            .collect()
    }

    /// The source files that said nothing to the last sync that looked at them.
    pub fn unread(&self) -> Result<Option<(RunId, UnreadRecord)>, StoreError> {
        let newest = self.newest(Table::Unread, 1)?.pop();
        newest
            .map(|(key, record)| Ok((run_id(Table::Unread, &key)?, record)))
            .transpose()
    }

    /// How many runs there were.
    pub fn run_count(&self) -> Result<u64, StoreError> {
        self.count(Table::Runs)
    }

    /// What was learned about a server.
    pub fn server(&self, server: ServerNumber) -> Result<Option<ServerRecord>, StoreError> {
        self.get(Table::Servers, &server.0.to_be_bytes())
    }

    /// What Syncslate last wrote to an item. Compare its identity before use.
    pub fn base(&self, key: ItemKey) -> Result<Option<BaseRecord>, StoreError> {
        self.get(Table::Base, &key.to_bytes())
    }

    /// How many values of a section are remembered: fields that hold something.
    pub fn known_values(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<u64, StoreError> {
        let mut known = 0;
        let mut after = None;
        loop {
            let page = self.bases(after, PAGE)?;
            let Some((last, _)) = page.last() else {
                return Ok(known);
            };
            after = Some(*last);
            let here = page
                .iter()
                .filter(|(key, _)| key.server == server && key.section == section);
            for (_, base) in here {
                known += base.fields.values().map(values_in).sum::<u64>();
            }
        }
    }

    /// At most `limit` bases after `after`, in order of key.
    pub fn bases(
        &self,
        after_key: Option<ItemKey>,
        limit: usize,
    ) -> Result<Vec<(ItemKey, BaseRecord)>, StoreError> {
        self.items(Table::Base, after_key, limit)
    }

    /// How many items Syncslate remembers.
    pub fn base_count(&self) -> Result<u64, StoreError> {
        self.count(Table::Base)
    }

    /// An item's kept fields and conflicts.
    pub fn kept(&self, key: ItemKey) -> Result<Option<KeptRecord>, StoreError> {
        self.get(Table::Kept, &key.to_bytes())
    }

    /// The fields of an item in which a person decided for the source.
    pub fn chosen(&self, key: ItemKey) -> Result<ChosenRecord, StoreError> {
        Ok(self
            .get(Table::Chosen, &key.to_bytes())?
            .unwrap_or_default())
    }

    /// The items of a server for which a person's decision waits to be carried out.
    pub fn chosen_items(
        &self,
        server: ServerNumber,
    ) -> Result<Vec<(ItemKey, ChosenRecord)>, StoreError> {
        let [from, to] = bounds_of(server);
        let range = (as_slice(&from), as_slice(&to));
        self.page(Table::Chosen, range, usize::MAX)?
            .into_iter()
            .map(|(key, record)| Ok((item_key(Table::Chosen, &key)?, record)))
            .collect()
    }

    /// At most `limit` items with kept fields or conflicts after `after`, in order of key.
    pub fn kept_items(
        &self,
        after_key: Option<ItemKey>,
        limit: usize,
    ) -> Result<Vec<(ItemKey, KeptRecord)>, StoreError> {
        self.items(Table::Kept, after_key, limit)
    }

    /// At most `limit` items of a server with a question of this kind, in order of key.
    pub(crate) fn open_items(
        &self,
        question: Question,
        server: ServerNumber,
        limit: usize,
    ) -> Result<Vec<(ItemKey, KeptRecord)>, StoreError> {
        let [from, to] =
            bounds_of(server).map(|bound| bound.map(|[high, low]| [question as u8, high, low]));
        // The last server's keys end with the kind.
        let to = match to {
            Bound::Unbounded => Bound::Excluded([question as u8 + 1, 0, 0]),
            to => to,
        };
        let range = (as_slice(&from), as_slice(&to));
        let mut open = Vec::new();
        for index in self.keys(Table::KeptOpen, range, limit)? {
            let key = &index[1..];
            if let Some(record) = self.get(Table::Kept, key)? {
                open.push((item_key(Table::KeptOpen, key)?, record));
            }
        }
        Ok(open)
    }

    /// How many fields of a server wait for a person's decision.
    pub fn conflict_count(&self, server: ServerNumber) -> Result<u64, StoreError> {
        self.counter(&of_server(CONFLICTS, server))
    }

    /// How many values were locked before anything was known of them, and wait for a person to say whose they are.
    pub fn locked_before_count(&self, server: ServerNumber) -> Result<u64, StoreError> {
        self.counter(&of_server(LOCKED_BEFORE, server))
    }

    /// The newest outages of a server, the newest first, at most `limit`.
    pub fn outages(
        &self,
        server: ServerNumber,
        limit: usize,
    ) -> Result<Vec<OutageRecord>, StoreError> {
        let [from, to] = [outage_key(server, i64::MIN), outage_key(server, i64::MAX)];
        let mut found: Vec<OutageRecord> = self
            .page(
                Table::Outages,
                (Bound::Included(&from), Bound::Included(&to)),
                usize::MAX,
            )?
            .into_iter()
            .map(|(_, outage)| outage)
            .collect();
        found.reverse();
        found.truncate(limit);
        Ok(found)
    }

    /// At most `limit` records of a table whose keys are items, after `after_key`.
    pub(crate) fn items<R: record::Record>(
        &self,
        table: Table,
        after_key: Option<ItemKey>,
        limit: usize,
    ) -> Result<Vec<(ItemKey, R)>, StoreError> {
        let from = after_key.map(ItemKey::to_bytes);
        self.page(table, after(from.as_ref().map(<[u8; 26]>::as_slice)), limit)?
            .into_iter()
            .map(|(key, record)| Ok((item_key(table, &key)?, record)))
            .collect()
    }

    /// A number of the meta table; 0 until it is set.
    pub(crate) fn counter(&self, name: &str) -> Result<u64, StoreError> {
        Ok(self
            .get::<CounterRecord>(Table::Meta, name.as_bytes())?
            .map_or(0, |counter| counter.value))
    }
}

const RUNS: &str = "runs";
const CONFLICTS: &str = "conflicts";
const LOCKED_BEFORE: &str = "locked_before";

fn of_server(counter: &str, server: ServerNumber) -> String {
    format!("{counter}/{}", server.0)
}

fn locked_before(record: &KeptRecord) -> u64 {
    let kept = record.kept.iter();
    kept.filter(|kept| kept.reason == KeptReason::LockedBefore)
        .count() as u64
}

/// What a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whose value counts, where both sides changed it.
    Conflict = 0,
    /// Whose it is, where it was locked before anything was known of it.
    LockedBefore = 1,
}

impl Question {
    fn is_asked(self, record: &KeptRecord) -> bool {
        match self {
            Self::Conflict => !record.conflicts.is_empty(),
            Self::LockedBefore => locked_before(record) > 0,
        }
    }
}

/// Outages kept per server.
const OUTAGES_KEPT: usize = 30;

fn outage_key(server: ServerNumber, since_ms: i64) -> [u8; 10] {
    let mut key = [0; 10];
    key[..2].copy_from_slice(&server.0.to_be_bytes());
    key[2..].copy_from_slice(&order_i64(since_ms));
    key
}

/// Bytes whose order is the order of the number.
pub(crate) fn order_i64(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// The inverse of [`order_i64`].
pub(crate) fn from_order_i64(bytes: [u8; 8]) -> i64 {
    (u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed()
}

impl StateWriter<'_> {
    /// Begins a run: gives it the next number, sets `summary.run` to it and stores it. Numbers are never used twice.
    pub fn new_run(&mut self, mut record: RunRecord) -> Result<RunId, StoreError> {
        let run = RunId(self.next(RUNS)?);
        record.summary.run = u32::try_from(run.0).unwrap_or(u32::MAX);
        self.put_run(run, &record)?;
        Ok(run)
    }

    /// Stores a run.
    pub fn put_run(&mut self, run: RunId, record: &RunRecord) -> Result<(), StoreError> {
        self.put(Table::Runs, &run.0.to_be_bytes(), record)
    }

    /// Changes a run, if there is one of this number, and returns it as it now stands.
    pub fn update_run(
        &mut self,
        run: RunId,
        change: impl FnOnce(&mut RunRecord),
    ) -> Result<Option<RunRecord>, StoreError> {
        let Some(mut record) = self.run(run)? else {
            return Ok(None);
        };
        change(&mut record);
        self.put_run(run, &record)?;
        Ok(Some(record))
    }

    /// Stores which source files said nothing to a run, in place of what earlier ones said.
    pub fn put_unread(&mut self, run: RunId, record: &UnreadRecord) -> Result<(), StoreError> {
        for key in self.keys(Table::Unread, after(None), usize::MAX)? {
            self.delete(Table::Unread, &key)?;
        }
        if record.is_empty() {
            return Ok(());
        }
        self.put(Table::Unread, &run.0.to_be_bytes(), record)
    }

    /// Stores what was learned about a server.
    pub fn put_server(
        &mut self,
        server: ServerNumber,
        record: &ServerRecord,
    ) -> Result<(), StoreError> {
        self.put(Table::Servers, &server.0.to_be_bytes(), record)
    }

    /// Stores what was written to an item.
    pub fn put_base(&mut self, key: ItemKey, record: &BaseRecord) -> Result<(), StoreError> {
        self.put(Table::Base, &key.to_bytes(), record)
    }

    /// Forgets an item; says whether it was known.
    pub fn remove_base(&mut self, key: ItemKey) -> Result<bool, StoreError> {
        self.delete(Table::Base, &key.to_bytes())
    }

    /// Stores an item's kept fields and conflicts; an empty record removes them.
    pub fn put_kept(&mut self, key: ItemKey, record: &KeptRecord) -> Result<(), StoreError> {
        let old = self.kept(key)?.unwrap_or_default();
        let server = key.server;
        let conflicts = (self.conflict_count(server)? + record.conflicts.len() as u64)
            .saturating_sub(old.conflicts.len() as u64);
        self.set_counter(&of_server(CONFLICTS, server), conflicts)?;
        let locked = (self.locked_before_count(server)? + locked_before(record))
            .saturating_sub(locked_before(&old));
        self.set_counter(&of_server(LOCKED_BEFORE, server), locked)?;
        for question in [Question::Conflict, Question::LockedBefore] {
            let index = [&[question as u8][..], &key.to_bytes()].concat();
            match (question.is_asked(&old), question.is_asked(record)) {
                (false, true) => self.put_raw(Table::KeptOpen, &index, &[])?,
                (true, false) => drop(self.delete(Table::KeptOpen, &index)?),
                (true, true) | (false, false) => {}
            }
        }
        if record.kept.is_empty() && record.conflicts.is_empty() {
            self.delete(Table::Kept, &key.to_bytes())?;
            return Ok(());
        }
        self.put(Table::Kept, &key.to_bytes(), record)
    }

    /// Stores a person's decisions; an empty record removes them.
    pub fn put_chosen(&mut self, key: ItemKey, record: &ChosenRecord) -> Result<(), StoreError> {
        if record.fields.is_empty() {
            self.delete(Table::Chosen, &key.to_bytes())?;
            return Ok(());
        }
        self.put(Table::Chosen, &key.to_bytes(), record)
    }

    /// Forgets decisions that were carried out, or that the source made void.
    pub fn drop_chosen<'f>(
        &mut self,
        key: ItemKey,
        fields: impl IntoIterator<Item = &'f Field>,
    ) -> Result<(), StoreError> {
        let mut record = self.chosen(key)?;
        let known = record.fields.len();
        for field in fields {
            record.remove(*field);
        }
        if record.fields.len() == known {
            return Ok(());
        }
        self.put_chosen(key, &record)
    }

    /// Stores an outage, replacing the one of the same beginning. The newest 30 of a server are kept.
    pub fn put_outage(
        &mut self,
        server: ServerNumber,
        outage: &OutageRecord,
    ) -> Result<(), StoreError> {
        self.put(Table::Outages, &outage_key(server, outage.since_ms), outage)?;
        for old in self.outages(server, usize::MAX)?.iter().skip(OUTAGES_KEPT) {
            self.delete(Table::Outages, &outage_key(server, old.since_ms))?;
        }
        Ok(())
    }

    /// Raises a counter of the meta table by one and returns it.
    pub(crate) fn next(&mut self, name: &str) -> Result<u64, StoreError> {
        let value = self.counter(name)? + 1;
        self.set_counter(name, value)?;
        Ok(value)
    }

    fn set_counter(&mut self, name: &str, value: u64) -> Result<(), StoreError> {
        self.put(Table::Meta, name.as_bytes(), &CounterRecord { value })
    }
}
