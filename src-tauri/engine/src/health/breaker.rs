//! The breaker as a pure state machine: time and jitter come in with each call.

use super::Outage;

/// Unanswered requests in a row that open the breaker.
const FAILURES_TO_OPEN: u32 = 5;
/// Shortest wait before a probe.
const PROBE_FIRST_MS: i64 = 5_000;
/// Longest wait before a probe.
const PROBE_LONGEST_MS: i64 = 60_000;
/// A probe that told nothing for so long counts as lost, and another may go out.
const PROBE_LOST_MS: i64 = 60_000;

/// What one request to Plex told about Plex being there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Plex answered the question: done, not found (404), refused (400), or sign in again (401). None of these is an
    /// outage, and each proves that there is none.
    Answered,
    /// Plex answered that it cannot now: 408, 429 or 5xx.
    Busy,
    /// No answer: refused, unreachable, no such host, dropped, timed out.
    Unanswered {
        /// Why, in a sentence.
        reason: String,
    },
}

/// Where the breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Requests go out.
    Closed,
    /// Plex is away; nothing goes out before the next probe.
    Open,
    /// One probe is out.
    HalfOpen,
}

/// Whether a request may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Yes.
    Go,
    /// One, as a probe (`GET /identity`). The next call says [`Permit::Wait`] until it is observed.
    Probe,
    /// Not before `until_ms`, in epoch milliseconds.
    Wait {
        /// When to ask again.
        until_ms: i64,
    },
}

/// A change that others want to know: to be stored, and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Plex went away. The outage has no end yet.
    Away(Outage),
    /// Plex is back. The outage has its end.
    Back(Outage),
}

/// Stops asking a Plex that does not answer.
///
/// | Before | Event | After |
/// |---|---|---|
/// | closed | answered | closed, the row of failures forgotten |
/// | closed | busy | closed, the row kept as it was |
/// | closed | unanswered, row < 5 | closed, row + 1 |
/// | closed | unanswered, row = 5 | **open**; outage since the row's first; probe in 5 s |
/// | open | may send, before the probe's time | open; wait |
/// | open | may send, at the probe's time | **half-open**; one probe |
/// | open | answered (a request from before) | **closed**; outage ended |
/// | open | busy or unanswered (a request from before) | open |
/// | half-open | may send | half-open; wait (after 60 s without news: one more probe) |
/// | half-open | answered | **closed**; outage ended |
/// | half-open | busy or unanswered | **open**; probe after twice the wait, at most 60 s |
///
/// Waits are shortened by up to a quarter by the jitter passed in.
#[derive(Debug, Clone)]
pub struct Breaker(State);

#[derive(Debug, Clone)]
enum State {
    Closed {
        row: u32,
        first: Option<(i64, String)>,
    },
    Open {
        outage: Outage,
        wait_ms: i64,
        probe_at: i64,
    },
    HalfOpen {
        outage: Outage,
        wait_ms: i64,
        sent_at: i64,
    },
}

impl Breaker {
    /// A breaker that lets requests through.
    pub fn new() -> Self {
        Self(State::Closed {
            row: 0,
            first: None,
        })
    }

    /// A breaker that goes on with an outage that had no end when the process ended; its first request is a probe.
    pub fn resume(outage: Outage, now_ms: i64) -> Self {
        Self(State::Open {
            outage,
            wait_ms: PROBE_FIRST_MS,
            probe_at: now_ms,
        })
    }

    /// Where it stands.
    pub fn health(&self) -> Health {
        match self.0 {
            State::Closed { .. } => Health::Closed,
            State::Open { .. } => Health::Open,
            State::HalfOpen { .. } => Health::HalfOpen,
        }
    }

    /// The outage under way.
    pub fn outage(&self) -> Option<&Outage> {
        match &self.0 {
            State::Closed { .. } => None,
            State::Open { outage, .. } | State::HalfOpen { outage, .. } => Some(outage),
        }
    }

    /// Whether a request may go out at `now_ms`. Whoever is told [`Permit::Probe`] must send one and observe it.
    pub fn may_send(&mut self, now_ms: i64) -> Permit {
        match &mut self.0 {
            State::Closed { .. } => Permit::Go,
            State::Open { probe_at, .. } if now_ms < *probe_at => Permit::Wait {
                until_ms: *probe_at,
            },
            State::Open {
                outage, wait_ms, ..
            } => {
                self.0 = State::HalfOpen {
                    outage: outage.clone(),
                    wait_ms: *wait_ms,
                    sent_at: now_ms,
                };
                Permit::Probe
            }
            State::HalfOpen { sent_at, .. } if now_ms < *sent_at + PROBE_LOST_MS => Permit::Wait {
                until_ms: *sent_at + PROBE_LOST_MS,
            },
            State::HalfOpen { sent_at, .. } => {
                *sent_at = now_ms;
                Permit::Probe
            }
        }
    }

    /// Takes in what a request told at `now_ms`. `jitter` is a random number from 0 to 1.
    pub fn observe(&mut self, observation: Observation, now_ms: i64, jitter: f64) -> Option<Turn> {
        match (&mut self.0, observation) {
            (State::Closed { row, first }, Observation::Answered) => {
                *row = 0;
                *first = None;
                None
            }
            (State::Closed { .. } | State::Open { .. }, Observation::Busy)
            | (State::Open { .. }, Observation::Unanswered { .. }) => None,
            (State::Closed { row, first }, Observation::Unanswered { reason }) => {
                *row += 1;
                let (from_ms, reason) = first.get_or_insert((now_ms, reason)).clone();
                if *row < FAILURES_TO_OPEN {
                    return None;
                }
                let outage = Outage {
                    from_ms,
                    to_ms: None,
                    reason,
                };
                self.0 = State::Open {
                    outage: outage.clone(),
                    wait_ms: PROBE_FIRST_MS,
                    probe_at: now_ms + jittered(PROBE_FIRST_MS, jitter),
                };
                Some(Turn::Away(outage))
            }
            (
                State::Open { outage, .. } | State::HalfOpen { outage, .. },
                Observation::Answered,
            ) => {
                let outage = Outage {
                    to_ms: Some(now_ms.max(outage.from_ms)),
                    ..outage.clone()
                };
                *self = Self::new();
                Some(Turn::Back(outage))
            }
            (
                State::HalfOpen {
                    outage, wait_ms, ..
                },
                Observation::Busy | Observation::Unanswered { .. },
            ) => {
                let wait_ms = (*wait_ms * 2).min(PROBE_LONGEST_MS);
                self.0 = State::Open {
                    outage: outage.clone(),
                    wait_ms,
                    probe_at: now_ms + jittered(wait_ms, jitter),
                };
                None
            }
        }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::new()
    }
}

/// `wait_ms` less up to a quarter.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "at most a minute in milliseconds"
)]
pub(super) fn jittered(wait_ms: i64, jitter: f64) -> i64 {
    wait_ms - (wait_ms as f64 * 0.25 * jitter.clamp(0.0, 1.0)) as i64
}
