//! What Plex tells: plain data, already free of the wire's whims.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::edit::{Lockable, TagField};

/// The server, from its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The name that its owner gave it.
    pub name: String,
    /// Its version, e.g. `1.43.0.10162-abc`.
    pub version: String,
    /// Its identifier, for `server://` addresses; changes when Plex is rebuilt.
    pub machine_identifier: String,
    /// Its operating system, e.g. `Linux`, `Windows`, `MacOSX`.
    pub platform: String,
}

/// Who answers, without a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As in [`Server::machine_identifier`].
    pub machine_identifier: String,
    /// As in [`Server::version`].
    pub version: String,
}

/// A section (library) of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its number.
    pub id: u32,
    /// Its UUID, which survives a rebuilt Plex.
    pub uuid: Uuid,
    /// Its title.
    pub title: String,
    /// `movie`, `show`, `artist` or `photo`.
    pub kind: String,
    /// The agent that fills it.
    pub agent: String,
    /// Whether Plex is scanning it just now: counts are not to be trusted.
    pub refreshing: bool,
    /// Its folders as the server sees them.
    pub locations: Vec<String>,
}

/// What an item is, by Plex's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlexType {
    /// 1
    Movie,
    /// 2
    Show,
    /// 3
    Season,
    /// 4
    Episode,
    /// 8
    Artist,
    /// 9
    Album,
    /// 10
    Track,
    /// 18
    Collection,
}

impl PlexType {
    /// Every type.
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

    /// Plex's number of it.
    pub fn number(self) -> u8 {
        match self {
            Self::Movie => 1,
            Self::Show => 2,
            Self::Season => 3,
            Self::Episode => 4,
            Self::Artist => 8,
            Self::Album => 9,
            Self::Track => 10,
            Self::Collection => 18,
        }
    }

    /// Plex's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Show => "show",
            Self::Season => "season",
            Self::Episode => "episode",
            Self::Artist => "artist",
            Self::Album => "album",
            Self::Track => "track",
            Self::Collection => "collection",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// How many there are in all; `None` where Plex does not say.
    pub total: Option<u64>,
    /// Where this page begins.
    pub offset: u64,
    /// The items.
    pub rows: Vec<Row>,
    /// Items that arrived and could not be understood.
    pub skipped: u64,
    /// Where the next page begins; `None` when this is the last one. Pages may be shorter than asked for.
    pub next_start: Option<u64>,
}

/// An item as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub rating_key: u64,
    /// Its guid; empty where Plex names none.
    pub guid: String,
    /// What it is.
    pub item_type: PlexType,
    /// Its title.
    pub title: String,
    /// Full paths of all of its files, in Plex's order.
    pub files: Vec<String>,
    /// Epoch seconds; 0 where Plex names none.
    pub updated_at: i64,
    /// Epoch seconds; 0 where Plex names none.
    pub added_at: i64,
    /// Key of the season's show, the episode's season, the album's artist or the track's album.
    pub parent: Option<u64>,
    /// Key of the episode's show or of the track's artist.
    pub grandparent: Option<u64>,
    /// Number of the season, episode or track.
    pub index: Option<i32>,
    /// Number of the episode's season.
    pub parent_index: Option<i32>,
    /// `viewCount`: how often it was watched
    pub view_count: u32,
}

/// All that Plex holds of an item. Values are raw: not trimmed, not normalised.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Details {
    /// Its key.
    pub rating_key: u64,
    /// Its guid; empty where Plex names none.
    pub guid: String,
    /// What it is; `None` for a type that is not in [`PlexType`].
    pub item_type: Option<PlexType>,
    /// Number of its section.
    pub section_id: Option<u32>,
    /// Epoch seconds; 0 where Plex names none.
    pub updated_at: i64,
    /// Epoch seconds; 0 where Plex names none.
    pub added_at: i64,
    /// Key of the season's show, the episode's season, the album's artist or the track's album.
    pub parent: Option<u64>,
    /// Key of the episode's show or of the track's artist.
    pub grandparent: Option<u64>,
    /// Number of the season, episode or track.
    pub index: Option<i32>,
    /// Number of the episode's season.
    pub parent_index: Option<i32>,
    /// Full paths of all of its files.
    pub files: Vec<String>,
    /// `title`
    pub title: Option<String>,
    /// `titleSort`; left out by Plex where it equals the title.
    pub title_sort: Option<String>,
    /// `originalTitle`
    pub original_title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `tagline`
    pub tagline: Option<String>,
    /// `studio`
    pub studio: Option<String>,
    /// `editionTitle`
    pub edition_title: Option<String>,
    /// `contentRating`
    pub content_rating: Option<String>,
    /// `originallyAvailableAt`
    pub originally_available_at: Option<String>,
    /// `year`
    pub year: Option<i32>,
    /// `rating`, 0–10
    pub rating: Option<f64>,
    /// `audienceRating`, 0–10
    pub audience_rating: Option<f64>,
    /// `userRating`, 0–10
    pub user_rating: Option<f64>,
    /// `viewCount`: how often it was watched
    pub view_count: u32,
    /// Where `rating` comes from, e.g. `imdb://image.rating`.
    pub rating_image: Option<String>,
    /// Where `audienceRating` comes from.
    pub audience_rating_image: Option<String>,
    /// Tags in Plex's order, without those that are empty; a kind without tags is absent.
    pub tags: BTreeMap<TagField, Vec<String>>,
    /// What each of the actors among `tags` plays, in their order; empty where Plex does not say.
    pub roles: Vec<String>,
    /// Where each of these actors' pictures is, an address, in their order; empty where Plex has none.
    pub actor_pictures: Vec<String>,
    /// What is locked.
    pub locked: BTreeSet<Lockable>,
    /// Paths of the pictures on the server; a kind without a picture is absent.
    pub images: BTreeMap<ImageKind, String>,
    /// Of a collection: in what order it shows its members.
    pub collection_sort: CollectionSort,
}

/// Which picture of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImageKind {
    /// `thumb`
    Poster,
    /// `art`
    Background,
    /// `clearLogo`
    ClearLogo,
    /// `squareArt`
    SquareArt,
}

impl ImageKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Poster,
        Self::Background,
        Self::ClearLogo,
        Self::SquareArt,
    ];

    /// Plex's name of it in locks.
    pub fn lock_name(self) -> &'static str {
        match self {
            Self::Poster => "thumb",
            Self::Background => "art",
            Self::ClearLogo => "clearLogo",
            Self::SquareArt => "squareArt",
        }
    }

    /// Under which name an item's pictures of this kind are listed and uploaded.
    pub(crate) fn list_name(self) -> &'static str {
        match self {
            Self::Poster => "posters",
            Self::Background => "arts",
            Self::ClearLogo => "clearLogos",
            Self::SquareArt => "squareArts",
        }
    }

    /// Under which name one is selected.
    pub(crate) fn select_name(self) -> &'static str {
        match self {
            Self::Poster => "poster",
            Self::Background => "art",
            Self::ClearLogo => "clearLogo",
            Self::SquareArt => "squareArt",
        }
    }

    /// The kind that an `Image` element's `type` means. Posters and backgrounds stand in attributes of their own too.
    pub(crate) fn from_element(name: &str) -> Option<Self> {
        match name {
            "coverPoster" => Some(Self::Poster),
            "background" => Some(Self::Background),
            "clearLogo" => Some(Self::ClearLogo),
            "backgroundSquare" => Some(Self::SquareArt),
            _ => None,
        }
    }

    /// The key by which Plex is expected to list a picture after its upload; `sha1` is that of its bytes in lower-case
    /// hex.
    pub fn upload_key(self, sha1: &str) -> String {
        match self {
            Self::Poster => format!("upload://posters/{sha1}"),
            Self::Background => format!("upload://art/{sha1}"),
            Self::ClearLogo => format!("upload://clearLogo/{sha1}"),
            Self::SquareArt => format!("upload://squareArt/{sha1}"),
        }
    }
}

/// What keys of uploads begin with.
pub const UPLOAD: &str = "upload://";

/// Whether two keys name one picture: of uploads the last part tells, whatever a server puts between.
pub fn is_same_picture(one: &str, other: &str) -> bool {
    let upload = |key: &str| -> Option<String> {
        let (_, name) = key.strip_prefix(UPLOAD)?.rsplit_once('/')?;
        (!name.is_empty()).then(|| name.to_owned())
    };
    one == other || matches!((upload(one), upload(other)), (Some(one), Some(other)) if one == other)
}

/// A picture that an item may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageChoice {
    /// What selects it: `upload://posters/…`, `metadata://posters/…` or an address.
    pub key: String,
    /// Whether it is chosen now.
    pub selected: bool,
    /// Who offers it; `local` or absent for uploads.
    pub provider: Option<String>,
}

/// A collection of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its key.
    pub rating_key: u64,
    /// Its title.
    pub title: String,
    /// Whether it is a saved filter: such a one takes no members.
    pub smart: bool,
    /// How many members it has.
    pub size: Option<u64>,
    /// What its members are.
    pub of: Option<PlexType>,
    /// Its guid; empty where Plex names none.
    pub guid: String,
}

/// In what order a collection shows its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CollectionSort {
    /// By release date, as Plex makes them.
    #[default]
    Release,
    /// By sort title.
    Alphabetical,
    /// In an order of its own.
    Custom,
}

impl CollectionSort {
    /// Plex's number of it.
    pub fn number(self) -> u8 {
        match self {
            Self::Release => 0,
            Self::Alphabetical => 1,
            Self::Custom => 2,
        }
    }

    /// The one of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Release, Self::Alphabetical, Self::Custom]
            .into_iter()
            .find(|sort| sort.number() == number)
    }
}
