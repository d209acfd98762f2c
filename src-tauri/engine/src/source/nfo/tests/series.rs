//! Shows, seasons, episodes and music videos.

use super::*;

#[test]
fn elements_become_fields() {
    let cases: &[(&str, &str)] = &[
        (
            "<tvshow><title>Dark</title><plot>P</plot><premiered>2017-12-01</premiered><mpaa>16</mpaa><studio>Netflix</studio><genre>Drama</genre><season>3</season><tag>x</tag></tvshow>",
            r#"Title "Dark"; Summary "P"; Studio "Netflix"; ContentRating "16"; ReleaseDate "2017-12-01"; Year 2017; Genres ["Drama"]; Labels ["x"]"#,
        ),
        (
            "<season><title>Season 1</title><plot>P</plot><year>2019</year></season>",
            r#"Title "Season 1"; Summary "P"; Year 2019"#,
        ),
        (
            "<season><title/><seasonname>One</seasonname></season>",
            r#"Title "One""#,
        ),
        (
            "<episodedetails><title>Pilot</title><season>1</season><episode>2</episode><premiered>2000-01-01</premiered><aired>2001-02-03</aired><director>D</director><credits>W</credits></episodedetails>",
            r#"Title "Pilot"; ReleaseDate "2001-02-03"; Year 2001; Directors ["D"]; Writers ["W"]"#,
        ),
        (
            "<musicvideo><title>T</title><artist>ABBA</artist><artist><name>U2</name></artist><album>A</album><director>D</director></musicvideo>",
            r#"Title "T"; Directors ["D"]; Actors ["ABBA", "U2"]"#,
        ),
        (
            "<musicvideo><artist>ABBA</artist><actor><name>N</name></actor></musicvideo>",
            r#"Actors ["N"]"#,
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(in_words(&values_of(text)), *expected, "{text}");
    }
}

/// Each item of a file as `id SxxExx label`.
fn items(name: &str, text: &str) -> Vec<String> {
    let video = format!("{name}.mkv");
    let nfo = format!("{name}.nfo");
    let tree = Tree::new(&[(&video, ""), (&nfo, text)]);
    let read = read(&tree.entry(&nfo)).unwrap();
    read.iter()
        .map(|ReadItem { item, .. }| {
            assert_eq!(item.item_type, Some(ItemType::Episode));
            let numbers = item.numbering.map_or("unnumbered".to_owned(), |numbers| {
                let season = numbers
                    .season
                    .map_or("?".to_owned(), |season| season.to_string());
                format!("{season}x{}", numbers.episode)
            });
            format!("{} {numbers} {}", item.id, item.label)
        })
        .collect()
}

#[test]
fn each_episode_of_a_file_is_an_item() {
    let block = |title: &str, season: &str, episode: &str| {
        format!(
            "<episodedetails><title>{title}</title><season>{season}</season><episode>{episode}</episode></episodedetails>"
        )
    };
    let one = block("One", "1", "1");
    let two = block("Two", "1", "02");
    let declared = format!(
        "<?xml version=\"1.0\"?>\n{one}\n<?xml version=\"1.0\"?>\n{two}\nhttps://example.org/?a&b"
    );
    let wrapped = format!("<xbmcmultiepisode>{one}{two}</xbmcmultiepisode>");
    let unnumbered = "<episodedetails><title>A</title></episodedetails><episodedetails><title>B</title><season>-1</season><episode>-1</episode></episodedetails>";
    let cases: &[(&str, &str, &[&str])] = &[
        ("F", &one, &["F.nfo 1x1 One"]),
        (
            "F",
            &format!("{one}{two}"),
            &["F.nfo#S01E01 1x1 One", "F.nfo#S01E02 1x2 Two"],
        ),
        (
            "F",
            &declared,
            &["F.nfo#S01E01 1x1 One", "F.nfo#S01E02 1x2 Two"],
        ),
        (
            "F",
            &wrapped,
            &["F.nfo#S01E01 1x1 One", "F.nfo#S01E02 1x2 Two"],
        ),
        (
            "F",
            &format!("{one}{two}{one}"),
            &["F.nfo#S01E01 1x1 One", "F.nfo#S01E02 1x2 Two"],
        ),
        ("F", &format!("{one}<<< junk"), &["F.nfo 1x1 One"]),
        ("F", &format!("{one}<movie/>{two}"), &["F.nfo 1x1 One"]),
        (
            "F",
            &format!("{one}<episodedetails/>"),
            &["F.nfo#S01E01 1x1 One"],
        ),
        ("F", &block("X", "", "7"), &["F.nfo ?x7 X"]),
        ("F", "<episodedetails/>", &["F.nfo unnumbered F"]),
        (
            "F S02E03",
            "<episodedetails/>",
            &["F S02E03.nfo 2x3 F S02E03"],
        ),
        ("F S02E03", &one, &["F S02E03.nfo 1x1 One"]),
        (
            "F S02E03-E04",
            unnumbered,
            &[
                "F S02E03-E04.nfo#S02E03 2x3 A",
                "F S02E03-E04.nfo#S02E04 2x4 B",
            ],
        ),
    ];
    for (name, text, expected) in cases {
        assert_eq!(items(name, text), *expected, "{name} {text}");
    }
}

#[test]
fn episodes_that_cannot_be_told_apart_are_said_to_be_left_out() {
    let one = "<episodedetails><season>1</season><episode>1</episode></episodedetails>";
    let two = "<episodedetails><season>1</season><episode>2</episode></episodedetails>";
    let none = "<episodedetails><title>Which?</title></episodedetails>";
    for (text, expected) in [
        (one.to_owned(), None),
        (none.to_owned(), None),
        (format!("{one}{two}"), None),
        (
            format!("{one}{two}{one}"),
            Some("F.nfo holds 3 episodes. 1 of them is left out,"),
        ),
        (
            format!("{one}{none}{none}"),
            Some("F.nfo holds 3 episodes. 2 of them are left out,"),
        ),
    ] {
        let (said, read) = said_while_reading(&text);
        match expected {
            Some(expected) => assert!(said.contains(expected), "{text}: {said}"),
            None => assert_eq!(said, "", "{text}"),
        }
        assert!(!read.is_empty(), "{text}");
    }
}

/// What is logged while such a file is read, and what comes of it.
fn said_while_reading(text: &str) -> (String, Vec<ReadItem>) {
    #[derive(Clone, Default)]
    struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let tree = Tree::new(&[("F.mkv", ""), ("F.nfo", text)]);
    let entry = tree.entry("F.nfo");
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let read = tracing::subscriber::with_default(subscriber, || read(&entry).unwrap());
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (said, read)
}

#[test]
fn an_items_id_leads_back_to_its_entry() {
    for (id, entry) in [
        ("Show/S01E01-E02.nfo#S01E02", "Show/S01E01-E02.nfo"),
        ("Film #3/movie.nfo", "Film #3/movie.nfo"),
        ("Film #3.nfo", "Film #3.nfo"),
        ("Show.nfo#1/season02", "Show.nfo#1/season02"),
        ("Show/season02", "Show/season02"),
    ] {
        assert_eq!(entry_of(id), entry, "{id}");
    }
}
