//! Plex's sections into the library cache, and what is new in all of them together.
//!
//! Not here: how one section is read (`library`), what follows from its news (`sync`, `survey`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use syncslate_plex::Section;

use super::listing::PatientListing;
use super::session::Session;
use crate::library::{LibraryError, SectionNews, SyncRequest, sync_section};
use crate::model::{ItemKey, ItemType, ServerNumber};
use crate::store::KeptRecord;
use crate::write::Stop;

/// What is new in all sections.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) items: BTreeSet<ItemKey>,
    /// Gone from sections that were listed to the end.
    gone: Vec<ItemKey>,
    counts: BTreeMap<ItemType, u64>,
    /// A section could not be listed to the end.
    incomplete: bool,
}

impl News {
    fn add(&mut self, section: &Section, server: ServerNumber, news: SectionNews) {
        self.items
            .extend(news.news.into_iter().map(|rating_key| ItemKey {
                server,
                section: section.uuid,
                rating_key,
            }));
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
        .write(move |writer| {
            gone.iter()
                .try_for_each(|key| writer.put_kept(*key, &KeptRecord::default()))
        })
        .await?;
    Ok(())
}
