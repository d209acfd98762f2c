//! What a terminal shows. Results go to the output stream, everything else to the error stream.
//!
//! | room | shows |
//! |---|---|
//! | `bar` | that a run works |
//! | `watcher` | each item of a plan, source files that say nothing |
//! | `change`, `value` | one change, one value |
//! | `summary` | the end of a run, and its line in lists of runs |
//! | `reports` | how things stand: `status`, `runs`, `failed` |
//! | `words` | the engine's sentences as a command line says them |
//! | `safe` | anybody's text without what a terminal acts on |
//!
//! Not here: what any of it means.

mod bar;
mod change;
mod reports;
pub(crate) mod safe;
mod summary;
mod value;
mod watcher;
mod words;

use std::process::ExitCode;

pub(crate) use bar::Bar;
pub(crate) use change::{chosen, conflict, kept};
pub(crate) use watcher::Watcher;
pub(crate) use words::{GIVE_TOKEN, setting_words};

use crate::work::exit_code;

/// Prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    /// Print one JSON object last, and no sentences.
    pub(crate) json: bool,
    /// What the run was made with is gone after it, so that no further command can be about it.
    pub(crate) passing: bool,
}

impl Printer {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            passing: false,
        }
    }

    /// A sentence, where nobody wants only JSON.
    pub(crate) fn say(self, sentence: &str) {
        if !self.json {
            out(sentence);
        }
    }

    /// An error that ends the command, and its exit code.
    pub(crate) fn error(self, code: &str, message: &str) -> ExitCode {
        let message = words::on_a_command_line(message);
        if self.json {
            json(&serde_json::json!({ "error": { "code": code, "message": message } }));
        }
        err(&message);
        exit_code(code)
    }

    pub(crate) fn bar(self) -> Bar {
        Bar::new(self.json)
    }
}

pub(crate) fn json<T: serde::Serialize>(value: &T) {
    match serde_json::to_string(value) {
        Ok(text) => put(&mut std::io::stdout().lock(), &safe::json(&text)),
        Err(error) => err(&format!("The figures cannot be printed: {error}.")),
    }
}

pub(crate) fn out(text: &str) {
    put(&mut std::io::stdout().lock(), &safe::lines(text));
}

pub(crate) fn err(text: &str) {
    put(&mut std::io::stderr().lock(), &safe::lines(text));
}

fn put(stream: &mut dyn std::io::Write, text: &str) {
    // A closed pipe is no reason to stop a sync.
    let _ = writeln!(stream, "{text}");
}
