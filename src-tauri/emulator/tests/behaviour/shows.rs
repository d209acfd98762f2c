//! Shows: rows of seasons and episodes, files that episodes share, what happens to a part of a show.

use serde_json::json;
use syncslate_emulator::ItemKind::{Episode, Season, Show};
use syncslate_emulator::Scope;

use crate::client::{ANIME, SHOWS, Server, locks, tags, titles};

const SHARED: &str = "/data/Anime/Moles/S01E01-E02.mkv";

#[tokio::test]
async fn rows_say_whose_they_are() {
    let server = Server::new();
    let show = server.titled(Show, "The 100");
    let seasons = server.list(SHOWS, Season, "").await;
    let season = &seasons["Metadata"][0];
    assert_eq!(season["parentRatingKey"], show.to_string());
    assert_eq!(
        (&season["index"], &season["leafCount"]),
        (&json!(1), &json!(2))
    );
    assert!(season["Media"].is_null());

    let episodes = server.list(SHOWS, Episode, "sort=index").await;
    let episode = &episodes["Metadata"][0];
    assert_eq!(episode["parentRatingKey"], season["ratingKey"]);
    assert_eq!(episode["grandparentRatingKey"], show.to_string());
    assert_eq!(
        (&episode["index"], &episode["parentIndex"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&episode["parentTitle"], &episode["grandparentTitle"]),
        (&json!("Season 1"), &json!("The 100"))
    );
    assert!(episode["Media"][0]["Part"][0]["file"].is_string());
    assert!(episode["grandparentArt"].is_string());
    let of_show = server
        .list(SHOWS, Episode, &format!("show.id={show}&season.index=2"))
        .await;
    assert_eq!(of_show["size"], 4, "a filter that is not known is ignored");
    let details = server.item(show).await;
    assert_eq!(details["Location"][0]["path"], "/data/TV/The 100");
    assert!(
        server.list(SHOWS, Show, "").await["Metadata"][0]["Location"].is_null(),
        "only details tell"
    );
}

#[tokio::test]
async fn what_no_agent_knows_has_a_number_for_a_title() {
    let server = Server::new();
    assert_eq!(titles(&server.list(ANIME, Show, "").await), ["Moles"]);
    let seasons = server.list(ANIME, Season, "sort=index").await;
    assert_eq!(titles(&seasons), ["Specials", "Season 1"]);
    let episodes = server.list(ANIME, Episode, "").await;
    assert_eq!(titles(&episodes), ["Episode 1", "Episode 1", "Episode 2"]);
    let key = server.titled(Show, "Moles");
    let guid = format!("tv.plex.agents.nfo.series://show/{key}");
    assert_eq!(server.item(key).await["guid"], guid);
}

#[tokio::test]
async fn episodes_can_share_a_file() {
    let server = Server::new();
    let keys = server.emulator.keys_of(SHARED);
    assert_eq!(keys.len(), 2);
    server
        .edit_any(keys[1], "title.value=Second&title.locked=1")
        .await;
    let state = server.emulator.state();
    let items = &state.sections["Anime"].items;
    assert_eq!(items[SHARED].fields["title"], "Episode 1");
    assert_eq!(items[&format!("{SHARED} #1.2")].fields["title"], "Second");
    assert_eq!(items.len(), 6);

    // The names outlive the keys.
    let other = Server::new();
    let show = other.titled(Show, "Moles");
    for key in other.emulator.keys_of(SHARED) {
        other.emulator.rekey(key).unwrap();
    }
    other.emulator.rekey(show).unwrap();
    let plain = |server: &Server| server.emulator.state().without_keys().without_timestamps();
    assert_eq!(plain(&other), plain(&Server::new()));
}

#[tokio::test]
async fn seasons_and_episodes_are_edited_and_refreshed() {
    let server = Server::new();
    let (season, episode) = (
        server.titled(Season, "Season 2"),
        server.titled(Episode, "Episode 2"),
    );
    let path = format!(
        "/library/sections/{SHOWS}/all?type=3&id={season}&title.value=Later&summary.value=Locked&summary.locked=1"
    );
    assert_eq!(server.put(&path).await, 200);
    let path = format!(
        "/library/sections/{SHOWS}/all?type=4&id={episode}&title.value=Named&title.locked=1\
         &director[0].tag.tag=D&writer[0].tag.tag=W&actor[0].tag.tag=Guest&audienceRating.value=7.25\
         &contentRating.value=TV-PG&originallyAvailableAt.value=2014-03-20&year.value=2014"
    );
    assert_eq!(server.put(&path).await, 200);
    server.emulator.agent_refresh(Scope::All).unwrap();
    let item = server.item(season).await;
    assert_eq!(
        (&item["title"], &item["summary"]),
        (&json!("Season 2"), &json!("Locked"))
    );
    let item = server.item(episode).await;
    assert_eq!(item["title"], "Named");
    for (element, name) in [("Director", "D"), ("Writer", "W"), ("Role", "Guest")] {
        assert_eq!(tags(&item, element), [name]);
    }
    assert_eq!(
        (&item["audienceRating"], &item["year"]),
        (&json!(7.3), &json!(2014))
    );
    assert_eq!(locks(&item), ["title"]);
    let wrong_type = format!("/library/sections/{SHOWS}/all?type=3&id={episode}&title.value=X");
    assert_eq!(server.put(&wrong_type).await, 404);
}

#[tokio::test]
async fn a_season_takes_its_episodes_with_it() {
    let server = Server::new();
    let (show, season) = (
        server.titled(Show, "The 100"),
        server.titled(Season, "Season 1"),
    );
    let moved = server.emulator.rekey(season).unwrap();
    let children = server
        .json(&format!("/library/metadata/{moved}/children"))
        .await;
    assert_eq!(children["size"], 2);
    assert_eq!(
        children["Metadata"][0]["parentRatingKey"],
        moved.to_string()
    );
    server.emulator.delete(moved).unwrap();
    assert_eq!(server.list(SHOWS, Episode, "").await["size"], 2);
    assert_eq!(server.item(show).await["leafCount"], 2);
    let children = server
        .json(&format!("/library/metadata/{show}/children"))
        .await;
    assert_eq!(titles(&children), ["Season 2"]);
}
