//! The server's process: an emulator on a port, a person who browses it, and what it counted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use syncslate_emulator::generator::{self, FILMS_SECTION, Odd, PLEX_FILMS, Plan};
use syncslate_emulator::{Emulator, Options, Profile};

use super::child::{self, Part};
use super::pictures::Pictures;
use super::reader::{Reader, quantile};

/// The token of every server of the benchmark.
pub const TOKEN: &str = "bench-token";

/// What a server is started with.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// Films.
    #[arg(long)]
    pub films: usize,
    /// What the library is made of.
    #[arg(long)]
    pub seed: u64,
    /// Where the source's folder is written.
    #[arg(long)]
    pub folder: PathBuf,
    /// One slow writer, pictures, and films of every odd kind; otherwise it costs nothing, and films are ordinary.
    #[arg(long)]
    pub slow: bool,
}

/// What a server says first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    /// Its address.
    pub url: String,
    /// The films' section.
    pub section: String,
    /// Where Plex sees the films.
    pub root: String,
    /// Films that a sync must write to.
    pub changed: usize,
    /// Films with a text so long that its edit takes a request line of its own.
    pub long: usize,
}

/// What a server may be asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Question {
    /// What was counted since the last such question.
    Counted,
    /// What is not as it must be after a sync.
    Wrong,
    /// Let a person read so often, and wait for the end.
    Read(usize),
    /// Let a person begin to read.
    StartReading,
    /// Let them stop.
    StopReading,
}

/// What a server answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    /// Requests by kind.
    pub requests: BTreeMap<String, u64>,
    /// Requests about pictures.
    pub pictures: Pictures,
    /// Seconds in which the writer worked.
    pub busy: f64,
    /// The part of the time between first and last write in which it worked.
    pub busy_share: Option<f64>,
    /// Most writes that ran or waited at once.
    pub most_under_way: usize,
    /// What is not as it must be.
    pub wrong: Vec<String>,
    /// Reads of the person.
    pub reads: usize,
    /// 95 of 100 took at most so many milliseconds.
    pub p95: f64,
}

impl Answer {
    /// Requests of these kinds.
    pub fn count(&self, kinds: &[&str]) -> u64 {
        kinds
            .iter()
            .filter_map(|kind| self.requests.get(*kind))
            .sum()
    }

    /// Requests of every kind.
    pub fn total(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// Starts one.
pub fn start(arguments: &Arguments) -> Result<(Part, Ready)> {
    let mut words = vec![
        "server".to_owned(),
        format!("--films={}", arguments.films),
        format!("--seed={}", arguments.seed),
        format!("--folder={}", arguments.folder.display()),
    ];
    if arguments.slow {
        words.push("--slow".to_owned());
    }
    Part::start(&words)
}

/// Its process.
pub fn run(arguments: &Arguments) -> Result<()> {
    let world = generator::generate(&Plan {
        seed: arguments.seed,
        films: arguments.films,
        shows: 0,
        posters: arguments.slow,
        odd: arguments.slow,
        ..Plan::default()
    });
    world
        .write_tree(&arguments.folder)
        .context("the films cannot be written")?;
    let profile = if arguments.slow {
        Profile::Pms
    } else {
        Profile::Instant
    };
    let long = world.count_odd(Odd::LongPlot);
    let emulator = Emulator::new(
        world.seed,
        Options {
            token: Some(TOKEN.to_owned()),
            profile,
            ..Options::default()
        },
    );
    let runtime = tokio::runtime::Runtime::new()?;
    let running = runtime.block_on(emulator.serve("127.0.0.1:0"))?;
    let expected = world.expected;
    let ready = Ready {
        url: running.url(),
        section: FILMS_SECTION.to_owned(),
        root: PLEX_FILMS.to_owned(),
        changed: expected.changed(),
        long,
    };
    let url = running.url();
    let mut reader = None;
    child::serve(&ready, |question: Question| {
        let mut answer = Answer::default();
        match question {
            Question::Counted => {
                let counted = emulator.statistics();
                emulator.reset_statistics();
                answer.requests = counted
                    .requests
                    .iter()
                    .map(|(kind, count)| (format!("{kind:?}"), *count))
                    .collect();
                answer.pictures = Pictures::of(&counted, &expected, &emulator.state());
                answer.most_under_way = counted.most_under_way;
                answer.busy = counted.writer_busy.as_secs_f64();
                answer.busy_share = counted.busy_share();
            }
            Question::Wrong => answer.wrong = expected.check(&emulator.state()),
            Question::Read(times) => {
                reads(&mut answer, &Reader::start(&url, TOKEN, times)?.finish()?);
            }
            Question::StartReading => reader = Some(Reader::start(&url, TOKEN, usize::MAX)?),
            Question::StopReading => {
                if let Some(reader) = reader.take() {
                    reads(&mut answer, &reader.stop()?);
                }
            }
        }
        Ok(answer)
    })
}

fn reads(answer: &mut Answer, took: &[std::time::Duration]) {
    answer.reads = took.len();
    answer.p95 = quantile(took, 0.95);
}
