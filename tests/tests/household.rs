//! A household's whole library: films, series, music and other videos, in five libraries, synced at once.

use std::time::Duration;

use syncslate_emulator::generator::{self, Generated, Plan, SERIES_SECTION};
use syncslate_emulator::seed::SectionKind;
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{CastTaken, FailedItem, RunState};
use syncslate_tests::{Life, World, as_ordered_by, differences};

/// Items of the libraries that every test run syncs; `cargo xtask bench` goes up to 100,000.
const ITEMS: usize = 400;
/// The environment variable that names another number of items, as `SYNCSLATE_TEST_ITEMS=5000 cargo test -p
/// syncslate-tests household`.
const MORE: &str = "SYNCSLATE_TEST_ITEMS";

/// How many items these libraries are to have: [`ITEMS`], or what [`MORE`] says.
pub(super) fn items() -> usize {
    std::env::var(MORE).map_or(ITEMS, |items| {
        items.parse().expect("SYNCSLATE_TEST_ITEMS is a number")
    })
}

/// Requests of a sync in which nothing changed: two per type of item of a section, one for its collections, three for
/// the server.
fn quiet(generated: &Generated) -> usize {
    let types = generated
        .seed
        .sections
        .iter()
        .map(|section| match section.kind {
            SectionKind::Movie => 1,
            SectionKind::Show | SectionKind::Artist => 3,
            SectionKind::Photo => 0,
        });
    2 * types.sum::<usize>() + generated.seed.sections.len() + 3
}

/// What gave up.
fn failed(world: &World) -> Vec<FailedItem> {
    let report = world.live(&Life::default(), async |handle| handle.report().await);
    report
        .expect("nothing kills this life")
        .expect("a report")
        .failed
}

/// Where Plex makes the year of an episode out of its date, giving back the date makes it anew: an episode's year is not
/// Syncslate's to write, so it is not Syncslate's to give back either.
pub(super) fn without_episode_years(mut state: LibraryState, habits: Habits) -> LibraryState {
    if habits.date_sets_year
        && let Some(series) = state.sections.get_mut(SERIES_SECTION)
    {
        for (_, episode) in series
            .items
            .iter_mut()
            .filter(|(name, _)| name.starts_with('/'))
        {
            episode.fields.remove("year");
        }
    }
    as_ordered_by(state, habits)
}

/// At most so many lines of what is wrong.
pub(super) fn first(mut lines: Vec<String>) -> Vec<String> {
    lines.truncate(25);
    lines
}

#[test]
fn a_mixed_library_becomes_what_its_files_say() {
    for habits in Habits::BOTH {
        let generated = generator::generate(&Plan::mixed(1, items()).under(habits));
        let world = World::new(&generated, habits);
        let summary = world.sync();
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        // Of collections, which are written last, the server is told with what the items taught.
        let told = world.live(&Life::default(), async |handle| handle.snapshot().0);
        let told = told.expect("nothing kills this life");
        for taken in [told.roles, told.actor_pictures] {
            assert_ne!(taken, CastTaken::Unknown, "{habits:?}");
        }
        let wrong = first(generated.expected.check(&world.state()));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        let count = |number: usize| u32::try_from(number).expect("a small number");
        assert_eq!(summary.written, count(generated.expected.changed()));
        assert_eq!(
            summary.fields_written,
            count(generated.expected.fields_written())
        );
        // Once is enough.
        world.clock.pass(Duration::from_mins(10));
        world.sync();
        let from = world.transport.log().len();
        let third = world.sync();
        assert_eq!(third.state, RunState::Done, "{third:#?}");
        assert_eq!(world.transport.writes_since(from), Vec::<String>::new());
        let sent = world.transport.log().len() - from;
        assert!(
            sent <= quiet(&generated),
            "{sent} requests: {:?}",
            third.requests
        );
    }
}

#[test]
fn what_changes_on_both_sides_ends_as_the_table_says_and_all_is_taken_back() {
    for habits in Habits::BOTH {
        let generated = generator::generate(&Plan::mixed(2, items()).under(habits));
        let world = World::new(&generated, habits);
        let before = world.state();
        world.sync();
        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{:#?}", failed(&world));
        let wrong = first(differences(
            &without_episode_years(before, habits),
            &without_episode_years(world.state(), habits),
        ));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        world.sync();
        let round = generator::second_round(&generated, 5);
        world.clock.pass(Duration::from_mins(10));
        round
            .play(&world.emulator)
            .expect("the round can be played");
        let between = world.state();
        generator::write_files(&world.films(), &round.changed).expect("room for the source");
        let second = world.sync();
        assert_eq!(second.state, RunState::Done, "{second:#?}");
        let wrong = first(round.expected.check(&world.state()));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        // What a person and the agent did in between is not taken back with it.
        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{:#?}", failed(&world));
        let wrong = first(differences(
            &without_episode_years(between, habits),
            &without_episode_years(world.state(), habits),
        ));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}
