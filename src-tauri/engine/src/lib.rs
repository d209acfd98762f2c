//! Everything a sync is. Knows no Tauri, no window, no terminal.
//!
//! Rooms, ground floor first; a room imports only from floors below it: `model`, `text`, `timing`, `health`, `store`,
//! `source`, `library`, `image`, `matching`, `config`, `plan`, `journal`, `queue`, `write`, `run`, and the crate's face.

pub mod blocking;
pub mod clock;
pub mod config;
pub mod face;
pub mod health;
pub mod image;
pub mod journal;
pub mod library;
pub mod matching;
pub mod model;
pub mod plan;
pub mod queue;
pub mod report;
mod run;
pub mod source;
pub mod store;
pub mod text;
pub mod timing;
mod write;

pub use report::Events;
pub use run::{Deps, Engine, HELD_CANDIDATES, Handle, WORKERS};
