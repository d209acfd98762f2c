//! What was asked of the server, and how busy its writer was.
//!
//! Not here: what requests cost (`cost`).

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::RouteKind;

/// Counts since the start or the last [`crate::Emulator::reset_statistics`].
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// Requests by kind, whatever became of them.
    pub requests: BTreeMap<RouteKind, u64>,
    /// Answers by status; a dropped connection counts as 0.
    pub statuses: BTreeMap<u16, u64>,
    /// Writes that took their turn at the writer.
    pub writes: u64,
    /// How long the writer worked, by the profile's prices.
    pub writer_busy: Duration,
    /// When the writer first began and last ended.
    pub writer_span: Option<(Instant, Instant)>,
    /// Edits without `id`: each changed every item that the query let through.
    pub whole_library_edits: u64,
    /// Items whose media files a `DELETE` would have removed.
    pub media_deletions: u64,
    /// The longest request line in bytes.
    pub longest_line: usize,
    /// Requests about each picture: the item's key and the field's name (`thumb`, `art`) → what was asked.
    pub pictures: BTreeMap<(u64, &'static str), PictureRequests>,
    /// Most writes that ran or waited at once.
    pub most_under_way: usize,
    /// How long reads took, by `X-Plex-Client-Identifier`, for those asked for by [`crate::Emulator::watch_client`].
    pub read_latencies: BTreeMap<String, Vec<Duration>>,
}

/// What was asked about one picture of one item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PictureRequests {
    /// Which pictures can be selected.
    pub lists: u64,
    /// Pictures sent, selected, or none selected.
    pub changes: u64,
}

impl Statistics {
    /// Requests of every kind together.
    pub fn total(&self) -> u64 {
        self.requests.values().sum()
    }

    /// Requests of one kind.
    pub fn count(&self, kind: RouteKind) -> u64 {
        self.requests.get(&kind).copied().unwrap_or(0)
    }

    /// Requests that change something.
    pub fn changing(&self) -> u64 {
        self.requests
            .iter()
            .filter(|(kind, _)| kind.is_write())
            .map(|(_, count)| count)
            .sum()
    }

    /// The part of the span from the first write to the end of the last in which the writer worked, 0 to 1; `None`
    /// before the first write and on a profile without costs.
    pub fn busy_share(&self) -> Option<f64> {
        let (first, last) = self.writer_span?;
        let span = last.saturating_duration_since(first);
        (!span.is_zero()).then(|| self.writer_busy.as_secs_f64() / span.as_secs_f64())
    }

    /// The latency that `share` (0 to 1) of the watched client's reads stayed within.
    pub fn read_quantile(&self, client: &str, share: f64) -> Option<Duration> {
        let mut sorted = self.read_latencies.get(client)?.clone();
        sorted.sort_unstable();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let rank = (share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied()
    }
}
