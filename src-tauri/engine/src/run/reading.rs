//! Plex's sections into the library cache, and what is new in all of them together.
//!
//! Not here: how one section is read (`library`), what follows from its news (`sync`, `survey`).

use std::collections::BTreeMap;
use std::sync::Arc;

use syncslate_plex::Section;

use super::listing::PatientListing;
use super::session::Session;
use crate::library::{LibraryError, SectionNews, SyncRequest, sync_section};
use crate::model::{ItemKey, ItemType, RatingKey, SectionUuid, ServerNumber};
use crate::write::Stop;

/// Plex items, of a first sync all there are: 8 bytes each.
#[derive(Debug, Clone, Default)]
pub(super) struct Fresh {
    /// Of each section the rating keys, ascending, each once.
    sections: BTreeMap<(ServerNumber, SectionUuid), Vec<RatingKey>>,
}

impl Fresh {
    /// Whether an item is among them.
    pub(super) fn contains(&self, key: &ItemKey) -> bool {
        let section = self.sections.get(&(key.server, key.section));
        section.is_some_and(|keys| keys.binary_search(&key.rating_key).is_ok())
    }

    /// All of them, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = ItemKey> {
        let sections = self.sections.iter();
        sections.flat_map(|(&(server, section), keys)| {
            keys.iter().map(move |&rating_key| ItemKey {
                server,
                section,
                rating_key,
            })
        })
    }

    /// One more.
    pub(super) fn insert(&mut self, key: ItemKey) {
        let keys = self.sections.entry((key.server, key.section)).or_default();
        if let Err(place) = keys.binary_search(&key.rating_key) {
            keys.insert(place, key.rating_key);
        }
    }
}

/// What is new in all sections.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) items: Fresh,
    /// Gone from sections that were listed to the end.
    gone: Vec<ItemKey>,
    counts: BTreeMap<ItemType, u64>,
    /// A section could not be listed to the end.
    incomplete: bool,
}

impl News {
    fn add(&mut self, section: &Section, server: ServerNumber, news: SectionNews) {
        // Ascending by the listing's promise.
        self.items
            .sections
            .insert((server, section.uuid), news.news);
        if news.complete {
            self.gone.extend(news.gone);
        } else {
            self.incomplete = true;
        }
        for (item_type, count) in news.counts {
            *self.counts.entry(item_type).or_default() += count;
        }
    }

    /// How many items there are, of all types.
    pub(super) fn listed(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether the library cache now holds all that Plex has.
    pub(super) fn is_complete(&self) -> bool {
        !self.incomplete
    }
}

/// Reads every section; `progress` is told how many items were read, and how many there are as far as is known. `None`:
/// the cache failed.
pub(super) async fn read_library(
    session: &Session,
    sections: &[Section],
    everything: bool,
    progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
) -> Result<Option<News>, Stop> {
    let mut news = News::default();
    for section in sections {
        let before = news.listed();
        let further =
            |done: u64, total: Option<u64>| progress(before + done, total.map(|all| before + all));
        match read_section(session, section, everything, &further).await? {
            Some(of_section) => news.add(section, session.sections.server, of_section),
            None => return Ok(None),
        }
    }
    Ok(Some(news))
}

async fn read_section(
    session: &Session,
    section: &Section,
    everything: bool,
    progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
) -> Result<Option<SectionNews>, Stop> {
    let listing = PatientListing::new(Arc::clone(&session.link));
    let read = sync_section(SyncRequest {
        listing: &listing,
        cache: Arc::clone(&session.library),
        blocking: session.blocking,
        server: session.sections.server,
        section,
        path_hash: session.path_hash.as_ref(),
        now_ms: session.clock.now_ms(),
        everything,
        progress,
    })
    .await;
    match read {
        Ok(news) => Ok(Some(news)),
        Err(LibraryError::Plex(error)) => Err(listing.stop(error)),
        Err(LibraryError::Cache(error)) => {
            tracing::warn!(%error, "the library cache failed");
            Ok(None)
        }
    }
}

/// What is noted of items that Plex does not have any more concerns nobody. Their journal stays.
pub(super) async fn forget_gone(session: &Session, news: &News) -> Result<(), Stop> {
    let Some(state) = session.state.as_ref() else {
        return Ok(());
    };
    if news.gone.is_empty() || session.dry_run {
        return Ok(());
    }
    let gone = news.gone.clone();
    state
        .write(move |writer| gone.iter().try_for_each(|key| writer.forget_notes(*key)))
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_items_are_found_by_their_whole_key() {
        let key = |section: u8, rating_key: u64| ItemKey {
            server: ServerNumber(1),
            section: SectionUuid::from_bytes([section; 16]),
            rating_key: RatingKey(rating_key),
        };
        let mut fresh = Fresh::default();
        let keys = [key(2, 7), key(1, 9), key(1, 3), key(2, 7), key(1, 5)];
        for key in keys {
            fresh.insert(key);
        }
        let all: Vec<ItemKey> = fresh.iter().collect();
        assert_eq!(all, [key(1, 3), key(1, 5), key(1, 9), key(2, 7)]);
        assert!(fresh.contains(&key(1, 5)));
        assert!(!fresh.contains(&key(1, 7)), "that is another section's");
        assert!(!fresh.contains(&key(3, 5)));
    }
}
