//! What a call's own words change in what a file says.

use std::path::Path;

use clap::Parser as _;
use syncslate_engine::config::{ConfigFile, Severity, read};
use syncslate_engine::face::{PathRule, SourceSettings};
use syncslate_engine::model::{Field, Policy};

use super::Given;
use crate::args::{Cli, Verb};
use crate::output::Printer;

const FILE: &str = r#"
plex-url = "http://file:32400"
source = "nfo:/file"
data-dir = "/file-data"
lock-written = false
max-concurrency = 4
[[section]]
title = "Films"
[section.policies]
summary = "off"
[[section]]
title = "Series"
[[path-rule]]
from = "/file"
to = "/plex"
"#;

/// What a sync with this file and these words works with.
fn given(words: &[&str]) -> ConfigFile {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("syncslate.toml");
    std::fs::write(&path, FILE).expect("a file");
    let path = path.to_str().expect("a name");
    let all = [
        "syncslate-cli",
        "sync",
        "--plex-token",
        "t",
        "--config",
        path,
    ];
    let cli = Cli::try_parse_from(all.iter().chain(words)).expect("valid words");
    let Verb::Sync {
        plex,
        folder,
        sides,
        ..
    } = cli.command
    else {
        panic!("a sync");
    };
    let given = Given::read(&folder, Printer::new(false)).expect("a usable file");
    given
        .with_server(&plex.server)
        .with_sides(sides)
        .into_file()
}

#[test]
fn a_file_alone_is_enough() {
    let mistakes = read(FILE.as_bytes(), &|_| true).mistakes;
    assert_eq!(mistakes, []);
    let file = given(&[]);
    assert_eq!(file, read(FILE.as_bytes(), &|_| true).config);
    assert_eq!(file.settings.validate(), Ok(()));
}

#[test]
fn words_win_over_the_file() {
    let file = given(&[
        "--plex-url",
        "http://word:1",
        "--source",
        "nfo:/word",
        "--data-dir",
        "/word-data",
        "--lock",
        "--max-concurrency",
        "9",
        "--section",
        "Films",
        "--section",
        "Music",
        "--map",
        "/word=/x",
    ]);
    let settings = file.settings;
    assert_eq!(settings.plex_address, "http://word:1");
    let SourceSettings::Nfo { folder } = &settings.source;
    assert_eq!(folder, "/word");
    assert_eq!(file.data_dir.as_deref(), Some("/word-data"));
    assert!(settings.lock_written);
    assert_eq!(settings.max_concurrency, 9);
    assert_eq!(settings.path_rules, [PathRule::prefix("/word", "/x")]);
    let titles: Vec<&str> = settings
        .sections
        .iter()
        .map(|section| section.title.as_str())
        .collect();
    assert_eq!(titles, ["Films", "Music"]);
    // A library that is picked keeps what the file says of it.
    let policies = &settings.sections[0].policies;
    assert_eq!(policies.get(&Field::Summary), Some(&Policy::Off));
}

#[test]
fn the_source_that_is_not_there_is_warned_of() {
    let text = FILE.replace("nfo:/file", "nfo:/no/such/folder");
    let reading = read(text.as_bytes(), &|folder| Path::new(folder).is_dir());
    assert!(reading.is_usable());
    assert_eq!(reading.mistakes[0].severity, Severity::Warning);
    assert_eq!(reading.mistakes[0].line, 3);
}
