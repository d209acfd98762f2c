//! The end of a run: what the collections that are Syncslate's say of themselves.
//!
//! 1. The records that are open. None: no request, and no record is read.
//! 2. Where some came into being by this run, the section's collections are listed once more, and tell their keys.
//! 3. Their details, compared and planned like an item's; the jobs are written.
//! 4. Their order, where the source numbers the members.
//! 5. The record is closed where everything that was planned is remembered as written, and the order stands or is not to
//!    be had; else the next sync looks again.
//!
//! All of it by the page. A dry run says what 3 would write (`foretell`).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use syncslate_plex::CollectionSort;

use crate::library;
use crate::model::{Field, ItemKey, ItemType, Value};
use crate::store::{CollectionKey, CollectionRecord, ServerRecord, State};
use crate::text;
use crate::write::{Drained, Stop};

use super::super::compare::{self, Chunk, PIECE};
use super::super::core::Core;
use super::super::finish;
use super::super::session::Session;
use super::super::sync::ended;
use super::due::{self, Lists, Made, put};
use super::said::{as_item, hear_rivals};
use super::{Known, foretell, order};

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

/// One that was compared: as little as the rest of the step needs, since all of them wait for the write.
pub(super) struct Compared {
    at: CollectionKey,
    key: ItemKey,
    /// In what order Plex shows its members.
    sort: CollectionSort,
    /// What was planned, by its hash.
    asked: Vec<(Field, u64)>,
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
        return foretell::foretell(session, which).await;
    }
    let Some(state) = session.state.clone() else {
        return Ok(());
    };
    let mut lists = Lists::new();
    let mut compared = Vec::new();
    for page in due::due(session, &state, which).await?.chunks(PIECE) {
        let records = due::read(session, &state, which, page).await?;
        let made = due::bind(session, &mut lists, records).await?;
        compared.extend(compare_page(session, made, which).await?);
    }
    drop(lists);
    if compared.iter().any(|compared| !compared.asked.is_empty()) {
        let only = match which {
            Which::Open { .. } => None,
            Which::Restored => Some(vec![session.run]),
        };
        match finish::write(core, session, max_concurrency, server, only).await? {
            Drained::Empty => {}
            Drained::Cancelled => return Err(ended(core)),
        }
    }
    for page in compared.chunks(PIECE) {
        let mut arranged = Vec::with_capacity(page.len());
        let ended = arrange(session, &state, page, &mut arranged).await;
        close(&state, arranged).await?;
        ended?;
    }
    Ok(())
}

/// Compares a page of them with what Plex holds, and stores what is to be written.
pub(super) async fn compare_page(
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
    let mut remembered = session.bases(held).await?;
    let mut chunk = Chunk::default();
    let mut compared = Vec::new();
    let mut gone = Vec::new();
    let mut heard = Vec::new();
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
        if let Which::Open { root, whole: true } = which
            && hear_rivals(session, root, &mut made.record).await
        {
            heard.push((made.at, made.record.clone()));
        }
        let item = as_item(session, &made.record);
        let remembered = remembered.entry(made.key).or_default();
        let planned = compare::plan_one(session, &item, &plex, &details, remembered).await?;
        let asked = planned.changes.iter();
        compared.push(Compared {
            at: made.at,
            key: made.key,
            sort: details.collection_sort,
            asked: asked
                .map(|change| (change.field, hash(&change.asked)))
                .collect(),
        });
        compare::add(session, &mut chunk, &item, &plex, remembered, planned, true);
    }
    put(session, heard).await?;
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
                writer.forget_notes(*key)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// One whose members are in order, or cannot be brought there.
struct Arranged {
    at: CollectionKey,
    record: CollectionRecord,
    key: ItemKey,
    asked: Vec<(Field, u64)>,
    /// Nothing of its order is left for the next sync.
    is_ordered: bool,
}

/// Orders a page of them. Those that are left in `arranged` are to be closed, also where a person ends the run on the way.
async fn arrange(
    session: &Session,
    state: &State,
    page: &[Compared],
    arranged: &mut Vec<Arranged>,
) -> Result<(), Stop> {
    let keys: Vec<CollectionKey> = page.iter().map(|compared| compared.at).collect();
    let mut records = records(state, keys).await?;
    for compared in page {
        session.link.go_on().await?;
        let (at, key) = (compared.at, compared.key);
        let Some(mut record) = records.remove(&at) else {
            continue;
        };
        let was = (record.order.clone(), record.refused_order.clone());
        let is_ordered = order::arrange(session, at, &mut record, key, compared.sort).await?;
        let is_changed = was != (record.order.clone(), record.refused_order.clone());
        arranged.push(Arranged {
            at,
            record,
            key,
            asked: compared.asked.clone(),
            is_ordered,
        });
        if is_changed {
            // At once: what a person does to the order from now on must not pass for Syncslate's own moves.
            close(state, std::mem::take(arranged)).await?;
        }
    }
    Ok(())
}

async fn records(
    state: &State,
    keys: Vec<CollectionKey>,
) -> Result<BTreeMap<CollectionKey, CollectionRecord>, Stop> {
    Ok(state
        .read_long(move |reader| {
            let mut records = BTreeMap::new();
            for at in keys {
                if let Some(record) = reader.collection(at)? {
                    records.insert(at, record);
                }
            }
            Ok(records)
        })
        .await?)
}

/// Closes records where everything went, in one transaction.
async fn close(state: &State, arranged: Vec<Arranged>) -> Result<(), Stop> {
    if arranged.is_empty() {
        return Ok(());
    }
    state
        .write(move |writer| {
            for one in &arranged {
                let base = writer.base(one.key)?;
                let went = one.asked.iter().all(|(field, asked)| {
                    let base = base.as_ref().and_then(|base| base.fields.get(field));
                    base.is_some_and(|base| hash(&base.asked) == *asked)
                });
                let record = CollectionRecord {
                    open: !(went && one.is_ordered),
                    ..one.record.clone()
                };
                writer.put_collection(one.at, &record)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Tells values apart within a run without keeping their texts.
fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
