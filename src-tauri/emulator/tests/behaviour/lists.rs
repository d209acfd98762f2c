//! Listings: pages, filters, order, and how much less they carry than details.

use crate::client::{BUNNY, ELEPHANTS, HOME, Server, locks, tags, titles};

#[tokio::test]
async fn a_listing_carries_less_than_details() {
    let server = Server::new();
    let listing = server.json("/library/sections/1/all?type=1").await;
    let row = &listing["Metadata"][0];
    assert_eq!(tags(row, "Genre"), ["Animation", "Comedy"]);
    assert_eq!(tags(row, "Role"), ["Rabbit", "Squirrel", "Rodent"]);
    assert!(row["Guid"].is_null() && row["Field"].is_null() && row["Genre"][0]["id"].is_null());
    assert_eq!(row["Media"][0]["Part"][0]["file"], BUNNY);
    let with_guids = server
        .json("/library/sections/1/all?type=1&includeGuids=1")
        .await;
    assert!(with_guids["Metadata"][0]["Guid"][0]["id"].is_string());

    let full = server.item(server.key(BUNNY)).await;
    assert_eq!(tags(&full, "Genre"), ["Animation", "Comedy", "Short"]);
    assert_eq!(tags(&full, "Role").len(), 4);
    assert!(full["Genre"][0]["id"].is_i64() && full["Guid"].is_array());
    assert_eq!(
        locks(&server.item(server.key(ELEPHANTS)).await),
        ["summary"]
    );
}

#[tokio::test]
async fn rows_can_be_slimmed() {
    let server = Server::new();
    let path =
        "/library/sections/1/all?type=1&excludeElements=Media,Genre&excludeFields=summary,tagline";
    let listing = server.json(path).await;
    let row = &listing["Metadata"][0];
    for gone in ["Media", "Genre", "summary", "tagline"] {
        assert!(row[gone].is_null(), "{gone}");
    }
    assert!(row["Role"].is_array() && row["title"].is_string());
}

#[tokio::test]
async fn pages_tell_the_total() {
    let server = Server::new();
    let cases = [
        (
            "X-Plex-Container-Start=0&X-Plex-Container-Size=2",
            2,
            vec!["Big Buck Bunny", "Elephants Dream"],
        ),
        (
            "X-Plex-Container-Start=2&X-Plex-Container-Size=2",
            1,
            vec!["Home Video"],
        ),
        (
            "X-Plex-Container-Start=3&X-Plex-Container-Size=2",
            0,
            vec![],
        ),
        ("X-Plex-Container-Size=0", 0, vec![]),
    ];
    for (page, size, expected) in cases {
        let container = server
            .json(&format!("/library/sections/1/all?type=1&{page}"))
            .await;
        assert_eq!(container["size"], size, "{page}");
        assert_eq!(container["totalSize"], 3, "{page}");
        assert_eq!(titles(&container), expected, "{page}");
    }
    assert!(server.json("/library/sections/1/all?type=1").await["totalSize"].is_null());
}

#[tokio::test]
async fn filters_let_through_what_they_say() {
    let server = Server::new();
    let start = server.item(server.key(HOME)).await["updatedAt"]
        .as_i64()
        .unwrap();
    server.seconds_pass(10);
    server.edit(server.key(BUNNY), "tagline.value=later").await;
    let cases = [
        (format!("updatedAt%3E%3E={start}"), vec!["Big Buck Bunny"]),
        (format!("updatedAt%3e%3E={start}"), vec!["Big Buck Bunny"]),
        (
            format!("updatedAt%3E={start}"),
            vec!["Big Buck Bunny", "Elephants Dream", "Home Video"],
        ),
        (
            format!("updatedAt%3C%3C={}", start + 10),
            vec!["Elephants Dream", "Home Video"],
        ),
        ("updatedAt%3E%3E=-5s".to_owned(), vec!["Big Buck Bunny"]),
        ("title=E".to_owned(), vec!["Elephants Dream", "Home Video"]),
        ("title==home%20video".to_owned(), vec!["Home Video"]),
        (
            "title%21==home%20video".to_owned(),
            vec!["Big Buck Bunny", "Elephants Dream"],
        ),
        ("title%3C=big".to_owned(), vec!["Big Buck Bunny"]),
        ("movie.title%3E=dream".to_owned(), vec!["Elephants Dream"]),
        ("unmatched=1".to_owned(), vec!["Home Video"]),
        (
            "unmatched=0".to_owned(),
            vec!["Big Buck Bunny", "Elephants Dream"],
        ),
        ("genre=comedy".to_owned(), vec!["Big Buck Bunny"]),
        (
            "collection=Open%20Movies".to_owned(),
            vec!["Big Buck Bunny"],
        ),
        ("year=2006".to_owned(), vec!["Elephants Dream"]),
        (
            "sort=updatedAt:desc".to_owned(),
            vec!["Big Buck Bunny", "Elephants Dream", "Home Video"],
        ),
        (
            "sort=titleSort:desc".to_owned(),
            vec!["Home Video", "Elephants Dream", "Big Buck Bunny"],
        ),
        (
            "sort=year:desc,ratingKey".to_owned(),
            vec!["Big Buck Bunny", "Elephants Dream", "Home Video"],
        ),
    ];
    for (query, expected) in cases {
        let container = server
            .json(&format!("/library/sections/1/all?type=1&{query}"))
            .await;
        assert_eq!(titles(&container), expected, "{query}");
    }
}

#[tokio::test]
async fn a_listing_says_what_it_can_be_filtered_by() {
    let server = Server::new();
    let path =
        "/library/sections/1/all?includeMeta=1&X-Plex-Container-Start=0&X-Plex-Container-Size=0";
    let container = server.json(path).await;
    let kind = &container["Meta"]["Type"][0];
    assert_eq!(kind["type"], "movie");
    // Whatever is offered works.
    for (offered, form) in [("Sort", "sort"), ("Filter", "filter")] {
        for choice in kind[offered].as_array().unwrap() {
            let query = match form {
                "sort" => format!("sort={}", choice["descKey"].as_str().unwrap()),
                _ => format!("{}=0", choice["filter"].as_str().unwrap()),
            };
            let size = if form == "sort" { 3 } else { 0 };
            let container = server
                .json(&format!("/library/sections/1/all?{query}"))
                .await;
            assert_eq!(container["size"], size, "{query}");
        }
    }
    let genres = server.json("/library/sections/1/genre").await;
    let names: Vec<_> = genres["Directory"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["title"])
        .collect();
    assert_eq!(names, ["Animation", "Comedy", "Science Fiction", "Short"]);
    let comedy = genres["Directory"][1]["fastKey"].as_str().unwrap();
    assert_eq!(titles(&server.json(comedy).await), ["Big Buck Bunny"]);
}

#[tokio::test]
async fn several_items_are_read_at_once_and_missing_ones_dropped() {
    let server = Server::new();
    let (bunny, home) = (server.key(BUNNY), server.key(HOME));
    let container = server
        .json(&format!("/library/metadata/{home},999,{bunny}"))
        .await;
    assert_eq!(titles(&container), ["Home Video", "Big Buck Bunny"]);
    assert_eq!(
        server
            .call("GET", "/library/metadata/998,999", "")
            .await
            .status,
        404
    );
    assert_eq!(
        server.call("GET", "/library/metadata/abc", "").await.status,
        404
    );
}

#[tokio::test]
async fn shows_have_seasons_and_episodes() {
    let server = Server::new();
    let shows = server.json("/library/sections/2/all?type=2").await;
    let show = &shows["Metadata"][0];
    assert_eq!(show["leafCount"], 4);
    let children = server.json(show["key"].as_str().unwrap()).await;
    assert_eq!(titles(&children), ["Season 1", "Season 2"]);
    assert_eq!(children["Directory"][0]["title"], "All episodes");
    let season = &children["Metadata"][1];
    assert_eq!(season["parentTitle"], "The 100");
    let episodes = server.json(season["key"].as_str().unwrap()).await;
    assert_eq!(titles(&episodes), ["Episode 1", "Episode 2"]);
    assert_eq!(episodes["Metadata"][0]["grandparentTitle"], "The 100");
    let show = show["ratingKey"].as_str().unwrap();
    let leaves = server
        .json(&format!("/library/metadata/{show}/allLeaves"))
        .await;
    assert_eq!(leaves["size"], 4);
    for (number, count) in [(2, 1), (3, 2), (4, 4), (18, 1)] {
        let path = format!("/library/sections/2/all?type={number}");
        assert_eq!(server.json(&path).await["size"], count, "type {number}");
    }
}

#[tokio::test]
async fn sections_say_who_they_are() {
    let server = Server::new();
    let sections = server.json("/library/sections").await;
    assert_eq!(sections["size"], 6);
    let films = &sections["Directory"][0];
    assert_eq!(
        (&films["key"], &films["type"]),
        (&"1".into(), &"movie".into())
    );
    assert_eq!(films["Location"][0]["path"], "/data/Movies");
    assert_eq!(films["uuid"].as_str().unwrap().len(), 36);
    assert_eq!(films["refreshing"], false);
    server.emulator.faults().set_refreshing(1, true);
    assert_eq!(
        server.json("/library/sections/1").await["Directory"][0]["refreshing"],
        true
    );
    assert_eq!(
        server.call("GET", "/library/sections/9", "").await.status,
        404
    );
    assert_eq!(
        server
            .call("GET", "/library/sections/9/all", "")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn only_a_right_token_enters() {
    let server = Server::new();
    let ask = async |path: &str, token: Option<&str>| {
        let mut request = http::Request::get(path);
        if let Some(token) = token {
            request = request.header("X-Plex-Token", token);
        }
        server
            .send(request.body(axum::body::Body::empty()).unwrap())
            .await
            .status
    };
    assert_eq!(ask("/library/sections", None).await, 401);
    assert_eq!(ask("/library/sections", Some("wrong")).await, 401);
    assert_eq!(ask("/library/sections", Some("emulator-token")).await, 200);
    assert_eq!(
        ask("/library/sections?X-Plex-Token=emulator-token", None).await,
        200
    );
    assert_eq!(ask("/identity", None).await, 200);
}
