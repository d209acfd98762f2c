//! Leaving Syncslate: its locks go, a person's stay, and on wish everything is as it was before it came.

use std::collections::BTreeSet;

use syncslate_emulator::generator::{self, FILMS_SECTION, Plan};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::RunState;
use syncslate_tests::{World, as_ordered_by, differences};

fn locks(state: &LibraryState) -> BTreeSet<(String, String)> {
    state.sections[FILMS_SECTION]
        .items
        .iter()
        .flat_map(|(path, item)| item.locks.iter().map(|lock| (path.clone(), lock.clone())))
        .collect()
}

/// The same library with no locks at all.
fn unlocked(mut state: LibraryState) -> LibraryState {
    for section in state.sections.values_mut() {
        for item in section.items.values_mut() {
            item.locks.clear();
        }
    }
    state
}

#[test]
fn our_locks_go_and_a_persons_stay() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 110,
        image: (12, 18),
        ..Plan::default()
    });
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let first = world.state();
        let persons = locks(&first);
        assert!(!persons.is_empty(), "a person locked something");
        world.sync();
        // Whoever edits a value that Syncslate locked makes that lock their own.
        let (path, _) = generated
            .expected
            .section(FILMS_SECTION)
            .find(|(_, want)| want.written.contains("summary"))
            .expect("a film gets a summary");
        let key = world.emulator.key_of(path).expect("the film is there");
        world
            .emulator
            .edit_as_person(key, "summary", "Mine.", true)
            .expect("the value can be entered");
        let synced = world.state();
        assert!(
            locks(&synced).len() > persons.len() + 100,
            "a sync locks what it writes"
        );

        let left = world.unlock(false);
        assert_eq!(left.state, RunState::Done, "{left:#?}");
        let after = world.state();
        let mut stay = persons.clone();
        stay.insert((path.to_owned(), "summary".to_owned()));
        let wrong: Vec<_> = locks(&after).symmetric_difference(&stay).cloned().collect();
        assert!(wrong.is_empty(), "{habits:?}: {wrong:?}");
        let wrong = differences(&unlocked(synced.clone()), &unlocked(after));
        assert!(
            wrong.is_empty(),
            "{habits:?}: values are left alone: {wrong:#?}"
        );
        let again = world.unlock(false);
        assert_eq!((again.changed, again.written), (0, 0), "{again:#?}");

        let back = world.undo_run(left.run);
        assert_eq!(back.state, RunState::Done, "{back:#?}");
        let wrong = differences(&synced, &world.state());
        assert!(
            wrong.is_empty(),
            "{habits:?}: an unlocking is taken back: {wrong:#?}"
        );

        let restored = world.unlock(true);
        assert_eq!(restored.state, RunState::Done, "{restored:#?}");
        let mut expected = first.clone();
        let films = &mut expected
            .sections
            .get_mut(FILMS_SECTION)
            .expect("films")
            .items;
        let film = films.get_mut(path).expect("the film");
        film.fields.insert("summary".to_owned(), "Mine.".to_owned());
        film.locks.insert("summary".to_owned());
        let wrong = differences(
            &as_ordered_by(expected, habits),
            &as_ordered_by(world.state(), habits),
        );
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}
