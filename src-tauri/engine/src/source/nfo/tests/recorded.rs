//! Files that real programs wrote. They lie beside the repository; where they are absent, these tests say so.

use super::*;

fn recorded(name: &str) -> Option<(tempfile::TempDir, Entry)> {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded/nfo");
    let Ok(content) = std::fs::read(folder.join(name)) else {
        println!("skipped: the recorded {name} is not here");
        return None;
    };
    let tree = Tree::new(&[("Film.mkv", "")]);
    tree.write("Film.nfo", &content);
    let entry = tree.entry("Film.nfo");
    Some((tree.folder, entry))
}

#[test]
fn a_full_film_is_read_whole() {
    let Some((_folder, entry)) = recorded("Justice League.nfo") else {
        return;
    };
    let item = only(read(&entry)).item;
    let text = |text: &str| Value::Text(text.to_owned());
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
    let expected = BTreeMap::from([
        (Field::Title, text("Justice League")),
        (Field::OriginalTitle, text("Justice League")),
        (Field::Tagline, text("Justice for all.")),
        (Field::Studio, text("DC Comics")),
        (Field::ContentRating, text("Australia:M")),
        (Field::ReleaseDate, text("2017-11-15")),
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
            tags(&[
                "Ben Affleck",
                "Henry Cavill",
                "Amy Adams",
                "Gal Gadot",
                "Ezra Miller",
                "Jason Momoa",
                "Ray Fisher",
                "Jeremy Irons",
                "Diane Lane",
                "Connie Nielsen",
                "J.K. Simmons",
                "Ciarán Hinds",
                "Amber Heard",
                "Joe Morton",
                "Lisa Loven Kongsli",
            ]),
        ),
        (Field::Collections, tags(&["Justice League Collection"])),
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

#[test]
fn what_is_no_film_is_told_apart() {
    for (name, said) in [
        ("American Gods.nfo", "is about a show"),
        ("Season 01.nfo", "is about a season"),
        ("The Bone Orchard.nfo", "is about an episode"),
        ("Dancing Queen.nfo", "is about a music video"),
        ("U2.nfo", "is about an artist"),
        ("Radarr.nfo", "holds only links"),
    ] {
        if let Some((_folder, entry)) = recorded(name) {
            let error = read(&entry).unwrap_err().to_string();
            assert!(error.contains(said), "{name}: {error}");
        }
    }
}
