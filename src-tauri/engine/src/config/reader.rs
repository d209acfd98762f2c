//! Values of each type, and what is said where one is of another.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Key};
use super::mistake::{Mistake, Severity, Text, is_secret};
use super::names;

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// What is read, and what was wrong so far.
pub(super) struct Reader<'t> {
    pub(super) text: &'t Text<'t>,
    pub(super) guessed: BTreeSet<usize>,
    pub(super) mistakes: Vec<Mistake>,
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
            let brackets = format!("Write [[{name}]] in double brackets, once for each");
            self.error(value.span(), format!("{brackets}."));
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
        let words: Vec<&str> = possible.iter().map(|(_, word)| *word).collect();
        let near = names::nearest(&said, words.iter().map(|word| (*word, *word)));
        let hint = near.map_or(String::new(), |near| format!(" Did you mean “{near}”?"));
        self.error(
            value.span(),
            format!(
                "“{said}” is not possible here. Possible: {}.{hint}",
                words.join(", ")
            ),
        );
        None
    }

    pub(super) fn text(&mut self, name: &str, value: &Value<'_>) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(name, "a text in quotation marks", value);
            return None;
        };
        if text.chars().any(char::is_control) {
            self.warn(
                value.span(),
                "This holds a line break or another character that cannot be seen. Write a path with “\\” in single \
                 quotes: 'D:\\Films'.",
            );
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
        self.error(
            value.span(),
            format!("“{name}” must be {wanted}; this is {found}."),
        );
    }

    pub(super) fn unknown(&mut self, key: &Spanned<Cow<'_, str>>, possible: &'static [Key]) {
        let name = key.get_ref().as_ref();
        if is_secret(name) {
            return self.error(
                key.span(),
                format!(
                    "“{name}” does not belong in a file that is copied and shown around. Take it out, and give the Plex \
                     token by the environment: SYNCSLATE_PLEX_TOKEN. The window keeps it in the keychain."
                ),
            );
        }
        let is_alias = possible.iter().any(|key| key.also.contains(&name));
        if !is_alias && keys::FILE.iter().any(|key| key.name == name) {
            return self.error(
                key.span(),
                format!(
                    "“{name}” belongs at the top of the file, before the first line in [brackets]."
                ),
            );
        }
        let hint = names::nearest_key(name, possible).map_or_else(
            || {
                let names: Vec<&str> = possible.iter().map(|key| key.name).collect();
                format!("There are {}.", names.join(", "))
            },
            |near| format!("Did you mean “{near}”?"),
        );
        self.error(
            key.span(),
            format!("There is no setting “{name}” here. {hint}"),
        );
    }

    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.say(span, Severity::Error, message.into());
    }

    pub(super) fn warn(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.say(span, Severity::Warning, message.into());
    }

    /// Where the parser had to guess, only what it said itself counts.
    fn say(&mut self, span: Range<usize>, severity: Severity, message: String) {
        if !self.guessed.contains(&self.text.line(span.start)) {
            self.mistakes
                .push(self.text.mistake(span, severity, message));
        }
    }
}
