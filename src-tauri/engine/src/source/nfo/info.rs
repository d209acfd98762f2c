//! What yt-dlp writes beside a video: `<stem>.info.json`.
//!
//! | Field | From, the first that says something |
//! |---|---|
//! | title | `fulltitle`, `title` |
//! | summary | `description` |
//! | studio | `uploader`, `channel` |
//! | release date, year | `release_date`, `upload_date`; `release_year`, else of the date |
//! | audience rating | `average_rating`, out of 5 |
//! | genres | `categories`, else `genres` |
//! | actors | `cast` |
//! | season and number | `season_number`, `episode_number` |
//!
//! With one of those, or with a `series`, the folder's pictures are not the video's: they may be the season's.
//!
//! A value of another type than yt-dlp writes says nothing; of keys that repeat, the last counts. The rest of the file
//! (formats, subtitles, comments), which is nearly all of it, is passed over without being held.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::decode;
use super::error::{Fault, INFO_LIMIT, ReadError};
use super::values::{Told, Values};
use crate::model::{Field, Numbering, Value};
use crate::text::{self, PartialDate};

/// Keys that are read.
const KEYS: [&str; 16] = [
    "_type",
    "title",
    "fulltitle",
    "description",
    "uploader",
    "channel",
    "release_date",
    "upload_date",
    "release_year",
    "average_rating",
    "categories",
    "genres",
    "cast",
    "season_number",
    "episode_number",
    "series",
];
/// Most elements of a list that are read.
const MOST_TAGS: usize = 200;

/// Reads an `.info.json`.
pub(super) fn read(path: &Path) -> Result<Told, ReadError> {
    let bytes = decode::read_bytes(path, INFO_LIMIT).map_err(|fault| match fault {
        Fault::TooLarge(bytes) => Fault::InfoTooLarge(bytes),
        other => other,
    });
    bytes
        .and_then(|bytes| parse(&bytes))
        .map_err(|fault| ReadError::new(path, fault))
}

/// What the bytes of an `.info.json` say.
pub(super) fn parse(bytes: &[u8]) -> Result<Told, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let info = Info::deserialize(&mut deserializer).map_err(|error| Fault::NotJson {
        line: error.line(),
        reason: error.to_string(),
    })?;
    match info.text("_type").as_deref() {
        None | Some("video") => Ok(info.told()),
        Some(_) => Err(Fault::NotSynced("a playlist or several videos")),
    }
}

/// The keys that are read, with their values.
struct Info(BTreeMap<&'static str, Loose>);

/// A value, whatever its type.
enum Loose {
    Text(String),
    Number(f64),
    List(Vec<String>),
    Other,
}

impl Info {
    fn told(&self) -> Told {
        let mut values = Values::default();
        for (field, keys) in [
            (Field::Title, &["fulltitle", "title"][..]),
            (Field::Summary, &["description"]),
            (Field::Studio, &["uploader", "channel"]),
        ] {
            let texts = keys.iter().filter_map(|key| self.text(key));
            let mut texts = texts.filter_map(|text| text::value(field, &text));
            values.put(field, texts.find(|value| !value.is_empty()));
        }
        let (date, year) = self.date_and_year();
        values.put(Field::ReleaseDate, date.map(Value::Text));
        values.put(Field::Year, year.map(Value::Whole));
        let stars = self.text("average_rating");
        let rating = stars.and_then(|stars| text::rating(&stars, 5.0));
        values.put(Field::AudienceRating, rating.map(Value::Tenths));
        let genres = ["categories", "genres"].iter();
        let genres = genres.map(|key| text::tags_value(self.list(key)));
        values.put(
            Field::Genres,
            genres.into_iter().find(|genres| !genres.is_empty()),
        );
        values.put(Field::Actors, Some(text::tags_value(self.list("cast"))));
        let title = match values.0.get(&Field::Title) {
            Some(Value::Text(title)) => Some(title.clone()),
            _ => None,
        };
        Told {
            kind: None,
            numbering: self.whole("episode_number").map(|episode| Numbering {
                season: self.whole("season_number"),
                episode,
            }),
            in_series: ["series", "season_number", "episode_number"]
                .iter()
                .any(|key| self.text(key).is_some_and(|text| !text.trim().is_empty())),
            title,
            values: values.0,
            collections: BTreeMap::new(),
        }
    }

    fn date_and_year(&self) -> (Option<String>, Option<i32>) {
        let mut year = self.text("release_year").and_then(|year| text::year(&year));
        let mut day = None;
        for key in ["release_date", "upload_date"] {
            if let Some(PartialDate::Day(date)) = self.text(key).and_then(|date| text::date(&date))
            {
                year = year.or_else(|| text::year(date.get(..4)?));
                day = day.or(Some(date));
            }
        }
        (day, year)
    }

    /// A text, or a number as one.
    fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Loose::Text(text) => Some(text.clone()),
            Loose::Number(number) => Some(number.to_string()),
            Loose::List(_) | Loose::Other => None,
        }
    }

    fn list(&self, key: &str) -> &[String] {
        match self.0.get(key) {
            Some(Loose::List(list)) => list,
            _ => &[],
        }
    }

    fn whole(&self, key: &str) -> Option<i32> {
        let number: i32 = self.text(key)?.trim().parse().ok()?;
        (number >= 0).then_some(number)
    }
}

impl<'de> Deserialize<'de> for Info {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Info;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object that yt-dlp wrote")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Info, M::Error> {
                let mut info = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    match KEYS.iter().find(|known| **known == key) {
                        Some(known) => {
                            info.insert(*known, map.next_value::<Loose>()?);
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Info(info))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Loose;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose::Text(text.to_owned()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Loose, E> {
                Ok(Loose::Number(number))
            }

            #[expect(clippy::cast_precision_loss, reason = "years and numbers of episodes")]
            fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose::Number(number as f64))
            }

            #[expect(clippy::cast_precision_loss, reason = "as above")]
            fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose::Number(number as f64))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Loose, E> {
                Ok(Loose::Other)
            }

            fn visit_unit<E>(self) -> Result<Loose, E> {
                Ok(Loose::Other)
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Loose, S::Error> {
                let mut list = Vec::new();
                while list.len() < MOST_TAGS {
                    match seq.next_element::<Loose>()? {
                        Some(Loose::Text(text)) => list.push(text),
                        Some(_) => {}
                        None => return Ok(Loose::List(list)),
                    }
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose::List(list))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Loose, M::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}
