//! From the file to settings. It goes on after a mistake, so that all of them are told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{
    self, DATA_DIR, FROM, KIND, Key, LIST_MODES, LOCK_WRITTEN, MAX_CONCURRENCY, PATH_RULE,
    PLEX_URL, POLICIES, SECTION, SOURCE, TITLE, TO,
};
use super::mistake::{Mistake, Severity, Text, is_secret};
use super::{ConfigFile, names, rules, syntax};
use crate::face::{PathRule, SectionSettings, SourceSettings};
use crate::model::{Field, ListMode, Policy};

/// Most mistakes of one file that are told.
const TOLD: usize = 50;

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What it says; what could not be read is as it is by default.
    pub config: ConfigFile,
    /// In the order of their places.
    pub mistakes: Vec<Mistake>,
}

impl Reading {
    /// Whether there are warnings at most.
    pub fn is_usable(&self) -> bool {
        self.mistakes
            .iter()
            .all(|mistake| mistake.severity == Severity::Warning)
    }
}

/// Reads a file. `is_folder` says whether a folder is there; a source whose folder is not gets a warning.
pub fn read(bytes: &[u8], is_folder: &dyn Fn(&str) -> bool) -> Reading {
    let text = match syntax::decode(bytes) {
        Ok(text) => Text::new(text),
        Err(mistake) => {
            return Reading {
                config: ConfigFile::default(),
                mistakes: vec![mistake],
            };
        }
    };
    let parsed = syntax::parse(&text);
    let is_whole = parsed.mistakes.is_empty();
    let mut reader = Reader {
        text: &text,
        guessed: parsed.guessed,
        mistakes: parsed.mistakes,
        is_folder,
    };
    let config = reader.file(parsed.table.get_ref());
    if is_whole {
        reader.missing(parsed.table.get_ref());
    }
    let mut mistakes = reader.mistakes;
    mistakes.sort_by_key(|mistake| (mistake.line, mistake.column, mistake.severity));
    let more = mistakes.len().saturating_sub(TOLD);
    mistakes.truncate(TOLD);
    if more > 0 {
        let last = mistakes
            .last()
            .map_or((1, 1), |last| (last.line, last.column));
        mistakes.push(Mistake {
            line: last.0,
            column: last.1,
            ..Mistake::of_file(Severity::Error, format!("And {more} more from here on."))
        });
    }
    Reading { config, mistakes }
}

type Value<'a> = Spanned<DeValue<'a>>;

pub(super) struct Reader<'t> {
    text: &'t Text<'t>,
    guessed: BTreeSet<usize>,
    mistakes: Vec<Mistake>,
    is_folder: &'t dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn file(&mut self, table: &DeTable<'_>) -> ConfigFile {
        let mut config = ConfigFile::default();
        let settings = &mut config.settings;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                PLEX_URL => {
                    if let Some(address) = self.text(key.get_ref(), value) {
                        settings.plex_address = address;
                        if let Err(error) = settings.address() {
                            self.error(value.span(), error.message);
                        }
                    }
                }
                SOURCE => {
                    if let Some(source) = self.source(value) {
                        settings.source = source;
                    }
                }
                DATA_DIR => config.data_dir = self.data_dir(value),
                LOCK_WRITTEN => {
                    if let Some(lock) = self.truth(LOCK_WRITTEN, value) {
                        settings.lock_written = lock;
                    }
                }
                MAX_CONCURRENCY => {
                    if let Some(number) = self.concurrency(value) {
                        settings.max_concurrency = number;
                    }
                }
                POLICIES => settings.policies = self.policies(value),
                LIST_MODES => settings.list_modes = self.list_modes(value),
                SECTION => settings.sections = self.sections(value),
                PATH_RULE => settings.path_rules = self.path_rules(value),
                _ => self.unknown(key, keys::FILE),
            }
        }
        config
    }

    /// What a sync cannot do without may also be said by a command's words, so that nothing here is an error.
    fn missing(&mut self, table: &DeTable<'_>) {
        let words = [
            (
                PLEX_URL,
                "no address of a Plex server. Add plex-url, or give --plex-url with each command.",
            ),
            (
                SOURCE,
                "no source. Add source, or give --source with each command.",
            ),
            (
                SECTION,
                "no Plex library to update. Add [[section]], or give --section with each command.",
            ),
        ];
        for (name, what) in words {
            if !table.contains_key(name) {
                self.mistakes.push(Mistake::of_file(
                    Severity::Warning,
                    format!("This file names {what}"),
                ));
            }
        }
    }

    fn source(&mut self, value: &Value<'_>) -> Option<SourceSettings> {
        let text = self.text(SOURCE, value)?;
        let folder = match text.split_once(':') {
            Some(("nfo", folder)) if !folder.trim().is_empty() => folder,
            Some(("nfo", _)) => {
                self.error(
                    value.span(),
                    "The folder is missing: \"nfo:/path/to/films\".",
                );
                return None;
            }
            _ => {
                self.error(
                    value.span(),
                    "Only folders of .nfo files can be read. Write “nfo:” before the folder: \"nfo:/path/to/films\".",
                );
                return None;
            }
        };
        if self.path(SOURCE, folder, value.span()) && !(self.is_folder)(folder) {
            self.warn(
                value.span(),
                format!(
                    "There is no folder {folder} on this computer now. If it lies on a share, connect that before a sync."
                ),
            );
        }
        Some(SourceSettings::Nfo {
            folder: folder.to_owned(),
        })
    }

    fn data_dir(&mut self, value: &Value<'_>) -> Option<String> {
        let folder = self.text(DATA_DIR, value)?;
        if folder.trim().is_empty() {
            self.error(
                value.span(),
                "The folder is missing: \"/var/lib/syncslate\".",
            );
            return None;
        }
        self.path(DATA_DIR, &folder, value.span());
        Some(folder)
    }

    /// Whether a path means the same wherever a command is started; what does not is said.
    fn path(&mut self, name: &str, path: &str, span: Range<usize>) -> bool {
        if path.starts_with('~') {
            self.error(
                span,
                "“~” stands for no folder in this file. Write the whole path.",
            );
            return false;
        }
        let is_drive = path.as_bytes().get(1) == Some(&b':');
        if !path.starts_with(['/', '\\']) && !is_drive {
            self.warn(
                span,
                format!(
                    "“{path}” depends on the folder in which a command is started. Write the whole path in {name}."
                ),
            );
            return false;
        }
        true
    }

    fn concurrency(&mut self, value: &Value<'_>) -> Option<u8> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(MAX_CONCURRENCY, "a whole number such as 16", value);
            return None;
        };
        let read = u8::from_str_radix(number.as_str(), number.radix()).ok();
        let read = read.filter(|number| (1..=64).contains(number));
        if read.is_none() {
            self.error(
                value.span(),
                "The number of requests at once must be between 1 and 64.",
            );
        }
        read
    }

    fn policies(&mut self, value: &Value<'_>) -> BTreeMap<Field, Policy> {
        let possible = names::POLICIES.map(|(policy, name, _)| (policy, name));
        self.choices(POLICIES, value, &possible, |_| true)
    }

    fn list_modes(&mut self, value: &Value<'_>) -> BTreeMap<Field, ListMode> {
        let possible = names::LIST_MODES.map(|(mode, name, _)| (mode, name));
        self.choices(LIST_MODES, value, &possible, |field| {
            field.default_list_mode().is_some()
        })
    }

    /// A table of fields with a word for each.
    fn choices<T: Copy + PartialEq>(
        &mut self,
        table: &str,
        value: &Value<'_>,
        possible: &[(T, &'static str)],
        fits: fn(Field) -> bool,
    ) -> BTreeMap<Field, T> {
        let mut chosen = BTreeMap::new();
        let DeValue::Table(entries) = value.get_ref() else {
            self.wrong_type(table, &format!("a table: [{table}]"), value);
            return chosen;
        };
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            let Some(field) = Field::from_code(name) else {
                self.no_field(key, fits);
                continue;
            };
            if !fits(field) {
                let lists = names::fields(fits).join(", ");
                self.error(
                    key.span(),
                    format!("“{name}” is not a list. Lists are {lists}."),
                );
                continue;
            }
            let Some(choice) = self.one_of(name, value, possible) else {
                continue;
            };
            if chosen.insert(field, choice).is_some() {
                self.error(
                    key.span(),
                    format!(
                        "“{name}” is said a second time, in another spelling. Keep one of them."
                    ),
                );
            }
        }
        chosen
    }

    fn no_field(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, fits: fn(Field) -> bool) {
        let name = key.get_ref().as_ref();
        if is_secret(name) {
            return self.unknown(key, &[]);
        }
        let fields = names::fields(fits);
        let near = names::nearest(name, fields.iter().map(|field| (field.as_str(), field)));
        let hint = near.map_or_else(
            || format!("There are {}.", fields.join(", ")),
            |near| format!("Did you mean “{near}”?"),
        );
        self.error(key.span(), format!("There is no field “{name}”. {hint}"));
    }

    fn sections(&mut self, value: &Value<'_>) -> Vec<SectionSettings> {
        let mut sections: Vec<SectionSettings> = Vec::new();
        for (table, span) in self.tables(SECTION, value) {
            let mut section = SectionSettings::default();
            let mut titled = false;
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    TITLE => {
                        titled = true;
                        if let Some(title) = self.text(TITLE, value) {
                            self.title(&title, &sections, value.span());
                            section.title = title;
                        }
                    }
                    POLICIES => section.policies = self.policies(value),
                    LIST_MODES => section.list_modes = self.list_modes(value),
                    _ => self.unknown(key, keys::SECTION_KEYS),
                }
            }
            if !titled {
                self.error(
                    span,
                    "This library has no title. Add the one that it has in Plex: title = \"Films\".",
                );
            }
            sections.push(section);
        }
        sections
    }

    fn title(&mut self, title: &str, before: &[SectionSettings], span: Range<usize>) {
        let title = title.trim();
        if title.is_empty() {
            self.error(
                span,
                "The title is empty. Write the one that the library has in Plex.",
            );
        } else if before.iter().any(|other| other.title.trim() == title) {
            self.error(
                span,
                format!(
                    "The library “{title}” is named a second time. Put both into one [[section]]."
                ),
            );
        }
    }

    fn path_rules(&mut self, value: &Value<'_>) -> Vec<PathRule> {
        let mut read: Vec<PathRule> = Vec::new();
        let mut places = Vec::new();
        for (table, span) in self.tables(PATH_RULE, value) {
            let mut rule = PathRule::default();
            let (mut from, mut to) = (None, None);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    FROM => {
                        from = Some(value.span());
                        rule.from = self.text(FROM, value).unwrap_or_default();
                    }
                    TO => {
                        to = Some(value.span());
                        rule.to = self.text(TO, value).unwrap_or_default();
                    }
                    KIND => {
                        rule.kind = self
                            .one_of(KIND, value, &names::RULE_KINDS)
                            .unwrap_or_default();
                    }
                    _ => self.unknown(key, keys::RULE_KEYS),
                }
            }
            for (name, place) in [(FROM, &from), (TO, &to)] {
                if place.is_none() {
                    self.error(span.clone(), format!("This path rule has no “{name}”."));
                }
            }
            places.push(from.clone().unwrap_or(span));
            if let (Some(from), Some(to)) = (from, to)
                && let Some(fault) = rules::fault(&rule, read.len(), self.text.text, from, to)
            {
                self.error(fault.span, fault.message);
            }
            read.push(rule);
        }
        for (later, earlier) in rules::covered(&read) {
            self.warn(
                places[later].clone(),
                format!(
                    "This rule never applies: rule {}, “{}”, fits all its paths and comes before it. Move this one up.",
                    earlier + 1,
                    read[earlier].from
                ),
            );
        }
        read
    }

    /// The tables of `[[name]]`.
    fn tables<'v, 'i>(
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

    fn one_of<T: Copy>(
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

    fn text(&mut self, name: &str, value: &Value<'_>) -> Option<String> {
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

    fn truth(&mut self, name: &str, value: &Value<'_>) -> Option<bool> {
        let DeValue::Boolean(truth) = value.get_ref() else {
            self.wrong_type(name, "true or false, without quotation marks", value);
            return None;
        };
        Some(*truth)
    }

    fn wrong_type(&mut self, name: &str, wanted: &str, value: &Value<'_>) {
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

    fn unknown(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, possible: &'static [Key]) {
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

    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.say(span, Severity::Error, message.into());
    }

    fn warn(&mut self, span: Range<usize>, message: impl Into<String>) {
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
