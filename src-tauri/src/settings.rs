//! The window's carrier of the settings: `settings.json`, with only what differs from the defaults.
//!
//! Not here: what a setting means and whether it can work; the engine's type knows that.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};
use syncslate_engine::face::{CommandError, Problem, ProblemAction, Settings};
use tauri::{AppHandle, Manager as _, Wry};
use tauri_plugin_store::{Store, StoreExt as _};

const FILE: &str = "settings.json";

/// The open settings file.
pub struct SettingsCarrier {
    store: Arc<Store<Wry>>,
}

impl SettingsCarrier {
    /// Opens the file and reads it. A damaged one is moved aside and said, never overwritten.
    pub fn open(app: &AppHandle) -> anyhow::Result<(Self, Settings, Option<Problem>)> {
        let path = app.path().app_data_dir()?.join(FILE);
        let (settings, problem) = read(&path);
        let store = app.store_builder(&path).disable_auto_save().build()?;
        Ok((Self { store }, settings, problem))
    }

    /// Puts `settings` in the file.
    pub fn save(&self, settings: &Settings) -> Result<(), CommandError> {
        self.store.clear();
        for (key, value) in differing(settings) {
            self.store.set(key, value);
        }
        self.store.save().map_err(|error| CommandError {
            code: "settings_not_saved".to_owned(),
            message: format!(
                "The settings are in use now, but could not be saved ({error}); after the next start the old ones are \
                 back. Check that there is room on the disk and that its folder may be written to."
            ),
        })
    }
}

fn read(path: &Path) -> (Settings, Option<Problem>) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return (Settings::default(), None);
        }
        Err(error) => return (Settings::default(), Some(unreadable(&error.to_string()))),
    };
    match serde_json::from_str(&text) {
        Ok(settings) => (settings, None),
        Err(error) => {
            let aside = path.with_extension("damaged.json");
            let problem = match std::fs::rename(path, &aside) {
                Ok(()) => unreadable(&format!("{error}; it is kept as {}", aside.display())),
                Err(_) => unreadable(&error.to_string()),
            };
            (Settings::default(), Some(problem))
        }
    }
}

fn unreadable(why: &str) -> Problem {
    Problem {
        code: "settings_unreadable".to_owned(),
        message: format!(
            "The settings file could not be read ({why}), so Syncslate starts with empty settings. Nothing was changed \
             in Plex. Enter them again."
        ),
        action: ProblemAction::OpenSettings,
    }
}

fn differing(settings: &Settings) -> Map<String, Value> {
    let fields = |settings: &Settings| match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let defaults = fields(&Settings::default());
    let mut fields = fields(settings);
    fields.retain(|key, value| defaults.get(key) != Some(value));
    fields
}

#[cfg(test)]
mod tests {
    use syncslate_engine::face::{PathRule, SourceSettings};

    use super::*;

    #[test]
    fn only_what_differs_is_kept_and_comes_back() {
        assert!(differing(&Settings::default()).is_empty());
        let settings = Settings {
            plex_address: "http://plex.test:32400".to_owned(),
            source: SourceSettings::Nfo {
                folder: "/films".to_owned(),
            },
            path_rules: vec![PathRule::prefix("/films".to_owned(), "/data".to_owned())],
            ..Settings::default()
        };
        let kept = differing(&settings);
        let names: Vec<_> = kept.keys().map(String::as_str).collect();
        assert_eq!(names, ["pathRules", "plexAddress", "source"]);
        let back: Settings = serde_json::from_value(Value::Object(kept)).unwrap();
        assert_eq!(back, settings);
    }

    #[test]
    fn a_damaged_file_is_moved_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(read(&path), (Settings::default(), None), "none yet");
        std::fs::write(&path, "{\"plexAddress\": \"http://").unwrap();
        let (settings, problem) = read(&path);
        assert_eq!(settings, Settings::default());
        assert_eq!(problem.unwrap().code, "settings_unreadable");
        assert!(!path.exists());
        let kept = std::fs::read_to_string(folder.path().join("settings.damaged.json")).unwrap();
        assert!(kept.contains("http://"), "what was there is not lost");
    }
}
