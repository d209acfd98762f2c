//! What a newcomer is told: every change before it is made, every file that says nothing, and what to type next.

use std::collections::BTreeMap;

use serde_json::Value;
use syncslate_emulator::generator::FILMS_SECTION;

use super::lab::{Lab, bare, run, small};

/// The rows before the last line.
fn rows(out: &str) -> Vec<Value> {
    let mut rows: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    rows.pop();
    rows
}

/// The words of a value, in whatever way it is laid out.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Object(value) => {
            let texts = ["text", "tags", "cast"].into_iter();
            let inside = texts.filter_map(|kind| value.get(kind));
            inside.flat_map(words).collect()
        }
        Value::Array(values) => values.iter().flat_map(words).collect(),
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_shows_every_change_whole_and_everything_that_stays() {
    let lab = Lab::new(&small(170)).await;
    let expected = &lab.world.expected;
    let json = run(lab.sync().args(["--dry-run", "--json"]));
    let figures = json.assert_code(0).json();
    let rows = rows(&json.out);
    let (stays, changes): (Vec<&Value>, Vec<&Value>) =
        rows.iter().partition(|row| row.get("kept").is_some());
    assert_eq!(changes.len() as u64, figures["fieldsWritten"]);
    assert_eq!(changes.len(), expected.fields_written());
    assert!(expected.kept() > 0 && stays.len() >= expected.kept() + expected.conflicts());
    for row in &rows {
        assert_eq!(row["library"], FILMS_SECTION, "{row}");
        for name in ["item", "title", "path", "field"] {
            assert!(!row[name].is_null(), "no {name}: {row}");
        }
        let sides = if row.get("kept").is_some() {
            ["plex", "source"]
        } else {
            ["before", "after"]
        };
        assert!(sides.iter().all(|side| !row[*side].is_null()), "{row}");
    }
    // The same for people: of every item, each word of what is to be written.
    let shown = run(lab.sync().arg("--dry-run"));
    shown.assert_code(0);
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut title = String::new();
    for line in shown.out.lines() {
        if !line.is_empty() && !line.starts_with(' ') {
            line.clone_into(&mut title);
        }
        let block = blocks.entry(title.clone()).or_default();
        block.push_str(line);
        block.push(' ');
    }
    let mut longest = 0;
    for row in changes {
        let place = format!(
            "({FILMS_SECTION}, {})",
            row["path"].as_str().unwrap_or_default()
        );
        let blocks: Vec<&String> = blocks
            .iter()
            .filter(|(title, _)| title.ends_with(&place))
            .map(|(_, block)| block)
            .collect();
        let before = words(&row["before"]);
        let after = words(&row["after"]);
        longest = longest.max(after.len());
        for word in after.iter().filter(|word| !before.contains(word)) {
            assert!(
                blocks.iter().any(|block| block.contains(word.as_str())),
                "“{word}” of {row} is not shown in {blocks:#?}"
            );
        }
    }
    assert!(longest > 30, "no long value to show");
    for why in ["locked in Plex before Syncslate knew of it", "your source:"] {
        assert!(shown.out.contains(why), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_plex_holds_cannot_act_on_the_terminal() {
    let lab = Lab::new(&small(6)).await;
    let section = &lab.emulator.state().sections[FILMS_SECTION];
    let hostile = "Nice\u{1b}]0;gone\u{7}\u{1b}[2J\u{9b}1A\u{202e}flim";
    for file in section.items.keys() {
        let key = lab.emulator.key_of(file).expect("it is there");
        for field in ["title", "summary"] {
            let edited = lab.emulator.edit_as_person(key, field, hostile, true);
            edited.expect("a person may");
        }
    }
    for json in [&[][..], &["--json"]] {
        let shown = run(lab.sync().arg("--dry-run").args(json));
        shown.assert_code(0);
        assert!(shown.out.contains("Nice"), "{}", shown.out);
        for said in [&shown.out, &shown.err] {
            let acts = |character: char| {
                character != '\n' && (character.is_control() || character == '\u{202e}')
            };
            assert!(!said.contains(acts), "{said:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_source_file_that_says_nothing_is_named() {
    let lab = Lab::new(&small(24)).await;
    let broken: Vec<String> = lab.nfos().into_iter().take(13).map(str::to_owned).collect();
    assert_eq!(broken.len(), 13);
    for path in &broken {
        std::fs::write(lab.films().join(path), "").expect("a file");
    }
    let first = run(&mut lab.sync());
    first
        .assert_code(1)
        .assert_says(&["and 3 more: syncslate-cli failed"]);
    assert!(
        first.out.contains("but 13 source files could not be read"),
        "{}",
        first.out
    );
    let named = |text: &str| broken.iter().filter(|path| text.contains(*path)).count();
    assert_eq!(named(&first.err), 10, "{}", first.err);
    // Also where nothing is new: they are still unreadable.
    for _ in 0..2 {
        let again = run(lab.sync().arg("--json"));
        assert_eq!(again.assert_code(1).json()["unreadable"], 13);
        let rows = rows(&again.out);
        assert_eq!(rows.len(), 13);
        assert!(rows.iter().all(|row| row["reason"] == "is empty."));
        assert_eq!(named(&again.out), 13);
    }
    let preview = run(lab.sync().arg("--dry-run"));
    preview.assert_code(1).assert_says(&["and 3 more"]);
    let failed = run(&mut lab.cli("failed"));
    failed.assert_code(0);
    assert_eq!(named(&failed.out), 13, "{}", failed.out);
    let listed = run(lab.cli("failed").arg("--json")).json();
    assert_eq!(listed["unread"]["files"].as_array().map(Vec::len), Some(13));
    let status = run(&mut lab.cli("status"));
    assert!(
        status.out.contains("could not be read: 13"),
        "{}",
        status.out
    );
    // Put right, they are written, and nobody speaks of them any more.
    lab.world
        .write_tree(&lab.films())
        .expect("the films can be written");
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
    let failed = run(&mut lab.cli("failed"));
    assert!(!failed.out.contains("could not read"), "{}", failed.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_and_collections_are_told_apart() {
    let lab = Lab::new(&small(60)).await;
    let made = lab.world.expected.collections.len() as u64;
    assert!(made > 0);
    let preview = run(lab.sync().args(["--dry-run", "--json"])).json();
    assert_eq!(preview["collectionsChanged"], made);
    let synced = run(&mut lab.sync());
    synced.assert_code(0);
    let changed = lab.world.expected.changed() as u64;
    let both = format!("{} items and {made} collections", changed - made);
    for label in ["to change", "written"] {
        let row = format!("{label}  {both}");
        assert!(synced.out.contains(&row), "no “{row}”: {}", synced.out);
    }
    let run_of_it = run(lab.cli("runs").arg("--json")).json();
    assert_eq!(run_of_it[0]["collectionsChanged"], made);
    assert_eq!(run_of_it[0]["collectionsWritten"], made);
    assert_eq!(run_of_it[0]["written"], changed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_may_be_as_a_browser_has_it() {
    let lab = Lab::new(&small(3)).await;
    let bare = lab.url().replace("http://", "");
    for address in [
        bare.clone(),
        format!("{bare}/web"),
        format!("{}/web/index.html#!/", lab.url()),
    ] {
        run(lab
            .sync()
            .arg("--dry-run")
            .env("SYNCSLATE_PLEX_URL", &address))
        .assert_code(0);
    }
}

#[test]
fn help_and_errors_say_what_to_type() {
    let help = run(bare().arg("--help"));
    for text in ["Exit codes:", "3  Plex or the source", "undo --last"] {
        assert!(help.out.contains(text), "{text}: {}", help.out);
    }
    for verb in ["sync", "undo", "unlock"] {
        let help = run(bare().args([verb, "--help"]));
        assert!(help.out.contains("Exit codes:"), "{}", help.out);
    }
    let undo = run(bare().arg("undo"));
    undo.assert_code(2)
        .assert_says(&["undo --last", "undo 3", "Nothing was changed."]);
    let json = run(bare().args(["undo", "--json"]));
    assert_eq!(json.assert_code(2).json()["error"]["code"], "usage");
}

#[test]
fn the_demo_names_no_command_that_would_find_nothing() {
    let demo = run(bare().args(["demo", "--films", "200"]));
    demo.assert_code(0);
    assert!(demo.out.contains("are gone now"), "{}", demo.out);
    for gone in ["syncslate-cli conflicts", "syncslate-cli failed"] {
        assert!(!demo.err.contains(gone), "{}", demo.err);
    }
    assert!(demo.err.contains("locked in Plex"), "{}", demo.err);
}
