//! The first look at a source: which of its items are to be compared, and which Plex items they mean.
//!
//! The folder is walked once; unchanged items cost one look into the match cache. Candidates are kept while they are
//! few; of a whole new library they would be too many to hold, and the folder is walked a second time. Not here: what
//! the files say (`compare`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::match_choices::{MatchChoices, Said};
use super::reading::Fresh;
use crate::library::{LibraryCache, PathHasher};
use crate::matching::{Claims, MatchOutcome as Decision, PathRules, Place, Rank, Writers};
use crate::model::{ItemKey, PathHash, PlexItem, SectionUuid, ServerNumber};
use crate::source::SourceError;
use crate::source::nfo::{Entry, NfoSource, SeasonTitles, WalkSummary};
use crate::store::{Cache, MatchChoiceRecord, MatchOutcome, MatchRecord};
use crate::timing::{OperationTimer, Timings};

/// Looks at source items one piece at a time. Blocks.
pub(super) struct Scanner {
    pub(super) source: NfoSource,
    pub(super) server: ServerNumber,
    pub(super) sections: Vec<SectionUuid>,
    pub(super) rules: PathRules,
    pub(super) path_hash: Arc<PathHasher>,
    pub(super) library: Arc<dyn LibraryCache>,
    pub(super) matches: Cache,
    /// Plex items that are new or changed.
    pub(super) news: Fresh,
    /// What they hold, ascending.
    pub(super) news_paths: Vec<PathHash>,
    /// What a person said of single source items.
    pub(super) choices: MatchChoices,
    /// Whether the library cache holds all that Plex has.
    pub(super) complete: bool,
    /// Choices whose item moved or is gone, by source item.
    pub(super) renewed: Mutex<BTreeMap<String, MatchChoiceRecord>>,
    /// Digest of the settings that decide what is written.
    pub(super) settings: [u8; 16],
    pub(super) limit: Option<u32>,
    pub(super) only: Option<String>,
    /// Candidates held in memory; above that the folder is walked again.
    pub(super) held_at_most: usize,
    pub(super) timings: Timings,
    /// Set as soon as the library cache fails: what was not found proves nothing then.
    pub(super) cache_failed: AtomicBool,
}

/// A source item that must be compared.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) entry: Entry,
    /// The Plex items that it means and writes.
    pub(super) items: Vec<ItemKey>,
    /// Sections in which several items hold its files, so that the path does not tell which one is meant.
    pub(super) shared_in: Vec<SectionUuid>,
    /// Its files as Plex has them.
    pub(super) paths: Vec<PathHash>,
}

/// Plex items, each with the source item's place among those that mean it.
pub(super) type Ranked = Vec<(ItemKey, Rank)>;

/// What a source item means.
#[derive(Debug)]
struct Found {
    items: Ranked,
    shared_in: Vec<SectionUuid>,
    paths: Vec<PathHash>,
    /// It is known to write nothing while the writers stay who they are.
    was_also_here: bool,
}

/// What a scan found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) counts: Counts,
    pub(super) walk: WalkSummary,
    writers: Writers,
    few: Option<Vec<(Entry, Found)>>,
}

/// Figures of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) read: u32,
    pub(super) matched: u32,
    pub(super) not_in_plex: u32,
    pub(super) ambiguous: u32,
    /// Matched items that must be compared.
    pub(super) candidates: u32,
}

enum Look {
    Settled(Ranked),
    Matched(Found),
    NotInPlex,
    Ambiguous,
    /// No source item.
    NotSynced,
}

impl Scan {
    /// How many Plex items some source item speaks of.
    pub(super) fn items_with_source(&self) -> usize {
        self.writers.len()
    }
}

impl Scanner {
    /// Whether the scan cannot be trusted.
    pub(super) fn cache_failed(&self) -> bool {
        self.cache_failed.load(Ordering::Relaxed)
    }

    /// The news that no source item speaks of. Only of a whole scan.
    pub(super) fn news_without_source(&self, scan: &Scan) -> Vec<ItemKey> {
        self.news
            .iter()
            .filter(|item| scan.writers.writer(*item).is_none())
            .collect()
    }

    /// The choices that are no longer what is stored.
    pub(super) fn renewed_choices(&self) -> Vec<MatchChoiceRecord> {
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.values().cloned().collect()
    }

    /// Walks the source. `progress` is told the counts after each piece, and ends the walk by `false`.
    pub(super) fn scan(
        &self,
        progress: &mut dyn FnMut(Counts) -> bool,
    ) -> Result<Scan, SourceError> {
        let mut scan = Scan {
            few: Some(Vec::new()),
            ..Scan::default()
        };
        let mut claims = Claims::default();
        let counts = &mut scan.counts;
        let few = &mut scan.few;
        let walk = self.walk(&mut |entries| {
            for (entry, look) in self.look(entries) {
                counts.read += u32::from(!matches!(look, Look::NotSynced));
                match look {
                    Look::Settled(items) => {
                        counts.matched += 1;
                        for (key, rank) in &items {
                            claims.claim(*key, *rank);
                        }
                    }
                    Look::Matched(found) => {
                        counts.matched += 1;
                        counts.candidates += 1;
                        for (key, rank) in &found.items {
                            claims.claim(*key, *rank);
                        }
                        if let Some(held) = few.as_mut() {
                            held.push((entry, found));
                            if held.len() > self.held_at_most {
                                *few = None;
                            }
                        }
                    }
                    Look::NotInPlex => counts.not_in_plex += 1,
                    Look::Ambiguous => counts.ambiguous += 1,
                    Look::NotSynced => {}
                }
            }
            progress(*counts)
        })?;
        scan.walk = walk;
        scan.writers = claims.close();
        Ok(scan)
    }

    /// Gives the candidates to `sink` in pieces of at most `piece`, until it says `false`.
    pub(super) fn candidates(
        &self,
        scan: Scan,
        piece: usize,
        sink: &mut dyn FnMut(Vec<Candidate>) -> bool,
    ) -> Result<(), SourceError> {
        let writers = scan.writers;
        let mut gathered: Vec<Candidate> = Vec::with_capacity(piece);
        let mut items_gathered = 0;
        let mut give = |entry: Entry, found: Found| {
            let items: Vec<ItemKey> = found
                .items
                .into_iter()
                .filter(|(key, rank)| writers.is_writer(*key, *rank))
                .map(|(key, _)| key)
                .collect();
            if items.is_empty() && found.was_also_here {
                return true;
            }
            let is_full = gathered.len() == piece || items_gathered + items.len() > piece;
            if is_full && !gathered.is_empty() {
                items_gathered = 0;
                if !sink(std::mem::take(&mut gathered)) {
                    return false;
                }
            }
            items_gathered += items.len();
            gathered.push(Candidate {
                entry,
                items,
                shared_in: found.shared_in,
                paths: found.paths,
            });
            true
        };
        match scan.few {
            Some(few) => {
                for (entry, found) in few {
                    if !give(entry, found) {
                        return Ok(());
                    }
                }
            }
            None => {
                self.walk(&mut |entries| {
                    for (entry, look) in self.look(entries) {
                        if let Look::Matched(found) = look
                            && !give(entry, found)
                        {
                            return false;
                        }
                    }
                    true
                })?;
            }
        }
        if !gathered.is_empty() {
            sink(gathered);
        }
        Ok(())
    }

    fn walk(&self, see: &mut dyn FnMut(Vec<Entry>) -> bool) -> Result<WalkSummary, SourceError> {
        let mut left = self.limit.map_or(usize::MAX, |limit| limit as usize);
        self.source.walk(self.only.as_deref(), &mut |mut entries| {
            entries.truncate(left);
            left -= entries.len();
            if see(entries) && left > 0 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })
    }

    fn look(&self, entries: Vec<Entry>) -> Vec<(Entry, Look)> {
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        let records = self.matches.find_matches(self.source.number, &ids);
        let mut titles = SeasonTitles::default();
        let (mut silent, mut stale) = (Vec::new(), Vec::new());
        let looked = entries
            .into_iter()
            .zip(records)
            .map(|(mut entry, record)| {
                let timer = OperationTimer::start(&self.timings, "match");
                let mut look = self.look_at(&mut entry, record, &mut stale);
                drop(timer);
                if entry.is_unsure() {
                    look = self.if_named(&entry, look, &mut titles, &mut silent);
                }
                (entry, look)
            })
            .collect();
        if !stale.is_empty() {
            let ids: Vec<&str> = stale.iter().map(String::as_str).collect();
            self.matches.remove_matches(self.source.number, &ids);
        }
        if !silent.is_empty() {
            self.matches.put_matches(self.source.number, &silent);
        }
        looked
    }

    /// Adds it to `stale` where its record names other items than it means now.
    fn look_at(
        &self,
        entry: &mut Entry,
        record: Option<MatchRecord>,
        stale: &mut Vec<String>,
    ) -> Look {
        let said = self.said(&entry.id);
        if let Some(said) = &said {
            said.mark(&mut entry.stamp);
        }
        let unchanged =
            record.filter(|record| record.stamp == entry.stamp && record.settings == self.settings);
        if let Some(record) = &unchanged {
            match record.outcome {
                MatchOutcome::Matched => {
                    if let Some(items) = self.settled(entry, record, said.as_ref()) {
                        return Look::Settled(items);
                    }
                    self.matches.match_was_stale();
                }
                MatchOutcome::NotSynced => return Look::NotSynced,
                // Plex may hold it by now; asking the path index costs next to nothing.
                MatchOutcome::NotInPlex | MatchOutcome::Ambiguous | MatchOutcome::AlsoHere => {}
            }
        }
        let decided = self.decide(entry, said.as_ref());
        let keys: Vec<ItemKey> = match &decided.outcome {
            Decision::Matched(matches) => matches.iter().map(|found| found.key).collect(),
            _ => Vec::new(),
        };
        // Once the items that it names are settled, which may be this run's doing, it would pass for settled itself, and a
        // later run would not look at what this one does not come to.
        if let Some(record) = &unchanged
            && record.outcome == MatchOutcome::Matched
            && (record.items.len() != keys.len()
                || record.items.iter().any(|item| !keys.contains(item)))
        {
            stale.push(entry.id.clone());
        }
        match decided.outcome {
            Decision::Matched(_) => {
                let items = self.library.get(&keys).unwrap_or_default();
                let paths = self.paths(entry, said.as_ref());
                Look::Matched(Found {
                    items: self.ranked(entry, &paths, &keys, &items, &decided.chosen),
                    shared_in: shared(&keys),
                    paths,
                    was_also_here: unchanged
                        .is_some_and(|record| record.outcome == MatchOutcome::AlsoHere),
                })
            }
            Decision::NotInPlex { .. } | Decision::NoRule { .. } => Look::NotInPlex,
            Decision::Ambiguous { why } => {
                tracing::info!(
                    source = entry.id,
                    why,
                    "it is not clear which item is meant"
                );
                Look::Ambiguous
            }
        }
    }

    /// The same for a season of which only its show's file could speak: nothing is counted or claimed for one that it does
    /// not name. Those are added to `silent`, so that the file is not opened for them again.
    fn if_named(
        &self,
        entry: &Entry,
        look: Look,
        titles: &mut SeasonTitles,
        silent: &mut Vec<MatchRecord>,
    ) -> Look {
        match look {
            Look::Matched(_) => {}
            Look::Settled(_) | Look::NotSynced => return look,
            // The show itself is counted and shown.
            Look::NotInPlex | Look::Ambiguous => return Look::NotSynced,
        }
        let timer = OperationTimer::start(&self.timings, "source_read");
        let title = titles.of(entry);
        drop(timer);
        match title {
            Ok(Some(_)) => look,
            Ok(None) => {
                silent.push(MatchRecord {
                    source_id: entry.id.clone(),
                    stamp: entry.stamp,
                    settings: self.settings,
                    items: Vec::new(),
                    done: Vec::new(),
                    outcome: MatchOutcome::NotSynced,
                });
                Look::NotSynced
            }
            // Named as the show's own file, and looked at again.
            Err(_) => Look::NotSynced,
        }
    }

    /// The items of an unchanged record, if every one is still there and none is news, nor any other that holds a file of
    /// it: Plex may have come to hold it twice.
    fn settled(&self, entry: &Entry, record: &MatchRecord, said: Option<&Said>) -> Option<Ranked> {
        let keys = &record.items;
        let is_open = |key: &ItemKey| self.news.contains(key) || !record.done.contains(key);
        if keys.is_empty() || keys.iter().any(is_open) {
            return None;
        }
        let paths = self.paths(entry, said);
        let is_news = |path: &PathHash| self.news_paths.binary_search(path).is_ok();
        if paths.iter().any(is_news) {
            return None;
        }
        let items = self.library.get(keys).ok()?;
        let chosen: Vec<ItemKey> = said
            .into_iter()
            .flat_map(|said| said.accepted.iter().map(|item| item.key))
            .collect();
        items
            .iter()
            .all(Option::is_some)
            .then(|| self.ranked(entry, &paths, keys, &items, &chosen))
    }

    /// Its files as Plex has them, and those of the items that a person chose for it.
    pub(super) fn paths(&self, entry: &Entry, said: Option<&Said>) -> Vec<PathHash> {
        let mapped = entry.files.iter().filter_map(|file| self.rules.apply(file));
        let chosen = said.into_iter().flat_map(|said| &said.accepted);
        mapped
            .map(|mapped| (self.path_hash)(&mapped.path))
            .chain(chosen.flat_map(|item| item.identity.paths.iter().copied()))
            .collect()
    }

    pub(super) fn ranked(
        &self,
        entry: &Entry,
        paths: &[PathHash],
        keys: &[ItemKey],
        items: &[Option<PlexItem>],
        chosen: &[ItemKey],
    ) -> Ranked {
        keys.iter()
            .enumerate()
            .map(|(at, key)| {
                let first = items
                    .get(at)
                    .and_then(Option::as_ref)
                    .and_then(|item| item.files.first())
                    .map(|file| (self.path_hash)(file));
                let is_first = first.is_some_and(|first| paths.contains(&first));
                let place = if chosen.contains(key) {
                    Place::Chosen
                } else if is_first {
                    Place::FirstPart
                } else {
                    Place::OtherPart
                };
                (*key, Rank::new(self.source.number, place, &entry.id))
            })
            .collect()
    }
}

/// Sections of which several items are among these.
fn shared(keys: &[ItemKey]) -> Vec<SectionUuid> {
    let mut seen = BTreeSet::new();
    let mut shared: Vec<SectionUuid> = keys
        .iter()
        .map(|key| key.section)
        .filter(|section| !seen.insert(*section))
        .collect();
    shared.dedup();
    shared
}
