//! What a set of rules would do, before anybody saves it: to one path, and to all source items together.
//!
//! Not here: where the paths come from, and the index that says what Plex holds.

use super::{FileHits, Hit, MatchOutcome, PathRules};

/// What the rules make of one source path; `held_by` is asked for the items that hold a path in Plex.
pub fn try_path(
    rules: &PathRules,
    source_path: &str,
    held_by: impl FnOnce(&str) -> Vec<Hit>,
) -> FileHits {
    let mapped = rules.apply(source_path);
    let hits = mapped
        .as_ref()
        .map_or_else(Vec::new, |mapped| held_by(&mapped.path));
    FileHits {
        source_path: source_path.to_owned(),
        mapped,
        hits,
    }
}

/// What the rules make of a whole source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Source items.
    pub items: u32,
    /// Those that Plex holds.
    pub matched: u32,
    /// Those that a rule covers and Plex does not hold.
    pub not_in_plex: u32,
    /// Those that no rule covers.
    pub no_rule: u32,
    /// Those whose files lead to different items.
    pub ambiguous: u32,
    /// Per rule, how many items have a file that it was the first to fit.
    pub covered_by: Vec<u32>,
    /// Per rule, how many items Plex holds through it.
    pub matched_by: Vec<u32>,
}

impl Reach {
    /// Nothing yet, of so many rules.
    pub fn new(rules: &PathRules) -> Self {
        Self {
            covered_by: vec![0; rules.len()],
            matched_by: vec![0; rules.len()],
            ..Self::default()
        }
    }

    /// Counts one source item.
    pub fn add(&mut self, files: &[FileHits], outcome: &MatchOutcome) {
        self.items += 1;
        for (rule, count) in self.covered_by.iter_mut().enumerate() {
            *count += u32::from(files.iter().any(|file| through(file) == Some(rule)));
        }
        match outcome {
            MatchOutcome::Matched(matches) => {
                self.matched += 1;
                for (rule, count) in self.matched_by.iter_mut().enumerate() {
                    let held = matches.iter().any(|one| one.evidence.rule == Some(rule));
                    *count += u32::from(held);
                }
            }
            MatchOutcome::NotInPlex { .. } => self.not_in_plex += 1,
            MatchOutcome::NoRule { .. } => self.no_rule += 1,
            MatchOutcome::Ambiguous { .. } => self.ambiguous += 1,
        }
    }
}

fn through(file: &FileHits) -> Option<usize> {
    file.mapped.as_ref()?.rule
}
