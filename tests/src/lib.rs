//! What the whole-system tests and the benchmark are made of: [`World`] is a simulation in which one seed is one
//! history.
//!
//! Not here: the tests themselves (`tests/main.rs`).

#![allow(clippy::missing_panics_doc)] // a test that cannot set its world up fails

pub mod bench;

mod clock;
mod diff;
mod transport;
mod world;

pub use clock::SimClock;
pub use diff::{as_ordered_by, differences};
pub use transport::{InProcess, Logged, Through, Way};
pub use world::{Crash, Life, World, sync, undo};
