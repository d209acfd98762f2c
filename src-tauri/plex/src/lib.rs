//! Typed client of the Plex Media Server HTTP API. Knows no sync.
//!
//! Only this crate builds Plex URLs. Every edit names its items: an edit without ids would change a whole library,
//! so the types make one impossible, and no method deletes media.

pub mod transport;
