//! Operations under a clock that stands still but for what the test says.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use tracing::Instrument;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::*;

#[derive(Debug, Default)]
struct Hand(AtomicU64);

impl Hand {
    fn forward(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        0
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Keeps every line that is logged, with its level and fields.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Fields(String);
        impl tracing::field::Visit for Fields {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
                if field.name() != "message" {
                    let _ = write!(self.0, " {}={value:?}", field.name());
                }
            }
        }
        let mut fields = Fields(format!(
            "{} {}",
            event.metadata().level(),
            event.metadata().target()
        ));
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
}

fn timings() -> (Timings, Arc<Hand>) {
    let hand = Arc::new(Hand::default());
    (Timings::new(hand.clone()), hand)
}

/// `name count p50 p95 p99 max total`, whole milliseconds.
fn told(stats: &[OperationStats]) -> Vec<String> {
    stats
        .iter()
        .map(|stats| {
            let OperationStats {
                operation,
                count,
                p50,
                p95,
                p99,
                max,
                total,
            } = stats;
            format!("{operation} {count} {p50:.0} {p95:.0} {p99:.0} {max:.0} {total:.0}")
        })
        .collect()
}

#[test]
fn a_snapshot_holds_the_figures_of_each_operation() {
    let (timings, _) = timings();
    for millis in 1..=100 {
        timings.record("plex_edit", Duration::from_millis(millis));
    }
    timings.record("compare", Duration::from_micros(1_500));
    let stats = timings.snapshot();
    assert_eq!(stats[0].operation, "compare", "sorted by name");
    assert!(
        (stats[0].p99 - 1.5).abs() < 1e-9,
        "never above the longest: {}",
        stats[0].p99
    );
    let edit = &stats[1];
    assert_eq!(edit.count, 100);
    for (figure, expected) in [
        (edit.p50, 50.0),
        (edit.p95, 95.0),
        (edit.p99, 99.0),
        (edit.max, 100.0),
        (edit.total, 5_050.0),
    ] {
        assert!(
            (figure - expected).abs() <= expected / 100.0,
            "{figure} is not about {expected}"
        );
    }
}

#[test]
fn figures_of_a_run_begin_with_it() {
    let (timings, _) = timings();
    timings.record("a", Duration::from_millis(100));
    timings.record("b", Duration::from_millis(100));
    timings.begin_run();
    timings.clone().record("a", Duration::from_millis(2));
    assert_eq!(told(&timings.run_snapshot()), ["a 1 2 2 2 2 2"]);
    assert_eq!(
        told(&timings.snapshot()),
        ["a 2 2 100 100 100 102", "b 1 100 100 100 100 100"]
    );
    timings.begin_run();
    assert!(timings.run_snapshot().is_empty());
}

#[test]
fn extreme_times_are_counted() {
    let (timings, _) = timings();
    timings.record("a", Duration::ZERO);
    timings.record("a", Duration::MAX);
    let stats = &timings.snapshot()[0];
    assert_eq!(stats.count, 2);
    assert!(stats.max > 1e20, "{}", stats.max);
}

#[test]
fn a_timer_counts_once_however_it_ends() {
    let (timings, hand) = timings();
    let timer = OperationTimer::start(&timings, "block");
    hand.forward(5);
    assert_eq!(timer.finish(), Duration::from_millis(5));
    {
        let _timer = OperationTimer::start(&timings, "block");
        hand.forward(7);
    }
    assert_eq!(told(&timings.snapshot()), ["block 2 5 7 7 7 12"]);
}

#[test]
fn spans_are_measured_from_creation_to_close_and_logged_by_their_length() {
    let (timings, hand) = timings();
    let lines = Lines::default();
    let subscriber = Registry::default()
        .with(timings.layer())
        .with(lines.clone());
    tracing::subscriber::with_default(subscriber, || {
        let work = async {
            hand.forward(400);
            let mut polled = false;
            std::future::poll_fn(move |context| {
                if std::mem::replace(&mut polled, true) {
                    return std::task::Poll::Ready(());
                }
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
            hand.forward(600);
        };
        let span = tracing::info_span!(target: TARGET, "library_read");
        futures::executor::block_on(work.instrument(span));

        let outer = tracing::debug_span!(target: TARGET, "compare");
        hand.forward(3);
        outer.in_scope(|| {
            let _other = tracing::info_span!("not timed").entered();
            hand.forward(4);
        });
        drop(outer);
    });
    assert_eq!(
        told(&timings.snapshot()),
        [
            "compare 1 7 7 7 7 7",
            "library_read 1 1000 1000 1000 1000 1000"
        ]
    );
    assert_eq!(
        *lines.0.lock().unwrap(),
        [
            r#"INFO syncslate::timing operation="library_read" millis=1000.0"#,
            r#"DEBUG syncslate::timing operation="compare" millis=7.0"#,
        ]
    );
}

#[test]
fn threads_fill_the_same_histograms() {
    let (timings, _) = timings();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    timings.record("a", Duration::from_millis(1));
                }
            });
        }
    });
    assert_eq!(told(&timings.snapshot()), ["a 4000 1 1 1 1 4000"]);
}
