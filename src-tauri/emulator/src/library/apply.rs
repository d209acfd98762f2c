//! What an edit does to items.
//!
//! What an item's kind cannot hold is ignored. An empty title is ignored. Removals go before additions. A new title
//! may have consequences: it renames a collection's tag (or is refused, where another one has it), and it merges artists
//! and albums (`merge`). Not here: how an edit is read (`edit`).

use std::collections::BTreeSet;

use super::edit::{TagChange, is_lockable};
use super::{Edit, EditError, Item, ItemKind, Library, TagScope, Value, tag_kind};
use crate::{CastEdit, Habits, PictureEdit, TagEdit};

impl Library {
    /// Does an edit to every one of `keys`, all of which must be there. Fields in `refused` stay as they are.
    pub fn apply(
        &mut self,
        keys: &[u64],
        edit: &Edit,
        refused: &BTreeSet<String>,
        habits: Habits,
        now: i64,
    ) -> Result<(), EditError> {
        if let Some(missing) = keys.iter().find(|key| !self.items.contains_key(key)) {
            return Err(EditError::NotFound(*missing));
        }
        for key in keys {
            self.rename_collection(*key, edit)?;
        }
        for key in keys {
            self.apply_to(*key, edit, refused, habits, now);
            if edit.fields.contains_key("title") && !refused.contains("title") {
                self.merge_with_namesake(*key, now);
            }
        }
        Ok(())
    }

    /// Makes the tags of one kind those named; with `keep` those that are there stay.
    pub(super) fn set_tags(
        &mut self,
        key: u64,
        kind: &'static str,
        names: &[String],
        keep: bool,
        now: i64,
    ) {
        let Some(item) = self.items.get(&key) else {
            return;
        };
        if !tag_kind(kind).is_some_and(|tag| tag.is_held_by(item.kind)) {
            return;
        }
        let scope = TagScope::of(kind, item.section, item.kind);
        let before = item.tags.get(kind).cloned().unwrap_or_default();
        let mut after = if keep { before.clone() } else { Vec::new() };
        for name in names {
            if let Some(tag) = self.tags.intern(scope, kind, name)
                && !after.contains(&tag)
            {
                after.push(tag);
            }
        }
        if kind == "collection" {
            for gone in before.iter().filter(|tag| !after.contains(tag)) {
                self.leave_collection(key, *gone);
            }
            for new in after.iter().filter(|tag| !before.contains(tag)) {
                self.enter_collection(key, *new, now);
            }
        }
        let Some(mut item) = self.items.get_mut(&key) else {
            return;
        };
        if kind == "actor" {
            item.roles.retain(|actor, _| after.contains(actor));
            item.actor_pictures.retain(|actor, _| after.contains(actor));
        }
        if after.is_empty() {
            item.tags.remove(kind);
        } else {
            item.tags.insert(kind, after);
        }
    }

    /// Says what an actor of an item plays and looks like; an empty text takes it away.
    pub(crate) fn set_role(
        &mut self,
        key: u64,
        actor: &str,
        role: Option<&str>,
        face: Option<&str>,
    ) {
        let Some(tag) = self.actor(key, actor) else {
            return;
        };
        let Some(mut item) = self.items.get_mut(&key) else {
            return;
        };
        match role.map(str::trim) {
            Some("") => {
                item.roles.remove(&tag);
            }
            Some(role) => {
                item.roles.insert(tag, role.to_owned());
            }
            None => {}
        }
        if let Some(face) = face {
            self.tags.set_face(tag, face.trim());
        }
    }

    /// Says where the picture of an actor of an item is; an empty text takes it away, so that the person's own is told.
    pub(crate) fn set_actor_picture(&mut self, key: u64, actor: &str, address: &str) {
        let Some(tag) = self.actor(key, actor) else {
            return;
        };
        let Some(mut item) = self.items.get_mut(&key) else {
            return;
        };
        match address.trim() {
            "" => item.actor_pictures.remove(&tag),
            address => item.actor_pictures.insert(tag, address.to_owned()),
        };
    }

    /// The picture that is told of an actor of an item.
    pub(crate) fn picture_of<'l>(&'l self, item: &'l Item, actor: u64) -> Option<&'l str> {
        let own = item.actor_pictures.get(&actor);
        own.map(String::as_str).or_else(|| self.tags.face(actor))
    }

    /// The tag of an actor who is in the cast of an item.
    fn actor(&self, key: u64, actor: &str) -> Option<u64> {
        let item = self.items.get(&key)?;
        let scope = TagScope::of("actor", item.section, item.kind);
        let tag = self.tags.find(scope, "actor", actor)?;
        item.tags.get("actor")?.contains(&tag).then_some(tag)
    }

    fn apply_to(
        &mut self,
        key: u64,
        edit: &Edit,
        refused: &BTreeSet<String>,
        habits: Habits,
        now: i64,
    ) {
        for (kind, change) in &edit.tags {
            if !refused.contains(*kind) {
                self.change_tags(key, kind, change, habits, now);
            }
        }
        let Some(mut item) = self.items.get_mut(&key) else {
            return;
        };
        for (name, value) in &edit.fields {
            if !refused.contains(*name) {
                item.set_field(name, value.as_ref());
            }
        }
        if habits.date_sets_year
            && edit.fields.contains_key("originallyAvailableAt")
            && !edit.fields.contains_key("year")
            && !item.is_locked("year")
        {
            let date = item.text("originallyAvailableAt");
            if let Some(year) = date.get(..4).and_then(|year| year.parse().ok()) {
                item.set_field("year", Some(&Value::Whole(year)));
            }
        }
        if let Some(added_at) = edit.added_at.filter(|_| !refused.contains("addedAt")) {
            item.added_at = added_at;
        }
        for (name, lock) in &edit.locks {
            if refused.contains(name) || !is_lockable(name, item.kind) {
            } else if *lock {
                item.locks.insert(name.clone());
            } else {
                item.locks.remove(name);
            }
        }
        item.updated_at = now;
    }

    fn change_tags(
        &mut self,
        key: u64,
        kind: &'static str,
        change: &TagChange,
        habits: Habits,
        now: i64,
    ) {
        let Some(mut item) = self.items.get_mut(&key) else {
            return;
        };
        let scope = TagScope::of(kind, item.section, item.kind);
        let replaces = habits.tag_edit == TagEdit::Replaces && !change.sent.is_empty();
        let gone: Vec<_> = change
            .removed
            .iter()
            .filter_map(|name| self.tags.find(scope, kind, name))
            .collect();
        let mut names: Vec<String> = Vec::new();
        if change.cleared || replaces {
            // New associations know nothing of what the old ones said.
            item.roles.retain(|_, _| kind != "actor");
            item.actor_pictures.retain(|_, _| kind != "actor");
        } else {
            let stay = item.tags.get(kind).into_iter().flatten();
            names.extend(
                stay.filter(|tag| !gone.contains(tag))
                    .map(|tag| self.tags.name(*tag).to_owned()),
            );
        }
        drop(item);
        names.extend(change.sent.values().map(|sent| sent.name.clone()));
        self.set_tags(key, kind, &names, false, now);
        if kind != "actor" {
            return;
        }
        for sent in change.sent.values() {
            if habits.cast_edit == CastEdit::Takes {
                self.set_role(key, &sent.name, sent.role.as_deref(), sent.face.as_deref());
            }
            let Some(picture) = &sent.picture else {
                continue;
            };
            match habits.picture_edit {
                PictureEdit::Ignores => {}
                PictureEdit::Takes => self.set_actor_picture(key, &sent.name, picture),
                PictureEdit::Rewrites if picture.is_empty() => {
                    self.set_actor_picture(key, &sent.name, picture);
                }
                PictureEdit::Rewrites => {
                    let passed_on = format!("/photo/{}", picture.replace("://", "/"));
                    self.set_actor_picture(key, &sent.name, &passed_on);
                }
            }
        }
    }

    fn rename_collection(&mut self, key: u64, edit: &Edit) -> Result<(), EditError> {
        let Some(item) = self
            .items
            .get(&key)
            .filter(|item| item.kind == ItemKind::Collection)
        else {
            return Ok(());
        };
        let (Some(Some(Value::Text(title))), Some(membership)) =
            (edit.fields.get("title"), &item.collection)
        else {
            return Ok(());
        };
        let (section, subtype, tag) = (item.section, membership.subtype, membership.tag());
        if self.is_title_taken(Some(key), section, subtype, title) {
            return Err(EditError::Taken(title.clone()));
        }
        if let Some(tag) = tag {
            let scope = TagScope::of("collection", section, subtype);
            self.tags.rename(scope, "collection", tag, title);
        }
        Ok(())
    }
}
