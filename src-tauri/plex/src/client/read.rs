//! Calls that change nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::Client;
use super::rows::{CollectionWire, DetailsWire, MemberWire, RowWire, SectionWire};
use crate::edit::join_keys;
use crate::error::PlexError;
use crate::kind::RequestKind;
use crate::types::{Collection, Details, Identity, Page, PlexType, Row, Section, Server};
use crate::wire::{Container, Rows};

/// Longest request line of a detail read; proxies stop near 8 KB, the careful near half of it.
const DETAILS_LINE: usize = 4_000;
/// Rows in one page of collections.
const COLLECTIONS_PAGE: u64 = 500;

/// What a listing need not carry. `Media` stays: its parts name the files.
const SLIM: &str = "&excludeElements=Genre,Director,Writer,Producer,Role,Country,Collection,Label,Style,Mood,Similar,Guid,\
    Rating,Field,Image,UltraBlurColors,Stream&excludeFields=summary,tagline&skipRefresh=1";
/// What a list of keys need not carry.
const KEYS_ALONE: &str = "&excludeElements=Media,Genre,Director,Writer,Producer,Role,Country,Collection,Label,Style,Mood,\
    Similar,Guid,Rating,Field,Image,UltraBlurColors&excludeFields=summary,tagline&skipRefresh=1";
/// What a detail read need not carry.
const LEAN: &str =
    "?excludeElements=Similar,Stream,UltraBlurColors,Guid,Rating&skipRefresh=1&checkFiles=0";

impl Client {
    /// Name and version of the server: one request, which also proves the token.
    pub async fn server(&self) -> Result<Server, PlexError> {
        let body = self.get(RequestKind::Server, "/").await?;
        let container = Container::parse(&body)?;
        Ok(Server {
            machine_identifier: named(container.machine_identifier.0, "machineIdentifier")?,
            version: named(container.version.0, "version")?,
            name: container.friendly_name.0.unwrap_or_default(),
            platform: container.platform.0.unwrap_or_default(),
        })
    }

    /// Who answers. Needs no token, costs Plex next to nothing: right for probes.
    pub async fn identity(&self) -> Result<Identity, PlexError> {
        let body = self.get(RequestKind::Identity, "/identity").await?;
        let container = Container::parse(&body)?;
        Ok(Identity {
            machine_identifier: named(container.machine_identifier.0, "machineIdentifier")?,
            version: container.version.0.unwrap_or_default(),
        })
    }

    /// The sections of the server.
    pub async fn sections(&self) -> Result<Vec<Section>, PlexError> {
        let body = self.get(RequestKind::Sections, "/library/sections").await?;
        let rows: Rows<SectionWire> = Container::parse(&body)?.rows()?;
        Ok(rows
            .rows
            .into_iter()
            .filter_map(SectionWire::into_section)
            .collect())
    }

    /// A page of a section's items of one type, slim: at most `size` rows from `start` on.
    ///
    /// `changed_since` (epoch seconds) leaves out what did not change after it.
    pub async fn list(
        &self,
        section_id: u32,
        item_type: PlexType,
        start: u64,
        size: u64,
        changed_since: Option<i64>,
    ) -> Result<Page, PlexError> {
        let path = list_path(section_id, item_type, start, size, changed_since);
        let body = self.get(RequestKind::List, &path).await?;
        let container = Container::parse(&body)?;
        let read: Rows<RowWire> = container.rows()?;
        let mut skipped = read.skipped;
        let arrived = read.rows.len() as u64 + skipped;
        let rows: Vec<Row> = read
            .rows
            .into_iter()
            .filter_map(|row| {
                let row = row.into_row(item_type);
                skipped += u64::from(row.is_none());
                row
            })
            .collect();
        let total = container.total_size.get();
        let offset = container.offset.get().unwrap_or(start);
        let end = offset + arrived;
        // Without a total only a full page promises another one.
        let more = arrived > 0 && total.map_or(arrived == size, |total: u64| end < total);
        Ok(Page {
            total,
            offset,
            rows,
            skipped,
            next_start: more.then_some(end),
        })
    }

    /// How many items of a type a section holds (that changed after `changed_since`).
    pub async fn count(
        &self,
        section_id: u32,
        item_type: PlexType,
        changed_since: Option<i64>,
    ) -> Result<u64, PlexError> {
        let path = list_path(section_id, item_type, 0, 0, changed_since);
        let body = self.get(RequestKind::Count, &path).await?;
        Container::parse(&body)?.total_size.get().ok_or_else(|| {
            PlexError::Malformed("it does not say how many items there are.".to_owned())
        })
    }

    /// All values of items, in as few requests as the length of a request line allows. Keys that Plex does not know are
    /// left out; the order is Plex's.
    ///
    /// Some servers answer a large batch with nothing: such a batch is halved and asked for again.
    pub async fn details(&self, rating_keys: &[u64]) -> Result<Vec<Details>, PlexError> {
        let mut keys: Vec<u64> = Vec::with_capacity(rating_keys.len());
        let mut seen = BTreeSet::new();
        keys.extend(rating_keys.iter().filter(|key| seen.insert(**key)));
        let mut found = Vec::with_capacity(keys.len());
        // What is still to be read, the next part last; `true` where a larger batch with it brought nothing.
        let mut parts = vec![(keys.as_slice(), false)];
        while let Some((part, halved)) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            let (batch, rest) = part.split_at(self.batch_len(part));
            parts.push((rest, halved));
            let (first, second) = batch.split_at(batch.len() / 2);
            match self.details_batch(batch).await {
                Ok(details) if details.is_empty() && batch.len() > 1 => {
                    parts.extend([(second, true), (first, true)]);
                }
                Ok(details) => {
                    if halved && !details.is_empty() {
                        // It was the number: the server bears no more.
                        self.bears(batch.len());
                    }
                    found.extend(details);
                }
                Err(PlexError::LineTooLong | PlexError::TooLarge) if batch.len() > 1 => {
                    self.bears(second.len());
                    parts.extend([(second, false), (first, false)]);
                }
                // Only where none of them exists.
                Err(PlexError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The collections of a section.
    pub async fn collections(&self, section_id: u32) -> Result<Vec<Collection>, PlexError> {
        let mut collections = Vec::new();
        let mut start = 0;
        loop {
            let path = format!(
                "/library/sections/{section_id}/collections?X-Plex-Container-Start={start}\
                 &X-Plex-Container-Size={COLLECTIONS_PAGE}"
            );
            let body = self.get(RequestKind::Collections, &path).await?;
            let container = Container::parse(&body)?;
            let read: Rows<CollectionWire> = container.rows()?;
            let arrived = read.rows.len() as u64 + read.skipped;
            collections.extend(
                read.rows
                    .into_iter()
                    .filter_map(CollectionWire::into_collection),
            );
            start += arrived;
            let total: Option<u64> = container.total_size.get();
            if arrived == 0 || total.map_or(arrived != COLLECTIONS_PAGE, |total| start >= total) {
                return Ok(collections);
            }
        }
    }

    /// The keys of a collection's members, in the order in which it shows them.
    pub async fn members(&self, collection: u64) -> Result<Vec<u64>, PlexError> {
        let mut members = Vec::new();
        let mut start = 0;
        loop {
            let path = format!(
                "/library/collections/{collection}/children?X-Plex-Container-Start={start}\
                 &X-Plex-Container-Size={COLLECTIONS_PAGE}{KEYS_ALONE}"
            );
            let body = self.get(RequestKind::Members, &path).await?;
            let container = Container::parse(&body)?;
            let read: Rows<MemberWire> = container.rows()?;
            let arrived = read.rows.len() as u64 + read.skipped;
            members.extend(read.rows.into_iter().filter_map(MemberWire::key));
            start += arrived;
            let total: Option<u64> = container.total_size.get();
            if arrived == 0 || total.map_or(arrived != COLLECTIONS_PAGE, |total| start >= total) {
                return Ok(members);
            }
        }
    }

    /// How many of the first keys go into one request.
    fn batch_len(&self, keys: &[u64]) -> usize {
        let fixed = self.0.base.len() + "GET /library/metadata/ HTTP/1.1".len() + LEAN.len();
        let mut room = DETAILS_LINE.saturating_sub(fixed);
        let most = self.0.details_batch.load(Ordering::Relaxed).max(1);
        let fitting = keys
            .iter()
            .take(most)
            .take_while(|key| {
                let length = key.to_string().len() + 1;
                let fits = length <= room;
                room = room.saturating_sub(length);
                fits
            })
            .count();
        fitting.max(1)
    }

    fn bears(&self, batch: usize) {
        self.0
            .details_batch
            .fetch_min(batch.max(1), Ordering::Relaxed);
    }

    async fn details_batch(&self, keys: &[u64]) -> Result<Vec<Details>, PlexError> {
        let path = format!(
            "/library/metadata/{}{LEAN}",
            join_keys(keys.iter().copied(), ",")
        );
        let body = self.get(RequestKind::Details, &path).await?;
        let rows: Rows<DetailsWire> = Container::parse(&body)?.rows()?;
        Ok(rows
            .rows
            .into_iter()
            .filter_map(DetailsWire::into_details)
            .collect())
    }
}

fn list_path(
    section_id: u32,
    item_type: PlexType,
    start: u64,
    size: u64,
    changed_since: Option<i64>,
) -> String {
    let mut path = format!(
        "/library/sections/{section_id}/all?type={}&X-Plex-Container-Start={start}&X-Plex-Container-Size={size}{SLIM}",
        item_type.number()
    );
    if let Some(since) = changed_since {
        // `updatedAt>>=`; writing to a String cannot fail.
        let _ = write!(path, "&updatedAt%3E%3E={since}");
    }
    path
}

fn named(value: Option<String>, name: &str) -> Result<String, PlexError> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| PlexError::Malformed(format!("it names no {name}.")))
}
