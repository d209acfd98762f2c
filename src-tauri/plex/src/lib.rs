//! Typed client of the Plex Media Server HTTP API. Knows no sync.
//!
//! Only this crate builds Plex URLs. Every edit names its items: an edit without ids would change a whole library,
//! so the types make one impossible, and no method deletes media.
//!
//! Entry points: [`Client`] (the calls), [`Edit`] and [`Ids`] (what a write says), [`PlexError`] (why one failed),
//! [`transport`] (how the bytes travel).

mod client;
mod edit;
mod error;
mod kind;
pub mod transport;
mod types;
mod wire;

pub use client::{Client, Device, Timeouts};
pub use edit::{Edit, EditField, Ids, Lockable, MAX_LINE, TagField};
pub use error::PlexError;
pub use kind::RequestKind;
pub use types::{
    Collection, CollectionSort, Details, Identity, ImageChoice, ImageKind, Page, PlexType, Row,
    Section, Server, UPLOAD, is_same_picture,
};
