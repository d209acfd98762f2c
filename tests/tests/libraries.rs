//! Several libraries on one server: each is written by its own rules, and one that is not chosen any more is left alone.

use std::collections::BTreeMap;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan};
use syncslate_emulator::{Habits, SeedSection};
use syncslate_engine::face::{RunState, SectionSettings};
use syncslate_engine::model::{Field, Policy};
use syncslate_tests::World;

/// Every second film stands in a library of its own, of this title.
fn two_libraries(title: &str) -> Generated {
    let mut generated = generator::generate(&Plan {
        seed: 21,
        films: 40,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    let films = &mut generated.seed.sections[0];
    let mut at = 0;
    let (second, first) = std::mem::take(&mut films.items).into_iter().partition(|_| {
        at += 1;
        at % 2 == 0
    });
    films.items = first;
    let second = SeedSection {
        title: title.to_owned(),
        kind: films.kind,
        locations: films.locations.clone(),
        items: second,
        ..SeedSection::default()
    };
    generated.seed.sections.push(second);
    generated
}

/// A library in which one field is left alone.
fn without(title: &str, field: Field) -> SectionSettings {
    SectionSettings {
        policies: BTreeMap::from([(field, Policy::Off)]),
        ..SectionSettings::new(title)
    }
}

#[test]
fn libraries_whose_titles_differ_in_case_alone_keep_their_own_rules() {
    let other = FILMS_SECTION.to_lowercase();
    let generated = two_libraries(&other);
    let mut world = World::new(&generated, Habits::default());
    // The one that comes first must not be taken for the other.
    world.settings.sections = vec![
        without(&other, Field::Summary),
        SectionSettings::new(FILMS_SECTION),
    ];
    let before = world.state();
    assert_eq!(world.sync().state, RunState::Done);
    let after = world.state();
    let mut written = 0;
    for (path, want) in &generated.expected.films {
        if !want.written.contains("summary") {
            continue;
        }
        let summary = |state: &syncslate_emulator::LibraryState, title: &str| {
            let item = state.sections[title].items.get(path)?;
            Some(item.fields.get("summary").cloned())
        };
        assert_eq!(summary(&before, &other), summary(&after, &other), "{path}");
        if let Some(now) = summary(&after, FILMS_SECTION) {
            assert_ne!(summary(&before, FILMS_SECTION), Some(now), "{path}");
            written += 1;
        }
    }
    assert!(written > 5, "only {written} were written");
}
