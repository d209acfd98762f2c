//! After the plan, step by step: verification, what is remembered, undo, batches.

use std::collections::BTreeMap;

use super::plain::{cast, change, held, picture, pictured, plan, rules, tags, text};
use crate::model::{CastTrait, ConflictKind, Field, KeptReason, Policy, Value};
use crate::plan::*;

#[test]
fn what_plex_does_not_take_is_not_asked_for_again() {
    let changes = [
        change(Field::Summary, text("old"), text("new")),
        change(Field::Year, Value::Empty, Value::Whole(1979)),
    ];
    let read_back = held(
        &[
            (Field::Summary, text("old")),
            (Field::Year, Value::Whole(1979)),
        ],
        &[Field::Summary, Field::Year],
    );
    let settled = settle(&changes, None, &read_back, &Selected::new(), &rules());
    assert_eq!(settled.differs, [Field::Summary]);
    assert_eq!(settled.base.keys().collect::<Vec<_>>(), [&Field::Year]);
    let refused = refuse(
        &changes,
        &settled.differs,
        None,
        &read_back,
        &Selected::new(),
        &rules(),
    );
    assert_eq!(refused.keys().collect::<Vec<_>>(), [&Field::Summary]);

    let wanted = BTreeMap::from([(Field::Summary, text("new"))]);
    let again = |wanted: &BTreeMap<Field, Value>, version: &str| {
        let rules = Rules::new(
            BTreeMap::from([(Field::Summary, Policy::SourceIsRight)]),
            true,
            version,
        );
        plan_item(wanted, &read_back, Some(&refused), &Selected::new(), &rules)
    };
    assert_eq!(again(&wanted, "1.43").kept[0].reason, KeptReason::Refused);
    assert_eq!(
        again(&wanted, "1.44").changes.len(),
        1,
        "another version may take it"
    );
    let newer = BTreeMap::from([(Field::Summary, text("newer"))]);
    assert_eq!(
        again(&newer, "1.43").changes.len(),
        1,
        "another value may be taken"
    );
    let empty = BTreeMap::from([(Field::Summary, Value::Empty)]);
    assert!(
        again(&empty, "1.43").is_empty(),
        "what Plex never took is not Syncslate's to clear"
    );
}

#[test]
fn a_lock_that_is_missing_differs() {
    let changes = [change(Field::Summary, text("old"), text("new"))];
    let unlocked = held(&[(Field::Summary, text("new"))], &[]);
    assert_eq!(
        differing(&changes, &unlocked, &Selected::new()),
        [Field::Summary]
    );
}

#[test]
fn lists_are_verified_by_what_was_asked() {
    let changes = [change(
        Field::Genres,
        tags(&["Horror", "Old"]),
        tags(&["horror", "Sci-Fi"]),
    )];
    for (now, taken) in [
        (tags(&["Horror", "Sci-Fi"]), true),
        (tags(&["SCI-FI", "Horror", "Added meanwhile"]), true),
        (tags(&["Horror"]), false),
        (tags(&["Horror", "Sci-Fi", "old"]), false),
        (Value::Empty, false),
    ] {
        let read_back = held(&[(Field::Genres, now.clone())], &[Field::Genres]);
        assert_eq!(
            differing(&changes, &read_back, &Selected::new()).is_empty(),
            taken,
            "{now:?}"
        );
    }
    let read_back = held(
        &[(Field::Genres, tags(&["Horror", "Sci-Fi"]))],
        &[Field::Genres],
    );
    let base = &settle(&changes, None, &read_back, &Selected::new(), &rules()).base[&Field::Genres];
    assert_eq!(base.ours, ["Sci-Fi"], "Horror was there before");
    assert!(base.locked && base.locked_by_us);
}

#[test]
fn an_upload_is_verified_by_the_key_that_followed() {
    let changes = [change(
        Field::Poster,
        picture("metadata://posters/1"),
        picture("aa"),
    )];
    let path = "/library/metadata/1/thumb/9";
    let read_back = held(&[(Field::Poster, picture(path))], &[Field::Poster]);
    for (key, taken) in [
        (Some("upload://posters/aa"), true),
        (Some("upload://posters/n7"), true),
        (Some("metadata://posters/1"), false),
        (None, false),
    ] {
        let selected: Selected = key
            .map(|key| (Field::Poster, key.to_owned()))
            .into_iter()
            .collect();
        let settled = settle(&changes, None, &read_back, &selected, &rules());
        assert_eq!(settled.differs.is_empty(), taken, "{key:?}");
        if let (true, Some(key)) = (taken, key) {
            let base = &settled.base[&Field::Poster];
            assert_eq!(
                (&base.read_back, base.image_path.as_deref()),
                (&picture(key), Some(path))
            );
        }
    }
}

#[test]
fn undo_leaves_alone_what_was_edited_since() {
    let undo = |before: Value, after: Value| UndoField {
        before,
        before_raw: None,
        before_locked: false,
        after,
        after_locked: true,
    };
    let fields = BTreeMap::from([
        (Field::Title, undo(text("old"), text("new"))),
        (Field::Summary, undo(text("old"), text("new"))),
        (Field::Tagline, undo(text("old"), text("new"))),
        (Field::Studio, undo(text("old"), text("new"))),
        (
            Field::Genres,
            undo(tags(&["Horror", "Old"]), tags(&["Horror", "New"])),
        ),
        (
            Field::Poster,
            undo(
                picture("metadata://posters/1"),
                picture("upload://posters/aa"),
            ),
        ),
        (
            Field::Background,
            undo(
                picture("/library/metadata/1/art/1"),
                picture("upload://art/aa"),
            ),
        ),
    ]);
    let plex = held(
        &[
            (Field::Title, text("new")),
            (Field::Summary, text("a person's")),
            (Field::Tagline, text("old")),
            (Field::Studio, text("new")),
            (Field::Genres, tags(&["horror", "new", "Person's"])),
            (Field::Poster, picture("/library/metadata/1/thumb/2")),
            (Field::Background, picture("/library/metadata/1/art/2")),
        ],
        &[
            Field::Title,
            Field::Summary,
            Field::Genres,
            Field::Poster,
            Field::Background,
        ],
    );
    assert_eq!(
        plan_undo(&fields, &plex, None, &Selected::new()).unlisted,
        [Field::Poster, Field::Background]
    );
    let selected = Selected::from([
        (Field::Poster, "upload://posters/aa".to_owned()),
        (Field::Background, "upload://art/aa".to_owned()),
    ]);
    let plan = plan_undo(&fields, &plex, None, &selected);
    let back: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.field, change.after.clone(), change.lock))
        .collect();
    assert_eq!(
        back,
        [
            (Field::Title, text("old"), false),
            (Field::Studio, text("old"), false),
            (Field::Genres, tags(&["horror", "Person's", "Old"]), true),
            (Field::Poster, picture("metadata://posters/1"), false),
        ],
        "a list keeps the lock of whoever edited it since"
    );
    let conflicts: Vec<_> = plan
        .conflicts
        .iter()
        .map(|conflict| (conflict.field, conflict.kind))
        .collect();
    assert_eq!(
        conflicts,
        [
            (Field::Summary, ConflictKind::EditedSince),
            (Field::Background, ConflictKind::EditedSince)
        ],
        "a picture whose key was never learned cannot be selected again"
    );
}

#[test]
fn a_job_stands_while_plex_holds_what_it_replaces() {
    let changes = [
        change(Field::Title, text("old"), text("new")),
        change(
            Field::Poster,
            picture("metadata://posters/1"),
            picture("aa"),
        ),
    ];
    let poster = (Field::Poster, picture("/library/metadata/1/thumb/1"));
    let plex = |title: &str, locked: &[Field]| {
        held(&[(Field::Title, text(title)), poster.clone()], locked)
    };
    let none = Selected::new();
    assert!(still_stands(&changes, &plex("old", &[]), &none));
    assert!(!still_stands(&changes, &plex("edited", &[]), &none));
    assert!(!still_stands(
        &changes,
        &plex("old", &[Field::Title]),
        &none
    ));
    let other = Selected::from([(Field::Poster, "upload://posters/zz".to_owned())]);
    assert!(!still_stands(&changes, &plex("old", &[]), &other));
}

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
    let told =
        |held: &[(&str, &str)], is_done| takes(CastTrait::Role, &change, &cast(held), is_done);
    let ignored = [("Ann", "Lt."), ("Bo", "Dallas"), ("Cy", "")];
    assert_eq!(told(&ignored, true), Some(false));
    assert_eq!(told(&ignored, false), None, "it may not have been done yet");
    assert_eq!(
        told(&[("Ann", ""), ("Bo", ""), ("Cy", "")], true),
        Some(false),
        "the list was replaced"
    );
    assert_eq!(
        told(&[("Ann", "Lt."), ("Bo", "Dallas"), ("Cy", "Ash")], false),
        Some(true),
        "one is enough"
    );
    assert_eq!(
        told(&[("Ann", "Somebody's"), ("Bo", "Dallas"), ("Cy", "")], true),
        None,
        "another value is a person's"
    );
    let same = super::plain::change(Field::Actors, before.clone(), before);
    assert_eq!(
        takes(CastTrait::Role, &same, &after, true),
        None,
        "no role was to change"
    );
}

fn settle_differs(plan: &ItemPlan, plex: &crate::model::PlexValues) -> Vec<Field> {
    settle(&plan.changes, None, plex, &Selected::new(), &rules()).differs
}

#[test]
fn a_date_of_another_year_takes_the_year_that_stays_along() {
    let written = |plan: &ItemPlan| -> Vec<(Field, Value, bool)> {
        let changes = plan.changes.iter();
        changes
            .map(|change| (change.field, change.after.clone(), change.lock))
            .collect()
    };
    let planned = |wanted: &[(Field, Value)], locked: &[Field]| {
        let held = held(
            &[
                (Field::Year, Value::Whole(2008)),
                (Field::ReleaseDate, text("2009-08-14")),
            ],
            locked,
        );
        let wanted = wanted.iter().cloned().collect();
        let mut plan = plan_item(&wanted, &held, None, &Selected::new(), &rules());
        keep_year(&mut plan.changes, &held);
        plan
    };
    let of_2007 = (Field::ReleaseDate, text("2007-11-02"));
    let date = (Field::ReleaseDate, text("2007-11-02"), true);

    let plan = planned(std::slice::from_ref(&of_2007), &[]);
    let stays = (Field::Year, Value::Whole(2008), false);
    assert_eq!(written(&plan), [date.clone(), stays]);
    assert!(plan.changes[0].moves() && !plan.changes[1].moves());
    // A year that is to change does.
    let plan = planned(&[(Field::Year, Value::Whole(2007)), of_2007.clone()], &[]);
    let asked = (Field::Year, Value::Whole(2007), true);
    assert_eq!(written(&plan), [date.clone(), asked]);
    // Nothing makes another of a locked one, nor of a date of the same year.
    assert_eq!(written(&planned(&[of_2007], &[Field::Year])), [date]);
    let of_2008 = (Field::ReleaseDate, text("2008-05-03"));
    let date = (Field::ReleaseDate, text("2008-05-03"), true);
    assert_eq!(written(&planned(&[of_2008], &[])), [date]);
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
fn a_picture_that_is_served_from_elsewhere_was_not_taken() {
    let before = pictured(&[("Ann", "", ""), ("Bo", "", "http://a/bo")]);
    let after = pictured(&[
        ("Ann", "", "http://s/ann"),
        ("Bo", "", "http://a/bo"),
        ("Cy", "", "http://s/cy"),
    ]);
    let change = change(Field::Actors, before, after);
    let told = |ann: &str, cy: &str, is_done| {
        let cast = pictured(&[("Ann", "", ann), ("Bo", "", "http://a/bo"), ("Cy", "", cy)]);
        takes(CastTrait::Picture, &change, &cast, is_done)
    };
    assert_eq!(told("", "", true), Some(false));
    assert_eq!(told("", "", false), None, "it may not have been done yet");
    assert_eq!(told("http://plex/1", "http://plex/2", true), Some(false));
    assert_eq!(told("", "http://s/cy", false), Some(true), "one is enough");
    let held = |pictures: [&str; 2]| {
        let [ann, cy] = pictures;
        let cast = pictured(&[("Ann", "", ann), ("Bo", "", "http://a/bo"), ("Cy", "", cy)]);
        held(&[(Field::Actors, cast)], &[Field::Actors])
    };
    assert!(landed(&change, &held(["", ""])));
    assert!(
        !landed(&change, &held(["", "http://s/cy"])),
        "one was taken, and one is missing"
    );
}
