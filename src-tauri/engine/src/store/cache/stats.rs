//! What the caches did, since start and per run.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::Cache;
use super::file::Table;
use crate::face::CacheStats;

/// Figures of one cache since start.
#[derive(Debug, Default)]
pub(super) struct Counters {
    hits: AtomicU32,
    misses: AtomicU32,
    evictions: AtomicU32,
    stale_hits: AtomicU32,
}

impl Counters {
    pub fn looked_up(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Relaxed);
    }

    pub fn evicted(&self, count: u64) {
        self.evictions
            .fetch_add(u32::try_from(count).unwrap_or(u32::MAX), Relaxed);
    }

    pub fn stale_hit(&self) {
        self.stale_hits.fetch_add(1, Relaxed);
    }
}

impl Cache {
    /// Figures of the `library` and the `match` cache since start. Opens nothing.
    pub fn stats(&self) -> Vec<CacheStats> {
        let figures = |cache: &str, counters: &Counters, tables: &[Table]| {
            let size = self.opened().and_then(|file| file.size(tables).ok());
            let (entries, bytes) = size.unwrap_or_default();
            CacheStats {
                cache: cache.to_owned(),
                hits: counters.hits.load(Relaxed),
                misses: counters.misses.load(Relaxed),
                entries: u32::try_from(entries).unwrap_or(u32::MAX),
                bytes,
                evictions: counters.evictions.load(Relaxed),
                stale_hits: counters.stale_hits.load(Relaxed),
            }
        };
        let library = [
            Table::Items,
            Table::Paths,
            Table::Marks,
            Table::Counts,
            Table::News,
        ];
        vec![
            figures("library", &self.0.library, &library),
            figures("match", &self.0.matches, &[Table::Matches]),
        ]
    }
}

/// What happened between two answers of [`Cache::stats`]; entries and bytes are those of `later`.
pub fn since(earlier: &[CacheStats], later: &[CacheStats]) -> Vec<CacheStats> {
    later
        .iter()
        .map(|later| {
            let none = CacheStats::default();
            let earlier = earlier
                .iter()
                .find(|earlier| earlier.cache == later.cache)
                .unwrap_or(&none);
            CacheStats {
                hits: later.hits.saturating_sub(earlier.hits),
                misses: later.misses.saturating_sub(earlier.misses),
                evictions: later.evictions.saturating_sub(earlier.evictions),
                stale_hits: later.stale_hits.saturating_sub(earlier.stale_hits),
                ..later.clone()
            }
        })
        .collect()
}
