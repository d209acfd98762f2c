//! `cargo xtask bench`: what a sync costs, over real HTTP against the emulator.
//!
//! Not here: how anything is measured (`syncslate_tests::bench`).

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark talks to the terminal"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use syncslate_tests::bench::{self, Options, engine, server};

/// What a sync costs: requests, writer's busy share, a reader's waiting, CPU and memory per item.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Print tables in Markdown.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Fail where a goal is missed.
    #[arg(long)]
    strict: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What the benchmark starts in processes of their own, so that their CPU can be told apart.
#[derive(Debug, Subcommand)]
enum Part {
    #[command(hide = true)]
    Server(server::Arguments),
    #[command(hide = true)]
    Engine(engine::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.part {
        Some(Part::Server(part)) => server::run(&part).map(|()| true),
        Some(Part::Engine(part)) => engine::run(&part).map(|()| true),
        None => measure(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> anyhow::Result<bool> {
    let table = bench::measure(&arguments.options, &|step| eprintln!("{step}"))?;
    if arguments.json {
        println!("{}", table.json());
    } else if arguments.markdown {
        println!("{}", table.markdown());
    } else {
        println!("{}", table.text());
    }
    Ok(!arguments.strict || table.misses() == 0)
}
