//! Collections from beginning to end: those that a sync makes say what the source says of them, in the source's order;
//! others get members and nothing else; a person's word stands; and everything can be taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use sha1::{Digest, Sha1};
use syncslate_emulator::generator::{self, FILMS_SECTION, File, Generated, PLEX_FILMS, Plan};
use syncslate_emulator::seed::{SeedCollection, SeedItem, SeedValues};
use syncslate_emulator::{CollectionState, Habits, Options, RouteKind};
use syncslate_engine::face::{About, Choice, Command, Decision, Reply, RunState, RunSummary};
use syncslate_engine::model::{Field, ListMode};
use syncslate_tests::{Life, World, differences};

pub(super) const SAGA: &str = "Saga";

/// The films of a world, by title: what their .nfo says besides the title.
pub(super) type Films = BTreeMap<&'static str, String>;

pub(super) fn set(overview: &str) -> String {
    format!("<set><name>{SAGA}</name><overview>{overview}</overview></set>")
}

pub(super) fn saga(titles: &[&'static str], overview: &str) -> Films {
    titles.iter().map(|title| (*title, set(overview))).collect()
}

fn nfo(title: &str, says: &str) -> Vec<u8> {
    format!("<movie><title>{title}</title>{says}</movie>").into_bytes()
}

pub(super) fn media(title: &str) -> String {
    format!("{PLEX_FILMS}/{title}/{title}.mkv")
}

/// Films in a folder each, in Plex without anything but a title and a date in order of title.
pub(super) fn world_of(films: &Films) -> Generated {
    let mut world = generator::generate(&Plan {
        seed: 1,
        films: 1,
        shows: 0,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    world.seed.sections[0].items = films
        .keys()
        .enumerate()
        .map(|(at, title)| SeedItem {
            files: vec![media(title)],
            agent: SeedValues {
                guid: Some(format!("plex://movie/{at:024}")),
                title: Some((*title).to_owned()),
                date: Some(format!("{}-01-01", 1990 + at)),
                ..SeedValues::default()
            },
            ..SeedItem::default()
        })
        .collect();
    world.tree = films
        .iter()
        .flat_map(|(title, says)| {
            let file = |name: String, bytes: Vec<u8>| File {
                path: format!("{title}/{name}"),
                bytes,
            };
            [
                file(format!("{title}.nfo"), nfo(title, says)),
                file(format!("{title}.mkv"), Vec::new()),
            ]
        })
        .collect();
    world
}

pub(super) fn start(films: &Films, habits: Habits) -> World {
    World::new(&world_of(films), habits)
}

/// Two pictures that can be sent.
fn pictures() -> [Vec<u8>; 2] {
    let world = generator::generate(&Plan {
        seed: 4,
        films: 12,
        image: (40, 60),
        odd: false,
        ..Plan::default()
    });
    let mut bytes: Vec<Vec<u8>> = world
        .tree
        .into_iter()
        .filter(|file| file.bytes.starts_with(b"\xff\xd8"))
        .map(|file| file.bytes)
        .collect();
    bytes.dedup();
    let last = bytes.pop().expect("a picture");
    [last, bytes.swap_remove(0)]
}

fn sha1(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha1::digest(bytes) {
        write!(hex, "{byte:02x}").expect("a text takes everything");
    }
    hex
}

pub(super) fn path(world: &World, title: &str, name: &str) -> PathBuf {
    world.films().join(title).join(name)
}

/// The film's .nfo says something else from now on.
pub(super) fn says(world: &World, title: &str, says: &str) {
    world.clock.pass(Duration::from_mins(5));
    std::fs::write(
        path(world, title, &format!("{title}.nfo")),
        nfo(title, says),
    )
    .expect("room for it");
}

pub(super) fn collection(world: &World, title: &str) -> Option<CollectionState> {
    let state = world.state();
    state.sections[FILMS_SECTION]
        .collections
        .get(title)
        .cloned()
}

pub(super) fn there(world: &World, title: &str) -> CollectionState {
    collection(world, title).unwrap_or_else(|| panic!("{title} is there"))
}

pub(super) fn members(titles: &[&str]) -> BTreeSet<String> {
    titles.iter().map(|title| media(title)).collect()
}

pub(super) fn done(summary: &RunSummary) {
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    assert_eq!(summary.failed, 0, "{summary:#?}");
}

pub(super) fn sync(world: &World) -> RunSummary {
    let summary = world.sync();
    done(&summary);
    summary
}

pub(super) fn undo(world: &World) -> RunSummary {
    let summary = world.undo();
    done(&summary);
    assert_eq!(summary.conflicts, 0, "{summary:#?}");
    summary
}

fn asked(world: &World) -> u64 {
    let statistics = world.emulator.statistics();
    [RouteKind::Collections, RouteKind::CollectionItems]
        .iter()
        .map(|kind| statistics.count(*kind))
        .sum()
}

#[test]
fn one_that_a_sync_makes_says_what_the_source_says_and_an_undo_takes_it_all_back() {
    for habits in Habits::BOTH {
        let world = start(
            &saga(
                &["Ash", "Birch", "Cedar"],
                "Trees, and what became of them.",
            ),
            habits,
        );
        let [poster, fanart] = pictures();
        std::fs::write(path(&world, "Ash", "movieset-poster.jpg"), &poster).expect("room");
        std::fs::write(path(&world, "Birch", "movieset-fanart.jpg"), &fanart).expect("room");
        let first = world.state();
        sync(&world);
        let made = there(&world, SAGA);
        assert_eq!(made.members, members(&["Ash", "Birch", "Cedar"]));
        assert_eq!(made.fields["summary"], "Trees, and what became of them.");
        assert_eq!(made.poster, Some(sha1(&poster)));
        assert_eq!(made.background, Some(sha1(&fanart)));
        let locks: Vec<&str> = made.locks.iter().map(String::as_str).collect();
        assert_eq!(locks, ["art", "summary", "thumb"]);

        let after = world.state();
        world.emulator.reset_statistics();
        let again = sync(&world);
        assert_eq!((again.changed, again.written), (0, 0), "{again:#?}");
        assert_eq!(asked(&world), 0, "nothing changed, so nothing is asked");
        assert_eq!(world.state(), after);

        undo(&world);
        let wrong = differences(&first, &world.state());
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        // And whoever syncs again gets all of it again.
        sync(&world);
        let remade = there(&world, SAGA);
        assert_eq!(
            (&remade.fields, &remade.poster, &remade.background),
            (&made.fields, &made.poster, &made.background)
        );
    }
}

#[test]
fn what_changes_in_the_source_is_written_and_taken_back_alone() {
    let world = start(&saga(&["Ash", "Birch"], "First."), Habits::default());
    sync(&world);
    let before = world.state();
    // The first by name speaks for the collection.
    says(&world, "Birch", &set("Second."));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "First.");
    let sorted = format!(
        "<set><name>{SAGA}</name><overview>Third.</overview><sorttitle>Saga 0</sorttitle></set>"
    );
    says(&world, "Ash", &sorted);
    let third = sync(&world);
    assert_eq!(third.written, 1, "the collection alone: {third:#?}");
    let now = there(&world, SAGA);
    assert_eq!(
        (&now.fields["summary"][..], &now.fields["titleSort"][..]),
        ("Third.", "Saga 0")
    );
    undo(&world);
    let wrong = differences(&before, &world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Third.");
    // Once the first is gone, the other one counts.
    std::fs::remove_file(path(&world, "Ash", "Ash.nfo")).expect("it is there");
    says(&world, "Birch", &set("Fourth."));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Fourth.");
}

#[test]
fn a_persons_words_stay_and_what_they_renamed_is_theirs() {
    let mut films = saga(&["Ash", "Birch"], "Ours.");
    films.insert("Cedar", String::new());
    let world = start(&films, Habits::default());
    sync(&world);
    let key = world.emulator.key_of_collection(SAGA).expect("it is there");
    world
        .emulator
        .edit_as_person(key, "summary", "Mine.", true)
        .expect("it can be entered");
    says(&world, "Ash", &set("Ours, again."));
    let second = sync(&world);
    assert_eq!(second.conflicts, 1, "{second:#?}");
    assert_eq!(there(&world, SAGA).fields["summary"], "Mine.");

    world
        .emulator
        .edit_as_person(key, "title", "My Saga", true)
        .expect("it can be renamed");
    let renamed = there(&world, "My Saga");
    says(&world, "Cedar", &set("Ours, once more."));
    says(&world, "Ash", &set("Ours, once more."));
    sync(&world);
    assert_eq!(collection(&world, SAGA), None, "none is made beside it");
    let now = there(&world, "My Saga");
    assert_eq!(
        now.members,
        members(&["Ash", "Birch", "Cedar"]),
        "members follow"
    );
    assert_eq!(
        (&now.fields, &now.locks, now.poster),
        (&renamed.fields, &renamed.locks, renamed.poster)
    );
    let again = sync(&world);
    assert_eq!(again.written, 0, "{again:#?}");
}

#[test]
fn one_that_was_there_before_gets_members_only() {
    let films = saga(&["Ash", "Birch"], "Ours.");
    let mut generated = world_of(&films);
    let section = &mut generated.seed.sections[0];
    section.items[1].agent.collections = Some(vec![SAGA.to_owned()]);
    section.collections.push(SeedCollection {
        title: SAGA.to_owned(),
        ..SeedCollection::default()
    });
    let world = World::new(&generated, Habits::default());
    let [poster, _] = pictures();
    std::fs::write(path(&world, "Ash", "movieset-poster.jpg"), &poster).expect("room");
    let before = there(&world, SAGA);
    assert_eq!(before.members, members(&["Birch"]));
    sync(&world);
    let after = there(&world, SAGA);
    assert_eq!(after.members, members(&["Ash", "Birch"]));
    let members_alone = CollectionState {
        members: before.members.clone(),
        ..after
    };
    assert_eq!(members_alone, before);
    says(&world, "Ash", &set("Ours, again."));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields, before.fields);
}

#[test]
fn a_smart_one_stays_as_it_is() {
    let world = start(&saga(&["Ash", "Birch"], "Ours."), Habits::default());
    world
        .emulator
        .make_smart_collection_as_person(1, SAGA, "type=1&year>>=2000")
        .expect("it can be made");
    let before = there(&world, SAGA);
    sync(&world);
    assert_eq!(there(&world, SAGA), before);
    assert!(before.is_smart);
}

#[test]
fn the_sources_order_takes_no_move_too_many_and_a_persons_stays() {
    let numbered = |place: u32| format!("<set order=\"{place}\">{SAGA}</set>");
    let films: Films = [("Ash", 4), ("Birch", 1), ("Cedar", 2), ("Douglas", 3)]
        .map(|(title, place)| (title, numbered(place)))
        .into();
    let world = start(&films, Habits::default());
    let first = world.state();
    sync(&world);
    let order = |world: &World| there(world, SAGA).order;
    let of = |titles: &[&str]| titles.iter().map(|title| media(title)).collect::<Vec<_>>();
    assert_eq!(there(&world, SAGA).sort, 2);
    assert_eq!(order(&world), of(&["Birch", "Cedar", "Douglas", "Ash"]));
    let moved = |world: &World| world.emulator.statistics().count(RouteKind::CollectionMove);
    assert_eq!(moved(&world), 1);
    world.emulator.reset_statistics();
    sync(&world);
    assert_eq!((moved(&world), asked(&world)), (0, 0));
    undo(&world);
    let wrong = differences(&first, &world.state());
    assert!(wrong.is_empty(), "{wrong:#?}");

    sync(&world);
    says(&world, "Cedar", &numbered(5));
    world.emulator.reset_statistics();
    sync(&world);
    assert_eq!(order(&world), of(&["Birch", "Douglas", "Ash", "Cedar"]));
    assert_eq!(moved(&world), 1);
    let key = world.emulator.key_of_collection(SAGA).expect("it is there");
    let ash = world.emulator.key_of(&media("Ash")).expect("it is there");
    world
        .emulator
        .move_in_collection_as_person(key, ash, None)
        .expect("it can be moved");
    let theirs = order(&world);
    says(&world, "Birch", &numbered(9));
    world.emulator.reset_statistics();
    sync(&world);
    assert_eq!(order(&world), theirs);
    assert_eq!(moved(&world), 0);
}

#[test]
fn in_order_of_release_nothing_is_moved() {
    let films: Films = [("Ash", 1), ("Birch", 2)]
        .map(|(title, place)| (title, format!("<set order=\"{place}\">{SAGA}</set>")))
        .into();
    let world = start(&films, Habits::default());
    sync(&world);
    let made = there(&world, SAGA);
    assert_eq!((made.sort, made.order.len()), (0, 0));
    let statistics = world.emulator.statistics();
    assert_eq!(statistics.count(RouteKind::CollectionMove), 0);
    assert_eq!(statistics.count(RouteKind::Preferences), 0);
}

#[test]
fn one_that_went_with_its_last_member_comes_back_with_what_it_said() {
    let mut world = start(&saga(&["Ash"], "Ours."), Habits::default());
    world
        .settings
        .list_modes
        .insert(Field::Collections, ListMode::Own);
    let [poster, _] = pictures();
    std::fs::write(path(&world, "Ash", "movieset-poster.jpg"), &poster).expect("room");
    sync(&world);
    let made = there(&world, SAGA);
    // Of a set that is another one.
    says(&world, "Ash", "<set>Elsewhere</set>");
    sync(&world);
    assert_eq!(
        collection(&world, SAGA),
        None,
        "it went with its last member"
    );
    undo(&world);
    assert_eq!(collection(&world, "Elsewhere"), None);
    let back = there(&world, SAGA);
    assert_eq!(
        (&back.members, &back.fields, &back.locks, &back.poster),
        (&made.members, &made.fields, &made.locks, &made.poster)
    );
}

#[test]
fn a_great_many_join_without_a_request_that_names_many() {
    // Some servers refuse to add more than a few members by one request.
    let titles: Vec<String> = (0..60).map(|number| format!("Film {number:02}")).collect();
    let titles: Vec<&'static str> = titles
        .into_iter()
        .map(|title| &*Box::leak(title.into_boxed_str()))
        .collect();
    let generated = world_of(&saga(&titles, "Many."));
    let world = World::with(
        &generated,
        Options {
            collection_batch: Some(4),
            ..Options::default()
        },
    );
    sync(&world);
    assert_eq!(there(&world, SAGA).members.len(), 60);
    assert_eq!(there(&world, SAGA).fields["summary"], "Many.");
    let statistics = world.emulator.statistics();
    assert_eq!(statistics.count(RouteKind::CollectionEdit), 0);
}

pub(super) fn decide(world: &World, item: u64, field: Field, choice: Choice) {
    let decision = Decision {
        choice,
        item: Some(item),
        field: Some(field),
        about: About::ConflictsAndKept,
    };
    let reply = world.live(&Life::default(), async |handle| {
        handle.command(Command::Settle { decision }).await
    });
    let reply = reply.expect("nobody kills it").expect("it can be decided");
    assert!(
        matches!(reply, Reply::Settled { fields: 1, .. }),
        "{reply:?}"
    );
}

#[test]
fn what_a_person_decides_of_one_is_carried_out() {
    let world = start(&saga(&["Ash", "Birch"], "Ours."), Habits::default());
    sync(&world);
    let key = world.emulator.key_of_collection(SAGA).expect("it is there");
    let edited = world.emulator.edit_as_person(key, "summary", "Mine.", true);
    edited.expect("it can be entered");
    says(&world, "Ash", &set("Ours, again."));
    assert_eq!(sync(&world).conflicts, 1);
    decide(&world, key, Field::Summary, Choice::UseSource);
    // No source file changed, so that none is compared.
    let next = sync(&world);
    assert_eq!(next.written, 1, "{next:#?}");
    assert_eq!(there(&world, SAGA).fields["summary"], "Ours, again.");
    let again = sync(&world);
    assert_eq!(again.written, 0, "once: {again:#?}");
}
