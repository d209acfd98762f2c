//! Syncs that are cut short, by a person or by a cache that fails under them.

use std::io::Write as _;
use std::time::Duration;

use syncslate_emulator::generator::FILMS_SECTION;
use syncslate_emulator::{Habits, Options, Profile};
use syncslate_engine::blocking::Blocking;
use syncslate_engine::clock::Clock as _;
use syncslate_engine::face::{Command, RunState, RunSummary};
use syncslate_tests::{Life, Through, World, sync};

use super::trouble::{all_but, films, read_keys, right, sync_command};

#[test]
fn quitting_while_plex_is_away_takes_no_time_and_the_next_start_goes_on() {
    let generated = films(30);
    let writes = |line: &str| !line.starts_with("GET ");
    for nth in [1, 12] {
        let world = World::new(&generated, Habits::default());
        let (sender, mut quit) = tokio::sync::mpsc::unbounded_channel();
        let faults = world.emulator.faults().clone();
        let mut left = nth;
        world.transport.through(move |line| {
            if writes(line) && left > 0 {
                left -= 1;
                if left == 0 {
                    faults.set_away(true);
                    let _ = sender.send(());
                }
            }
            Through::AsItIs
        });
        let (summary, took) = world
            .live(&Life::default(), async |handle| {
                let run = handle.run(sync_command());
                let leave = async {
                    quit.recv().await;
                    // Until everything waits.
                    tokio::time::sleep(Duration::from_mins(20)).await;
                    let asked = world.clock.now_ms();
                    handle.clone().close().await;
                    world.clock.now_ms() - asked
                };
                futures::future::join(run, leave).await
            })
            .expect("nothing kills this life");
        let summary = summary.expect("the sync begins");
        assert_eq!(summary.state, RunState::Interrupted, "{summary:#?}");
        assert!(took < 1_000, "{took} ms");
        world.emulator.faults().clear();
        world.transport.calm();
        let next = world.sync();
        assert_eq!(
            (next.run, next.state),
            (summary.run, RunState::Done),
            "{next:#?}"
        );
        right(&generated, &world, "after the next start");
    }
}

/// Makes every record of the cache one that cannot be read, in the file that is in use.
fn spoil_cache(file: &std::path::Path) {
    let mut bytes = std::fs::read(file).expect("the cache's file");
    let name = b"updated_at";
    let places: Vec<usize> = bytes
        .windows(name.len())
        .enumerate()
        .filter(|(_, window)| window == name)
        .map(|(place, _)| place)
        .collect();
    for place in places {
        bytes[place..place + name.len()].copy_from_slice(b"spoiled_it");
    }
    let mut open = std::fs::OpenOptions::new()
        .write(true)
        .open(file)
        .expect("the cache's file");
    open.write_all(&bytes).expect("the same room");
}

#[test]
fn a_cache_that_fails_in_the_middle_costs_time_and_nothing_else() {
    let generated = films(30);
    let mut failed = 0;
    for nth in 1.. {
        let world = World::new(&generated, Habits::default());
        world.sync();
        let (path, _) = generated
            .expected
            .section(FILMS_SECTION)
            .next()
            .expect("a film");
        std::fs::write(
            world.nfo_of(path),
            "<movie><title>Quite Another</title></movie>",
        )
        .expect("room for a file");
        let from = world.transport.log().len();
        let cache = world.data().join("cache").join("data.mdb");
        world.transport.at(nth, move |_| spoil_cache(&cache));
        let (summary, problems): (RunSummary, _) = world
            .live(&Life::default(), async |handle| {
                (sync(handle).await, handle.snapshot().0.problems)
            })
            .expect("nothing kills this life");
        assert_eq!(
            summary.state,
            RunState::Done,
            "spoiled at {nth}: {summary:#?}"
        );
        let state = world.state();
        let film = state.item(path).expect("the film");
        assert_eq!(film.fields["title"], "Quite Another", "spoiled at {nth}");
        let wrong = all_but(&generated, path).check(&state);
        assert!(wrong.is_empty(), "spoiled at {nth}: {wrong:#?}");
        failed += usize::from(
            problems
                .iter()
                .any(|problem| problem.message.contains("without its cache")),
        );
        if world.transport.log().len() - from < nth {
            break;
        }
    }
    assert!(failed > 2, "the cache failed only {failed} times");
}

#[test]
fn cancelling_while_a_large_source_is_compared_ends_at_once() {
    let generated = films(450);
    for (held, blocking) in [
        (20_000, Blocking::Inline),
        (100, Blocking::Inline),
        (100, Blocking::Threads),
    ] {
        let told = format!("{held} held, {blocking:?}");
        // Requests take their time, so that there is a middle to cancel in.
        let world = World::with(
            &generated,
            Options {
                profile: Profile::Pms,
                ..Options::default()
            },
        );
        let (sender, mut second) = tokio::sync::mpsc::unbounded_channel();
        let mut left = 2;
        world.transport.through(move |line| {
            if read_keys(line).is_some() && left > 0 {
                left -= 1;
                if left == 0 {
                    let _ = sender.send(());
                }
            }
            Through::AsItIs
        });
        let life = Life {
            held_candidates: held,
            blocking,
            ..Life::default()
        };
        let (summary, asked_before) = world
            .live(&life, async |handle| {
                let run = handle.run(sync_command());
                let steer = async {
                    second.recv().await;
                    handle
                        .command(Command::Cancel)
                        .await
                        .expect("the engine lives");
                    world.transport.log().len()
                };
                futures::future::join(run, steer).await
            })
            .expect("nothing kills this life");
        let summary = summary.expect("the sync begins");
        assert_eq!(summary.state, RunState::Cancelled, "{told}: {summary:#?}");
        let log = world.transport.log();
        // The piece under way may still ask for pictures; no other is begun.
        let more = log.iter().skip(asked_before);
        let pieces = more
            .filter(|asked| read_keys(&asked.line).is_some())
            .count();
        assert_eq!(pieces, 0, "{told}: pieces begun after the cancel");
        assert!(summary.changed < 450, "{told}: {summary:#?}");
        assert_eq!(
            world.transport.writes_since(0),
            Vec::<String>::new(),
            "{told}"
        );
        // Nothing is left that the end of another run would write.
        let left = world
            .live(&Life::default(), async |handle| {
                handle.run(Command::Undo { run: None }).await
            })
            .expect("nothing kills this life");
        assert_eq!(left.expect_err("nothing was done").code, "nothing_to_undo");
        if blocking == Blocking::Inline {
            continue;
        }
        world.transport.calm();
        let whole = world
            .live(&life, async |handle| sync(handle).await)
            .expect("nothing kills this life");
        assert_eq!(whole.state, RunState::Done, "{told}: {whole:#?}");
        assert!(whole.run > summary.run, "{told}: a run of its own");
        right(&generated, &world, &told);
    }
}
