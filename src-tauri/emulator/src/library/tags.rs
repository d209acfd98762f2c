//! Tags: one table for the server, one spelling per section.
//!
//! A tag keeps its id and spelling once it was used, even when no item has it any more. Not here: collections, which
//! are more than their tag (`collections`).

use std::collections::BTreeMap;

/// Name in an edit, name of the element, how many a listing carries.
pub(crate) const TAG_KINDS: [(&str, &str, usize); 10] = [
    ("genre", "Genre", 2),
    ("director", "Director", 2),
    ("writer", "Writer", 2),
    ("producer", "Producer", 0),
    ("country", "Country", 2),
    ("collection", "Collection", usize::MAX),
    ("actor", "Role", 3),
    ("label", "Label", usize::MAX),
    ("mood", "Mood", 2),
    ("style", "Style", 2),
];

/// The static name of a kind of tag that Plex knows.
pub(crate) fn tag_kind(name: &str) -> Option<&'static str> {
    TAG_KINDS
        .iter()
        .map(|(kind, _, _)| *kind)
        .find(|kind| *kind == name)
}

/// Every tag that was ever used.
#[derive(Debug, Default)]
pub(crate) struct TagTable {
    names: BTreeMap<u64, String>,
    ids: BTreeMap<(u32, &'static str, String), u64>,
}

impl TagTable {
    /// The id of a tag of a section; a spelling in another case finds the one that is there. `None` for an empty name.
    pub fn intern(&mut self, section: u32, kind: &'static str, name: &str) -> Option<u64> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        let next = self.names.len() as u64 + 1;
        let id = *self.ids.entry((section, kind, fold(name))).or_insert(next);
        self.names.entry(id).or_insert_with(|| name.to_owned());
        Some(id)
    }

    /// The id of a tag that was used before.
    pub fn find(&self, section: u32, kind: &'static str, name: &str) -> Option<u64> {
        self.ids.get(&(section, kind, fold(name.trim()))).copied()
    }

    pub fn name(&self, id: u64) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    /// Gives a tag another name, also where a tag that is no longer used had it.
    pub fn rename(&mut self, section: u32, kind: &'static str, id: u64, name: &str) {
        self.ids.retain(|_, known| *known != id);
        self.ids.insert((section, kind, fold(name)), id);
        self.names.insert(id, name.to_owned());
    }
}

fn fold(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    name.nfc().flat_map(char::to_lowercase).collect()
}
