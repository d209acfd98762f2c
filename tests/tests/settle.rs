//! Fields that both sides changed: decided one by one or all at once, and what was decided holds.

use syncslate_emulator::generator::{self, Plan};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{About, Choice, Command, Decision, Reply, RunState};
use syncslate_engine::model::{Field, Policy};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World};

pub(super) fn decide(world: &World, choice: Choice, field: Option<Field>, about: About) -> u32 {
    let decision = Decision {
        choice,
        item: None,
        field,
        about,
    };
    let reply = world.live(&Life::default(), async |handle| {
        handle.command(Command::Settle { decision }).await
    });
    match reply.expect("nobody kills it") {
        Ok(Reply::Settled { fields, .. }) => fields,
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

fn with_conflicts(habits: Habits) -> (World, u32) {
    with_conflicts_of(120, habits)
}

/// A world after a second sync that found conflicts.
pub(super) fn with_conflicts_of(films: usize, habits: Habits) -> (World, u32) {
    let generated = generator::generate(&Plan {
        seed: 3,
        films,
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
        assert_eq!(
            decide(&world, Choice::KeepPlex, None, About::Conflicts),
            conflicts
        );
        assert_eq!(
            decide(&world, Choice::KeepPlex, None, About::Conflicts),
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
        assert_eq!(
            decide(&world, Choice::UseSource, None, About::Conflicts),
            conflicts
        );
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
        assert!(
            decide(
                &world,
                Choice::UseSource,
                Some(Field::Summary),
                About::ConflictsAndKept
            ) > 0
        );
        world.sync();
        assert_eq!(
            summary(&world.state(), path),
            summary(&after, path),
            "{habits:?}"
        );
    }
}

/// Fields for which the decision waits.
pub(super) fn pending(world: &World) -> usize {
    let report = world.live(&Life::default(), async |handle| handle.report().await);
    let report = report.expect("nobody kills it").expect("it can be read");
    report.chosen.len()
}

#[test]
fn a_decision_for_the_source_can_be_withdrawn_until_it_is_written() {
    let (world, conflicts) = with_conflicts(Habits::default());
    let before = world.state();
    assert_eq!(
        decide(&world, Choice::UseSource, None, About::Conflicts),
        conflicts
    );
    assert_eq!(
        pending(&world),
        usize::try_from(conflicts).expect("a few"),
        "it is listed"
    );
    assert_eq!(
        decide(&world, Choice::KeepPlex, None, About::Conflicts),
        conflicts
    );
    assert_eq!(pending(&world), 0);
    let third = world.sync();
    assert_eq!((third.written, third.conflicts), (0, 0), "{third:#?}");
    assert_eq!(world.state(), before);
}

#[test]
fn a_policy_that_was_set_after_a_decision_holds() {
    for policy in [Policy::Off, Policy::FillEmpty] {
        let (mut world, conflicts) = with_conflicts(Habits::default());
        let before = world.state();
        assert_eq!(
            decide(&world, Choice::UseSource, None, About::Conflicts),
            conflicts
        );
        // Whether it was watched would be filled in.
        let synced = Field::ALL
            .into_iter()
            .filter(|field| field.default_policy() != Policy::Off);
        for field in synced {
            world.settings.policies.insert(field, policy);
        }
        let third = world.sync();
        assert_eq!(third.state, RunState::Done, "{third:#?}");
        assert_eq!(world.state(), before, "{policy:?}");
        assert_eq!(
            pending(&world),
            0,
            "{policy:?}: it does not come back later"
        );
    }
}

#[test]
fn what_is_decided_under_fill_only_if_empty_is_written_under_it() {
    let (mut world, _) = with_conflicts(Habits::default());
    world
        .settings
        .policies
        .insert(Field::Summary, Policy::FillEmpty);
    world.sync();
    let decided = decide(
        &world,
        Choice::UseSource,
        Some(Field::Summary),
        About::ConflictsAndKept,
    );
    assert!(decided > 0);
    let next = world.sync();
    assert_eq!(next.fields_written, decided, "{next:#?}");
}

#[test]
fn nothing_is_decided_for_a_server_that_was_not_met() {
    let (mut world, conflicts) = with_conflicts(Habits::default());
    let here = std::mem::replace(
        &mut world.settings.plex_address,
        "http://another.test:32400".to_owned(),
    );
    let decision = Decision {
        choice: Choice::UseSource,
        item: None,
        field: None,
        about: About::Conflicts,
    };
    let refused = world
        .live(&Life::default(), async |handle| {
            handle.command(Command::Settle { decision }).await
        })
        .expect("nobody kills it")
        .expect_err("these items are another server's");
    assert_eq!(refused.code, "not_met", "{refused:?}");
    world.settings.plex_address = here;
    assert_eq!(
        decide(&world, Choice::UseSource, None, About::Conflicts),
        conflicts
    );
}

#[test]
fn a_decision_is_carried_out_also_where_the_process_ends_just_after_it() {
    let mut decided = 0;
    for commit in 1..4 {
        let (world, conflicts) = with_conflicts(Habits::default());
        let life = Life {
            crash: Some(Crash {
                commit,
                fate: CommitFate::CrashAfter,
            }),
            ..Life::default()
        };
        let decision = Decision {
            choice: Choice::UseSource,
            item: None,
            field: None,
            about: About::Conflicts,
        };
        let ended = world.live(&life, async |handle| {
            handle.command(Command::Settle { decision }).await
        });
        if ended.is_none() && pending(&world) > 0 {
            decided += 1;
            let third = world.sync();
            assert_eq!(third.fields_written, conflicts, "{third:#?}");
        }
    }
    assert!(decided > 0, "no decision was stored");
}
