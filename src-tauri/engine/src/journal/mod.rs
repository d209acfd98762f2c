//! What runs replaced, so that they can be taken back.
//!
//! Not here: making an undo's plan (`plan`, `run`).

mod entry;
mod ops;
mod trace;

pub use entry::{JournalEntry, JournalField};
pub use trace::TracedRun;

#[cfg(test)]
mod tests;
