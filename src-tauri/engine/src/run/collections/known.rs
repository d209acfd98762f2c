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
    /// By title.
    plain: BTreeMap<String, Vec<Members>>,
    ours: BTreeMap<CollectionKey, MadeCollection>,
    renamed: BTreeMap<CollectionKey, String>,
    /// By source item: the collections of which it speaks.
    speakers: BTreeMap<String, Vec<CollectionKey>>,
    /// By member: the collections in which it has a place.
    placed: BTreeMap<RatingKey, Vec<CollectionKey>>,
    titles: BTreeMap<CollectionKey, String>,
}

/// The members of a collection, as far as Plex says.
#[derive(Clone, Copy)]
struct Members {
    of: Option<PlexType>,
    count: Option<u64>,
}

/// What Plex lists, to be found by title and by key.
struct Listed<'l> {
    /// By title; without saved filters.
    plain: BTreeMap<String, Vec<&'l Collection>>,
    /// By key, with the folded title.
    by_key: BTreeMap<u64, (&'l Collection, String)>,
}

impl<'l> Listed<'l> {
    fn new(all: &'l [Collection]) -> Self {
        let mut listed = Self {
            plain: BTreeMap::new(),
            by_key: BTreeMap::new(),
        };
        for collection in all {
            let title = text::fold(&collection.title);
            if !collection.smart {
                let titled = listed.plain.entry(title.clone()).or_default();
                titled.push(collection);
            }
            listed
                .by_key
                .entry(collection.rating_key)
                .or_insert((collection, title));
        }
        listed
    }

    /// The first of this folded title that takes such members.
    fn titled(&self, title: &str, of: ItemType) -> Option<&'l Collection> {
        let titled = self.plain.get(title)?;
        titled
            .iter()
            .copied()
            .find(|collection| is_of(collection.of, of))
    }
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
        let Some(state) = &session.state else {
            return Ok(Self::new(server, uuid, &Listed::new(&listed)));
        };
        Ok(state
            .read_long(move |reader| {
                let listed = Listed::new(&listed);
                let mut known = Self::new(server, uuid, &listed);
                reader.each_collection(server, uuid, |key, record| {
                    let collected = reader.collected(server, uuid, &record)?;
                    known.tell(key, &record, collected, &listed);
                    Ok(())
                })?;
                Ok(known)
            })
            .await?)
    }

    fn new(server: ServerNumber, section: SectionUuid, listed: &Listed<'_>) -> Self {
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
        let by_key = listed.by_key.values();
        let smart = by_key.filter(|(collection, _)| collection.smart);
        known.smart = smart.map(|(_, title)| title.clone()).collect();
        for (title, collections) in &listed.plain {
            let members = collections.iter().map(|collection| Members {
                of: collection.of,
                count: collection.size,
            });
            known.plain.insert(title.clone(), members.collect());
        }
        known
    }

    fn tell(
        &mut self,
        key: CollectionKey,
        record: &CollectionRecord,
        collected: u64,
        listed: &Listed<'_>,
    ) {
        self.titles.insert(key, record.title.clone());
        for said in record.said.values().chain(record.rivals.values()) {
            let of = self.speakers.entry(said.by.clone()).or_default();
            // Records come one after the other.
            if of.last() != Some(&key) {
                of.push(key);
            }
        }
        for member in record.places.keys() {
            self.placed.entry(*member).or_default().push(key);
        }
        let folded = text::fold(&record.title);
        let titled = listed.titled(&folded, record.of);
        let made = record.made.as_ref().and_then(|made| {
            let (same, title) = listed.by_key.get(&made.key.0)?;
            let is_it = identity(same).is_same(&made.identity);
            is_it.then_some((made, title == &folded, &same.title))
        });
        match (made, titled) {
            (Some((made, true, _)), _) => {
                self.ours.insert(key, made.clone());
            }
            (Some((_, false, title)), None) => {
                self.renamed.insert(key, title.clone());
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
            || titled.is_some_and(|all| all.iter().any(|members| is_of(members.of, of)))
        {
            Standing::Others
        } else {
            Standing::Missing
        }
    }

    /// How many members a collection has that Syncslate did not make; of one of which Plex does not say it, one. `None`
    /// where there is none.
    pub(super) fn members_of_others(&self, of: ItemType, title: &str) -> Option<u64> {
        let key = CollectionKey::new(self.server, self.section, of, title);
        if self.ours.contains_key(&key) {
            return None;
        }
        let titled = self.plain.get(&text::fold(title))?;
        let members = titled.iter().find(|members| is_of(members.of, of))?;
        Some(members.count.unwrap_or(1))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CollectionWish;
    use crate::store::CollectionSays;
    use crate::text::FOLDED;

    const SECTION: SectionUuid = SectionUuid::from_u128(1);

    fn listed(number: u64) -> Collection {
        Collection {
            rating_key: number,
            title: format!("Saga {number}"),
            smart: false,
            size: Some(2),
            of: Some(PlexType::Movie),
            guid: format!("collection://{number}"),
        }
    }

    fn record(number: u64) -> (CollectionKey, CollectionRecord) {
        let title = format!("Saga {number}");
        let key = CollectionKey::new(ServerNumber(1), SECTION, ItemType::Movie, &title);
        let made = MadeCollection {
            key: RatingKey(number),
            identity: identity(&listed(number)),
        };
        let says = CollectionSays {
            key,
            title,
            of: ItemType::Movie,
            member: RatingKey(1),
            by: "a".to_owned(),
            wish: CollectionWish::default(),
            made: Some(made),
            settings: [0; 16],
            leaves: false,
        };
        (key, CollectionRecord::heard(None, &says))
    }

    #[test]
    fn each_listed_and_each_known_one_is_folded_a_few_times_however_many_there_are() {
        const COUNT: u64 = 100;
        let all: Vec<Collection> = (0..COUNT).map(listed).collect();
        let records: Vec<_> = (0..COUNT).map(record).collect();
        let before = FOLDED.get();
        let listed = Listed::new(&all);
        let mut known = Known::new(ServerNumber(1), SECTION, &listed);
        for (key, record) in &records {
            known.tell(*key, record, 0, &listed);
        }
        let folded = FOLDED.get() - before;
        assert!(folded <= 3 * COUNT, "{folded}");
        assert_eq!(known.ours.len() as u64, COUNT);
    }
}
