//! Names of fields, policies and list modes in the file, and what comes near to a misspelt one.

use super::keys::Key;
use crate::face::PathRuleKind;
use crate::model::{Field, ListMode, Policy};

/// Every policy, its name and what it does.
pub(super) const POLICIES: [(Policy, &str, &str); 4] = [
    (
        Policy::KeepEdits,
        "keep-plex-edits",
        "follows the source, but leaves what you edited or locked in Plex",
    ),
    (
        Policy::SourceIsRight,
        "source-is-right",
        "replaces what you edited in Plex, too",
    ),
    (
        Policy::FillEmpty,
        "fill-only-if-empty",
        "writes only where Plex has nothing yet",
    ),
    (Policy::Off, "off", "is left as it is in Plex"),
];

/// Every list mode, its name and what it does.
pub(super) const LIST_MODES: [(ListMode, &str, &str); 3] = [
    (
        ListMode::Mirror,
        "mirror",
        "what the source does not have is removed in Plex",
    ),
    (
        ListMode::Own,
        "own",
        "of what the source does not have, only what Syncslate added is removed",
    ),
    (ListMode::Add, "add", "nothing is removed in Plex"),
];

/// Every kind of path rule and its name.
pub(super) const RULE_KINDS: [(PathRuleKind, &str); 2] = [
    (PathRuleKind::Prefix, "prefix"),
    (PathRuleKind::Regex, "regex"),
];

/// A field's name in the file: its code with `-` between the words.
pub fn field_name(field: Field) -> String {
    let mut name = String::new();
    for character in field.code().chars() {
        if character.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

/// A policy's name in the file.
pub fn policy_name(policy: Policy) -> &'static str {
    name_of(&POLICIES.map(|(value, name, _)| (value, name)), policy)
}

/// A list mode's name in the file.
pub fn list_mode_name(mode: ListMode) -> &'static str {
    name_of(&LIST_MODES.map(|(value, name, _)| (value, name)), mode)
}

/// The name that a table of names has for a value.
pub(super) fn name_of<T: Copy + PartialEq>(names: &[(T, &'static str)], wanted: T) -> &'static str {
    names
        .iter()
        .find(|(value, _)| *value == wanted)
        .map_or("", |(_, name)| name)
}

/// Names of the fields that `which` lets through.
pub(super) fn fields(which: impl Fn(Field) -> bool) -> Vec<String> {
    let fields = Field::ALL.into_iter().filter(|field| which(*field));
    fields.map(field_name).collect()
}

/// The key that was probably meant.
pub(super) fn nearest_key(word: &str, keys: &'static [Key]) -> Option<&'static str> {
    let called = keys.iter().flat_map(|key| {
        std::iter::once(&key.name)
            .chain(key.also)
            .map(move |name| (*name, key.name))
    });
    nearest(word, called)
}

/// Of names, each with what it stands for, what the nearest stands for; `None` where none is near.
pub(super) fn nearest<'a, T>(word: &str, names: impl Iterator<Item = (&'a str, T)>) -> Option<T> {
    let word = plain(word);
    // Comparing costs both lengths multiplied, and no name is longer.
    if word.chars().count() > 40 {
        return None;
    }
    let far = (word.chars().count() / 3).clamp(1, 3);
    names
        .map(|(name, meant)| (strsim::damerau_levenshtein(&word, &plain(name)), meant))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, meant)| meant)
}

/// What is left of a name where case and what stands between words say nothing.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}
