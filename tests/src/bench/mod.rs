//! The benchmark: a server and an engine in processes of their own, measured from outside.
//!
//! Not here: the command line (`bin/bench.rs`).

pub mod engine;
pub mod server;
pub mod simulated;

mod child;
mod cost;
mod pictures;
mod reader;
mod scale;
mod table;
mod usage;

use anyhow::Result;
use clap::{Args, ValueEnum};

pub use table::Table;

/// The parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The server with one slow writer, over HTTP.
    Cost,
    /// The same in simulated time.
    Simulated,
    /// The server that costs nothing.
    Scale,
}

/// What to measure.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Films of the library on a server with one slow writer.
    #[arg(long, default_value_t = 2_000)]
    pub films: usize,
    /// Sizes of the mixed libraries on a server that costs nothing, the smallest first.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    pub items: Vec<usize>,
    /// Sizes of the mixed libraries in simulated time.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    pub simulated_items: Vec<usize>,
    /// Small libraries: shows that all works, and says little.
    #[arg(long)]
    pub quick: bool,
    /// Only one part.
    #[arg(long, value_enum)]
    pub only: Option<Part>,
    /// What all libraries are made of.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Measures everything that was asked for. `tell` hears what is being done.
///
/// # Errors
/// Where a process does not start, a sync does not end well, or a figure is missing.
pub fn measure(options: &Options, tell: &dyn Fn(&str)) -> Result<Table> {
    let mut options = options.clone();
    if options.quick {
        options.films = options.films.min(200);
        options.items = vec![250, 1_000];
        options.simulated_items = vec![200];
    }
    let mut table = Table::default();
    for part in Part::value_variants() {
        if options.only.is_some_and(|only| only != *part) {
            continue;
        }
        match part {
            Part::Cost => cost::measure(&options, tell, &mut table)?,
            Part::Simulated => simulated::measure(&options, tell, &mut table)?,
            Part::Scale => scale::measure(&options, tell, &mut table)?,
        }
    }
    Ok(table)
}
