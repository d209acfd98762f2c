//! Path rules that nobody has written yet, told from the paths of both sides.
//!
//! A file that both sides hold has the same tail on both; what stands before the tail is a rule. Each pair of paths with
//! the same file in the same folder votes for one rule, and the rules that explain the most files are suggested:
//!
//! 1. Pairs with the same last two names vote. A vote is *sure* where neither side has another file of that tail.
//! 2. The rule with the most sure votes, then the most votes, is taken; its files on both sides vote no more. Again,
//!    until no rule explains enough. A rule that leads from within one that was taken to within where that one leads is
//!    none: there a folder has another name, or another show has the same file names.
//! 3. Files directly in a root share no folder. Names that are alone on both sides vote the same way for what is left.
//! 4. The rules are put in order, the deepest first, applied to every path, and counted by what they then match.
//!
//! Time grows with the number of paths, and the order of the paths decides nothing but how a rule is spelled. Not here:
//! where the paths come from, and whether a person takes a suggestion.

use std::collections::HashSet;

use super::path::normalise_path;
use super::tails::{Paths, Side, spell};
use super::{PathRules, votes};
use crate::face::PathRule;

/// The paths of both sides.
#[derive(Debug, Clone, Copy, Default)]
pub struct BothSides<'a> {
    /// Media files as the source sees them.
    pub source: &'a [String],
    /// The source's folders.
    pub source_roots: &'a [String],
    /// Media files as Plex sees them.
    pub plex: &'a [String],
    /// The folders of Plex's sections.
    pub plex_roots: &'a [String],
    /// Whether the file system of Plex's server ignores case.
    pub case_insensitive: bool,
}

/// Suggested rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggested {
    /// In the order in which they are to be applied. Empty also where both sides have the same paths, which need none.
    pub rules: Vec<SuggestedRule>,
    /// Different source files that were looked at.
    pub files: usize,
    /// Of these those that Plex holds under the very same path.
    pub as_they_are: usize,
}

/// A rule and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedRule {
    /// The rule.
    pub rule: PathRule,
    /// Source files that Plex holds through it, when all suggested rules are applied in their order.
    pub files: usize,
    /// Source files that it covers.
    pub covered: usize,
    /// Different tails of at least two names that only one file on each side has.
    pub sure: usize,
    /// One of its files, on both sides.
    pub example: (String, String),
    /// Other places where Plex holds nearly all of the same files.
    pub instead: Vec<String>,
}

/// Derives rules from both sides' paths.
pub fn suggest_rules(sides: BothSides<'_>) -> Suggested {
    let mut paths = Paths::default();
    let source = paths.read(sides.source, sides.case_insensitive);
    let plex = paths.read(sides.plex, sides.case_insensitive);
    let roots = votes::Roots {
        source: paths.roots(sides.source_roots, sides.case_insensitive),
        plex: paths.roots(sides.plex_roots, sides.case_insensitive),
    };
    let chosen = votes::choose(&source, &plex, &roots);
    let mut rules: Vec<(usize, SuggestedRule)> = chosen
        .into_iter()
        .map(|chosen| {
            let (from, to) = chosen.example;
            let (source_path, plex_path) = (source.text(from), plex.text(to));
            let instead = chosen
                .instead
                .iter()
                .map(|&(plex_file, depth)| spell(plex.text(plex_file), depth))
                .collect();
            let rule = SuggestedRule {
                rule: PathRule::prefix(
                    spell(source_path, chosen.from_depth),
                    spell(plex_path, chosen.to_depth),
                ),
                files: 0,
                covered: 0,
                sure: chosen.sure,
                example: (source_path.to_owned(), plex_path.to_owned()),
                instead,
            };
            (chosen.from_depth, rule)
        })
        .collect();
    // The deepest first, so that no rule hides one that is meant for a part of its files.
    rules.sort_by(|(one, a), (two, b)| two.cmp(one).then_with(|| a.rule.from.cmp(&b.rule.from)));
    let rules = rules.into_iter().map(|(_, rule)| rule).collect();
    counted(sides, &source, rules)
}

/// Applies the rules, and leaves out those that then match nothing.
fn counted(sides: BothSides<'_>, source: &Side<'_>, mut rules: Vec<SuggestedRule>) -> Suggested {
    let normal = |path: &str| normalise_path(path, sides.case_insensitive);
    let held: HashSet<String> = sides.plex.iter().map(|path| normal(path)).collect();
    let as_they_are = source
        .texts()
        .filter(|path| held.contains(&normal(path)))
        .count();
    loop {
        let plain: Vec<PathRule> = rules.iter().map(|one| one.rule.clone()).collect();
        // Prefixes always compile; without rules every path would stand as it is.
        let Ok(applied) = PathRules::new(&plain) else {
            break;
        };
        if applied.is_empty() {
            break;
        }
        for rule in &mut rules {
            (rule.files, rule.covered) = (0, 0);
        }
        for path in source.texts() {
            let Some(mapped) = applied.apply(path) else {
                continue;
            };
            if let Some(rule) = mapped.rule.and_then(|rule| rules.get_mut(rule)) {
                rule.covered += 1;
                rule.files += usize::from(held.contains(&normal(&mapped.path)));
            }
        }
        let before = rules.len();
        rules.retain(|rule| rule.files > 0);
        if rules.len() == before {
            break;
        }
    }
    let needless = |rule: &SuggestedRule| normal(&rule.rule.from) == normal(&rule.rule.to);
    if rules.iter().all(needless) {
        rules.clear();
    }
    Suggested {
        rules,
        files: source.len(),
        as_they_are,
    }
}
