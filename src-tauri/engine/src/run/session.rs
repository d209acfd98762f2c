//! One run: what it works with, and the figures that it keeps.
//!
//! Not here: the order of its steps (`sync`, `undo`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use syncslate_plex::PlexError;

use super::collections::{Emptied, Known};
use super::noted::Noted;
use super::stopwatch::Stopwatch;
use crate::blocking::Blocking;
use crate::clock::Clock;
use crate::face::{Phase, PhaseProgress};
use crate::library::{LibraryCache, PathHasher, Scope, image_kind};
use crate::model::{
    Change, Chosen, Field, Identity, ItemKey, ItemType, PlexItem, PlexValues, RatingKey, RunId,
    SectionUuid, SourceNumber,
};
use crate::plan::Selected;
use crate::report::{Observer, Reporter};
use crate::store::{BaseRecord, Cache, CollectionKey, CollectionRecord, State, UnreadRecord};
use crate::timing::Timings;
use crate::write::{self, CastTraits, Link, Sections, Stop};

/// Notes that are kept to be shown; the others are only counted.
const NOTES: usize = 20;

/// See the module.
pub(super) struct Session {
    pub(super) run: RunId,
    pub(super) dry_run: bool,
    pub(super) sections: Sections,
    pub(super) source: SourceNumber,
    pub(super) link: Arc<Link>,
    pub(super) state: Option<State>,
    pub(super) matches: Cache,
    pub(super) library: Arc<dyn LibraryCache>,
    pub(super) path_hash: Arc<PathHasher>,
    pub(super) settings_digest: [u8; 16],
    pub(super) clock: Arc<dyn Clock>,
    pub(super) blocking: Blocking,
    pub(super) reporter: Reporter,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) timings: Timings,
    /// What the server takes of actors, as far as it is known.
    pub(super) cast: Arc<CastTraits>,
    /// Threads that read source files.
    pub(super) readers: usize,
    pub(super) notes: Notes,
    /// Source files that say nothing.
    pub(super) unread: Mutex<UnreadRecord>,
    pub(super) stopwatch: Arc<Stopwatch>,
    /// Values that the plan takes away, by section.
    pub(super) taken_away: Mutex<BTreeMap<SectionUuid, u64>>,
    /// What the plan leaves of collections that are not Syncslate's.
    pub(super) emptied: Mutex<Emptied>,
    /// The collections of which a source item said something in this run.
    pub(super) heard: Mutex<BTreeSet<CollectionKey>>,
    /// Each section's collections, once they were asked for.
    pub(super) collections: tokio::sync::Mutex<BTreeMap<SectionUuid, Arc<Known>>>,
    /// What a dry run heard of collections.
    pub(super) foretold: tokio::sync::Mutex<BTreeMap<CollectionKey, CollectionRecord>>,
}

/// What the state knows of an item.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    pub(super) base: Option<BaseRecord>,
    /// A job of it waits or failed; a new plan replaces that.
    pub(super) has_job: bool,
    /// What was noted of it and decided about it.
    pub(super) noted: Noted,
    /// Fields in which a person decided for the source, and the value that it had then.
    pub(super) chosen: BTreeMap<Field, Chosen>,
}

/// What a person should hear of at the end.
#[derive(Debug, Default)]
pub(super) struct Notes {
    sentences: Mutex<Vec<String>>,
}

impl Notes {
    fn add(&self, sentence: &str) {
        let mut sentences = self
            .sentences
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if sentences.len() < NOTES && !sentences.iter().any(|known| known == sentence) {
            sentences.push(sentence.to_owned());
        }
    }

    /// The first of them.
    pub(super) fn sentences(&self) -> Vec<String> {
        self.sentences
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Session {
    /// What Syncslate remembers of these items, given what Plex was just read to hold of each: a write whose answer was
    /// lost is recognised by it.
    pub(super) async fn bases(
        &self,
        items: Vec<(ItemKey, Identity, PlexValues)>,
    ) -> Result<BTreeMap<ItemKey, Remembered>, Stop> {
        let Some(state) = &self.state else {
            return Ok(BTreeMap::new());
        };
        let bases = state
            .read_long(move |reader| {
                let mut bases = BTreeMap::new();
                for (key, identity, held) in items {
                    let noted = Noted::of(reader, key)?;
                    let remembered = Remembered {
                        base: reader.base_now(
                            key,
                            &identity,
                            &held,
                            &Selected::new(),
                            &BTreeMap::new(),
                        )?,
                        chosen: noted.chosen.choices(),
                        noted,
                        has_job: reader.job(key)?.is_some() || reader.failed_job(key)?.is_some(),
                    };
                    bases.insert(key, remembered);
                }
                Ok(bases)
            })
            .await?;
        Ok(bases)
    }

    /// Learns which of an item's pictures, listed just now, a job sent whose answer was lost.
    pub(super) async fn learn_pictures(
        &self,
        plex: &PlexItem,
        (held, selected): (&PlexValues, &Selected),
        remembered: &mut Remembered,
    ) -> Result<(), Stop> {
        let Some(state) = self.state.as_ref().filter(|_| remembered.has_job) else {
            return Ok(());
        };
        let (key, identity) = (plex.key, plex.identity.clone());
        let untold = state.read(|reader| reader.untold_pictures(key, &identity, selected))?;
        let mut hashes = BTreeMap::new();
        for field in untold {
            let Some(shown) = selected.get(&field) else {
                continue;
            };
            let sha1 = write::picture_sha1(&self.link, key.rating_key, shown).await?;
            hashes.extend(sha1.map(|sha1| (field, sha1)));
        }
        let (held, selected) = (held.clone(), selected.clone());
        remembered.base = state
            .read_long(move |reader| reader.base_now(key, &identity, &held, &selected, &hashes))
            .await?;
        Ok(())
    }

    /// Has the next sync list all items of that kind: the present listing does not tell the truth.
    pub(super) async fn relist(&self, section: SectionUuid, item_type: ItemType) {
        tracing::info!("Plex's listing is out of date; the next sync asks for a whole one");
        let scope = Scope {
            server: self.sections.server,
            section,
            item_type,
        };
        let library = Arc::clone(&self.library);
        let forgotten = self
            .blocking
            .run(move || library.set_mark(scope, None))
            .await;
        if let Err(error) = forgotten {
            tracing::debug!(%error, "the library cache was not told to list everything");
        }
    }

    /// Asks which pictures of an item are selected. Of those that Plex does not find nothing is told.
    pub(super) async fn selected_pictures(
        &self,
        item: RatingKey,
        fields: &[Field],
    ) -> Result<Selected, Stop> {
        let mut selected = Selected::new();
        for field in fields {
            let Some(kind) = image_kind(*field) else {
                continue;
            };
            let client = self.link.client();
            let choices = match self.link.ask(|| client.images(item.0, kind)).await {
                // The item went since it was read, or Plex knows no pictures of this kind: nothing is there to plan with.
                Err(Stop::Plex(PlexError::NotFound)) => continue,
                choices => choices?,
            };
            if let Some(choice) = choices.into_iter().find(|choice| choice.selected) {
                selected.insert(*field, choice.key);
            }
        }
        Ok(selected)
    }

    /// A collection of the source is a saved filter in Plex.
    pub(super) fn smart_note(&self, title: &str) {
        self.notes.add(&format!(
            "“{title}” is a smart collection in Plex, which takes no members. It is left as it is."
        ));
    }

    /// What an undo cannot give back of a mark as watched.
    pub(super) fn watched_note(&self) {
        self.notes.add(
            "Plex takes no past plays: what was marked as watched again counts as watched once, today.",
        );
    }

    /// A person ordered a collection that the source orders otherwise.
    pub(super) fn order_note(&self, title: &str) {
        self.notes.add(&format!(
            "The order of “{title}” was changed in Plex. It is left as it is."
        ));
    }

    /// Plex takes no order of a collection, or not this one.
    pub(super) fn order_refused(&self, title: &str) {
        self.notes.add(&format!(
            "Plex does not take the order of “{title}”. It stays as it is."
        ));
    }

    /// Plex had an error of its own while a collection was ordered.
    pub(super) fn order_failed(&self, title: &str) {
        self.notes.add(&format!(
            "Plex could not order “{title}” this time. Its members are there; the next sync tries again."
        ));
    }

    /// Plex does not take back what a run did to the order of a collection.
    pub(super) fn order_kept(&self, title: &str) {
        self.notes.add(&format!(
            "Plex does not take the order that “{title}” had before. It stays as it is."
        ));
    }

    /// Plex had an error of its own while an order was taken back.
    pub(super) fn order_not_back(&self, title: &str) {
        self.notes.add(&format!(
            "Plex could not put “{title}” back into its order of before this time."
        ));
    }

    /// Another run ordered a collection after the one that is taken back.
    pub(super) fn order_again_note(&self, title: &str) {
        self.notes.add(&format!(
            "“{title}” was ordered again by a later sync. Its order is left as it is until that sync is taken back."
        ));
    }

    /// Where a collection was that Syncslate ordered, Plex has something else now.
    pub(super) fn order_elsewhere_note(&self, title: &str) {
        self.notes.add(&format!(
            "Plex has something else now where “{title}” was when Syncslate ordered it. That is left alone."
        ));
    }

    /// Source items said something of these collections.
    pub(super) fn hear(&self, keys: impl Iterator<Item = CollectionKey>) {
        lock(&self.heard).extend(keys);
    }

    /// The collections of which source items said something.
    pub(super) fn heard(&self) -> BTreeSet<CollectionKey> {
        lock(&self.heard).clone()
    }

    /// Begins a step of the run; the one before it is whole.
    pub(super) fn phase(&self, phase: Phase, total: Option<u32>) {
        self.stopwatch.advance();
        self.reporter.progress(|_, phases| {
            if let Some(last) = phases.last_mut() {
                last.total = Some(last.done);
            }
            phases.push(PhaseProgress {
                phase,
                done: 0,
                total,
                millis: 0.0,
            });
        });
    }

    /// Says how far the present step is.
    pub(super) fn step(&self, done: u32, total: Option<u32>) {
        self.reporter.progress(|_, phases| {
            if let Some(last) = phases.last_mut() {
                last.done = done;
                last.total = total.or(last.total);
            }
        });
    }

    /// So many more are done in the present step.
    pub(super) fn step_done(&self, more: u32) {
        self.reporter.progress(|_, phases| {
            if let Some(last) = phases.last_mut() {
                last.done += more;
            }
        });
    }

    /// How many values the plan takes away, by section.
    pub(super) fn removed(&self) -> BTreeMap<SectionUuid, u64> {
        lock(&self.taken_away).clone()
    }

    /// Counts the values that one item's plan takes away.
    pub(super) fn count_removed(&self, section: SectionUuid, removed: u64) {
        if removed > 0 {
            *lock(&self.taken_away).entry(section).or_default() += removed;
        }
    }

    /// Counts one item's plan.
    pub(super) fn count_plan(
        &self,
        item_type: ItemType,
        changes: &[Change],
        kept: usize,
        conflicts: usize,
    ) {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.reporter.progress(|summary, _| {
            summary.changed += u32::from(!changes.is_empty());
            let is_collection = item_type == ItemType::Collection;
            summary.collections_changed += u32::from(is_collection && !changes.is_empty());
            summary.kept += count(kept);
            summary.conflicts += count(conflicts);
            if self.dry_run {
                let moving = changes.iter().filter(|change| change.moves());
                summary.fields_written += count(moving.count());
            }
        });
    }

    /// What was counted as a matched item by its path turned out to be none.
    pub(super) fn no_item(&self) {
        self.reporter.progress(|summary, _| {
            summary.items_read = summary.items_read.saturating_sub(1);
            summary.matched = summary.matched.saturating_sub(1);
        });
    }

    /// A source file speaks of another kind of item than the one that Plex has its media file for.
    pub(super) fn another_kind(&self, source_id: &str, plex: &PlexItem) {
        let sentence = format!(
            "{source_id} does not speak of “{}”, for which Plex has its media file. Plex keeps what it has.",
            plex.title
        );
        tracing::warn!("{sentence}");
        self.notes.add(&sentence);
    }

    /// A picture could not be used; the item's other values are written.
    pub(super) fn picture_note(&self, label: &str, sentence: &str) {
        tracing::warn!(item = label, "{sentence}");
        self.notes.add(sentence);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits, as the clock has it, and tells the reporter to send what gathered: 4 times a second, statistics once. Never
/// ends by itself.
pub(super) struct Ticker {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) reporter: Reporter,
    pub(super) timings: Timings,
    pub(super) matches: Cache,
    pub(super) caches_before: Vec<crate::face::CacheStats>,
    /// Requests by kind so far.
    pub(super) requests: Box<dyn Fn() -> BTreeMap<String, u32> + Send + Sync>,
    pub(super) stopwatch: Arc<Stopwatch>,
    /// Renews what other processes may read, where blocking work runs.
    pub(super) renew: Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

const TICK: Duration = Duration::from_millis(250);
const TICKS_PER_STATISTICS: u32 = 4;

impl Ticker {
    /// Does the work, and tells of it meanwhile.
    pub(super) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            result = work => result,
            never = self.run() => match never {},
        }
    }

    async fn run(&self) -> std::convert::Infallible {
        let mut ticks = 0;
        let mut written_before = 0;
        let mut statistics_at = self.clock.monotonic();
        loop {
            self.clock.sleep(TICK).await;
            let now = self.clock.monotonic();
            self.advance();
            ticks += 1;
            if ticks % TICKS_PER_STATISTICS == 0 {
                let written = self
                    .reporter
                    .read(|snapshot| snapshot.run.as_ref().map_or(0, |run| run.summary.written));
                let seconds = now.saturating_sub(statistics_at).as_secs_f64().max(0.001);
                let speed = f64::from(written.saturating_sub(written_before)) / seconds;
                written_before = written;
                statistics_at = now;
                let caches = crate::store::cache::since(&self.caches_before, &self.matches.stats());
                self.reporter
                    .statistics(self.timings.run_snapshot(), caches, speed);
                (self.renew)().await;
            }
            self.reporter.tick();
        }
    }

    /// Brings times and requests up to now.
    pub(super) fn advance(&self) {
        self.stopwatch.advance();
        let requests = (self.requests)();
        self.reporter
            .progress(|summary, _| summary.requests = requests);
    }
}
