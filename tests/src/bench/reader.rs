//! A person who browses Plex in a steady rhythm, as a client of its own on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use secrecy::SecretString;
use syncslate_plex::transport::ReqwestTransport;
use syncslate_plex::{Client, Device, PlexType};
use url::Url;

/// Time from the beginning of one read to that of the next.
const RHYTHM: Duration = Duration::from_millis(40);
/// Rows of a listing page, as many as a window shows.
const PAGE: u64 = 50;

/// Reads until it is stopped.
#[derive(Debug)]
pub struct Reader {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Duration>>>,
}

impl Reader {
    /// Begins to read the first section; stops by itself after `at_most` reads.
    pub fn start(url: &str, token: &str, at_most: usize) -> Result<Self> {
        let url = Url::parse(url)?;
        let token = SecretString::from(token.to_owned());
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?
                    .block_on(read(&url, &token, &stopped, at_most))
            })
            .context("the reader does not start")?;
        Ok(Self { stop, thread })
    }

    /// Waits until all reads are done; returns how long each took, the shortest first.
    pub fn finish(self) -> Result<Vec<Duration>> {
        self.thread
            .join()
            .map_err(|_| anyhow!("the reader panicked"))?
    }

    /// Stops it; returns how long each read took, the shortest first.
    pub fn stop(self) -> Result<Vec<Duration>> {
        self.stop.store(true, Ordering::Relaxed);
        self.finish()
    }
}

/// The time that `share` (0 to 1) of the reads stayed within.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand reads"
)]
pub fn quantile(sorted: &[Duration], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
}

async fn read(
    url: &Url,
    token: &SecretString,
    stop: &AtomicBool,
    at_most: usize,
) -> Result<Vec<Duration>> {
    let device = Device {
        client_identifier: "a-person-browsing".to_owned(),
        product: "Plex Web".to_owned(),
        version: "4".to_owned(),
        platform: "Web".to_owned(),
    };
    let client = Client::new(Arc::new(ReqwestTransport::new()?), url, token, &device);
    let sections = client.sections().await?;
    let section = sections.first().context("there is no section")?.id;
    let first = client.list(section, PlexType::Movie, 0, PAGE, None).await?;
    let total = first.total.unwrap_or(PAGE);
    let keys: Vec<u64> = first.rows.iter().map(|row| row.rating_key).collect();
    let mut took = Vec::new();
    let mut beat = tokio::time::interval(RHYTHM);
    for turn in 0..at_most {
        beat.tick().await;
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let started = Instant::now();
        if turn % 2 == 0 {
            let start = (turn as u64 * PAGE) % total;
            client
                .list(section, PlexType::Movie, start, PAGE, None)
                .await?;
        } else {
            let key = keys
                .get(turn % keys.len().max(1))
                .context("no item to look at")?;
            client.details(&[*key]).await?;
        }
        took.push(started.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}
