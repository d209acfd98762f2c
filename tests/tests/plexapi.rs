//! The emulator, checked by python-plexapi: a client that nobody here wrote. The check itself is `plexapi/check.py`.
//!
//! A check that cannot fail says nothing, so it also runs against planted defects, and must name each.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use syncslate_emulator::generator::{self, Plan};
use syncslate_emulator::seed::{SectionAgent, SectionKind};
use syncslate_emulator::{Defect, Emulator, Habits, Options, tiny_seed};

const TOKEN: &str = "plexapi-token";

/// Which check must turn red for a defect; others may too.
fn noticed_by(defect: Defect) -> &'static str {
    match defect {
        Defect::OmitsLocks | Defect::IgnoresLocks => "locks",
        Defect::IgnoresPaging => "paging",
        Defect::IgnoresTagRemoval => "genres",
        Defect::DropsRoles => "roles",
        Defect::OmitsRoleTexts => "what actors play",
        Defect::OmitsSelected => "poster list",
        Defect::WrongTotalSize => "total size",
        Defect::OmitsDate => "edit date and ratings",
        Defect::IgnoresFilter => "updatedAt filter",
        Defect::UploadsUnselected => "poster upload",
        Defect::DropsMoods => "artist fields",
        Defect::OmitsImages => "clear logo",
        Defect::OmitsEpisodeNumber => "episode numbers",
        Defect::OmitsAlbumOfTrack => "tracks",
        Defect::IgnoresMoves => "collection order",
        Defect::KeepsMembers => "collection members removed",
        Defect::IgnoresWatched => "watched",
        Defect::IgnoresRating => "user rating",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_plexapi_finds_a_plex_server_under_either_reading() {
    for habits in Habits::BOTH {
        let (status, report) = check(Options {
            habits,
            ..options()
        })
        .await;
        assert_eq!(status, Some(0), "{habits:?}:\n{report}");
        assert!(
            report
                .lines()
                .filter(|line| line.starts_with("ok "))
                .count()
                >= 45,
            "{report}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_plexapi_notices_every_planted_defect() {
    let runs = Defect::ALL.map(|defect| async move {
        let (status, report) = check(Options {
            defect: Some(defect),
            ..options()
        })
        .await;
        (defect, status, report)
    });
    for (defect, status, report) in futures::future::join_all(runs).await {
        let failed: Vec<&str> = report
            .lines()
            .filter_map(|line| line.strip_prefix("FAIL "))
            .collect();
        let wanted = format!("{}:", noticed_by(defect));
        assert!(
            status == Some(1) && failed.iter().any(|line| line.starts_with(&wanted)),
            "{defect:?} must be noticed by “{}”; instead: {failed:#?}\n{report}",
            noticed_by(defect)
        );
    }
}

fn options() -> Options {
    Options {
        token: Some(TOKEN.to_owned()),
        ..Options::default()
    }
}

/// Serves a small library with these options and runs the check against it: its exit code and what it printed.
async fn check(options: Options) -> (Option<i32>, String) {
    let world = generator::generate(&Plan {
        seed: 3,
        films: 80,
        image: (12, 18),
        roles: true,
        ..Plan::default()
    });
    let mut seed = world.seed;
    // What the generated library has none of.
    let others = tiny_seed().sections.into_iter();
    seed.sections.extend(others.filter(|section| {
        section.kind == SectionKind::Artist || section.agent == SectionAgent::None
    }));
    let emulator = Emulator::new(seed, options);
    let running = emulator.serve("127.0.0.1:0").await.expect("a free port");
    let url = running.url();
    let output = tokio::task::spawn_blocking(move || {
        run(Command::new(python())
            .arg(folder().join("check.py"))
            .args(["--url", &url, "--token", TOKEN])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONIOENCODING", "utf-8"))
    })
    .await
    .expect("the check runs to its end");
    running.stop().await;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), printed)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plexapi")
}

/// The interpreter of an environment of its own, made on first use below the target folder.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("plexapi-venv");
        let python = environment.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let requirements = folder().join("requirements.txt");
        let wanted = std::fs::read(&requirements).expect("the list of requirements");
        // Written last, so that an environment that was not finished is made again.
        let installed = environment.join("installed.txt");
        if std::fs::read(&installed).is_ok_and(|installed| installed == wanted) && python.exists() {
            return python;
        }
        let base = if cfg!(windows) { "python" } else { "python3" };
        succeed(
            Command::new(base)
                .args(["-m", "venv", "--clear"])
                .arg(&environment),
            "Python's venv module is needed (Debian: python3-venv)",
        );
        succeed(
            Command::new(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "-r",
                ])
                .arg(&requirements),
            "python-plexapi could not be installed",
        );
        std::fs::write(installed, wanted).expect("a note of what is installed");
        python
    })
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"))
}

fn succeed(command: &mut Command, otherwise: &str) {
    let output = run(command);
    assert!(
        output.status.success(),
        "{otherwise}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
