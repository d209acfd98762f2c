//! Every real response that was recorded is read, or refused in words.

use std::path::PathBuf;

use bytes::Bytes;
use http::Response;

use super::Fake;
use crate::{Client, ImageKind, PlexType, TagField};

/// A client of the recorded file; `None`, said aloud, where the recordings are not at hand.
fn client(name: &str) -> Option<Client> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/recorded/plex")
        .join(name);
    let Ok(body) = std::fs::read(&path) else {
        println!("skipped: no recording {name}");
        return None;
    };
    let body = Bytes::from(body);
    Some(Fake::new(move |_| Ok(Response::new(body.clone()))).client())
}

#[tokio::test]
async fn films() {
    let Some(client) = client("movie_library.json") else {
        return;
    };
    let page = client.list(1, PlexType::Movie, 0, 500, None).await.unwrap();
    assert_eq!(
        (page.rows.len(), page.skipped, page.next_start),
        (4, 0, None)
    );
    let first = &page.rows[0];
    assert_eq!(first.rating_key, 55);
    assert_eq!(first.title, "Big Buck Bunny");
    assert_eq!(first.guid, "com.plexapp.agents.imdb://tt1254207?lang=en");
    assert_eq!(first.files, ["/data/Movies/Big Buck Bunny (2008).mkv"]);
    assert_eq!(
        (first.updated_at, first.added_at),
        (1_579_514_152, 1_579_514_088)
    );
    let all = client.details(&[55]).await.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].rating, Some(6.2));
    assert_eq!(all[0].tags[&TagField::Genre], ["Animation", "Comedy"]);
}

#[tokio::test]
async fn a_film_in_detail() {
    let Some(client) = client("metadata_108.json") else {
        return;
    };
    let film = client.details(&[108]).await.unwrap().remove(0);
    assert_eq!(film.title.as_deref(), Some("Interstate 60"));
    assert_eq!(film.item_type, Some(PlexType::Movie));
    assert_eq!(film.section_id, Some(1));
    assert_eq!(film.originally_available_at.as_deref(), Some("2002-04-13"));
    assert_eq!((film.rating, film.year), (Some(7.7), Some(2002)));
    assert_eq!(film.rating_image.as_deref(), Some("imdb://image.rating"));
    assert_eq!(
        film.images.get(&ImageKind::Poster).map(String::as_str),
        Some("/library/metadata/108/thumb/1663510739")
    );
    assert_eq!(film.files, ["/data/Movies/Interstate 60 (2002).mkv"]);
    assert_eq!(film.tags[&TagField::Actor].len(), 22);
    assert_eq!(film.tags[&TagField::Actor][4], "Chris Cooper");
    assert_eq!(film.tags[&TagField::Producer].len(), 5);
    assert!(film.locked.is_empty());
}

#[tokio::test]
async fn shows_and_seasons() {
    let Some(shows) = client("tv_library.json") else {
        return;
    };
    let page = shows.list(2, PlexType::Show, 0, 500, None).await.unwrap();
    let keys: Vec<u64> = page.rows.iter().map(|row| row.rating_key).collect();
    assert_eq!((keys.as_slice(), page.skipped), (&[22, 68][..], 0));
    assert_eq!(
        shows.details(&[22]).await.unwrap()[0].title_sort.as_deref(),
        Some("100")
    );
    let Some(seasons) = client("tv_seasons.json") else {
        return;
    };
    let page = seasons
        .list(2, PlexType::Season, 0, 500, None)
        .await
        .unwrap();
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.rating_key, row.item_type, row.parent, row.index))
        .collect();
    assert_eq!(
        told,
        [
            (89, PlexType::Season, Some(22), Some(1)),
            (33, PlexType::Season, Some(22), Some(2))
        ],
        "“All episodes” is no season"
    );
    assert_eq!(page.skipped, 0);
}

#[tokio::test]
async fn collections_and_albums() {
    if let Some(client) = client("metadata_161.json") {
        let all = client.collections(1).await.unwrap();
        assert_eq!(
            (all[0].rating_key, all[0].title.as_str(), all[0].size),
            (161, "Animation", Some(3))
        );
        assert!(!all[0].smart);
    }
    if let Some(client) = client("music_albums.json") {
        let page = client.list(5, PlexType::Album, 0, 500, None).await.unwrap();
        assert_eq!(page.rows[0].item_type, PlexType::Album);
        assert_eq!(page.rows[0].parent, Some(156));
    }
}

#[tokio::test]
async fn what_is_no_server_says_so() {
    for name in [
        "index.json",
        "resources.json",
        "pins_new.json",
        "pins_linked.json",
    ] {
        let Some(client) = client(name) else { return };
        let error = client.server().await.unwrap_err();
        assert!(!error.is_temporary(), "{name}: {error}");
        assert!(
            error.to_string().contains("not one of a Plex Media Server"),
            "{name}: {error}"
        );
        let error = client.sections().await.expect_err(name);
        assert!(!error.to_string().contains("auth_token"), "{name}: {error}");
    }
}
