//! When two values of a field are the same, and what a list becomes.

use std::collections::{BTreeMap, BTreeSet};

use syncslate_plex::is_same_picture;

use super::{Selected, cast};
use crate::model::{BaseField, CastTrait, Field, FieldKind, ListMode, PlexValues, Value};
use crate::text::fold;

/// A field as Plex has it now.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The value as it is compared: a sort title that Plex leaves out is the title, a picture is its selected key.
    pub now: Value,
    /// The value as Plex says it, a picture's key excepted.
    pub raw: Value,
    /// Whether it is locked.
    pub locked: bool,
    /// A picture's `thumb`/`art` path.
    pub path: Option<String>,
    /// The title beside which a sort title would be left out.
    pub title: Value,
}

impl Seen {
    /// `None` where it is a picture of which only the path is known, and that path is not the one in its base.
    pub fn new(
        field: Field,
        plex: &PlexValues,
        base: Option<&BaseField>,
        selected: &Selected,
    ) -> Option<Self> {
        let raw = or_empty(plex.get(field));
        let title = or_empty(plex.get(Field::Title));
        let mut seen = Self {
            now: effective(field, &raw, &title),
            raw,
            locked: plex.is_locked(field),
            path: None,
            title,
        };
        if let Value::Image(path) = &seen.raw {
            let path = path.clone();
            seen.path = is_path(&path).then(|| path.clone());
            let key = match (selected.get(&field), base) {
                (Some(key), _) => Value::Image(key.clone()),
                (None, Some(base)) if base.image_path.as_ref() == Some(&path) => {
                    base.read_back.clone()
                }
                _ if seen.path.is_some() => return None,
                _ => Value::Image(path),
            };
            seen.now = key.clone();
            seen.raw = key;
        }
        Some(seen)
    }

    /// Whether Plex holds nothing there of its own.
    pub fn is_empty(&self, field: Field) -> bool {
        self.raw.is_empty() || (field == Field::SortTitle && self.now == self.title)
    }
}

/// An empty string and an empty list are nothing.
pub(super) fn or_empty(value: &Value) -> Value {
    match value {
        Value::Text(text) | Value::Image(text) if text.is_empty() => Value::Empty,
        Value::Tags(tags) | Value::Cast { names: tags, .. } if tags.is_empty() => Value::Empty,
        other => other.clone(),
    }
}

/// Plex leaves a sort title out where it equals the title.
pub(super) fn effective(field: Field, value: &Value, title: &Value) -> Value {
    if field == Field::SortTitle && value.is_empty() {
        title.clone()
    } else {
        or_empty(value)
    }
}

/// Whether two values of a field are the same, both as they are compared. A picture's hash is the same as a key that
/// ends with it.
pub fn same(field: Field, a: &Value, b: &Value) -> bool {
    match (field.kind(), a, b) {
        (FieldKind::Tags, _, _) => folded(a.tags()) == folded(b.tags()) && cast::same_told(a, b),
        (FieldKind::Image, Value::Image(a), Value::Image(b)) => {
            is_same_picture(a, b) || is_key_of(a, b) || is_key_of(b, a)
        }
        _ => or_empty(a) == or_empty(b),
    }
}

/// Whether a picture's key ends with the hash.
fn is_key_of(key: &str, hash: &str) -> bool {
    !hash.is_empty()
        && !hash.contains('/')
        && key
            .strip_suffix(hash)
            .is_some_and(|rest| rest.ends_with('/'))
}

/// Whether a picture is known only by where Plex serves it, which says nothing about its bytes.
pub(super) fn is_path(key: &str) -> bool {
    key.starts_with('/')
}

/// Whether Plex now holds something else than was read back. In lists that leave others' tags alone, only a tag of ours
/// that is gone counts, and a role of ours that is another. Of an actor's picture only counts that ours is gone.
pub(super) fn plex_changed(field: Field, mode: ListMode, base: &BaseField, now: &Value) -> bool {
    if field.kind() == FieldKind::Tags && mode != ListMode::Mirror {
        let held = folded(now.tags());
        let read_back = folded(base.read_back.tags());
        let asked = folded(base.asked.tags());
        return asked
            .intersection(&read_back)
            .any(|tag| !held.contains(tag))
            || cast::lost_role(base, now)
            || cast::lost_picture(base, now);
    }
    let read_back = base.read_back.clone().without(&[CastTrait::Picture]);
    !same(field, &read_back, now) || cast::lost_picture(base, now)
}

/// What a list shall be: the wanted tags in their order, then what stays of the others. Tags that Plex already has keep
/// Plex's spelling, actors of whose role or picture nothing is wanted keep theirs.
pub(super) fn merged(mode: ListMode, wanted: &Value, now: &Value, ours: &[String]) -> Value {
    let spelled: BTreeMap<String, &String> =
        now.tags().iter().map(|tag| (fold(tag), tag)).collect();
    let mut taken = BTreeSet::new();
    let mut tags = Vec::new();
    for tag in wanted.tags() {
        let folded = fold(tag);
        let spelling = spelled.get(&folded).copied().unwrap_or(tag).clone();
        if taken.insert(folded) {
            tags.push(spelling);
        }
    }
    let ours = folded(ours);
    for tag in now.tags() {
        let folded = fold(tag);
        let stays = match mode {
            ListMode::Mirror => false,
            ListMode::Own => !ours.contains(&folded),
            ListMode::Add => true,
        };
        if stays && taken.insert(folded) {
            tags.push(tag.clone());
        }
    }
    cast::list_of(tags, &[wanted, now])
}

/// The tags of `from` that `other` has not.
pub fn without(from: &[String], other: &[String]) -> Vec<String> {
    let other = folded(other);
    from.iter()
        .filter(|tag| !other.contains(&fold(tag)))
        .cloned()
        .collect()
}

/// The tags of `from` that `other` has too.
pub fn within(from: &[String], other: &[String]) -> Vec<String> {
    let other = folded(other);
    from.iter()
        .filter(|tag| other.contains(&fold(tag)))
        .cloned()
        .collect()
}

pub(super) fn folded(tags: &[String]) -> BTreeSet<String> {
    tags.iter().map(|tag| fold(tag)).collect()
}
