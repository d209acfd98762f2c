//! What a library is filled with: plain data that a generator makes and the emulator takes in.

use std::collections::BTreeSet;

/// A whole server's content.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    /// What the server runs on; decides nothing but what it says of itself. Paths are taken as they are.
    pub platform: Platform,
    /// The sections in their order; their ids count from 1.
    pub sections: Vec<SeedSection>,
}

/// What a server says that it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Platform {
    /// `Linux`
    #[default]
    Linux,
    /// `Windows`
    Windows,
    /// `MacOSX`
    MacOs,
}

/// A section.
#[derive(Debug, Clone, Default)]
pub struct SeedSection {
    /// Its title; states and tests tell sections apart by it.
    pub title: String,
    /// Its kind.
    pub kind: SectionKind,
    /// Who fills it.
    pub agent: SectionAgent,
    /// Its folders.
    pub locations: Vec<String>,
    /// Its films, shows, artists or photos.
    pub items: Vec<SeedItem>,
    /// More of its collections than that items carry their tags (`collections` of [`SeedValues`]), and smart ones.
    pub collections: Vec<SeedCollection>,
}

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SectionKind {
    /// Films; with [`SectionAgent::None`] other videos.
    #[default]
    Movie,
    /// Shows with seasons and episodes.
    Show,
    /// Artists with albums and tracks.
    Artist,
    /// Photos.
    Photo,
}

/// Who fills a section, which decides the guids of what is not matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SectionAgent {
    /// Plex's own (`tv.plex.agents.movie` …); what it does not match is `local://KEY`.
    #[default]
    Plex,
    /// None: other videos, personal media. Guids are `local://KEY`.
    None,
    /// Plex's agent for .nfo files (`tv.plex.agents.nfo.movie`, `….series`); guids are
    /// `tv.plex.agents.nfo.movie://movie/KEY`.
    Nfo,
}

/// A collection of a section.
#[derive(Debug, Clone, Default)]
pub struct SeedCollection {
    /// Its title; where items carry a tag of this name, those are its members.
    pub title: String,
    /// Of a smart one: the query that finds its members (`type=1&genre=comedy`).
    pub filter: Option<String>,
    /// `collectionSort`: 0 release, 1 alphabetical, 2 custom (the order of the items in the section).
    pub sort: i64,
    /// `collectionMode`: -1 to 2.
    pub mode: Option<i64>,
    /// What it says by itself.
    pub values: SeedValues,
    /// What a person edited and locked.
    pub edited: SeedValues,
}

/// A film, show, season, episode, artist, album, track or photo.
#[derive(Debug, Clone, Default)]
pub struct SeedItem {
    /// Files as the server sees them (leaves only), each a version of its own. Several episodes may name the same file.
    pub files: Vec<String>,
    /// Further versions, each with its parts in order.
    pub media: Vec<Vec<String>>,
    /// Number of the season, episode or track.
    pub index: Option<i32>,
    /// Number of a track's disc.
    pub disc: Option<i32>,
    /// When it was added, and last changed, in epoch seconds; otherwise when what it stands below was, or when the server
    /// was filled.
    pub added_at: Option<i64>,
    /// How often it was watched or played (leaves only).
    pub view_count: u32,
    /// When it was last watched, in epoch seconds.
    pub last_viewed_at: Option<i64>,
    /// When its files went missing, in epoch seconds: the item is in the trash, and still listed.
    pub deleted_at: Option<i64>,
    /// What the agent found; an unlocked field falls back to it on a refresh.
    pub agent: SeedValues,
    /// What a person edited and locked; wins over the agent.
    pub edited: SeedValues,
    /// Fields locked by a person without another value, by Plex's names (`title`, `genre`, `thumb` …).
    pub locked: BTreeSet<String>,
    /// Seasons of a show, episodes of a season, albums of an artist, tracks of an album.
    pub children: Vec<SeedItem>,
}

/// Values of an item; `None` says nothing, an empty list or string says *empty*. What its kind cannot hold is ignored.
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
    /// `editionTitle`
    pub edition: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `tagline`
    pub tagline: Option<String>,
    /// `studio`: also a show's network, an album's record label.
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
    /// `userRating`, 0–10
    pub user_rating: Option<f64>,
    /// `Genre`
    pub genres: Option<Vec<String>>,
    /// `Director`
    pub directors: Option<Vec<String>>,
    /// `Writer`
    pub writers: Option<Vec<String>>,
    /// `Producer`
    pub producers: Option<Vec<String>>,
    /// `Country`
    pub countries: Option<Vec<String>>,
    /// `Role`
    pub actors: Option<Vec<String>>,
    /// What some of `actors` play, and how they look. A picture is the person's, in whatever item.
    pub roles: Vec<SeedRole>,
    /// `Collection`
    pub collections: Option<Vec<String>>,
    /// `Label`
    pub labels: Option<Vec<String>>,
    /// `Style`
    pub styles: Option<Vec<String>>,
    /// `Mood`
    pub moods: Option<Vec<String>>,
    /// Bytes of the poster (JPEG or PNG).
    pub poster: Option<Vec<u8>>,
    /// Bytes of the background.
    pub background: Option<Vec<u8>>,
    /// Bytes of the clear logo.
    pub clear_logo: Option<Vec<u8>>,
    /// Bytes of the square art.
    pub square_art: Option<Vec<u8>>,
    /// Bytes of posters that can be chosen, besides the one that is.
    pub other_posters: Vec<Vec<u8>>,
}

/// What one of the cast plays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedRole {
    /// One of the item's `actors`.
    pub actor: String,
    /// `role`
    pub role: Option<String>,
    /// `thumb`: an address. The person's, wherever they play.
    pub thumb: Option<String>,
    /// The same in this item alone, told in place of the person's.
    pub picture: Option<String>,
}
