//! What speaks of whole folders: shows, seasons, artists, albums.

use std::path::Path;

use super::*;

/// Each entry as `id, its aim: files`, the files relative to the root.
fn told(tree: &Tree, only: Option<&str>) -> Vec<String> {
    let root = tree.path("");
    let (entries, _) = tree.walk(only);
    let relative = |file: &String| {
        let inside = Path::new(file).strip_prefix(&root).unwrap();
        inside.to_str().unwrap().to_owned()
    };
    entries
        .iter()
        .map(|entry| {
            let files: Vec<String> = entry.files.iter().map(relative).collect();
            let aim = match entry.aim {
                Aim::Item => String::new(),
                Aim::Parent(None) => ", the parent".to_owned(),
                Aim::Parent(Some(number)) => format!(", the parent {number}"),
                Aim::Grandparent => ", the grandparent".to_owned(),
            };
            format!("{}{aim}: {}", entry.id, files.join(" "))
        })
        .collect()
}

fn show() -> Tree {
    Tree::new(&[
        ("Dark/tvshow.nfo", "<tvshow/>"),
        ("Dark/season01-poster.jpg", "1"),
        ("Dark/season02-poster.jpg", "2"),
        ("Dark/season-specials-poster.jpg", "0"),
        ("Dark/season09-poster.jpg", "9"),
        ("Dark/Season 01/season.nfo", "<season/>"),
        ("Dark/Season 01/D S01E01.mkv", ""),
        ("Dark/Season 01/D S01E01.nfo", "<episodedetails/>"),
        ("Dark/Season 01/D S01E02.mkv", ""),
        ("Dark/Season 01/D S01E03.mkv", ""),
        ("Dark/Season 01/D S01E04.mkv", ""),
        ("Dark/Season 02/D S02E01.mkv", ""),
        ("Dark/Season 03/folder.jpg", "3"),
        ("Dark/Season 03/D S03E01.mkv", ""),
        ("Dark/D S00E01.mkv", ""),
        ("Dark/Trailers/T.mkv", ""),
        ("Dark/Trailers/T.nfo", "<movie/>"),
        ("Dark/Season 01/Extras/Making.mkv", ""),
    ])
}

#[test]
fn a_show_is_known_by_the_files_below_it() {
    let tree = show();
    let first = "Dark/Season 01/D S01E01.mkv Dark/Season 01/D S01E02.mkv";
    let last = "Dark/Season 01/D S01E04.mkv";
    let show = format!(
        "Dark/D S00E01.mkv {first} {last} Dark/Season 02/D S02E01.mkv Dark/Season 03/D S03E01.mkv"
    );
    assert_eq!(
        told(&tree, None),
        [
            "Dark/Season 01/D S01E01.nfo: Dark/Season 01/D S01E01.mkv".to_owned(),
            format!(
                "Dark/Season 01/season.nfo, the parent 1: {first} Dark/Season 01/D S01E03.mkv {last}"
            ),
            "Dark/Season 03/season03, the parent 3: Dark/Season 03/D S03E01.mkv".to_owned(),
            "Dark/season00, the parent 0: Dark/D S00E01.mkv".to_owned(),
            "Dark/season02, the parent 2: Dark/Season 02/D S02E01.mkv".to_owned(),
            format!("Dark/season09, the parent 9: {show}"),
            format!("Dark/tvshow.nfo, the grandparent: {show}"),
        ]
    );
    let season = tree.entry("Dark/Season 01/season.nfo");
    let poster = &season.pictures[&Field::Poster];
    assert_eq!(
        poster[0].path,
        tree.path("Dark/season01-poster.jpg"),
        "from the show's folder"
    );
    let alone = only(read(&tree.entry("Dark/season02")));
    assert_eq!(alone.item.item_type, Some(ItemType::Season));
    assert_eq!(alone.item.label, "Season 2");
    assert!(
        alone.item.values.is_empty() && alone.notes.len() == 1,
        "the picture is none"
    );
}

/// Each season's label and values, by its entry's id; why there are none.
fn seasons(tree: &Tree) -> Vec<String> {
    let (entries, _) = tree.walk(None);
    let seasons = entries
        .iter()
        .filter(|entry| matches!(entry.aim, Aim::Parent(_)));
    seasons
        .map(|entry| match read(entry) {
            Ok(items) => {
                let item = &items[0].item;
                format!(
                    "{}: {} with {}",
                    entry.id,
                    item.label,
                    in_words(&item.values)
                )
            }
            Err(error) => format!("{}: {}", entry.id, error.fault),
        })
        .collect()
}

#[test]
fn a_season_without_a_title_of_its_own_has_that_in_its_show_s_file() {
    let tree = Tree::new(&[
        (
            "Dark/tvshow.nfo",
            r#"<tvshow>
                <title>Dark</title>
                <namedseason number="1">The Caves</namedseason>
                <namedseason number=" 2 "> Then &amp; Now </namedseason>
                <namedseason number="2">Later</namedseason>
                <namedseason number="3"/>
                <namedseason number="4">The Passage</namedseason>
                <namedseason number="-1">All of it</namedseason>
                <namedseason>None of it</namedseason>
                <namedseason number="0">Behind It</namedseason>
                <namedseason number="7">Never Made</namedseason>
            </tvshow>"#,
        ),
        (
            "Dark/Season 01/season.nfo",
            "<season><title>Own</title></season>",
        ),
        ("Dark/Season 01/D S01E01.mkv", ""),
        ("Dark/D S02E01.mkv", ""),
        ("Dark/Season 03/D S03E01.mkv", ""),
        (
            "Dark/Season 04/season.nfo",
            "<season><title/><plot>P</plot></season>",
        ),
        ("Dark/Season 04/D S04E01.mkv", ""),
        ("Dark/Specials/D S00E01.mkv", ""),
        ("Dark/season-specials-poster.jpg", "not a picture"),
    ]);
    assert_eq!(
        seasons(&tree),
        [
            "Dark/Season 01/season.nfo: Own with Title \"Own\"",
            "Dark/Season 04/season.nfo: The Passage with Title \"The Passage\"; Summary \"P\"",
            "Dark/season00: Behind It with Title \"Behind It\"",
            "Dark/season02: Then & Now with Title \"Then & Now\"",
            "Dark/season03: gives the season no title.",
        ]
    );
    // What is wrong with it is told of the show alone.
    tree.write("Dark/tvshow.nfo", b"<tvshow><namedseason number=\"2\">Then");
    assert_eq!(
        seasons(&tree),
        [
            "Dark/Season 01/season.nfo: Own with Title \"Own\"",
            "Dark/Season 04/season.nfo: Season 04 with Summary \"P\"",
            "Dark/season00: Specials with ",
            "Dark/season02: gives the season no title.",
            "Dark/season03: gives the season no title.",
        ]
    );
}

#[test]
fn a_part_of_a_show_is_the_same_as_in_the_whole() {
    let tree = show();
    let (whole, _) = tree.walk(None);
    let (part, _) = tree.walk(Some("Dark/Season 01"));
    let expected: Vec<Entry> = whole
        .iter()
        .filter(|entry| entry.id.starts_with("Dark/Season 01/"))
        .cloned()
        .collect();
    assert_eq!(part, expected);
    for only in [
        "Dark/tvshow.nfo",
        "Dark/Season 01/season.nfo",
        "Dark/Season 01/D S01E01.nfo",
    ] {
        let (named, summary) = tree.walk(Some(only));
        assert!(!summary.complete);
        let expected: Vec<Entry> = whole
            .iter()
            .filter(|entry| entry.id == only)
            .cloned()
            .collect();
        assert_eq!(named, expected, "{only}");
    }
    assert_eq!(
        tree.ids(Some("Dark/Season 01/D S01E01.mkv")),
        ["Dark/Season 01/D S01E01.nfo"]
    );
}

#[test]
fn one_file_of_several_that_speak_of_a_folder_is_the_same_alone() {
    let tree = Tree::new(&[
        ("A/tvshow.nfo", "<tvshow/>"),
        ("A/season.nfo", "<season/>"),
        ("A/A S02E01.mkv", ""),
        ("A/more/A S02E02.mkv", ""),
        ("A/season02-poster.jpg", "2"),
    ]);
    let (whole, _) = tree.walk(None);
    let ids: Vec<&str> = whole.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["A/season.nfo", "A/tvshow.nfo"]);
    assert!(whole[0].pictures.contains_key(&Field::Poster));
    for entry in &whole {
        assert_eq!(tree.walk(Some(&entry.id)).0, std::slice::from_ref(entry));
    }
}

#[test]
fn music_is_known_by_the_files_below_it() {
    let tree = Tree::new(&[
        ("U2/artist.nfo", "<artist/>"),
        ("U2/Boy/album.nfo", "<album/>"),
        ("U2/Boy/01.flac", ""),
        ("U2/Boy/CD 2/01.flac", ""),
        ("U2/Boy/CD 2/02.flac", ""),
        ("U2/Boy/CD 2/03.flac", ""),
        ("U2/Boy/CD 2/04.flac", ""),
        ("U2/Boy/Live/01.flac", ""),
        ("U2/War/01.mp3", ""),
        ("U2/War/clip.mkv", ""),
        ("Empty/artist.nfo", "<artist/>"),
        ("Empty/clip.mkv", ""),
    ]);
    assert_eq!(
        told(&tree, None),
        [
            "U2/Boy/album.nfo, the parent: U2/Boy/01.flac U2/Boy/CD 2/01.flac U2/Boy/CD 2/02.flac U2/Boy/CD 2/03.flac U2/Boy/CD 2/04.flac",
            "U2/artist.nfo, the grandparent: U2/Boy/01.flac U2/Boy/CD 2/01.flac U2/Boy/CD 2/02.flac U2/Boy/CD 2/04.flac U2/Boy/Live/01.flac U2/War/01.mp3",
        ]
    );
    assert_eq!(tree.walk(None).1.without_media, 1);
}

#[test]
fn a_show_within_a_show_keeps_its_files_and_the_outer_one_is_refused() {
    let tree = Tree::new(&[
        ("A/tvshow.nfo", "<tvshow/>"),
        ("A/A S01E01.mkv", ""),
        ("A/season01-poster.jpg", "1"),
        ("A/B/tvshow.nfo", "<tvshow/>"),
        ("A/B/season01-poster.jpg", "1"),
        ("A/B/Season 1/B S01E01.mkv", ""),
    ]);
    assert_eq!(
        told(&tree, None),
        [
            "A/B/season01, the parent 1: A/B/Season 1/B S01E01.mkv",
            "A/B/tvshow.nfo, the grandparent: A/B/Season 1/B S01E01.mkv",
        ]
    );
}

/// The ids of entries about whole folders, and each file left alone with the reason.
fn left_alone(tree: &Tree, only: Option<&str>) -> (Vec<String>, Vec<String>, u64) {
    let (entries, summary) = tree.walk(only);
    assert_eq!(summary.unreadable_count, 0);
    assert_eq!(summary.complete, only.is_none());
    let ids = entries
        .into_iter()
        .filter(|entry| entry.aim != Aim::Item)
        .map(|entry| entry.id)
        .collect();
    let named = summary.unreadable.into_iter();
    let named = named
        .map(|one| format!("{}: {}", one.path, one.reason))
        .collect();
    (ids, named, summary.not_read)
}

/// Of B, no .nfo speaks: all that is left over for the outer file is one item.
#[test]
fn a_file_above_others_of_its_kind_is_refused() {
    type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a str);
    let cases: [Case<'_>; 6] = [
        (
            &[
                "TV/tvshow.nfo",
                "TV/season01-poster.jpg",
                "TV/A/tvshow.nfo",
                "TV/A/Season 1/A S01E01.mkv",
                "TV/B/Season 1/B S01E01.mkv",
            ],
            &["TV/A/season01", "TV/A/tvshow.nfo"],
            "TV/tvshow.nfo: “TV/A” below it has its own tvshow.nfo; move it into the folder of the one show that it is about",
        ),
        (
            &[
                "tvshow.nfo",
                "Drama/B/B S01E01.mkv",
                "Drama/Z/Empty/tvshow.nfo",
            ],
            &[],
            "tvshow.nfo: “Drama/Z/Empty” below it has its own tvshow.nfo; move it into the folder of the one show that it is about",
        ),
        (
            &[
                "M/artist.nfo",
                "M/A/artist.nfo",
                "M/A/A/1.mp3",
                "M/B/B/1.mp3",
            ],
            &["M/A/artist.nfo"],
            "M/artist.nfo: “M/A” below it has its own artist.nfo; move it into the folder of the one artist that it is about",
        ),
        (
            &[
                "M/album.nfo",
                "M/CD 1 - A/album.nfo",
                "M/CD 1 - A/1.mp3",
                "M/CD 2 - B/1.mp3",
            ],
            &["M/CD 1 - A/album.nfo"],
            "M/album.nfo: “M/CD 1 - A” below it has its own album.nfo; move it into the folder of the one album that it is about",
        ),
        (
            &[
                "S1/season.nfo",
                "S1/A/season.nfo",
                "S1/A/A S02E01.mkv",
                "S1/B/B S01E01.mkv",
            ],
            &["S1/A/season.nfo"],
            "S1/season.nfo: “S1/A” below it has its own season.nfo; move it into the folder of the one season that it is about",
        ),
        (
            &[
                "S1/season.nfo",
                "S1/A/tvshow.nfo",
                "S1/A/A S01E01.mkv",
                "S1/B/B S01E01.mkv",
            ],
            &["S1/A/season01", "S1/A/tvshow.nfo"],
            "S1/season.nfo: “S1/A” below it has its own tvshow.nfo; move it into the folder of the one season that it is about",
        ),
    ];
    for (files, ids, refused) in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
        let tree = Tree::new(&files);
        let (found, named, not_read) = left_alone(&tree, None);
        assert_eq!(found, ids, "{refused}");
        assert_eq!((named.as_slice(), not_read), (&[refused.to_owned()][..], 1));
        let (path, _) = refused.split_once(':').unwrap();
        let (alone, named, _) = left_alone(&tree, Some(path));
        assert!(alone.is_empty(), "{refused}");
        assert_eq!(named, [refused]);
    }
}

#[test]
fn seasons_and_albums_within_others_are_no_harm_where_nothing_is_left_over() {
    let tree = Tree::new(&[
        ("Dark/tvshow.nfo", ""),
        ("Dark/Season 1/season.nfo", ""),
        ("Dark/Season 1/D S01E01.mkv", ""),
        ("Dark/Season 1/Specials/season.nfo", ""),
        ("Dark/Season 1/Specials/D S00E01.mkv", ""),
        ("U2/album.nfo", ""),
        ("U2/Loose.mp3", ""),
        ("U2/Boy/album.nfo", ""),
        ("U2/Boy/1.mp3", ""),
    ]);
    let (ids, named, not_read) = left_alone(&tree, None);
    assert_eq!(
        ids,
        [
            "Dark/Season 1/Specials/season.nfo",
            "Dark/Season 1/season.nfo",
            "Dark/tvshow.nfo",
            "U2/Boy/album.nfo",
            "U2/album.nfo",
        ]
    );
    assert_eq!((named, not_read), (Vec::new(), 0));
}

#[test]
fn a_season_that_no_name_tells_is_named_with_the_reason() {
    let tree = Tree::new(&[
        ("Dark/season.nfo", ""),
        ("Dark/D S01E01.mkv", ""),
        ("Dark/D S02E01.mkv", ""),
    ]);
    let (ids, named, not_read) = left_alone(&tree, None);
    assert!(ids.is_empty());
    assert!(
        named[0].starts_with("Dark/season.nfo: it is not clear which season"),
        "{named:?}"
    );
    assert_eq!((named.len(), not_read), (1, 1));
}

/// Files of one show alone would match it, whatever the others are.
#[test]
fn a_sample_has_files_of_every_show_below() {
    let tree = Tree::new(&[
        ("TV/tvshow.nfo", ""),
        ("TV/season01-poster.jpg", ""),
        ("Deep/tvshow.nfo", ""),
        ("Music/artist.nfo", ""),
        ("Loose/tvshow.nfo", ""),
        ("Loose/season01-poster.jpg", ""),
        ("Loose/Z S01E01.mkv", ""),
    ]);
    for number in 1..=30 {
        for name in ["1", "2", "3"] {
            tree.write(&format!("TV/A/Season {number:02}/{name}.mkv"), b"");
            tree.write(&format!("TV/A/Season 01/{number}-{name}.mkv"), b"");
            tree.write(&format!("Deep/Drama/A/Season {number:02}/{name}.mkv"), b"");
            tree.write(&format!("Music/A/{number}/{name}.mp3"), b"");
            tree.write(&format!("Loose/A S01E{number:02}-{name}.mkv"), b"");
        }
    }
    tree.write("TV/B/Season 01/B.mkv", b"");
    tree.write("Deep/Drama/B/Season 01/B.mkv", b"");
    tree.write("Music/B/1/B.mp3", b"");
    for (id, other, expected) in [
        ("TV/tvshow.nfo", "TV/B/Season 01/B.mkv", 64),
        ("TV/season01", "TV/B/Season 01/B.mkv", 8),
        ("Deep/tvshow.nfo", "Deep/Drama/B/Season 01/B.mkv", 64),
        ("Music/artist.nfo", "Music/B/1/B.mp3", 64),
        ("Loose/tvshow.nfo", "Loose/Z S01E01.mkv", 3),
        ("Loose/season01", "Loose/Z S01E01.mkv", 8),
    ] {
        let files = tree.entry(id).files;
        let other = tree.path(other).to_str().unwrap().to_owned();
        assert!(files.contains(&other), "{id}: {files:?}");
        assert!(files.len() == expected && files.is_sorted(), "{id}");
    }
}

#[test]
fn a_season_without_a_number_speaks_only_of_its_own_folder() {
    let tree = Tree::new(&[
        ("A/season.nfo", "<season/>"),
        ("A/One.mkv", ""),
        ("A/Season 2/Two.mkv", ""),
        ("B/Season 4/season.nfo", "<season/>"),
        ("B/Season 4/Disc 1/One.mkv", ""),
    ]);
    assert_eq!(
        told(&tree, None),
        [
            "A/season.nfo, the parent: A/One.mkv",
            "B/Season 4/season.nfo, the parent 4: B/Season 4/Disc 1/One.mkv",
        ]
    );
}

#[test]
fn a_sample_is_bounded() {
    let tree = Tree::new(&[
        ("S/tvshow.nfo", "<tvshow/>"),
        ("A/artist.nfo", "<artist/>"),
        ("A/B/album.nfo", "<album/>"),
    ]);
    for number in 0..70 {
        tree.write(&format!("S/Season {number:02}/S S{number:02}E01.mkv"), b"");
        tree.write(&format!("A/B/{number:02}.mp3"), b"");
    }
    for (id, expected) in [
        ("S/tvshow.nfo", 64),
        ("A/artist.nfo", 3),
        ("A/B/album.nfo", 64),
    ] {
        assert_eq!(tree.entry(id).files.len(), expected, "{id}");
    }
}

#[test]
fn a_show_is_read_again_when_what_it_is_made_of_changes() {
    let tree = show();
    let stamps = || {
        let (entries, _) = tree.walk(None);
        entries
            .into_iter()
            .map(|entry| (entry.id, entry.stamp))
            .collect::<BTreeMap<_, _>>()
    };
    let mut last = stamps();
    let mut changed = |what: &str, expected: &[&str]| {
        let now = stamps();
        let changed: Vec<&str> = (now.iter())
            .filter(|(id, stamp)| last.get(*id) != Some(*stamp))
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(changed, expected, "{what}");
        last = now;
    };
    changed("nothing", &[]);
    tree.write("Dark/tvshow.nfo", b"<tvshow><title/></tvshow>");
    changed(
        "the show's .nfo, in which titles of seasons may stand",
        &[
            "Dark/Season 01/season.nfo",
            "Dark/Season 03/season03",
            "Dark/season00",
            "Dark/season02",
            "Dark/season09",
            "Dark/tvshow.nfo",
        ],
    );
    tree.write("Dark/season01-poster.jpg", b"11");
    changed(
        "a season's picture in the show's folder",
        &["Dark/Season 01/season.nfo"],
    );
    tree.write("Dark/season02-fanart.jpg", b"2");
    changed("a season's picture alone", &["Dark/season02"]);
    tree.write("Dark/Season 01/D S01E05.mkv", b"");
    changed(
        "the last file of a folder",
        &[
            "Dark/Season 01/season.nfo",
            "Dark/season09",
            "Dark/tvshow.nfo",
        ],
    );
    tree.write("Dark/Season 02/season.nfo", b"<season/>");
    changed(
        "a season that speaks for itself",
        &["Dark/Season 02/season.nfo"],
    );
    assert!(!last.contains_key("Dark/season02"));
}

/// Everything at once, in many folders.
#[test]
fn the_order_is_the_same_for_any_number_of_threads() {
    let tree = show();
    for film in 0..60 {
        tree.write(
            &format!("Films/{}/F{film}/movie.nfo", film % 7),
            b"<movie/>",
        );
        tree.write(&format!("Films/{}/F{film}/F{film}.mkv", film % 7), b"");
        tree.write(&format!("Films/{}/F{film}/Extras/x.nfo", film % 7), b"");
        tree.write(&format!("Music/A{}/artist.nfo", film % 5), b"<artist/>");
        tree.write(
            &format!("Music/A{}/B{film}/album.nfo", film % 5),
            b"<album/>",
        );
        tree.write(&format!("Music/A{}/B{film}/01.mp3", film % 5), b"");
    }
    #[cfg(unix)]
    for (at, to) in [
        ("Films/0/up", ""),
        ("Films/3/to", "Music/A1"),
        ("Music/A2/to", "Films/3"),
    ] {
        std::os::unix::fs::symlink(tree.path(to), tree.path(at)).unwrap();
    }
    let walked = |threads: usize| {
        let mut entries = Vec::new();
        let summary = walk::walk(&tree.source(), None, threads, &mut |piece| {
            entries.push(piece);
            ControlFlow::Continue(())
        });
        (entries, summary.unwrap())
    };
    let alone = walked(1);
    assert!(alone.1.entries > 130 && alone.1.complete, "{:?}", alone.1);
    for threads in [2, 3, 8, 32] {
        assert_eq!(walked(threads), alone, "{threads} threads");
    }
    // Ending early ends the threads too.
    let mut pieces = 0;
    let ended = walk::walk(&tree.source(), None, 8, &mut |_| {
        pieces += 1;
        if pieces == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(!ended.unwrap().complete);
}
