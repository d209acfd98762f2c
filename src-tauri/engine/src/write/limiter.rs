//! How many requests Plex bears at once: grows while latency holds, backs off when it climbs or Plex says no.
//!
//! Plex writes through one SQLite connection, so requests beyond the one being written only wait, and a person who
//! browses waits with them. The limiter therefore estimates how many requests stand in line, `limit · (1 − alone /
//! seen)`, and aims at one: enough to keep the writer busy, too few to be felt.
//!
//! | line, on average over a round | then |
//! |---|---|
//! | less than 0.3 of a request | one more at once: the writer may run dry |
//! | more than 1.35 | one less: they only wait, and people with them |
//! | between | as it is: one more or less would leave this range on its other side |
//!
//! Not here: waiting, sending, errors. Pure state with times passed in.

use std::collections::BTreeMap;
use std::time::Duration;

/// Requests of a kind after which its time alone is measured anew, so that a server that became slower is believed.
const MEASURE_EVERY: u32 = 400;
/// Times that it is measured then. The quickest counts: one answer that was held up on its way must not let the line
/// grow until the next time.
const SAMPLES: u32 = 3;
/// Answers after which a measurement is given up: no request of the kind comes any more.
const MEASURE_FOR: u32 = 16;
/// Fewer in line than this: grow.
const LINE_LOW: f64 = 0.3;
/// More in line than this: shrink. One request more makes the line one longer, so less than `LINE_LOW + 1` would have
/// the limit swing between two values for ever.
const LINE_HIGH: f64 = 1.35;
/// Fewest answers that a change is decided by.
const ROUND: usize = 4;

/// An adaptive limit of concurrent requests.
#[derive(Debug)]
pub struct Limiter {
    limit: usize,
    ceiling: usize,
    alone: BTreeMap<&'static str, Alone>,
    measuring: Option<Measuring>,
    round: Round,
}

/// How long a kind of request takes while no other is under way.
#[derive(Debug)]
struct Alone {
    fastest: Duration,
    seen: u32,
}

/// One request at a time, until enough of this kind are answered.
#[derive(Debug)]
struct Measuring {
    kind: &'static str,
    fastest: Option<Duration>,
    samples_left: u32,
    answers_left: u32,
}

/// What was seen since the latest change of the limit.
#[derive(Debug, Default)]
struct Round {
    /// Answers still to come to requests that were sent under the limit before.
    older: usize,
    answers: usize,
    line: f64,
}

impl Limiter {
    /// Starts at one and never passes `ceiling` (at least one).
    pub fn new(ceiling: u8) -> Self {
        Self {
            limit: 1,
            ceiling: usize::from(ceiling.max(1)),
            alone: BTreeMap::new(),
            measuring: None,
            round: Round::default(),
        }
    }

    /// How many requests may be under way now.
    pub fn current(&self) -> usize {
        if self.measuring.is_some() {
            return 1;
        }
        self.limit
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
            measuring.answers_left = measuring.answers_left.saturating_sub(1);
            if in_flight == 1 && measuring.kind == kind {
                measuring.samples_left = measuring.samples_left.saturating_sub(1);
                let fastest = measuring
                    .fastest
                    .map_or(latency, |known| known.min(latency));
                measuring.fastest = Some(fastest);
            }
            if measuring.samples_left == 0 || measuring.answers_left == 0 {
                if let (Some(fastest), Some(alone)) =
                    (measuring.fastest, self.alone.get_mut(measuring.kind))
                {
                    alone.fastest = fastest;
                }
                self.measuring = None;
                self.change(self.limit, 0);
            }
            return;
        }
        if alone.seen.is_multiple_of(MEASURE_EVERY) {
            self.measuring = Some(Measuring {
                kind,
                fastest: None,
                samples_left: SAMPLES,
                answers_left: MEASURE_FOR + u32::try_from(in_flight).unwrap_or(MEASURE_FOR),
            });
            return;
        }
        let (alone, seen) = (alone.fastest.as_secs_f64(), latency.as_secs_f64());
        if seen > 0.0 {
            self.saw(in_flight, 1.0 - alone / seen);
        }
    }

    /// `waited`: the part of an answer's time that was spent in line.
    fn saw(&mut self, in_flight: usize, waited: f64) {
        let round = &mut self.round;
        if round.older > 0 {
            // What it says is about the limit before, and was acted on: acting on it twice is what overshoots.
            round.older -= 1;
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few dozen at the most")]
        let (in_flight_f, answers_f) = (in_flight as f64, (round.answers + 1) as f64);
        let line = in_flight_f * waited;
        if in_flight < self.limit && line <= LINE_HIGH {
            // Sent while there was room: the line was short for want of requests, not of a limit.
            return;
        }
        round.answers += 1;
        round.line += line;
        if round.answers < self.limit.max(ROUND) {
            return;
        }
        let line = round.line / answers_f;
        if line < LINE_LOW {
            self.change(self.limit + 1, in_flight);
        } else if line > LINE_HIGH {
            self.change(self.limit - 1, in_flight);
        } else {
            self.round = Round::default();
        }
    }

    fn change(&mut self, limit: usize, older: usize) {
        self.limit = limit.clamp(1, self.ceiling);
        self.round = Round {
            older,
            ..Round::default()
        };
    }

    /// Plex said that it is busy, or failed: halve.
    pub fn pushed_back(&mut self) {
        self.change(self.limit / 2, self.limit);
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
    fn an_answer_that_was_held_up_lets_no_line_grow() {
        let mut limiter = Limiter::new(16);
        let mut longest = 0;
        for nth in 0..5_000 {
            let in_flight = limiter.current();
            longest = longest.max(in_flight);
            let late = nth % 40 == 0;
            let service = Duration::from_millis(8 + if late { 30 } else { 0 });
            let wait = u32::try_from(in_flight).expect("small");
            limiter.answered("edit", service * wait, in_flight);
        }
        assert!(longest <= 3, "up to {longest} were under way");
    }

    #[test]
    fn requests_that_found_room_let_no_line_grow() {
        let service = Duration::from_millis(8);
        let mut limiter = Limiter::new(16);
        while limiter.current() < 2 {
            limiter.answered("edit", service, limiter.current());
        }
        // As after a measurement: one on its way, the others just begun.
        for nth in 0..50 {
            let in_flight = if nth % 4 == 0 { 2 } else { 1 };
            limiter.answered("edit", service * in_flight, in_flight as usize);
        }
        assert_eq!(limiter.current(), 2);
    }

    #[test]
    fn a_line_that_grows_below_the_limit_shrinks_it() {
        let service = Duration::from_millis(8);
        let mut limiter = Limiter::new(16);
        while limiter.current() < 6 {
            limiter.answered("edit", service, limiter.current());
        }
        // One of the units lists its pictures: five of six write, and four of them wait.
        for _ in 0..200 {
            limiter.answered("edit", service * 5, 5);
        }
        assert!(limiter.current() < 6, "still {}", limiter.current());
    }

    #[test]
    fn a_server_that_became_slower_is_believed() {
        let mut limiter = Limiter::new(16);
        for nth in 0..5_000 {
            let in_flight = limiter.current();
            let service = Duration::from_millis(if nth < 1_000 { 8 } else { 32 });
            let wait = u32::try_from(in_flight).expect("small");
            limiter.answered("edit", service * wait, in_flight);
        }
        assert!(limiter.current() >= 2, "only {}", limiter.current());
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
