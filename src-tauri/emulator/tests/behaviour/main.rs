//! How the emulator behaves, asked as a client asks it: over its router, and where it must be over a socket.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // these are tests, their helpers included

mod accounts;
mod cast;
mod client;
mod collections;
mod costs;
mod edits;
mod faults;
mod kinds;
mod lists;
mod merge;
mod music;
mod pictures;
mod sections;
mod shapes;
mod shows;
mod world;
