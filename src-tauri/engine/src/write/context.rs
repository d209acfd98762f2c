//! What all units of a run share: the line to Plex, the limiter, the section, what was learned of the server.
//!
//! Not here: any order of things (`executor`).

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use syncslate_plex::{Client, Details, MAX_LINE, PlexError};

use super::cast;
use super::cast_traits::CastTraits;
use super::limiter::Limiter;
use super::link::{LONG_MS, Link};
use super::stop::Stop;
use super::unit::Trouble;
use crate::blocking::Blocking;
use crate::clock::Clock;
use crate::face::CacheStats;
use crate::library::{LibraryCache, PathHasher};
use crate::model::{CastTrait, ItemKey, RunId, SectionUuid, ServerNumber};
use crate::plan::Rules;
use crate::report::Reporter;
use crate::store::{Cache, ServerRecord, State, StateWriter, StoreError};
use crate::timing::Timings;

/// Jobs between two lines about the caches.
const LOG_EVERY: usize = 10;
/// Least time between two pictures for the feed, in milliseconds: nobody can look at more.
const THUMB_EVERY_MS: i64 = 40;

/// A section that a run writes to.
#[derive(Debug, Clone)]
pub(crate) struct SectionContext {
    pub(crate) uuid: SectionUuid,
    pub(crate) id: u32,
    pub(crate) title: String,
    /// The agent that fills it.
    pub(crate) agent: String,
    /// By which its items are planned.
    pub(crate) rules: Rules,
}

/// The sections that a run writes to, at least one.
#[derive(Debug, Clone)]
pub(crate) struct Sections {
    pub(crate) server: ServerNumber,
    pub(crate) all: Vec<SectionContext>,
}

impl Sections {
    /// The section of that UUID.
    pub(crate) fn get(&self, uuid: SectionUuid) -> Option<&SectionContext> {
        self.all.iter().find(|section| section.uuid == uuid)
    }

    /// Whether an item is in one of them.
    pub(crate) fn holds(&self, key: ItemKey) -> bool {
        key.server == self.server && self.get(key.section).is_some()
    }

    /// The section of an item of the run: only such are compared, and only jobs of such are taken.
    pub(crate) fn of(&self, uuid: SectionUuid) -> &SectionContext {
        self.get(uuid).unwrap_or_else(|| {
            unreachable!("BUG: nothing of a section that is not in the run gets into it")
        })
    }
}

/// See the module.
pub(crate) struct Context {
    pub(crate) run: RunId,
    /// Whose jobs are written; `None`: those of any run.
    pub(crate) only: Option<Vec<RunId>>,
    pub(crate) sections: Sections,
    pub(crate) link: Arc<Link>,
    pub(crate) state: State,
    pub(crate) library: Arc<dyn LibraryCache>,
    pub(crate) matches: Cache,
    pub(crate) path_hash: Arc<PathHasher>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) blocking: Blocking,
    pub(crate) reporter: Reporter,
    pub(crate) timings: Timings,
    pub(crate) cast: Arc<CastTraits>,
    written: AtomicUsize,
    limiter: Mutex<Limiter>,
    in_flight: AtomicUsize,
    server: Mutex<ServerRecord>,
    last_thumb: AtomicI64,
}

/// What a [`Context`] is made of besides itself.
pub(crate) struct ContextParts {
    pub(crate) run: RunId,
    /// Whose jobs are written; `None`: those of any run.
    pub(crate) only: Option<Vec<RunId>>,
    pub(crate) sections: Sections,
    pub(crate) link: Arc<Link>,
    pub(crate) state: State,
    pub(crate) library: Arc<dyn LibraryCache>,
    pub(crate) matches: Cache,
    pub(crate) path_hash: Arc<PathHasher>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) blocking: Blocking,
    pub(crate) reporter: Reporter,
    pub(crate) timings: Timings,
    pub(crate) cast: Arc<CastTraits>,
    pub(crate) server: ServerRecord,
    pub(crate) max_concurrency: u8,
}

impl Context {
    pub(crate) fn new(parts: ContextParts) -> Self {
        Self {
            run: parts.run,
            only: parts.only,
            sections: parts.sections,
            link: parts.link,
            state: parts.state,
            library: parts.library,
            matches: parts.matches,
            path_hash: parts.path_hash,
            clock: parts.clock,
            blocking: parts.blocking,
            reporter: parts.reporter,
            timings: parts.timings,
            cast: parts.cast,
            written: AtomicUsize::new(0),
            limiter: Mutex::new(Limiter::new(parts.max_concurrency)),
            in_flight: AtomicUsize::new(0),
            server: Mutex::new(parts.server),
            last_thumb: AtomicI64::new(0),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        self.link.client()
    }

    /// How many units may be under way.
    pub(crate) fn limit(&self) -> usize {
        lock(&self.limiter).current()
    }

    /// Sends one request that writes, as soon as Plex is there, and lets the limiter learn from it. Where Plex was away
    /// for long, nothing is sent: the item is read again first.
    pub(crate) async fn write<T, F, Answer>(
        &self,
        kind: &'static str,
        request: F,
    ) -> Result<T, Trouble>
    where
        F: FnOnce() -> Answer,
        Answer: Future<Output = Result<T, PlexError>>,
    {
        self.ready().await?;
        let in_flight = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        let started = self.clock.monotonic();
        let result = request().await;
        let latency = self.clock.monotonic().saturating_sub(started);
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        match &result {
            Ok(_) => lock(&self.limiter).answered(kind, latency, in_flight),
            Err(error) if error.is_temporary() => lock(&self.limiter).pushed_back(),
            Err(_) => {}
        }
        self.link.observe(&result).await;
        result.map_err(Trouble::of)
    }

    /// The same for a picture, whose route may be missing while the item is there.
    pub(crate) async fn write_picture<T, F, Answer>(
        &self,
        kind: &'static str,
        request: F,
    ) -> Result<T, Trouble>
    where
        F: FnOnce() -> Answer,
        Answer: Future<Output = Result<T, PlexError>>,
    {
        let result = self.write(kind, request).await;
        result.map_err(Trouble::of_a_picture)
    }

    /// Sends one request that reads pictures and belongs to a unit; see [`Context::write`] for absences.
    pub(crate) async fn read_picture<T, F, Answer>(&self, request: F) -> Result<T, Trouble>
    where
        F: FnOnce() -> Answer,
        Answer: Future<Output = Result<T, PlexError>>,
    {
        self.ready().await?;
        let result = request().await;
        self.link.observe(&result).await;
        result.map_err(|error| Trouble::of(error).of_a_picture())
    }

    /// All values of these items. What the answer leaves out is asked for once more: one that was not whole must not make
    /// an item pass for gone.
    pub(crate) async fn details(&self, keys: &[u64]) -> Result<BTreeMap<u64, Details>, Stop> {
        let mut found = BTreeMap::new();
        for _ in 0..2 {
            let missing: Vec<u64> = keys
                .iter()
                .filter(|key| !found.contains_key(*key))
                .copied()
                .collect();
            if missing.is_empty() {
                break;
            }
            let details = self.link.ask(|| self.client().details(&missing)).await?;
            found.extend(
                details
                    .into_iter()
                    .map(|details| (details.rating_key, details)),
            );
        }
        Ok(found)
    }

    async fn ready(&self) -> Result<(), Trouble> {
        let asked = self.clock.now_ms();
        self.link.ready().await.map_err(|stop| match stop {
            Stop::Cancelled | Stop::Left => Trouble::Waited,
            Stop::Away(_)
            | Stop::Plex(_)
            | Stop::Store(_)
            | Stop::Source(_)
            | Stop::Asks { .. } => Trouble::Fatal(stop),
        })?;
        if self.clock.now_ms() - asked >= LONG_MS {
            return Err(Trouble::Waited);
        }
        Ok(())
    }

    /// The longest request line to send.
    pub(crate) fn line_limit(&self) -> usize {
        lock(&self.server)
            .line_limit
            .and_then(|limit| usize::try_from(limit).ok())
            .map_or(MAX_LINE, |limit| limit.min(MAX_LINE))
    }

    /// Whether an uploaded picture's key is known to be its SHA-1.
    pub(crate) fn upload_key_is_sha1(&self) -> Option<bool> {
        lock(&self.server).upload_key_is_sha1
    }

    /// Remembers how the server names uploads. That it cannot be stored only means to ask again next time.
    pub(crate) async fn learned_upload_key(&self, is_sha1: bool) {
        self.learned(
            move |server| server.upload_key_is_sha1 = Some(is_sha1),
            |_| Ok(()),
        )
        .await;
    }

    /// Remembers whether the server takes the roles or the pictures of actors, and says so. As above.
    pub(crate) async fn learned_of_cast(&self, of: CastTrait, takes: bool) {
        self.cast.learn(of, takes);
        let known = self.cast.known(of);
        tracing::info!("{}", known.sentence(of));
        let ignored = self.cast.ignored();
        self.reporter
            .replace(|snapshot| *snapshot.taken_mut(of) = known);
        let number = self.sections.server;
        self.learned(
            move |server| *server.takes_mut(of) = Some(takes),
            move |writer| {
                if takes {
                    Ok(())
                } else {
                    cast::forget(writer, number, &ignored)
                }
            },
        )
        .await;
    }

    /// Remembers that an edit of a cast takes pictures away that it does not tell again. As above.
    pub(crate) async fn learned_dropped_pictures(&self) {
        if self.cast.learn_dropped() {
            tracing::info!(
                "an edit of a cast takes pictures of actors away: from now on all are told"
            );
            self.learned(|server| server.drops_actor_pictures = true, |_| Ok(()))
                .await;
        }
    }

    async fn learned<L, F>(&self, learn: L, then: F)
    where
        L: Fn(&mut ServerRecord) + Send + 'static,
        F: Fn(&mut StateWriter<'_>) -> Result<(), StoreError> + Send + 'static,
    {
        let known = {
            let mut server = lock(&self.server);
            learn(&mut server);
            server.clone()
        };
        let number = self.sections.server;
        let stored = self
            .state
            .write(move |writer| {
                // Another phase of the run may have learned more than this one began with.
                let mut record = writer.server(number)?.unwrap_or_else(|| known.clone());
                learn(&mut record);
                writer.put_server(number, &record)?;
                then(writer)
            })
            .await;
        if let Err(error) = stored {
            tracing::warn!(%error, "what was learned about the server could not be stored");
        }
    }

    /// One more job was written: every tenth logs how the caches do.
    pub(crate) fn job_written(&self) {
        let jobs = self.written.fetch_add(1, Ordering::Relaxed) + 1;
        if !jobs.is_multiple_of(LOG_EVERY) {
            return;
        }
        // A count that cannot be read is no reason to say nothing.
        let failed = self.state.read(|reader| reader.failed_count()).unwrap_or(0);
        for cache in self.matches.stats() {
            log_cache(&cache, failed, jobs);
        }
    }

    /// Whether the feed could do with another picture.
    pub(crate) fn wants_thumb(&self) -> bool {
        let now = self.clock.now_ms();
        if now - self.last_thumb.load(Ordering::Relaxed) < THUMB_EVERY_MS {
            return false;
        }
        self.last_thumb.store(now, Ordering::Relaxed);
        true
    }
}

fn log_cache(cache: &CacheStats, failed: u64, jobs: usize) {
    let looks = f64::from(cache.hits) + f64::from(cache.misses);
    let hit_rate = if looks > 0.0 {
        100.0 * f64::from(cache.hits) / looks
    } else {
        0.0
    };
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "syncslate::statistics",
                cache = cache.cache,
                hits = cache.hits,
                misses = cache.misses,
                hit_rate,
                entries = cache.entries,
                bytes = cache.bytes,
                evictions = cache.evictions,
                stale_hits = cache.stale_hits,
                jobs,
                failed,
                "cache statistics"
            )
        };
    }
    // The match cache decides whether a sync is quick; the library cache is detail.
    if cache.cache == "match" {
        line!(info);
    } else {
        line!(debug);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves at worst a limit that is one step old.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
