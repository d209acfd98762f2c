//! The config file on the command line: `config check`, `config export`, and what a file and a call's own words say
//! together.
//!
//! Not here: how a file is read and written (`syncslate_engine::config`).

mod check;
mod export;
mod given;
mod summary;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::args::{Folder, Output, Server};
use crate::output::Printer;
use crate::sides::Sides;

pub(crate) use given::Given;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Say what a config file means, or every mistake in it with its line. Asks no Plex
    Check {
        /// The file; without it the one of --config
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The same, as other commands have it
        #[arg(long, value_name = "FILE", env = "SYNCSLATE_CONFIG")]
        config: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// Write the settings of --config and of this call's own words as a config file with comments
    Export {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        sides: Sides,
        /// Write it to this file; without it, it is printed
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Replace the file where there is one
        #[arg(long, requires = "out")]
        force: bool,
    },
}

/// Does what was asked; `Err` where it could not begin.
pub(crate) fn run(verb: ConfigVerb) -> Result<ExitCode, ExitCode> {
    match verb {
        ConfigVerb::Check {
            file,
            config,
            output,
        } => Ok(check::run(file.or(config), Printer::new(output.json))),
        ConfigVerb::Export {
            server,
            folder,
            sides,
            out,
            force,
        } => {
            let printer = Printer::new(false);
            let given = Given::read(&folder, printer)?;
            let given = given.with_server(&server).with_sides(sides);
            Ok(export::run(given, out, force, printer))
        }
    }
}
