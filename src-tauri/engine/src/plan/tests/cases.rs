//! Special values and single steps, one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::plex_model::{Plex, Synced};
use crate::model::{
    BaseField, Change, ConflictKind, Field, KeptReason, PlexValues, Policy, RatingKey, Value,
};
use crate::plan::batch::{Batcher, Edit, READ_BATCH, StopReason, group};
use crate::plan::*;

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn tags(tags: &[&str]) -> Value {
    Value::Tags(tags.iter().map(|&tag| tag.into()).collect())
}

fn picture(key: &str) -> Value {
    Value::Image(key.into())
}

fn rules() -> Rules {
    Rules::new(BTreeMap::new(), true, "1.43")
}

fn held(values: &[(Field, Value)], locked: &[Field]) -> PlexValues {
    PlexValues {
        values: values.iter().cloned().collect(),
        locked: locked.iter().copied().collect(),
        rating_images: BTreeMap::new(),
    }
}

fn plan(wanted: &[(Field, Value)], plex: &PlexValues, base: &[(Field, BaseField)]) -> ItemPlan {
    let wanted = wanted.iter().cloned().collect();
    let base: BTreeMap<Field, BaseField> = base.iter().cloned().collect();
    plan_item(&wanted, plex, Some(&base), &Selected::new(), &rules())
}

fn change(field: Field, before: Value, after: Value) -> Change {
    Change {
        field,
        before,
        before_locked: false,
        asked: after.clone(),
        after,
        lock: field.can_lock(),
    }
}

#[test]
fn a_value_overwritten_three_times_in_a_row_is_a_tug_of_war() {
    let agent = BTreeMap::from([(Field::Summary, text("the agent's"))]);
    let mut synced = Synced {
        plex: Plex::new(agent, true),
        base: BTreeMap::new(),
        rules: Rules::new(BTreeMap::new(), false, "1.43"),
    };
    let wanted = BTreeMap::from([(Field::Summary, text("ours"))]);
    assert_eq!(synced.sync(&wanted).changes.len(), 1, "the first write");
    for time in 1..=2 {
        synced.plex.refresh();
        assert_eq!(
            synced.sync(&wanted).changes.len(),
            1,
            "overwritten {time} times"
        );
    }
    synced.plex.refresh();
    for _ in 0..2 {
        let stopped = synced.sync(&wanted);
        assert!(stopped.changes.is_empty(), "not a third time");
        assert_eq!(stopped.kept[0].reason, KeptReason::TugOfWar);
    }
    let new = BTreeMap::from([(Field::Summary, text("ours, edited"))]);
    assert_eq!(
        synced.sync(&new).changes.len(),
        1,
        "the source's new value is another matter"
    );
    synced.plex.refresh();
    assert_eq!(synced.sync(&new).changes.len(), 1, "the row began anew");
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
fn only_tags_of_ours_leave_an_own_list() {
    let base = BaseField {
        asked: tags(&["Horror", "Sci-Fi"]),
        read_back: tags(&["Horror", "Sci-Fi", "Cult"]),
        locked: true,
        locked_by_us: true,
        ours: vec!["Sci-Fi".into()],
        ..BaseField::default()
    };
    let plex = held(
        &[(
            Field::Genres,
            tags(&["Horror", "sci-fi", "Cult", "Person's"]),
        )],
        &[Field::Genres],
    );
    let plan = plan(
        &[(Field::Genres, tags(&["SPACE", "HORROR"]))],
        &plex,
        &[(Field::Genres, base)],
    );
    assert_eq!(
        plan.changes[0].after,
        tags(&["SPACE", "Horror", "Cult", "Person's"])
    );
    let edit = Edit::of(&plan.changes, &BTreeSet::new());
    assert_eq!(edit.fields[&Field::Genres].remove, ["sci-fi"]);
}

#[test]
fn collections_are_never_locked_nor_unlocked() {
    for locked in [&[][..], &[Field::Collections]] {
        let plex = held(&[], locked);
        let mut rules = rules();
        rules
            .policies
            .insert(Field::Collections, Policy::SourceIsRight);
        let wanted = BTreeMap::from([(Field::Collections, tags(&["Alien Saga"]))]);
        let plan = plan_item(&wanted, &plex, None, &Selected::new(), &rules);
        assert_eq!(plan.changes[0].lock, !locked.is_empty());
        let edit = Edit::of(&plan.changes, &BTreeSet::new());
        assert_eq!(edit.fields[&Field::Collections].lock, None);
    }
}

#[test]
fn a_sort_title_that_equals_the_title_is_left_out() {
    let plex = held(&[(Field::Title, text("Alien"))], &[]);
    let same = plan(&[(Field::SortTitle, text("Alien"))], &plex, &[]);
    assert!(same.is_empty(), "{same:?}");
    let both = plan(
        &[
            (Field::Title, text("Aliens")),
            (Field::SortTitle, text("Aliens")),
        ],
        &plex,
        &[],
    );
    assert_eq!(
        both.changes.len(),
        2,
        "Plex may hold another sort title behind the old title"
    );
    let after = held(
        &[(Field::Title, text("Aliens"))],
        &[Field::Title, Field::SortTitle],
    );
    assert_eq!(
        settle(&both.changes, None, &after, &Selected::new(), &rules()).differs,
        []
    );
}

#[test]
fn a_picture_is_known_by_its_key_and_never_by_its_path() {
    let path = "/library/metadata/1/thumb/aa";
    let plex = held(&[(Field::Poster, picture(path))], &[]);
    let base = |asked: &str, read_back: &str, path: &str| {
        [(
            Field::Poster,
            BaseField {
                asked: picture(asked),
                read_back: picture(read_back),
                image_path: Some(path.into()),
                ..BaseField::default()
            },
        )]
    };
    let wanted = [(Field::Poster, picture("aa"))];
    assert_eq!(
        plan(&wanted, &plex, &[]).unlisted,
        [Field::Poster],
        "a path that ends with the hash says nothing"
    );
    let known = plan(&wanted, &plex, &base("aa", "upload://posters/n1", path));
    assert_eq!(
        known,
        ItemPlan::default(),
        "sent before, and still selected"
    );
    let moved = plan(
        &wanted,
        &plex,
        &base("aa", "upload://posters/n1", "/library/metadata/1/thumb/0"),
    );
    assert_eq!(moved.unlisted, [Field::Poster]);

    let wanted: BTreeMap<Field, Value> = wanted.into_iter().collect();
    for (key, changes) in [
        ("upload://posters/aa", 0),
        ("upload://posters/xaa", 1),
        ("metadata://posters/aab", 1),
    ] {
        let selected = Selected::from([(Field::Poster, key.to_owned())]);
        let plan = plan_item(&wanted, &plex, None, &selected, &rules());
        assert_eq!(plan.changes.len(), changes, "{key}");
        if let Some(change) = plan.changes.first() {
            assert_eq!(change.before, picture(key));
        } else {
            assert_eq!(
                plan.adopted[&Field::Poster].image_path.as_deref(),
                Some(path)
            );
        }
    }
    let off = Rules::new(BTreeMap::from([(Field::Poster, Policy::Off)]), true, "1.43");
    assert!(pictures_to_list(&wanted, &plex, None, &off).is_empty());
    assert_eq!(
        pictures_to_list(&wanted, &plex, None, &rules()),
        [Field::Poster]
    );
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
fn a_rating_under_the_mark_of_rotten_tomatoes_is_written_and_told() {
    for (image, told) in [
        ("rottentomatoes://image.rating.ripe", 1),
        ("imdb://image.rating", 0),
    ] {
        let mut plex = held(&[(Field::CriticRating, Value::Tenths(50))], &[]);
        plex.rating_images.insert(Field::CriticRating, image.into());
        let plan = plan(&[(Field::CriticRating, Value::Tenths(76))], &plex, &[]);
        assert_eq!(
            (plan.changes.len(), plan.told.len(), plan.kept.len()),
            (1, told, 0),
            "{image}"
        );
    }
}

#[test]
fn an_empty_value_clears_by_its_rule() {
    let plex = held(&[(Field::Tagline, text("the agent's"))], &[]);
    let wanted = BTreeMap::from([(Field::Tagline, Value::Empty), (Field::Title, Value::Empty)]);
    for (clear, changes) in [
        (ClearRule::Nothing, 0),
        (ClearRule::Ours, 0),
        (ClearRule::Whatever, 1),
    ] {
        let rules = Rules { clear, ..rules() };
        let plan = plan_item(&wanted, &plex, None, &Selected::new(), &rules);
        assert_eq!(plan.changes.len(), changes, "{clear:?}");
    }
}

#[test]
fn undo_leaves_alone_what_was_edited_since() {
    let undo = |before: Value, after: Value| UndoField {
        before,
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
fn items_with_identical_edits_travel_together() {
    let genre = |before: &[&str]| vec![change(Field::Genres, tags(before), tags(&["Horror"]))];
    let none = BTreeSet::new();
    let edits = [
        (RatingKey(5), Edit::of(&genre(&["Old"]), &none)),
        (RatingKey(3), Edit::of(&genre(&[]), &none)),
        (RatingKey(4), Edit::default()),
        (RatingKey(1), Edit::of(&genre(&["Old"]), &none)),
        (RatingKey(2), Edit::of(&genre(&["Other"]), &none)),
    ];
    let groups: Vec<Vec<u64>> = group(edits)
        .iter()
        .map(|group| group.items.iter().map(|key| key.0).collect())
        .collect();
    assert_eq!(
        groups,
        [vec![5, 1], vec![3], vec![2]],
        "what must go differs too"
    );

    let many = (0..=READ_BATCH as u64).map(|key| (RatingKey(key), Edit::of(&genre(&[]), &none)));
    assert_eq!(
        group(many)
            .iter()
            .map(|group| group.items.len())
            .collect::<Vec<_>>(),
        [READ_BATCH, 1]
    );

    let poster = [change(Field::Poster, Value::Empty, picture("aa"))];
    assert!(
        Edit::of(&poster, &none).is_empty(),
        "a picture that failed is not locked"
    );
    let done = Edit::of(&poster, &BTreeSet::from([Field::Poster]));
    assert_eq!(done.picture_locks, BTreeMap::from([(Field::Poster, true)]));
}

#[test]
fn a_batch_says_why_it_ended() {
    let mut batcher = Batcher::new(2);
    assert_eq!(batcher.push(1), None);
    let full = batcher.push(2).expect("full");
    assert_eq!((full.items, full.stop), (vec![1, 2], StopReason::Full));
    assert_eq!(batcher.finish(), None);
    assert_eq!(batcher.push(3), None);
    assert_eq!(batcher.due(Duration::from_millis(49)), None);
    assert_eq!(
        batcher
            .due(Duration::from_millis(50))
            .map(|batch| batch.stop),
        Some(StopReason::Waited)
    );
    assert_eq!(batcher.push(4), None);
    assert_eq!(
        batcher.finish().map(|batch| (batch.items, batch.stop)),
        Some((vec![4], StopReason::Ended))
    );
}

#[test]
fn ten_thousand_characters_are_one_change() {
    let long = "日本語の題".repeat(2_000);
    let plan = plan(
        &[(Field::Title, text(&long))],
        &held(&[(Field::Title, text("short"))], &[]),
        &[],
    );
    assert_eq!(plan.changes[0].after, text(&long));
}
