//! The demo: a library made on the fly and a Plex-like server for it, both inside this process.
//!
//! It has folders and settings of its own (see `main`, which gives it another identifier), and touches no keychain.
