//! What a .nfo asks for, field by field.
//!
//! An empty element says nothing: writers of .nfo files leave `<plot/>` for *unknown*. Where elements repeat, the first
//! that says something counts; lists take all, those in one element parted by ` / ` (genres, countries and writers by `/`
//! too), and `clear="true"` drops those before it.
//!
//! | Field | Films, music videos, shows, seasons, episodes: the first that says something |
//! |---|---|
//! | title, sort title, original title | `title`, `name`, `localtitle` (seasons `seasonname`, else their show's `namedseason`); `sorttitle`, `sortname`; `originaltitle` |
//! | summary, tagline | `plot`, else `outline`; `tagline` |
//! | studio, edition, content rating | first `studio`; first `edition`; `mpaa` |
//! | release date | the first whole date of `premiered`, `releasedate`, `aired`; of episodes `aired` first |
//! | year | `year`, else of the dates above |
//! | audience rating | `ratings/rating`: the default one, `imdb`, `tmdb`, `tomatometerallaudience`; `rating`, `communityrating` |
//! | critic rating | `criticrating`; `ratings/rating`: `metacritic`, `tomatometerallcritics` |
//! | directors, writers, producers | all `director`; `credits`, `writer`; `producer`; and `actor` of such a `type` |
//! | actors | `actor/name` with `actor/role`, sorted by `order`; of a music video without them `artist` |
//! | collections | `set/name`, else `set` |
//! | of a collection | its summary `set/overview`, sort title `set/sorttitle`, the item's place in it `set`'s `order` |
//! | watched | yes by `watched` or a `playcount`; no where one of them says so |
//!
//! | Field | Artists | Albums |
//! |---|---|---|
//! | summary | `biography`, `artistdesc` | `review` |
//! | sort title | `sortname` | `sorttitle` |
//! | studio | | first `label` |
//! | release date, year | | `releasedate`, `originalreleasedate`; `year` |
//! | critic rating | | `rating`, `ratings` |
//!
//! Of all: genres `genre`, countries `country`, styles `style`, moods `mood`, labels `tag`, user rating `userrating`,
//! added-at `dateadded`. What an item's type does not hold in Plex is dropped later, by `ItemType::holds`.

mod music;
mod said;
mod sets;
mod video;

pub(super) use video::season_titles;

use std::collections::BTreeMap;

use super::parse::Element;
use crate::model::{Aim, CollectionWish, Field, ItemType, Numbering, Value};
use crate::text;

/// What a .nfo is about, by its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Film,
    MusicVideo,
    Show,
    Season,
    Episode,
    Artist,
    Album,
}

/// What one root says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// `None` where it fits whatever Plex has the file for.
    pub kind: Option<Kind>,
    pub numbering: Option<Numbering>,
    /// Where the kind is not known: whether it is part of a series all the same.
    pub in_series: bool,
    /// A name for people.
    pub title: Option<String>,
    pub values: BTreeMap<Field, Value>,
    /// What it says of its collections, pictures excepted.
    pub collections: BTreeMap<String, CollectionWish>,
}

impl Kind {
    /// By the root's name.
    pub fn of(root: &str) -> Option<Self> {
        Some(match root {
            "movie" => Self::Film,
            "musicvideo" => Self::MusicVideo,
            "tvshow" => Self::Show,
            "season" => Self::Season,
            "episodedetails" => Self::Episode,
            "artist" => Self::Artist,
            "album" => Self::Album,
            _ => return None,
        })
    }

    /// As Plex has it.
    pub fn item_type(self) -> ItemType {
        match self {
            Self::Film | Self::MusicVideo => ItemType::Movie,
            Self::Show => ItemType::Show,
            Self::Season => ItemType::Season,
            Self::Episode => ItemType::Episode,
            Self::Artist => ItemType::Artist,
            Self::Album => ItemType::Album,
        }
    }

    /// Whether a file that is aimed so can be about it.
    pub fn fits(self, aim: Aim) -> bool {
        match self {
            Self::Film | Self::MusicVideo | Self::Episode => aim == Aim::Item,
            Self::Season | Self::Album => matches!(aim, Aim::Parent(_)),
            Self::Show | Self::Artist => aim == Aim::Grandparent,
        }
    }

    /// For a sentence: what it is about, and which file that belongs into.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Film => ("a film", "as its video, or movie.nfo"),
            Self::MusicVideo => ("a music video", "as its video"),
            Self::Episode => ("an episode", "as its video"),
            Self::Show => ("a show", "tvshow.nfo"),
            Self::Season => ("a season", "season.nfo"),
            Self::Artist => ("an artist", "artist.nfo"),
            Self::Album => ("an album", "album.nfo"),
        }
    }
}

/// What a root asks for.
pub(super) fn told(root: &Element) -> Told {
    let kind = Kind::of(&root.name).unwrap_or(Kind::Film);
    let values = match kind {
        Kind::Artist => music::artist(root),
        Kind::Album => music::album(root),
        _ => video::values(root, kind),
    };
    let title = ["title", "name", "seasonname"]
        .iter()
        .find_map(|name| root.text_of(name))
        .map(text::line);
    Told {
        kind: Some(kind),
        numbering: video::numbering(root).filter(|_| kind == Kind::Episode),
        in_series: false,
        title: title.filter(|title| !title.is_empty()),
        values: values.0,
        collections: sets::wishes(root),
    }
}

pub(super) use said::Values;
