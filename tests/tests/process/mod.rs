//! The command line as its users have it: real processes, real HTTP, real files.
//!
//! Not here: what a sync makes of values (the generator's expectation says it), and faults by the hundred (simulation).

mod bad_input;
mod bad_place;
mod config;
mod kill;
mod lab;
mod owner;
mod paths;
mod runs;
mod secrets;
mod story;
mod told;
