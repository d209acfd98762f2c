//! The order of a collection's members through crashes, refusals and the way back: what a person had stays, or comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use syncslate_emulator::{Defect, Fault, Habits, LibraryState, Options, RouteKind};
use syncslate_engine::face::{Command, RunState, RunSummary};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, Way, World, differences};

use crate::collections::{Films, SAGA, done, media, says, start, sync, there, undo, world_of};

const TITLES: [&str; 4] = ["Ash", "Birch", "Cedar", "Douglas"];
const FATES: [CommitFate; 2] = [CommitFate::CrashBefore, CommitFate::CrashAfter];
/// The order in which the sets number them.
const BACKWARDS: [&str; 4] = ["Douglas", "Cedar", "Birch", "Ash"];

fn numbered(place: usize) -> String {
    format!("<set order=\"{place}\">{SAGA}</set>")
}

/// The sets say nothing of an order yet.
fn plain() -> Films {
    TITLES
        .map(|title| (title, format!("<set>{SAGA}</set>")))
        .into()
}

/// The .nfo files number them in this order from now on.
fn number(world: &World, titles: &[&str]) {
    for (at, title) in titles.iter().enumerate() {
        says(world, title, &numbered(at + 1));
    }
}

fn of(titles: &[&str]) -> Vec<String> {
    titles.iter().map(|title| media(title)).collect()
}

fn shown(world: &World) -> (i64, Vec<String>) {
    let saga = there(world, SAGA);
    (saga.sort, saga.order)
}

fn same(world: &World, wanted: &LibraryState, told: &str) {
    let wrong = differences(wanted, &world.state());
    assert!(wrong.is_empty(), "{told}: {wrong:#?}");
}

/// How often members were moved, or the way was changed in which they are shown.
fn asked(world: &World) -> usize {
    let log = world.transport.log();
    let lines = log.iter().map(|logged| &logged.line);
    lines
        .filter(|line| line.contains("/move") || line.contains("/prefs"))
        .count()
}

fn live(world: &World, command: Command) -> Option<RunSummary> {
    world
        .live(&Life::default(), async |handle| {
            handle.run(command).await.ok()
        })
        .expect("nothing kills this life")
}

/// Takes that run back, where it did anything.
fn try_undo(world: &World, run: u32) -> Option<RunSummary> {
    live(world, Command::Undo { run: Some(run) })
}

fn crash(world: &World, commit: u64, fate: CommitFate, command: Command) {
    let life = Life {
        crash: Some(Crash { commit, fate }),
        ..Life::default()
    };
    let ended = world.live(&life, async |handle| handle.run(command).await.is_ok());
    assert!(ended.is_none(), "commit {commit} was not reached");
}

/// How many commits a life of this takes.
fn commits(world: &World, command: Command) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let life = Life {
        count: Some(Arc::clone(&count)),
        ..Life::default()
    };
    let summary = world.live(&life, async |handle| handle.run(command).await.ok());
    done(&summary.flatten().expect("it runs"));
    count.load(Ordering::SeqCst)
}

fn sync_command() -> Command {
    Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    }
}

fn move_as_person(world: &World, title: &str) {
    let key = world.emulator.key_of_collection(SAGA).expect("it is there");
    let member = world.emulator.key_of(&media(title)).expect("it is there");
    world
        .emulator
        .move_in_collection_as_person(key, member, None)
        .expect("it can be moved");
}

/// A world that was synced; `ordered` says whether its first sync ordered the members too. The next one orders only.
fn ready(ordered: bool) -> (World, u32) {
    let world = start(&plain(), Habits::default());
    if ordered {
        number(&world, &["Birch", "Cedar", "Douglas", "Ash"]);
    }
    let first = sync(&world).run;
    number(&world, &BACKWARDS);
    (world, first)
}

#[test]
fn a_run_that_died_while_ordering_is_gone_on_with_and_taken_back_by_its_number() {
    for ordered in [false, true] {
        let (world, _) = ready(ordered);
        let count = commits(&world, sync_command());
        let wanted = (2, of(&BACKWARDS));
        assert_eq!(shown(&world), wanted);
        let mut midst = 0;
        for commit in 1..=count {
            for fate in FATES {
                let told = format!("{fate:?} at commit {commit} of {count}, ordered {ordered}");
                let (world, first) = ready(ordered);
                let before = world.state();
                let asked_before = asked(&world);
                crash(&world, commit, fate, sync_command());
                midst += usize::from(asked(&world) > asked_before);
                let last = sync(&world).run;
                assert_eq!(shown(&world), wanted, "{told}");
                // Syncslate does not take its own moves for a person's.
                number(&world, &["Cedar", "Douglas", "Birch", "Ash"]);
                let again = sync(&world).run;
                let now = (2, of(&["Cedar", "Douglas", "Birch", "Ash"]));
                assert_eq!(shown(&world), now, "{told}");
                done(&try_undo(&world, again).expect("it ordered"));
                assert_eq!(shown(&world), wanted, "{told}");
                // The interrupted run first: what it began is its own.
                let undone: Vec<RunSummary> = (first + 1..=last)
                    .filter_map(|run| try_undo(&world, run))
                    .collect();
                undone.iter().for_each(done);
                assert_eq!(undone.len(), 1, "{told}");
                same(&world, &before, &told);
                // A person's order stays after all of this.
                sync(&world);
                move_as_person(&world, "Ash");
                let theirs = shown(&world);
                number(&world, &["Birch", "Douglas", "Cedar", "Ash"]);
                sync(&world);
                undo(&world);
                assert_eq!(shown(&world), theirs, "{told}");
            }
        }
        assert!(midst > 0, "no sync died after a move");
    }
}

#[test]
fn an_undo_that_died_goes_on() {
    for ordered in [false, true] {
        let back = Command::Undo { run: None };
        let (world, _) = ready(ordered);
        sync(&world);
        let count = commits(&world, back.clone());
        let mut midst = 0;
        for commit in 1..=count {
            for fate in FATES {
                let told = format!("{fate:?} at commit {commit} of {count}, ordered {ordered}");
                let (world, _) = ready(ordered);
                let before = world.state();
                let run = sync(&world).run;
                let asked_before = asked(&world);
                crash(&world, commit, fate, back.clone());
                midst += usize::from(asked(&world) > asked_before);
                if let Some(undone) = try_undo(&world, run) {
                    done(&undone);
                    assert_eq!(undone.message, None, "{told}");
                }
                same(&world, &before, &told);
                assert!(try_undo(&world, run).is_none(), "{told}: it is taken back");
                sync(&world);
                assert_eq!(shown(&world).1, of(&BACKWARDS), "{told}");
            }
        }
        assert!(midst > 0, "no undo died after a move");
    }
}

#[test]
fn the_last_run_is_the_one_that_only_ordered() {
    let (world, _) = ready(false);
    let before = world.state();
    let second = sync(&world);
    assert_eq!(second.written, 0, "{second:#?}");
    sync(&world);
    undo(&world);
    same(&world, &before, "the order alone");
}

#[test]
fn what_was_ordered_again_since_is_left_until_that_is_taken_back() {
    let (world, _) = ready(true);
    let before = world.state();
    let second = sync(&world).run;
    number(&world, &["Cedar", "Douglas", "Birch", "Ash"]);
    let third = sync(&world).run;
    let now = shown(&world);
    let told = try_undo(&world, second).expect("it ordered");
    assert!(told.message.is_some(), "{told:#?}");
    assert_eq!(shown(&world), now);
    done(&try_undo(&world, third).expect("it ordered"));
    assert_eq!(shown(&world), (2, of(&BACKWARDS)));
    done(&try_undo(&world, second).expect("it is not back yet"));
    same(&world, &before, "both");
}

#[test]
fn a_strangers_collection_under_the_same_key_is_left_alone() {
    let (world, _) = ready(true);
    let before = world.state();
    let run = sync(&world).run;
    let now = world.state();
    let asked_before = asked(&world);
    let stranger =
        |_: &str| Through::Replaced("collection://".to_owned(), "collection://9".to_owned());
    world.transport.through(stranger);
    let told = undo(&world);
    assert!(told.message.is_some(), "{told:#?}");
    assert_eq!(asked(&world), asked_before);
    same(&world, &now, "a stranger's");
    // Once it is ours again, as after another rescan, the order can still be taken back.
    world.transport.calm();
    let told = try_undo(&world, run).expect("it is not back yet");
    assert_eq!(told.message, None, "{told:#?}");
    same(&world, &before, "ours");
}

#[test]
fn a_server_that_says_yes_and_does_nothing_is_asked_once() {
    let world = World::with(
        &world_of(&plain()),
        Options {
            defect: Some(Defect::IgnoresMoves),
            ..Options::default()
        },
    );
    sync(&world);
    number(&world, &BACKWARDS);
    let before = world.state();
    let (summary, problems) = world
        .live(&Life::default(), async |handle| {
            let summary = handle.run(sync_command()).await.expect("it begins");
            (summary, handle.snapshot().0.problems)
        })
        .expect("nothing kills this life");
    done(&summary);
    let mut problems = problems.iter();
    assert!(problems.any(|problem| {
        problem
            .message
            .contains("does not take the order of “Saga”")
    }));
    let asked_once = asked(&world);
    assert!(asked_once > 0);
    same(&world, &before, "it stays as it is");
    // It is looked at again, and not asked for again.
    says(
        &world,
        "Ash",
        &format!("<set order=\"4\"><name>{SAGA}</name><overview>Trees.</overview></set>"),
    );
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Trees.");
    assert_eq!(asked(&world), asked_once);
    // Another order is another question.
    number(&world, &["Cedar", "Douglas", "Birch", "Ash"]);
    sync(&world);
    assert!(asked(&world) > asked_once);
    assert_eq!(shown(&world).0, 0);
}

#[test]
fn a_refusal_is_remembered_and_an_error_of_plex_is_not() {
    let (world, _) = ready(true);
    let before = shown(&world);
    world
        .emulator
        .faults()
        .once(RouteKind::CollectionMove, 1, Fault::Status(400));
    sync(&world);
    let asked_once = asked(&world);
    sync(&world);
    assert_eq!((shown(&world), asked(&world)), (before.clone(), asked_once));

    number(&world, &["Cedar", "Douglas", "Birch", "Ash"]);
    for nth in 1..=6 {
        let faults = world.emulator.faults();
        faults.once(RouteKind::CollectionMove, nth, Fault::Status(500));
    }
    let failed = sync(&world).run;
    assert_eq!(shown(&world), before);
    sync(&world);
    assert_eq!(shown(&world).1, of(&["Cedar", "Douglas", "Birch", "Ash"]));

    world
        .emulator
        .faults()
        .once(RouteKind::CollectionMove, 1, Fault::Status(400));
    let told = try_undo(&world, failed).expect("it began to order");
    assert!(told.message.is_some(), "{told:#?}");
    done(&try_undo(&world, failed).expect("it is not back yet"));
    assert_eq!(shown(&world), before);
}

#[test]
fn a_run_that_is_cancelled_between_two_moves_is_gone_on_with() {
    let (world, _) = ready(true);
    let before = world.state();
    let (sender, mut first_move) = tokio::sync::mpsc::unbounded_channel();
    world.transport.through(move |line| {
        if line.contains("/move") {
            let _ = sender.send(());
        }
        Through::AsItIs
    });
    world.transport.set_way(Way::of(Duration::from_millis(50)));
    let asked_before = asked(&world);
    let summary = world
        .live(&Life::default(), async |handle| {
            let run = handle.run(sync_command());
            let steer = async {
                first_move.recv().await;
                let cancelled = handle.command(Command::Cancel).await;
                cancelled.expect("the engine lives");
            };
            futures::future::join(run, steer).await.0
        })
        .expect("nothing kills this life")
        .expect("the sync begins");
    world.transport.calm();
    assert_eq!(summary.state, RunState::Cancelled, "{summary:#?}");
    let moved = asked(&world) - asked_before;
    assert!((1..3).contains(&moved), "{moved} of 3 moves");
    assert_ne!(shown(&world).1, of(&BACKWARDS));
    sync(&world);
    assert_eq!(shown(&world).1, of(&BACKWARDS));
    done(&try_undo(&world, summary.run).expect("it began to order"));
    same(&world, &before, "all of it");
}

#[test]
fn unlocking_with_the_values_of_before_gives_the_first_order_back() {
    let mut films = plain();
    films.insert("Elm", String::new());
    let world = start(&films, Habits::default());
    number(&world, &["Birch", "Cedar", "Douglas", "Ash"]);
    sync(&world);
    number(&world, &BACKWARDS);
    sync(&world);
    assert_eq!(shown(&world), (2, of(&BACKWARDS)));
    // With a member of a person's it outlives the unlocking.
    let key = world.emulator.key_of(&media("Elm")).expect("it is there");
    let tags = vec![SAGA.to_owned()];
    world
        .emulator
        .edit_as_person(key, "collection", tags, false)
        .expect("it can be tagged");
    done(&world.unlock(true));
    assert_eq!(shown(&world).0, 0);
}
