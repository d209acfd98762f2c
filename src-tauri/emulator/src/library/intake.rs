//! Makes a library of a seed.
//!
//! Not here: where seeds come from (`generator`, `seed_tiny`).

use std::collections::BTreeSet;

use uuid::Uuid;

use super::agent::take_pictures;
use super::gallery::sha1_hex;
use super::{CollectionSort, EditError, Item, ItemKind, Library, Membership, Section, TagScope};
use crate::Habits;
use crate::seed::{Seed, SeedCollection, SeedItem, SeedSection, SeedValues};

/// What an item that was just taken in is missing for.
const KNOWN: &str = "BUG: an item that was just taken in is not there";

impl Library {
    /// Fills a library; what a seed says no time of was added at `now`.
    pub fn from_seed(seed: Seed, habits: Habits, now: i64) -> Self {
        let mut library = Self {
            platform: seed.platform,
            ..Self::default()
        };
        for (position, section) in seed.sections.into_iter().enumerate() {
            let id = u32::try_from(position + 1).unwrap_or(u32::MAX);
            library.take_section(id, section, habits, now);
        }
        library
    }

    /// Takes an item in that a scan found, below another one or as one of the section's own.
    pub fn take_in(
        &mut self,
        section: &str,
        parent: Option<u64>,
        seed: SeedItem,
        habits: Habits,
        now: i64,
    ) -> Result<(), EditError> {
        let found = self.sections.iter().find(|known| known.title == section);
        let (id, own) = found
            .map(|found| (found.id, ItemKind::of_section(found.kind)))
            .ok_or_else(|| EditError::BadParameter(section.to_owned()))?;
        let kind = match parent {
            None => own,
            Some(parent) => {
                let above = self.items.get(&parent).ok_or(EditError::NotFound(parent))?;
                above.kind.below().ok_or(EditError::NotFound(parent))?
            }
        };
        self.take_item(id, kind, parent, seed, habits, now);
        Ok(())
    }

    fn take_section(&mut self, id: u32, seed: SeedSection, habits: Habits, now: i64) {
        let kind = ItemKind::of_section(seed.kind);
        self.sections.push(Section {
            id,
            uuid: uuid_of(&format!("section {id} {}", seed.title)),
            title: seed.title,
            kind: seed.kind,
            agent: seed.agent,
            locations: seed.locations,
            created_at: now,
            scanned_at: now,
        });
        for item in seed.items {
            self.take_item(id, kind, None, item, habits, now);
        }
        for collection in seed.collections {
            self.take_collection(id, kind, collection, habits, now);
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
        let of = self.section(section);
        // Nothing has changed it since it came.
        let now = seed.added_at.unwrap_or(now);
        let mut item = Item::new(key, section, kind, fallback_title(kind, &seed, of), now);
        if let Some(section) = of {
            item.guid = section.agent.guid_of(section.kind, kind, key);
        }
        item.parent = parent;
        item.index = seed.index;
        item.disc = seed.disc;
        item.media = seed.files.into_iter().map(|file| vec![file]).collect();
        item.media.extend(seed.media);
        item.view_count = seed.view_count;
        item.last_viewed_at = seed.last_viewed_at;
        item.added_at = now;
        item.deleted_at = seed.deleted_at;
        if let Some(parent) = parent {
            self.children.entry(parent).or_default().push(key);
        }
        item.agent = self.hear(&mut item, seed.agent);
        self.items.insert(item);
        self.dress(key, seed.edited, seed.locked, habits, now);
        if let Some(below) = kind.below() {
            for child in seed.children {
                self.take_item(section, below, Some(key), child, habits, now);
            }
        }
    }

    fn take_collection(
        &mut self,
        section: u32,
        kind: ItemKind,
        seed: SeedCollection,
        habits: Habits,
        now: i64,
    ) {
        let made = match &seed.filter {
            Some(query) => self.make_smart_collection(section, &seed.title, query, now),
            None => match self.tagged_collection(section, &seed.title) {
                Some(key) => Ok(key),
                None => self.make_collection(section, kind, &seed.title, &[], now),
            },
        };
        let key = match made {
            Ok(key) => key,
            Err(error) => {
                tracing::warn!(%error, "the seed's collection {} is left out", seed.title);
                return;
            }
        };
        let mut item = self.items.remove(&key).expect(KNOWN);
        if let Some(Membership { sort, mode, .. }) = &mut item.collection {
            *sort = CollectionSort::from_number(seed.sort).unwrap_or_default();
            *mode = seed.mode;
        }
        item.agent = self.hear(&mut item, seed.values);
        self.items.insert(item);
        self.dress(key, seed.edited, BTreeSet::new(), habits, now);
    }

    /// The collection that items of a section carry the tag of, whatever they are.
    fn tagged_collection(&self, section: u32, title: &str) -> Option<u64> {
        let kind = self.section(section)?.kind;
        ItemKind::all_of_section(kind).find_map(|kind| {
            let scope = TagScope::of("collection", section, kind);
            let tag = self.tags.find(scope, "collection", title)?;
            self.collections.get(&tag).copied()
        })
    }

    /// Lets an item say what its agent says, and over that what a person edited and locked.
    fn dress(
        &mut self,
        key: u64,
        mut edited: SeedValues,
        mut locks: BTreeSet<String>,
        habits: Habits,
        now: i64,
    ) {
        let pictures = take_pictures(&mut edited);
        let mut item = self.items.remove(&key).expect(KNOWN);
        let edited = self.hear(&mut item, edited);
        let agent = item.agent.clone();
        self.items.insert(item);

        self.tell(key, &agent, |_| true, habits, now).expect(KNOWN);
        for (kind, tags) in &edited.tags {
            self.set_tags(key, kind, tags, false, now);
        }
        let is_no_tag = |field: &str| !edited.tags.contains_key(field) || field == "actor";
        self.tell(key, &edited, is_no_tag, habits, now)
            .expect(KNOWN);
        locks.extend(
            edited
                .fields
                .keys()
                .chain(edited.tags.keys())
                .map(|name| (*name).to_owned()),
        );
        for (kind, bytes) in pictures {
            locks.insert(kind.lock().to_owned());
            if bytes.is_empty() {
                self.select(key, kind, None, habits, now).expect(KNOWN);
            } else {
                self.upload(key, kind, bytes.into(), habits, now)
                    .expect(KNOWN);
            }
        }
        if let Some(mut item) = self.items.get_mut(&key) {
            item.locks = locks;
            item.updated_at = now;
            for gallery in item.galleries.all_mut() {
                gallery.stamp = now;
            }
        }
    }
}

/// What a scanner calls an item of which no agent knows anything: leaves by their file, what stands above them by number
/// or folder.
fn fallback_title(kind: ItemKind, seed: &SeedItem, section: Option<&Section>) -> String {
    let index = seed.index.unwrap_or_default();
    let file = first_file(seed).unwrap_or_default();
    let last = |path: &str| {
        path.rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    match kind {
        ItemKind::Season if seed.index == Some(0) => "Specials".to_owned(),
        ItemKind::Season => format!("Season {index}"),
        ItemKind::Episode if seed.index.is_some() => format!("Episode {index}"),
        ItemKind::Album => last(
            file.rsplit_once(['/', '\\'])
                .map_or("", |(folder, _)| folder),
        ),
        ItemKind::Show | ItemKind::Artist => section
            .and_then(|section| section.folder_of(file))
            .map_or_else(|| stem(file).to_owned(), |folder| last(&folder)),
        ItemKind::Movie
        | ItemKind::Episode
        | ItemKind::Track
        | ItemKind::Photo
        | ItemKind::Collection => stem(file).to_owned(),
    }
}

fn first_file(seed: &SeedItem) -> Option<&str> {
    let own = seed.files.iter().chain(seed.media.iter().flatten()).next();
    match own {
        Some(file) => Some(file),
        None => seed.children.iter().find_map(first_file),
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
