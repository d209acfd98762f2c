//! Prices: one writer, and reads that suffer while it works.

use std::time::Duration;

use syncslate_emulator::{Options, Profile, RouteKind};
use tokio::time::Instant;

use crate::client::{BUNNY, Server, png};

fn pms() -> Server {
    Server::with(Options {
        profile: Profile::Pms,
        ..Options::default()
    })
}

#[tokio::test(start_paused = true)]
async fn writes_take_turns() {
    let server = pms();
    let key = server.key(BUNNY);
    let before = Instant::now();
    let edits = (0..10).map(|_| server.edit(key, "title.value=x"));
    futures::future::join_all(edits).await;
    let took = before.elapsed();
    assert!(
        (80..=82).contains(&took.as_millis()),
        "10 × 8 ms, one after the other: {took:?}"
    );
    let statistics = server.emulator.statistics();
    assert_eq!(statistics.count(RouteKind::Edit), 10);
    assert_eq!(statistics.writer_busy, Duration::from_millis(80));
    assert!(statistics.busy_share().unwrap() > 0.99);
}

#[tokio::test(start_paused = true)]
async fn tags_and_bytes_have_their_price() {
    let server = pms();
    let key = server.key(BUNNY);
    server
        .edit(
            key,
            "genre[0].tag.tag=A&genre[1].tag.tag=B&genre[].tag.tag-=C,D",
        )
        .await;
    assert_eq!(
        server.emulator.statistics().writer_busy,
        Duration::from_micros(8_200)
    );
    server.emulator.reset_statistics();
    let mut picture = png(1);
    picture.resize(100_000, 0);
    server
        .call("POST", &format!("/library/metadata/{key}/posters"), picture)
        .await;
    assert_eq!(
        server.emulator.statistics().writer_busy,
        Duration::from_millis(9)
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_suffers_from_waiting_writes() {
    let server = pms();
    let key = server.key(BUNNY);
    server.emulator.watch_client("reader");
    let read = || async {
        let request = http::Request::get("/library/sections/1")
            .header("X-Plex-Token", "emulator-token")
            .header("X-Plex-Client-Identifier", "reader")
            .body(axum::body::Body::empty())
            .unwrap();
        server.send(request).await;
    };
    read().await;
    let writes = futures::future::join_all((0..5).map(|_| server.edit(key, "title.value=x")));
    tokio::join!(biased; writes, read());
    let statistics = server.emulator.statistics();
    let latencies = &statistics.read_latencies["reader"];
    // 3.02 ms alone; with one write running and four waiting 1 + 4 × 0.35 as much; timers count whole milliseconds.
    assert!((3..=5).contains(&latencies[0].as_millis()), "{latencies:?}");
    assert!((7..=9).contains(&latencies[1].as_millis()), "{latencies:?}");
    assert_eq!(statistics.read_quantile("reader", 0.95), Some(latencies[1]));
}

#[tokio::test(start_paused = true)]
async fn the_instant_profile_costs_nothing() {
    let server = Server::new();
    let before = Instant::now();
    server.edit(server.key(BUNNY), "title.value=x").await;
    server.json("/library/sections/1/all").await;
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(server.emulator.statistics().busy_share(), None);
}

#[tokio::test(start_paused = true)]
async fn members_and_their_places_have_their_price() {
    let server = pms();
    let keys = [crate::client::HOME, crate::client::ELEPHANTS].map(|file| server.key(file));
    let open = server.emulator.key_of_collection("Open Movies").unwrap();
    let uri = format!(
        "server%3A%2F%2Fa%2Flibrary%2Fmetadata%2F{},{}",
        keys[0], keys[1]
    );
    server
        .put(&format!("/library/collections/{open}/items?uri={uri}"))
        .await;
    let busy = || server.emulator.statistics().writer_busy;
    assert_eq!(busy(), Duration::from_millis(9), "two members");
    server.emulator.reset_statistics();
    server
        .put(&format!(
            "/library/collections/{open}/items/{}/move",
            keys[0]
        ))
        .await;
    assert_eq!(busy(), Duration::from_micros(8_060), "three places");
    server.emulator.reset_statistics();
    let account = format!("key={}&identifier=com.plexapp.plugins.library", keys[0]);
    server.put(&format!("/:/scrobble?{account}")).await;
    server.put(&format!("/:/rate?{account}&rating=5")).await;
    assert_eq!(busy(), Duration::from_millis(16));
}
