//! What each kind of item can hold; the rest is answered 200 and forgotten.

use syncslate_emulator::ItemKind::{
    self, Album, Artist, Collection, Episode, Movie, Season, Show, Track,
};

use crate::client::{BUNNY, Server};

const KINDS: [ItemKind; 8] = [
    Movie, Show, Season, Episode, Artist, Album, Track, Collection,
];

/// Field or tag, a value, and what holds it.
const HELD: [(&str, &str, &[ItemKind]); 23] = [
    ("summary.value", "S", &KINDS),
    (
        "titleSort.value",
        "S",
        &[Movie, Show, Episode, Artist, Album, Collection],
    ),
    ("originalTitle.value", "S", &[Movie, Show, Track]),
    ("editionTitle.value", "S", &[Movie, Show]),
    ("tagline.value", "S", &[Movie, Show]),
    ("studio.value", "S", &[Movie, Show, Album]),
    (
        "contentRating.value",
        "S",
        &[Movie, Show, Episode, Collection],
    ),
    (
        "originallyAvailableAt.value",
        "2001-01-01",
        &[Movie, Show, Episode, Album],
    ),
    ("year.value", "2001", &[Movie, Show, Episode, Album]),
    ("rating.value", "3.1", &KINDS),
    ("audienceRating.value", "3.1", &KINDS),
    ("userRating.value", "3.1", &KINDS),
    ("genre", "S", &[Movie, Show, Artist, Album, Track]),
    ("director", "S", &[Movie, Episode]),
    ("writer", "S", &[Movie, Episode]),
    ("producer", "S", &[Movie]),
    ("country", "S", &[Movie, Artist]),
    ("actor", "S", &[Movie, Show, Episode]),
    ("label", "S", &KINDS),
    ("style", "S", &[Artist, Album]),
    ("mood", "S", &[Artist, Album, Track]),
    ("similar", "S", &[Artist]),
    (
        "collection",
        "S",
        &[Movie, Show, Season, Episode, Artist, Album, Track],
    ),
];

#[tokio::test]
async fn a_kind_holds_what_its_table_says_and_forgets_the_rest() {
    let server = Server::new();
    let keys = [
        (Movie, server.key(BUNNY)),
        (Show, server.titled(Show, "The 100")),
        (Season, server.titled(Season, "Season 1")),
        (Episode, server.titled(Episode, "Episode 1")),
        (Artist, server.titled(Artist, "Elephants")),
        (Album, server.titled(Album, "Field")),
        (Track, server.titled(Track, "Down")),
        (Collection, server.titled(Collection, "Open Movies")),
    ];
    for (kind, key) in keys {
        for (name, value, held_by) in HELD {
            let (query, lock) = match name.strip_suffix(".value") {
                Some(field) => (format!("{name}={value}"), field),
                None => (format!("{name}[0].tag.tag={value}"), name),
            };
            let query = format!("{query}&{lock}.locked=1");
            let before = server.item(key).await;
            assert_eq!(server.edit_any(key, &query).await, 200, "{kind:?} {query}");
            let after = server.item(key).await;
            let holds = held_by.contains(&kind);
            assert_eq!(before != after, holds, "{kind:?} {query}");
            assert_eq!(
                crate::client::locks(&after).contains(&lock.to_owned()),
                holds,
                "{kind:?} {lock}"
            );
        }
    }
}

#[tokio::test]
async fn every_kind_takes_the_date_it_was_added_and_every_picture_lock() {
    let server = Server::new();
    for kind in KINDS {
        let key = server.emulator.keys_of_kind(kind)[0];
        server.edit_any(key, "addedAt.value=1234567890&addedAt.locked=1&thumb.locked=1&clearLogo.locked=1&squareArt.locked=1").await;
        let item = server.item(key).await;
        assert_eq!(item["addedAt"], 1_234_567_890, "{kind:?}");
        assert_eq!(
            crate::client::locks(&item),
            ["addedAt", "clearLogo", "squareArt", "thumb"]
        );
    }
}

#[tokio::test]
async fn one_spelling_of_a_tag_holds_for_the_whole_server() {
    let server = Server::new();
    // Films of another section know `Animation`, and a director is no genre.
    let album = server.titled(Album, "Field");
    server
        .edit_any(
            album,
            "genre[0].tag.tag=ANIMATION&mood[0].tag.tag=animation",
        )
        .await;
    let item = server.item(album).await;
    assert!(crate::client::tags(&item, "Genre").contains(&"Animation".to_owned()));
    assert_eq!(crate::client::tags(&item, "Mood"), ["animation"]);
}
