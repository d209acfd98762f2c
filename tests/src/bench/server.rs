//! The server's process: an emulator on a port, a person who browses it, and what it counted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use syncslate_emulator::generator::{self, Expectation, Generated, Odd, Plan};
use syncslate_emulator::seed::{Seed, SeedItem};
use syncslate_emulator::{Clock, Emulator, ItemKind, Options, Profile};

use super::child::{self, Part};
use super::pictures::Pictures;
use super::reader::{Reader, quantile};

/// The token of every server of the benchmark.
pub const TOKEN: &str = "bench-token";

/// Seconds from one item's arrival to the next one's.
const BETWEEN_ITEMS_S: i64 = 60;
/// What Plex's writer takes for an edit, about.
const WRITE_MS: i64 = 8;

/// What a library holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Library {
    /// Films alone, with pictures, every third of an odd kind.
    Films,
    /// Ordinary films without pictures.
    PlainFilms,
    /// Films, shows, music and other videos, with pictures, every third of an odd kind.
    Mixed,
}

/// What a server is started with.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// What the library holds.
    #[arg(long, value_enum)]
    pub library: Library,
    /// How many items.
    #[arg(long)]
    pub items: usize,
    /// What the library is made of.
    #[arg(long)]
    pub seed: u64,
    /// Where the source's folder is written.
    #[arg(long)]
    pub folder: PathBuf,
    /// One slow writer; otherwise the server costs nothing.
    #[arg(long)]
    pub slow: bool,
}

/// What a server says first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    /// Its address.
    pub url: String,
    /// The sections that the source speaks of.
    pub sections: Vec<String>,
    /// Where Plex sees the source's folder.
    pub root: String,
    /// Items of each type of each of these sections.
    pub listed: Vec<u64>,
    /// Items that a sync must write to, collections among them.
    pub changed: u64,
    /// Collections that a sync makes and says something of.
    pub collections: u64,
    /// Films with a text so long that its edit takes a request line of its own.
    pub long: u64,
}

impl Ready {
    /// Items in Plex.
    pub fn items(&self) -> u64 {
        self.listed.iter().sum()
    }

    /// Requests of a run in which nothing changed: two per type of item of a section, one for its collections, three for
    /// the server.
    pub fn quiet(&self) -> u64 {
        (2 * self.listed.len() + self.sections.len() + 3) as u64
    }
}

/// What a server may be asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Question {
    /// What was counted since the last such question.
    Counted,
    /// What is not as it must be after a sync.
    Wrong,
    /// Change one source file; from now on that is what must be.
    ChangeOne,
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
    let library = match arguments.library {
        Library::Films => "films",
        Library::PlainFilms => "plain-films",
        Library::Mixed => "mixed",
    };
    let mut words = vec![
        "server".to_owned(),
        format!("--library={library}"),
        format!("--items={}", arguments.items),
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
    let mut world = generator::generate(&plan(arguments));
    let written = world.write_tree(&arguments.folder);
    written.context("the source cannot be written")?;
    // It stands on disk now.
    world.tree = Vec::new();
    let mut expected = synced(&world, world.expected.clone());
    let ready = ready(&world, &expected);
    let profile = if arguments.slow {
        Profile::Pms
    } else {
        Profile::Instant
    };
    let mut options = Options {
        token: Some(TOKEN.to_owned()),
        profile,
        ..Options::default()
    };
    if profile == Profile::Instant {
        options.clock = hurrying(options.clock);
    }
    let mut seed = std::mem::take(&mut world.seed);
    came_one_by_one(&mut seed, (options.clock)().div_euclid(1000));
    let emulator = Emulator::new(seed, options);
    let runtime = tokio::runtime::Runtime::new()?;
    let running = runtime.block_on(emulator.serve("127.0.0.1:0"))?;
    let url = running.url();
    let ready = Ready {
        url: url.clone(),
        ..ready
    };
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
            Question::ChangeOne => {
                let round = generator::one_change(&world, arguments.seed);
                generator::write_files(&arguments.folder, &round.changed)
                    .context("the changed file cannot be written")?;
                expected = synced(&world, round.expected);
            }
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

fn plan(arguments: &Arguments) -> Plan {
    let films = Plan {
        seed: arguments.seed,
        films: arguments.items,
        shows: 0,
        ..Plan::default()
    };
    match arguments.library {
        Library::Films => films,
        Library::PlainFilms => Plan {
            posters: false,
            odd: false,
            ..films
        },
        Library::Mixed => Plan::mixed(arguments.seed, arguments.items),
    }
}

/// A clock that goes on by one write of Plex's whenever it is looked at: what a server that costs nothing writes within a
/// second would otherwise be as young as what Plex's one writer takes minutes for, and be listed again and again.
fn hurrying(clock: Clock) -> Clock {
    let looks = AtomicI64::new(0);
    Arc::new(move || clock() + WRITE_MS * looks.fetch_add(1, Ordering::Relaxed))
}

/// Lets the items of a library come one after another, as a household's do, and not all in the same second: what changed
/// in the last seconds is listed by every sync.
fn came_one_by_one(seed: &mut Seed, now_s: i64) {
    fn come(items: &mut [SeedItem], at: &mut i64) {
        for item in items {
            *at -= BETWEEN_ITEMS_S;
            item.added_at = Some(*at);
            come(&mut item.children, at);
        }
    }
    let mut at = now_s;
    for section in &mut seed.sections {
        come(&mut section.items, &mut at);
    }
}

/// What is expected of the sections that are synced.
fn synced(world: &Generated, expected: Expectation) -> Expectation {
    expected.only(&world.sections())
}

/// What is to be said of a world, but for the server's address.
fn ready(world: &Generated, expected: &Expectation) -> Ready {
    let sections = world.sections();
    let mut listed: BTreeMap<(&str, ItemKind), u64> = BTreeMap::new();
    for (place, item) in &expected.items {
        *listed.entry((&place.section, item.kind)).or_default() += 1;
    }
    let made = expected.collections.values();
    Ready {
        url: String::new(),
        sections: sections.iter().map(|title| (*title).to_owned()).collect(),
        root: world.plex_folder().to_owned(),
        listed: listed.into_values().collect(),
        changed: expected.changed() as u64,
        collections: made.filter(|is_new| **is_new).count() as u64,
        long: world.count_odd(Odd::LongPlot) as u64,
    }
}

fn reads(answer: &mut Answer, took: &[std::time::Duration]) {
    answer.reads = took.len();
    answer.p95 = quantile(took, 0.95);
}
