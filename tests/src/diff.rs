//! What differs between two libraries, one line per value: for messages of failing tests.

use std::collections::BTreeSet;
use std::fmt::Debug;

use syncslate_emulator::{Habits, ItemState, LibraryState, TagEdit};

/// One line per value that differs; empty where both are equal.
pub fn differences(left: &LibraryState, right: &LibraryState) -> Vec<String> {
    let mut lines = Vec::new();
    for (title, section) in &left.sections {
        let Some(other) = right.sections.get(title) else {
            continue;
        };
        for (path, item) in &section.items {
            if let Some(other) = other.items.get(path) {
                items(&mut lines, path, item, other);
            }
        }
    }
    if lines.is_empty() {
        left.differences(right)
    } else {
        lines
    }
}

fn items(lines: &mut Vec<String>, path: &str, left: &ItemState, right: &ItemState) {
    let mut differ = |what: &str, left: &dyn Debug, right: &dyn Debug| {
        let (left, right) = (format!("{left:?}"), format!("{right:?}"));
        if left != right {
            lines.push(format!("{path}: {what}: {left} / {right}"));
        }
    };
    let names: BTreeSet<_> = left.fields.keys().chain(right.fields.keys()).collect();
    for name in names {
        differ(name, &left.fields.get(name), &right.fields.get(name));
    }
    let names: BTreeSet<_> = left.tags.keys().chain(right.tags.keys()).collect();
    for name in names {
        differ(name, &left.tags.get(name), &right.tags.get(name));
    }
    differ("roles", &left.roles, &right.roles);
    differ("locks", &left.locks, &right.locks);
    differ("poster", &left.poster, &right.poster);
    differ("background", &left.background, &right.background);
    differ("key", &left.rating_key, &right.rating_key);
    differ("guid", &left.guid, &right.guid);
    differ("files", &left.files, &right.files);
    differ("updated at", &left.updated_at, &right.updated_at);
    differ("added at", &left.added_at, &right.added_at);
}

/// The same with tags in order of name: a server whose tag edits add keeps the order of those that are there, so that a
/// tag that went and came back stands last. Where edits replace, the order is the one that was sent.
#[must_use]
pub fn as_ordered_by(mut state: LibraryState, habits: Habits) -> LibraryState {
    if habits.tag_edit == TagEdit::Adds {
        let sections = state.sections.values_mut();
        for item in sections.flat_map(|section| section.items.values_mut()) {
            item.tags.values_mut().for_each(|tags| tags.sort());
        }
    }
    state
}
