//! What a write says: which items, which fields, tags and locks.
//!
//! Neither type can name a parameter of its own, and [`Ids`] cannot be empty: an edit without ids would change every
//! item of the section. Not here: how it is sent (`client`).

use std::collections::{BTreeMap, BTreeSet};

use crate::types::ImageKind;
use crate::wire::encode;

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

    /// Splits into edits of at most `max_line` bytes each once encoded, the rest of the request line allowed for.
    ///
    /// A field is never torn apart: a list in two requests would lose its first half where Plex replaces. So a single
    /// field that is longer goes alone, and the others together around it: as few edits as there is room for. A cast that
    /// is too long with what is told of its actors goes without the last of their pictures, then of their roles. One edit
    /// comes back where nothing needs splitting, none where there is nothing to say.
    pub fn split(&self, max_line: usize) -> Vec<Self> {
        let room = max_line.saturating_sub(LINE_ALLOWANCE);
        let mut parts: Vec<(Self, usize)> = Vec::new();
        for what in self.touches() {
            let mut unit = self.only(what);
            unit.shed(room);
            let length = unit.query().len();
            match parts.iter_mut().find(|(_, used)| used + length <= room) {
                Some((part, used)) => {
                    part.absorb(unit);
                    *used += length;
                }
                None => parts.push((unit, length)),
            }
        }
        parts.into_iter().map(|(part, _)| part).collect()
    }

    /// Whether it goes whole in one request of at most `max_line` bytes.
    pub fn fits(&self, max_line: usize) -> bool {
        self.query().len() <= max_line.saturating_sub(LINE_ALLOWANCE)
    }

    /// Leaves the last pictures, then the last roles of a cast out that is too long with them.
    fn shed(&mut self, room: usize) {
        while self.query().len() > room
            && let Some(tags) = self.tags.get_mut(&TagField::Actor)
            && (tags.pictures.pop_last().is_some() || tags.roles.pop_last().is_some())
        {}
    }

    /// The part that concerns one field.
    #[must_use]
    pub fn only(&self, what: Lockable) -> Self {
        let mut part = Self::new();
        match what {
            Lockable::Value(field) => {
                part.values
                    .extend(self.values.get(&field).map(|value| (field, value.clone())));
            }
            Lockable::Tags(field) => {
                part.tags
                    .extend(self.tags.get(&field).map(|tags| (field, tags.clone())));
            }
            Lockable::Image(_) => {}
        }
        part.locks
            .extend(self.locks.get(&what).map(|locked| (what, *locked)));
        part
    }

    fn absorb(&mut self, other: Self) {
        self.values.extend(other.values);
        self.tags.extend(other.tags);
        self.locks.extend(other.locks);
    }

    /// The parameters, encoded, each with a leading `&`.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        let mut push = |name: &str, value: &str| {
            query.push('&');
            query.push_str(&encode(name));
            query.push('=');
            query.push_str(&encode(value));
        };
        for what in self.touches() {
            let name = what.name();
            match what {
                Lockable::Value(field) => {
                    if let Some(value) = self.values.get(&field) {
                        push(&format!("{name}.value"), value);
                    }
                }
                Lockable::Tags(field) => {
                    if let Some(tags) = self.tags.get(&field) {
                        for (index, tag) in tags.all.iter().enumerate() {
                            push(&format!("{name}[{index}].tag.tag"), tag);
                            if let Some(role) = tags.roles.get(&index) {
                                push(&format!("{name}[{index}].tagging.text"), role);
                            }
                            if let Some(picture) = tags.pictures.get(&index) {
                                push(&format!("{name}[{index}].tagging.thumb"), picture);
                            }
                        }
                        // Each name is encoded before it is joined: Plex splits at commas first.
                        let gone: Vec<String> = tags.remove.iter().map(|tag| encode(tag)).collect();
                        if !gone.is_empty() {
                            push(&format!("{name}[].tag.tag-"), &gone.join(","));
                        }
                    }
                }
                Lockable::Image(_) => {}
            }
            if let Some(locked) = self.locks.get(&what) {
                push(&format!("{name}.locked"), if *locked { "1" } else { "0" });
            }
        }
        query
    }
}

/// Method, path, type, one id, version, and a base path of a proxy.
const LINE_ALLOWANCE: usize = 160;

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
