//! The engine's process: one sync per question, and what it cost.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use syncslate_engine::blocking::Blocking;
use syncslate_engine::clock::{Clock, SystemClock};
use syncslate_engine::face::{
    Command, OperationStats, PathRule, RunState, SectionSettings, Settings, SourceSettings,
};
use syncslate_engine::report::NoObserver;
use syncslate_engine::timing::{TARGET, Timings};
use syncslate_engine::{Deps, Engine, Handle, WORKERS};
use syncslate_plex::transport::ReqwestTransport;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, filter};

use super::child::{self, Part};
use super::server::{Ready, TOKEN};
use super::usage::{Memory, Sampler, cpu};

/// What an engine is started with.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// Plex's address.
    #[arg(long)]
    pub url: String,
    /// The sections.
    #[arg(long = "section")]
    pub sections: Vec<String>,
    /// Where Plex sees the source's folder.
    #[arg(long)]
    pub root: String,
    /// The source's folder.
    #[arg(long)]
    pub folder: PathBuf,
    /// The data folder.
    #[arg(long)]
    pub data: PathBuf,
}

/// What an engine may be asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Question {
    /// Sync once.
    Sync,
}

/// What one sync cost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Synced {
    /// Source items read.
    pub items: u32,
    /// Items that were written.
    pub written: u32,
    /// Jobs that gave up.
    pub failed: u32,
    /// Seconds from the command to the end.
    pub wall: f64,
    /// CPU seconds.
    pub cpu: Option<f64>,
    /// Most memory at once during the sync.
    pub memory: Memory,
    /// Timings per operation.
    pub timings: Vec<OperationStats>,
}

/// Starts one.
pub fn start(server: &Ready, folder: &std::path::Path, data: &std::path::Path) -> Result<Part> {
    let mut words = vec![
        "engine".to_owned(),
        format!("--url={}", server.url),
        format!("--root={}", server.root),
        format!("--folder={}", folder.display()),
        format!("--data={}", data.display()),
    ];
    let sections = server.sections.iter();
    words.extend(sections.map(|section| format!("--section={section}")));
    let (part, ()) = Part::start(&words)?;
    Ok(part)
}

/// Its process.
pub fn run(arguments: &Arguments) -> Result<()> {
    // As the command line does.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    let handle = runtime.block_on(open(arguments))?;
    let memory = Sampler::start()?;
    child::serve(&(), |question: Question| match question {
        Question::Sync => runtime.block_on(sync(&handle, &memory)),
    })
}

async fn open(arguments: &Arguments) -> Result<Handle> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let timings = Timings::new(Arc::clone(&clock));
    // As in production: spans are measured while the log is quiet.
    let timed = timings
        .layer()
        .with_filter(filter::filter_fn(|metadata| metadata.target() == TARGET));
    tracing_subscriber::registry().with(timed).try_init()?;
    let folder = arguments.folder.to_string_lossy().into_owned();
    let settings = Settings {
        plex_address: arguments.url.clone(),
        sections: (arguments.sections.iter().cloned())
            .map(SectionSettings::new)
            .collect(),
        source: SourceSettings::Nfo {
            folder: folder.clone(),
        },
        path_rules: vec![PathRule::prefix(folder, arguments.root.clone())],
        ..Settings::default()
    };
    let handle = Engine::open(Deps {
        data_dir: arguments.data.clone(),
        settings,
        token: Some(SecretString::from(TOKEN)),
        transport: Arc::new(ReqwestTransport::new()?),
        clock,
        seed: 1,
        blocking: Blocking::Threads,
        timings,
        observer: Arc::new(NoObserver),
        patience: None,
        client_identifier: "syncslate-bench".to_owned(),
        read_only: false,
        durable: true,
        held_candidates: syncslate_engine::HELD_CANDIDATES,
        commit_hook: None,
    })
    .await?;
    Ok(handle)
}

async fn sync(handle: &Handle, memory: &Sampler) -> Result<Synced> {
    memory.forget();
    let before = cpu();
    let started = Instant::now();
    let summary = handle
        .run(Command::Sync {
            dry_run: false,
            limit: None,
            only: None,
            unattended: false,
        })
        .await?;
    let wall = started.elapsed().as_secs_f64();
    let after = cpu();
    if !matches!(summary.state, RunState::Done | RunState::DoneWithFailures) {
        bail!(
            "the sync did not end well: {:?} {}",
            summary.state,
            summary.message.unwrap_or_default()
        );
    }
    Ok(Synced {
        items: summary.items_read,
        written: summary.written,
        failed: summary.failed,
        wall,
        cpu: after.zip(before).map(|(after, before)| after - before),
        memory: memory.peaks(),
        timings: summary.timings,
    })
}
