//! The content of the server and what can be done to it: plain data and pure functions of it; time is passed in.
//!
//! Not here: HTTP (`routes`), JSON and XML (`wire`), prices (`cost`).

mod agent;
mod apply;
mod collections;
mod dump;
mod edit;
mod fields;
mod gallery;
mod intake;
mod items;
mod kinds;
mod merge;
mod order;
mod query;
mod sections;
mod tags;
mod tree;
mod watched;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

pub(crate) use agent::Told;
pub(crate) use collections::{CollectionSort, MemberSource, Membership};
pub(crate) use edit::Edit;
pub use edit::EditError;
pub(crate) use fields::{FIELDS, Value};
pub use gallery::PictureKind;
pub(crate) use gallery::{Galleries, Gallery};
pub(crate) use items::Items;
pub use kinds::ItemKind;
pub(crate) use query::{Filter, Order, Rows, read_query};
pub(crate) use sections::Section;
pub(crate) use tags::{TAG_KINDS, TagScope, TagTable, tag_kind};
pub(crate) use tree::guid_without_key;

use crate::seed::Platform;

/// Everything the server holds.
#[derive(Debug, Default)]
pub(crate) struct Library {
    pub platform: Platform,
    pub sections: Vec<Section>,
    pub items: Items,
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

/// Anything that has a rating key.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub key: u64,
    pub section: u32,
    pub kind: ItemKind,
    pub guid: String,
    pub parent: Option<u64>,
    pub index: Option<i32>,
    /// Of a track.
    pub disc: Option<i32>,
    /// Versions of a leaf, each with the files of its parts.
    pub media: Vec<Vec<String>>,
    pub fields: BTreeMap<&'static str, Value>,
    /// Kind of tag (`genre` …) → ids in order.
    pub tags: BTreeMap<&'static str, Vec<u64>>,
    /// Actor's tag → what is played here.
    pub roles: BTreeMap<u64, String>,
    /// Addresses of actors' pictures in this item, told in place of the persons' own.
    pub actor_pictures: BTreeMap<u64, String>,
    pub locks: BTreeSet<String>,
    pub galleries: Galleries,
    pub agent: Told,
    /// Of a collection: its tag and members.
    pub collection: Option<Membership>,
    /// Of a leaf: how often it was watched.
    pub view_count: u32,
    pub last_viewed_at: Option<i64>,
    pub added_at: i64,
    pub updated_at: i64,
    /// When it went to the trash.
    pub deleted_at: Option<i64>,
}

impl Item {
    /// One that has nothing but a title.
    pub fn new(key: u64, section: u32, kind: ItemKind, title: String, now: i64) -> Self {
        Self {
            key,
            section,
            kind,
            guid: format!("local://{key}"),
            parent: None,
            index: None,
            disc: None,
            media: Vec::new(),
            fields: BTreeMap::from([("title", Value::Text(title))]),
            tags: BTreeMap::new(),
            roles: BTreeMap::new(),
            actor_pictures: BTreeMap::new(),
            locks: BTreeSet::new(),
            galleries: Galleries::default(),
            agent: Told::default(),
            collection: None,
            view_count: 0,
            last_viewed_at: None,
            added_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// Its files, version by version and part by part.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.media.iter().flatten()
    }

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
        self.galleries.of(kind)
    }

    /// Takes a value in, where its kind can hold it. A title cannot be emptied; a sort title that equals the title is
    /// left out.
    pub fn set_field(&mut self, name: &'static str, value: Option<&Value>) {
        if !fields::field(name).is_some_and(|field| field.is_held_by(self.kind)) {
            return;
        }
        match value {
            Some(value) => {
                self.fields.insert(name, value.clone());
            }
            None if name == "title" => {}
            None => {
                self.fields.remove(name);
            }
        }
        if self.text("titleSort") == self.title() {
            self.fields.remove("titleSort");
        }
    }
}

impl Library {
    pub fn section(&self, id: u32) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    pub fn new_key(&mut self) -> u64 {
        self.last_key += 1;
        self.last_key
    }
}
