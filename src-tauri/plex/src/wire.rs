//! The wire's whims: numbers that come as strings, booleans as 0 and 1, lists that are absent or a single object.
//!
//! A value of the wrong kind is an error of its row; the caller skips that row and keeps the page. Not here: what the
//! rows mean (`client`).

use std::fmt;
use std::marker::PhantomData;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::PlexError;

/// What RFC 3986 leaves as it is; everything else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Percent-encodes a name or value of a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// `MediaContainer` of any answer, its rows still unread.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Container<'a> {
    #[serde(rename = "totalSize")]
    pub total_size: Number,
    pub offset: Number,
    #[serde(rename = "friendlyName")]
    pub friendly_name: Text,
    pub version: Text,
    #[serde(rename = "machineIdentifier")]
    pub machine_identifier: Text,
    pub platform: Text,
    #[serde(rename = "Metadata", borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(rename = "Directory", borrow)]
    directory: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Answer<'a> {
    #[serde(rename = "MediaContainer", borrow)]
    container: Option<Container<'a>>,
}

/// Rows of one kind and the number of those that could not be understood.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub rows: Vec<T>,
    pub skipped: u64,
}

impl<'a> Container<'a> {
    /// Reads the container of an answer.
    pub(crate) fn parse(body: &'a str) -> Result<Self, PlexError> {
        // A list would pass for an object whose fields come in order.
        if body.trim_start().starts_with('[') {
            return Err(PlexError::Malformed(
                "it is a list. Another service listens at this address.".to_owned(),
            ));
        }
        let answer: Answer<'a> = serde_json::from_str(body).map_err(|error| {
            if body.trim_start().starts_with('<') {
                return PlexError::Malformed(
                    "a web page or XML came instead of JSON. A sign-in page of a proxy may stand before Plex."
                        .to_owned(),
                );
            }
            malformed(&error)
        })?;
        answer.container.ok_or_else(|| {
            PlexError::Malformed(
                "it has no MediaContainer. Another service listens at this address.".to_owned(),
            )
        })
    }

    /// Reads the rows, under whichever of the two names they came.
    pub(crate) fn rows<T: Deserialize<'a>>(&self) -> Result<Rows<T>, PlexError> {
        let mut read = Rows {
            rows: Vec::new(),
            skipped: 0,
        };
        // `Metadata` wins: a list of seasons has a `Directory` "All episodes" beside it.
        let Some(raw) = self.metadata.or(self.directory) else {
            return Ok(read);
        };
        let raws: Vec<&RawValue> = match raw.get().as_bytes().first() {
            Some(b'[') => serde_json::from_str(raw.get()).map_err(|error| malformed(&error))?,
            Some(b'{') => vec![raw],
            Some(b'n') => Vec::new(),
            _ => {
                return Err(PlexError::Malformed("its items are not a list.".to_owned()));
            }
        };
        read.rows.reserve(raws.len());
        for raw in raws {
            match serde_json::from_str(raw.get()) {
                Ok(row) => read.rows.push(row),
                Err(error) => {
                    tracing::warn!(%error, "a row of Plex's answer was skipped");
                    read.skipped += 1;
                }
            }
        }
        Ok(read)
    }
}

fn malformed(error: &serde_json::Error) -> PlexError {
    if error.is_eof() {
        PlexError::Interrupted("its answer ended too early".to_owned())
    } else {
        // The error's own text could quote the answer; its place cannot.
        PlexError::Malformed(format!(
            "it is not the JSON expected (line {}, column {}).",
            error.line(),
            error.column()
        ))
    }
}

/// A string, number or boolean read as text; absent and null are `None`.
#[derive(Debug, Default, Clone)]
pub(crate) struct Text(pub Option<String>);

/// A whole number that may come as text or with a fraction.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Number(pub Option<i64>);

/// A number with a fraction that may come as text.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Real(pub Option<f64>);

/// 0, 1, "0", "1", true, false, "true", "false".
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Flag(pub bool);

/// A list that may be absent, null or a single object.
#[derive(Debug, Clone)]
pub(crate) struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Number {
    pub(crate) fn get<N: TryFrom<i64>>(self) -> Option<N> {
        self.0.and_then(|number| N::try_from(number).ok())
    }
}

/// Any scalar of the wire, before it is known what it should be.
#[derive(Debug, PartialEq)]
enum Scalar {
    Null,
    Bool(bool),
    Whole(i64),
    Real(f64),
    Text(String),
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, a number or a boolean")
    }
    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        i64::try_from(value)
            .map(Scalar::Whole)
            .map_err(|_| E::custom("a number is too large"))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Real(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match deserializer.deserialize_any(ScalarVisitor)? {
            Scalar::Null => None,
            Scalar::Bool(value) => Some(value.to_string()),
            Scalar::Whole(value) => Some(value.to_string()),
            Scalar::Real(value) => Some(value.to_string()),
            Scalar::Text(value) => Some(value),
        }))
    }
}

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = match deserializer.deserialize_any(ScalarVisitor)? {
            Scalar::Null => return Ok(Self(None)),
            Scalar::Bool(_) => return Err(D::Error::custom("a boolean instead of a number")),
            #[expect(
                clippy::cast_precision_loss,
                reason = "ratings and counts are far below 2^52"
            )]
            Scalar::Whole(value) => value as f64,
            Scalar::Real(value) => value,
            Scalar::Text(text) if text.trim().is_empty() => return Ok(Self(None)),
            Scalar::Text(text) => text
                .trim()
                .parse()
                .map_err(|_| D::Error::custom("a text instead of a number"))?,
        };
        if value.is_finite() {
            Ok(Self(Some(value)))
        } else {
            Err(D::Error::custom("a number that is not finite"))
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = match deserializer.deserialize_any(ScalarVisitor)? {
            Scalar::Null => return Ok(Self(None)),
            Scalar::Bool(value) => return Ok(Self(Some(i64::from(value)))),
            Scalar::Whole(value) => return Ok(Self(Some(value))),
            Scalar::Real(value) => value,
            Scalar::Text(text) => {
                let text = text.trim();
                if text.is_empty() {
                    return Ok(Self(None));
                }
                if let Ok(whole) = text.parse() {
                    return Ok(Self(Some(whole)));
                }
                text.parse()
                    .map_err(|_| D::Error::custom("a text instead of a number"))?
            }
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked; a fraction is dropped on purpose"
        )]
        if value.is_finite() && value.abs() < 9.0e15 {
            Ok(Self(Some(value as i64)))
        } else {
            Err(D::Error::custom("a number is too large"))
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(ScalarVisitor)? {
            Scalar::Null => Ok(Self(false)),
            Scalar::Bool(value) => Ok(Self(value)),
            Scalar::Whole(value) => Ok(Self(value != 0)),
            Scalar::Real(_) => Err(D::Error::custom("a fraction instead of a boolean")),
            Scalar::Text(text) => match text.trim() {
                "1" | "true" => Ok(Self(true)),
                "0" | "false" | "" => Ok(Self(false)),
                _ => Err(D::Error::custom("a text instead of a boolean")),
            },
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = seq.next_element()? {
            all.push(value);
        }
        Ok(Many(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
    }
}
