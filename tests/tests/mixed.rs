//! A library of films, shows, music and other videos, from the first sync to the second, under both readings of Plex.

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, Plan};
use syncslate_engine::face::RunState;
use syncslate_tests::World;

#[test]
fn a_mixed_library_comes_to_what_the_generator_says() {
    // In 2,000 items every odd kind occurs.
    for (habits, items) in Habits::BOTH.into_iter().zip([2_000, 600]) {
        let generated = generator::generate(&Plan::mixed(1, items).under(habits));
        let expected = &generated.expected;
        let world = World::new(&generated, habits);
        let count = |number: usize| u32::try_from(number).expect("a number of items");

        let summary = world.sync();
        let wrong = expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        let misplaced = expected.misplaced_videos;
        assert_eq!(
            summary.items_read,
            count(expected.source_files + misplaced),
            "files, not what they speak of"
        );
        assert_eq!(summary.unreadable, count(expected.misplaced - misplaced));
        assert_eq!(summary.not_in_plex, count(expected.items_not_in_plex));
        assert_eq!(summary.changed, count(expected.changed()));
        assert_eq!(summary.written, count(expected.changed()));
        assert_eq!(summary.fields_written, count(expected.fields_written()));

        let from = world.transport.log().len();
        world.sync();
        assert_eq!(world.transport.writes_since(from), Vec::<String>::new());

        let round = generator::second_round(&generated, 3);
        round
            .play(&world.emulator)
            .expect("the round can be played");
        generator::write_files(&world.films(), &round.changed).expect("room for the source");
        let summary = world.sync();
        let wrong = round.expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        assert_eq!(summary.written, count(round.expected.changed()));
        assert_eq!(
            summary.fields_written,
            count(round.expected.fields_written())
        );
        assert_eq!(summary.conflicts, count(round.expected.conflicts()));
        let statistics = world.emulator.statistics();
        assert_eq!(statistics.whole_library_edits, 0);
        assert_eq!(statistics.media_deletions, 0);
    }
}
