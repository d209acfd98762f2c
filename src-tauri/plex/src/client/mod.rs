//! The client: one method per call, one request per page or batch, no retries.
//!
//! Here: what every request shares (address, headers, token, timeouts, counting, status). The calls are in `read`,
//! `write` and `image`. Not here: retries, pauses and outages; the engine decides those.

mod image;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use http::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use tracing::Instrument;
use url::Url;

use crate::error::PlexError;
use crate::kind::RequestKind;
use crate::transport::{Body, Transport};

/// No answer of Plex is as large; a listing of 500 items is about 1 MB.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// So much of an error's body is read, so that the connection can be used again.
const MAX_ERROR_BODY: usize = 64 * 1024;
/// Longest address that an `http::Uri` can hold: some 7,000 Chinese characters.
const MAX_ADDRESS: usize = u16::MAX as usize - 1;
/// Items in one detail read, until a server proves to bear less.
const DETAILS_BATCH: usize = 200;

/// Talks to one Plex server. Cheap to clone; clones share the counts.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Arc<dyn Transport>,
    /// Scheme, host, port and path, without a slash at the end.
    base: String,
    headers: Result<HeaderMap, PlexError>,
    timeouts: Timeouts,
    counts: Vec<AtomicU64>,
    details_batch: AtomicUsize,
}

/// Who asks, as Plex's owner sees it among the devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Stable and unique to this installation.
    pub client_identifier: String,
    /// The product's name.
    pub product: String,
    /// The product's version.
    pub version: String,
    /// The operating system.
    pub platform: String,
}

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// From sending until the head of the answer has come, connecting included.
    pub head: Duration,
    /// The same where a picture is sent along.
    pub upload: Duration,
    /// Between two pieces of the answer's body.
    pub idle: Duration,
}

impl Default for Timeouts {
    /// 30 s, 120 s, 30 s.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            upload: Duration::from_mins(2),
            idle: Duration::from_secs(30),
        }
    }
}

impl Client {
    /// A client of the server at `address`, which may have a path (a proxy's). Anything after the path is dropped.
    pub fn new(
        transport: Arc<dyn Transport>,
        address: &Url,
        token: &SecretString,
        device: &Device,
    ) -> Self {
        Self::with_timeouts(transport, address, token, device, Timeouts::default())
    }

    /// The same with other timeouts.
    pub fn with_timeouts(
        transport: Arc<dyn Transport>,
        address: &Url,
        token: &SecretString,
        device: &Device,
        timeouts: Timeouts,
    ) -> Self {
        Self(Arc::new(Inner {
            transport,
            base: base(address),
            headers: headers(token, device),
            timeouts,
            counts: RequestKind::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            details_batch: AtomicUsize::new(DETAILS_BATCH),
        }))
    }

    /// How many requests of each kind were sent; kinds that were not are absent.
    pub fn counts(&self) -> BTreeMap<RequestKind, u64> {
        RequestKind::ALL
            .iter()
            .zip(&self.0.counts)
            .map(|(kind, count)| (*kind, count.load(Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// The address without token, for people.
    pub fn address(&self) -> &str {
        &self.0.base
    }

    /// Reads an answer. Plex passes on file names as it finds them: what is not UTF-8 becomes a replacement character
    /// instead of costing the whole answer.
    async fn get(&self, kind: RequestKind, path: &str) -> Result<String, PlexError> {
        let body = self.send(kind, Method::GET, path, Bytes::new()).await?;
        Ok(String::from_utf8(body.into())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Sends one request; `path` begins with a slash and is already encoded.
    async fn send(
        &self,
        kind: RequestKind,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Bytes, PlexError> {
        let head = if body.is_empty() {
            self.0.timeouts.head
        } else {
            self.0.timeouts.upload
        };
        let address = format!("{}{path}", self.0.base);
        if address.len() > MAX_ADDRESS {
            return Err(PlexError::LineTooLong);
        }
        let mut request = http::Request::builder()
            .method(method)
            .uri(address)
            .body(body)
            .map_err(|_| PlexError::Invalid("the address is not one of a server.".to_owned()))?;
        *request.headers_mut() = self.0.headers.clone()?;
        self.0.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
        self.exchange(request, head).instrument(kind.span()).await
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        head: Duration,
    ) -> Result<Bytes, PlexError> {
        let response = timeout(head, self.0.transport.send(request))
            .await
            .map_err(|_| PlexError::TimedOut)??;
        let (parts, body) = response.into_parts();
        if parts.status.is_success() {
            return read_body(body, self.0.timeouts.idle, MAX_BODY).await;
        }
        // The status says all; the body is read only for the connection's sake.
        let _ = read_body(body, self.0.timeouts.idle, MAX_ERROR_BODY).await;
        Err(status_error(parts.status, &parts.headers))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("address", &self.0.base)
            .finish_non_exhaustive()
    }
}

fn base(address: &Url) -> String {
    let mut address = address.clone();
    address.set_query(None);
    address.set_fragment(None);
    // A name or password in the address would end up in logs. `set_*` fail only where there can be none.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address.as_str().trim_end_matches('/').to_owned()
}

fn headers(token: &SecretString, device: &Device) -> Result<HeaderMap, PlexError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("x-plex-client-identifier", &device.client_identifier),
        ("x-plex-product", &device.product),
        ("x-plex-version", &device.version),
        ("x-plex-platform", &device.platform),
    ] {
        let value = HeaderValue::from_str(value).map_err(|_| {
            PlexError::Invalid(format!("{name} holds characters that no header can."))
        })?;
        headers.insert(HeaderName::from_static(name), value);
    }
    let token = token.expose_secret().trim();
    if !token.is_empty() {
        let mut value = HeaderValue::from_str(token).map_err(|_| {
            PlexError::Invalid("the token holds characters that no Plex token has.".to_owned())
        })?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static("x-plex-token"), value);
    }
    Ok(headers)
}

async fn read_body(mut body: Body, idle: Duration, cap: usize) -> Result<Bytes, PlexError> {
    let mut read = BytesMut::new();
    while let Some(piece) = timeout(idle, body.next())
        .await
        .map_err(|_| PlexError::TimedOut)?
    {
        let piece = piece?;
        if read.len() + piece.len() > cap {
            return Err(PlexError::Malformed(format!(
                "it is larger than {} MB.",
                cap / 1024 / 1024
            )));
        }
        read.extend_from_slice(&piece);
    }
    Ok(read.freeze())
}

fn status_error(status: StatusCode, headers: &HeaderMap) -> PlexError {
    match status.as_u16() {
        401 => PlexError::Unauthorized,
        404 => PlexError::NotFound,
        408 | 425 | 429 | 503 => PlexError::Busy {
            retry_after: headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.trim().parse().ok())
                .map(Duration::from_secs),
        },
        413 => PlexError::TooLarge,
        414 | 431 => PlexError::LineTooLong,
        status @ 500..=599 => PlexError::Server { status },
        300..=399 => PlexError::Redirected {
            to: headers
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| Url::parse(value).ok())
                .map_or_else(
                    || "elsewhere on the same server".to_owned(),
                    |url| url.origin().ascii_serialization(),
                ),
        },
        status => PlexError::Refused { status },
    }
}
