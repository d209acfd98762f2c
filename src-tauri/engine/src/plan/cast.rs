//! What is told of the actors of a cast: names are compared as in any list (`compare`), roles and pictures here.
//!
//! A role that a source does not tell is nobody's business: Plex's stays. A cast of which names alone are known, because
//! the server takes no roles or because it was stored so, is the same as any cast of these names. So it is with pictures,
//! which moreover fill gaps only: one that an agent or a person chose stays, and is no difference ([`filling`]).

use std::collections::BTreeMap;

use crate::model::{BaseField, CastTrait, Change, Value};
use crate::text::fold;

/// What is told by folded name, also where that is nothing; `None` where nothing is known.
fn told(value: &Value, of: CastTrait) -> Option<BTreeMap<String, &str>> {
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

/// What of a wanted cast counts: pictures only of actors who have none, or who have the one that Syncslate gave them.
/// Who is not in Plex's cast yet has none.
pub(super) fn filling(wanted: &Value, now: &Value, base: Option<&BaseField>) -> Value {
    let (Some(pictures), Some(now)) = (
        wanted.told(CastTrait::Picture),
        told(now, CastTrait::Picture),
    ) else {
        return wanted.clone();
    };
    let ours = base.map(ours).unwrap_or_default();
    let pictures = pictures
        .map(|(name, picture)| {
            let name = fold(name);
            let there = now.get(&name).copied().unwrap_or_default();
            let is_free = there.is_empty() || ours.get(&name) == Some(&there);
            if is_free { picture } else { "" }.to_owned()
        })
        .collect();
    match wanted.clone() {
        Value::Cast { names, roles, .. } => Value::cast(names, roles, pictures),
        other => other,
    }
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

/// A cast as it was kept, with what is held by now of what was not known then.
pub(super) fn as_kept(kept: &Value, now: &Value) -> Value {
    let names = kept.tags().to_vec();
    let [roles, pictures] = CastTrait::ALL.map(|of| match kept.told(of) {
        Some(told) => told.map(|(_, told)| told.to_owned()).collect(),
        None => first_told(&names, &[now], of),
    });
    Value::cast(names, roles, pictures)
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
                of.is_to_tell(was, after, asked)
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

/// What the read-back of a cast says about a server: whether it takes roles, or pictures; `None` where it says nothing.
/// `held` is what Plex holds, with all that it tells.
///
/// Only what the edit was to change tells. It was taken where one is there. Roles were ignored where none is there and
/// nobody put another one in its place, pictures also where another one is served; both only if what went along (names,
/// the lock) shows that the edit was done.
pub fn takes(of: CastTrait, change: &Change, held: &Value, is_done: bool) -> Option<bool> {
    let (now, after) = (told(held, of)?, told(&change.after, of)?);
    let before = told(&change.before, of).unwrap_or_default();
    let was = |name: &String| before.get(name).copied().unwrap_or_default();
    let mut asked = after
        .iter()
        .filter(|(name, told)| !told.is_empty() && **told != was(name))
        .filter_map(|(name, told)| Some((name, told, now.get(name)?)))
        .peekable();
    asked.peek()?;
    let mut is_untaken = true;
    for (name, told, now) in asked {
        if now == told {
            return Some(true);
        }
        is_untaken &= of == CastTrait::Picture || now.is_empty() || *now == was(name);
    }
    (is_untaken && is_done).then_some(false)
}
