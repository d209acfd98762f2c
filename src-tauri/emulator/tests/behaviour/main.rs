//! How the emulator behaves, asked as a client asks it: over its router, and where it must be over a socket.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // these are tests, their helpers included

mod client;
mod costs;
mod edits;
mod faults;
mod lists;
mod pictures;
mod shapes;
mod world;
