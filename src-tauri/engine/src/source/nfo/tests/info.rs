//! What yt-dlp wrote.

use proptest::prelude::*;

use super::*;
use crate::source::nfo::info::parse;

fn told(text: &str) -> String {
    match parse(text.as_bytes()) {
        Ok(told) => in_words(&told.values),
        Err(fault) => format!("error: {fault}"),
    }
}

#[test]
fn keys_become_fields() {
    let cases: &[(&str, &str)] = &[
        (
            r#"{"id": "x", "title": "Short", "fulltitle": "Full", "description": "One\n\nTwo", "uploader": "U", "channel": "C",
                "upload_date": "20200102", "categories": ["Music", "Music"], "tags": ["t"], "cast": ["A", "B"],
                "average_rating": 4.5, "age_limit": 18, "timestamp": 1577923200, "formats": [{"url": "x"}], "_type": "video"}"#,
            r#"Title "Full"; Summary "One\n\nTwo"; Studio "U"; ReleaseDate "2020-01-02"; Year 2020; AudienceRating 90; Genres ["Music"]; Actors ["A", "B"]"#,
        ),
        (
            r#"{"title": "T", "channel": "C", "release_date": "20190304", "upload_date": "20200102", "release_year": 2018, "genres": ["G"]}"#,
            r#"Title "T"; Studio "C"; ReleaseDate "2019-03-04"; Year 2018; Genres ["G"]"#,
        ),
        (
            r#"{"fulltitle": null, "title": 7, "description": ["a"], "uploader": {"a": [1]}, "upload_date": true, "release_year": "x",
                "categories": "Music", "cast": [1, null, {"name": "N"}, ["M"], "A"], "average_rating": "high"}"#,
            r#"Title "7"; Actors ["A"]"#,
        ),
        (
            r#"{"title": "A", "title": "B", "title": "C"}"#,
            r#"Title "C""#,
        ),
        (r#"{"average_rating": 6}"#, ""),
        (
            r#"{"release_year": 99999, "season_number": 1e300, "upload_date": 20200102}"#,
            r#"ReleaseDate "2020-01-02"; Year 2020"#,
        ),
        ("{}", ""),
        ("\u{feff}{\"title\": \"A\"} trailing", r#"Title "A""#),
        (
            r#"{"_type": "playlist", "title": "L"}"#,
            "error: is about a playlist or several videos, which Syncslate does not read from files.",
        ),
        ("", "error: is empty."),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn what_is_no_such_file_has_a_sentence() {
    let deep = format!(
        "{{\"title\": {}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let deep_elsewhere = format!("{{\"x\": {}", "[".repeat(100_000));
    for text in [
        "[]",
        "7",
        "{\"title\": \"A",
        "{\"title\": 1e999}",
        "<movie/>",
        "{'a': 1}",
        "\0\0",
        &deep,
        &deep_elsewhere,
    ] {
        assert!(
            told(text).starts_with("error: is damaged at line 1"),
            "{}",
            told(text)
        );
    }
}

#[test]
fn a_video_is_read_with_its_thumbnail_and_fits_whatever_plex_has_it_for() {
    let mut picture = std::io::Cursor::new(Vec::new());
    ::image::RgbImage::new(6, 4)
        .write_to(&mut picture, ::image::ImageFormat::WebP)
        .unwrap();
    let tree = Tree::new(&[
        ("Cats/Cat [x].webm", ""),
        (
            "Cats/Cat [x].info.json",
            r#"{"series": "Cats", "season_number": 2, "episode_number": 3}"#,
        ),
    ]);
    tree.write("Cats/Cat [x].webp", &picture.into_inner());
    let item = only(read(&tree.entry("Cats/Cat [x].info.json"))).item;
    assert_eq!(item.item_type, None);
    assert_eq!(item.label, "Cat [x]");
    let numbering = item.numbering.unwrap();
    assert_eq!((numbering.season, numbering.episode), (Some(2), 3));
    assert_eq!(
        item.images[&Field::Poster].path,
        tree.path("Cats/Cat [x].webp")
    );
}

/// Plex may have such a video for an episode: the poster beside it is its season's or show's.
#[test]
fn a_folders_poster_is_never_an_episodes() {
    let mut picture = std::io::Cursor::new(Vec::new());
    ::image::RgbImage::new(4, 6)
        .write_to(&mut picture, ::image::ImageFormat::Png)
        .unwrap();
    let picture = picture.into_inner();
    for (folder, stem, text, expected) in [
        ("Films", "Cat", "{}", true),
        (
            "Cats",
            "Cats",
            r#"{"series": null, "episode_number": null}"#,
            true,
        ),
        ("Season 1", "Cat", "{}", false),
        ("Staffel 02", "Cat", "{}", false),
        ("Specials", "Cat", "{}", false),
        ("Cats", "Cats - S01E02", "{}", false),
        ("Cats", "Cats 1x02", "{}", false),
        ("Cats", "Cat", r#"{"series": "Cats"}"#, false),
        ("Cats", "Cat", r#"{"season_number": 1}"#, false),
        ("Cats", "Cat", r#"{"episode_number": 7}"#, false),
    ] {
        let info = format!("{folder}/{stem}.info.json");
        let video = format!("{folder}/{stem}.mp4");
        let tree = Tree::new(&[(&video, ""), (&info, text)]);
        for name in ["poster.png", "fanart.png", "logo.png"] {
            tree.write(&format!("{folder}/{name}"), &picture);
        }
        let images = only(read(&tree.entry(&info))).item.images;
        assert_eq!(images.len(), if expected { 3 } else { 0 }, "{info} {text}");
    }
    // Of several videos that begin with the folder's name, none is known to be its only one.
    let tree = Tree::new(&[
        ("Cats/Cats - One.mp4", ""),
        ("Cats/Cats - One.info.json", "{}"),
        ("Cats/Cats - Two.mp4", ""),
    ]);
    tree.write("Cats/poster.png", &picture);
    let one = tree.entry("Cats/Cats - One.info.json");
    assert!(one.pictures.is_empty(), "{:?}", one.pictures);
}

#[test]
fn a_file_of_50_megabytes_is_not_read() {
    let tree = Tree::new(&[("A.mkv", ""), ("A.info.json", "{")]);
    let file = std::fs::File::options()
        .write(true)
        .open(tree.path("A.info.json"))
        .unwrap();
    file.set_len(50_000_000).unwrap();
    let error = read(&tree.entry("A.info.json")).unwrap_err();
    assert!(error.to_string().contains("has 50 MB"), "{error}");
    assert!(!error.is_temporary());
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_text_of_json_brings_it_down(text in "(\\{|\\}|\\[|\\]|:|,|\"|\\\\|title|cast|upload_date|u12|-|1|e9|null|é| |\n){0,80}") {
        let _ = parse(text.as_bytes());
        let _ = parse(format!("{{\"title\": {text}}}").as_bytes());
    }
}
