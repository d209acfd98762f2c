//! The table of who owns a value, for one field.

use super::cast;
use super::compare::{Seen, merged, or_empty, plex_changed, same, within};
use super::{ClearRule, ItemPlan, Rules, Selected};
use crate::model::{
    BaseField, CastTrait, Change, Conflict, ConflictKind, Field, FieldKind, Kept, KeptReason,
    PlexValues, Policy, Value,
};

/// How often in a row somebody else may overwrite a value before Syncslate stops writing it again.
const OVERWRITTEN_AT_MOST: u8 = 2;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Ours,
    PersonsEdit,
    Drift,
    HandedBack,
    Persons,
    Agents,
}

/// What to do with a field that does not hold what the source asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Nothing,
    Write,
    Keep(KeptReason),
    Clash,
}

pub(super) fn plan_field(
    plan: &mut ItemPlan,
    field: Field,
    wanted: &Value,
    plex: &PlexValues,
    base: Option<&BaseField>,
    selected: &Selected,
    rules: &Rules,
) {
    let wanted = or_empty(wanted);
    if rules.policy(field) == Policy::Off || (field == Field::Title && wanted.is_empty()) {
        return;
    }
    let Some(mut seen) = Seen::new(field, plex, base, selected) else {
        if base.is_none() && !plex.is_locked(field) {
            plan_agents_picture(plan, field, wanted, plex, rules);
        } else {
            plan.unlisted.push(field);
        }
        return;
    };
    let ours = base.map_or(&[][..], |base| &base.ours);
    let after = match field.kind() {
        FieldKind::Tags => {
            let wanted = cast::filling(
                &wanted,
                &seen.now,
                base,
                fills_gaps(field, &seen, base, rules),
            );
            merged(rules.list_mode(field), &wanted, &seen.now, ours)
        }
        _ => wanted.clone(),
    };
    // Plex leaves a sort title out where it equals the title; what lies behind shows once the title is another.
    let new_title = plan
        .changes
        .iter()
        .find(|change| change.field == Field::Title);
    let mut is_hidden = false;
    if let (Field::SortTitle, Some(new_title)) = (field, new_title) {
        is_hidden = seen.raw.is_empty();
        seen.title = new_title.after.clone();
    }
    if !is_hidden && is_satisfied(field, &wanted, &after, &seen, base) {
        adopt(plan, field, wanted, &seen, base, rules);
        return;
    }
    let kept = |reason| Kept {
        field,
        reason,
        plex: seen.now.clone(),
        source: wanted.clone(),
    };
    // A gap for a picture is nothing to ask a person about.
    let is_gap = field == Field::Actors
        && same(
            field,
            &after.clone().without(&[CastTrait::Picture]),
            &seen.now,
        );
    let act = match act(field, &wanted, &seen, base, rules) {
        Act::Clash
        | Act::Keep(
            KeptReason::LockedBefore
            | KeptReason::PersonsEdit
            | KeptReason::HandedBack
            | KeptReason::NotEmpty,
        ) if is_gap => Act::Nothing,
        act => act,
    };
    match act {
        Act::Nothing => {}
        Act::Keep(reason) => plan.kept.push(kept(reason)),
        Act::Clash => plan.conflicts.push(Conflict {
            field,
            kind: ConflictKind::BothChanged,
            plex: seen.now.clone(),
            source: wanted,
        }),
        Act::Write => {
            if field.kind() == FieldKind::Rating && !after.is_empty() && has_verdict(plex, field) {
                plan.told.push(kept(KeptReason::ForeignRating));
            }
            plan.changes.push(Change {
                field,
                before: seen.raw,
                before_raw: plex.raw.get(&field).cloned(),
                before_locked: seen.locked,
                after,
                after_raw: None,
                lock: seen.locked || (rules.lock_written && field.can_lock()),
                asked: wanted,
            });
        }
    }
}

/// Whether actors without a picture may get one. A cast that a person locked is theirs as it is.
fn fills_gaps(field: Field, seen: &Seen, base: Option<&BaseField>, rules: &Rules) -> bool {
    !seen.locked
        || base.is_some_and(|base| base.locked_by_us)
        || rules.policy(field) == Policy::SourceIsRight
}

/// An unlocked picture that Syncslate never sent: it is the agent's whatever it is, so its key need not be known to plan.
/// It is learned, for undo, just before the write.
fn plan_agents_picture(
    plan: &mut ItemPlan,
    field: Field,
    wanted: Value,
    plex: &PlexValues,
    rules: &Rules,
) {
    let held = or_empty(plex.get(field));
    if wanted.is_empty() {
        return;
    }
    if rules.policy(field) == Policy::FillEmpty {
        plan.kept.push(Kept {
            field,
            reason: KeptReason::NotEmpty,
            plex: held,
            source: wanted,
        });
        return;
    }
    plan.changes.push(Change {
        field,
        before: held,
        before_raw: None,
        before_locked: false,
        after: wanted.clone(),
        after_raw: None,
        lock: rules.lock_written,
        asked: wanted,
    });
}

/// Whether Plex already holds what a write would leave.
fn is_satisfied(
    field: Field,
    wanted: &Value,
    after: &Value,
    seen: &Seen,
    base: Option<&BaseField>,
) -> bool {
    if after.is_empty() {
        return seen.is_empty(field);
    }
    same(field, after, &seen.now)
        // Not every server's picture keys end with the hash; what was read back after sending these bytes is these bytes.
        || (field.kind() == FieldKind::Image
            && base.is_some_and(|base| {
                base.refused.is_none() && base.asked == *wanted && base.read_back == seen.now
            }))
}

/// Remembers that Plex holds what the source asks for. That a person unlocked what Syncslate had locked stays known. Where
/// a person put that value there, under the lock, it is theirs and so is the lock.
fn adopt(
    plan: &mut ItemPlan,
    field: Field,
    wanted: Value,
    seen: &Seen,
    base: Option<&BaseField>,
    rules: &Rules,
) {
    if base.is_none() && wanted.is_empty() {
        return;
    }
    let is_persons = owner(field, &wanted, seen, base, rules) == Owner::PersonsEdit;
    let kept_path = base
        .filter(|base| base.read_back == seen.now)
        .and_then(|base| base.image_path.clone());
    let adopted = BaseField {
        asked: wanted,
        read_back: seen.now.clone(),
        locked: seen.locked,
        locked_by_us: !is_persons && base.is_some_and(|base| base.locked_by_us),
        ours: base.map_or_else(Vec::new, |base| within(&base.ours, seen.now.tags())),
        image_path: seen.path.clone().or(kept_path),
        overwritten: 0,
        refused: None,
    };
    if base != Some(&adopted) {
        plan.adopted.insert(field, adopted);
    }
}

fn act(field: Field, wanted: &Value, seen: &Seen, base: Option<&BaseField>, rules: &Rules) -> Act {
    let policy = rules.policy(field);
    if policy == Policy::FillEmpty {
        if wanted.is_empty() {
            return Act::Nothing;
        }
        if !seen.is_empty(field) {
            return Act::Keep(KeptReason::NotEmpty);
        }
    }
    let refused = base.and_then(|base| base.refused.as_ref());
    if refused.is_some_and(|refused| {
        refused.server_version == rules.server_version && same(field, &refused.wanted, wanted)
    }) {
        return Act::Keep(KeptReason::Refused);
    }
    let owner = owner(field, wanted, seen, base, rules);
    if field.kind() == FieldKind::Flag {
        return act_on_mark(policy, owner, wanted, base);
    }
    if wanted.is_empty() && rules.clear != ClearRule::Whatever {
        return if rules.clear == ClearRule::Ours {
            clear_ours(field, owner, seen, base, rules)
        } else {
            Act::Nothing
        };
    }
    if policy == Policy::SourceIsRight {
        return Act::Write;
    }
    let source_changed = base.is_none_or(|base| !same(field, &base.asked, wanted));
    let times = base.map_or(0, |base| base.overwritten);
    match owner {
        // Neither side changed: Plex holds what it made of the same request. (A list may differ because its mode changed,
        // and what one version refused another may take.)
        Owner::Ours if !source_changed && field.kind() != FieldKind::Tags && refused.is_none() => {
            Act::Nothing
        }
        Owner::Drift if !source_changed && times >= OVERWRITTEN_AT_MOST => {
            Act::Keep(KeptReason::TugOfWar)
        }
        Owner::Ours | Owner::Agents | Owner::Drift => Act::Write,
        Owner::PersonsEdit if source_changed => Act::Clash,
        Owner::PersonsEdit => Act::Keep(KeptReason::PersonsEdit),
        Owner::Persons => Act::Keep(KeptReason::LockedBefore),
        Owner::HandedBack => Act::Keep(KeptReason::HandedBack),
    }
}

/// A mark that is there or not, and that only people set: the further side wins but where the source is right, and *no* is
/// said, not left out, so that no [`ClearRule`] concerns it. What a person took away stays away until the source says
/// *no* and *yes* again.
fn act_on_mark(policy: Policy, owner: Owner, wanted: &Value, base: Option<&BaseField>) -> Act {
    let source_changed = base.is_none_or(|base| base.asked != *wanted);
    match policy {
        Policy::SourceIsRight => Act::Write,
        Policy::KeepEdits | Policy::FillEmpty if wanted.is_empty() => Act::Nothing,
        Policy::KeepEdits | Policy::FillEmpty => {
            if owner == Owner::PersonsEdit && !source_changed {
                Act::Keep(KeptReason::PersonsEdit)
            } else {
                Act::Write
            }
        }
        Policy::Off => Act::Nothing,
    }
}

/// An empty value under [`ClearRule::Ours`]: clears what Syncslate asked for and Plex took and still holds.
fn clear_ours(
    field: Field,
    owner: Owner,
    seen: &Seen,
    base: Option<&BaseField>,
    rules: &Rules,
) -> Act {
    let Some(base) = base else {
        return Act::Nothing;
    };
    let stands = !plex_changed(field, rules.list_mode(field), base, &seen.now);
    if !stands || base.asked.is_empty() || base.refused.is_some() {
        return Act::Nothing;
    }
    if owner == Owner::HandedBack && rules.policy(field) != Policy::SourceIsRight {
        return Act::Keep(KeptReason::HandedBack);
    }
    Act::Write
}

fn owner(
    field: Field,
    wanted: &Value,
    seen: &Seen,
    base: Option<&BaseField>,
    rules: &Rules,
) -> Owner {
    match base {
        None if seen.locked => Owner::Persons,
        None => Owner::Agents,
        Some(base) if base.locked_by_us && !seen.locked => Owner::HandedBack,
        Some(base)
            if seen.locked
                && !base.locked_by_us
                && cast::has_roles_of_others(base, wanted, &seen.now) =>
        {
            Owner::Persons
        }
        Some(base) if !plex_changed(field, rules.list_mode(field), base, &seen.now) => Owner::Ours,
        Some(_) if seen.locked => Owner::PersonsEdit,
        // No agent speaks of it, and no lock can tell a person's.
        Some(_) if field.kind() == FieldKind::Flag => Owner::PersonsEdit,
        Some(_) => Owner::Drift,
    }
}

/// Whether Plex shows a field under one of Rotten Tomatoes' marks, which mean *fresh* or *rotten* whatever the number.
fn has_verdict(plex: &PlexValues, field: Field) -> bool {
    let image = plex.rating_images.get(&field);
    image.is_some_and(|image| image.starts_with("rottentomatoes://"))
}
