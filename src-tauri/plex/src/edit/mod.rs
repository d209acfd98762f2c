//! What a write says: which items, which fields, tags and locks.
//!
//! Neither type can name a parameter of its own, and [`Ids`] cannot be empty: an edit without ids would change every
//! item of the section. Not here: how it is sent (`client`).

mod line;

use std::collections::{BTreeMap, BTreeSet};

use crate::types::ImageKind;

/// The length in bytes up to which an edit is put into one request line. Web servers and proxies stop near 8 KB.
pub const MAX_LINE: usize = 7_500;

/// Rating keys of the items to edit; never empty, without repetition, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids(BTreeSet<u64>);

impl Ids {
    /// One item.
    pub fn one(rating_key: u64) -> Self {
        Self(BTreeSet::from([rating_key]))
    }

    /// Several items; `None` where there is none.
    pub fn new(rating_keys: impl IntoIterator<Item = u64>) -> Option<Self> {
        let keys: BTreeSet<u64> = rating_keys.into_iter().collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The keys.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied()
    }

    /// How many bytes they take in a request line; what is over that of one key is to be taken off the length that
    /// [`Edit::split`] is given.
    pub fn line_len(&self) -> usize {
        self.joined("%2C").len()
    }

    /// As Plex takes them.
    pub(crate) fn joined(&self, separator: &str) -> String {
        join_keys(self.iter(), separator)
    }
}

/// A field with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditField {
    /// `title`
    Title,
    /// `titleSort`
    TitleSort,
    /// `originalTitle`
    OriginalTitle,
    /// `summary`
    Summary,
    /// `tagline`
    Tagline,
    /// `studio`
    Studio,
    /// `editionTitle`
    EditionTitle,
    /// `contentRating`
    ContentRating,
    /// `originallyAvailableAt`, `YYYY-MM-DD`
    OriginallyAvailableAt,
    /// `year`
    Year,
    /// `rating`, 0–10
    Rating,
    /// `audienceRating`, 0–10
    AudienceRating,
    /// `userRating`, 0–10
    UserRating,
    /// `addedAt`, epoch seconds
    AddedAt,
}

impl EditField {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::Title,
        Self::TitleSort,
        Self::OriginalTitle,
        Self::Summary,
        Self::Tagline,
        Self::Studio,
        Self::EditionTitle,
        Self::ContentRating,
        Self::OriginallyAvailableAt,
        Self::Year,
        Self::Rating,
        Self::AudienceRating,
        Self::UserRating,
        Self::AddedAt,
    ];

    /// Plex's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::TitleSort => "titleSort",
            Self::OriginalTitle => "originalTitle",
            Self::Summary => "summary",
            Self::Tagline => "tagline",
            Self::Studio => "studio",
            Self::EditionTitle => "editionTitle",
            Self::ContentRating => "contentRating",
            Self::OriginallyAvailableAt => "originallyAvailableAt",
            Self::Year => "year",
            Self::Rating => "rating",
            Self::AudienceRating => "audienceRating",
            Self::UserRating => "userRating",
            Self::AddedAt => "addedAt",
        }
    }
}

/// A list of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagField {
    /// `genre`
    Genre,
    /// `director`
    Director,
    /// `writer`
    Writer,
    /// `producer`
    Producer,
    /// `actor`; read as `Role`
    Actor,
    /// `country`
    Country,
    /// `collection`
    Collection,
    /// `label`
    Label,
    /// `style`
    Style,
    /// `mood`
    Mood,
}

impl TagField {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::Genre,
        Self::Director,
        Self::Writer,
        Self::Producer,
        Self::Actor,
        Self::Country,
        Self::Collection,
        Self::Label,
        Self::Style,
        Self::Mood,
    ];

    /// Plex's name of it in edits and locks.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genre => "genre",
            Self::Director => "director",
            Self::Writer => "writer",
            Self::Producer => "producer",
            Self::Actor => "actor",
            Self::Country => "country",
            Self::Collection => "collection",
            Self::Label => "label",
            Self::Style => "style",
            Self::Mood => "mood",
        }
    }
}

/// Anything that Plex can lock against its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lockable {
    /// A field with one value.
    Value(EditField),
    /// A list of tags.
    Tags(TagField),
    /// A picture.
    Image(ImageKind),
}

impl Lockable {
    /// Plex's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value(field) => field.name(),
            Self::Tags(field) => field.name(),
            Self::Image(kind) => kind.lock_name(),
        }
    }

    /// The one of that name; `None` for what this client does not edit.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == "role" { "actor" } else { name };
        EditField::ALL
            .into_iter()
            .map(Self::Value)
            .chain(TagField::ALL.into_iter().map(Self::Tags))
            .chain(ImageKind::ALL.into_iter().map(Self::Image))
            .find(|lockable| lockable.name() == name)
    }
}

/// Values, tags and locks to set, built step by step. What it does not name stays as it is.
///
/// A later call for the same field replaces the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    values: BTreeMap<EditField, String>,
    tags: BTreeMap<TagField, Tags>,
    locks: BTreeMap<Lockable, bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tags {
    all: Vec<String>,
    remove: Vec<String>,
    /// What actors play, by their place in `all`.
    roles: BTreeMap<usize, String>,
    /// Addresses of actors' pictures, by their place in `all`.
    pictures: BTreeMap<usize, String>,
}

impl Edit {
    /// An edit that says nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value; an empty one clears the field.
    #[must_use]
    pub fn value(mut self, field: EditField, value: impl Into<String>) -> Self {
        self.values.insert(field, value.into());
        self
    }

    /// Sets the tags of a list: `all` that shall be there, and those of the present ones that must go. Naming both is
    /// right whether Plex adds what it is sent or replaces by it.
    #[must_use]
    pub fn tags(mut self, field: TagField, all: Vec<String>, remove: Vec<String>) -> Self {
        let tags = Tags {
            all,
            remove,
            roles: BTreeMap::new(),
            pictures: BTreeMap::new(),
        };
        self.tags.insert(field, tags);
        self
    }

    /// Sets the actors, and by their place among `all` what they play and the addresses of their pictures in this item;
    /// an empty text takes either away. Whether a server takes them nobody documents; one that does not ignores them.
    #[must_use]
    pub fn cast(
        mut self,
        all: Vec<String>,
        roles: BTreeMap<usize, String>,
        pictures: BTreeMap<usize, String>,
        remove: Vec<String>,
    ) -> Self {
        let tags = Tags {
            all,
            remove,
            roles,
            pictures,
        };
        self.tags.insert(TagField::Actor, tags);
        self
    }

    /// Locks or unlocks; needs no new value.
    #[must_use]
    pub fn lock(mut self, what: Lockable, locked: bool) -> Self {
        self.locks.insert(what, locked);
        self
    }

    /// Whether it says nothing. Such an edit is never sent.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.tags.is_empty() && self.locks.is_empty()
    }

    /// What it touches, so that a caller can tell what did not go.
    pub fn touches(&self) -> BTreeSet<Lockable> {
        self.values
            .keys()
            .copied()
            .map(Lockable::Value)
            .chain(self.tags.keys().copied().map(Lockable::Tags))
            .chain(self.locks.keys().copied())
            .collect()
    }
}

/// Keys as Plex takes them.
pub(crate) fn join_keys(keys: impl IntoIterator<Item = u64>, separator: &str) -> String {
    let mut joined = String::new();
    for key in keys {
        if !joined.is_empty() {
            joined.push_str(separator);
        }
        joined.push_str(&key.to_string());
    }
    joined
}
