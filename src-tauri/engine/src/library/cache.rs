//! What the library room needs of a cache.

use crate::model::{
    ItemKey, ItemType, PathHash, PlexItem, RatingKey, SectionUuid, ServerNumber, Stand,
};

/// The cache cannot be read or written; the text is a sentence for people. The sync goes on with a [`super::MemoryCache`], slower.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CacheError(pub String);

/// The items of one type in one section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The server.
    pub server: ServerNumber,
    /// The section.
    pub section: SectionUuid,
    /// The type.
    pub item_type: ItemType,
}

/// How far the listing of a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Mark {
    /// The highest `updatedAt` seen in listings, in epoch seconds.
    pub newest: i64,
    /// How many items Plex had.
    pub known: u64,
    /// When all of them were last listed, in epoch milliseconds.
    pub listed_ms: i64,
}

/// Items of Plex by key and by path, and which of them are *news*: listed as new or changed, and not settled since.
///
/// News outlives a run: an item listed by a run that was cancelled before it compared is still news to the next. Methods
/// may block; call it through [`crate::blocking::Blocking`].
pub trait LibraryCache: Send + Sync + 'static {
    /// How far the listing of a scope is; `None` before it was first complete.
    fn mark(&self, scope: Scope) -> Result<Option<Mark>, CacheError>;

    /// Sets the mark; `None` makes the next sync list everything.
    fn set_mark(&self, scope: Scope, mark: Option<Mark>) -> Result<(), CacheError>;

    /// Items in the order of `keys`.
    fn get(&self, keys: &[ItemKey]) -> Result<Vec<Option<PlexItem>>, CacheError>;

    /// Stores items with their paths, replacing older ones and taking these out of the path index. Those with `true`
    /// become news; the others stay what they are.
    fn put(&self, items: &[(PlexItem, bool)]) -> Result<(), CacheError>;

    /// Removes items, their paths and their being news.
    fn remove(&self, keys: &[ItemKey]) -> Result<(), CacheError>;

    /// The items of a section that hold a path, in order of key.
    fn at_path(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        path: PathHash,
    ) -> Result<Vec<PlexItem>, CacheError>;

    /// At most `limit` items of a section after `after`, in order of key. An empty page is the end.
    fn page(
        &self,
        server: ServerNumber,
        section: SectionUuid,
        after: Option<RatingKey>,
        limit: usize,
    ) -> Result<Vec<PlexItem>, CacheError>;

    /// Removes the items of a scope whose keys are not in `listed`, which is ascending. Returns them, ascending.
    fn retain(&self, scope: Scope, listed: &[RatingKey]) -> Result<Vec<ItemKey>, CacheError>;

    /// The news of a section, ascending.
    fn news(
        &self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<Vec<RatingKey>, CacheError>;

    /// These items were compared, or written and read back, as they stood then: they are news no longer, and a listing
    /// that shows them so makes them none. Unknown items are left out.
    fn settle(&self, items: &[(ItemKey, Stand)]) -> Result<(), CacheError>;
}
