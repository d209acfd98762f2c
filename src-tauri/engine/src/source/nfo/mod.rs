//! Folders of .nfo files, in the dialects of Kodi, Jellyfin and tinyMediaManager: films, shows, seasons, episodes, music
//! videos, artists, albums. Where a video has none, what yt-dlp wrote about it (`.info.json`).
//!
//! [`NfoSource::walk`] lists what is there without opening any file; [`read`] opens one .nfo and its pictures. Between
//! the two the caller skips what has the same stamp as last time.
//!
//! Not here: pictures named by a URL, metadata within media files, writing .nfo files.

mod ahead;
mod below;
mod decode;
mod error;
mod folder;
mod info;
mod listing;
mod names;
mod numbers;
mod parse;
mod part;
mod pictures;
mod read;
mod show;
mod stamp;
#[cfg(test)]
mod tests;
mod values;
mod visit;
mod walk;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::image::ImageError;
use crate::model::{Aim, Field, SourceItem, SourceNumber};

use super::SourceError;
pub use error::ReadError;
pub use pictures::Role;
pub use read::read;
pub use show::SeasonTitles;
pub use walk::{Unreadable, WalkSummary};

/// The [`Entry::id`] of an item, by the item's own id: episodes that share a file have ids of their own.
pub fn entry_of(item_id: &str) -> &str {
    match item_id.rsplit_once('#') {
        Some((entry, number))
            if !number.contains('/') && names::kind(entry).0 == names::FileKind::Nfo =>
        {
            entry
        }
        _ => item_id,
    }
}

/// A folder of .nfo files.
#[derive(Debug, Clone)]
pub struct NfoSource {
    /// Its number in the settings.
    pub number: SourceNumber,
    /// The folder.
    pub root: PathBuf,
}

/// What speaks of media files, as the folders' listings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The source that holds it.
    pub source: SourceNumber,
    /// Path of the .nfo (or `.info.json`) relative to the root, with `/`; of a season without one, of its number
    /// (`Show/season01`). Stable, and the item's id.
    pub id: String,
    /// The .nfo or `.info.json`; `None` where there are only pictures, or the show's file.
    pub nfo: Option<PathBuf>,
    /// Of a season: the `tvshow.nfo` of its show, in which its title may stand.
    pub show: Option<PathBuf>,
    /// Differs as soon as one of these files, one of its pictures (name, time, size, inode) or the list of media files does.
    pub stamp: [u8; 16],
    /// Which item it speaks of, seen from those that hold `files`.
    pub aim: Aim,
    /// Full paths of its media files, sorted. Of a whole folder (a show, an artist) a sample of the files below it.
    pub files: Vec<String>,
    /// Files that can be its pictures, the best first.
    pub pictures: BTreeMap<Field, Vec<Picture>>,
}

/// A file that can be an item's picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub path: PathBuf,
    /// For which items it may be used.
    pub role: Role,
}

/// What [`read`] found.
#[derive(Debug)]
pub struct ReadItem {
    /// The item.
    pub item: SourceItem,
    /// Pictures that are left out because they cannot be sent. The item is whole but for them, and its stamp should
    /// not be remembered while one of these is temporary. Of several episodes in one file, the first has them.
    pub notes: Vec<PictureNote>,
}

/// A picture that is left out.
#[derive(Debug)]
pub struct PictureNote {
    /// What it would have been.
    pub field: Field,
    /// Why it is left out.
    pub error: ImageError,
}

impl Entry {
    /// Whether nothing speaks of it but maybe its show's file: a season that may have no title there, and is no source item
    /// then. See [`SeasonTitles`].
    pub fn is_unsure(&self) -> bool {
        self.nfo.is_none() && self.pictures.is_empty()
    }
}

impl NfoSource {
    /// Checks that the root is there and holds something. Blocks.
    pub fn check(&self) -> Result<(), SourceError> {
        walk::check(&self.root)
    }

    /// Streams the entries folder by folder (in pieces of at most 1,000), in the same order each time: a folder's own
    /// sorted by id, then its sub-folders', then those that speak of the folder as a whole. Opens no file; folders are
    /// listed on several threads, `sink` is called on this one. Blocks.
    ///
    /// `only` limits it to one folder, one .nfo, or the entries that speak of one media file, named by its path
    /// relative to the root, with `/`. `sink` ends it with [`ControlFlow::Break`].
    pub fn walk(
        &self,
        only: Option<&str>,
        sink: &mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
    ) -> Result<WalkSummary, SourceError> {
        walk::walk(self, only, walk::threads(), sink)
    }
}
