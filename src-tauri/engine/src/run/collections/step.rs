//! The end of a run: what the collections that are Syncslate's say of themselves.
//!
//! 1. The records that are open. None: no request.
//! 2. Where some came into being by this run, the section's collections are listed once more, and tell their keys.
//! 3. Their details, compared and planned like an item's; the jobs are written.
//! 4. Their order, where the source numbers the members.
//! 5. The record is closed where everything that was planned is remembered as written, and the order stands or is not to
//!    be had; else the next sync looks again.
//!
//! A dry run says what 3 would write; the order is not foretold.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use syncslate_plex::{Details, PlexType};

use crate::library;
use crate::model::{Change, Field, ItemKey, ItemType, LocalImage, SectionUuid, SourceItem, Value};
use crate::source::nfo::entry_of;
use crate::store::{CollectionKey, CollectionRecord, KeptRecord, Said, ServerRecord, State};
use crate::text;
use crate::write::{Drained, Stop};

use super::super::compare::{self, Chunk, PIECE};
use super::super::core::Core;
use super::super::finish;
use super::super::session::{Remembered, Session};
use super::super::sync::ended;
use super::{Known, order};

/// Which records a run looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Which<'r> {
    /// All that are open.
    Open {
        /// The source's folder.
        root: &'r Path,
        /// The whole source was looked at, and all of it was there. Otherwise only what its items said something of in this
        /// run is compared, and nobody's word counts as taken back.
        whole: bool,
    },
    /// Those that came into being again by what the run took back.
    Restored,
}

/// A collection that is Syncslate's, with its record.
struct Made {
    at: CollectionKey,
    record: CollectionRecord,
    key: ItemKey,
}

/// One that was compared.
struct Compared {
    made: Made,
    details: Details,
    changes: Vec<Change>,
}

/// See the module.
pub(in super::super) async fn finish(
    core: &Arc<Core>,
    session: &Session,
    max_concurrency: u8,
    server: &ServerRecord,
    which: Which<'_>,
) -> Result<(), Stop> {
    if session.dry_run {
        return foretell(session, which).await;
    }
    let Some(state) = session.state.clone() else {
        return Ok(());
    };
    let open = open(session, &state, which).await?;
    let made = bind(session, &state, open).await?;
    let mut compared = Vec::with_capacity(made.len());
    let mut made = made.into_iter().peekable();
    while made.peek().is_some() {
        let page: Vec<Made> = made.by_ref().take(PIECE).collect();
        compared.extend(compare_page(session, page, which).await?);
    }
    if compared.iter().any(|compared| !compared.changes.is_empty()) {
        let only = match which {
            Which::Open { .. } => None,
            Which::Restored => Some(vec![session.run]),
        };
        match finish::write(core, session, max_concurrency, server, only).await? {
            Drained::Empty => {}
            Drained::Cancelled => return Err(ended(core)),
        }
    }
    for compared in compared {
        session.link.go_on().await?;
        close(session, &state, compared).await?;
    }
    Ok(())
}

async fn open(
    session: &Session,
    state: &State,
    which: Which<'_>,
) -> Result<Vec<(CollectionKey, SectionUuid, CollectionRecord)>, Stop> {
    let sections = session.sections.clone();
    let (run, settings) = (session.run, session.settings_digest);
    let restored = which == Which::Restored;
    let heard = match which {
        Which::Open { whole: false, .. } => Some(session.heard()),
        _ => None,
    };
    let is_due = move |record: &CollectionRecord| {
        if restored {
            return record.restored_by == Some(run);
        }
        // What an interrupted run left under other settings waits until its members are compared under these.
        record.settings == settings
    };
    Ok(state
        .read_long(move |reader| {
            let mut open = Vec::new();
            let chosen: BTreeSet<ItemKey> = reader
                .chosen_items(sections.server)?
                .into_iter()
                .map(|(key, _)| key)
                .collect();
            for section in &sections.all {
                for (at, record) in reader.collections(sections.server, section.uuid)? {
                    // What a person decided for the source is to be carried out.
                    let is_chosen = record.made.as_ref().is_some_and(|made| {
                        chosen.contains(&ItemKey {
                            server: sections.server,
                            section: section.uuid,
                            rating_key: made.key,
                        })
                    });
                    let is_meant = heard.as_ref().is_none_or(|heard| heard.contains(&at));
                    if (record.open || is_chosen) && is_meant && is_due(&record) {
                        open.push((at, section.uuid, record));
                    }
                }
            }
            Ok(open)
        })
        .await?)
}

/// Learns the keys of those that came into being, and forgets those that did not.
async fn bind(
    session: &Session,
    state: &State,
    open: Vec<(CollectionKey, SectionUuid, CollectionRecord)>,
) -> Result<Vec<Made>, Stop> {
    let new: BTreeSet<SectionUuid> = open
        .iter()
        .filter(|(_, _, record)| record.made.is_none() || !record.expected.is_empty())
        .map(|(_, section, _)| *section)
        .collect();
    let mut known = BTreeMap::new();
    for section in new {
        let now = Known::ask(session, session.sections.of(section)).await?;
        known.insert(section, now);
    }
    let mut bound = Vec::new();
    let mut changed = Vec::new();
    for (at, section, mut record) in open {
        if let Some(known) = known.get(&section) {
            let was = record.clone();
            if known.is_renamed(at) {
                // Whoever renamed it has it; members follow it under its new name.
                record.expected.clear();
                record.restored_by = None;
                record.open = false;
                changed.push((at, record));
                continue;
            }
            let is_there = matches!(
                known.standing(record.of, &record.title),
                super::Standing::Ours(_) | super::Standing::Others
            );
            match known.ours(at) {
                Some(made) => record.bind(made.clone()),
                None => record.vanish(),
            }
            record.restored_by = None;
            // Where there is none its members were not written; those that failed may be yet.
            if is_there {
                record.expected.clear();
            }
            if record.made.as_ref().map(|made| made.key) != was.made.as_ref().map(|made| made.key) {
                // Another one, which nobody has ordered yet.
                record.order = None;
            }
            if record != was {
                changed.push((at, record.clone()));
            }
        }
        if let Some(made) = &record.made {
            let key = ItemKey {
                server: session.sections.server,
                section,
                rating_key: made.key,
            };
            bound.push(Made { at, record, key });
        }
    }
    put(state, changed).await?;
    Ok(bound)
}

/// Compares a page of them with what Plex holds, and stores what is to be written.
async fn compare_page(
    session: &Session,
    page: Vec<Made>,
    which: Which<'_>,
) -> Result<Vec<Compared>, Stop> {
    let keys: Vec<ItemKey> = page.iter().map(|made| made.key).collect();
    let mut details = compare::read_details(session, &keys).await?;
    // An answer that was not whole must not make a collection pass for gone.
    let missing: Vec<ItemKey> = keys
        .iter()
        .filter(|key| !details.contains_key(key))
        .copied()
        .collect();
    let mut listed = BTreeMap::new();
    if !missing.is_empty() {
        details.extend(compare::read_details(session, &missing).await?);
        for key in missing.iter().filter(|key| !details.contains_key(key)) {
            if let Entry::Vacant(vacant) = listed.entry(key.section) {
                vacant.insert(Known::ask(session, session.sections.of(key.section)).await?);
            }
        }
    }
    let held = details
        .iter()
        .map(|(key, (plex, details))| (*key, plex.identity.clone(), library::values(details)))
        .collect();
    let remembered = session.bases(held).await?;
    let nothing = Remembered::default();
    let mut chunk = Chunk::default();
    let mut compared = Vec::new();
    let mut gone = Vec::new();
    for mut made in page {
        let is_listed = listed
            .get(&made.key.section)
            .is_some_and(|known| known.ours(made.at).is_some());
        if is_listed && !details.contains_key(&made.key) {
            tracing::warn!(
                title = made.record.title,
                "Plex lists this collection and does not show it; the next sync looks again"
            );
            continue;
        }
        let there = details.remove(&made.key).filter(|(plex, _)| {
            let known = made.record.made.as_ref();
            plex.item_type == ItemType::Collection
                && known.is_some_and(|known| known.identity.is_same(&plex.identity))
        });
        let Some((plex, details)) = there else {
            made.record.vanish();
            gone.push((made.at, made.record, made.key));
            continue;
        };
        if text::fold(&plex.title) != text::fold(&made.record.title) {
            // Whoever renamed it has it.
            made.record.open = false;
            gone.push((made.at, made.record, made.key));
            continue;
        }
        if let Which::Open { root, whole: true } = which {
            hear_rivals(session, root, &mut made.record).await;
        }
        let item = as_item(session, &made.record);
        let remembered = remembered.get(&made.key).unwrap_or(&nothing);
        let planned = compare::plan_one(session, &item, &plex, &details, remembered).await?;
        let changes = planned.changes.clone();
        compare::add(session, &mut chunk, &item, &plex, remembered, planned, true);
        compared.push(Compared {
            made,
            details,
            changes,
        });
    }
    forget(session, gone).await?;
    chunk.store(session).await?;
    Ok(compared)
}

/// Of those that are gone, or somebody else's, nothing waits for a decision any more.
async fn forget(
    session: &Session,
    gone: Vec<(CollectionKey, CollectionRecord, ItemKey)>,
) -> Result<(), Stop> {
    let Some(state) = session.state.as_ref().filter(|_| !session.dry_run) else {
        return Ok(());
    };
    if gone.is_empty() {
        return Ok(());
    }
    state
        .write(move |writer| {
            for (at, record, key) in &gone {
                writer.put_collection(*at, record)?;
                writer.put_kept(*key, &KeptRecord::default())?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Says what would be written, of those to come as of those that are there.
async fn foretell(session: &Session, which: Which<'_>) -> Result<(), Stop> {
    let heard = std::mem::take(&mut *session.foretold.lock().await);
    let mut chunk = Chunk::default();
    for section in &session.sections.all {
        let mut there = Vec::new();
        let mut to_come = Vec::new();
        for (at, record) in &heard {
            if at.section() != section.uuid || !record.open {
                continue;
            }
            match &record.made {
                Some(made) => there.push(Made {
                    at: *at,
                    record: record.clone(),
                    key: ItemKey {
                        server: session.sections.server,
                        section: section.uuid,
                        rating_key: made.key,
                    },
                }),
                None => to_come.push(record),
            }
        }
        while !there.is_empty() {
            let page = there.drain(..there.len().min(PIECE)).collect();
            compare_page(session, page, which).await?;
        }
        for record in to_come {
            let new = Details {
                item_type: Some(PlexType::Collection),
                title: Some(record.title.clone()),
                ..Details::default()
            };
            let hash = session.path_hash.as_ref();
            let server = session.sections.server;
            if let Some(plex) = library::item(&new, server, section.uuid, hash) {
                let item = as_item(session, record);
                let nothing = Remembered::default();
                let planned = compare::plan_one(session, &item, &plex, &new, &nothing).await?;
                compare::add(session, &mut chunk, &item, &plex, &nothing, planned, true);
            }
        }
    }
    Ok(())
}

/// Where another source item asks for something else than the one that counts, and that one is gone, the other counts.
async fn hear_rivals(session: &Session, root: &Path, record: &mut CollectionRecord) {
    let open: Vec<(Field, PathBuf)> = record
        .rivals
        .keys()
        .filter_map(|field| {
            let said = record.said.get(field)?;
            Some((*field, root.join(entry_of(&said.by))))
        })
        .collect();
    if open.is_empty() {
        return;
    }
    let gone: Vec<Field> = session
        .blocking
        .run(move || {
            let gone = open.into_iter().filter(|(_, file)| !file.exists());
            gone.map(|(field, _)| field).collect()
        })
        .await;
    for field in gone {
        record.give_way(field);
    }
}

/// What the source asks of a collection, as if it were an item.
fn as_item(session: &Session, record: &CollectionRecord) -> SourceItem {
    let speakers = record.said.values().map(|said| said.by.as_str());
    let by = speakers.filter(|by| *by != Said::NOBODY).min();
    let images = record.said.iter().filter_map(|(field, said)| {
        let (Value::Image(sha1), Some(path)) = (&said.value, &said.file) else {
            return None;
        };
        let image = LocalImage {
            path: path.clone(),
            sha1: sha1.clone(),
        };
        Some((*field, image))
    });
    SourceItem {
        source: session.source,
        id: by.unwrap_or_default().to_owned(),
        item_type: Some(ItemType::Collection),
        numbering: None,
        label: record.title.clone(),
        files: Vec::new(),
        values: record
            .said
            .iter()
            .map(|(field, said)| (*field, said.value.clone()))
            .collect(),
        images: images.collect(),
        collections: BTreeMap::new(),
    }
}

/// Orders it, and closes its record where everything went.
async fn close(session: &Session, state: &State, compared: Compared) -> Result<(), Stop> {
    let Compared {
        made,
        details,
        changes,
    } = compared;
    let Made {
        at,
        mut record,
        key,
    } = made;
    let sort = details.collection_sort;
    let is_ordered = order::arrange(session, state, at, &mut record, key, sort).await?;
    let asked: Vec<(Field, Value)> = changes
        .into_iter()
        .map(|change| (change.field, change.asked))
        .collect();
    state
        .write(move |writer| {
            let mut record = record.clone();
            let base = writer.base(key)?;
            let went = asked.iter().all(|(field, asked)| {
                let base = base.as_ref().and_then(|base| base.fields.get(field));
                base.is_some_and(|base| base.asked == *asked)
            });
            record.open = !(went && is_ordered);
            writer.put_collection(at, &record)
        })
        .await?;
    Ok(())
}

pub(super) async fn put(
    state: &State,
    records: Vec<(CollectionKey, CollectionRecord)>,
) -> Result<(), Stop> {
    if records.is_empty() {
        return Ok(());
    }
    state
        .write(move |writer| {
            records
                .iter()
                .try_for_each(|(at, record)| writer.put_collection(*at, record))
        })
        .await?;
    Ok(())
}
