//! How many requests Plex bears at once: grows while latency holds, backs off when it climbs or Plex says no.
//!
//! Plex writes through one SQLite connection, so requests beyond the one being written only wait, and a person who
//! browses waits with them. The limiter therefore estimates how many requests stand in line, `limit · (1 − fastest /
//! seen)`, and aims at one: enough to keep the writer busy, too few to be felt.
//!
//! Not here: waiting, sending, errors. Pure state with times passed in.

use std::collections::BTreeMap;
use std::time::Duration;

/// Requests of a kind after which the fastest of them is forgotten, so that a server that became slower is believed.
const WINDOW: u32 = 400;
/// Fewer in line than this: grow.
const LINE_LOW: f64 = 0.8;
/// More in line than this: shrink.
const LINE_HIGH: f64 = 1.6;

/// An adaptive limit of concurrent requests.
#[derive(Debug)]
pub struct Limiter {
    limit: f64,
    ceiling: f64,
    fastest: BTreeMap<&'static str, Fastest>,
}

#[derive(Debug)]
struct Fastest {
    present: Duration,
    previous: Duration,
    seen: u32,
}

impl Limiter {
    /// Starts at two and never passes `ceiling` (at least one).
    pub fn new(ceiling: u8) -> Self {
        let ceiling = f64::from(ceiling.max(1));
        Self {
            limit: ceiling.min(2.0),
            ceiling,
            fastest: BTreeMap::new(),
        }
    }

    /// How many requests may be under way now.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 255"
    )]
    pub fn current(&self) -> usize {
        self.limit.floor() as usize
    }

    /// A request of `kind` was answered well after `latency` while `in_flight` were under way (itself included).
    pub fn answered(&mut self, kind: &'static str, latency: Duration, in_flight: usize) {
        let fastest = self.fastest.entry(kind).or_insert(Fastest {
            present: latency,
            previous: latency,
            seen: 0,
        });
        fastest.seen += 1;
        if fastest.seen > WINDOW {
            fastest.seen = 1;
            fastest.previous = fastest.present;
            fastest.present = latency;
        }
        fastest.present = fastest.present.min(latency);
        let best = fastest.present.min(fastest.previous).as_secs_f64();
        let seen = latency.as_secs_f64();
        if seen <= 0.0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few dozen at the most")]
        let in_flight = in_flight as f64;
        let in_line = in_flight * (1.0 - best / seen);
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
