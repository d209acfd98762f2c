//! What looking up collections costs: records that are decoded, counted.

use std::path::Path;

use tempfile::TempDir;
use uuid::Uuid;

use super::{SECTION, identity, key, open, read, write};
use crate::model::{CollectionWish, ItemType, RatingKey, ServerNumber};
use crate::store::record::DECODED;
use crate::store::{CollectionKey, CollectionRecord, CollectionSays, MadeCollection, State};

const COUNT: u64 = 50;

fn at(number: u64) -> CollectionKey {
    let title = format!("Saga {number}");
    CollectionKey::new(ServerNumber(1), SECTION, ItemType::Movie, &title)
}

/// A record of the collection that has this key in Plex.
fn record(number: u64, open: bool) -> CollectionRecord {
    let says = CollectionSays {
        key: at(number),
        title: format!("Saga {number}"),
        of: ItemType::Movie,
        member: RatingKey(1),
        by: "a".to_owned(),
        wish: CollectionWish::default(),
        made: Some(MadeCollection {
            key: RatingKey(number),
            identity: identity(number),
        }),
        settings: [0; 16],
        leaves: false,
    };
    CollectionRecord {
        open,
        ..CollectionRecord::heard(None, &says)
    }
}

/// A state of so many, all closed.
fn closed(folder: &Path) -> State {
    let state = open(folder).state;
    write(&state, |writer| {
        (0..COUNT).try_for_each(|number| writer.put_collection(at(number), &record(number, false)))
    });
    state
}

fn open_ones(state: &State) -> Vec<CollectionKey> {
    read(state, |reader| {
        reader.open_collections(ServerNumber(1), SECTION)
    })
}

fn sorted(numbers: &[u64]) -> Vec<CollectionKey> {
    let mut keys: Vec<CollectionKey> = numbers.iter().copied().map(at).collect();
    keys.sort();
    keys
}

#[test]
fn those_that_are_taken_back_are_read_and_no_others() {
    let folder = TempDir::new().expect("room");
    let state = closed(folder.path());
    let before = DECODED.get();
    write(&state, |writer| {
        writer.reopen_collections(&[key(3), key(7)])
    });
    let decoded = DECODED.get() - before;
    assert!(decoded <= 4, "{decoded}");
    assert_eq!(open_ones(&state), sorted(&[3, 7]));
}

#[test]
fn open_ones_are_found_without_reading_any() {
    let folder = TempDir::new().expect("room");
    let state = closed(folder.path());
    write(&state, |writer| {
        writer.put_collection(at(3), &record(3, true))
    });
    let before = DECODED.get();
    assert_eq!(open_ones(&state), sorted(&[3]));
    assert_eq!(DECODED.get() - before, 0);
}

#[test]
fn they_are_shown_page_by_page_each_once_and_of_one_section() {
    let folder = TempDir::new().expect("room");
    let state = closed(folder.path());
    let elsewhere = Uuid::from_u128(0x5ec8);
    write(&state, move |writer| {
        let title = "Saga";
        let at = CollectionKey::new(ServerNumber(1), elsewhere, ItemType::Movie, title);
        writer.put_collection(at, &record(COUNT, true))
    });
    let all: Vec<u64> = (0..COUNT).collect();
    let (paged, each) = read(&state, |reader| {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = reader.collections(ServerNumber(1), SECTION, after, 7)?;
            assert!(page.len() <= 7);
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            paged.extend(page.into_iter().map(|(at, _)| at));
        }
        let mut each = Vec::new();
        reader.each_collection(ServerNumber(1), SECTION, |at, _| {
            each.push(at);
            Ok(())
        })?;
        Ok((paged, each))
    });
    assert_eq!((&paged, &each), (&sorted(&all), &sorted(&all)));
    assert_eq!(open_ones(&state), []);
}

#[test]
fn what_is_closed_or_forgotten_is_found_no_more() {
    let folder = TempDir::new().expect("room");
    let state = closed(folder.path());
    let forgotten = CollectionRecord {
        made: None,
        ..record(4, true)
    };
    write(&state, move |writer| {
        for number in [3, 4] {
            writer.put_collection(at(number), &record(number, true))?;
        }
        writer.put_collection(at(3), &record(3, false))?;
        writer.put_collection(at(4), &forgotten)
    });
    assert_eq!(open_ones(&state), []);
    let made = |number| read(&state, |reader| reader.collections_made_as(key(number)));
    assert_eq!((made(3), made(4)), (vec![at(3)], Vec::new()));
}
