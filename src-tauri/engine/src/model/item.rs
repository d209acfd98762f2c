//! Items on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CastTrait, Field, Identity, ItemKey, SourceNumber, Value};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ItemType {
    /// A film, or another video: Plex has one type (1) for both.
    Movie,
    /// A show (2).
    Show,
    /// A season of a show (3).
    Season,
    /// An episode of a season (4).
    Episode,
    /// A musician or a band (8).
    Artist,
    /// An album of an artist (9).
    Album,
    /// A track of an album (10).
    Track,
    /// A collection of items (18).
    Collection,
}

impl ItemType {
    /// Every type, in Plex's order.
    pub const ALL: [Self; 8] = [
        Self::Movie,
        Self::Show,
        Self::Season,
        Self::Episode,
        Self::Artist,
        Self::Album,
        Self::Track,
        Self::Collection,
    ];

    /// Whether Plex keeps such a field for items of this type, and may be told it. Plex merges artists and albums of
    /// the same title, so that the titles of music are never written.
    pub fn holds(self, field: Field) -> bool {
        use Field as F;
        match field {
            F::Summary | F::UserRating | F::AddedAt | F::Labels | F::Poster | F::Background => true,
            F::Title => !self.is_music(),
            F::SortTitle => self != Self::Season && self != Self::Track,
            F::Tagline => matches!(self, Self::Movie | Self::Show),
            F::OriginalTitle => matches!(self, Self::Movie | Self::Show | Self::Track),
            F::Studio => matches!(self, Self::Movie | Self::Show | Self::Album),
            F::Edition | F::Producers => self == Self::Movie,
            F::ContentRating => matches!(
                self,
                Self::Movie | Self::Show | Self::Episode | Self::Collection
            ),
            F::ReleaseDate => {
                matches!(self, Self::Movie | Self::Show | Self::Episode | Self::Album)
            }
            F::Year => matches!(self, Self::Movie | Self::Show | Self::Album),
            F::CriticRating => !matches!(self, Self::Artist | Self::Track | Self::Collection),
            F::AudienceRating => {
                matches!(
                    self,
                    Self::Movie | Self::Show | Self::Season | Self::Episode
                )
            }
            F::Watched => matches!(self, Self::Movie | Self::Episode),
            F::Genres => matches!(self, Self::Movie | Self::Show | Self::Artist | Self::Album),
            F::Styles => matches!(self, Self::Artist | Self::Album),
            F::Moods => self.is_music(),
            F::Countries => matches!(self, Self::Movie | Self::Artist),
            F::Directors | F::Writers => matches!(self, Self::Movie | Self::Episode),
            F::Actors => matches!(self, Self::Movie | Self::Show | Self::Episode),
            F::Collections | F::ClearLogo | F::SquareArt => self != Self::Collection,
        }
    }

    fn is_music(self) -> bool {
        matches!(self, Self::Artist | Self::Album | Self::Track)
    }
}

/// Which Plex item a source item means, seen from the items that hold its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Aim {
    /// Those items themselves: films, episodes, other videos.
    #[default]
    Item,
    /// What they are part of: the season of episodes, the album of tracks. With a number, only the one of that number.
    Parent(Option<i32>),
    /// What that is part of: the show, the artist.
    Grandparent,
}

/// Where an episode stands, as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// Number of its season; `None` where the source does not say.
    pub season: Option<i32>,
    /// Its number in the season.
    pub episode: i32,
}

/// A picture file beside a source item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalImage {
    /// Where it is.
    pub path: PathBuf,
    /// SHA-1 of the bytes that are to be sent (after shrinking), lower-case hex.
    pub sha1: String,
}

/// What a source says of a collection that one of its items is in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CollectionWish {
    /// What it asks for. Pictures stand here as [`Value::Image`] with the SHA-1 of `images`.
    pub values: BTreeMap<Field, Value>,
    /// The pictures that `values` speaks of.
    pub images: BTreeMap<Field, LocalImage>,
    /// The item's place among the members, where the source numbers them.
    pub place: Option<i64>,
}

/// One thing with metadata and one or more media files, as a source tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceItem {
    /// Which source.
    pub source: SourceNumber,
    /// Stable within the source; for `nfo` the path of the .nfo relative to the source's folder, with `/`. Where one .nfo
    /// tells of several episodes, each has its number behind it (`Show/a.nfo#S01E02`).
    pub id: String,
    /// What the source says it is; `None` where it fits whatever Plex has the file for.
    pub item_type: Option<ItemType>,
    /// Tells episodes that share a file apart.
    pub numbering: Option<Numbering>,
    /// A name for people: the title, or the file's name.
    pub label: String,
    /// Full paths of its media files as the source sees them.
    pub files: Vec<String>,
    /// What the source asks for. An absent field says nothing; [`Value::Empty`] asks for nothing to be there.
    /// Pictures stand here as [`Value::Image`] with the SHA-1 of `images`.
    pub values: BTreeMap<Field, Value>,
    /// The pictures that `values` speaks of.
    pub images: BTreeMap<Field, LocalImage>,
    /// What it says of the collections among `values`, by their titles; one of which it says nothing but that is absent.
    pub collections: BTreeMap<String, CollectionWish>,
}

/// One item as Plex's listing shows it: enough to match and to see that it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlexItem {
    /// Where records about it are kept.
    pub key: ItemKey,
    /// What must still be true of it.
    pub identity: Identity,
    /// What it is.
    pub item_type: ItemType,
    /// Its title, for people.
    pub title: String,
    /// Full paths of its files as Plex sees them.
    pub files: Vec<String>,
    /// Epoch seconds of Plex's `updatedAt`; 0 where Plex names none.
    pub updated_at: i64,
    /// Rating key of the season's show, the episode's season, the album's artist or the track's album.
    pub parent: Option<u64>,
    /// Rating key of the episode's show or of the track's artist.
    pub grandparent: Option<u64>,
    /// Number of the season, episode or track.
    pub index: Option<i32>,
    /// Number of the episode's season.
    pub parent_index: Option<i32>,
    /// Whether it was watched. Moves no `updated_at`.
    #[serde(default)]
    pub watched: bool,
}

/// How an item stood when it was compared, or written and read back: a listing that shows it so has no news of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// As [`PlexItem::updated_at`].
    pub updated_at: i64,
    /// As [`PlexItem::watched`].
    pub watched: bool,
}

impl PlexItem {
    /// How it stands.
    pub fn stand(&self) -> Stand {
        Stand {
            updated_at: self.updated_at,
            watched: self.watched,
        }
    }
}

/// What Plex holds in an item's fields, from a detail read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlexValues {
    /// Absent and [`Value::Empty`] mean the same.
    pub values: BTreeMap<Field, Value>,
    /// What Plex says to the byte in texts and tags, where that is not the normal form. Never compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<Field, Value>,
    /// The locked fields.
    pub locked: BTreeSet<Field>,
    /// Foreign origin of ratings by field, e.g. `imdb://image.rating`.
    pub rating_images: BTreeMap<Field, String>,
}

impl PlexValues {
    /// What a field holds.
    pub fn get(&self, field: Field) -> &Value {
        self.values.get(&field).unwrap_or(&Value::Empty)
    }

    /// The same with casts without what is known of these.
    #[must_use]
    pub fn without(mut self, traits: &[CastTrait]) -> Self {
        for values in [&mut self.values, &mut self.raw] {
            if let Some(cast) = values.remove(&Field::Actors) {
                values.insert(Field::Actors, cast.without(traits));
            }
        }
        // What differed by these alone is in its normal form now.
        if self.raw.get(&Field::Actors) == self.values.get(&Field::Actors) {
            self.raw.remove(&Field::Actors);
        }
        self
    }

    /// Whether a field is locked.
    pub fn is_locked(&self, field: Field) -> bool {
        self.locked.contains(&field)
    }
}
