//! Who speaks for a collection does not depend on the order in which its members are heard.

use std::collections::BTreeMap;

use super::SECTION;
use crate::model::{CollectionWish, Field, Identity, ItemType, RatingKey, ServerNumber, Value};
use crate::store::{CollectionKey, CollectionRecord, CollectionSays, MadeCollection};

fn says(by: &str, member: u64, summary: Option<&str>) -> CollectionSays {
    let values = summary.map(|text| (Field::Summary, Value::Text(text.to_owned())));
    CollectionSays {
        key: CollectionKey::new(ServerNumber(1), SECTION, ItemType::Movie, "Saga"),
        title: "Saga".to_owned(),
        of: ItemType::Movie,
        member: RatingKey(member),
        by: by.to_owned(),
        wish: CollectionWish {
            values: values.into_iter().collect(),
            images: BTreeMap::new(),
            place: None,
        },
        made: Some(MadeCollection {
            key: RatingKey(500),
            identity: Identity {
                guid: "collection://saga".to_owned(),
                paths: Vec::new(),
                episode: None,
            },
        }),
        settings: [0; 16],
        leaves: false,
    }
}

fn heard(all: &[CollectionSays]) -> CollectionRecord {
    let record = all.iter().fold(None, |record, says| {
        Some(CollectionRecord::heard(record, says))
    });
    record.expect("somebody speaks")
}

fn summary(record: &CollectionRecord) -> Option<&str> {
    match &record.said.get(&Field::Summary)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

#[test]
fn the_first_by_name_speaks_and_the_second_follows_in_whatever_order_they_are_heard() {
    let [a, b, c] = [
        says("a", 1, Some("A.")),
        says("b", 2, Some("B.")),
        says("c", 3, Some("C.")),
    ];
    for order in [
        [&a, &b, &c],
        [&a, &c, &b],
        [&b, &a, &c],
        [&b, &c, &a],
        [&c, &a, &b],
        [&c, &b, &a],
    ] {
        let mut record = heard(&order.map(Clone::clone));
        assert_eq!(summary(&record), Some("A."));
        record.give_way(Field::Summary);
        assert_eq!(summary(&record), Some("B."));
    }
}

#[test]
fn who_leaves_or_falls_silent_makes_room_for_the_next() {
    let both = [says("a", 1, Some("A.")), says("b", 2, Some("B."))];
    let left = CollectionSays {
        leaves: true,
        ..says("a", 1, None)
    };
    for gone in [left, says("a", 1, None)] {
        let record = CollectionRecord::heard(Some(heard(&both)), &gone);
        assert_eq!(summary(&record), Some("B."));
        assert!(record.open);
    }
}
