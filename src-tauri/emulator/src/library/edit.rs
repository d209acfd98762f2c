//! Edits: what the parameters of a `PUT` say, and what they do to items.
//!
//! Read leniently, as Plex does: parameters that it does not know are ignored; a known one with a value that cannot be
//! read (a year that is no number, a date that is none, a rating beyond 10, a lock other than 0 and 1) is a bad request
//! and changes nothing. An empty title is ignored. Removals go before additions.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::fields::field;
use super::{ItemKind, Library, Value, tag_kind};
use crate::{Habits, TagEdit};

/// Why something was not done; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No such item (404).
    #[error("there is no item {0}")]
    NotFound(u64),
    /// A parameter is missing or cannot be read (400).
    #[error("the parameter {0} is missing or cannot be read")]
    BadParameter(String),
    /// Another collection of the section has this title (409).
    #[error("another collection is called {0}")]
    Taken(String),
}

/// What one edit asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edit {
    pub fields: BTreeMap<&'static str, Option<Value>>,
    pub added_at: Option<i64>,
    pub tags: BTreeMap<&'static str, TagChange>,
    pub locks: BTreeMap<String, bool>,
}

/// What one edit asks of one kind of tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TagChange {
    /// By the index in the parameter.
    pub sent: BTreeMap<u32, String>,
    pub removed: Vec<String>,
    /// All shall go first.
    pub cleared: bool,
}

/// Lockable besides fields and tags.
const OTHER_LOCKS: [&str; 7] = [
    "thumb",
    "art",
    "clearLogo",
    "squareArt",
    "banner",
    "theme",
    "addedAt",
];

impl Edit {
    /// Reads the parameters of a request.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, EditError> {
        let mut edit = Self::default();
        for (name, value) in parameters {
            if let Some(known) = name.strip_suffix(".value") {
                edit.read_value(known, value)?;
            } else if let Some(known) = name.strip_suffix(".locked") {
                edit.read_lock(known, value)?;
            } else if let Some((kind, rest)) = name.split_once('[') {
                edit.read_tag(name, kind, rest, value)?;
            }
        }
        Ok(edit)
    }

    /// How many tags it names.
    pub fn tag_count(&self) -> usize {
        self.tags
            .values()
            .map(|change| change.sent.len() + change.removed.len())
            .sum()
    }

    fn read_value(&mut self, name: &str, value: &str) -> Result<(), EditError> {
        if name == "addedAt" {
            let bad = |_| EditError::BadParameter("addedAt.value".to_owned());
            self.added_at = Some(value.trim().parse().map_err(bad)?);
        } else if let Some((name, field_type)) = field(name) {
            self.fields
                .insert(name, Value::read(name, field_type, value)?);
        }
        Ok(())
    }

    fn read_lock(&mut self, name: &str, value: &str) -> Result<(), EditError> {
        if field(name).is_none() && tag_kind(name).is_none() && !OTHER_LOCKS.contains(&name) {
            return Ok(());
        }
        let lock = match value {
            "1" | "true" => true,
            "0" | "false" => false,
            _ => return Err(EditError::BadParameter(format!("{name}.locked"))),
        };
        self.locks.insert(name.to_owned(), lock);
        Ok(())
    }

    fn read_tag(
        &mut self,
        parameter: &str,
        kind: &str,
        rest: &str,
        value: &str,
    ) -> Result<(), EditError> {
        let (Some(kind), Some((index, rest))) = (tag_kind(kind), rest.split_once(']')) else {
            return Ok(());
        };
        let change = self.tags.entry(kind).or_default();
        match rest {
            ".tag.tag" => {
                let bad = |_| EditError::BadParameter(parameter.to_owned());
                let index = if index.is_empty() {
                    0
                } else {
                    index.parse().map_err(bad)?
                };
                change.sent.insert(index, value.trim().to_owned());
            }
            // Each name is quoted once more, so that a comma within one survives.
            ".tag.tag-" => change.removed.extend(value.split(',').map(|name| {
                percent_decode_str(name)
                    .decode_utf8_lossy()
                    .trim()
                    .to_owned()
            })),
            ".tag" | ".tag-" => change.cleared = true,
            _ => {}
        }
        Ok(())
    }
}

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
        let section = item.section;
        let before = item.tags.get(kind).cloned().unwrap_or_default();
        let mut after = if keep { before.clone() } else { Vec::new() };
        for name in names {
            if let Some(tag) = self.tags.intern(section, kind, name)
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
        if let Some(item) = self.items.get_mut(&key) {
            if after.is_empty() {
                item.tags.remove(kind);
            } else {
                item.tags.insert(kind, after);
            }
        }
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
        let Some(item) = self.items.get_mut(&key) else {
            return;
        };
        for (name, value) in &edit.fields {
            match value {
                _ if refused.contains(*name) => {}
                Some(value) => {
                    item.fields.insert(name, value.clone());
                }
                None if *name == "title" => {}
                None => {
                    item.fields.remove(name);
                }
            }
        }
        if item.text("titleSort") == item.title() {
            item.fields.remove("titleSort");
        }
        if habits.date_sets_year
            && edit.fields.contains_key("originallyAvailableAt")
            && !edit.fields.contains_key("year")
            && !item.is_locked("year")
        {
            let date = item.text("originallyAvailableAt");
            if let Some(year) = date.get(..4).and_then(|year| year.parse().ok()) {
                item.fields.insert("year", Value::Whole(year));
            }
        }
        if let Some(added_at) = edit.added_at {
            item.added_at = added_at;
        }
        for (name, lock) in &edit.locks {
            if refused.contains(name) {
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
        let Some(item) = self.items.get(&key) else {
            return;
        };
        let section = item.section;
        let replaces = habits.tag_edit == TagEdit::Replaces && !change.sent.is_empty();
        let gone: Vec<_> = change
            .removed
            .iter()
            .filter_map(|name| self.tags.find(section, kind, name))
            .collect();
        let mut names: Vec<String> = Vec::new();
        if !change.cleared && !replaces {
            let stay = item.tags.get(kind).into_iter().flatten();
            names.extend(
                stay.filter(|tag| !gone.contains(tag))
                    .map(|tag| self.tags.name(*tag).to_owned()),
            );
        }
        names.extend(change.sent.values().cloned());
        self.set_tags(key, kind, &names, false, now);
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
        let (section, tag) = (item.section, membership.tag);
        let holder = self
            .tags
            .find(section, "collection", title)
            .filter(|holder| *holder != tag);
        if holder.is_some_and(|holder| self.collections.contains_key(&holder)) {
            return Err(EditError::Taken(title.clone()));
        }
        self.tags.rename(section, "collection", tag, title);
        Ok(())
    }
}
