//! What the whole-system tests and the benchmark are made of.
//!
//! Not here: the tests themselves (`tests/main.rs`).

pub mod bench;
