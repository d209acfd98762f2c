//! What looking up collections costs: records that are decoded, counted.

use std::path::Path;

use tempfile::TempDir;

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
        let all = reader.collections(ServerNumber(1), SECTION)?;
        let open = all.into_iter().filter(|(_, record)| record.open);
        Ok(open.map(|(at, _)| at).collect())
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
