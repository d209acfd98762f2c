//! How long a job waits after an error, and when it gives up. Pure: randomness comes from outside.

use std::time::Duration;

use rand::{Rng, RngExt};

/// What kind of error met a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Plex did not answer at all. Never costs a try: the job waits until Plex is back.
    PlexAway,
    /// Plex does not hold the item (yet); it may scan it soon.
    NotFound,
    /// 408, 429, 5xx, a lost answer, anything unknown.
    Temporary,
    /// Asking again cannot help.
    Permanent,
}

/// An error of a job, as the queue needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobError {
    /// What kind.
    pub class: ErrorClass,
    /// For people: what happened and what to do.
    pub message: String,
    /// Plex asked to wait at least so long.
    pub retry_after: Option<Duration>,
}

/// What the queue decided about a job that met an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is tried again then (epoch milliseconds).
    Again {
        /// When it is due.
        due_ms: i64,
    },
    /// It gave up and lies among the failed.
    Failed,
    /// A newer intent had replaced it; there was nothing to decide.
    Superseded,
}

impl ErrorClass {
    /// Base and cap of the wait; `None` where there is no second try.
    fn waits(self) -> Option<(Duration, Duration)> {
        let seconds = |base, cap| Some((Duration::from_secs(base), Duration::from_secs(cap)));
        match self {
            Self::PlexAway => seconds(30, 300),
            Self::NotFound => seconds(30, 600),
            Self::Temporary => seconds(5, 80),
            Self::Permanent => None,
        }
    }

    /// Tries after which a job gives up; `None`: never.
    pub fn max_tries(self) -> Option<u32> {
        match self {
            Self::PlexAway => None,
            Self::NotFound => Some(12),
            Self::Temporary => Some(5),
            Self::Permanent => Some(1),
        }
    }

    /// Whether an error of this class counts as a try.
    pub fn costs_a_try(self) -> bool {
        self != Self::PlexAway
    }
}

/// The wait before the next try: uniform from 0 to min(cap, base·2ⁿ), and at least `retry_after`. `n` counts the
/// errors before this one. `None`: no further try.
pub fn backoff(
    class: ErrorClass,
    n: u32,
    retry_after: Option<Duration>,
    rng: &mut impl Rng,
) -> Option<Duration> {
    let (base, cap) = class.waits()?;
    let base_ms = u64::try_from(base.as_millis()).unwrap_or(u64::MAX);
    let cap_ms = u64::try_from(cap.as_millis()).unwrap_or(u64::MAX);
    let widest = 1_u64
        .checked_shl(n)
        .and_then(|factor| base_ms.checked_mul(factor))
        .unwrap_or(cap_ms)
        .min(cap_ms);
    let wait = Duration::from_millis(rng.random_range(0..=widest));
    Some(wait.max(retry_after.unwrap_or_default()))
}
