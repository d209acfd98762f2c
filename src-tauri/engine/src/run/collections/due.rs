//! Which collections a run looks at in its last step, and which of them are there and Syncslate's.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{ItemKey, SectionUuid};
use crate::store::{CollectionKey, CollectionRecord, State};
use crate::write::Stop;

use super::super::session::Session;
use super::step::Which;
use super::{Known, Standing};

/// A collection that is Syncslate's, with its record.
pub(super) struct Made {
    pub(super) at: CollectionKey,
    pub(super) record: CollectionRecord,
    pub(super) key: ItemKey,
}

/// Each section's collections, asked for after members were written; a dry run writes none.
pub(super) type Lists = BTreeMap<SectionUuid, Arc<Known>>;

/// The collections of which something is to be compared, or of which a person decided something: that is to be carried
/// out. Their records are read by the page.
pub(super) async fn due(
    session: &Session,
    state: &State,
    which: Which<'_>,
) -> Result<Vec<CollectionKey>, Stop> {
    let sections = session.sections.clone();
    let heard = match which {
        Which::Open { whole: false, .. } => Some(session.heard()),
        Which::Open { .. } | Which::Restored => None,
    };
    Ok(state
        .read_long(move |reader| {
            let mut keys = BTreeSet::new();
            for section in &sections.all {
                keys.extend(reader.open_collections(sections.server, section.uuid)?);
            }
            for (item, _) in reader.chosen_items(sections.server)? {
                if sections.holds(item) {
                    keys.extend(reader.collections_made_as(item)?);
                }
            }
            if let Some(heard) = heard {
                keys.retain(|at| heard.contains(at));
            }
            Ok(keys.into_iter().collect())
        })
        .await?)
}

/// The records of a page, without those that this run leaves to another.
pub(super) async fn read(
    session: &Session,
    state: &State,
    which: Which<'_>,
    page: &[CollectionKey],
) -> Result<Vec<(CollectionKey, CollectionRecord)>, Stop> {
    let page = page.to_vec();
    let (run, settings) = (session.run, session.settings_digest);
    let restored = which == Which::Restored;
    Ok(state
        .read_long(move |reader| {
            let mut records = Vec::with_capacity(page.len());
            for at in page {
                let Some(record) = reader.collection(at)? else {
                    continue;
                };
                let is_due = if restored {
                    record.restored_by == Some(run)
                } else {
                    // What an interrupted run left under other settings waits until its members are compared under these.
                    record.settings == settings
                };
                if is_due {
                    records.push((at, record));
                }
            }
            Ok(records)
        })
        .await?)
}

/// Learns the keys of those that came into being, and forgets those that did not.
pub(super) async fn bind(
    session: &Session,
    lists: &mut Lists,
    records: Vec<(CollectionKey, CollectionRecord)>,
) -> Result<Vec<Made>, Stop> {
    let mut bound = Vec::with_capacity(records.len());
    let mut changed = Vec::new();
    for (at, mut record) in records {
        if record.made.is_none() || !record.expected.is_empty() {
            let known = listed(session, lists, at.section()).await?;
            let was = record.clone();
            let is_theirs = known.is_renamed(at);
            tell(known, at, &mut record);
            if record != was {
                changed.push((at, record.clone()));
            }
            if is_theirs {
                continue;
            }
        }
        if let Some(made) = &record.made {
            let key = at.item(made.key);
            bound.push(Made { at, record, key });
        }
    }
    put(session, changed).await?;
    Ok(bound)
}

async fn listed<'l>(
    session: &Session,
    lists: &'l mut Lists,
    section: SectionUuid,
) -> Result<&'l Known, Stop> {
    if let Entry::Vacant(vacant) = lists.entry(section) {
        let context = session.sections.of(section);
        let known = if session.dry_run {
            session.collections(context).await?
        } else {
            Arc::new(Known::ask(session, context).await?)
        };
        vacant.insert(known);
    }
    Ok(&lists[&section])
}

/// Whether it is there, and whose.
fn tell(known: &Known, at: CollectionKey, record: &mut CollectionRecord) {
    record.restored_by = None;
    if known.is_renamed(at) {
        // Whoever renamed it has it; members follow it under its new name.
        record.expected.clear();
        record.open = false;
        return;
    }
    // Where there is none its members were not written; those that failed may be yet.
    if known.standing(record.of, &record.title) != Standing::Missing {
        record.expected.clear();
    }
    let Some(made) = known.ours(at) else {
        record.vanish();
        return;
    };
    if record.made.as_ref().map(|made| made.key) != Some(made.key) {
        // Another one, which nobody has ordered yet.
        record.order = None;
    }
    record.bind(made.clone());
}

/// Stores records; in a dry run nothing is stored.
pub(super) async fn put(
    session: &Session,
    records: Vec<(CollectionKey, CollectionRecord)>,
) -> Result<(), Stop> {
    let Some(state) = session.state.as_ref().filter(|_| !session.dry_run) else {
        return Ok(());
    };
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
