//! Several libraries on one server: each is written by its own rules, and one that is not chosen any more is left alone.

use std::collections::{BTreeMap, BTreeSet};

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan};
use syncslate_emulator::seed::SeedSection;
use syncslate_engine::face::{Command, RunState, SectionSettings};
use syncslate_engine::model::{Field, Policy};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, World, sync};

use super::trouble::edited_keys;

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
    for (path, want) in generated.expected.section(FILMS_SECTION) {
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

const OTHER: &str = "Others";

/// Keys of the items of a library.
fn keys(world: &World, title: &str) -> BTreeSet<u64> {
    let items = &world.state().sections[title].items;
    items.values().map(|item| item.rating_key).collect()
}

/// Both libraries hold what the source asks for.
fn both_right(generated: &Generated, world: &World) {
    let mut state = world.state();
    let others = state.sections[OTHER].clone();
    let films = state.sections.get_mut(FILMS_SECTION).expect("films");
    films.items.extend(others.items);
    // Each library has a collection of its own for the same set. Who tells of the set may be in either.
    let told = others.collections.into_iter();
    films
        .collections
        .extend(told.filter(|(_, collection)| collection.fields.contains_key("summary")));
    let wrong = generated.expected.check(&state);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_jobs_of_a_library_that_is_not_chosen_any_more_wait_until_it_is() {
    let generated = two_libraries(OTHER);
    let mut midst = 0;
    for commit in 4.. {
        let mut world = World::new(&generated, Habits::default());
        let both = vec![
            SectionSettings::new(FILMS_SECTION),
            SectionSettings::new(OTHER),
        ];
        world.settings.sections.clone_from(&both);
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
        let others = keys(&world, OTHER);
        let written = world.transport.writes_since(0);
        midst += usize::from(!written.is_empty());
        let from = world.transport.log().len();
        world.settings.sections = vec![without(FILMS_SECTION, Field::Title)];
        let next = world.sync();
        assert_eq!(next.state, RunState::Done, "{next:#?}");
        for line in world.transport.writes_since(from) {
            let touched = edited_keys(&line);
            assert!(
                touched.iter().all(|key| !others.contains(key)),
                "{line} in a library that was not chosen"
            );
        }
        world.settings.sections = both;
        let last = world.sync();
        assert_eq!(last.state, RunState::Done, "{last:#?}");
        both_right(&generated, &world);
    }
    assert!(midst > 1, "no sync was killed in the middle of writing");
}

#[test]
fn a_failed_job_of_a_library_that_is_not_chosen_any_more_is_not_retried() {
    let generated = two_libraries(OTHER);
    let mut world = World::new(&generated, Habits::default());
    let both = vec![
        SectionSettings::new(FILMS_SECTION),
        SectionSettings::new(OTHER),
    ];
    world.settings.sections.clone_from(&both);
    let others = keys(&world, OTHER);
    let is_other = move |line: &str| edited_keys(line).iter().any(|key| others.contains(key));
    let cut = is_other.clone();
    world.transport.through(move |line| {
        if cut(line) {
            Through::Cut
        } else {
            Through::AsItIs
        }
    });
    let first = world.sync();
    assert_eq!(first.state, RunState::DoneWithFailures, "{first:#?}");
    world.transport.calm();
    world.settings.sections = vec![SectionSettings::new(FILMS_SECTION)];
    let from = world.transport.log().len();
    let retried = world
        .live(&Life::default(), async |handle| {
            handle
                .command(Command::RetryFailed)
                .await
                .expect("they can be put back");
            sync(handle).await
        })
        .expect("nothing kills this life");
    assert_eq!(retried.state, RunState::Done, "{retried:#?}");
    let writes = world.transport.writes_since(from);
    assert!(writes.iter().all(|line| !is_other(line)), "{writes:#?}");
    world.settings.sections = both;
    assert_eq!(world.sync().state, RunState::Done);
    both_right(&generated, &world);
}
