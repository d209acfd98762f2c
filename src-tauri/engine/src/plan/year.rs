//! A date that is written may bring its year along: whether Plex makes an unlocked year out of it is not documented. A year
//! that nobody asked to change stays.

use crate::model::{Change, Field, PlexValues, Value};

/// Where `changes` (in the order of fields) write a date of another year than Plex holds, and the year is to stay as it is,
/// writes the year too: an edit that names both leaves Plex nothing to make. For types of items that hold a year.
pub fn keep_year(changes: &mut Vec<Change>, plex: &PlexValues) {
    let Value::Whole(year) = plex.get(Field::Year) else {
        return;
    };
    let is_written = changes.iter().any(|change| change.field == Field::Year);
    let brings_another = changes.iter().any(|change| {
        change.field == Field::ReleaseDate
            && matches!(&change.after, Value::Text(date) if year_of(date) != Some(*year))
    });
    if is_written || !brings_another || plex.is_locked(Field::Year) {
        return;
    }
    let held = Value::Whole(*year);
    let stays = Change {
        field: Field::Year,
        before: held.clone(),
        before_raw: None,
        before_locked: false,
        after: held.clone(),
        after_raw: None,
        lock: false,
        asked: held,
    };
    let place = changes.partition_point(|change| change.field < Field::Year);
    changes.insert(place, stays);
}

fn year_of(date: &str) -> Option<i32> {
    date.split('-').next()?.parse().ok()
}
