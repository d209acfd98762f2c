//! Sections of every kind: who fills them, which files two of them share, what is in the trash.

use serde_json::json;
use syncslate_emulator::ItemKind::{self, Episode, Movie, Photo, Show};
use syncslate_emulator::seed::{Platform, Seed, SeedItem, SeedSection};
use syncslate_emulator::{Emulator, Options, tiny_seed};

use crate::client::{BUNNY, HOME, PHOTOS, SHOWS, Server, VIDEOS, titles};

#[tokio::test]
async fn each_says_its_type_and_agent() {
    let server = Server::new();
    let sections = server.json("/library/sections").await;
    let said: Vec<_> = sections["Directory"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| [&section["type"], &section["agent"]])
        .collect();
    let expected = [
        ["movie", "tv.plex.agents.movie"],
        ["show", "tv.plex.agents.series"],
        ["artist", "tv.plex.agents.music"],
        ["movie", "com.plexapp.agents.none"],
        ["photo", "com.plexapp.agents.none"],
        ["show", "tv.plex.agents.nfo.series"],
    ];
    assert_eq!(json!(said), json!(expected));
    let photos = server.json("/library/sections/5/all").await;
    assert_eq!(titles(&photos), ["Beach"]);
    assert_eq!(photos["Metadata"][0]["type"], "photo");
    assert_eq!(server.list(PHOTOS, Photo, "").await["size"], 1);
}

#[tokio::test]
async fn a_server_says_what_it_runs_on() {
    for (platform, name) in [
        (Platform::Linux, "Linux"),
        (Platform::Windows, "Windows"),
        (Platform::MacOs, "MacOSX"),
    ] {
        let seed = Seed {
            platform,
            sections: vec![SeedSection {
                locations: vec![r"D:\Films".to_owned()],
                items: vec![SeedItem {
                    files: vec![r"D:\Films\Alien (1979)\Alien.mkv".to_owned()],
                    ..SeedItem::default()
                }],
                ..SeedSection::default()
            }],
        };
        let server = Server::of(seed);
        assert_eq!(server.json("/").await["platform"], name);
        assert_eq!(
            titles(&server.json("/library/sections/1/all").await),
            ["Alien"]
        );
    }
}

#[tokio::test]
async fn a_file_can_be_in_two_sections_and_an_item_can_have_many() {
    let server = Server::new();
    let keys = server.emulator.keys_of(HOME);
    assert_eq!(keys.len(), 2);
    let other = server.item(keys[1]).await;
    assert_eq!(other["librarySectionID"], VIDEOS);
    let trip = server.item(server.titled(Movie, "Trip")).await;
    assert_eq!(trip["addedAt"], 1_500_000_000);
    let parts: Vec<_> = trip["Media"]
        .as_array()
        .unwrap()
        .iter()
        .map(|media| media["Part"].as_array().unwrap().len())
        .collect();
    assert_eq!(parts, [1, 2]);
    let state = server.emulator.state();
    assert_eq!(
        state.sections["Other Videos"].items["/data/Videos/Trip.mp4"]
            .files
            .len(),
        3
    );
}

#[tokio::test]
async fn what_is_in_the_trash_is_still_listed() {
    let server = Server::new();
    let (film, show) = (server.key(BUNNY), server.titled(Show, "The 100"));
    server.seconds_pass(9);
    for key in [film, show] {
        server.emulator.trash(key).unwrap();
    }
    let rows = server.json("/library/sections/1/all").await;
    assert_eq!(rows["size"], 3);
    assert_eq!(rows["Metadata"][0]["deletedAt"], 1_700_000_009);
    assert!(rows["Metadata"][1]["deletedAt"].is_null());
    let episodes = server.list(SHOWS, Episode, "").await;
    assert_eq!(episodes["Metadata"][3]["deletedAt"], 1_700_000_009);
    assert_eq!(
        rows["Metadata"][0]["updatedAt"], 1_700_000_000,
        "nothing was edited"
    );
    server.emulator.restore(show).unwrap();
    let episodes = server.list(SHOWS, Episode, "").await;
    assert!(episodes["Metadata"][3]["deletedAt"].is_null());
}

#[test]
fn a_seed_says_when_and_how_often() {
    let mut seed = tiny_seed();
    let film = &mut seed.sections[0].items[0];
    film.view_count = 3;
    film.last_viewed_at = Some(1_600_000_000);
    film.deleted_at = Some(1_650_000_000);
    film.agent.edition = Some("Extended".to_owned());
    film.agent.user_rating = Some(9.0);
    let state = Emulator::new(seed, Options::default()).state();
    let item = state.item(BUNNY).unwrap();
    assert_eq!(item.kind, ItemKind::Movie);
    assert_eq!(
        (item.view_count, item.last_viewed_at, item.deleted_at),
        (3, Some(1_600_000_000), Some(1_650_000_000))
    );
    assert_eq!(item.fields["editionTitle"], "Extended");
    assert_eq!(item.fields["userRating"], "9.0");
}
