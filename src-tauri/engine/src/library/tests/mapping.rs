//! Between Plex's shapes and the model's.

use std::collections::{BTreeMap, BTreeSet};

use syncslate_plex::{Details, Edit, EditField, ImageKind, Lockable, PlexType, TagField};

use super::*;
use crate::model::{CastTrait, Change, Field, FieldKind, Value};

fn text(text: &str) -> String {
    text.to_owned()
}

fn details() -> Details {
    Details {
        rating_key: 5,
        guid: "plex://movie/5".to_owned(),
        item_type: Some(PlexType::Movie),
        updated_at: 1_000,
        files: vec![
            "/b.mkv".to_owned(),
            "/a.mkv".to_owned(),
            "/a.mkv".to_owned(),
        ],
        title: Some(text("  Amélie ")),
        title_sort: None,
        original_title: Some(text("")),
        summary: Some(text("One.\r\nTwo.\r\n")),
        content_rating: Some(text("PG")),
        originally_available_at: Some(text("2001-04-25")),
        year: Some(2001),
        rating: Some(6.4),
        audience_rating: Some(0.0),
        rating_image: Some(text("imdb://image.rating")),
        audience_rating_image: Some(text("")),
        tags: BTreeMap::from([
            (
                TagField::Genre,
                vec!["Drama".to_owned(), " drama".to_owned(), "Comedy".to_owned()],
            ),
            (
                TagField::Actor,
                vec!["Audrey Tautou".to_owned(), "Mathieu  Kassovitz".to_owned()],
            ),
            (TagField::Label, vec!["Mine".to_owned()]),
        ]),
        roles: vec![" Amélie\tPoulain ".to_owned()],
        locked: BTreeSet::from([
            Lockable::Value(EditField::Title),
            Lockable::Tags(TagField::Genre),
            Lockable::Tags(TagField::Label),
            Lockable::Image(ImageKind::Background),
        ]),
        images: BTreeMap::from([(ImageKind::Poster, text("/library/metadata/5/thumb/1"))]),
        ..Details::default()
    }
}

fn cast(actors: &[(&str, &str)]) -> Value {
    let own = |text: &str| text.to_owned();
    Value::Cast {
        names: actors.iter().map(|(name, _)| own(name)).collect(),
        roles: actors.iter().map(|(_, role)| own(role)).collect(),
        pictures: vec![String::new(); actors.len()],
    }
}

#[test]
fn details_become_values() {
    let values = values(&details());
    let tags = |tags: &[&str]| Value::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect());
    let expected = BTreeMap::from([
        (Field::Title, Value::Text("Amélie".to_owned())),
        (Field::Summary, Value::Text("One.\nTwo.".to_owned())),
        (Field::ContentRating, Value::Text("PG".to_owned())),
        (Field::ReleaseDate, Value::Text("2001-04-25".to_owned())),
        (Field::Year, Value::Whole(2001)),
        (Field::CriticRating, Value::Tenths(64)),
        (Field::Genres, tags(&["Drama", "Comedy"])),
        (
            Field::Actors,
            cast(&[
                ("Audrey Tautou", "Amélie Poulain"),
                ("Mathieu Kassovitz", ""),
            ]),
        ),
        (Field::Labels, tags(&["Mine"])),
        (
            Field::Poster,
            Value::Image("/library/metadata/5/thumb/1".to_owned()),
        ),
    ]);
    assert_eq!(values.values, expected);
    assert_eq!(
        values.raw[&Field::Actors],
        cast(&[
            ("Audrey Tautou", " Amélie\tPoulain "),
            ("Mathieu  Kassovitz", "")
        ]),
        "to the byte"
    );
    let by_names = values.clone().without(&CastTrait::ALL);
    assert_eq!(
        (by_names.get(Field::Actors), &by_names.raw[&Field::Actors]),
        (
            &tags(&["Audrey Tautou", "Mathieu Kassovitz"]),
            &tags(&["Audrey Tautou", "Mathieu  Kassovitz"])
        )
    );
    assert_eq!(
        values.locked,
        BTreeSet::from([
            Field::Title,
            Field::Genres,
            Field::Labels,
            Field::Background
        ])
    );
    assert_eq!(
        values.rating_images,
        BTreeMap::from([(Field::CriticRating, "imdb://image.rating".to_owned())])
    );
    let mut odd = details();
    odd.originally_available_at = Some(text("2001"));
    odd.rating = Some(11.0);
    let odd = super::values(&odd);
    assert_eq!(
        odd.get(Field::ReleaseDate),
        &Value::Text("2001".to_owned()),
        "it is not empty"
    );
    assert_eq!(odd.get(Field::CriticRating), &Value::Tenths(100));
}

#[test]
fn details_and_rows_agree_on_the_item() {
    let section = uuid::Uuid::from_u128(7);
    let item = item(&details(), SERVER, section, &hash).unwrap();
    assert_eq!(
        (item.key.rating_key, item.updated_at),
        (RatingKey(5), 1_000)
    );
    let mut paths = vec![hash("/a.mkv"), hash("/b.mkv")];
    paths.sort_unstable();
    assert_eq!(item.identity.paths, paths, "sorted, each once");
    let mut foreign = details();
    foreign.item_type = None;
    assert_eq!(super::item(&foreign, SERVER, section, &hash), None);
}

#[test]
fn every_field_has_a_name_of_its_own_and_comes_back() {
    let mut names = BTreeSet::new();
    for field in Field::ALL {
        let Some(lockable) = lockable(field) else {
            assert_eq!(
                field,
                Field::Watched,
                "it is marked by a request of its own"
            );
            continue;
        };
        assert!(names.insert(lockable.name()), "{field:?}");
        assert_eq!(
            Lockable::from_name(lockable.name()).and_then(field_of),
            Some(field)
        );
        assert_eq!(
            image_kind(field).is_some(),
            field.kind() == FieldKind::Image
        );
    }
    for plex in PlexType::ALL {
        assert_eq!(plex_type(item_type(plex)), plex);
    }
}

#[test]
fn roles_go_with_their_actors() {
    let before = cast(&[("Ann  B", "Old"), ("Gone", "Nobody"), ("Kept", "Same")]);
    let after = cast(&[
        ("New", "Self"),
        ("Ann B", ""),
        ("Kept", "Same"),
        ("Mute", ""),
    ]);
    let change_of = change;
    let mut change = change_of(Field::Actors, before, after, true);
    let strings = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let roles = |roles: &[(usize, &str)]| -> BTreeMap<usize, String> {
        let roles = roles.iter();
        roles
            .map(|(place, role)| (*place, (*role).to_owned()))
            .collect()
    };
    let edit = |names: &[&str], told: &[(usize, &str)]| {
        Edit::new()
            .cast(
                strings(names),
                roles(told),
                BTreeMap::new(),
                strings(&["Gone"]),
            )
            .lock(Lockable::Tags(TagField::Actor), true)
    };
    let genres = |edit: Edit| edit.tags(TagField::Genre, strings(&["Drama"]), Vec::new());
    let drama = Value::Tags(strings(&["Drama"]));
    let beside = change_of(Field::Genres, Value::Empty, drama, false);
    let told = [(0, "Self"), (1, ""), (2, "Same")];
    assert_eq!(
        edit_of([&change, &beside]),
        genres(edit(&["New", "Ann  B", "Kept", "Mute"], &told))
            .lock(Lockable::Tags(TagField::Genre), false),
        "another list has no part in it"
    );
    assert_eq!(
        edit_of([&change]),
        edit(
            &["New", "Ann  B", "Kept", "Mute"],
            // What is to be none is said, and what stays too.
            &told
        )
    );
    change.after = change.after.without(&CastTrait::ALL);
    assert_eq!(
        edit_of([&change]),
        edit(&["New", "Ann  B", "Kept", "Mute"], &[]),
        "names alone say nothing of roles"
    );
}

#[test]
fn pictures_of_actors_go_where_the_source_or_undo_asks_for_them() {
    let cast = |actors: &[(&str, &str)]| {
        crate::text::cast_value(actors.iter().map(|(name, picture)| (*name, "", *picture)))
    };
    let before = cast(&[
        ("Agents", "http://a/1"),
        ("Gap", ""),
        ("Ours", "http://s/3"),
    ]);
    let after = cast(&[
        ("Agents", "http://a/1"),
        ("Gap", "http://s/2"),
        ("Ours", "http://s/3"),
        ("New", "http://s/4"),
    ]);
    let sent = |change: &Change| {
        let names = change.after.tags().to_vec();
        move |pictures: &[(usize, &str)]| {
            let pictures = pictures.iter();
            let pictures = pictures.map(|(place, picture)| (*place, (*picture).to_owned()));
            Edit::new()
                .cast(names, BTreeMap::new(), pictures.collect(), Vec::new())
                .lock(Lockable::Tags(TagField::Actor), true)
        }
    };
    let mut filled = change(Field::Actors, before.clone(), after, true);
    filled.asked = cast(&[
        ("Agents", "http://s/1"),
        ("Gap", "http://s/2"),
        ("Ours", "http://s/3"),
        ("New", "http://s/4"),
    ]);
    assert_eq!(
        edit_of([&filled]),
        sent(&filled)(&[(1, "http://s/2"), (2, "http://s/3"), (3, "http://s/4")]),
        "an agent's stays untold"
    );
    let now = cast(&[
        ("Agents", "http://a/1"),
        ("Gap", "http://s/2"),
        ("Ours", ""),
    ]);
    let back = change(Field::Actors, now, before, true);
    assert_eq!(
        edit_of([&back]),
        sent(&back)(&[(0, "http://a/1"), (1, ""), (2, "http://s/3")])
    );
}

fn change(field: Field, before: Value, after: Value, lock: bool) -> Change {
    Change {
        field,
        before,
        before_raw: None,
        before_locked: false,
        asked: after.clone(),
        after,
        after_raw: None,
        lock,
    }
}

#[test]
fn changes_become_one_edit() {
    let tags = |tags: &[&str]| Value::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect());
    let strings = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let changes = [
        change(
            Field::Title,
            Value::Empty,
            Value::Text("T".to_owned()),
            true,
        ),
        change(
            Field::Tagline,
            Value::Text("x".to_owned()),
            Value::Empty,
            false,
        ),
        change(Field::Year, Value::Empty, Value::Whole(1999), true),
        change(Field::CriticRating, Value::Empty, Value::Tenths(64), true),
        change(
            Field::AudienceRating,
            Value::Empty,
            Value::Tenths(100),
            true,
        ),
        change(
            Field::Genres,
            tags(&["DRAMA", "Horror, gore", "Comedy"]),
            tags(&["Drama", "Comedy"]),
            true,
        ),
        change(Field::Directors, tags(&["A"]), Value::Empty, true),
        change(Field::Collections, Value::Empty, tags(&["Set"]), true),
        change(
            Field::Poster,
            Value::Empty,
            Value::Image("ab".to_owned()),
            true,
        ),
    ];
    let locked = |field: Field| (lockable(field).unwrap(), true);
    let expected = [
        locked(Field::Title),
        (lockable(Field::Tagline).unwrap(), false),
        locked(Field::Year),
        locked(Field::CriticRating),
        locked(Field::AudienceRating),
        locked(Field::Genres),
        locked(Field::Directors),
        locked(Field::Poster),
    ]
    .into_iter()
    .fold(Edit::new(), |edit, (what, locked)| edit.lock(what, locked))
    .value(EditField::Title, "T")
    .value(EditField::Tagline, "")
    .value(EditField::Year, "1999")
    .value(EditField::Rating, "6.4")
    .value(EditField::AudienceRating, "10.0")
    // “DRAMA” is “Drama” to Plex: removing it would take both.
    .tags(
        TagField::Genre,
        strings(&["Drama", "Comedy"]),
        strings(&["Horror, gore"]),
    )
    .tags(TagField::Director, vec![], strings(&["A"]))
    // Never locked: that would stop Plex's own collections.
    .tags(TagField::Collection, strings(&["Set"]), vec![]);
    assert_eq!(edit_of(&changes), expected);
    assert!(edit_of(&[]).is_empty());
}
