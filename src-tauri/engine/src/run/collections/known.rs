//! The collections of a section as Plex lists them, and which of them are Syncslate's.
//!
//! A collection is Syncslate's where a plan found none of its title, set the tag, and then found one that holds no more
//! members than got the tag from Syncslate: one that somebody made meanwhile holds others too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use syncslate_plex::{Collection, PlexType};

use crate::library::plex_type;
use crate::model::{Identity, ItemType, RatingKey, SectionUuid, ServerNumber};
use crate::store::{CollectionKey, CollectionRecord, MadeCollection};
use crate::text;
use crate::write::{SectionContext, Stop};

use super::super::session::Session;

/// See the module.
pub(in super::super) struct Known {
    server: ServerNumber,
    section: SectionUuid,
    smart: BTreeSet<String>,
    plain: BTreeMap<String, Vec<Option<PlexType>>>,
    ours: BTreeMap<CollectionKey, MadeCollection>,
    renamed: BTreeMap<CollectionKey, String>,
    /// By source item: the collections of which it speaks.
    speakers: BTreeMap<String, Vec<CollectionKey>>,
    /// By member: the collections in which it has a place.
    placed: BTreeMap<RatingKey, Vec<CollectionKey>>,
    titles: BTreeMap<CollectionKey, String>,
}

/// Whose a collection is.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Standing<'k> {
    /// There is none of this title.
    Missing,
    Ours(&'k MadeCollection),
    Others,
}

impl Known {
    /// Asks Plex, one request for 500 collections.
    pub(in super::super) async fn ask(
        session: &Session,
        section: &SectionContext,
    ) -> Result<Self, Stop> {
        let client = session.link.client();
        let listed = session.link.ask(|| client.collections(section.id)).await?;
        let (server, uuid) = (session.sections.server, section.uuid);
        let records = match &session.state {
            Some(state) => {
                state
                    .read_long(move |reader| {
                        let mut records = Vec::new();
                        for (key, record) in reader.collections(server, uuid)? {
                            let collected = reader.collected(server, uuid, &record)?;
                            records.push((key, record, collected));
                        }
                        Ok(records)
                    })
                    .await?
            }
            None => Vec::new(),
        };
        Ok(Self::new(server, uuid, &listed, &records))
    }

    fn new(
        server: ServerNumber,
        section: SectionUuid,
        listed: &[Collection],
        records: &[(CollectionKey, CollectionRecord, u64)],
    ) -> Self {
        let mut known = Self {
            server,
            section,
            smart: BTreeSet::new(),
            plain: BTreeMap::new(),
            ours: BTreeMap::new(),
            renamed: BTreeMap::new(),
            speakers: BTreeMap::new(),
            placed: BTreeMap::new(),
            titles: BTreeMap::new(),
        };
        for collection in listed {
            let title = text::fold(&collection.title);
            if collection.smart {
                known.smart.insert(title);
            } else {
                known.plain.entry(title).or_default().push(collection.of);
            }
        }
        for (key, record, collected) in records {
            known.tell(*key, record, *collected, listed);
        }
        known
    }

    fn tell(
        &mut self,
        key: CollectionKey,
        record: &CollectionRecord,
        collected: u64,
        listed: &[Collection],
    ) {
        self.titles.insert(key, record.title.clone());
        for said in record.said.values().chain(record.rivals.values()) {
            let of = self.speakers.entry(said.by.clone()).or_default();
            if !of.contains(&key) {
                of.push(key);
            }
        }
        for member in record.places.keys() {
            self.placed.entry(*member).or_default().push(key);
        }
        let folded = text::fold(&record.title);
        let titled = listed.iter().find(|collection| {
            !collection.smart
                && text::fold(&collection.title) == folded
                && is_of(collection.of, record.of)
        });
        let made = record.made.as_ref().and_then(|made| {
            let same = listed
                .iter()
                .find(|collection| collection.rating_key == made.key.0)?;
            identity(same)
                .is_same(&made.identity)
                .then_some((made, same))
        });
        match (made, titled) {
            (Some((made, same)), _) if text::fold(&same.title) == folded => {
                self.ours.insert(key, made.clone());
            }
            (Some((_, same)), None) => {
                self.renamed.insert(key, same.title.clone());
            }
            (_, Some(titled))
                if collected > 0 && titled.size.is_some_and(|size| size <= collected) =>
            {
                let made = MadeCollection {
                    key: RatingKey(titled.rating_key),
                    identity: identity(titled),
                };
                self.ours.insert(key, made);
            }
            (_, _) => {}
        }
    }

    /// Whether a title is that of a saved filter, which takes no members.
    pub(in super::super) fn is_smart(&self, title: &str) -> bool {
        self.smart.contains(&text::fold(title))
    }

    /// What a collection that Syncslate made under this title is called since somebody renamed it.
    pub(in super::super) fn now_called(&self, of: ItemType, title: &str) -> Option<&str> {
        let key = CollectionKey::new(self.server, self.section, of, title);
        self.renamed.get(&key).map(String::as_str)
    }

    pub(in super::super) fn standing(&self, of: ItemType, title: &str) -> Standing<'_> {
        let key = CollectionKey::new(self.server, self.section, of, title);
        let titled = self.plain.get(&text::fold(title));
        if let Some(made) = self.ours.get(&key) {
            Standing::Ours(made)
        } else if self.renamed.contains_key(&key)
            || titled.is_some_and(|kinds| kinds.iter().any(|kind| is_of(*kind, of)))
        {
            Standing::Others
        } else {
            Standing::Missing
        }
    }

    /// Whether somebody renamed it.
    pub(super) fn is_renamed(&self, key: CollectionKey) -> bool {
        self.renamed.contains_key(&key)
    }

    /// The collections of which a source item spoke, or in which its member had a place, with their titles.
    pub(super) fn concerned(
        &self,
        source_id: &str,
        member: RatingKey,
    ) -> impl Iterator<Item = (CollectionKey, &str)> {
        let spoken = self.speakers.get(source_id).into_iter().flatten();
        let placed = self.placed.get(&member).into_iter().flatten();
        let keys: BTreeSet<CollectionKey> = spoken.chain(placed).copied().collect();
        keys.into_iter()
            .filter_map(|key| Some((key, self.titles.get(&key)?.as_str())))
    }

    /// Those that are Syncslate's.
    pub(super) fn ours(&self, key: CollectionKey) -> Option<&MadeCollection> {
        self.ours.get(&key)
    }
}

impl Session {
    /// The collections of a section as they were when the run first asked.
    pub(in super::super) async fn collections(
        &self,
        section: &SectionContext,
    ) -> Result<Arc<Known>, Stop> {
        let mut asked = self.collections.lock().await;
        if let Some(known) = asked.get(&section.uuid) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Known::ask(self, section).await?);
        asked.insert(section.uuid, Arc::clone(&known));
        Ok(known)
    }
}

fn identity(collection: &Collection) -> Identity {
    Identity {
        guid: collection.guid.clone(),
        paths: Vec::new(),
        episode: None,
    }
}

fn is_of(kind: Option<PlexType>, of: ItemType) -> bool {
    kind.is_none_or(|kind| kind == plex_type(of))
}
