//! Plex sections into the library cache: what there is, what is new or changed, what is gone; and the two-way mapping
//! between Plex's fields and the model's.
//!
//! Not here: matching (the path index is only filled and asked), comparing, and any write to Plex. How a cache is stored
//! is `store`'s affair; [`MemoryCache`] serves where there is no disk cache.

mod cache;
mod disk;
mod listing;
mod memory;
mod sync;
mod values;

pub use cache::{CacheError, LibraryCache, Mark, Scope};
pub use listing::Listing;
pub use memory::MemoryCache;
pub use sync::{LibraryError, PathHasher, SectionNews, SyncRequest, item_types, sync_section};
pub use values::{
    edit_of, field_of, image_kind, is_unchanged, item, item_type, lockable, plex_type, values,
    wanted_value,
};

#[cfg(test)]
mod tests;
