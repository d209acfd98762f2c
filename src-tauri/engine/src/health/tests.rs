//! The breaker by its table.

use super::breaker::jittered;
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
            format!("{away}, probe, wait 20, probe, probe, probe, wait 140, probe, wait 200, Open"),
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
