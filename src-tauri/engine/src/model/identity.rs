//! Who an item is, so that a record never meets the wrong item.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The number of a Plex server in the settings. Every stored key begins with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServerNumber(pub u16);

/// The number of a source in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceNumber(pub u16);

/// A section's UUID: unlike its number it survives a rebuilt Plex.
pub type SectionUuid = Uuid;

/// Plex's own key of an item, unique within a server until Plex is rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RatingKey(pub u64);

/// The number of a run; grows by one with each, so that order of number is order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// First 16 bytes of the SHA-1 of a normalised path (see `matching`): file systems allow paths longer than an LMDB key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PathHash(pub [u8; 16]);

/// Where a record about a Plex item is kept: server, section, rating key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// The server.
    pub server: ServerNumber,
    /// The section.
    pub section: SectionUuid,
    /// The item within it.
    pub rating_key: RatingKey,
}

impl ItemKey {
    /// Length of [`ItemKey::to_bytes`].
    pub const LEN: usize = 2 + 16 + 8;

    /// The key as it stands in LMDB: big-endian, so that byte order is key order.
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..2].copy_from_slice(&self.server.0.to_be_bytes());
        bytes[2..18].copy_from_slice(self.section.as_bytes());
        bytes[18..].copy_from_slice(&self.rating_key.0.to_be_bytes());
        bytes
    }

    /// The inverse of [`ItemKey::to_bytes`]; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::LEN] = bytes.try_into().ok()?;
        let (server, rest) = bytes.split_at(2);
        let (section, rating_key) = rest.split_at(16);
        Some(Self {
            server: ServerNumber(u16::from_be_bytes(server.try_into().ok()?)),
            section: Uuid::from_slice(section).ok()?,
            rating_key: RatingKey(u64::from_be_bytes(rating_key.try_into().ok()?)),
        })
    }
}

/// What must still be true of an item before a record about it is trusted: Plex re-keys items, and a rebuilt server
/// starts its keys anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Plex's guid of the item.
    pub guid: String,
    /// Hashes of the item's file paths, sorted. For shows and seasons: empty.
    pub paths: Vec<PathHash>,
}

impl Identity {
    /// Whether both speak of the same item: a shared file says yes; without files on either side the guid decides.
    /// (An agent may give an item another guid, a moved file keeps its guid: either alone is enough.)
    pub fn is_same(&self, other: &Self) -> bool {
        if self.paths.is_empty() || other.paths.is_empty() {
            return self.guid == other.guid;
        }
        self.paths.iter().any(|hash| other.paths.contains(hash))
            || (!self.guid.is_empty() && self.guid == other.guid)
    }
}
