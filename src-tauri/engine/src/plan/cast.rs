//! What is told of the actors of a cast: names are compared as in any list (`compare`), roles and pictures here.
//!
//! A role that a source does not tell is nobody's business: Plex's stays. A cast of which names alone are known, because
//! the server takes no roles or because it was stored so, is the same as any cast of these names. So it is with pictures,
//! which moreover fill gaps only: one that an agent or a person chose stays, and is no difference ([`filling`]).

use std::collections::BTreeMap;

use crate::model::{BaseField, CastTrait, Change, Value};
use crate::text::fold;

/// What is told by folded name, also where that is nothing; `None` where nothing is known.
pub(super) fn told(value: &Value, of: CastTrait) -> Option<BTreeMap<String, &str>> {
    let told = value.told(of)?;
    Some(told.map(|(name, told)| (fold(name), told)).collect())
}

/// Whether the same is told of two casts of the same names, as far as both know anything.
pub(super) fn same_told(a: &Value, b: &Value) -> bool {
    let same = |of| match (told(a, of), told(b, of)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    CastTrait::ALL.into_iter().all(same)
}

/// What of a wanted cast counts: pictures only of actors who are new, who have the one that Syncslate gave them, or who
/// have none where gaps may be filled.
pub(super) fn filling(
    wanted: &Value,
    now: &Value,
    base: Option<&BaseField>,
    fills_gaps: bool,
) -> Value {
    let Some(pictures) = wanted.told(CastTrait::Picture) else {
        return wanted.clone();
    };
    let now = told(now, CastTrait::Picture).unwrap_or_default();
    let ours = base.map(ours).unwrap_or_default();
    let pictures = pictures
        .map(|(name, picture)| {
            let name = fold(name);
            let is_free = now.get(&name).is_none_or(|there| {
                (there.is_empty() && fills_gaps) || ours.get(&name) == Some(there)
            });
            if is_free { picture } else { "" }.to_owned()
        })
        .collect();
    with_pictures(wanted, pictures)
}

pub(super) fn with_pictures(cast: &Value, pictures: Vec<String>) -> Value {
    match cast.clone() {
        Value::Cast { names, roles, .. } => Value::cast(names, roles, pictures),
        other => other,
    }
}

/// What is asked for to make one cast another: pictures only where they move. The others are not Syncslate's to tell.
pub(super) fn moving(before: &Value, after: &Value) -> Value {
    let of = CastTrait::Picture;
    let (Some(was), Some(pictures)) = (told(before, of), after.told(of)) else {
        return after.clone();
    };
    let pictures = pictures
        .map(|(name, picture)| {
            let moves = was.get(&fold(name)) != Some(&picture);
            if moves { picture } else { "" }.to_owned()
        })
        .collect();
    with_pictures(after, pictures)
}

/// Pictures that Syncslate asked for and Plex took.
fn ours(base: &BaseField) -> BTreeMap<String, &str> {
    let asked = told(&base.asked, CastTrait::Picture).unwrap_or_default();
    let read_back = told(&base.read_back, CastTrait::Picture).unwrap_or_default();
    asked
        .into_iter()
        .filter(|(name, picture)| !picture.is_empty() && read_back.get(name) == Some(picture))
        .collect()
}

/// Whether a picture that Syncslate gave an actor is gone. Another one in its place is somebody's, and stays.
pub(super) fn lost_picture(base: &BaseField, now: &Value) -> bool {
    let now = told(now, CastTrait::Picture).unwrap_or_default();
    let mut ours = ours(base).into_keys();
    ours.any(|name| now.get(&name).is_some_and(|now| now.is_empty()))
}

/// Whether a cast of which names alone are remembered holds other roles than are wanted: nothing tells whose they are.
pub(super) fn has_roles_of_others(base: &BaseField, wanted: &Value, now: &Value) -> bool {
    let of = CastTrait::Role;
    let (None, Some(wanted), Some(now)) =
        (told(&base.read_back, of), told(wanted, of), told(now, of))
    else {
        return false;
    };
    let mut roles = wanted.iter().filter(|(_, role)| !role.is_empty());
    roles.any(|(name, role)| {
        now.get(name)
            .is_some_and(|now| !now.is_empty() && now != role)
    })
}

/// A list of these names, each with the first role and picture that one of `told_by` has for it; [`Value::Empty`] where
/// there is no name. A plain list where none of them knows any, as of any list that is no cast.
pub fn list_of(names: Vec<String>, told_by: &[&Value]) -> Value {
    let [roles, pictures] = CastTrait::ALL.map(|of| first_told(&names, told_by, of));
    Value::cast(names, roles, pictures)
}

fn first_told(names: &[String], told_by: &[&Value], of: CastTrait) -> Vec<String> {
    let told: Vec<_> = told_by.iter().filter_map(|value| told(value, of)).collect();
    if told.is_empty() {
        return Vec::new();
    }
    let first = |name: &String| {
        let name = fold(name);
        let mut told = told.iter().filter_map(|told| told.get(&name));
        let first = told.find(|told| !told.is_empty()).copied();
        first.unwrap_or_default().to_owned()
    };
    names.iter().map(first).collect()
}

/// A list of these names, with the roles and pictures that were there before a run which left `after`; one that somebody
/// changed since, as `now` says, stays.
pub fn taken_back(names: Vec<String>, before: &Value, after: &Value, now: &Value) -> Value {
    let [roles, pictures] = CastTrait::ALL.map(|of| {
        let (Some(was), Some(left)) = (told(before, of), told(after, of)) else {
            return first_told(&names, &[now, before], of);
        };
        let is = told(now, of).unwrap_or_default();
        let one = |name: &String| {
            let name = fold(name);
            let of_others = is.get(&name).filter(|is| left.get(&name) != Some(*is));
            let one = of_others.or_else(|| was.get(&name)).copied();
            one.unwrap_or_default().to_owned()
        };
        names.iter().map(one).collect()
    });
    Value::cast(names, roles, pictures)
}

/// Whether a cast is as it was when a change was planned. Pictures that the change says nothing of are others' business:
/// most belong to the person on the whole server, and move without this item.
pub(super) fn stands(change: &Change, before: &Value, now: &Value) -> bool {
    let of = CastTrait::Picture;
    let (Some(was), Some(is), Some(after)) =
        (told(before, of), told(now, of), told(&change.after, of))
    else {
        return same_told(before, now);
    };
    let asked = told(&change.asked, of).unwrap_or_default();
    let mut after = after.iter();
    same_told(&before.clone().without(&[of]), now)
        && after.all(|(name, after)| {
            let of_name = |told: &BTreeMap<String, &str>| {
                told.get(name).copied().unwrap_or_default().to_owned()
            };
            let was = of_name(&was);
            was == of_name(&is) || !of.is_to_tell(&was, after, &of_name(&asked))
        })
}

/// Whether actors stay of whom Plex tells a picture that the change says nothing of.
pub fn keeps_pictures(change: &Change) -> bool {
    let of = CastTrait::Picture;
    let before = told(&change.before, of).unwrap_or_default();
    let mut after = change.after.told(of).into_iter().flatten();
    after.any(|(name, picture)| !picture.is_empty() && before.get(&fold(name)) == Some(&picture))
}

/// Leaves every picture of a cast as it is; an actor who is new gets none.
pub fn leave_pictures(change: &mut Change) {
    if change.after.told(CastTrait::Picture).is_none() {
        return;
    }
    let before = told(&change.before, CastTrait::Picture).unwrap_or_default();
    let names = change.after.tags().iter();
    let pictures = names
        .map(|name| {
            before
                .get(&fold(name))
                .copied()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    change.after = with_pictures(&change.after, pictures);
    change.after_raw = None;
    change.asked = std::mem::take(&mut change.asked).without(&[CastTrait::Picture]);
}

/// Whether pictures that were to stay are gone with an edit of a cast: some servers may make a cast anew.
pub fn dropped_pictures(change: &Change, held: &Value) -> bool {
    let of = CastTrait::Picture;
    let (Some(before), Some(after), Some(now)) = (
        told(&change.before, of),
        told(&change.after, of),
        told(held, of),
    ) else {
        return false;
    };
    after.iter().any(|(name, picture)| {
        !picture.is_empty()
            && before.get(name) == Some(picture)
            && now.get(name).is_some_and(|now| now.is_empty())
    })
}

/// Whether a cast has the roles and pictures that a change asked for, and none that it took away.
pub(super) fn has_told(change: &Change, now: &Value) -> bool {
    let has = |of| {
        let (Some(now), Some(after)) = (told(now, of), told(&change.after, of)) else {
            return true;
        };
        let before = told(&change.before, of).unwrap_or_default();
        let asked = told(&change.asked, of).unwrap_or_default();
        after
            .iter()
            .filter(|(name, after)| {
                let was = before.get(*name).copied().unwrap_or_default();
                let asked = asked.get(*name).copied().unwrap_or_default();
                // A picture that is somebody else's need not be: it is told where the server dropped it.
                of.is_to_tell(was, after, asked) && (of == CastTrait::Role || *after == &asked)
            })
            .all(|(name, after)| now.get(name) == Some(after))
    };
    CastTrait::ALL.into_iter().all(has)
}

/// Whether a role that was asked for, and was there, is another now.
pub(super) fn lost_role(base: &BaseField, now: &Value) -> bool {
    let of = CastTrait::Role;
    let (Some(asked), Some(read_back), Some(now)) = (
        told(&base.asked, of),
        told(&base.read_back, of),
        told(now, of),
    ) else {
        return false;
    };
    asked
        .iter()
        .filter(|(name, role)| !role.is_empty() && read_back.get(*name) == Some(role))
        .any(|(name, role)| now.get(name).is_some_and(|now| now != role))
}

/// What became of the roles, or the pictures, that an edit was to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// At least one is there.
    Some,
    /// None is there, and nothing else in its place.
    Nothing,
    /// None is there, and something else in the place of one: somebody's, or what the server made of it.
    Other,
}

/// What a cast that was written, and holds `held` now with all that Plex tells of it, says of what was asked for; `None`
/// where nothing was.
pub fn took(of: CastTrait, change: &Change, held: &Value) -> Option<Took> {
    let (now, after) = (told(held, of)?, told(&change.after, of)?);
    let before = told(&change.before, of).unwrap_or_default();
    let was = |name: &String| before.get(name).copied().unwrap_or_default();
    let each = after
        .iter()
        .filter(|(name, told)| !told.is_empty() && **told != was(name))
        .filter_map(|(name, told)| {
            let now = now.get(name)?;
            Some(if now == told {
                Took::Some
            } else if now.is_empty() || *now == was(name) {
                Took::Nothing
            } else {
                Took::Other
            })
        });
    // One that is there proves more than many that are not.
    each.reduce(|one, other| match (one, other) {
        (Took::Some, _) | (_, Took::Some) => Took::Some,
        (Took::Other, _) | (_, Took::Other) => Took::Other,
        (Took::Nothing, Took::Nothing) => Took::Nothing,
    })
}
