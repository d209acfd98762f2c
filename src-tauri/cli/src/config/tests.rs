//! What a call's own words change in what a file says.

use std::path::Path;

use clap::Parser as _;
use syncslate_engine::config::{ConfigFile, Severity, read};
use syncslate_engine::face::{PathRule, SourceSettings};
use syncslate_engine::model::{Field, Policy};

use super::given::usable;
use super::{Given, summary};
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
        .expect("names in UTF-8")
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

#[test]
fn every_command_tells_the_warnings_of_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("syncslate.toml");
    let shown = path.display().to_string();
    let rule = "[[path-rule]]\nfrom = '/file/x'\nto = '/y'\n";
    std::fs::write(&path, format!("{FILE}{rule}")).expect("a file");
    let Ok(usable_file) = usable(&path) else {
        panic!("a usable file");
    };
    let [source, covered] = usable_file.warnings.as_slice() else {
        panic!("two warnings: {:?}", usable_file.warnings);
    };
    assert!(source.starts_with(&format!("{shown}:3:10: warning: There is no folder")));
    assert!(covered.contains("warning: This rule never applies"));

    // A command's own words may name what the file does not.
    std::fs::write(&path, "max-concurrency = 3").expect("a file");
    assert!(usable(&path).is_ok_and(|usable| usable.warnings.is_empty()));
    std::fs::write(&path, "max-concurrency = 0").expect("a file");
    let refused = usable(&path).err().unwrap_or_default();
    assert!(refused.starts_with(&format!("{shown}:1:19: ")), "{refused}");
    assert!(refused.ends_with("Nothing was changed."), "{refused}");
}

#[test]
fn a_summary_shows_no_passwords() {
    let text = FILE
        .replace("nfo:/file", "nfo:smb://me:s3cr3t@nas/films")
        .replace("/file-data", "//me:s3cr3t@nas/data")
        .replace("\"/file\"", "'smb://me:s3cr3t@nas'")
        .replace("\"/plex\"", "'smb://me:s3cr3t@plex'")
        .replace("\"Films\"", "'ftp://me:s3cr3t@nas'");
    let reading = read(text.as_bytes(), &|_| true);
    assert!(reading.is_usable(), "{:?}", reading.mistakes);
    let shown = summary::of(&reading.config);
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert_eq!(shown.matches("…@nas").count(), 5, "{shown}");
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_a_file_cannot_name_is_not_exported() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::PathBuf;

    use crate::args::Folder;

    let folder = Folder {
        data_dir: Some(PathBuf::from(OsStr::from_bytes(b"/data/\xff"))),
        config: None,
    };
    let given = Given::read(&folder, Printer::new(false)).expect("no file");
    let refused = given.into_file().expect_err("no such name in a file");
    assert!(refused.contains("not UTF-8"), "{refused}");
}
