//! Actors' pictures, of which only trying tells whether a Plex server takes them.

use std::collections::BTreeMap;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan, actor_picture};
use syncslate_emulator::{CastEdit, Habits, PictureEdit, TagEdit};
use syncslate_engine::face::{CastTaken, RunState, Snapshot};
use syncslate_tests::{Life, Through, World, as_ordered_by, differences};

const IGNORED: &str =
    "This Plex server does not take the pictures of actors; they stay as Plex's agent has them.";

fn films(films: usize) -> Generated {
    generator::generate(&Plan {
        seed: 11,
        films,
        posters: false,
        odd: false,
        roles: true,
        actor_pictures: true,
        ..Plan::default()
    })
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
        let generated = films(40);
        let world = World::new(&generated, habits);
        let first = as_ordered_by(world.state(), habits);
        assert_eq!(snapshot(&world).actor_pictures, CastTaken::Unknown);

        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        let wrong = generated.expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        for (path, actors) in pictures(&world) {
            assert!(!actors.is_empty(), "{path}");
            for (actor, picture) in actors {
                assert_eq!(picture, Some(actor_picture(&actor)), "{path}: {actor}");
            }
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
        let generated = films(60);
        let world = World::new(&generated, habits(picture_edit, TagEdit::Adds));
        let said = world.live(&Life::default(), async |handle| {
            syncslate_tests::sync(handle).await;
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
    let world = World::new(&films(20), habits(PictureEdit::Ignores, TagEdit::Adds));
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
fn pictures_that_are_there_stay() {
    let world = World::new(&films(20), habits(PictureEdit::Takes, TagEdit::Adds));
    let agents = |actor: &str| format!("https://agent.invalid/{actor}");
    let before = pictures(&world);
    for (path, actors) in &before {
        let key = world.emulator.key_of(path).expect("it is there");
        for actor in actors.keys() {
            world.emulator.set_actor_picture(key, actor, &agents(actor));
        }
    }
    world.sync();
    let after = pictures(&world);
    let mut stayed = 0;
    for (path, actors) in &after {
        for (actor, picture) in actors {
            let was_there = before[path].contains_key(actor);
            stayed += usize::from(was_there);
            let expected = if was_there {
                agents(actor)
            } else {
                actor_picture(actor)
            };
            assert_eq!(picture.as_ref(), Some(&expected), "{path}: {actor}");
        }
    }
    assert!(stayed >= 10, "{stayed} actors were there before");
    assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());
    // Another one that somebody chose since is no question either.
    let (path, actors) = after.iter().next().expect("a film");
    let key = world.emulator.key_of(path).expect("it is there");
    for actor in actors.keys() {
        world.emulator.set_actor_picture(key, actor, &agents("new"));
    }
    assert_eq!(writes_of_a_sync(&world), Vec::<String>::new());
    let new = Some(agents("new"));
    assert!(
        pictures(&world)[path]
            .values()
            .all(|picture| *picture == new)
    );
}
