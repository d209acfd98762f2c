//! The kinds of value that are synced, and how each may be overwritten.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One kind of value of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// `title`
    Title,
    /// `titleSort`; Plex leaves it out where it equals the title.
    SortTitle,
    /// `originalTitle`
    OriginalTitle,
    /// `summary`
    Summary,
    /// `tagline`
    Tagline,
    /// `studio`
    Studio,
    /// `contentRating`
    ContentRating,
    /// `originallyAvailableAt`, `YYYY-MM-DD`
    ReleaseDate,
    /// `year`
    Year,
    /// `rating`, in tenths
    CriticRating,
    /// `audienceRating`, in tenths
    AudienceRating,
    /// `Genre` tags
    Genres,
    /// `Director` tags
    Directors,
    /// `Role` tags, written as `actor`
    Actors,
    /// `Collection` tags. Never locked: that would stop Plex's own collections.
    Collections,
    /// the selected poster (`thumb`)
    Poster,
    /// the selected background (`art`)
    Background,
}

/// What a field holds, which decides how it is compared and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// A string.
    Text,
    /// An ISO date.
    Date,
    /// A whole number.
    Whole,
    /// A rating from 0 to 10 in tenths.
    Rating,
    /// A list of tags.
    Tags,
    /// A picture.
    Image,
}

/// What a field may overwrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Policy {
    /// *Keep my Plex edits*: follow the source but for what a person edited in Plex.
    #[default]
    KeepEdits,
    /// *Source is right*: overwrites a person's values too.
    SourceIsRight,
    /// *Fill only if empty*.
    FillEmpty,
    /// Not synced.
    Off,
}

/// How a list of tags is brought in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ListMode {
    /// Plex ends with exactly the source's tags.
    Mirror,
    /// The source's tags are there; of the others only those that Syncslate once added are removed.
    Own,
    /// The source's tags are there; nothing is removed.
    Add,
}

impl Field {
    /// Every field, in the order in which a person reads them.
    pub const ALL: [Self; 17] = [
        Self::Title,
        Self::SortTitle,
        Self::OriginalTitle,
        Self::Summary,
        Self::Tagline,
        Self::Studio,
        Self::ContentRating,
        Self::ReleaseDate,
        Self::Year,
        Self::CriticRating,
        Self::AudienceRating,
        Self::Genres,
        Self::Directors,
        Self::Actors,
        Self::Collections,
        Self::Poster,
        Self::Background,
    ];

    /// What it holds.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Title
            | Self::SortTitle
            | Self::OriginalTitle
            | Self::Summary
            | Self::Tagline
            | Self::Studio
            | Self::ContentRating => FieldKind::Text,
            Self::ReleaseDate => FieldKind::Date,
            Self::Year => FieldKind::Whole,
            Self::CriticRating | Self::AudienceRating => FieldKind::Rating,
            Self::Genres | Self::Directors | Self::Actors | Self::Collections => FieldKind::Tags,
            Self::Poster | Self::Background => FieldKind::Image,
        }
    }

    /// How a list field is brought in line unless the settings say otherwise; `None` for other kinds.
    pub fn default_list_mode(self) -> Option<ListMode> {
        match self {
            Self::Directors | Self::Actors => Some(ListMode::Mirror),
            Self::Genres => Some(ListMode::Own),
            Self::Collections => Some(ListMode::Add),
            _ => None,
        }
    }

    /// Whether a written value may be locked in Plex.
    pub fn can_lock(self) -> bool {
        self != Self::Collections
    }
}
