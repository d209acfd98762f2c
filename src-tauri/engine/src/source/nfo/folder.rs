//! Which .nfo of one folder speaks of which of its files: by names alone, so that it needs no disk.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, FileKind};
use crate::model::Field;

/// Names of a film's own pictures after `<stem>-`, the best first.
const POSTERS: [&str; 3] = ["poster", "cover", "folder"];
const BACKGROUNDS: [&str; 3] = ["fanart", "background", "backdrop"];
/// Names of pictures that speak for the whole folder, the best first.
const FOLDER_POSTERS: [&str; 4] = ["poster", "folder", "cover", "movie"];
const FOLDER_BACKGROUNDS: [&str; 3] = ["fanart", "background", "backdrop"];

/// What a folder's file names say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted<'a> {
    /// The .nfo files that speak of media files, sorted by name.
    pub films: Vec<Film<'a>>,
    /// .nfo files that speak of no media file here.
    pub without_media: Vec<&'a str>,
    /// .nfo files about shows, music and extras.
    pub not_films: Vec<&'a str>,
}

/// One .nfo with its files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Film<'a> {
    pub nfo: &'a str,
    pub files: Vec<&'a str>,
    pub pictures: BTreeMap<Field, Vec<&'a str>>,
}

/// A video, or the parts of one.
struct Video<'a> {
    /// Key of the stem that its parts share.
    key: String,
    stem: &'a str,
    files: Vec<&'a str>,
    is_extra: bool,
}

/// Sorts out a folder. `folder` is its own name, `names` are its files', sorted.
///
/// 1. Videos that differ only in the number of their part are one.
/// 2. `<file>.nfo` takes the video of the same stem, or of which it names one part.
/// 3. `movie.nfo` takes all others but extras and samples (unless there is nothing else).
pub(super) fn sort_out<'a>(folder: &str, names: &'a [String]) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    let mut nfos = Vec::new();
    let mut pictures = BTreeMap::new();
    let mut videos: BTreeMap<String, Video<'a>> = BTreeMap::new();
    for name in names {
        let (kind, stem) = names::kind(name);
        match kind {
            FileKind::Nfo => nfos.push((name.as_str(), stem)),
            FileKind::Video => {
                let stem = names::part_of(stem).unwrap_or(stem);
                let key = names::key(stem);
                let video = videos.entry(key.clone()).or_insert_with(|| Video {
                    key,
                    stem,
                    files: Vec::new(),
                    is_extra: names::is_extra(stem),
                });
                video.files.push(name);
            }
            FileKind::Picture => {
                let candidates: &mut Vec<&str> = pictures.entry(names::key(stem)).or_default();
                candidates.push(name);
                candidates.sort_by_key(|name| names::picture_rank(name));
            }
            FileKind::Other => {}
        }
    }
    let mut videos: Vec<Video<'a>> = videos.into_values().collect();
    if videos.iter().all(|video| video.is_extra) {
        for video in &mut videos {
            video.is_extra = false;
        }
    }

    let mut taken = BTreeSet::new();
    let mut claims = Vec::new();
    let mut for_the_rest = None;
    for (name, stem) in nfos {
        let key = names::key(stem);
        let shared = names::part_of(stem).map(names::key);
        let video = videos.iter().find(|video| video.key == key).or_else(|| {
            videos
                .iter()
                .find(|video| Some(&video.key) == shared.as_ref())
        });
        match video {
            _ if key == "movie" => for_the_rest = Some(name),
            Some(video) if video.is_extra => sorted.not_films.push(name),
            Some(video) if taken.insert(video.key.clone()) => {
                claims.push((name, video.stem, video.files.clone()));
            }
            None if names::is_not_a_film(stem) => sorted.not_films.push(name),
            Some(_) | None => sorted.without_media.push(name),
        }
    }
    let main = || videos.iter().filter(|video| !video.is_extra);
    let rest: Vec<&Video<'a>> = main().filter(|video| !taken.contains(&video.key)).collect();
    let mut count = taken.len() + rest.len();
    if let Some(name) = for_the_rest {
        let files: Vec<&str> = rest.iter().flat_map(|video| video.files.clone()).collect();
        if let Some(first) = rest.first() {
            count = taken.len() + 1;
            claims.push((name, first.stem, files));
        } else {
            sorted.without_media.push(name);
        }
    }
    let is_alone =
        count == 1 || main().all(|video| names::is_version_of_folder(video.stem, folder));

    sorted.films = claims
        .into_iter()
        .map(|(nfo, stem, mut files)| {
            files.sort_unstable();
            let (_, nfo_stem) = names::kind(nfo);
            Film {
                nfo,
                files,
                pictures: pictures_of(&pictures, &[stem, nfo_stem], is_alone),
            }
        })
        .collect();
    sorted.films.sort_by_key(|film| film.nfo);
    sorted.without_media.sort_unstable();
    sorted
}

fn pictures_of<'a>(
    pictures: &BTreeMap<String, Vec<&'a str>>,
    stems: &[&str],
    is_alone: bool,
) -> BTreeMap<Field, Vec<&'a str>> {
    let find = |own: &[&str], shared: &[&str]| {
        let own = own
            .iter()
            .flat_map(|word| stems.iter().map(move |stem| format!("{stem}-{word}")));
        let shared = shared
            .iter()
            .filter(|_| is_alone)
            .map(|&word| word.to_owned());
        let mut found: Vec<&'a str> = Vec::new();
        for stem in own.chain(shared) {
            for name in pictures.get(&names::key(&stem)).into_iter().flatten() {
                if !found.contains(name) {
                    found.push(name);
                }
            }
        }
        found
    };
    [
        (Field::Poster, find(&POSTERS, &FOLDER_POSTERS)),
        (Field::Background, find(&BACKGROUNDS, &FOLDER_BACKGROUNDS)),
    ]
    .into_iter()
    .filter(|(_, found)| !found.is_empty())
    .collect()
}
