//! Fields that both sides changed: decided one by one or all at once, and what was decided holds.

use syncslate_emulator::generator::{self, Plan};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{Choice, Command, Decision, Reply, RunState};
use syncslate_engine::model::Field;
use syncslate_tests::{Life, World};

fn decide(world: &World, choice: Choice, field: Option<Field>, kept_too: bool) -> u32 {
    let decision = Decision {
        choice,
        item: None,
        field,
        kept_too,
    };
    let reply = world.live(&Life::default(), async |handle| {
        handle.command(Command::Settle { decision }).await
    });
    match reply.expect("nobody kills it") {
        Ok(Reply::Settled { fields }) => fields,
        other => panic!("{other:?}"),
    }
}

fn summary(state: &LibraryState, path: &str) -> String {
    let sections = state.sections.values();
    let mut items = sections.filter_map(|section| section.items.get(path));
    items
        .next()
        .and_then(|item| item.fields.get("summary").cloned())
        .unwrap_or_default()
}

/// A world after a second sync that found conflicts.
fn with_conflicts(habits: Habits) -> (World, u32) {
    let generated = generator::generate(&Plan {
        seed: 3,
        films: 120,
        posters: false,
        ..Plan::default()
    });
    let world = World::new(&generated, habits);
    world.sync();
    let round = generator::second_round(&generated, 9);
    world.clock.pass(std::time::Duration::from_mins(5));
    round
        .play(&world.emulator)
        .expect("the round can be played");
    generator::write_files(&world.films(), &round.changed).expect("room for the source");
    let second = world.sync();
    assert_eq!(second.state, RunState::Done, "{second:#?}");
    assert!(second.conflicts > 0, "both sides changed something");
    (world, second.conflicts)
}

#[test]
fn keeping_plex_ends_the_question_until_the_source_asks_for_something_else() {
    for habits in Habits::BOTH {
        let (world, conflicts) = with_conflicts(habits);
        let before = world.state();
        assert_eq!(decide(&world, Choice::KeepPlex, None, false), conflicts);
        assert_eq!(
            decide(&world, Choice::KeepPlex, None, false),
            0,
            "once is enough"
        );
        let third = world.sync();
        assert_eq!((third.written, third.conflicts), (0, 0), "{third:#?}");
        assert_eq!(world.state(), before, "{habits:?}");
    }
}

#[test]
fn using_the_source_writes_it_once_and_a_later_edit_is_a_persons_again() {
    for habits in Habits::BOTH {
        let (world, conflicts) = with_conflicts(habits);
        assert_eq!(decide(&world, Choice::UseSource, None, false), conflicts);
        let third = world.sync();
        assert_eq!(third.fields_written, conflicts, "{third:#?}");
        assert_eq!(third.conflicts, 0, "{third:#?}");
        let after = world.state();
        let fourth = world.sync();
        assert_eq!((fourth.written, fourth.conflicts), (0, 0), "{fourth:#?}");
        // What was decided once does not rule for ever.
        let (path, _) = after.sections[generator::FILMS_SECTION]
            .items
            .iter()
            .find(|(path, _)| !summary(&after, path).is_empty())
            .expect("a film has a summary");
        let key = world.emulator.key_of(path).expect("the film is there");
        world
            .emulator
            .edit_as_person(key, "summary", "Mine again.", true)
            .expect("the value can be entered");
        world.clock.pass(std::time::Duration::from_mins(5));
        world.sync();
        assert_eq!(summary(&world.state(), path), "Mine again.", "{habits:?}");
        // But may be overruled too.
        assert!(decide(&world, Choice::UseSource, Some(Field::Summary), true) > 0);
        world.sync();
        assert_eq!(
            summary(&world.state(), path),
            summary(&after, path),
            "{habits:?}"
        );
    }
}
