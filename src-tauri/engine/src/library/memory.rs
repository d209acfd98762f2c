//! The library cache where there is no disk for it: it lives as long as the process.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::cache::{CacheError, LibraryCache, Mark, Scope};
use crate::model::{ItemKey, PathHash, PlexItem, RatingKey, SectionUuid, ServerNumber, Stand};

/// A [`LibraryCache`] in memory.
#[derive(Debug, Default)]
pub struct MemoryCache(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    marks: BTreeMap<Scope, Mark>,
    items: BTreeMap<ItemKey, PlexItem>,
    paths: BTreeSet<(PathHash, ItemKey)>,
    news: BTreeSet<ItemKey>,
}

impl Tables {
    fn remove(&mut self, key: ItemKey) {
        if let Some(item) = self.items.remove(&key) {
            for path in item.identity.paths {
                self.paths.remove(&(path, key));
            }
        }
    }
}

impl MemoryCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // No method leaves the tables half changed, so a panic elsewhere costs nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LibraryCache for MemoryCache {
    fn mark(&self, scope: Scope) -> Result<Option<Mark>, CacheError> {
        Ok(self.tables().marks.get(&scope).copied())
    }

    fn set_mark(&self, scope: Scope, mark: Option<Mark>) -> Result<(), CacheError> {
        let mut tables = self.tables();
        match mark {
            Some(mark) => tables.marks.insert(scope, mark),
            None => tables.marks.remove(&scope),
        };
        Ok(())
    }

    fn get(&self, keys: &[ItemKey]) -> Result<Vec<Option<PlexItem>>, CacheError> {
        let tables = self.tables();
        Ok(keys
            .iter()
            .map(|key| tables.items.get(key).cloned())
            .collect())
    }

    fn put(&self, items: &[(PlexItem, bool)]) -> Result<(), CacheError> {
        let mut tables = self.tables();
        for (item, is_news) in items {
            tables.remove(item.key);
            for path in &item.identity.paths {
                tables.paths.insert((*path, item.key));
            }
            if *is_news {
                tables.news.insert(item.key);
            }
            tables.items.insert(item.key, item.clone());
        }
        Ok(())
    }

    fn remove(&self, keys: &[ItemKey]) -> Result<(), CacheError> {
        let mut tables = self.tables();
        for key in keys {
            tables.remove(*key);
            tables.news.remove(key);
        }
        Ok(())
    }

    fn at_path(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        path: PathHash,
    ) -> Result<Vec<PlexItem>, CacheError> {
        let first = (path, edge_key(server, section, 0));
        let last = (path, edge_key(server, section, u64::MAX));
        let tables = self.tables();
        Ok(tables
            .paths
            .range(first..=last)
            .filter_map(|(_, key)| tables.items.get(key).cloned())
            .collect())
    }

    fn page(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        after: Option<RatingKey>,
        limit: usize,
    ) -> Result<Vec<PlexItem>, CacheError> {
        let from = match after {
            Some(after) => Bound::Excluded(edge_key(server, section, after.0)),
            None => Bound::Included(edge_key(server, section, 0)),
        };
        let last = Bound::Included(edge_key(server, section, u64::MAX));
        let tables = self.tables();
        let items = tables.items.range((from, last)).take(limit);
        Ok(items.map(|(_, item)| item.clone()).collect())
    }

    fn retain(&self, scope: Scope, listed: &[RatingKey]) -> Result<Vec<ItemKey>, CacheError> {
        let first = edge_key(scope.server, scope.section, 0);
        let last = edge_key(scope.server, scope.section, u64::MAX);
        let mut tables = self.tables();
        let gone: Vec<ItemKey> = tables
            .items
            .range(first..=last)
            .filter(|(_, item)| item.item_type == scope.item_type)
            .map(|(key, _)| *key)
            .filter(|key| listed.binary_search(&key.rating_key).is_err())
            .collect();
        for key in &gone {
            tables.remove(*key);
            tables.news.remove(key);
        }
        Ok(gone)
    }

    fn news(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<Vec<RatingKey>, CacheError> {
        let first = edge_key(server, section, 0);
        let last = edge_key(server, section, u64::MAX);
        Ok(self
            .tables()
            .news
            .range(first..=last)
            .map(|key| key.rating_key)
            .collect())
    }

    fn settle(&self, items: &[(ItemKey, Stand)]) -> Result<(), CacheError> {
        let mut tables = self.tables();
        for (key, stand) in items {
            if let Some(item) = tables.items.get_mut(key) {
                item.updated_at = stand.updated_at;
                item.watched = stand.watched;
                tables.news.remove(key);
            }
        }
        Ok(())
    }
}

fn edge_key(server: ServerNumber, section: SectionUuid, rating_key: u64) -> ItemKey {
    ItemKey {
        server,
        section,
        rating_key: RatingKey(rating_key),
    }
}
