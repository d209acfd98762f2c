//! A generated library, the folder of .nfo files, and engines that live and die over both.
//!
//! An engine's life is a tokio runtime of its own with paused time: where the life ends, everything in it is gone at
//! that instant, as in a killed process. Not here: what is expected (the generator's `Expectation`).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use syncslate_emulator::generator::{Generated, PLEX_FILMS, SERIES_SECTION};
use syncslate_emulator::{Emulator, Habits, LibraryState, Options};
use syncslate_engine::blocking::Blocking;
use syncslate_engine::clock::Clock;
use syncslate_engine::face::{
    Command, PathRule, RunSummary, SectionSettings, Settings, SourceSettings,
};
use syncslate_engine::report::{NoObserver, Observer};
use syncslate_engine::store::{CommitFate, CommitHook, StoreError};
use syncslate_engine::timing::Timings;
use syncslate_engine::{Deps, Engine, HELD_CANDIDATES, Handle};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::{InProcess, SimClock};

/// Where a life ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    /// The number of the commit, from 1.
    pub commit: u64,
    /// What becomes of that commit.
    pub fate: CommitFate,
}

/// How an engine is opened.
#[derive(Clone)]
pub struct Life {
    /// Kills it at a commit.
    pub crash: Option<Crash>,
    /// Counts its commits.
    pub count: Option<Arc<AtomicU64>>,
    /// Is told of every planned item.
    pub observer: Arc<dyn Observer>,
    /// Opens only to look.
    pub read_only: bool,
    /// Source items that are held in memory while they are compared.
    pub held_candidates: usize,
    /// Where blocking work runs.
    pub blocking: Blocking,
}

impl Default for Life {
    fn default() -> Self {
        Self {
            crash: None,
            count: None,
            observer: Arc::new(NoObserver),
            read_only: false,
            held_candidates: HELD_CANDIDATES,
            blocking: Blocking::Inline,
        }
    }
}

/// See the module.
pub struct World {
    /// The server.
    pub emulator: Emulator,
    /// The way to it.
    pub transport: Arc<InProcess>,
    /// The time.
    pub clock: Arc<SimClock>,
    /// With what engines are opened from now on.
    pub settings: Settings,
    /// Seed of the engines' random numbers.
    pub seed: u64,
    folder: TempDir,
}

impl World {
    /// A server with the generated library, and the source folder on disk.
    pub fn new(generated: &Generated, habits: Habits) -> Self {
        Self::with(
            generated,
            Options {
                habits,
                ..Options::default()
            },
        )
    }

    /// [`World::new`] with every choice; the clock is the world's own.
    pub fn with(generated: &Generated, options: Options) -> Self {
        let clock = Arc::new(SimClock::default());
        let hands = Arc::clone(&clock);
        let emulator = Emulator::new(
            generated.seed.clone(),
            Options {
                clock: Arc::new(move || hands.now_ms()),
                ..options
            },
        );
        let folder = TempDir::new().expect("a folder for temporary files");
        let films = folder.path().join("films");
        generated.write_tree(&films).expect("room for the source");
        let films = films.to_string_lossy().into_owned();
        // Whatever was in Plex is older than the first sync.
        clock.pass(Duration::from_hours(1));
        Self {
            transport: Arc::new(InProcess::new(emulator.clone(), Arc::clone(&clock))),
            emulator,
            clock,
            settings: Settings {
                plex_address: "http://plex.test:32400".to_owned(),
                sections: generated
                    .sections()
                    .into_iter()
                    .map(SectionSettings::new)
                    .collect(),
                source: SourceSettings::Nfo {
                    folder: films.clone(),
                },
                path_rules: vec![PathRule::prefix(films, generated.plex_folder())],
                ..Settings::default()
            },
            seed: 1,
            folder,
        }
    }

    /// The source folder.
    pub fn films(&self) -> PathBuf {
        self.folder.path().join("films")
    }

    /// The .nfo file of a film that has this path in Plex.
    pub fn nfo_of(&self, path: &str) -> PathBuf {
        let beside = path
            .strip_prefix(PLEX_FILMS)
            .expect("a film's path")
            .trim_start_matches('/');
        let media = self.films().join(beside);
        let nfo = media.with_extension("nfo");
        if nfo.exists() {
            nfo
        } else {
            media.with_file_name("movie.nfo")
        }
    }

    /// The engine's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The whole library, with timestamps left out.
    pub fn state(&self) -> LibraryState {
        self.emulator.state().without_timestamps()
    }

    /// Lets an engine live for as long as `work` takes. `None` where it died of its [`Crash`].
    pub fn live<T>(&self, life: &Life, work: impl AsyncFnOnce(&Handle) -> T) -> Option<T> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let result = runtime.block_on(async {
            self.clock.begin();
            let died = Arc::new(Notify::new());
            let hook = self.hook(life, &died);
            let working = async {
                let handle = match self.open(life, hook).await {
                    Ok(handle) => handle,
                    // Told by the killer.
                    Err(StoreError::Crashed) => return futures::future::pending().await,
                    Err(error) => panic!("the engine did not open: {error}"),
                };
                let result = work(&handle).await;
                handle.close().await;
                result
            };
            let result = tokio::select! {
                biased;
                () = died.notified() => None,
                result = working => Some(result),
            };
            // Within the runtime, whose time is the paused one.
            self.clock.end(Duration::from_mins(1));
            result
        });
        drop(runtime);
        self.transport.set_dead(false);
        result
    }

    /// An undisturbed life of one sync.
    pub fn sync(&self) -> RunSummary {
        self.live(&Life::default(), async |handle| sync(handle).await)
            .expect("BUG: nothing kills this life")
    }

    /// An undisturbed life of one undo of the last run that wrote anything.
    pub fn undo(&self) -> RunSummary {
        self.live(&Life::default(), async |handle| undo(handle, None).await)
            .expect("BUG: nothing kills this life")
    }

    /// An undisturbed life of one undo of that run.
    pub fn undo_run(&self, run: u32) -> RunSummary {
        self.live(&Life::default(), async |handle| {
            undo(handle, Some(run)).await
        })
        .expect("BUG: nothing kills this life")
    }

    /// Takes Syncslate's locks away.
    pub fn unlock(&self, restore: bool) -> RunSummary {
        self.live(&Life::default(), async |handle: &Handle| {
            let command = Command::Unlock { restore };
            handle.run(command).await.expect("the locks go")
        })
        .expect("nobody kills it")
    }

    /// The shows' section, which no sync may touch.
    pub fn series(state: &LibraryState) -> LibraryState {
        let sections = state.sections.iter();
        LibraryState {
            sections: sections
                .filter(|(title, _)| *title == SERIES_SECTION)
                .map(|(title, section)| (title.clone(), section.clone()))
                .collect(),
        }
    }

    fn hook(&self, life: &Life, died: &Arc<Notify>) -> Option<CommitHook> {
        let (crash, count) = (life.crash, life.count.clone());
        if crash.is_none() && count.is_none() {
            return None;
        }
        let (died, transport) = (Arc::clone(died), Arc::clone(&self.transport));
        Some(Arc::new(move |commit| {
            if let Some(count) = &count {
                count.fetch_max(commit, Ordering::SeqCst);
            }
            match crash {
                Some(crash) if crash.commit == commit => {
                    transport.set_dead(true);
                    died.notify_one();
                    crash.fate
                }
                _ => CommitFate::Proceed,
            }
        }))
    }

    async fn open(&self, life: &Life, hook: Option<CommitHook>) -> Result<Handle, StoreError> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        Engine::open(Deps {
            data_dir: self.data(),
            settings: self.settings.clone(),
            token: Some(SecretString::from("emulator-token")),
            transport: self.transport.clone(),
            timings: Timings::new(Arc::clone(&clock)),
            clock,
            seed: self.seed,
            blocking: life.blocking,
            observer: Arc::clone(&life.observer),
            patience: None,
            client_identifier: "syncslate-simulation".to_owned(),
            read_only: life.read_only,
            durable: false,
            held_candidates: life.held_candidates,
            commit_hook: hook,
        })
        .await
    }
}

/// One sync, to its end.
pub async fn sync(handle: &Handle) -> RunSummary {
    let command = Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    };
    handle.run(command).await.expect("the sync begins")
}

/// One undo, to its end.
pub async fn undo(handle: &Handle, run: Option<u32>) -> RunSummary {
    handle
        .run(Command::Undo { run })
        .await
        .expect("the undo begins")
}
