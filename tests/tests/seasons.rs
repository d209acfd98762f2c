//! Titles of seasons that stand in their show's file.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use syncslate_emulator::generator::{self, Generated, Layout, Plan, SERIES_SECTION};
use syncslate_emulator::{Habits, ItemKind, LibraryState};
use syncslate_engine::face::{RunState, RunSummary};
use syncslate_engine::model::SourceNumber;
use syncslate_engine::source::nfo::{self, NfoSource};
use syncslate_tests::World;

/// Ordinary shows.
fn shows() -> Generated {
    generator::generate(&Plan {
        seed: 3,
        films: 0,
        shows: 30,
        odd: false,
        image: (12, 18),
        layout: Layout::Sections,
        ..Plan::default()
    })
}

/// Titles of seasons by their names in the section.
fn titles(state: &LibraryState) -> BTreeMap<&str, &str> {
    let items = state.sections[SERIES_SECTION].items.iter();
    let seasons = items.filter(|(_, item)| item.kind == ItemKind::Season);
    seasons
        .map(|(name, season)| (name.as_str(), season.fields["title"].as_str()))
        .collect()
}

/// How many seasons nothing speaks of but maybe their shows' files: those that do, and those that do not.
fn unsure(world: &World) -> (usize, usize) {
    let source = NfoSource {
        number: SourceNumber(0),
        root: world.films(),
    };
    let (mut named, mut untitled) = (0, 0);
    let walked = source.walk(None, &mut |entries| {
        for entry in entries.iter().filter(|entry| entry.is_unsure()) {
            match nfo::read(entry) {
                Ok(_) => named += 1,
                Err(_) => untitled += 1,
            }
        }
        ControlFlow::Continue(())
    });
    walked.expect("the folder can be walked");
    (named, untitled)
}

fn has_read(summary: &RunSummary) -> bool {
    let mut timings = summary.timings.iter();
    timings.any(|timing| timing.operation == "source_read")
}

#[test]
fn a_title_that_changed_in_a_show_s_file_alone_reaches_its_season() {
    let generated = shows();
    let world = World::new(&generated, Habits::default());
    let (named, untitled) = unsure(&world);
    assert!(named > 3 && untitled > 3, "{named} {untitled}");
    let first = world.sync();
    assert_eq!(first.state, RunState::Done, "{first:#?}");
    assert_eq!(first.items_read as usize, generated.expected.source_items);
    assert_eq!(first.matched, first.items_read);
    assert!(has_read(&first), "{first:#?}");
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");

    world.clock.pass(Duration::from_mins(10));
    let unchanged = world.sync();
    assert_eq!(unchanged.items_read, first.items_read);
    assert!(!has_read(&unchanged), "{unchanged:#?}");

    let before = world.state();
    let named = generated.tree.iter().filter_map(|file| {
        let text = String::from_utf8(file.bytes.clone()).ok()?;
        let later = text.replace("</namedseason>", " (Anew)</namedseason>");
        (later != text).then_some((world.films().join(&file.path), later))
    });
    for (path, later) in named {
        let later = later.replace("]]> (Anew)", " (Anew)]]>");
        std::fs::write(path, later).expect("room for a file");
    }
    world.clock.pass(Duration::from_mins(10));
    let second = world.sync();
    let after = world.state();
    let changed: Vec<_> = titles(&before)
        .into_iter()
        .zip(titles(&after))
        .filter(|(before, after)| before != after)
        .collect();
    assert!(changed.len() > 2, "{second:#?}");
    for ((_, before), (_, after)) in &changed {
        assert_eq!(*after, format!("{before} (Anew)"));
    }
    assert_eq!(second.fields_written as usize, changed.len());
    assert_eq!(second.written as usize, changed.len());
}
