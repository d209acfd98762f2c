//! Brings the cache in line with a section.
//!
//! Per item type:
//! 1. Without a mark, a week after the last whole listing, or while Plex scans the section: list everything.
//! 2. Else list what changed since the mark less 2 s, and ask how many there are.
//! 3. Known + new must equal that number; if not, something is gone (or came without a new `updatedAt`): list everything.
//!
//! A whole listing that shows as many items as Plex says it has tells which are gone. One that does not is repeated once,
//! then left as incomplete: nothing is taken for gone, and the next sync lists everything again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use syncslate_plex::{PlexError, Section};
use tracing::Instrument;

use super::cache::{CacheError, LibraryCache, Mark, Scope};
use super::listing::Listing;
use super::values::{item_of_row, plex_type};
use crate::blocking::Blocking;
use crate::model::{ItemKey, ItemType, PathHash, PlexItem, RatingKey, ServerNumber};

/// How a path is hashed: `matching`'s normal form with the case rule of the server's platform.
pub type PathHasher = dyn Fn(&str) -> PathHash + Send + Sync;

/// Rows in one page.
const PAGE: u64 = 500;
/// Clocks of a server and its database round differently; a change in the second of the mark must not be lost.
const OVERLAP_SECONDS: i64 = 2;
/// What moves no `updatedAt` (a renamed file, a play) is found by listing everything so often.
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// What to bring in line with what.
pub struct SyncRequest<'a> {
    /// How Plex is asked; retries are its affair.
    pub listing: &'a dyn Listing,
    /// What is brought in line.
    pub cache: Arc<dyn LibraryCache>,
    /// Where the cache's blocking work runs.
    pub blocking: Blocking,
    /// The server.
    pub server: ServerNumber,
    /// The section, as `sections()` just told it.
    pub section: &'a Section,
    /// How a path is hashed.
    pub path_hash: &'a PathHasher,
    /// The injected clock's time, epoch milliseconds.
    pub now_ms: i64,
    /// List everything whatever the mark says (after a scan, on request).
    pub everything: bool,
    /// Told after each page: items read so far, and how many there are to read as far as is known.
    pub progress: &'a (dyn Fn(u64, Option<u64>) + Send + Sync),
}

/// How the section and the cache now stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionNews {
    /// Items that are new or changed and not settled yet (those of earlier runs too), ascending.
    pub news: Vec<RatingKey>,
    /// Items that are gone since the last sync, ascending; already out of the cache.
    pub gone: Vec<ItemKey>,
    /// Items that Plex has, by type.
    pub counts: BTreeMap<ItemType, u64>,
    /// Rows of Plex that could not be understood; these items are left alone.
    pub skipped: u64,
    /// Whether everything was listed, for at least one type.
    pub listed_all: bool,
    /// Whether the cache now holds all that Plex has. Where it does not, nothing may be taken for gone.
    pub complete: bool,
}

/// Why a section could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// Plex did not answer as hoped.
    #[error(transparent)]
    Plex(#[from] PlexError),
    /// The cache failed: go on with a [`super::MemoryCache`].
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl LibraryError {
    /// Whether the same may go through later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Plex(error) => error.is_temporary(),
            Self::Cache(_) => false,
        }
    }
}

/// The types that a section of this kind holds; none for kinds that are not synced.
pub fn item_types(section_kind: &str) -> &'static [ItemType] {
    match section_kind {
        "movie" => &[ItemType::Movie],
        "show" => &[ItemType::Show, ItemType::Season, ItemType::Episode],
        "artist" => &[ItemType::Artist, ItemType::Album, ItemType::Track],
        _ => &[],
    }
}

/// Brings the cache in line with a section. Where it fails or is dropped midway, nothing is lost: the marks still say how
/// far the listing was, and news stays news until it is settled.
pub async fn sync_section(request: SyncRequest<'_>) -> Result<SectionNews, LibraryError> {
    let span = tracing::debug_span!(target: "syncslate::timing", "library_read");
    read_section(request).instrument(span).await
}

async fn read_section(request: SyncRequest<'_>) -> Result<SectionNews, LibraryError> {
    let mut found = SectionNews {
        complete: true,
        ..SectionNews::default()
    };
    for item_type in item_types(&request.section.kind) {
        read_type(&request, *item_type, &mut found).await?;
    }
    let (server, section) = (request.server, request.section.uuid);
    found.news = on_cache(&request, move |cache| cache.news(server, section)).await?;
    found.gone.sort_unstable();
    Ok(found)
}

async fn read_type(
    request: &SyncRequest<'_>,
    item_type: ItemType,
    found: &mut SectionNews,
) -> Result<(), LibraryError> {
    let scope = Scope {
        server: request.server,
        section: request.section.uuid,
        item_type,
    };
    let mark = on_cache(request, move |cache| cache.mark(scope)).await?;
    // What stands below an item that went may stand below another one by now, and its `updatedAt` does not tell.
    if let Some(mark) = mark
        && found.gone.is_empty()
        && !request.everything
        && !request.section.refreshing
        && (mark.listed_ms..mark.listed_ms.saturating_add(WEEK_MS)).contains(&request.now_ms)
        && read_changes(request, scope, mark, found).await?
    {
        return Ok(());
    }
    read_all(request, scope, found).await
}

/// Lists what changed since the mark. Says whether the numbers add up.
async fn read_changes(
    request: &SyncRequest<'_>,
    scope: Scope,
    mark: Mark,
    found: &mut SectionNews,
) -> Result<bool, LibraryError> {
    let since = mark.newest.saturating_sub(OVERLAP_SECONDS).max(0);
    let pages = read_pages(request, scope, Some(since)).await?;
    let total = request
        .listing
        .count(request.section.id, plex_type(scope.item_type))
        .await?;
    if pages.skipped > 0 || mark.known + pages.fresh != total {
        return Ok(false);
    }
    found.counts.insert(scope.item_type, total);
    let mark = Mark {
        newest: mark.newest.max(pages.newest),
        known: total,
        listed_ms: mark.listed_ms,
    };
    on_cache(request, move |cache| cache.set_mark(scope, Some(mark))).await?;
    Ok(true)
}

async fn read_all(
    request: &SyncRequest<'_>,
    scope: Scope,
    found: &mut SectionNews,
) -> Result<(), LibraryError> {
    found.listed_all = true;
    let mut pages = read_pages(request, scope, None).await?;
    if !pages.adds_up() && !request.section.refreshing {
        // Something came or went between two pages.
        pages = read_pages(request, scope, None).await?;
    }
    found.skipped += pages.skipped;
    let whole = pages.adds_up() && !request.section.refreshing;
    // A row that could not be understood may be any of those that seem gone.
    if whole && pages.skipped == 0 {
        let listed = pages.keys;
        let gone = on_cache(request, move |cache| cache.retain(scope, &listed)).await?;
        found.gone.extend(gone);
    }
    found.complete &= whole && pages.skipped == 0;
    found.counts.insert(scope.item_type, pages.seen);
    let mark = whole.then_some(Mark {
        newest: pages.newest,
        known: pages.seen,
        listed_ms: request.now_ms,
    });
    on_cache(request, move |cache| cache.set_mark(scope, mark)).await?;
    Ok(())
}

/// What a listing showed.
#[derive(Debug, Default)]
struct Pages {
    /// The keys that were listed, ascending, each once.
    keys: Vec<RatingKey>,
    /// Rows that could not be understood.
    skipped: u64,
    /// Items listed, with those not understood and those of types that are not synced.
    seen: u64,
    /// Of `keys` those that the cache did not hold.
    fresh: u64,
    /// The highest `updatedAt`.
    newest: i64,
    /// How many Plex said there were, on the last page.
    total: Option<u64>,
}

impl Pages {
    /// Whether as many items were listed as Plex says it has.
    fn adds_up(&self) -> bool {
        self.total.is_none_or(|total| total == self.seen)
    }
}

async fn read_pages(
    request: &SyncRequest<'_>,
    scope: Scope,
    changed_since: Option<i64>,
) -> Result<Pages, LibraryError> {
    let mut pages = Pages::default();
    let mut next_start = Some(0);
    let mut arrived = 0;
    while let Some(start) = next_start {
        let page = request
            .listing
            .list(
                request.section.id,
                plex_type(scope.item_type),
                start,
                PAGE,
                changed_since,
            )
            .await?;
        arrived += page.rows.len() as u64 + page.skipped;
        pages.skipped += page.skipped;
        pages.total = page.total;
        next_start = page.next_start;
        let items: Vec<PlexItem> = page
            .rows
            .into_iter()
            .map(|row| item_of_row(row, scope.server, scope.section, request.path_hash))
            .collect();
        for item in &items {
            pages.newest = pages.newest.max(item.updated_at);
            pages.keys.push(item.key.rating_key);
        }
        pages.fresh += on_cache(request, move |cache| store_page(cache, items)).await?;
        (request.progress)(arrived, pages.total);
    }
    pages.keys.sort_unstable();
    pages.keys.dedup();
    pages.seen = pages.keys.len() as u64 + pages.skipped;
    Ok(pages)
}

/// Stores what differs from the cache and says how many items were not in it.
fn store_page(cache: &dyn LibraryCache, items: Vec<PlexItem>) -> Result<u64, CacheError> {
    let keys: Vec<ItemKey> = items.iter().map(|item| item.key).collect();
    let known = cache.get(&keys)?;
    let mut fresh = BTreeSet::new();
    let mut changed = Vec::new();
    for (item, known) in items.into_iter().zip(known) {
        match known {
            None => {
                fresh.insert(item.key);
                changed.push((item, true));
            }
            Some(known) if known != item => {
                let is_news = !is_same_but_title(&known, &item);
                changed.push((item, is_news));
            }
            Some(_) => {}
        }
    }
    if !changed.is_empty() {
        cache.put(&changed)?;
    }
    Ok(fresh.len() as u64)
}

/// A title that alone differs was written by Syncslate: any other edit also moves `updatedAt`.
fn is_same_but_title(known: &PlexItem, listed: &PlexItem) -> bool {
    known.updated_at == listed.updated_at
        && known.identity == listed.identity
        && known.item_type == listed.item_type
        && known.files == listed.files
        && known.parent == listed.parent
        && known.grandparent == listed.grandparent
        && known.index == listed.index
        && known.parent_index == listed.parent_index
        && known.watched == listed.watched
}

async fn on_cache<T: Send + 'static>(
    request: &SyncRequest<'_>,
    work: impl FnOnce(&dyn LibraryCache) -> Result<T, CacheError> + Send + 'static,
) -> Result<T, CacheError> {
    let cache = Arc::clone(&request.cache);
    request.blocking.run(move || work(cache.as_ref())).await
}
