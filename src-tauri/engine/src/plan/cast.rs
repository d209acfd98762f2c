//! What the actors of a cast play: names are compared as in any list (`compare`), roles here.
//!
//! A role that a source does not tell is nobody's business: Plex's stays. A cast of which names alone are known, because
//! the server takes no roles or because it was stored so, is the same as any cast of these names.

use std::collections::BTreeMap;

use crate::model::{BaseField, Change, Value};
use crate::text::fold;

/// Roles by folded name, also those that are empty; `None` where nothing is known of them.
fn roles(value: &Value) -> Option<BTreeMap<String, &str>> {
    let cast = value.cast()?;
    Some(cast.map(|(name, role)| (fold(name), role)).collect())
}

/// Whether two casts of the same names have the same roles, as far as both know any.
pub(super) fn same_roles(a: &Value, b: &Value) -> bool {
    match (roles(a), roles(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Whether a cast of which names alone are remembered holds other roles than are wanted: nothing tells whose they are.
pub(super) fn has_roles_of_others(base: &BaseField, wanted: &Value, now: &Value) -> bool {
    let (None, Some(wanted), Some(now)) = (roles(&base.read_back), roles(wanted), roles(now))
    else {
        return false;
    };
    let mut told = wanted.iter().filter(|(_, role)| !role.is_empty());
    told.any(|(name, role)| {
        now.get(name)
            .is_some_and(|now| !now.is_empty() && now != role)
    })
}

/// A list of these names, each with the first role that one of `told` has for it; [`Value::Empty`] where there is no name.
/// A plain list where none of them knows roles, as of any list that is no cast.
pub fn list_of(names: Vec<String>, told: &[&Value]) -> Value {
    let told: Vec<_> = told.iter().filter_map(|value| roles(value)).collect();
    if names.is_empty() {
        return Value::Empty;
    }
    if told.is_empty() {
        return Value::Tags(names);
    }
    let role = |name: &String| {
        let name = fold(name);
        let mut roles = told.iter().filter_map(|roles| roles.get(&name));
        roles.find(|role| !role.is_empty()).copied()
    };
    let roles = names
        .iter()
        .map(|name| role(name).unwrap_or_default().to_owned())
        .collect();
    Value::Cast { names, roles }
}

/// A list of these names, with the roles that were there before a run which left `after`; a role that somebody changed
/// since, as `now` says, stays.
pub fn taken_back(names: Vec<String>, before: &Value, after: &Value, now: &Value) -> Value {
    let (Some(was), Some(left)) = (roles(before), roles(after)) else {
        return list_of(names, &[now, before]);
    };
    let is = roles(now).unwrap_or_default();
    let role = |name: &String| {
        let name = fold(name);
        let of_others = is.get(&name).filter(|is| left.get(&name) != Some(*is));
        let role = of_others.or_else(|| was.get(&name)).copied();
        role.unwrap_or_default().to_owned()
    };
    if names.is_empty() {
        return Value::Empty;
    }
    let roles = names.iter().map(role).collect();
    Value::Cast { names, roles }
}

/// Whether a cast has the roles that a change asked for, and none that it took away.
pub(super) fn has_roles(change: &Change, now: &Value) -> bool {
    let (Some(now), Some(after)) = (roles(now), roles(&change.after)) else {
        return true;
    };
    let before = roles(&change.before).unwrap_or_default();
    let is_told = |name: &String, role: &str| {
        !role.is_empty() || before.get(name).is_some_and(|before| !before.is_empty())
    };
    after
        .iter()
        .filter(|(name, role)| is_told(name, role))
        .all(|(name, role)| now.get(name) == Some(role))
}

/// Whether a role that was asked for, and was there, is another now.
pub(super) fn lost_role(base: &BaseField, now: &Value) -> bool {
    let (Some(asked), Some(read_back), Some(now)) =
        (roles(&base.asked), roles(&base.read_back), roles(now))
    else {
        return false;
    };
    asked
        .iter()
        .filter(|(name, role)| !role.is_empty() && read_back.get(*name) == Some(role))
        .any(|(name, role)| now.get(name).is_some_and(|now| now != role))
}

/// What the read-back of a cast says about a server: whether it takes roles; `None` where it says nothing. `held` is what
/// Plex holds, roles and all.
///
/// Only a role that the edit was to change tells. It was taken where one is there; it was ignored where none is there
/// and nobody put another one in its place, if what went along with it (names, the lock) shows that the edit was done.
pub fn takes_roles(change: &Change, held: &Value, is_done: bool) -> Option<bool> {
    let (now, after) = (roles(held)?, roles(&change.after)?);
    let before = roles(&change.before).unwrap_or_default();
    let was = |name: &String| before.get(name).copied().unwrap_or_default();
    let mut told = after
        .iter()
        .filter(|(name, role)| !role.is_empty() && **role != was(name))
        .filter_map(|(name, role)| Some((name, role, now.get(name)?)))
        .peekable();
    told.peek()?;
    let mut all_as_before = true;
    for (name, role, now) in told {
        if now == role {
            return Some(true);
        }
        all_as_before &= now.is_empty() || *now == was(name);
    }
    (all_as_before && is_done).then_some(false)
}
