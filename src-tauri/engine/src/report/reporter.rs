//! The engine's public state, and the events that keep a window's copy of it current.
//!
//! | call | what a subscriber gets |
//! |---|---|
//! | `progress` | the newest figures, at the next `tick`, at most 4 times a second |
//! | `changed` | the items since the last `tick`, newest first |
//! | `statistics` | at once; the caller sends them once a second |
//! | `connection`, `replace` | at once |
//! | too slow to follow | a whole snapshot in place of what it missed |
//!
//! Not here: what the figures mean (`run`), how they are drawn.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::face::{
    CacheStats, ChangedItem, Connection, Event, Numbered, OperationStats, PhaseProgress,
    RunSummary, Snapshot,
};

/// Events kept for a subscriber that is slow.
const BACKLOG: usize = 256;
/// Items that the feed keeps.
const FEED: usize = 50;
/// Figures that the speed chart keeps.
const SPEED: usize = 120;

/// Owns the [`Snapshot`] and numbers the events. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    events: broadcast::Sender<Numbered>,
}

#[derive(Debug)]
struct State {
    snapshot: Snapshot,
    n: u64,
    progress_pending: bool,
    changed_pending: Vec<ChangedItem>,
}

/// A place in the stream of events. A subscriber that falls behind gets a snapshot, never a gap.
#[derive(Debug)]
pub struct Events {
    shared: Arc<Shared>,
    receiver: broadcast::Receiver<Numbered>,
    seen: u64,
    behind: bool,
}

impl Reporter {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        let (events, _) = broadcast::channel(BACKLOG);
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(State {
                    snapshot,
                    n: 0,
                    progress_pending: false,
                    changed_pending: Vec::new(),
                }),
                events,
            }),
        }
    }

    /// The state, and the number of the last event that it holds.
    pub(crate) fn snapshot(&self) -> (Snapshot, u64) {
        let state = self.shared.lock();
        (state.snapshot.clone(), state.n)
    }

    /// Reads something out of the state without cloning all of it.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Snapshot) -> T) -> T {
        look(&self.shared.lock().snapshot)
    }

    /// Events that come after event `after`.
    pub(crate) fn events(&self, after: u64) -> Events {
        let state = self.shared.lock();
        Events {
            shared: Arc::clone(&self.shared),
            receiver: self.shared.events.subscribe(),
            seen: state.n,
            behind: after != state.n,
        }
    }

    /// Changes the state as a whole and tells everybody.
    pub(crate) fn replace(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut state = self.shared.lock();
        change(&mut state.snapshot);
        let snapshot = Box::new(state.snapshot.clone());
        // What was pending is part of the snapshot.
        state.progress_pending = false;
        state.changed_pending.clear();
        self.shared.send(&mut state, Event::Snapshot { snapshot });
    }

    pub(crate) fn connection(&self, connection: Connection) {
        let mut state = self.shared.lock();
        if state.snapshot.connection != connection {
            state.snapshot.connection = connection.clone();
            self.shared
                .send(&mut state, Event::Connection { connection });
        }
    }

    /// Changes the present run's figures; they go out with the next [`Reporter::tick`].
    pub(crate) fn progress(&self, change: impl FnOnce(&mut RunSummary, &mut Vec<PhaseProgress>)) {
        let mut state = self.shared.lock();
        if let Some(run) = &mut state.snapshot.run {
            change(&mut run.summary, &mut run.phases);
            state.progress_pending = true;
        }
    }

    /// Puts an item into the feed; it goes out with the next [`Reporter::tick`].
    pub(crate) fn changed(&self, item: ChangedItem) {
        let mut state = self.shared.lock();
        if let Some(run) = &mut state.snapshot.run {
            run.feed.insert(0, item.clone());
            run.feed.truncate(FEED);
            state.changed_pending.insert(0, item);
            state.changed_pending.truncate(FEED);
        }
    }

    /// Sends what gathered since the last call. To be called at most 4 times a second.
    pub(crate) fn tick(&self) {
        let mut state = self.shared.lock();
        if std::mem::take(&mut state.progress_pending)
            && let Some(run) = &state.snapshot.run
        {
            let summary = Box::new(RunSummary {
                timings: Vec::new(),
                caches: Vec::new(),
                ..run.summary.clone()
            });
            let phases = run.phases.clone();
            self.shared
                .send(&mut state, Event::Progress { summary, phases });
        }
        let items = std::mem::take(&mut state.changed_pending);
        if !items.is_empty() {
            self.shared.send(&mut state, Event::Changed { items });
        }
    }

    pub(crate) fn statistics(
        &self,
        operations: Vec<OperationStats>,
        caches: Vec<CacheStats>,
        items_per_second: f64,
    ) {
        let mut state = self.shared.lock();
        if let Some(run) = &mut state.snapshot.run {
            run.operations.clone_from(&operations);
            run.caches.clone_from(&caches);
            run.speed.push(items_per_second);
            let surplus = run.speed.len().saturating_sub(SPEED);
            run.speed.drain(..surplus);
        }
        self.shared.send(
            &mut state,
            Event::Statistics {
                operations,
                caches,
                items_per_second,
            },
        );
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves figures that are at worst one step old.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, state: &mut State, event: Event) {
        state.n += 1;
        // An error means that nobody listens.
        let _ = self.events.send(Numbered { n: state.n, event });
    }
}

impl Events {
    /// The next event. Waits for ever where none comes.
    pub async fn next(&mut self) -> Numbered {
        loop {
            if std::mem::take(&mut self.behind) {
                let state = self.shared.lock();
                self.seen = state.n;
                return Numbered {
                    n: state.n,
                    event: Event::Snapshot {
                        snapshot: Box::new(state.snapshot.clone()),
                    },
                };
            }
            match self.receiver.recv().await {
                Ok(numbered) if numbered.n <= self.seen => {}
                Ok(numbered) => {
                    self.seen = numbered.n;
                    return numbered;
                }
                Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
