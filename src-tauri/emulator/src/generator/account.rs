//! One item's account from sync to sync: what Plex holds of it, and what syncs remember.
//!
//! Not here: which items there are and what their sources ask for, and who decides (`owner`).

use std::collections::BTreeSet;

use super::expect::{ItemWant, Want};
use super::item::Item;
use super::owner::{self, Memories};
use super::reckon::{self, Values};
use super::{attribute, values};
use crate::ItemKind;
use crate::seed::SeedValues;

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub kind: ItemKind,
    /// What Plex holds; what is not named may be anything.
    pub held: Values,
    pub locked: BTreeSet<String>,
    pub memories: Memories,
}

impl Account {
    /// An item as the world begins.
    pub(super) fn open(item: &Item) -> Self {
        Self {
            kind: item.kind,
            held: values::seeded(item),
            locked: item.locked_by_person(),
            memories: Memories::new(),
        }
    }

    /// Whether a lock is there that no sync set, or that is somebody else's by now.
    pub(super) fn is_locked_by_others(&self, attribute: &str) -> bool {
        let (memory, held) = (self.memories.get(attribute), self.held.get(attribute));
        // Whoever changes an actor's picture says nothing of the lock.
        let is_ours = memory.zip(held).is_some_and(|(memory, held)| {
            memory.our_lock && !memory.is_changed(attribute, &reckon::without_pictures(held))
        });
        self.locked.contains(attribute) && !is_ours
    }

    /// A person enters a value.
    pub(super) fn edit(&mut self, attribute: &'static str, value: Want, lock: bool) {
        self.held.insert(attribute, value);
        if lock {
            self.locked.insert(attribute.to_owned());
        }
        if attribute == "title" && !self.locked.contains("titleSort") {
            // A derived sort title follows, which is Plex's own affair.
            self.held.remove("titleSort");
        }
        if attribute == "originallyAvailableAt" && !self.locked.contains("year") {
            self.held.remove("year");
        }
    }

    /// Somebody chooses another picture of an actor, or takes it away; no lock goes with it.
    pub(super) fn set_picture(&mut self, actor: &str, address: &str) {
        if let Some(cast) = self.held.get_mut("actor") {
            *cast = reckon::with_picture(cast, actor, address);
        }
    }

    /// What a refresh leaves: what the agent says where nothing is locked; collections are only entered.
    pub(super) fn refresh(&mut self, says: &SeedValues) {
        let title = self.held.get("title").cloned();
        for (attribute, said) in values::told(says) {
            if self.locked.contains(attribute) || !attribute::shows(self.kind, attribute) {
                continue;
            }
            let both = match (attribute, self.held.get(attribute), &said) {
                ("collection", Some(Want::Tags(held)), Want::Tags(said)) => {
                    let new = said.iter().filter(|tag| !reckon::has(held, tag));
                    Want::Tags(held.iter().chain(new).cloned().collect())
                }
                _ => said,
            };
            self.held.insert(attribute, both);
        }
        if self.held.get("title") != title.as_ref() && says.title_sort.is_none() {
            self.held.remove("titleSort");
        }
    }

    /// What a sync makes of it, and how it stands afterwards; locks that are not named may be there or not.
    pub(super) fn sync(&self, asked: &Values, lock_written: bool) -> (ItemWant, Memories) {
        let (held, locked) = (&self.held, &self.locked);
        owner::sync(self.kind, held, locked, &self.memories, asked, lock_written)
    }

    /// Stands as a sync was to leave it. An attribute that the sync may leave either way keeps its lock.
    pub(super) fn follow(&mut self, want: &ItemWant, memories: Memories) {
        self.held.clone_from(&want.values);
        for (&attribute, &lock) in &want.locks {
            if lock {
                self.locked.insert(attribute.to_owned());
            } else {
                self.locked.remove(attribute);
            }
        }
        self.memories = memories;
    }
}
