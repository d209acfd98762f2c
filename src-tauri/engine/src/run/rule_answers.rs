//! What a set of rules would do, and which rules the paths of both sides suggest.
//!
//! Not here: how either is worked out (`matching`), how both sides are read (`survey`).

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::survey::{Broken, Survey};
use crate::face::{Answer, PathTrial, PlexPath, RuleReach, RuleSuggestion, RuleTest};
use crate::matching::{self, BothSides, FileHits, Reach, SuggestedRule};
use crate::model::PathHash;

/// Paths shown of each kind: fitted by the same rule, held by Plex or not.
const OF_A_KIND: usize = 3;
/// Kinds of which paths are shown.
const KINDS: usize = 12;
/// Files of Plex shown that no source file would lead to.
const UNLED: usize = 5;

/// Tries the survey's rules on everything, and shows what they make of these paths.
pub(super) fn test(survey: &Survey, paths: &[String]) -> Result<Answer, Broken> {
    let scanner = &survey.scanner;
    let mut reach = Reach::new(&scanner.rules);
    // Only ever asked, never gone through.
    let mut led_to: HashSet<PathHash> = HashSet::new();
    let mut kinds: BTreeMap<(Option<usize>, bool, bool), Vec<FileHits>> = BTreeMap::new();
    survey.each_entry(&mut |entry| {
        let files: Vec<FileHits> = entry.files.iter().map(|file| scanner.hits(file)).collect();
        if !entry.is_unsure() {
            reach.add(&files, &matching::decide(&files, entry.aim));
        }
        for file in files {
            let mapped = file.mapped.as_ref();
            led_to.extend(mapped.map(|mapped| (scanner.path_hash)(&mapped.path)));
            let kind = (
                mapped.and_then(|mapped| mapped.rule),
                mapped.is_some(),
                !file.hits.is_empty(),
            );
            if kinds.len() < KINDS || kinds.contains_key(&kind) {
                let shown = kinds.entry(kind).or_default();
                if shown.len() < OF_A_KIND && !shown.contains(&file) {
                    shown.push(file);
                }
            }
        }
    })?;
    let tried: Vec<FileHits> = if paths.is_empty() {
        kinds.into_values().flatten().collect()
    } else {
        let root = &scanner.source.root;
        let whole = paths.iter().map(|path| whole(root, path));
        whole.map(|path| scanner.hits(&path)).collect()
    };
    let (mut plex_items, mut plex_without_source) = (0, 0);
    let mut plex_paths = Vec::new();
    survey.each_item(&mut |item| {
        let Some(first) = item.files.first() else {
            return;
        };
        plex_items += 1;
        if item
            .identity
            .paths
            .iter()
            .all(|path| !led_to.contains(path))
        {
            plex_without_source += 1;
            if plex_paths.len() < UNLED {
                plex_paths.push(PlexPath {
                    plex_path: first.clone(),
                    item: survey.shown(item),
                });
            }
        }
    })?;
    let paths = tried
        .into_iter()
        .map(|file| trial(survey, file))
        .collect::<Result<_, _>>()?;
    survey.trusted()?;
    let rules = survey.settings.path_rules.iter();
    let figures = reach.covered_by.iter().zip(&reach.matched_by);
    let test = RuleTest {
        items: reach.items,
        matched: reach.matched,
        not_in_plex: reach.not_in_plex,
        no_rule: reach.no_rule,
        ambiguous: reach.ambiguous,
        rules: rules
            .zip(figures)
            .map(|(rule, (covered, matched))| RuleReach {
                rule: rule.clone(),
                covered: *covered,
                matched: *matched,
            })
            .collect(),
        plex_items,
        plex_without_source,
        paths,
        plex_paths,
    };
    Ok(Answer::RulesTested { test })
}

/// A path as the source's files have it.
fn whole(root: &Path, path: &str) -> String {
    let is_whole = path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':');
    if is_whole {
        path.to_owned()
    } else {
        root.join(path).to_string_lossy().into_owned()
    }
}

fn trial(survey: &Survey, file: FileHits) -> Result<PathTrial, Broken> {
    let keys: Vec<_> = file.hits.iter().map(|hit| hit.key).collect();
    let items = survey.scanner.library.get(&keys)?;
    let (path, rule) = match file.mapped {
        Some(mapped) => (Some(mapped.path), mapped.rule),
        None => (None, None),
    };
    Ok(PathTrial {
        source_path: file.source_path,
        rule: rule.and_then(|rule| u32::try_from(rule).ok()),
        plex_path: path,
        items: items
            .iter()
            .flatten()
            .map(|item| survey.shown(item))
            .collect(),
    })
}

/// Derives rules from all paths of both sides.
pub(super) fn suggest(survey: &Survey) -> Result<Answer, Broken> {
    let mut source = Vec::new();
    survey.each_entry(&mut |entry| source.extend(entry.files))?;
    let mut plex = Vec::new();
    survey.each_item(&mut |item| plex.extend(item.files.iter().cloned()))?;
    let root = survey.scanner.source.root.to_string_lossy().into_owned();
    let plex_roots: Vec<String> = survey
        .sections
        .iter()
        .flat_map(|section| section.locations.iter().cloned())
        .collect();
    let suggested = matching::suggest_rules(BothSides {
        source: &source,
        source_roots: &[root],
        plex: &plex,
        plex_roots: &plex_roots,
        case_insensitive: survey.case_insensitive,
    });
    Ok(Answer::RulesSuggested {
        rules: suggested.rules.into_iter().map(suggestion).collect(),
        files: small(suggested.files),
        as_they_are: small(suggested.as_they_are),
    })
}

fn suggestion(suggested: SuggestedRule) -> RuleSuggestion {
    let (example_source, example_plex) = suggested.example;
    RuleSuggestion {
        rule: suggested.rule,
        files: small(suggested.files),
        covered: small(suggested.covered),
        sure: small(suggested.sure),
        example_source,
        example_plex,
        instead: suggested.instead,
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
