//! Reading and writing within one transaction. Rooms above add their own typed accessors to [`StateReader`] and
//! [`StateWriter`]; those of the records that no room owns are in `accessors`.
//!
//! Not here: when transactions begin and end (`state`).

use std::ops::{Bound, Deref};

use heed::types::Bytes;
use heed::{Database, RoTxn, RwTxn, WithoutTls};

use super::StoreError;
use super::record::{Record, decode, encode};

/// The tables of `state/`. The order is part of nothing; names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// Schema and counters.
    Meta,
    /// Run number → run.
    Runs,
    /// Server number → server.
    Servers,
    /// Item → job.
    Jobs,
    /// Run, due time, item → nothing.
    Due,
    /// Item → failed job.
    Failed,
    /// Run, item → journal entry.
    Journal,
    /// Item → base.
    Base,
    /// Item → kept fields and conflicts.
    Kept,
    /// What a person is asked, item of which they are asked it → nothing.
    KeptOpen,
    /// Item → fields in which a person decided for the source.
    Chosen,
    /// Item → fields of which a person said that they are theirs.
    Owned,
    /// Server, section, type of members, title → collection.
    Collections,
    /// Key of a collection of which something is to be compared → nothing.
    CollectionsOpen,
    /// Item, type of members, title of the collection that Syncslate made as this item → nothing.
    CollectionsMade,
    /// Server, since → outage.
    Outages,
    /// Source, hash of the source item's id → what a person said of it.
    ChosenMatches,
    /// Run → source files that said nothing to it.
    Unread,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 18] = [
        Self::Meta,
        Self::Runs,
        Self::Servers,
        Self::Jobs,
        Self::Due,
        Self::Failed,
        Self::Journal,
        Self::Base,
        Self::Kept,
        Self::KeptOpen,
        Self::Chosen,
        Self::Owned,
        Self::Collections,
        Self::CollectionsOpen,
        Self::CollectionsMade,
        Self::Outages,
        Self::ChosenMatches,
        Self::Unread,
    ];

    /// Whether it holds keys alone, by which records of another table are found.
    pub fn is_index(self) -> bool {
        matches!(
            self,
            Self::Due | Self::KeptOpen | Self::CollectionsOpen | Self::CollectionsMade
        )
    }

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Runs => "runs",
            Self::Servers => "servers",
            Self::Jobs => "jobs",
            Self::Due => "due",
            Self::Failed => "failed",
            Self::Journal => "journal",
            Self::Base => "base",
            Self::Kept => "kept",
            Self::KeptOpen => "kept_open",
            Self::Chosen => "chosen",
            Self::Owned => "owned",
            Self::Collections => "collections",
            Self::CollectionsOpen => "collections_open",
            Self::CollectionsMade => "collections_made",
            Self::Outages => "outages",
            Self::ChosenMatches => "chosen_matches",
            Self::Unread => "unread",
        }
    }
}

pub(super) type Tables = [Database<'static, Bytes, Bytes>; Table::ALL.len()];

enum Txn<'t> {
    Read(RoTxn<'t, WithoutTls>),
    Write(RwTxn<'t>),
}

/// One moment's view of `state/`. Keep it short: while it lives, space that is freed cannot be used again.
pub struct StateReader<'t> {
    txn: Txn<'t>,
    tables: &'t Tables,
}

/// One transaction on `state/`; reads its own writes.
pub struct StateWriter<'t>(StateReader<'t>);

/// A key and its record.
pub(crate) type Entry<R> = (Vec<u8>, R);

impl<'t> StateReader<'t> {
    pub(super) fn new(txn: RoTxn<'t, WithoutTls>, tables: &'t Tables) -> Self {
        Self {
            txn: Txn::Read(txn),
            tables,
        }
    }

    fn txn(&self) -> &RoTxn<'t, WithoutTls> {
        match &self.txn {
            Txn::Read(txn) => txn,
            Txn::Write(txn) => txn,
        }
    }

    fn table(&self, table: Table) -> Database<'static, Bytes, Bytes> {
        self.tables[table as usize]
    }

    /// The record under `key`.
    pub(crate) fn get<R: Record>(&self, table: Table, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.table(table)
            .get(self.txn(), key)?
            .map(|bytes| decode(table.name(), key, bytes))
            .transpose()
    }

    /// How many entries `table` has. Costs the same at any size.
    pub(crate) fn count(&self, table: Table) -> Result<u64, StoreError> {
        Ok(self.table(table).len(self.txn())?)
    }

    /// The first key at or after `from`.
    pub(crate) fn first_key_from(
        &self,
        table: Table,
        from: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .table(table)
            .get_greater_than_or_equal_to(self.txn(), from)?
            .map(|(key, _)| key.to_vec()))
    }

    /// At most `limit` keys of a range, in order.
    pub(crate) fn keys(
        &self,
        table: Table,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.table(table)
            .range(self.txn(), &range)?
            .take(limit)
            .map(|entry| Ok(entry?.0.to_vec()))
            .collect()
    }

    /// At most `limit` records of a range, in order of key.
    pub(crate) fn page<R: Record>(
        &self,
        table: Table,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        limit: usize,
    ) -> Result<Vec<Entry<R>>, StoreError> {
        self.table(table)
            .range(self.txn(), &range)?
            .take(limit)
            .map(|entry| {
                let (key, bytes) = entry?;
                Ok((key.to_vec(), decode(table.name(), key, bytes)?))
            })
            .collect()
    }

    /// At most `limit` records, the last key first.
    pub(crate) fn newest<R: Record>(
        &self,
        table: Table,
        limit: usize,
    ) -> Result<Vec<Entry<R>>, StoreError> {
        self.table(table)
            .rev_iter(self.txn())?
            .take(limit)
            .map(|entry| {
                let (key, bytes) = entry?;
                Ok((key.to_vec(), decode(table.name(), key, bytes)?))
            })
            .collect()
    }

    /// Shows the bytes of the first and last entry, or of all.
    pub(super) fn each_raw(
        &self,
        table: Table,
        all: bool,
        mut see: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let table = self.table(table);
        if all {
            for entry in table.iter(self.txn())? {
                let (key, bytes) = entry?;
                see(key, bytes)?;
            }
            return Ok(());
        }
        let ends = [table.first(self.txn())?, table.last(self.txn())?];
        ends.into_iter()
            .flatten()
            .try_for_each(|(key, bytes)| see(key, bytes))
    }
}

impl<'t> StateWriter<'t> {
    pub(super) fn new(txn: RwTxn<'t>, tables: &'t Tables) -> Self {
        Self(StateReader {
            txn: Txn::Write(txn),
            tables,
        })
    }

    pub(super) fn into_txn(self) -> RwTxn<'t> {
        match self.0.txn {
            Txn::Write(txn) => txn,
            Txn::Read(_) => unreachable!("BUG: a writer is only made from a write transaction"),
        }
    }

    fn txn_mut(&mut self) -> &mut RwTxn<'t> {
        match &mut self.0.txn {
            Txn::Write(txn) => txn,
            Txn::Read(_) => unreachable!("BUG: a writer is only made from a write transaction"),
        }
    }

    /// Stores `record` under `key`.
    pub(crate) fn put<R: Record>(
        &mut self,
        table: Table,
        key: &[u8],
        record: &R,
    ) -> Result<(), StoreError> {
        let bytes = encode(table.name(), record)?;
        self.put_raw(table, key, &bytes)
    }

    /// Stores bytes under `key`.
    pub(crate) fn put_raw(
        &mut self,
        table: Table,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let database = self.table(table);
        Ok(database.put(self.txn_mut(), key, bytes)?)
    }

    /// Removes what is under `key`; says whether there was something.
    pub(crate) fn delete(&mut self, table: Table, key: &[u8]) -> Result<bool, StoreError> {
        let database = self.table(table);
        Ok(database.delete(self.txn_mut(), key)?)
    }
}

impl<'t> Deref for StateWriter<'t> {
    type Target = StateReader<'t>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
