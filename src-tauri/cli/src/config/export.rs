//! `config export`.

use std::path::PathBuf;
use std::process::ExitCode;

use syncslate_engine::config::{self, FileError, Severity};

use super::Given;
use crate::output::{Printer, err, out};

/// Prints a file with these settings, or writes it.
pub(super) fn run(given: Given, path: Option<PathBuf>, force: bool, printer: Printer) -> ExitCode {
    let file = match given.into_file() {
        Ok(file) => file,
        Err(message) => return printer.error("settings", &message),
    };
    let text = config::write(&file);
    // What was given by words was not checked yet.
    let reading = config::read(text.as_bytes(), &|_| true);
    if !reading.is_usable() {
        for mistake in reading.mistakes {
            if mistake.severity == Severity::Error {
                err(&mistake.message);
            }
        }
        return printer.error(
            "settings",
            "Such a file could not be used, so none was written.",
        );
    }
    let Some(path) = path else {
        out(text.trim_end());
        return ExitCode::SUCCESS;
    };
    match config::save(&path, &text, force) {
        Ok(()) => {
            out(&format!("The settings are in {}.", path.display()));
            ExitCode::SUCCESS
        }
        Err(error @ FileError::Exists { .. }) => {
            printer.error("settings", &format!("{error} --force replaces it."))
        }
        Err(error) => printer.error("settings", &error.to_string()),
    }
}
