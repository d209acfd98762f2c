//! What is found for one source item: by its full paths, and by what a person said of it.
//!
//! Not here: whether it must be looked at at all (`scan`), how paths decide (`matching`).

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::match_choices::Said;
use super::scan::Scanner;
use crate::matching::{self, Evidence, FileHits, Hit, Match, MatchOutcome as Decision};
use crate::model::{ItemKey, SectionUuid};
use crate::source::nfo::Entry;
use crate::store::MatchChoiceRecord;

/// What was found for a source item, with what a person said of it.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) outcome: Decision,
    /// The matches that a person chose.
    pub(super) chosen: Vec<ItemKey>,
    /// Items that hold its files and were ruled out.
    pub(super) rejected: BTreeSet<ItemKey>,
}

impl Scanner {
    /// What a person said of a source item, and what has become of it.
    pub(super) fn said(&self, source_id: &str) -> Option<Said> {
        let said = self.choices.of(
            source_id,
            &self.sections,
            self.library.as_ref(),
            self.complete,
        );
        let said = said.unwrap_or_else(|_| {
            self.cache_failed.store(true, Ordering::Relaxed);
            None
        })?;
        if let Some(record) = &said.renewed {
            self.renewed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(source_id.to_owned(), record.clone());
        }
        Some(said)
    }

    /// What is found for a source item. In a section for which a person chose, their choice is the match, whatever its
    /// path says; what they ruled out is none, whatever its path says.
    pub(super) fn decide(&self, entry: &Entry, said: Option<&Said>) -> Decided {
        let mut files: Vec<FileHits> = entry.files.iter().map(|file| self.hits(file)).collect();
        let mut rejected = BTreeSet::new();
        if let Some(said) = said {
            for file in &mut files {
                file.hits.retain(|hit| {
                    let aimed = hit
                        .aimed(entry.aim)
                        .filter(|key| said.rejected.contains(key));
                    rejected.extend(aimed);
                    aimed.is_none()
                });
            }
        }
        let mut outcome = matching::decide(&files, entry.aim);
        let mut chosen = Vec::new();
        if let Some(said) = said.filter(|said| !said.accepted.is_empty()) {
            let mut matches = match outcome {
                Decision::Matched(matches) => matches,
                Decision::NotInPlex { .. }
                | Decision::NoRule { .. }
                | Decision::Ambiguous { .. } => Vec::new(),
            };
            let sections = said.accepted.iter().map(|item| item.key.section);
            let sections: BTreeSet<SectionUuid> = sections.collect();
            matches.retain(|found| !sections.contains(&found.key.section));
            for item in &said.accepted {
                chosen.push(item.key);
                matches.push(Match {
                    key: item.key,
                    evidence: Evidence {
                        rule: None,
                        source_path: entry.files.first().cloned().unwrap_or_default(),
                        plex_path: item.files.first().cloned().unwrap_or_default(),
                    },
                });
            }
            matches.sort_by_key(|found| found.key);
            outcome = Decision::Matched(matches);
        }
        Decided {
            outcome,
            chosen,
            rejected,
        }
    }

    /// The items that hold a file, in all sections.
    pub(super) fn hits(&self, file: &str) -> FileHits {
        matching::try_path(&self.rules, file, |path| {
            let hash = (self.path_hash)(path);
            let sections = self.sections.iter();
            let held = sections.flat_map(|section| {
                let found = self.library.at_path(self.server, *section, hash);
                found.unwrap_or_else(|_| {
                    self.cache_failed.store(true, Ordering::Relaxed);
                    Vec::new()
                })
            });
            held.map(|item| Hit::of(&item)).collect()
        })
    }

    /// The choice of a source item as it stands now; an empty one where nothing was said.
    pub(super) fn said_so_far(&self, source_id: &str) -> MatchChoiceRecord {
        self.said(source_id)
            .and_then(|said| said.renewed)
            .or_else(|| self.choices.stored(source_id).cloned())
            .unwrap_or_default()
    }
}
