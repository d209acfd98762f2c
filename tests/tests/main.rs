//! The whole-system tests: one binary, one module per topic.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod actor_pictures;
mod beside;
mod collections;
mod collections_kept;
mod crash;
mod crash_mixed;
mod cut_short;
mod demo;
mod faults;
mod found;
mod histories;
mod household;
mod last_member;
mod last_word;
mod libraries;
mod limits;
mod locked_before;
mod meanwhile;
mod missing;
mod mixed;
mod order;
mod other_settings;
mod paths;
mod plexapi;
mod process;
mod reading;
mod roles;
mod seasons;
mod settle;
mod speakers;
mod taken_back;
mod trouble;
mod unattended;
mod undo;
mod unlock;
mod watched;
// WebKitWebDriver and Xvfb are Linux's.
#[cfg(target_os = "linux")]
mod window;
