//! A process that dies at any commit: the next one ends in the library that an undisturbed one leads to, and everything
//! can still be taken back.

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, Generated, Plan};
use syncslate_engine::face::{Command, RunState};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, differences, sync, undo};

fn fifty() -> Generated {
    generator::generate(&Plan {
        seed: 11,
        films: 50,
        image: (12, 18),
        ..Plan::default()
    })
}

/// How many commits a life makes.
fn commits_of(world: &World, work: impl AsyncFnOnce(&syncslate_engine::Handle)) -> u64 {
    let counted = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let life = Life {
        count: Some(counted.clone()),
        ..Life::default()
    };
    world.live(&life, work).expect("nothing kills this life");
    counted.load(std::sync::atomic::Ordering::SeqCst)
}

/// Takes back whatever there is to take back, the newest run first.
fn undo_all(world: &World) {
    for _ in 0..5 {
        let more = world
            .live(&Life::default(), async |handle| {
                match handle.run(Command::Undo { run: None }).await {
                    Ok(summary) => {
                        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
                        assert_eq!(summary.conflicts, 0, "{summary:#?}");
                        true
                    }
                    Err(error) => {
                        assert_eq!(error.code, "nothing_to_undo", "{error}");
                        false
                    }
                }
            })
            .expect("nothing kills this life");
        if !more {
            return;
        }
    }
    panic!("there is no end to what can be taken back");
}

#[test]
fn a_crash_at_any_commit_of_a_sync_changes_nothing_of_where_it_ends() {
    let commits = crash_at_every_commit(Habits::BOTH[0]);
    println!("{commits} commits of a sync, each crashed before and after");
}

#[test]
fn a_crash_at_any_commit_of_a_sync_changes_nothing_under_the_other_reading() {
    let commits = crash_at_every_commit(Habits::BOTH[1]);
    println!("{commits} commits of a sync, each crashed before and after");
}

fn crash_at_every_commit(habits: Habits) -> u64 {
    let generated = fifty();
    let undisturbed = World::new(&generated, habits);
    let first = undisturbed.state();
    let commits = commits_of(&undisturbed, async |handle| {
        sync(handle).await;
    });
    assert!(commits > 5, "only {commits}");
    let wanted = undisturbed.state().without_keys();
    let wrong = generated.expected.check(&wanted);
    assert!(wrong.is_empty(), "{wrong:#?}");

    for commit in 1..=commits {
        for fate in [CommitFate::CrashBefore, CommitFate::CrashAfter] {
            let world = World::new(&generated, habits);
            let life = Life {
                crash: Some(Crash { commit, fate }),
                ..Life::default()
            };
            let ended = world.live(&life, async |handle| sync(handle).await);
            assert!(ended.is_none(), "commit {commit} was not reached");
            let summary = world.sync();
            let told = format!("{fate:?} at commit {commit} of {commits}");
            assert_eq!(summary.state, RunState::Done, "{told}: {summary:#?}");
            let wrong = differences(&wanted, &world.state().without_keys());
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
            undo_all(&world);
            let wrong = differences(&first, &world.state());
            assert!(wrong.is_empty(), "after undo, {told}: {wrong:#?}");
        }
    }
    commits
}

#[test]
fn a_crash_at_any_commit_of_an_undo_changes_nothing_of_where_it_ends() {
    let generated = fifty();
    let habits = Habits::default();
    let undisturbed = World::new(&generated, habits);
    let first = undisturbed.state();
    undisturbed.sync();
    let commits = commits_of(&undisturbed, async |handle| {
        undo(handle, None).await;
    });
    for commit in 1..=commits {
        for fate in [CommitFate::CrashBefore, CommitFate::CrashAfter] {
            let world = World::new(&generated, habits);
            world.sync();
            let life = Life {
                crash: Some(Crash { commit, fate }),
                ..Life::default()
            };
            let ended = world.live(&life, async |handle| undo(handle, None).await);
            assert!(ended.is_none(), "commit {commit} was not reached");
            undo_all(&world);
            let wrong = differences(&first, &world.state());
            assert!(
                wrong.is_empty(),
                "{fate:?} at commit {commit} of {commits}: {wrong:#?}"
            );
        }
    }
    println!("{commits} commits of an undo, each crashed before and after");
}
