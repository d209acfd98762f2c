//! Collections of every kind of section: made, filled, ordered, edited; smart ones.

use serde_json::json;
use syncslate_emulator::ItemKind::{self, Album, Artist, Collection, Show};
use syncslate_emulator::{EditError, Options, RouteKind};

use crate::client::{BUNNY, ELEPHANTS, HOME, MUSIC, SHOWS, Server, tags, titles};

fn uri(keys: &[u64]) -> String {
    let keys: Vec<_> = keys.iter().map(u64::to_string).collect();
    format!(
        "server%3A%2F%2Fabc%2Fcom.plexapp.plugins.library%2Flibrary%2Fmetadata%2F{}",
        keys.join("%2C")
    )
}

/// Makes a collection and answers its key.
async fn make(server: &Server, section: u32, kind: ItemKind, title: &str, keys: &[u64]) -> u64 {
    let path = format!(
        "/library/collections?type={}&title={title}&smart=0&sectionId={section}&uri={}",
        kind.number(),
        uri(keys)
    );
    assert_eq!(server.call("POST", &path, "").await.status, 200, "{path}");
    server.titled(Collection, title)
}

async fn members(server: &Server, collection: u64) -> Vec<String> {
    let path = format!("/library/collections/{collection}/children");
    let container = server.json(&path).await;
    titles(&container).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn shows_artists_and_albums_are_collected_by_tag_and_by_request() {
    let server = Server::new();
    let cases = [
        (SHOWS, Show, server.titled(Show, "The 100")),
        (MUSIC, Artist, server.titled(Artist, "Nobody")),
        (MUSIC, Album, server.titled(Album, "Tape")),
    ];
    for (section, kind, key) in cases {
        let title = format!("Made-{}", kind.name());
        let made = make(&server, section, kind, &title, &[key]).await;
        let item = server.item(made).await;
        assert_eq!(
            (&item["subtype"], &item["type"]),
            (&json!(kind.name()), &json!("collection"))
        );
        assert!(tags(&server.item(key).await, "Collection").contains(&title));
        server
            .edit_any(key, "collection[0].tag.tag=By%20Tag&collection.locked=1")
            .await;
        let listed = server.list(section, Collection, "").await;
        assert!(titles(&listed).contains(&"By Tag"), "{kind:?}");
    }
    // An artist's tag and an album's of one name are two collections.
    let music = server.list(MUSIC, Collection, "title==By%20Tag").await;
    assert_eq!(music["size"], 2);
    let state = server.emulator.state();
    let of_music = &state.sections["Music"].collections;
    assert!(of_music.contains_key("By Tag") && of_music.contains_key("By Tag (album)"));
    let mixed = format!(
        "/library/collections/{}/items?uri={}",
        server.titled(Collection, "Loud Ones"),
        uri(&[server.titled(Album, "Tape")])
    );
    assert_eq!(server.put(&mixed).await, 400, "members are of one kind");
}

#[tokio::test]
async fn order_is_by_release_by_title_or_custom() {
    let server = Server::new();
    let keys = [server.key(HOME), server.key(BUNNY), server.key(ELEPHANTS)];
    let made = make(&server, 1, ItemKind::Movie, "Ordered", &keys).await;
    server.edit(keys[0], "titleSort.value=Zzz").await;
    let prefs = |query: &str| format!("/library/collections/{made}/prefs?{query}");
    let release = ["Home Video", "Elephants Dream", "Big Buck Bunny"];
    assert_eq!(members(&server, made).await, release);
    assert_eq!(server.put(&prefs("collectionSort=1")).await, 200);
    let alphabetical = ["Big Buck Bunny", "Elephants Dream", "Home Video"];
    assert_eq!(members(&server, made).await, alphabetical);
    let path = format!("/library/metadata/{made}/prefs?collectionSort=2&collectionMode=1");
    assert_eq!(server.put(&path).await, 200);
    let added = ["Home Video", "Big Buck Bunny", "Elephants Dream"];
    assert_eq!(members(&server, made).await, added);
    let item = server.item(made).await;
    assert_eq!(
        (&item["collectionSort"], &item["collectionMode"]),
        (&json!("2"), &json!("1"))
    );
    for bad in ["collectionSort=3", "collectionMode=5", "collectionSort=x"] {
        assert_eq!(server.put(&prefs(bad)).await, 400, "{bad}");
    }

    let move_path = |member: u64, after: &str| {
        format!("/library/collections/{made}/items/{member}/move{after}")
    };
    assert_eq!(server.put(&move_path(keys[2], "")).await, 200);
    assert_eq!(
        members(&server, made).await,
        ["Elephants Dream", "Home Video", "Big Buck Bunny"]
    );
    let after = format!("?after={}", keys[1]);
    assert_eq!(server.put(&move_path(keys[2], &after)).await, 200);
    assert_eq!(members(&server, made).await, added);
    let updated_at = server.item(keys[2]).await["updatedAt"].clone();
    assert_eq!(updated_at, 1_700_000_000);
    for (member, after) in [(999, ""), (keys[0], "?after=999")] {
        assert_eq!(server.put(&move_path(member, after)).await, 404);
    }
    assert_eq!(server.put(&move_path(keys[0], "?after=x")).await, 400);
    let state = server.emulator.state();
    let state = &state.sections["Movies"].collections["Ordered"];
    assert_eq!(state.order, [HOME, BUNNY, ELEPHANTS]);
    assert_eq!((state.sort, state.mode), (2, Some(1)));
    let statistics = server.emulator.statistics();
    assert_eq!(statistics.count(RouteKind::CollectionMove), 5);
    assert_eq!(statistics.count(RouteKind::Preferences), 5);

    let path = format!(
        "/library/collections/{made}/children?X-Plex-Container-Start=1&X-Plex-Container-Size=1"
    );
    let page = server.json(&path).await;
    assert_eq!(
        (titles(&page), &page["totalSize"]),
        (vec!["Big Buck Bunny"], &json!(3))
    );
}

#[tokio::test]
async fn too_many_members_at_once_are_refused() {
    let server = Server::with(Options {
        collection_batch: Some(2),
        ..Options::default()
    });
    let keys = [server.key(HOME), server.key(BUNNY), server.key(ELEPHANTS)];
    let made = make(&server, 1, ItemKind::Movie, "Batched", &keys[..1]).await;
    let add = |keys: &[u64]| format!("/library/collections/{made}/items?uri={}", uri(keys));
    assert_eq!(server.put(&add(&keys)).await, 400);
    assert_eq!(members(&server, made).await.len(), 1, "none was added");
    assert_eq!(server.put(&add(&keys[1..])).await, 200);
    assert_eq!(members(&server, made).await.len(), 3);
}

#[tokio::test]
async fn a_collection_has_fields_locks_and_pictures() {
    let server = Server::new();
    let key = server.titled(Collection, "Loud Ones");
    let path = format!(
        "/library/sections/{MUSIC}/all?type=18&id={key}&titleSort.value=Aaa&titleSort.locked=1\
         &summary.value=Very&contentRating.value=PG&label[0].tag.tag=L&thumb.locked=1"
    );
    assert_eq!(server.put(&path).await, 200);
    for list in ["posters", "arts"] {
        let path = format!("/library/metadata/{key}/{list}");
        assert_eq!(
            server
                .call("POST", &path, crate::client::png(3))
                .await
                .status,
            200
        );
    }
    let item = server.item(key).await;
    assert_eq!(
        (&item["titleSort"], &item["summary"]),
        (&json!("Aaa"), &json!("Very"))
    );
    assert_eq!(item["contentRating"], "PG");
    assert_eq!(tags(&item, "Label"), ["L"]);
    assert_eq!(crate::client::locks(&item), ["thumb", "titleSort"]);
    assert!(item["thumb"].as_str().unwrap().contains("/thumb/"));
    let state = server.emulator.state();
    let state = &state.sections["Music"].collections["Loud Ones"];
    assert!(state.poster.is_some() && state.background.is_some());

    let other = make(
        &server,
        MUSIC,
        Artist,
        "Other",
        &[server.titled(Artist, "Nobody")],
    )
    .await;
    let taken = format!("/library/sections/{MUSIC}/all?type=18&id={other}&title.value=loud%20ones");
    assert_eq!(server.put(&taken).await, 409);
    server
        .emulator
        .edit_as_person(other, "title", "Renamed", true)
        .unwrap();
    let nobody = server.item(server.titled(Artist, "Nobody")).await;
    assert_eq!(tags(&nobody, "Collection"), ["Renamed"]);
}

#[tokio::test]
async fn a_smart_collection_is_what_its_filter_finds() {
    let server = Server::new();
    let path = "/library/collections?type=1&title=Cartoons&smart=1&sectionId=1&uri=server%3A%2F%2Fabc\
                %2Fcom.plexapp.plugins.library%2Flibrary%2Fsections%2F1%2Fall%3Ftype%3D1%26genre%3Danimation";
    assert_eq!(server.call("POST", path, "").await.status, 200);
    let smart = server.titled(Collection, "Cartoons");
    assert_eq!(
        members(&server, smart).await,
        ["Big Buck Bunny", "Elephants Dream"]
    );
    let item = server.item(smart).await;
    assert_eq!(
        (&item["smart"], &item["childCount"]),
        (&json!(true), &json!("2"))
    );
    let home = server.key(HOME);
    let base = format!("/library/collections/{smart}");
    assert_eq!(
        server
            .put(&format!("{base}/items?uri={}", uri(&[home])))
            .await,
        400
    );
    assert_eq!(server.put(&format!("{base}/items/{home}/move")).await, 400);
    assert_eq!(
        server.put(&format!("{base}/prefs?collectionSort=2")).await,
        400
    );
    assert_eq!(
        server.put(&format!("{base}/prefs?collectionMode=2")).await,
        200
    );
    let gone = format!("{base}/items/{}", server.key(BUNNY));
    assert_eq!(server.call("DELETE", &gone, "").await.status, 400);
    server.edit(home, "genre[0].tag.tag=Animation").await;
    assert_eq!(members(&server, smart).await.len(), 3);
    assert!(server.emulator.state().sections["Movies"].collections["Cartoons"].is_smart);
    let again = server
        .emulator
        .make_smart_collection_as_person(1, "cartoons", "type=1");
    assert_eq!(again, Err(EditError::Taken("cartoons".to_owned())));
    assert_eq!(server.call("DELETE", &base, "").await.status, 200);
    assert_eq!(server.emulator.key_of_collection("Cartoons"), None);
}

#[tokio::test]
async fn an_empty_one_can_be_made_and_filled_and_vanishes_with_its_last() {
    let server = Server::new();
    let path = "/library/collections?type=8&title=Later&smart=0&sectionId=3";
    assert_eq!(server.call("POST", path, "").await.status, 200);
    let made = server.titled(Collection, "Later");
    let artist = server.titled(Artist, "Elephants");
    let add = format!("/library/collections/{made}/items?uri={}", uri(&[artist]));
    assert_eq!(server.put(&add).await, 200);
    let moved = server.emulator.rekey(artist).unwrap();
    assert_eq!(members(&server, made).await, ["Elephants"]);
    server.emulator.delete(moved).unwrap();
    assert_eq!(server.emulator.key_of_collection("Later"), None);
    assert_eq!(
        members(&server, server.titled(Collection, "Loud Ones")).await,
        ["The Rabbits"]
    );
}

#[tokio::test]
async fn a_person_orders_a_collection() {
    let server = Server::new();
    let keys = [server.key(HOME), server.key(BUNNY), server.key(ELEPHANTS)];
    let made = make(&server, 1, ItemKind::Movie, "Ordered", &keys).await;
    server
        .emulator
        .move_in_collection_as_person(made, keys[2], Some(keys[0]))
        .unwrap();
    assert_eq!(
        members(&server, made).await,
        ["Home Video", "Elephants Dream", "Big Buck Bunny"]
    );
    assert_eq!(server.item(made).await["collectionSort"], "2");
}
