//! From bytes to a TOML table, and the parser's messages in a user's words.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::LARGEST;
use super::found::Found;
use super::mistake::{Mistake, Severity};
use super::reader::ESCAPES;
use super::secrets::repeated;
use super::text::Text;

/// The text of a file, or why it is none.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Mistake> {
    let refuse = |message: String| Err(Mistake::of_file(Severity::Error, message));
    if bytes.len() > LARGEST {
        return refuse(format!(
            "This file is larger than {} KiB, so it is no config file. Check its name.",
            LARGEST >> 10
        ));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return refuse(
            "This file is written in UTF-16. Save it as UTF-8 in your editor.".to_owned(),
        );
    }
    if bytes.contains(&0) {
        return refuse(
            "This is not a text file, so it is no config file. Check its name.".to_owned(),
        );
    }
    match std::str::from_utf8(bytes) {
        // Some editors write a mark at the beginning, which means nothing.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let last = before.rsplit_once('\n').map_or(&*before, |(_, last)| last);
            let line = before.matches('\n').count() + 1;
            let column = last.chars().count() + 1;
            Err(Mistake {
                line,
                column,
                ..Mistake::of_file(
                    Severity::Error,
                    "What stands here is not UTF-8. Save the file as UTF-8 in your editor.",
                )
            })
        }
    }
}

/// What the parser made of a text.
pub(super) struct Parsed<'a> {
    pub(super) table: Spanned<DeTable<'a>>,
    pub(super) found: Found,
    /// Lines, counted from 0, on which the parser had to guess.
    pub(super) guessed: BTreeSet<usize>,
}

/// Reads a text as far as it is TOML; of several mistakes in a line only the first is told.
pub(super) fn parse<'a>(text: &Text<'a>) -> Parsed<'a> {
    let (table, errors) = DeTable::parse_recoverable(text.whole);
    let mut guessed = BTreeSet::new();
    let mut found = Found::default();
    for error in errors {
        let end = text.whole.len();
        let span = error.span().unwrap_or(end..end);
        if guessed.insert(text.line(span.start)) {
            found.add(text.unread(span.clone()), Severity::Error, || {
                words(error.message(), text.whole, &span)
            });
        }
    }
    Parsed {
        table,
        found,
        guessed,
    }
}

fn words(message: &str, text: &str, span: &Range<usize>) -> String {
    if message.starts_with("duplicate key") {
        let name = repeated(text.get(span.clone()).unwrap_or_default());
        return format!("“{name}” is said a second time. Keep one of them.");
    }
    if message.contains("escape") || message.contains("unicode value") {
        return ESCAPES.to_owned();
    }
    let is_nothing = text
        .get(span.clone())
        .is_none_or(|found| found.trim().is_empty());
    if is_nothing && (message.contains("must be quoted") || message.starts_with("missing value")) {
        return "The value is missing: name = \"value\".".to_owned();
    }
    if message.contains("must be quoted") {
        return "Words and paths need quotation marks around them: \"like this\".".to_owned();
    }
    if message.contains("recurs") {
        return "Brackets are nested too deeply. No setting needs that.".to_owned();
    }
    if message.starts_with("key with no value") || message.starts_with("missing assignment") {
        return "A “=” and a value are missing: name = \"value\".".to_owned();
    }
    if message.contains("carriage return") {
        return "A line ends as on old Macintoshes. Save the file with other line ends in your editor.".to_owned();
    }
    format!("This cannot be read: {message}.")
}
