//! What runs replaced, so that they can be taken back.
//!
//! Not here: making an undo's plan (`plan`, `run`).

mod entry;
mod ops;

pub use entry::{JournalEntry, JournalField};

#[cfg(test)]
mod tests;
