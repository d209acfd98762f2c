//! What a new title does to artists and albums: Plex takes two of one name for the same one.
//!
//! The edited item is merged into its namesake: what stood below it stands below the other, and its own texts, pictures,
//! locks and key are gone. Nothing takes that back, which is why a client must never write these titles.

use super::tags::fold;
use super::{ItemKind, Library};

impl Library {
    /// Merges an artist or album into another one of its name in the section (albums: of the same artist).
    pub(super) fn merge_with_namesake(&mut self, key: u64, now: i64) {
        let Some(item) = self
            .items
            .get(&key)
            .filter(|item| matches!(item.kind, ItemKind::Artist | ItemKind::Album))
        else {
            return;
        };
        let title = fold(item.title());
        let namesake = self.items.values().find(|other| {
            other.key != key
                && (other.section, other.kind, other.parent)
                    == (item.section, item.kind, item.parent)
                && fold(other.title()) == title
        });
        if let Some(namesake) = namesake.map(|namesake| namesake.key) {
            self.merge(key, namesake, now);
        }
    }

    fn merge(&mut self, from: u64, into: u64, now: i64) {
        let children = self.children.remove(&from).unwrap_or_default();
        for child in &children {
            if let Some(mut child) = self.items.get_mut(child) {
                child.parent = Some(into);
                child.updated_at = now;
            }
        }
        self.children
            .entry(into)
            .or_default()
            .extend_from_slice(&children);
        // It is there, and nothing stands below it any more.
        let deleted = self.delete(from);
        debug_assert_eq!(deleted, Ok(()));
        self.touch(into, now);
        for child in children {
            self.merge_with_namesake(child, now);
        }
    }
}
