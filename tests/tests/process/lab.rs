//! A made-up library behind a socket, a folder of .nfo files, and the command line to bring them together.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, PLEX_FILMS, Plan};
use syncslate_emulator::{Emulator, LibraryState, Options, Profile, Running, Statistics};
use tempfile::TempDir;

/// The token that the server wants.
pub const TOKEN: &str = "Pr0cess-T0ken-7c1b9e";
/// Longer than this nothing may take, however slow the machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// See the module.
pub struct Lab {
    pub emulator: Emulator,
    pub world: Generated,
    running: Running,
    scratch: TempDir,
}

/// How a process ended, and what it said.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A few small films with pictures.
pub fn small(films: usize) -> Plan {
    Plan {
        seed: 5,
        films,
        shows: 1,
        image: (12, 18),
        ..Plan::default()
    }
}

impl Lab {
    /// A world on a server that costs nothing.
    pub async fn new(plan: &Plan) -> Self {
        Self::with(plan, Profile::Instant).await
    }

    /// A world on a server with these costs.
    pub async fn with(plan: &Plan, profile: Profile) -> Self {
        Self::of(generator::generate(plan), profile).await
    }

    /// This world on a server with these costs.
    pub async fn of(world: Generated, profile: Profile) -> Self {
        let scratch = tempfile::tempdir().expect("room for temporary files");
        world
            .write_tree(&scratch.path().join("films"))
            .expect("the films can be written");
        let emulator = Emulator::new(
            world.seed.clone(),
            Options {
                token: Some(TOKEN.to_owned()),
                profile,
                ..Options::default()
            },
        );
        let running = emulator.serve("127.0.0.1:0").await.expect("a free port");
        Self {
            emulator,
            world,
            running,
            scratch,
        }
    }

    pub fn url(&self) -> String {
        self.running.url()
    }

    /// The source's folder.
    pub fn films(&self) -> PathBuf {
        self.scratch.path().join("films")
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    /// A place for anything else.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// A command with address, token and data folder in its environment.
    pub fn cli(&self, verb: &str) -> Command {
        let mut command = Command::new(program());
        command
            .arg(verb)
            .env_remove("SYNCSLATE_LOG")
            .env_remove("SYNCSLATE_CONFIG")
            .env("SYNCSLATE_PLEX_URL", self.url())
            .env("SYNCSLATE_PLEX_TOKEN", TOKEN)
            .env("SYNCSLATE_DATA_DIR", self.data())
            .stdin(Stdio::null());
        command
    }

    /// A sync of the films.
    pub fn sync(&self) -> Command {
        self.sync_of(&self.films(), FILMS_SECTION)
    }

    /// A sync of a folder into a section.
    pub fn sync_of(&self, folder: &Path, section: &str) -> Command {
        let mut command = self.cli("sync");
        command
            .args(["--section", section, "--source"])
            .arg(format!("nfo:{}", folder.display()))
            .arg("--map")
            .arg(format!("{}={PLEX_FILMS}", folder.display()));
        command
    }

    /// A sync of every section that the source speaks of.
    pub fn sync_all(&self) -> Command {
        let mut command = self.cli("sync");
        for section in self.world.sections() {
            command.args(["--section", section]);
        }
        let folder = self.films();
        command
            .arg("--source")
            .arg(format!("nfo:{}", folder.display()))
            .arg("--map")
            .arg(format!("{}={}", folder.display(), self.world.plex_folder()));
        command
    }

    /// The library without what two equal runs may differ in.
    pub fn library(&self) -> LibraryState {
        let state = self.emulator.state();
        // Collections are numbered in the order in which they came into being.
        state.without_timestamps().without_keys().with_plain_tags()
    }

    /// Everything in the films' section is as the source says, and nothing else was done.
    pub fn assert_right(&self) {
        let wrong = self.world.expected.check(&self.emulator.state());
        assert!(wrong.is_empty(), "{wrong:#?}");
        let counted = self.emulator.statistics();
        assert_eq!(counted.whole_library_edits, 0);
        assert_eq!(counted.media_deletions, 0);
    }

    /// Waits until the server counted something, while a process is at work.
    pub async fn until(
        &self,
        child: &mut Child,
        what: &str,
        reached: impl Fn(&Statistics) -> bool,
    ) {
        let begun = Instant::now();
        while !reached(&self.emulator.statistics()) {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("the process ended ({status}) before {what}");
            }
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Outcome {
    /// The object in the last line of the output.
    pub fn json(&self) -> Value {
        let last = self.out.lines().last().unwrap_or_default();
        let value: Value = serde_json::from_str(last)
            .unwrap_or_else(|error| panic!("the last line is no JSON ({error}): {self:?}"));
        assert!(value.is_object() || value.is_array(), "{last}");
        value
    }

    /// It ended so, or everything it said is shown.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// It said all of this on the error stream, in whatever order.
    #[track_caller]
    pub fn assert_says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.err.contains(word),
                "“{word}” is not said:\n{}\n{}",
                self.err,
                self.out
            );
        }
        self
    }
}

impl Lab {
    /// The source's .nfo files, by their paths below its folder.
    pub fn nfos(&self) -> Vec<&str> {
        let paths = self.world.tree.iter().map(|file| file.path.as_str());
        paths
            .filter(|path| Path::new(path).extension().is_some_and(|end| end == "nfo"))
            .collect()
    }
}

/// Runs to the end.
#[track_caller]
pub fn run(command: &mut Command) -> Outcome {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
    outcome(&output)
}

/// Starts, with what it says kept for [`end`].
pub fn start(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"))
}

/// Waits for the end of what was started.
pub fn end(child: Child) -> Outcome {
    outcome(&child.wait_with_output().expect("a process that ends"))
}

fn outcome(output: &Output) -> Outcome {
    Outcome {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The command line under test: the one in `SYNCSLATE_CLI`, else the one of this build, made now if it is not current.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(given) = std::env::var_os("SYNCSLATE_CLI") {
            return PathBuf::from(given);
        }
        let name = format!("syncslate-cli{}", std::env::consts::EXE_SUFFIX);
        let own = std::env::current_exe().expect("the tests know where they are");
        // target/debug/deps/main-… → target/debug/syncslate-cli
        let beside = own
            .ancestors()
            .nth(2)
            .map(|folder| folder.join(name))
            .expect("the tests lie in a target folder");
        if let Some(cargo) = std::env::var_os("CARGO") {
            let mut command = Command::new(cargo);
            command.args(["build", "--quiet", "--package", "syncslate-cli"]);
            if beside
                .parent()
                .is_some_and(|folder| folder.ends_with("release"))
            {
                command.arg("--release");
            }
            let status = command.status().expect("cargo can be started");
            assert!(status.success(), "syncslate-cli does not build");
        }
        assert!(
            beside.is_file(),
            "{} is not there. Build it first: cargo build --package syncslate-cli",
            beside.display()
        );
        beside
    })
}

/// The command line without anything in its environment.
pub fn bare() -> Command {
    let mut command = Command::new(program());
    for name in [
        "SYNCSLATE_LOG",
        "SYNCSLATE_CONFIG",
        "SYNCSLATE_PLEX_URL",
        "SYNCSLATE_PLEX_TOKEN",
        "SYNCSLATE_DATA_DIR",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}
