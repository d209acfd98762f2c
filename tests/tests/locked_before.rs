//! Values that were locked in Plex before anything was known of them: a person's, or those of a Syncslate that lost its
//! state. They are adopted where they are what the source asks for, and asked about once, all together, where not.

use std::time::Duration;

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, FILMS_SECTION, Plan};
use syncslate_engine::face::{
    About, Choice, Command, Decision, KeptItem, Problem, ProblemAction, Reply, RunState,
};
use syncslate_engine::model::{Field, KeptReason, Policy};
use syncslate_tests::{Life, World, sync};

pub(super) const TYPED: &str = "What somebody typed into Plex.";

fn lost(habits: Habits) -> (World, Vec<String>) {
    lost_of(60, habits)
}

/// A library that was synced; then somebody edited some summaries in Plex, and all that Syncslate knew was lost.
pub(super) fn lost_of(films: usize, habits: Habits) -> (World, Vec<String>) {
    let generated = generator::generate(&Plan {
        seed: 8,
        films,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    let mut world = World::new(&generated, habits);
    // Roles are tried anew on a server of which nothing is known any more; that is told in `roles`.
    let off = world.settings.policies.insert(Field::Actors, Policy::Off);
    assert_eq!(off, None);
    let synced = world.sync();
    assert_eq!(synced.state, RunState::Done, "{synced:#?}");
    let edited: Vec<String> = generated
        .expected
        .section(FILMS_SECTION)
        .filter(|(_, want)| want.written.contains("summary"))
        .map(|(path, _)| path.to_owned())
        .take(7)
        .collect();
    assert_eq!(edited.len(), 7);
    for path in &edited {
        let key = world.emulator.key_of(path).expect("it is there");
        let done = world.emulator.edit_as_person(key, "summary", TYPED, true);
        done.expect("a person may");
    }
    std::fs::remove_dir_all(world.data()).expect("the data folder can go");
    (world, edited)
}

pub(super) fn question(problems: &[Problem]) -> Option<&Problem> {
    problems
        .iter()
        .find(|problem| problem.action == ProblemAction::DecideLocked)
}

/// Syncs; what a person is told afterwards.
fn synced(world: &World) -> (syncslate_engine::face::RunSummary, Vec<Problem>) {
    let life = Life::default();
    let told = world.live(&life, async |handle| {
        (sync(handle).await, handle.snapshot().0.problems)
    });
    told.expect("nobody kills it")
}

pub(super) fn for_all(choice: Choice, about: About) -> Decision {
    Decision {
        choice,
        item: None,
        field: None,
        about,
    }
}

fn decide(world: &World, choice: Choice) -> (Reply, Vec<Problem>) {
    let decision = for_all(choice, About::LockedBefore);
    let told = world.live(&Life::default(), async |handle| {
        let asked = question(&handle.snapshot().0.problems).is_some();
        assert!(asked, "the question outlives its process");
        let reply = handle.command(Command::Settle { decision }).await;
        (
            reply.expect("it can be decided"),
            handle.snapshot().0.problems,
        )
    });
    told.expect("nobody kills it")
}

pub(super) fn typed(world: &World) -> usize {
    let items = &world.state().sections[FILMS_SECTION].items;
    let summaries = items.values().filter_map(|item| item.fields.get("summary"));
    summaries.filter(|summary| *summary == TYPED).count()
}

#[test]
fn what_is_equal_is_adopted_and_the_rest_is_one_question() {
    for habits in Habits::BOTH {
        let (world, edited) = lost(habits);
        let before = world.state();
        let (summary, problems) = synced(&world);
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        assert_eq!(summary.written, 0, "what was there is adopted");
        assert_eq!(before.differences(&world.state()), Vec::<String>::new());
        assert_eq!(summary.kept as usize, edited.len());
        let question = question(&problems).expect("it asks");
        assert!(question.message.starts_with("7 values"), "{question:?}");
        let report = world.live(&Life::default(), async |handle| {
            handle.report().await.expect("it can be read")
        });
        let kept = report.expect("nobody kills it").kept;
        assert_eq!(kept.len(), edited.len());
        assert!(
            kept.iter()
                .all(|item| item.kept.reason == KeptReason::LockedBefore)
        );
    }
}

#[test]
fn keeping_plex_s_ends_the_question_for_good() {
    let (world, edited) = lost(Habits::default());
    synced(&world);
    let (reply, problems) = decide(&world, Choice::KeepPlex);
    assert!(
        matches!(reply, Reply::Settled { fields: 7, .. }),
        "{reply:?}"
    );
    assert!(question(&problems).is_none(), "{problems:#?}");
    // Even where all is compared anew.
    let mut world = world;
    world.settings.lock_written = !world.settings.lock_written;
    let (summary, problems) = synced(&world);
    assert!(question(&problems).is_none(), "{problems:#?}");
    assert_eq!(summary.written, 0, "{summary:#?}");
    assert_eq!(typed(&world), edited.len());
}

#[test]
fn taking_the_source_s_writes_just_those_with_the_next_sync() {
    let (world, edited) = lost(Habits::default());
    synced(&world);
    let (reply, problems) = decide(&world, Choice::UseSource);
    assert!(
        matches!(reply, Reply::Settled { fields: 7, .. }),
        "{reply:?}"
    );
    assert!(question(&problems).is_none(), "{problems:#?}");
    assert_eq!(typed(&world), edited.len(), "nothing is written before");
    let (summary, problems) = synced(&world);
    assert!(question(&problems).is_none(), "{problems:#?}");
    assert_eq!(summary.written as usize, edited.len(), "{summary:#?}");
    assert_eq!(summary.fields_written as usize, edited.len());
    assert_eq!(typed(&world), 0);
    let undone = world.undo();
    assert_eq!(undone.state, RunState::Done, "{undone:#?}");
    assert_eq!(typed(&world), edited.len(), "and it can be taken back");
}

#[test]
fn what_a_part_of_a_sync_was_asked_about_does_not_answer_for_the_rest() {
    let (world, edited) = lost(Habits::default());
    let part = Command::Sync {
        dry_run: false,
        limit: Some(5),
        only: None,
        unattended: false,
    };
    let told = world.live(&Life::default(), async |handle| handle.run(part).await);
    let summary = told.expect("nobody kills it").expect("it may");
    let met = summary.kept as usize;
    assert!(met > 0 && met < edited.len(), "{met} of {}", edited.len());
    decide(&world, Choice::KeepPlex);
    let (_, problems) = synced(&world);
    let left = edited.len() - met;
    let question = question(&problems).expect("it asks about the others");
    assert!(
        question.message.starts_with(&format!("{left} value")),
        "{question:?}"
    );
    decide(&world, Choice::UseSource);
    let (summary, _) = synced(&world);
    assert_eq!(summary.written as usize, left, "{summary:#?}");
    assert_eq!(typed(&world), met, "what was said to be theirs stays");
}

/// Gives a film another title in its .nfo.
fn retitle(world: &World, path: &str) {
    let nfo = world.nfo_of(path);
    let text = std::fs::read_to_string(&nfo).expect("an .nfo file");
    let (before, rest) = text.split_once("<title>").expect("a title");
    let (_, after) = rest.split_once("</title>").expect("its end");
    let text = format!("{before}<title>Quite Another</title>{after}");
    std::fs::write(&nfo, text).expect("room for a file");
    world.clock.pass(Duration::from_mins(5));
}

#[test]
fn taking_a_run_back_asks_nothing_again_that_was_answered() {
    let (world, edited) = lost(Habits::default());
    synced(&world);
    decide(&world, Choice::KeepPlex);
    retitle(&world, &edited[0]);
    let (summary, _) = synced(&world);
    assert_eq!(summary.written, 1, "{summary:#?}");
    let undone = world.undo();
    assert_eq!((undone.state, undone.written), (RunState::Done, 1));
    let (_, problems) = synced(&world);
    assert!(question(&problems).is_none(), "{problems:#?}");
    let left = world.unlock(false);
    assert!(left.written > 0, "{left:#?}");
    let (_, problems) = synced(&world);
    assert!(question(&problems).is_none(), "{problems:#?}");
    assert_eq!(typed(&world), edited.len());
}

#[test]
fn an_answer_outlives_a_sync_under_another_policy() {
    let (mut world, edited) = lost(Habits::default());
    synced(&world);
    decide(&world, Choice::KeepPlex);
    for policy in [Policy::Off, Policy::KeepEdits] {
        world.settings.policies.insert(Field::Summary, policy);
        let (_, problems) = synced(&world);
        assert!(question(&problems).is_none(), "{policy:?}: {problems:#?}");
    }
    assert_eq!(typed(&world), edited.len());
}

#[test]
fn keeping_plex_in_conflicts_says_nothing_of_what_was_locked() {
    let (world, edited) = lost(Habits::default());
    synced(&world);
    decide(&world, Choice::UseSource);
    let decision = for_all(Choice::KeepPlex, About::Conflicts);
    let reply = world.live(&Life::default(), async |handle| {
        let reply = handle.command(Command::Settle { decision }).await;
        reply.expect("it can be decided")
    });
    let reply = reply.expect("nobody kills it");
    assert!(
        matches!(reply, Reply::Settled { fields: 0, .. }),
        "{reply:?}"
    );
    let (summary, _) = synced(&world);
    assert_eq!(summary.written as usize, edited.len(), "{summary:#?}");
    assert_eq!(typed(&world), 0);
}

#[test]
fn the_question_shows_its_rows_however_much_else_was_kept() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 400,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    let mut world = World::new(&generated, Habits::default());
    for field in Field::ALL {
        if field != Field::Summary {
            world.settings.policies.insert(field, Policy::FillEmpty);
        }
    }
    // Keys are looked through in their order: these come last.
    let films = generated.expected.section(FILMS_SECTION);
    let mut keys: Vec<u64> = films
        .filter(|(_, want)| want.written.contains("summary"))
        .map(|(path, _)| world.emulator.key_of(path).expect("it is there"))
        .collect();
    keys.sort_unstable();
    for key in keys.iter().rev().take(7) {
        let done = world.emulator.edit_as_person(*key, "summary", TYPED, true);
        done.expect("a person may");
    }
    let (_, problems) = synced(&world);
    let asked = question(&problems).expect("it asks");
    let report = world.live(&Life::default(), async |handle| {
        handle.report().await.expect("it can be read")
    });
    let kept = report.expect("nobody kills it").kept;
    let is_asked = |item: &&KeptItem| item.kept.reason == KeptReason::LockedBefore;
    let rows = kept.iter().filter(is_asked).count();
    assert!(
        asked.message.starts_with(&format!("{rows} values")),
        "{rows} rows: {asked:?}"
    );
    assert!(rows >= 7);
    assert_eq!(kept.len() - rows, 1_000, "of the others as many as fit");
}
