//! How long operations take: one histogram per operation, filled by spans and by [`OperationTimer`].
//!
//! A timed operation is a span with target [`TARGET`]; its name is the operation. Install [`Timings::layer`] once per
//! process, with a filter of its own that lets the target through, so that a quiet log does not stop the measuring.
//!
//! Not here: how often figures are shown (`run`), and what is stored of them (`RunSummary`).

mod histogram;
mod layer;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::face::OperationStats;

use histogram::Operation;
pub use layer::TimingLayer;

/// Target of the spans that are timed and of the lines that are logged about them.
pub const TARGET: &str = "syncslate::timing";

/// From here on an operation is logged at INFO instead of DEBUG.
const SLOW: Duration = Duration::from_secs(1);

/// The histograms of one engine. Cheap to clone; all clones fill the same.
#[derive(Clone)]
pub struct Timings(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    operations: Mutex<BTreeMap<&'static str, Operation>>,
}

/// Times a block: from [`OperationTimer::start`] to [`OperationTimer::finish`] or to its end of life.
#[derive(Debug)]
#[must_use = "it times the block in which it lives"]
pub struct OperationTimer {
    timings: Timings,
    operation: &'static str,
    started: Duration,
    finished: bool,
}

impl Timings {
    /// No figures yet, measured by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            clock,
            operations: Mutex::default(),
        }))
    }

    /// Counts one execution of `operation`, and logs it.
    pub fn record(&self, operation: &'static str, took: Duration) {
        self.with(|operations| operations.entry(operation).or_default().record(took));
        let millis = took.as_secs_f64() * 1000.0;
        if took >= SLOW {
            tracing::info!(target: TARGET, operation, millis, "operation took long");
        } else {
            tracing::debug!(target: TARGET, operation, millis, "operation");
        }
    }

    /// Figures since start, by name of operation.
    pub fn snapshot(&self) -> Vec<OperationStats> {
        self.with(|operations| {
            operations
                .iter()
                .filter_map(|(name, operation)| operation.stats(name))
                .collect()
        })
    }

    /// Begins a run: from now on [`Timings::run_snapshot`] counts from here. What is still under way counts for the
    /// run in which it ends.
    pub fn begin_run(&self) {
        self.with(|operations| operations.values_mut().for_each(Operation::begin_run));
    }

    /// Figures since [`Timings::begin_run`] (or start), by name of operation; operations that did not run are left out.
    pub fn run_snapshot(&self) -> Vec<OperationStats> {
        self.with(|operations| {
            operations
                .iter()
                .filter_map(|(name, operation)| operation.run_stats(name))
                .collect()
        })
    }

    /// The layer that measures all spans with target [`TARGET`] into these histograms. One per process: a subscriber
    /// is global, and a second layer with other histograms would count the same spans again.
    pub fn layer(&self) -> TimingLayer {
        TimingLayer::new(self.clone())
    }

    fn now(&self) -> Duration {
        self.0.clock.monotonic()
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<&'static str, Operation>) -> T) -> T {
        let mut operations = self
            .0
            .operations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        work(&mut operations)
    }
}

impl fmt::Debug for Timings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Timings").finish_non_exhaustive()
    }
}

impl OperationTimer {
    /// Starts to time `operation`.
    pub fn start(timings: &Timings, operation: &'static str) -> Self {
        Self {
            timings: timings.clone(),
            operation,
            started: timings.now(),
            finished: false,
        }
    }

    /// Ends it and says how long it took.
    pub fn finish(mut self) -> Duration {
        self.end()
    }

    fn end(&mut self) -> Duration {
        let took = self.timings.now().saturating_sub(self.started);
        if !std::mem::replace(&mut self.finished, true) {
            self.timings.record(self.operation, took);
        }
        took
    }
}

impl Drop for OperationTimer {
    fn drop(&mut self) {
        if !self.finished {
            self.end();
        }
    }
}

#[cfg(test)]
mod tests;
