//! The demo's library, from the first sync to the last undo, field by field, under both readings of Plex.

use std::collections::BTreeSet;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Held, Want};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::RunState;
use syncslate_tests::{World, as_ordered_by, differences};

/// As the demo, with pictures that cost less to make.
fn demo() -> Generated {
    generator::generate(&generator::Plan {
        seed: 7,
        films: 220,
        image: (24, 36),
        broken: true,
        ..generator::Plan::default()
    })
}

/// The shows and the films that no source speaks of are as they were.
fn assert_others_untouched(generated: &Generated, before: &LibraryState, after: &LibraryState) {
    let wrong = differences(&World::series(before), &World::series(after));
    assert!(wrong.is_empty(), "{wrong:#?}");
    let films = |state: &LibraryState| state.sections[FILMS_SECTION].items.clone();
    let (before, after) = (films(before), films(after));
    let mut looked_at = 0;
    for (path, want) in generated.expected.section(FILMS_SECTION) {
        if want.untouched() {
            looked_at += 1;
            assert_eq!(before[path], after[path], "{path}");
        }
    }
    assert!(looked_at > 5, "only {looked_at}");
}

#[test]
fn a_sync_leads_to_exactly_what_the_generator_says() {
    let generated = demo();
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let before = world.emulator.state();
        let summary = world.sync();
        let after = world.emulator.state();
        let wrong = generated.expected.check(&after);
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}\n{summary:#?}");
        assert_others_untouched(&generated, &before, &after);

        let expected = &generated.expected;
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        let count = |number: usize| u32::try_from(number).unwrap();
        assert_eq!(summary.items_read, count(expected.source_items));
        assert_eq!(summary.unreadable, count(expected.broken));
        assert_eq!(summary.not_in_plex, count(expected.not_in_plex.len()));
        assert_eq!(summary.changed, count(expected.changed()));
        assert_eq!(summary.written, count(expected.changed()));
        let collections = expected.collections.values().filter(|is_new| **is_new);
        let collections = count(collections.count());
        assert!(collections > 0, "the demo makes collections");
        assert_eq!(summary.collections_changed, collections);
        assert_eq!(summary.collections_written, collections);
        assert_eq!(summary.fields_written, count(expected.fields_written()));
        assert_eq!(summary.conflicts, count(expected.conflicts()));
        let statistics = world.emulator.statistics();
        assert_eq!(statistics.whole_library_edits, 0);
        assert_eq!(statistics.media_deletions, 0);
    }
}

#[test]
fn a_second_sync_costs_next_to_nothing_and_writes_nothing() {
    let generated = demo();
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        world.sync();
        let after = world.emulator.state();
        for round in 2..4 {
            let from = world.transport.log().len();
            let summary = world.sync();
            let asked = world.transport.log().split_off(from);
            assert!(
                asked.len() <= 8,
                "{habits:?}, sync {round}: {} requests: {:#?}",
                asked.len(),
                asked.iter().map(|asked| &asked.line).collect::<Vec<_>>()
            );
            assert_eq!(
                world.transport.writes_since(from),
                Vec::<String>::new(),
                "{habits:?}, sync {round}"
            );
            assert_eq!(summary.state, RunState::Done);
            assert_eq!((summary.changed, summary.written), (0, 0));
            let wrong = differences(&after, &world.emulator.state());
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
    }
}

#[test]
fn a_person_an_agent_and_a_changed_source_get_what_is_theirs() {
    let generated = demo();
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        world.sync();
        let round = generator::second_round(&generated, 3);
        round
            .play(&world.emulator)
            .expect("the round can be played");
        generator::write_files(&world.films(), &round.changed).expect("room for the source");
        let before = world.emulator.state();
        let summary = world.sync();
        let after = world.emulator.state();
        let wrong = round.expected.check(&after);
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        let count = |number: usize| u32::try_from(number).unwrap();
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        assert_eq!(summary.written, count(round.expected.changed()));
        assert_eq!(
            summary.fields_written,
            count(round.expected.fields_written())
        );
        assert_eq!(summary.conflicts, count(round.expected.conflicts()));
        for (path, want) in round.expected.section(FILMS_SECTION) {
            if want.untouched() {
                let item = |state: &LibraryState| state.item(path).cloned();
                assert_eq!(item(&before), item(&after), "{path}");
            }
        }
        // And that is the end of it.
        let from = world.transport.log().len();
        world.sync();
        assert_eq!(world.transport.writes_since(from), Vec::<String>::new());
        let wrong = differences(&after, &world.emulator.state());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn an_undo_brings_back_the_first_state_and_a_sync_writes_again() {
    let generated = demo();
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let first = world.state();
        world.sync();
        let synced = world.state();
        let summary = world.undo();
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        assert_eq!(summary.conflicts, 0, "nobody edited anything");
        let wrong = differences(&first, &world.state());
        assert!(
            wrong.is_empty(),
            "{habits:?}: {} differ: {wrong:#?}",
            wrong.len()
        );
        world.sync();
        // A collection that was made anew has a new key.
        let (synced, again) = (synced.without_keys(), world.state().without_keys());
        let wrong = differences(&synced, &again);
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        world.undo();
        let wrong = differences(&first, &world.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

fn sorted(want: Want) -> Want {
    match want {
        Want::Tags(mut tags) => {
            tags.sort();
            Want::Tags(tags)
        }
        other => other,
    }
}

#[test]
fn each_run_is_taken_back_and_what_a_person_did_in_between_stays() {
    let generated = demo();
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let first = world.state();
        world.sync();
        let round = generator::second_round(&generated, 3);
        round
            .play(&world.emulator)
            .expect("the round can be played");
        generator::write_files(&world.films(), &round.changed).expect("room for the source");
        let between = world.state();
        let second = world.sync();
        assert_eq!(second.run, 2);

        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        let left = as_ordered_by(between.clone().without_keys(), habits);
        let right = as_ordered_by(world.state().without_keys(), habits);
        let wrong = differences(&left, &right);
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");

        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        let last = world.state();
        let edited: BTreeSet<(&str, &str)> = round
            .person_edits
            .iter()
            .map(|edit| (edit.place.name.as_str(), edit.attribute))
            .collect();
        let mut looked_at = 0;
        for (path, want) in generated.expected.section(FILMS_SECTION) {
            let held =
                |state: &LibraryState| Held::from_state(&state.sections[FILMS_SECTION].items[path]);
            let (first, between, last) = (held(&first), held(&between), held(&last));
            for &attribute in &want.written {
                let expected = if edited.contains(&(path, attribute)) {
                    &between
                } else {
                    &first
                };
                // As stored: a sort title that is left out follows whatever the title is now.
                let stored = |held: &Held| held.values[attribute].clone();
                assert_eq!(
                    sorted(stored(&last)),
                    sorted(stored(expected)),
                    "{habits:?}: {path}: {attribute}"
                );
                assert_eq!(
                    last.locked.contains(attribute),
                    expected.locked.contains(attribute),
                    "{habits:?}: {path}: lock of {attribute}"
                );
                looked_at += 1;
            }
        }
        assert!(looked_at > 1000, "only {looked_at}");
        let taken_back = edited
            .iter()
            // A list is no conflict: it loses what the run added and keeps what the person did.
            .filter(|(path, attribute)| {
                let film = generated.expected.get(FILMS_SECTION, path);
                *attribute != "genre" && film.is_some_and(|film| film.written.contains(attribute))
            })
            .count();
        assert_eq!(undone.conflicts, u32::try_from(taken_back).unwrap());
    }
}
