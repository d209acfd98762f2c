//! Seeded misfortune: whatever happens between Syncslate and Plex, and whoever works in Plex meanwhile, the library ends
//! as it should, nothing is done twice, and everything can be taken back.
//!
//! `SYNCSLATE_SEEDS` says how many seeds are tried (40 unless told), `SYNCSLATE_SEED` names a single one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Place, Plan, Want};
use syncslate_emulator::{Emulator, Fault, Habits, LibraryState, Schedule, Scope};
use syncslate_engine::Handle;
use syncslate_engine::face::{Command, RunState, RunSummary};
use syncslate_tests::{Life, Logged, World, as_ordered_by, differences};
use tokio::sync::mpsc;

/// Longer than any schedule can last: who is not done then hangs.
const PATIENCE: Duration = Duration::from_hours(12);

/// What befell the library besides the sync. Paths of films.
#[derive(Debug, Clone, Default)]
struct Befallen {
    /// A person entered this into an attribute.
    edited: BTreeMap<(String, &'static str), String>,
    refreshed: BTreeSet<String>,
    rekeyed: BTreeSet<String>,
    deleted: BTreeSet<String>,
}

/// What a person does to the run.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Pause,
    Cancel,
}

/// What one seed led to.
struct History {
    log: Vec<Logged>,
    last: LibraryState,
    faults: usize,
    befallen: Befallen,
    summary: Option<RunSummary>,
}

fn films(seed: u64) -> Generated {
    generator::generate(&Plan {
        seed,
        films: 30,
        image: (12, 18),
        ..Plan::default()
    })
}

/// Orders everything that shall go wrong in the first life.
fn disturb(
    world: &World,
    generated: &Generated,
    seed: u64,
    wishes: mpsc::UnboundedSender<Wish>,
) -> Arc<Mutex<Befallen>> {
    let dice = &mut ChaCha8Rng::seed_from_u64(seed);
    let all = [
        Fault::Refuse,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(408),
        Fault::TooMany(7),
        Fault::Slow(Duration::from_secs(4)),
        Fault::Truncate,
    ];
    let mut faults: Vec<Fault> = all.into_iter().filter(|_| dice.random_bool(0.6)).collect();
    faults.push(Fault::DropAfter);
    world.emulator.faults().schedule(Schedule {
        seed,
        per_mille: dice.random_range(30..300),
        faults,
        at_most: dice.random_range(5..60),
    });
    let befallen = Arc::new(Mutex::new(Befallen::default()));
    let films = generated.expected.section(FILMS_SECTION);
    let paths: Vec<&str> = films.map(|(path, _)| path).collect();
    for _ in 0..dice.random_range(0..4) {
        let away = Duration::from_secs(dice.random_range(1..900));
        let at = dice.random_range(3..120);
        world
            .transport
            .at(at, move |emulator| emulator.faults().away_for(away));
    }
    for _ in 0..dice.random_range(0..6) {
        let path = (*paths.choose(dice).expect("there are films")).to_owned();
        let at = dice.random_range(3..120);
        let what = dice.random_range(0..5);
        let attribute = ["summary", "tagline", "studio"][dice.random_range(0..3)];
        let text = format!("A person's own words, number {}.", dice.random_range(0..99));
        let noted = Arc::clone(&befallen);
        world.transport.at(at, move |emulator: &Emulator| {
            let mut noted = noted.lock().expect("nobody panicked");
            let Some(key) = emulator.key_of(&path) else {
                return;
            };
            match what {
                0 | 1 => {
                    emulator
                        .edit_as_person(key, attribute, text.as_str(), true)
                        .expect("the film is there");
                    noted.edited.insert((path, attribute), text);
                }
                2 => {
                    emulator
                        .agent_refresh(Scope::Item(key))
                        .expect("the film is there");
                    noted.refreshed.insert(path);
                }
                3 => {
                    emulator.rekey(key).expect("the film is there");
                    noted.rekeyed.insert(path);
                }
                _ => {
                    emulator.delete(key).expect("the film is there");
                    noted.deleted.insert(path);
                }
            }
        });
    }
    if dice.random_bool(0.5) {
        let wish = if dice.random_bool(0.3) {
            Wish::Cancel
        } else {
            Wish::Pause
        };
        let at = dice.random_range(5..150);
        world.transport.at(at, move |_| {
            // Nobody listens any more once the run has ended.
            let _ = wishes.send(wish);
        });
    }
    befallen
}

/// A sync to its end, with a person who steers. `None` where Plex was not there to begin with.
async fn steered(
    handle: &Handle,
    wishes: &mut mpsc::UnboundedReceiver<Wish>,
) -> Option<RunSummary> {
    let run = handle.run(Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    });
    tokio::pin!(run);
    let result = loop {
        tokio::select! {
            biased;
            result = &mut run => break result,
            Some(wish) = wishes.recv() => {
                let command = match wish {
                    Wish::Pause => Command::Pause,
                    Wish::Cancel => Command::Cancel,
                };
                handle.command(command).await.expect("the engine lives");
                if matches!(wish, Wish::Pause) {
                    tokio::time::sleep(Duration::from_mins(3)).await;
                    handle.command(Command::Resume).await.expect("the engine lives");
                }
            }
        }
    };
    match result {
        Ok(summary) => Some(summary),
        Err(error) => {
            assert_eq!(error.code, "unreachable", "{error}");
            None
        }
    }
}

/// One seed's history: a disturbed life, then a quiet one that must bring the library to where it belongs.
fn history(seed: u64) -> History {
    let habits = Habits::BOTH[usize::from(seed % 2 == 1)];
    let generated = films(seed);
    let mut world = World::new(&generated, habits);
    world.seed = seed;
    let first = world.state();
    let (sender, mut wishes) = mpsc::unbounded_channel();
    let befallen = disturb(&world, &generated, seed, sender);

    let summary = world
        .live(&Life::default(), async |handle| {
            for _ in 0..10 {
                let ended = tokio::time::timeout(PATIENCE, steered(handle, &mut wishes)).await;
                let Ok(summary) = ended else {
                    panic!("seed {seed} hangs: {:#?}", handle.snapshot().0.run);
                };
                if summary.is_some() {
                    return summary;
                }
            }
            None
        })
        .expect("nothing kills this life");
    let faults = world.emulator.faults().log().len();
    world.emulator.faults().clear();
    world.transport.calm();
    let befallen = befallen.lock().expect("nobody panicked").clone();

    // Quiet: whatever failed says why, and goes when it is tried again.
    for _ in 0..3 {
        let again = world
            .live(&Life::default(), async |handle| {
                let report = handle.report().await.expect("the state can be read");
                for failed in &report.failed {
                    assert!(
                        !failed.fields.is_empty() && !failed.title.is_empty(),
                        "{failed:?}"
                    );
                    assert!(failed.message.len() > 20, "seed {seed}: {failed:?}");
                }
                handle
                    .command(Command::RetryFailed)
                    .await
                    .expect("failed jobs can be put back");
                let (_, mut nobody) = mpsc::unbounded_channel();
                steered(handle, &mut nobody).await.expect("Plex is there")
            })
            .expect("nothing kills this life");
        assert_eq!(again.state, RunState::Done, "seed {seed}: {again:#?}");
    }
    let from = world.transport.log().len();
    world.sync();
    assert_eq!(
        world.transport.writes_since(from),
        Vec::<String>::new(),
        "seed {seed}"
    );

    let last = world.emulator.state();
    check(&generated, &befallen, &last, seed);
    let log = world.transport.log();
    check_undo(&world, &first, &befallen, habits, seed);
    let statistics = world.emulator.statistics();
    assert_eq!(
        (statistics.whole_library_edits, statistics.media_deletions),
        (0, 0)
    );
    History {
        log,
        last,
        faults,
        befallen,
        summary,
    }
}

/// Every film is as expected; where a person worked meanwhile, it is the person's value or the source's, never a third.
fn check(generated: &Generated, befallen: &Befallen, last: &LibraryState, seed: u64) {
    let mut expected = generated.expected.clone();
    // With its only member goes a collection; and of one whose member got another key before it was listed nothing tells
    // any more that Syncslate made it, so that it is left as it is.
    for path in befallen.deleted.iter().chain(&befallen.rekeyed) {
        let film = generated.expected.get(FILMS_SECTION, path);
        let sets = film.and_then(|film| film.values.get("collection"));
        if let Some(Want::Tags(titles)) = sets {
            for title in titles {
                expected
                    .collections
                    .remove(&Place::new(FILMS_SECTION, title));
            }
        }
    }
    for path in &befallen.deleted {
        expected.items.remove(&Place::new(FILMS_SECTION, path));
    }
    for path in &befallen.refreshed {
        // A refresh between an upload and the edit with its lock takes the selection back, and Plex's details do not
        // tell which picture is selected.
        if let Some(film) = expected.get_mut(FILMS_SECTION, path) {
            film.values
                .retain(|attribute, _| !matches!(*attribute, "thumb" | "art"));
        }
    }
    for ((path, attribute), text) in &befallen.edited {
        let Some(film) = expected.get_mut(FILMS_SECTION, path) else {
            continue;
        };
        let held = last.item(path).and_then(|item| item.fields.get(*attribute));
        if held == Some(text) {
            film.values.remove(attribute);
        }
        // The person locked it, whoever wrote last.
        film.locks.insert(attribute, true);
    }
    let wrong = expected.check(last);
    assert!(wrong.is_empty(), "seed {seed}, {befallen:#?}: {wrong:#?}");
}

/// What nobody else touched goes back to how it was.
fn check_undo(world: &World, first: &LibraryState, befallen: &Befallen, habits: Habits, seed: u64) {
    for round in 0.. {
        assert!(
            round < 9,
            "seed {seed}: there is no end to what can be taken back"
        );
        let more = world
            .live(&Life::default(), async |handle| {
                match handle.run(Command::Undo { run: None }).await {
                    Ok(summary) => {
                        assert_eq!(summary.state, RunState::Done, "seed {seed}: {summary:#?}");
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
            break;
        }
    }
    let others: BTreeSet<&String> = befallen
        .edited
        .keys()
        .map(|(path, _)| path)
        .chain(&befallen.rekeyed)
        .chain(&befallen.deleted)
        .collect();
    let plain = |mut state: LibraryState| {
        for section in state.sections.values_mut() {
            section.items.retain(|path, _| !others.contains(path));
            // Its members may be among those left out.
            section.collections.clear();
        }
        as_ordered_by(state, habits)
    };
    let wrong = differences(&plain(first.clone()), &plain(world.state()));
    assert!(
        wrong.is_empty(),
        "seed {seed}, after undo, {befallen:#?}: {wrong:#?}"
    );
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    match number("SYNCSLATE_SEED") {
        Some(one) => vec![one],
        None => (1..=number("SYNCSLATE_SEEDS").unwrap_or(40)).collect(),
    }
}

/// Half of the seeds, so that two threads share the work. Returns what happened, for people.
fn converge(share: u64) -> String {
    let (mut faults, mut endings) = (0, BTreeMap::new());
    let (mut befallen, mut failed) = ([0; 4], Vec::new());
    for seed in seeds().into_iter().filter(|seed| seed % 2 == share) {
        let Ok(history) = std::panic::catch_unwind(|| history(seed)) else {
            failed.push(seed);
            continue;
        };
        faults += history.faults;
        let ending = history
            .summary
            .map(|summary| format!("{:?}", summary.state));
        *endings.entry(ending).or_insert(0) += 1;
        befallen[0] += history.befallen.edited.len();
        befallen[1] += history.befallen.refreshed.len();
        befallen[2] += history.befallen.rekeyed.len();
        befallen[3] += history.befallen.deleted.len();
    }
    assert!(failed.is_empty(), "these seeds failed: {failed:?}");
    format!(
        "{faults} faults; [edits, refreshes, new keys, deletions] {befallen:?}; first runs ended {endings:?}"
    )
}

#[test]
fn syncs_converge_whatever_goes_wrong() {
    println!("{}", converge(0));
}

#[test]
fn syncs_converge_whatever_goes_wrong_under_the_other_reading() {
    println!("{}", converge(1));
}

#[test]
fn one_seed_is_one_history() {
    for seed in [3, 4] {
        let (one, two) = (history(seed), history(seed));
        assert!(one.log.len() > 100, "only {} requests", one.log.len());
        for (number, (one, two)) in one.log.iter().zip(&two.log).enumerate() {
            assert_eq!(one, two, "seed {seed}: request {number}");
        }
        assert_eq!(one.log.len(), two.log.len());
        let wrong = differences(&one.last, &two.last);
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(one.faults, two.faults);
    }
}
