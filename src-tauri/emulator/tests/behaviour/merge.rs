//! The damage that a title written to an artist or album does.

use syncslate_emulator::ItemKind::{Album, Artist, Track};

use crate::client::{MUSIC, Server};

#[tokio::test]
async fn an_artist_that_gets_anothers_title_is_merged_into_it() {
    let server = Server::new();
    let (rabbits, elephants) = (
        server.titled(Artist, "The Rabbits"),
        server.titled(Artist, "Elephants"),
    );
    let path = format!(
        "/library/sections/{MUSIC}/all?type=8&id={elephants}&title.value=the%20rabbits&title.locked=1"
    );
    assert_eq!(server.put(&path).await, 200);
    let gone = format!("/library/metadata/{elephants}");
    assert_eq!(server.call("GET", &gone, "").await.status, 404);
    assert_eq!(server.list(MUSIC, Artist, "").await["size"], 2);
    let item = server.item(rabbits).await;
    assert_eq!(item["title"], "The Rabbits");
    assert!(item["Field"].is_null(), "the lock went with the other");

    // The albums of one name became one, too.
    assert_eq!(server.list(MUSIC, Album, "").await["size"], 3);
    assert_eq!(server.list(MUSIC, Track, "").await["size"], 6);
    let trunk = server.item(server.titled(Track, "Trunk")).await;
    assert_eq!(trunk["parentTitle"], "Burrow");
    assert_eq!(trunk["grandparentRatingKey"], rabbits.to_string());
}

#[tokio::test]
async fn albums_are_merged_within_their_artist_only() {
    let server = Server::new();
    let field = server.titled(Album, "Field");
    server.edit_any(field, "title.value=Tape").await;
    assert_eq!(
        server.list(MUSIC, Album, "").await["size"],
        4,
        "the other tape is somebody else's"
    );
    server.edit_any(field, "title.value=burrow").await;
    assert_eq!(server.list(MUSIC, Album, "").await["size"], 3);
    let tracks = server
        .json(&format!(
            "/library/metadata/{}/children",
            server.titled(Album, "Burrow")
        ))
        .await;
    assert_eq!(tracks["size"], 4);
}

#[tokio::test]
async fn other_edits_of_music_merge_nothing() {
    let server = Server::new();
    let before = server.emulator.keys_of_kind(Album);
    let field = server.titled(Album, "Field");
    server
        .edit_any(field, "titleSort.value=Burrow&summary.value=Burrow")
        .await;
    server
        .edit_any(server.titled(Artist, "Elephants"), "title.locked=1")
        .await;
    assert_eq!(server.emulator.keys_of_kind(Album), before);
    // Films of one title stay two.
    let film = server.key(crate::client::HOME);
    server.edit(film, "title.value=Big%20Buck%20Bunny").await;
    assert_eq!(server.json("/library/sections/1/all").await["size"], 3);
}
