//! The fingerprint of an entry, from names and what the file system says of its files.

use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha1::{Digest, Sha1};

/// Part of every stamp: raise it when the same files are to be read anew, because more is read out of them.
const STAMP_VERSION: u8 = 3;

/// What the file system says of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fingerprint {
    length: u64,
    /// Nanoseconds since 1970.
    modified: i128,
    inode: u64,
}

impl Fingerprint {
    /// Asks the file system, which is the one thing that an unchanged file costs.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        let modified = metadata.modified().ok();
        let modified = modified.map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
        });
        Ok(Self {
            length: metadata.len(),
            modified,
            inode: inode(&metadata),
        })
    }
}

/// Hash over everything that tells whether an entry is to be read again.
#[derive(Debug)]
pub(super) struct Stamp(Sha1);

impl Stamp {
    pub(super) fn new() -> Self {
        Self(Sha1::new_with_prefix([STAMP_VERSION]))
    }

    pub(super) fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    pub(super) fn file(&mut self, name: &str, file: &Fingerprint) {
        self.text(name);
        self.0.update(file.length.to_le_bytes());
        self.0.update(file.modified.to_le_bytes());
        self.0.update(file.inode.to_le_bytes());
    }

    pub(super) fn finish(self) -> [u8; 16] {
        let mut stamp = [0; 16];
        stamp.copy_from_slice(&self.0.finalize()[..16]);
        stamp
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Where a file's number cannot be asked for, time and size must do.
#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
