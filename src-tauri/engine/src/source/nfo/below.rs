//! What lies below the folders that are under way, by which `tvshow.nfo` and its like are known.
//!
//! | Kind | Its files |
//! |---|---|
//! | show | at most 3 videos per folder below it |
//! | season | the videos in its folder; where its number is known, in folders below too |
//! | artist | at most 3 pieces of music per folder below it |
//! | album | the music in its folder and in folders of its discs |
//!
//! Each at most 64, of each folder as many as of those beside it: where a file lies above several shows, the sample has
//! some of each of them, and matches nothing. A show within a show, or an album within an album, keeps its own files to
//! itself. What would be left over for the outer one may be another show: the outer one is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Entry;
use super::pictures::Kind;
use super::show::Show;
use super::visit::{self, Draft, Media, SAMPLE, SEASON_SAMPLE};
use super::walk::Unreadable;
use crate::model::{Aim, SourceNumber};

/// Most files of one folder by which a show or an artist is known.
const PER_FOLDER: usize = 3;

/// What is gathered for one folder under way.
#[derive(Debug, Default)]
pub(super) struct Below {
    drafts: Vec<Draft>,
    in_show: bool,
    /// The show that the folder lies in, or is.
    around: Option<Arc<Show>>,
    show: Sample,
    season: Sample,
    by_season: BTreeMap<i32, Sample>,
    artist: Sample,
    album: Sample,
    /// Seasons that speak for themselves.
    told: BTreeSet<i32>,
    /// What else speaks of whole folders below this one, with the first folder of each kind. Of albums only those that
    /// would be discs of this one.
    others: BTreeMap<Kind, String>,
}

/// What the drafts of a folder became.
#[derive(Debug, Default)]
pub(super) struct Finished {
    /// Sorted by id.
    pub entries: Vec<Entry>,
    /// How many .nfo files speak of nothing.
    pub without_media: u64,
    /// .nfo files that lie above others of their kind, and why they are left alone.
    pub refused: Vec<Unreadable>,
}

impl Below {
    /// `in_show` says whether the folder lies in a show, beyond one that it is itself.
    pub(super) fn new(drafts: Vec<Draft>, in_show: bool, around: Option<Arc<Show>>) -> Self {
        Self {
            drafts,
            in_show,
            around,
            ..Self::default()
        }
    }

    fn has(&self, kind: Kind) -> bool {
        self.drafts.iter().any(|draft| draft.kind == kind)
    }

    /// The season that the folder is.
    fn own_season(&self) -> Option<Kind> {
        let mut drafts = self.drafts.iter();
        let season = drafts.find(|draft| matches!(draft.kind, Kind::Season(_)));
        season.map(|draft| draft.kind)
    }

    /// What speaks of the folder, now that everything below was seen. `above` are the folders that it lies in, the
    /// nearest first.
    pub(super) fn finish<'a>(
        mut self,
        source: SourceNumber,
        above: impl Iterator<Item = &'a mut Self>,
    ) -> Finished {
        let mut finished = Finished::default();
        let is_show = self.has(Kind::Show);
        let mut told = std::mem::take(&mut self.told);
        let mut drafts = std::mem::take(&mut self.drafts);
        if let Some(show) = self.around.take().filter(|_| is_show) {
            drafts.extend(show.drafts(self.by_season.keys().copied()));
        }
        let mut own = Vec::new();
        for draft in drafts {
            let season = match draft.kind {
                Kind::Season(season) => season,
                Kind::Album | Kind::Artist | Kind::Show => None,
            };
            if draft.is_fallback && season.is_some_and(|season| told.contains(&season)) {
                continue;
            }
            let files = self.files(&draft);
            if files.is_empty() {
                finished.without_media += u64::from(draft.nfo.is_some());
                continue;
            }
            if let Some((other, folder)) = self.above(&draft, is_show) {
                // Pictures of a season in such a show's folder share its lot.
                if draft.nfo.is_some() {
                    let reason = too_high(draft.kind, *other, folder);
                    let path = draft.id;
                    finished.refused.push(Unreadable { path, reason });
                }
                continue;
            }
            told.extend(season);
            own.extend(season);
            finished.entries.push(entry(source, draft, files));
        }
        let show = above.into_iter().find(|above| above.has(Kind::Show));
        if let Some(show) = show.filter(|_| !is_show) {
            show.told.extend(own);
        }
        finished
            .entries
            .sort_by(|left, right| left.id.cmp(&right.id));
        finished
    }

    /// What else speaks of files below, where those left over may belong to something else than the draft is about.
    fn above(&self, draft: &Draft, is_show: bool) -> Option<(&Kind, &String)> {
        let mut others = self.others.iter();
        others.find(|(other, _)| match (draft.kind, other) {
            (Kind::Season(_), Kind::Show) if draft.is_fallback => true,
            // Such a season speaks of no folders below.
            (Kind::Season(None), _) => false,
            (Kind::Season(_), _) if is_show || draft.nfo.is_none() => false,
            (Kind::Show | Kind::Season(_), Kind::Show)
            | (Kind::Artist, Kind::Artist)
            | (Kind::Album, Kind::Album) => true,
            // Within a show, the number tells one season from the others.
            (Kind::Season(own), Kind::Season(other)) => {
                !self.in_show || other.is_none() || *other == own
            }
            _ => false,
        })
    }

    fn files(&self, draft: &Draft) -> Vec<String> {
        let sample = match draft.kind {
            Kind::Show => &self.show,
            Kind::Artist => &self.artist,
            Kind::Album => &self.album,
            Kind::Season(Some(season)) if draft.is_fallback => {
                self.by_season.get(&season).unwrap_or(&self.show)
            }
            Kind::Season(_) => &self.season,
        };
        let mut files: Vec<String> = sample.0.iter().map(|(_, file)| file.clone()).collect();
        files.sort_unstable();
        files
    }
}

/// Tells the folders under way what the innermost of them holds, which lies at `relative`; they come the innermost first.
/// `key` is its place in the walk: of each folder on the way to it, its number among its siblings.
pub(super) fn spread<'a>(
    open: impl Iterator<Item = Option<&'a mut Below>>,
    relative: &str,
    key: &[usize],
    media: &Media,
) {
    let (mut season, mut show, mut album, mut artist) = (true, true, true, true);
    for (distance, below) in open.enumerate() {
        let Some(below) = below else {
            continue;
        };
        let way = &key[key.len().saturating_sub(distance)..];
        if distance > 0 {
            for kind in &media.whole {
                if *kind != Kind::Album || (distance == 1 && media.is_disc) {
                    let known = below.others.entry(*kind);
                    known.or_insert_with(|| relative.to_owned());
                }
            }
        }
        if let Some(kind) = below.own_season().filter(|_| season) {
            // Folders below may hold other seasons, unless the number tells them apart; beside `tvshow.nfo` they do.
            if distance == 0 || (kind != Kind::Season(None) && !below.has(Kind::Show)) {
                below.season.add(way, &media.videos, SAMPLE);
            }
            season = false;
        }
        if show && below.has(Kind::Show) {
            below.show.add(way, &media.videos, PER_FOLDER);
            for (season, files) in &media.by_season {
                let known = below.by_season.entry(*season).or_default();
                known.add(way, files, SEASON_SAMPLE);
                known.cut(SEASON_SAMPLE);
            }
            (season, show) = (false, false);
        }
        if album && below.has(Kind::Album) {
            if distance == 0 || (distance == 1 && media.is_disc) {
                below.album.add(way, &media.audio, SAMPLE);
            }
            album = false;
        }
        if artist && below.has(Kind::Artist) {
            below.artist.add(way, &media.audio, PER_FOLDER);
            artist = false;
        }
    }
}

/// Files below a folder with the way to each, in the order of the walk.
#[derive(Debug, Default)]
struct Sample(Vec<(Vec<usize>, String)>);

impl Sample {
    /// Adds at most so many of one folder's files.
    fn add(&mut self, way: &[usize], files: &[String], most: usize) {
        let some = visit::some_of(files, most);
        self.0.extend(some.map(|file| (way.to_vec(), file.clone())));
        self.cut(SAMPLE);
    }

    fn cut(&mut self, most: usize) {
        while self.0.len() > most {
            self.0.remove(self.one_too_many());
        }
    }

    /// The last file of the folder that has most of them; if those lie in folders of it, of the one there that has most.
    fn one_too_many(&self) -> usize {
        let (mut start, mut end) = (0, self.0.len());
        for level in 0.. {
            let mut most = start..start;
            let mut at = start;
            for folder in self.0[start..end].chunk_by(|a, b| a.0.get(level) == b.0.get(level)) {
                if folder.len() >= most.len() {
                    most = at..at + folder.len();
                }
                at += folder.len();
            }
            (start, end) = (most.start, most.end);
            if end - start <= 1 || self.0[start].0.len() <= level {
                break;
            }
        }
        end.saturating_sub(1)
    }
}

/// Why a .nfo is left alone that lies above `folder`, in which another speaks.
fn too_high(kind: Kind, other: Kind, folder: &str) -> String {
    let (_, what) = kind.words();
    let (other, _) = other.words();
    format!(
        "“{folder}” below it has its own {other}; move it into the folder of the one {what} that it is about"
    )
}

fn entry(source: SourceNumber, draft: Draft, files: Vec<String>) -> Entry {
    let mut stamp = draft.stamp;
    for file in &files {
        stamp.text(file);
    }
    Entry {
        source,
        id: draft.id,
        nfo: draft.nfo,
        show: draft.show,
        stamp: stamp.finish(),
        aim: match draft.kind {
            Kind::Show | Kind::Artist => Aim::Grandparent,
            Kind::Album => Aim::Parent(None),
            Kind::Season(season) => Aim::Parent(season),
        },
        files,
        pictures: draft.pictures,
    }
}
