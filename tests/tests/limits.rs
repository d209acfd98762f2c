//! What a person may ask besides a whole sync: a dry run, a part of the source, cancel and pause; and values at the edge.

use std::sync::{Arc, Mutex};

use syncslate_emulator::generator::{self, Generated, Plan};
use syncslate_emulator::{Habits, Options, Profile, RouteKind};
use syncslate_engine::face::{Command, RunKind, RunState, RunSummary};
use syncslate_engine::report::{Observer, PlannedItem};
use syncslate_tests::{Life, World, differences};

fn films(count: usize) -> Generated {
    generator::generate(&Plan {
        seed: 9,
        films: count,
        image: (12, 18),
        ..Plan::default()
    })
}

fn run(world: &World, life: &Life, command: Command) -> RunSummary {
    world
        .live(life, async |handle| {
            handle.run(command).await.expect("the run begins")
        })
        .expect("nothing kills this life")
}

fn wish(dry_run: bool, limit: Option<u32>, only: Option<&str>) -> Command {
    Command::Sync {
        dry_run,
        limit,
        only: only.map(str::to_owned),
        unattended: false,
    }
}

/// Writes down every planned item.
#[derive(Default)]
struct Planned(Mutex<Vec<String>>);

impl Observer for Planned {
    fn planned(&self, item: &PlannedItem<'_>) {
        let line = format!(
            "{} {:?} {:?} {:?}",
            item.title, item.changes, item.kept, item.conflicts
        );
        self.0.lock().expect("nobody panicked").push(line);
    }
}

fn watched() -> (Arc<Planned>, Life) {
    let planned = Arc::new(Planned::default());
    let life = Life {
        observer: planned.clone(),
        ..Life::default()
    };
    (planned, life)
}

#[test]
fn a_dry_run_says_exactly_what_the_sync_then_does_and_does_nothing() {
    let world = World::new(&films(60), Habits::default());
    let before = world.emulator.state();
    let (foretold, life) = watched();
    let dry = run(&world, &life, wish(true, None, None));
    assert_eq!(
        (dry.run, dry.kind, dry.state),
        (0, RunKind::DryRun, RunState::Done)
    );
    assert_eq!(world.transport.writes_since(0), Vec::<String>::new());
    assert_eq!(before, world.emulator.state());
    let report = world
        .live(&Life::default(), async |handle| handle.report().await)
        .expect("nothing kills this life")
        .expect("the state can be read");
    assert!(report.snapshot.recent.is_empty() && report.conflicts.is_empty());

    let (done, life) = watched();
    let real = run(&world, &life, wish(false, None, None));
    let lines = |planned: &Planned| planned.0.lock().expect("nobody panicked").clone();
    assert_eq!(lines(&foretold), lines(&done));
    assert!(dry.changed > 40 && dry.fields_written > 300, "{dry:#?}");
    assert_eq!(
        (
            dry.items_read,
            dry.matched,
            dry.not_in_plex,
            dry.changed,
            dry.fields_written,
            dry.kept,
            dry.conflicts
        ),
        (
            real.items_read,
            real.matched,
            real.not_in_plex,
            real.written,
            real.fields_written,
            real.kept,
            real.conflicts
        )
    );
}

#[test]
fn a_limit_and_a_folder_bound_what_is_looked_at() {
    let generated = films(60);
    let world = World::new(&generated, Habits::default());
    let first = world.state();
    let limited = run(&world, &Life::default(), wish(false, Some(7), None));
    assert_eq!(limited.items_read, 7);
    let after = world.state();
    let items = &first.sections[generator::FILMS_SECTION].items;
    let written = items
        .iter()
        .filter(|(path, item)| Some(*item) != after.item(path))
        .count();
    assert!(written <= 7 && written > 0, "{limited:#?}");

    let world = World::new(&generated, Habits::default());
    let only = run(&world, &Life::default(), wish(false, None, Some("Decades")));
    assert!(only.written > 0, "{only:#?}");
    let after = world.state();
    for (path, item) in &first.sections[generator::FILMS_SECTION].items {
        if !path.contains("/Decades/") {
            assert_eq!(Some(item), after.item(path), "{path} is not in the folder");
        }
    }
    // A part of the source settles nothing for the rest.
    world.sync();
    let wrong = generated.expected.check(&world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_cancelled_run_can_be_gone_on_with_and_a_pause_loses_nothing() {
    let generated = films(40);
    for command in [Command::Cancel, Command::Pause] {
        let world = World::with(
            &generated,
            Options {
                // Requests take their time, so that there is a middle to steer in.
                profile: Profile::Pms,
                ..Options::default()
            },
        );
        let first = world.state();
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        world.transport.at(60, move |_| {
            let _ = sender.send(());
        });
        let pauses = command == Command::Pause;
        let summary = world
            .live(&Life::default(), async |handle| {
                let run = handle.run(wish(false, None, None));
                let steer = async {
                    receiver.recv().await;
                    handle
                        .command(command.clone())
                        .await
                        .expect("the engine lives");
                    if pauses {
                        tokio::time::sleep(std::time::Duration::from_mins(30)).await;
                        let shown = handle.snapshot().0.run.expect("a run").summary.state;
                        assert_eq!(shown, RunState::Paused);
                        handle
                            .command(Command::Resume)
                            .await
                            .expect("the engine lives");
                    }
                };
                let (summary, ()) = futures::future::join(run, steer).await;
                summary.expect("the run begins")
            })
            .expect("nothing kills this life");
        if pauses {
            assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        } else {
            assert_eq!(summary.state, RunState::Cancelled, "{summary:#?}");
            assert!(summary.written < summary.changed, "{summary:#?}");
            world.sync();
        }
        let wrong = generated.expected.check(&world.state());
        assert!(wrong.is_empty(), "{wrong:#?}");
        world.undo();
        if !pauses {
            world.undo();
        }
        let wrong = differences(&first, &world.state());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn failed_jobs_say_why_and_go_when_they_are_tried_again() {
    let generated = films(12);
    let world = World::new(&generated, Habits::default());
    for _ in 0..2_000 {
        let fault = syncslate_emulator::Fault::Status(400);
        world.emulator.faults().once(RouteKind::Edit, 1, fault);
    }
    let summary = world.sync();
    assert_eq!(summary.state, RunState::DoneWithFailures, "{summary:#?}");
    world.emulator.faults().clear();
    world
        .live(&Life::default(), async |handle| {
            let report = handle.report().await.expect("the state can be read");
            assert_eq!(
                report.failed.len(),
                usize::try_from(summary.failed).unwrap()
            );
            for failed in &report.failed {
                assert!(
                    !failed.fields.is_empty() && failed.message.len() > 20,
                    "{failed:?}"
                );
            }
            handle
                .command(Command::RetryFailed)
                .await
                .expect("they can be put back");
        })
        .expect("nothing kills this life");
    world.sync();
    let wrong = generated.expected.check(&world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_title_of_ten_thousand_characters_arrives_whole() {
    let generated = films(12);
    let world = World::new(&generated, Habits::default());
    let title = "Ünendlich ".repeat(1000).trim().to_owned();
    let folder = world.films().join("Long");
    std::fs::create_dir_all(&folder).expect("room for a folder");
    let (path, _) = generated
        .expected
        .section(generator::FILMS_SECTION)
        .find(|(_, want)| want.written.contains("title"))
        .expect("a film");
    let nfo = world.nfo_of(path);
    std::fs::write(&nfo, format!("<movie><title>{title}</title></movie>"))
        .expect("room for a file");
    let summary = world.sync();
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    let held = world.state().item(path).expect("the film").fields["title"].clone();
    assert_eq!(held, title);
}
