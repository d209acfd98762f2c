//! Changes as edits that Plex takes.
//!
//! Not here: what Plex's values are in the model (`values`), and what to change (`plan`).

use std::collections::BTreeMap;

use syncslate_plex::{Edit, Lockable, TagField};

use super::values::lockable;
use crate::model::{CastTrait, Change, Value};
use crate::text;

/// One PUT's worth of changes: values, removals of tags, and locks. Of a picture only the lock goes in; its bytes travel
/// by themselves. Tags that were there before and are not wanted are removed by name.
pub fn edit_of<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Edit {
    let mut edit = Edit::new();
    for change in changes {
        let Some(what) = lockable(change.field) else {
            continue;
        };
        let after = change.after_raw.as_ref().unwrap_or(&change.after);
        edit = match what {
            // Only the lock is another. What is written so that it stays has its lock already.
            _ if is_unchanged(change) && change.moves() => edit,
            Lockable::Value(field) => edit.value(field, wanted_value(after)),
            Lockable::Tags(field) => {
                let before = change.before_raw.as_ref().unwrap_or(&change.before);
                let (all, remove) = wanted_tags(after, before);
                match field {
                    TagField::Actor => {
                        let [roles, pictures] = CastTrait::ALL
                            .map(|of| wanted_told(of, [before, after, &change.asked]));
                        edit.cast(all, roles, pictures, remove)
                    }
                    _ => edit.tags(field, all, remove),
                }
            }
            Lockable::Image(_) => edit,
        };
        if change.field.can_lock() {
            edit = edit.lock(what, change.lock);
        }
    }
    edit
}

/// Whether a change is to a field's lock alone.
pub fn is_unchanged(change: &Change) -> bool {
    change.before == change.after
        && change
            .after_raw
            .as_ref()
            .is_none_or(|raw| Some(raw) == change.before_raw.as_ref())
}

/// A value as Plex's parameters write it; empty clears.
pub fn wanted_value(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) | Value::Image(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        Value::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Value::Moment(seconds) => seconds.to_string(),
        Value::Yes => "1".to_owned(),
        Value::Tags(tags) | Value::Cast { names: tags, .. } => tags.join(", "),
    }
}

/// All tags that shall be there, and those of the former ones that must go. A tag that is there in another form is sent
/// as it is there, so that it is not there twice. One that is there in another case is not removed: Plex holds both for
/// one, so its removal would take the wanted one with it.
fn wanted_tags(wanted: &Value, before: &Value) -> (Vec<String>, Vec<String>) {
    let there: BTreeMap<String, &String> = before
        .tags()
        .iter()
        .map(|tag| (text::tag(tag), tag))
        .collect();
    let all: Vec<String> = wanted
        .tags()
        .iter()
        .map(|tag| there.get(tag).copied().unwrap_or(tag).clone())
        .collect();
    let fold = |tag: &String| text::fold(&text::tag(tag));
    let folded: Vec<String> = all.iter().map(fold).collect();
    let remove = before
        .tags()
        .iter()
        .filter(|tag| !folded.contains(&fold(tag)))
        .cloned()
        .collect();
    (all, remove)
}

/// What is to be told of actors, by their place. What is there and not wanted is said to be none.
fn wanted_told(of: CastTrait, [before, after, asked]: [&Value; 3]) -> BTreeMap<usize, String> {
    let fold = |name: &str| text::fold(&text::tag(name));
    let by_name = |value: &Value| -> BTreeMap<String, String> {
        let told = value.told(of).into_iter().flatten();
        told.map(|(name, told)| (fold(name), told.to_owned()))
            .collect()
    };
    let (before, asked) = (by_name(before), by_name(asked));
    let after = after.told(of).into_iter().flatten().enumerate();
    after
        .filter(|(_, (name, told))| {
            let name = fold(name);
            let in_map =
                |map: &BTreeMap<String, String>| map.get(&name).cloned().unwrap_or_default();
            of.is_to_tell(&in_map(&before), told, &in_map(&asked))
        })
        .map(|(place, (_, told))| (place, told.to_owned()))
        .collect()
}
