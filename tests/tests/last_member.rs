//! The last member of a collection that somebody else made stays until a person says that it may go: Plex would remove the
//! collection with it.

use std::time::Duration;

use syncslate_emulator::generator::FILMS_SECTION;
use syncslate_emulator::seed::{SeedCollection, SeedValues};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{Choice, Command};
use syncslate_engine::model::{Field, Kept, KeptReason, ListMode, Policy};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World};

use crate::collections::{
    Films, SAGA, collection, decide, media, says, sync, there, undo, world_of,
};

const ELSEWHERE: &str = "<set>Elsewhere</set>";

fn in_saga() -> String {
    format!("<set>{SAGA}</set>")
}

/// Films of which some are in a collection that a person made and described. Collections mirror the source.
fn start(films: &Films, in_saga: &[&str], habits: Habits) -> World {
    let mut generated = world_of(films);
    let section = &mut generated.seed.sections[0];
    for title in in_saga {
        let mut items = section.items.iter_mut();
        let item = items.find(|item| item.files.contains(&media(title)));
        let item = item.expect("it is a film of this world");
        item.agent.collections = Some(vec![SAGA.to_owned()]);
    }
    section.collections.push(SeedCollection {
        title: SAGA.to_owned(),
        edited: SeedValues {
            summary: Some("Mine.".to_owned()),
            ..SeedValues::default()
        },
        ..SeedCollection::default()
    });
    mirrored(World::new(&generated, habits))
}

fn mirrored(mut world: World) -> World {
    let modes = &mut world.settings.list_modes;
    modes.insert(Field::Collections, ListMode::Mirror);
    world
}

fn kept(world: &World) -> Vec<Kept> {
    let report = world.live(&Life::default(), async |handle| handle.report().await);
    let kept = report
        .expect("nobody kills it")
        .expect("it can be read")
        .kept;
    kept.into_iter().map(|kept| kept.kept).collect()
}

fn moved(titles: &[&'static str]) -> Films {
    let films = titles.iter();
    films.map(|title| (*title, ELSEWHERE.to_owned())).collect()
}

#[test]
fn it_stays_until_a_person_says_that_it_may_go() {
    for habits in Habits::BOTH {
        let titles = ["Ash", "Birch", "Cedar"];
        let world = start(&moved(&titles), &titles, habits);
        let before = world.state();
        assert_eq!(sync(&world).kept, 1);
        let left = there(&world, SAGA);
        assert_eq!(left.members, [media("Cedar")].into());
        assert_eq!(left.fields["summary"], "Mine.");
        // It joined the other all the same.
        assert_eq!(there(&world, "Elsewhere").members.len(), 3);
        let kept = kept(&world);
        assert_eq!(kept.len(), 1, "{kept:#?}");
        assert_eq!(
            (kept[0].field, kept[0].reason),
            (Field::Collections, KeptReason::LastMember)
        );

        let again = sync(&world);
        assert_eq!((again.written, again.changed), (0, 0), "{again:#?}");

        let cedar = world.emulator.key_of(&media("Cedar"));
        decide(
            &world,
            cedar.expect("it is there"),
            Field::Collections,
            Choice::UseSource,
        );
        assert_eq!(sync(&world).written, 1);
        assert_eq!(collection(&world, SAGA), None);
        assert_eq!(sync(&world).changed, 0);
        undo(&world);
        undo(&world);
        let after = world.state();
        let members = |state: &LibraryState| {
            let collections = &state.sections[FILMS_SECTION].collections;
            let of = collections.iter();
            of.map(|(title, it)| (title.clone(), it.members.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(members(&after), members(&before));
    }
}

#[test]
fn one_whose_place_others_take_goes_once_they_are_there() {
    for (leaves, joins) in [("Ash", "Birch"), ("Birch", "Ash")] {
        let films: Films = [(leaves, ELSEWHERE.to_owned()), (joins, in_saga())].into();
        let world = start(&films, &[leaves], Habits::default());
        sync(&world);
        let both = there(&world, SAGA);
        assert_eq!(both.members, [media("Ash"), media("Birch")].into());
        assert_eq!(both.fields["summary"], "Mine.");
        assert_eq!(sync(&world).written, 1);
        let after = there(&world, SAGA);
        assert_eq!(after.members, [media(joins)].into());
        assert_eq!(after.fields["summary"], "Mine.");
        assert_eq!(kept(&world), []);
        assert_eq!(sync(&world).changed, 0);
    }
}

#[test]
fn where_others_stay_each_goes() {
    let mut films = moved(&["Ash", "Birch"]);
    films.insert("Cedar", in_saga());
    let world = start(&films, &["Ash", "Birch", "Cedar"], Habits::default());
    assert_eq!(sync(&world).kept, 0);
    assert_eq!(there(&world, SAGA).members, [media("Cedar")].into());
    says(&world, "Cedar", ELSEWHERE);
    assert_eq!(sync(&world).kept, 1);
    assert_eq!(there(&world, SAGA).members, [media("Cedar")].into());
}

fn alone(world: &World, title: &str) {
    let key = world.emulator.key_of(&media(title)).expect("it is there");
    let left = world
        .emulator
        .edit_as_person(key, "collection", Vec::<String>::new(), false);
    left.expect("a person may");
}

#[test]
fn a_job_that_waited_is_judged_again() {
    let films: Films = [("Ash", ELSEWHERE.to_owned()), ("Birch", String::new())].into();
    let mut waited = 0;
    for commit in 1..40 {
        let world = start(&films, &["Ash", "Birch"], Habits::default());
        let life = Life {
            crash: Some(Crash {
                commit,
                fate: CommitFate::CrashAfter,
            }),
            ..Life::default()
        };
        let ended = world.live(&life, async |handle| syncslate_tests::sync(handle).await);
        if ended.is_some() {
            break;
        }
        if !there(&world, SAGA).members.contains(&media("Ash")) {
            continue;
        }
        waited += 1;
        alone(&world, "Birch");
        world.clock.pass(Duration::from_mins(10));
        sync(&world);
        sync(&world);
        let left = there(&world, SAGA);
        assert_eq!(left.members, [media("Ash")].into(), "commit {commit}");
        assert_eq!(kept(&world).len(), 1, "commit {commit}");
    }
    assert!(waited > 3, "{waited}");
}

#[test]
fn an_undo_asks_too() {
    let films: Films = [("Ash", in_saga()), ("Birch", String::new())].into();
    let world = start(&films, &["Birch"], Habits::default());
    sync(&world);
    assert_eq!(there(&world, SAGA).members.len(), 2);
    alone(&world, "Birch");
    let undone = world.undo();
    assert_eq!(undone.conflicts, 1, "{undone:#?}");
    let left = there(&world, SAGA);
    assert_eq!(left.members, [media("Ash")].into());
    assert_eq!(left.fields["summary"], "Mine.");
}

#[test]
fn what_was_decided_of_something_else_does_not_let_it_go() {
    let mut world = start(&moved(&["Ash"]), &["Ash"], Habits::default());
    let policies = &mut world.settings.policies;
    policies.insert(Field::Collections, Policy::FillEmpty);
    sync(&world);
    assert_eq!(kept(&world)[0].reason, KeptReason::NotEmpty);
    let ash = world.emulator.key_of(&media("Ash")).expect("it is there");
    decide(&world, ash, Field::Collections, Choice::UseSource);
    sync(&world);
    assert_eq!(there(&world, SAGA).members, [media("Ash")].into());
    assert_eq!(there(&world, "Elsewhere").members, [media("Ash")].into());
    assert_eq!(kept(&world)[0].reason, KeptReason::LastMember);
}

#[test]
fn a_dry_run_says_so_and_keeps_nothing_for_itself() {
    let world = start(&moved(&["Ash"]), &["Ash"], Habits::default());
    let dry = Command::Sync {
        dry_run: true,
        limit: None,
        only: None,
        unattended: false,
    };
    let told = world.live(&Life::default(), async |handle| handle.run(dry).await);
    let told = told.expect("nobody kills it").expect("it may");
    assert_eq!((told.kept, told.changed), (1, 1), "{told:#?}");
    assert_eq!(world.emulator.statistics().changing(), 0);
    let made = sync(&world);
    assert_eq!((made.kept, made.written), (1, 1), "{made:#?}");
    assert_eq!(there(&world, SAGA).members, [media("Ash")].into());
}

#[test]
fn one_that_a_person_renamed_is_theirs() {
    let world = World::new(&world_of(&[("Ash", in_saga())].into()), Habits::default());
    let world = mirrored(world);
    sync(&world);
    let key = world.emulator.key_of_collection(SAGA).expect("it is there");
    let renamed = world.emulator.edit_as_person(key, "title", "Mine", true);
    renamed.expect("a person may");
    says(&world, "Ash", ELSEWHERE);
    sync(&world);
    assert_eq!(there(&world, "Mine").members, [media("Ash")].into());
    assert_eq!(kept(&world)[0].reason, KeptReason::LastMember);
}
