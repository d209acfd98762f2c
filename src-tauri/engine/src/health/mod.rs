//! Whether Plex is there: a breaker that stops asking while it is away, and the record of each outage.
//!
//! Not here: who sends the probe, how requests fail into an [`Observation`] (`write`, `run`), and where outages are
//! stored (`store`). No clock and no randomness either: both are passed in.

mod breaker;
#[cfg(test)]
mod tests;

pub use breaker::{Breaker, Health, Observation, Permit, Turn};

use serde::{Deserialize, Serialize};

/// A span in which Plex did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// When the first request of the row went unanswered, in epoch milliseconds.
    pub from_ms: i64,
    /// When Plex answered again; `None` while it is away.
    pub to_ms: Option<i64>,
    /// Why, in a sentence, as the first unanswered request had it.
    pub reason: String,
}
