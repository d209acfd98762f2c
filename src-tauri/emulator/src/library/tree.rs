//! What stands above and below an item, and what happens when items go or get another key.
//!
//! Not here: who is a member of what (`collections`).

use std::collections::BTreeSet;

use super::{EditError, Item, ItemKind, Library, Membership};

impl Library {
    pub fn children_of(&self, key: u64) -> impl Iterator<Item = &Item> {
        self.children
            .get(&key)
            .into_iter()
            .flatten()
            .filter_map(|child| self.items.get(child))
    }

    /// The leaves below an item: episodes of a show or season, tracks of an artist or album.
    pub fn leaves_of(&self, key: u64) -> Vec<&Item> {
        let mut leaves = Vec::new();
        for child in self.children_of(key) {
            if child.kind.below().is_some() {
                leaves.extend(self.leaves_of(child.key));
            } else {
                leaves.push(child);
            }
        }
        leaves
    }

    /// The item and all that stands below it.
    pub fn with_all_below(&self, key: u64) -> Vec<u64> {
        let mut keys = vec![key];
        let mut done = 0;
        while let Some(next) = keys.get(done) {
            keys.extend(self.children.get(next).into_iter().flatten());
            done += 1;
        }
        keys
    }

    /// The item itself or what stands above it, where that is of this kind.
    pub fn of_kind_above<'l>(&'l self, item: &'l Item, kind: ItemKind) -> Option<&'l Item> {
        std::iter::successors(Some(item), |item| self.items.get(&item.parent?))
            .find(|item| item.kind == kind)
    }

    /// The folders of a show or an artist.
    pub fn folders_of(&self, item: &Item) -> BTreeSet<String> {
        let Some(section) = self.section(item.section) else {
            return BTreeSet::new();
        };
        self.leaves_of(item.key)
            .into_iter()
            .flat_map(Item::files)
            .filter_map(|file| section.folder_of(file))
            .collect()
    }

    /// Takes an item and all below it out of the library.
    pub fn delete(&mut self, key: u64) -> Result<(), EditError> {
        for child in self.children.remove(&key).unwrap_or_default() {
            self.delete(child)?;
        }
        let Some(item) = self.items.get(&key) else {
            return Err(EditError::NotFound(key));
        };
        if item.collection.is_some() {
            self.delete_collection(key);
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

    /// Gives an item a new key, as Plex does on some scans; everything else stays, but for a guid that is made of the
    /// key. Returns the new key.
    pub fn rekey(&mut self, key: u64, now: i64) -> Result<u64, EditError> {
        let new = self.new_key();
        self.rekey_to(key, new, now)
    }

    /// Deals the keys of all items and collections out anew, so that a key denotes another item than before, as where
    /// Plex was built anew from the same files.
    pub fn rebuild(&mut self, now: i64) -> Result<(), EditError> {
        let keys: Vec<u64> = self.items.keys().copied().collect();
        let mut moved = Vec::new();
        for key in &keys {
            moved.push(self.rekey(*key, now)?);
        }
        // Not back and forth: what went round once must not be where it was.
        moved.rotate_left(1);
        for (from, to) in moved.into_iter().zip(keys) {
            self.rekey_to(from, to, now)?;
        }
        Ok(())
    }

    fn rekey_to(&mut self, key: u64, new: u64, now: i64) -> Result<u64, EditError> {
        let mut item = self.items.remove(&key).ok_or(EditError::NotFound(key))?;
        item.key = new;
        item.updated_at = now;
        if let Some(start) = guid_without_key(&item.guid, key) {
            item.guid = format!("{start}{new}");
        }
        for child in self.children.get(&key).cloned().unwrap_or_default() {
            if let Some(mut child) = self.items.get_mut(&child) {
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
            let collection = self.collections.get(tag);
            if let Some(mut collection) = collection.and_then(|key| self.items.get_mut(key))
                && let Some(membership) = collection.collection.as_mut()
            {
                membership.rekey(key, new);
            }
        }
        if let Some(tag) = item.collection.as_ref().and_then(Membership::tag) {
            self.collections.insert(tag, new);
        }
        self.items.insert(item);
        Ok(new)
    }

    /// Puts an item and all below it into the trash, or takes it out.
    pub fn set_trashed(&mut self, key: u64, deleted_at: Option<i64>) -> Result<(), EditError> {
        if !self.items.contains_key(&key) {
            return Err(EditError::NotFound(key));
        }
        for key in self.with_all_below(key) {
            if let Some(mut item) = self.items.get_mut(&key) {
                item.deleted_at = deleted_at;
            }
        }
        Ok(())
    }
}

/// What stands before the key in a guid that is made of it (`local://7`).
pub(crate) fn guid_without_key(guid: &str, key: u64) -> Option<&str> {
    let is_own = guid.starts_with("local://") || guid.starts_with("tv.plex.agents.nfo.");
    guid.strip_suffix(&key.to_string())
        .filter(|start| is_own && start.ends_with('/'))
}
