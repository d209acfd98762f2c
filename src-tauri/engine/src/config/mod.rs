//! The settings as a file that people write and keep: TOML, read with every mistake at its place, written with comments.
//!
//! Command line and window write the same settings; the data folder is told by the command line alone, because the
//! window's own is in use while it runs. A token never stands in it. Not here: which file, and what a command's own words
//! change in what it says.

mod disk;
mod found;
mod keys;
mod mistake;
mod names;
mod parts;
mod read;
mod reader;
mod rules;
mod secrets;
mod syntax;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use disk::{FileError, load, save};
pub use mistake::{Mistake, Severity};
pub use names::{field_name, list_mode_name, policy_name};
pub use read::{Reading, read};
pub use secrets::masked;
pub use write::write;

use crate::face::Settings;

/// Largest config file, in bytes. Thousands of path rules fit.
pub const LARGEST: usize = 1 << 20;

/// What a config file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigFile {
    /// The settings; what the file does not name is as it is by default.
    pub settings: Settings,
    /// Where cache, journal and queue are kept, where the file says so. Only the command line asks.
    pub data_dir: Option<String>,
}
