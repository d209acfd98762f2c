//! Collections: they appear with their first member and vanish with their last.
//!
//! A collection is a tag that items carry, and an item of its own beside it with a title, fields and pictures.
//! Not here: smart collections and custom order.

use std::collections::{BTreeMap, BTreeSet};

use super::{EditError, Gallery, Item, ItemKind, Library, Membership, Told, Value};

impl Library {
    /// Makes `key` a member of the collection with this tag, which comes into being where it is not there.
    pub(super) fn enter_collection(&mut self, key: u64, tag: u64, now: i64) {
        let Some(section) = self.items.get(&key).map(|item| item.section) else {
            return;
        };
        let collection = match self.collections.get(&tag) {
            Some(collection) => *collection,
            None => self.create_collection(section, tag, now),
        };
        if let Some(item) = self.items.get_mut(&collection) {
            if let Some(membership) = item.collection.as_mut() {
                membership.members.insert(key);
            }
            item.updated_at = now;
        }
        if let Some(item) = self.items.get_mut(&key) {
            let tags = item.tags.entry("collection").or_default();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }

    /// Takes `key` out of the collection with this tag; with its last member the collection is gone.
    pub(super) fn leave_collection(&mut self, key: u64, tag: u64) {
        if let Some(item) = self.items.get_mut(&key)
            && let Some(tags) = item.tags.get_mut("collection")
        {
            tags.retain(|known| *known != tag);
            if tags.is_empty() {
                item.tags.remove("collection");
            }
        }
        let Some(collection) = self.collections.get(&tag).copied() else {
            return;
        };
        let is_empty = self
            .items
            .get_mut(&collection)
            .and_then(|item| item.collection.as_mut())
            .is_none_or(|membership| {
                membership.members.remove(&key);
                membership.members.is_empty()
            });
        if is_empty {
            self.items.remove(&collection);
            self.collections.remove(&tag);
        }
    }

    /// Adds items to a collection that exists. All must be of its section.
    pub fn add_members(
        &mut self,
        collection: u64,
        members: &[u64],
        now: i64,
    ) -> Result<(), EditError> {
        let (section, tag) = self
            .items
            .get(&collection)
            .and_then(|item| Some((item.section, item.collection.as_ref()?.tag)))
            .ok_or(EditError::NotFound(collection))?;
        self.check_members(section, members)?;
        for member in members {
            self.enter_collection(*member, tag, now);
            self.touch(*member, now);
        }
        Ok(())
    }

    /// Takes an item out of a collection.
    pub fn remove_member(
        &mut self,
        collection: u64,
        member: u64,
        now: i64,
    ) -> Result<(), EditError> {
        let tag = self
            .items
            .get(&collection)
            .and_then(|item| item.collection.as_ref())
            .filter(|membership| membership.members.contains(&member))
            .map(|membership| membership.tag)
            .ok_or(EditError::NotFound(member))?;
        self.leave_collection(member, tag);
        self.touch(member, now);
        Ok(())
    }

    /// Makes a collection of these items, or adds them to the one that has this title. Returns its key.
    pub fn make_collection(
        &mut self,
        section: u32,
        title: &str,
        members: &[u64],
        now: i64,
    ) -> Result<u64, EditError> {
        self.check_members(section, members)?;
        let tag = self
            .tags
            .intern(section, "collection", title)
            .filter(|_| !members.is_empty())
            .ok_or_else(|| EditError::BadParameter("title".to_owned()))?;
        for member in members {
            self.enter_collection(*member, tag, now);
            self.touch(*member, now);
        }
        Ok(self.collections.get(&tag).copied().unwrap_or_default())
    }

    /// The members of a collection in order of release date, then title.
    pub fn members_of(&self, collection: &Item) -> Vec<&Item> {
        let members = collection
            .collection
            .iter()
            .flat_map(|membership| &membership.members);
        let mut items: Vec<_> = members
            .filter_map(|member| self.items.get(member))
            .collect();
        items.sort_by_key(|item| {
            (
                item.text("originallyAvailableAt"),
                item.sort_title(),
                item.key,
            )
        });
        items
    }

    pub(super) fn touch(&mut self, key: u64, now: i64) {
        if let Some(item) = self.items.get_mut(&key) {
            item.updated_at = now;
        }
    }

    fn check_members(&self, section: u32, members: &[u64]) -> Result<(), EditError> {
        let stranger = members.iter().find(|member| {
            self.items
                .get(member)
                .is_none_or(|item| item.section != section || item.kind == ItemKind::Collection)
        });
        stranger.map_or(Ok(()), |member| Err(EditError::NotFound(*member)))
    }

    fn create_collection(&mut self, section: u32, tag: u64, now: i64) -> u64 {
        let key = self.new_key();
        let title = self.tags.name(tag).to_owned();
        let item = Item {
            key,
            section,
            kind: ItemKind::Collection,
            guid: format!(
                "collection://{}",
                super::intake::uuid_of(&format!("collection {key}"))
            ),
            parent: None,
            index: i32::try_from(tag).ok(),
            files: Vec::new(),
            fields: BTreeMap::from([("title", Value::Text(title))]),
            tags: BTreeMap::new(),
            locks: BTreeSet::new(),
            posters: Gallery::default(),
            backgrounds: Gallery::default(),
            agent: Told::default(),
            collection: Some(Membership {
                tag,
                members: BTreeSet::new(),
            }),
            added_at: now,
            updated_at: now,
        };
        self.items.insert(key, item);
        self.collections.insert(tag, key);
        key
    }
}
