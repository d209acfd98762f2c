//! How what is known of collections is kept: as long as an undo needs it, and at a cost that does not grow with what
//! nobody touched.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use syncslate_emulator::Habits;
use syncslate_engine::face::{Command, RunState};
use syncslate_engine::model::{Field, ListMode};
use syncslate_engine::report::{Observer, PlannedItem};
use syncslate_tests::{Life, Through, Way, World};

use crate::collections::{Films, SAGA, collection, done, says, start, sync, there, undo};

fn world_of_own(films: &Films) -> World {
    let mut world = start(films, Habits::default());
    world
        .settings
        .list_modes
        .insert(Field::Collections, ListMode::Own);
    world
}

#[test]
fn a_numbered_one_that_went_with_its_last_member_is_syncslates_again_after_an_undo() {
    let numbered = format!("<set order=\"1\">{SAGA}</set>");
    let world = world_of_own(&[("Ash", numbered)].into());
    sync(&world);
    says(&world, "Ash", "<set>Elsewhere</set>");
    sync(&world);
    assert_eq!(collection(&world, SAGA), None);
    undo(&world);
    there(&world, SAGA);
    let described = format!("<set><name>{SAGA}</name><overview>Ours.</overview></set>");
    says(&world, "Ash", &described);
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Ours.");
}

#[test]
fn one_that_is_made_anew_does_not_say_what_nobody_says_of_it_any_more() {
    let described = format!("<set order=\"1\"><name>{SAGA}</name><overview>Ours.</overview></set>");
    let world = world_of_own(&[("Ash", described)].into());
    sync(&world);
    says(&world, "Ash", "<set>Elsewhere</set>");
    sync(&world);
    assert_eq!(collection(&world, SAGA), None);
    says(&world, "Ash", &format!("<set>{SAGA}</set>"));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields.get("summary"), None);
    says(
        &world,
        "Ash",
        &format!("<set><name>{SAGA}</name><overview>Again.</overview></set>"),
    );
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Again.");
}

/// Two films to each of so many collections.
fn pairs(count: usize) -> Vec<[&'static str; 2]> {
    let film = |title: &str, number| &*Box::leak(format!("{title} {number:03}").into_boxed_str());
    (0..count)
        .map(|number| [film("Ash", number), film("Birch", number)])
        .collect()
}

/// What a film says: its collection, and its place there.
fn set(number: usize, place: Option<usize>) -> String {
    let place = place.map(|place| format!(" order=\"{place}\""));
    format!("<set{}>{SAGA} {number:03}</set>", place.unwrap_or_default())
}

/// So many collections; with `numbered`, in the order in which Plex shows them anyway.
fn many(count: usize, numbered: bool) -> Films {
    let pairs = pairs(count).into_iter().enumerate();
    pairs
        .flat_map(|(number, films)| {
            let places = films.into_iter().enumerate();
            places.map(move |(at, film)| (film, set(number, numbered.then_some(at))))
        })
        .collect()
}

/// From now on each collection's films are numbered the other way round.
fn turn(world: &World, count: usize) {
    for (number, films) in pairs(count).into_iter().enumerate() {
        for (at, film) in films.into_iter().enumerate() {
            says(world, film, &set(number, Some(2 - at)));
        }
    }
}

/// How many requests went out whose address holds this.
fn sent(world: &World, part: &str) -> usize {
    let log = world.transport.log();
    log.iter()
        .filter(|logged| logged.line.contains(part))
        .count()
}

/// Has a person cancel a run at its first request whose address holds this.
fn cancel_at(world: &World, part: &'static str, command: Command) {
    cancel_at_nth(world, part, 1, command);
}

fn cancel_at_nth(world: &World, part: &'static str, nth: usize, command: Command) {
    let (sender, mut reached) = tokio::sync::mpsc::unbounded_channel();
    let mut count = 0;
    world.transport.through(move |line| {
        count += usize::from(line.contains(part));
        if count == nth {
            let _ = sender.send(());
        }
        Through::AsItIs
    });
    world.transport.set_way(Way::of(Duration::from_millis(50)));
    let summary = world
        .live(&Life::default(), async |handle| {
            let steer = async {
                reached.recv().await;
                let cancelled = handle.command(Command::Cancel).await;
                cancelled.expect("the engine lives");
            };
            let run = handle.run(command);
            futures::future::join(run, steer).await.0
        })
        .expect("nothing kills this life")
        .expect("it begins");
    world.transport.calm();
    assert_eq!(summary.state, RunState::Cancelled, "{summary:#?}");
}

const SYNC: Command = Command::Sync {
    dry_run: false,
    limit: None,
    only: None,
    unattended: false,
};

#[test]
fn a_cancelled_sync_looks_at_the_order_of_no_other_collection() {
    let world = start(&many(4, true), Habits::default());
    cancel_at(&world, "/children", SYNC);
    assert_eq!(sent(&world, "/children"), 1);
    // What was left open is looked at by the next one.
    sync(&world);
    assert!(sent(&world, "/children") >= 4);
}

#[test]
fn a_cancelled_sync_does_not_change_how_a_collection_is_shown() {
    let world = start(&many(4, false), Habits::default());
    sync(&world);
    turn(&world, 4);
    cancel_at(&world, "/children", SYNC);
    assert_eq!(sent(&world, "/prefs"), 0);
    sync(&world);
    assert_eq!(sent(&world, "/prefs"), 4);
}

#[test]
fn a_cancelled_undo_takes_back_the_order_of_no_other_collection() {
    let world = start(&many(4, false), Habits::default());
    sync(&world);
    turn(&world, 4);
    let run = sync(&world).run;
    assert_eq!(sent(&world, "/prefs"), 4);
    let back = Command::Undo { run: Some(run) };
    cancel_at(&world, "/prefs", back.clone());
    assert_eq!(sent(&world, "/prefs"), 5);
    let done = world.undo_run(run);
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(sent(&world, "/prefs"), 8);
    assert_eq!(there(&world, "Saga 003").sort, 0);
}

/// Of one section; its path goes on with what is asked for.
const LISTED: &str = "/library/sections/1/collections?";

#[test]
fn an_undo_lists_a_sections_collections_once_however_many_were_ordered() {
    let world = start(&many(4, false), Habits::default());
    sync(&world);
    turn(&world, 4);
    let run = sync(&world).run;
    let before = sent(&world, LISTED);
    assert!(before > 0);
    let done = world.undo_run(run);
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(sent(&world, LISTED) - before, 1);
}

#[test]
fn many_that_are_looked_at_again_take_no_commit_each() {
    const COUNT: usize = 40;
    let world = start(&many(COUNT, true), Habits::default());
    sync(&world);
    for (number, films) in pairs(COUNT).into_iter().enumerate() {
        for (at, film) in films.into_iter().enumerate() {
            says(&world, film, &set(number, Some(10 + at)));
        }
    }
    let looked_at = sent(&world, "/children");
    let commits = Arc::new(AtomicU64::new(0));
    let life = Life {
        count: Some(Arc::clone(&commits)),
        ..Life::default()
    };
    let told = world.live(&life, async |handle| handle.run(SYNC).await);
    done(&told.expect("nothing kills it").expect("it begins"));
    assert_eq!(sent(&world, "/children") - looked_at, COUNT);
    let commits = commits.load(Ordering::SeqCst);
    assert!(commits < 10, "{commits}");
}

/// The titles of which a preview says that something would be written.
#[derive(Default)]
struct Planned(Mutex<Vec<String>>);

impl Observer for Planned {
    fn planned(&self, item: &PlannedItem<'_>) {
        if !item.changes.is_empty() {
            self.0
                .lock()
                .expect("no test died")
                .push(item.title.to_owned());
        }
    }
}

#[test]
fn a_preview_tells_of_what_an_earlier_run_left_open() {
    let said = format!("<set><name>{SAGA}</name><overview>Ours.</overview></set>");
    let world = start(&[("Ash", said)].into(), Habits::default());
    // The second listing tells the key of the one that came into being.
    cancel_at_nth(&world, LISTED, 2, SYNC);
    assert_eq!(there(&world, SAGA).fields.get("summary"), None);
    let planned = Arc::new(Planned::default());
    let life = Life {
        observer: planned.clone(),
        ..Life::default()
    };
    let preview = Command::Sync {
        dry_run: true,
        limit: None,
        only: None,
        unattended: false,
    };
    let before = world.state();
    let told = world.live(&life, async |handle| handle.run(preview).await);
    let told = told.expect("nothing kills it").expect("it begins");
    assert_eq!(told.changed, 1, "{told:#?}");
    assert_eq!(*planned.0.lock().expect("no test died"), [SAGA]);
    assert_eq!(world.state(), before);
    let next = sync(&world);
    assert_eq!(next.written, 1, "{next:#?}");
    assert_eq!(there(&world, SAGA).fields["summary"], "Ours.");
}
