//! The server's own state, asked over HTTP and taken as it comes: no code of the engine's stands between.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use futures::TryStreamExt as _;
use serde_json::Value;
use syncslate_plex::transport::{ReqwestTransport, Transport as _};

/// Where the demo's server listens.
#[derive(Debug, Clone)]
pub struct Emulator {
    /// Its URL.
    pub address: String,
    /// The token that it wants.
    pub token: String,
}

/// A server that can be asked.
pub struct Server {
    emulator: Emulator,
    transport: ReqwestTransport,
}

impl Server {
    /// The demo's.
    pub fn of(emulator: &Emulator) -> Result<Self> {
        Ok(Self {
            emulator: emulator.clone(),
            transport: ReqwestTransport::new()?,
        })
    }

    /// Every film with all its details but the time of its last change, by rating key.
    pub async fn films(&self) -> Result<BTreeMap<String, Value>> {
        self.all("all?type=1").await
    }

    /// The same of the films' collections.
    pub async fn collections(&self) -> Result<BTreeMap<String, Value>> {
        self.all("collections?").await
    }

    async fn all(&self, listing: &str) -> Result<BTreeMap<String, Value>> {
        let sections = self.get("/library/sections").await?;
        let section = sections["MediaContainer"]["Directory"]
            .as_array()
            .and_then(|all| all.iter().find(|section| section["type"] == "movie"))
            .and_then(|section| section["key"].as_str())
            .context("the demo has a section of films")?;
        let listing = self
            .get(&format!(
                "/library/sections/{section}/{listing}&X-Plex-Container-Start=0&X-Plex-Container-Size=10000"
            ))
            .await?;
        let keys: Vec<_> = items(&listing).filter_map(key).collect();
        let mut found = BTreeMap::new();
        for some in keys.chunks(100) {
            let details = self
                .get(&format!("/library/metadata/{}", some.join(",")))
                .await?;
            for item in items(&details) {
                let mut item = item.clone();
                let name = key(&item).context("an item has a key")?;
                if let Some(values) = item.as_object_mut() {
                    values.remove("updatedAt");
                }
                found.insert(name, item);
            }
        }
        ensure!(found.len() == keys.len(), "every listed item has details");
        Ok(found)
    }

    /// Writes and locks a film's summary, as Plex does for a person.
    pub async fn edit_summary(&self, film: &Value, summary: &str) -> Result<()> {
        let section = &film["librarySectionID"];
        let key = key(film).context("a film has a key")?;
        let edit = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("type", "1")
            .append_pair("id", &key)
            .append_pair("summary.value", summary)
            .append_pair("summary.locked", "1")
            .finish();
        let path = format!("/library/sections/{section}/all?{edit}");
        self.send(http::Method::PUT, &path).await.map(drop)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let body = self.send(http::Method::GET, path).await?;
        serde_json::from_slice(&body).with_context(|| path.to_owned())
    }

    async fn send(&self, method: http::Method, path: &str) -> Result<Vec<u8>> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.emulator.address))
            .header("X-Plex-Token", &self.emulator.token)
            .header("Accept", "application/json")
            .body(Bytes::new())?;
        let response = self.transport.send(request).await?;
        ensure!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
        let parts: Vec<Bytes> = response.into_body().try_collect().await?;
        Ok(parts.concat())
    }
}

fn items(container: &Value) -> impl Iterator<Item = &Value> {
    container["MediaContainer"]["Metadata"]
        .as_array()
        .into_iter()
        .flatten()
}

fn key(film: &Value) -> Option<String> {
    film["ratingKey"].as_str().map(str::to_owned)
}
