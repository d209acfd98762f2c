//! Faults on order, over the router and over a socket.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use syncslate_emulator::{Dropped, Fault, Options, RouteKind, Schedule};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use crate::client::{BUNNY, Server};

#[tokio::test]
async fn a_drop_acts_or_does_not() {
    for (fault, how, title) in [
        (Fault::Refuse, Dropped::Refused, "Big Buck Bunny"),
        (Fault::DropBefore, Dropped::Cut, "Big Buck Bunny"),
        (Fault::DropAfter, Dropped::Cut, "New"),
    ] {
        let server = Server::new();
        let key = server.key(BUNNY);
        server
            .emulator
            .faults()
            .once(RouteKind::Edit, 2, fault.clone());
        let path = |title: &str| format!("/library/metadata/{key}?title.value={title}");
        assert_eq!(
            server.put(&path("Big%20Buck%20Bunny")).await,
            200,
            "the first is let through"
        );
        let reply = server.call("PUT", &path("New"), "").await;
        assert_eq!(reply.extensions.get::<Dropped>(), Some(&how), "{fault:?}");
        assert_eq!(server.item(key).await["title"], title, "{fault:?}");
        assert_eq!(server.emulator.faults().log().len(), 1);
    }
}

#[tokio::test]
async fn statuses_do_not_act() {
    let server = Server::new();
    let key = server.key(BUNNY);
    let faults = server.emulator.faults();
    faults.once(None, 1, Fault::Status(503));
    faults.once(None, 2, Fault::TooMany(7));
    let path = format!("/library/metadata/{key}?title.value=New");
    assert_eq!(server.put(&path).await, 503);
    let reply = server.call("PUT", &path, "").await;
    assert_eq!(
        (reply.status, &reply.headers["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(server.item(key).await["title"], "Big Buck Bunny");
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_takes_its_time_and_a_truncated_one_breaks_off() {
    let server = Server::new();
    let faults = server.emulator.faults();
    faults.once(RouteKind::Sections, 1, Fault::Slow(Duration::from_secs(3)));
    let before = tokio::time::Instant::now();
    server.json("/library/sections").await;
    assert!(before.elapsed() >= Duration::from_secs(3));

    faults.once(RouteKind::Sections, 1, Fault::Truncate);
    let request = Request::get("/library/sections?X-Plex-Token=emulator-token")
        .body(Body::empty())
        .unwrap();
    let response = server.emulator.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(
        axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_refused_field_is_answered_200_and_left() {
    let server = Server::new();
    let key = server.key(BUNNY);
    for field in ["title", "genre", "thumb"] {
        server.emulator.faults().refuse_field(field);
    }
    let query =
        "title.value=New&title.locked=1&genre[0].tag.tag=New&genre.locked=1&studio.value=New";
    let before = server.item(key).await;
    assert_eq!(server.edit(key, query).await, 200);
    let list = format!("/library/metadata/{key}/posters");
    assert_eq!(
        server
            .call("POST", &list, crate::client::png(3))
            .await
            .status,
        200
    );
    let after = server.item(key).await;
    for kept in ["title", "Genre", "Field", "thumb"] {
        assert_eq!(before[kept], after[kept], "{kept}");
    }
    assert_eq!(after["studio"], "New");
}

#[tokio::test]
async fn one_seed_is_one_history() {
    let history = async |seed| {
        let server = Server::new();
        server.emulator.faults().schedule(Schedule {
            seed,
            per_mille: 300,
            faults: vec![Fault::DropBefore, Fault::DropAfter, Fault::Status(500)],
            at_most: 20,
        });
        for _ in 0..100 {
            server.put("/library/metadata/1?title.value=x").await;
        }
        server.emulator.faults().log()
    };
    let first = history(1).await;
    assert_eq!(first.len(), 20, "as many as ordered");
    assert_eq!(first, history(1).await);
    assert_ne!(first, history(2).await);
}

#[tokio::test]
async fn a_long_line_is_refused() {
    let server = Server::with(Options {
        line_limit: 200,
        ..Options::default()
    });
    let key = server.key(BUNNY);
    assert_eq!(
        server
            .edit(key, &format!("title.value={}", "x".repeat(200)))
            .await,
        414
    );
    assert_eq!(server.edit(key, "title.value=x").await, 200);
}

async fn ask(address: std::net::SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Plex-Token: emulator-token\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn over_a_socket_the_connection_is_really_cut() {
    let server = Server::new();
    let running = server.emulator.serve("127.0.0.1:0").await.unwrap();
    let (address, faults) = (running.address, server.emulator.faults());
    assert!(
        ask(address, "/identity")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );

    faults.once(None, 1, Fault::DropAfter);
    assert_eq!(
        ask(address, "/identity").await.unwrap_or_default(),
        "",
        "no byte comes"
    );
    faults.once(None, 1, Fault::Truncate);
    let broken = ask(address, "/library/sections").await.unwrap_or_default();
    assert!(
        !broken.ends_with("0\r\n\r\n"),
        "the last chunk is missing: {broken}"
    );
    faults.set_away(true);
    assert_eq!(ask(address, "/identity").await.unwrap_or_default(), "");
    faults.set_away(false);
    assert!(
        ask(address, "/library/sections")
            .await
            .unwrap()
            .contains("Movies")
    );

    running.stop().await;
    assert!(
        TcpStream::connect(address).await.is_err(),
        "the port is closed"
    );
    assert!(
        server.emulator.serve("0.0.0.0:0").await.is_err(),
        "other machines stay out"
    );
}

#[tokio::test]
async fn faults_hit_the_routes_of_accounts_and_collections() {
    let server = Server::new();
    let film = server.key(BUNNY);
    let open = server.emulator.key_of_collection("Open Movies").unwrap();
    let account = format!("key={film}&identifier=com.plexapp.plugins.library");
    for (kind, path) in [
        (RouteKind::Rate, format!("/:/rate?{account}&rating=5")),
        (RouteKind::Watched, format!("/:/scrobble?{account}")),
        (
            RouteKind::CollectionMove,
            format!("/library/collections/{open}/items/{film}/move"),
        ),
        (
            RouteKind::Preferences,
            format!("/library/collections/{open}/prefs?collectionSort=2"),
        ),
    ] {
        let before = server.emulator.state();
        server.emulator.faults().once(kind, 1, Fault::Status(503));
        assert_eq!(server.put(&path).await, 503, "{path}");
        assert_eq!(server.emulator.state(), before, "{path}");
        assert_eq!(server.put(&path).await, 200, "{path}");
        assert!(kind.is_write());
    }
}
