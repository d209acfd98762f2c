//! How many requests Plex bears at once: grows while latency holds, backs off when it climbs or Plex says no.
//!
//! Plex writes through one SQLite connection, so requests beyond the one being written only wait, and a person who
//! browses waits with them. The limiter therefore estimates how many requests stand in line, `limit · (1 − fastest /
//! seen)`, and aims at one: enough to keep the writer busy, too few to be felt.
//!
//! Not here: waiting, sending, errors. Pure state with times passed in.

use std::collections::BTreeMap;
use std::time::Duration;

/// Requests of a kind after which its time alone is measured anew, so that a server that became slower is believed.
const MEASURE_EVERY: u32 = 400;
/// Answers after which a measurement is given up: no request of the kind comes any more.
const MEASURE_FOR: u32 = 16;
/// Fewer in line than this: grow.
const LINE_LOW: f64 = 0.8;
/// More in line than this: shrink.
const LINE_HIGH: f64 = 1.4;

/// An adaptive limit of concurrent requests.
#[derive(Debug)]
pub struct Limiter {
    limit: f64,
    ceiling: f64,
    alone: BTreeMap<&'static str, Alone>,
    measuring: Option<Measuring>,
}

/// How long a kind of request takes while no other is under way.
#[derive(Debug)]
struct Alone {
    fastest: Duration,
    seen: u32,
}

/// One request at a time, until one of this kind is answered.
#[derive(Debug)]
struct Measuring {
    kind: &'static str,
    answers_left: u32,
}

impl Limiter {
    /// Starts at one and never passes `ceiling` (at least one).
    pub fn new(ceiling: u8) -> Self {
        Self {
            limit: 1.0,
            ceiling: f64::from(ceiling.max(1)),
            alone: BTreeMap::new(),
            measuring: None,
        }
    }

    /// How many requests may be under way now.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 255"
    )]
    pub fn current(&self) -> usize {
        if self.measuring.is_some() {
            return 1;
        }
        self.limit.floor() as usize
    }

    /// A request of `kind` was answered well after `latency` while `in_flight` were under way (itself included).
    pub fn answered(&mut self, kind: &'static str, latency: Duration, in_flight: usize) {
        let alone = self.alone.entry(kind).or_insert(Alone {
            fastest: latency,
            seen: 0,
        });
        alone.seen += 1;
        alone.fastest = alone.fastest.min(latency);
        if let Some(measuring) = &mut self.measuring {
            measuring.answers_left -= 1;
            if in_flight == 1 && measuring.kind == kind {
                alone.fastest = latency;
                self.measuring = None;
            } else if measuring.answers_left == 0 {
                self.measuring = None;
            }
            return;
        }
        if alone.seen.is_multiple_of(MEASURE_EVERY) {
            self.measuring = Some(Measuring {
                kind,
                answers_left: MEASURE_FOR + u32::try_from(in_flight).unwrap_or(MEASURE_FOR),
            });
            return;
        }
        let seen = latency.as_secs_f64();
        if seen <= 0.0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few dozen at the most")]
        let in_flight = in_flight as f64;
        let in_line = in_flight * (1.0 - alone.fastest.as_secs_f64() / seen);
        if in_line < LINE_LOW && in_flight >= self.limit.floor() {
            self.limit += 1.0 / self.limit;
        } else if in_line > LINE_HIGH {
            self.limit -= 1.0 / self.limit;
        }
        self.limit = self.limit.clamp(1.0, self.ceiling);
    }

    /// Plex said that it is busy, or failed: halve.
    pub fn pushed_back(&mut self) {
        self.limit = (self.limit / 2.0).max(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a limiter with the latencies of a server that needs `service` per request and has `writers` of them.
    fn settle(mut limiter: Limiter, service: Duration, writers: f64) -> usize {
        for _ in 0..5_000 {
            let in_flight = limiter.current();
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let wait = (in_flight as f64 / writers).max(1.0);
            limiter.answered("edit", service.mul_f64(wait), in_flight);
        }
        limiter.current()
    }

    #[test]
    fn one_writer_gets_one_in_line() {
        let limit = settle(Limiter::new(16), Duration::from_millis(8), 1.0);
        assert!((2..=3).contains(&limit), "settled at {limit}");
    }

    #[test]
    fn a_server_that_bears_more_gets_more_up_to_the_ceiling() {
        let eight = settle(Limiter::new(16), Duration::from_millis(8), 8.0);
        assert!((8..=10).contains(&eight), "settled at {eight}");
        let capped = settle(Limiter::new(4), Duration::from_millis(8), 8.0);
        assert_eq!(capped, 4);
    }

    #[test]
    fn push_back_halves_but_never_stops() {
        let mut limiter = Limiter::new(1);
        for _ in 0..10 {
            limiter.pushed_back();
        }
        assert_eq!(limiter.current(), 1);
    }
}
