//! Leaving Syncslate: its locks go, a person's stay, and on wish everything is as it was before it came.

use std::collections::BTreeSet;
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Plan};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{About, Choice, Command, Decision, RunState};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, as_ordered_by, differences, sync};

fn locks(state: &LibraryState) -> BTreeSet<(String, String)> {
    state.sections[FILMS_SECTION]
        .items
        .iter()
        .flat_map(|(path, item)| item.locks.iter().map(|lock| (path.clone(), lock.clone())))
        .collect()
}

/// The same library with no locks at all.
fn unlocked(mut state: LibraryState) -> LibraryState {
    for section in state.sections.values_mut() {
        for item in section.items.values_mut() {
            item.locks.clear();
        }
        for collection in section.collections.values_mut() {
            collection.locks.clear();
        }
    }
    state
}

/// Who adds a tag to a list of which Syncslate leaves others' tags alone, takes nothing of it: its lock goes like the
/// others, whether a sync came by in between or not.
#[test]
fn the_lock_of_a_list_to_which_somebody_added_goes() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 12,
        image: (12, 18),
        ..Plan::default()
    });
    for (habits, syncs) in Habits::BOTH
        .into_iter()
        .flat_map(|habits| [(habits, false), (habits, true)])
    {
        let world = World::new(&generated, habits);
        let persons = locks(&world.state());
        world.sync();
        let synced = world.state();
        let films = synced.sections[FILMS_SECTION].items.iter();
        let mut ours = films.filter(|(path, film)| {
            let genre = ((*path).clone(), "genre".to_owned());
            film.locks.contains("genre") && !persons.contains(&genre)
        });
        let (_, film) = ours.next().expect("a film gets genres");
        let mut genres = film.tags["genre"].clone();
        genres.push("Rainy Days".to_owned());
        world
            .emulator
            .edit_as_person(film.rating_key, "genre", genres.clone(), true)
            .expect("the tags can be entered");
        world.clock.pass(Duration::from_mins(10));
        if syncs {
            world.sync();
        }
        let left = world.unlock(false);
        assert_eq!(left.state, RunState::Done, "{left:#?}");
        assert_eq!(locks(&world.state()), persons, "{habits:?}, {syncs}");
        let key = film.rating_key;
        let after = world.state();
        let mut films = after.sections[FILMS_SECTION].items.values();
        let film = films.find(|film| film.rating_key == key);
        let held = film.map(|film| film.tags["genre"].iter().collect());
        let wanted: BTreeSet<&String> = genres.iter().collect();
        assert_eq!(held, Some(wanted), "{habits:?}, {syncs}");
    }
}

/// Who takes one of others' tags out of such a list made it theirs: without the lock, the next refresh would bring it back.
#[test]
fn the_lock_of_a_list_that_somebody_thinned_out_stays() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 12,
        image: (12, 18),
        ..Plan::default()
    });
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let (first, mut expected) = (world.state(), locks(&world.state()));
        world.sync();
        let synced = world.state();
        let films = synced.sections[FILMS_SECTION].items.iter();
        let mut thinned = films.filter_map(|(path, film)| {
            let genre = (path.clone(), "genre".to_owned());
            let is_ours = film.locks.contains("genre") && !expected.contains(&genre);
            let of_the_agent = first.item(path)?.tags.get("genre")?;
            let genres = film.tags["genre"].iter();
            let left: Vec<String> = genres
                .filter(|tag| !of_the_agent.contains(tag))
                .cloned()
                .collect();
            let is_thinner = !left.is_empty() && left.len() < film.tags["genre"].len();
            (is_ours && is_thinner).then_some((genre, film.rating_key, left))
        });
        let (genre, key, left) = thinned.next().expect("a film has genres of both");
        let edited = world
            .emulator
            .edit_as_person(key, "genre", left.clone(), true);
        edited.expect("the tags can be entered");
        world.clock.pass(Duration::from_mins(10));
        world.unlock(false);
        expected.insert(genre);
        assert_eq!(locks(&world.state()), expected, "{habits:?}");
    }
}

#[test]
fn our_locks_go_and_a_persons_stay() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 110,
        image: (12, 18),
        ..Plan::default()
    });
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let first = world.state();
        let persons = locks(&first);
        assert!(!persons.is_empty(), "a person locked something");
        world.sync();
        // Whoever edits a value that Syncslate locked makes that lock their own.
        let (path, _) = generated
            .expected
            .section(FILMS_SECTION)
            .find(|(_, want)| want.written.contains("summary"))
            .expect("a film gets a summary");
        let key = world.emulator.key_of(path).expect("the film is there");
        world
            .emulator
            .edit_as_person(key, "summary", "Mine.", true)
            .expect("the value can be entered");
        let synced = world.state();
        assert!(
            locks(&synced).len() > persons.len() + 100,
            "a sync locks what it writes"
        );

        let left = world.unlock(false);
        assert_eq!(left.state, RunState::Done, "{left:#?}");
        let after = world.state();
        let mut stay = persons.clone();
        stay.insert((path.to_owned(), "summary".to_owned()));
        let wrong: Vec<_> = locks(&after).symmetric_difference(&stay).cloned().collect();
        assert!(wrong.is_empty(), "{habits:?}: {wrong:?}");
        let wrong = differences(&unlocked(synced.clone()), &unlocked(after));
        assert!(
            wrong.is_empty(),
            "{habits:?}: values are left alone: {wrong:#?}"
        );
        let again = world.unlock(false);
        assert_eq!((again.changed, again.written), (0, 0), "{again:#?}");

        let back = world.undo_run(left.run);
        assert_eq!(back.state, RunState::Done, "{back:#?}");
        let wrong = differences(&synced, &world.state());
        assert!(
            wrong.is_empty(),
            "{habits:?}: an unlocking is taken back: {wrong:#?}"
        );

        let restored = world.unlock(true);
        assert_eq!(restored.state, RunState::Done, "{restored:#?}");
        let mut expected = first.clone();
        let films = &mut expected
            .sections
            .get_mut(FILMS_SECTION)
            .expect("films")
            .items;
        let film = films.get_mut(path).expect("the film");
        film.fields.insert("summary".to_owned(), "Mine.".to_owned());
        film.locks.insert("summary".to_owned());
        let wrong = differences(
            &as_ordered_by(expected, habits),
            &as_ordered_by(world.state(), habits),
        );
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

/// Writes another summary into a film's .nfo.
fn ask_for(world: &World, path: &str, summary: &str) {
    let nfo = world.nfo_of(path);
    let text = std::fs::read_to_string(&nfo).expect("a text");
    let from = text.find("<plot>").expect("a summary") + "<plot>".len();
    let to = text.find("</plot>").expect("its end");
    std::fs::write(&nfo, format!("{}{summary}{}", &text[..from], &text[to..])).expect("room");
    world.clock.pass(Duration::from_mins(5));
}

fn edit(world: &World, path: &str, summary: &str, lock: bool) {
    let key = world.emulator.key_of(path).expect("the film is there");
    world
        .emulator
        .edit_as_person(key, "summary", summary, lock)
        .expect("the value can be entered");
    world.clock.pass(Duration::from_mins(5));
}

fn decide(world: &World, choice: Choice) {
    let decision = Decision {
        choice,
        item: None,
        field: None,
        about: About::Conflicts,
    };
    world
        .live(&Life::default(), async |handle| {
            handle.command(Command::Settle { decision }).await
        })
        .expect("nothing kills this life")
        .expect("it can be decided");
}

#[test]
fn what_a_person_put_there_between_two_runs_is_what_leaving_gives_back() {
    let generated = generator::generate(&Plan {
        seed: 8,
        films: 60,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    let plain: Vec<&str> = generated
        .expected
        .section(FILMS_SECTION)
        .filter(|(_, want)| want.written.contains("summary"))
        .map(|(path, _)| path)
        .take(3)
        .collect();
    let [overruled, agreed, taken_back] = plain[..] else {
        panic!("three films get a summary");
    };
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let mut expected = world.state();
        // Taken back; then a person writes, without a lock, and the next sync writes over it.
        world.sync();
        world.undo();
        edit(&world, taken_back, "Mine, unlocked.", false);
        world.sync();
        // A person's edit that the source was preferred to.
        edit(&world, overruled, "Mine.", true);
        ask_for(&world, overruled, "Another plot.");
        world.sync();
        decide(&world, Choice::UseSource);
        world.sync();
        // A person's edit that the source came to agree with.
        edit(&world, agreed, "Ours by now.", true);
        ask_for(&world, agreed, "Ours by now.");
        world.sync();
        let films = expected.sections.get_mut(FILMS_SECTION).expect("films");
        for (path, summary, lock) in [
            (overruled, "Mine.", true),
            (agreed, "Ours by now.", true),
            (taken_back, "Mine, unlocked.", false),
        ] {
            let film = films.items.get_mut(path).expect("the film");
            film.fields.insert("summary".to_owned(), summary.to_owned());
            if lock {
                film.locks.insert("summary".to_owned());
            }
        }
        let expected = as_ordered_by(expected, habits);
        let left = world.unlock(true);
        assert_eq!(left.state, RunState::Done, "{left:#?}");
        let wrong = differences(&expected, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

#[test]
fn what_an_interrupted_sync_had_locked_is_unlocked_too() {
    let generated = generator::generate(&Plan {
        seed: 11,
        films: 30,
        image: (12, 18),
        ..Plan::default()
    });
    let mut midst = 0;
    for commit in 4.. {
        let fate = [CommitFate::CrashBefore, CommitFate::CrashAfter]
            [usize::try_from(commit % 2).expect("0 or 1")];
        let world = World::new(&generated, Habits::default());
        let first = world.state();
        let persons = locks(&first);
        let life = Life {
            crash: Some(Crash { commit, fate }),
            ..Life::default()
        };
        if world
            .live(&life, async |handle| sync(handle).await)
            .is_some()
        {
            break;
        }
        let written = world.transport.writes_since(0).len();
        midst += usize::from(written > 0);
        let restore = commit % 4 < 2;
        let left = world.unlock(restore);
        assert_eq!(left.state, RunState::Done, "{left:#?}");
        let told = format!("{fate:?} at commit {commit}");
        assert_eq!(locks(&world.state()), persons, "{told}");
        if restore {
            let plain = |state| as_ordered_by(state, Habits::default());
            let wrong = differences(&plain(first), &plain(world.state()));
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
        }
        // Nothing lingers that would lock it again without a sync.
        let again = world.unlock(restore);
        assert_eq!((again.changed, again.written), (0, 0), "{told}: {again:#?}");
    }
    assert!(midst > 1, "no sync was killed in the middle of writing");
}
