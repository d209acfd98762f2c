//! Pictures: listed, uploaded, selected, taken away, and what that does to their paths.

use serde_json::Value;
use syncslate_emulator::{Habits, ItemKind, PictureKind, Scope, UploadKey};

use crate::client::{BUNNY, HOME, Server, png};

fn selected(list: &Value) -> Option<&str> {
    list["Metadata"]
        .as_array()?
        .iter()
        .find(|picture| picture["selected"] == true)?["ratingKey"]
        .as_str()
}

/// The address of an item's picture among its `Image` elements.
fn image_of(item: &Value, image: &str) -> Value {
    let images = item["Image"].as_array();
    images
        .and_then(|images| images.iter().find(|known| known["type"] == image))
        .map_or(Value::Null, |known| known["url"].clone())
}

#[tokio::test]
async fn every_kind_of_item_has_all_four_galleries() {
    let server = Server::new();
    let kinds = [
        ("posters", PictureKind::Poster, "coverPoster"),
        ("arts", PictureKind::Background, "background"),
        ("clearLogos", PictureKind::ClearLogo, "clearLogo"),
        ("squareArts", PictureKind::SquareArt, "backgroundSquare"),
    ];
    for kind in [
        ItemKind::Movie,
        ItemKind::Show,
        ItemKind::Season,
        ItemKind::Episode,
        ItemKind::Artist,
        ItemKind::Album,
        ItemKind::Track,
        ItemKind::Collection,
    ] {
        let key = server.emulator.keys_of_kind(kind)[0];
        for (list, picture, image) in kinds {
            let before = server.emulator.pictures_of(key, picture).len();
            let path = format!("/library/metadata/{key}/{list}");
            assert_eq!(server.call("POST", &path, png(99)).await.status, 200);
            let item = server.item(key).await;
            let url = image_of(&item, image);
            assert_eq!(
                server.call("GET", url.as_str().unwrap(), "").await.body,
                png(99)
            );
            let listed = server.emulator.pictures_of(key, picture);
            assert_eq!(listed.len(), before + 1, "{kind:?} {list}");
            assert!(listed.last().unwrap().is_selected);
            let mut large = png(1);
            large.resize(10_480_001, 0);
            assert_eq!(server.call("POST", &path, large).await.status, 500);
            server
                .edit_any(key, &format!("{}.locked=1", picture.lock()))
                .await;
        }
        assert_eq!(
            crate::client::locks(&server.item(key).await),
            ["art", "clearLogo", "squareArt", "thumb"]
        );
    }
    let state = server.emulator.state();
    let film = state.item(BUNNY).unwrap();
    assert_eq!(film.clear_logo, film.square_art);
    assert!(film.clear_logo.is_some());
}

#[tokio::test]
async fn a_person_picks_a_clear_logo_and_the_agent_takes_it_back() {
    let server = Server::new();
    let key = server.key(BUNNY);
    let agents = server.emulator.pictures_of(key, PictureKind::ClearLogo)[0].clone();
    for (lock, stays) in [(false, false), (true, true)] {
        server
            .emulator
            .select_picture_as_person(key, PictureKind::ClearLogo, png(44), lock)
            .unwrap();
        server.emulator.agent_refresh(Scope::Item(key)).unwrap();
        let state = server.emulator.state();
        let selected = state.item(BUNNY).unwrap().clear_logo.clone();
        assert_eq!(selected.as_ref() != Some(&agents.sha1), stays);
    }
    server
        .emulator
        .choose_picture_as_person(key, PictureKind::ClearLogo, Some(&agents.key))
        .unwrap();
    assert!(server.emulator.pictures_of(key, PictureKind::ClearLogo)[0].is_selected);
}

#[tokio::test]
async fn an_upload_is_listed_selected_and_read_back() {
    for (kind, attribute, image) in [
        ("poster", "thumb", "coverPoster"),
        ("art", "art", "background"),
        ("clearLogo", "clearLogo", "clearLogo"),
    ] {
        let server = Server::new();
        let key = server.key(BUNNY);
        let before = image_of(&server.item(key).await, image);
        let list = format!("/library/metadata/{key}/{kind}s");
        assert_eq!(server.json(&list).await["size"], 1, "the agent's");
        let agents = selected(&server.json(&list).await).unwrap().to_owned();
        assert!(agents.starts_with("metadata://"), "{agents}");

        assert_eq!(server.call("POST", &list, png(77)).await.status, 200);
        let pictures = server.json(&list).await;
        assert_eq!(pictures["size"], 2);
        let uploaded = selected(&pictures).unwrap().to_owned();
        assert!(uploaded.starts_with("upload://"), "{uploaded}");
        let item = server.item(key).await;
        let after = image_of(&item, image);
        if attribute != "clearLogo" {
            assert_eq!(item[attribute], after, "both tell of it");
        }
        assert_ne!(before, after, "the path moves within the same second");
        assert_eq!(
            server.call("GET", after.as_str().unwrap(), "").await.body,
            png(77)
        );
        let thumb = pictures["Metadata"][1]["thumb"].as_str().unwrap();
        assert_eq!(server.call("GET", thumb, "").await.body, png(77));

        let path = format!(
            "/library/metadata/{key}/{kind}?url={}",
            agents.replace(':', "%3A").replace('/', "%2F")
        );
        assert_eq!(server.put(&path).await, 200);
        assert_eq!(selected(&server.json(&list).await), Some(agents.as_str()));
        let unknown = format!("/library/metadata/{key}/{kind}?url=upload%3A%2F%2Fposters%2Fnone");
        assert_eq!(server.put(&unknown).await, 400);

        let path = format!("/library/metadata/{key}/{attribute}");
        assert_eq!(server.call("DELETE", &path, "").await.status, 200);
        let item = server.item(key).await;
        assert!(item[attribute].is_null() && image_of(&item, image).is_null());
        assert_eq!(server.call("GET", &path, "").await.status, 404);
    }
}

#[tokio::test]
async fn upload_keys_follow_the_habit() {
    for (upload_key, listed) in [(UploadKey::Sha1, 1), (UploadKey::Opaque, 2)] {
        let server = Server::with_habits(Habits {
            upload_key,
            ..Habits::default()
        });
        let list = format!("/library/metadata/{}/posters", server.key(HOME));
        for _ in 0..2 {
            server.call("POST", &list, png(5)).await;
        }
        let pictures = server.json(&list).await;
        assert_eq!(pictures["size"], listed, "{upload_key:?}");
        // SHA-1 of the bytes, worked out by the state dump.
        let state = server.emulator.state();
        let sha1 = state.item(HOME).unwrap().poster.as_ref().unwrap();
        let is_sha1 = selected(&pictures) == Some(&format!("upload://posters/{sha1}"));
        assert_eq!(is_sha1, upload_key == UploadKey::Sha1);
    }
}

#[tokio::test]
async fn what_is_no_picture_is_ignored_and_what_is_too_large_refused() {
    let server = Server::new();
    let key = server.key(HOME);
    let list = format!("/library/metadata/{key}/posters");
    assert_eq!(server.call("POST", &list, "no picture").await.status, 200);
    assert!(server.json(&list).await["Metadata"].is_null());
    let mut large = png(1);
    large.resize(10_480_001, 0);
    assert_eq!(server.call("POST", &list, large.clone()).await.status, 500);
    large.truncate(10_480_000);
    assert_eq!(server.call("POST", &list, large).await.status, 200);
    assert_eq!(server.json(&list).await["size"], 1);
}

#[tokio::test]
async fn a_picture_can_come_from_an_address() {
    let server = Server::new();
    let key = server.key(HOME);
    server.emulator.publish("http://web/x.png", png(9));
    let path = |url: &str| format!("/library/metadata/{key}/posters?url=http%3A%2F%2Fweb%2F{url}");
    assert_eq!(server.call("POST", &path("x.png"), "").await.status, 200);
    assert_eq!(server.call("POST", &path("y.png"), "").await.status, 400);
    let thumb = server.item(key).await["thumb"].as_str().unwrap().to_owned();
    assert_eq!(server.call("GET", &thumb, "").await.body, png(9));
}

#[tokio::test]
async fn the_stamp_follows_updated_at_by_habit() {
    for follows in [false, true] {
        let server = Server::with_habits(Habits {
            thumb_follows_updated_at: follows,
            ..Habits::default()
        });
        let key = server.key(BUNNY);
        let before = server.item(key).await["thumb"].clone();
        server.seconds_pass(5);
        server.edit(key, "tagline.value=x").await;
        assert_eq!(server.item(key).await["thumb"] != before, follows);
    }
}

#[tokio::test]
async fn a_refresh_takes_an_unlocked_picture_back() {
    for (lock, stays) in [(false, false), (true, true)] {
        let server = Server::new();
        let key = server.key(BUNNY);
        let agents = server.emulator.state().item(BUNNY).unwrap().poster.clone();
        server
            .emulator
            .select_poster_as_person(key, png(66), lock)
            .unwrap();
        server.emulator.agent_refresh(Scope::Item(key)).unwrap();
        let poster = server.emulator.state().item(BUNNY).unwrap().poster.clone();
        assert_eq!(poster != agents, stays);
    }
}
