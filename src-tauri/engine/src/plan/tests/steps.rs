//! After the plan, step by step: verification, what is remembered, undo, batches.

use std::collections::BTreeMap;

use super::plain::{change, held, picture, rules, tags, text};
use crate::model::{ConflictKind, Field, KeptReason, Policy, Value};
use crate::plan::*;

/// Directors mirror the source, so that what passes for ours goes with the next plan.
#[test]
fn a_tag_that_somebody_adds_before_the_read_back_is_theirs() {
    let asked = tags(&["A"]);
    let written = [change(Field::Directors, tags(&["B"]), asked.clone())];
    let read_back = held(
        &[(Field::Directors, tags(&["A", "C"]))],
        &[Field::Directors],
    );
    let none = Selected::new();
    let base = settle(&written, None, &read_back, &none, &rules()).base;
    assert_eq!(base[&Field::Directors].read_back, asked);
    let wanted = BTreeMap::from([(Field::Directors, asked)]);
    let next = plan_item(&wanted, &read_back, Some(&base), &none, &rules());
    assert_eq!(next.changes, []);
    assert_eq!(next.kept[0].reason, KeptReason::PersonsEdit);
}

/// A write of which nobody heard the end, and a person who thinned the list out before it was read.
#[test]
fn a_lost_write_is_known_by_the_tags_that_it_brought() {
    let asked = tags(&["A"]);
    let written = |field| Change {
        asked: asked.clone(),
        ..change(field, tags(&["B", "C"]), tags(&["A", "B", "C"]))
    };
    for (now, has_landed) in [
        (["A", "B"], true),
        (["A", "D"], false),
        (["B", "C"], false),
        (["B", "D"], false),
    ] {
        for field in [Field::Genres, Field::Directors] {
            let held = held(&[(field, tags(&now))], &[field]);
            assert_eq!(landed(&written(field), &held), has_landed, "{now:?}");
        }
    }
    // What it brought is Syncslate's, and so is the lock.
    let now = tags(&["A", "B"]);
    let base = base_after_write(&written(Field::Genres), None, &now, true);
    assert_eq!(
        (base.ours.as_slice(), base.locked_by_us),
        (asked.tags(), true)
    );
    // A list that mirrors the source is a person's then: it is not as the write left it.
    let base = base_after_write(&written(Field::Directors), None, &now, true);
    let base = BTreeMap::from([(Field::Directors, base)]);
    let wanted = BTreeMap::from([(Field::Directors, tags(&["A"]))]);
    let held = held(&[(Field::Directors, now)], &[Field::Directors]);
    let next = plan_item(&wanted, &held, Some(&base), &Selected::new(), &rules());
    assert_eq!(next.changes, []);
    assert_eq!(next.kept[0].reason, KeptReason::PersonsEdit);
}

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
        unlocks_anyway: false,
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
