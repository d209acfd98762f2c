//! The plain fields by Plex's names, and how Plex reads what it is sent.
//!
//! Not here: lists of tags (`tags`), pictures (`gallery`).

use super::EditError;
use super::ItemKind::{
    self, Album, Artist, Collection, Episode, Movie, Photo, Season, Show, Track,
};

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Whole(i64),
    /// A rating in tenths.
    Tenths(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldType {
    Text,
    Date,
    Whole,
    Rating,
}

/// A plain field, and what holds it. What a kind cannot hold is taken without a word and forgotten.
pub(crate) struct Field {
    pub name: &'static str,
    pub holds: FieldType,
    held_by: &'static [ItemKind],
}

/// Every plain field, in the order in which Plex answers.
pub(crate) const FIELDS: [Field; 13] = [
    row("studio", FieldType::Text, &[Movie, Show, Album]),
    row("title", FieldType::Text, &ALL),
    row("titleSort", FieldType::Text, &SORTED),
    row("originalTitle", FieldType::Text, &[Movie, Show, Track]),
    row("editionTitle", FieldType::Text, &[Movie, Show]),
    row(
        "contentRating",
        FieldType::Text,
        &[Movie, Show, Episode, Collection],
    ),
    row("summary", FieldType::Text, &ALL),
    row("rating", FieldType::Rating, &ALL),
    row("audienceRating", FieldType::Rating, &ALL),
    row("userRating", FieldType::Rating, &ALL),
    row("year", FieldType::Whole, &[Movie, Show, Episode, Album]),
    row("tagline", FieldType::Text, &[Movie, Show]),
    row(
        "originallyAvailableAt",
        FieldType::Date,
        &[Movie, Show, Episode, Album, Photo],
    ),
];

const ALL: [ItemKind; 9] = [
    Movie, Show, Season, Episode, Artist, Album, Track, Photo, Collection,
];

const SORTED: [ItemKind; 7] = [Movie, Show, Episode, Artist, Album, Photo, Collection];

const fn row(name: &'static str, holds: FieldType, held_by: &'static [ItemKind]) -> Field {
    Field {
        name,
        holds,
        held_by,
    }
}

impl Field {
    pub fn is_held_by(&self, kind: ItemKind) -> bool {
        self.held_by.contains(&kind)
    }
}

/// A field that Plex knows.
pub(crate) fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

impl Value {
    /// Reads a sent value: trimmed, ratings rounded to one decimal; `None` is an emptied field.
    pub fn read(name: &str, field_type: FieldType, sent: &str) -> Result<Option<Self>, EditError> {
        let sent = sent.trim();
        if sent.is_empty() {
            return Ok(None);
        }
        let bad = || EditError::BadParameter(format!("{name}.value"));
        let value = match field_type {
            FieldType::Text => Self::Text(sent.to_owned()),
            FieldType::Date if is_date(sent) => Self::Text(sent.to_owned()),
            FieldType::Date => return Err(bad()),
            FieldType::Whole => Self::Whole(sent.parse().map_err(|_| bad())?),
            FieldType::Rating => {
                let rating: f64 = sent.parse().map_err(|_| bad())?;
                Self::rating(rating).ok_or_else(bad)?
            }
        };
        Ok(Some(value))
    }

    /// A rating of 0 to 10, rounded to one decimal.
    pub fn rating(rating: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation)] // within 0 to 100
        (0.0..=10.0)
            .contains(&rating)
            .then(|| Self::Tenths((rating * 10.0).round() as i64))
    }

    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        }
    }
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize, most: u32| {
        parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|number| (1..=most).contains(&number))
    };
    number(4, 9999) && number(2, 12) && number(2, 31) && parts.next().is_none()
}
