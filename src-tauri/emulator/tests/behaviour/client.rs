//! A plain client of the router, and the server under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use serde_json::Value;
use syncslate_emulator::seed::Seed;
use syncslate_emulator::{Emulator, Habits, ItemKind, Options, tiny_seed};
use tower::ServiceExt as _;

pub const BUNNY: &str = "/data/Movies/Big Buck Bunny (2008).mkv";
pub const ELEPHANTS: &str = "/data/Movies/Elephants Dream (2006).mkv";
pub const HOME: &str = "/data/Movies/Home Video.mkv";

/// Sections of the seed.
pub const SHOWS: u32 = 2;
pub const MUSIC: u32 = 3;
pub const VIDEOS: u32 = 4;
pub const PHOTOS: u32 = 5;
pub const ANIME: u32 = 6;

/// A server whose clock moves only by hand.
pub struct Server {
    pub emulator: Emulator,
    clock: Arc<AtomicI64>,
}

pub struct Reply {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub extensions: http::Extensions,
    pub body: Vec<u8>,
}

impl Server {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with_habits(habits: Habits) -> Self {
        Self::with(Options {
            habits,
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self::holding(tiny_seed(), options)
    }

    /// A server with another content.
    pub fn of(seed: Seed) -> Self {
        Self::holding(seed, Options::default())
    }

    pub fn holding(seed: Seed, options: Options) -> Self {
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000));
        let hands = Arc::clone(&clock);
        let emulator = Emulator::new(
            seed,
            Options {
                clock: Arc::new(move || hands.load(Ordering::Relaxed)),
                ..options
            },
        );
        Self { emulator, clock }
    }

    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    pub fn key(&self, file: &str) -> u64 {
        self.emulator.key_of(file).expect("the file is in the seed")
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.emulator.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map(|bytes| bytes.to_vec());
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            extensions: parts.extensions,
            body: body.unwrap_or_default(),
        }
    }

    pub async fn call(&self, method: &str, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("X-Plex-Token", "emulator-token")
            .header("Accept", "application/json")
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    pub async fn json(&self, path: &str) -> Value {
        let reply = self.call("GET", path, Body::empty()).await;
        assert_eq!(reply.status, StatusCode::OK, "GET {path}");
        let mut value: Value = serde_json::from_slice(&reply.body).unwrap();
        value["MediaContainer"].take()
    }

    pub async fn xml(&self, path: &str) -> String {
        let request = Request::get(path)
            .header("X-Plex-Token", "emulator-token")
            .body(Body::empty())
            .unwrap();
        String::from_utf8(self.send(request).await.body).unwrap()
    }

    pub async fn put(&self, path: &str) -> u16 {
        self.call("PUT", path, Body::empty()).await.status
    }

    /// The whole item.
    pub async fn item(&self, key: u64) -> Value {
        self.json(&format!("/library/metadata/{key}")).await["Metadata"][0].take()
    }

    /// The key of the first item of this kind with this title.
    pub fn titled(&self, kind: ItemKind, title: &str) -> u64 {
        self.emulator
            .key_of_titled(kind, title)
            .expect("the title is in the seed")
    }

    /// Edits an item of whatever kind by its own path and answers the status.
    pub async fn edit_any(&self, key: u64, query: &str) -> u16 {
        self.put(&format!("/library/metadata/{key}?{query}")).await
    }

    /// Rows of a section.
    pub async fn list(&self, section: u32, kind: ItemKind, query: &str) -> Value {
        let number = kind.number();
        self.json(&format!(
            "/library/sections/{section}/all?type={number}&{query}"
        ))
        .await
    }

    /// Edits films and answers the status.
    pub async fn edit(&self, key: u64, query: &str) -> u16 {
        self.put(&format!("/library/sections/1/all?type=1&id={key}&{query}"))
            .await
    }
}

/// Titles of a container's rows.
pub fn titles(container: &Value) -> Vec<&str> {
    container["Metadata"]
        .as_array()
        .map(|items| {
            items
                .iter()
                .map(|item| item["title"].as_str().unwrap())
                .collect()
        })
        .unwrap_or_default()
}

pub fn tags(item: &Value, element: &str) -> Vec<String> {
    item[element]
        .as_array()
        .map(|tags| {
            tags.iter()
                .map(|tag| tag["tag"].as_str().unwrap().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

pub fn locks(item: &Value) -> Vec<String> {
    item["Field"]
        .as_array()
        .map(|fields| {
            fields
                .iter()
                .map(|field| field["name"].as_str().unwrap().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

pub fn png(tint: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(3, 3, image::Rgb([tint, 1, 2]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
