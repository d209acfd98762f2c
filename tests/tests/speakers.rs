//! Whose word counts in what a collection that Syncslate made says of itself: that of its members' source.

use std::time::Duration;

use syncslate_emulator::Habits;
use syncslate_engine::face::Command;
use syncslate_tests::{Life, World};

use crate::collections::{SAGA, done, media, members, path, saga, says, set, start, sync, there};

#[test]
fn who_leaves_a_set_speaks_for_it_no_more() {
    let world = start(&saga(&["Ash", "Birch"], "First."), Habits::default());
    sync(&world);
    says(&world, "Ash", "<set><name>Another</name></set>");
    sync(&world);
    says(&world, "Birch", &set("Second."));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Second.");
}

#[test]
fn nobody_s_word_counts_as_taken_back_while_not_all_was_looked_at() {
    let world = start(&saga(&["Ash", "Birch"], "First."), Habits::default());
    sync(&world);
    let before = there(&world, SAGA);
    // As where the share that holds it is away.
    let nfo = path(&world, "Ash", "Ash.nfo");
    let bytes = std::fs::read(&nfo).expect("it is there");
    std::fs::remove_file(&nfo).expect("it is there");
    says(&world, "Birch", &set("Second."));
    let part = Command::Sync {
        dry_run: false,
        limit: None,
        only: Some("Birch".to_owned()),
        unattended: false,
    };
    let told = world.live(&Life::default(), async |handle| handle.run(part).await);
    done(&told.expect("nobody kills it").expect("it may"));
    assert_eq!(there(&world, SAGA).fields, before.fields);
    std::fs::write(&nfo, bytes).expect("room for it");
    sync(&world);
    assert_eq!(there(&world, SAGA).fields, before.fields);
}

fn key_of(world: &World, title: &str) -> u64 {
    let key = world.emulator.key_of(&media(title));
    key.expect("it is there")
}

/// A person's word on the collections of a film, which they lock.
fn put_into(world: &World, title: &str, collections: &[&str]) {
    world.clock.pass(Duration::from_mins(5));
    let tags: Vec<String> = collections.iter().map(|it| (*it).to_owned()).collect();
    world
        .emulator
        .edit_as_person(key_of(world, title), "collection", tags, true)
        .expect("it can be entered");
}

#[test]
fn who_is_kept_out_by_a_person_has_no_say_in_it() {
    for habits in Habits::BOTH {
        let films = [("Ash", set("Of one kept out.")), ("Birch", set("Ours."))];
        let world = start(&films.into(), habits);
        put_into(&world, "Ash", &["Mine"]);
        sync(&world);
        let made = there(&world, SAGA);
        assert_eq!(made.members, members(&["Birch"]));
        assert_eq!(made.fields["summary"], "Ours.");
        let file = format!("<plot>Of trees.</plot>{}", set("Of one kept out."));
        says(&world, "Ash", &file);
        let again = sync(&world);
        assert_eq!(again.collections_written, 0, "{again:#?}");
        assert_eq!(there(&world, SAGA).fields["summary"], "Ours.");

        // Let in by the same person, it counts.
        put_into(&world, "Ash", &["Mine", SAGA]);
        sync(&world);
        let made = there(&world, SAGA);
        assert_eq!(made.members, members(&["Ash", "Birch"]));
        assert_eq!(made.fields["summary"], "Of one kept out.");
        let again = sync(&world);
        assert_eq!((again.written, again.changed), (0, 0), "{again:#?}");
    }
}

#[test]
fn who_is_taken_out_by_a_person_has_no_say_in_it_any_more() {
    for habits in Habits::BOTH {
        let films = [("Ash", set("Of one taken out.")), ("Birch", set("Ours."))];
        let world = start(&films.into(), habits);
        sync(&world);
        assert_eq!(there(&world, SAGA).fields["summary"], "Of one taken out.");
        put_into(&world, "Ash", &["Mine"]);
        sync(&world);
        let left = there(&world, SAGA);
        assert_eq!(left.members, members(&["Birch"]));
        assert_eq!(left.fields["summary"], "Ours.");
        let again = sync(&world);
        assert_eq!((again.written, again.changed), (0, 0), "{again:#?}");
    }
}
