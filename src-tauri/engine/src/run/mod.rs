//! Runs: one sync or undo at a time, in phases, with commands from outside; and the engine's face.
//!
//! Not here: schedules and wake-ups, which come later.

mod actor;
mod aim;
mod begin;
mod chunk;
mod collections;
mod compare;
mod core;
mod decide;
mod finish;
mod handle;
mod listing;
mod match_answers;
mod match_choices;
mod noted;
mod problems;
mod reading;
mod requests;
mod restore;
mod rule_answers;
mod scan;
mod session;
mod settle;
mod setup;
mod status;
mod stopwatch;
mod survey;
mod sync;
mod undo;
mod unlock;
mod unread;
mod whole;

pub use handle::{Deps, Engine, HELD_CANDIDATES, Handle, WORKERS};
