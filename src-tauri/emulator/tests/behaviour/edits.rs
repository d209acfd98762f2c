//! Edits: values, locks, tags and the collections that come of them.

use serde_json::json;
use syncslate_emulator::{Habits, Scope, TagEdit};

use crate::client::{BUNNY, ELEPHANTS, HOME, Server, locks, tags};

#[tokio::test]
async fn a_value_is_kept_as_plex_keeps_it() {
    let cases = [
        (
            "title.value=%20Trimmed%20&title.locked=1",
            "title",
            json!("Trimmed"),
        ),
        ("title.value=", "title", json!("Big Buck Bunny")),
        (
            "summary.value=one%0D%0Atwo%0A",
            "summary",
            json!("one\r\ntwo"),
        ),
        ("summary.value=", "summary", json!("")),
        ("tagline.value=", "tagline", json!(null)),
        (
            "tagline.value=caf%C3%A9%20%F0%9F%8E%AC",
            "tagline",
            json!("café 🎬"),
        ),
        ("titleSort.value=Bunny", "titleSort", json!("Bunny")),
        (
            "titleSort.value=Big%20Buck%20Bunny",
            "titleSort",
            json!(null),
        ),
        ("rating.value=6.25", "rating", json!(6.3)),
        ("rating.value=8", "rating", json!(8.0)),
        ("audienceRating.value=", "audienceRating", json!(null)),
        ("year.value=1999", "year", json!(1999)),
        (
            "originallyAvailableAt.value=2001-02-03",
            "originallyAvailableAt",
            json!("2001-02-03"),
        ),
        (
            "nonsense.value=1&nonsense.locked=7&foo=bar",
            "title",
            json!("Big Buck Bunny"),
        ),
    ];
    for (query, field, expected) in cases {
        let server = Server::new();
        let key = server.key(BUNNY);
        assert_eq!(server.edit(key, query).await, 200, "{query}");
        assert_eq!(server.item(key).await[field], expected, "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_changes_nothing() {
    let server = Server::new();
    let (film, show) = (server.key(BUNNY), 6);
    let before = server.emulator.state();
    let cases = [
        (
            format!("type=1&id={film}&title.value=X&year.value=soon"),
            400,
        ),
        (
            format!("type=1&id={film}&title.value=X&rating.value=11"),
            400,
        ),
        (
            format!("type=1&id={film}&title.value=X&originallyAvailableAt.value=2001-13-01"),
            400,
        ),
        (
            format!("type=1&id={film}&title.value=X&title.locked=maybe"),
            400,
        ),
        (format!("id={film}&title.value=X"), 400),
        ("type=1&id=abc&title.value=X".to_owned(), 400),
        ("type=1&id=&title.value=X".to_owned(), 400),
        (format!("type=1&id={film},999&title.value=X"), 404),
        (format!("type=1&id={film},{show}&title.value=X"), 404),
        (format!("type=2&id={film}&title.value=X"), 404),
    ];
    for (query, status) in cases {
        assert_eq!(
            server
                .put(&format!("/library/sections/1/all?{query}"))
                .await,
            status,
            "{query}"
        );
        assert_eq!(server.emulator.state(), before, "{query}");
    }
    assert_eq!(server.put("/library/metadata/999?title.value=X").await, 404);
}

#[tokio::test]
async fn an_edit_without_ids_hits_every_item_and_is_counted() {
    let server = Server::new();
    let answer = server
        .put("/library/sections/1/all?type=1&studio.value=Everywhere")
        .await;
    assert_eq!(answer, 200);
    for file in [BUNNY, ELEPHANTS, HOME] {
        assert_eq!(
            server.item(server.key(file)).await["studio"],
            "Everywhere",
            "{file}"
        );
    }
    assert_eq!(server.emulator.statistics().whole_library_edits, 1);
}

#[tokio::test]
async fn locks_are_set_and_taken_one_by_one() {
    let server = Server::new();
    let key = server.key(BUNNY);
    server
        .edit(
            key,
            "title.value=X&title.locked=1&actor.locked=1&thumb.locked=1",
        )
        .await;
    assert_eq!(locks(&server.item(key).await), ["actor", "thumb", "title"]);
    server.edit(key, "title.locked=0&summary.value=Y").await;
    assert_eq!(locks(&server.item(key).await), ["actor", "thumb"]);
    assert_eq!(
        locks(&server.item(server.key(ELEPHANTS)).await),
        ["summary"]
    );
}

#[tokio::test]
async fn a_tag_edit_adds_or_replaces_by_habit() {
    let cases = [
        (
            TagEdit::Adds,
            vec!["Animation", "Comedy", "Short", "Noir", "Drama"],
        ),
        (TagEdit::Replaces, vec!["Noir", "Drama", "Animation"]),
    ];
    for (tag_edit, expected) in cases {
        let server = Server::with_habits(Habits {
            tag_edit,
            ..Habits::default()
        });
        let key = server.key(BUNNY);
        // By index, not by place; `animation` finds the spelling that is there.
        let query = "genre[2].tag.tag=animation&genre%5B0%5D.tag.tag=Noir&genre[1].tag.tag=Drama&genre.locked=1";
        assert_eq!(server.edit(key, query).await, 200);
        let item = server.item(key).await;
        assert_eq!(tags(&item, "Genre"), expected, "{tag_edit:?}");
        assert_eq!(locks(&item), ["genre"]);
    }
}

#[tokio::test]
async fn the_full_list_and_removals_are_right_under_both_habits() {
    for habits in Habits::BOTH {
        let server = Server::with_habits(habits);
        let key = server.key(BUNNY);
        server
            .edit(key, "genre[0].tag.tag=Love%2C%20Actually")
            .await;
        let query = "genre[0].tag.tag=Comedy&genre[1].tag.tag=New\
                     &genre[].tag.tag-=Animation,short,Love%252C%2520Actually";
        assert_eq!(server.edit(key, query).await, 200);
        let mut genres = tags(&server.item(key).await, "Genre");
        genres.sort();
        assert_eq!(genres, ["Comedy", "New"], "{habits:?}");
        server.edit(key, "genre[].tag.tag-=Comedy,New").await;
        assert!(
            server.item(key).await["Genre"].is_null(),
            "an empty list is an absent key"
        );
    }
}

#[tokio::test]
async fn a_collection_appears_with_its_first_member_and_vanishes_with_its_last() {
    let server = Server::new();
    let (bunny, home) = (server.key(BUNNY), server.key(HOME));
    let list = "/library/sections/1/collections";
    assert_eq!(server.json(list).await["size"], 1);
    server.edit(home, "collection[0].tag.tag=Holidays").await;
    server
        .edit(
            home,
            "collection[0].tag.tag=open%20movies&collection[1].tag.tag=Holidays",
        )
        .await;
    assert_eq!(
        tags(&server.item(home).await, "Collection"),
        ["Holidays", "Open Movies"]
    );

    let holidays = server.emulator.key_of_collection("Holidays").unwrap();
    let members = server
        .json(&format!("/library/collections/{holidays}/children"))
        .await;
    assert_eq!(members["Metadata"][0]["ratingKey"], home.to_string());
    let open = server.emulator.key_of_collection("Open Movies").unwrap();
    assert_eq!(
        server
            .json(&format!("/library/collections/{open}/items"))
            .await["size"],
        2
    );

    server.edit(home, "collection[].tag.tag-=Holidays").await;
    assert_eq!(server.json(list).await["size"], 1);
    let gone = server
        .call("GET", &format!("/library/collections/{holidays}"), "")
        .await;
    assert_eq!(gone.status, 404);
    let _ = bunny;
}

#[tokio::test]
async fn collections_can_be_edited_by_their_own_routes() {
    let server = Server::new();
    let (bunny, elephants, home) = (server.key(BUNNY), server.key(ELEPHANTS), server.key(HOME));
    let uri = |keys: &str| {
        format!("server%3A%2F%2Fabc%2Fcom.plexapp.plugins.library%2Flibrary%2Fmetadata%2F{keys}")
    };
    let path = format!(
        "/library/collections?type=1&title=Made&smart=0&sectionId=1&uri={}",
        uri(&home.to_string())
    );
    assert_eq!(server.call("POST", &path, "").await.status, 200);
    let made = server.emulator.key_of_collection("Made").unwrap();
    let path = format!(
        "/library/collections/{made}/items?uri={}",
        uri(&format!("{bunny}%2C{elephants}"))
    );
    assert_eq!(server.put(&path).await, 200);
    let members = server
        .json(&format!("/library/collections/{made}/items"))
        .await;
    let titles: Vec<_> = members["Metadata"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].clone())
        .collect();
    assert_eq!(
        titles,
        ["Home Video", "Elephants Dream", "Big Buck Bunny"],
        "in order of release"
    );

    let taken = format!("/library/sections/1/all?type=18&id={made}&title.value=Open%20Movies");
    assert_eq!(server.put(&taken).await, 409);
    let renamed =
        format!("/library/sections/1/all?type=18&id={made}&title.value=Renamed&summary.value=S");
    assert_eq!(server.put(&renamed).await, 200);
    assert_eq!(tags(&server.item(home).await, "Collection"), ["Renamed"]);

    for key in [bunny, elephants, home] {
        let path = format!("/library/collections/{made}/items/{key}");
        assert_eq!(server.call("DELETE", &path, "").await.status, 200);
    }
    assert_eq!(server.emulator.key_of_collection("Renamed"), None);
}

#[tokio::test]
async fn every_edit_moves_updated_at_and_reading_does_not() {
    let server = Server::new();
    let key = server.key(BUNNY);
    let before = server.item(key).await["updatedAt"].as_i64().unwrap();
    server.seconds_pass(7);
    assert_eq!(server.item(key).await["updatedAt"], before);
    server.edit(key, "title.locked=1").await;
    assert_eq!(server.item(key).await["updatedAt"], before + 7);
    server.seconds_pass(1);
    server
        .put(&format!("/library/metadata/{key}/refresh"))
        .await;
    assert_eq!(server.item(key).await["updatedAt"], before + 8);
}

#[tokio::test]
async fn a_refresh_brings_back_what_is_not_locked() {
    let server = Server::new();
    let key = server.key(BUNNY);
    let query = "title.value=Locked&title.locked=1&summary.value=Loose&genre[].tag.tag-=Comedy\
                 &director[0].tag.tag=Me&director.locked=1&collection[0].tag.tag=Mine&originalTitle.value=Kept";
    server.edit(key, query).await;
    server.emulator.agent_refresh(Scope::All).unwrap();
    let item = server.item(key).await;
    assert_eq!(item["title"], "Locked");
    assert_eq!(item["summary"], "A giant rabbit takes revenge.\r\nSlowly.");
    assert_eq!(tags(&item, "Genre"), ["Animation", "Comedy", "Short"]);
    assert_eq!(tags(&item, "Director"), ["Sacha Goedegebure", "Me"]);
    assert_eq!(
        tags(&item, "Collection"),
        ["Open Movies", "Mine"],
        "people's collections stay"
    );
    assert_eq!(
        item["originalTitle"], "Kept",
        "the agent says nothing of it"
    );
}

#[tokio::test]
async fn a_date_sets_the_year_by_habit() {
    for (date_sets_year, year) in [(false, 2008), (true, 1977)] {
        let server = Server::with_habits(Habits {
            date_sets_year,
            ..Habits::default()
        });
        let key = server.key(BUNNY);
        server
            .edit(key, "originallyAvailableAt.value=1977-05-25")
            .await;
        assert_eq!(server.item(key).await["year"], year);
        server
            .edit(
                key,
                "originallyAvailableAt.value=1978-05-25&year.value=1950&year.locked=1",
            )
            .await;
        server
            .edit(key, "originallyAvailableAt.value=1979-05-25")
            .await;
        assert_eq!(
            server.item(key).await["year"],
            1950,
            "sent or locked years win"
        );
    }
}

#[tokio::test]
async fn items_can_be_edited_by_their_own_path() {
    let server = Server::new();
    let (bunny, home) = (server.key(BUNNY), server.key(HOME));
    let path = format!("/library/metadata/{bunny},{home}?studio.value=Both&studio.locked=1");
    assert_eq!(server.put(&path).await, 200);
    for key in [bunny, home] {
        assert_eq!(server.item(key).await["studio"], "Both");
    }
}
