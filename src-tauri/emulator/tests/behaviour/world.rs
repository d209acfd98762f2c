//! What happens beside the client: people, the agent, moved and deleted files; and the state that tests compare.

use syncslate_emulator::seed::SeedValues;
use syncslate_emulator::{EditError, ItemKind, Scope};

use crate::client::{BUNNY, ELEPHANTS, HOME, Server, locks, tags};

#[tokio::test]
async fn a_person_edits_and_unlocks() {
    let server = Server::new();
    let key = server.key(BUNNY);
    server
        .emulator
        .edit_as_person(key, "title", "Mine", true)
        .unwrap();
    server
        .emulator
        .edit_as_person(key, "genre", ["Drama"], true)
        .unwrap();
    let item = server.item(key).await;
    assert_eq!(
        (&item["title"], tags(&item, "Genre")),
        (&"Mine".into(), vec!["Drama".to_owned()])
    );
    assert_eq!(locks(&item), ["genre", "title"]);
    server.emulator.unlock_as_person(key, "title").unwrap();
    assert_eq!(locks(&server.item(key).await), ["genre"]);
    let missing = server.emulator.edit_as_person(999, "title", "X", false);
    assert_eq!(missing, Err(EditError::NotFound(999)));
    assert_eq!(
        server.emulator.statistics().changing(),
        0,
        "none of it is a request"
    );
}

#[tokio::test]
async fn the_agent_changes_its_mind() {
    let server = Server::new();
    let key = server.key(HOME);
    let says = SeedValues {
        guid: Some("plex://movie/1".to_owned()),
        title: Some("Found".to_owned()),
        genres: Some(vec!["Family".to_owned()]),
        ..SeedValues::default()
    };
    server.emulator.agent_says(key, says).unwrap();
    assert_eq!(server.item(key).await["title"], "Home Video");
    server.emulator.agent_refresh(Scope::Item(key)).unwrap();
    let item = server.item(key).await;
    assert_eq!(
        (&item["title"], &item["guid"]),
        (&"Found".into(), &"plex://movie/1".into())
    );
    assert_eq!(tags(&item, "Genre"), ["Family"]);
}

#[tokio::test]
async fn items_go_move_and_change_their_keys() {
    let server = Server::new();
    let bunny = server.key(BUNNY);
    let moved = server.emulator.rekey(bunny).unwrap();
    assert_eq!(
        server
            .call("GET", &format!("/library/metadata/{bunny}"), "")
            .await
            .status,
        404
    );
    assert_eq!(server.item(moved).await["title"], "Big Buck Bunny");
    let open = server.emulator.key_of_collection("Open Movies").unwrap();
    let members = server
        .json(&format!("/library/collections/{open}/children"))
        .await;
    assert_eq!(members["Metadata"][0]["ratingKey"], moved.to_string());

    server.seconds_pass(100);
    assert!(server.emulator.move_file(ELEPHANTS, "/data/Movies/New.mkv"));
    let item = server.item(server.key("/data/Movies/New.mkv")).await;
    assert_eq!(
        item["updatedAt"], 1_700_000_000,
        "a renamed file does not move it"
    );

    server.emulator.delete(moved).unwrap();
    assert_eq!(server.emulator.key_of(BUNNY), None);
    assert_eq!(
        server.emulator.key_of_collection("Open Movies"),
        None,
        "its last member is gone"
    );
    let show = server.json("/library/sections/2/all").await["Metadata"][0]["ratingKey"].clone();
    server
        .emulator
        .delete(show.as_str().unwrap().parse().unwrap())
        .unwrap();
    assert_eq!(
        server.json("/library/sections/2/all?type=4").await["size"],
        0
    );
}

#[tokio::test]
async fn states_tell_libraries_apart() {
    let (left, right) = (Server::new(), Server::new());
    assert_eq!(left.emulator.state(), right.emulator.state());
    left.seconds_pass(60);
    left.edit(left.key(BUNNY), "studio.value=Blender%20Foundation")
        .await;
    assert_ne!(
        left.emulator.state(),
        right.emulator.state(),
        "updatedAt moved"
    );
    let plain = |server: &Server| server.emulator.state().without_timestamps().without_keys();
    assert_eq!(plain(&left), plain(&right));
    left.edit(left.key(BUNNY), "studio.locked=1").await;
    let differences = plain(&left).differences(&plain(&right));
    assert_eq!(differences.len(), 1, "{differences:?}");
    right.emulator.delete(right.key(HOME)).unwrap();
    assert_eq!(plain(&left).differences(&plain(&right)).len(), 2);
    let item = right.emulator.state().item(ELEPHANTS).cloned().unwrap();
    assert_eq!(item.fields["summary"], "My own words.");
    assert_eq!(item.locks.into_iter().collect::<Vec<_>>(), ["summary"]);
}

#[tokio::test]
async fn a_person_edits_what_other_kinds_hold() {
    let server = Server::new();
    let emulator = &server.emulator;
    let (artist, album, episode) = (
        server.titled(ItemKind::Artist, "The Rabbits"),
        server.titled(ItemKind::Album, "Field"),
        server.titled(ItemKind::Episode, "Episode 1"),
    );
    emulator
        .edit_as_person(artist, "mood", ["Still"], true)
        .unwrap();
    emulator
        .edit_as_person(artist, "style", ["Own"], false)
        .unwrap();
    emulator
        .edit_as_person(album, "addedAt", "1500000000", true)
        .unwrap();
    emulator
        .edit_as_person(episode, "writer", ["Me"], true)
        .unwrap();
    emulator
        .edit_as_person(episode, "userRating", "8.5", true)
        .unwrap();
    emulator.agent_refresh(Scope::All).unwrap();
    let item = server.item(artist).await;
    assert_eq!(tags(&item, "Mood"), ["Still"]);
    assert_eq!(tags(&item, "Style"), ["Burrow Folk"], "it was not locked");
    assert_eq!(server.item(album).await["addedAt"], 1_500_000_000);
    let item = server.item(episode).await;
    assert_eq!(
        (tags(&item, "Writer"), &item["userRating"]),
        (vec!["Me".to_owned()], &8.5.into())
    );
    assert_eq!(locks(&item), ["userRating", "writer"]);
}
