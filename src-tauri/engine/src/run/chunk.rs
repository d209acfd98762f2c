//! Planned items on their way into the state.
//!
//! A person may decide at any time. What they decided since an item was planned is their last word: of these fields
//! nothing is stored but what they said, and the next sync looks at the item again.
//!
//! Not here: what is planned (`compare`), and what a decision does (`settle`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::collections;
use super::noted::Noted;
use super::session::Session;
use crate::model::{BaseField, Field, Identity, ItemKey, Stand};
use crate::plan;
use crate::queue::Job;
use crate::store::{
    BaseRecord, CollectionSays, KeptRecord, MatchRecord, StateReader, StateWriter, StoreError,
};
use crate::write::Stop;

/// See the module.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) jobs: Vec<Job>,
    pub(super) kept: Vec<Kept>,
    pub(super) adopted: Vec<Adopted>,
    /// What is said of collections that are Syncslate's, or are to be.
    pub(super) collections: Vec<CollectionSays>,
    /// Decisions of a person that need not be remembered any more.
    pub(super) over: Vec<(ItemKey, Vec<Field>)>,
    /// Compared, with nothing to write: what the caches may remember once the chunk is stored.
    pub(super) settled: Vec<(ItemKey, Stand)>,
    pub(super) matches: Vec<MatchRecord>,
}

/// What is noted of an item. An empty record takes away what an earlier run had noted.
pub(super) struct Kept {
    pub(super) key: ItemKey,
    pub(super) record: KeptRecord,
    /// What was noted when it was planned.
    pub(super) noted: Noted,
}

/// Values that Plex holds as the source asks for them.
pub(super) struct Adopted {
    pub(super) key: ItemKey,
    pub(super) identity: Identity,
    pub(super) source_id: String,
    pub(super) fields: BTreeMap<Field, BaseField>,
}

/// The fields of each item in which a person decided something since it was planned.
type Decided = BTreeMap<ItemKey, BTreeSet<Field>>;

impl Chunk {
    /// Whether it is time to store it.
    pub(super) fn is_full(&self) -> bool {
        self.jobs.len().max(self.kept.len()) >= plan::batch::PLAN_CHUNK
    }

    /// Stores the chunk in one transaction, then tells the caches. In a dry run nothing is stored.
    pub(super) async fn store(&mut self, session: &Session) -> Result<(), Stop> {
        let chunk = std::mem::take(self);
        if session.dry_run {
            return collections::foretold(session, chunk.collections).await;
        }
        let Some(state) = session.state.as_ref() else {
            return Ok(());
        };
        let Self {
            jobs,
            kept,
            adopted,
            collections,
            over,
            mut settled,
            mut matches,
        } = chunk;
        session.hear(collections.iter().map(|says| says.key));
        let decided = state
            .write(move |writer| {
                let decided = decided_since(writer, &kept)?;
                for adopted in &adopted {
                    adopt(writer, adopted)?;
                }
                for kept in &kept {
                    note(writer, kept, decided.get(&kept.key))?;
                }
                writer.hear_of_collections(&collections)?;
                for (key, fields) in &over {
                    let stands = |field: &&Field| {
                        let mut since = decided.get(key).into_iter().flatten();
                        since.all(|decided| decided != *field)
                    };
                    writer.drop_chosen(*key, fields.iter().filter(stands))?;
                }
                for job in &jobs {
                    enqueue(writer, job, decided.get(&job.key))?;
                }
                Ok(decided)
            })
            .await?;
        settled.retain(|(key, _)| !decided.contains_key(key));
        matches.retain(|found| !found.items.iter().any(|key| decided.contains_key(key)));
        let cache = session.matches.clone();
        let source = session.source;
        let library = Arc::clone(&session.library);
        let told = session
            .blocking
            .run(move || {
                cache.put_matches(source, &matches);
                library.settle(&settled)
            })
            .await;
        if let Err(error) = told {
            tracing::debug!(%error, "the library cache was not told of compared items");
        }
        Ok(())
    }
}

fn decided_since(reader: &StateReader<'_>, kept: &[Kept]) -> Result<Decided, StoreError> {
    let mut decided = Decided::new();
    for Kept { key, noted, .. } in kept {
        let fields = noted.decided_since(&Noted::of(reader, *key)?);
        if !fields.is_empty() {
            decided.insert(*key, fields);
        }
    }
    Ok(decided)
}

fn adopt(writer: &mut StateWriter<'_>, adopted: &Adopted) -> Result<(), StoreError> {
    let known = writer.base(adopted.key)?;
    let known = known.filter(|known| known.identity.is_same(&adopted.identity));
    let mut fields = known.map_or_else(BTreeMap::new, |known| known.fields);
    fields.extend(adopted.fields.clone());
    let record = BaseRecord {
        identity: adopted.identity.clone(),
        source_id: Some(adopted.source_id.clone()),
        fields,
    };
    writer.put_base(adopted.key, &record)
}

fn note(
    writer: &mut StateWriter<'_>,
    kept: &Kept,
    decided: Option<&BTreeSet<Field>>,
) -> Result<(), StoreError> {
    let Some(decided) = decided else {
        return writer.put_kept(kept.key, &kept.record);
    };
    let said = writer.kept(kept.key)?.unwrap_or_default();
    let mut record = kept.record.clone();
    record.forget(|field| decided.contains(&field));
    let said_kept = said.kept.into_iter();
    record
        .kept
        .extend(said_kept.filter(|kept| decided.contains(&kept.field)));
    let said_open = said.conflicts.into_iter();
    record
        .conflicts
        .extend(said_open.filter(|open| decided.contains(&open.field)));
    writer.put_kept(kept.key, &record)
}

fn enqueue(
    writer: &mut StateWriter<'_>,
    job: &Job,
    decided: Option<&BTreeSet<Field>>,
) -> Result<(), StoreError> {
    let mut job = job.clone();
    if let Some(decided) = decided {
        let chosen = writer.chosen(job.key)?.fields;
        job.changes.retain(|change| {
            !decided.contains(&change.field) || chosen.contains_key(&change.field)
        });
        job.match_stamp = None;
    }
    writer.enqueue(job)?;
    Ok(())
}
