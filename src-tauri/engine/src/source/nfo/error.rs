//! Why a .nfo says nothing.

use std::path::{Path, PathBuf};

/// Most bytes of a .nfo that are read. Real ones have some 100 kB at most.
pub(super) const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// A .nfo that says nothing. Its item in Plex stays as it is.
#[derive(Debug, thiserror::Error)]
#[error("{} {fault} Its item in Plex stays as it is.", path.display())]
pub struct ReadError {
    /// The .nfo.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a .nfo.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The system refuses.
    #[error("could not be read ({0}).")]
    Unreadable(std::io::Error),
    /// Too long to be metadata; not read.
    #[error("has {} MB; a .nfo with metadata has at most 4 MB.", .0 / 1_000_000)]
    TooLarge(u64),
    /// Nothing but white space.
    #[error("is empty.")]
    Empty,
    /// A *parsing nfo*: links to online databases, which Syncslate does not ask.
    #[error("holds only links and no metadata. Let your media manager write a full .nfo.")]
    OnlyLinks,
    /// A web page under a wrong name.
    #[error("is a web page, not metadata.")]
    Html,
    /// Anything else that is not XML, such as the text files that come with downloads.
    #[error("is not XML ({0}).")]
    NotXml(String),
    /// XML that breaks off or contradicts itself.
    #[error("is damaged at line {line} ({reason}). Let your media manager write it anew.")]
    Damaged {
        /// Line of the fault, from 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// XML that declares entities of its own: never expanded, since a few lines of them can become gigabytes.
    #[error(
        "declares XML entities of its own, which Syncslate does not expand. Let your media manager write it anew."
    )]
    OwnEntities,
    /// More elements, or deeper ones, than any metadata has.
    #[error("has {0} than metadata can have.")]
    TooMuch(&'static str),
    /// Metadata of a kind that is not synced yet.
    #[error("is about {0}; Syncslate reads only films yet.")]
    NotAFilm(&'static str),
    /// XML about something else.
    #[error("is not about a film: it begins with <{0}> where <movie> was expected.")]
    OtherXml(String),
}

impl ReadError {
    pub(super) fn new(path: &Path, fault: Fault) -> Self {
        Self {
            path: path.to_owned(),
            fault,
        }
    }

    /// Whether trying again can help although nobody changed the file.
    pub fn is_temporary(&self) -> bool {
        match &self.fault {
            Fault::Unreadable(reason) => reason.kind() != std::io::ErrorKind::NotFound,
            // A file that is being written looks like one that is cut off; its stamp will tell when it is whole.
            Fault::TooLarge(_)
            | Fault::Empty
            | Fault::OnlyLinks
            | Fault::Html
            | Fault::NotXml(_)
            | Fault::Damaged { .. }
            | Fault::OwnEntities
            | Fault::TooMuch(_)
            | Fault::NotAFilm(_)
            | Fault::OtherXml(_) => false,
        }
    }

    /// Whether the file is sound, but of a kind that is not synced yet (shows, episodes, music): counted, not reported
    /// as a problem.
    pub fn is_not_yet(&self) -> bool {
        matches!(self.fault, Fault::NotAFilm(_))
    }
}
