//! Things that Plex says it does not have: a picture, a kind of pictures, an item for a while.

use std::path::PathBuf;

use syncslate_emulator::generator::{FILMS_SECTION, Generated, ItemWant};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::RunState;
use syncslate_engine::model::Field;
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, World, differences, sync, undo};

use super::trouble::{all_taken_back, films, read_keys, right};

/// A film with a poster, a background and texts to write.
fn film<'g>(generated: &'g Generated, world: &World) -> (&'g str, u64) {
    let (path, _) = generated
        .expected
        .section(FILMS_SECTION)
        .find(|(_, want)| {
            ["thumb", "art", "summary"]
                .iter()
                .all(|attribute| want.written.contains(attribute))
        })
        .expect("a film");
    (
        path,
        world.emulator.key_of(path).expect("the film is there"),
    )
}

/// Puts a logo beside a film.
fn add_logo(world: &World, path: &str) {
    let folder = world.nfo_of(path);
    let folder = folder.parent().expect("a folder");
    let posters: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|file| file.to_string_lossy().contains("poster."))
        .collect();
    for poster in posters {
        let logo = poster.to_string_lossy().replace("poster.", "clearlogo.");
        std::fs::copy(&poster, logo).expect("room for a file");
    }
}

/// From now on Plex does not know this route.
fn unknown(world: &World, method: &str, route: String) {
    let begins = format!("{method} ");
    world.transport.through(move |line| {
        let address = line.split('?').next().unwrap_or_default();
        if address.starts_with(&begins) && address.ends_with(&route) {
            Through::Instead("/library/metadata/1/nosuchroute".to_owned())
        } else {
            Through::AsItIs
        }
    });
}

/// What is expected of all but this attribute of this film.
fn without(generated: &Generated, path: &str, attribute: &str) -> Generated {
    let mut generated = generated.clone();
    let film: &mut ItemWant = generated
        .expected
        .get_mut(FILMS_SECTION, path)
        .expect("the film");
    // The logo that a test puts beside it is not the generator's.
    for attribute in [attribute, "clearLogo"] {
        film.values.remove(attribute);
        film.locks.remove(attribute);
    }
    generated
}

fn failed_fields(life: &World, run: impl AsyncFnOnce(&syncslate_engine::Handle)) -> Vec<Field> {
    let report = life
        .live(&Life::default(), async |handle| {
            run(handle).await;
            handle.report().await.expect("the state can be read")
        })
        .expect("nothing kills this life");
    let failed = report.failed.into_iter();
    failed.flat_map(|failed| failed.fields).collect()
}

const PICTURES: [(&str, &str, &str, Field); 3] = [
    ("posters", "poster", "thumb", Field::Poster),
    ("arts", "art", "art", Field::Background),
    ("clearLogos", "clearLogo", "clearLogo", Field::ClearLogo),
];

#[test]
fn a_picture_that_plex_does_not_know_leaves_the_rest_of_its_item_alone() {
    let generated = films(30);
    for (list, select, attribute, field) in PICTURES {
        for (method, route) in [("GET", list), ("POST", list), ("PUT", select)] {
            let told = format!("{method} {route}");
            let world = World::new(&generated, Habits::default());
            let (path, key) = film(&generated, &world);
            if method == "PUT" && field == Field::ClearLogo {
                // An undo cannot bring about that one waits to be selected: the emulator takes no logo away.
                continue;
            }
            if method == "PUT" {
                // What was uploaded once is only selected.
                world.sync();
                world.undo();
            }
            add_logo(&world, path);
            unknown(&world, method, format!("/library/metadata/{key}/{route}"));
            let failed = failed_fields(&world, async |handle| {
                assert_eq!(
                    sync(handle).await.state,
                    RunState::DoneWithFailures,
                    "{told}"
                );
            });
            assert_eq!(failed, [field], "{told}");
            right(&without(&generated, path, attribute), &world, &told);

            world.transport.calm();
            let failed = failed_fields(&world, async |handle| {
                assert_eq!(sync(handle).await.state, RunState::Done, "{told}");
            });
            assert_eq!(failed, [], "{told}");
            right(&without(&generated, path, "clearLogo"), &world, &told);
            let state = world.state();
            let film = state.item(path).expect("the film");
            assert!(
                film.clear_logo.is_some() && film.locks.contains("clearLogo"),
                "{told}"
            );
        }
    }
}

#[test]
fn a_picture_that_plex_does_not_know_leaves_the_rest_of_an_undo_alone() {
    let generated = films(30);
    let [poster, art, logo] = PICTURES;
    for ((_, _, attribute, field), method, route) in [
        (poster, "PUT", "poster"),
        (art, "PUT", "art"),
        // There was none before.
        (logo, "DELETE", "clearLogo"),
    ] {
        let told = format!("{method} {route}");
        let world = World::new(&generated, Habits::default());
        let (path, key) = film(&generated, &world);
        if field == Field::ClearLogo {
            add_logo(&world, path);
        }
        let first = world.state();
        world.sync();
        unknown(&world, method, format!("/library/metadata/{key}/{route}"));
        let failed = failed_fields(&world, async |handle| {
            let summary = undo(handle, None).await;
            assert_eq!(summary.state, RunState::DoneWithFailures, "{told}");
        });
        assert_eq!(failed, [field], "{told}");
        let but = |mut state: LibraryState| {
            let films = state.sections.values_mut();
            for film in films.filter_map(|section| section.items.get_mut(path)) {
                film.locks.remove(attribute);
                match field {
                    Field::Poster => film.poster = None,
                    Field::Background => film.background = None,
                    _ => film.clear_logo = None,
                }
            }
            state
        };
        let wrong = differences(&but(first.clone()), &but(world.state()));
        assert!(wrong.is_empty(), "{told}: {wrong:#?}");

        if field == Field::ClearLogo {
            // The emulator never takes one away.
            continue;
        }
        world.transport.calm();
        world.undo();
        let wrong = differences(&first, &world.state());
        assert!(wrong.is_empty(), "{told}, once Plex knows it: {wrong:#?}");
    }
}

#[test]
fn pictures_that_plex_does_not_know_stop_no_run() {
    let mut generated = films(30);
    let world = World::new(&generated, Habits::default());
    // Which poster is selected is asked while comparing where it is locked.
    let (_, key) = film(&generated, &world);
    let chosen = b"\x89PNG\r\n\x1a\n a person's own".to_vec();
    world
        .emulator
        .select_poster_as_person(key, chosen, true)
        .expect("the film is there");
    unknown(&world, "GET", "/posters".to_owned());
    let summary = world.sync();
    assert_eq!(summary.state, RunState::DoneWithFailures, "{summary:#?}");
    for film in generated.expected.items.values_mut() {
        film.values.remove("thumb");
        film.locks.remove("thumb");
    }
    right(&generated, &world, "but for posters");
    world.transport.calm();
    assert_eq!(world.sync().state, RunState::Done);
    let (path, _) = film(&generated, &world);
    right(
        &without(&films(30), path, "thumb"),
        &world,
        "once Plex knows them",
    );
}

/// From now on every read of all values leaves this item out; the first `times` of them.
fn hidden(world: &World, key: u64, times: usize) {
    let mut left = times;
    world.transport.through(move |line| {
        let Some((before, keys, behind)) = read_keys(line).filter(|_| left > 0) else {
            return Through::AsItIs;
        };
        if !keys.contains(&key) {
            return Through::AsItIs;
        }
        left -= 1;
        // A key that Plex does not know, where none would be left.
        let mut others: Vec<String> = keys
            .iter()
            .filter(|other| **other != key)
            .map(u64::to_string)
            .collect();
        if others.is_empty() {
            others.push("999999".to_owned());
        }
        Through::Instead(format!("{before}{}{behind}", others.join(",")))
    });
}

/// Dies at each commit of a sync; the next one's reads leave a film out so often. Says which commits there are.
fn resumed_without_a_film(generated: &Generated, times: usize, then: impl Fn(&World, &str)) {
    for commit in 4.. {
        let fate = [CommitFate::CrashBefore, CommitFate::CrashAfter]
            [usize::try_from(commit % 2).expect("0 or 1")];
        let world = World::new(generated, Habits::default());
        let (_, key) = film(generated, &world);
        let life = Life {
            crash: Some(Crash { commit, fate }),
            ..Life::default()
        };
        if world
            .live(&life, async |handle| sync(handle).await)
            .is_some()
        {
            assert!(commit > 8, "a sync makes its jobs durable");
            return;
        }
        let told = format!("left out {times} times after {fate:?} at commit {commit}");
        hidden(&world, key, times);
        assert_eq!(world.sync().state, RunState::Done, "{told}");
        world.transport.calm();
        then(&world, &told);
    }
}

#[test]
fn a_started_job_whose_item_an_answer_leaves_out_does_not_pass_for_written() {
    let generated = films(12);
    for times in [1, usize::MAX] {
        resumed_without_a_film(&generated, times, |world, told| {
            assert_eq!(world.sync().state, RunState::Done, "{told}");
            right(&generated, world, told);
        });
    }
}

#[test]
fn what_a_job_may_have_done_to_an_item_that_does_not_show_can_be_taken_back_once_it_does() {
    let generated = films(12);
    let first = World::new(&generated, Habits::default()).state();
    resumed_without_a_film(&generated, usize::MAX, |world, told| {
        all_taken_back(world, &first, told);
        assert_eq!(world.sync().state, RunState::Done, "{told}");
        right(&generated, world, told);
    });
}
