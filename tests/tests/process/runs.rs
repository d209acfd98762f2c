//! What every command does where all goes well, and its exit code.

use serde_json::Value;
use syncslate_emulator::generator::FILMS_SECTION;
use syncslate_emulator::{Fault, RouteKind};

use super::lab::{Lab, TOKEN, run, small};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_tells_its_figures_as_one_object() {
    let lab = Lab::new(&small(170)).await;
    let outcome = run(lab.sync().arg("--json"));
    outcome.assert_code(0);
    lab.assert_right();
    let figures = outcome.json();
    let expected = &lab.world.expected;
    let number = |name: &str| {
        figures[name]
            .as_u64()
            .unwrap_or_else(|| panic!("no {name} in {figures}"))
    };
    assert_eq!(number("run"), 1);
    assert_eq!(figures["state"], "done");
    assert_eq!(number("itemsRead"), expected.source_items as u64);
    assert_eq!(number("notInPlex"), expected.not_in_plex.len() as u64);
    assert_eq!(
        number("matched") + number("notInPlex") + number("ambiguous"),
        number("itemsRead")
    );
    assert_eq!(number("changed"), expected.changed() as u64);
    assert_eq!(number("written"), expected.changed() as u64);
    assert_eq!(number("fieldsWritten"), expected.fields_written() as u64);
    assert_eq!(number("conflicts"), expected.conflicts() as u64);
    assert_eq!(number("failed"), 0);
    assert!(
        figures["durationMs"]
            .as_f64()
            .is_some_and(|took| took > 0.0)
    );

    let requests = figures["requests"].as_object().expect("requests by kind");
    let told: u64 = requests.values().filter_map(Value::as_u64).sum();
    assert_eq!(told, lab.emulator.statistics().total(), "{requests:?}");
    let timings = figures["timings"].as_array().expect("timings");
    for timing in timings {
        assert!(timing["count"].as_u64() > Some(0), "{timing}");
        let at = |name: &str| timing[name].as_f64().expect("a time");
        assert!(at("p50") <= at("p95") && at("p95") <= at("max"), "{timing}");
    }
    for operation in [
        "plex_edit",
        "plex_list",
        "plex_details",
        "source_read",
        "match",
        "compare",
    ] {
        let timed = timings
            .iter()
            .any(|timing| timing["operation"] == operation);
        assert!(timed, "{operation} is not among {timings:?}");
    }
    let caches = figures["caches"].as_array().expect("caches");
    for cache in ["library", "match"] {
        let entry = caches
            .iter()
            .find(|entry| entry["cache"] == cache)
            .unwrap_or_else(|| panic!("no {cache} cache in {caches:?}"));
        assert!(entry["entries"].as_u64() > Some(0), "{entry}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_sync_writes_nothing() {
    let lab = Lab::new(&small(60)).await;
    run(&mut lab.sync()).assert_code(0);
    lab.emulator.reset_statistics();
    let again = run(lab.sync().arg("--json"));
    again.assert_code(0);
    let figures = again.json();
    assert_eq!(figures["changed"], 0, "{figures}");
    assert_eq!(figures["run"], 2);
    let counted = lab.emulator.statistics();
    assert_eq!(counted.changing(), 0);
    assert!(counted.total() <= 6, "{:?}", counted.requests);
    lab.assert_right();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_shows_changes_and_writes_nothing() {
    let lab = Lab::new(&small(30)).await;
    let before = lab.emulator.state();
    let shown = run(lab.sync().arg("--dry-run"));
    shown.assert_code(0);
    assert!(shown.out.contains("Nothing was written."), "{}", shown.out);
    assert!(shown.out.contains(" → "), "{}", shown.out);
    let figures = run(lab.sync().args(["--dry-run", "--json"])).json();
    assert_eq!(figures["kind"], "dryRun");
    assert_eq!(figures["written"], 0);
    assert_eq!(figures["changed"], lab.world.expected.changed());
    assert_eq!(lab.emulator.statistics().changing(), 0);
    assert_eq!(
        before.differences(&lab.emulator.state()),
        Vec::<String>::new()
    );
    // It does not count as a run.
    let runs = run(lab.cli("runs").arg("--json"));
    assert_eq!(runs.assert_code(0).json(), Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_can_be_synced() {
    let lab = Lab::new(&small(40)).await;
    let three = run(lab.sync().args(["--limit", "3", "--json"]));
    assert_eq!(three.assert_code(0).json()["itemsRead"], 3);
    let edits = lab.emulator.statistics().count(RouteKind::Edit);
    assert!(edits <= 4, "{edits} edits for three films");

    let nfos = lab.nfos();
    let last = nfos.last().expect("a film");
    let folder = last.rsplit_once('/').expect("in a folder").0;
    let inside = nfos
        .iter()
        .filter(|path| path.starts_with(&format!("{folder}/")))
        .count();
    let only = run(lab.sync().args(["--only", folder, "--json"]));
    assert_eq!(only.assert_code(0).json()["itemsRead"], inside);
    let nowhere = run(lab.sync().args(["--only", "No Such Folder"]));
    nowhere
        .assert_code(3)
        .assert_says(&["No Such Folder", "Nothing was changed."]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_can_be_taken_back() {
    for last in [true, false] {
        let lab = Lab::new(&small(120)).await;
        let before = lab.library();
        run(&mut lab.sync()).assert_code(0);
        assert_ne!(lab.library(), before);
        let mut undo = lab.cli("undo");
        let back = run(undo.arg(if last { "--last" } else { "1" }).arg("--json"));
        let figures = back.assert_code(0).json();
        assert_eq!(figures["kind"], "undo");
        assert_eq!(before.differences(&lab.library()), Vec::<String>::new());
        let runs = run(lab.cli("runs").arg("--json")).json();
        let kinds: Vec<&str> = runs
            .as_array()
            .expect("runs")
            .iter()
            .filter_map(|run| run["kind"].as_str())
            .collect();
        assert_eq!(kinds, ["undo", "sync"]);
        // A sync by hand writes again.
        run(&mut lab.sync()).assert_code(0);
        lab.assert_right();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_taken_back_is_said() {
    let lab = Lab::new(&small(6)).await;
    let nothing = run(lab.cli("undo").arg("--last"));
    nothing.assert_code(2);
    run(&mut lab.sync()).assert_code(0);
    let unknown = run(lab.cli("undo").arg("77"));
    unknown.assert_code(2).assert_says(&["77"]);
    for said in [&nothing.err, &unknown.err] {
        assert!(said.contains("Nothing was changed."), "{said}");
    }
    lab.assert_right();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_is_told_and_the_rest_is_done() {
    let lab = Lab::new(&small(20)).await;
    lab.emulator
        .faults()
        .once(RouteKind::Upload, 1, Fault::Status(400));
    let outcome = run(lab.sync().arg("--json"));
    let figures = outcome.assert_code(1).json();
    assert_eq!(figures["state"], "doneWithFailures");
    assert_eq!(figures["failed"], 1);
    let failed = run(&mut lab.cli("failed"));
    failed.assert_code(0);
    assert!(
        failed.out.contains("poster") || failed.out.contains("background"),
        "{}",
        failed.out
    );
    let listed = run(lab.cli("failed").arg("--json")).json();
    assert_eq!(listed["failed"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["unread"], Value::Null);
    // One picture is missing, and nothing else.
    let wrong = lab.world.expected.check(&lab.emulator.state());
    assert!(
        !wrong.is_empty()
            && wrong
                .iter()
                .all(|line| line.contains("thumb") || line.contains("art")),
        "{wrong:#?}"
    );
    let status = run(&mut lab.cli("status"));
    status.assert_code(0);
    assert!(status.out.contains("1 item failed"), "{}", status.out);
    // As it is said there.
    assert!(
        status.out.contains("next sync tries them again"),
        "{}",
        status.out
    );
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
}

#[test]
fn wrong_words_are_said_before_anything_is_done() {
    let here = tempfile::tempdir().expect("room");
    let cli = || {
        let mut command = super::lab::bare();
        command.env("SYNCSLATE_DATA_DIR", here.path().join("data"));
        command
    };
    run(cli().arg("synk")).assert_code(2).assert_says(&["synk"]);
    run(cli().args(["sync", "--section", "Films"])).assert_code(2);
    let source = [
        "sync",
        "--section",
        "Films",
        "--plex-url",
        "http://127.0.0.1:9",
        "--plex-token",
        TOKEN,
    ];
    run(cli().args(source).args(["--source", "jellyfin:x"]))
        .assert_code(2)
        .assert_says(&["nfo:/path/to/films"]);
    run(cli().args(source).args(["--source", "nfo:/", "--map", "x"]))
        .assert_code(2)
        .assert_says(&["FROM=TO"]);
    run(cli()
        .args(source)
        .args(["--source", "nfo:/", "--max-concurrency", "0"]))
    .assert_code(2)
    .assert_says(&["between 1 and 64"]);
    assert!(!here.path().join("data").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_may_come_by_flag_or_environment() {
    let lab = Lab::new(&small(3)).await;
    // `Lab::cli` gives it by the environment.
    run(lab.sync().arg("--dry-run")).assert_code(0);
    let flag = run(lab.sync().env_remove("SYNCSLATE_PLEX_TOKEN").args([
        "--dry-run",
        "--plex-token",
        TOKEN,
    ]));
    flag.assert_code(0);
    // What help shows must not show it.
    let help = run(lab.cli("sync").arg("--help"));
    assert!(!help.out.contains(TOKEN), "{}", help.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_locked_before_is_decided_from_the_terminal() {
    let lab = Lab::new(&small(170)).await;
    let kept = lab.world.expected.kept();
    assert!(kept > 0);
    let synced = run(&mut lab.sync());
    synced
        .assert_code(0)
        .assert_says(&["conflicts --locked-before"]);
    let data = lab.data();
    let conflicts = |words: &[&str]| {
        let mut command = lab.cli("conflicts");
        run(command.arg("--data-dir").arg(&data).args(words))
    };
    // No address is given: the server of the newest run is meant.
    let listed = conflicts(&["--locked-before", "--json"]);
    listed.assert_code(0);
    let rows = listed.json()["kept"].as_array().map(Vec::len);
    assert_eq!(rows, Some(kept), "{}", listed.out);
    let of_none = conflicts(&["--locked-before", "--item", "999999"]);
    assert!(
        of_none.out.contains("Nothing was locked"),
        "{}",
        of_none.out
    );
    let decided = conflicts(&["--locked-before", "--all", "--use-source"]);
    decided.assert_code(0);
    assert!(
        decided.out.contains(&format!("{kept} fields")),
        "{}",
        decided.out
    );
    let again = run(lab.sync().arg("--json"));
    again.assert_code(0);
    assert_eq!(again.json()["fieldsWritten"].as_u64(), Some(kept as u64));
    let listed = conflicts(&["--locked-before"]);
    assert!(listed.out.contains("Nothing was locked"), "{}", listed.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_is_named_by_each_sync_until_it_is_decided() {
    let lab = Lab::new(&small(6)).await;
    run(&mut lab.sync()).assert_code(0);
    let state = lab.emulator.state();
    let films: Vec<&String> = state.sections[FILMS_SECTION].items.keys().collect();
    let told = lab.nfos().into_iter().find_map(|nfo| {
        let file = lab.films().join(nfo);
        let folder = file.parent()?.file_name()?.to_str()?.to_owned();
        let page = std::fs::read_to_string(&file).ok()?;
        let mut of_folder = films
            .iter()
            .filter(|path| path.contains(&format!("/{folder}/")));
        let path = page.contains("<plot>").then(|| of_folder.next())??;
        Some(((*path).clone(), file, page))
    });
    let (path, file, page) = told.expect("a film with a summary");
    let key = lab.emulator.key_of(&path).expect("it is there");
    let edited = lab.emulator.edit_as_person(key, "summary", "Mine.", true);
    edited.expect("it can be entered");
    let page = page.replacen("<plot>", "<plot>Another. ", 1);
    std::fs::write(file, page).expect("room");
    for _ in 0..2 {
        let synced = run(&mut lab.sync());
        synced.assert_code(0).assert_says(&[
            "1 field waiting for your decision",
            "syncslate-cli conflicts",
        ]);
    }
    let conflicts = |words: &[&str]| run(lab.cli("conflicts").args(words));
    let item = key.to_string();
    for (words, is_listed) in [
        (&["--field", "summary"][..], true),
        (&["--item", &item], true),
        (&["--item", &item, "--field", "title"], false),
        (&["--field", "title"], false),
        (&["--item", "999999"], false),
    ] {
        let listed = conflicts(words);
        assert_eq!(
            listed.out.contains("Mine."),
            is_listed,
            "{words:?}: {}",
            listed.out
        );
    }
    conflicts(&["--all", "--keep-plex"]).assert_code(0);
    let synced = run(&mut lab.sync());
    assert!(
        !synced.err.contains("waiting for your decision"),
        "{}",
        synced.err
    );
}
