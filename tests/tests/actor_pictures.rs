//! Actors' pictures, of which only trying tells whether a Plex server takes them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan, actor_picture};
use syncslate_emulator::{CastEdit, Habits, PictureEdit, TagEdit};
use syncslate_engine::face::{CastTaken, Command, RunState, Snapshot};
use syncslate_engine::model::Field;
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, World, as_ordered_by, differences, sync};

use super::meanwhile::{poster_files, synced_and_told};

const IGNORED: &str =
    "This Plex server does not take the pictures of actors; they stay as Plex's agent has them.";

fn films(films: usize, habits: Habits) -> Generated {
    let plan = Plan {
        seed: 11,
        films,
        posters: false,
        odd: false,
        ..Plan::default()
    };
    generator::generate(&plan.under(habits))
}

fn habits(picture_edit: PictureEdit, tag_edit: TagEdit) -> Habits {
    Habits {
        cast_edit: CastEdit::Takes,
        picture_edit,
        tag_edit,
        ..Habits::default()
    }
}

fn snapshot(world: &World) -> Snapshot {
    world
        .live(&Life::default(), async |handle| handle.snapshot().0)
        .expect("nothing kills this life")
}

/// Of each film, its actors and their pictures.
fn pictures(world: &World) -> BTreeMap<String, BTreeMap<String, Option<String>>> {
    let state = world.emulator.state();
    let films = state.sections[FILMS_SECTION].items.iter();
    films
        .map(|(path, film)| {
            let actors = film.tags.get("actor").into_iter().flatten();
            let picture = |actor: &String| film.roles.get(actor)?.thumb.clone();
            let pictures = actors.map(|actor| (actor.clone(), picture(actor)));
            (path.clone(), pictures.collect())
        })
        .collect()
}

fn writes_of_a_sync(world: &World) -> Vec<String> {
    let from = world.transport.log().len();
    let synced = world.sync();
    assert_eq!(
        (synced.state, synced.kept),
        (RunState::Done, 0),
        "{synced:#?}"
    );
    world.transport.writes_since(from)
}

#[test]
fn a_server_that_takes_pictures_has_them_after_one_sync_and_gets_its_own_back() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(PictureEdit::Takes, tag_edit);
        let generated = films(40, habits);
        let world = World::new(&generated, habits);
        let first = as_ordered_by(world.state(), habits);
        assert_eq!(snapshot(&world).actor_pictures, CastTaken::Unknown);

        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        let wrong = generated.expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        for (of, least) in [("https://img.invalid/", 80), ("https://agent.invalid/", 10)] {
            let films = pictures(&world);
            let all = films.values().flat_map(BTreeMap::values).flatten();
            let count = all.filter(|picture| picture.starts_with(of)).count();
            assert!(count >= least, "{count} pictures of {of}");
        }
        let told = snapshot(&world);
        assert_eq!(
            (told.roles, told.actor_pictures),
            (CastTaken::Taken, CastTaken::Taken)
        );
        assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());

        let undone = world.undo();
        assert_eq!(undone.conflicts, 0, "{undone:#?}");
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

#[test]
fn a_server_that_takes_roles_and_no_pictures_is_asked_once_per_version() {
    for picture_edit in [PictureEdit::Ignores, PictureEdit::Rewrites] {
        let habits = habits(picture_edit, TagEdit::Adds);
        let generated = films(60, habits);
        let world = World::new(&generated, habits);
        let said = world.live(&Life::default(), async |handle| {
            sync(handle).await;
            handle.snapshot().0
        });
        let said = said.expect("nothing kills this life");
        assert_eq!(
            (said.roles, said.actor_pictures),
            (CastTaken::Taken, CastTaken::Ignored),
            "{picture_edit:?}"
        );
        let problems = said.problems.iter().map(|problem| problem.message.as_str());
        assert_eq!(problems.collect::<Vec<&str>>(), [IGNORED]);
        assert_eq!((said.failed, said.conflicts), (0, 0));
        let wrong = generated.expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{picture_edit:?}: {wrong:#?}");
        assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());

        // Another version is asked again, by a few for all.
        let now = "1.43.0.10162-b67a664ed".to_owned();
        world
            .transport
            .through(move |_| Through::Replaced(now.clone(), "1.44.0.1".to_owned()));
        let asking = writes_of_a_sync(&world);
        let known = snapshot(&world).actor_pictures;
        if picture_edit == PictureEdit::Ignores {
            assert_eq!(
                (asking.len(), known),
                (8, CastTaken::Ignored),
                "{asking:#?}"
            );
            assert!(asking.iter().all(|line| line.contains("tagging.thumb")));
        } else {
            // There is no gap that could be asked about.
            assert_eq!(
                (asking.len(), known),
                (0, CastTaken::Unknown),
                "{asking:#?}"
            );
        }
        assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());
    }
}

#[test]
fn an_undo_gives_everything_back_on_a_server_that_takes_no_pictures() {
    let habits = habits(PictureEdit::Ignores, TagEdit::Adds);
    let world = World::new(&films(20, habits), habits);
    let first = as_ordered_by(world.state(), Habits::default());
    world.sync();
    let undone = world.undo();
    assert_eq!(
        (undone.state, undone.conflicts),
        (RunState::Done, 0),
        "{undone:#?}"
    );
    let wrong = differences(&first, &as_ordered_by(world.state(), Habits::default()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pictures_that_are_there_stay_whatever_an_edit_does_to_them() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(PictureEdit::Takes, tag_edit);
        let world = World::new(&films(20, habits), habits);
        let agents = |actor: &str| format!("https://agent.invalid/{actor}");
        let before = pictures(&world);
        for (path, actors) in &before {
            let key = world.emulator.key_of(path).expect("it is there");
            for actor in actors.keys() {
                world.emulator.set_actor_picture(key, actor, &agents(actor));
            }
        }
        let first = as_ordered_by(world.state(), habits);
        let synced = world.sync();
        assert_eq!(
            (synced.state, synced.kept),
            (RunState::Done, 0),
            "{synced:#?}"
        );
        let after = pictures(&world);
        let mut stayed = 0;
        for (path, actors) in &after {
            for (actor, picture) in actors {
                let was_there = before[path].contains_key(actor);
                stayed += usize::from(was_there);
                let expected = if was_there {
                    Some(agents(actor))
                } else {
                    actor_picture(actor)
                };
                assert_eq!(*picture, expected, "{tag_edit:?}: {path}: {actor}");
            }
        }
        assert!(stayed >= 10, "{stayed} actors were there before");
        assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());
        let undone = world.undo();
        assert_eq!(
            (undone.state, undone.conflicts),
            (RunState::Done, 0),
            "{undone:#?}"
        );
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{tag_edit:?}: {wrong:#?}");
    }
}

#[test]
fn what_others_do_to_pictures_between_two_syncs_ends_as_the_table_says() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        for lock_written in [true, false] {
            let habits = habits(PictureEdit::Takes, tag_edit);
            let plan = Plan {
                seed: 12,
                films: 120,
                posters: false,
                lock_written,
                ..Plan::default()
            };
            let generated = generator::generate(&plan.under(habits));
            let mut world = World::new(&generated, habits);
            world.settings.lock_written = lock_written;
            world.sync();
            let round = generator::second_round(&generated, 7);
            let (taken_away, chosen): (Vec<_>, Vec<_>) =
                round.faces.iter().partition(|face| face.address.is_empty());
            assert!(
                taken_away.len() >= 2 && chosen.len() >= 2,
                "{:?}",
                round.faces
            );
            world.clock.pass(Duration::from_mins(10));
            round.play(&world.emulator).expect("it can be played");
            generator::write_files(&world.films(), &round.changed).expect("room for the source");
            let between = as_ordered_by(world.state(), habits);
            let second = world.sync();
            assert_eq!(second.state, RunState::Done, "{second:#?}");
            let told = format!("{tag_edit:?}, locks: {lock_written}");
            let wrong = round.expected.check(&world.emulator.state());
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
            let written = u32::try_from(round.expected.changed()).expect("a small number");
            assert_eq!(second.written, written, "{told}");
            assert_eq!(
                second.conflicts as usize,
                round.expected.conflicts(),
                "{told}"
            );
            let undone = world.undo();
            assert_eq!(
                (undone.state, undone.conflicts),
                (RunState::Done, 0),
                "{undone:#?}"
            );
            let wrong = differences(&between, &as_ordered_by(world.state(), habits));
            assert!(wrong.is_empty(), "after undo, {told}: {wrong:#?}");
        }
    }
}

/// Kills a world's first sync at each of its commits in turn, before and after it, and hands over what is left then.
fn at_every_commit(habits: Habits, mut then: impl FnMut(&World, &str)) {
    let generated = films(8, habits);
    let counted = Arc::new(AtomicU64::new(0));
    let life = Life {
        count: Some(Arc::clone(&counted)),
        ..Life::default()
    };
    let undisturbed = World::new(&generated, habits).live(&life, async |handle| sync(handle).await);
    assert!(undisturbed.is_some(), "nothing kills it");
    let commits = counted.load(Ordering::SeqCst);
    assert!(commits >= 5, "{commits} commits");
    for commit in 1..=commits {
        for fate in [CommitFate::CrashBefore, CommitFate::CrashAfter] {
            let world = World::new(&generated, habits);
            let life = Life {
                crash: Some(Crash { commit, fate }),
                ..Life::default()
            };
            let ended = world.live(&life, async |handle| sync(handle).await);
            assert!(ended.is_none(), "commit {commit} was not reached");
            world.clock.pass(Duration::from_mins(10));
            then(&world, &format!("{fate:?} at commit {commit}"));
        }
    }
}

fn undo_all(world: &World, told: &str) {
    for _ in 0..4 {
        let undone = world.live(&Life::default(), async |handle| {
            handle.run(Command::Undo { run: None }).await
        });
        let Ok(undone) = undone.expect("nothing kills this life") else {
            return;
        };
        assert_eq!(undone.conflicts, 0, "{told}: {undone:#?}");
    }
    panic!("{told}: there is no end to what can be taken back");
}

#[test]
fn a_picture_that_was_chosen_before_a_broken_sync_goes_on_stays() {
    let habits = habits(PictureEdit::Takes, TagEdit::Adds);
    let fresh = World::new(&films(8, habits), habits);
    let gaps = pictures(&fresh).into_iter().flat_map(|(path, actors)| {
        let gaps = actors.into_iter().filter(|(_, picture)| picture.is_none());
        gaps.map(move |(actor, _)| (path.clone(), actor))
    });
    let gaps: Vec<(String, String)> = gaps
        .filter(|(_, actor)| actor_picture(actor).is_some())
        .collect();
    assert!(gaps.len() >= 6, "{} gaps", gaps.len());
    at_every_commit(habits, |world, told| {
        let mine = "https://person.invalid/mine.jpg";
        let are_mine = |is_synced: bool| {
            let now = pictures(world);
            for (path, actor) in &gaps {
                // Some go with the sync, and come back without a picture.
                let picture = now[path].get(actor);
                if picture.is_some_and(|picture| is_synced || picture.is_some()) {
                    let picture = picture.and_then(Option::as_deref);
                    assert_eq!(picture, Some(mine), "{told}: {path}: {actor}");
                }
            }
        };
        for (path, actor) in &gaps {
            let key = world.emulator.key_of(path).expect("it is there");
            world.emulator.set_actor_picture(key, actor, mine);
        }
        let synced = world.sync();
        assert_eq!(
            (synced.state, synced.conflicts),
            (RunState::Done, 0),
            "{told}"
        );
        are_mine(true);
        undo_all(world, told);
        are_mine(false);
    });
}

#[test]
fn a_picture_that_was_taken_away_before_a_broken_sync_goes_on_stays_away() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(PictureEdit::Takes, tag_edit);
        let mut taken_away = 0;
        at_every_commit(habits, |world, told| {
            let ours = pictures(world).into_iter().flat_map(|(path, actors)| {
                let ours = actors.into_iter().filter(|(actor, picture)| {
                    picture.is_some() && *picture == actor_picture(actor)
                });
                ours.map(move |(actor, _)| (path.clone(), actor))
            });
            let ours: Vec<(String, String)> = ours.collect();
            taken_away += ours.len();
            for (path, actor) in &ours {
                let key = world.emulator.key_of(path).expect("it is there");
                world.emulator.set_actor_picture(key, actor, "");
            }
            for time in ["once", "twice"] {
                let synced = world.sync();
                assert_eq!(
                    (synced.state, synced.kept, synced.conflicts),
                    (RunState::Done, 0, 0),
                    "{told}, {time}: {synced:#?}"
                );
                let now = pictures(world);
                for (path, actor) in &ours {
                    assert_eq!(now[path][actor], None, "{told}, {time}: {path}: {actor}");
                }
            }
        });
        assert!(taken_away >= 20, "{taken_away} pictures were taken away");
    }
}

#[test]
fn a_broken_sync_to_a_server_that_rewrites_addresses_can_be_taken_back() {
    let habits = habits(PictureEdit::Rewrites, TagEdit::Adds);
    let plain = |world: &World| {
        let mut state = as_ordered_by(world.state(), habits);
        let films = state.sections.get_mut(FILMS_SECTION).expect("the films");
        for film in films.items.values_mut() {
            // What it made of the first addresses stays.
            film.roles.values_mut().for_each(|role| role.thumb = None);
            film.roles.retain(|_, role| role.role.is_some());
        }
        state
    };
    let first = plain(&World::new(&films(8, habits), habits));
    at_every_commit(habits, |world, told| {
        let synced = world.sync();
        assert_eq!((synced.state, synced.kept), (RunState::Done, 0), "{told}");
        undo_all(world, told);
        let wrong = differences(&first, &plain(world));
        assert!(wrong.is_empty(), "{told}: {wrong:#?}");
    });
}

#[test]
fn pictures_that_are_gone_for_a_moment_are_no_proof_that_the_server_drops_them() {
    let habits = habits(PictureEdit::Takes, TagEdit::Adds);
    let generated = films(120, habits);
    let world = World::new(&generated, habits);
    let emulator = world.emulator.clone();
    let actors: Vec<(u64, String)> = pictures(&world)
        .into_iter()
        .flat_map(|(path, actors)| {
            let key = emulator.key_of(&path).expect("it is there");
            actors.into_keys().map(move |actor| (key, actor))
        })
        .collect();
    let set = move |picture: &str| {
        for (key, actor) in &actors {
            emulator.set_actor_picture(*key, actor, picture);
        }
    };
    set("https://agent.invalid/1");
    let (mut is_written, mut looks) = (false, 0);
    world.transport.through(move |line| {
        is_written |= line.starts_with("PUT ");
        looks += usize::from(is_written && line.starts_with("GET "));
        match looks {
            1 if line.starts_with("GET ") => set(""),
            2 if line.starts_with("GET ") => set("https://agent.invalid/1"),
            _ => {}
        }
        Through::AsItIs
    });
    let first = writes_of_a_sync(&world);
    world.transport.calm();
    world.clock.pass(Duration::from_mins(10));
    let round = generator::second_round(&generated, 7);
    generator::write_files(&world.films(), &round.changed).expect("room for the source");
    let second = writes_of_a_sync(&world);
    for (writes, least) in [(first, 100), (second, 1)] {
        let of_casts = writes.iter().filter(|line| line.contains("actor%5B0%5D"));
        assert!(of_casts.count() >= least, "{writes:#?}");
        let told = writes.iter().find(|line| line.contains("agent.invalid"));
        assert_eq!(told, None, "each is somebody's, and was not lost");
    }
}

#[test]
fn a_picture_that_was_chosen_while_a_cast_waited_to_be_written_is_not_told_as_it_was() {
    let mine = "https://person.invalid/mine.jpg";
    let is_agents = |picture: &Option<String>| {
        let picture = picture.as_deref();
        picture.is_some_and(|picture| picture.starts_with("https://agent.invalid/"))
    };
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(PictureEdit::Takes, tag_edit);
        let mut stayed = 0;
        at_every_commit(habits, |world, told| {
            let agents = pictures(world).into_iter().flat_map(|(path, actors)| {
                let agents = actors.into_iter().filter(|(_, one)| is_agents(one));
                agents.map(move |(actor, _)| (path.clone(), actor))
            });
            let agents: Vec<(String, String)> = agents.collect();
            for (path, actor) in &agents {
                let key = world.emulator.key_of(path).expect("it is there");
                world.emulator.set_actor_picture(key, actor, mine);
            }
            let mut are_mine = |when: &str| {
                let now = pictures(world);
                for (path, actor) in &agents {
                    // Some go with the sync.
                    if let Some(picture) = now[path].get(actor) {
                        stayed += 1;
                        let told = format!("{tag_edit:?}, {told}, {when}: {path}: {actor}");
                        assert_eq!(picture.as_deref(), Some(mine), "{told}");
                    }
                }
            };
            let synced = world.sync();
            assert_eq!(
                (synced.state, synced.conflicts),
                (RunState::Done, 0),
                "{told}"
            );
            are_mine("after the sync");
            undo_all(world, told);
            are_mine("after undo");
        });
        assert!(stayed >= 20, "{stayed} pictures of actors who stay");
    }
}

#[test]
fn pictures_that_were_dropped_are_told_again_although_a_poster_cannot_go() {
    let habits = habits(PictureEdit::Takes, TagEdit::Replaces);
    let plan = Plan {
        seed: 11,
        films: 20,
        image: (12, 18),
        odd: false,
        ..Plan::default()
    };
    let generated = generator::generate(&plan.under(habits));
    let world = World::new(&generated, habits);
    let mut posters = poster_files(&generated, &world);
    assert!(posters.len() >= 20, "{} pictures", posters.len());
    // All is planned when the first picture goes.
    world.transport.through(move |line| {
        if line.starts_with("POST ") {
            for poster in posters.drain(..) {
                std::fs::remove_file(poster).expect("it is there");
            }
        }
        Through::AsItIs
    });
    let (synced, report) = synced_and_told(&world);
    assert_eq!(synced.state, RunState::DoneWithFailures, "{synced:#?}");
    let wrong = generated.expected.check(&world.emulator.state());
    let casts = wrong.iter().filter(|line| line.contains(": actor: "));
    assert_eq!(casts.collect::<Vec<_>>(), Vec::<&String>::new());
    let failed = report.failed.iter().flat_map(|failed| &failed.fields);
    let cast = failed.filter(|field| **field == Field::Actors);
    assert_eq!(cast.count(), 0, "{:#?}", report.failed);
}
