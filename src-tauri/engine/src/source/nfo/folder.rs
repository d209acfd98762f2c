//! Which .nfo or `.info.json` of one folder speaks of which of its files, and which of the folder as a whole: by names
//! alone, so that it needs no disk.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, FileKind};
use super::numbers;
use super::pictures::{Candidates, Kind, Pictures};

/// Why a season's .nfo is left alone.
const SEVERAL: &str = "it is not clear which season it is about; give each season a folder of its own, such as “Season 01”";

/// What a folder's file names say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted<'a> {
    /// What speaks of media files here, sorted by name.
    pub films: Vec<Film<'a>>,
    /// What speaks of the folder as a whole.
    pub whole: Vec<Whole<'a>>,
    /// In a show's folder: pictures of its seasons, by their numbers.
    pub season_art: BTreeMap<i32, Candidates<'a>>,
    /// .nfo files that speak of no media file here.
    pub without_media: Vec<&'a str>,
    /// .nfo files about extras.
    pub not_read: Vec<&'a str>,
    /// .nfo files that are left alone although they were meant to be read, and why.
    pub refused: Vec<(&'a str, &'static str)>,
    /// Whether all films here are one, maybe in several versions.
    pub is_one_film: bool,
    /// The videos but for extras, sorted.
    pub videos: Vec<&'a str>,
    /// The music, sorted.
    pub audio: Vec<&'a str>,
}

/// One .nfo or `.info.json` with its files. With an episode's, too: only its content tells which it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Film<'a> {
    pub nfo: &'a str,
    pub files: Vec<&'a str>,
    pub pictures: Candidates<'a>,
}

/// What speaks of a folder as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole<'a> {
    pub kind: Kind,
    /// `None` where there are only pictures.
    pub nfo: Option<&'a str>,
    pub pictures: Candidates<'a>,
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

/// Sorts out a folder. `folder` is its own name, `names` are its files', sorted; `within_show` says whether it lies in a show.
///
/// 1. Videos that differ only in the number of their part are one, unless more than one of them has its own .nfo.
/// 2. `<file>.nfo` takes the video of the same stem, or of which it names one part; then so does `<file>.info.json`.
/// 3. `movie.nfo` takes all others but extras and samples (unless there is nothing else).
/// 4. `tvshow.nfo` and its like, where no video is called so, speak of the folder; in a show, so do a season's pictures.
pub(super) fn sort_out<'a>(folder: &str, names: &'a [String], within_show: bool) -> Sorted<'a> {
    let Named {
        nfos,
        infos,
        pictures,
        stems,
        audio,
    } = Named::new(names);
    let mut sorted = Sorted {
        audio,
        ..Sorted::default()
    };
    let own: BTreeSet<&str> = (nfos.iter().map(|(_, _, key)| key.as_str()))
        .chain(infos.iter().map(|(_, key)| key.as_str()))
        .collect();
    let videos = videos(stems, &own);
    let places: BTreeMap<&str, usize> = (videos.iter().enumerate())
        .flat_map(|(at, video)| video.keys.iter().map(move |key| (key.as_str(), at)))
        .collect();
    let video_of = |key: &String| places.get(key.as_str()).copied();

    let mut taken = BTreeSet::new();
    let mut claims = Vec::new();
    let mut for_the_rest = None;
    let mut whole = Vec::new();
    for (name, stem, key) in &nfos {
        match video_of(key) {
            _ if names::is_for_the_rest(stem) => {
                sorted.without_media.extend(for_the_rest.replace(*name));
            }
            Some(at) if videos[at].is_extra => sorted.not_read.push(name),
            Some(at) if taken.insert(at) => {
                claims.push((*name, videos[at].stem, videos[at].files.clone()));
            }
            None => match Kind::of(stem) {
                Some(kind) => whole.push((kind, *name)),
                None => sorted.without_media.push(name),
            },
            Some(_) => sorted.without_media.push(name),
        }
    }
    for (name, key) in &infos {
        // One without a video is no loss: yt-dlp writes them for whole playlists too.
        if let Some(at) = video_of(key).filter(|at| !videos[*at].is_extra)
            && taken.insert(at)
        {
            claims.push((*name, videos[at].stem, videos[at].files.clone()));
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
    sorted.videos = main().flat_map(|video| video.files.clone()).collect();
    sorted.videos.sort_unstable();
    let is_show = whole.iter().any(|(kind, _)| *kind == Kind::Show);
    // An episode that is alone in its folder does not own the season's pictures.
    let is_alone = !(is_show || within_show)
        && (count == 1 || main().all(|video| names::is_version_of_folder(video.stem, folder)));
    // A .nfo says later whether it is about an episode; yt-dlp's file, which may be about anything, does not.
    let is_serial = numbers::season_of_folder(folder).is_some()
        || main().any(|video| numbers::episodes(video.stem).is_some());

    sorted.films = claims
        .into_iter()
        .map(|(nfo, stem, mut files)| {
            files.sort_unstable();
            let (kind, nfo_stem) = names::kind(nfo);
            let is_alone = is_alone && !(kind == FileKind::Info && (is_serial || count > 1));
            let stems = if nfo_stem == stem {
                vec![stem]
            } else {
                vec![stem, nfo_stem]
            };
            Film {
                nfo,
                files,
                pictures: pictures.of_video(&stems, is_alone),
            }
        })
        .collect();
    sorted.films.sort_by_key(|film| film.nfo);
    sorted.is_one_film = is_alone && !sorted.films.is_empty();
    if is_show {
        sorted.season_art = pictures.of_seasons();
    }
    speak_of_folder(
        &mut sorted,
        whole,
        &pictures,
        folder,
        within_show && !is_show,
    );
    sorted.without_media.sort_unstable();
    sorted
}

/// Sorts out what speaks of the folder as a whole. `may_be_season` where it lies in a show, and is not that show's own.
fn speak_of_folder<'a>(
    sorted: &mut Sorted<'a>,
    found: Vec<(Kind, &'a str)>,
    pictures: &Pictures<'a>,
    folder: &str,
    may_be_season: bool,
) {
    let is_show = found.iter().any(|(kind, _)| *kind == Kind::Show);
    let by_folder = numbers::season_of_folder(folder).filter(|_| !is_show);
    let of_season = |number: Option<i32>| {
        // A season's in the show's own folder are named by its number; the others there are the show's.
        let mut own = if is_show {
            Candidates::new()
        } else {
            pictures.of_folder(Kind::Season(number))
        };
        let named = number
            .filter(|_| !is_show)
            .and_then(|number| pictures.of_seasons().remove(&number));
        for (field, more) in named.unwrap_or_default() {
            own.entry(field).or_default().extend(more);
        }
        own
    };
    let mut has_season = false;
    for (kind, name) in found {
        let (kind, pictures) = match kind {
            Kind::Season(_) => {
                has_season = true;
                let number = match (by_folder, season_of_files(&sorted.videos)) {
                    (Some(number), _) | (None, Ok(Some(number))) => Some(number),
                    (None, Ok(None)) if !is_show => None,
                    (None, Ok(None) | Err(Several)) => {
                        sorted.refused.push((name, SEVERAL));
                        continue;
                    }
                };
                (Kind::Season(number), of_season(number))
            }
            other => (other, pictures.of_folder(other)),
        };
        sorted.whole.push(Whole {
            kind,
            nfo: Some(name),
            pictures,
        });
    }
    if may_be_season && !has_season && by_folder.is_some() {
        let pictures = of_season(by_folder);
        if !pictures.is_empty() {
            sorted.whole.push(Whole {
                kind: Kind::Season(by_folder),
                nfo: None,
                pictures,
            });
        }
    }
}

/// The season that all these files' names agree on, if they tell any; an error where they tell several.
fn season_of_files(files: &[&str]) -> Result<Option<i32>, Several> {
    let mut known = BTreeSet::new();
    for file in files {
        let of_file = numbers::episodes(names::kind(file).1).map(|(season, _)| season);
        known.insert(of_file);
    }
    let mut seasons = known.iter().flatten();
    match (seasons.next(), seasons.next()) {
        (Some(_), Some(_)) => Err(Several),
        (Some(only), None) if known.len() == 1 => Ok(Some(*only)),
        (Some(_) | None, None) | (None, Some(_)) => Ok(None),
    }
}

/// A folder holds episodes of more than one season.
struct Several;

/// A folder's names by what they are.
#[derive(Default)]
struct Named<'a> {
    /// Name, stem and key.
    nfos: Vec<(&'a str, &'a str, String)>,
    /// Name and key.
    infos: Vec<(&'a str, String)>,
    pictures: Pictures<'a>,
    /// Stem and files of videos, by key.
    stems: BTreeMap<String, (&'a str, Vec<&'a str>)>,
    audio: Vec<&'a str>,
}

impl<'a> Named<'a> {
    fn new(names: &'a [String]) -> Self {
        let mut sorted = Self::default();
        for name in names {
            let (kind, stem) = names::kind(name);
            let key = names::key(stem);
            match kind {
                FileKind::Nfo => sorted.nfos.push((name, stem, key)),
                FileKind::Info => sorted.infos.push((name, key)),
                FileKind::Video => {
                    let same = sorted
                        .stems
                        .entry(key)
                        .or_insert_with(|| (stem, Vec::new()));
                    same.1.push(name);
                }
                FileKind::Audio => sorted.audio.push(name),
                FileKind::Picture => sorted.pictures.add(stem, name),
                FileKind::Other => {}
            }
        }
        sorted
    }
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
