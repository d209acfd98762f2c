//! Films from folders of .nfo files beside the media files, in the dialects of Kodi, Jellyfin and tinyMediaManager.
//!
//! [`NfoSource::walk`] lists what is there without opening any file; [`read`] opens one .nfo and its pictures. Between
//! the two the caller skips what has the same stamp as last time.
//!
//! Not here: shows and music (recognised and counted, not read), pictures named by a URL, writing .nfo files.

mod decode;
mod error;
mod folder;
mod names;
mod parse;
mod part;
mod stamp;
#[cfg(test)]
mod tests;
mod values;
mod walk;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::image::{self, ImageError};
use crate::model::{Aim, Field, ItemType, LocalImage, SourceItem, SourceNumber, Value};

use super::SourceError;
pub use error::ReadError;
pub use walk::{Unreadable, WalkSummary};

/// A folder of .nfo files.
#[derive(Debug, Clone)]
pub struct NfoSource {
    /// Its number in the settings.
    pub number: SourceNumber,
    /// The folder.
    pub root: PathBuf,
}

/// One .nfo that speaks of media files, as the folder's listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The source that holds it.
    pub source: SourceNumber,
    /// Path of the .nfo relative to the root, with `/`. Stable, and the item's id.
    pub id: String,
    /// The .nfo.
    pub nfo: PathBuf,
    /// Differs as soon as the .nfo, one of its pictures (name, time, size, inode) or the list of media files does.
    pub stamp: [u8; 16],
    /// Which item it speaks of, seen from those that hold `files`.
    pub aim: Aim,
    /// Full paths of its media files, sorted. Of a whole folder (a show, an artist) a sample of the files below it.
    pub files: Vec<String>,
    /// Files that can be its pictures, the best first.
    pub pictures: BTreeMap<Field, Vec<PathBuf>>,
}

/// What [`read`] found.
#[derive(Debug)]
pub struct ReadItem {
    /// The item.
    pub item: SourceItem,
    /// Pictures that are left out because they cannot be sent. The item is whole but for them, and its stamp should
    /// not be remembered while one of these is temporary.
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

impl NfoSource {
    /// Checks that the root is there and holds something. Blocks.
    pub fn check(&self) -> Result<(), SourceError> {
        walk::check(&self.root)
    }

    /// Streams the entries folder by folder (in pieces of at most 1,000), in the same order each time: a folder's own
    /// sorted by id, then its sub-folders'. Opens no file. Blocks.
    ///
    /// `only` limits it to one folder, one .nfo, or the entries that speak of one media file, named by its path
    /// relative to the root, with `/`. `sink` ends it with [`ControlFlow::Break`].
    pub fn walk(
        &self,
        only: Option<&str>,
        sink: &mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
    ) -> Result<WalkSummary, SourceError> {
        walk::walk(self, only, sink)
    }
}

/// Reads one .nfo and its pictures: one item, or the several episodes of one file. Blocks.
pub fn read(entry: &Entry) -> Result<Vec<ReadItem>, ReadError> {
    let text = decode::read_text(&entry.nfo)?;
    let film = parse::parse(&text).map_err(|fault| ReadError::new(&entry.nfo, fault))?;
    let mut values = values::values(&film);
    let mut images = BTreeMap::new();
    let mut notes = Vec::new();
    for (&field, candidates) in &entry.pictures {
        for path in candidates {
            match image::prepare(path) {
                Ok(prepared) => {
                    values.insert(field, Value::Image(prepared.sha1.clone()));
                    let image = LocalImage {
                        path: path.clone(),
                        sha1: prepared.sha1,
                    };
                    images.insert(field, image);
                    break;
                }
                Err(error) => notes.push(PictureNote { field, error }),
            }
        }
    }
    let label = match values.get(&Field::Title) {
        Some(Value::Text(title)) => title.clone(),
        _ => names::label(&entry.id).to_owned(),
    };
    let item = SourceItem {
        source: entry.source,
        id: entry.id.clone(),
        item_type: Some(ItemType::Movie),
        numbering: None,
        label,
        files: entry.files.clone(),
        values,
        images,
    };
    Ok(vec![ReadItem { item, notes }])
}
