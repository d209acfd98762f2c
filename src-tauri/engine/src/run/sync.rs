//! A sync from beginning to end.
//!
//! 1. Meet Plex, find the sections, check the source (`begin`).
//! 2. Take up an interrupted run: drop a plan that was never whole, drain one that was, under its own number (`begin`).
//! 3. Read: Plex's section into the library cache; the source's folder, matched as it comes.
//! 4. Compare: candidates on both sides, planned, stored in chunks, marked ready by a last small commit.
//! 5. Write: drain the queue; then the same for the collections that came into being (`collections`).
//!
//! Not here: what each step does (`scan`, `compare`, `write`).

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use syncslate_plex::Section;

use super::begin::Wish;
use super::collections;
use super::compare::{self, Chunk, PIECE};
use super::core::Core;
use super::finish::{self, Started};
use super::match_choices::MatchChoices;
use super::reading::{News, forget_gone, read_library};
use super::scan::{Candidate, Counts, Scan, Scanner};
use super::session::Session;
use crate::face::{Phase, RunState, Totals};
use crate::library::MemoryCache;
use crate::matching::PathRules;
use crate::model::{ItemKey, PathHash, RunId};
use crate::plan;
use crate::source::SourceError;
use crate::source::nfo::NfoSource;
use crate::write::{Control, Drained, Stop};

/// A sync that is ready to begin.
pub(super) struct Sync {
    pub(super) session: Session,
    pub(super) plex_sections: Vec<Section>,
    pub(super) source: NfoSource,
    pub(super) path_rules: PathRules,
    pub(super) wish: Wish,
    pub(super) started: Started,
    pub(super) max_concurrency: u8,
    pub(super) record: crate::store::ServerRecord,
    /// An earlier process left jobs that come first.
    pub(super) resumed: bool,
    /// The library cache failed; this run keeps the library in memory.
    pub(super) in_memory: bool,
}

impl Sync {
    /// The run's number.
    pub(super) fn run(&self) -> RunId {
        self.session.run
    }

    /// Steps 3 to 5, and the end.
    pub(super) async fn work(mut self, core: &Arc<Core>) {
        let ticker = self.started.ticker(core);
        let result = ticker.beside(self.steps(core)).await;
        let totals = result.as_ref().ok().copied().flatten();
        finish::end(
            core,
            &self.session,
            &self.started,
            &ticker,
            result.map(drop),
            totals,
        )
        .await;
    }

    async fn steps(&mut self, core: &Arc<Core>) -> Result<Option<Totals>, Stop> {
        if self.resumed {
            self.write(core).await?;
            // The plan that follows is not whole before its own last commit.
            finish::mark_ready(&self.session, false, false).await?;
        }
        let (news, scanner, scan) = self.read_and_match(core).await?;
        forget_gone(&self.session, &news).await?;
        self.renew_choices(&scanner).await?;
        let totals = self.totals(&scan, &news);
        let unmatched = match totals {
            Some(_) if scan.walk.complete => scanner.news_without_source(&scan),
            _ => Vec::new(),
        };
        let whole = scan.walk.complete;
        self.compare(core, scanner, scan).await?;
        self.session.keep_unread(totals.is_some()).await?;
        if self.wish.unattended {
            self.brake().await?;
        }
        self.settle_unmatched(unmatched).await?;
        if !self.session.dry_run {
            collections::look_again(&self.session).await;
            finish::mark_ready(&self.session, true, !self.wish.unattended).await?;
            self.write(core).await?;
            collections::look_again(&self.session).await;
        }
        let (session, most) = (&self.session, self.max_concurrency);
        let root = &self.source.root;
        let which = collections::Which::Open { root, whole };
        collections::finish(core, session, most, &self.record, which).await?;
        Ok(totals)
    }

    /// Reads both sides. A cache that fails on the way is left out, and everything is read again without it.
    async fn read_and_match(
        &mut self,
        core: &Arc<Core>,
    ) -> Result<(News, Arc<Scanner>, Scan), Stop> {
        loop {
            self.session.phase(Phase::Read, None);
            let session = &self.session;
            let progress = |done: u64, total: Option<u64>| {
                let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
                session.step(small(done), total.map(small));
            };
            let read = read_library(session, &self.plex_sections, self.in_memory, &progress);
            let news = match read.await? {
                Some(news) => news,
                None if self.without_cache() => continue,
                None => return Err(cache_failed()),
            };
            let choices =
                MatchChoices::load(self.session.state.as_ref(), self.session.source).await?;
            let chosen = self.chosen().await?;
            let paths = self.paths_of(&news).await;
            let held_at_most = core.deps.held_candidates;
            let scanner = Arc::new(self.scanner(&news, chosen, paths, choices, held_at_most));
            let scan = self.scan(core, &scanner).await?;
            if !scanner.cache_failed() {
                return Ok((news, scanner, scan));
            }
            if !self.without_cache() {
                return Err(cache_failed());
            }
        }
    }

    /// Goes on with a cache in memory; `false` where that is the one that failed.
    fn without_cache(&mut self) -> bool {
        if std::mem::replace(&mut self.in_memory, true) {
            return false;
        }
        tracing::warn!("the library cache failed; this sync goes on without it");
        self.session.library = Arc::new(MemoryCache::default());
        true
    }

    /// Keeps what became of a person's choices: they follow items that Plex re-keyed, and go with those that are gone.
    async fn renew_choices(&self, scanner: &Scanner) -> Result<(), Stop> {
        let renewed = scanner.renewed_choices();
        let Some(state) = self.session.state.as_ref() else {
            return Ok(());
        };
        if renewed.is_empty() || self.session.dry_run {
            return Ok(());
        }
        let source = self.session.source;
        state
            .write(move |writer| {
                renewed
                    .iter()
                    .try_for_each(|record| writer.put_match_choice(source, record))
            })
            .await?;
        Ok(())
    }

    /// Items for which a person's decision waits: to be compared although nothing changed.
    async fn chosen(&self) -> Result<Vec<ItemKey>, Stop> {
        let Some(state) = &self.session.state else {
            return Ok(Vec::new());
        };
        let server = self.session.sections.server;
        let chosen = state
            .read_long(move |reader| reader.chosen_items(server))
            .await?;
        Ok(chosen.into_iter().map(|(key, _)| key).collect())
    }

    /// The files that new and changed items hold.
    async fn paths_of(&self, news: &News) -> Vec<PathHash> {
        let library = Arc::clone(&self.session.library);
        let news = news.items.clone();
        self.session
            .blocking
            .run(move || {
                let mut keys = news.iter().peekable();
                let mut paths: Vec<PathHash> = Vec::new();
                while keys.peek().is_some() {
                    let page: Vec<ItemKey> = keys.by_ref().take(PIECE).collect();
                    // A cache that fails is met again by the scan, which says so.
                    let items = library.get(&page).unwrap_or_default();
                    paths.extend(
                        items
                            .into_iter()
                            .flatten()
                            .flat_map(|item| item.identity.paths),
                    );
                }
                paths.sort_unstable();
                paths.dedup();
                paths.shrink_to_fit();
                paths
            })
            .await
    }

    fn scanner(
        &self,
        news: &News,
        chosen: Vec<ItemKey>,
        news_paths: Vec<PathHash>,
        choices: MatchChoices,
        held_at_most: usize,
    ) -> Scanner {
        let session = &self.session;
        let mut to_compare = news.items.clone();
        for key in chosen {
            to_compare.insert(key);
        }
        Scanner {
            source: self.source.clone(),
            server: session.sections.server,
            sections: session
                .sections
                .all
                .iter()
                .map(|section| section.uuid)
                .collect(),
            rules: self.path_rules.clone(),
            path_hash: Arc::clone(&session.path_hash),
            library: Arc::clone(&session.library),
            matches: session.matches.clone(),
            news: to_compare,
            choices,
            complete: news.is_complete(),
            renewed: Mutex::default(),
            news_paths,
            settings: session.settings_digest,
            limit: self.wish.limit,
            only: self.wish.only.clone(),
            held_at_most,
            timings: session.timings.clone(),
            cache_failed: AtomicBool::new(false),
        }
    }

    async fn scan(&self, core: &Arc<Core>, scanner: &Arc<Scanner>) -> Result<Scan, Stop> {
        self.session.phase(Phase::Match, None);
        self.session.forget_unread();
        let reporter = core.reporter.clone();
        let control = core.control.subscribe();
        let scanner = Arc::clone(scanner);
        let scan = core
            .deps
            .blocking
            .run(move || {
                let _span =
                    tracing::debug_span!(target: "syncslate::timing", "source_walk").entered();
                scanner.scan(&mut |counts: Counts| {
                    reporter.progress(|summary, phases| {
                        summary.items_read = counts.read;
                        summary.matched = counts.matched;
                        summary.not_in_plex = counts.not_in_plex;
                        summary.ambiguous = counts.ambiguous;
                        if let Some(phase) = phases.last_mut() {
                            phase.done = counts.matched;
                        }
                    });
                    !control.borrow().ends()
                })
            })
            .await
            .map_err(source_stop)?;
        self.go_on(core).await?;
        for unreadable in &scan.walk.unreadable {
            let path = self.source.root.join(&unreadable.path);
            let reason = format!("could not be read ({}).", unreadable.reason);
            self.session.unreadable(&path.to_string_lossy(), &reason);
        }
        let named = u64::try_from(scan.walk.unreadable.len()).unwrap_or(u64::MAX);
        self.session
            .unreadable_more(scan.walk.unreadable_count.saturating_sub(named));
        Ok(scan)
    }

    async fn compare(
        &self,
        core: &Arc<Core>,
        scanner: Arc<Scanner>,
        scan: Scan,
    ) -> Result<(), Stop> {
        let session = &self.session;
        session.phase(Phase::Compare, Some(scan.counts.candidates));
        // A run that goes on had counted these before.
        session.reporter.progress(|summary, _| {
            summary.kept = 0;
            summary.conflicts = 0;
        });
        // A little ahead, so that the folder is read while Plex answers; never the whole source in memory.
        let (pieces, mut received) = tokio::sync::mpsc::channel::<Vec<Candidate>>(2);
        let whole = scan.walk.complete;
        let walking = self.stream(scanner, scan, pieces);
        let mut chunk = Chunk::default();
        let filling = &mut chunk;
        // The receiver goes with this future: when comparing ends early, the walk finds nobody to send to, and ends too.
        let comparing = async move {
            while let Some(piece) = received.recv().await {
                self.go_on(core).await?;
                compare::compare(session, piece, whole, filling).await?;
                if filling.is_full() {
                    filling.store(session).await?;
                }
            }
            Ok::<_, Stop>(())
        };
        let (walked, compared) = futures::future::join(walking, comparing).await;
        compared?;
        walked.map_err(source_stop)?;
        chunk.store(session).await
    }

    /// Sends the candidates piece by piece; ends early where the receiver went.
    async fn stream(
        &self,
        scanner: Arc<Scanner>,
        scan: Scan,
        pieces: tokio::sync::mpsc::Sender<Vec<Candidate>>,
    ) -> Result<(), SourceError> {
        if self.session.blocking == crate::blocking::Blocking::Threads {
            return self
                .session
                .blocking
                .run(move || {
                    scanner.candidates(scan, PIECE, &mut |piece| {
                        pieces.blocking_send(piece).is_ok()
                    })
                })
                .await;
        }
        let mut all = Vec::new();
        let walked = scanner.candidates(scan, PIECE, &mut |piece| {
            all.push(piece);
            true
        });
        for piece in all {
            if pieces.send(piece).await.is_err() {
                break;
            }
        }
        walked
    }

    /// Ends the run where its plan takes away more than may go unseen.
    async fn brake(&self) -> Result<(), Stop> {
        let Some(state) = &self.session.state else {
            return Ok(());
        };
        let server = self.session.sections.server;
        for (section, removed) in self.session.removed() {
            let known = state
                .read_long(move |reader| reader.known_values(server, section))
                .await?;
            if plan::brake::is_too_much(removed, known) {
                let section = self.session.sections.of(section).title.clone();
                return Err(Stop::Asks {
                    section,
                    removed,
                    known,
                });
            }
        }
        Ok(())
    }

    /// A change to an item that no source speaks of concerns nobody: it is news no longer. One of which a source spoke
    /// once stays news, since that may come back unchanged, as with a folder that was elsewhere for a while.
    async fn settle_unmatched(&self, keys: Vec<ItemKey>) -> Result<(), Stop> {
        let Some(state) = self.session.state.as_ref().filter(|_| !keys.is_empty()) else {
            return Ok(());
        };
        if self.session.dry_run {
            return Ok(());
        }
        let keys = state
            .read_long(move |reader| {
                let mut unknown = Vec::with_capacity(keys.len());
                for key in keys {
                    if reader.base(key)?.is_none() && reader.kept(key)?.is_none() {
                        unknown.push(key);
                    }
                }
                Ok(unknown)
            })
            .await?;
        let library = Arc::clone(&self.session.library);
        let told = self
            .session
            .blocking
            .run(move || {
                for page in keys.chunks(PIECE) {
                    let items = library.get(page)?;
                    let settled: Vec<_> = items
                        .into_iter()
                        .flatten()
                        .map(|item| (item.key, item.stand()))
                        .collect();
                    library.settle(&settled)?;
                }
                Ok::<_, crate::library::CacheError>(())
            })
            .await;
        if let Err(error) = told {
            tracing::debug!(%error, "the library cache was not told of items without a source");
        }
        Ok(())
    }

    async fn write(&self, core: &Arc<Core>) -> Result<(), Stop> {
        let (session, most) = (&self.session, self.max_concurrency);
        match finish::write(core, session, most, &self.record, None).await? {
            Drained::Empty => Ok(()),
            Drained::Cancelled => Err(ended(core)),
        }
    }

    /// Waits out a pause; ends where a person cancelled.
    async fn go_on(&self, core: &Arc<Core>) -> Result<(), Stop> {
        if crate::write::may_go(&mut core.control.subscribe()).await {
            Ok(())
        } else {
            Err(ended(core))
        }
    }

    /// Only of a whole look at the source.
    fn totals(&self, scan: &Scan, news: &News) -> Option<Totals> {
        if self.wish.limit.is_some() || self.wish.only.is_some() {
            return None;
        }
        let plex_items = u32::try_from(news.listed()).unwrap_or(u32::MAX);
        let tied = u32::try_from(scan.items_with_source()).unwrap_or(u32::MAX);
        Some(Totals {
            source_items: scan.counts.read,
            plex_items,
            matched: scan.counts.matched,
            not_in_plex: scan.counts.not_in_plex,
            not_in_source: plex_items.saturating_sub(tied),
        })
    }
}

fn cache_failed() -> Stop {
    Stop::Source("Plex's library could not be held in memory. Nothing was changed.".to_owned())
}

/// Why a person ended the run.
pub(super) fn ended(core: &Core) -> Stop {
    if *core.control.borrow() == Control::Leave {
        Stop::Left
    } else {
        Stop::Cancelled
    }
}

#[expect(clippy::needless_pass_by_value, reason = "reads as a conversion")]
fn source_stop(error: SourceError) -> Stop {
    Stop::Source(error.to_string())
}

/// The state in which a run shows itself while a person has it paused or not.
pub(super) fn shown(control: Control) -> RunState {
    match control {
        Control::Pause => RunState::Paused,
        Control::Go | Control::Cancel | Control::Leave => RunState::Running,
    }
}
