//! Pictures from disk, made ready for Plex: read, checked, brought under Plex's limit, hashed.
//!
//! A picture is checked without being decoded: signature, dimensions, and that its end is there. It is decoded only
//! where it must shrink, or for a [`thumbnail`], and then within limits.
//!
//! Not here: which file is an item's picture (`source`), and what Plex has selected (`write`).

mod inspect;
mod resize;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha1::{Digest, Sha1};

pub use resize::thumbnail;

/// Most bytes of a picture that Plex takes; larger ones end in a 500 or a dropped connection.
pub const PLEX_LIMIT: usize = 10_480_000;

/// Most bytes of a file that are read as a picture.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// A picture as it goes to Plex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// SHA-1 of `bytes`, lower-case hex.
    pub sha1: String,
    /// What is sent.
    pub bytes: Bytes,
    /// Their type: `image/jpeg`, `image/png` or `image/webp`.
    pub mime: &'static str,
}

/// A picture that cannot be sent. The rest of its item can.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The file could not be read.
    #[error("The picture {} could not be read ({reason}). The item's picture in Plex stays as it is.", path.display())]
    Unreadable {
        /// The picture.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is too large to be a picture.
    #[error("The picture {} has {} MB, more than the 64 MB that Syncslate reads. The item's picture in Plex stays as it is. Make the picture smaller.", path.display(), bytes / 1_000_000)]
    FileTooLarge {
        /// The picture.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// The file is no JPEG, PNG or WebP, or its header makes no sense.
    #[error("The file {} is not a picture that Plex takes ({reason}). The item's picture in Plex stays as it is. Save it anew as JPEG or PNG.", path.display())]
    NotAPicture {
        /// The picture.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file ends before the picture does.
    #[error("The picture {} is cut off: its end is missing. The item's picture in Plex stays as it is. Copy or save it anew.", .0.display())]
    CutOff(PathBuf),
    /// The picture has more pixels than are ever decoded.
    #[error("The picture {} has {width}×{height} pixels, more than Syncslate opens. The item's picture in Plex stays as it is. Make the picture smaller.", path.display())]
    TooManyPixels {
        /// The picture.
        path: PathBuf,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
}

impl ImageError {
    /// Whether trying again can help although nobody replaced the file.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreadable { reason, .. } => reason.kind() != std::io::ErrorKind::NotFound,
            Self::FileTooLarge { .. }
            | Self::NotAPicture { .. }
            | Self::CutOff(_)
            | Self::TooManyPixels { .. } => false,
        }
    }
}

/// Reads a picture and makes it ready. Blocks. The same file gives the same bytes.
pub fn prepare(path: &Path) -> Result<Prepared, ImageError> {
    let bytes = read(path)?;
    let format = inspect::check(path, &bytes)?;
    if bytes.len() <= PLEX_LIMIT {
        return Ok(Prepared::new(bytes, format.mime()));
    }
    let (smaller, format) =
        resize::shrink(&bytes, format, PLEX_LIMIT).map_err(|reason| ImageError::NotAPicture {
            path: path.to_owned(),
            reason,
        })?;
    Ok(Prepared::new(smaller, format.mime()))
}

/// The hash by which a picture is named.
pub fn sha1_hex(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

impl Prepared {
    fn new(bytes: Vec<u8>, mime: &'static str) -> Self {
        Self {
            sha1: sha1_hex(&bytes),
            bytes: Bytes::from(bytes),
            mime,
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    let unreadable = |reason| ImageError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let too_large = |bytes| ImageError::FileTooLarge {
        path: path.to_owned(),
        bytes,
    };
    // Asked before opening: opening a pipe would wait for its other end.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(ImageError::NotAPicture {
            path: path.to_owned(),
            reason: "it is not a file".into(),
        });
    }
    if metadata.len() > FILE_LIMIT {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    File::open(path)
        .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    let length = bytes.len() as u64;
    if length > FILE_LIMIT {
        return Err(too_large(length));
    }
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests;
