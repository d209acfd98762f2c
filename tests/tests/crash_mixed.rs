//! A process that dies at a commit while it writes to films, shows, music and other videos in one run: the next one ends in
//! the library that an undisturbed one leads to, and everything can still be taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use syncslate_emulator::generator::{self, Generated, Plan, SERIES_SECTION};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{Command, RunState};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, as_ordered_by, differences, sync};

/// Every so many-th commit of a seed's sync is crashed, before and after.
const EVERY: u64 = 8;

fn household(seed: u64, habits: Habits) -> Generated {
    let plan = Plan {
        image: (12, 18),
        odd_from: usize::try_from(seed * 7).unwrap_or_default(),
        ..Plan::mixed(seed, 90)
    };
    generator::generate(&plan.under(habits))
}

/// Takes back whatever there is to take back, the newest run first.
fn undo_all(world: &World, told: &str) {
    for _ in 0..5 {
        let undone = world.live(&Life::default(), async |handle| {
            handle.run(Command::Undo { run: None }).await
        });
        match undone.expect("nothing kills this life") {
            Ok(summary) => {
                assert_eq!(summary.state, RunState::Done, "{told}: {summary:#?}");
                assert_eq!(summary.conflicts, 0, "{told}: {summary:#?}");
            }
            Err(error) => {
                assert_eq!(error.code, "nothing_to_undo", "{told}: {error}");
                return;
            }
        }
    }
    panic!("{told}: there is no end to what can be taken back");
}

/// As far as giving back can make it equal: Plex makes an episode's year of its date.
fn plain(mut state: LibraryState, habits: Habits) -> LibraryState {
    if habits.date_sets_year
        && let Some(series) = state.sections.get_mut(SERIES_SECTION)
    {
        for item in series.items.values_mut() {
            item.fields.remove("year");
        }
    }
    as_ordered_by(state, habits)
}

fn first_few(mut lines: Vec<String>) -> Vec<String> {
    lines.truncate(12);
    lines
}

/// Crashes a share of the commits of the seeds' syncs. Returns how many boundaries there were.
fn crash(seeds: std::ops::RangeInclusive<u64>, habits: Habits) -> usize {
    let mut boundaries = 0;
    for seed in seeds {
        let generated = household(seed, habits);
        let undisturbed = World::new(&generated, habits);
        let first = undisturbed.state();
        let counted = Arc::new(AtomicU64::new(0));
        let life = Life {
            count: Some(Arc::clone(&counted)),
            ..Life::default()
        };
        let ended = undisturbed.live(&life, async |handle| sync(handle).await);
        assert_eq!(ended.expect("nothing kills it").state, RunState::Done);
        let wrong = first_few(generated.expected.check(&undisturbed.state()));
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        let wanted = undisturbed.state().without_keys().with_plain_tags();
        let commits = counted.load(Ordering::SeqCst);
        for commit in (1 + seed % EVERY..=commits).step_by(usize::try_from(EVERY).unwrap_or(1)) {
            for fate in [CommitFate::CrashBefore, CommitFate::CrashAfter] {
                boundaries += 1;
                let told = format!("seed {seed}, {fate:?} at commit {commit} of {commits}");
                let world = World::new(&generated, habits);
                let life = Life {
                    crash: Some(Crash { commit, fate }),
                    ..Life::default()
                };
                let ended = world.live(&life, async |handle| sync(handle).await);
                assert!(ended.is_none(), "{told}: it was not reached");
                // One half goes on, the other takes back what was cut off.
                if (boundaries / 2) % 2 == 0 {
                    let summary = world.sync();
                    assert_eq!(summary.state, RunState::Done, "{told}: {summary:#?}");
                    let now = world.state().without_keys().with_plain_tags();
                    let wrong = first_few(differences(&wanted, &now));
                    assert!(wrong.is_empty(), "{told}: {wrong:#?}");
                    let from = world.transport.log().len();
                    world.sync();
                    let writes = world.transport.writes_since(from);
                    assert_eq!(writes, Vec::<String>::new(), "{told}");
                }
                undo_all(&world, &told);
                let (first, last) = (plain(first.clone(), habits), plain(world.state(), habits));
                let wrong = first_few(differences(&first, &last));
                assert!(wrong.is_empty(), "after undo, {told}: {wrong:#?}");
            }
        }
    }
    boundaries
}

#[test]
fn a_crash_among_films_shows_music_and_videos_changes_nothing_of_where_it_ends() {
    let boundaries = crash(1..=4, Habits::BOTH[0]);
    println!("{boundaries} boundaries of commits");
    assert!(boundaries >= 30, "only {boundaries}");
}

#[test]
fn a_crash_among_films_shows_music_and_videos_changes_nothing_under_the_other_reading() {
    let boundaries = crash(5..=8, Habits::BOTH[1]);
    println!("{boundaries} boundaries of commits");
    assert!(boundaries >= 30, "only {boundaries}");
}
