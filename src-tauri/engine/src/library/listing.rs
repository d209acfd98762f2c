//! The two requests that a section's sync sends, as a trait, so that a caller can put its own retries between.

use futures::FutureExt;
use futures::future::BoxFuture;
use syncslate_plex::{Client, Page, PlexError, PlexType};

/// Reads listings of Plex.
pub trait Listing: Send + Sync {
    /// See [`Client::list`].
    fn list(
        &self,
        section_id: u32,
        item_type: PlexType,
        start: u64,
        size: u64,
        changed_since: Option<i64>,
    ) -> BoxFuture<'_, Result<Page, PlexError>>;

    /// See [`Client::count`].
    fn count(&self, section_id: u32, item_type: PlexType) -> BoxFuture<'_, Result<u64, PlexError>>;
}

impl Listing for Client {
    fn list(
        &self,
        section_id: u32,
        item_type: PlexType,
        start: u64,
        size: u64,
        changed_since: Option<i64>,
    ) -> BoxFuture<'_, Result<Page, PlexError>> {
        Client::list(self, section_id, item_type, start, size, changed_since).boxed()
    }

    fn count(&self, section_id: u32, item_type: PlexType) -> BoxFuture<'_, Result<u64, PlexError>> {
        Client::count(self, section_id, item_type, None).boxed()
    }
}
