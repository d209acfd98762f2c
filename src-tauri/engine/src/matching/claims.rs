//! Several source items may mean one Plex item (two .nfo files, an episode file of two parts): one of them writes it, and
//! always the same one. 24 bytes per claim.
//!
//! A rating key is unique within a server at one moment; what was listed before Plex was built anew may still be known by
//! the same key in another section. So they are told apart by section, too.

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

use crate::model::{ItemKey, RatingKey, SectionUuid, SourceNumber};

/// Claims of one section's items.
type OfSection = Vec<(RatingKey, Rank)>;

/// How a source item came to mean a Plex item; the first of them writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A person said so.
    Chosen,
    /// Its file is the first part of the item's first media.
    FirstPart,
    /// Its file is another one of the item's.
    OtherPart,
}

/// The place of a source item among those that mean the same Plex item; the lowest writes. Ordered by source, then by
/// [`Place`], then by a hash of its stable id: the order in which a source happens to list its items decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank([u8; 16]);

impl Rank {
    /// The rank of a source item.
    pub fn new(source: SourceNumber, place: Place, id: &str) -> Self {
        let mut rank = [0; 16];
        rank[..2].copy_from_slice(&source.0.to_be_bytes());
        rank[2] = place as u8;
        rank[3..].copy_from_slice(&Sha1::digest(id.as_bytes())[..13]);
        Self(rank)
    }
}

/// Claims as they come in, of one server.
#[derive(Debug, Default)]
pub struct Claims {
    claims: BTreeMap<SectionUuid, OfSection>,
}

impl Claims {
    /// Notes that a source item means a Plex item.
    pub fn claim(&mut self, item: ItemKey, rank: Rank) {
        let claims = self.claims.entry(item.section).or_default();
        claims.push((item.rating_key, rank));
    }

    /// Decides every Plex item's writer.
    pub fn close(mut self) -> Writers {
        let mut also_here = 0;
        for claims in self.claims.values_mut() {
            claims.sort_unstable();
            claims.dedup();
            also_here += claims.len();
            claims.dedup_by_key(|(item, _)| *item);
            also_here -= claims.len();
            claims.shrink_to_fit();
        }
        Writers {
            writers: self.claims,
            also_here,
        }
    }
}

/// Who writes which Plex item.
#[derive(Debug, Default)]
pub struct Writers {
    writers: BTreeMap<SectionUuid, OfSection>,
    also_here: usize,
}

impl Writers {
    /// Whether the source item of this rank writes this Plex item; the others are *also here*.
    pub fn is_writer(&self, item: ItemKey, rank: Rank) -> bool {
        self.writer(item) == Some(rank)
    }

    /// The rank that writes a Plex item; `None` where nobody claimed it.
    pub fn writer(&self, item: ItemKey) -> Option<Rank> {
        let writers = self.writers.get(&item.section)?;
        let at = writers
            .binary_search_by_key(&item.rating_key, |(key, _)| *key)
            .ok()?;
        Some(writers[at].1)
    }

    /// How many Plex items have a writer.
    pub fn len(&self) -> usize {
        self.writers.values().map(Vec::len).sum()
    }

    /// Whether nobody claimed anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many claims were not the writer's.
    pub fn also_here(&self) -> usize {
        self.also_here
    }
}
