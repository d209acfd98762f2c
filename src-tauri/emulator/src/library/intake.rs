//! Makes a library of a seed.
//!
//! Not here: where seeds come from (`generator`, `seed_tiny`).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::gallery::sha1_hex;
use super::{Gallery, Item, ItemKind, Library, Section, Told, Value};
use crate::Habits;
use crate::seed::{Seed, SeedItem, SeedSection};

impl Library {
    /// Fills a library; everything in it was added at `now`.
    pub fn from_seed(seed: Seed, habits: Habits, now: i64) -> Self {
        let mut library = Self::default();
        for (position, section) in seed.sections.into_iter().enumerate() {
            let id = u32::try_from(position + 1).unwrap_or(u32::MAX);
            library.take_section(id, section, habits, now);
        }
        library
    }

    fn take_section(&mut self, id: u32, seed: SeedSection, habits: Habits, now: i64) {
        let kind = ItemKind::of_section(seed.kind);
        self.sections.push(Section {
            id,
            uuid: uuid_of(&format!("section {id} {}", seed.title)),
            title: seed.title,
            kind: seed.kind,
            locations: seed.locations,
            created_at: now,
            scanned_at: now,
        });
        for item in seed.items {
            self.take_item(id, kind, None, item, habits, now);
        }
    }

    fn take_item(
        &mut self,
        section: u32,
        kind: ItemKind,
        parent: Option<u64>,
        seed: SeedItem,
        habits: Habits,
        now: i64,
    ) {
        let key = self.new_key();
        let fallback = seed.files.first().map_or_else(
            || format!("{} {}", kind.name(), seed.index.unwrap_or_default()),
            |file| stem(file).to_owned(),
        );
        let mut item = Item {
            key,
            section,
            kind,
            guid: format!("local://{key}"),
            parent,
            index: seed.index,
            files: seed.files,
            fields: BTreeMap::from([("title", Value::Text(fallback))]),
            tags: BTreeMap::new(),
            locks: BTreeSet::new(),
            posters: Gallery::default(),
            backgrounds: Gallery::default(),
            agent: Told::default(),
            collection: None,
            added_at: now,
            updated_at: now,
        };
        let agent = self.hear(&mut item, seed.agent);
        let mut edited = seed.edited;
        let pictures = [edited.poster.take(), edited.background.take()];
        let edited = self.hear(&mut item, edited);
        item.agent = agent.clone();
        self.items.insert(key, item);
        if let Some(parent) = parent {
            self.children.entry(parent).or_default().push(key);
        }

        let known = "BUG: an item that was just taken in is not there";
        self.tell(key, &agent, |_| true, habits, now).expect(known);
        for (kind, tags) in &edited.tags {
            self.set_tags(key, kind, tags, false, now);
        }
        self.tell(
            key,
            &edited,
            |field| !edited.tags.contains_key(field),
            habits,
            now,
        )
        .expect(known);
        let mut locks: BTreeSet<String> = seed.locked;
        locks.extend(
            edited
                .fields
                .keys()
                .chain(edited.tags.keys())
                .map(|name| (*name).to_owned()),
        );
        for (kind, bytes) in [super::PictureKind::Poster, super::PictureKind::Background]
            .into_iter()
            .zip(pictures)
        {
            if let Some(bytes) = bytes {
                locks.insert(kind.attribute().to_owned());
                if bytes.is_empty() {
                    self.select(key, kind, None, habits, now).expect(known);
                } else {
                    self.upload(key, kind, bytes.into(), habits, now)
                        .expect(known);
                }
            }
        }
        if let Some(item) = self.items.get_mut(&key) {
            item.locks = locks;
            item.updated_at = now;
            for gallery in [&mut item.posters, &mut item.backgrounds] {
                gallery.stamp = now;
            }
        }
        let below = if kind == ItemKind::Show {
            ItemKind::Season
        } else {
            ItemKind::Episode
        };
        for child in seed.children {
            self.take_item(section, below, Some(key), child, habits, now);
        }
    }
}

/// A UUID that depends on nothing but the name.
pub(super) fn uuid_of(name: &str) -> String {
    let hex = sha1_hex(name.as_bytes());
    let number = u128::from_str_radix(&hex[..32], 16).expect("BUG: hexadecimal digits");
    Uuid::from_u128(number).to_string()
}

fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
