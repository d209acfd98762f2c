//! One config file for the command line: checked, exported, and enough for everything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use syncslate_emulator::generator::{FILMS_SECTION, PLEX_FILMS};

use super::lab::{Lab, TOKEN, bare, run, small};

/// Exports a file for the lab's films and says where it is.
fn exported(lab: &Lab) -> PathBuf {
    let file = lab.scratch().join("syncslate.toml");
    let films = lab.films();
    let outcome = run(bare()
        .args(["config", "export", "--section", FILMS_SECTION, "--plex-url"])
        .arg(lab.url())
        .arg("--source")
        .arg(format!("nfo:{}", films.display()))
        .arg("--map")
        .arg(format!("{}={PLEX_FILMS}", films.display()))
        .arg("--data-dir")
        .arg(lab.data())
        .arg("--out")
        .arg(&file));
    outcome.assert_code(0);
    assert!(outcome.out.contains("syncslate.toml"), "{}", outcome.out);
    file
}

/// A command with nothing but the token and the file.
fn with(file: &Path, words: &[&str]) -> Command {
    let mut command = bare();
    command
        .args(words)
        .arg("--config")
        .arg(file)
        .env("SYNCSLATE_PLEX_TOKEN", TOKEN);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_story_is_told_with_one_file() {
    let lab = Lab::new(&small(12)).await;
    let before = lab.library();
    let file = exported(&lab);
    let checked = run(bare().args(["config", "check"]).arg(&file));
    checked.assert_code(0);
    assert_eq!(checked.err, "");
    for words in [
        FILMS_SECTION,
        PLEX_FILMS,
        "keep-plex-edits (default)",
        "16 at once at most (default)",
    ] {
        assert!(checked.out.contains(words), "{words}: {}", checked.out);
    }

    let tested = run(&mut with(&file, &["rules", "test", "--json"]));
    tested.assert_code(0);
    assert!(tested.json()["test"]["matched"].as_u64() > Some(5));
    let plan = run(&mut with(&file, &["sync", "--dry-run"]));
    plan.assert_code(0);
    assert_eq!(lab.emulator.statistics().changing(), 0);
    run(&mut with(&file, &["sync"])).assert_code(0);
    lab.assert_right();
    for words in [
        ["matches", "--missing"].as_slice(),
        &["conflicts"],
        &["status"],
        &["runs"],
        &["failed"],
    ] {
        run(&mut with(&file, words)).assert_code(0);
    }
    run(&mut with(&file, &["undo", "--last"])).assert_code(0);
    assert_eq!(lab.library(), before);
    run(&mut with(&file, &["sync"])).assert_code(0);
    run(&mut with(&file, &["unlock"])).assert_code(0);

    // The environment names it as well.
    let status = run(bare().arg("status").env("SYNCSLATE_CONFIG", &file));
    status.assert_code(0);
    let checked = run(bare()
        .args(["config", "check"])
        .env("SYNCSLATE_CONFIG", &file));
    checked.assert_code(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_call_says_wins() {
    let lab = Lab::new(&small(6)).await;
    let file = exported(&lab);
    let text = fs::read_to_string(&file).expect("the file");
    fs::write(&file, text.replace(&lab.url(), "http://127.0.0.1:9")).expect("the file");
    let away = lab.scratch().join("elsewhere");
    let synced = run(with(&file, &["sync"])
        .arg("--plex-url")
        .arg(lab.url())
        .arg("--data-dir")
        .arg(&away));
    synced.assert_code(0);
    lab.assert_right();
    assert!(away.is_dir() && !lab.data().exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_told_with_their_lines_and_stop_everything() {
    let lab = Lab::new(&small(3)).await;
    let file = exported(&lab);
    let text = fs::read_to_string(&file).expect("the file");
    let lines = text.lines().count();
    let wrong = format!("{text}kind = \"glob\"\nplex-token = \"s3cr3t\"\n");
    fs::write(&file, &wrong).expect("the file");

    let shown = file.display().to_string();
    let said = run(bare().args(["config", "check"]).arg(&file));
    said.assert_code(2).assert_says(&[
        &format!("{shown}:{}:8: ", lines + 1),
        "prefix, regex",
        &format!("{shown}:{}:1: ", lines + 2),
        "SYNCSLATE_PLEX_TOKEN",
        "^^^^^^^^^^",
    ]);
    assert!(!said.err.contains("s3cr3t"), "{}", said.err);
    assert_eq!(said.out, "");

    let json = run(bare().args(["config", "check", "--json"]).arg(&file));
    json.assert_code(2);
    let mistakes = json.json();
    assert_eq!(mistakes[0]["line"], lines + 1);
    assert_eq!(mistakes[0]["column"], 8);
    assert_eq!(mistakes[0]["severity"], "error");
    assert_eq!(mistakes[1]["line"], lines + 2);
    assert!(mistakes[2].is_null());

    let stopped = run(&mut with(&file, &["sync"]));
    stopped
        .assert_code(2)
        .assert_says(&["prefix, regex", "Nothing was changed."]);
    assert_eq!(lab.emulator.statistics().changing(), 0);
    assert!(!lab.data().exists());
}

#[test]
fn files_that_are_none_are_refused() {
    let scratch = tempfile::tempdir().expect("room");
    let file = scratch.path().join("x.toml");
    let check = || run(bare().args(["config", "check"]).arg(&file));
    check().assert_code(2).assert_says(&["cannot be read"]);
    fs::write(&file, [0x7f, b'E', b'L', b'F', 0]).expect("a file");
    check().assert_code(2).assert_says(&["not a text file"]);
    fs::write(&file, vec![b'a'; 3 << 20]).expect("a file");
    check().assert_code(2).assert_says(&["larger than"]);
    fs::write(&file, "[".repeat(100_000)).expect("a file");
    let deep = check();
    deep.assert_code(2);
    assert!(!deep.err.contains("panicked") && deep.err.len() < 2000);
    let folder = run(bare().args(["config", "check"]).arg(scratch.path()));
    folder.assert_code(2).assert_says(&["cannot be read"]);
    let json = run(bare().args(["config", "check", "--json", "/no/such/file"]));
    assert_eq!(json.json()[0]["severity"], "error");
    run(bare().args(["config", "check"]))
        .assert_code(2)
        .assert_says(&["No config file is named"]);
}

#[test]
fn what_neither_file_nor_words_give_is_said() {
    let scratch = tempfile::tempdir().expect("room");
    let file = scratch.path().join("x.toml");
    let mut text = String::new();
    for (key, words, line) in [
        ("plex-url", "--plex-url", "plex-url = 'http://127.0.0.1:9'"),
        ("data-dir", "--data-dir", "data-dir = '/no/such'"),
        (
            "[[section]]",
            "--section",
            "section = [{ title = 'Films' }]",
        ),
        ("source", "--source", "source = 'nfo:/no/such'"),
    ] {
        fs::write(&file, &text).expect("a file");
        let said = run(&mut with(&file, &["sync"]));
        said.assert_code(2)
            .assert_says(&[key, words, "Nothing was changed."]);
        text.push_str(line);
        text.push('\n');
    }
    let none = run(bare().arg("status"));
    none.assert_code(2).assert_says(&["--data-dir", "--config"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_replaces_nothing_unasked_and_holds_no_token() {
    let lab = Lab::new(&small(3)).await;
    let file = exported(&lab);
    let first = fs::read_to_string(&file).expect("the file");
    let again = |words: &[&str]| {
        let mut command = with(&file, &["config", "export"]);
        command.args(["--max-concurrency", "3", "--out"]).arg(&file);
        run(command.args(words))
    };
    again(&[])
        .assert_code(2)
        .assert_says(&["left as it is", "--force"]);
    assert_eq!(fs::read_to_string(&file).expect("the file"), first);
    again(&["--force"]).assert_code(0);
    let second = fs::read_to_string(&file).expect("the file");
    assert_eq!(
        second,
        first.replace("# max-concurrency = 16", "max-concurrency = 3")
    );
    assert!(!second.contains(TOKEN));
    let names = fs::read_dir(lab.scratch()).expect("a folder").count();
    assert_eq!(names, 2, "films and the file, and nothing left over");

    let printed = run(&mut with(&file, &["config", "export"]));
    printed.assert_code(0);
    assert_eq!(printed.out, second);
    let bad = run(bare()
        .args(["config", "export", "--map-regex", "/x/(=/y", "--plex-url"])
        .arg(format!("http://me:{TOKEN}@127.0.0.1:9")));
    bad.assert_code(2)
        .assert_says(&["never closed", "a name or a password", "none was written"]);
    assert!(!bad.err.contains(TOKEN) && bad.out.is_empty());
}
