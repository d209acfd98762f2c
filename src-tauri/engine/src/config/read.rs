//! From the file to settings. It goes on after a mistake, so that all of them are told at once.
//!
//! Not here: tables within the file (`parts`), values of each type (`reader`).

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::keys::{
    self, DATA_DIR, LIST_MODES, LOCK_WRITTEN, MAX_CONCURRENCY, PATH_RULE, PLEX_URL, POLICIES,
    SECTION, SOURCE,
};
use super::mistake::{Mistake, Severity};
use super::reader::{Reader, Value, in_order};
use super::secrets::repeated;
use super::text::Text;
use super::{ConfigFile, syntax};
use crate::face::SourceSettings;

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What it says; what could not be read is as it is by default.
    pub config: ConfigFile,
    /// In the order of their places; of very many the first, and how many others there are.
    pub mistakes: Vec<Mistake>,
    /// Warnings of what a sync needs and the file does not name. A command's own words may name it.
    pub missing: Vec<Mistake>,
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
                missing: Vec::new(),
            };
        }
    };
    let parsed = syntax::parse(&text);
    let table = parsed.table.get_ref();
    let missing = if parsed.found.is_empty() {
        missing(table)
    } else {
        Vec::new()
    };
    let mut reader = Reader {
        text: &text,
        guessed: parsed.guessed,
        found: parsed.found,
        is_folder,
    };
    let config = reader.file(table);
    Reading {
        config,
        mistakes: reader.found.into_mistakes(&text),
        missing,
    }
}

/// What a sync cannot do without may also be said by a command's words, so that nothing here is an error.
fn missing(table: &DeTable<'_>) -> Vec<Mistake> {
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
    words
        .into_iter()
        .filter(|(name, _)| !table.contains_key(*name))
        .map(|(_, what)| Mistake::of_file(Severity::Warning, format!("This file names {what}")))
        .collect()
}

impl Reader<'_> {
    fn file(&mut self, table: &DeTable<'_>) -> ConfigFile {
        let mut config = ConfigFile::default();
        let settings = &mut config.settings;
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                PLEX_URL => {
                    if let Some(address) = self.text(key.get_ref(), value) {
                        settings.plex_address = address;
                        if let Err(error) = settings.address() {
                            self.error(value.span(), || error.message);
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

    fn source(&mut self, value: &Value<'_>) -> Option<SourceSettings> {
        let text = self.text(SOURCE, value)?;
        let folder = match text.split_once(':') {
            Some(("nfo", folder)) if !folder.trim().is_empty() => folder,
            Some(("nfo", _)) => {
                self.error(
                    value.span(),
                    || "The folder is missing: \"nfo:/path/to/films\".",
                );
                return None;
            }
            _ => {
                self.error(
                    value.span(),
                    || "Only folders of .nfo files can be read. Write “nfo:” before the folder: \"nfo:/path/to/films\".",
                );
                return None;
            }
        };
        if self.path(SOURCE, folder, value.span()) && !(self.is_folder)(folder) {
            self.warn(value.span(), || {
                let folder = repeated(folder);
                format!(
                    "There is no folder {folder} on this computer now. If it lies on a share, connect that before a sync."
                )
            });
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
                || "The folder is missing: \"/var/lib/syncslate\".",
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
                || "“~” stands for no folder in this file. Write the whole path.",
            );
            return false;
        }
        let is_drive = path.as_bytes().get(1) == Some(&b':');
        if !path.starts_with(['/', '\\']) && !is_drive {
            self.warn(span, || {
                let path = repeated(path);
                format!(
                    "“{path}” depends on the folder in which a command is started. Write the whole path in {name}."
                )
            });
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
                || "The number of requests at once must be between 1 and 64.",
            );
        }
        read
    }
}
