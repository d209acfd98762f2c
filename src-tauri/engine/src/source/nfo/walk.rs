//! The walk through a source's folders, always in the same order, however many threads visit them ahead (`ahead`).

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ahead::{Ahead, Key};
use super::below::{self, Below};
use super::listing::Folder;
use super::names;
use super::part::Only;
use super::show::Show;
use super::visit::{self, Found, Place, Visited};
use super::{Entry, NfoSource, SourceError};

/// Most entries given to the sink at once.
pub(super) const PIECE: usize = 1_000;
/// Deepest folder looked into.
pub(super) const DEEPEST: usize = 100;
/// Most unreadable paths that are named; the others are only counted.
const MOST_NAMED: usize = 1_000;

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkSummary {
    /// Entries given to the sink.
    pub entries: u64,
    /// Folders listed: all but hidden ones, those of the system, and extras of a film or show. One that several links
    /// lead to counts each time that it is walked through.
    pub folders: u64,
    /// .nfo files that speak of no media file: none of their name is there, or another .nfo speaks of it; of a show's or
    /// the like, none that belongs to it lies below. Not counted where one file was asked for.
    pub without_media: u64,
    /// .nfo files that are left alone: those about extras, of seasons whose number the names contradict, and of a show,
    /// season, artist or album above another. All but those about extras are named in `unreadable`, with the reason. Not
    /// counted where one file was asked for.
    pub not_read: u64,
    /// What could not be read or is left alone, the first 1,000.
    pub unreadable: Vec<Unreadable>,
    /// How many files and folders could not be read, named or not; those left alone are not among them.
    pub unreadable_count: u64,
    /// Whether the whole source was listed and nothing left out: no limit to a part, no end by the sink, nothing that
    /// could not be read. Only then may anything be concluded from an item's absence.
    pub complete: bool,
}

/// A file or folder that could not be read, or is left alone.
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

/// How many threads visit folders: listing them is mostly waiting, on a network share for the other end.
pub(super) fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (2 * cores).clamp(4, 16)
}

/// See [`NfoSource::walk`]. The outcome is the same for any number of `threads`.
pub(super) fn walk(
    source: &NfoSource,
    only: Option<&str>,
    threads: usize,
    sink: &mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
) -> Result<WalkSummary, SourceError> {
    check(&source.root)?;
    let only = only.map(|only| Only::new(&source.root, only)).transpose()?;
    let only = only.filter(|only| !only.folder.is_empty() || only.file.is_some());
    let start = only.as_ref().map_or("", |only| only.folder.as_str());
    let path = if start.is_empty() {
        source.root.clone()
    } else {
        source.root.join(start)
    };
    let real = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
    let start = Place {
        path,
        relative: start.to_owned(),
        real,
        links: 0,
        depth: 0,
        show: show_around(source, start),
    };
    let ahead = Ahead::new(source.number);
    let mut walk = Walk {
        source,
        file: only.as_ref().and_then(|only| only.file.as_deref()),
        sink,
        summary: WalkSummary::default(),
        links_followed: BTreeSet::new(),
        ahead: &ahead,
        threads,
    };
    let mut open = Vec::new();
    let mut flow = walk.enter(&mut open, &Arc::new(start), &Key::new());
    // Where nothing lies below the first folder, no thread is worth its start.
    if flow.is_continue() && open.last().is_some_and(|first| !first.folders.is_empty()) {
        flow = std::thread::scope(|scope| {
            let _over = ahead.over_at_end();
            for _ in 1..threads {
                scope.spawn(|| ahead.work());
            }
            walk.run(&mut open)
        });
    } else if flow.is_continue() {
        flow = walk.run(&mut open);
    }
    let mut summary = walk.summary;
    // Asked again: a share that went away in the middle can look like an empty folder.
    summary.complete = flow.is_continue()
        && summary.unreadable_count == 0
        && only.is_none()
        && check(&source.root).is_ok();
    Ok(summary)
}

/// The show that a folder lies in, where a walk begins within it: its entries are the same as in a walk of the whole.
fn show_around(source: &NfoSource, start: &str) -> Option<Arc<Show>> {
    let mut show = None;
    if start.is_empty() {
        return show;
    }
    let mut above = Place {
        path: source.root.clone(),
        relative: String::new(),
        real: source.root.clone(),
        links: 0,
        depth: 0,
        show: None,
    };
    for name in start.split('/') {
        show = visit::visit(source.number, &above).show;
        above = above.child(name, show.clone());
    }
    show
}

/// A folder under way, with those of its folders that are still to come.
struct Open {
    place: Arc<Place>,
    key: Key,
    folders: Arc<[Folder]>,
    next: usize,
    show: Option<Arc<Show>>,
    below: Option<Below>,
}

struct Walk<'a> {
    source: &'a NfoSource,
    file: Option<&'a str>,
    sink: &'a mut dyn FnMut(Vec<Entry>) -> ControlFlow<()>,
    summary: WalkSummary,
    /// Targets of links within links: each is followed once, else a few links to each other would be walked in every
    /// order.
    links_followed: BTreeSet<PathBuf>,
    ahead: &'a Ahead,
    threads: usize,
}

impl Walk<'_> {
    /// Depth first with a stack of its own: the deepest tree cannot overflow the thread's.
    fn run(&mut self, open: &mut Vec<Open>) -> ControlFlow<()> {
        while let Some(last) = open.last_mut() {
            let Some(folder) = last.folders.get(last.next).cloned() else {
                self.leave(open)?;
                continue;
            };
            let mut key = last.key.clone();
            key.push(last.next);
            last.next += 1;
            if let Some(place) = self.place(open, &folder) {
                self.enter(open, &Arc::new(place), &key)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Comes to a folder and gives what speaks of its own files to the sink.
    fn enter(&mut self, open: &mut Vec<Open>, place: &Arc<Place>, key: &Key) -> ControlFlow<()> {
        let mut visited = self.ahead.take(key, place);
        for unreadable in std::mem::take(&mut visited.unreadable) {
            self.unreadable(unreadable);
        }
        if !visited.is_listed {
            return ControlFlow::Continue(());
        }
        self.summary.folders += 1;
        if self.file.is_none() {
            self.summary.without_media += visited.without_media;
            self.summary.not_read += visited.not_read;
        }
        self.leave_alone(open.is_empty(), place, std::mem::take(&mut visited.refused));
        let is_first = open.is_empty();
        self.give(is_first, place, std::mem::take(&mut visited.entries))?;
        if let Some(names) = visited.names.take() {
            let (number, threads) = (self.source.number, self.threads);
            visit::entries_of(number, place, &names, threads, &mut |found| {
                self.give(is_first, place, found)
            })?;
        }
        if is_first {
            self.limit_to_file(place, &mut visited);
        }
        let below = (!visited.whole.is_empty())
            .then(|| Below::new(visited.whole, place.show.is_some(), visited.show.clone()));
        open.push(Open {
            place: Arc::clone(place),
            key: key.clone(),
            folders: visited.folders,
            next: 0,
            show: visited.show,
            below,
        });
        let under_way = open.iter_mut().rev().map(|open| open.below.as_mut());
        below::spread(under_way, &place.relative, key, &visited.media);
        ControlFlow::Continue(())
    }

    /// Where one file was asked for, folders below matter only if it speaks of the whole folder.
    fn limit_to_file(&self, place: &Place, visited: &mut Visited) {
        if let Some(file) = self.file {
            let id = names::join(&place.relative, file);
            if !visited.whole.iter().any(|draft| draft.id == id) {
                visited.whole.clear();
                visited.folders = Arc::default();
            }
        }
    }

    /// Leaves the innermost folder: what speaks of it as a whole is known now.
    fn leave(&mut self, open: &mut Vec<Open>) -> ControlFlow<()> {
        let Some(Open { place, below, .. }) = open.pop() else {
            return ControlFlow::Continue(());
        };
        let Some(below) = below else {
            return ControlFlow::Continue(());
        };
        let above = open.iter_mut().rev().filter_map(|open| open.below.as_mut());
        let mut finished = below.finish(self.source.number, above);
        self.leave_alone(open.is_empty(), &place, finished.refused);
        if let Some(file) = self.file {
            let id = names::join(&place.relative, file);
            finished
                .entries
                .retain(|entry| open.is_empty() && entry.id == id);
        } else {
            self.summary.without_media += finished.without_media;
        }
        self.send(finished.entries)
    }

    /// Where `folder` in the innermost folder leads, unless that is back.
    fn place(&mut self, open: &[Open], folder: &Folder) -> Option<Place> {
        let above = open.last()?;
        let parent = &above.place;
        let mut place = parent.child(&folder.name, above.show.clone());
        if place.depth >= DEEPEST {
            self.refuse(place.relative, "it lies too deep".into());
            return None;
        }
        if !folder.is_link {
            return Some(place);
        }
        place.real = match std::fs::canonicalize(&place.path) {
            Ok(real) => real,
            Err(error) => {
                self.refuse(place.relative, error.to_string());
                return None;
            }
        };
        place.links += 1;
        let is_known = parent.links > 0 && !self.links_followed.insert(place.real.clone());
        let leads_back = || open.iter().any(|above| above.place.real == place.real);
        (!is_known && !leads_back()).then_some(place)
    }

    /// Gives a folder's own entries to the sink: all, or in the first folder those that were asked for.
    fn give(&mut self, is_first: bool, place: &Place, found: Vec<Found>) -> ControlFlow<()> {
        let asked = self.file.map(|file| {
            let full = names::full(&place.path, file);
            (names::join(&place.relative, file), full.unwrap_or_default())
        });
        let mut entries = Vec::new();
        for one in found {
            let is_asked = match (&asked, &one) {
                (None, _) => true,
                (Some(_), _) if !is_first => false,
                (Some((id, file)), Ok(entry)) => entry.id == *id || entry.files.contains(file),
                (Some((id, _)), Err(unreadable)) => unreadable.path == *id,
            };
            match one {
                Ok(entry) if is_asked => entries.push(entry),
                Err(unreadable) if is_asked => self.unreadable(unreadable),
                Ok(_) | Err(_) => {}
            }
        }
        self.send(entries)
    }

    fn send(&mut self, entries: Vec<Entry>) -> ControlFlow<()> {
        let mut entries = entries.into_iter().peekable();
        while entries.peek().is_some() {
            let piece: Vec<Entry> = entries.by_ref().take(PIECE).collect();
            self.summary.entries += piece.len() as u64;
            (self.sink)(piece)?;
        }
        ControlFlow::Continue(())
    }

    /// Counts and names .nfo files of a folder that are left alone; where one file was asked for, names it if it is that.
    fn leave_alone(&mut self, is_first: bool, place: &Place, refused: Vec<Unreadable>) {
        let asked = self.file.map(|file| names::join(&place.relative, file));
        for one in refused {
            match &asked {
                None => self.summary.not_read += 1,
                Some(id) if is_first && one.path == *id => {}
                Some(_) => continue,
            }
            self.name(one);
        }
    }

    fn refuse(&mut self, path: String, reason: String) {
        self.unreadable(Unreadable { path, reason });
    }

    fn unreadable(&mut self, unreadable: Unreadable) {
        self.summary.unreadable_count += 1;
        self.name(unreadable);
    }

    fn name(&mut self, unreadable: Unreadable) {
        if self.summary.unreadable.len() < MOST_NAMED {
            self.summary.unreadable.push(unreadable);
        }
    }
}
