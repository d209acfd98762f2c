//! Files that real programs wrote. They lie beside the repository; where they are absent, these tests say so.

use super::*;
use crate::model::CastTrait;
use crate::text;

fn recorded(name: &str) -> Option<(tempfile::TempDir, Entry)> {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded/nfo");
    let Ok(content) = std::fs::read(folder.join(name)) else {
        println!("skipped: the recorded {name} is not here");
        return None;
    };
    // Each where a media manager would have put it.
    let (nfo, media) = match name {
        "American Gods.nfo" => ("tvshow.nfo", "Season 01/American Gods S01E01.mkv"),
        "Season 01.nfo" => ("Season 01/season.nfo", "Season 01/A S01E01.mkv"),
        "U2.nfo" => ("artist.nfo", "Boy/01.flac"),
        _ => ("Film.nfo", "Film.mkv"),
    };
    let tree = Tree::new(&[(media, "")]);
    tree.write(nfo, &content);
    let entry = tree.entry(nfo);
    Some((tree.folder, entry))
}

#[test]
fn a_full_film_is_read_whole() {
    let Some((_folder, entry)) = recorded("Justice League.nfo") else {
        return;
    };
    let item = only(read(&entry)).item;
    let plain = |text: &str| Value::Text(text.to_owned());
    let tags = |tags: &[&str]| Value::Tags(tags.iter().map(|&tag| tag.to_owned()).collect());
    assert_eq!(item.label, "Justice League");
    let Value::Text(summary) = &item.values[&Field::Summary] else {
        panic!("the summary is text");
    };
    assert!(
        summary.starts_with("Fueled by his restored faith")
            && summary.ends_with("catastrophic proportions.")
    );
    let mut rest = item.values.clone();
    rest.remove(&Field::Summary);
    let cast = rest[&Field::Actors].clone();
    let pictures = cast.told(CastTrait::Picture).into_iter().flatten();
    let is_there = |(_, picture): (_, &str)| picture.starts_with("https://m.media-amazon.com/");
    assert_eq!(pictures.filter(|told| is_there(*told)).count(), 15);
    rest.insert(Field::Actors, cast.without(&[CastTrait::Picture]));
    let expected = BTreeMap::from([
        (Field::Title, plain("Justice League")),
        (Field::OriginalTitle, plain("Justice League")),
        (Field::Tagline, plain("Justice for all.")),
        (Field::Studio, plain("DC Comics")),
        (Field::ContentRating, plain("Australia:M")),
        (Field::ReleaseDate, plain("2017-11-15")),
        (Field::Year, Value::Whole(2017)),
        (Field::AudienceRating, Value::Tenths(64)),
        (Field::CriticRating, Value::Tenths(76)),
        (
            Field::Genres,
            tags(&["Action", "Adventure", "Fantasy", "Sci-Fi"]),
        ),
        (Field::Directors, tags(&["Zack Snyder"])),
        (
            Field::Actors,
            text::cast_value([
                ("Ben Affleck", "Batman", ""),
                ("Henry Cavill", "Superman", ""),
                ("Amy Adams", "Lois Lane", ""),
                ("Gal Gadot", "Wonder Woman", ""),
                ("Ezra Miller", "The Flash", ""),
                ("Jason Momoa", "Aquaman", ""),
                ("Ray Fisher", "Cyborg", ""),
                ("Jeremy Irons", "Alfred", ""),
                ("Diane Lane", "Martha Kent", ""),
                ("Connie Nielsen", "Queen Hippolyta", ""),
                ("J.K. Simmons", "Commissioner Gordon", ""),
                ("Ciarán Hinds", "Steppenwolf", ""),
                ("Amber Heard", "Mera", ""),
                ("Joe Morton", "Silas Stone", ""),
                ("Lisa Loven Kongsli", "Menalippe", ""),
            ])
            .without(&[CastTrait::Picture]),
        ),
        (Field::Collections, tags(&["Justice League Collection"])),
        (Field::AddedAt, Value::Moment(1_565_082_078)),
        (Field::Watched, Value::Yes),
        (Field::Countries, tags(&["USA", "Canada", "UK"])),
        (
            Field::Writers,
            tags(&["Jerry Siegel", "Joe Shuster", "Test"]),
        ),
    ]);
    assert_eq!(rest, expected);
}

#[test]
fn a_comma_in_a_rating_is_understood() {
    if let Some((_folder, entry)) = recorded("CommunityRating_Comma.nfo") {
        assert_eq!(
            only(read(&entry)).item.values[&Field::AudienceRating],
            Value::Tenths(75)
        );
    }
}

/// A recorded file's values without the long ones, and its label.
fn told(name: &str) -> Option<(ItemType, String, String)> {
    let (_folder, entry) = recorded(name)?;
    let mut item = only(read(&entry)).item;
    for field in [Field::Summary, Field::Actors] {
        item.values.remove(&field);
    }
    Some((item.item_type?, item.label.clone(), in_words(&item.values)))
}

#[test]
fn every_other_kind_is_read() {
    let cases = [
        (
            "American Gods.nfo",
            ItemType::Show,
            "American Gods",
            r#"Title "American Gods"; SortTitle "American Gods"; OriginalTitle "American Gods"; Studio "Starz"; ContentRating "Australia:MA"; ReleaseDate "2017-04-30"; Year 2017; CriticRating 60; AudienceRating 68; AddedAt 1507386347; Watched empty; Genres ["Drama", "Mystery", "Sci-Fi & Fantasy"]"#,
        ),
        (
            "Season 01.nfo",
            ItemType::Season,
            "Season 1",
            r#"Title "Season 1"; ReleaseDate "2019-11-08"; Year 2019; AddedAt 1592155611"#,
        ),
        (
            "The Bone Orchard.nfo",
            ItemType::Episode,
            "The Bone Orchard",
            r#"Title "The Bone Orchard"; Studio "Starz"; ContentRating "16"; ReleaseDate "2017-04-30"; Year 2017; AudienceRating 75; AddedAt 1507386347; Watched empty; Genres ["Drama", "Mystery", "Sci-Fi & Fantasy"]; Directors ["David Slade"]; Writers ["Bryan Fuller", "Michael Green"]"#,
        ),
        (
            "Dancing Queen.nfo",
            ItemType::Movie,
            "Dancing Queen",
            r#"Title "Dancing Queen"; Studio "Studio 54"; ReleaseDate "1976-01-01"; Year 1976; AddedAt 1536572766; Watched empty; Genres ["Pop"]; Directors ["John Smith"]"#,
        ),
        (
            "U2.nfo",
            ItemType::Artist,
            "U2",
            r#"SortTitle "U2"; Genres ["Rock"]; Styles ["Rock/Pop"]; Moods ["Political"]"#,
        ),
    ];
    for (name, item_type, label, values) in cases {
        if let Some(told) = told(name) {
            assert_eq!(
                told,
                (item_type, label.to_owned(), values.to_owned()),
                "{name}"
            );
        }
    }
}

#[test]
fn a_show_s_file_names_its_season() {
    let Some((folder, _)) = recorded("American Gods.nfo") else {
        return;
    };
    let tree = Tree { folder };
    let item = only(read(&tree.entry("season01"))).item;
    assert_eq!(item.item_type, Some(ItemType::Season));
    assert_eq!(in_words(&item.values), r#"Title "Season 1""#);
}

#[test]
fn links_alone_say_so() {
    if let Some((_folder, entry)) = recorded("Radarr.nfo") {
        let error = read(&entry).unwrap_err().to_string();
        assert!(error.contains("holds only links"), "{error}");
    }
}
