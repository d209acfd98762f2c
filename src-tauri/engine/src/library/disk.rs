//! The library cache on disk: `store`'s cache behind this room's trait. Where it is off or full, every method that would
//! otherwise tell less than the truth says so.

use super::cache::{CacheError, LibraryCache, Mark, Scope};
use crate::model::{ItemKey, PathHash, PlexItem, RatingKey, SectionUuid, ServerNumber, Stand};
use crate::store::{Cache, SectionMark};

impl LibraryCache for Cache {
    fn mark(&self, scope: Scope) -> Result<Option<Mark>, CacheError> {
        let mark = Cache::mark(self, scope.server, scope.section, scope.item_type);
        on(self, mark.is_some())?;
        Ok(mark.map(|mark| Mark {
            newest: mark.highest_updated_at,
            known: u64::from(mark.total),
            listed_ms: mark.listed_at_ms,
        }))
    }

    fn set_mark(&self, scope: Scope, mark: Option<Mark>) -> Result<(), CacheError> {
        // No mark is one that is always out of date.
        let mark = mark.unwrap_or(Mark {
            listed_ms: i64::MIN,
            ..Mark::default()
        });
        let mark = SectionMark {
            highest_updated_at: mark.newest,
            total: u32::try_from(mark.known).unwrap_or(u32::MAX),
            listed_at_ms: mark.listed_ms,
        };
        let set = Cache::set_mark(self, scope.server, scope.section, scope.item_type, &mark);
        done(self, set)
    }

    fn get(&self, keys: &[ItemKey]) -> Result<Vec<Option<PlexItem>>, CacheError> {
        let items = self.items(keys);
        on(self, items.iter().any(Option::is_some))?;
        Ok(items)
    }

    fn put(&self, items: &[(PlexItem, bool)]) -> Result<(), CacheError> {
        let news: Vec<ItemKey> = items
            .iter()
            .filter(|(_, is_news)| *is_news)
            .map(|(item, _)| item.key)
            .collect();
        let items: Vec<PlexItem> = items.iter().map(|(item, _)| item.clone()).collect();
        // News first: an item that is stored and not news would never be looked at.
        done(self, self.add_news(&news) && self.put_items(&items))
    }

    fn remove(&self, keys: &[ItemKey]) -> Result<(), CacheError> {
        self.remove_items(keys);
        done(self, self.remove_news(keys))
    }

    fn at_path(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        path: PathHash,
    ) -> Result<Vec<PlexItem>, CacheError> {
        let items = self.items_at(server, section, path);
        on(self, !items.is_empty())?;
        Ok(items)
    }

    fn page(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        after: Option<RatingKey>,
        limit: usize,
    ) -> Result<Vec<PlexItem>, CacheError> {
        let items = self.section_items(server, section, after, limit);
        on(self, !items.is_empty())?;
        Ok(items)
    }

    fn retain(&self, scope: Scope, listed: &[RatingKey]) -> Result<Vec<ItemKey>, CacheError> {
        let gone = self.retain_items(scope.server, scope.section, scope.item_type, listed);
        done(self, self.remove_news(&gone))?;
        Ok(gone)
    }

    fn news(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<Vec<RatingKey>, CacheError> {
        Cache::news(self, server, section).ok_or_else(|| off(self))
    }

    fn settle(&self, items: &[(ItemKey, Stand)]) -> Result<(), CacheError> {
        let keys: Vec<ItemKey> = items.iter().map(|(key, _)| *key).collect();
        // News last: an item that stays news by a crash in between is only compared once more.
        done(self, self.set_stand(items) && self.remove_news(&keys))
    }
}

/// A cache that is off finds nothing: that must not be taken for an answer.
fn on(cache: &Cache, found: bool) -> Result<(), CacheError> {
    if found || cache.is_available() {
        Ok(())
    } else {
        Err(off(cache))
    }
}

fn done(cache: &Cache, done: bool) -> Result<(), CacheError> {
    if done { Ok(()) } else { Err(off(cache)) }
}

fn off(cache: &Cache) -> CacheError {
    CacheError(
        cache
            .note()
            .unwrap_or_else(|| "it is switched off".to_owned()),
    )
}
