//! Casts: roles and pictures of actors, from the plan to the way back.

use std::collections::BTreeMap;

use super::plain::{cast, change, held, pictured, plan, rules, tags};
use crate::model::{CastTrait, Field, KeptReason, Policy, Value};
use crate::plan::*;

#[test]
fn roles_are_followed_where_the_source_tells_them_and_stay_where_it_does_not() {
    let wanted = [(
        Field::Actors,
        cast(&[("Ann", "Ripley"), ("Bo", ""), ("Cy", "Ash")]),
    )];
    let plex = held(
        &[(
            Field::Actors,
            cast(&[("ann", "Lt."), ("Bo", "Dallas"), ("Di", "Kane")]),
        )],
        &[],
    );
    let planned = plan(&wanted, &plex, &[]);
    let after = &planned.changes[0].after;
    assert_eq!(
        *after,
        cast(&[("ann", "Ripley"), ("Bo", "Dallas"), ("Cy", "Ash")])
    );
    let plex = held(&[(Field::Actors, after.clone())], &[Field::Actors]);
    assert_eq!(settle_differs(&planned, &plex), []);
    assert!(plan(&wanted, &plex, &[]).is_empty(), "plan after apply");
    let by_names = held(
        &[(Field::Actors, tags(&["Ann", "Bo", "Cy"]))],
        &[Field::Actors],
    );
    assert_eq!(settle_differs(&planned, &by_names), [], "by names alone");
    assert!(plan(&wanted, &by_names, &[]).is_empty(), "by names alone");
    let lost = held(
        &[(
            Field::Actors,
            cast(&[("Ann", "Ripley"), ("Bo", "Dallas"), ("Cy", "")]),
        )],
        &[Field::Actors],
    );
    assert_eq!(settle_differs(&planned, &lost), [Field::Actors]);
}

#[test]
fn undo_gives_roles_back_but_for_those_that_others_changed_since() {
    let undo = |before: &Value, after: &Value, now: &Value| {
        let fields = BTreeMap::from([(
            Field::Actors,
            UndoField {
                before: before.clone(),
                before_raw: None,
                before_locked: false,
                after: after.clone(),
                after_locked: true,
                unlocks_anyway: false,
            },
        )]);
        let plex = held(&[(Field::Actors, now.clone())], &[Field::Actors]);
        let plan = plan_undo(&fields, &plex, None, &Selected::new());
        assert_eq!(plan.conflicts, []);
        plan.changes[0].after.clone()
    };
    let before = cast(&[("Ann", "Lt."), ("Bo", ""), ("Di", "Kane")]);
    let after = cast(&[("Ann", "Ripley"), ("Bo", "Dallas"), ("Cy", "Ash")]);
    assert_eq!(undo(&before, &after, &after), before);
    let now = cast(&[("Ann", "Ripley"), ("Bo", "Me"), ("Cy", "Ash")]);
    assert_eq!(
        undo(&before, &after, &now),
        cast(&[("Ann", "Lt."), ("Bo", "Me"), ("Di", "Kane")])
    );
    let names = tags(&["Ann", "Bo", "Di"]);
    assert_eq!(
        undo(&names, &tags(&["Ann", "Bo", "Cy"]), &after),
        cast(&[("Ann", "Ripley"), ("Bo", "Dallas"), ("Di", "")]),
        "what was not known then stays as it is"
    );
}

#[test]
fn a_read_back_tells_whether_roles_are_taken() {
    let before = cast(&[("Ann", "Lt."), ("Bo", "Dallas")]);
    let after = cast(&[("Ann", "Ripley"), ("Bo", "Dallas"), ("Cy", "Ash")]);
    let change = change(Field::Actors, before.clone(), after.clone());
    let told = |held: &[(&str, &str)]| took(CastTrait::Role, &change, &cast(held));
    let ignored = [("Ann", "Lt."), ("Bo", "Dallas"), ("Cy", "")];
    assert_eq!(told(&ignored), Some(Took::Nothing));
    assert_eq!(
        told(&[("Ann", ""), ("Bo", ""), ("Cy", "")]),
        Some(Took::Nothing),
        "the list was replaced"
    );
    assert_eq!(
        told(&[("Ann", "Lt."), ("Bo", "Dallas"), ("Cy", "Ash")]),
        Some(Took::Some),
        "one is enough"
    );
    assert_eq!(
        told(&[("Ann", "Somebody's"), ("Bo", "Dallas"), ("Cy", "")]),
        Some(Took::Other)
    );
    let same = super::plain::change(Field::Actors, before.clone(), before);
    assert_eq!(
        took(CastTrait::Role, &same, &after),
        None,
        "no role was to change"
    );
}

fn settle_differs(plan: &ItemPlan, plex: &crate::model::PlexValues) -> Vec<Field> {
    settle(&plan.changes, None, plex, &Selected::new(), &rules()).differs
}

#[test]
fn pictures_of_actors_fill_gaps_and_are_written_again_only_where_they_are_gone() {
    let wanted = |bo: &str| {
        let cast = pictured(&[
            ("Ann", "", "http://s/ann"),
            ("Bo", "", bo),
            ("Cy", "", "http://s/cy"),
        ]);
        [(Field::Actors, cast)]
    };
    let plex = |pictures: [&str; 3], locked: &[Field]| {
        let [ann, bo, cy] = pictures;
        let cast = pictured(&[("Ann", "", ann), ("Bo", "", bo), ("Cy", "", cy)]);
        held(&[(Field::Actors, cast)], locked)
    };
    let pictures = |plan: &ItemPlan| -> Vec<String> {
        let change = plan.changes.first();
        let told = change.and_then(|change| change.after.told(CastTrait::Picture));
        let told = told.into_iter().flatten();
        told.map(|(_, picture)| picture.to_owned()).collect()
    };
    let first = plan(
        &wanted("http://s/bo"),
        &plex(["http://a/ann", "", ""], &[]),
        &[],
    );
    let filled = ["http://a/ann", "http://s/bo", "http://s/cy"];
    assert_eq!(pictures(&first), filled, "the agent's stays");
    let settled = settle(
        &first.changes,
        None,
        &plex(filled, &[Field::Actors]),
        &Selected::new(),
        &rules(),
    );
    assert_eq!(settled.differs, []);
    let base: Vec<_> = settled.base.into_iter().collect();

    assert!(
        plan(
            &wanted("http://s/bo"),
            &plex(filled, &[Field::Actors]),
            &base
        )
        .is_empty()
    );
    // Ours follows the source.
    let next = plan(
        &wanted("http://s/new"),
        &plex(filled, &[Field::Actors]),
        &base,
    );
    assert_eq!(
        pictures(&next),
        ["http://a/ann", "http://s/new", "http://s/cy"]
    );
    // An agent that takes ours away is drift, one that has another picture by now is right.
    let mut unlocked = base.clone();
    unlocked[0].1.locked_by_us = false;
    let refreshed = plan(
        &wanted("http://s/bo"),
        &plex(["http://a/other", "", "http://a/cy"], &[]),
        &unlocked,
    );
    assert_eq!(
        pictures(&refreshed),
        ["http://a/other", "http://s/bo", "http://a/cy"]
    );
    let theirs = plex(["http://a/other", "http://a/bo", "http://a/cy"], &[]);
    let planned = plan(&wanted("http://s/bo"), &theirs, &unlocked);
    assert!(planned.is_empty() && planned.kept.is_empty() && planned.conflicts.is_empty());
    let tired = &mut unlocked[0].1;
    tired.overwritten = 2;
    let again = plan(
        &wanted("http://s/bo"),
        &plex(["", "", "http://s/cy"], &[]),
        &unlocked,
    );
    assert_eq!(again.kept[0].reason, KeptReason::TugOfWar);
}

#[test]
fn a_read_back_tells_whether_pictures_are_taken() {
    let before = pictured(&[("Ann", "", ""), ("Bo", "", "http://a/bo")]);
    let after = pictured(&[
        ("Ann", "", "http://s/ann"),
        ("Bo", "", "http://a/bo"),
        ("Cy", "", "http://s/cy"),
    ]);
    let change = change(Field::Actors, before, after);
    let told = |ann: &str, cy: &str| {
        let cast = pictured(&[("Ann", "", ann), ("Bo", "", "http://a/bo"), ("Cy", "", cy)]);
        took(CastTrait::Picture, &change, &cast)
    };
    assert_eq!(told("", ""), Some(Took::Nothing));
    assert_eq!(told("http://plex/1", "http://plex/2"), Some(Took::Other));
    assert_eq!(told("", "http://s/cy"), Some(Took::Some), "one is enough");
    let held = |pictures: [&str; 2]| {
        let [ann, cy] = pictures;
        let cast = pictured(&[("Ann", "", ann), ("Bo", "", "http://a/bo"), ("Cy", "", cy)]);
        held(&[(Field::Actors, cast)], &[Field::Actors])
    };
    assert!(landed(&change, &held(["", ""])));
    assert!(
        landed(&change, &held(["http://mine/1", "http://s/cy"])),
        "somebody chose another one since"
    );
    let rewritten = held(["http://plex/1", "http://plex/2"]);
    assert!(landed(&change, &rewritten), "the names are new, and there");
    let alone = super::plain::change(
        Field::Actors,
        pictured(&[("Ann", "", "")]),
        pictured(&[("Ann", "", "http://s/ann")]),
    );
    let now = |picture: &str| {
        let cast = pictured(&[("Ann", "", picture)]);
        super::plain::held(&[(Field::Actors, cast)], &[Field::Actors])
    };
    assert!(landed(&alone, &now("http://s/ann")) && ignores(&alone, &now("")));
    assert!(
        !landed(&alone, &now("http://mine/1")) && !ignores(&alone, &now("http://mine/1")),
        "it may be a person's"
    );
}

#[test]
fn gaps_in_a_cast_that_a_person_locked_stay_and_are_no_question() {
    let wanted = |pictures: [&str; 2]| {
        let [ann, bo] = pictures;
        [(Field::Actors, pictured(&[("Ann", "", ann), ("Bo", "", bo)]))]
    };
    let locked = |names: &[&str]| {
        let actors: Vec<_> = names.iter().map(|name| (*name, "", "")).collect();
        held(&[(Field::Actors, pictured(&actors))], &[Field::Actors])
    };
    let source = wanted(["http://s/ann", "http://s/bo"]);
    let equal = plan(&source, &locked(&["Ann", "Bo"]), &[]);
    assert!(equal.changes.is_empty() && equal.kept.is_empty() && equal.conflicts.is_empty());
    let base = &equal.adopted[&Field::Actors];
    assert!(!base.locked_by_us, "adopted, as any that is equal");
    let base = [(Field::Actors, base.clone())];
    for source in [source.clone(), wanted(["http://s/new", ""])] {
        let again = plan(&source, &locked(&["Ann", "Bo"]), &base);
        assert!(again.changes.is_empty() && again.kept.is_empty() && again.conflicts.is_empty());
    }
    let other = plan(&source, &locked(&["Ann", "Cy"]), &[]);
    assert_eq!(other.kept[0].reason, KeptReason::LockedBefore);
    let mut right = rules();
    right.policies.insert(Field::Actors, Policy::SourceIsRight);
    let source = source.into_iter().collect();
    let plex = locked(&["Ann", "Bo"]);
    let asked_for = plan_item(&source, &plex, None, &Selected::new(), &right);
    assert_eq!(asked_for.changes[0].after, source[&Field::Actors]);
}

#[test]
fn undo_takes_our_pictures_away_and_leaves_those_that_others_chose() {
    let undo = |now: [&str; 2]| {
        let cast = |[ann, bo]: [&str; 2]| pictured(&[("Ann", "", ann), ("Bo", "", bo)]);
        let fields = BTreeMap::from([(
            Field::Actors,
            UndoField {
                before: cast(["", "http://a/bo"]),
                before_raw: None,
                before_locked: false,
                after: cast(["http://s/ann", "http://a/bo"]),
                after_locked: true,
                unlocks_anyway: false,
            },
        )]);
        let plex = held(&[(Field::Actors, cast(now))], &[Field::Actors]);
        let plan = plan_undo(&fields, &plex, None, &Selected::new());
        assert!(
            !plan.changes[0].lock,
            "the lock goes whatever became of pictures"
        );
        let asked = &plan.changes[0].asked;
        assert_eq!(*asked, cast(["", ""]), "what stays is not told again");
        let told = plan.changes[0].after.told(CastTrait::Picture);
        let told = told.into_iter().flatten();
        told.map(|(_, picture)| picture.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(undo(["http://s/ann", "http://a/bo"]), ["", "http://a/bo"]);
    assert_eq!(undo(["http://s/ann", "http://a/2"]), ["", "http://a/2"]);
    assert_eq!(undo(["http://me", ""]), ["http://me", ""]);
}

#[test]
fn a_job_stands_whatever_becomes_of_pictures_that_it_does_not_touch() {
    let cast = |pictures: [&str; 2]| {
        let [ann, bo] = pictures;
        pictured(&[("Ann", "", ann), ("Bo", "", bo)])
    };
    let mut change = change(
        Field::Actors,
        cast(["", "http://a/bo"]),
        cast(["http://s/ann", "http://a/bo"]),
    );
    change.asked = cast(["http://s/ann", "http://s/bo"]);
    let stands = |pictures: [&str; 2]| {
        let plex = held(&[(Field::Actors, cast(pictures))], &[]);
        still_stands(std::slice::from_ref(&change), &plex, &Selected::new())
    };
    assert!(stands(["", "http://a/bo"]) && stands(["", "http://a/2"]));
    assert!(
        !stands(["http://me", "http://a/bo"]),
        "it would be overwritten"
    );
}

#[test]
fn pictures_that_an_edit_dropped_are_seen_and_those_that_others_changed_are_theirs() {
    let cast = |pictures: [&str; 2]| {
        let [ann, bo] = pictures;
        pictured(&[("Ann", "", ann), ("Bo", "", bo)])
    };
    let mut change = change(
        Field::Actors,
        cast(["", "http://a/bo"]),
        cast(["http://s/ann", "http://a/bo"]),
    );
    change.asked = cast(["http://s/ann", ""]);
    let dropped = |pictures| dropped_pictures(&change, &cast(pictures));
    assert!(dropped(["http://s/ann", ""]));
    assert!(!dropped(["", "http://a/bo"]) && !dropped(["", "http://a/2"]));
    let left = |pictures| without_others_pictures(&change, (&change.before, &[]), &cast(pictures));
    let asked = cast(["http://s/ann", "http://a/bo"]);
    assert_eq!(left(["http://s/ann", "http://a/2"]), asked);
    let lost = cast(["http://s/ann", ""]);
    assert_eq!(left(["http://s/ann", ""]), lost, "undo gives it back");
}
