//! Which picture is whose, by names alone.

use super::*;
use crate::source::nfo::folder::sort_out;
use crate::source::nfo::pictures::Candidates;

fn in_lines(candidates: &Candidates<'_>) -> Vec<String> {
    let one =
        |(name, role): &(&str, Role)| format!("{name} {}", format!("{role:?}").to_lowercase());
    let line = |(field, found): (&Field, &Vec<(&str, Role)>)| {
        let found: Vec<String> = found.iter().map(one).collect();
        format!("{field:?}: {}", found.join(", "))
    };
    candidates.iter().map(line).collect()
}

/// The pictures of whatever speaks of something in a folder, each under its name.
fn told(folder: &str, names: &[&str], in_show: bool) -> String {
    let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort_unstable();
    let sorted = sort_out(folder, &names, in_show);
    let films = sorted
        .films
        .iter()
        .map(|film| (film.nfo.to_owned(), &film.pictures));
    let whole = sorted
        .whole
        .iter()
        .map(|whole| (format!("{:?}", whole.kind), &whole.pictures));
    let art = sorted
        .season_art
        .iter()
        .map(|(season, art)| (format!("season {season}"), art));
    films
        .chain(whole)
        .chain(art)
        .flat_map(|(name, pictures)| std::iter::once(format!("[{name}]")).chain(in_lines(pictures)))
        .collect::<Vec<String>>()
        .join("\n")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn the_best_comes_first() {
    let cases: &[(&str, &str, &[&str], bool, &str)] = &[
        (
            "a film alone: its own, then the folder's; jpg before png",
            "Alien (1979)",
            &[
                "movie.nfo",
                "A.mkv",
                "folder.jpg",
                "poster.png",
                "poster.jpg",
                "backdrop.jpg",
                "A-poster.webp",
                "A-fanart.jpeg",
                "logo.png",
                "A-clearlogo.png",
                "square.jpg",
                "movieset-poster.jpg",
                "MovieSet-fanart.png",
                "banner.jpg",
            ],
            false,
            "[movie.nfo]
Poster: A-poster.webp own, poster.jpg folder, poster.png folder, folder.jpg folder, movieset-poster.jpg set
Background: A-fanart.jpeg own, backdrop.jpg folder, MovieSet-fanart.png set
ClearLogo: A-clearlogo.png own, logo.png folder
SquareArt: square.jpg folder",
        ),
        (
            "two films: the folder's speak for neither",
            "Films",
            &[
                "A.mkv",
                "A.nfo",
                "B.mkv",
                "B.nfo",
                "poster.jpg",
                "fanart.jpg",
                "A-poster.jpg",
                "A.png",
                "B-art.jpg",
            ],
            false,
            "[A.nfo]
Poster: A-poster.jpg own, A.png own
[B.nfo]
Background: B-art.jpg own",
        ),
        (
            "two versions of the folder's film",
            "Alien (1979)",
            &[
                "Alien (1979) - 4K.mkv",
                "Alien (1979) - 4K.nfo",
                "Alien (1979).mkv",
                "Alien (1979).nfo",
                "Folder.JPG",
            ],
            false,
            "[Alien (1979) - 4K.nfo]
Poster: Folder.JPG folder
[Alien (1979).nfo]
Poster: Folder.JPG folder",
        ),
        (
            "parts",
            "Film",
            &[
                "Film.nfo",
                "Film cd1.avi",
                "Film cd2.avi",
                "Film-poster.jpg",
                "cover.jpg",
                "background.png",
            ],
            false,
            "[Film.nfo]
Poster: Film-poster.jpg own, cover.jpg folder
Background: background.png folder",
        ),
        (
            "an episode: the season's folder does not speak for it",
            "Season 01",
            &[
                "A S01E01.mkv",
                "A S01E01.nfo",
                "A S01E01-thumb.jpg",
                "A S01E01.jpg",
                "poster.jpg",
                "fanart.jpg",
            ],
            true,
            "[A S01E01.nfo]
Poster: A S01E01.jpg own, A S01E01-thumb.jpg thumb
[Season(Some(1))]
Poster: poster.jpg folder
Background: fanart.jpg folder",
        ),
        (
            "what yt-dlp wrote",
            "Cats",
            &[
                "Cat [x].webm",
                "Cat [x].info.json",
                "Cat [x].webp",
                "Dog.mp4",
            ],
            false,
            "[Cat [x].info.json]
Poster: Cat [x].webp own",
        ),
        (
            "a show with its seasons",
            "Dark",
            &[
                "tvshow.nfo",
                "show.jpg",
                "poster.png",
                "fanart.jpg",
                "clearlogo.png",
                "season01-poster.jpg",
                "season01.jpg",
                "Season01-Fanart.jpg",
                "season-specials-poster.jpg",
                "season-all-poster.jpg",
                "season02-banner.jpg",
                "season10-clearlogo.png",
                "seasonx-poster.jpg",
            ],
            false,
            "[Show]
Poster: poster.png folder, show.jpg folder
Background: fanart.jpg folder
ClearLogo: clearlogo.png folder
[season 0]
Poster: season-specials-poster.jpg folder
[season 1]
Poster: season01-poster.jpg folder, season01.jpg folder
Background: Season01-Fanart.jpg folder
[season 10]
ClearLogo: season10-clearlogo.png folder",
        ),
        (
            "an artist",
            "U2",
            &[
                "artist.nfo",
                "thumb.jpg",
                "artist.jpg",
                "folder.jpg",
                "fanart.jpg",
                "logo.png",
            ],
            false,
            "[Artist]
Poster: folder.jpg folder, artist.jpg folder, thumb.jpg folder
Background: fanart.jpg folder
ClearLogo: logo.png folder",
        ),
        (
            "an album",
            "Boy",
            &[
                "album.nfo",
                "front.jpg",
                "folder.jpg",
                "cover.png",
                "01.flac",
                "backgroundsquare.jpg",
                "squareart.jpg",
            ],
            false,
            "[Album]
Poster: cover.png folder, folder.jpg folder, front.jpg folder
SquareArt: squareart.jpg folder, backgroundsquare.jpg folder",
        ),
    ];
    for (name, folder, names, in_show, expected) in cases {
        assert_eq!(told(folder, names, *in_show), *expected, "{name}");
    }
}

#[test]
fn what_a_file_is_about_decides_which_pictures_are_its_own() {
    let mut picture = std::io::Cursor::new(Vec::new());
    ::image::RgbImage::new(4, 6)
        .write_to(&mut picture, ::image::ImageFormat::Png)
        .unwrap();
    let picture = picture.into_inner();
    let cases: &[(&str, &[&str], Option<&str>)] = &[
        (
            "<movie/>",
            &["A-thumb.png", "poster.png", "A.png"],
            Some("A.png"),
        ),
        (
            "<movie/>",
            &["A-thumb.png", "poster.png"],
            Some("poster.png"),
        ),
        ("<movie/>", &["A-thumb.png"], None),
        (
            "<musicvideo/>",
            &["A-thumb.png", "poster.png"],
            Some("poster.png"),
        ),
        ("<musicvideo/>", &["A-thumb.png"], Some("A-thumb.png")),
        (
            "<episodedetails/>",
            &["A-thumb.png", "A.png", "poster.png"],
            Some("A-thumb.png"),
        ),
        ("<episodedetails/>", &["A.png", "poster.png"], Some("A.png")),
        ("<episodedetails/>", &["poster.png"], None),
    ];
    for (text, names, expected) in cases {
        let tree = Tree::new(&[("A.mkv", ""), ("A.nfo", text)]);
        for name in *names {
            tree.write(name, &picture);
        }
        let images = only(read(&tree.entry("A.nfo"))).item.images;
        let poster = images.get(&Field::Poster).map(|image| image.path.clone());
        assert_eq!(
            poster,
            expected.map(|name| tree.path(name)),
            "{text} {names:?}"
        );
    }
}
