//! A plain picture of the whole library, so that tests compare libraries instead of answers.
//!
//! Items stand under their first file; what has none (shows, seasons, artists, albums) under its guid. Pictures that could be
//! chosen are not part of it, since they only pile up: see [`crate::Emulator::pictures_of`]. Not here: how it is made (`library`).

use std::collections::{BTreeMap, BTreeSet};

use crate::ItemKind;
use crate::library::guid_without_key;

/// Every section by its title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LibraryState {
    /// Title → content.
    pub sections: BTreeMap<String, SectionState>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SectionState {
    /// First file (shows, artists, albums: `show <guid>` …, seasons: `season <show's guid> <number>`; in place of a guid
    /// that is made of the key the first file below) → item. Of episodes that share a file, all but the first stand
    /// under `<file> #<season>.<number>`.
    pub items: BTreeMap<String, ItemState>,
    /// Title → collection; of something else than the section's own items `<title> (album)` and the like.
    pub collections: BTreeMap<String, CollectionState>,
}

/// Anything but a collection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemState {
    /// What it is.
    pub kind: ItemKind,
    /// Its key; 0 after [`LibraryState::without_keys`].
    pub rating_key: u64,
    /// Plex's guid.
    pub guid: String,
    /// All its files.
    pub files: Vec<String>,
    /// Plex's name of a field → value as XML shows it; empty values are not there, `titleSort` only where it differs.
    pub fields: BTreeMap<String, String>,
    /// Plex's names of the locked fields.
    pub locks: BTreeSet<String>,
    /// `genre`, `director`, `actor`, `collection` … → tags in order; empty lists are not there.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Actor → what is known beyond the name; those of whom nothing is are not there.
    pub roles: BTreeMap<String, RoleState>,
    /// SHA-1 of the selected poster's bytes.
    pub poster: Option<String>,
    /// SHA-1 of the selected background's bytes.
    pub background: Option<String>,
    /// SHA-1 of the selected clear logo's bytes.
    pub clear_logo: Option<String>,
    /// SHA-1 of the selected square art's bytes.
    pub square_art: Option<String>,
    /// How often a leaf was watched.
    pub view_count: u32,
    /// Epoch seconds; `None` after [`LibraryState::without_timestamps`].
    pub last_viewed_at: Option<i64>,
    /// When it went to the trash, in epoch seconds.
    pub deleted_at: Option<i64>,
    /// Epoch seconds; 0 after [`LibraryState::without_timestamps`].
    pub added_at: i64,
    /// Epoch seconds; 0 after [`LibraryState::without_timestamps`].
    pub updated_at: i64,
}

/// One of a cast.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct RoleState {
    /// What is played.
    pub role: Option<String>,
    /// The address of the person's picture.
    pub thumb: Option<String>,
}

/// One collection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CollectionState {
    /// Its key; 0 after [`LibraryState::without_keys`].
    pub rating_key: u64,
    /// Its members under the same names as [`SectionState::items`].
    pub members: BTreeSet<String>,
    /// Its members as it shows them, where `sort` is 2; otherwise empty, since the members' own values say it.
    pub order: Vec<String>,
    /// `collectionSort`
    pub sort: i64,
    /// `collectionMode`, where somebody set it.
    pub mode: Option<i64>,
    /// Whether a filter decides who its members are.
    pub is_smart: bool,
    /// Its fields, as [`ItemState::fields`].
    pub fields: BTreeMap<String, String>,
    /// Plex's names of the locked fields.
    pub locks: BTreeSet<String>,
    /// Its tags (labels), as [`ItemState::tags`].
    pub tags: BTreeMap<String, Vec<String>>,
    /// SHA-1 of the selected poster's bytes.
    pub poster: Option<String>,
    /// SHA-1 of the selected background's bytes.
    pub background: Option<String>,
    /// SHA-1 of the selected clear logo's bytes.
    pub clear_logo: Option<String>,
    /// SHA-1 of the selected square art's bytes.
    pub square_art: Option<String>,
}

impl LibraryState {
    /// The same without `added_at`, `updated_at` and `last_viewed_at`.
    #[must_use]
    pub fn without_timestamps(mut self) -> Self {
        for item in self.items_mut() {
            item.added_at = 0;
            item.updated_at = 0;
            item.last_viewed_at = None;
        }
        self
    }

    /// The same without rating keys and the guids that are made of them, for libraries whose items were keyed anew.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        for section in self.sections.values_mut() {
            for collection in section.collections.values_mut() {
                collection.rating_key = 0;
            }
        }
        for item in self.items_mut() {
            if let Some(start) = guid_without_key(&item.guid, item.rating_key) {
                item.guid = format!("{start}0");
            }
            item.rating_key = 0;
        }
        self
    }

    /// The same with every tag in lower case and in order of name: for runs that write in another order, where another
    /// item's spelling of a tag came first.
    #[must_use]
    pub fn with_plain_tags(mut self) -> Self {
        for item in self.items_mut() {
            for tags in item.tags.values_mut() {
                for tag in tags.iter_mut() {
                    *tag = tag.to_lowercase();
                }
                tags.sort();
            }
            item.roles = std::mem::take(&mut item.roles)
                .into_iter()
                .map(|(actor, role)| (actor.to_lowercase(), role))
                .collect();
        }
        for section in self.sections.values_mut() {
            section.collections = std::mem::take(&mut section.collections)
                .into_iter()
                .map(|(title, mut collection)| {
                    if let Some(title) = collection.fields.get_mut("title") {
                        *title = title.to_lowercase();
                    }
                    (title.to_lowercase(), collection)
                })
                .collect();
        }
        self
    }

    /// The item with this first file, in whatever section.
    pub fn item(&self, file: &str) -> Option<&ItemState> {
        self.sections
            .values()
            .find_map(|section| section.items.get(file))
    }

    /// What differs from `other`, one line per difference, for messages of failing tests: empty where they are equal.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let titles: BTreeSet<_> = self.sections.keys().chain(other.sections.keys()).collect();
        let none = SectionState::default();
        for title in titles {
            let ours = self.sections.get(title).unwrap_or(&none);
            let theirs = other.sections.get(title).unwrap_or(&none);
            compare(&mut lines, title, &ours.items, &theirs.items);
            compare(&mut lines, title, &ours.collections, &theirs.collections);
        }
        lines
    }

    fn items_mut(&mut self) -> impl Iterator<Item = &mut ItemState> {
        self.sections
            .values_mut()
            .flat_map(|section| section.items.values_mut())
    }
}

fn compare<T: PartialEq + std::fmt::Debug>(
    lines: &mut Vec<String>,
    section: &str,
    ours: &BTreeMap<String, T>,
    theirs: &BTreeMap<String, T>,
) {
    let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    for name in names {
        match (ours.get(name), theirs.get(name)) {
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => {
                lines.push(format!("{section}: {name}\n  {left:?}\n  {right:?}"));
            }
            (Some(_), None) => lines.push(format!("{section}: {name} is only on the left")),
            (None, _) => lines.push(format!("{section}: {name} is only on the right")),
        }
    }
}
