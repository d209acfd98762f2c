//! Plex sections into the library cache: what there is, what is new or changed, what is gone; and the two-way mapping
//! between Plex's fields and the model's.
//!
//! Not here: matching (the path index is only filled and asked), comparing, and any write to Plex. How a cache is stored
//! is `store`'s affair; [`MemoryCache`] serves where there is no disk cache.

mod cache;
mod disk;
mod edits;
mod listing;
mod memory;
mod sync;
mod values;

pub use cache::{CacheError, LibraryCache, Mark, Scope};
pub use edits::{edit_of, is_unchanged, wanted_value};
pub use listing::Listing;
pub use memory::MemoryCache;
pub use sync::{LibraryError, PathHasher, SectionNews, SyncRequest, item_types, sync_section};
pub(crate) use values::value;
pub use values::{field_of, image_kind, item, item_type, lockable, plex_type, values};

#[cfg(test)]
mod tests;
