//! The engine's face: open it, give it commands, watch it. The same for a window and a command line.
//!
//! Not here: what a command does (`actor`, `sync`, `undo`).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use syncslate_plex::transport::Transport;
use tokio::sync::{mpsc, oneshot, watch};

use super::actor;
use super::core::state_error;
use super::requests::{Request, Trial};
use crate::blocking::Blocking;
use crate::clock::Clock;
use crate::face::{
    Answer, Command, CommandError, Question, Reply, Report, RunSummary, Settings, Snapshot,
};
use crate::report::{Events, Observer, Reporter};
use crate::store::{CommitHook, StoreError};
use crate::timing::Timings;

/// Source items to be compared that are held in memory unless told otherwise.
pub const HELD_CANDIDATES: usize = 2_000;
/// Worker threads of a runtime that is the engine's own. One person's Plex has one writer, and what blocks runs elsewhere,
/// so more are no quicker; glibc keeps freed memory per thread, so that 16 of them held half as much memory again.
pub const WORKERS: usize = 2;

/// Everything that the engine gets from outside.
pub struct Deps {
    /// Where cache and state are kept: a local folder, never a network share.
    pub data_dir: PathBuf,
    /// The settings to begin with.
    pub settings: Settings,
    /// The Plex token, where there is one already.
    pub token: Option<SecretString>,
    /// How requests reach Plex.
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Seed of all random numbers (jitter); production takes one from the operating system.
    pub seed: u64,
    /// Where blocking work runs.
    pub blocking: Blocking,
    /// Where operations are measured.
    pub timings: Timings,
    /// Is told of every planned item and of every commit; see [`Observer`].
    pub observer: Arc<dyn Observer>,
    /// How long a run waits for Plex to come back before it stops (and goes on with the next sync). `None`: for ever.
    pub patience: Option<Duration>,
    /// Stable identifier of this installation, under which Plex lists it as a device.
    pub client_identifier: String,
    /// Open even without a writable data folder: then dry runs work, and nothing can be written to Plex.
    pub read_only: bool,
    /// Whether commits wait for the disk. Off only in simulations, whose crashes are not power cuts.
    pub durable: bool,
    /// Source items to be compared that are held in memory; where there are more, the folder is walked a second time.
    /// [`HELD_CANDIDATES`] but in tests.
    pub held_candidates: usize,
    /// Decides the fate of each commit, in tests.
    pub commit_hook: Option<CommitHook>,
}

/// The engine. Lives as long as a [`Handle`] to it.
pub struct Engine;

impl Engine {
    /// Opens the data folder, takes its lock and starts to listen. Nothing is asked of Plex yet.
    ///
    /// Must be called within a tokio runtime.
    pub async fn open(deps: Deps) -> Result<Handle, StoreError> {
        actor::start(deps).await
    }
}

/// A hold on a running engine. Cheap to clone; when the last one is dropped, the engine ends after the jobs under way.
#[derive(Debug, Clone)]
pub struct Handle {
    pub(super) requests: mpsc::Sender<Request>,
    pub(super) reporter: Reporter,
    pub(super) ended: watch::Receiver<Option<RunSummary>>,
}

impl Handle {
    /// Gives a command and waits until it is accepted or refused; a run itself goes on in the background.
    pub async fn command(&self, command: Command) -> Result<Reply, CommandError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Command { command, answer };
        if self.requests.send(request).await.is_err() {
            return Err(gone());
        }
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Gives a command that starts a run, and waits for the run's end.
    pub async fn run(&self, command: Command) -> Result<RunSummary, CommandError> {
        let mut ended = self.ended.clone();
        ended.mark_unchanged();
        self.command(command).await?;
        if ended.changed().await.is_err() {
            return Err(gone());
        }
        let summary = ended.borrow_and_update().clone();
        summary.ok_or_else(gone)
    }

    /// Asks about paths and matches, and waits for the answer. Refused while a run is under way; a run that is
    /// asked for meanwhile waits for the answer, and `cancel` ends both early.
    pub async fn ask(&self, question: Question) -> Result<Answer, CommandError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Ask { question, answer };
        if self.requests.send(request).await.is_err() {
            return Err(gone());
        }
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Tries a connection with values that need not be kept: `None` stands for what is in force. Answers
    /// [`Reply::Connected`].
    pub async fn test_connection(
        &self,
        address: Option<String>,
        token: Option<SecretString>,
    ) -> Result<Reply, CommandError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Test(Trial {
            address,
            token,
            answer,
        });
        if self.requests.send(request).await.is_err() {
            return Err(gone());
        }
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Replaces the Plex token; takes effect with the next request that starts.
    pub async fn set_token(&self, token: Option<SecretString>) {
        // An engine that is gone needs no token.
        let _ = self.requests.send(Request::Token(token)).await;
    }

    /// Everything there is to tell: the state, failed jobs, open conflicts.
    pub async fn report(&self) -> Result<Report, CommandError> {
        let (answer, answered) = oneshot::channel();
        if self.requests.send(Request::Report(answer)).await.is_err() {
            return Err(gone());
        }
        match answered.await {
            Ok(report) => report.map_err(|error| state_error(&error)),
            Err(_) => Err(gone()),
        }
    }

    /// The state, and the number of the last event that it holds.
    pub fn snapshot(&self) -> (Snapshot, u64) {
        self.reporter.snapshot()
    }

    /// Events that come after event `after`, which is the number that [`Handle::snapshot`] gave.
    pub fn events(&self, after: u64) -> Events {
        self.reporter.events(after)
    }

    /// Ends the engine: a run under way finishes its started jobs, everything is committed, the data folder is free.
    pub async fn close(self) {
        let (answer, answered) = oneshot::channel();
        if self.requests.send(Request::Close(answer)).await.is_ok() {
            // An error means that the engine had ended before.
            let _ = answered.await;
        }
    }
}

fn gone() -> CommandError {
    CommandError {
        code: "stopped".to_owned(),
        message: "Syncslate's engine has stopped. Nothing is lost. Start Syncslate again."
            .to_owned(),
    }
}
