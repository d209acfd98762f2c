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
    /// `studio`; of an album its record label
    Studio,
    /// `editionTitle`
    Edition,
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
    /// `userRating`, in tenths: the stars of the server's owner
    UserRating,
    /// `addedAt`
    AddedAt,
    /// Whether it was watched. Not a field of Plex's edits: marked by a request of its own, never locked.
    Watched,
    /// `Genre` tags
    Genres,
    /// `Style` tags of music
    Styles,
    /// `Mood` tags of music
    Moods,
    /// `Country` tags
    Countries,
    /// `Director` tags
    Directors,
    /// `Writer` tags
    Writers,
    /// `Producer` tags
    Producers,
    /// `Role` tags, written as `actor`
    Actors,
    /// `Collection` tags. Never locked: that would stop Plex's own collections.
    Collections,
    /// `Label` tags, by which people sort and share
    Labels,
    /// the selected poster (`thumb`)
    Poster,
    /// the selected background (`art`)
    Background,
    /// the selected logo without a background (`clearLogo`)
    ClearLogo,
    /// the selected square background (`squareArt`)
    SquareArt,
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
    /// A moment, in epoch seconds.
    Moment,
    /// Yes or no.
    Flag,
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
    pub const ALL: [Self; 29] = [
        Self::Title,
        Self::SortTitle,
        Self::OriginalTitle,
        Self::Summary,
        Self::Tagline,
        Self::Studio,
        Self::Edition,
        Self::ContentRating,
        Self::ReleaseDate,
        Self::Year,
        Self::CriticRating,
        Self::AudienceRating,
        Self::UserRating,
        Self::AddedAt,
        Self::Watched,
        Self::Genres,
        Self::Styles,
        Self::Moods,
        Self::Countries,
        Self::Directors,
        Self::Writers,
        Self::Producers,
        Self::Actors,
        Self::Collections,
        Self::Labels,
        Self::Poster,
        Self::Background,
        Self::ClearLogo,
        Self::SquareArt,
    ];

    /// Its name in settings, JSON and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::SortTitle => "sortTitle",
            Self::OriginalTitle => "originalTitle",
            Self::Summary => "summary",
            Self::Tagline => "tagline",
            Self::Studio => "studio",
            Self::Edition => "edition",
            Self::ContentRating => "contentRating",
            Self::ReleaseDate => "releaseDate",
            Self::Year => "year",
            Self::CriticRating => "criticRating",
            Self::AudienceRating => "audienceRating",
            Self::UserRating => "userRating",
            Self::AddedAt => "addedAt",
            Self::Watched => "watched",
            Self::Genres => "genres",
            Self::Styles => "styles",
            Self::Moods => "moods",
            Self::Countries => "countries",
            Self::Directors => "directors",
            Self::Writers => "writers",
            Self::Producers => "producers",
            Self::Actors => "actors",
            Self::Collections => "collections",
            Self::Labels => "labels",
            Self::Poster => "poster",
            Self::Background => "background",
            Self::ClearLogo => "clearLogo",
            Self::SquareArt => "squareArt",
        }
    }

    /// The field of that name, whatever the case, also with blanks, `-` or `_` between its words.
    pub fn from_code(name: &str) -> Option<Self> {
        let wanted = name.replace([' ', '-', '_'], "");
        Self::ALL
            .into_iter()
            .find(|field| field.code().eq_ignore_ascii_case(&wanted))
    }

    /// What it holds.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Title
            | Self::SortTitle
            | Self::OriginalTitle
            | Self::Summary
            | Self::Tagline
            | Self::Studio
            | Self::Edition
            | Self::ContentRating => FieldKind::Text,
            Self::ReleaseDate => FieldKind::Date,
            Self::Year => FieldKind::Whole,
            Self::CriticRating | Self::AudienceRating | Self::UserRating => FieldKind::Rating,
            Self::AddedAt => FieldKind::Moment,
            Self::Watched => FieldKind::Flag,
            Self::Genres
            | Self::Styles
            | Self::Moods
            | Self::Countries
            | Self::Directors
            | Self::Writers
            | Self::Producers
            | Self::Actors
            | Self::Collections
            | Self::Labels => FieldKind::Tags,
            Self::Poster | Self::Background | Self::ClearLogo | Self::SquareArt => FieldKind::Image,
        }
    }

    /// How a list field is brought in line unless the settings say otherwise; `None` for other kinds.
    pub fn default_list_mode(self) -> Option<ListMode> {
        match self {
            Self::Directors | Self::Writers | Self::Producers | Self::Actors => {
                Some(ListMode::Mirror)
            }
            Self::Genres | Self::Styles | Self::Moods | Self::Countries => Some(ListMode::Own),
            Self::Collections | Self::Labels => Some(ListMode::Add),
            _ => None,
        }
    }

    /// What it may overwrite unless the settings say otherwise. *Off* for what moves an item about in Plex's own lists:
    /// *Recently added*, *On deck*.
    pub fn default_policy(self) -> Policy {
        match self {
            Self::AddedAt | Self::Watched => Policy::Off,
            _ => Policy::KeepEdits,
        }
    }

    /// Whether a written value may be locked in Plex.
    pub fn can_lock(self) -> bool {
        !matches!(self, Self::Collections | Self::Watched)
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn a_fields_code_is_its_name_in_json_and_leads_back() {
        for field in Field::ALL {
            let json = serde_json::to_string(&field).unwrap();
            assert_eq!(json, format!("\"{}\"", field.code()));
            assert_eq!(Field::from_code(field.code()), Some(field));
        }
        assert_eq!(Field::from_code("release-date"), Some(Field::ReleaseDate));
        assert_eq!(Field::from_code("Sort Title"), Some(Field::SortTitle));
        assert_eq!(Field::from_code("tittle"), None);
    }
}
