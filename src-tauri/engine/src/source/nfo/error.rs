//! Why a file says nothing.

use std::path::{Path, PathBuf};

/// Most bytes of a .nfo that are read. Real ones have some 100 kB at most.
pub(super) const FILE_LIMIT: u64 = 4 * 1024 * 1024;
/// Most bytes of an `.info.json` that are read. Those with all formats and subtitles have a few MB; one with all comments
/// can have any number.
pub(super) const INFO_LIMIT: u64 = 32 * 1024 * 1024;

/// A .nfo or `.info.json` that says nothing. Its item in Plex stays as it is.
#[derive(Debug, thiserror::Error)]
#[error("{} {fault} Its item in Plex stays as it is.", path.display())]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The system refuses.
    #[error("could not be read ({0}).")]
    Unreadable(std::io::Error),
    /// A folder, a pipe or the like under the name of a file.
    #[error("is not a file.")]
    NotAFile,
    /// Too long to be metadata; not read.
    #[error("has {} MB; a .nfo with metadata has at most 4 MB.", .0 / 1_000_000)]
    TooLarge(u64),
    /// The same of yt-dlp.
    #[error("has {} MB; Syncslate reads at most 32 MB of it. Let yt-dlp write it without comments.", .0 / 1_000_000)]
    InfoTooLarge(u64),
    /// An `.info.json` that is no JSON, or breaks off.
    #[error("is damaged at line {line} ({reason}). Let yt-dlp write it anew.")]
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
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
    /// Episodes that cannot be told apart.
    #[error(
        "holds several episodes, but neither it nor its video's name tells their numbers. Name the video as S01E01-E02, or let your media manager write the file anew."
    )]
    Unnumbered,
    /// Metadata of a kind that is not synced.
    #[error("is about {0}, which Syncslate does not read from files.")]
    NotSynced(&'static str),
    /// Metadata of a kind that is synced, under a name that says otherwise.
    #[error("is about {about}, which belongs into a file called {belongs}. Rename or move it.")]
    Misplaced {
        /// What it is about.
        about: &'static str,
        /// Where it would be understood.
        belongs: &'static str,
    },
    /// A season that only its show's file could speak of.
    #[error("gives the season no title.")]
    Untitled,
    /// XML about something else.
    #[error(
        "is not metadata that Syncslate knows: it begins with <{0}>, where <movie>, <episodedetails> or the like was expected."
    )]
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
            Fault::NotAFile
            | Fault::TooLarge(_)
            | Fault::InfoTooLarge(_)
            | Fault::NotJson { .. }
            | Fault::Empty
            | Fault::OnlyLinks
            | Fault::Html
            | Fault::NotXml(_)
            | Fault::Damaged { .. }
            | Fault::OwnEntities
            | Fault::TooMuch(_)
            | Fault::Unnumbered
            | Fault::NotSynced(_)
            | Fault::Misplaced { .. }
            | Fault::Untitled
            | Fault::OtherXml(_) => false,
        }
    }

    /// Whether the file is sound, but of a kind that is not synced (collections, people, playlists), or has nothing to say
    /// of a season: counted, not reported as a problem.
    pub fn is_not_yet(&self) -> bool {
        matches!(self.fault, Fault::NotSynced(_) | Fault::Untitled)
    }
}
