//! The transport of production: reqwest with rustls and the system's certificates.
//!
//! It follows no redirects: the token would go with them. Timeouts are the client's; only connecting has one of its own,
//! so that an address that swallows packets is told from a slow answer.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};

use super::{Body, Transport, TransportError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_CONNECTION: Duration = Duration::from_secs(90);

/// Sends requests over TCP, keeping connections for the next ones.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// Set where the system has no certificates to check a server with.
    no_certificates: bool,
}

impl ReqwestTransport {
    /// A transport. Where the system has no root certificates it still speaks plain HTTP.
    pub fn new() -> Result<Self, TransportError> {
        // Fails only where another part of the program has already chosen one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match builder().build() {
            Ok(client) => Ok(Self {
                client,
                no_certificates: false,
            }),
            Err(_) => builder()
                .tls_certs_only(std::iter::empty())
                .build()
                .map(|client| Self {
                    client,
                    no_certificates: true,
                })
                .map_err(|error| TransportError::Invalid(error.without_url().to_string())),
        }
    }

    fn explain(&self, error: reqwest::Error) -> TransportError {
        let error = error.without_url();
        let causes = causes(&error);
        if let Some(text) = tls_reason(&error, &causes) {
            return TransportError::Tls(if self.no_certificates {
                "this computer has no certificates to check servers with. Install the system's CA certificates (on \
                 Debian and Ubuntu the package ca-certificates)."
                    .to_owned()
            } else {
                text
            });
        }
        if error.is_dns() {
            return TransportError::Unreachable("the name of the server is not known".to_owned());
        }
        if error.is_connect() {
            return TransportError::Unreachable(if error.is_timeout() {
                "nothing answers at this address".to_owned()
            } else {
                io_reason(&error).unwrap_or(causes)
            });
        }
        if error.is_timeout() {
            return TransportError::TimedOut;
        }
        if error.is_builder() {
            return TransportError::Invalid(causes);
        }
        TransportError::Interrupted(io_reason(&error).unwrap_or(causes))
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        async move {
            let request = reqwest::Request::try_from(request)
                .map_err(|error| TransportError::Invalid(error.without_url().to_string()))?;
            let response = self
                .client
                .execute(request)
                .await
                .map_err(|error| self.explain(error))?;
            let mut head = http::Response::new(());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            let this = self.clone();
            let body: Body = Box::pin(
                response
                    .bytes_stream()
                    .map(move |piece| piece.map_err(|error| this.explain(error))),
            );
            Ok(head.map(|()| body))
        }
        .boxed()
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_CONNECTION)
        .tcp_nodelay(true)
        .retry(reqwest::retry::never())
}

/// The innermost causes in words; reqwest's own first lines only say that something failed.
fn causes(error: &reqwest::Error) -> String {
    let mut deepest = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        deepest = cause.to_string();
        source = cause.source();
    }
    deepest
}

fn io_reason(error: &reqwest::Error) -> Option<String> {
    use std::io::ErrorKind;
    let kind = find::<std::io::Error>(error)?.kind();
    Some(
        match kind {
            ErrorKind::ConnectionRefused => "nothing listens at this address and port",
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                "there is no way to this address"
            }
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                "the server closed the connection"
            }
            ErrorKind::UnexpectedEof => "the answer ended too early",
            ErrorKind::TimedOut => "nothing answers at this address",
            _ => return None,
        }
        .to_owned(),
    )
}

fn tls_reason(error: &reqwest::Error, causes: &str) -> Option<String> {
    use rustls::{CertificateError, Error};
    let text = match find::<rustls::Error>(error)? {
        Error::InvalidCertificate(reason) => match reason {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired.".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet. Check this computer's clock.".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is made out for another name. Plex's own is made out for names that end in \
                 plex.direct: enter that address, or use http:// on your own network."
                    .to_owned()
            }
            CertificateError::UnknownIssuer => {
                "its certificate was not issued by anyone whom this computer trusts.".to_owned()
            }
            CertificateError::Revoked => "its certificate was revoked.".to_owned(),
            _ => format!("its certificate is not accepted ({causes})."),
        },
        Error::InvalidMessage(_) => {
            "the server does not speak TLS at this port. Enter the address with http:// instead."
                .to_owned()
        }
        _ => format!("{causes}."),
    };
    Some(text)
}

/// The first error of type `T` among the causes. An `io::Error` hides what it wraps, so it is opened.
fn find<'a, T: std::error::Error + 'static>(error: &'a reqwest::Error) -> Option<&'a T> {
    let mut source: Option<&'a (dyn std::error::Error + 'static)> = error.source();
    while let Some(cause) = source {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        source = match cause
            .downcast_ref::<std::io::Error>()
            .and_then(|error| error.get_ref())
        {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => cause.source(),
        };
    }
    None
}

#[cfg(test)]
#[path = "reqwest_tests.rs"]
mod tests;
