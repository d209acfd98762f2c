//! Each kind of mistake, in one line of a file.

use std::fmt::Write as _;

use super::wrong;
use crate::config::{Severity, read};

/// A text has one mistake, there, and it says this.
#[track_caller]
fn check(text: &str, (line, column): (usize, usize), severity: Severity, words: &[&str]) {
    let found = wrong(text);
    let [mistake] = found.as_slice() else {
        panic!("one mistake in {text}: {found:#?}");
    };
    assert_eq!((mistake.line, mistake.column), (line, column), "{mistake}");
    assert_eq!(mistake.severity, severity, "{mistake}");
    for word in words {
        assert!(
            mistake.message.contains(word),
            "“{word}” is not said: {mistake}"
        );
    }
}

#[track_caller]
fn error(text: &str, place: (usize, usize), words: &[&str]) {
    check(text, place, Severity::Error, words);
}

#[track_caller]
fn warning(text: &str, place: (usize, usize), words: &[&str]) {
    check(text, place, Severity::Warning, words);
}

#[test]
fn unknown_keys_say_what_was_meant() {
    error(
        "\nplex-ulr = \"http://a:1\"",
        (2, 1),
        &["no setting “plex-ulr”", "mean “plex-url”"],
    );
    error("plexAddress = \"http://a:1\"", (1, 1), &["mean “plex-url”"]);
    error(
        "colour = 1",
        (1, 1),
        &["There are plex-url, source,", "path-rule."],
    );
    error(
        "[[section]]\ntitle = \"Films\"\npolicys = {}",
        (3, 1),
        &["mean “policies”"],
    );
    error(
        "[[path-rule]]\nfrom = \"/a\"\nto = \"/b\"\nregex = true",
        (4, 1),
        &["mean “from”"],
    );
    error(
        "[[path-rule]]\nfrom = \"/a\"\nto = \"/b\"\nsource = 1",
        (4, 1),
        &["mean “from”"],
    );
    error("[sections]\ntitle = \"Films\"", (1, 2), &["mean “section”"]);
}

#[test]
fn keys_that_stand_in_the_wrong_place_say_where_they_belong() {
    let top = &["belongs at the top"];
    error(
        "[policies]\ntitle = \"off\"\nplex-url = \"http://a:1\"",
        (3, 1),
        top,
    );
    error(
        "[[section]]\ntitle = \"a\"\nlock-written = true",
        (3, 1),
        top,
    );
}

#[test]
fn wrong_types_say_what_is_wanted() {
    error(
        "plex-url = 7",
        (1, 12),
        &["“plex-url” must be a text", "a number"],
    );
    error(
        "lock-written = \"yes\"",
        (1, 16),
        &["true or false", "a text"],
    );
    error("max-concurrency = 1.5", (1, 19), &["a whole number"]);
    error("max-concurrency = 65", (1, 19), &["between 1 and 64"]);
    error("max-concurrency = 0", (1, 19), &["between 1 and 64"]);
    error("policies = \"off\"", (1, 12), &["a table: [policies]"]);
    error(
        "[section]\ntitle = \"Films\"",
        (1, 1),
        &["[[section]] in double brackets"],
    );
    error(
        "section = [\"Films\"]",
        (1, 12),
        &["must be tables: [[section]]"],
    );
    error("source = 1979-05-27", (1, 10), &["a date or time"]);
}

#[test]
fn names_and_choices_that_are_not_there_are_listed() {
    error(
        "[policies]\nsummary = \"keep-edits\"",
        (2, 11),
        &[
            "“keep-edits”",
            "keep-plex-edits, source-is-right, fill-only-if-empty, off",
        ],
    );
    error(
        "[policies]\nsummary = \"of\"",
        (2, 11),
        &["Did you mean “off”?"],
    );
    error(
        "[policies]\nsumary = \"off\"",
        (2, 1),
        &["no field “sumary”", "“summary”"],
    );
    error(
        "[policies]\nxyzzy = \"off\"",
        (2, 1),
        &["There are title, sort-title,"],
    );
    error(
        "[list-modes]\ntitle = \"own\"",
        (2, 1),
        &["not a list", "genres, styles"],
    );
    error("[list-modes]\ngenres = \"mirrors\"", (2, 10), &["“mirror”"]);
    error(
        "[policies]\nsort-title = \"off\"\nsortTitle = \"off\"",
        (3, 1),
        &["second time"],
    );
    error(
        "[[section]]\ntitle = \"A\"\n[section.policies]\nposter = \"no\"",
        (4, 10),
        &["Possible"],
    );
    error(
        "[[path-rule]]\nfrom = \"/a\"\nto = \"/b\"\nkind = \"glob\"",
        (4, 8),
        &["prefix, regex"],
    );
}

#[test]
fn addresses_and_folders_that_cannot_work() {
    error("plex-url = \"\"", (1, 12), &["Enter the address"]);
    error(
        "plex-url = \"ftp://192.168.1.10\"",
        (1, 12),
        &["not an address", "http://"],
    );
    error("source = \"/films\"", (1, 10), &["Write “nfo:” before"]);
    error("source = \"nfo:\"", (1, 10), &["folder is missing"]);
    error(
        "source = \"nfo:~/films\"",
        (1, 10),
        &["Write the whole path"],
    );
    error("data-dir = \"~/data\"", (1, 12), &["Write the whole path"]);
    error("data-dir = \"\"", (1, 12), &["folder is missing"]);
    warning(
        "source = \"nfo:films\"",
        (1, 10),
        &["depends on the folder", "source"],
    );
    let gone = read(b"source = 'nfo:D:\\Films'", &|folder| folder != "D:\\Films").mistakes;
    let [at] = gone.as_slice() else {
        panic!("one mistake: {gone:?}");
    };
    assert_eq!(at.column, 10);
    assert_eq!(at.severity, Severity::Warning);
    assert!(at.message.contains("no folder D:\\Films"), "{at}");
}

#[test]
fn codes_that_were_meant_as_backslashes_are_errors() {
    for (text, place) in [
        (r#"source = "nfo:D:\new\backup""#, (1, 10)),
        (r#"data-dir = "D:\temp""#, (1, 12)),
        (r#"plex-url = "http://a:1\t""#, (1, 12)),
        ("[[section]]\ntitle = \"Fi\\rms\"", (2, 9)),
        (
            "[[path-rule]]\nto = '/x'\nfrom = \"D:\\new\\backup\"",
            (3, 8),
        ),
        (
            "[[path-rule]]\nfrom = '/x'\nto = \"D:\\new\\backup\"",
            (3, 6),
        ),
    ] {
        let meant = &[
            "cannot be seen",
            "begins a code",
            "single quotes",
            r"D:\\Films",
        ];
        error(text, place, meant);
    }
    let whole = r"source = 'nfo:D:\new\backup'";
    assert_eq!(wrong(whole), []);
    assert_eq!(wrong(&whole.replace('\'', "\"").replace('\\', r"\\")), []);
}

#[test]
fn libraries_that_are_named_twice_or_not_at_all() {
    error(
        "[[section]]\ntitle = \"Films\"\n[[section]]\ntitle = \" Films\"",
        (4, 9),
        &["“Films” is named a second time"],
    );
    error("[[section]]\ntitle = \" \"", (2, 9), &["title is empty"]);
    error(
        "[[section]]\n[section.policies]\ntitle = \"off\"",
        (1, 1),
        &["no title"],
    );
}

#[test]
fn path_rules_that_cannot_work_say_where() {
    let regex = |from: &str, to: &str| {
        format!("[[path-rule]]\nkind = \"regex\"\nfrom = '{from}'\nto = '{to}'")
    };
    error(
        &regex("/x/(a", "/y"),
        (3, 12),
        &["Path rule 1", "never closed"],
    );
    error(&regex("/x/(a)", "/y/$2"), (4, 10), &["group “2”"]);
    error(
        "[[path-rule]]\nfrom = \"\"\nto = \"/b\"",
        (2, 8),
        &["left side"],
    );
    error("[[path-rule]]\nfrom = \"/a\"", (1, 1), &["no “to”"]);
    // Where codes stand for characters, the whole pattern is shown.
    error(
        "[[path-rule]]\nkind = \"regex\"\nfrom = \"\\u0041(\"\nto = \"\"",
        (3, 8),
        &["character 2"],
    );
}

#[test]
fn path_rules_that_never_apply_are_warned_of() {
    let rules = |rules: &[(&str, &str)]| {
        let mut text = String::new();
        for (kind, from) in rules {
            let _ = write!(
                text,
                "[[path-rule]]\nkind = '{kind}'\nfrom = '{from}'\nto = '/z'\n"
            );
        }
        wrong(&text)
    };
    for never in [
        [("prefix", "/films"), ("prefix", "/films/old")],
        [("prefix", "/films/"), ("prefix", "/films")],
        [("prefix", "D:\\Films"), ("prefix", "d:\\films\\x")],
        [("regex", "/a/(.*)"), ("regex", "/a/(.*)")],
        [("regex", "(.*)"), ("prefix", "/films")],
        [("prefix", "/films"), ("regex", "/films/(.*)")],
    ] {
        let found = rules(&never);
        assert_eq!(found.len(), 1, "{never:?}: {found:?}");
        assert_eq!((found[0].line, found[0].severity), (7, Severity::Warning));
        assert!(found[0].message.contains("rule 1"), "{}", found[0]);
    }
    for applies in [
        [("prefix", "/films/old"), ("prefix", "/films")],
        [("prefix", "/films"), ("prefix", "/films2")],
        [("prefix", "/films"), ("regex", "/films(.*)")],
        [("prefix", "/films/a"), ("regex", "/films/a/?b.*")],
        [("prefix", "/films"), ("regex", "/films/x.*|/shows/.*")],
        [("regex", "/films/(.*)"), ("prefix", "/films")],
    ] {
        assert_eq!(rules(&applies), [], "{applies:?}");
    }
}

#[test]
fn what_is_no_toml_is_said_in_words() {
    error("plex-url = http://a:1", (1, 12), &["quotation marks"]);
    error("source = \"nfo:D:\\Films\"", (1, 18), &["single quotes"]);
    error(
        "lock-written = true\nlock-written = true",
        (2, 1),
        &["second time"],
    );
    error("plex-url", (1, 9), &["“=” and a value are missing"]);
    error("max-concurrency =", (1, 18), &["value is missing"]);
}

#[test]
fn all_mistakes_are_told_in_their_order() {
    let found = wrong(
        "plex-url = 192.168.1.10\nsource = \"films\"\nmax-concurency = 4\n[policies]\nsummary = 3\n",
    );
    let lines: Vec<usize> = found.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [1, 2, 3, 5], "{found:#?}");
}

#[test]
fn the_line_is_shown_with_a_caret_below() {
    let found = wrong("# Größe\r\nmax-concurrency = \"größer\"\r\n");
    assert_eq!(
        found[0].to_string(),
        "2:19: “max-concurrency” must be a whole number such as 16; this is a text.\n  \
         2 | max-concurrency = \"größer\"\n    |                   ^^^^^^^^"
    );
}
