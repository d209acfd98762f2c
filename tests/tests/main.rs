//! The whole-system tests: one binary, one module per topic.

mod plexapi;
