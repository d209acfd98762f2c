//! What Plex must hold after a sync, and the comparison with what it holds.
//!
//! Attributes go by Plex's names for lockable fields (`title`, `titleSort`, `genre`, `thumb` …). Not here: reading what a
//! server holds (`held`), and working expectations out, which is `reckon`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::attribute::is_picture;
use super::held::Held;
use super::reckon::same;
use crate::{ItemKind, LibraryState};

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Nothing is there.
    Nothing,
    /// Exactly this text, or a date as `YYYY-MM-DD`.
    Text(String),
    /// A whole number.
    Whole(i32),
    /// A rating in tenths.
    Tenths(i32),
    /// These tags, in any order and letter case.
    Tags(Vec<String>),
    /// These actors, in any order and letter case.
    Cast {
        /// Their names.
        names: Vec<String>,
        /// As many as there are names.
        parts: Vec<Part>,
    },
    /// The selected picture has bytes of this SHA-1, in lower-case hex.
    Picture(String),
}

/// What is true of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// What they play; `""` where that is nothing.
    pub role: String,
    /// The address of their picture, `""` where there is none; `None` where it does not matter.
    pub picture: Option<String>,
}

/// What sources say of sets of which they say more than the name.
pub const SET_OVERVIEW: &str = "Films that belong together.";

/// Where an item is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Title of its section.
    pub section: String,
    /// Its name in [`crate::SectionState::items`]: the first file of a leaf, `show <guid>` and the like of what has no file.
    pub name: String,
}

/// What must be true of one Plex item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemWant {
    /// What it is.
    pub kind: ItemKind,
    /// The exact value of each attribute; an attribute that is not named may hold anything.
    pub values: BTreeMap<&'static str, Want>,
    /// Which attributes must be locked, and which must not be; one that is not named may be either.
    pub locks: BTreeMap<&'static str, bool>,
    /// The attributes that a sync must write. Where there are none, the item must not be touched.
    pub written: BTreeSet<&'static str>,
    /// The attributes on which the source has another value, and a person's stays.
    pub kept: BTreeSet<&'static str>,
    /// Of those, the ones on which both sides changed since the last sync.
    pub conflicts: BTreeSet<&'static str>,
}

/// What must be true of a library after a sync.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Every item of every section that was generated.
    pub items: BTreeMap<Place, ItemWant>,
    /// The collections that syncs made and whose source says [`SET_OVERVIEW`] of them, by section and title; `true` of
    /// those that the latest sync makes.
    pub collections: BTreeMap<Place, bool>,
    /// Media files below the source folder that Plex does not hold.
    pub not_in_plex: Vec<String>,
    /// The source items of which Plex holds no file: films, but also their shows, seasons, artists and albums.
    pub items_not_in_plex: usize,
    /// What can be read below the source folder: one per .nfo or `.info.json` (per episode in it), and one per season that
    /// has pictures alone, or only a title in its show's file (of those, only what Plex has).
    pub source_items: usize,
    /// The files (and seasons without one) that those items stand in: several episodes may share one.
    pub source_files: usize,
    /// The .nfo files below the source folder that cannot be read.
    pub broken: usize,
    /// The .nfo files that are about another kind of item than the file beside which they stand. They change nothing.
    pub misplaced: usize,
    /// Of those, the films beside episodes: they can be read like others, and Plex holds no such item of the file. An
    /// episode beside a film is none of them, since it may well be meant for an other video.
    pub misplaced_videos: usize,
}

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The attribute.
    pub attribute: &'static str,
    /// What must be there.
    pub want: String,
    /// What is there.
    pub held: String,
}

impl Expectation {
    /// The items of one section, by name.
    pub fn section<'a>(
        &'a self,
        section: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a ItemWant)> {
        let items = self.items.iter();
        items
            .filter(move |(place, _)| place.section == section)
            .map(|(place, want)| (place.name.as_str(), want))
    }

    /// One item of a section.
    pub fn get(&self, section: &str, name: &str) -> Option<&ItemWant> {
        self.items.get(&Place::new(section, name))
    }

    /// [`Self::get`], to bend what is expected of it.
    pub fn get_mut(&mut self, section: &str, name: &str) -> Option<&mut ItemWant> {
        self.items.get_mut(&Place::new(section, name))
    }

    /// How many items a sync must write to, collections that it makes included.
    pub fn changed(&self) -> usize {
        let items = self.items.values().filter(|item| !item.untouched());
        items.count() + self.new_collections()
    }

    /// How many attributes a sync must write.
    pub fn fields_written(&self) -> usize {
        let items = self.items.values().map(|item| item.written.len());
        items.sum::<usize>() + self.new_collections()
    }

    fn new_collections(&self) -> usize {
        self.collections.values().filter(|is_new| **is_new).count()
    }

    /// How many attributes both sides changed.
    pub fn conflicts(&self) -> usize {
        self.items.values().map(|item| item.conflicts.len()).sum()
    }

    /// On how many attributes a person's value stays though the source has another.
    pub fn kept(&self) -> usize {
        self.items.values().map(|item| item.kept.len()).sum()
    }

    /// The same for some sections only, as for a sync that is told of no other. What is counted of the source stays.
    #[must_use]
    pub fn only(mut self, sections: &[&str]) -> Self {
        self.items
            .retain(|place, _| sections.contains(&place.section.as_str()));
        self.collections
            .retain(|place, _| sections.contains(&place.section.as_str()));
        self
    }

    /// What is not as it must be in an emulator's library, one line each: items that are missing, items that nobody expects
    /// (in the sections that were generated), and every attribute and lock that differs.
    pub fn check(&self, library: &LibraryState) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (place, want) in &self.items {
            let section = library.sections.get(&place.section);
            match section.and_then(|section| section.items.get(&place.name)) {
                None => lines.push(format!("{place}: is not there")),
                Some(item) if item.kind != want.kind => {
                    lines.push(format!("{place}: is a {}", item.kind.name()));
                }
                Some(item) => {
                    let found = want.differences(&Held::from_state(item), true);
                    lines.extend(
                        found
                            .into_iter()
                            .map(|difference| format!("{place}: {difference}")),
                    );
                }
            }
        }
        let sections: BTreeSet<&String> = self.items.keys().map(|place| &place.section).collect();
        for section in sections {
            let items = library.sections.get(section);
            let names = items.into_iter().flat_map(|section| section.items.keys());
            let strangers = names.filter(|name| self.get(section, name).is_none());
            lines.extend(strangers.map(|name| format!("{section}: {name}: nobody expects it")));
        }
        for place in self.collections.keys() {
            let section = library.sections.get(&place.section);
            let held = section.and_then(|section| section.collections.get(&place.name));
            let summary = held.and_then(|held| held.fields.get("summary"));
            if summary.map(String::as_str) != Some(SET_OVERVIEW) {
                lines.push(format!("{place}: the collection's summary is {summary:?}"));
            }
        }
        lines
    }
}

impl ItemWant {
    /// An item of which nothing is known.
    pub(super) fn new(kind: ItemKind) -> Self {
        Self {
            kind,
            values: BTreeMap::new(),
            locks: BTreeMap::new(),
            written: BTreeSet::new(),
            kept: BTreeSet::new(),
            conflicts: BTreeSet::new(),
        }
    }

    /// Whether a sync must send no edit at all to this item.
    pub fn untouched(&self) -> bool {
        self.written.is_empty()
    }

    /// What is not as it must be. `pictures`: whether `held` carries the pictures' hashes.
    pub fn differences(&self, held: &Held, pictures: bool) -> Vec<Difference> {
        let mut found = Vec::new();
        for (&attribute, want) in &self.values {
            if is_picture(attribute) && !pictures {
                continue;
            }
            let now = held.get(attribute);
            if !same(want, &now) {
                found.push(Difference {
                    attribute,
                    want: want.to_string(),
                    held: now.to_string(),
                });
            }
        }
        for (&attribute, &want) in &self.locks {
            let now = held.locked.contains(attribute);
            if want != now {
                let word = |locked| if locked { "locked" } else { "unlocked" }.to_owned();
                found.push(Difference {
                    attribute,
                    want: word(want),
                    held: word(now),
                });
            }
        }
        found
    }
}

impl Place {
    /// The place of that name in that section.
    pub fn new(section: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            section: section.into(),
            name: name.into(),
        }
    }
}

impl Want {
    /// A rating of 0 to 10.
    #[allow(clippy::cast_possible_truncation)] // ratings are 0–10
    pub(super) fn rating(rating: f64) -> Self {
        Self::Tenths((rating * 10.0).round() as i32)
    }

    /// The tags, where it holds some.
    pub(super) fn tags(&self) -> &[String] {
        match self {
            Self::Tags(tags) | Self::Cast { names: tags, .. } => tags,
            _ => &[],
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.section, self.name)
    }
}

impl fmt::Display for Want {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => out.write_str("nothing"),
            Self::Text(text) => write!(out, "{text:?}"),
            Self::Whole(number) => write!(out, "{number}"),
            Self::Tenths(tenths) => write!(out, "{}.{}", tenths / 10, tenths % 10),
            Self::Tags(tags) => write!(out, "{tags:?}"),
            Self::Cast { names, parts } => {
                let actors = names.iter().zip(parts);
                let told = actors.map(|(name, part)| {
                    let picture = part.picture.as_deref().unwrap_or("any");
                    format!("{name} as {:?}, picture {picture:?}", part.role)
                });
                out.debug_list().entries(told).finish()
            }
            Self::Picture(sha1) => write!(out, "picture {sha1}"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: must be {}, is {}",
            self.attribute, self.want, self.held
        )
    }
}
