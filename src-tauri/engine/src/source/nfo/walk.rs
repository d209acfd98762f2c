//! The walk through a source's folders: one folder in memory at a time, always in the same order.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::folder::{self, Film};
use super::names::{self, FileKind};
use super::part::Only;
use super::stamp::Stamp;
use super::{Entry, NfoSource, SourceError};
use crate::model::Aim;

/// Most entries given to the sink at once.
const PIECE: usize = 1_000;
/// Deepest folder looked into.
const DEEPEST: usize = 100;
/// Most unreadable paths that are named; the others are only counted.
const MOST_NAMED: usize = 200;

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkSummary {
    /// Entries given to the sink.
    pub entries: u64,
    /// Folders listed.
    pub folders: u64,
    /// .nfo files beside which no media file is that they could speak of.
    pub without_media: u64,
    /// .nfo files that are by their names about shows, music or extras, which are not read yet.
    pub not_films: u64,
    /// What could not be read, the first 200.
    pub unreadable: Vec<Unreadable>,
    /// How many there are of them.
    pub unreadable_count: u64,
    /// Whether the whole source was listed and nothing left out: no limit to a part, no end by the sink, nothing
    /// unreadable. Only then may anything be concluded from an item's absence.
    pub complete: bool,
}

/// A file or folder that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its path relative to the root, with `/`; parts that are not Unicode are replaced by `�`.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// See [`NfoSource::check`].
pub(super) fn check(root: &Path) -> Result<(), SourceError> {
    let unreadable = |reason: io::Error| {
        if reason.kind() == io::ErrorKind::NotFound {
            SourceError::Missing(root.to_owned())
        } else {
            SourceError::Unreadable {
                path: root.to_owned(),
                reason,
            }
        }
    };
    let metadata = std::fs::metadata(root).map_err(unreadable)?;
    if !metadata.is_dir() {
        return Err(SourceError::NotAFolder(root.to_owned()));
    }
    match std::fs::read_dir(root).map_err(unreadable)?.next() {
        None => Err(SourceError::Empty(root.to_owned())),
        Some(first) => first.map(drop).map_err(unreadable),
    }
}

/// See [`NfoSource::walk`].
pub(super) fn walk(
    source: &NfoSource,
    only: Option<&str>,
    sink: &mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
) -> Result<WalkSummary, SourceError> {
    check(&source.root)?;
    let only = only.map(|only| Only::new(&source.root, only)).transpose()?;
    let only = only.filter(|only| !only.folder.is_empty() || only.file.is_some());
    let start = only.as_ref().map_or("", |only| only.folder.as_str());
    let mut walk = Walk {
        source,
        file: only.as_ref().and_then(|only| only.file.as_deref()),
        sink,
        summary: WalkSummary::default(),
        links_followed: BTreeSet::new(),
    };
    let path = if start.is_empty() {
        source.root.clone()
    } else {
        source.root.join(start)
    };
    let real = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
    let flow = walk.run(Place {
        path,
        relative: start.to_owned(),
        real,
        links: 0,
    });
    let mut summary = walk.summary;
    // Asked again: a share that went away in the middle can look like an empty folder.
    summary.complete = flow.is_continue()
        && summary.unreadable_count == 0
        && only.is_none()
        && check(&source.root).is_ok();
    Ok(summary)
}

/// A folder that is to be listed.
struct Place {
    path: PathBuf,
    relative: String,
    /// Where it really is, to know a link that leads back.
    real: PathBuf,
    /// Links followed on the way to it.
    links: u32,
}

/// A folder under way, with those of its folders that are still to come.
struct Open {
    place: Place,
    folders: std::vec::IntoIter<(String, bool)>,
}

/// What a folder's listing says.
#[derive(Default)]
struct Listing {
    files: Vec<String>,
    folders: Vec<(String, bool)>,
}

struct Walk<'a> {
    source: &'a NfoSource,
    file: Option<&'a str>,
    sink: &'a mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
    summary: WalkSummary,
    /// Targets of links within links: each is followed once, else a few links to each other would be walked in every
    /// order.
    links_followed: BTreeSet<PathBuf>,
}

impl Walk<'_> {
    /// Depth first with a stack of its own: the deepest tree cannot overflow the thread's.
    fn run(&mut self, start: Place) -> ControlFlow<()> {
        let mut open = Vec::new();
        open.extend(self.visit(start)?);
        while let Some(last) = open.last_mut() {
            let Some((name, is_link)) = last.folders.next() else {
                open.pop();
                continue;
            };
            if let Some(place) = self.enter(&open, &name, is_link) {
                open.extend(self.visit(place)?);
            }
        }
        ControlFlow::Continue(())
    }

    /// Lists a folder and gives what it holds to the sink.
    fn visit(&mut self, place: Place) -> ControlFlow<(), Option<Open>> {
        let Some(mut listing) = self.list(&place) else {
            return ControlFlow::Continue(None);
        };
        self.summary.folders += 1;
        let has_film = self.give(&place, &listing.files)? && !place.relative.is_empty();
        if self.file.is_some() {
            listing.folders.clear();
        }
        listing
            .folders
            .retain(|(name, _)| !(has_film && names::is_extras_folder(name)));
        ControlFlow::Continue(Some(Open {
            place,
            folders: listing.folders.into_iter(),
        }))
    }

    fn list(&mut self, place: &Place) -> Option<Listing> {
        let items = match std::fs::read_dir(&place.path) {
            Ok(items) => items,
            Err(error) => {
                self.unreadable(place.relative.clone(), error.to_string());
                return None;
            }
        };
        let mut listing = Listing::default();
        for item in items {
            let item = match item {
                Ok(item) => item,
                Err(error) => {
                    self.unreadable(place.relative.clone(), error.to_string());
                    continue;
                }
            };
            let name = match item.file_name().into_string() {
                Ok(name) => name,
                Err(name) => {
                    self.not_unicode(place, &item, &name.to_string_lossy());
                    continue;
                }
            };
            if names::is_hidden(&name) {
                continue;
            }
            let file_type = item.file_type();
            let is_link = file_type.as_ref().is_ok_and(std::fs::FileType::is_symlink);
            let is_folder = if is_link {
                // A link to nowhere is a file that is not there.
                std::fs::metadata(item.path()).is_ok_and(|metadata| metadata.is_dir())
            } else {
                file_type.is_ok_and(|kind| kind.is_dir())
            };
            if !is_folder {
                listing.files.push(name);
            } else if !names::is_system_folder(&name) {
                listing.folders.push((name, is_link));
            }
        }
        listing.files.sort_unstable();
        listing.folders.sort_unstable();
        Some(listing)
    }

    /// A name that is not Unicode can be neither matched nor shown; what it would have been decides whether it is
    /// missed.
    fn not_unicode(&mut self, place: &Place, item: &std::fs::DirEntry, name: &str) {
        let (kind, _) = names::kind(name);
        let is_folder = item.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder || matches!(kind, FileKind::Nfo | FileKind::Video) {
            self.unreadable(
                names::join(&place.relative, name),
                "its name is not Unicode; rename it".into(),
            );
        }
    }

    /// The folder `name` in the last open one, unless it leads back.
    fn enter(&mut self, open: &[Open], name: &str, is_link: bool) -> Option<Place> {
        let parent = &open.last()?.place;
        let path = parent.path.join(name);
        let relative = names::join(&parent.relative, name);
        if open.len() >= DEEPEST {
            self.unreadable(relative, "it lies too deep".into());
            return None;
        }
        if !is_link {
            return Some(Place {
                path,
                relative,
                real: parent.real.join(name),
                links: parent.links,
            });
        }
        let real = match std::fs::canonicalize(&path) {
            Ok(real) => real,
            Err(error) => {
                self.unreadable(relative, error.to_string());
                return None;
            }
        };
        let is_known = parent.links > 0 && !self.links_followed.insert(real.clone());
        if is_known || open.iter().any(|above| above.place.real == real) {
            return None;
        }
        Some(Place {
            path,
            relative,
            real,
            links: parent.links + 1,
        })
    }

    /// Gives the folder's own entries to the sink. Says whether it is one film's own folder.
    fn give(&mut self, place: &Place, files: &[String]) -> ControlFlow<(), bool> {
        let folder = place.path.file_name().and_then(|name| name.to_str());
        let sorted = folder::sort_out(folder.unwrap_or_default(), files);
        if self.file.is_none() {
            self.summary.without_media += sorted.without_media.len() as u64;
            self.summary.not_films += sorted.not_films.len() as u64;
        }
        let mut piece = Vec::new();
        for film in &sorted.films {
            let is_asked = self
                .file
                .is_none_or(|file| film.nfo == file || film.files.contains(&file));
            if !is_asked {
                continue;
            }
            match self.entry(place, film) {
                Ok(entry) => piece.push(entry),
                Err(error) => {
                    self.unreadable(names::join(&place.relative, film.nfo), error.to_string());
                }
            }
            if piece.len() == PIECE {
                self.send(&mut piece)?;
            }
        }
        self.send(&mut piece)?;
        ControlFlow::Continue(sorted.is_one_film)
    }

    fn send(&mut self, piece: &mut Vec<Entry>) -> ControlFlow<()> {
        if piece.is_empty() {
            return ControlFlow::Continue(());
        }
        self.summary.entries += piece.len() as u64;
        (self.sink)(std::mem::take(piece))
    }

    fn entry(&self, place: &Place, film: &Film<'_>) -> io::Result<Entry> {
        let mut stamp = Stamp::new();
        stamp.file(film.nfo, &std::fs::metadata(place.path.join(film.nfo))?);
        for file in &film.files {
            stamp.text(file);
        }
        let mut pictures = std::collections::BTreeMap::new();
        for (&field, candidates) in &film.pictures {
            let mut paths = Vec::with_capacity(candidates.len());
            for name in candidates {
                let path = place.path.join(name);
                // A link to nowhere is no picture.
                if let Ok(metadata) = std::fs::metadata(&path) {
                    stamp.file(name, &metadata);
                    paths.push(path);
                }
            }
            if !paths.is_empty() {
                pictures.insert(field, paths);
            }
        }
        let not_unicode = || io::Error::other("the source folder's own path is not Unicode");
        let files: Option<Vec<String>> = film
            .files
            .iter()
            .map(|name| names::full(&place.path, name))
            .collect();
        Ok(Entry {
            source: self.source.number,
            id: names::join(&place.relative, film.nfo),
            nfo: place.path.join(film.nfo),
            stamp: stamp.finish(),
            aim: Aim::Item,
            files: files.ok_or_else(not_unicode)?,
            pictures,
        })
    }

    fn unreadable(&mut self, path: String, reason: String) {
        self.summary.unreadable_count += 1;
        if self.summary.unreadable.len() < MOST_NAMED {
            self.summary.unreadable.push(Unreadable { path, reason });
        }
    }
}
