//! Libraries of every kind.

use std::collections::{BTreeMap, BTreeSet};

use super::super::item::Voice;
use super::super::*;
use super::{small, want};
use crate::{Emulator, Habits, ItemKind, LibraryState, Options, PersonValue, PictureKind};

fn emulator(world: &Generated, habits: Habits) -> Emulator {
    let options = Options {
        habits,
        ..Options::default()
    };
    Emulator::new(world.seed.clone(), options)
}

/// The pictures of a world by their hash.
fn pictures<'a>(files: impl IntoIterator<Item = &'a File>) -> BTreeMap<String, Vec<u8>> {
    let pictures = files
        .into_iter()
        .filter(|file| file.path.ends_with(".jpg") || file.path.ends_with(".png"));
    pictures
        .map(|file| {
            let hash = reckon::picture_want(&file.bytes).to_string();
            (hash, file.bytes.clone())
        })
        .collect()
}

/// Does what a sync must do, and nothing else.
fn write(emulator: &Emulator, expected: &Expectation, pictures: &BTreeMap<String, Vec<u8>>) {
    let library = emulator.state();
    for (place, want) in &expected.items {
        let key = library.sections[&place.section].items[&place.name].rating_key;
        for &attribute in &want.written {
            let lock = want.locks.get(attribute) == Some(&true);
            let value = match &want.values[attribute] {
                Want::Tags(tags) => PersonValue::Tags(tags.clone()),
                Want::Text(text) => PersonValue::Text(text.clone()),
                Want::Picture(_) => {
                    let kind = match attribute {
                        "thumb" => PictureKind::Poster,
                        "art" => PictureKind::Background,
                        "clearLogo" => PictureKind::ClearLogo,
                        _ => PictureKind::SquareArt,
                    };
                    let bytes = pictures[&want.values[attribute].to_string()].clone();
                    let done = emulator.select_picture_as_person(key, kind, bytes, lock);
                    done.expect("a picture");
                    continue;
                }
                other => PersonValue::Text(other.to_string()),
            };
            let done = emulator.edit_as_person(key, attribute, value, lock);
            done.unwrap_or_else(|error| panic!("{place}: {attribute}: {error}"));
        }
    }
    let library = emulator.state();
    for (place, _) in expected.collections.iter().filter(|(_, is_new)| **is_new) {
        let key = library.sections[&place.section].collections[&place.name].rating_key;
        let done = emulator.edit_as_person(key, "summary", SET_OVERVIEW, true);
        done.unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

fn only_differences(left: &LibraryState, right: &LibraryState) -> Vec<String> {
    left.clone()
        .without_timestamps()
        .differences(&right.clone().without_timestamps())
}

#[test]
fn the_same_seed_gives_the_same_mixed_world() {
    let (one, two) = (mixed(3, 400), mixed(3, 400));
    assert_eq!(one.tree, two.tree);
    assert_eq!(one.expected, two.expected);
    assert_eq!(format!("{:?}", one.seed), format!("{:?}", two.seed));
    assert_ne!(
        mixed(4, 400).tree,
        one.tree,
        "another seed is another world"
    );
}

#[test]
fn what_there_is_does_not_depend_on_how_much_there_is() {
    let (small, large) = (mixed(5, 300), mixed(5, 700));
    for (less, more) in small.seed.sections.iter().zip(&large.seed.sections) {
        assert!(less.items.len() < more.items.len() || less.title == FILMS_4K_SECTION);
        for (left, right) in less.items.iter().zip(&more.items) {
            assert_eq!(format!("{left:?}"), format!("{right:?}"));
        }
    }
    for (place, want) in &small.expected.items {
        assert_eq!(Some(want), large.expected.items.get(place), "{place}");
    }
}

#[test]
fn every_odd_kind_occurs_in_two_thousand_items() {
    let world = mixed(1, 2_000);
    for kind in Odd::every() {
        assert!(world.count_odd(kind) > 0, "{kind:?} does not occur");
    }
    let count = world.expected.items.len();
    assert!((1_800..2_200).contains(&count), "{count} items");
    let kinds: BTreeMap<ItemKind, usize> =
        world.items.iter().fold(BTreeMap::new(), |mut kinds, item| {
            *kinds.entry(item.kind).or_default() += 1;
            kinds
        });
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    assert!(kinds.values().all(|count| *count > 40), "{kinds:?}");
    let paths: BTreeSet<&str> = world.tree.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths.len(), world.tree.len(), "two files at one path");
    assert_eq!(
        world.items.iter().filter(|item| item.in_plex).count(),
        count,
        "two items at one place"
    );
    let expected = &world.expected;
    assert!(
        expected.source_files < expected.source_items,
        "some share a file"
    );
    assert!(expected.misplaced_videos < expected.misplaced && expected.misplaced_videos > 0);
    assert_eq!(world.plex_folder(), PLEX_ROOT);
    assert_eq!(world.sections().len(), 5);
}

#[test]
fn every_attribute_is_written_kept_and_left_alone_somewhere() {
    let world = mixed(1, 2_000);
    let wants = || world.expected.items.values();
    for attribute in ATTRIBUTES {
        let written = wants().filter(|want| want.written.contains(attribute));
        assert!(written.count() > 0, "{attribute} is never written");
    }
    for attribute in [
        "title",
        "summary",
        "studio",
        "genre",
        "mood",
        "director",
        "userRating",
        "label",
    ] {
        let kept = wants().filter(|want| want.kept.contains(attribute));
        assert!(kept.count() > 0, "{attribute} is never kept");
    }
    for (place, want) in &world.expected.items {
        let is_music = matches!(
            want.kind,
            ItemKind::Artist | ItemKind::Album | ItemKind::Track
        );
        assert!(!(is_music && want.written.contains("title")), "{place}");
        assert!(want.kind != ItemKind::Track || want.untouched(), "{place}");
    }
}

#[test]
fn just_what_is_to_be_written_differs_before() {
    let world = mixed(1, 2_000);
    for habits in Habits::BOTH {
        let library = emulator(&world, habits).state();
        for item in world.items.iter().filter(|item| item.in_plex) {
            let held = &library.sections[item.section].items[&item.name];
            assert_eq!(held.files, item.versions.concat(), "{}", item.place());
            let want = &world.expected.items[&item.place()];
            let differing: BTreeSet<&str> = want
                .differences(&Held::from_state(held), true)
                .iter()
                .map(|difference| difference.attribute)
                .collect();
            assert_eq!(differing, want.written, "{}", item.place());
            let seeded = ItemWant {
                values: values::seeded(item),
                ..ItemWant::new(item.kind)
            };
            let wrong = seeded.differences(&Held::from_state(held), true);
            assert_eq!(wrong, [], "{}", item.place());
        }
    }
}

#[test]
fn some_collections_are_told_of_and_more_in_the_second_round() {
    let world = mixed(1, 2_000);
    let told = &world.expected.collections;
    assert!(told.len() > 20, "only {}", told.len());
    let round = second_round(&world, 4);
    let told_then = &round.expected.collections;
    assert!(told_then.values().any(|is_new| *is_new), "none is new");
    assert!(told_then.len() > told.len());
}

#[test]
fn who_writes_just_that_comes_to_the_right_end_twice() {
    let world = mixed(1, 2_000);
    for habits in Habits::BOTH {
        let emulator = emulator(&world, habits);
        let mut known = pictures(&world.tree);
        write(&emulator, &world.expected, &known);
        let wrong = world.expected.check(&emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        let synced = emulator.state();

        let round = second_round(&world, 4);
        round.play(&emulator).expect("the round can be played");
        assert!(!only_differences(&synced, &emulator.state()).is_empty());
        known.extend(pictures(&round.changed));
        let before = round.expected.check(&emulator.state()).len();
        assert!(before > 30, "only {before}");
        write(&emulator, &round.expected, &known);
        let wrong = round.expected.check(&emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

#[test]
fn a_second_round_befalls_every_kind() {
    let world = mixed(1, 2_000);
    let round = second_round(&world, 4);
    let kind = |place: &Place| round.expected.items[place].kind;
    let edited: BTreeSet<ItemKind> = round
        .person_edits
        .iter()
        .map(|edit| kind(&edit.place))
        .collect();
    assert_eq!(edited.len(), 7, "{edited:?}");
    let refreshed: BTreeSet<ItemKind> = round
        .agent_refreshes
        .iter()
        .map(|refresh| kind(&refresh.place))
        .collect();
    assert!(refreshed.len() >= 5, "{refreshed:?}");
    let changed: Vec<&str> = round.changed_paths().collect();
    for name in [
        "tvshow.nfo",
        "season.nfo",
        "artist.nfo",
        "album.nfo",
        ".info.json",
        ".jpg",
    ] {
        assert!(
            changed.iter().any(|path| path.ends_with(name)),
            "no {name} changed"
        );
    }
    let known: BTreeMap<&str, &[u8]> = (world.tree.iter())
        .map(|file| (file.path.as_str(), file.bytes.as_slice()))
        .collect();
    for file in &round.changed {
        assert!(known[file.path.as_str()] != file.bytes, "{}", file.path);
    }
    for (place, want) in &round.expected.items {
        assert!(want.conflicts.is_subset(&want.kept), "{place}");
    }
    let conflicts: BTreeSet<ItemKind> = (round.expected.items.values())
        .filter(|want| !want.conflicts.is_empty())
        .map(|want| want.kind)
        .collect();
    assert_eq!(conflicts.len(), 6, "{conflicts:?}");
    // A film in two sections: where one of its items is a person's, the other follows the source.
    for edit in &round.person_edits {
        assert_eq!(
            round.expected.items[&edit.place].values[edit.attribute], edit.value,
            "a person's edit stands"
        );
    }
    let busy = round.expected.changed();
    assert!(busy > 60 && busy < world.expected.items.len() / 4, "{busy}");
}

#[test]
fn lists_and_ratings_follow_their_rules() {
    let world = mixed(1, 2_000);
    let labels = want(&world, Odd::LabelsBefore);
    assert!(
        labels.values["label"]
            .tags()
            .contains(&"Lent by Ottoline".to_owned())
    );
    assert_eq!(labels.values["label"].tags().len(), 3);
    assert_eq!(
        want(&world, Odd::PersonLabels).kept,
        BTreeSet::from(["label"])
    );
    let rated = want(&world, Odd::PersonRated);
    assert_eq!(rated.kept, BTreeSet::from(["userRating"]));
    assert_eq!(rated.values["userRating"], Want::Tenths(40));
    assert_eq!(
        want(&world, Odd::OwnRating).values["userRating"],
        Want::Tenths(85)
    );
    assert_eq!(
        want(&world, Odd::NobodyRated).values["userRating"],
        Want::Nothing
    );
    assert!(
        !want(&world, Odd::NobodyRated)
            .written
            .contains("userRating")
    );
    let countries = want(&world, Odd::CountriesBefore);
    assert_eq!(countries.values["country"].tags().len(), 3);
    let styles = want(&world, Odd::ArtistStylesBefore);
    assert_eq!(styles.values["style"].tags().len(), 3);
    let credits = want(&world, Odd::ManyCredits);
    assert_eq!(credits.values["writer"].tags().len(), 4);
    let logo = want(&world, Odd::LogoAndSquare);
    assert!(logo.written.contains("clearLogo") && logo.written.contains("squareArt"));
    let seasons = (world.items.iter()).filter(|item| item.voice == Voice::Pictures);
    for season in seasons.filter(|season| season.in_plex) {
        let want = &world.expected.items[&season.place()];
        let mut written = want.written.iter();
        assert!(written.all(|name| ["thumb", "title"].contains(name)));
    }
    // Titles in shows' files: of seasons that nothing else speaks of, and of those without one of their own.
    for voice in [Voice::Named, Voice::Page, Voice::Pictures] {
        let named = (world.items.iter()).filter(|item| {
            item.kind == ItemKind::Season
                && item.voice == voice
                && item.in_plex
                && item.source.title.is_none()
        });
        let wants = named.map(|season| &world.expected.items[&season.place()]);
        let written = wants.filter(|want| want.written.contains("title"));
        assert!(written.count() > 1, "{voice:?}");
    }
}

#[test]
fn without_a_plan_for_more_there_are_films_and_untold_shows() {
    let world = generate(&small());
    assert_eq!(world.sections(), [FILMS_SECTION]);
    assert_eq!(world.plex_folder(), PLEX_FILMS);
    let series = || world.expected.section(SERIES_SECTION);
    assert!(series().count() > 10 && series().all(|(_, want)| want.untouched()));
    assert_eq!(
        world.expected.items_not_in_plex,
        world.expected.not_in_plex.len()
    );
}
