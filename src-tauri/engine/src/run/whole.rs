//! All source items at once, each with its match, as far as one of them depends on the others: who writes what, and whose
//! files are the only ones of their name.
//!
//! Not here: what is said of it (`match_answers`), what resembles what (`matching`).

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Decided;
use super::scan::Ranked;
use super::survey::{Broken, Survey};
use crate::matching::{Claims, Endings, Hit, MatchOutcome, Rank, Resemblance, Writers, resembling};
use crate::model::{Aim, ItemKey, PlexItem, SectionUuid};
use crate::source::nfo::{Entry, SeasonTitles};

/// Everything about all source items that one of them depends on.
pub(super) struct Whole {
    pub(super) held: Vec<Held>,
    pub(super) writers: Writers,
    /// Who goes by a rank, among those that write something that others mean too.
    pub(super) ids: BTreeMap<Rank, String>,
    pub(super) source: Endings<()>,
    pub(super) plex: Endings<ItemKey>,
}

/// A source item, looked at.
pub(super) struct Held {
    pub(super) id: String,
    pub(super) aim: Aim,
    pub(super) files: Vec<String>,
    pub(super) decided: Decided,
    pub(super) ranked: Ranked,
}

impl Whole {
    /// Looks at everything.
    pub(super) fn of(survey: &Survey) -> Result<Self, Broken> {
        let scanner = &survey.scanner;
        let mut held = Vec::new();
        let mut claims = Claims::default();
        let mut source = Endings::default();
        let mut titles = SeasonTitles::default();
        survey.each_entry(&mut |entry: Entry| {
            for file in &entry.files {
                source.add(file, ());
            }
            let said = scanner.said(&entry.id);
            let decided = scanner.decide(&entry, said.as_ref());
            let is_matched = matches!(decided.outcome, MatchOutcome::Matched(_));
            if entry.is_unsure() && !(is_matched && matches!(titles.of(&entry), Ok(Some(_)))) {
                // No source item, as far as a sync goes by it.
                return;
            }
            let mut ranked = Ranked::new();
            if let MatchOutcome::Matched(matches) = &decided.outcome {
                let keys: Vec<ItemKey> = matches.iter().map(|found| found.key).collect();
                let items = scanner.library.get(&keys).unwrap_or_default();
                let paths = scanner.paths(&entry, said.as_ref());
                ranked = scanner.ranked(&entry, &paths, &keys, &items, &decided.chosen);
                for (key, rank) in &ranked {
                    claims.claim(*key, *rank);
                }
            }
            held.push(Held {
                id: entry.id,
                aim: entry.aim,
                files: entry.files,
                decided,
                ranked,
            });
        })?;
        let writers = claims.close();
        let ids = if writers.also_here() == 0 {
            BTreeMap::new()
        } else {
            let ranks = held
                .iter()
                .flat_map(|one| one.ranked.iter().map(|(_, rank)| (*rank, one.id.clone())));
            ranks.collect()
        };
        let mut plex = Endings::default();
        survey.each_item(&mut |item| {
            for file in &item.files {
                plex.add(file, item.key);
            }
        })?;
        source.close();
        plex.close();
        Ok(Self {
            held,
            writers,
            ids,
            source,
            plex,
        })
    }

    /// The source item of this id.
    pub(super) fn find(&self, source_id: &str) -> Result<&Held, Broken> {
        let held = self.held.iter().find(|held| held.id == source_id);
        held.ok_or_else(|| {
            Broken::Unanswerable(format!(
                "The source has no item {source_id}. Nothing was changed. It is the path of an .nfo file, relative to the source's folder, with “/”."
            ))
        })
    }
}

/// A Plex item that resembles a source item.
pub(super) struct Resembling {
    pub(super) item: PlexItem,
    pub(super) by: Resemblance,
    pub(super) source_path: String,
    pub(super) plex_path: String,
}

/// The Plex items that resemble a source item that matches nothing: one per section at most (but episodes that share a
/// file), none that another source item writes, none that was ruled out.
pub(super) fn resembling_items(
    survey: &Survey,
    whole: &Whole,
    held: &Held,
) -> Result<Vec<Resembling>, Broken> {
    if !held.ranked.is_empty() {
        return Ok(Vec::new());
    }
    let said = survey.scanner.said(&held.id);
    let mut found: BTreeMap<ItemKey, (Resemblance, String, String)> = BTreeMap::new();
    for file in &held.files {
        let Some((by, keys)) = resembling(file, &whole.source, &whole.plex) else {
            continue;
        };
        for item in survey.scanner.library.get(&keys)?.into_iter().flatten() {
            let Some(key) = Hit::of(&item).aimed(held.aim) else {
                continue;
            };
            let is_ruled_out = said
                .as_ref()
                .is_some_and(|said| said.rejected.contains(&key));
            if is_ruled_out || whole.writers.writer(key).is_some() {
                continue;
            }
            let path = item.files.first().cloned().unwrap_or_default();
            found.entry(key).or_insert_with(|| (by, file.clone(), path));
        }
    }
    // Files that resemble different things of one section decide nothing.
    let mut things: BTreeMap<SectionUuid, BTreeSet<String>> = BTreeMap::new();
    for (key, (_, _, path)) in &found {
        let thing = match held.aim {
            Aim::Item => path.clone(),
            Aim::Parent(_) | Aim::Grandparent => key.rating_key.0.to_string(),
        };
        things.entry(key.section).or_default().insert(thing);
    }
    found.retain(|key, _| {
        things
            .get(&key.section)
            .is_some_and(|things| things.len() == 1)
    });
    let keys: Vec<ItemKey> = found.keys().copied().collect();
    let items = survey.scanner.library.get(&keys)?;
    let shown = items.into_iter().zip(found.into_values());
    Ok(shown
        .filter_map(|(item, (by, source_path, plex_path))| {
            Some(Resembling {
                item: item?,
                by,
                source_path,
                plex_path,
            })
        })
        .collect())
}
