//! What the engine is asked for, in its order.
//!
//! Not here: what becomes of it (`actor`).

use std::collections::VecDeque;

use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};

use super::core::refused;
use crate::face::{Answer, Command, CommandError, Question, Reply, Report};
use crate::store::StoreError;

/// What a handle asks for.
pub(super) enum Request {
    Command {
        command: Command,
        answer: oneshot::Sender<Result<Reply, CommandError>>,
    },
    Ask {
        question: Question,
        answer: oneshot::Sender<Result<Answer, CommandError>>,
    },
    Token(Option<SecretString>),
    Test(Trial),
    Report(oneshot::Sender<Result<Report, StoreError>>),
    Close(oneshot::Sender<()>),
}

/// A connection to try out without keeping anything.
pub(super) struct Trial {
    /// In place of the settings' address.
    pub(super) address: Option<String>,
    /// In place of the token in force.
    pub(super) token: Option<SecretString>,
    pub(super) answer: oneshot::Sender<Result<Reply, CommandError>>,
}

impl Request {
    /// Whether it needs Plex or begins a run, for which a question has to be answered first.
    pub(super) fn waits_for_answer(&self) -> bool {
        match self {
            Self::Command { command, .. } => matches!(
                command,
                Command::Sync { .. }
                    | Command::Undo { .. }
                    | Command::Unlock { .. }
                    | Command::TestConnection
            ),
            Self::Ask { .. } | Self::Test(_) => true,
            Self::Token(_) | Self::Report(_) | Self::Close(_) => false,
        }
    }

    /// Tells whoever waits that nothing comes of it.
    pub(super) fn cancel(self) {
        let refusal = refused("cancelled", "Cancelled. Nothing was changed.");
        // Whoever asked may have gone.
        match self {
            Self::Command { answer, .. } | Self::Test(Trial { answer, .. }) => {
                let _ = answer.send(Err(refusal));
            }
            Self::Ask { answer, .. } => {
                let _ = answer.send(Err(refusal));
            }
            Self::Token(_) | Self::Report(_) | Self::Close(_) => {}
        }
    }
}

/// What is asked for, in its order: what waited for the end of a question comes before what came later.
pub(super) struct Inbox {
    received: mpsc::Receiver<Request>,
    first: VecDeque<Request>,
}

impl Inbox {
    pub(super) fn new(received: mpsc::Receiver<Request>) -> Self {
        Self {
            received,
            first: VecDeque::new(),
        }
    }

    /// Has these taken before all others.
    pub(super) fn put_first(&mut self, mut requests: VecDeque<Request>) {
        requests.append(&mut self.first);
        self.first = requests;
    }

    /// The next request, `None` once there is nobody left to ask. Nothing is lost where the wait is given up.
    pub(super) async fn next(&mut self) -> Option<Request> {
        match self.first.pop_front() {
            Some(request) => Some(request),
            None => self.received.recv().await,
        }
    }
}
