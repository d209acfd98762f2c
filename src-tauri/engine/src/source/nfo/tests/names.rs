//! Which .nfo speaks of which files, by names alone.

use super::*;
use crate::source::nfo::folder::sort_out;

/// Each film as `nfo: files | posters | backgrounds`, then what speaks of nothing and what is no film.
fn told(folder: &str, names: &[&str]) -> String {
    let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort_unstable();
    let sorted = sort_out(folder, &names);
    let mut lines: Vec<String> = sorted
        .films
        .iter()
        .map(|film| {
            let pictures = |field| {
                film.pictures
                    .get(&field)
                    .map_or(String::new(), |found| found.join(", "))
            };
            let line = format!(
                "{}: {} | {} | {}",
                film.nfo,
                film.files.join(", "),
                pictures(Field::Poster),
                pictures(Field::Background)
            );
            line.trim_end_matches([' ', '|']).to_owned()
        })
        .collect();
    for (word, list) in [("alone", sorted.without_media), ("other", sorted.not_films)] {
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
            "A.nfo: A.mkv\nother: A-trailer.nfo",
        ),
        (
            "a film whose name ends as an extra's",
            &["A.mkv", "A.nfo", "The-Other.mkv", "The-Other.nfo"],
            "A.nfo: A.mkv\nThe-Other.nfo: The-Other.mkv",
        ),
        (
            "shows and music",
            &["tvshow.nfo", "Season.NFO", "album.nfo"],
            "other: Season.NFO, album.nfo, tvshow.nfo",
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
        assert_eq!(told("Films", names), *expected, "{name}");
    }
}

#[test]
fn pictures_that_speak_for_the_folder_count_only_for_a_film_alone() {
    let cases: &[(&str, &[&str], &str)] = &[
        (
            "the best first: own names, then the folder's; jpg before png",
            &[
                "movie.nfo",
                "A.mkv",
                "folder.jpg",
                "poster.png",
                "poster.jpg",
                "A-poster.webp",
                "backdrop.jpg",
                "A-fanart.jpeg",
            ],
            "movie.nfo: A.mkv | A-poster.webp, poster.jpg, poster.png, folder.jpg | A-fanart.jpeg, backdrop.jpg",
        ),
        (
            "two films",
            &[
                "A.mkv",
                "A.nfo",
                "B.mkv",
                "poster.jpg",
                "fanart.jpg",
                "A-poster.jpg",
                "B-fanart.jpg",
            ],
            "A.nfo: A.mkv | A-poster.jpg",
        ),
        (
            "two versions of the folder's film",
            &[
                "Alien (1979) - 4K.mkv",
                "Alien (1979) - 4K.nfo",
                "Alien (1979).mkv",
                "Alien (1979).nfo",
                "Folder.JPG",
            ],
            "Alien (1979) - 4K.nfo: Alien (1979) - 4K.mkv | Folder.JPG\nAlien (1979).nfo: Alien (1979).mkv | Folder.JPG",
        ),
        (
            "parts",
            &[
                "Film.nfo",
                "Film cd1.avi",
                "Film cd2.avi",
                "Film-poster.jpg",
                "cover.jpg",
                "background.png",
            ],
            "Film.nfo: Film cd1.avi, Film cd2.avi | Film-poster.jpg, cover.jpg | background.png",
        ),
        (
            "other pictures",
            &["A.mkv", "A.nfo", "A-thumb.jpg", "logo.png", "poster.gif"],
            "A.nfo: A.mkv",
        ),
    ];
    for (name, names, expected) in cases {
        assert_eq!(told("Alien (1979)", names), *expected, "{name}");
    }
}
