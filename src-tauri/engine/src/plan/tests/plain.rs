//! Values in few words.

use std::collections::BTreeMap;

use crate::model::{BaseField, CastTrait, Change, Field, PlexValues, Value};
use crate::plan::*;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn tags(tags: &[&str]) -> Value {
    Value::Tags(tags.iter().map(|&tag| tag.into()).collect())
}

pub(super) fn cast(actors: &[(&str, &str)]) -> Value {
    let actors = actors.iter().map(|(name, role)| (*name, *role, ""));
    crate::text::cast_value(actors).without(&[CastTrait::Picture])
}

/// Actors, what they play, and the addresses of their pictures.
pub(super) fn pictured(actors: &[(&str, &str, &str)]) -> Value {
    crate::text::cast_value(actors.iter().copied())
}

pub(super) fn picture(key: &str) -> Value {
    Value::Image(key.into())
}

pub(super) fn rules() -> Rules {
    Rules::new(BTreeMap::new(), true, "1.43")
}

pub(super) fn held(values: &[(Field, Value)], locked: &[Field]) -> PlexValues {
    PlexValues {
        values: values.iter().cloned().collect(),
        locked: locked.iter().copied().collect(),
        ..PlexValues::default()
    }
}

pub(super) fn plan(
    wanted: &[(Field, Value)],
    plex: &PlexValues,
    base: &[(Field, BaseField)],
) -> ItemPlan {
    let wanted = wanted.iter().cloned().collect();
    let base: BTreeMap<Field, BaseField> = base.iter().cloned().collect();
    plan_item(&wanted, plex, Some(&base), &Selected::new(), &rules())
}

pub(super) fn change(field: Field, before: Value, after: Value) -> Change {
    Change {
        field,
        before,
        before_raw: None,
        after_raw: None,
        before_locked: false,
        asked: after.clone(),
        after,
        lock: field.can_lock(),
    }
}
