//! What is wrong with a file, and where: line, column and a piece of the line.

use std::fmt;

use serde::Serialize;

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
    /// A piece of the line with a caret below it; empty where none can be shown, or the mistake is the whole file's.
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
    /// `line:column: sentence`, and a piece of the line with a caret below it.
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
