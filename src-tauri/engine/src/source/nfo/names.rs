//! What file and folder names mean: media, pictures, parts, extras.

use std::path::Path;

use unicode_normalization::UnicodeNormalization;

/// Extensions of files that Plex plays as films.
const VIDEOS: [&str; 34] = [
    "3g2", "3gp", "asf", "avi", "avs", "divx", "dvr-ms", "evo", "f4v", "flv", "iso", "m2t", "m2ts",
    "m2v", "m4v", "mk3d", "mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mts", "ogm", "ogv", "rm",
    "rmvb", "strm", "tp", "ts", "vob", "webm", "wmv", "wtv",
];

/// Extensions of pictures, the best first.
const PICTURES: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Names of .nfo files that speak of shows and music.
const NOT_FILMS: [&str; 4] = ["tvshow", "season", "artist", "album"];

/// Suffixes by which Plex knows extras.
const EXTRAS: [&str; 8] = [
    "behindthescenes",
    "deleted",
    "featurette",
    "interview",
    "other",
    "scene",
    "short",
    "trailer",
];

/// Folders beside a film that hold extras.
const EXTRA_FOLDERS: [&str; 15] = [
    "behind the scenes",
    "deleted scenes",
    "extra",
    "extras",
    "featurettes",
    "interviews",
    "other",
    "sample",
    "samples",
    "scenes",
    "shorts",
    "subs",
    "subtitles",
    "theme-music",
    "trailers",
];

/// Folders that systems make, not people.
const SYSTEM_FOLDERS: [&str; 7] = [
    "$recycle.bin",
    "#recycle",
    "#snapshot",
    "@eadir",
    "@recycle",
    "lost+found",
    "system volume information",
];

/// Words before the number of a part.
const PART_WORDS: [&str; 6] = ["cd", "disc", "disk", "dvd", "part", "pt"];

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Nfo,
    Video,
    Picture,
    Other,
}

/// What a file is, and its name without the extension.
pub(super) fn kind(name: &str) -> (FileKind, &str) {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return (FileKind::Other, name);
    };
    let extension = extension.to_ascii_lowercase();
    let kind = if extension == "nfo" {
        FileKind::Nfo
    } else if VIDEOS.contains(&extension.as_str()) {
        FileKind::Video
    } else if PICTURES.contains(&extension.as_str()) {
        FileKind::Picture
    } else {
        FileKind::Other
    };
    (kind, stem)
}

/// How good a picture's extension is: 0 is the best.
pub(super) fn picture_rank(name: &str) -> usize {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    PICTURES
        .iter()
        .position(|known| extension.eq_ignore_ascii_case(known))
        .unwrap_or(PICTURES.len())
}

/// Equal for names that a person holds for the same: case and Unicode form folded.
pub(super) fn key(stem: &str) -> String {
    stem.nfc().collect::<String>().to_lowercase()
}

/// Whether files of this name are never looked at: hidden ones, among them what macOS leaves on shares (`._movie.nfo`).
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// Whether a folder is a system's own.
pub(super) fn is_system_folder(name: &str) -> bool {
    is_hidden(name) || SYSTEM_FOLDERS.contains(&name.to_lowercase().as_str())
}

/// Whether a folder beside a film holds extras of it. Elsewhere such a name (`Shorts`) is a folder as any other.
pub(super) fn is_extras_folder(name: &str) -> bool {
    EXTRA_FOLDERS.contains(&name.to_lowercase().as_str())
}

/// Whether a .nfo of this stem speaks of shows or music.
pub(super) fn is_not_a_film(stem: &str) -> bool {
    NOT_FILMS.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// The film that an extra or a sample belongs to, by its stem (empty where the name does not say: `sample`); `None` for
/// what is no extra.
pub(super) fn extra_of(stem: &str) -> Option<&str> {
    const ALONE: [&str; 2] = ["sample", "trailer"];
    if ALONE.iter().any(|word| stem.eq_ignore_ascii_case(word)) {
        return Some("");
    }
    if prefixed(stem, "sample-") {
        return Some("");
    }
    let before = |word: &str| {
        let at = stem.len().checked_sub(word.len())?;
        let (before, end) = (stem.get(..at)?, stem.get(at..)?);
        end.eq_ignore_ascii_case(word).then_some(before)
    };
    let alone = ALONE
        .iter()
        .find_map(|word| before(word)?.strip_suffix(['-', '.', '_']));
    let named = || {
        EXTRAS
            .iter()
            .find_map(|word| before(word)?.strip_suffix('-'))
    };
    alone.or_else(named).filter(|film| !film.is_empty())
}

fn prefixed(stem: &str, prefix: &str) -> bool {
    stem.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The stem that all parts of a film share (`Film cd2` → `Film`); `None` where the stem names no part.
pub(super) fn part_of(stem: &str) -> Option<&str> {
    const BETWEEN: [char; 6] = [' ', '.', '-', '_', '(', '['];
    let rest = stem.trim_end_matches([')', ']']);
    let digits = rest.len() - rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let rest = rest[..rest.len() - digits].trim_end_matches([' ', '.', '-', '_']);
    let rest = PART_WORDS.iter().find_map(|word| {
        let at = rest.len().checked_sub(word.len())?;
        let (before, end) = (rest.get(..at)?, rest.get(at..)?);
        end.eq_ignore_ascii_case(word).then_some(before)
    })?;
    let film = rest.trim_end_matches(BETWEEN);
    (film.len() < rest.len() && !film.is_empty()).then_some(film)
}

/// Whether a stem names the folder's film in one of its versions: the folder's own name, alone or before a mark.
pub(super) fn is_version_of_folder(stem: &str, folder: &str) -> bool {
    key(stem).strip_prefix(&key(folder)).is_some_and(|rest| {
        rest.is_empty()
            || rest
                .trim_start()
                .starts_with(['-', '.', '_', '[', '(', '{'])
    })
}

/// A name for people where there is no title: the file's, or for `movie.nfo` the folder's.
pub(super) fn label(id: &str) -> &str {
    let (folder, name) = id.rsplit_once('/').unwrap_or(("", id));
    let (_, stem) = kind(name);
    if stem.eq_ignore_ascii_case("movie") && !folder.is_empty() {
        folder.rsplit_once('/').map_or(folder, |(_, last)| last)
    } else {
        stem
    }
}

/// A path relative to the root, with `/`.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// A path as a source tells it.
pub(super) fn full(folder: &Path, name: &str) -> Option<String> {
    folder.join(name).to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_film() {
        for (stem, film) in [
            ("Film cd1", Some("Film")),
            ("Film-CD2", Some("Film")),
            ("Film (2001) - pt1", Some("Film (2001)")),
            ("Film.part.2", Some("Film")),
            ("Film [disc 1]", Some("Film")),
            ("Film Part 10", Some("Film")),
            ("Film 2", None),
            ("Film 1999", None),
            ("Filmcd1", None),
            ("cd1", None),
            ("part 1", None),
            ("Counterpart 2", None),
            ("Ü1", None),
            ("", None),
        ] {
            assert_eq!(part_of(stem), film, "{stem}");
        }
    }

    #[test]
    fn extras_are_known_by_their_names() {
        for (stem, is) in [
            ("Film-trailer", Some("Film")),
            ("Film.trailer", Some("Film")),
            ("trailer", Some("")),
            ("Film-BehindTheScenes", Some("Film")),
            ("Sample", Some("")),
            ("film.1080p-sample", Some("film.1080p")),
            ("sample-film", Some("")),
            ("Film-deleted", Some("Film")),
            ("Film", None),
            ("Trailer Park Boys", None),
            ("The Other", None),
            ("Big Short", None),
            ("-other", None),
            ("Sample This", None),
            ("Ünter-ü", None),
        ] {
            assert_eq!(extra_of(stem), is, "{stem}");
        }
    }

    #[test]
    fn versions_begin_with_the_folders_name() {
        for (stem, folder, is) in [
            ("Alien (1979)", "Alien (1979)", true),
            ("Alien (1979) - 4K", "Alien (1979)", true),
            ("alien (1979) [1080p]", "Alien (1979)", true),
            ("Aliens", "Alien", false),
            ("Alien 3", "Alien", false),
        ] {
            assert_eq!(is_version_of_folder(stem, folder), is, "{stem} in {folder}");
        }
    }

    #[test]
    fn labels_are_for_people() {
        for (id, expected) in [
            ("Films/Alien (1979)/movie.nfo", "Alien (1979)"),
            ("Films/Alien (1979).nfo", "Alien (1979)"),
            ("movie.nfo", "movie"),
        ] {
            assert_eq!(label(id), expected);
        }
    }
}
