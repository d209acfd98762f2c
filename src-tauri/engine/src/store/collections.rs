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

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::StoreError;
use super::record::Record;
use super::tables::{StateReader, StateWriter, Table};
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

    fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..18].copy_from_slice(&section_prefix(self.server, self.section));
        bytes[18] = self.of;
        bytes[19..].copy_from_slice(&self.title);
        bytes
    }
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

    /// A record, if there is one yet, after what a member's source item says.
    pub fn heard(known: Option<Self>, says: &CollectionSays) -> Self {
        let mut record = known.unwrap_or_else(|| Self::new(says));
        record.hear(says);
        record
    }

    fn hear(&mut self, says: &CollectionSays) {
        if says.leaves {
            self.open |= self.places.remove(&says.member).is_some();
            self.part(&says.by);
            return;
        }
        self.open |= self.settings != says.settings;
        self.settings = says.settings;
        if let Some(made) = &says.made {
            self.open |= self.made.as_ref() != Some(made);
            self.bind(made.clone());
        } else {
            // One that was there before is gone, with all that was written to it.
            self.vanish();
            self.said.retain(|_, said| said.by != Said::NOBODY);
            self.open = true;
            self.expected.insert(says.member);
        }
        let place = match says.wish.place {
            Some(place) => self.places.insert(says.member, place),
            None => self.places.remove(&says.member),
        };
        self.open |= place != says.wish.place;
        self.hear_silence(says);
        for (field, value) in &says.wish.values {
            let said = Said {
                by: says.by.clone(),
                value: value.clone(),
                file: says.wish.images.get(field).map(|image| image.path.clone()),
            };
            self.hear_field(*field, said);
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

    /// A source item has nothing to do with the collection any more. What it said stays, for an undo that brings its member
    /// back, until anybody else speaks.
    fn part(&mut self, by: &str) {
        self.rivals.retain(|_, said| said.by != by);
        let of: Vec<Field> = self
            .said
            .iter()
            .filter(|(_, said)| said.by == by)
            .map(|(field, _)| *field)
            .collect();
        for field in of {
            if self.rivals.contains_key(&field) {
                self.give_way(field);
            } else if let Some(said) = self.said.get_mut(&field) {
                Said::NOBODY.clone_into(&mut said.by);
            }
        }
    }

    /// What a source item said once and does not say any more.
    fn hear_silence(&mut self, says: &CollectionSays) {
        let silent = |said: &Said, field: &Field| {
            said.by == says.by && !says.wish.values.contains_key(field)
        };
        self.rivals.retain(|field, said| !silent(said, field));
        let gone: Vec<Field> = self
            .said
            .iter()
            .filter(|(field, said)| silent(said, field))
            .map(|(field, _)| *field)
            .collect();
        for field in gone {
            self.give_way(field);
        }
    }

    fn hear_field(&mut self, field: Field, said: Said) {
        let Some(known) = self.said.get_mut(&field) else {
            self.said.insert(field, said);
            self.open = true;
            return;
        };
        let is_same = known.value == said.value;
        if said.by <= known.by {
            let older = std::mem::replace(known, said);
            if !is_same {
                self.open = true;
                if older.by != known.by && older.by != Said::NOBODY {
                    self.hear_rival(field, older);
                }
            }
        } else if !is_same {
            self.hear_rival(field, said);
        } else if is_same
            && self
                .rivals
                .get(&field)
                .is_some_and(|rival| rival.by == said.by)
        {
            self.rivals.remove(&field);
        }
    }

    /// Of several who ask for something else, the first by name is remembered, in whatever order they are heard.
    fn hear_rival(&mut self, field: Field, said: Said) {
        let known = self.rivals.get(&field);
        if known.is_none_or(|known| said.by <= known.by) && known != Some(&said) {
            self.rivals.insert(field, said);
            // Whether the first still says so is looked up then.
            self.open = true;
        }
    }

    /// Who spoke for a field does so no more: whoever else does takes their place.
    pub fn give_way(&mut self, field: Field) {
        self.said.remove(&field);
        if let Some(rival) = self.rivals.remove(&field) {
            self.said.insert(field, rival);
            self.open = true;
        }
    }
}

impl StateReader<'_> {
    /// A collection's record.
    pub fn collection(&self, key: CollectionKey) -> Result<Option<CollectionRecord>, StoreError> {
        self.get(Table::Collections, &key.to_bytes())
    }

    /// All records of a section.
    pub fn collections(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<Vec<(CollectionKey, CollectionRecord)>, StoreError> {
        let first = section_prefix(server, section);
        let mut last = [u8::MAX; CollectionKey::LEN];
        last[..18].copy_from_slice(&first);
        let range = (
            Bound::Included(first.as_slice()),
            Bound::Included(last.as_slice()),
        );
        Ok(self
            .page::<CollectionRecord>(Table::Collections, range, usize::MAX)?
            .into_iter()
            .map(|(_, record)| {
                let key = CollectionKey::new(server, section, record.of, &record.title);
                (key, record)
            })
            .collect())
    }

    /// The runs of whose changes to the order of members something is left, which the journal does not hold.
    pub fn ordering_runs(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<BTreeSet<RunId>, StoreError> {
        let records = self.collections(server, section)?;
        let orders = records
            .iter()
            .filter_map(|(_, record)| record.order.as_ref());
        Ok(orders
            .flat_map(|order| &order.replaced)
            .map(|replaced| replaced.run)
            .collect())
    }

    /// How many of the members that were expected got their tag from Syncslate.
    pub fn collected(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        record: &CollectionRecord,
    ) -> Result<u64, StoreError> {
        let title = text::fold(&record.title);
        let mut count = 0;
        for member in &record.expected {
            let base = self.base(ItemKey {
                server,
                section,
                rating_key: *member,
            })?;
            let ours = base
                .as_ref()
                .and_then(|base| base.fields.get(&Field::Collections))
                .map_or(&[][..], |base| &base.ours);
            count += u64::from(ours.iter().any(|tag| text::fold(tag) == title));
        }
        Ok(count)
    }
}

impl StateWriter<'_> {
    /// Stores a record; one of which nothing is known any more goes.
    pub fn put_collection(
        &mut self,
        key: CollectionKey,
        record: &CollectionRecord,
    ) -> Result<(), StoreError> {
        if record.made.is_none() && record.expected.is_empty() && !record.gone {
            self.delete(Table::Collections, &key.to_bytes())?;
            return Ok(());
        }
        self.put(Table::Collections, &key.to_bytes(), record)
    }

    /// The next sync compares this collection, if it is Syncslate's.
    pub fn reopen_collection(&mut self, key: ItemKey) -> Result<(), StoreError> {
        for (at, mut record) in self.collections(key.server, key.section)? {
            let is_it = record
                .made
                .as_ref()
                .is_some_and(|made| made.key == key.rating_key);
            if is_it && !record.open {
                record.open = true;
                self.put_collection(at, &record)?;
            }
        }
        Ok(())
    }

    /// Takes in what members' source items say of their collections. Each record is read and written once, however many
    /// members speak: a record holds all its members, so that time per member must not grow with their number.
    pub fn hear_of_collections(&mut self, said: &[CollectionSays]) -> Result<(), StoreError> {
        let mut by_collection: BTreeMap<CollectionKey, Vec<&CollectionSays>> = BTreeMap::new();
        for says in said {
            by_collection.entry(says.key).or_default().push(says);
        }
        by_collection
            .into_iter()
            .try_for_each(|(at, said)| self.hear_of_collection(at, &said))
    }

    fn hear_of_collection(
        &mut self,
        at: CollectionKey,
        said: &[&CollectionSays],
    ) -> Result<(), StoreError> {
        let known = self.collection(at)?;
        let mut heard = known.clone();
        for says in said {
            if heard.is_some() || !says.leaves {
                heard = Some(CollectionRecord::heard(heard, says));
            }
        }
        let Some(mut record) = heard else {
            return Ok(());
        };
        if let Some(made) = &record.made {
            // A person decided for the source: that is to be carried out.
            let key = ItemKey {
                server: at.server,
                section: at.section,
                rating_key: made.key,
            };
            record.open |= !self.chosen(key)?.fields.is_empty();
        }
        if known.as_ref() == Some(&record) {
            return Ok(());
        }
        self.put_collection(at, &record)
    }
}

impl Record for CollectionRecord {}
