//! A person who browses Plex while a sync writes to it, in simulated time: no machine is too slow for these tests.

use std::time::Duration;

use syncslate_emulator::generator::Plan;
use syncslate_engine::model::{Field, Policy};
use syncslate_tests::Way;
use syncslate_tests::bench::simulated::{Beside, beside, slow_world};

fn measured(way: Way) -> Beside {
    let plan = Plan {
        seed: 3,
        films: 250,
        shows: 0,
        image: (12, 18),
        ..Plan::default()
    };
    let mut world = slow_world(&plan, way);
    // Before it writes collections a sync waits a second until its last items are ripe to be read back. Of so few films
    // that would be a large share; `cargo xtask bench` has them.
    let policies = &mut world.settings.policies;
    policies.insert(Field::Collections, Policy::Off);
    beside(&world).expect("nobody meets an error")
}

#[test]
fn a_person_waits_at_most_twice_as_long_and_the_writer_is_never_idle_for_long() {
    let house = Duration::from_millis(1);
    let ways = [
        Way::default(),
        Way::of(house),
        Way::of(Duration::from_millis(20)),
        Way {
            late: Some((40, Duration::from_millis(30))),
            ..Way::of(house)
        },
    ];
    for way in ways {
        let beside = measured(way);
        assert!(beside.reads > 100, "{way:?}: {beside:?}");
        assert!(beside.times() <= 2.0, "{way:?}: {beside:?}");
        assert!(beside.writer_busy >= 0.9, "{way:?}: {beside:?}");
    }
}

#[test]
fn the_same_library_gives_the_same_figures() {
    let way = Way::of(Duration::from_millis(1));
    assert_eq!(measured(way), measured(way));
}
