//! `cargo xtask …`: every development command of Syncslate.
//!
//! Not here: anything that a user of Syncslate runs; that is the window and `syncslate-cli`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development command talks to the terminal"
)]

mod apps;
mod node;
mod setup;
mod steps;
mod test;
mod types;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Every development command of Syncslate")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sync a demo library: in the window, or in the terminal where there is no display.
    Demo {
        /// In the terminal even where there is a display.
        #[arg(long)]
        headless: bool,
        /// Passed on to Syncslate.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Start the window on your own library.
    Run {
        /// Passed on to Syncslate.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Check everything: formats, lints, types, all tests, the real window.
    Test {
        /// Leave out the desktop package and its window, and what they need.
        #[arg(long)]
        fast: bool,
    },
    /// Measure: requests per item, writer busy share, CPU per item, a reader's waiting.
    Bench {
        /// Passed on to the benchmark.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Install what is missing (Debian, Ubuntu) or say what is.
    Setup {
        /// What it is for.
        #[arg(long, value_enum, default_value_t = setup::Purpose::Test)]
        purpose: setup::Purpose,
    },
    /// Write the window's TypeScript types from the engine's.
    Types {
        /// Change nothing; fail where they are out of date.
        #[arg(long)]
        check: bool,
    },
    /// Take pictures of the real window in light and dark, into artifacts/screenshots.
    Screenshots,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo { headless, rest } => apps::demo(headless, &rest),
        Command::Run { rest } => apps::run(&rest),
        Command::Test { fast } => test::run(fast),
        Command::Bench { rest } => apps::bench(&rest),
        Command::Setup { purpose } => setup::ensure(purpose),
        Command::Types { check } => types::run(check),
        Command::Screenshots => test::screenshots(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
