//! What is wrong with path rules: where in a pattern, and which rules others leave nothing to.

use std::ops::Range;

use super::found::Place;
use super::secrets::masked;
use crate::face::{PathRule, PathRuleKind, Pattern};
use crate::matching::PathRules;

/// Something that a rule cannot work with.
pub(super) struct RuleFault {
    pub(super) place: Place,
    pub(super) message: String,
}

/// Why a rule cannot work, at the character of the text where that can be said. `from` and `to` are the places of its
/// sides, quotes included.
pub(super) fn fault(
    rule: &PathRule,
    at: usize,
    text: &str,
    from: Range<usize>,
    to: Range<usize>,
) -> Option<RuleFault> {
    if rule.kind == PathRuleKind::Prefix {
        return rule.check(at).err().map(|error| RuleFault {
            place: from.into(),
            message: error.message,
        });
    }
    let fault = Pattern::new(&rule.from, &rule.to).err()?;
    let (value, side) = if fault.is_right() {
        (&rule.to, to)
    } else {
        (&rule.from, from)
    };
    let caret = fault
        .at()
        .and_then(|character| character_of(value, character, text, &side))
        .unwrap_or_else(|| side.clone());
    Some(RuleFault {
        place: Place {
            caret,
            about: Some(side),
        },
        message: format!("Path rule {}: {}", at + 1, masked(&fault.to_string())),
    })
}

/// Where a character of a value, counted from 1, stands in the text; `None` where the value is written in codes.
fn character_of(
    value: &str,
    character: usize,
    text: &str,
    side: &Range<usize>,
) -> Option<Range<usize>> {
    let written = text.get(side.start + 1..side.end.checked_sub(1)?)?;
    if written != value {
        return None;
    }
    let skipped = written.char_indices().nth(character - 1);
    let at = side.start + 1 + skipped.map_or(written.len(), |(at, _)| at);
    Some(at..at + 1)
}

/// Most rules that are compared with each other; it costs their number squared.
const COMPARED: usize = 300;

/// Rules that never apply, each with the earlier one that leaves it nothing; both counted from 0.
pub(super) fn covered(rules: &[PathRule]) -> Vec<(usize, usize)> {
    let mut covered = Vec::new();
    for later in 1..rules.len().min(COMPARED) {
        let earlier = (0..later).find(|earlier| covers(&rules[*earlier], &rules[later]));
        covered.extend(earlier.map(|earlier| (later, earlier)));
    }
    covered
}

/// Whether each path that `later` fits is one that `earlier` fits. `false` also where that is hard to tell.
fn covers(earlier: &PathRule, later: &PathRule) -> bool {
    if (&earlier.from, earlier.kind) == (&later.from, later.kind) {
        return true;
    }
    match (earlier.kind, later.kind) {
        (PathRuleKind::Regex, _) => matches!(earlier.from.as_str(), ".*" | "(.*)"),
        (PathRuleKind::Prefix, PathRuleKind::Prefix) => begins(earlier, &later.from),
        (PathRuleKind::Prefix, PathRuleKind::Regex) => {
            let folder = named_folder(&later.from);
            !folder.is_empty() && begins(earlier, folder)
        }
    }
}

/// The folder in which a pattern's paths all lie, as far as it is plainly named; empty where it is not.
fn named_folder(pattern: &str) -> &str {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | ' ' | '-' | '_');
    let end = pattern.find(|c| !is_plain(c)).unwrap_or(pattern.len());
    let (named, rest) = pattern.split_at(end);
    // What is repeated may not be there at all.
    let named = match named.char_indices().next_back() {
        Some((last, _)) if rest.starts_with(['?', '*', '{']) => &named[..last],
        _ => named,
    };
    if pattern.contains('|') {
        return "";
    }
    named.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a prefix rule fits a path and with it everything below.
fn begins(rule: &PathRule, path: &str) -> bool {
    // What ignores case and what does not are hard to compare.
    let has_case = |path: &str| !path.contains('\\') && !path.contains(':');
    has_case(&rule.from) == has_case(path)
        && PathRules::new(std::slice::from_ref(rule)).is_ok_and(|rules| rules.apply(path).is_some())
}
