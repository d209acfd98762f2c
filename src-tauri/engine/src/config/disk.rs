//! A config file on the disk: read with a limit, written whole or not at all.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::LARGEST;

/// Why a config file was not opened or saved.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error("The config file {path} cannot be read ({reason}). Check its name.")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
    /// Something has that name already.
    #[error("There is a file {path} already, and it was left as it is. Choose another name.")]
    Exists {
        /// The file.
        path: String,
    },
    /// It could not be written.
    #[error("The config file {path} cannot be written ({reason}). Nothing was changed there.")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
}

/// The bytes of a file; of one that is too large no more than it takes to tell.
pub fn load(path: &Path) -> Result<Vec<u8>, FileError> {
    let unreadable = |reason| FileError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LARGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Writes a file under a name of its own, then gives it the right one. What has that name already stays unless
/// `replace`.
pub fn save(path: &Path, text: &str, replace: bool) -> Result<(), FileError> {
    let unwritable = |reason| FileError::Unwritable {
        path: path.display().to_string(),
        reason,
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut new = beside().tempfile_in(folder).map_err(unwritable)?;
    new.write_all(text.as_bytes()).map_err(unwritable)?;
    new.as_file().sync_all().map_err(unwritable)?;
    let kept = if replace {
        new.persist(path)
    } else {
        new.persist_noclobber(path)
    };
    kept.map(drop).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists {
            path: path.display().to_string(),
        },
        _ => unwritable(error.error),
    })
}

/// As the system lets other new files be read; a temporary file would be its owner's alone.
#[cfg(unix)]
fn beside() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut builder = tempfile::Builder::new();
    builder.permissions(std::fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn beside() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}
