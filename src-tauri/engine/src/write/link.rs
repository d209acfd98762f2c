//! The line to one Plex server: waits while Plex is away, probes for its return, and tries reads again.
//!
//! Plex being away never costs a job a try: callers wait in [`Link::ready`] before they send, and tell what they saw
//! through [`Link::observe`]. Not here: how jobs are tried again (`queue::backoff`).

use std::future::Future;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use syncslate_plex::{Client, PlexError};
use tokio::sync::watch;

use super::control::{Control, cancelled, may_go};
use super::stop::Stop;
use crate::clock::Clock;
use crate::face::{Connection, RunState};
use crate::health::{Breaker, Observation, Outage, Permit, Turn};
use crate::model::ServerNumber;
use crate::report::Reporter;
use crate::store::{OutageRecord, State};

/// Tries of a read that Plex answers with "later" or an error of its own.
const READ_TRIES: u32 = 6;
/// Times that one read may go unanswered although Plex is there.
const UNANSWERED_TRIES: u32 = 30;
/// A person may have worked in Plex during an absence of so long, in milliseconds.
pub(super) const LONG_MS: i64 = 2_000;
/// First and longest wait between them.
const READ_WAIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(20));

/// What a link is made of.
pub(crate) struct LinkParts {
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) reporter: Reporter,
    pub(crate) state: Option<State>,
    pub(crate) server: ServerNumber,
    pub(crate) control: watch::Receiver<Control>,
    pub(crate) patience: Option<Duration>,
    /// How the connection is shown once Plex is back.
    pub(crate) connected: Connection,
}

/// See the module.
pub(crate) struct Link {
    parts: LinkParts,
    inner: Mutex<Inner>,
}

struct Inner {
    breaker: Breaker,
    rng: ChaCha8Rng,
    back_ms: i64,
}

impl Link {
    pub(crate) fn new(parts: LinkParts) -> Self {
        let rng = parts.rng.clone();
        Self {
            parts,
            inner: Mutex::new(Inner {
                breaker: Breaker::new(),
                rng,
                back_ms: i64::MIN,
            }),
        }
    }

    /// When Plex last came back after having been away for long, in epoch milliseconds.
    pub(super) fn back_ms(&self) -> i64 {
        self.lock().back_ms
    }

    pub(crate) fn client(&self) -> &Client {
        &self.parts.client
    }

    /// A random number from 0 to 1.
    pub(crate) fn random(&self) -> f64 {
        self.lock().rng.random()
    }

    /// Runs `work` with the generator that all jitter comes from.
    pub(crate) fn with_rng<T>(&self, work: impl FnOnce(&mut ChaCha8Rng) -> T) -> T {
        work(&mut self.lock().rng)
    }

    /// Returns once requests may be sent; probes while Plex is away. Ends with [`Stop`] when a person cancels or when
    /// Plex stays away for longer than this run waits.
    pub(crate) async fn ready(&self) -> Result<(), Stop> {
        loop {
            let now = self.parts.clock.now_ms();
            let (permit, outage) = {
                let mut inner = self.lock();
                (inner.breaker.may_send(now), inner.breaker.outage().cloned())
            };
            if let (Some(patience), Some(outage)) = (self.parts.patience, &outage)
                && now - outage.from_ms > i64::try_from(patience.as_millis()).unwrap_or(i64::MAX)
            {
                return Err(Stop::Away(PlexError::Unreachable(outage.reason.clone())));
            }
            match permit {
                Permit::Go => return Ok(()),
                Permit::Probe => {
                    let result = self.parts.client.identity().await;
                    self.observe(&result).await;
                }
                Permit::Wait { until_ms } => {
                    let wait = Duration::from_millis(u64::try_from(until_ms - now).unwrap_or(0));
                    let sleep = self.parts.clock.sleep(wait.max(Duration::from_millis(1)));
                    tokio::select! {
                        biased;
                        () = cancelled(self.parts.control.clone()) => return Err(self.ended()),
                        () = sleep => {}
                    }
                }
            }
        }
    }

    /// Takes in what a request told about Plex being there.
    pub(crate) async fn observe<T>(&self, result: &Result<T, PlexError>) {
        let observation = match result {
            Err(error) if error.is_outage() => Observation::Unanswered {
                reason: error.to_string(),
            },
            Err(error) if error.is_temporary() => Observation::Busy,
            Ok(_) | Err(_) => Observation::Answered,
        };
        let turn = {
            let mut inner = self.lock();
            let jitter = inner.rng.random();
            let now = self.parts.clock.now_ms();
            let turn = inner.breaker.observe(observation, now, jitter);
            if let Some(Turn::Back(outage)) = &turn
                && now - outage.from_ms >= LONG_MS
            {
                inner.back_ms = now;
            }
            turn
        };
        match turn {
            Some(Turn::Away(outage)) => {
                tracing::warn!(reason = outage.reason, "Plex is away; jobs wait");
                self.parts.reporter.connection(Connection::Away {
                    since: outage.from_ms,
                    message: outage.reason.clone(),
                });
                self.show(RunState::Waiting);
                self.keep(outage).await;
            }
            Some(Turn::Back(outage)) => {
                tracing::info!("Plex is back");
                self.parts.reporter.connection(self.parts.connected.clone());
                self.show(RunState::Running);
                self.keep(outage).await;
            }
            None => {}
        }
    }

    /// Asks Plex something that may be asked again without harm: waits out absences, tries errors of the moment again.
    pub(crate) async fn ask<T, F, Answer>(&self, mut question: F) -> Result<T, Stop>
    where
        F: FnMut() -> Answer,
        Answer: Future<Output = Result<T, PlexError>>,
    {
        let mut tries = 0;
        let mut unanswered = 0;
        loop {
            self.ready().await?;
            let result = question().await;
            self.observe(&result).await;
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) if !error.is_temporary() => return Err(Stop::Plex(error)),
                Err(error) => error,
            };
            if error.is_outage() {
                // Plex was there each time, and bears everything but this question.
                unanswered += 1;
                if unanswered == UNANSWERED_TRIES {
                    return Err(Stop::Away(error));
                }
            } else {
                tries += 1;
                if tries == READ_TRIES {
                    return Err(Stop::Plex(error));
                }
            }
            let (first, longest) = READ_WAIT;
            let cap = (first * 2_u32.saturating_pow(tries)).min(longest);
            let wait = cap
                .mul_f64(self.random())
                .max(error.retry_after().unwrap_or_default());
            tokio::select! {
                biased;
                () = cancelled(self.parts.control.clone()) => return Err(self.ended()),
                () = self.parts.clock.sleep(wait) => {}
            }
        }
    }

    /// Waits out a pause, between two requests that belong together; ends with [`Stop`] where the run shall end.
    pub(crate) async fn go_on(&self) -> Result<(), Stop> {
        if may_go(&mut self.parts.control.clone()).await {
            Ok(())
        } else {
            Err(self.ended())
        }
    }

    /// Why the run ends, once it shall.
    fn ended(&self) -> Stop {
        match *self.parts.control.borrow() {
            Control::Leave => Stop::Left,
            Control::Go | Control::Pause | Control::Cancel => Stop::Cancelled,
        }
    }

    fn show(&self, state: RunState) {
        self.parts
            .reporter
            .progress(|summary, _| summary.state = state);
    }

    /// Stores an outage. That the record cannot be kept is no reason to stop writing.
    async fn keep(&self, outage: Outage) {
        let Some(state) = &self.parts.state else {
            return;
        };
        let server = self.parts.server;
        let record = OutageRecord {
            since_ms: outage.from_ms,
            until_ms: outage.to_ms,
            message: outage.reason,
        };
        if let Err(error) = state
            .write(move |writer| writer.put_outage(server, &record))
            .await
        {
            tracing::warn!(%error, "the outage could not be recorded");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
