//! Why a run ends before its time.

use syncslate_plex::PlexError;

use crate::store::StoreError;

/// An end that concerns the whole run, never one item. What was planned and not written stays in the queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// A person cancelled.
    #[error("Cancelled. What was written stays written and can be undone.")]
    Cancelled,
    /// The program ends.
    #[error("Syncslate was closed. The next sync goes on where this one was.")]
    Left,
    /// Plex stayed away for longer than this run waits.
    #[error("{0} What was not written yet is kept, and the next sync goes on with it.")]
    Away(PlexError),
    /// Plex answers, and the whole run cannot go on.
    #[error("{0} What was not written yet is kept, and the next sync goes on with it.")]
    Plex(PlexError),
    /// The state cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The source cannot be read.
    #[error("{0}")]
    Source(String),
    /// Nobody watches, and the plan would take away much.
    #[error(
        "This sync would take {removed} values out of “{section}”, which holds {known} that Syncslate knows of. Nothing was changed. If that is meant, sync once by hand; else look whether the source is whole."
    )]
    Asks {
        section: String,
        removed: u64,
        known: u64,
    },
}

impl Stop {
    /// The code by which a window or a command line tells the cases apart.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Left => "left",
            Self::Away(_) => "unreachable",
            Self::Plex(error) => plex_code(error),
            Self::Store(_) => "state",
            Self::Source(_) => "source",
            Self::Asks { .. } => "asks",
        }
    }
}

/// The code of an error of Plex.
pub(crate) fn plex_code(error: &PlexError) -> &'static str {
    match error {
        PlexError::Unauthorized => "sign_in",
        PlexError::Unreachable(_)
        | PlexError::TimedOut
        | PlexError::Interrupted(_)
        | PlexError::Busy { .. }
        | PlexError::Server { .. }
        | PlexError::Tls(_)
        | PlexError::Redirected { .. }
        | PlexError::Malformed(_) => "unreachable",
        PlexError::NotFound
        | PlexError::TooLarge
        | PlexError::LineTooLong
        | PlexError::Refused { .. }
        | PlexError::Invalid(_) => "plex",
    }
}
