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
use clap::Args;

pub use table::Table;

/// What to measure.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Films of the library on a server with one slow writer.
    #[arg(long, default_value_t = 2_000)]
    pub films: usize,
    /// Sizes of the libraries on a server that costs nothing, the smallest first.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000, 20_000])]
    pub sizes: Vec<usize>,
    /// Small libraries: shows that all works, and says little.
    #[arg(long)]
    pub quick: bool,
    /// Only the server with one slow writer.
    #[arg(long, conflicts_with = "only_scale")]
    pub only_cost: bool,
    /// Only the server with one slow writer in simulated time.
    #[arg(long, conflicts_with = "only_scale")]
    pub only_simulated: bool,
    /// Only the server that costs nothing.
    #[arg(long)]
    pub only_scale: bool,
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
        options.sizes = vec![250, 1_000];
    }
    let mut table = Table::default();
    if !options.only_scale {
        if !options.only_simulated {
            cost::measure(&options, tell, &mut table)?;
        }
        simulated::measure(&options, tell, &mut table)?;
    }
    if !options.only_cost && !options.only_simulated {
        scale::measure(&options, tell, &mut table)?;
    }
    Ok(table)
}
