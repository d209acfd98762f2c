//! A Plex-compatible server for the demo, the tests and the benchmarks. Depends on no other Syncslate crate.

pub mod seed;
