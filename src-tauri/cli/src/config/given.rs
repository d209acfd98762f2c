//! What a call works with: the config file, and over it the call's own words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use secrecy::SecretString;
use syncslate_engine::config::{self, ConfigFile, Reading, Severity};
use syncslate_engine::face::{SectionSettings, Settings, SourceSettings};

use crate::args::{Folder, Server};
use crate::output::{GIVE_TOKEN, Printer, err};
use crate::sides::Sides;
use crate::work::Call;

/// Settings and data folder as far as they were given.
#[derive(Debug, Default)]
pub(crate) struct Given {
    settings: Settings,
    data_dir: Option<PathBuf>,
    /// An address may be given and empty, which is another mistake than a missing one.
    has_address: bool,
}

impl Given {
    /// What the config file says, where one is named. Its mistakes end the command; its warnings go to the error stream,
    /// also where the output stream is JSON.
    pub(crate) fn read(folder: &Folder, printer: Printer) -> Result<Self, ExitCode> {
        let ConfigFile { settings, data_dir } = match &folder.config {
            Some(path) => {
                let usable = usable(path).map_err(|message| printer.error("settings", &message))?;
                for warning in &usable.warnings {
                    err(warning);
                }
                usable.config
            }
            None => ConfigFile::default(),
        };
        Ok(Self {
            has_address: !settings.plex_address.is_empty(),
            settings,
            data_dir: folder.data_dir.clone().or(data_dir.map(PathBuf::from)),
        })
    }

    /// With what the call says of the server.
    #[must_use]
    pub(crate) fn with_server(mut self, server: &Server) -> Self {
        if let Some(address) = &server.url {
            self.settings.plex_address.clone_from(address);
            self.has_address = true;
        }
        if let Some(most) = server.max_concurrency {
            self.settings.max_concurrency = most;
        }
        if server.lock || server.no_lock {
            self.settings.lock_written = server.lock;
        }
        self
    }

    /// With what the call says of both sides. Libraries that it names keep what the file says of them; its path rules
    /// take the place of the file's.
    #[must_use]
    pub(crate) fn with_sides(mut self, sides: Sides) -> Self {
        let Sides {
            sections,
            source,
            rules,
        } = sides;
        if !sections.is_empty() {
            let mut before: BTreeMap<String, SectionSettings> =
                std::mem::take(&mut self.settings.sections)
                    .into_iter()
                    .map(|section| (section.title.trim().to_owned(), section))
                    .collect();
            let named = sections.into_iter().map(|title| {
                before
                    .remove(title.trim())
                    .unwrap_or_else(|| SectionSettings::new(title))
            });
            self.settings.sections = named.collect();
        }
        if let Some(source) = source {
            self.settings.source = source;
        }
        if !rules.0.is_empty() {
            self.settings.path_rules = rules.0;
        }
        self
    }

    /// As a config file says it; `Err` with a sentence where it cannot name the data folder, which another name would
    /// silently change.
    pub(crate) fn into_file(self) -> Result<ConfigFile, String> {
        let data_dir = self.data_dir.map(|folder| {
            folder.into_os_string().into_string().map_err(|folder| {
                format!(
                    "The name of the data folder {} is not UTF-8, and a config file cannot hold such a name. Choose \
                     another folder, or leave --data-dir out here and give it with each command.",
                    folder.display()
                )
            })
        });
        Ok(ConfigFile {
            settings: self.settings,
            data_dir: data_dir.transpose()?,
        })
    }

    /// The data folder.
    pub(crate) fn data_dir(&self, printer: Printer) -> Result<PathBuf, ExitCode> {
        self.data_dir.clone().ok_or_else(|| {
            missing(
                printer,
                "No data folder is named, where cache, journal and queue are kept",
                "--data-dir or SYNCSLATE_DATA_DIR",
                "data-dir",
            )
        })
    }

    /// What it takes to reach Plex.
    pub(crate) fn plex(
        self,
        token: Option<SecretString>,
        printer: Printer,
    ) -> Result<Call, ExitCode> {
        if !self.has_address {
            return Err(missing(
                printer,
                "No address of a Plex server is named",
                "--plex-url or SYNCSLATE_PLEX_URL",
                "plex-url",
            ));
        }
        let data_dir = self.data_dir(printer)?;
        let Some(token) = token else {
            let message = format!("No Plex token is given. {GIVE_TOKEN} Nothing was changed.");
            return Err(printer.error("no_token", &message));
        };
        Ok(Call {
            settings: self.settings,
            token,
            data_dir,
        })
    }

    /// The same with both sides.
    pub(crate) fn both_sides(
        self,
        token: Option<SecretString>,
        printer: Printer,
    ) -> Result<Call, ExitCode> {
        let call = self.plex(token, printer)?;
        if call.settings.sections.is_empty() {
            return Err(missing(
                printer,
                "No Plex library is named",
                "--section",
                "[[section]]",
            ));
        }
        let SourceSettings::Nfo { folder } = &call.settings.source;
        if folder.is_empty() {
            return Err(missing(printer, "No source is named", "--source", "source"));
        }
        Ok(call)
    }
}

fn missing(printer: Printer, what: &str, word: &str, key: &str) -> ExitCode {
    let message = format!(
        "{what}. Give {word}, or --config with a file that has {key}. Nothing was changed."
    );
    printer.error("settings", &message)
}

/// A file that can be used, and what is probably wrong with it all the same.
pub(super) struct Usable {
    config: ConfigFile,
    /// As they are printed.
    pub(super) warnings: Vec<String>,
}

/// Reads a file that must be usable. What it does not name is the command's to judge, whose own words may name it.
pub(super) fn usable(path: &Path) -> Result<Usable, String> {
    let reading = reading(path)?;
    let is_usable = reading.is_usable();
    let said = |severity| {
        let mistakes = reading.mistakes.iter();
        mistakes
            .filter(move |mistake| mistake.severity == severity)
            .map(|mistake| format!("{}:{mistake}", path.display()))
            .collect::<Vec<_>>()
    };
    if is_usable {
        return Ok(Usable {
            warnings: said(Severity::Warning),
            config: reading.config,
        });
    }
    let errors = said(Severity::Error).join("\n");
    Err(format!("{errors}\nNothing was changed."))
}

/// Reads a file, and looks whether the source's folder is there.
pub(super) fn reading(path: &Path) -> Result<Reading, String> {
    let bytes = config::load(path).map_err(|error| error.to_string())?;
    Ok(config::read(&bytes, &|folder| Path::new(folder).is_dir()))
}
