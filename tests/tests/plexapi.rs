//! The emulator, checked by python-plexapi: a client that nobody here wrote. The check itself is `plexapi/check.py`; what
//! a sync made of casts is compared by `plexapi/casts.py`.
//!
//! A check that cannot fail says nothing, so it also runs against planted defects, and must name each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Plan, Want};
use syncslate_emulator::seed::{SectionAgent, SectionKind};
use syncslate_emulator::{
    CastEdit, Defect, Emulator, Habits, Options, PictureEdit, TagEdit, tiny_seed,
};
use syncslate_engine::face::RunState;
use syncslate_tests::World;

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

#[test]
fn python_plexapi_reads_roles_and_pictures_of_actors_as_the_generator_says() {
    for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
        let habits = Habits {
            cast_edit: CastEdit::Takes,
            picture_edit: PictureEdit::Takes,
            tag_edit,
            ..Habits::default()
        };
        let plan = Plan {
            seed: 4,
            films: 60,
            posters: false,
            ..Plan::default()
        };
        let generated = generator::generate(&plan.under(habits));
        let world = World::new(&generated, habits);
        assert_eq!(world.sync().state, RunState::Done);
        let expected = casts(&generated);
        let pictures = expected.values().flat_map(BTreeMap::values);
        let pictures = pictures.filter(|[_, picture]| !picture.is_empty()).count();
        assert!(pictures >= 100, "{pictures} pictures");
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let file = folder.path().join("expected.json");
        let json = serde_json::to_vec(&expected).expect("texts");
        std::fs::write(&file, json).expect("room for what is expected");

        let (status, report) = compare(&world.emulator, &file);
        assert_eq!(status, Some(0), "{tag_edit:?}:\n{report}");
        // It notices a single other picture.
        let (path, cast) = expected.first_key_value().expect("a film");
        let (actor, _) = cast.first_key_value().expect("an actor");
        let key = world.emulator.key_of(path).expect("it is there");
        let other = "https://person.invalid/other.jpg";
        world.emulator.set_actor_picture(key, actor, other);
        let (status, report) = compare(&world.emulator, &file);
        assert_eq!(status, Some(1), "{tag_edit:?}:\n{report}");
        let lines: Vec<&str> = report.lines().collect();
        assert!(lines.len() == 2 && lines[0].starts_with(path), "{report}");
    }
}

/// By film, the cast that must be there after a sync: what each plays, and where their picture is.
fn casts(generated: &Generated) -> BTreeMap<String, BTreeMap<String, [String; 2]>> {
    let films = generated.expected.section(FILMS_SECTION);
    films
        .filter_map(|(path, want)| {
            let Want::Cast { names, parts } = want.values.get("actor")? else {
                return None;
            };
            let told = parts.iter().map(|part| {
                let picture = part.picture.clone().expect("it is said of everyone");
                [part.role.clone(), picture]
            });
            let cast = names.iter().cloned().zip(told).collect();
            Some((path.to_owned(), cast))
        })
        .collect()
}

/// Runs the comparison of casts against an emulator: its exit code and what it printed.
fn compare(emulator: &Emulator, expected: &Path) -> (Option<i32>, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let running = runtime
        .block_on(emulator.serve("127.0.0.1:0"))
        .expect("a free port");
    let output = run(Command::new(python())
        .arg(folder().join("casts.py"))
        .args([
            "--url",
            &running.url(),
            "--token",
            "emulator-token",
            "--expected",
        ])
        .arg(expected)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8"));
    runtime.block_on(running.stop());
    let printed = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), printed)
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
