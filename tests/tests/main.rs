//! The whole-system tests: one binary, one module per topic.

mod crash;
mod demo;
mod faults;
mod plexapi;
