//! What is wrong with a file, and where: line, column and the line itself, but never what might be a token.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::names::plain;

/// Most characters of a line that are shown.
const SHOWN: usize = 110;
/// What is in the name of a key whose value nobody should see.
const SECRET: [&str; 5] = ["token", "password", "passwd", "secret", "apikey"];

/// Whether a file can be used in spite of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, and probably does not do what was meant.
    Warning,
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mistake {
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters from 1.
    pub column: usize,
    /// Whether the file can be used.
    pub severity: Severity,
    /// What is wrong and what to do, in sentences.
    pub message: String,
    /// The line with a caret below it; empty where the mistake is the whole file's.
    #[serde(skip)]
    pub excerpt: String,
}

impl Mistake {
    /// One that is the whole file's.
    pub fn of_file(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            line: 1,
            column: 1,
            severity,
            message: message.into(),
            excerpt: String::new(),
        }
    }
}

impl fmt::Display for Mistake {
    /// `line:column: sentence`, and the line with a caret below it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            severity,
            message,
            excerpt,
        } = self;
        let kind = match severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        write!(formatter, "{line}:{column}: {kind}{message}")?;
        if !excerpt.is_empty() {
            write!(formatter, "\n{excerpt}")?;
        }
        Ok(())
    }
}

/// A text that knows its lines.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) whole: &'a str,
    /// Where each line begins.
    starts: Vec<usize>,
    has_secret: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            whole: text,
            starts: std::iter::once(0).chain(ends).collect(),
            has_secret: text.lines().any(holds_secret),
        }
    }

    /// The line of a place, counted from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    /// A mistake at a place.
    pub(super) fn mistake(
        &self,
        span: Range<usize>,
        severity: Severity,
        message: String,
    ) -> Mistake {
        let number = self.line(span.start);
        let start = self.starts[number];
        let end = self
            .starts
            .get(number + 1)
            .map_or(self.whole.len(), |next| next - 1);
        let line = self.whole[start..end].trim_end_matches('\r');
        let at = self
            .whole
            .floor_char_boundary(span.start)
            .clamp(start, start + line.len());
        let until = self
            .whole
            .ceil_char_boundary(span.end)
            .clamp(at, start + line.len());
        let column = self.whole[start..at].chars().count();
        let width = self.whole[at..until].chars().count().max(1);
        Mistake {
            line: number + 1,
            column: column + 1,
            severity,
            message,
            excerpt: self.excerpt(line, number + 1, column, width),
        }
    }

    fn excerpt(&self, line: &str, number: usize, column: usize, width: usize) -> String {
        let (line, width) = match line.split_once('=') {
            _ if !self.has_secret => (line.to_owned(), width),
            Some((key, _)) if column + width <= key.chars().count() => (format!("{key}= …"), width),
            Some((key, _)) => (format!("{key}= …"), 1),
            None => ("…".to_owned(), 1),
        };
        let begin = column.saturating_sub(SHOWN - 40);
        let shown: String = line
            .chars()
            .skip(begin)
            .take(SHOWN)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let shown_width = shown.chars().count();
        let column = (column - begin).min(shown_width);
        let caret = "^".repeat(width.min(shown_width.saturating_sub(column)).max(1));
        let margin = number.to_string();
        let blank = " ".repeat(margin.len());
        format!(
            "  {margin} | {shown}\n  {blank} | {}{caret}",
            " ".repeat(column)
        )
    }
}

/// Whether a key's value is nobody's business.
pub(super) fn is_secret(key: &str) -> bool {
    let key = plain(key);
    SECRET.iter().any(|word| key.contains(word))
}

fn holds_secret(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with('#');
    !is_comment && (is_secret(line) || (line.contains("://") && line.contains('@')))
}
