//! Undo and a sync that was interrupted: an undo writes its own jobs only, and takes a run back without finishing it.

use std::collections::BTreeSet;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan};
use syncslate_emulator::{Habits, Options, Profile};
use syncslate_engine::face::{Command, RunState};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, differences, sync, undo};

fn films() -> Generated {
    generator::generate(&Plan {
        seed: 11,
        films: 30,
        image: (12, 18),
        ..Plan::default()
    })
}

/// Kills a sync at this commit; `false` where it ends before.
fn killed_at(world: &World, commit: u64, fate: CommitFate) -> bool {
    let life = Life {
        crash: Some(Crash { commit, fate }),
        ..Life::default()
    };
    world
        .live(&life, async |handle| sync(handle).await)
        .is_none()
}

/// Keys that requests which write name.
fn keys_of(writes: &[String]) -> BTreeSet<u64> {
    writes
        .iter()
        .flat_map(|line| {
            let keys = match line.split_once("/library/metadata/") {
                Some((_, rest)) => rest.split('/').next().unwrap_or_default(),
                None => line
                    .split("&id=")
                    .nth(1)
                    .and_then(|rest| rest.split('&').next())
                    .unwrap_or_default(),
            };
            keys.replace("%2C", ",")
                .split(',')
                .map(|key| key.parse().expect("a key"))
                .collect::<Vec<u64>>()
        })
        .collect()
}

#[test]
fn a_killed_sync_is_taken_back_without_being_finished() {
    let generated = films();
    for habits in Habits::BOTH {
        let mut midst = 0;
        for commit in 4.. {
            let fate = [CommitFate::CrashBefore, CommitFate::CrashAfter]
                [usize::try_from(commit % 2).expect("0 or 1")];
            let world = World::new(&generated, habits);
            let first = world.state();
            if !killed_at(&world, commit, fate) {
                break;
            }
            let told = format!("{habits:?}, {fate:?} at commit {commit}");
            let from = world.transport.log().len();
            let written = keys_of(&world.transport.writes_since(0));
            midst += usize::from(!written.is_empty() && written.len() < 20);
            world
                .live(&Life::default(), async |handle| {
                    match handle.run(Command::Undo { run: None }).await {
                        Ok(summary) => {
                            assert_eq!(summary.state, RunState::Done, "{told}: {summary:#?}");
                            assert_eq!(summary.conflicts, 0, "{told}: {summary:#?}");
                        }
                        Err(error) => assert_eq!(error.code, "nothing_to_undo", "{told}: {error}"),
                    }
                })
                .expect("nothing kills this life");
            let wrong = differences(&first, &world.state());
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
            let touched = keys_of(&world.transport.writes_since(from));
            assert!(
                touched.is_subset(&written),
                "{told}: an undo wrote {touched:?}, and the sync had written only {written:?}"
            );
            // Nothing of it lingers: the next sync is one like the first.
            world.sync();
            let wrong = generated.expected.check(&world.state());
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
        }
        assert!(midst > 1, "no sync was killed in the middle of writing");
    }
}

#[test]
fn an_undo_leaves_the_jobs_of_an_interrupted_sync_to_the_next_sync() {
    let generated = films();
    // Requests take their time, so that there is a middle to close in.
    let world = World::with(
        &generated,
        Options {
            profile: Profile::Pms,
            ..Options::default()
        },
    );
    let first = world.state();
    world
        .live(&Life::default(), async |handle| {
            let command = Command::Sync {
                dry_run: false,
                limit: None,
                only: Some("Decades".to_owned()),
                unattended: false,
            };
            handle.run(command).await.expect("the sync begins")
        })
        .expect("nothing kills this life");
    let decades = keys_of(&world.transport.writes_since(0));
    // The second sync is closed in the middle of writing.
    assert!(!decades.is_empty());
    let (sender, mut quit) = tokio::sync::mpsc::unbounded_channel();
    let mut left = 8;
    world.transport.through(move |line| {
        if !line.starts_with("GET ") {
            left -= 1;
            if left == 0 {
                let _ = sender.send(());
            }
        }
        syncslate_tests::Through::AsItIs
    });
    let summary = world
        .live(&Life::default(), async |handle| {
            let run = handle.run(Command::Sync {
                dry_run: false,
                limit: None,
                only: None,
                unattended: false,
            });
            let leave = async {
                quit.recv().await;
                handle.clone().close().await;
            };
            futures::future::join(run, leave).await.0
        })
        .expect("nothing kills this life")
        .expect("the sync begins");
    assert_eq!(summary.state, RunState::Interrupted, "{summary:#?}");
    assert!(summary.written < summary.changed, "{summary:#?}");
    world.transport.calm();

    let from = world.transport.log().len();
    let undone = world
        .live(&Life::default(), async |handle| undo(handle, Some(1)).await)
        .expect("nothing kills this life");
    assert_eq!(undone.state, RunState::Done, "{undone:#?}");
    let touched = keys_of(&world.transport.writes_since(from));
    assert!(
        touched.is_subset(&decades),
        "an undo of {decades:?} wrote {touched:?}"
    );
    let state = world.state();
    for (path, item) in &first.sections[FILMS_SECTION].items {
        if decades.contains(&item.rating_key) {
            let now = state.item(path).expect("the film");
            assert_eq!(now.fields, item.fields, "{path}");
        }
    }

    let gone_on = world.sync();
    assert_eq!(gone_on.state, RunState::Done, "{gone_on:#?}");
    assert_eq!(
        gone_on.run, summary.run,
        "the sync goes on with its own run"
    );
    let wrong = generated.expected.check(&world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
