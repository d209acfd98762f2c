//! A sync that was interrupted, and settings that are others by the time of the next: what was planned under the old ones
//! is not written any more.

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, Generated, Plan};
use syncslate_engine::Handle;
use syncslate_engine::face::{Command, RunState, Settings};
use syncslate_engine::model::{Field, Policy};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, as_ordered_by, differences, sync};

fn films() -> Generated {
    generator::generate(&Plan {
        seed: 13,
        films: 30,
        image: (12, 18),
        ..Plan::default()
    })
}

/// Kills a sync at each commit, goes on with other settings, and shows what is written then. Everything can be taken back
/// afterwards.
fn after_each_crash(change: impl Fn(&mut Settings), check: impl Fn(&World, &[String])) {
    let generated = films();
    let mut midst = 0;
    for commit in 4.. {
        let mut world = World::new(&generated, Habits::default());
        let first = world.state();
        let life = Life {
            crash: Some(Crash {
                commit,
                fate: CommitFate::CrashAfter,
            }),
            ..Life::default()
        };
        if world
            .live(&life, async |handle| sync(handle).await)
            .is_some()
        {
            break;
        }
        midst += usize::from(!world.transport.writes_since(0).is_empty());
        let from = world.transport.log().len();
        change(&mut world.settings);
        let next = world.sync();
        assert_eq!(next.state, RunState::Done, "{next:#?}");
        check(&world, &world.transport.writes_since(from));
        loop {
            let undone = world
                .live(&Life::default(), async |handle| {
                    handle.run(Command::Undo { run: None }).await
                })
                .expect("nothing kills this life");
            match undone {
                Ok(summary) => assert_eq!(
                    (summary.state, summary.conflicts),
                    (RunState::Done, 0),
                    "{summary:#?}"
                ),
                Err(error) => {
                    assert_eq!(error.code, "nothing_to_undo", "{error}");
                    break;
                }
            }
        }
        let plain = |state| as_ordered_by(state, Habits::default());
        let wrong = differences(&plain(first), &plain(world.state()));
        assert!(wrong.is_empty(), "commit {commit}: {wrong:#?}");
    }
    assert!(midst > 1, "no sync was killed in the middle of writing");
}

#[test]
fn a_field_that_was_switched_off_since_is_not_written() {
    after_each_crash(
        |settings| {
            settings.policies.insert(Field::Summary, Policy::Off);
        },
        |world, writes| {
            assert!(
                writes.iter().all(|line| !line.contains("summary")),
                "{writes:#?}"
            );
            // The rest is as ever.
            assert_eq!(world.sync().written, 0);
        },
    );
}

#[test]
fn what_another_path_rule_does_not_reach_is_not_written() {
    after_each_crash(
        |settings| settings.path_rules[0].to = "/elsewhere".to_owned(),
        |_, writes| assert_eq!(writes, Vec::<String>::new()),
    );
}

#[test]
fn what_a_run_said_of_its_settings_goes_when_they_change() {
    let mut world = World::new(&films(), Habits::default());
    let right = world.settings.clone();
    world.settings.path_rules[0].to = "/elsewhere".to_owned();
    let wrong = world.settings.clone();
    let set = async |handle: &Handle, settings: &Settings| {
        let settings = settings.clone();
        let command = Command::SetSettings { settings };
        handle.command(command).await.expect("they are taken");
        let (snapshot, _) = handle.snapshot();
        let codes: Vec<_> = snapshot.problems.into_iter().map(|p| p.code).collect();
        (snapshot.settings_since, codes)
    };
    let (same, other, summary) = world
        .live(&Life::default(), async |handle| {
            let summary = sync(handle).await;
            let same = set(handle, &wrong).await;
            (same, set(handle, &right).await, summary)
        })
        .expect("nothing kills this life");
    assert_eq!(same, (None, vec!["nothing_matched".to_owned()]));
    assert!(other.0.is_some_and(|since| since >= summary.started_at));
    assert_eq!(other.1, Vec::<String>::new());
}
