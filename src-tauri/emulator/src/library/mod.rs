//! The content of the server and what can be done to it: plain data and pure functions of it; time is passed in.
//!
//! Not here: HTTP (`routes`), JSON and XML (`wire`), prices (`cost`).

mod agent;
mod collections;
mod dump;
mod edit;
mod fields;
mod gallery;
mod intake;
mod query;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

pub(crate) use agent::Told;
pub(crate) use edit::Edit;
pub use edit::EditError;
pub(crate) use fields::{FIELDS, Value};
pub(crate) use gallery::{Gallery, PictureKind};
pub(crate) use query::{Filter, Order};
pub(crate) use tags::{TAG_KINDS, TagTable, tag_kind};

use crate::seed::SectionKind;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A film (type 1).
    Movie,
    /// A show (2).
    Show,
    /// A season (3).
    Season,
    /// An episode (4).
    Episode,
    /// A collection (18).
    Collection,
}

impl ItemKind {
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        [
            Self::Movie,
            Self::Show,
            Self::Season,
            Self::Episode,
            Self::Collection,
        ]
        .into_iter()
        .find(|kind| kind.number() == number)
    }

    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Movie => 1,
            Self::Show => 2,
            Self::Season => 3,
            Self::Episode => 4,
            Self::Collection => 18,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Show => "show",
            Self::Season => "season",
            Self::Episode => "episode",
            Self::Collection => "collection",
        }
    }

    pub(crate) fn of_section(kind: SectionKind) -> Self {
        match kind {
            SectionKind::Movie => Self::Movie,
            SectionKind::Show => Self::Show,
        }
    }
}

/// Everything the server holds.
#[derive(Debug, Default)]
pub(crate) struct Library {
    pub sections: Vec<Section>,
    pub items: BTreeMap<u64, Item>,
    pub tags: TagTable,
    /// Collection tag → key of the collection.
    pub collections: BTreeMap<u64, u64>,
    /// Parent → children in the order of their numbers.
    pub children: BTreeMap<u64, Vec<u64>>,
    /// SHA-1 → bytes, each kept once.
    pub blobs: BTreeMap<String, Bytes>,
    pub last_key: u64,
    /// Grows with everything that is done.
    pub changes: u64,
    pub uploads: u64,
}

/// A section.
#[derive(Debug)]
pub(crate) struct Section {
    pub id: u32,
    pub uuid: String,
    pub title: String,
    pub kind: SectionKind,
    pub locations: Vec<String>,
    pub created_at: i64,
    pub scanned_at: i64,
}

/// A film, show, season, episode or collection.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub key: u64,
    pub section: u32,
    pub kind: ItemKind,
    pub guid: String,
    pub parent: Option<u64>,
    pub index: Option<i32>,
    pub files: Vec<String>,
    pub fields: BTreeMap<&'static str, Value>,
    /// Kind of tag (`genre` …) → ids in order.
    pub tags: BTreeMap<&'static str, Vec<u64>>,
    pub locks: BTreeSet<String>,
    pub posters: Gallery,
    pub backgrounds: Gallery,
    pub agent: Told,
    /// Of a collection: its tag and members.
    pub collection: Option<Membership>,
    pub added_at: i64,
    pub updated_at: i64,
}

/// What makes an item a collection.
#[derive(Debug, Clone)]
pub(crate) struct Membership {
    pub tag: u64,
    pub members: BTreeSet<u64>,
}

impl Item {
    pub fn text(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub fn whole(&self, field: &str) -> Option<i64> {
        match self.fields.get(field) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    pub fn title(&self) -> &str {
        self.text("title")
    }

    pub fn sort_title(&self) -> &str {
        match self.text("titleSort") {
            "" => self.title(),
            sort => sort,
        }
    }

    pub fn is_locked(&self, field: &str) -> bool {
        self.locks.contains(field)
    }

    pub fn gallery(&self, kind: PictureKind) -> &Gallery {
        match kind {
            PictureKind::Poster => &self.posters,
            PictureKind::Background => &self.backgrounds,
        }
    }

    pub fn gallery_mut(&mut self, kind: PictureKind) -> &mut Gallery {
        match kind {
            PictureKind::Poster => &mut self.posters,
            PictureKind::Background => &mut self.backgrounds,
        }
    }
}

impl Library {
    pub fn section(&self, id: u32) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    pub fn children_of(&self, key: u64) -> impl Iterator<Item = &Item> {
        self.children
            .get(&key)
            .into_iter()
            .flatten()
            .filter_map(|child| self.items.get(child))
    }

    /// The item's leaves: episodes of a show or season; the item itself where it has no children.
    pub fn leaves_of(&self, key: u64) -> Vec<&Item> {
        let mut leaves = Vec::new();
        for child in self.children_of(key) {
            if self.children.contains_key(&child.key) {
                leaves.extend(self.leaves_of(child.key));
            } else {
                leaves.push(child);
            }
        }
        leaves
    }

    /// Takes an item and all below it out of the library.
    pub fn delete(&mut self, key: u64) -> Result<(), EditError> {
        for child in self.children.remove(&key).unwrap_or_default() {
            self.delete(child)?;
        }
        let Some(item) = self.items.get(&key) else {
            return Err(EditError::NotFound(key));
        };
        if let Some(membership) = &item.collection {
            let (tag, members) = (membership.tag, membership.members.clone());
            for member in members {
                self.leave_collection(member, tag);
            }
            return Ok(());
        }
        let tags = item.tags.get("collection").cloned().unwrap_or_default();
        let parent = item.parent;
        for tag in tags {
            self.leave_collection(key, tag);
        }
        if let Some(siblings) = parent.and_then(|parent| self.children.get_mut(&parent)) {
            siblings.retain(|sibling| *sibling != key);
        }
        self.items.remove(&key);
        Ok(())
    }

    /// Gives an item a new key, as Plex does on some scans; everything else stays. Returns the new key.
    pub fn rekey(&mut self, key: u64, now: i64) -> Result<u64, EditError> {
        let mut item = self.items.remove(&key).ok_or(EditError::NotFound(key))?;
        let new = self.new_key();
        item.key = new;
        item.updated_at = now;
        for child in self.children.get(&key).cloned().unwrap_or_default() {
            if let Some(child) = self.items.get_mut(&child) {
                child.parent = Some(new);
            }
        }
        if let Some(children) = self.children.remove(&key) {
            self.children.insert(new, children);
        }
        if let Some(siblings) = item
            .parent
            .and_then(|parent| self.children.get_mut(&parent))
        {
            for sibling in siblings.iter_mut().filter(|sibling| **sibling == key) {
                *sibling = new;
            }
        }
        for tag in item.tags.get("collection").into_iter().flatten() {
            let collection = self
                .collections
                .get(tag)
                .and_then(|key| self.items.get_mut(key));
            if let Some(membership) = collection.and_then(|item| item.collection.as_mut()) {
                membership.members.remove(&key);
                membership.members.insert(new);
            }
        }
        if let Some(membership) = &item.collection {
            self.collections.insert(membership.tag, new);
        }
        self.items.insert(new, item);
        Ok(new)
    }

    pub fn new_key(&mut self) -> u64 {
        self.last_key += 1;
        self.last_key
    }
}
