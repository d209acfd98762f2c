//! One folder of a walk: listed, sorted out, and what the file system says of its files asked. Needs nothing but the
//! folder and what is known of those above it, so that any thread can do it ahead of the walk.
//!
//! Not here: in which order folders come (`walk`), and what below a folder belongs to it as a whole (`below`).

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::{self, Film, Sorted, Whole};
use super::listing::{self, Folder, Listing};
use super::names;
use super::numbers;
use super::pictures::{Candidates, Kind};
use super::show::{Show, season_id};
use super::stamp::{Fingerprint, Stamp};
use super::walk::{PIECE, Unreadable};
use super::{Entry, Picture};
use crate::model::{Aim, Field, SourceNumber};

/// Most files by which a folder as a whole is known.
pub(super) const SAMPLE: usize = 64;
/// Most files by which one season of a show is known that has only pictures.
pub(super) const SEASON_SAMPLE: usize = 8;

/// A folder that is to be visited.
#[derive(Debug)]
pub(super) struct Place {
    pub path: PathBuf,
    pub relative: String,
    /// Where it really is, to know a link that leads back.
    pub real: PathBuf,
    /// Links followed on the way to it.
    pub links: u32,
    /// How many folders lie above it within the walk.
    pub depth: usize,
    pub show: Option<Arc<Show>>,
}

impl Place {
    /// The folder `name` within, which is no link.
    pub(super) fn child(&self, name: &str, show: Option<Arc<Show>>) -> Self {
        Self {
            path: self.path.join(name),
            relative: names::join(&self.relative, name),
            real: self.real.join(name),
            links: self.links,
            depth: self.depth + 1,
            show,
        }
    }

    fn name(&self) -> &str {
        let name = self.path.file_name().and_then(|name| name.to_str());
        name.unwrap_or_default()
    }
}

/// What speaks of media files, or what is in the way of that.
pub(super) type Found = Result<Entry, Unreadable>;

/// What a visit found.
#[derive(Debug, Default)]
pub(super) struct Visited {
    /// Whether the folder could be listed.
    pub is_listed: bool,
    /// What speaks of its own files, sorted by id; or what is in the way of that. Empty where that is too much to be
    /// held at once.
    pub entries: Vec<Found>,
    /// The names in such a folder; see [`entries_of`].
    pub names: Option<Vec<String>>,
    /// What speaks of it as a whole.
    pub whole: Vec<Draft>,
    pub media: Media,
    /// Folders that are to be visited, sorted by name.
    pub folders: Arc<[Folder]>,
    /// The show in which those lie.
    pub show: Option<Arc<Show>>,
    pub unreadable: Vec<Unreadable>,
    pub without_media: u64,
    /// .nfo files about extras.
    pub not_read: u64,
    /// .nfo files that are left alone, and why.
    pub refused: Vec<Unreadable>,
}

/// Full paths of media files by which folders above are known, each list cut off.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub videos: Vec<String>,
    /// Of episodes, by season.
    pub by_season: BTreeMap<i32, Vec<String>>,
    pub audio: Vec<String>,
    /// Whether the folder is one disc of an album.
    pub is_disc: bool,
    /// What .nfo files there speak of the folder as a whole, also those that cannot be reached.
    pub whole: Vec<Kind>,
}

/// An entry about a whole folder, which lacks the files below it.
#[derive(Debug)]
pub(super) struct Draft {
    pub kind: Kind,
    pub id: String,
    pub nfo: Option<PathBuf>,
    /// The show's file, in which a season's title may stand.
    pub show: Option<PathBuf>,
    pub pictures: BTreeMap<Field, Vec<Picture>>,
    pub stamp: Stamp,
    /// Whether it stands in the show's folder, and is left out where the season's own folder speaks.
    pub is_fallback: bool,
}

impl Visited {
    /// About how many names it holds, to bound what is visited ahead.
    pub(super) fn weight(&self) -> usize {
        let names = self.names.as_ref().map_or(0, Vec::len);
        1 + self.entries.len() + names + self.folders.len() + self.unreadable.len()
    }
}

/// Visits a folder. Opens no file. Blocks.
pub(super) fn visit(source: SourceNumber, place: &Place) -> Visited {
    let mut visited = Visited::default();
    let Some(Listing { files, mut folders }) = listing::list(place, &mut visited.unreadable) else {
        return visited;
    };
    visited.is_listed = true;
    let sorted = folder::sort_out(place.name(), &files, place.show.is_some());
    visited.without_media = sorted.without_media.len() as u64;
    visited.not_read = sorted.not_read.len() as u64;
    let refused = sorted.refused.iter();
    visited.refused = refused
        .map(|(name, reason)| Unreadable {
            path: names::join(&place.relative, name),
            reason: (*reason).to_owned(),
        })
        .collect();
    let is_large = sorted.films.len() > PIECE;
    if !is_large {
        let films = sorted.films.iter();
        visited.entries = films.map(|film| found(source, place, film)).collect();
    }
    visited.show = match Show::of(place, &sorted) {
        Some(show) => Some(Arc::new(show)),
        None => place.show.clone(),
    };
    for whole in &sorted.whole {
        match draft(place, whole, visited.show.as_deref()) {
            Ok(draft) => visited.whole.push(draft),
            Err(error) => visited.unreadable.push(Unreadable {
                path: names::join(&place.relative, whole.nfo.unwrap_or_default()),
                reason: error.to_string(),
            }),
        }
    }
    visited.media = media(place, &sorted, visited.show.is_some());

    let has_film = sorted.is_one_film && !place.relative.is_empty();
    if has_film || visited.show.is_some() {
        folders.retain(|folder| !names::is_extras_folder(&folder.name));
    }
    visited.folders = folders.into();
    visited.names = is_large.then_some(files);
    visited
}

/// The entries of a folder of thousands, piece by piece, each of them by several threads. `names` are those of its visit.
pub(super) fn entries_of(
    source: SourceNumber,
    place: &Place,
    names: &[String],
    threads: usize,
    give: &mut dyn FnMut(Vec<Found>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let sorted = folder::sort_out(place.name(), names, place.show.is_some());
    for piece in sorted.films.chunks(PIECE) {
        let share = piece.len().div_ceil(threads.max(1));
        let visit = |films: &[Film<'_>]| -> Vec<Found> {
            films
                .iter()
                .map(|film| found(source, place, film))
                .collect()
        };
        let visit = &visit;
        let found = std::thread::scope(|scope| {
            let shares: Vec<_> = piece
                .chunks(share)
                .map(|films| scope.spawn(move || visit(films)))
                .collect();
            shares
                .into_iter()
                .flat_map(|share| match share.join() {
                    Ok(found) => found,
                    Err(panic) => std::panic::resume_unwind(panic),
                })
                .collect()
        });
        give(found)?;
    }
    ControlFlow::Continue(())
}

fn found(source: SourceNumber, place: &Place, film: &Film<'_>) -> Found {
    entry(source, place, film).map_err(|error| Unreadable {
        path: names::join(&place.relative, film.nfo),
        reason: error.to_string(),
    })
}

fn entry(source: SourceNumber, place: &Place, film: &Film<'_>) -> io::Result<Entry> {
    let nfo = place.path.join(film.nfo);
    let mut stamp = Stamp::new();
    stamp.file(film.nfo, &Fingerprint::of(&nfo)?);
    for file in &film.files {
        stamp.text(file);
    }
    let not_unicode = || io::Error::other("the source folder's own path is not Unicode");
    let files: Option<Vec<String>> = film
        .files
        .iter()
        .map(|name| names::full(&place.path, name))
        .collect();
    Ok(Entry {
        source,
        id: names::join(&place.relative, film.nfo),
        nfo: Some(nfo),
        show: None,
        aim: Aim::Item,
        files: files.ok_or_else(not_unicode)?,
        pictures: known_pictures(&place.path, &film.pictures, &mut stamp),
        stamp: stamp.finish(),
    })
}

/// `around` is the show that the folder lies in, or is.
fn draft(place: &Place, whole: &Whole<'_>, around: Option<&Show>) -> io::Result<Draft> {
    let mut stamp = Stamp::new();
    let nfo = whole.nfo.map(|name| place.path.join(name));
    let own_name = match (whole.nfo, whole.kind) {
        (Some(name), _) => name.to_owned(),
        (None, Kind::Season(Some(season))) => season_id(season),
        (None, kind) => format!("{kind:?}").to_lowercase(),
    };
    if let (Some(name), Some(path)) = (whole.nfo, &nfo) {
        stamp.file(name, &Fingerprint::of(path)?);
    }
    stamp.text(&format!("{:?}", whole.kind));
    let mut pictures = known_pictures(&place.path, &whole.pictures, &mut stamp);
    let show = match (whole.kind, around) {
        (Kind::Season(Some(season)), Some(show)) => show.tell(season, &mut pictures, &mut stamp),
        _ => None,
    };
    Ok(Draft {
        kind: whole.kind,
        id: names::join(&place.relative, &own_name),
        nfo,
        show,
        pictures,
        stamp,
        is_fallback: false,
    })
}

/// The candidates that are there: a link to nowhere is no picture.
fn known_pictures(
    folder: &Path,
    candidates: &Candidates<'_>,
    stamp: &mut Stamp,
) -> BTreeMap<Field, Vec<Picture>> {
    let mut pictures: BTreeMap<Field, Vec<Picture>> = BTreeMap::new();
    for (field, candidates) in candidates {
        for (name, role) in candidates {
            let path = folder.join(name);
            if let Ok(fingerprint) = Fingerprint::of(&path) {
                stamp.file(name, &fingerprint);
                let role = *role;
                pictures
                    .entry(*field)
                    .or_default()
                    .push(Picture { path, role });
            }
        }
    }
    pictures
}

fn media(place: &Place, sorted: &Sorted<'_>, in_show: bool) -> Media {
    let full = |names: &[&str], most: usize| -> Vec<String> {
        some_of(names, most)
            .filter_map(|name| names::full(&place.path, name))
            .collect()
    };
    let mut by_season: BTreeMap<i32, Vec<&str>> = BTreeMap::new();
    if in_show {
        let by_folder = numbers::season_of_folder(place.name());
        for name in &sorted.videos {
            let by_name = || numbers::episodes(names::kind(name).1).map(|(season, _)| season);
            if let Some(season) = by_folder.or_else(by_name) {
                by_season.entry(season).or_default().push(name);
            }
        }
    }
    Media {
        videos: full(&sorted.videos, SAMPLE),
        by_season: (by_season.into_iter())
            .map(|(season, names)| (season, full(&names, SEASON_SAMPLE)))
            .collect(),
        audio: full(&sorted.audio, SAMPLE),
        is_disc: names::is_disc_folder(place.name()),
        whole: (sorted.whole.iter())
            .filter(|whole| whole.nfo.is_some())
            .map(|whole| whole.kind)
            .collect(),
    }
}

/// At most so many (two or more), from the first to the last: where the files of several shows or albums lie in one
/// folder, their names mostly begin with what they belong to.
pub(super) fn some_of<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    let taken = all.len().min(most);
    let steps = taken.saturating_sub(1).max(1);
    (0..taken).map(move |at| &all[at * (all.len() - 1) / steps])
}
