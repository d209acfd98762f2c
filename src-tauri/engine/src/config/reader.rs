//! Values of each type, and what is said where one is of another.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::found::{Found, Place};
use super::keys::{self, Key};
use super::mistake::Severity;
use super::names;
use super::secrets::{is_secret, repeated};
use super::text::Text;

pub(super) type Name<'a> = Spanned<Cow<'a, str>>;
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// What a path with `\` needs, which is where most codes come from that nobody meant.
pub(super) const ESCAPES: &str = "Between double quotes a “\\” begins a code: \\n is a line break. Write a path with “\\” in \
     single quotes, 'D:\\Films', or write each “\\” twice, \"D:\\\\Films\".";

/// What a table holds, in the order of the text; so the earliest mistakes are found first.
pub(super) fn in_order<'v, 'i>(table: &'v DeTable<'i>) -> Vec<(&'v Name<'i>, &'v Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// What is read, and what was wrong so far.
pub(super) struct Reader<'t> {
    pub(super) text: &'t Text<'t>,
    pub(super) guessed: BTreeSet<usize>,
    pub(super) found: Found,
    pub(super) is_folder: &'t dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    /// The tables of `[[name]]`.
    pub(super) fn tables<'v, 'i>(
        &mut self,
        name: &str,
        value: &'v Value<'i>,
    ) -> Vec<(&'v DeTable<'i>, Range<usize>)> {
        let DeValue::Array(entries) = value.get_ref() else {
            self.error(value.span(), || {
                format!("Write [[{name}]] in double brackets, once for each.")
            });
            return Vec::new();
        };
        let mut tables = Vec::new();
        for entry in entries {
            match entry.get_ref() {
                DeValue::Table(table) => tables.push((table, entry.span())),
                _ => self.wrong_type(name, &format!("tables: [[{name}]]"), entry),
            }
        }
        tables
    }

    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        value: &Value<'_>,
        possible: &[(T, &'static str)],
    ) -> Option<T> {
        let said = self.text(name, value)?;
        let found = possible.iter().find(|(_, word)| *word == said);
        if let Some((choice, _)) = found {
            return Some(*choice);
        }
        self.error(value.span(), || {
            let words: Vec<&str> = possible.iter().map(|(_, word)| *word).collect();
            let near = names::nearest(&said, words.iter().map(|word| (*word, *word)));
            let hint = near.map_or(String::new(), |near| format!(" Did you mean “{near}”?"));
            let (said, words) = (repeated(&said), words.join(", "));
            format!("“{said}” is not possible here. Possible: {words}.{hint}")
        });
        None
    }

    /// A text; one with characters that nobody sees is none that was meant.
    pub(super) fn text(&mut self, name: &str, value: &Value<'_>) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(name, "a text in quotation marks", value);
            return None;
        };
        if text.chars().any(char::is_control) {
            self.error(value.span(), || {
                format!(
                    "“{name}” holds a line break or another character that cannot be seen. {ESCAPES}"
                )
            });
            return None;
        }
        Some(text.clone().into_owned())
    }

    pub(super) fn truth(&mut self, name: &str, value: &Value<'_>) -> Option<bool> {
        let DeValue::Boolean(truth) = value.get_ref() else {
            self.wrong_type(name, "true or false, without quotation marks", value);
            return None;
        };
        Some(*truth)
    }

    pub(super) fn wrong_type(&mut self, name: &str, wanted: &str, value: &Value<'_>) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.error(value.span(), || {
            format!("“{name}” must be {wanted}; this is {found}.")
        });
    }

    /// Says that there is no such key. Its value is nowhere shown: nobody knows what it is.
    pub(super) fn unknown(&mut self, key: &Name<'_>, possible: &'static [Key]) {
        self.error(key.span(), || no_setting(key.get_ref(), possible));
    }

    pub(super) fn error<M: Into<String>>(
        &mut self,
        place: impl Into<Place>,
        message: impl FnOnce() -> M,
    ) {
        self.say(place.into(), Severity::Error, message);
    }

    pub(super) fn warn<M: Into<String>>(
        &mut self,
        place: impl Into<Place>,
        message: impl FnOnce() -> M,
    ) {
        self.say(place.into(), Severity::Warning, message);
    }

    /// Where the parser had to guess, only what it said itself counts.
    fn say<M: Into<String>>(
        &mut self,
        place: Place,
        severity: Severity,
        message: impl FnOnce() -> M,
    ) {
        if !self.guessed.contains(&self.text.line(place.caret.start)) {
            self.found.add(place, severity, message);
        }
    }
}

fn no_setting(name: &str, possible: &'static [Key]) -> String {
    let shown = repeated(name);
    if is_secret(name) {
        return format!(
            "“{shown}” does not belong in a file that is copied and shown around. Take it out, and give the Plex token by \
             the environment: SYNCSLATE_PLEX_TOKEN. The window keeps it in the keychain."
        );
    }
    let is_alias = possible.iter().any(|key| key.also.contains(&name));
    if !is_alias && keys::FILE.iter().any(|key| key.name == name) {
        return format!(
            "“{shown}” belongs at the top of the file, before the first line in [brackets]."
        );
    }
    let hint = names::nearest_key(name, possible).map_or_else(
        || {
            let names: Vec<&str> = possible.iter().map(|key| key.name).collect();
            format!("There are {}.", names.join(", "))
        },
        |near| format!("Did you mean “{near}”?"),
    );
    format!("There is no setting “{shown}” here. {hint}")
}
