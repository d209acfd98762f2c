//! The one type of settings; the window's store, and the config file and flags of the command line carry it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use super::PathRule;
use crate::model::{Field, ListMode, Policy};

/// All settings of one Plex server and its source. Carriers store only what differs from the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Address of the Plex server, e.g. `http://192.168.1.10:32400`. Empty until set up.
    pub plex_address: String,
    /// The sections (Plex libraries) to write to. Empty until set up.
    pub sections: Vec<SectionSettings>,
    /// Where metadata comes from.
    pub source: SourceSettings,
    /// Rewrite source paths into Plex paths; the first that fits is used.
    pub path_rules: Vec<PathRule>,
    /// Policies that differ from the field's default, which is *keep my Plex edits* for most.
    #[ts(as = "BTreeMap<String, Policy>")]
    pub policies: BTreeMap<Field, Policy>,
    /// List modes that differ from the field's default.
    #[ts(as = "BTreeMap<String, ListMode>")]
    pub list_modes: BTreeMap<Field, ListMode>,
    /// Lock what is written, so that a Plex refresh does not undo it.
    pub lock_written: bool,
    /// Most requests at once to Plex; the engine starts low and grows up to this while Plex keeps pace.
    pub max_concurrency: u8,
}

/// A section to write to, and what differs there from the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct SectionSettings {
    /// Its title in Plex.
    pub title: String,
    /// Policies that differ from those of all sections.
    #[ts(as = "BTreeMap<String, Policy>")]
    pub policies: BTreeMap<Field, Policy>,
    /// List modes that differ from those of all sections.
    #[ts(as = "BTreeMap<String, ListMode>")]
    pub list_modes: BTreeMap<Field, ListMode>,
}

impl SectionSettings {
    /// A section in which nothing differs.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }
}

/// A source of metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum SourceSettings {
    /// A folder of .nfo files beside the media files.
    Nfo {
        /// The folder. Empty until set up.
        folder: String,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            plex_address: String::new(),
            sections: Vec::new(),
            source: SourceSettings::Nfo {
                folder: String::new(),
            },
            path_rules: Vec::new(),
            policies: BTreeMap::new(),
            list_modes: BTreeMap::new(),
            lock_written: true,
            max_concurrency: 16,
        }
    }
}

/// A setting that cannot work, said so that its owner can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingsError {
    /// The setting, by its name in JSON.
    pub setting: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Settings {
    /// Checks everything that can be checked without touching network or disk.
    pub fn validate(&self) -> Result<(), SettingsError> {
        self.address()?;
        if self
            .sections
            .iter()
            .all(|section| section.title.trim().is_empty())
        {
            return wrong("sections", "Choose the Plex library to write to.");
        }
        let SourceSettings::Nfo { folder } = &self.source;
        if folder.trim().is_empty() {
            return wrong("source", "Choose the folder that holds your .nfo files.");
        }
        for (at, rule) in self.path_rules.iter().enumerate() {
            rule.check(at)?;
        }
        if !(1..=64).contains(&self.max_concurrency) {
            return wrong(
                "maxConcurrency",
                "The number of requests at once must be between 1 and 64.",
            );
        }
        Ok(())
    }

    /// The address alone, as it is needed to reach Plex before the rest is known: `http` where it names no scheme, and
    /// without what follows where it is copied from a browser that shows Plex's own web app (`…/web/index.html#!/`).
    pub fn address(&self) -> Result<Url, SettingsError> {
        let address = self.plex_address.trim();
        if address.is_empty() {
            return wrong("plexAddress", "Enter the address of your Plex server.");
        }
        let with_scheme = if address.contains("://") {
            Cow::Borrowed(address)
        } else {
            Cow::Owned(format!("http://{address}"))
        };
        match Url::parse(&with_scheme).map(without_web_app) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {
                if !url.username().is_empty() || url.password().is_some() {
                    return wrong(
                        "plexAddress",
                        "The address must not hold a name or a password. The token has a field of its own.",
                    );
                }
                if url.query().is_some() || url.fragment().is_some() {
                    return wrong(
                        "plexAddress",
                        "The address must end before the “?”. The token has a field of its own.",
                    );
                }
                Ok(url)
            }
            _ => wrong(
                "plexAddress",
                "This is not an address. It should look like http://192.168.1.10:32400.",
            ),
        }
    }
}

/// A path of a proxy's stays; Plex answers nothing below `/web` but its web app's own files.
fn without_web_app(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/index.html").unwrap_or(path);
    if let Some(before) = path.strip_suffix("/web") {
        let before = before.to_owned();
        url.set_path(&before);
        url.set_fragment(None);
    }
    url
}

fn wrong<T>(setting: &'static str, message: &str) -> Result<T, SettingsError> {
    Err(SettingsError {
        setting,
        message: message.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Result<String, SettingsError> {
        let settings = Settings {
            plex_address: text.to_owned(),
            ..Settings::default()
        };
        settings.address().map(|url| url.to_string())
    }

    #[test]
    fn an_address_may_be_as_a_person_has_it() {
        let plain = "http://192.168.1.10:32400/";
        for text in [
            "http://192.168.1.10:32400",
            " 192.168.1.10:32400 ",
            "192.168.1.10:32400/web",
            "http://192.168.1.10:32400/web/",
            "http://192.168.1.10:32400/web/index.html",
            "http://192.168.1.10:32400/web/index.html#!/settings/web",
        ] {
            assert_eq!(address(text).as_deref(), Ok(plain), "{text}");
        }
        for (text, meant) in [
            ("plexhost:32400", "http://plexhost:32400/"),
            ("https://example.org/plex/web", "https://example.org/plex"),
            ("https://example.org/plex", "https://example.org/plex"),
            (
                "https://example.org/spiderweb",
                "https://example.org/spiderweb",
            ),
        ] {
            assert_eq!(address(text).as_deref(), Ok(meant), "{text}");
        }
    }

    #[test]
    fn what_may_hold_a_secret_or_is_no_address_is_refused() {
        for text in [
            "no address",
            "ftp://127.0.0.1",
            "http://",
            "file:///etc/web",
            "me:secret@127.0.0.1",
            "http://127.0.0.1/web?X-Plex-Token=secret",
            "http://127.0.0.1/library#secret",
            "",
        ] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
