//! The emulator's router in the place of a network, with a log of every request, things that happen at the nth, and
//! somebody in the middle who changes what goes through.
//!
//! Not here: faults (the emulator's own `Faults`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body as AxumBody;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sha1::{Digest as _, Sha1};
use syncslate_emulator::{Dropped, Emulator};
use syncslate_engine::clock::Clock as _;
use syncslate_plex::transport::{Body, Transport, TransportError};
use tower::ServiceExt as _;

use crate::SimClock;

/// What is done when a request arrives, before the server sees it.
type Intervention = Box<dyn FnOnce(&Emulator) + Send>;

/// Somebody in the middle: told of each request's method and address, says what becomes of it.
type Middleman = Box<dyn FnMut(&str) -> Through + Send>;

/// What becomes of a request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// It goes as it is.
    AsItIs,
    /// The connection breaks; the server never sees it.
    Cut,
    /// The server is asked for this path and query instead.
    Instead(String),
    /// The server does as asked, and this status comes back.
    Answered(u16),
    /// In the answer's text the first becomes the second.
    Replaced(String, String),
}

/// A request as it was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Epoch milliseconds at which it was sent.
    pub at_ms: i64,
    /// Method and whole address.
    pub line: String,
    /// SHA-1 of its body.
    pub body: [u8; 20],
    /// The answer's status; 0 where none came.
    pub status: u16,
}

/// How far away the server is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Way {
    /// What every request takes besides the server's own time.
    pub round_trip: Duration,
    /// Every so manieth answer comes so much later.
    pub late: Option<(usize, Duration)>,
}

impl Way {
    /// A steady one.
    pub fn of(round_trip: Duration) -> Self {
        Self {
            round_trip,
            late: None,
        }
    }

    /// How long the `nth` answer is under way.
    fn back(self, nth: usize) -> Duration {
        let late = self.late.filter(|(every, _)| nth.is_multiple_of(*every));
        self.round_trip / 2 + late.map_or(Duration::ZERO, |(_, late)| late)
    }
}

/// See the module.
pub struct InProcess {
    emulator: Emulator,
    clock: Arc<SimClock>,
    inner: Mutex<Inner>,
    dead: AtomicBool,
}

#[derive(Default)]
struct Inner {
    log: Vec<Logged>,
    interventions: BTreeMap<usize, Vec<Intervention>>,
    middleman: Option<Middleman>,
    way: Way,
}

impl InProcess {
    pub(crate) fn new(emulator: Emulator, clock: Arc<SimClock>) -> Self {
        Self {
            emulator,
            clock,
            inner: Mutex::default(),
            dead: AtomicBool::new(false),
        }
    }

    /// Does something when the `nth` request from now on (from 1) arrives.
    pub fn at(&self, nth: usize, what: impl FnOnce(&Emulator) + Send + 'static) {
        let mut inner = self.inner();
        let number = inner.log.len() + nth;
        let list = inner.interventions.entry(number).or_default();
        list.push(Box::new(what));
    }

    /// Moves the server away.
    pub fn set_way(&self, way: Way) {
        self.inner().way = way;
    }

    /// Lets somebody change what goes through from now on, in place of whoever did before.
    pub fn through(&self, middleman: impl FnMut(&str) -> Through + Send + 'static) {
        self.inner().middleman = Some(Box::new(middleman));
    }

    /// Forgets what was ordered by [`InProcess::at`] and has not happened yet, and whoever is in the middle.
    pub fn calm(&self) {
        let mut inner = self.inner();
        inner.interventions.clear();
        inner.middleman = None;
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Logged> {
        self.inner().log.clone()
    }

    /// Requests since `from` (an earlier length of the log) that change something.
    pub fn writes_since(&self, from: usize) -> Vec<String> {
        let inner = self.inner();
        let since = inner.log.iter().skip(from);
        since
            .map(|logged| logged.line.clone())
            // Marks as watched are sent as a GET.
            .filter(|line| !line.starts_with("GET ") || line.contains("/:/"))
            .collect()
    }

    /// A dead process sends nothing and hears nothing.
    pub(crate) fn set_dead(&self, dead: bool) {
        self.dead.store(dead, Ordering::SeqCst);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for InProcess {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        async move {
            if self.dead.load(Ordering::SeqCst) {
                return futures::future::pending().await;
            }
            let (number, way, interventions, through) = {
                let mut inner = self.inner();
                let line = format!("{} {}", request.method(), request.uri());
                let through = inner
                    .middleman
                    .as_mut()
                    .map_or(Through::AsItIs, |middleman| middleman(&line));
                inner.log.push(Logged {
                    at_ms: self.clock.now_ms(),
                    line,
                    body: Sha1::digest(request.body()).into(),
                    status: 0,
                });
                let number = inner.log.len();
                (
                    number,
                    inner.way,
                    inner.interventions.remove(&number).unwrap_or_default(),
                    through,
                )
            };
            let mut request = request;
            let (mut replaced, mut status) = (None, None);
            match through {
                Through::AsItIs => {}
                Through::Cut => return Err(TransportError::Interrupted("cut".to_owned())),
                Through::Instead(address) => {
                    *request.uri_mut() = address.parse().expect("an address");
                }
                Through::Answered(other) => status = http::StatusCode::from_u16(other).ok(),
                Through::Replaced(from, to) => replaced = Some((from, to)),
            }
            travel(way.round_trip / 2).await;
            for intervention in interventions {
                intervention(&self.emulator);
            }
            let mut response = match self
                .emulator
                .router()
                .oneshot(request.map(AxumBody::from))
                .await
            {
                Ok(response) => response,
                Err(never) => match never {},
            };
            travel(way.back(number)).await;
            if self.dead.load(Ordering::SeqCst) {
                return futures::future::pending().await;
            }
            match response.extensions().get::<Dropped>() {
                Some(Dropped::Refused) => {
                    return Err(TransportError::Unreachable("refused".to_owned()));
                }
                Some(Dropped::Cut) => return Err(TransportError::Interrupted("cut".to_owned())),
                None => {}
            }
            if let Some(status) = status {
                *response.status_mut() = status;
            }
            self.inner().log[number - 1].status = response.status().as_u16();
            if let Some((from, to)) = replaced {
                let (parts, body) = response.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX)
                    .await
                    .expect("a body");
                let text = String::from_utf8_lossy(&body).replace(&from, &to);
                let body: Body =
                    Box::pin(futures::stream::once(async move { Ok(Bytes::from(text)) }));
                return Ok(http::Response::from_parts(parts, body));
            }
            Ok(response.map(|body| -> Body {
                Box::pin(body.into_data_stream().map(|piece| {
                    piece.map_err(|error| TransportError::Interrupted(error.to_string()))
                }))
            }))
        }
        .boxed()
    }
}

async fn travel(duration: Duration) {
    // A sleep of no time would still let others go first.
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}
