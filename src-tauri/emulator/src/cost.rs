//! What requests cost: one writer, and reads that suffer while it works.
//!
//! Writes take turns in the order in which they came. A turn is a slot on tokio's clock, so late wake-ups of the timer
//! do not add up and paused time works. Not here: which requests are writes (`routes`).

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::Profile;

/// The prices of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Every write.
    pub write: Duration,
    /// Every tag that a write names, per item.
    pub tag: Duration,
    /// Every byte of an uploaded picture.
    pub image_byte: Duration,
    /// Every item that enters or leaves a collection.
    pub member: Duration,
    /// Every member of a collection in which one is moved, since all may get another place.
    pub place: Duration,
    /// Every read.
    pub read: Duration,
    /// Every row of a read.
    pub row: Duration,
    /// What each write that waits beyond the running one adds to a read, as a share of its cost.
    pub read_penalty: f64,
}

impl Costs {
    /// A Plex Media Server: 8 ms per write, 0.05 ms per tag, 10 ns per byte, 0.5 ms per member of a collection that
    /// comes or goes, 0.02 ms per member where one is moved; 3 ms per read, 0.02 ms per row, 35 % more
    /// for each waiting write.
    pub fn pms() -> Self {
        Self {
            write: Duration::from_millis(8),
            tag: Duration::from_micros(50),
            image_byte: Duration::from_nanos(10),
            member: Duration::from_micros(500),
            place: Duration::from_micros(20),
            read: Duration::from_millis(3),
            row: Duration::from_micros(20),
            read_penalty: 0.35,
        }
    }

    pub(crate) fn of(profile: Profile) -> Option<Self> {
        match profile {
            Profile::Instant => None,
            Profile::Pms => Some(Self::pms()),
        }
    }

    pub(crate) fn write_of(&self, work: Work) -> Duration {
        self.write
            + self.tag * count(work.tags)
            + self.image_byte * count(work.bytes)
            + self.member * count(work.members)
            + self.place * count(work.places)
    }

    pub(crate) fn read_of(&self, rows: usize, writes_under_way: usize) -> Duration {
        let waiting = f64::from(count(writes_under_way.saturating_sub(1)));
        (self.read + self.row * count(rows)).mul_f64(1.0 + self.read_penalty * waiting)
    }
}

/// What a write has to do beyond being one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Work {
    pub tags: usize,
    pub bytes: usize,
    pub members: usize,
    pub places: usize,
}

/// The one writer's turns.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    turns: VecDeque<Instant>,
}

impl Writer {
    /// Takes the next turn: when it begins and ends.
    pub fn take_turn(&mut self, now: Instant, cost: Duration) -> (Instant, Instant) {
        let begins = self.turns.back().map_or(now, |free| (*free).max(now));
        let ends = begins + cost;
        self.turns.push_back(ends);
        (begins, ends)
    }

    /// Writes that run or wait.
    pub fn under_way(&mut self, now: Instant) -> usize {
        while self.turns.front().is_some_and(|ends| *ends <= now) {
            self.turns.pop_front();
        }
        self.turns.len()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
