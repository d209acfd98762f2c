//! Files that are no config files, or try to be trouble.

use std::fmt::Write as _;

use crate::config::{LARGEST, Reading, read};

fn file(bytes: &[u8]) -> Reading {
    read(bytes, &|_| true)
}

#[track_caller]
fn refused(bytes: &[u8], place: (usize, usize), words: &str) {
    let reading = file(bytes);
    assert!(!reading.is_usable());
    let first = &reading.mistakes[0];
    assert_eq!((first.line, first.column), place, "{first}");
    assert!(first.message.contains(words), "{first}");
}

#[test]
fn what_is_no_text_is_told_apart() {
    refused(&vec![b'#'; LARGEST + 1], (1, 1), "larger than 1024 KiB");
    refused(b"\x7fELF\0\0\x01", (1, 1), "not a text file");
    refused(b"\xff\xfep\0l\0", (1, 1), "UTF-16");
    refused(b"# x\nsource = \"nfo:/F\xfcr\"", (2, 17), "not UTF-8");
}

#[test]
fn a_byte_order_mark_says_nothing() {
    let reading = file(b"\xef\xbb\xbfmax-concurrency = 70\r\n");
    let columns: Vec<usize> = reading.mistakes.iter().map(|m| m.column).collect();
    assert_eq!(columns, [19]);
}

#[test]
fn an_empty_file_is_usable_and_says_what_is_missing() {
    let reading = file(b"");
    assert!(reading.is_usable());
    assert_eq!(reading.mistakes, []);
    assert_eq!(reading.missing.len(), 3);
}

#[test]
fn nesting_and_length_cost_little_and_are_refused() {
    let deep = format!("policies = {}", "[".repeat(200_000));
    refused(deep.as_bytes(), (1, 92), "nested too deeply");
    let dotted = format!("{}a = 1", "a.".repeat(50_000));
    assert!(!file(dotted.as_bytes()).is_usable());
    let many = "a = \n".repeat(100_000);
    let reading = file(many.as_bytes());
    assert_eq!(reading.mistakes.len(), 51);
    assert!(
        reading.mistakes[50].message.contains("99950 more"),
        "{}",
        reading.mistakes[50]
    );
    let long = format!("{} = 1", "x".repeat(500_000));
    let shown = file(long.as_bytes()).mistakes;
    assert!(shown.iter().all(|mistake| mistake.excerpt.len() < 400));
}

#[test]
fn warnings_that_are_too_many_to_tell_stay_warnings() {
    let rule = "[[path-rule]]\nfrom = '/a'\nto = '/b'\n";
    let reading = file(rule.repeat(5_000).as_bytes());
    assert!(reading.is_usable(), "{:?}", reading.mistakes.last());
    let last = reading.mistakes.last().map(ToString::to_string);
    assert!(last.is_some_and(|last| last.contains("warning: And ")));
    let error = format!("{}max-concurrency = 0", rule.repeat(5_000));
    assert!(!file(error.as_bytes()).is_usable());
}

#[test]
fn a_line_with_a_hundred_thousand_mistakes_is_told_in_short() {
    let mut line = "policies = { ".to_owned();
    let mut number = 0;
    while line.len() < LARGEST - 20 {
        let _ = write!(line, "k{number} = 1,");
        number += 1;
    }
    line.push_str(" z = 1 }");
    assert!(number > 90_000 && line.len() <= LARGEST);
    let reading = file(line.as_bytes());
    assert_eq!(reading.mistakes.len(), 51);
    let columns = reading.mistakes.iter().map(|mistake| mistake.column);
    // The earliest, of which the first ten are a character shorter.
    let first: Vec<usize> = (0..51)
        .map(|at| 14 + 7 * at + usize::saturating_sub(at, 10))
        .collect();
    assert_eq!(columns.collect::<Vec<_>>(), first);
    let rest = format!("And {} more from here on.", number + 1 - 50);
    assert_eq!(reading.mistakes[50].message, rest);
    let said: usize = reading.mistakes.iter().map(|m| m.to_string().len()).sum();
    assert!(said < 51 * 1000, "{said}");
}

#[test]
fn long_names_and_values_are_told_in_short() {
    let long = "x".repeat(900_000);
    for text in [
        format!("{long} = 1"),
        format!("policies.{long} = 1"),
        format!("policies.title = '{long}'"),
        format!("source = 'nfo:{long}'"),
        format!("[[section]]\ntitle = '{}'\n", &long[..400_000]).repeat(2),
        format!("{0} = 1\n{0} = 1", &long[..400_000]),
        format!("plex-url = '{long}"),
        format!("plex-url{}= 7", " ".repeat(900_000)),
        format!("[[path-rule]]\nfrom = '{long}('\nto = ''\nkind = 'regex'"),
    ] {
        let mistakes = file(text.as_bytes()).mistakes;
        assert!(!mistakes.is_empty());
        for mistake in mistakes {
            assert!(mistake.to_string().len() < 1500, "{}", &text[..30]);
        }
    }
}
