//! What file and folder names mean: media, pictures, parts, extras.

use std::path::Path;

use super::pictures::Kind;
use crate::text;

/// Extensions of files that Plex plays as films.
const VIDEOS: [&str; 34] = [
    "3g2", "3gp", "asf", "avi", "avs", "divx", "dvr-ms", "evo", "f4v", "flv", "iso", "m2t", "m2ts",
    "m2v", "m4v", "mk3d", "mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mts", "ogm", "ogv", "rm",
    "rmvb", "strm", "tp", "ts", "vob", "webm", "wmv", "wtv",
];

/// Extensions of pictures, the best first.
const PICTURES: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Extensions of files that Plex plays as music.
const AUDIO: [&str; 22] = [
    "aac", "aif", "aiff", "alac", "ape", "dff", "dsf", "flac", "m4a", "m4b", "mka", "mp2", "mp3",
    "mpc", "oga", "ogg", "opus", "tta", "wav", "wma", "wv", "wvx",
];

/// What yt-dlp appends to a video's stem.
const INFO: &str = ".info.json";

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
    /// What yt-dlp writes beside a video.
    Info,
    Video,
    Audio,
    Picture,
    Other,
}

/// What a file is, and its name without the extension.
pub(super) fn kind(name: &str) -> (FileKind, &str) {
    if let Some(stem) = before(name, INFO) {
        return (FileKind::Info, stem);
    }
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return (FileKind::Other, name);
    };
    let extension = extension.to_ascii_lowercase();
    let kind = if extension == "nfo" {
        FileKind::Nfo
    } else if VIDEOS.contains(&extension.as_str()) {
        FileKind::Video
    } else if AUDIO.contains(&extension.as_str()) {
        FileKind::Audio
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
    text::nfc(stem).to_lowercase()
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

/// Whether a folder holds one disc of an album: `CD 1`, `Disc2`, `Disk 3 - Live`.
pub(super) fn is_disc_folder(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    ["cd", "disc", "disk"].iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| {
            rest.trim_start_matches([' ', '-', '_', '.'])
                .starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// Whether a .nfo of this name speaks of all videos of its folder that no other .nfo speaks of.
pub(super) fn is_for_the_rest(stem: &str) -> bool {
    ["movie", "video_ts"]
        .iter()
        .any(|name| stem.eq_ignore_ascii_case(name))
}

/// Whether a file is one that yt-dlp wrote.
pub(super) fn is_info(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| kind(name).0 == FileKind::Info)
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
    let alone = ALONE
        .iter()
        .find_map(|word| before(stem, word)?.strip_suffix(['-', '.', '_']));
    let named = || {
        EXTRAS
            .iter()
            .find_map(|word| before(stem, word)?.strip_suffix('-'))
    };
    alone.or_else(named).filter(|film| !film.is_empty())
}

/// What stands before an ending, in whatever case that is.
fn before<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len())?;
    let (before, end) = (name.get(..at)?, name.get(at..)?);
    end.eq_ignore_ascii_case(ending).then_some(before)
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
    let rest = PART_WORDS.iter().find_map(|word| before(rest, word))?;
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

/// A name for people where there is no title: the file's; for a file that speaks of a whole folder, the folder's.
pub(super) fn label(id: &str) -> &str {
    let (folder, name) = id.rsplit_once('/').unwrap_or(("", id));
    let (_, stem) = kind(name);
    let (above, folder) = folder.rsplit_once('/').unwrap_or(("", folder));
    let speaks_of_folder = is_for_the_rest(stem) || Kind::of(stem).is_some();
    if !speaks_of_folder || folder.is_empty() {
        stem
    } else if folder.eq_ignore_ascii_case("video_ts") && !above.is_empty() {
        above.rsplit_once('/').map_or(above, |(_, last)| last)
    } else {
        folder
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
    fn kinds_are_told_by_the_ending() {
        for (name, expected) in [
            ("A.nfo", (FileKind::Nfo, "A")),
            ("A.NFO", (FileKind::Nfo, "A")),
            ("A [id].info.json", (FileKind::Info, "A [id]")),
            ("A.Info.JSON", (FileKind::Info, "A")),
            (".info.json", (FileKind::Info, "")),
            ("A.json", (FileKind::Other, "A")),
            ("A.b.mkv", (FileKind::Video, "A.b")),
            ("01 - A.FLAC", (FileKind::Audio, "01 - A")),
            ("A.webp", (FileKind::Picture, "A")),
            ("A", (FileKind::Other, "A")),
            ("é", (FileKind::Other, "é")),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn discs_of_albums_are_known() {
        for (name, is) in [
            ("CD1", true),
            ("Disc 2", true),
            ("disk_3 live", true),
            ("CD", false),
            ("Discography 1", false),
            ("Live", false),
        ] {
            assert_eq!(is_disc_folder(name), is, "{name}");
        }
    }

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
            ("Films/Alien/VIDEO_TS/VIDEO_TS.nfo", "Alien"),
            ("Shows/Dark/tvshow.nfo", "Dark"),
            ("Shows/Dark/Season 01/season.nfo", "Season 01"),
            ("Videos/Cat [x].info.json", "Cat [x]"),
        ] {
            assert_eq!(label(id), expected);
        }
    }
}
