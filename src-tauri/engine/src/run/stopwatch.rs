//! Adds passing time to the run and to the step that it passed in, but for time paused.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::face::RunState;
use crate::report::Reporter;

/// See the module.
pub(super) struct Stopwatch {
    clock: Arc<dyn Clock>,
    reporter: Reporter,
    last: Mutex<Duration>,
}

impl Stopwatch {
    pub(super) fn new(clock: Arc<dyn Clock>, reporter: Reporter) -> Self {
        let last = Mutex::new(clock.monotonic());
        Self {
            clock,
            reporter,
            last,
        }
    }

    /// What passed until now belongs to no run.
    pub(super) fn reset(&self) {
        self.since_last();
    }

    /// Adds the time since the last call. To be called before a step ends, and now and then.
    pub(super) fn advance(&self) {
        let millis = self.since_last().as_secs_f64() * 1000.0;
        self.reporter.progress(|summary, phases| {
            if summary.state == RunState::Paused {
                return;
            }
            summary.duration_ms += millis;
            if let Some(last) = phases.last_mut() {
                last.millis += millis;
            }
        });
    }

    fn since_last(&self) -> Duration {
        let now = self.clock.monotonic();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        now.saturating_sub(std::mem::replace(&mut *last, now))
    }
}
