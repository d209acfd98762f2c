//! Pictures of actors that others gave or took away while a change to the cast waited, was sent, or was read back: they stay
//! theirs, also in what an undo finds.
//!
//! Not here: how casts are compared (`cast`).

use std::collections::BTreeMap;

use super::cast::{told, with_pictures};
use super::compare::same;
use crate::model::{CastTrait, Change, Value};
use crate::text::fold;

/// A cast as a write alone would have left it, of which somebody else changed pictures before it was read back as `now`.
/// It was `first` before the `earlier` attempts: where none of these gave an actor the picture that stays now, somebody
/// else did.
pub fn without_others_pictures(
    change: &Change,
    (first, earlier): (&Value, &[&Change]),
    now: &Value,
) -> Value {
    let of = CastTrait::Picture;
    let (Some(told_now), Some(after)) = (now.told(of), told(&change.after, of)) else {
        return now.clone();
    };
    let before = told(&change.before, of).unwrap_or_default();
    let first = told(first, of).unwrap_or_default();
    let gave = |name: &String, picture: &str| {
        earlier.iter().any(|earlier| {
            let is_told = |cast| told(cast, of).is_some_and(|it| it.get(name) == Some(&picture));
            is_told(&earlier.after) && !is_told(&earlier.before)
        })
    };
    let pictures = told_now
        .map(|(name, now)| {
            let name = fold(name);
            let stays = before
                .get(&name)
                .filter(|before| after.get(&name) == Some(*before));
            match stays {
                Some(stays) if !now.is_empty() => {
                    let others = first.get(&name).filter(|_| !gave(&name, stays));
                    (*others.unwrap_or(stays)).to_owned()
                }
                _ => now.to_owned(),
            }
        })
        .collect();
    with_pictures(now, pictures)
}

/// A change with the pictures that others gave actors since it was planned, as Plex holds the cast `now`, where it says
/// nothing of these: where the server drops what an edit does not tell, they are told again and not those of before, and an
/// actor who goes comes back with theirs. `None` where nobody gave any.
pub fn with_others_pictures(change: &Change, now: &Value) -> Option<Change> {
    let of = CastTrait::Picture;
    let (is, before, after) = (
        told(now, of)?,
        told(&change.before, of)?,
        told(&change.after, of)?,
    );
    let asked = told(&change.asked, of).unwrap_or_default();
    let chosen: BTreeMap<String, String> = before
        .iter()
        .filter(|(name, was)| {
            let asked = asked.get(*name).copied().unwrap_or_default();
            let after = after.get(*name);
            after.is_none_or(|after| !of.is_to_tell(was, after, asked))
        })
        .filter_map(|(name, was)| {
            let is = is.get(name)?;
            (!is.is_empty() && is != was).then(|| (name.clone(), (*is).to_owned()))
        })
        .collect();
    (!chosen.is_empty()).then(|| {
        let with_chosen = |cast: &Value| with_pictures_of(cast, &chosen);
        Change {
            before: with_chosen(&change.before),
            before_raw: change.before_raw.as_ref().map(with_chosen),
            after: with_chosen(&change.after),
            after_raw: change.after_raw.as_ref().map(with_chosen),
            ..change.clone()
        }
    })
}

/// What a cast was before a change, as it was planned at first, with the pictures that others gave actors until it was sent.
pub fn before_it_was_sent(planned: &Value, sent: &Change) -> Value {
    let of = CastTrait::Picture;
    let before = told(&sent.before, of).unwrap_or_default();
    let after = told(&sent.after, of).unwrap_or_default();
    let stay = before
        .into_iter()
        .filter(|(name, was)| !was.is_empty() && after.get(name).is_none_or(|after| after == was))
        .map(|(name, picture)| (name, picture.to_owned()))
        .collect();
    with_pictures_of(planned, &stay)
}

fn with_pictures_of(cast: &Value, of: &BTreeMap<String, String>) -> Value {
    let mut cast = cast.clone();
    if let Value::Cast {
        names, pictures, ..
    } = &mut cast
    {
        for (name, picture) in names.iter().zip(pictures) {
            if let Some(other) = of.get(&fold(name)) {
                picture.clone_from(other);
            }
        }
    }
    cast
}

/// What an attempt that arrived still asks for, as the cast that Plex holds `now` tells it: not the pictures that somebody
/// took away since. That it arrived shows in its names, its roles or its lock; the one edit brings all of them. `None`
/// where nothing shows it, or nothing is gone.
pub(super) fn without_taken_away(change: &Change, now: &Value) -> Option<Change> {
    let of = CastTrait::Picture;
    let (is, asked) = (told(now, of)?, told(&change.asked, of)?);
    let before = change.before.clone().without(&[of]);
    if change.lock == change.before_locked && same(change.field, &before, &change.after) {
        return None;
    }
    let is_gone = |name: &str, after: &str| {
        let name = fold(name);
        asked.get(&name) == Some(&after)
            && !after.is_empty()
            && is.get(&name).is_some_and(|is| is.is_empty())
    };
    let gone: BTreeMap<String, String> = change
        .after
        .told(of)?
        .filter(|(name, after)| is_gone(name, after))
        .map(|(name, _)| (fold(name), String::new()))
        .collect();
    (!gone.is_empty()).then(|| Change {
        before: with_pictures_of(&change.before, &gone),
        after: with_pictures_of(&change.after, &gone),
        ..change.clone()
    })
}

/// A cast as it was when a write under our lock arrived: with the pictures that it no longer asks for, because somebody
/// took them away since ([`without_taken_away`]). A plan alone leaves no gap that it could fill under that lock.
pub(super) fn with_taken_away(change: &Change, now: Value) -> Value {
    let of = CastTrait::Picture;
    let (Some(asked), Some(after)) = (told(&change.asked, of), told(&change.after, of)) else {
        return now;
    };
    let mut arrived = now.clone();
    if let Value::Cast {
        names, pictures, ..
    } = &mut arrived
    {
        for (name, picture) in names.iter().zip(pictures) {
            let name = fold(name);
            if let Some(asked) = asked.get(&name)
                && picture.is_empty()
                && after.get(&name).is_some_and(|after| after.is_empty())
            {
                (*asked).clone_into(picture);
            }
        }
    }
    arrived
}
