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
    /// Season and number of an episode: several may share a file.
    #[serde(default)]
    pub episode: Option<(i32, i32)>,
}

impl Identity {
    /// Whether both speak of the same item: a shared file says yes, else the same guid, unless Plex made it from its own
    /// key (`local://500`), which a rebuilt Plex gives to another item. Such a guid counts only where neither side has
    /// files, as with shows. (An agent may give an item another guid, a moved file keeps its guid: either is enough.)
    /// Of episodes with different numbers a file says nothing, since they may share it.
    pub fn is_same(&self, other: &Self) -> bool {
        let has_no_files = self.paths.is_empty() && other.paths.is_empty();
        let episodes = self.episode.zip(other.episode);
        let may_share = episodes.is_some_and(|(one, two)| one != two);
        (!may_share && self.paths.iter().any(|hash| other.paths.contains(hash)))
            || (!self.guid.is_empty()
                && self.guid == other.guid
                && (has_no_files || is_global(&self.guid)))
    }
}

/// Whether a guid says the same on every server: not those of items that no agent has matched.
fn is_global(guid: &str) -> bool {
    guid.split_once("://").is_some_and(|(scheme, _)| {
        let agent = scheme.rsplit('.').next().unwrap_or_default();
        !["local", "none", "localmedia"].contains(&agent)
    })
}

#[cfg(test)]
mod tests {
    use super::{Identity, PathHash};

    #[test]
    fn a_guid_made_from_plexs_own_key_does_not_tell_that_two_films_are_one() {
        let of = |guid: &str, paths: &[u8]| Identity {
            guid: guid.into(),
            paths: paths.iter().map(|path| PathHash([*path; 16])).collect(),
            episode: None,
        };
        let film = "plex://movie/5d7768258a7581001f12bc24";
        let nfo = "tv.plex.agents.nfo.movie://movie/tmdb_383498";
        for (guid, paths, other, other_paths, same) in [
            // A shared file is enough, whatever the guids.
            (film, &[1, 2][..], "local://500", &[2, 3][..], true),
            ("local://500", &[1], "local://500", &[1], true),
            // A moved file keeps a guid that an agent gave.
            (film, &[1], film, &[2], true),
            (nfo, &[1], nfo, &[2], true),
            (film, &[1], film, &[], true),
            // Key 500 of a rebuilt Plex.
            ("local://500", &[1], "local://500", &[2], false),
            ("local://500", &[1], "local://500", &[], false),
            ("none://500", &[1], "none://500", &[2], false),
            (
                "com.plexapp.agents.none://500",
                &[1],
                "com.plexapp.agents.none://500",
                &[2],
                false,
            ),
            ("500", &[1], "500", &[2], false),
            ("", &[1], "", &[2], false),
            ("", &[], "", &[], false),
            (film, &[1], "local://500", &[2], false),
            // Shows have no files of their own.
            ("local://500", &[], "local://500", &[], true),
            ("local://500", &[], "local://501", &[], false),
        ] {
            let (one, two) = (of(guid, paths), of(other, other_paths));
            assert_eq!(one.is_same(&two), same, "{one:?} {two:?}");
            assert_eq!(two.is_same(&one), same, "{two:?} {one:?}");
        }
    }

    #[test]
    fn episodes_that_share_a_file_are_not_one() {
        let of = |guid: &str, episode: Option<(i32, i32)>| Identity {
            guid: guid.into(),
            paths: vec![PathHash([1; 16])],
            episode,
        };
        let (second, third) = (Some((1, 2)), Some((1, 3)));
        for (one, two, same) in [
            (of("local://7", second), of("local://8", second), true),
            (of("local://7", second), of("local://7", third), false),
            (
                of("plex://episode/a", second),
                of("plex://episode/b", third),
                false,
            ),
            // Numbered anew by its agent.
            (
                of("plex://episode/a", second),
                of("plex://episode/a", third),
                true,
            ),
            // Remembered before numbers were.
            (of("local://7", None), of("local://8", third), true),
        ] {
            assert_eq!(one.is_same(&two), same, "{one:?} {two:?}");
            assert_eq!(two.is_same(&one), same, "{two:?} {one:?}");
        }
    }
}
