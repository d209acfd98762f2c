//! How bytes reach a server: one trait, so that production speaks TCP and a simulation calls the emulator's router.
//!
//! Not here: what is said over it (`client`), retries and outages (the engine decides those).

#[path = "transport/reqwest.rs"]
mod over_reqwest;

use std::pin::Pin;

use bytes::Bytes;
use futures::Stream;
use futures::future::BoxFuture;

pub use over_reqwest::ReqwestTransport;

/// A response body that arrives in pieces and may break off in the middle.
pub type Body = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// Sends one HTTP request and returns its response as soon as the head has arrived.
///
/// Implementations keep no state that changes an answer, and never retry: the caller alone knows what may be sent twice.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`. An HTTP error status is an `Ok` response; an `Err` means that no whole answer came.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

/// Why no (whole) answer came. All but [`TransportError::Tls`] and [`TransportError::Invalid`] are temporary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing listens there, the name does not resolve, or there is no route.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The server's certificate was refused, or it does not speak TLS.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// The connection or the answer took too long.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the request was sent: the server may or may not have acted on it.
    #[error("the connection broke off: {0}")]
    Interrupted(String),
    /// The request itself cannot be sent.
    #[error("the request cannot be sent: {0}")]
    Invalid(String),
}
