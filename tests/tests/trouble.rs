//! Single misfortunes, each in the middle of a sync: a request that Plex does not bear, a value that it does not take, an
//! answer that is not whole, a saved filter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan};
use syncslate_emulator::{Habits, LibraryState, PersonValue};
use syncslate_engine::face::{Command, RunState};
use syncslate_engine::model::{Field, KeptReason};
use syncslate_tests::{Life, Through, World, as_ordered_by, differences, sync};

pub(super) fn films(count: usize) -> Generated {
    generator::generate(&Plan {
        seed: 9,
        films: count,
        image: (12, 18),
        ..Plan::default()
    })
}

pub(super) fn sync_command() -> Command {
    Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    }
}

/// Keys that an edit names.
pub(super) fn edited_keys(line: &str) -> Vec<u64> {
    let ids = line.strip_prefix("PUT ").and_then(|line| {
        let (_, rest) = line.split_once("&id=")?;
        rest.split('&').next()
    });
    let ids = ids.map(|ids| ids.replace("%2C", ","));
    ids.map(|ids| ids.split(',').filter_map(|id| id.parse().ok()).collect())
        .unwrap_or_default()
}

/// Keys that a read of all values names, and what stands before and behind them.
pub(super) fn read_keys(line: &str) -> Option<(&str, Vec<u64>, &str)> {
    let address = line.strip_prefix("GET ")?;
    let at = address.find("/library/metadata/")? + "/library/metadata/".len();
    let (before, rest) = address.split_at(at);
    let (keys, _) = rest.split_once('?')?;
    let behind = &rest[keys.len()..];
    let keys = keys
        .split(',')
        .map(|key| key.parse().ok())
        .collect::<Option<Vec<u64>>>()?;
    Some((before, keys, behind))
}

pub(super) fn right(generated: &Generated, world: &World, told: &str) {
    let wrong = generated.expected.check(&world.state());
    assert!(wrong.is_empty(), "{told}: {wrong:#?}");
}

/// What is expected, of all films but one.
pub(super) fn all_but(generated: &Generated, path: &str) -> generator::Expectation {
    let mut expected = generated.expected.clone();
    let film = expected.get_mut(FILMS_SECTION, path).expect("the film");
    film.values.clear();
    film.locks.clear();
    expected
}

/// Takes everything back and compares with what there was.
pub(super) fn all_taken_back(world: &World, first: &LibraryState, told: &str) {
    for _ in 0..4 {
        let more = world
            .live(&Life::default(), async |handle| {
                handle.run(Command::Undo { run: None }).await.is_ok()
            })
            .expect("nothing kills this life");
        if !more {
            break;
        }
    }
    let plain = |state: LibraryState| as_ordered_by(state, Habits::default());
    let wrong = differences(&plain(first.clone()), &plain(world.state()));
    assert!(wrong.is_empty(), "{told}, after undo: {wrong:#?}");
}

#[test]
fn a_request_that_breaks_the_connection_each_time_holds_up_no_other() {
    let generated = films(30);
    let world = World::new(&generated, Habits::default());
    let (path, _) = generated
        .expected
        .section(FILMS_SECTION)
        .find(|(_, want)| want.written.contains("summary"))
        .expect("a film");
    let poisoned = world.emulator.key_of(path).expect("the film is there");
    world.transport.through(move |line| {
        if edited_keys(line).contains(&poisoned) {
            Through::Cut
        } else {
            Through::AsItIs
        }
    });
    let (summary, report) = world
        .live(&Life::default(), async |handle| {
            let ended = tokio::time::timeout(Duration::from_mins(30), sync(handle)).await;
            let summary = ended.expect("the run ends");
            (
                summary,
                handle.report().await.expect("the state can be read"),
            )
        })
        .expect("nothing kills this life");
    assert_eq!(summary.state, RunState::DoneWithFailures, "{summary:#?}");
    assert_eq!(report.failed.len(), 1, "{:#?}", report.failed);
    assert!(report.failed[0].message.len() > 20, "{:?}", report.failed);
    let log = world.transport.log();
    let tries = log
        .iter()
        .filter(|asked| edited_keys(&asked.line).contains(&poisoned))
        .count();
    // Five tries that count, each with some resends that do not.
    assert!((5..=60).contains(&tries), "{tries} tries");
    let wrong = all_but(&generated, path).check(&world.state());
    assert!(wrong.is_empty(), "the others went: {wrong:#?}");

    world.transport.calm();
    world
        .live(&Life::default(), async |handle| {
            handle
                .command(Command::RetryFailed)
                .await
                .expect("it can be put back");
            sync(handle).await
        })
        .expect("nothing kills this life");
    right(&generated, &world, "once Plex bears it");
}

#[test]
fn a_field_has_one_note_whatever_became_of_it() {
    let generated = films(30);
    let world = World::new(&generated, Habits::default());
    // Its number is to be written under another service's mark, and Plex does not take it.
    let marked = "\"ratingImage\":\"rottentomatoes://image.rating.ripe\",\"ratingKey\":";
    world
        .transport
        .through(|_| Through::Replaced("\"ratingKey\":".to_owned(), marked.to_owned()));
    world.emulator.faults().refuse_field("rating");
    let kept = world.live(&Life::default(), async |handle| {
        sync(handle).await;
        handle.report().await.expect("it can be read").kept
    });
    let kept = kept.expect("nobody kills it");
    let refused = kept
        .iter()
        .filter(|item| item.kept.field == Field::CriticRating)
        .filter(|item| item.kept.reason == KeptReason::Refused);
    assert!(refused.count() > 0, "{kept:#?}");
    let fields: BTreeSet<(u64, Field)> = kept
        .iter()
        .map(|item| (item.item, item.kept.field))
        .collect();
    assert_eq!(fields.len(), kept.len(), "{kept:#?}");
}

#[test]
fn a_value_that_plex_does_not_take_is_written_once_more_and_then_left_alone() {
    let generated = films(30);
    let world = World::new(&generated, Habits::default());
    world.emulator.faults().refuse_field("tagline");
    let summary = world.sync();
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    let mut sent: BTreeMap<u64, Vec<i64>> = BTreeMap::new();
    for asked in world.transport.log() {
        if asked.line.contains("tagline.value=") {
            for key in edited_keys(&asked.line) {
                sent.entry(key).or_default().push(asked.at_ms);
            }
        }
    }
    assert!(sent.len() > 3, "{sent:?}");
    for (key, times) in &sent {
        assert_eq!(times.len(), 2, "{key}: {times:?}");
        assert!(times[1] - times[0] >= 2_000, "{key}: {times:?}");
    }
    let taglines = |from: usize| {
        let writes = world.transport.writes_since(from);
        let all = writes.iter().filter(|line| line.contains("tagline.value="));
        all.flat_map(|line| edited_keys(line)).count()
    };
    let from = world.transport.log().len();
    assert_eq!(world.sync().state, RunState::Done);
    assert_eq!(world.transport.writes_since(from), Vec::<String>::new());

    // The source asks for something else of one film.
    let (path, _) = generated
        .expected
        .section(FILMS_SECTION)
        .find(|(path, _)| sent.contains_key(&world.emulator.key_of(path).expect("it is there")))
        .expect("a film");
    let nfo = world.nfo_of(path);
    let text = std::fs::read_to_string(&nfo).expect("an .nfo file");
    let (before, rest) = text.split_once("<tagline>").expect("a tagline");
    let (_, after) = rest.split_once("</tagline>").expect("its end");
    std::fs::write(
        &nfo,
        format!("{before}<tagline>Another one.</tagline>{after}"),
    )
    .expect("room for a file");
    let from = world.transport.log().len();
    world.sync();
    assert_eq!(taglines(from), 2, "tried and tried once more");

    // Another version may take it.
    let from = world.transport.log().len();
    world.emulator.faults().accept_field("tagline");
    world
        .transport
        .through(|_| Through::Replaced("1.43.0.10162".to_owned(), "1.44.0.1".to_owned()));
    world.sync();
    assert_eq!(taglines(from), sent.len());
    let state = world.state();
    assert_eq!(
        state.item(path).expect("the film").fields["tagline"],
        "Another one."
    );
}

/// Runs something while the `nth` read of all values leaves out its first item. How many such reads there were.
fn with_a_gap(world: &World, nth: usize, work: impl FnOnce(&World)) -> usize {
    let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&count);
    world.transport.through(move |line| {
        let Some((before, keys, behind)) = read_keys(line) else {
            return Through::AsItIs;
        };
        let number = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        if number != nth {
            return Through::AsItIs;
        }
        // A key that Plex does not know, where none would be left.
        let mut left: Vec<String> = keys.iter().skip(1).map(u64::to_string).collect();
        if left.is_empty() {
            left.push("999999".to_owned());
        }
        Through::Instead(format!("{before}{}{behind}", left.join(",")))
    });
    work(world);
    world.transport.calm();
    count.load(std::sync::atomic::Ordering::SeqCst)
}

#[test]
fn an_item_that_an_answer_leaves_out_loses_nothing() {
    let generated = films(30);
    for nth in 1.. {
        let world = World::new(&generated, Habits::default());
        let first = world.state();
        let reads = with_a_gap(&world, nth, |world| {
            assert_eq!(world.sync().state, RunState::Done);
        });
        if reads < nth {
            assert!(nth > 2, "comparing and reading back are two");
            break;
        }
        let told = format!("left out of read {nth} of a sync");
        assert_eq!(world.sync().state, RunState::Done);
        right(&generated, &world, &told);
        all_taken_back(&world, &first, &told);
    }
    for nth in 1.. {
        let world = World::new(&generated, Habits::default());
        let first = world.state();
        world.sync();
        let reads = with_a_gap(&world, nth, |world| {
            assert_eq!(world.undo().state, RunState::Done);
        });
        if reads < nth {
            break;
        }
        all_taken_back(
            &world,
            &first,
            &format!("left out of read {nth} of an undo"),
        );
    }
}

#[test]
fn a_smart_collection_is_left_alone_and_said_so() {
    let generated = films(60);
    let plain = World::new(&generated, Habits::default());
    let before = plain.state();
    plain.sync();
    let after = plain.state();
    let members = |state: &LibraryState, title: &str| {
        let section = &state.sections[generator::FILMS_SECTION];
        section
            .collections
            .get(title)
            .map(|collection| collection.members.clone())
    };
    let section = &after.sections[generator::FILMS_SECTION];
    let (title, _) = section
        .collections
        .iter()
        .find(|(title, _)| members(&before, title).is_none())
        .expect("a collection that a sync makes");
    let wanted = members(&after, title).expect("it has members");
    let (stranger, item) = section
        .items
        .iter()
        .find(|(path, _)| !wanted.contains(*path))
        .expect("a film that is no member");
    // A filter shows what it finds; here it finds one film.
    let world = World::new(&generated, Habits::default());
    world
        .emulator
        .edit_as_person(
            item.rating_key,
            "collection",
            PersonValue::Tags(vec![title.clone()]),
            false,
        )
        .expect("the film is there");
    let key = world
        .emulator
        .key_of_collection(title)
        .expect("it is there");
    world.transport.through(move |line| {
        if line.starts_with("GET ") && line.contains("/collections") {
            let row = format!("\"ratingKey\":\"{key}\"");
            Through::Replaced(row.clone(), format!("{row},\"smart\":\"1\""))
        } else {
            Through::AsItIs
        }
    });
    let problems = world
        .live(&Life::default(), async |handle| {
            let summary = sync(handle).await;
            assert_eq!(summary.state, RunState::Done, "{summary:#?}");
            handle.snapshot().0.problems
        })
        .expect("nothing kills this life");
    assert_eq!(
        members(&world.state(), title),
        Some([stranger.clone()].into())
    );
    let told = problems.iter().any(|problem| {
        problem.message.contains(title.as_str()) && problem.message.contains("smart collection")
    });
    assert!(told, "{problems:#?}");
}
