//! What is said of a source folder that cannot be read at the moment at which it is saved.
//!
//! A share that is not mounted yet is legal: this warns and never refuses. The sync looks again by itself.

use std::path::PathBuf;
use std::time::Duration;

use syncslate_engine::face::{Settings, SourceSettings};
use syncslate_engine::model::SourceNumber;
use syncslate_engine::source::SourceError;
use syncslate_engine::source::nfo::NfoSource;

/// How long a folder may take to answer: one on a network may be waiting for the other end.
const PATIENCE: Duration = Duration::from_secs(3);

/// What happened, what it means, what to do; `None` where the folder can be read, or none is set.
pub async fn of(settings: &Settings) -> Option<String> {
    let SourceSettings::Nfo { folder } = &settings.source;
    if folder.trim().is_empty() {
        return None;
    }
    let source = NfoSource {
        number: SourceNumber(1),
        root: PathBuf::from(folder),
    };
    let looking = tauri::async_runtime::spawn_blocking(move || source.check());
    let what = match tokio::time::timeout(PATIENCE, looking).await {
        Ok(Ok(found)) => what_of(&found.err()?)?,
        // A folder that does not answer in time may yet do so for the sync, which waits longer.
        Err(_) => "does not answer".to_owned(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the source folder could not be looked at");
            return None;
        }
    };
    Some(format!(
        "The source folder {folder} {what}. While that is so, a sync stops and changes nothing. Connect its disk or \
         share, or choose another folder."
    ))
}

fn what_of(error: &SourceError) -> Option<String> {
    Some(match error {
        SourceError::Missing(_) => "is not there".to_owned(),
        SourceError::NotAFolder(_) => "is not a folder".to_owned(),
        SourceError::Unreadable { reason, .. } => format!("could not be read ({reason})"),
        SourceError::Empty(_) => "is empty".to_owned(),
        // Of a part of the source, which is not asked for here.
        SourceError::Outside(_) | SourceError::NoSuchPart(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(folder: &std::path::Path) -> Option<String> {
        let settings = Settings {
            source: SourceSettings::Nfo {
                folder: folder.to_string_lossy().into_owned(),
            },
            ..Settings::default()
        };
        tauri::async_runtime::block_on(of(&settings))
    }

    #[test]
    fn a_folder_that_cannot_be_read_now_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let missing = note(&folder.path().join("films")).unwrap();
        assert!(missing.contains("films is not there."), "{missing}");
        assert!(missing.contains("changes nothing"), "{missing}");
        let empty = note(folder.path()).unwrap();
        assert!(empty.contains("is empty."), "{empty}");
        let file = folder.path().join("film.nfo");
        std::fs::write(&file, "<movie/>").unwrap();
        assert!(note(&file).unwrap().contains("is not a folder."));
        assert_eq!(note(folder.path()), None, "it holds something now");
        assert_eq!(note(std::path::Path::new("")), None, "not set up yet");
    }
}
