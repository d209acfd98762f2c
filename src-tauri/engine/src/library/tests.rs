//! A section that lives behind a transport, and both caches: after whatever happened to the section, the cache is like
//! it, what changed is news, and no more was asked than is allowed.

mod disk;
mod mapping;
mod section;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use secrecy::SecretString;
use syncslate_plex::transport::{Body, Transport, TransportError};
use syncslate_plex::{Client, Device, RequestKind, Section};
use url::Url;

use super::*;
use crate::blocking::Blocking;
use crate::matching::path_hash;
use crate::model::{ItemKey, ItemType, PathHash, RatingKey, ServerNumber, Stand};
use crate::store::{Cache, DataFolder};

pub(super) const SERVER: ServerNumber = ServerNumber(1);
pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An item of the section.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub number: u8,
    pub title: String,
    pub file: Option<String>,
    pub updated_at: i64,
    pub parent: Option<u64>,
}

type OnPage = Box<dyn Fn(&mut BTreeMap<u64, Item>, u64) + Send + Sync>;

/// Answers listings as Plex does.
#[derive(Default)]
pub(super) struct Plex {
    pub items: Mutex<BTreeMap<u64, Item>>,
    /// Rows in a page at most, whatever is asked for.
    pub page_limit: Mutex<Option<usize>>,
    /// A key whose row makes no sense.
    pub bad_row: Mutex<Option<u64>>,
    /// Called after a page, with its start.
    pub on_page: Mutex<Option<OnPage>>,
}

impl Plex {
    pub fn put(&self, key: u64, file: &str, updated_at: i64) {
        let item = Item {
            number: 1,
            title: format!("Film {key}"),
            file: Some(file.to_owned()),
            updated_at,
            parent: None,
        };
        self.items.lock().unwrap().insert(key, item);
    }

    fn answer(&self, request: &Request<Bytes>) -> String {
        let parameters: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.uri().query().unwrap().as_bytes())
                .into_owned()
                .collect();
        let number = |name: &str| {
            parameters
                .get(name)
                .map(|value| value.parse::<u64>().unwrap())
        };
        let (start, size) = (
            number("X-Plex-Container-Start").unwrap(),
            number("X-Plex-Container-Size").unwrap(),
        );
        let since = number("updatedAt>>").map_or(i64::MIN, u64::cast_signed);
        let mut items = self.items.lock().unwrap();
        let chosen: Vec<(u64, Item)> = items
            .iter()
            .filter(|(_, item)| u64::from(item.number) == number("type").unwrap())
            .filter(|(_, item)| item.updated_at >= since)
            .map(|(key, item)| (*key, item.clone()))
            .collect();
        let limit = self.page_limit.lock().unwrap().unwrap_or(usize::MAX);
        let bad = *self.bad_row.lock().unwrap();
        let rows: Vec<serde_json::Value> = chosen
            .iter()
            .skip(usize::try_from(start).unwrap())
            .take(usize::try_from(size).unwrap().min(limit))
            .map(|(key, item)| {
                let title = if bad == Some(*key) {
                    serde_json::json!({})
                } else {
                    item.title.clone().into()
                };
                let mut row = serde_json::json!({
                    "ratingKey": key.to_string(), "guid": format!("plex://{key}"), "title": title,
                    "updatedAt": item.updated_at,
                });
                if let Some(file) = &item.file {
                    row["Media"] = serde_json::json!([{ "Part": [{ "file": file }] }]);
                }
                if let Some(parent) = item.parent {
                    row["parentRatingKey"] = parent.to_string().into();
                    row["index"] = 1.into();
                }
                row
            })
            .collect();
        if size > 0
            && let Some(on_page) = &*self.on_page.lock().unwrap()
        {
            on_page(&mut items, start);
        }
        serde_json::json!({ "MediaContainer": {
            "size": rows.len(), "totalSize": chosen.len(), "offset": start, "Metadata": rows,
        }})
        .to_string()
    }
}

impl Transport for Plex {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let body = Bytes::from(self.answer(&request));
        async move {
            let body: Body = Box::pin(futures::stream::iter([Ok(body)]));
            Ok(Response::new(body))
        }
        .boxed()
    }
}

/// A section, a cache, and a client between them.
pub(super) struct World {
    pub plex: Arc<Plex>,
    pub client: Client,
    pub cache: Arc<dyn LibraryCache>,
    pub section: Section,
    pub now_ms: i64,
    _folder: Option<tempfile::TempDir>,
}

/// One world with the cache in memory and one with it on disk.
pub(super) fn worlds() -> [World; 2] {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(&DataFolder::open(folder.path()).unwrap(), 1 << 26);
    [
        World::new(Arc::new(MemoryCache::new()), None),
        World::new(Arc::new(cache), Some(folder)),
    ]
}

impl World {
    pub fn new(cache: Arc<dyn LibraryCache>, folder: Option<tempfile::TempDir>) -> Self {
        let plex = Arc::new(Plex::default());
        let client = Client::new(
            plex.clone(),
            &Url::parse("http://plex.test").unwrap(),
            &SecretString::from("t"),
            &Device {
                client_identifier: "c".to_owned(),
                product: "p".to_owned(),
                version: "v".to_owned(),
                platform: "p".to_owned(),
            },
        );
        Self {
            plex,
            client,
            cache,
            section: Section {
                id: 1,
                uuid: uuid::Uuid::from_u128(7),
                title: "Films".to_owned(),
                kind: "movie".to_owned(),
                agent: String::new(),
                refreshing: false,
                locations: Vec::new(),
            },
            now_ms: 100 * DAY_MS,
            _folder: folder,
        }
    }

    pub async fn sync(&self) -> SectionNews {
        self.try_sync(false).await.unwrap()
    }

    pub async fn try_sync(&self, everything: bool) -> Result<SectionNews, LibraryError> {
        let found = sync_section(SyncRequest {
            listing: &self.client,
            cache: Arc::clone(&self.cache),
            blocking: Blocking::Inline,
            server: SERVER,
            section: &self.section,
            path_hash: &hash,
            now_ms: self.now_ms,
            everything,
            progress: &|_, _| {},
        })
        .await?;
        // Every item of the section is cached as it is, and found by its path.
        if found.complete {
            for (key, item) in self.plex.items.lock().unwrap().iter() {
                let cached = self
                    .cache
                    .get(&[self.key(*key)])
                    .unwrap()
                    .remove(0)
                    .unwrap();
                assert_eq!(
                    (&cached.title, cached.updated_at),
                    (&item.title, item.updated_at)
                );
                if let Some(file) = &item.file {
                    let at = self.at(file);
                    assert!(at.contains(key), "{file}: {at:?}");
                }
            }
            for item_type in item_types(&self.section.kind) {
                let scope = Scope {
                    server: SERVER,
                    section: self.section.uuid,
                    item_type: *item_type,
                };
                let items = self.plex.items.lock().unwrap();
                let all: Vec<RatingKey> = items.keys().map(|key| RatingKey(*key)).collect();
                let more = self.cache.retain(scope, &all).unwrap();
                assert_eq!(more, [], "the cache holds nothing else");
            }
        }
        Ok(found)
    }

    /// Settles all news, as a run does that compared them.
    pub async fn settled(&self) -> SectionNews {
        let found = self.sync().await;
        let keys: Vec<ItemKey> = found.news.iter().map(|key| self.key(key.0)).collect();
        let settled: Vec<(ItemKey, Stand)> = self
            .cache
            .get(&keys)
            .unwrap()
            .into_iter()
            .flatten()
            .map(|item| (item.key, item.stand()))
            .collect();
        self.cache.settle(&settled).unwrap();
        found
    }

    /// What a sync found, and how many listings and counts it sent.
    pub async fn counted(&self) -> (SectionNews, u64, u64) {
        let of = |kind| self.client.counts().get(&kind).copied().unwrap_or(0);
        let before = (of(RequestKind::List), of(RequestKind::Count));
        let found = self.sync().await;
        (
            found,
            of(RequestKind::List) - before.0,
            of(RequestKind::Count) - before.1,
        )
    }

    /// An item that nobody watched, as it stood then.
    pub fn stood(&self, rating_key: u64, updated_at: i64) -> (ItemKey, Stand) {
        let stand = Stand {
            updated_at,
            watched: false,
        };
        (self.key(rating_key), stand)
    }

    pub fn key(&self, rating_key: u64) -> ItemKey {
        ItemKey {
            server: SERVER,
            section: self.section.uuid,
            rating_key: RatingKey(rating_key),
        }
    }

    pub fn at(&self, file: &str) -> Vec<u64> {
        self.cache
            .at_path(SERVER, self.section.uuid, hash(file))
            .unwrap()
            .iter()
            .map(|item| item.key.rating_key.0)
            .collect()
    }
}

pub(super) fn hash(path: &str) -> PathHash {
    path_hash(path, false)
}

pub(super) fn keys(keys: &[RatingKey]) -> Vec<u64> {
    keys.iter().map(|key| key.0).collect()
}

pub(super) fn gone(found: &SectionNews) -> Vec<u64> {
    found.gone.iter().map(|key| key.rating_key.0).collect()
}

/// A run awaits it from any thread.
#[test]
fn the_future_can_be_sent() {
    fn is_send<T: Send>(_: impl FnOnce(SyncRequest<'static>) -> T) {}
    is_send(sync_section);
    assert_eq!(item_types("movie"), [ItemType::Movie]);
}
