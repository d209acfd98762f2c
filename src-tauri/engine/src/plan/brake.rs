//! When a run that nobody watches must stop and ask: a source that lost its values looks like one whose owner emptied it.

use super::compare::without;
use crate::model::{Change, FieldKind};

/// So many values may be taken away, whatever the size of the library.
const MOST: u64 = 200;
/// And one in so many of a section's values.
const ONE_IN: u64 = 20;

/// How many values these changes take away: fields that are emptied, tags that go. A picture or a text that is replaced
/// by another is none.
pub fn removed(changes: &[Change]) -> u64 {
    let removed: usize = changes
        .iter()
        .map(|change| match change.field.kind() {
            FieldKind::Tags => without(change.before.tags(), change.after.tags()).len(),
            _ => usize::from(change.after.is_empty() && !change.before.is_empty()),
        })
        .sum();
    removed as u64
}

/// Whether taking away `removed` of the `known` values of a section is too much to be done unseen.
pub fn is_too_much(removed: u64, known: u64) -> bool {
    removed > MOST || removed * ONE_IN > known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Value};

    fn change(field: Field, before: Value, after: Value) -> Change {
        Change {
            field,
            before,
            before_raw: None,
            before_locked: false,
            asked: after.clone(),
            after,
            after_raw: None,
            lock: true,
        }
    }

    #[test]
    fn only_what_goes_counts() {
        let text = |text: &str| Value::Text(text.into());
        let tags = |tags: &[&str]| Value::Tags(tags.iter().map(|tag| (*tag).into()).collect());
        for (field, before, after, count) in [
            (Field::Title, text("A"), text("B"), 0),
            (Field::Summary, text("A"), Value::Empty, 1),
            (Field::Summary, Value::Empty, text("A"), 0),
            (Field::Summary, Value::Empty, Value::Empty, 0),
            (Field::Genres, tags(&["A", "B", "C"]), tags(&["a", "D"]), 2),
            (Field::Genres, tags(&["A", "B"]), Value::Empty, 2),
            (
                Field::Poster,
                Value::Image("a".into()),
                Value::Image("b".into()),
                0,
            ),
        ] {
            let shown = format!("{field:?} {before:?} {after:?}");
            assert_eq!(removed(&[change(field, before, after)]), count, "{shown}");
        }
    }

    #[test]
    fn a_twentieth_or_two_hundred() {
        for (removed, known, too_much) in [
            (0, 0, false),
            (1, 19, true),
            (1, 20, false),
            (50, 1_000, false),
            (51, 1_000, true),
            (200, 1_000_000, false),
            (201, 1_000_000, true),
        ] {
            assert_eq!(
                is_too_much(removed, known),
                too_much,
                "{removed} of {known}"
            );
        }
    }
}
