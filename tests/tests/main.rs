//! The whole-system tests: one binary, one module per topic.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod beside;
mod crash;
mod cut_short;
mod demo;
mod faults;
mod libraries;
mod limits;
mod meanwhile;
mod other_settings;
mod plexapi;
mod process;
mod settle;
mod taken_back;
mod trouble;
mod unattended;
mod undo;
mod unlock;
// WebKitWebDriver and Xvfb are Linux's.
#[cfg(target_os = "linux")]
mod window;
