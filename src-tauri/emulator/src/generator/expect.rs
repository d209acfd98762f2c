//! What Plex must hold after a sync, and the comparison with what it holds.
//!
//! Attributes go by Plex's names for lockable fields (`title`, `titleSort`, `genre`, `thumb` …). Not here: reading a
//! server (the caller hands in the details as JSON), and working expectations out, which is `reckon`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::FILMS_SECTION;
use super::reckon::{same, tag_want};
use crate::{ItemState, LibraryState};
use serde_json::Value;

/// Every attribute that a sync may write.
pub const ATTRIBUTES: [&str; 17] = [
    "title",
    "titleSort",
    "originalTitle",
    "summary",
    "tagline",
    "studio",
    "contentRating",
    "originallyAvailableAt",
    "year",
    "rating",
    "audienceRating",
    "genre",
    "director",
    "actor",
    "collection",
    "thumb",
    "art",
];

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Nothing is there.
    Nothing,
    /// Exactly this text, or a date as `YYYY-MM-DD`.
    Text(String),
    /// A whole number.
    Whole(i32),
    /// A rating in tenths.
    Tenths(i32),
    /// These tags, in any order and letter case.
    Tags(Vec<String>),
    /// The selected picture has bytes of this SHA-1, in lower-case hex.
    Picture(String),
}

/// What must be true of one Plex film.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilmWant {
    /// The exact value of each attribute; an attribute that is not named may hold anything.
    pub values: BTreeMap<&'static str, Want>,
    /// Which attributes must be locked, and which must not be; one that is not named may be either.
    pub locks: BTreeMap<&'static str, bool>,
    /// The attributes that a sync must write. Where there are none, the film must not be touched.
    pub written: BTreeSet<&'static str>,
    /// The attributes on which the source has another value, and a person's stays.
    pub kept: BTreeSet<&'static str>,
    /// Of those, the ones on which both sides changed since the last sync.
    pub conflicts: BTreeSet<&'static str>,
}

/// What must be true of a library after a sync.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// By the path of the film's first file in Plex. Everything in the shows' section must be as it was.
    pub films: BTreeMap<String, FilmWant>,
    /// Media files below the source folder that Plex does not hold.
    pub not_in_plex: Vec<String>,
    /// The .nfo files below the source folder that can be read.
    pub source_items: usize,
    /// The .nfo files below the source folder that cannot be read.
    pub broken: usize,
}

/// What a Plex film holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Paths of its files.
    pub files: Vec<String>,
    /// By attribute. `thumb` and `art` are only there once the caller has put [`Want::Picture`] there.
    pub values: BTreeMap<&'static str, Want>,
    /// The locked attributes.
    pub locked: BTreeSet<String>,
}

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The attribute.
    pub attribute: &'static str,
    /// What must be there.
    pub want: String,
    /// What is there.
    pub held: String,
}

impl Expectation {
    /// How many films a sync must write to.
    pub fn changed(&self) -> usize {
        self.films.values().filter(|film| !film.untouched()).count()
    }

    /// How many attributes a sync must write.
    pub fn fields_written(&self) -> usize {
        self.films.values().map(|film| film.written.len()).sum()
    }

    /// What is not as it must be in an emulator's library, one line each: films that are missing, films that nobody
    /// expects, and every attribute and lock that differs. The shows' section is not looked at; compare it with its own
    /// earlier state.
    pub fn check(&self, library: &LibraryState) -> Vec<String> {
        let Some(section) = library.sections.get(FILMS_SECTION) else {
            return vec![format!("there is no section {FILMS_SECTION}")];
        };
        let mut lines: Vec<String> = Vec::new();
        for (path, want) in &self.films {
            match section.items.get(path) {
                None => lines.push(format!("{path}: is not there")),
                Some(item) => {
                    let found = want.differences(&Held::from_state(item), true);
                    lines.extend(
                        found
                            .into_iter()
                            .map(|difference| format!("{path}: {difference}")),
                    );
                }
            }
        }
        let strangers = section
            .items
            .keys()
            .filter(|path| !self.films.contains_key(*path));
        lines.extend(strangers.map(|path| format!("{path}: nobody expects it")));
        lines
    }

    /// How many attributes both sides changed.
    pub fn conflicts(&self) -> usize {
        self.films.values().map(|film| film.conflicts.len()).sum()
    }
}

impl FilmWant {
    /// Whether a sync must send no edit at all to this film.
    pub fn untouched(&self) -> bool {
        self.written.is_empty()
    }

    /// What is not as it must be. `pictures`: whether `held` carries the pictures' hashes.
    pub fn differences(&self, held: &Held, pictures: bool) -> Vec<Difference> {
        let mut found = Vec::new();
        for (&attribute, want) in &self.values {
            if matches!(attribute, "thumb" | "art") && !pictures {
                continue;
            }
            let now = held.get(attribute);
            if !same(want, &now) {
                found.push(Difference {
                    attribute,
                    want: want.to_string(),
                    held: now.to_string(),
                });
            }
        }
        for (&attribute, &want) in &self.locks {
            let now = held.locked.contains(attribute);
            if want != now {
                let word = |locked| if locked { "locked" } else { "unlocked" }.to_owned();
                found.push(Difference {
                    attribute,
                    want: word(want),
                    held: word(now),
                });
            }
        }
        found
    }
}

impl Held {
    /// Reads the details of one film (an element of `MediaContainer.Metadata` in JSON).
    pub fn from_details(details: &Value) -> Self {
        let mut held = Self::default();
        for attribute in &ATTRIBUTES[..9] {
            let want = match &details[*attribute] {
                Value::Null => Want::Nothing,
                Value::String(text) if text.is_empty() => Want::Nothing,
                Value::String(text) if *attribute == "year" => {
                    text.parse().map_or(Want::Nothing, Want::Whole)
                }
                Value::String(text) => Want::Text(text.clone()),
                other => other
                    .as_i64()
                    .and_then(|year| i32::try_from(year).ok())
                    .map_or(Want::Nothing, Want::Whole),
            };
            held.values.insert(attribute, want);
        }
        for attribute in ["rating", "audienceRating"] {
            let number = match &details[attribute] {
                Value::String(text) => text.parse().ok(),
                other => other.as_f64(),
            };
            held.values.insert(
                attribute,
                number.map_or(Want::Nothing, |number| Want::Tenths(tenths(number))),
            );
        }
        for (attribute, element) in [
            ("genre", "Genre"),
            ("director", "Director"),
            ("actor", "Role"),
            ("collection", "Collection"),
        ] {
            held.values
                .insert(attribute, tag_want(names_in(&details[element], "tag")));
        }
        held.locked = details["Field"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|field| is_true(&field["locked"]))
            .filter_map(|field| field["name"].as_str().map(str::to_owned))
            .collect();
        held.files = details["Media"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|media| names_in(&media["Part"], "file"))
            .collect();
        held
    }

    /// Takes it from an emulator's state, pictures included.
    pub fn from_state(item: &ItemState) -> Self {
        let mut held = Self {
            files: item.files.clone(),
            locked: item.locks.clone(),
            ..Self::default()
        };
        for attribute in ATTRIBUTES {
            let text = item.fields.get(attribute);
            let want = match attribute {
                "year" => text.and_then(|year| year.parse().ok()).map(Want::Whole),
                "rating" | "audienceRating" => text
                    .and_then(|rating| rating.parse().ok())
                    .map(|rating| Want::Tenths(tenths(rating))),
                "thumb" => item.poster.clone().map(Want::Picture),
                "art" => item.background.clone().map(Want::Picture),
                "genre" | "director" | "actor" | "collection" => {
                    item.tags.get(attribute).cloned().map(tag_want)
                }
                _ => text.cloned().map(Want::Text),
            };
            held.values.insert(attribute, want.unwrap_or(Want::Nothing));
        }
        held
    }

    /// An attribute; a sort title that Plex leaves out is the title.
    pub fn get(&self, attribute: &str) -> Want {
        let own = self.values.get(attribute).cloned().unwrap_or(Want::Nothing);
        if attribute == "titleSort" && own == Want::Nothing {
            return self.values.get("title").cloned().unwrap_or(Want::Nothing);
        }
        own
    }
}

impl fmt::Display for Want {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => out.write_str("nothing"),
            Self::Text(text) => write!(out, "{text:?}"),
            Self::Whole(number) => write!(out, "{number}"),
            Self::Tenths(tenths) => write!(out, "{}.{}", tenths / 10, tenths % 10),
            Self::Tags(tags) => write!(out, "{tags:?}"),
            Self::Picture(sha1) => write!(out, "picture {sha1}"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: must be {}, is {}",
            self.attribute, self.want, self.held
        )
    }
}

#[allow(clippy::cast_possible_truncation)] // ratings are 0–10
pub(super) fn tenths(number: f64) -> i32 {
    (number * 10.0).round() as i32
}

fn names_in(list: &Value, key: &str) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry[key].as_str().map(str::to_owned))
        .collect()
}

fn is_true(flag: &Value) -> bool {
    flag.as_bool() == Some(true) || flag.as_i64() == Some(1) || flag.as_str() == Some("1")
}
