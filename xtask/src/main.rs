//! `cargo xtask …`: every development command of Syncslate.
//!
//! Not here: anything that a user of Syncslate runs; that is the window and `syncslate-cli`.

mod steps;
mod types;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Every development command of Syncslate")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the window's TypeScript types from the engine's.
    Types {
        /// Change nothing; fail where they are out of date.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Types { check } => types::run(check),
    }
}
