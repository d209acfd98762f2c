//! What a library is filled with: plain data that a generator makes and the emulator takes in.

use std::collections::BTreeSet;

/// A whole server's content.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    /// The sections in their order.
    pub sections: Vec<SeedSection>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct SeedSection {
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: SectionKind,
    /// Its folders.
    pub locations: Vec<String>,
    /// Its films or shows.
    pub items: Vec<SeedItem>,
}

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// Films.
    Movie,
    /// Shows with seasons and episodes.
    Show,
}

/// A film, show, season or episode.
#[derive(Debug, Clone, Default)]
pub struct SeedItem {
    /// Files as the server sees them (films, episodes).
    pub files: Vec<String>,
    /// Season or episode number.
    pub index: Option<i32>,
    /// What the agent found; an unlocked field falls back to it on a refresh.
    pub agent: SeedValues,
    /// What a person edited and locked; wins over the agent.
    pub edited: SeedValues,
    /// Fields locked by a person without another value, by Plex's names (`title`, `genre`, `thumb` …).
    pub locked: BTreeSet<String>,
    /// Seasons of a show, episodes of a season.
    pub children: Vec<SeedItem>,
}

/// Values of an item; `None` says nothing, an empty list or string says *empty*.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeedValues {
    /// `guid`
    pub guid: Option<String>,
    /// `title`
    pub title: Option<String>,
    /// `titleSort`
    pub title_sort: Option<String>,
    /// `originalTitle`
    pub original_title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `tagline`
    pub tagline: Option<String>,
    /// `studio`
    pub studio: Option<String>,
    /// `contentRating`
    pub content_rating: Option<String>,
    /// `originallyAvailableAt`, `YYYY-MM-DD`
    pub date: Option<String>,
    /// `year`
    pub year: Option<i32>,
    /// `rating`, 0–10
    pub rating: Option<f64>,
    /// `audienceRating`, 0–10
    pub audience_rating: Option<f64>,
    /// `Genre`
    pub genres: Option<Vec<String>>,
    /// `Director`
    pub directors: Option<Vec<String>>,
    /// `Role`
    pub actors: Option<Vec<String>>,
    /// `Collection`
    pub collections: Option<Vec<String>>,
    /// Bytes of the poster (JPEG or PNG).
    pub poster: Option<Vec<u8>>,
    /// Bytes of the background.
    pub background: Option<Vec<u8>>,
}
