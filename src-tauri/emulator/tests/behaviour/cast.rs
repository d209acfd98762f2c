//! The cast: who plays what, read always and written by habit.

use serde_json::{Value, json};
use syncslate_emulator::{CastEdit, Habits, PictureEdit, TagEdit};

use crate::client::{BUNNY, Server, tags};

fn role<'v>(item: &'v Value, actor: &str) -> &'v Value {
    let mut roles = item["Role"].as_array().unwrap().iter();
    roles.find(|role| role["tag"] == actor).unwrap()
}

#[tokio::test]
async fn details_say_who_plays_what_and_listings_do_not() {
    let server = Server::new();
    let item = server.item(server.key(BUNNY)).await;
    let rabbit = role(&item, "Rabbit");
    assert_eq!(
        (&rabbit["role"], &rabbit["thumb"]),
        (&json!("Himself"), &json!("http://web/rabbit.jpg"))
    );
    assert!(role(&item, "Squirrel")["role"].is_null());
    let listing = server.json("/library/sections/1/all?type=1").await;
    let rabbit = role(&listing["Metadata"][0], "Rabbit");
    assert!(rabbit["role"].is_null() && rabbit["thumb"].is_null());
}

#[tokio::test]
async fn roles_are_taken_or_ignored_by_habit() {
    for cast_edit in [CastEdit::Ignores, CastEdit::Takes] {
        for tag_edit in [TagEdit::Adds, TagEdit::Replaces] {
            let server = Server::with_habits(Habits {
                cast_edit,
                tag_edit,
                ..Habits::default()
            });
            let key = server.key(BUNNY);
            let query = "actor[0].tag.tag=Squirrel&actor[0].tagging.text=A%20Villain\
                         &actor[0].tag.thumb=http%3A%2F%2Fweb%2Fs.jpg&actor[1].tag.tag=Rabbit";
            assert_eq!(server.edit(key, query).await, 200);
            let item = server.item(key).await;
            let takes = cast_edit == CastEdit::Takes;
            let squirrel = role(&item, "Squirrel");
            assert_eq!(squirrel["role"] == "A Villain", takes, "{squirrel}");
            assert_eq!(squirrel["thumb"] == "http://web/s.jpg", takes, "{squirrel}");
            let keeps = tag_edit == TagEdit::Adds;
            assert_eq!(role(&item, "Rabbit")["role"] == "Himself", keeps);
            assert_eq!(tags(&item, "Role").len(), if keeps { 4 } else { 2 });
            let state = server.emulator.state();
            let roles = &state.item(BUNNY).unwrap().roles;
            assert_eq!(roles.contains_key("Squirrel"), takes);
        }
    }
}

#[tokio::test]
async fn a_role_goes_with_its_actor_and_comes_back_with_the_agent() {
    let server = Server::new();
    let key = server.key(BUNNY);
    server.edit(key, "actor[].tag.tag-=Rabbit").await;
    server.edit(key, "actor[0].tag.tag=Rabbit").await;
    let item = server.item(key).await;
    assert!(role(&item, "Rabbit")["role"].is_null());
    assert_eq!(
        role(&item, "Rabbit")["thumb"],
        "http://web/rabbit.jpg",
        "the picture is the person's"
    );
    server
        .emulator
        .agent_refresh(syncslate_emulator::Scope::Item(key))
        .unwrap();
    assert_eq!(role(&server.item(key).await, "Rabbit")["role"], "Himself");
}

#[tokio::test]
async fn pictures_of_an_item_s_actors_are_taken_ignored_or_passed_on_by_habit() {
    for (picture_edit, told) in [
        (PictureEdit::Ignores, "http://web/rabbit.jpg"),
        (PictureEdit::Takes, "http://web/r.jpg"),
        (PictureEdit::Rewrites, "/photo/http/web/r.jpg"),
    ] {
        let server = Server::with_habits(Habits {
            picture_edit,
            ..Habits::default()
        });
        let key = server.key(BUNNY);
        let edit = async |address: &str| {
            let query = format!("actor[0].tag.tag=Rabbit&actor[0].tagging.thumb={address}");
            assert_eq!(server.edit(key, &query).await, 200);
            role(&server.item(key).await, "Rabbit")["thumb"].clone()
        };
        assert_eq!(edit("http%3A%2F%2Fweb%2Fr.jpg").await, told);
        assert_eq!(edit("").await, "http://web/rabbit.jpg", "the person's own");
        edit("http%3A%2F%2Fweb%2Fr.jpg").await;
        let scope = syncslate_emulator::Scope::Item(key);
        server.emulator.agent_refresh(scope).unwrap();
        let item = server.item(key).await;
        assert_eq!(role(&item, "Rabbit")["thumb"], "http://web/rabbit.jpg");
    }
}
