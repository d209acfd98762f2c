//! What nobody should see is nowhere in what is said of a file.

use super::wrong;
use crate::config::read;

#[test]
fn a_token_is_refused_and_never_shown() {
    for text in [
        "plex-token = \"s3cr3t\"",
        "token = \"s3cr3t\"",
        "X-Plex-Token = \"s3cr3t\"",
        "password = 's3cr3t'",
        "policies.token = 's3cr3t'",
        "[[section]]\ntitle = 'a'\ntoken = 's3cr3t'",
    ] {
        let found = wrong(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(
            found[0].message.contains("SYNCSLATE_PLEX_TOKEN"),
            "{}",
            found[0]
        );
        assert!(!found[0].to_string().contains("s3cr3t"), "{}", found[0]);
    }
    for text in [
        "plex-token = s3cr3t",
        "plex-token: s3cr3t",
        "plex-url = \"http://me:s3cr3t@plex:1\"",
        "plex-url = \"http://plex:1/?X-Plex-Token=s3cr3t\"",
        "plex-token = \"\"\"\ns3cr3t\\q\"\"\"",
        "x = { token = \"s3cr3t\"",
    ] {
        let found = wrong(text);
        assert!(!found.is_empty(), "{text}");
        for mistake in found {
            assert!(!mistake.to_string().contains("s3cr3t"), "{mistake}");
        }
    }
}

/// Nothing that is said of a text, in sentences or in pieces of it, holds the secret; and something is said.
#[track_caller]
fn hidden(text: &str) {
    let reading = read(text.as_bytes(), &|_| false);
    assert!(!reading.mistakes.is_empty(), "{text}");
    for mistake in reading.mistakes.iter().chain(&reading.missing) {
        let said = format!("{mistake} {mistake:?}");
        assert!(!said.contains("s3cr3t"), "{text}\n{mistake}");
    }
}

#[test]
fn comments_are_never_shown() {
    hidden("# plex-token = \"s3cr3t\" \u{1}");
    hidden("#plex-url = \"http://a:1/?X-Plex-Token=s3cr3t\"\u{7f}\n");
    hidden("max-concurrency = 0 # s3cr3t");
    hidden("plex-url = http://a:1 # s3cr3t");
    hidden("plex-url = http://a:1\n# s3cr3t \u{1}");
}

#[test]
fn values_of_keys_that_are_not_known_are_never_shown() {
    for key in ["plex-auth", "key", "X", "\"my key\""] {
        hidden(&format!("{key} = \"s3cr3t\""));
        hidden(&format!("{key} = s3cr3t"));
        hidden(&format!("{key} = \"s3cr3t\\q\""));
        hidden(&format!("{key} = \"\"\"\ns3cr3t\\q\"\"\""));
        hidden(&format!("{key}: \"s3cr3t\""));
        hidden(&format!("{key} \"s3cr3t\""));
        hidden(&format!("[{key}]\nx = \"s3cr3t\""));
        hidden(&format!("policies.{key} = \"s3cr3t\""));
        hidden(&format!(
            "policies = {{ {key} = \"s3cr3t\", title = \"no\" }}"
        ));
        hidden(&format!(
            "policies = {{ title = \"no\", {key} = \"s3cr3t\" }}"
        ));
        hidden(&format!("policies = {{ title = no, {key} = \"s3cr3t\" }}"));
        hidden(&format!("policies = {{ {key} \"s3cr3t\" }}"));
        hidden(&format!("section = {{ {key} = \"s3cr3t\" }}"));
        hidden(&format!("source = [{{ {key} = \"s3cr3t\" }}]"));
        hidden(&format!("[[section]]\ntitle = 'a'\n{key} = \"s3cr3t\""));
        hidden(&format!("plex-url = \"http://a:1\" {key} = \"s3cr3t\""));
        hidden(&format!("max-concurrency = 3, {key} = \"s3cr3t\""));
    }
}

#[test]
fn passwords_of_addresses_are_masked_in_sentences_too() {
    hidden("source = \"nfo:smb://me:s3cr3t@nas/films\"");
    hidden("source = \"nfo:me:s3cr3t@nas\"");
    hidden("source = 'nfo:\\\\me:s3cr3t@nas\\films'");
    hidden("data-dir = \"smb://me:s3cr3t@nas/films\"");
    hidden("[policies]\ntitle = \"smb://me:s3cr3t@nas\"");
    hidden("\"smb://me:s3cr3t@nas\" = 1");
    let title = "[[section]]\ntitle = 'smb://me:s3cr3t@nas'\n";
    hidden(&title.repeat(2));
    let rule = "[[path-rule]]\nfrom = 'smb://me:s3cr3t@nas'\nto = '/b'\n";
    hidden(&rule.repeat(2));
}

#[test]
fn of_a_line_what_is_wrong_is_shown() {
    for (text, shown) in [
        ("plex-ulr = \"x\"", "  1 | plex-ulr = …\n    | ^^^^^^^^"),
        ("[sections]", "  1 | [sections]\n    |  ^^^^^^^^"),
        (
            "source = \"nfo:D:\\Films\"",
            "  1 | source = \"nfo:D:\\F …\n    |                  ^",
        ),
        (
            "[policies]\nsummary = 'no' # why",
            "  2 | summary = 'no' …\n    |           ^^^^",
        ),
        (
            "policies = { x = 1, title = 'no' }",
            "  1 | policies = { x = …\n    |              ^",
        ),
        ("colour = red", ""),
    ] {
        let found = wrong(text);
        assert_eq!(found[0].excerpt, shown, "\n{}", found[0].excerpt);
    }
}
