//! Which .nfo speaks of which files, by names alone.

use crate::source::nfo::folder::sort_out;

/// Each film as `nfo: files`, then what speaks of the folder, of nothing, and what is not read.
fn told(folder: &str, names: &[&str], in_show: bool) -> String {
    let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort_unstable();
    let sorted = sort_out(folder, &names, in_show);
    let films = sorted.films.iter();
    let mut lines: Vec<String> = films
        .map(|film| format!("{}: {}", film.nfo, film.files.join(", ")))
        .collect();
    lines.extend(
        sorted
            .whole
            .iter()
            .map(|whole| format!("{:?}: {}", whole.kind, whole.nfo.unwrap_or("pictures"))),
    );
    for (word, list) in [
        ("alone", sorted.without_media),
        ("not read", sorted.not_read),
        (
            "refused",
            sorted.refused.iter().map(|(name, _)| *name).collect(),
        ),
    ] {
        if !list.is_empty() {
            lines.push(format!("{word}: {}", list.join(", ")));
        }
    }
    lines.join("\n")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn each_nfo_speaks_of_its_own_videos() {
    let cases: &[(&str, &[&str], &str)] = &[
        (
            "a folder per film",
            &["movie.nfo", "Alien.mkv"],
            "movie.nfo: Alien.mkv",
        ),
        (
            "movie.nfo leaves samples, trailers and extras out",
            &[
                "movie.nfo",
                "Alien.mkv",
                "Alien-trailer.mp4",
                "sample.mkv",
                "alien-deleted.mkv",
            ],
            "movie.nfo: Alien.mkv",
        ),
        (
            "what looks like an extra is the film where nothing else is",
            &["movie.nfo", "The-Other.mkv"],
            "movie.nfo: The-Other.mkv",
        ),
        (
            "<file>.nfo wins over movie.nfo for its file",
            &["movie.nfo", "A.mkv", "A.nfo", "B.mkv"],
            "A.nfo: A.mkv\nmovie.nfo: B.mkv",
        ),
        (
            "movie.nfo is left with nothing",
            &["movie.nfo", "A.mkv", "A.nfo"],
            "A.nfo: A.mkv\nalone: movie.nfo",
        ),
        (
            "a flat folder",
            &["A.mkv", "A.nfo", "B.avi", "B.nfo", "C.mkv", "D.nfo"],
            "A.nfo: A.mkv\nB.nfo: B.avi\nalone: D.nfo",
        ),
        (
            "two containers of one name",
            &["A.mkv", "A.mp4", "A.nfo"],
            "A.nfo: A.mkv, A.mp4",
        ),
        (
            "parts belong together, named by the film",
            &["Film.nfo", "Film cd1.avi", "Film cd2.avi"],
            "Film.nfo: Film cd1.avi, Film cd2.avi",
        ),
        (
            "parts belong together, named by the first",
            &["Film cd1.nfo", "Film cd1.avi", "Film cd2.avi"],
            "Film cd1.nfo: Film cd1.avi, Film cd2.avi",
        ),
        (
            "parts belong together under movie.nfo",
            &["movie.nfo", "Film-pt1.avi", "Film-pt2.avi"],
            "movie.nfo: Film-pt1.avi, Film-pt2.avi",
        ),
        (
            "a series whose films are called parts, each with its .nfo",
            &[
                "Saga Part 1.mkv",
                "Saga Part 1.nfo",
                "Saga Part 2.mkv",
                "Saga Part 2.nfo",
            ],
            "Saga Part 1.nfo: Saga Part 1.mkv\nSaga Part 2.nfo: Saga Part 2.mkv",
        ),
        (
            "a series whose first film is called no part",
            &["Dune.mkv", "Dune.nfo", "Dune Part 2.mkv", "Dune Part 2.nfo"],
            "Dune Part 2.nfo: Dune Part 2.mkv\nDune.nfo: Dune.mkv",
        ),
        (
            "a .nfo of an extra",
            &["A.mkv", "A.nfo", "A-trailer.mp4", "A-trailer.nfo"],
            "A.nfo: A.mkv\nnot read: A-trailer.nfo",
        ),
        (
            "a film whose name ends as an extra's",
            &["A.mkv", "A.nfo", "The-Other.mkv", "The-Other.nfo"],
            "A.nfo: A.mkv\nThe-Other.nfo: The-Other.mkv",
        ),
        (
            "shows and music",
            &["tvshow.nfo", "artist.nfo", "album.nfo"],
            "Album: album.nfo\nArtist: artist.nfo\nShow: tvshow.nfo",
        ),
        (
            "a season whose number no name tells",
            &["Season.NFO", "A.mkv"],
            "Season(None): Season.NFO",
        ),
        (
            "yt-dlp's file speaks of a video without a .nfo",
            &[
                "A.mkv",
                "A.nfo",
                "A.info.json",
                "B [x].webm",
                "B [x].info.json",
                "List.info.json",
            ],
            "A.nfo: A.mkv\nB [x].info.json: B [x].webm",
        ),
        (
            "yt-dlp's file before movie.nfo",
            &[
                "movie.nfo",
                "A.mkv",
                "B.mkv",
                "B.info.json",
                "A-trailer.info.json",
                "A-trailer.mp4",
            ],
            "B.info.json: B.mkv\nmovie.nfo: A.mkv",
        ),
        (
            "a DVD's folder",
            &[
                "VIDEO_TS.IFO",
                "VIDEO_TS.VOB",
                "VIDEO_TS.nfo",
                "VTS_01_1.VOB",
                "VTS_01_2.VOB",
            ],
            "VIDEO_TS.nfo: VIDEO_TS.VOB, VTS_01_1.VOB, VTS_01_2.VOB",
        ),
        (
            "two that speak of the rest",
            &["VIDEO_TS.nfo", "movie.nfo", "A.mkv"],
            "movie.nfo: A.mkv\nalone: VIDEO_TS.nfo",
        ),
        (
            "a film named as a show's file",
            &["Album.mkv", "album.nfo"],
            "album.nfo: Album.mkv",
        ),
        (
            "case and Unicode form",
            &["AME\u{301}LIE.NFO", "Amélie.MKV"],
            "AME\u{301}LIE.NFO: Amélie.MKV",
        ),
        (
            "nothing of interest",
            &["readme.txt", "A.srt", "A", ".nfo"],
            "alone: .nfo",
        ),
    ];
    for (name, names, expected) in cases {
        assert_eq!(told("Films", names, false), *expected, "{name}");
    }
}

#[test]
fn seasons_are_told_by_names() {
    let cases: &[(&str, &str, &[&str], bool, &str)] = &[
        (
            "by the folder",
            "Season 02",
            &["season.nfo", "A S01E01.mkv"],
            true,
            "Season(Some(2)): season.nfo",
        ),
        (
            "outside a show",
            "Staffel 3",
            &["season.nfo"],
            false,
            "Season(Some(3)): season.nfo",
        ),
        (
            "by its files",
            "Dark",
            &["season.nfo", "Dark S03E01.mkv", "Dark S03E02.mkv"],
            true,
            "Season(Some(3)): season.nfo",
        ),
        (
            "by files that do not agree",
            "Dark",
            &["season.nfo", "Dark S03E01.mkv", "Dark S04E02.mkv"],
            true,
            "refused: season.nfo",
        ),
        (
            "beside the show's, by its files",
            "Dark",
            &["season.nfo", "tvshow.nfo", "Dark S03E01.mkv"],
            false,
            "Season(Some(3)): season.nfo\nShow: tvshow.nfo",
        ),
        (
            "by nothing",
            "Dark",
            &["season.nfo", "One.mkv", "Two S01E02.mkv"],
            true,
            "Season(None): season.nfo",
        ),
        (
            "beside the show's, by nothing",
            "Dark",
            &[
                "season.nfo",
                "tvshow.nfo",
                "Dark S03E01.mkv",
                "Dark S02E01.mkv",
            ],
            false,
            "Show: tvshow.nfo\nrefused: season.nfo",
        ),
        (
            "pictures alone",
            "Specials",
            &["poster.jpg", "A.mkv"],
            true,
            "Season(Some(0)): pictures",
        ),
        (
            "pictures by number",
            "Season 1",
            &["season01-poster.jpg"],
            true,
            "Season(Some(1)): pictures",
        ),
        (
            "another season's",
            "Season 1",
            &["season02-poster.jpg"],
            true,
            "",
        ),
        (
            "pictures outside a show",
            "Season 1",
            &["poster.jpg"],
            false,
            "",
        ),
        (
            "a folder of a show called as a season",
            "Season 1",
            &["poster.jpg", "tvshow.nfo"],
            false,
            "Show: tvshow.nfo",
        ),
    ];
    for (name, folder, names, in_show, expected) in cases {
        assert_eq!(told(folder, names, *in_show), *expected, "{name}");
    }
}
