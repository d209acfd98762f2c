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
fn jittered(wait_ms: i64, jitter: f64) -> i64 {
    wait_ms - (wait_ms as f64 * 0.25 * jitter.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, events, what they come to.
    type Case = (&'static str, Vec<(i64, char)>, String);

    /// Times in seconds. `!` unanswered, `+` answered, `~` busy, `?` may send.
    fn told(start: Breaker, events: &[(i64, char)]) -> String {
        let mut breaker = start;
        let mut told = Vec::new();
        for &(second, event) in events {
            let now_ms = second * 1_000;
            let observation = match event {
                '?' => {
                    told.push(match breaker.may_send(now_ms) {
                        Permit::Go => "go".to_owned(),
                        Permit::Probe => "probe".to_owned(),
                        Permit::Wait { until_ms } => format!("wait {}", until_ms / 1_000),
                    });
                    continue;
                }
                '!' => Observation::Unanswered {
                    reason: format!("refused at {second}"),
                },
                '+' => Observation::Answered,
                _ => Observation::Busy,
            };
            match breaker.observe(observation, now_ms, 0.0) {
                Some(Turn::Away(outage)) => {
                    assert_eq!(outage.to_ms, None);
                    told.push(format!(
                        "away since {}: {}",
                        outage.from_ms / 1_000,
                        outage.reason
                    ));
                }
                Some(Turn::Back(outage)) => {
                    let to = outage.to_ms.expect("an outage that ended has an end");
                    told.push(format!(
                        "back, away {}..{}",
                        outage.from_ms / 1_000,
                        to / 1_000
                    ));
                }
                None => {}
            }
        }
        told.push(format!("{:?}", breaker.health()));
        told.join(", ")
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn it_follows_its_table() {
        let five = |then: &[(i64, char)]| -> Vec<(i64, char)> {
            let row = [(1, '!'), (2, '!'), (3, '!'), (4, '!'), (5, '!')];
            [&row[..], then].concat()
        };
        let away = "away since 1: refused at 1";
        let cases: &[Case] = &[
            (
                "four are no outage",
                vec![(1, '!'), (2, '!'), (3, '!'), (4, '!'), (5, '?')],
                "go, Closed".into(),
            ),
            (
                "five in a row are",
                five(&[(5, '?')]),
                format!("{away}, wait 10, Open"),
            ),
            (
                "an answer between breaks the row",
                vec![
                    (1, '!'),
                    (2, '!'),
                    (3, '!'),
                    (4, '!'),
                    (5, '+'),
                    (6, '!'),
                    (7, '?'),
                ],
                "go, Closed".into(),
            ),
            (
                "busy neither counts nor breaks the row",
                vec![
                    (1, '!'),
                    (2, '~'),
                    (3, '!'),
                    (4, '~'),
                    (5, '!'),
                    (6, '!'),
                    (7, '!'),
                ],
                format!("{away}, Open"),
            ),
            (
                "busy alone opens nothing",
                vec![(1, '~'); 20],
                "Closed".into(),
            ),
            (
                "one probe at its time, then back",
                five(&[(9, '?'), (10, '?'), (10, '?'), (11, '+'), (11, '?')]),
                format!("{away}, wait 10, probe, wait 70, back, away 1..11, go, Closed"),
            ),
            (
                "probes wait longer and longer, at most a minute",
                five(&[
                    (10, '?'),
                    (10, '!'),
                    (10, '?'),
                    (20, '?'),
                    (20, '!'),
                    (40, '?'),
                    (40, '~'),
                    (80, '?'),
                    (80, '!'),
                    (80, '?'),
                    (140, '?'),
                    (140, '!'),
                    (140, '?'),
                ]),
                format!(
                    "{away}, probe, wait 20, probe, probe, probe, wait 140, probe, wait 200, Open"
                ),
            ),
            (
                "a late answer closes",
                five(&[(6, '!'), (6, '~'), (7, '+'), (7, '?')]),
                format!("{away}, back, away 1..7, go, Closed"),
            ),
            (
                "a lost probe is sent again",
                five(&[(10, '?'), (69, '?'), (70, '?'), (71, '?')]),
                format!("{away}, probe, wait 70, probe, wait 130, HalfOpen"),
            ),
            (
                "the next outage waits shortly again and has its own start",
                five(&[
                    (10, '?'),
                    (10, '!'),
                    (20, '?'),
                    (20, '+'),
                    (30, '!'),
                    (30, '!'),
                    (30, '!'),
                    (30, '!'),
                    (30, '!'),
                    (30, '?'),
                ]),
                format!(
                    "{away}, probe, probe, back, away 1..20, away since 30: refused at 30, wait 35, Open"
                ),
            ),
        ];
        for (name, events, expected) in cases {
            assert_eq!(told(Breaker::new(), events), *expected, "{name}");
        }
    }

    #[test]
    fn an_outage_goes_on_over_a_restart() {
        let outage = Outage {
            from_ms: 1_000,
            to_ms: None,
            reason: "refused".into(),
        };
        let breaker = Breaker::resume(outage, 50_000);
        assert!(breaker.outage().is_some());
        assert_eq!(
            told(breaker, &[(50, '?'), (51, '+'), (51, '?')]),
            "probe, back, away 1..51, go, Closed"
        );
    }

    #[test]
    fn jitter_shortens_a_wait_by_a_quarter_at_most() {
        for (jitter, expected) in [(0.0, 8_000), (0.5, 7_000), (1.0, 6_000), (7.0, 6_000)] {
            assert_eq!(jittered(8_000, jitter), expected);
        }
    }

    #[test]
    fn a_clock_set_back_does_not_end_an_outage_before_it_began() {
        let mut breaker = Breaker::resume(
            Outage {
                from_ms: 9_000,
                to_ms: None,
                reason: String::new(),
            },
            0,
        );
        let turn = breaker.observe(Observation::Answered, 1_000, 0.0);
        assert!(matches!(turn, Some(Turn::Back(outage)) if outage.to_ms == Some(9_000)));
    }
}
