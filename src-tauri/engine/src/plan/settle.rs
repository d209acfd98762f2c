//! After a write: what Plex took, and what to remember of it.

use std::collections::BTreeMap;

use super::compare::{Seen, effective, or_empty, plex_changed, same, within, without};
use super::{Rules, Selected, Took, cast, cast_others};
use crate::model::{BaseField, CastTrait, Change, Field, FieldKind, PlexValues, Refused, Value};

/// What a write left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Base records of the fields that Plex took.
    pub base: BTreeMap<Field, BaseField>,
    /// Fields that Plex did not take, in the order of the changes. Read them once more, write them once more, then
    /// [`refuse`].
    pub differs: Vec<Field>,
}

/// What to remember of a write that was read back. `previous` is the item's base before it, `selected` holds the keys
/// that pictures have now.
pub fn settle(
    changes: &[Change],
    previous: Option<&BTreeMap<Field, BaseField>>,
    read_back: &PlexValues,
    selected: &Selected,
    rules: &Rules,
) -> Settled {
    let differs = differing(changes, read_back, selected);
    let base = changes
        .iter()
        .filter(|change| !differs.contains(&change.field))
        .map(|change| {
            (
                change.field,
                base_of(change, changes, previous, read_back, selected, rules),
            )
        })
        .collect();
    Settled { base, differs }
}

/// What to remember of fields that Plex would not take, tried twice: not to plan them again until the source asks for
/// something else or the server is another version. Only the fields named in `differs` are in the answer.
pub fn refuse(
    changes: &[Change],
    differs: &[Field],
    previous: Option<&BTreeMap<Field, BaseField>>,
    read_back: &PlexValues,
    selected: &Selected,
    rules: &Rules,
) -> BTreeMap<Field, BaseField> {
    changes
        .iter()
        .filter(|change| differs.contains(&change.field))
        .map(|change| {
            let mut base = base_of(change, changes, previous, read_back, selected, rules);
            if change.field.kind() == FieldKind::Tags {
                // What Plex made of it, which need not be what was left of a write that arrived.
                base.read_back = read_back.get(change.field).clone();
            }
            base.refused = Some(Refused {
                wanted: change.asked.clone(),
                server_version: rules.server_version.clone(),
            });
            (change.field, base)
        })
        .collect()
}

/// The fields that do not hold, or are not locked, as a change says. A list may hold more than asked for (somebody may
/// have added a tag meanwhile), but none of the tags that were to go.
pub fn differing(changes: &[Change], read_back: &PlexValues, selected: &Selected) -> Vec<Field> {
    changes
        .iter()
        .filter(|change| !is_taken(change, read_back, selected))
        .map(|change| change.field)
        .collect()
}

/// Whether Plex holds the value that a change asked for, locked or not. `false` for a picture of which only the path is
/// known.
pub fn holds(change: &Change, held: &PlexValues) -> bool {
    Seen::new(change.field, held, None, &Selected::new())
        .is_some_and(|seen| has_value(change, &seen))
}

/// Whether Plex holds what a change leaves there, be it without the roles or pictures of a cast, because the server
/// ignores them. Where more than pictures was to change and is there, it does not matter which pictures others put there;
/// nor does it which of the tags that a list had before are there yet.
pub fn landed(change: &Change, held: &PlexValues) -> bool {
    if arrived(change, held) {
        return true;
    }
    if is_of_pictures(change) {
        return ignores(change, held);
    }
    ignores(change, &held.clone().without(&[CastTrait::Picture]))
}

/// The same, where Plex holds of it what it did not hold before: a server that ignores a change to the roles or pictures of
/// a cast looks like one that it never reached.
pub fn arrived(change: &Change, held: &PlexValues) -> bool {
    if change.field != Field::Actors {
        return holds(change, held) || has_moved(change, held.get(change.field));
    }
    if is_of_pictures(change) {
        let took = cast::took(CastTrait::Picture, change, held.get(change.field));
        return holds(change, held) || took == Some(Took::Some);
    }
    holds(change, &held.clone().without(&[CastTrait::Picture]))
}

/// Whether nothing of a cast was to change but pictures.
fn is_of_pictures(change: &Change) -> bool {
    let before = change.before.clone().without(&[CastTrait::Picture]);
    change.field == Field::Actors && same(change.field, &before, &change.after)
}

/// Whether a list has every tag that a change brought, none that it took, and, where some were to stay, one of these: a list
/// of which nothing stayed may be anybody's.
fn has_moved(change: &Change, now: &Value) -> bool {
    let (before, after) = (change.before.tags(), change.after.tags());
    let brought = without(after, before);
    let stay = within(before, after);
    change.field.kind() == FieldKind::Tags
        && !brought.is_empty()
        && (stay.is_empty() || !within(&stay, now.tags()).is_empty())
        && without(&brought, now.tags()).is_empty()
        && within(&without(before, after), now.tags()).is_empty()
}

/// An attempt that arrived under a lock of ours, which is there yet, without the pictures of actors that somebody took away
/// since: sending them again would take that back. `None` where it is to stay as it is. Where Syncslate locks nothing, a
/// picture that is gone is drift like any other.
pub fn without_taken_away(
    change: &Change,
    previous: Option<&BaseField>,
    held: &PlexValues,
) -> Option<Change> {
    let is_our_lock =
        !change.before_locked || previous.is_some_and(|previous| previous.locked_by_us);
    let rest = held.clone().without(&[CastTrait::Picture]);
    let has_arrived = change.field == Field::Actors
        && change.lock
        && is_our_lock
        && held.is_locked(change.field)
        && holds(change, &rest);
    has_arrived
        .then(|| cast_others::without_taken_away(change, held.get(change.field)))
        .flatten()
}

/// Whether Plex holds a cast as a server that ignores roles or pictures makes it of a change: the names and the lock are
/// there, and of the roles that were to change none, or of the pictures.
pub fn ignores(change: &Change, held: &PlexValues) -> bool {
    let now = held.get(change.field);
    let ignored: Vec<CastTrait> = CastTrait::ALL
        .into_iter()
        .filter(|of| cast::took(*of, change, now) == Some(Took::Nothing))
        .collect();
    change.field == Field::Actors
        && !ignored.is_empty()
        && held.is_locked(change.field) == change.lock
        && holds(change, &held.clone().without(&ignored))
}

/// Whether a field that Syncslate remembers and no change touched holds something else than when the item was compared:
/// what is in base, or what was noted of it as `kept`. Pictures are left out: their paths move with every edit.
pub fn drifted(
    base: &BTreeMap<Field, BaseField>,
    kept: &BTreeMap<Field, Value>,
    changes: &[Change],
    held: &PlexValues,
    rules: &Rules,
) -> bool {
    let none = Selected::new();
    base.iter()
        .filter(|(field, _)| field.kind() != FieldKind::Image)
        .filter(|(field, _)| changes.iter().all(|change| change.field != **field))
        .any(|(&field, base)| {
            let seen = Seen::new(field, held, None, &none);
            seen.is_some_and(|seen| match kept.get(&field) {
                Some(noted) => !same(field, noted, &seen.now),
                None => plex_changed(field, rules.list_mode(field), base, &seen.now),
            })
        })
}

/// Whether a field that Syncslate locked is locked yet and holds what Syncslate left. In lists that leave others' tags alone,
/// others may have added some; who took one away made the list theirs.
pub fn is_our_lock(field: Field, base: &BaseField, held: &PlexValues, rules: &Rules) -> bool {
    base.locked_by_us
        && Seen::new(field, held, Some(base), &Selected::new()).is_some_and(|seen| {
            let is_whole = without(base.read_back.tags(), seen.now.tags()).is_empty();
            seen.locked && is_whole && !plex_changed(field, rules.list_mode(field), base, &seen.now)
        })
}

/// Whether Plex still holds what the changes say it held; where not, plan anew before writing. Pictures are compared
/// only where their keys are in `selected`; their locks always.
pub fn still_stands(changes: &[Change], plex: &PlexValues, selected: &Selected) -> bool {
    changes.iter().all(|change| {
        let Some(seen) = Seen::new(change.field, plex, None, selected) else {
            return plex.is_locked(change.field) == change.before_locked;
        };
        let before = effective(change.field, &change.before, &seen.title);
        let is_same = if change.field == Field::Actors {
            cast::stands(change, &before, &seen.now)
        } else {
            same(change.field, &before, &seen.now)
        };
        seen.locked == change.before_locked && is_same
    })
}

fn is_taken(change: &Change, read_back: &PlexValues, selected: &Selected) -> bool {
    let field = change.field;
    let Some(seen) = Seen::new(field, read_back, None, selected) else {
        return false;
    };
    if field.can_lock() && seen.locked != change.lock {
        return false;
    }
    has_value(change, &seen)
}

fn has_value(change: &Change, seen: &Seen) -> bool {
    let field = change.field;
    match field.kind() {
        FieldKind::Tags => {
            let (after, before, now) = (change.after.tags(), change.before.tags(), seen.now.tags());
            without(after, now).is_empty()
                && within(&without(before, after), now).is_empty()
                && cast::has_told(change, &seen.now)
        }
        // A key that does not end with the hash is right where it is another than before; see `Seen`.
        FieldKind::Image => {
            let is_hash = matches!(&change.after, Value::Image(sent) if !sent.contains('/'));
            same(field, &change.after, &seen.now)
                || (is_hash && !seen.now.is_empty() && seen.now != or_empty(&change.before))
        }
        _ if change.after.is_empty() => seen.is_empty(field),
        _ => same(field, &change.after, &seen.now),
    }
}

/// What to remember of a field in which `change` was written and Plex then held `now`. A lock is ours where the change
/// asked for it and none was there, or where it was ours before; any other was set by a person since.
pub fn base_after_write(
    change: &Change,
    previous: Option<&BaseField>,
    now: &Value,
    locked: bool,
) -> BaseField {
    // Ours are the tags asked for that were not there before, and those that were ours already, as far as they are there.
    let mut ours = without(change.asked.tags(), change.before.tags());
    ours.extend(
        previous
            .map_or(&[][..], |previous| &previous.ours)
            .iter()
            .cloned(),
    );
    let is_our_lock = if change.before_locked {
        previous.is_some_and(|previous| previous.locked_by_us)
    } else {
        change.lock
    };
    let locked_by_us = locked && is_our_lock;
    let read_back = if locked_by_us {
        cast_others::with_taken_away(change, now.clone())
    } else {
        now.clone()
    };
    BaseField {
        asked: change.asked.clone(),
        read_back: list_left(change, &read_back),
        locked,
        locked_by_us,
        ours: within(now.tags(), &ours),
        image_path: None,
        overwritten: 0,
        refused: None,
    }
}

/// A list as the write alone left it. A tag that was neither there before nor asked for was added by somebody until Plex
/// was read again, and is theirs; one that was there before and was to stay was taken away by somebody.
fn list_left(change: &Change, now: &Value) -> Value {
    let has_arrived = without(change.after.tags(), now.tags()).is_empty() || has_moved(change, now);
    if change.field.kind() != FieldKind::Tags || !has_arrived {
        return now.clone();
    }
    let known = [change.before.tags(), change.after.tags()].concat();
    let mut left = within(now.tags(), &known);
    left.extend(without(change.after.tags(), now.tags()));
    cast::list_of(left, &[now])
}

fn base_of(
    change: &Change,
    changes: &[Change],
    previous: Option<&BTreeMap<Field, BaseField>>,
    read_back: &PlexValues,
    selected: &Selected,
    rules: &Rules,
) -> BaseField {
    let field = change.field;
    let previous = previous.and_then(|previous| previous.get(&field));
    let seen = Seen::new(field, read_back, None, selected);
    let now = seen
        .as_ref()
        .map_or_else(|| or_empty(read_back.get(field)), |seen| seen.now.clone());
    BaseField {
        image_path: match read_back.get(field) {
            Value::Image(path) if super::compare::is_path(path) => Some(path.clone()),
            _ => None,
        },
        overwritten: times_overwritten(change, changes, previous, read_back, rules),
        ..base_after_write(change, previous, &now, read_back.is_locked(field))
    }
}

/// One more than before where this write answers drift with the same value; else the row is broken.
fn times_overwritten(
    change: &Change,
    changes: &[Change],
    previous: Option<&BaseField>,
    read_back: &PlexValues,
    rules: &Rules,
) -> u8 {
    let field = change.field;
    let Some(previous) = previous else { return 0 };
    let title = changes
        .iter()
        .find(|change| change.field == Field::Title)
        .map_or_else(|| read_back.get(Field::Title), |change| &change.before);
    let before = effective(field, &change.before, title);
    let is_drift = !change.before_locked
        && !previous.locked_by_us
        && same(field, &previous.asked, &change.asked)
        && plex_changed(field, rules.list_mode(field), previous, &before);
    if is_drift {
        previous.overwritten.saturating_add(1)
    } else {
        0
    }
}
