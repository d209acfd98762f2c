//! The figures of one operation, since start and within the present run.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::face::OperationStats;

/// Times below are told as this; keeps the histogram small.
const FINEST_NANOS: u64 = 100;
/// Times above are counted as this (their exact length still stands in `max` and `total`).
const LONGEST_NANOS: u64 = 3_600_000_000_000;
/// Percentiles are right to 1 in 100.
const DIGITS: u8 = 2;

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    ever: Figures,
    run: Figures,
}

#[derive(Debug)]
struct Figures {
    histogram: Histogram<u32>,
    max: Duration,
    total: Duration,
}

impl Operation {
    pub(super) fn record(&mut self, took: Duration) {
        self.ever.record(took);
        self.run.record(took);
    }

    pub(super) fn begin_run(&mut self) {
        self.run.histogram.reset();
        self.run.max = Duration::ZERO;
        self.run.total = Duration::ZERO;
    }

    pub(super) fn stats(&self, name: &str) -> Option<OperationStats> {
        self.ever.stats(name)
    }

    pub(super) fn run_stats(&self, name: &str) -> Option<OperationStats> {
        self.run.stats(name)
    }
}

impl Default for Operation {
    fn default() -> Self {
        Self {
            ever: Figures::new(),
            run: Figures::new(),
        }
    }
}

impl Figures {
    fn new() -> Self {
        let histogram = Histogram::new_with_bounds(FINEST_NANOS, LONGEST_NANOS, DIGITS)
            .expect("BUG: the bounds of the histogram are constants");
        Self {
            histogram,
            max: Duration::ZERO,
            total: Duration::ZERO,
        }
    }

    fn record(&mut self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.histogram.saturating_record(nanos);
        self.max = self.max.max(took);
        self.total = self.total.saturating_add(took);
    }

    /// `None` where nothing was recorded.
    fn stats(&self, name: &str) -> Option<OperationStats> {
        let count = u32::try_from(self.histogram.len()).unwrap_or(u32::MAX);
        if count == 0 {
            return None;
        }
        // A bucket's upper edge can lie above the longest time seen.
        let percentile = |quantile| {
            let nanos = self.histogram.value_at_quantile(quantile);
            millis(Duration::from_nanos(nanos).min(self.max))
        };
        Some(OperationStats {
            operation: name.to_owned(),
            count,
            p50: percentile(0.50),
            p95: percentile(0.95),
            p99: percentile(0.99),
            max: millis(self.max),
            total: millis(self.total),
        })
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
