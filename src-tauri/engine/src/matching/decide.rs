//! From the files of a source item and what the path index says of each to a match or a reason why not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Mapped;
use crate::model::{Aim, ItemKey, PlexItem, RatingKey, SectionUuid};

/// A file of a source item, and the Plex items that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHits {
    /// The file as the source sees it.
    pub source_path: String,
    /// Its path in Plex; `None` where no rule covers it.
    pub mapped: Option<Mapped>,
    /// The Plex items that hold the mapped path, in any order.
    pub hits: Vec<Hit>,
}

/// A Plex item that holds a path, and what it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The item: a film, an episode, a track.
    pub key: ItemKey,
    /// Its season or album.
    pub parent: Option<u64>,
    /// Its show or artist.
    pub grandparent: Option<u64>,
    /// The season's number.
    pub parent_index: Option<i32>,
}

impl Hit {
    /// What the library cache says of an item.
    pub fn of(item: &PlexItem) -> Self {
        Self {
            key: item.key,
            parent: item.parent,
            grandparent: item.grandparent,
            parent_index: item.parent_index,
        }
    }

    /// The item that is meant; `None` where there is none such.
    pub fn aimed(&self, aim: Aim) -> Option<ItemKey> {
        let rating_key = match aim {
            Aim::Item => return Some(self.key),
            Aim::Parent(Some(number)) if self.parent_index != Some(number) => return None,
            Aim::Parent(_) => self.parent,
            Aim::Grandparent => self.grandparent,
        };
        Some(ItemKey {
            rating_key: RatingKey(rating_key?),
            ..self.key
        })
    }
}

/// Why a source item was tied to a Plex item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The path rule that fitted, counted from 0; `None` where there are none.
    pub rule: Option<usize>,
    /// The file as the source sees it.
    pub source_path: String,
    /// The file as Plex should see it, and does.
    pub plex_path: String,
}

/// A source item tied to a Plex item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The Plex item.
    pub key: ItemKey,
    /// Why.
    pub evidence: Evidence,
}

/// What was found for a source item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatchOutcome {
    /// The Plex items that hold its files, by key; at least one.
    Matched(Vec<Match>),
    /// Plex holds none of these paths. Empty where the source item has no media file at all.
    NotInPlex {
        /// Its files as Plex should hold them.
        paths: Vec<String>,
    },
    /// No path rule covers any of its files.
    NoRule {
        /// The first of its files.
        source_path: String,
    },
    /// Its files lead to different Plex items of one section.
    Ambiguous {
        /// A sentence for people.
        why: String,
    },
}

/// Decides by full path alone. Every item that holds a mapped path is a match (two sections, two versions); files that
/// lead to different items of the same section, as where one `movie.nfo` lies beside two films, decide nothing. Files
/// that Plex does not hold (a sample, a trailer) do not count where another file is held.
///
/// Shows, seasons, artists and albums have no files in Plex: with such an aim, what the items of the files are part of is
/// the match, by the same rule.
pub fn decide(files: &[FileHits], aim: Aim) -> MatchOutcome {
    let mut matches: BTreeMap<ItemKey, Evidence> = BTreeMap::new();
    let mut by_section: BTreeMap<SectionUuid, Vec<(&FileHits, BTreeSet<ItemKey>)>> =
        BTreeMap::new();
    let mut unheld = Vec::new();
    for file in files {
        let Some(mapped) = &file.mapped else { continue };
        if file.hits.is_empty() {
            unheld.push(mapped.path.clone());
        }
        for key in file.hits.iter().filter_map(|hit| hit.aimed(aim)) {
            matches.entry(key).or_insert_with(|| Evidence {
                rule: mapped.rule,
                source_path: file.source_path.clone(),
                plex_path: mapped.path.clone(),
            });
            let in_section = by_section.entry(key.section).or_default();
            match in_section
                .iter_mut()
                .find(|(known, _)| std::ptr::eq(*known, file))
            {
                Some((_, keys)) => drop(keys.insert(key)),
                None => in_section.push((file, BTreeSet::from([key]))),
            }
        }
    }
    for held in by_section.values() {
        let Some(((first, first_keys), others)) = held.split_first() else {
            continue;
        };
        if let Some((other, _)) = others.iter().find(|(_, keys)| keys.is_disjoint(first_keys)) {
            return MatchOutcome::Ambiguous {
                why: format!(
                    "“{}” and “{}” belong to different items in Plex.",
                    file_name(&first.source_path),
                    file_name(&other.source_path)
                ),
            };
        }
    }
    if !matches.is_empty() {
        let matches = matches
            .into_iter()
            .map(|(key, evidence)| Match { key, evidence });
        return MatchOutcome::Matched(matches.collect());
    }
    match files.first() {
        Some(first) if files.iter().all(|file| file.mapped.is_none()) => MatchOutcome::NoRule {
            source_path: first.source_path.clone(),
        },
        _ => MatchOutcome::NotInPlex { paths: unheld },
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
