//! `config check`.

use std::path::PathBuf;
use std::process::ExitCode;

use syncslate_engine::config::{Mistake, Severity};

use super::given::reading;
use super::summary;
use crate::output::{Printer, err, json, out};

/// Says what a file means, or all that is wrong with it.
pub(super) fn run(file: Option<PathBuf>, printer: Printer) -> ExitCode {
    let Some(path) = file else {
        return printer.error(
            "settings",
            "No config file is named. Write: syncslate-cli config check FILE",
        );
    };
    let reading = match reading(&path) {
        Ok(reading) => reading,
        Err(message) if printer.json => {
            json(&[Mistake::of_file(Severity::Error, message)]);
            return ExitCode::from(2);
        }
        Err(message) => return printer.error("settings", &message),
    };
    let is_usable = reading.is_usable();
    let code = if is_usable {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    };
    let mistakes: Vec<&Mistake> = reading.missing.iter().chain(&reading.mistakes).collect();
    if printer.json {
        json(&mistakes);
        return code;
    }
    for mistake in mistakes {
        err(&format!("{}:{mistake}", path.display()));
    }
    if is_usable {
        out(&summary::of(&reading.config));
    } else {
        err("The file cannot be used until this is mended.");
    }
    code
}
