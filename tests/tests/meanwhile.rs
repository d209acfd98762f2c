//! What somebody does in Plex while jobs wait in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Want};
use syncslate_emulator::{Emulator, Habits};
use syncslate_engine::face::{Report, RunState, RunSummary};
use syncslate_engine::model::Field;
use syncslate_tests::{Life, Through, World, sync};

use super::trouble::{edited_keys, read_keys};

const WORDS: &str = "A person's own words.";

fn films() -> Generated {
    generator::generate(&generator::Plan {
        seed: 11,
        films: 20,
        image: (12, 18),
        ..generator::Plan::default()
    })
}

/// A picture that nobody else has; Plex looks no further than at how it begins.
fn picture() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n a person's own".to_vec()
}

/// Requests of an undisturbed sync up to its `nth` that fits.
fn requests_until(habits: Habits, nth: usize, fits: fn(&str) -> bool) -> usize {
    let world = World::new(&films(), habits);
    world.sync();
    let log = world.transport.log();
    let mut numbered = log
        .iter()
        .enumerate()
        .filter(|(_, asked)| fits(&asked.line));
    numbered.nth(nth - 1).expect("a sync does so").0 + 1
}

fn is_write(line: &str) -> bool {
    !line.starts_with("GET ")
}

fn is_list_of_pictures(line: &str) -> bool {
    line.starts_with("GET ") && (line.ends_with("/posters") || line.ends_with("/arts"))
}

/// Runs a sync during which a person does this to every film as that request arrives, and Plex is away for as long.
fn meanwhile(
    habits: Habits,
    request: usize,
    away: Duration,
    act: impl Fn(&Emulator, u64) + Send + 'static,
) -> World {
    let world = World::new(&films(), habits);
    world.transport.at(request, move |emulator| {
        emulator.faults().away_for(away);
        for item in emulator.state().sections[FILMS_SECTION].items.values() {
            act(emulator, item.rating_key);
        }
    });
    world.sync();
    // Each life has a time of its own.
    world.emulator.faults().clear();
    assert!(world.transport.log().len() > request);
    world
}

fn posters(world: &World) -> BTreeMap<String, Option<String>> {
    let state = world.state();
    let items = state.sections[FILMS_SECTION].items.iter();
    items
        .map(|(path, item)| (path.clone(), item.poster.clone()))
        .collect()
}

#[test]
fn what_a_person_wrote_during_an_absence_stays() {
    let habits = Habits::default();
    let request = requests_until(habits, 4, is_write);
    let world = meanwhile(habits, request, Duration::from_mins(10), |emulator, key| {
        emulator
            .edit_as_person(key, "summary", WORDS, true)
            .expect("the film is there");
    });
    for (path, item) in &world.state().sections[FILMS_SECTION].items {
        assert_eq!(item.fields["summary"], WORDS, "{path}");
    }
}

/// A poster that a person chose while jobs waited, before or after their pictures were listed, for however long.
#[test]
fn a_poster_chosen_during_an_absence_stays() {
    let chosen = picture();
    let hash = syncslate_engine::image::sha1_hex(&chosen);
    for habits in Habits::BOTH {
        for (nth, fits) in [(1, is_list_of_pictures as fn(&str) -> bool), (4, is_write)] {
            let request = requests_until(habits, nth, fits);
            for lock in [true, false] {
                for away in [Duration::from_secs(20), Duration::from_mins(10)] {
                    let told = format!("{habits:?}, {nth}, locked {lock}, away {away:?}");
                    let bytes = chosen.clone();
                    let world = meanwhile(habits, request, away, move |emulator, key| {
                        emulator
                            .select_poster_as_person(key, bytes.clone(), lock)
                            .expect("the film is there");
                    });
                    for (path, poster) in posters(&world) {
                        assert_eq!(poster.as_ref(), Some(&hash), "{told}: {path}");
                    }
                    // The table decides what comes of it: a locked one stays, another is the agent's.
                    world.sync();
                    if lock {
                        for (path, poster) in posters(&world) {
                            assert_eq!(poster.as_ref(), Some(&hash), "again, {told}: {path}");
                        }
                    } else if nth == 1 {
                        let wrong = films().expected.check(&world.state());
                        assert!(wrong.is_empty(), "again, {told}: {wrong:#?}");
                    }
                }
            }
        }
    }
}

/// What Plex did not take is written once more, whatever a person does to the item's other fields meanwhile.
#[test]
fn an_edit_before_the_read_back_keeps_nothing_else_from_being_written_once_more() {
    let generated = films();
    for habits in Habits::BOTH {
        // The first read is for comparing, the second reads back what was written.
        let request = requests_until(habits, 2, |line| read_keys(line).is_some());
        let world = World::new(&generated, habits);
        let before = world.state();
        let wanted = |item: &str| {
            let film = generated.expected.get(FILMS_SECTION, item)?;
            let is_new = |attribute| film.written.contains(attribute);
            let Some(Want::Text(summary)) = film.values.get("summary") else {
                return None;
            };
            (is_new("summary") && is_new("title")).then(|| summary.clone())
        };
        let films: BTreeMap<String, (u64, Option<String>, String)> = before.sections[FILMS_SECTION]
            .items
            .iter()
            .filter_map(|(path, item)| {
                let was = item.fields.get("summary").cloned();
                Some((path.clone(), (item.rating_key, was, wanted(path)?)))
            })
            .collect();
        assert!(films.len() > 3, "{} films change both", films.len());
        let acted = films.clone();
        world.transport.at(request, move |emulator| {
            for (key, was, _) in acted.values() {
                let edit = |field, value: &str, lock| {
                    let edited = emulator.edit_as_person(*key, field, value, lock);
                    edited.expect("the film is there");
                };
                edit("title", WORDS, true);
                // As if the server had ignored it.
                edit("summary", was.as_deref().unwrap_or_default(), false);
            }
        });
        let summary = world.sync();
        assert_eq!(summary.failed, 0, "{summary:#?}");
        let after = world.state();
        for (path, (_, _, wanted)) in &films {
            let fields = &after.item(path).expect("the film").fields;
            assert_eq!(fields["title"], WORDS, "{path}");
            assert_eq!(&fields["summary"], wanted, "{path}");
        }
    }
}

/// The files of all posters in the source.
pub(super) fn poster_files(generated: &Generated, world: &World) -> Vec<PathBuf> {
    let files = generated.tree.iter();
    files
        .filter(|file| file.path.ends_with("poster.jpg"))
        .map(|file| world.films().join(&file.path))
        .collect()
}

/// A sync, and what is told after it.
pub(super) fn synced_and_told(world: &World) -> (RunSummary, Report) {
    world
        .live(&Life::default(), async |handle| {
            let synced = sync(handle).await;
            (synced, handle.report().await.expect("a report"))
        })
        .expect("nothing kills this life")
}

/// A poster could not go, and the connection breaks when the rest goes for the second time: nothing of it is forgotten.
#[test]
fn what_could_not_go_the_first_time_is_not_forgotten_by_the_second() {
    let generated = films();
    let world = World::new(&generated, Habits::default());
    let before = world.state();
    let summaries: BTreeMap<u64, String> = before.sections[FILMS_SECTION]
        .items
        .values()
        .map(|item| {
            let summary = item.fields.get("summary").cloned();
            (item.rating_key, summary.unwrap_or_default())
        })
        .collect();
    let mut posters = poster_files(&generated, &world);
    let emulator = world.emulator.clone();
    let (mut edited, mut taken_back, cut) = (
        BTreeSet::new(),
        BTreeSet::new(),
        Arc::new(Mutex::new(BTreeSet::new())),
    );
    let broken = Arc::clone(&cut);
    world.transport.through(move |line| {
        if line.starts_with("POST ") {
            // All is planned by now.
            for poster in posters.drain(..) {
                std::fs::remove_file(poster).expect("it is there");
            }
        }
        for key in edited_keys(line) {
            let mut broken = broken.lock().expect("nobody panicked");
            if taken_back.contains(&key) && broken.insert(key) {
                return Through::Cut;
            }
            edited.insert(key);
        }
        for key in read_keys(line)
            .map(|(_, keys, _)| keys)
            .into_iter()
            .flatten()
        {
            // As if the server had ignored it.
            if let Some(summary) = summaries.get(&key)
                && edited.contains(&key)
                && taken_back.insert(key)
            {
                let summary = summary.as_str();
                let taken = emulator.edit_as_person(key, "summary", summary, false);
                taken.expect("the film is there");
                let unlocked = emulator.unlock_as_person(key, "summary");
                unlocked.expect("the film is there");
            }
        }
        Through::AsItIs
    });
    let (synced, report) = synced_and_told(&world);
    assert_eq!(synced.state, RunState::DoneWithFailures, "{synced:#?}");
    let failed: BTreeSet<&str> = (report.failed.iter())
        .filter(|failed| failed.fields.contains(&Field::Poster))
        .map(|failed| failed.title.as_str())
        .collect();
    let cut = cut.lock().expect("nobody panicked").clone();
    assert!(cut.len() > 3, "{cut:?}");
    let posters = posters_that_are_wrong(&generated, &world);
    assert!(posters.iter().any(|key| cut.contains(key)), "{posters:?}");
    // As they were called when it was planned.
    let title_of = |key: &u64| {
        let mut items = before.sections[FILMS_SECTION].items.values();
        let item = items.find(|item| item.rating_key == *key);
        item.expect("it was there").fields["title"].as_str()
    };
    assert_eq!(failed, posters.iter().map(title_of).collect());
    let wrong = generated.expected.check(&world.state());
    let others: Vec<_> = (wrong.iter())
        .filter(|line| !line.contains(": thumb: ") && !line.contains(": art: "))
        .collect();
    assert_eq!(others, Vec::<&String>::new());
}

/// Keys of the films that have not the poster that their source asks for.
fn posters_that_are_wrong(generated: &Generated, world: &World) -> BTreeSet<u64> {
    let wrong = generated.expected.check(&world.state());
    let state = world.state();
    let items = state.sections[FILMS_SECTION].items.iter();
    items
        .filter(|(path, _)| {
            wrong
                .iter()
                .any(|line| line.contains(path.as_str()) && line.contains(": thumb: "))
        })
        .map(|(_, item)| item.rating_key)
        .collect()
}

/// The agent changes a field that Plex held as asked while others of the same film are written.
#[test]
fn what_the_agent_changes_beside_a_write_is_seen_by_the_next_sync() {
    let generated = films();
    let world = World::new(&generated, Habits::default());
    let state = world.state();
    let (path, attribute) = generated
        .expected
        .section(FILMS_SECTION)
        .filter(|(_, want)| !want.written.is_empty())
        .find_map(|(path, want)| {
            let held = &state.item(path)?.fields;
            let attribute = ["summary", "tagline", "studio", "contentRating"]
                .into_iter()
                .find(|attribute| {
                    let asked = want.values.get(attribute);
                    matches!((asked, held.get(*attribute)), (Some(Want::Text(asked)), Some(held)) if asked == held)
                        && !want.written.contains(attribute)
                        && !want.kept.contains(attribute)
                        && want.locks.get(attribute) == Some(&false)
                })?;
            Some((path, attribute))
        })
        .expect("a film with a field that needs no write");
    let key = world.emulator.key_of(path).expect("the film is there");
    let emulator = world.emulator.clone();
    let mut waits = true;
    world.transport.through(move |line| {
        if waits && edited_keys(line).contains(&key) {
            waits = false;
            emulator
                .edit_as_person(key, attribute, "The agent's words.", false)
                .expect("the film is there");
        }
        Through::AsItIs
    });
    world.sync();
    world.transport.calm();
    assert_eq!(
        world.state().item(path).expect("the film").fields[attribute],
        "The agent's words."
    );
    world.sync();
    let mut expected = generated.expected.clone();
    // Drift is written with a lock.
    let film = expected.get_mut(FILMS_SECTION, path).expect("the film");
    film.locks.remove(attribute);
    let wrong = expected.check(&world.state());
    assert!(wrong.is_empty(), "{attribute}: {wrong:#?}");
    let from = world.transport.log().len();
    world.sync();
    let log = world.transport.log();
    let reads = log.iter().skip(from);
    let reads = reads.filter(|asked| read_keys(&asked.line).is_some());
    assert_eq!(reads.count(), 0, "it is settled");
}
