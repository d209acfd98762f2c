//! What can go wrong with stored data, said so that its owner knows what it means for the library.

use std::path::{Path, PathBuf};

/// An error of the store. Nothing is half written: the transaction that met it is absent as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the data folder.
    #[error(
        "Syncslate is already at work on this data folder{}. Nothing was changed. Wait for its end or close it, or use another data folder.",
        .pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
    )]
    Owned {
        /// The owner's process number, where it told it.
        pid: Option<u32>,
    },
    /// The data folder cannot be used.
    #[error(
        "The data folder {} cannot be used: {reason}. Nothing was changed. Choose another folder, or make this one writable.",
        .path.display()
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why, in a few words.
        reason: String,
    },
    /// The data folder lies on another computer; LMDB needs a local disk.
    #[error(
        "The data folder {} lies on a network drive ({kind}), where its data would be damaged sooner or later. Nothing was changed. Choose a folder on this computer.",
        .path.display()
    )]
    NetworkFolder {
        /// The folder.
        path: PathBuf,
        /// The file system.
        kind: String,
    },
    /// A newer version of Syncslate wrote the data.
    #[error(
        "The data was written by a newer version of Syncslate (schema {found}; this one knows {known}). Nothing was changed. Install the newer version again."
    )]
    Newer {
        /// The schema found.
        found: u32,
        /// The newest schema that this version knows.
        known: u32,
    },
    /// The disk is full.
    #[error(
        "The disk that holds Syncslate's data is full. Nothing was lost, and nothing more is written to Plex until there is room."
    )]
    DiskFull,
    /// A record cannot be read.
    #[error(
        "A record of Syncslate's own data cannot be read (table {table}, key {key}: {reason}). Plex is not touched for it."
    )]
    Decode {
        /// The table.
        table: &'static str,
        /// The key in hex.
        key: String,
        /// Why.
        reason: String,
    },
    /// A record cannot be stored.
    #[error("A record cannot be stored (table {table}: {reason}). Plex is not touched for it.")]
    Encode {
        /// The table.
        table: &'static str,
        /// Why.
        reason: String,
    },
    /// The file is not what it was when it was closed.
    #[error("Syncslate's own data is damaged: {reason}. It is put aside at the next start.")]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The data is already open in this process.
    #[error("Syncslate's own data is already open in this process.")]
    AlreadyOpen,
    /// The store was closed while something was to be written.
    #[error("Syncslate's own data was closed. What was under way is taken up at the next start.")]
    Closed,
    /// A test's commit hook ended the store here.
    #[error("The store was ended by a simulated crash.")]
    Crashed,
    /// Anything else that the disk or LMDB says.
    #[error("Syncslate's own data cannot be read or written: {reason}.")]
    Storage {
        /// What it said.
        reason: String,
        /// Whether trying again can help.
        temporary: bool,
    },
}

/// LMDB's word (`EIO`, 5 on every Unix) for a write that the disk took only a part of.
fn is_short_write(error: &std::io::Error) -> bool {
    cfg!(unix) && error.raw_os_error() == Some(5)
}

impl StoreError {
    /// Whether the same call may succeed later without a change of program or data.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Owned { .. } | Self::DiskFull => true,
            Self::Storage { temporary, .. } => *temporary,
            _ => false,
        }
    }

    /// What an error of the file system means for `path`.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let reason = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => return Self::DiskFull,
            ErrorKind::PermissionDenied => "you are not allowed to write there".into(),
            ErrorKind::ReadOnlyFilesystem => "it is read-only".into(),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                "a file stands in its place".into()
            }
            _ => error.to_string(),
        };
        Self::Folder {
            path: path.to_owned(),
            reason,
        }
    }

    /// Whether the map must grow before the same transaction can succeed.
    pub(crate) fn is_map_full(&self) -> bool {
        matches!(self, Self::Storage { reason, .. } if reason == MAP_FULL)
    }
}

const MAP_FULL: &str = "the map is full";

impl From<heed::Error> for StoreError {
    fn from(error: heed::Error) -> Self {
        use heed::MdbError;
        use std::io::ErrorKind;
        match error {
            heed::Error::Io(io)
                if matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
                    || is_short_write(&io) =>
            {
                Self::DiskFull
            }
            heed::Error::Io(io) => Self::Storage {
                reason: io.to_string(),
                temporary: matches!(io.kind(), ErrorKind::Interrupted | ErrorKind::OutOfMemory),
            },
            heed::Error::Mdb(MdbError::MapFull) => Self::Storage {
                reason: MAP_FULL.into(),
                temporary: true,
            },
            heed::Error::Mdb(
                error @ (MdbError::PageNotFound
                | MdbError::Corrupted
                | MdbError::VersionMismatch
                | MdbError::Invalid
                | MdbError::Incompatible),
            ) => Self::Damaged {
                reason: error.to_string(),
            },
            heed::Error::EnvAlreadyOpened => Self::AlreadyOpen,
            heed::Error::Mdb(error) => Self::Storage {
                reason: error.to_string(),
                temporary: matches!(error, MdbError::ReadersFull),
            },
            other => Self::Storage {
                reason: other.to_string(),
                temporary: false,
            },
        }
    }
}
