//! A person's last word on a field holds, whenever it comes: while a sync compares, while its plan waits, while it writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Plan};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{
    About, Choice, Command, Decision, KeptItem, Reply, RunState, RunSummary,
};
use syncslate_engine::model::{Field, Policy, Value};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, Way, World, sync};

use super::locked_before::{TYPED, for_all, lost_of, question, typed};
use super::settle::{decide, pending, with_conflicts_of};
use super::trouble::{edited_keys, read_keys, sync_command};

/// More films than are compared at once.
const FILMS: usize = 450;
/// So long that something else can happen meanwhile.
const ROUND_TRIP: Duration = Duration::from_millis(50);

fn settled(reply: &Reply) -> u32 {
    match reply {
        Reply::Settled { fields, .. } => *fields,
        other => panic!("{other:?}"),
    }
}

/// Compares all anew, and decides this when the second piece is read: the first one is planned by then.
fn decide_while_it_compares(world: &mut World, decision: Decision) -> (RunSummary, u32) {
    world.settings.lock_written = !world.settings.lock_written;
    let (sender, mut second) = tokio::sync::mpsc::unbounded_channel();
    let mut left = 2;
    world.transport.set_way(Way::of(ROUND_TRIP));
    world.transport.through(move |line| {
        if read_keys(line).is_some() && left > 0 {
            left -= 1;
            if left == 0 {
                let _ = sender.send(());
            }
        }
        Through::AsItIs
    });
    let (summary, reply) = world
        .live(&Life::default(), async |handle| {
            let run = handle.run(sync_command());
            let decide = async {
                second.recv().await;
                handle.command(Command::Settle { decision }).await
            };
            futures::future::join(run, decide).await
        })
        .expect("nobody kills it");
    world.transport.calm();
    world.transport.set_way(Way::default());
    let reply = reply.expect("a person may decide at any time");
    (summary.expect("the sync begins"), settled(&reply))
}

fn asks(world: &World) -> bool {
    let problems = world.live(&Life::default(), async |handle| {
        handle.snapshot().0.problems
    });
    question(&problems.expect("nobody kills it")).is_some()
}

#[test]
fn that_a_locked_value_is_theirs_holds_while_a_sync_compares() {
    let (mut world, edited) = lost_of(FILMS, Habits::default());
    world.sync();
    let decision = for_all(Choice::KeepPlex, About::LockedBefore);
    let (summary, fields) = decide_while_it_compares(&mut world, decision);
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    assert_eq!(fields as usize, edited.len());
    assert!(!asks(&world), "it was answered");
    world.sync();
    assert!(!asks(&world), "it was answered");
    assert_eq!(typed(&world), edited.len());
}

#[test]
fn a_choice_of_the_source_stands_while_a_sync_compares() {
    let (mut world, edited) = lost_of(FILMS, Habits::default());
    world.sync();
    let decision = for_all(Choice::UseSource, About::LockedBefore);
    let (_, fields) = decide_while_it_compares(&mut world, decision);
    assert_eq!(fields as usize, edited.len());
    assert!(!asks(&world), "it was answered");
    assert_eq!(pending(&world), edited.len());
    assert_eq!(typed(&world), edited.len(), "this sync did not know of it");
    world.sync();
    assert_eq!((pending(&world), typed(&world)), (0, 0));
}

#[test]
fn what_is_withdrawn_while_a_sync_compares_is_not_written() {
    let (mut world, edited) = lost_of(FILMS, Habits::default());
    world.sync();
    let chosen = decide(&world, Choice::UseSource, None, About::LockedBefore);
    assert_eq!(chosen as usize, edited.len());
    let decision = for_all(Choice::KeepPlex, About::LockedBefore);
    let (_, fields) = decide_while_it_compares(&mut world, decision);
    assert_eq!(fields as usize, edited.len());
    assert_eq!(typed(&world), edited.len());
    world.sync();
    assert_eq!((pending(&world), typed(&world)), (0, edited.len()));
    assert!(!asks(&world), "it was answered");
}

#[test]
fn a_conflict_that_is_decided_while_a_sync_compares_is_none_any_more() {
    let (mut world, conflicts) = with_conflicts_of(FILMS, Habits::default());
    let decision = for_all(Choice::KeepPlex, About::Conflicts);
    let (_, fields) = decide_while_it_compares(&mut world, decision);
    assert_eq!(fields, conflicts);
    let left = decide(&world, Choice::KeepPlex, None, About::Conflicts);
    assert_eq!(left, 0, "they were decided");
    let next = world.sync();
    assert_eq!(next.conflicts, 0, "{next:#?}");
}

/// How many items are others.
fn differing(one: &LibraryState, other: &LibraryState) -> usize {
    one.differences(other).len()
}

#[test]
fn what_is_withdrawn_while_a_plan_waits_is_not_written() {
    let (mut untouched, mut midst) = (0, 0);
    for commit in 1.. {
        let (world, conflicts) = with_conflicts_of(60, Habits::default());
        let before = world.state();
        let chosen = decide(&world, Choice::UseSource, None, About::Conflicts);
        assert_eq!(chosen, conflicts);
        let life = Life {
            crash: Some(Crash {
                commit,
                fate: CommitFate::CrashAfter,
            }),
            ..Life::default()
        };
        let ended = world.live(&life, async |handle| sync(handle).await);
        if ended.is_some() {
            break;
        }
        let then = world.state();
        if differing(&before, &then) == 0 {
            untouched += 1;
        } else {
            midst += 1;
        }
        decide(&world, Choice::KeepPlex, None, About::Conflicts);
        assert_eq!(pending(&world), 0);
        let next = world.sync();
        assert_eq!(next.state, RunState::Done, "{next:#?}");
        let wrong = then.differences(&world.state());
        assert!(wrong.is_empty(), "commit {commit}: {wrong:#?}");
        // What had gone before the last word can be taken back; two syncs were before that one.
        let undone = world.live(&Life::default(), async |handle| {
            handle.run(Command::Undo { run: Some(3) }).await
        });
        let told = undone.expect("nobody kills it");
        let wrong = before.differences(&world.state());
        assert!(wrong.is_empty(), "commit {commit}: {told:?} {wrong:#?}");
    }
    assert!(untouched > 1 && midst > 1, "{untouched}, {midst}");
}

#[test]
fn what_is_withdrawn_during_a_pause_is_not_written_after_it() {
    let (world, _) = with_conflicts_of(200, Habits::default());
    decide(&world, Choice::UseSource, None, About::Conflicts);
    world.transport.set_way(Way::of(ROUND_TRIP));
    let (sender, mut first) = tokio::sync::mpsc::unbounded_channel();
    world.transport.through(move |line| {
        if !edited_keys(line).is_empty() {
            let _ = sender.send(());
        }
        Through::AsItIs
    });
    let (summary, then) = world
        .live(&Life::default(), async |handle| {
            let run = handle.run(sync_command());
            let pause = async {
                first.recv().await;
                let command = |command| handle.command(command);
                command(Command::Pause).await.expect("it may");
                // Until what was under way came back; not so long that all is read again anyway.
                tokio::time::sleep(Duration::from_secs(20)).await;
                let then = world.state();
                let decision = for_all(Choice::KeepPlex, About::Conflicts);
                let reply = command(Command::Settle { decision }).await;
                assert!(settled(&reply.expect("it may")) > 0, "some waited");
                command(Command::Resume).await.expect("it may");
                then
            };
            futures::future::join(run, pause).await
        })
        .expect("nobody kills it");
    let summary = summary.expect("the sync begins");
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    let wrong = then.differences(&world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(pending(&world), 0);
}

/// Syncs, and decides for Plex after all as soon as the first edit is sent. Returns the run, and how many edits were sent
/// after the answer.
fn withdraw_while_it_writes(world: &World, about: About) -> (RunSummary, usize) {
    let (sender, mut first) = tokio::sync::mpsc::unbounded_channel();
    let said = Arc::new(AtomicBool::new(false));
    let sent = Arc::new(AtomicUsize::new(0));
    let (answered, counted) = (Arc::clone(&said), Arc::clone(&sent));
    world.transport.set_way(Way::of(ROUND_TRIP));
    world.transport.through(move |line| {
        if !edited_keys(line).is_empty() {
            let _ = sender.send(());
            counted.fetch_add(
                usize::from(answered.load(Ordering::SeqCst)),
                Ordering::SeqCst,
            );
        }
        let is_poster = !line.starts_with("GET ") && line.contains("/poster");
        if is_poster {
            Through::Answered(500)
        } else {
            Through::AsItIs
        }
    });
    let (summary, reply) = world
        .live(&Life::default(), async |handle| {
            let run = handle.run(sync_command());
            let withdraw = async {
                first.recv().await;
                let decision = for_all(Choice::KeepPlex, about);
                let reply = handle.command(Command::Settle { decision }).await;
                said.store(true, Ordering::SeqCst);
                reply
            };
            futures::future::join(run, withdraw).await
        })
        .expect("nobody kills it");
    world.transport.calm();
    assert!(settled(&reply.expect("it may")) > 0, "some were withdrawn");
    let summary = summary.expect("the sync begins");
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    (summary, sent.load(Ordering::SeqCst))
}

#[test]
fn what_is_withdrawn_while_it_writes_is_sent_no_more() {
    let (world, _) = lost_of(200, Habits::default());
    for item in world.state().sections[FILMS_SECTION].items.values() {
        let key = item.rating_key;
        let edited = world.emulator.edit_as_person(key, "summary", TYPED, true);
        edited.expect("a person may");
    }
    world.sync();
    let chosen = decide(&world, Choice::UseSource, None, About::LockedBefore);
    assert!(chosen > 100, "{chosen}");
    let (summary, sent) = withdraw_while_it_writes(&world, About::LockedBefore);
    assert_eq!(sent, 0, "{summary:#?}");
    assert_eq!(pending(&world), 0);
}

#[test]
fn what_is_withdrawn_is_not_sent_for_the_second_time() {
    let (world, edited) = lost_of(60, Habits::default());
    world.sync();
    decide(&world, Choice::UseSource, None, About::LockedBefore);
    // Plex says yes to it, and holds what it held.
    world.emulator.faults().refuse_field("summary");
    let (summary, sent) = withdraw_while_it_writes(&world, About::LockedBefore);
    assert_eq!(sent, 0, "{summary:#?}");
    assert_eq!((pending(&world), typed(&world)), (0, edited.len()));
}

#[test]
fn what_may_have_landed_before_it_was_withdrawn_can_be_taken_back() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 20,
        image: (12, 18),
        odd: false,
        ..Plan::default()
    });
    let mut world = World::new(&generated, Habits::default());
    world.settings.policies.insert(Field::Actors, Policy::Off);
    world.sync();
    let mut films = generated.expected.section(FILMS_SECTION);
    let (path, _) = films
        .find(|(_, want)| want.written.contains("summary"))
        .expect("a film whose summary is written");
    let key = world.emulator.key_of(path).expect("the film is there");
    let picture = b"\x89PNG\r\n\x1a\n a person's own".to_vec();
    let edited = world.emulator.edit_as_person(key, "summary", TYPED, true);
    edited.expect("a person may");
    let selected = world.emulator.select_poster_as_person(key, picture, true);
    selected.expect("a person may");
    std::fs::remove_dir_all(world.data()).expect("the data folder can go");
    world.sync();
    decide(&world, Choice::UseSource, None, About::ConflictsAndKept);
    assert!(pending(&world) >= 2, "a summary and a poster");
    let before = world.state();
    let poster = |state: &LibraryState| state.sections[FILMS_SECTION].items[path].poster.clone();
    withdraw_while_it_writes(&world, About::ConflictsAndKept);
    let after = world.state();
    assert_ne!(poster(&after), poster(&before), "Plex took it all the same");
    let undone = world.live(&Life::default(), async |handle| {
        handle.run(Command::Undo { run: Some(2) }).await
    });
    let told = undone.expect("nobody kills it");
    let wrong = before.differences(&world.state());
    assert!(wrong.is_empty(), "{told:?} {wrong:#?}");
}

#[test]
fn what_landed_although_it_was_withdrawn_is_not_told_as_kept_and_looked_at_again() {
    let (world, edited) = lost_of(60, Habits::default());
    world.sync();
    let chosen = decide(&world, Choice::UseSource, None, About::LockedBefore);
    assert_eq!(chosen as usize, edited.len());
    withdraw_while_it_writes(&world, About::LockedBefore);
    let items = world.state().sections[FILMS_SECTION].items.clone();
    let landed: Vec<u64> = edited
        .iter()
        .map(|path| &items[path])
        .filter(|item| item.fields["summary"] != TYPED)
        .map(|item| item.rating_key)
        .collect();
    assert!(!landed.is_empty(), "some were under way");
    let report = world.live(&Life::default(), async |handle| handle.report().await);
    let report = report.expect("nobody kills it").expect("it can be read");
    let is_typed = |row: &&KeptItem| {
        row.kept.field == Field::Summary && row.kept.plex == Value::Text(TYPED.to_owned())
    };
    let told: Vec<u64> = report
        .kept
        .iter()
        .filter(is_typed)
        .map(|row| row.item)
        .collect();
    assert!(!told.iter().any(|item| landed.contains(item)), "{told:?}");
    assert_eq!(told.len() + landed.len(), edited.len(), "{report:#?}");
    let from = world.transport.log().len();
    world.sync();
    let log = world.transport.log();
    let read: Vec<u64> = log[from..]
        .iter()
        .filter_map(|asked| read_keys(&asked.line))
        .flat_map(|(_, keys, _)| keys)
        .collect();
    assert!(landed.iter().all(|item| read.contains(item)), "{read:?}");
}
