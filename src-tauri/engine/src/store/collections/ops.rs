//! Reading and writing of collections' records.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::{CollectionKey, CollectionRecord, CollectionSays, made_key, section_prefix};
use crate::model::{Field, ItemKey, RunId, SectionUuid, ServerNumber};
use crate::store::StoreError;
use crate::store::record::hex;
use crate::store::tables::{StateReader, StateWriter, Table};
use crate::text;

/// Records read at once where all are looked through.
const PAGE: usize = 200;

/// The first and the last key that a collection of the section may have.
fn section_range(
    server: ServerNumber,
    section: SectionUuid,
) -> ([u8; CollectionKey::LEN], [u8; CollectionKey::LEN]) {
    let prefix = section_prefix(server, section);
    [u8::MIN, u8::MAX]
        .map(|rest| {
            let mut key = [rest; CollectionKey::LEN];
            key[..prefix.len()].copy_from_slice(&prefix);
            key
        })
        .into()
}

/// Decodes a key that this crate wrote.
fn collection_key(table: Table, key: &[u8]) -> Result<CollectionKey, StoreError> {
    CollectionKey::from_bytes(key).ok_or_else(|| StoreError::Decode {
        table: table.name(),
        key: hex(key),
        reason: "its key has a wrong length".into(),
    })
}

impl StateReader<'_> {
    /// A collection's record.
    pub fn collection(&self, key: CollectionKey) -> Result<Option<CollectionRecord>, StoreError> {
        self.get(Table::Collections, &key.to_bytes())
    }

    /// At most `limit` records of a section after `after`, in order of key.
    pub fn collections(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        after: Option<CollectionKey>,
        limit: usize,
    ) -> Result<Vec<(CollectionKey, CollectionRecord)>, StoreError> {
        let (first, last) = section_range(server, section);
        let after = after.map(CollectionKey::to_bytes);
        let first = after.as_ref().map_or(Bound::Included(&first[..]), |after| {
            Bound::Excluded(&after[..])
        });
        self.page(Table::Collections, (first, Bound::Included(&last)), limit)?
            .into_iter()
            .map(|(key, record)| Ok((collection_key(Table::Collections, &key)?, record)))
            .collect()
    }

    /// Shows all records of a section, a page in memory at a time.
    pub fn each_collection(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        mut see: impl FnMut(CollectionKey, CollectionRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.collections(server, section, after, PAGE)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = Some(*last);
            page.into_iter()
                .try_for_each(|(at, record)| see(at, record))?;
        }
    }

    /// Those of a section of which something is to be compared; no record is read for it.
    pub fn open_collections(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<Vec<CollectionKey>, StoreError> {
        let (first, last) = section_range(server, section);
        let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
        let keys = self.keys(Table::CollectionsOpen, range, usize::MAX)?;
        keys.iter()
            .map(|key| collection_key(Table::CollectionsOpen, key))
            .collect()
    }

    /// The collections that Syncslate made as this item. More than one only where it was renamed.
    pub fn collections_made_as(&self, item: ItemKey) -> Result<Vec<CollectionKey>, StoreError> {
        let first = item.to_bytes();
        let last = [&first[..], &[u8::MAX; 17]].concat();
        let range = (
            Bound::Included(first.as_slice()),
            Bound::Included(last.as_slice()),
        );
        let keys = self.keys(Table::CollectionsMade, range, usize::MAX)?;
        keys.iter()
            .map(|key| collection_key(Table::CollectionsMade, &[&key[..18], &key[26..]].concat()))
            .collect()
    }

    /// The runs of whose changes to the order of members something is left, which the journal does not hold.
    pub fn ordering_runs(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<BTreeSet<RunId>, StoreError> {
        let mut runs = BTreeSet::new();
        self.each_collection(server, section, |_, record| {
            let replaced = record.order.into_iter().flat_map(|order| order.replaced);
            runs.extend(replaced.map(|replaced| replaced.run));
            Ok(())
        })?;
        Ok(runs)
    }

    /// How many of the members that were expected got their tag from Syncslate.
    pub fn collected(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        record: &CollectionRecord,
    ) -> Result<u64, StoreError> {
        let title = text::fold(&record.title);
        let mut count = 0;
        for member in &record.expected {
            let base = self.base(ItemKey {
                server,
                section,
                rating_key: *member,
            })?;
            let ours = base
                .as_ref()
                .and_then(|base| base.fields.get(&Field::Collections))
                .map_or(&[][..], |base| &base.ours);
            count += u64::from(ours.iter().any(|tag| text::fold(tag) == title));
        }
        Ok(count)
    }
}

impl StateWriter<'_> {
    /// Stores a record; one of which nothing is known any more goes.
    pub fn put_collection(
        &mut self,
        key: CollectionKey,
        record: &CollectionRecord,
    ) -> Result<(), StoreError> {
        let known = self.collection(key)?;
        self.replace_collection(key, known.as_ref(), record)
    }

    fn replace_collection(
        &mut self,
        at: CollectionKey,
        known: Option<&CollectionRecord>,
        record: &CollectionRecord,
    ) -> Result<(), StoreError> {
        let stays = record.made.is_some() || !record.expected.is_empty() || record.gone;
        let made = |record: &CollectionRecord| {
            let made = record.made.as_ref();
            made.map(|made| made_key(at.item(made.key), at))
        };
        let (was, is) = (known.and_then(made), made(record));
        if was != is {
            if let Some(was) = was {
                self.delete(Table::CollectionsMade, &was)?;
            }
            if let Some(is) = is {
                self.put_raw(Table::CollectionsMade, &is, &[])?;
            }
        }
        let was_open = known.is_some_and(|known| known.open);
        let is_open = stays && record.open;
        if is_open && !was_open {
            self.put_raw(Table::CollectionsOpen, &at.to_bytes(), &[])?;
        } else if was_open && !is_open {
            self.delete(Table::CollectionsOpen, &at.to_bytes())?;
        }
        if !stays {
            self.delete(Table::Collections, &at.to_bytes())?;
            return Ok(());
        }
        self.put(Table::Collections, &at.to_bytes(), record)
    }

    /// The next sync compares those of these items that are Syncslate's.
    pub fn reopen_collections(&mut self, items: &[ItemKey]) -> Result<(), StoreError> {
        for item in items {
            for at in self.collections_made_as(*item)? {
                let Some(known) = self.collection(at)?.filter(|known| !known.open) else {
                    continue;
                };
                let open = CollectionRecord {
                    open: true,
                    ..known.clone()
                };
                self.replace_collection(at, Some(&known), &open)?;
            }
        }
        Ok(())
    }

    /// Takes in what members' source items say of their collections. Each record is read and written once, however many
    /// members speak: a record holds all its members, so that time per member must not grow with their number.
    pub fn hear_of_collections(&mut self, said: &[CollectionSays]) -> Result<(), StoreError> {
        let mut by_collection: BTreeMap<CollectionKey, Vec<&CollectionSays>> = BTreeMap::new();
        for says in said {
            by_collection.entry(says.key).or_default().push(says);
        }
        by_collection
            .into_iter()
            .try_for_each(|(at, said)| self.hear_of_collection(at, &said))
    }

    fn hear_of_collection(
        &mut self,
        at: CollectionKey,
        said: &[&CollectionSays],
    ) -> Result<(), StoreError> {
        let known = self.collection(at)?;
        let mut heard = known.clone();
        for says in said {
            if heard.is_some() || !says.leaves {
                heard = Some(CollectionRecord::heard(heard, says));
            }
        }
        let Some(mut record) = heard else {
            return Ok(());
        };
        if let Some(made) = &record.made {
            // A person decided for the source: that is to be carried out.
            let item = at.item(made.key);
            record.open |= !self.chosen(item)?.fields.is_empty();
        }
        if known.as_ref() == Some(&record) {
            return Ok(());
        }
        self.replace_collection(at, known.as_ref(), &record)
    }
}
