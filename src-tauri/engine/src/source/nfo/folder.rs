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
    /// Whether all films here are one, maybe in several versions.
    pub is_one_film: bool,
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
    /// Stem that all its files share, without the number of a part.
    stem: &'a str,
    /// Keys of the stems by which a .nfo can name it.
    keys: Vec<String>,
    files: Vec<&'a str>,
    is_extra: bool,
}

/// Sorts out a folder. `folder` is its own name, `names` are its files', sorted.
///
/// 1. Videos that differ only in the number of their part are one, unless more than one of them has its own .nfo.
/// 2. `<file>.nfo` takes the video of the same stem, or of which it names one part.
/// 3. `movie.nfo` takes all others but extras and samples (unless there is nothing else).
pub(super) fn sort_out<'a>(folder: &str, names: &'a [String]) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    let mut nfos = Vec::new();
    let mut pictures = BTreeMap::new();
    let mut stems: BTreeMap<String, (&str, Vec<&str>)> = BTreeMap::new();
    for name in names {
        let (kind, stem) = names::kind(name);
        let key = names::key(stem);
        match kind {
            FileKind::Nfo => nfos.push((name.as_str(), stem, key)),
            FileKind::Video => {
                let (_, files) = stems.entry(key).or_insert_with(|| (stem, Vec::new()));
                files.push(name);
            }
            FileKind::Picture => {
                let candidates: &mut Vec<&str> = pictures.entry(key).or_default();
                candidates.push(name);
                candidates.sort_by_key(|name| names::picture_rank(name));
            }
            FileKind::Other => {}
        }
    }
    let own: BTreeSet<&str> = nfos.iter().map(|(_, _, key)| key.as_str()).collect();
    let videos = videos(stems, &own);

    let mut taken = BTreeSet::new();
    let mut claims = Vec::new();
    let mut for_the_rest = None;
    for (name, stem, key) in &nfos {
        let video = videos.iter().position(|video| video.keys.contains(key));
        match video {
            _ if key == "movie" => for_the_rest = Some(*name),
            Some(at) if videos[at].is_extra => sorted.not_films.push(name),
            Some(at) if taken.insert(at) => {
                claims.push((*name, videos[at].stem, videos[at].files.clone()));
            }
            None if names::is_not_a_film(stem) => sorted.not_films.push(name),
            Some(_) | None => sorted.without_media.push(name),
        }
    }
    let main = || videos.iter().filter(|video| !video.is_extra);
    let rest: Vec<&Video<'a>> = (videos.iter().enumerate())
        .filter(|(at, video)| !video.is_extra && !taken.contains(at))
        .map(|(_, video)| video)
        .collect();
    let mut count = taken.len() + rest.len();
    if let Some(name) = for_the_rest {
        if let Some(first) = rest.first() {
            count = taken.len() + 1;
            let files = rest.iter().flat_map(|video| video.files.clone()).collect();
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
    sorted.is_one_film = is_alone && !sorted.films.is_empty();
    sorted.without_media.sort_unstable();
    sorted
}

/// Joins parts, and tells extras from films. `own` are the keys of the .nfo files' stems.
fn videos<'a>(
    mut stems: BTreeMap<String, (&'a str, Vec<&'a str>)>,
    own: &BTreeSet<&str>,
) -> Vec<Video<'a>> {
    let mut parts: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    for (key, (stem, _)) in &stems {
        if let Some(film) = names::part_of(stem) {
            let (_, keys) = parts
                .entry(names::key(film))
                .or_insert_with(|| (film, Vec::new()));
            keys.push(key.clone());
        }
    }
    // `Film.mkv` beside `Film part 2.mkv`, or parts with a .nfo each, are films of a series.
    parts.retain(|film, (_, keys)| {
        let with_own = keys.iter().filter(|key| own.contains(key.as_str()));
        keys.len() > 1 && !stems.contains_key(film) && with_own.count() < 2
    });
    let mut videos = Vec::new();
    for (film, (stem, mut keys)) in parts {
        let files = keys
            .iter()
            .filter_map(|key| stems.remove(key))
            .flat_map(|(_, files)| files)
            .collect();
        keys.push(film);
        videos.push((stem, keys, files));
    }
    videos.extend(
        stems
            .into_iter()
            .map(|(key, (stem, files))| (stem, vec![key], files)),
    );
    videos.sort_by(|left, right| left.0.cmp(right.0));

    let is_extra = |stem: &str, keys: &[String]| {
        names::extra_of(stem).is_some_and(|film| {
            // `The-Other.mkv` with a .nfo of its own is an extra only where the film is that it would belong to.
            let film = names::key(film);
            film.is_empty()
                || !keys.iter().any(|key| own.contains(key.as_str()))
                || videos.iter().any(|(_, other, _)| {
                    other != keys && other.iter().any(|key| key.starts_with(&film))
                })
        })
    };
    let extras: Vec<bool> = videos
        .iter()
        .map(|(stem, keys, _)| is_extra(stem, keys))
        .collect();
    let nothing_else = extras.iter().all(|is_extra| *is_extra);
    videos
        .into_iter()
        .zip(extras)
        .map(|((stem, keys, files), is_extra)| Video {
            stem,
            keys,
            files,
            is_extra: is_extra && !nothing_else,
        })
        .collect()
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
