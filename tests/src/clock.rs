//! Time that passes only where everybody waits, and that goes on from one simulated process to the next.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use syncslate_engine::clock::Clock;
use tokio::time::Instant;

/// When every world begins, in epoch seconds.
const BEGINNING: u64 = 1_760_000_000;

/// The clock of a world, over tokio's paused time.
#[derive(Debug, Default)]
pub struct SimClock(Mutex<Time>);

#[derive(Debug, Default)]
struct Time {
    /// What earlier lives took.
    before: Duration,
    /// When the present life began; none outside a runtime.
    begun: Option<Instant>,
}

impl SimClock {
    /// A runtime with paused time begins.
    pub(crate) fn begin(&self) {
        self.time().begun = Some(Instant::now());
    }

    /// It ends; `gap` passes before the next.
    pub(crate) fn end(&self, gap: Duration) {
        let elapsed = self.elapsed();
        *self.time() = Time {
            before: elapsed + gap,
            begun: None,
        };
    }

    /// Lets time pass while no engine lives.
    pub fn pass(&self, duration: Duration) {
        self.time().before += duration;
    }

    fn elapsed(&self) -> Duration {
        let time = self.time();
        time.before + time.begun.map_or(Duration::ZERO, |begun| begun.elapsed())
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SimClock {
    fn now_ms(&self) -> i64 {
        let now = Duration::from_secs(BEGINNING) + self.elapsed();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
