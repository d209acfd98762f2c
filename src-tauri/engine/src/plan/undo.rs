//! Taking a run back, for one item: values, locks, selected pictures, tags.

use std::collections::BTreeMap;

use super::compare::{Seen, effective, is_path, or_empty, same, without};
use super::{ItemPlan, Selected, cast};
use crate::model::{
    BaseField, CastTrait, Change, Conflict, ConflictKind, Field, FieldKind, PlexValues, Value,
};

/// What a run did to a field, from the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoField {
    /// What Plex held before; a picture's key.
    pub before: Value,
    /// The same to the byte, where that is not the normal form.
    pub before_raw: Option<Value>,
    /// Whether it was locked.
    pub before_locked: bool,
    /// What Plex held after; a picture's key, or the hash of its bytes where the server's keys end with it.
    pub after: Value,
    /// Whether it was locked then.
    pub after_locked: bool,
    /// Whether the lock is Syncslate's whatever else others added since.
    pub unlocks_anyway: bool,
}

/// Plans the way back: a field that still holds what the run left gets its earlier value and lock; one that was edited
/// since is a conflict. A list loses what the run added, regains what it removed and keeps what others added meanwhile.
/// A lock that somebody set or took away since stays as they left it.
///
/// `base` (the item's present base) and `selected` say which pictures are selected; where neither does, the field is in
/// [`ItemPlan::unlisted`].
pub fn plan_undo(
    fields: &BTreeMap<Field, UndoField>,
    plex: &PlexValues,
    base: Option<&BTreeMap<Field, BaseField>>,
    selected: &Selected,
) -> ItemPlan {
    let mut plan = ItemPlan::default();
    for (&field, undo) in fields {
        let base = base.and_then(|base| base.get(&field));
        let Some(seen) = Seen::new(field, plex, base, selected) else {
            plan.unlisted.push(field);
            continue;
        };
        let left = effective(field, &undo.after, &seen.title);
        // Pictures of actors move without the item: most belong to the person on the whole server.
        let is_untouched = same(field, &left.without(&[CastTrait::Picture]), &seen.now);
        let lock = if seen.locked == undo.after_locked && (is_untouched || undo.unlocks_anyway) {
            undo.before_locked
        } else {
            seen.locked
        };
        let untold = untold(&seen.now);
        let after = match field.kind() {
            FieldKind::Tags if !is_untouched => list_without_run(undo, &seen.now).without(&untold),
            FieldKind::Tags => {
                let names = undo.before.tags().to_vec();
                cast::taken_back(names, &undo.before, &undo.after, &seen.now).without(&untold)
            }
            _ if is_untouched => or_empty(&undo.before),
            _ if same(field, &undo.before, &seen.raw) => continue,
            _ => {
                plan.conflicts.push(edited_since(field, undo, &seen));
                continue;
            }
        };
        if matches!(&after, Value::Image(key) if is_path(key)) {
            // The earlier picture's key was never learned: it cannot be selected.
            plan.conflicts.push(edited_since(field, undo, &seen));
            continue;
        }
        // Plex leaves a sort title out where it equals the title; what lies behind shows once the title is another.
        let is_hidden = field == Field::SortTitle
            && seen.raw.is_empty()
            && plan
                .changes
                .iter()
                .any(|change| change.field == Field::Title);
        if !is_hidden && lock == seen.locked && same(field, &after, &seen.raw) {
            continue;
        }
        let before = undo.before.clone().without(&untold);
        let after_raw = undo.before_raw.clone().map(|raw| raw.without(&untold));
        plan.changes.push(Change {
            field,
            asked: cast::moving(&seen.raw, &after),
            before: seen.raw,
            before_raw: plex.raw.get(&field).cloned(),
            before_locked: seen.locked,
            // A list that others changed meanwhile is a new one.
            after_raw: after_raw.filter(|_| after == or_empty(&before)),
            after,
            lock,
        });
    }
    plan
}

/// What is not told of a cast because the server ignores it: then it is not told to the server either.
fn untold(now: &Value) -> Vec<CastTrait> {
    let all = CastTrait::ALL.into_iter();
    all.filter(|of| !now.is_empty() && now.told(*of).is_none())
        .collect()
}

fn list_without_run(undo: &UndoField, held: &Value) -> Value {
    let (before, after, now) = (undo.before.tags(), undo.after.tags(), held.tags());
    let added = without(after, before);
    let removed = without(before, after);
    let mut tags = without(now, &added);
    tags.extend(without(&removed, now));
    cast::taken_back(tags, &undo.before, &undo.after, held)
}

fn edited_since(field: Field, undo: &UndoField, seen: &Seen) -> Conflict {
    Conflict {
        field,
        kind: ConflictKind::EditedSince,
        plex: seen.now.clone(),
        source: undo.before.clone(),
    }
}
