//! From raw text to a field's value: the same way for sources and for Plex.

use std::collections::BTreeSet;

use super::{PartialDate, clean, date, flag, fold, line, moment, rating, tag, tags, year};
use crate::model::{Field, FieldKind, Value};

/// The value of a field from its raw text. `Some(Empty)` where there is nothing but white space; `None` where there is
/// something that this field cannot hold (no date, a rating out of 0–10, only a year for a date) and thus says nothing.
/// For a list the text is one tag; see [`tags_value`] for many. For a picture it is taken as it stands.
pub fn value(field: Field, raw: &str) -> Option<Value> {
    if raw.trim().is_empty() {
        return Some(Value::Empty);
    }
    match field.kind() {
        FieldKind::Text => {
            let text = match field {
                Field::Summary | Field::Tagline => clean(raw),
                _ => line(raw),
            };
            Some(if text.is_empty() {
                Value::Empty
            } else {
                Value::Text(text)
            })
        }
        FieldKind::Date => match date(raw)? {
            PartialDate::Day(day) => Some(Value::Text(day)),
            PartialDate::YearOnly(_) => None,
        },
        FieldKind::Whole => year(raw).map(Value::Whole),
        FieldKind::Rating => rating(raw, 10.0).map(Value::Tenths),
        FieldKind::Moment => moment(raw).map(Value::Moment),
        FieldKind::Flag => flag(raw).map(|is| if is { Value::Yes } else { Value::Empty }),
        FieldKind::Tags => Some(tags_value([raw])),
        FieldKind::Image => Some(Value::Image(raw.to_owned())),
    }
}

/// The value of a list field; [`Value::Empty`] where no tag is left.
pub fn tags_value<I>(raw: I) -> Value
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let tags = tags(raw);
    if tags.is_empty() {
        Value::Empty
    } else {
        Value::Tags(tags)
    }
}

/// Actors with what they play and the addresses of their pictures: names and roles as [`tag`] leaves them, addresses
/// without blanks around. Of actors that are one when case is folded, the first counts.
pub fn cast_value<I, Name, Role, Picture>(raw: I) -> Value
where
    I: IntoIterator<Item = (Name, Role, Picture)>,
    Name: AsRef<str>,
    Role: AsRef<str>,
    Picture: AsRef<str>,
{
    let mut seen = BTreeSet::new();
    let (names, roles, pictures): (Vec<String>, Vec<String>, Vec<String>) = raw
        .into_iter()
        .map(|(name, role, picture)| {
            let picture = picture.as_ref().trim().to_owned();
            (tag(name.as_ref()), tag(role.as_ref()), picture)
        })
        .filter(|(name, ..)| !name.is_empty() && seen.insert(fold(name)))
        .collect();
    Value::cast(names, roles, pictures)
}
