//! Fields of which a person said that what Plex holds is theirs, when they were asked about what was locked before
//! anything was known of it. Kept apart from what runs note of an item, which each run writes anew.
//!
//! Such an answer outlives syncs, undos and unlockings, and ends with the item. Where the person decides for the source
//! after all, what Syncslate remembers of its write counts; once that is taken back, the answer counts again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::record::Record;
use super::tables::{StateReader, StateWriter, Table};
use super::{ChosenRecord, KeptRecord, StoreError};
use crate::model::{Field, ItemKey};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct OwnedRecord {
    fields: BTreeSet<Field>,
}

impl Record for OwnedRecord {}

impl StateReader<'_> {
    /// The fields of an item of which a person said that they are theirs.
    pub fn owned(&self, key: ItemKey) -> Result<BTreeSet<Field>, StoreError> {
        let record: Option<OwnedRecord> = self.get(Table::Owned, &key.to_bytes())?;
        Ok(record.unwrap_or_default().fields)
    }
}

impl StateWriter<'_> {
    /// Remembers that these fields are a person's.
    pub fn own(
        &mut self,
        key: ItemKey,
        fields: impl IntoIterator<Item = Field>,
    ) -> Result<(), StoreError> {
        let mut owned = self.owned(key)?;
        let known = owned.len();
        owned.extend(fields);
        if owned.len() == known {
            return Ok(());
        }
        self.put_owned(key, owned)
    }

    /// Forgets what was noted of an item that is gone, and what a person said of its fields or decided in them.
    pub fn forget_notes(&mut self, key: ItemKey) -> Result<(), StoreError> {
        self.put_kept(key, &KeptRecord::default())?;
        self.put_chosen(key, &ChosenRecord::default())?;
        self.put_owned(key, BTreeSet::new())
    }

    fn put_owned(&mut self, key: ItemKey, fields: BTreeSet<Field>) -> Result<(), StoreError> {
        if fields.is_empty() {
            self.delete(Table::Owned, &key.to_bytes())?;
            return Ok(());
        }
        self.put(Table::Owned, &key.to_bytes(), &OwnedRecord { fields })
    }
}
