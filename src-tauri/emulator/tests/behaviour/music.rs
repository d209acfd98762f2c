//! Music: artists, albums, tracks, and what each says of the others.

use serde_json::json;
use syncslate_emulator::ItemKind::{Album, Artist, Track};
use syncslate_emulator::Scope;

use crate::client::{MUSIC, Server, locks, tags, titles};

const DOWN: &str = "/data/Music/The Rabbits/Burrow/01 Down.flac";

#[tokio::test]
async fn artists_albums_and_tracks_are_listed_each_by_its_type() {
    let server = Server::new();
    let artists = server.list(MUSIC, Artist, "").await;
    assert_eq!(titles(&artists), ["Elephants", "Nobody", "The Rabbits"]);
    assert_eq!(
        server.json("/library/sections/3/all").await["size"],
        3,
        "artists are listed where no type is asked for"
    );
    let albums = server.list(MUSIC, Album, "").await;
    assert_eq!(titles(&albums), ["Burrow", "Burrow", "Field", "Tape"]);
    assert_eq!(server.json("/library/sections/3/albums").await["size"], 4);
    assert_eq!(server.list(MUSIC, Track, "").await["size"], 6);

    let rabbits = server.titled(Artist, "The Rabbits");
    let album = &albums["Metadata"][0];
    assert_eq!(album["parentRatingKey"], rabbits.to_string());
    assert_eq!(album["parentTitle"], "The Rabbits");
    assert_eq!((&album["year"], &album["index"]), (&json!(1998), &json!(1)));
    assert!(album["Media"].is_null() && artists["Metadata"][2]["Media"].is_null());
    assert_eq!(
        album["art"], artists["Metadata"][2]["art"],
        "the artist lends it"
    );

    let track = server.item(server.key(DOWN)).await;
    assert_eq!(track["grandparentRatingKey"], rabbits.to_string());
    assert_eq!(track["parentRatingKey"], album["ratingKey"]);
    assert_eq!(
        (&track["index"], &track["parentIndex"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(track["Media"][0]["Part"][0]["file"], DOWN);
    assert_eq!(track["thumb"], album["thumb"], "the album lends it");
    assert!(
        server
            .xml("/library/sections/3/all?type=10")
            .await
            .contains("<Track ")
    );
}

#[tokio::test]
async fn below_an_artist_stand_albums_and_below_them_tracks_in_order() {
    let server = Server::new();
    let rabbits = server.titled(Artist, "The Rabbits");
    let albums = server
        .json(&format!("/library/metadata/{rabbits}/children"))
        .await;
    assert_eq!(titles(&albums), ["Burrow", "Field"]);
    assert_eq!(albums["parentTitle"], "The Rabbits");
    let burrow = albums["Metadata"][0]["key"].as_str().unwrap();
    let tracks = server.json(burrow).await;
    assert_eq!(titles(&tracks), ["Down", "Under", "Out"], "disc by disc");
    assert_eq!(tracks["Metadata"][2]["parentIndex"], 2);
    let leaves = server
        .json(&format!("/library/metadata/{rabbits}/allLeaves"))
        .await;
    assert_eq!(leaves["size"], 4);
    let filtered = server
        .list(MUSIC, Album, &format!("artist.id={rabbits}"))
        .await;
    assert_eq!(titles(&filtered), ["Burrow", "Field"]);
    let details = server.item(rabbits).await;
    assert_eq!(details["Location"][0]["path"], "/data/Music/The Rabbits");
    assert_eq!(tags(&details, "Mood"), ["Furry", "Calm", "Fast"]);
    assert_eq!(tags(&details, "Country"), ["Netherlands"]);
}

#[tokio::test]
async fn what_no_agent_knows_is_called_after_its_files() {
    let server = Server::new();
    for (kind, title) in [(Artist, "Nobody"), (Album, "Tape"), (Track, "01 Hiss")] {
        let key = server.titled(kind, title);
        assert_eq!(server.item(key).await["guid"], format!("local://{key}"));
    }
    let unmatched = server.list(MUSIC, Artist, "unmatched=1").await;
    assert_eq!(titles(&unmatched), ["Nobody"]);
}

#[tokio::test]
async fn music_is_edited_locked_and_refreshed_like_films() {
    let server = Server::new();
    let (artist, album) = (
        server.titled(Artist, "The Rabbits"),
        server.titled(Album, "Field"),
    );
    let query = "mood[0].tag.tag=Sleepy&mood[].tag.tag-=Fast&mood.locked=1&style[0].tag.tag=Lost\
                 &summary.value=Loose&titleSort.value=Kept&titleSort.locked=1";
    let path = format!("/library/sections/{MUSIC}/all?type=8&id={artist}&{query}");
    assert_eq!(server.put(&path).await, 200);
    server
        .edit_any(
            album,
            "year.value=2001&originallyAvailableAt.value=2001-05-06&studio.value=S",
        )
        .await;
    let item = server.item(album).await;
    assert_eq!(
        (&item["year"], &item["studio"]),
        (&json!(2001), &json!("S"))
    );

    server.emulator.agent_refresh(Scope::All).unwrap();
    let item = server.item(artist).await;
    let mut moods = tags(&item, "Mood");
    moods.retain(|mood| mood != "Furry" && mood != "Calm");
    assert_eq!(moods, ["Sleepy"]);
    assert_eq!(tags(&item, "Style"), ["Burrow Folk"]);
    assert_eq!(
        (&item["summary"], &item["titleSort"]),
        (&json!("A band of three."), &json!("Kept"))
    );
    assert_eq!(locks(&item), ["mood", "titleSort"]);
    let item = server.item(album).await;
    assert_eq!(item["studio"], "Hole in the Ground Records");
    assert_eq!(item["year"], 2001, "the agent says nothing of it");
}

#[tokio::test]
async fn each_type_has_its_own_news() {
    let server = Server::new();
    let track = server.key(DOWN);
    server.seconds_pass(10);
    server.edit_any(track, "summary.value=x").await;
    for (kind, expected) in [(Artist, 0), (Album, 0), (Track, 1)] {
        let rows = server.list(MUSIC, kind, "updatedAt%3E%3E=1700000000").await;
        assert_eq!(rows["size"], expected, "{kind:?}");
    }
}
