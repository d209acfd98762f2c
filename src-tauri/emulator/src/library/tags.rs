//! Tags: one table for the server, one spelling of each.
//!
//! A tag keeps its id and spelling once it was used, even when no item has it any more. Not here: collections, which
//! are more than their tag (`collections`).

use std::collections::BTreeMap;

use super::ItemKind::{self, Album, Artist, Collection, Episode, Movie, Season, Show, Track};

/// A kind of tag, and what carries it.
pub(crate) struct TagKind {
    /// Its name in an edit.
    pub name: &'static str,
    /// Its element in an answer.
    pub element: &'static str,
    /// How many of them a listing carries.
    pub listed: usize,
    held_by: &'static [ItemKind],
}

/// Every kind of tag, in the order in which Plex answers.
pub(crate) const TAG_KINDS: [TagKind; 11] = [
    row("genre", "Genre", 2, &[Movie, Show, Artist, Album, Track]),
    row("director", "Director", 2, &[Movie, Episode]),
    row("writer", "Writer", 2, &[Movie, Episode]),
    row("producer", "Producer", 0, &[Movie]),
    row("country", "Country", 2, &[Movie, Artist]),
    row("collection", "Collection", usize::MAX, &MEMBERS),
    row("actor", "Role", 3, &[Movie, Show, Episode]),
    row("label", "Label", usize::MAX, &LABELLED),
    row("mood", "Mood", 2, &[Artist, Album, Track]),
    row("style", "Style", 2, &[Artist, Album]),
    row("similar", "Similar", 0, &[Artist]),
];

const MEMBERS: [ItemKind; 7] = [Movie, Show, Season, Episode, Artist, Album, Track];

const LABELLED: [ItemKind; 8] = [
    Movie, Show, Season, Episode, Artist, Album, Track, Collection,
];

const fn row(
    name: &'static str,
    element: &'static str,
    listed: usize,
    held_by: &'static [ItemKind],
) -> TagKind {
    TagKind {
        name,
        element,
        listed,
        held_by,
    }
}

impl TagKind {
    pub fn is_held_by(&self, kind: ItemKind) -> bool {
        self.held_by.contains(&kind)
    }
}

/// A kind of tag that Plex knows.
pub(crate) fn tag_kind(name: &str) -> Option<&'static TagKind> {
    TAG_KINDS.iter().find(|kind| kind.name == name)
}

/// Where a name means the same tag: on the whole server, but for collections, of which each section and each kind of
/// member has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TagScope(Option<(u32, ItemKind)>);

impl TagScope {
    pub fn of(kind: &str, section: u32, members: ItemKind) -> Self {
        Self((kind == "collection").then_some((section, members)))
    }
}

/// Every tag that was ever used.
#[derive(Debug, Default)]
pub(crate) struct TagTable {
    names: BTreeMap<u64, String>,
    ids: BTreeMap<(TagScope, &'static str, String), u64>,
    /// How a person looks, an address: the same wherever the person plays.
    faces: BTreeMap<u64, String>,
}

impl TagTable {
    /// The id of a tag; a spelling in another case finds the one that is there. `None` for an empty name.
    pub fn intern(&mut self, scope: TagScope, kind: &'static str, name: &str) -> Option<u64> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        let next = self.names.len() as u64 + 1;
        let id = *self.ids.entry((scope, kind, fold(name))).or_insert(next);
        self.names.entry(id).or_insert_with(|| name.to_owned());
        Some(id)
    }

    /// The id of a tag that was used before.
    pub fn find(&self, scope: TagScope, kind: &'static str, name: &str) -> Option<u64> {
        self.ids.get(&(scope, kind, fold(name.trim()))).copied()
    }

    pub fn name(&self, id: u64) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    /// The address of a person's picture.
    pub fn face(&self, id: u64) -> Option<&str> {
        self.faces.get(&id).map(String::as_str)
    }

    /// Sets a person's picture, or takes it away.
    pub fn set_face(&mut self, id: u64, address: &str) {
        if address.is_empty() {
            self.faces.remove(&id);
        } else {
            self.faces.insert(id, address.to_owned());
        }
    }

    /// Gives a tag another name, also where a tag that is no longer used had it.
    pub fn rename(&mut self, scope: TagScope, kind: &'static str, id: u64, name: &str) {
        self.ids.retain(|_, known| *known != id);
        self.ids.insert((scope, kind, fold(name)), id);
        self.names.insert(id, name.to_owned());
    }
}

pub(super) fn fold(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    name.nfc().flat_map(char::to_lowercase).collect()
}
