//! Where metadata comes from. Each source streams what it holds as `model::SourceItem`s.
//!
//! Not here: what Plex holds (`library`), which Plex item a source item means (`matching`), and which of its values
//! are written (`plan`).

pub mod nfo;

use std::path::PathBuf;

/// A source that cannot be read at all. Nothing is concluded from it: a source that is missing never means that its
/// items are gone.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing at the root's path.
    #[error(
        "The source folder {} is not there. Nothing was changed. If it lies on another disk or on the network, connect that and sync again; else choose the folder anew in the settings.",
        .0.display()
    )]
    Missing(PathBuf),
    /// The root is a file.
    #[error("The source {} is not a folder. Nothing was changed. Choose the folder that holds your .nfo files.", .0.display())]
    NotAFolder(PathBuf),
    /// The root's listing is refused.
    #[error(
        "The source folder {} could not be read ({reason}). Nothing was changed. Give Syncslate the right to read it, or choose another folder.",
        path.display()
    )]
    Unreadable {
        /// The root.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The root holds nothing: most often the place where a disk or share should be mounted.
    #[error(
        "The source folder {} is empty. Nothing was changed. If a disk or a network share belongs there, connect it and sync again.",
        .0.display()
    )]
    Empty(PathBuf),
    /// The part of the source that was asked for lies elsewhere.
    #[error("“{0}” leads out of the source folder. Nothing was changed. Name a path inside of it.")]
    Outside(String),
    /// The part of the source that was asked for does not exist.
    #[error(
        "“{0}” is not in the source folder. Nothing was changed. Check the spelling; upper and lower case may differ."
    )]
    NoSuchPart(String),
}

impl SourceError {
    /// Whether trying again later can help without anybody changing a setting.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Missing(_) | Self::Unreadable { .. } | Self::Empty(_) => true,
            Self::NotAFolder(_) | Self::Outside(_) | Self::NoSuchPart(_) => false,
        }
    }
}
