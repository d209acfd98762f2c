//! Reads candidates on both sides, and plans them.
//!
//! Not here: which items are candidates (`scan`), how a value is decided (`plan`), storing the plan (`chunk`), and
//! writing.

use std::collections::BTreeMap;

use syncslate_plex::Details;

use super::aim;
use super::chunk::{Adopted, Kept};
use super::collections;
use super::scan::Candidate;
use super::session::{Remembered, Session};
use crate::library;
use crate::model::{BaseField, Field, ItemKey, KeptReason, PlexItem, SourceItem};
use crate::plan::{self, ItemPlan, Selected};
use crate::queue::{Job, JobKind, MatchStamp};
use crate::report::PlannedItem;
use crate::source::nfo::{self, ReadError, ReadItem};
use crate::store::{KeptRecord, MatchOutcome, MatchRecord};
use crate::timing::OperationTimer;
use crate::write::Stop;

pub(super) use super::chunk::Chunk;

/// Candidates compared at once: one detail read of Plex.
pub(super) const PIECE: usize = plan::batch::READ_BATCH;

/// A source item with the Plex items that it writes.
struct Pair {
    candidate: Candidate,
    read: Result<Vec<ReadItem>, ReadError>,
}

/// Compares one piece of candidates and adds the outcome to `chunk`.
pub(super) async fn compare(
    session: &Session,
    piece: Vec<Candidate>,
    // Whether the whole source was looked at.
    whole: bool,
    chunk: &mut Chunk,
) -> Result<(), Stop> {
    let pairs = read_sources(session, piece).await;
    let keys: Vec<ItemKey> = pairs
        .iter()
        .filter(|pair| pair.read.is_ok())
        .flat_map(|pair| pair.candidate.items.iter().copied())
        .collect();
    let details = read_details(session, &keys).await?;
    let held = details
        .iter()
        .map(|(key, (plex, details))| (*key, plex.identity.clone(), session.cast.held(details)))
        .collect();
    let mut remembered = session.bases(held).await?;
    for Pair { candidate, read } in pairs {
        session.step_done(1);
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                unreadable(session, &candidate, &error, chunk);
                continue;
            }
        };
        let mut wait = false;
        for ReadItem { item, notes } in &read {
            for note in notes {
                session.picture_note(&item.label, &note.error.to_string());
            }
            wait |= notes.iter().any(|note| note.error.is_temporary());
        }
        let first_job = chunk.jobs.len();
        let mut done = Vec::with_capacity(candidate.items.len());
        for key in &candidate.items {
            let Some((plex, details)) = details.get(key) else {
                // Gone since the listing; the next one says so.
                continue;
            };
            if !aim::still_holds(&candidate, plex) {
                // The listing that said so is out of date; the next sync asks for a whole one.
                session.relist(key.section, plex.item_type).await;
                continue;
            }
            let Some(item) = aim::meant(&read, &candidate, plex) else {
                session.another_kind(&candidate.entry.id, plex);
                done.push(*key);
                chunk.settled.push((plex.key, plex.stand()));
                continue;
            };
            let remembered = remembered.entry(*key).or_default();
            if !whole && aim::is_anothers(&candidate, remembered.base.as_ref()) {
                // Whoever wrote it last may only not have been looked at.
                continue;
            }
            let mut planned = plan_one(session, item, plex, details, remembered).await?;
            collections::spare_last_members(session, plex, remembered, &mut planned).await?;
            if planned.changes.is_empty() {
                done.push(*key);
            }
            if asks_for_collections(item, remembered)
                && let Some(known) = aim::collections_of(session, plex).await?
            {
                let says = collections::says(session, &known, item, (plex, details), &planned);
                chunk.collections.extend(says);
            }
            add(session, chunk, item, plex, remembered, planned, !wait);
        }
        if !wait {
            chunk.stamp(session, candidate, done, first_job);
        }
    }
    Ok(())
}

/// Whether an item is put into collections, or was by the latest sync.
fn asks_for_collections(item: &SourceItem, remembered: &Remembered) -> bool {
    let base = remembered.base.as_ref();
    let before = base.and_then(|base| base.fields.get(&Field::Collections));
    item.values.contains_key(&Field::Collections)
        || before.is_some_and(|before| !before.asked.is_empty())
}

/// Reads the .nfo files and their pictures, on several threads where there are any.
async fn read_sources(session: &Session, piece: Vec<Candidate>) -> Vec<Pair> {
    let share = piece.len().div_ceil(session.readers).max(1);
    let mut shares: Vec<Vec<Candidate>> = Vec::new();
    let mut rest = piece.into_iter().peekable();
    while rest.peek().is_some() {
        shares.push(rest.by_ref().take(share).collect());
    }
    let timings = &session.timings;
    let reading = shares.into_iter().map(|share| {
        let timings = timings.clone();
        session.blocking.run(move || {
            share
                .into_iter()
                .map(|candidate| {
                    let timer = OperationTimer::start(&timings, "source_read");
                    let read = nfo::read(&candidate.entry);
                    drop(timer);
                    Pair { candidate, read }
                })
                .collect::<Vec<_>>()
        })
    });
    futures::future::join_all(reading)
        .await
        .into_iter()
        .flatten()
        .collect()
}

pub(super) async fn read_details(
    session: &Session,
    keys: &[ItemKey],
) -> Result<BTreeMap<ItemKey, (PlexItem, Details)>, Stop> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut found = BTreeMap::new();
    for page in keys.chunks(PIECE) {
        // A rating key is unique within its server, but what is known of a section may be from before Plex was built anew.
        let mut asked: BTreeMap<u64, Vec<ItemKey>> = BTreeMap::new();
        for key in page {
            asked.entry(key.rating_key.0).or_default().push(*key);
        }
        let rating_keys: Vec<u64> = asked.keys().copied().collect();
        let client = session.link.client();
        let details = session.link.ask(|| client.details(&rating_keys)).await?;
        for details in details {
            let named = asked
                .get(&details.rating_key)
                .map_or(&[][..], Vec::as_slice);
            let is_here = |key: &&ItemKey| {
                let section = session.sections.of(key.section).id;
                named.len() == 1 || details.section_id.is_none_or(|id| id == section)
            };
            let Some(key) = named.iter().find(is_here) else {
                continue;
            };
            let item = library::item(
                &details,
                key.server,
                key.section,
                session.path_hash.as_ref(),
            );
            if let Some(item) = item {
                found.insert(item.key, (item, details));
            }
        }
    }
    Ok(found)
}

pub(super) async fn plan_one(
    session: &Session,
    item: &SourceItem,
    plex: &PlexItem,
    details: &Details,
    remembered: &mut Remembered,
) -> Result<ItemPlan, Stop> {
    let held = session.cast.held(details);
    let fields = remembered.base.as_ref().map(|base| &base.fields);
    let wanted = aim::wanted(session, item, plex).await?;
    let rules = &session.sections.of(plex.key.section).rules;
    let chosen_rules;
    let rules = if remembered.chosen.is_empty() {
        rules
    } else {
        chosen_rules = rules.with_chosen(&remembered.chosen, &wanted);
        &chosen_rules
    };
    let timer = OperationTimer::start(&session.timings, "compare");
    let mut planned = plan::plan_item(&wanted, &held, fields, &Selected::new(), rules);
    timer.finish();
    if !planned.unlisted.is_empty() {
        let selected = session
            .selected_pictures(plex.key.rating_key, &planned.unlisted)
            .await?;
        session
            .learn_pictures(plex, (&held, &selected), remembered)
            .await?;
        let fields = remembered.base.as_ref().map(|base| &base.fields);
        planned = plan::plan_item(&wanted, &held, fields, &selected, rules);
    }
    session.cast.fit(&mut planned, JobKind::Sync);
    if plex.item_type.holds(Field::Year) {
        plan::keep_year(&mut planned.changes, &held);
    }
    Ok(planned)
}

pub(super) fn add(
    session: &Session,
    chunk: &mut Chunk,
    item: &SourceItem,
    plex: &PlexItem,
    remembered: &Remembered,
    planned: ItemPlan,
    // Nothing of the item is left for a later sync.
    is_whole: bool,
) {
    let ItemPlan {
        changes,
        mut kept,
        conflicts,
        adopted,
        told,
        unlisted: _,
    } = planned;
    let base = remembered.base.as_ref();
    for kept in &mut kept {
        // What a person said is theirs stays theirs.
        if kept.reason == KeptReason::LockedBefore && remembered.noted.owned.contains(&kept.field) {
            kept.reason = KeptReason::PersonsEdit;
        }
    }
    session.count_plan(plex.item_type, &changes, kept.len(), conflicts.len());
    session.count_removed(plex.key.section, plan::brake::removed(&changes));
    kept.extend(told);
    if !changes.is_empty() || !kept.is_empty() || !conflicts.is_empty() {
        session.observer.planned(&PlannedItem {
            item: plex.key.rating_key.0,
            library: &session.sections.of(plex.key.section).title,
            title: &plex.title,
            source_id: &item.id,
            changes: &changes,
            kept: &kept,
            conflicts: &conflicts,
        });
    }
    chunk.kept.push(Kept {
        key: plex.key,
        record: KeptRecord {
            title: plex.title.clone(),
            source_id: Some(item.id.clone()),
            kept,
            conflicts,
        },
        noted: remembered.noted.clone(),
    });
    // Carried out already, or void because the source asks for something else by now.
    let over: Vec<Field> = remembered
        .chosen
        .keys()
        .filter(|field| changes.iter().all(|change| change.field != **field))
        .copied()
        .collect();
    if !over.is_empty() {
        chunk.over.push((plex.key, over));
    }
    if !adopted.is_empty() {
        chunk.adopted.push(Adopted {
            key: plex.key,
            identity: plex.identity.clone(),
            source_id: item.id.clone(),
            fields: adopted,
        });
    }
    if changes.is_empty() {
        // Without a stamp something could not be read yet, and the next sync looks again.
        if is_whole {
            chunk.settled.push((plex.key, plex.stand()));
        }
        if !remembered.has_job {
            return;
        }
        // A job without changes takes the place of the older one, and settles what that may have done.
    }
    let base_of = |field: Field| -> Option<BaseField> { base?.fields.get(&field).cloned() };
    let now = session.clock.now_ms();
    chunk.jobs.push(Job {
        id: 0,
        key: plex.key,
        run: session.run,
        kind: JobKind::Sync,
        identity: plex.identity.clone(),
        item_type: plex.item_type,
        section_id: session.sections.of(plex.key.section).id,
        source_id: Some(item.id.clone()),
        title: plex.title.clone(),
        image_files: changes
            .iter()
            .filter_map(|change| {
                let image = item.images.get(&change.field)?;
                Some((change.field, image.path.clone()))
            })
            .collect(),
        images_before: BTreeMap::new(),
        base_before: changes
            .iter()
            .map(|change| (change.field, base_of(change.field)))
            .collect(),
        changes,
        planned_at_ms: now,
        due_ms: now,
        tries: 0,
        waits: 0,
        started: false,
        last_error: None,
        match_stamp: None,
        restore: BTreeMap::new(),
        carried: BTreeMap::new(),
    });
}

fn unreadable(session: &Session, candidate: &Candidate, error: &ReadError, chunk: &mut Chunk) {
    session.no_item();
    if error.is_not_yet() {
        tracing::debug!(
            source = candidate.entry.id,
            "of a kind that is not synced; left alone"
        );
    } else {
        // Not remembered: each sync has to name it, and there are few.
        session.unreadable(&error.path.to_string_lossy(), &error.fault.to_string());
        return;
    }
    if !error.is_temporary() {
        chunk.matches.push(MatchRecord {
            source_id: candidate.entry.id.clone(),
            stamp: candidate.entry.stamp,
            settings: session.settings_digest,
            items: Vec::new(),
            done: Vec::new(),
            outcome: MatchOutcome::NotSynced,
        });
    }
}

impl Chunk {
    /// What is to be remembered of a candidate: at once where nothing is to be written, else as its jobs succeed, which
    /// begin at `first_job`. `done` are the items in which nothing is to be written.
    fn stamp(
        &mut self,
        session: &Session,
        candidate: Candidate,
        done: Vec<ItemKey>,
        first_job: usize,
    ) {
        let Candidate { entry, items, .. } = candidate;
        for job in &mut self.jobs[first_job..] {
            job.match_stamp = Some(MatchStamp {
                source: entry.source,
                entry: entry.id.clone(),
                items: items.clone(),
                done: done.clone(),
                stamp: entry.stamp,
                settings: session.settings_digest,
            });
        }
        if items.iter().all(|item| done.contains(item)) {
            self.matches.push(MatchRecord {
                source_id: entry.id,
                stamp: entry.stamp,
                settings: session.settings_digest,
                outcome: if items.is_empty() {
                    MatchOutcome::AlsoHere
                } else {
                    MatchOutcome::Matched
                },
                items,
                done,
            });
        }
    }
}
