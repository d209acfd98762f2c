//! What is noted of an item and decided about it: only a person changes that while a sync compares.

use std::collections::BTreeSet;

use crate::model::{Conflict, Field, ItemKey, Kept, Value};
use crate::store::{ChosenRecord, StateReader, StoreError};

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted {
    kept: Vec<Kept>,
    conflicts: Vec<Conflict>,
    /// Fields of which a person said that they are theirs.
    pub(super) owned: BTreeSet<Field>,
    /// Fields in which a person decided for the source.
    pub(super) chosen: ChosenRecord,
}

impl Noted {
    /// As it stands now.
    pub(super) fn of(reader: &StateReader<'_>, key: ItemKey) -> Result<Self, StoreError> {
        let record = reader.kept(key)?.unwrap_or_default();
        Ok(Self {
            kept: record.kept,
            conflicts: record.conflicts,
            owned: reader.owned(key)?,
            chosen: reader.chosen(key)?,
        })
    }

    /// The fields about which something else is said `now`.
    pub(super) fn decided_since(&self, now: &Self) -> BTreeSet<Field> {
        [self, now]
            .into_iter()
            .flat_map(Self::fields)
            .filter(|field| self.at(*field) != now.at(*field))
            .collect()
    }

    fn fields(&self) -> impl Iterator<Item = Field> {
        let noted = self.kept.iter().map(|kept| kept.field);
        noted
            .chain(self.conflicts.iter().map(|open| open.field))
            .chain(self.owned.iter().copied())
            .chain(self.chosen.fields.keys().copied())
    }

    fn at(&self, field: Field) -> (Option<&Kept>, Option<&Conflict>, bool, Option<&Value>) {
        (
            self.kept.iter().find(|kept| kept.field == field),
            self.conflicts.iter().find(|open| open.field == field),
            self.owned.contains(&field),
            self.chosen.fields.get(&field),
        )
    }
}
