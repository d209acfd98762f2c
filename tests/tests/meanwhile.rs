//! What somebody does in Plex while jobs wait in memory.

use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated};
use syncslate_emulator::{Emulator, Habits};
use syncslate_tests::World;

const WORDS: &str = "A person's own words.";

fn films() -> Generated {
    generator::generate(&generator::Plan {
        seed: 11,
        films: 40,
        image: (12, 18),
        ..generator::Plan::default()
    })
}

/// Runs a sync during which a person does this to every film, just after writing began, and Plex is away for a while.
fn during_an_absence(act: fn(&Emulator, u64)) -> World {
    let generated = films();
    let first_write = {
        let world = World::new(&generated, Habits::default());
        world.sync();
        let log = world.transport.log();
        let write = log.iter().position(|asked| !asked.line.starts_with("GET "));
        write.expect("a sync writes") + 1
    };
    let world = World::new(&generated, Habits::default());
    world.transport.at(first_write + 3, move |emulator| {
        emulator.faults().away_for(Duration::from_mins(10));
        for item in emulator.state().sections[FILMS_SECTION].items.values() {
            act(emulator, item.rating_key);
        }
    });
    world.sync();
    assert!(world.transport.log().len() > first_write + 10);
    world
}

#[test]
fn what_a_person_wrote_during_an_absence_stays() {
    let world = during_an_absence(|emulator, key| {
        emulator
            .edit_as_person(key, "summary", WORDS, true)
            .expect("the film is there");
    });
    for (path, item) in &world.state().sections[FILMS_SECTION].items {
        assert_eq!(item.fields["summary"], WORDS, "{path}");
    }
}
