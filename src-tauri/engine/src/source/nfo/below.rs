//! What lies below the folders that are under way, by which `tvshow.nfo` and its like are known.
//!
//! | Kind | Its files |
//! |---|---|
//! | show | at most 3 videos per folder below it |
//! | season | the videos in its folder; where its number is known, in folders below too |
//! | artist | at most 3 pieces of music per folder below it |
//! | album | the music in its folder and in folders of its discs |
//!
//! Each at most 64. A show within a show, or an album within an album, keeps its own files to itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Entry;
use super::pictures::Kind;
use super::visit::{Draft, Media, SAMPLE, SEASON_SAMPLE};
use crate::model::{Aim, SourceNumber};

/// Most files of one folder by which a show or an artist is known.
const PER_FOLDER: usize = 3;

/// What is gathered for one folder under way.
#[derive(Debug, Default)]
pub(super) struct Below {
    drafts: Vec<Draft>,
    show: Vec<String>,
    season: Vec<String>,
    by_season: BTreeMap<i32, Vec<String>>,
    artist: Vec<String>,
    album: Vec<String>,
    /// Seasons that speak for themselves.
    told: BTreeSet<i32>,
}

/// What the drafts of a folder became.
#[derive(Debug, Default)]
pub(super) struct Finished {
    /// Sorted by id.
    pub entries: Vec<Entry>,
    /// How many .nfo files speak of nothing.
    pub without_media: u64,
}

impl Below {
    pub(super) fn new(drafts: Vec<Draft>) -> Self {
        Self {
            drafts,
            ..Self::default()
        }
    }

    fn has(&self, kind: Kind) -> bool {
        self.drafts.iter().any(|draft| draft.kind == kind)
    }

    /// The season that the folder is.
    fn own_season(&self) -> Option<Kind> {
        let mut drafts = self.drafts.iter().filter(|draft| !draft.is_fallback);
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
        drafts.sort_by_key(|draft| draft.is_fallback);
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

    fn files(&self, draft: &Draft) -> Vec<String> {
        let files = match draft.kind {
            Kind::Show => &self.show,
            Kind::Artist => &self.artist,
            Kind::Album => &self.album,
            Kind::Season(Some(season)) if draft.is_fallback => {
                self.by_season.get(&season).unwrap_or(&self.show)
            }
            Kind::Season(_) => &self.season,
        };
        let mut files = files.clone();
        files.sort_unstable();
        files
    }
}

/// Tells the folders under way what the innermost of them holds; they come the innermost first.
pub(super) fn spread<'a>(open: impl Iterator<Item = Option<&'a mut Below>>, media: &Media) {
    let (mut season, mut show, mut album, mut artist) = (true, true, true, true);
    for (distance, below) in open.enumerate() {
        let Some(below) = below else {
            continue;
        };
        if let Some(kind) = below.own_season().filter(|_| season) {
            // Folders below may hold other seasons, unless the number tells them apart; beside `tvshow.nfo` they do.
            if distance == 0 || (kind != Kind::Season(None) && !below.has(Kind::Show)) {
                add(&mut below.season, &media.videos, SAMPLE);
            }
            season = false;
        }
        if show && below.has(Kind::Show) {
            add(&mut below.show, &media.videos, PER_FOLDER);
            for (season, files) in &media.by_season {
                let known = below.by_season.entry(*season).or_default();
                let room = SEASON_SAMPLE.saturating_sub(known.len());
                known.extend(files.iter().take(room).cloned());
            }
            (season, show) = (false, false);
        }
        if album && below.has(Kind::Album) {
            if distance == 0 || (distance == 1 && media.is_disc) {
                add(&mut below.album, &media.audio, SAMPLE);
            }
            album = false;
        }
        if artist && below.has(Kind::Artist) {
            add(&mut below.artist, &media.audio, PER_FOLDER);
            artist = false;
        }
    }
}

fn add(sample: &mut Vec<String>, files: &[String], most: usize) {
    let room = SAMPLE.saturating_sub(sample.len());
    sample.extend(files.iter().take(most.min(room)).cloned());
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
