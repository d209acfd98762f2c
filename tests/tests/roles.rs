//! Actors' roles, of which only trying tells whether a Plex server takes them.

use std::collections::BTreeMap;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan};
use syncslate_emulator::{CastEdit, Habits, LibraryState, RoleState, TagEdit};
use syncslate_engine::face::{About, CastTaken, Choice, Command, Decision, RunState, Snapshot};
use syncslate_engine::model::{Field, KeptReason, Policy};
use syncslate_tests::{Life, Through, World, as_ordered_by, differences};

const IGNORED: &str =
    "This Plex server does not take the roles of actors; they stay as Plex's agent has them.";

fn films(roles: bool, films: usize) -> Generated {
    generator::generate(&Plan {
        seed: 11,
        films,
        posters: false,
        odd: false,
        roles,
        ..Plan::default()
    })
}

fn habits(cast_edit: CastEdit, tag_edit: TagEdit) -> Habits {
    Habits {
        cast_edit,
        tag_edit,
        ..Habits::default()
    }
}

fn snapshot(world: &World) -> Snapshot {
    world
        .live(&Life::default(), async |handle| handle.snapshot().0)
        .expect("nothing kills this life")
}

/// What actors of a film play, by their names.
fn roles(world: &World, path: &str) -> BTreeMap<String, String> {
    let item = world
        .emulator
        .state()
        .item(path)
        .expect("it is there")
        .clone();
    let roles = item.roles.into_iter();
    roles
        .filter_map(|(actor, role)| Some((actor, role.role?)))
        .collect()
}

#[test]
fn a_server_that_takes_roles_has_them_after_one_sync_and_gets_its_own_back() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(CastEdit::Takes, tag_edit);
        let generated = films(true, 40);
        let world = World::new(&generated, habits);
        let first = as_ordered_by(world.state(), habits);
        assert_eq!(snapshot(&world).roles, CastTaken::Unknown);

        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        let wrong = generated.expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        assert_eq!(snapshot(&world).roles, CastTaken::Taken);

        let from = world.transport.log().len();
        let again = world.sync();
        assert_eq!(again.changed, 0, "{again:#?}");
        assert_eq!(world.transport.writes_since(from), Vec::<String>::new());

        let undone = world.undo();
        assert_eq!(
            (undone.state, undone.conflicts),
            (RunState::Done, 0),
            "{undone:#?}"
        );
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

#[test]
fn a_server_that_ignores_roles_is_asked_once_and_not_again() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(CastEdit::Ignores, tag_edit);
        // Agents tell roles, and nothing is expected of those.
        let expected = films(false, 60).expected.only(&[FILMS_SECTION]);
        let world = World::new(&films(true, 60), habits);
        let first = world.state();

        let synced = world.sync();
        assert_eq!(
            (synced.state, synced.kept),
            (RunState::Done, 0),
            "{synced:#?}"
        );
        let wrong = expected.check(&world.emulator.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        if tag_edit == TagEdit::Adds {
            // Of every film one of the agent's actors stays, and plays what the agent said.
            let state = world.emulator.state();
            let films = state.sections[FILMS_SECTION].items.values();
            let roles: Vec<_> = films.flat_map(|film| film.roles.values()).collect();
            assert_eq!(roles.len(), 60);
            let is_agents = |role: &&RoleState| role.role.as_deref() == Some("Somebody");
            assert!(roles.iter().all(is_agents));
        }
        let told = snapshot(&world);
        assert_eq!(told.roles, CastTaken::Ignored);
        assert_eq!(told.conflicts + told.failed, 0);

        let shown = world.live(&Life::default(), async |handle| {
            let planned = handle.run(dry_run()).await.expect("it begins");
            let problems = handle.snapshot().0.problems;
            (planned, problems)
        });
        let (planned, problems) = shown.expect("nothing kills this life");
        assert_eq!((planned.changed, planned.kept), (0, 0), "{planned:#?}");
        assert!(
            problems.iter().all(|problem| problem.message != IGNORED),
            "said once"
        );
        let from = world.transport.log().len();
        let again = world.sync();
        assert_eq!(again.changed, 0, "{again:#?}");
        assert_eq!(world.transport.writes_since(from), Vec::<String>::new());
        // No role is sent any more.
        let path = some_film(&world);
        let page = std::fs::read_to_string(world.nfo_of(&path)).expect("it is there");
        let page = page.replacen(
            "<actor>",
            "<actor><name>One More</name><role>Mine</role></actor><actor>",
            1,
        );
        std::fs::write(world.nfo_of(&path), page).expect("room");
        let next = world.sync();
        assert_eq!((next.written, next.fields_written), (1, 1), "{next:#?}");
        let sent = world.transport.writes_since(from).concat();
        assert!(
            sent.contains("One%20More") && !sent.contains("tagging"),
            "{sent}"
        );

        world.undo();
        world.undo();
        // What the agent said of the roles of actors that went does not come back: this server cannot be told.
        let left = with_roles_of(as_ordered_by(world.state(), habits), &first);
        let wrong = differences(&as_ordered_by(first, habits), &left);
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

#[test]
fn that_roles_are_ignored_is_said_when_it_is_found_out() {
    let generated = films(false, 12);
    let world = World::new(&generated, habits(CastEdit::Ignores, TagEdit::Adds));
    let said = world.live(&Life::default(), async |handle| {
        syncslate_tests::sync(handle).await;
        handle.snapshot().0
    });
    let said = said.expect("nothing kills this life");
    assert_eq!(said.roles, CastTaken::Ignored);
    let problems: Vec<&str> = said
        .problems
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(problems, [IGNORED]);
}

#[test]
fn another_version_is_asked_again_and_jobs_that_would_change_roles_alone_end_unsent() {
    let generated = films(false, 500);
    let world = World::new(&generated, habits(CastEdit::Ignores, TagEdit::Adds));
    world.sync();
    assert_eq!(snapshot(&world).roles, CastTaken::Ignored);
    // Every cast has the source's names by now, and no role of the source.
    become_version(&world, "1.44.0.1");
    let log = world.transport.log().len();
    let synced = world.sync();
    assert_eq!(synced.state, RunState::Done, "{synced:#?}");
    let writes = world.transport.writes_since(log);
    assert!(
        writes.iter().all(|line| line.contains("tagging")),
        "roles alone"
    );
    assert_eq!(writes.len(), 8, "so many ask, all others wait");
    assert_eq!(synced.written, count(writes.len()), "{synced:#?}");
    assert_eq!(
        synced.changed, synced.written,
        "what came to nothing does not count"
    );
    assert_eq!(snapshot(&world).roles, CastTaken::Ignored);
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");

    let log = world.transport.log().len();
    let again = world.sync();
    assert_eq!(
        (again.changed, again.kept, again.conflicts),
        (0, 0, 0),
        "{again:#?}"
    );
    assert_eq!(world.transport.writes_since(log), Vec::<String>::new());
}

#[test]
fn a_version_that_takes_roles_gets_them_after_one_that_did_not() {
    let generated = films(true, 40);
    let world = World::new(&generated, habits(CastEdit::Takes, TagEdit::Adds));
    become_version_without_roles(&world);
    world.sync();
    assert_eq!(snapshot(&world).roles, CastTaken::Ignored);
    assert!(!generated.expected.check(&world.emulator.state()).is_empty());

    become_version(&world, "1.44.0.1");
    let synced = world.sync();
    assert_eq!(
        (synced.state, synced.conflicts),
        (RunState::Done, 0),
        "{synced:#?}"
    );
    assert_eq!(snapshot(&world).roles, CastTaken::Taken);
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
    let log = world.transport.log().len();
    world.sync();
    assert_eq!(world.transport.writes_since(log), Vec::<String>::new());
}

#[test]
fn a_role_that_a_person_entered_stays_until_they_decide_for_the_source() {
    let generated = films(true, 10);
    let world = World::new(&generated, habits(CastEdit::Takes, TagEdit::Adds));
    world.sync();
    let path = some_film(&world);
    enter_a_role(&world, &path);
    let mine = roles(&world, &path);
    let synced = world.sync();
    assert_eq!((synced.kept, synced.written), (1, 0), "{synced:#?}");
    assert_eq!(roles(&world, &path), mine);
    // The source changes another role of the film: both sides have a claim now.
    let page = std::fs::read_to_string(world.nfo_of(&path)).expect("it is there");
    let page = page.replace("</role>", " again</role>");
    std::fs::write(world.nfo_of(&path), page).expect("room");
    let synced = world.sync();
    assert_eq!((synced.conflicts, synced.written), (1, 0), "{synced:#?}");
    assert_eq!(roles(&world, &path), mine);
    world.live(&Life::default(), async |handle| {
        let decision = Decision {
            choice: Choice::UseSource,
            item: None,
            field: Some(Field::Actors),
            about: About::Conflicts,
        };
        let settled = handle.command(Command::Settle { decision }).await;
        settled.expect("it can be decided");
    });
    let synced = world.sync();
    assert_eq!((synced.conflicts, synced.written), (0, 1), "{synced:#?}");
    let now = roles(&world, &path);
    assert!(now.values().all(|role| role.ends_with(" again")), "{now:?}");
}

#[test]
fn roles_of_a_locked_cast_stay_a_persons_whatever_becomes_known_of_the_server() {
    let generated = films(true, 20);
    for knows_names_alone in [false, true] {
        let world = World::new(&generated, habits(CastEdit::Takes, TagEdit::Adds));
        world.sync();
        let path = some_film(&world);
        enter_a_role(&world, &path);
        let mine = roles(&world, &path);
        // All records are lost, so that this cast is locked by nobody knows whom.
        std::fs::remove_dir_all(world.data()).expect("the data folder can go");
        if knows_names_alone {
            become_version_without_roles(&world);
            // A cast that is written tells that roles are ignored.
            let other = another_film(&world, &path);
            let key = world.emulator.key_of(&other).expect("it is there");
            world
                .emulator
                .unlock_as_person(key, "actor")
                .expect("it can be unlocked");
            let page = std::fs::read_to_string(world.nfo_of(&other)).expect("it is there");
            let one_more = "<actor><name>One More</name><role>Somebody</role></actor><actor>";
            let page = page.replacen("<actor>", one_more, 1);
            std::fs::write(world.nfo_of(&other), page).expect("room");
        }
        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        assert_eq!(roles(&world, &path), mine, "{knows_names_alone}");
        let known = snapshot(&world).roles;
        assert_eq!(known == CastTaken::Ignored, knows_names_alone);
        for version in ["1.44.0.1", "1.45.0.1"] {
            become_version(&world, version);
            let synced = world.sync();
            assert_eq!(synced.state, RunState::Done, "{synced:#?}");
            assert_eq!(roles(&world, &path), mine, "{knows_names_alone} {version}");
        }
        let report = world.live(&Life::default(), async |handle| handle.report().await);
        let kept = report
            .expect("nothing kills this life")
            .expect("a report")
            .kept;
        let asked = kept.iter().filter(|item| {
            item.kept.field == Field::Actors && item.kept.reason == KeptReason::LockedBefore
        });
        assert_eq!(asked.count(), 1, "{knows_names_alone}");
    }
}

#[test]
fn roles_under_a_lock_that_are_written_over_come_back_with_an_undo() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = habits(CastEdit::Takes, tag_edit);
        let generated = films(true, 10);
        let mut world = World::new(&generated, habits);
        world.settings.policies = BTreeMap::from([(Field::Actors, Policy::SourceIsRight)]);
        let paths: Vec<String> = {
            let state = world.emulator.state();
            state.sections[FILMS_SECTION]
                .items
                .keys()
                .cloned()
                .collect()
        };
        for path in &paths {
            let key = world.emulator.key_of(path).expect("it is there");
            world
                .emulator
                .lock_as_person(key, "actor")
                .expect("it can be locked");
        }
        let first = as_ordered_by(world.state(), habits);
        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        let path = some_film(&world);
        assert!(!roles(&world, &path).is_empty());
        let wrong = generated.expected.check(&world.emulator.state());
        let of_roles: Vec<_> = wrong.iter().filter(|line| line.contains("role")).collect();
        assert!(of_roles.is_empty(), "{habits:?}: {of_roles:#?}");
        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
    }
}

fn dry_run() -> Command {
    Command::Sync {
        dry_run: true,
        limit: None,
        only: None,
        unattended: false,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("few")
}

/// The version does not know the word.
fn become_version_without_roles(world: &World) {
    world
        .transport
        .through(|line| match line.split_once("/library/") {
            Some((_, path)) if path.contains("tagging") => {
                let mut kept = path.split('&');
                let first = kept.next().unwrap_or_default().to_owned();
                let rest = kept.filter(|part| !part.contains("tagging"));
                let path = rest.fold(format!("/library/{first}"), |path, part| path + "&" + part);
                Through::Instead(path)
            }
            _ => Through::AsItIs,
        });
}

/// A person has an actor of a film play something else.
fn enter_a_role(world: &World, path: &str) {
    let held = roles(world, path);
    let actor = held.keys().next().expect("a role");
    let key = world.emulator.key_of(path).expect("it is there");
    world
        .emulator
        .set_role_as_person(key, actor, "Mine")
        .expect("it can be entered");
}

/// The server is updated.
fn become_version(world: &World, version: &'static str) {
    let now = "1.43.0.10162-b67a664ed".to_owned();
    world
        .transport
        .through(move |_| Through::Replaced(now.clone(), version.to_owned()));
}

/// A film with an actor who plays something by the source.
fn some_film(world: &World) -> String {
    let state = world.emulator.state();
    let films = state.sections[FILMS_SECTION].items.keys();
    films
        .filter(|path| {
            let page = std::fs::read_to_string(world.nfo_of(path)).unwrap_or_default();
            page.contains("<actor>") && page.contains(" the ") && !page.contains("<role></role>")
        })
        .min()
        .expect("a film")
        .clone()
}

fn another_film(world: &World, than: &str) -> String {
    let state = world.emulator.state();
    let mut films = state.sections[FILMS_SECTION].items.keys();
    let other = films.find(|path| {
        let page = std::fs::read_to_string(world.nfo_of(path)).unwrap_or_default();
        path.as_str() != than && page.contains("<actor>")
    });
    other.expect("a second film").clone()
}

/// The library with the roles of another.
fn with_roles_of(mut state: LibraryState, other: &LibraryState) -> LibraryState {
    for (title, section) in &mut state.sections {
        for (name, item) in &mut section.items {
            item.roles
                .clone_from(&other.sections[title].items[name].roles);
        }
    }
    state
}
