//! A person who browses Plex in a steady rhythm, as a client of its own: on a thread of its own over HTTP, or in a
//! simulation's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use secrecy::SecretString;
use syncslate_plex::transport::{ReqwestTransport, Transport};
use syncslate_plex::{Client, Device, PlexType};
use tokio::time::Instant;
use url::Url;

/// Time from the beginning of one read to that of the next.
const RHYTHM: Duration = Duration::from_millis(40);
/// Rows of a listing page, as many as a window shows.
const PAGE: u64 = 50;

/// Somebody who has the first section open.
pub struct Person {
    client: Client,
    section: u32,
    total: u64,
    keys: Vec<u64>,
}

impl Person {
    /// Opens the first section.
    pub async fn arrive(transport: Arc<dyn Transport>, url: &str, token: &str) -> Result<Self> {
        let device = Device {
            client_identifier: "a-person-browsing".to_owned(),
            product: "Plex Web".to_owned(),
            version: "4".to_owned(),
            platform: "Web".to_owned(),
        };
        let token = SecretString::from(token.to_owned());
        let client = Client::new(transport, &Url::parse(url)?, &token, &device);
        let sections = client.sections().await?;
        let section = sections.first().context("there is no section")?.id;
        let first = client.list(section, PlexType::Movie, 0, PAGE, None).await?;
        Ok(Self {
            client,
            section,
            total: first.total.unwrap_or(PAGE),
            keys: first.rows.iter().map(|row| row.rating_key).collect(),
        })
    }

    /// Turns pages and looks at films until it is stopped or has read so often. Adds how long each read took.
    pub async fn browse(
        &self,
        at_most: usize,
        stop: &AtomicBool,
        took: &mut Vec<Duration>,
    ) -> Result<()> {
        let mut beat = tokio::time::interval(RHYTHM);
        for turn in 0..at_most {
            beat.tick().await;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let started = Instant::now();
            if turn % 2 == 0 {
                let start = (turn as u64 * PAGE) % self.total;
                self.client
                    .list(self.section, PlexType::Movie, start, PAGE, None)
                    .await?;
            } else {
                let key = self
                    .keys
                    .get(turn % self.keys.len().max(1))
                    .context("no item to look at")?;
                self.client.details(&[*key]).await?;
            }
            took.push(started.elapsed());
        }
        Ok(())
    }
}

/// Reads over HTTP until it is stopped.
#[derive(Debug)]
pub struct Reader {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Duration>>>,
}

impl Reader {
    /// Begins to read the first section; stops by itself after `at_most` reads.
    pub fn start(url: &str, token: &'static str, at_most: usize) -> Result<Self> {
        let url = url.to_owned();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let read = async move || {
            let transport = Arc::new(ReqwestTransport::new()?);
            let person = Person::arrive(transport, &url, token).await?;
            let mut took = Vec::new();
            person.browse(at_most, &stopped, &mut took).await?;
            Ok(took)
        };
        let thread = std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?
                    .block_on(read())
            })
            .context("the reader does not start")?;
        Ok(Self { stop, thread })
    }

    /// Waits until all reads are done; returns how long each took.
    pub fn finish(self) -> Result<Vec<Duration>> {
        self.thread
            .join()
            .map_err(|_| anyhow!("the reader panicked"))?
    }

    /// Stops it; returns how long each read took.
    pub fn stop(self) -> Result<Vec<Duration>> {
        self.stop.store(true, Ordering::Relaxed);
        self.finish()
    }
}

/// The milliseconds that `share` (0 to 1) of the reads stayed within.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand reads"
)]
pub fn quantile(took: &[Duration], share: f64) -> f64 {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
}
