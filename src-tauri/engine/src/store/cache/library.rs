//! The library cache: Plex items as listings show them, found by key or by the hash of a path.

use std::collections::BTreeMap;
use std::ops::Bound;

use heed::{PutFlags, RwTxn};
use serde::{Deserialize, Serialize};

use super::super::record::{Record, decode, encode, hex};
use super::Cache;
use super::file::{Reader, Table, Tables};
use crate::model::{
    ItemKey, ItemType, PathHash, PlexItem, RatingKey, SectionUuid, ServerNumber, Stand,
};
use crate::store::StoreError;

const ITEMS: &str = "items";
const MARKS: &str = "marks";

/// How far a section's listing of one type is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionMark {
    /// The highest `updatedAt` that a listing showed, in epoch seconds.
    pub highest_updated_at: i64,
    /// How many items Plex said there are.
    pub total: u32,
    /// When all keys were last listed, in epoch milliseconds.
    pub listed_at_ms: i64,
}

impl Record for PlexItem {}
impl Record for SectionMark {}

type TypeKey = [u8; 19];

fn type_key(server: ServerNumber, section: SectionUuid, item_type: ItemType) -> TypeKey {
    let mut key = [0; 19];
    key[..18].copy_from_slice(&section_prefix(server, section));
    // Plex's own numbers.
    key[18] = match item_type {
        ItemType::Movie => 1,
        ItemType::Show => 2,
        ItemType::Season => 3,
        ItemType::Episode => 4,
        ItemType::Artist => 8,
        ItemType::Album => 9,
        ItemType::Track => 10,
        ItemType::Collection => 18,
    };
    key
}

pub(super) fn section_prefix(server: ServerNumber, section: SectionUuid) -> [u8; 18] {
    let mut key = [0; 18];
    key[..2].copy_from_slice(&server.0.to_be_bytes());
    key[2..].copy_from_slice(section.as_bytes());
    key
}

fn path_key(key: ItemKey, hash: PathHash) -> [u8; 42] {
    let mut bytes = [0; 42];
    bytes[..18].copy_from_slice(&section_prefix(key.server, key.section));
    bytes[18..34].copy_from_slice(&hash.0);
    bytes[34..].copy_from_slice(&key.rating_key.0.to_be_bytes());
    bytes
}

fn get(
    transaction: &Reader<'_>,
    tables: &Tables,
    key: ItemKey,
) -> Result<Option<PlexItem>, StoreError> {
    let key = key.to_bytes();
    tables[Table::Items as usize]
        .get(transaction, &key)?
        .map(|bytes| decode(ITEMS, &key, bytes))
        .transpose()
}

/// By how much the numbers of items change, per section and type.
type Counts = BTreeMap<TypeKey, i64>;

fn add_counts(
    transaction: &mut RwTxn<'_>,
    tables: &Tables,
    counts: &Counts,
) -> Result<(), StoreError> {
    for (key, change) in counts {
        let now = count(transaction, tables, key)?.saturating_add_signed(*change);
        tables[Table::Counts as usize].put(transaction, key, &now.to_be_bytes())?;
    }
    Ok(())
}

fn count(transaction: &Reader<'_>, tables: &Tables, key: &[u8]) -> Result<u64, StoreError> {
    let Some(bytes) = tables[Table::Counts as usize].get(transaction, key)? else {
        return Ok(0);
    };
    let bytes = bytes.try_into().map_err(|_| StoreError::Decode {
        table: "counts",
        key: hex(key),
        reason: "it has a wrong length".into(),
    })?;
    Ok(u64::from_be_bytes(bytes))
}

fn put(
    transaction: &mut RwTxn<'_>,
    tables: &Tables,
    item: &PlexItem,
    append: bool,
    counts: &mut Counts,
) -> Result<(), StoreError> {
    if !append {
        remove(transaction, tables, item.key, counts)?;
    }
    let bytes = encode(ITEMS, item)?;
    // Sorted keys behind the last one need no search.
    let flags = [PutFlags::empty(), PutFlags::APPEND][usize::from(append)];
    tables[Table::Items as usize].put_with_flags(
        transaction,
        flags,
        &item.key.to_bytes(),
        &bytes,
    )?;
    for hash in &item.identity.paths {
        tables[Table::Paths as usize].put(transaction, &path_key(item.key, *hash), &[])?;
    }
    let of = type_key(item.key.server, item.key.section, item.item_type);
    *counts.entry(of).or_default() += 1;
    Ok(())
}

fn remove(
    transaction: &mut RwTxn<'_>,
    tables: &Tables,
    key: ItemKey,
    counts: &mut Counts,
) -> Result<bool, StoreError> {
    let Some(old) = get(transaction, tables, key)? else {
        return Ok(false);
    };
    tables[Table::Items as usize].delete(transaction, &key.to_bytes())?;
    for hash in &old.identity.paths {
        tables[Table::Paths as usize].delete(transaction, &path_key(key, *hash))?;
    }
    let of = type_key(key.server, key.section, old.item_type);
    *counts.entry(of).or_default() -= 1;
    Ok(true)
}

impl Cache {
    /// An item.
    pub fn item(&self, key: ItemKey) -> Option<PlexItem> {
        self.items(&[key]).pop().flatten()
    }

    /// Several items, in the order of `keys`, in one transaction.
    pub fn items(&self, keys: &[ItemKey]) -> Vec<Option<PlexItem>> {
        let found = self.read(|transaction, tables| {
            keys.iter()
                .map(|key| get(transaction, tables, *key))
                .collect::<Result<Vec<_>, _>>()
        });
        let found = found.unwrap_or_else(|| vec![None; keys.len()]);
        for item in &found {
            self.0.library.looked_up(item.is_some());
        }
        found
    }

    /// All items of a section that hold a file of this path, in the order of their keys.
    pub fn items_at(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        path: PathHash,
    ) -> Vec<PlexItem> {
        let mut prefix = [0; 34];
        prefix[..18].copy_from_slice(&section_prefix(server, section));
        prefix[18..].copy_from_slice(&path.0);
        let found = self.read(|transaction, tables| {
            let mut found = Vec::new();
            for entry in tables[Table::Paths as usize].prefix_iter(transaction, &prefix)? {
                let (key, _) = entry?;
                let Some(rating_key) = key.last_chunk::<8>() else {
                    continue;
                };
                let key = ItemKey {
                    server,
                    section,
                    rating_key: RatingKey(u64::from_be_bytes(*rating_key)),
                };
                found.extend(get(transaction, tables, key)?);
            }
            Ok(found)
        });
        let found = found.unwrap_or_default();
        self.0.library.looked_up(!found.is_empty());
        found
    }

    /// At most `limit` items of a section after `after`, in the order of their keys; not counted as look-ups. An empty
    /// answer is the end.
    pub fn section_items(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        after: Option<RatingKey>,
        limit: usize,
    ) -> Vec<PlexItem> {
        let key = |rating_key| {
            ItemKey {
                server,
                section,
                rating_key: RatingKey(rating_key),
            }
            .to_bytes()
        };
        let first = after.map_or(key(0), |after| key(after.0));
        let last = key(u64::MAX);
        let from = match after {
            Some(_) => Bound::Excluded(first.as_slice()),
            None => Bound::Included(first.as_slice()),
        };
        let range = (from, Bound::Included(last.as_slice()));
        self.read(|transaction, tables| {
            tables[Table::Items as usize]
                .range(transaction, &range)?
                .take(limit)
                .map(|entry| {
                    let (key, bytes) = entry?;
                    decode(ITEMS, key, bytes)
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .unwrap_or_default()
    }

    /// How many items of a type a section has here.
    pub fn item_count(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        item_type: ItemType,
    ) -> u64 {
        self.read(|transaction, tables| {
            count(transaction, tables, &type_key(server, section, item_type))
        })
        .unwrap_or_default()
    }

    /// Stores items in one transaction, replacing older ones of the same keys; their paths are those of their
    /// identity. `false` where the cache is off or full: then the section's mark must not move.
    pub fn put_items(&self, items: &[PlexItem]) -> bool {
        if items.is_empty() {
            return true;
        }
        if self.is_full() {
            self.0.library.evicted(items.len() as u64);
            return false;
        }
        let sorted: BTreeMap<ItemKey, &PlexItem> =
            items.iter().map(|item| (item.key, item)).collect();
        let stored = self.write(|transaction, tables| {
            let mut counts = Counts::new();
            let last = tables[Table::Items as usize]
                .last(transaction)?
                .map(|(key, _)| key.to_vec());
            for (key, item) in &sorted {
                let append = last
                    .as_ref()
                    .is_none_or(|last| last.as_slice() < key.to_bytes().as_slice());
                put(transaction, tables, item, append, &mut counts)?;
            }
            add_counts(transaction, tables, &counts)
        });
        if stored.is_none() && self.is_full() {
            self.0.library.evicted(items.len() as u64);
        }
        stored.is_some()
    }

    /// Sets how items stood when they were read last, so that the next listing shows no news there.
    pub fn set_stand(&self, items: &[(ItemKey, Stand)]) -> bool {
        self.write(|transaction, tables| {
            for (key, stand) in items {
                if let Some(mut item) = get(transaction, tables, *key)? {
                    item.updated_at = stand.updated_at;
                    item.watched = stand.watched;
                    let bytes = encode(ITEMS, &item)?;
                    tables[Table::Items as usize].put(transaction, &key.to_bytes(), &bytes)?;
                }
            }
            Ok(())
        })
        .is_some()
    }

    /// Removes items. Returns how many were there.
    pub fn remove_items(&self, keys: &[ItemKey]) -> usize {
        let removed = self.write(|transaction, tables| {
            let mut counts = Counts::new();
            let mut removed = 0;
            for key in keys {
                removed += usize::from(remove(transaction, tables, *key, &mut counts)?);
            }
            add_counts(transaction, tables, &counts)?;
            Ok(removed)
        });
        if removed.is_some() {
            self.made_room();
        }
        removed.unwrap_or_default()
    }

    /// After a complete listing: removes the items of a section and type whose keys are not in `seen`, which is
    /// sorted. Returns them.
    pub fn retain_items(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        item_type: ItemType,
        seen: &[RatingKey],
    ) -> Vec<ItemKey> {
        let mut gone = Vec::new();
        let mut after = None;
        loop {
            let page = self.section_items(server, section, after, 1000);
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.key.rating_key);
            gone.extend(
                page.iter()
                    .filter(|item| item.item_type == item_type)
                    .map(|item| item.key)
                    .filter(|key| seen.binary_search(&key.rating_key).is_err()),
            );
        }
        for part in gone.chunks(1000) {
            self.remove_items(part);
        }
        gone
    }

    /// How far a section's listing of one type is known.
    pub fn mark(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        item_type: ItemType,
    ) -> Option<SectionMark> {
        let key = type_key(server, section, item_type);
        self.read(|transaction, tables| {
            tables[Table::Marks as usize]
                .get(transaction, &key)?
                .map(|bytes| decode(MARKS, &key, bytes))
                .transpose()
        })
        .flatten()
    }

    /// Sets how far a section's listing of one type is known.
    pub fn set_mark(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        item_type: ItemType,
        mark: &SectionMark,
    ) -> bool {
        self.write(|transaction, tables| {
            let key = type_key(server, section, item_type);
            tables[Table::Marks as usize].put(transaction, &key, &encode(MARKS, mark)?)?;
            Ok(())
        })
        .is_some()
    }
}
