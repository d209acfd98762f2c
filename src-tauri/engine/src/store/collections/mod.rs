//! What is known of collections that Syncslate made, or is about to make: what the source says of them, and in what
//! order Syncslate left their members.
//!
//! A collection is found by its section, its title and the kind of its members, because Plex has no key for one that
//! does not exist yet. Its values' base, journal and jobs are kept under its rating key, as any item's.
//!
//! | field | says |
//! |---|---|
//! | `expected` | members whose tag a plan was to set while Plex had no such collection; durable before the first request |
//! | `made` | Plex's key of the one that came into being so; absent where it is somebody else's, or not there yet |
//! | `open` | something is to be compared: at the end of the next sync |
//! | `gone` | it was Syncslate's, and Plex has it no more: an undo that brings a member back makes it Syncslate's again |
//!
//! A record that is `gone` stays for as long as the journal does, which is never cut short.

mod hear;
mod ops;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::record::Record;
use crate::model::{
    CollectionWish, Field, Identity, ItemKey, ItemType, RatingKey, RunId, SectionUuid,
    ServerNumber, Value,
};
use crate::text;

/// Where a collection's record is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectionKey {
    server: ServerNumber,
    section: SectionUuid,
    of: u8,
    title: [u8; 16],
}

impl CollectionKey {
    const LEN: usize = 2 + 16 + 1 + 16;

    /// The collection of this title, in whatever case, whose members are of this type.
    pub fn new(server: ServerNumber, section: SectionUuid, of: ItemType, title: &str) -> Self {
        let mut hash = [0; 16];
        hash.copy_from_slice(&Sha1::digest(text::fold(title).as_bytes())[..16]);
        Self {
            server,
            section,
            of: library_number(of),
            title: hash,
        }
    }

    /// The section that it is in.
    pub fn section(&self) -> SectionUuid {
        self.section
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (server, rest) = bytes.split_first_chunk()?;
        let (section, rest) = rest.split_first_chunk()?;
        let (of, title) = rest.split_first()?;
        Some(Self {
            server: ServerNumber(u16::from_be_bytes(*server)),
            section: SectionUuid::from_bytes(*section),
            of: *of,
            title: title.try_into().ok()?,
        })
    }

    /// The item that the collection is in Plex, under this key there.
    pub fn item(self, key: RatingKey) -> ItemKey {
        ItemKey {
            server: self.server,
            section: self.section,
            rating_key: key,
        }
    }

    fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..18].copy_from_slice(&section_prefix(self.server, self.section));
        bytes[18] = self.of;
        bytes[19..].copy_from_slice(&self.title);
        bytes
    }
}

/// The item that Syncslate made, then what its collection's key has besides the section.
fn made_key(item: ItemKey, at: CollectionKey) -> Vec<u8> {
    [&item.to_bytes()[..], &at.to_bytes()[18..]].concat()
}

fn section_prefix(server: ServerNumber, section: SectionUuid) -> [u8; 18] {
    let mut bytes = [0; 18];
    bytes[..2].copy_from_slice(&server.0.to_be_bytes());
    bytes[2..].copy_from_slice(section.as_bytes());
    bytes
}

/// A number that stays the same whatever types come.
fn library_number(of: ItemType) -> u8 {
    match of {
        ItemType::Movie => 1,
        ItemType::Show => 2,
        ItemType::Season => 3,
        ItemType::Episode => 4,
        ItemType::Artist => 8,
        ItemType::Album => 9,
        ItemType::Track => 10,
        ItemType::Collection => 18,
    }
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionRecord {
    /// Its title as the source has it.
    pub title: String,
    /// What its members are.
    pub of: ItemType,
    /// See the module.
    #[serde(default)]
    pub expected: BTreeSet<RatingKey>,
    /// See the module.
    #[serde(default)]
    pub made: Option<MadeCollection>,
    /// The undo that brings it back; what other runs left open it leaves to the next sync.
    #[serde(default)]
    pub restored_by: Option<RunId>,
    /// What the source asks for.
    #[serde(default)]
    pub said: BTreeMap<Field, Said>,
    /// What another source item asks for instead; it counts as soon as the first is no more.
    #[serde(default)]
    pub rivals: BTreeMap<Field, Said>,
    /// The places that the source gives to members.
    #[serde(default)]
    pub places: BTreeMap<RatingKey, i64>,
    /// In what order Syncslate left the members; absent where it never ordered them.
    #[serde(default)]
    pub order: Option<CollectionOrder>,
    /// An order that Plex did not take, and is not asked for again.
    #[serde(default)]
    pub refused_order: Option<RefusedOrder>,
    /// See the module.
    #[serde(default)]
    pub open: bool,
    /// See the module.
    #[serde(default)]
    pub gone: bool,
    /// Digest of the settings under which the source was last heard of it.
    #[serde(default)]
    pub settings: [u8; 16],
}

/// A collection that Syncslate made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeCollection {
    /// Plex's key of it.
    pub key: RatingKey,
    /// What must still be true of it.
    pub identity: Identity,
}

/// What a source item says of a collection, in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The source item. Where several disagree, the first by name counts, so that the order of syncs does not.
    pub by: String,
    /// What it asks for; a picture's SHA-1.
    pub value: Value,
    /// The file of a picture.
    #[serde(default)]
    pub file: Option<PathBuf>,
}

/// The order of a collection's members.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CollectionOrder {
    /// All members, as Syncslate left them.
    pub left: Vec<RatingKey>,
    /// Moves are under way: the order is something between `left` and what is wanted, and nobody else's.
    pub moving: bool,
    /// What runs replaced, the oldest first; see [`CollectionOrder::replace`].
    pub replaced: Vec<ReplacedOrder>,
}

impl CollectionOrder {
    /// The most that is kept of what runs replaced.
    pub const KEPT: usize = 10;

    /// Keeps what stood before a run's moves. Of more than [`Self::KEPT`] the first stays, to which leaving goes back,
    /// and the newest: the runs in between can no longer be taken back on their own.
    pub fn replace(&mut self, replaced: ReplacedOrder) {
        if self.replaced.len() >= Self::KEPT {
            self.replaced.remove(1);
        }
        self.replaced.push(replaced);
    }
}

/// An order that Plex did not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedOrder {
    /// Plex's key of the collection.
    pub collection: RatingKey,
    /// The members that were to stand one after the other.
    pub wanted: Vec<RatingKey>,
    /// The server's version: what one refused, another may take.
    pub server_version: String,
}

/// An order that a run replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedOrder {
    /// The run.
    pub run: RunId,
    /// All members as they stood.
    pub members: Vec<RatingKey>,
    /// Plex's number of the order in which they were shown.
    pub sort: u8,
}

/// What one member's source item says of one of its collections.
#[derive(Debug, Clone)]
pub struct CollectionSays {
    /// Which.
    pub key: CollectionKey,
    /// Its title.
    pub title: String,
    /// What its members are.
    pub of: ItemType,
    /// The member.
    pub member: RatingKey,
    /// The source item.
    pub by: String,
    /// What it says.
    pub wish: CollectionWish,
    /// The one that is there, if it is Syncslate's. `None`: it is to be made by this member's tag.
    pub made: Option<MadeCollection>,
    /// Digest of the present settings.
    pub settings: [u8; 16],
    /// The source item does not put its member into the collection any more: it has nothing to say of it.
    pub leaves: bool,
}

impl Said {
    /// Who speaks where a source item has left a collection, and nobody else has spoken since. Comes after all names.
    pub const NOBODY: &str = "\u{10ffff}";
}

impl CollectionRecord {
    fn new(says: &CollectionSays) -> Self {
        Self {
            title: says.title.clone(),
            of: says.of,
            expected: BTreeSet::new(),
            made: None,
            restored_by: None,
            said: BTreeMap::new(),
            rivals: BTreeMap::new(),
            places: BTreeMap::new(),
            order: None,
            refused_order: None,
            open: false,
            gone: false,
            settings: says.settings,
        }
    }

    /// Plex has it, and it is Syncslate's.
    pub fn bind(&mut self, made: MadeCollection) {
        self.made = Some(made);
        self.gone = false;
    }

    /// Plex does not have it (any more), nor what was written to it.
    pub fn vanish(&mut self) {
        self.gone |= self.made.take().is_some();
        self.order = None;
        self.refused_order = None;
        self.open = false;
    }
}

impl Record for CollectionRecord {}
