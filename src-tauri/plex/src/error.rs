//! Why a request to Plex did not do what it was sent for, in words for a person.
//!
//! Not here: what to do about it. The engine decides that by [`PlexError::is_temporary`] and [`PlexError::is_outage`].

use std::time::Duration;

use crate::transport::TransportError;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlexError {
    /// Nothing listens there, the name does not resolve, or there is no route. Temporary; Plex is away.
    #[error(
        "Plex cannot be reached ({0}). Check that Plex Media Server is running and that the address in the settings is right."
    )]
    Unreachable(String),
    /// The certificate was refused, or the server does not speak TLS. Permanent.
    #[error("The secure connection to Plex was refused: {0}")]
    Tls(String),
    /// No answer in time. Temporary; Plex is away.
    #[error("Plex did not answer in time. It may be busy, or it is away.")]
    TimedOut,
    /// The connection broke; Plex may or may not have acted on the request. Temporary; Plex is away.
    #[error("The connection to Plex broke off ({0}).")]
    Interrupted(String),
    /// 401: the token is missing, wrong or no longer valid. Permanent.
    #[error("Plex does not accept the token. Sign in again, or enter a new token in the settings.")]
    Unauthorized,
    /// 404: no such item, section or path. Permanent.
    #[error("Plex does not know this item or path (any more).")]
    NotFound,
    /// 413: what was sent is too large. Permanent.
    #[error("Plex, or a proxy before it, refused this because it is too large.")]
    TooLarge,
    /// 414, 431: the address of the request is too long. Permanent; a smaller edit may go.
    #[error(
        "Plex, or a proxy before it, refused this because the text is too long for one request."
    )]
    LineTooLong,
    /// 408, 425, 429, 503: Plex asks to come back later. Temporary.
    #[error("Plex is busy and asks to try again later.")]
    Busy {
        /// How long it asks to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// Any other 5xx. Temporary.
    #[error("Plex reported an error of its own (status {status}).")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// Any other 4xx. Permanent.
    #[error("Plex refused the request (status {status}).")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// 3xx: another address is meant. Never followed, because the token would go with it. Permanent.
    #[error("This address only points to another one ({to}). Enter that address in the settings.")]
    Redirected {
        /// Scheme, host and port of the other address.
        to: String,
    },
    /// The answer is not what Plex answers. Permanent.
    #[error("The answer is not one of a Plex Media Server: {0}")]
    Malformed(String),
    /// The request cannot be sent as it is. Permanent.
    #[error("This cannot be sent to Plex: {0}")]
    Invalid(String),
}

impl PlexError {
    /// Whether the same request may go through later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::TimedOut
            | Self::Interrupted(_)
            | Self::Busy { .. }
            | Self::Server { .. } => true,
            Self::Tls(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::TooLarge
            | Self::LineTooLong
            | Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::Malformed(_)
            | Self::Invalid(_) => false,
        }
    }

    /// Whether Plex itself is away, which never costs a job a try.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::TimedOut | Self::Interrupted(_) => true,
            Self::Tls(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::TooLarge
            | Self::LineTooLong
            | Self::Busy { .. }
            | Self::Server { .. }
            | Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::Malformed(_)
            | Self::Invalid(_) => false,
        }
    }

    /// How long Plex asks to wait, where it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after } => *retry_after,
            Self::Unreachable(_)
            | Self::Tls(_)
            | Self::TimedOut
            | Self::Interrupted(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::TooLarge
            | Self::LineTooLong
            | Self::Server { .. }
            | Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::Malformed(_)
            | Self::Invalid(_) => None,
        }
    }
}

impl From<TransportError> for PlexError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Unreachable(text) => Self::Unreachable(text),
            TransportError::Tls(text) => Self::Tls(text),
            TransportError::TimedOut => Self::TimedOut,
            TransportError::Interrupted(text) => Self::Interrupted(text),
            TransportError::Invalid(text) => Self::Invalid(text),
        }
    }
}
