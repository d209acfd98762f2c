//! Plays and ratings: what an account says of an item, none of which moves `updatedAt`.

use syncslate_emulator::ItemKind::{self, Album, Artist, Episode, Show};
use syncslate_emulator::RouteKind;

use crate::client::{BUNNY, Server};

const IDENTIFIER: &str = "identifier=com.plexapp.plugins.library";

#[tokio::test]
async fn a_film_is_watched_and_not_watched_again() {
    let server = Server::new();
    let key = server.key(BUNNY);
    let updated_at = server.item(key).await["updatedAt"].clone();
    assert!(server.item(key).await["viewCount"].is_null());
    server.seconds_pass(50);
    for (method, count) in [("GET", 1), ("PUT", 2)] {
        let path = format!("/:/scrobble?key={key}&{IDENTIFIER}");
        assert_eq!(server.call(method, &path, "").await.status, 200);
        assert_eq!(server.item(key).await["viewCount"], count);
    }
    let item = server.item(key).await;
    assert_eq!(item["lastViewedAt"], 1_700_000_050);
    assert_eq!(item["updatedAt"], updated_at);
    let path = format!("/:/unscrobble?key={key}&{IDENTIFIER}");
    assert_eq!(server.put(&path).await, 200);
    let item = server.item(key).await;
    assert!(item["viewCount"].is_null() && item["lastViewedAt"].is_null());
    assert_eq!(server.emulator.statistics().count(RouteKind::Watched), 3);
    assert_eq!(server.put(&format!("/:/scrobble?key={key}")).await, 400);
    let missing = format!("/:/scrobble?key=999999&{IDENTIFIER}");
    assert_eq!(server.put(&missing).await, 404);
}

#[tokio::test]
async fn what_stands_above_counts_what_was_watched_below() {
    let server = Server::new();
    let show = server.titled(Show, "The 100");
    let episode = server.titled(Episode, "Episode 1");
    server
        .put(&format!("/:/scrobble?key={episode}&{IDENTIFIER}"))
        .await;
    assert_eq!(server.item(show).await["viewedLeafCount"], 1);
    let season = server.item(episode).await["parentRatingKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/library/metadata/{season}");
    assert_eq!(
        server.json(&path).await["Metadata"][0]["viewedLeafCount"],
        1
    );
    server.emulator.watch_as_person(show, true).unwrap();
    let item = server.item(show).await;
    assert_eq!(
        (item["viewedLeafCount"].clone(), item["leafCount"].clone()),
        (4.into(), 4.into())
    );
    assert_eq!(
        server.item(episode).await["viewCount"],
        1,
        "it was watched before"
    );
    server
        .put(&format!("/:/unscrobble?key={show}&{IDENTIFIER}"))
        .await;
    assert_eq!(server.item(show).await["viewedLeafCount"], 0);
}

#[tokio::test]
async fn everything_can_be_rated_in_two_ways() {
    let server = Server::new();
    let keys = [
        server.key(BUNNY),
        server.titled(Show, "The 100"),
        server.titled(Episode, "Episode 1"),
        server.titled(Artist, "Elephants"),
        server.titled(Album, "Field"),
        server.titled(ItemKind::Track, "Down"),
        server.titled(ItemKind::Collection, "Open Movies"),
    ];
    for key in keys {
        let before = server.item(key).await["updatedAt"].as_i64().unwrap();
        server.seconds_pass(5);
        let rate = format!("/:/rate?key={key}&{IDENTIFIER}&rating=7.26");
        assert_eq!(server.put(&rate).await, 200);
        let item = server.item(key).await;
        assert_eq!(
            (item["userRating"].clone(), item["updatedAt"].clone()),
            (7.3.into(), before.into())
        );
        assert!(item["Field"].is_null());
        let take_back = format!("/:/rate?key={key}&{IDENTIFIER}&rating=-1");
        assert_eq!(server.put(&take_back).await, 200);
        assert!(server.item(key).await["userRating"].is_null());
        server
            .edit_any(key, "userRating.value=4&userRating.locked=1")
            .await;
        let item = server.item(key).await;
        assert_eq!(item["userRating"], 4.0);
        assert!(
            item["updatedAt"].as_i64().unwrap() > before,
            "an edit is one"
        );
        let bad = format!("/:/rate?key={key}&{IDENTIFIER}&rating=11");
        assert_eq!(server.put(&bad).await, 400);
    }
    server.emulator.rate_as_person(keys[0], None).unwrap();
    assert!(server.item(keys[0]).await["userRating"].is_null());
}

#[tokio::test]
async fn states_tell_plays_apart() {
    let server = Server::new();
    let before = server.emulator.state();
    server
        .emulator
        .watch_as_person(server.key(BUNNY), true)
        .unwrap();
    let after = server.emulator.state();
    assert_eq!(after.item(BUNNY).unwrap().view_count, 1);
    assert_ne!(before.without_timestamps(), after.without_timestamps());
}
