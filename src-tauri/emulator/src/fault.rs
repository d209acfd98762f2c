//! Faults on order: by a seeded schedule, or one at a time.
//!
//! A dropped connection cannot be said in HTTP. Over a socket the connection is really cut. A caller of the router finds
//! the extension [`Dropped`] in the response and must treat it as *no answer came* (status and body are placeholders).
//! A truncated body is a body stream that ends in an error, on both ways.
//!
//! Not here: what costs time for other reasons (`cost`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

use crate::RouteKind;

/// Extension of a response that never came: whoever calls the router without a socket turns it into an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// Nothing listened (Plex is away): the request was certainly not acted on.
    Refused,
    /// The connection broke off after the request was sent: it may or may not have been acted on.
    Cut,
}

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Connection refused, as while Plex is away.
    Refuse,
    /// The connection breaks before Plex acts.
    DropBefore,
    /// Plex acts, and its answer is lost.
    DropAfter,
    /// Plex does not act and answers with this status.
    Status(u16),
    /// Plex does not act and answers 429 with `Retry-After` in seconds.
    TooMany(u32),
    /// The answer comes this much later.
    Slow(Duration),
    /// Plex acts; the answer's body breaks off in the middle.
    Truncate,
}

/// Faults at random, the same for the same seed and the same order of requests.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Decides which requests are hit and by what.
    pub seed: u64,
    /// How many of a thousand requests are hit.
    pub per_mille: u32,
    /// What may happen; one is drawn for each hit.
    pub faults: Vec<Fault>,
    /// After this many hits there are no more, so that a retrying client gets through.
    pub at_most: u64,
}

/// A fault that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injected {
    /// The request's number since the start, from 1.
    pub request: u64,
    /// Its kind.
    pub kind: RouteKind,
    /// What went wrong.
    pub fault: Fault,
}

/// The handle by which a test orders faults. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Orders>>);

#[derive(Debug, Default)]
struct Orders {
    requests: u64,
    one_shots: Vec<OneShot>,
    schedule: Option<(Schedule, ChaCha8Rng)>,
    away: bool,
    away_until: Option<Instant>,
    away_requests: u64,
    refused_fields: BTreeSet<String>,
    refreshing: BTreeSet<u32>,
    log: Vec<Injected>,
}

#[derive(Debug)]
struct OneShot {
    kind: Option<RouteKind>,
    left: u64,
    fault: Fault,
}

impl Faults {
    /// Hits the `nth` request (from 1) of `kind` from now on, or of any kind where `kind` is `None`. Several may be ordered.
    pub fn once(&self, kind: impl Into<Option<RouteKind>>, nth: u64, fault: Fault) {
        self.orders().one_shots.push(OneShot {
            kind: kind.into(),
            left: nth.max(1),
            fault,
        });
    }

    /// Begins a seeded schedule, in place of one that runs.
    pub fn schedule(&self, schedule: Schedule) {
        let random = ChaCha8Rng::seed_from_u64(schedule.seed);
        self.orders().schedule = Some((schedule, random));
    }

    /// Refuses every connection until called with `false`.
    pub fn set_away(&self, away: bool) {
        self.orders().away = away;
    }

    /// Refuses every connection for a while (on tokio's clock, so paused time counts).
    pub fn away_for(&self, duration: Duration) {
        self.orders().away_until = Some(Instant::now() + duration);
    }

    /// Refuses the next `count` requests.
    pub fn away_for_requests(&self, count: u64) {
        self.orders().away_requests = count;
    }

    /// Answers 200 to edits of this field (Plex's name: `title`, `genre`, `thumb` …) and leaves value and lock as they are.
    pub fn refuse_field(&self, field: &str) {
        self.orders().refused_fields.insert(field.to_owned());
    }

    /// Takes edits of this field again.
    pub fn accept_field(&self, field: &str) {
        self.orders().refused_fields.remove(field);
    }

    /// Says that a section is being scanned.
    pub fn set_refreshing(&self, section: u32, refreshing: bool) {
        let mut orders = self.orders();
        if refreshing {
            orders.refreshing.insert(section);
        } else {
            orders.refreshing.remove(&section);
        }
    }

    /// Takes back everything that was ordered; the log stays.
    pub fn clear(&self) {
        let mut orders = self.orders();
        *orders = Orders {
            requests: orders.requests,
            log: std::mem::take(&mut orders.log),
            ..Orders::default()
        };
    }

    /// What went wrong so far, in order.
    pub fn log(&self) -> Vec<Injected> {
        self.orders().log.clone()
    }

    /// How many of each fault happened.
    pub fn counts(&self) -> BTreeMap<Fault, u64> {
        let mut counts = BTreeMap::new();
        for injected in &self.orders().log {
            *counts.entry(injected.fault.clone()).or_insert(0) += 1;
        }
        counts
    }

    /// Counts the request and says what goes wrong with it.
    pub(crate) fn next(&self, kind: RouteKind) -> Option<Fault> {
        let mut orders = self.orders();
        orders.requests += 1;
        let fault = orders
            .away()
            .or_else(|| orders.one_shot(kind))
            .or_else(|| orders.draw())?;
        let request = orders.requests;
        orders.log.push(Injected {
            request,
            kind,
            fault: fault.clone(),
        });
        Some(fault)
    }

    pub(crate) fn is_away(&self) -> bool {
        let orders = self.orders();
        orders.away
            || orders
                .away_until
                .is_some_and(|until| Instant::now() < until)
    }

    pub(crate) fn refused_fields(&self) -> BTreeSet<String> {
        self.orders().refused_fields.clone()
    }

    pub(crate) fn is_refreshing(&self, section: u32) -> bool {
        self.orders().refreshing.contains(&section)
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orders {
    fn away(&mut self) -> Option<Fault> {
        if self.away_requests > 0 {
            self.away_requests -= 1;
            return Some(Fault::Refuse);
        }
        (self.away || self.away_until.is_some_and(|until| Instant::now() < until))
            .then_some(Fault::Refuse)
    }

    fn one_shot(&mut self, kind: RouteKind) -> Option<Fault> {
        let mut due = None;
        for (position, shot) in self.one_shots.iter_mut().enumerate() {
            if shot.kind.is_none_or(|wanted| wanted == kind) && shot.left > 0 {
                shot.left -= 1;
                if shot.left == 0 && due.is_none() {
                    due = Some(position);
                }
            }
        }
        // Where two fall on one request, the later ordered one waits for the next.
        for (position, shot) in self.one_shots.iter_mut().enumerate() {
            if shot.left == 0 && due != Some(position) {
                shot.left = 1;
            }
        }
        due.map(|position| self.one_shots.remove(position).fault)
    }

    fn draw(&mut self) -> Option<Fault> {
        let (schedule, random) = self.schedule.as_mut()?;
        if schedule.at_most == 0 || schedule.faults.is_empty() {
            return None;
        }
        // Both numbers are drawn every time, so that one request's luck does not shift the next one's.
        let hit = random.random_range(0..1000) < schedule.per_mille;
        let which = random.next_u32() as usize % schedule.faults.len();
        if !hit {
            return None;
        }
        schedule.at_most -= 1;
        Some(schedule.faults[which].clone())
    }
}
