//! The server itself: its library, writer, faults and counts behind one cheap handle.
//!
//! Not here: HTTP (`routes`), sockets (`serve`), what a person or an agent does (`person`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use tokio::time::Instant;

use crate::cost::{Work, Writer};
use crate::library::{Filter, Library, Order, Rows};
use crate::seed::Seed;
use crate::{Costs, Faults, ItemKind, LibraryState, Options, RouteKind, Statistics, routes};

/// A Plex-compatible server. Clones are handles of the same one.
#[derive(Debug, Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: Options,
    library: Mutex<Library>,
    writer: Mutex<Writer>,
    counted: Mutex<Counted>,
    faults: Faults,
    /// The question of the latest listing and the keys that answered it.
    latest_listing: Mutex<(String, Vec<u64>)>,
    /// What the web holds: address → bytes.
    web: Mutex<BTreeMap<String, Bytes>>,
}

#[derive(Debug, Default)]
struct Counted {
    statistics: Statistics,
    watched: BTreeSet<String>,
}

impl Emulator {
    /// A server with this content.
    pub fn new(seed: Seed, options: Options) -> Self {
        let now = (options.clock)().div_euclid(1000);
        let library = Library::from_seed(seed, options.habits, now);
        Self {
            inner: Arc::new(Inner {
                options,
                library: Mutex::new(library),
                writer: Mutex::default(),
                counted: Mutex::default(),
                faults: Faults::default(),
                latest_listing: Mutex::default(),
                web: Mutex::default(),
            }),
        }
    }

    /// The server as a service, to be called without a socket. See [`crate::Dropped`] for answers that never come.
    pub fn router(&self) -> Router {
        let sound = routes::router(self.clone());
        match self.inner.options.defect {
            None => sound,
            Some(defect) => defect.around(sound),
        }
    }

    /// The handle by which faults are ordered.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// The whole library as plain data.
    pub fn state(&self) -> LibraryState {
        self.look_at_library(Library::state)
    }

    /// What was asked so far.
    pub fn statistics(&self) -> Statistics {
        self.counted().statistics.clone()
    }

    /// Counts from zero again.
    pub fn reset_statistics(&self) {
        self.counted().statistics = Statistics::default();
    }

    /// Keeps the latencies of the reads of this `X-Plex-Client-Identifier` from now on.
    pub fn watch_client(&self, client: &str) {
        self.counted().watched.insert(client.to_owned());
    }

    /// Puts bytes on the web, so that `POST …/posters?url=` finds them; other addresses are answered 400.
    pub fn publish(&self, url: &str, bytes: impl Into<Bytes>) {
        lock(&self.inner.web).insert(url.to_owned(), bytes.into());
    }

    /// How it was set up.
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Epoch seconds by the injected clock.
    pub(crate) fn now(&self) -> i64 {
        (self.inner.options.clock)().div_euclid(1000)
    }

    pub(crate) fn published(&self, url: &str) -> Option<Bytes> {
        lock(&self.inner.web).get(url).cloned()
    }

    pub(crate) fn look_at_library<T>(&self, look: impl FnOnce(&Library) -> T) -> T {
        look(&lock(&self.inner.library))
    }

    pub(crate) fn change_library<T>(&self, change: impl FnOnce(&mut Library) -> T) -> T {
        let mut library = lock(&self.inner.library);
        library.changes += 1;
        change(&mut library)
    }

    /// A part of a listing. The pages of one are asked for one after the other, so the latest that asks for more than all
    /// items by title is kept until something changes: otherwise a page would cost as much as the whole section.
    pub(crate) fn list<'l>(
        &self,
        library: &'l Library,
        section: u32,
        kind: ItemKind,
        filter: &Filter,
        order: &Order,
        wanted: &Range<usize>,
    ) -> Rows<'l> {
        if let Some(rows) = library.page(section, kind, filter, order, wanted) {
            return rows;
        }
        let question = format!(
            "{} {section} {kind:?} {filter:?} {order:?}",
            library.changes
        );
        let mut latest = lock(&self.inner.latest_listing);
        if latest.0 != question {
            let items = library.list(section, kind, filter, order);
            *latest = (question, items.iter().map(|item| item.key).collect());
        }
        let keys = latest.1.iter().skip(wanted.start).take(wanted.len());
        Rows {
            total: latest.1.len(),
            shown: keys.filter_map(|key| library.items.get(key)).collect(),
        }
    }

    /// Waits for a turn at the writer and through it.
    pub(crate) async fn take_turn(&self, work: Work) {
        let costs = Costs::of(self.inner.options.profile);
        let cost = costs.map_or(Duration::ZERO, |costs| costs.write_of(work));
        let now = Instant::now();
        let ((begins, ends), under_way) = {
            let mut writer = lock(&self.inner.writer);
            (writer.take_turn(now, cost), writer.under_way(now))
        };
        {
            let statistics = &mut self.counted().statistics;
            statistics.most_under_way = statistics.most_under_way.max(under_way);
            statistics.writes += 1;
            statistics.writer_busy += cost;
            let first = statistics.writer_span.map_or(begins, |(first, _)| first);
            statistics.writer_span = Some((first, ends));
        }
        if costs.is_some() {
            tokio::time::sleep_until(ends).await;
        }
    }

    /// Waits as long as a read of so many rows takes now.
    pub(crate) async fn pay_read(&self, rows: usize) {
        if let Some(costs) = Costs::of(self.inner.options.profile) {
            let under_way = lock(&self.inner.writer).under_way(Instant::now());
            tokio::time::sleep(costs.read_of(rows, under_way)).await;
        }
    }

    pub(crate) fn count_request(&self, kind: RouteKind, line: usize) {
        let statistics = &mut self.counted().statistics;
        *statistics.requests.entry(kind).or_insert(0) += 1;
        statistics.longest_line = statistics.longest_line.max(line);
    }

    pub(crate) fn count_picture(&self, kind: RouteKind, key: u64, field: &'static str) {
        let statistics = &mut self.counted().statistics;
        let asked = statistics.pictures.entry((key, field)).or_default();
        if kind.is_write() {
            asked.changes += 1;
        } else {
            asked.lists += 1;
        }
    }

    pub(crate) fn count_answer(
        &self,
        kind: RouteKind,
        status: u16,
        client: Option<&str>,
        took: Duration,
    ) {
        let mut counted = self.counted();
        *counted.statistics.statuses.entry(status).or_insert(0) += 1;
        if let Some(client) =
            client.filter(|client| !kind.is_write() && counted.watched.contains(*client))
        {
            let latencies = &mut counted.statistics.read_latencies;
            latencies.entry(client.to_owned()).or_default().push(took);
        }
    }

    pub(crate) fn count_whole_library_edit(&self) {
        self.counted().statistics.whole_library_edits += 1;
    }

    pub(crate) fn count_media_deletion(&self) {
        self.counted().statistics.media_deletions += 1;
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        lock(&self.inner.counted)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
