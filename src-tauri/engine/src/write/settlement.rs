//! What a page of settled jobs leaves behind: outcome, journal and base in one transaction, then the caches.
//!
//! Not here: what a read-back says of a job (`verify`).

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::remember;
use super::stop::Stop;
use super::trouble::{self, Fate};
use super::unit::Trouble;
use crate::model::{Field, FieldKind, ItemType, Kept, SectionUuid, Stand, Value};
use crate::plan::{self, Rules};
use crate::queue::{Job, Outcome};
use crate::store::{KeptRecord, StateReader, StateWriter, StoreError};

/// What one transaction stores of a settled job.
pub(super) struct Settlement {
    pub(super) job: Job,
    pub(super) outcome: Outcome,
    pub(super) kept: Vec<Kept>,
    pub(super) rest: Option<(Job, Trouble, u64)>,
    /// Something did not go because it is another than planned: the next sync looks at the item again.
    pub(super) outdated: bool,
    /// It was read back so soon that its time of change may hide another change: the next sync looks again.
    pub(super) unripe: bool,
    pub(super) gone: bool,
    pub(super) stand: Stand,
}

impl Settlement {
    /// Of a job whose item is not there any more.
    pub(super) fn of_gone(job: &Job) -> Self {
        Self {
            job: job.clone(),
            outcome: Outcome::default(),
            kept: Vec::new(),
            rest: None,
            outdated: false,
            unripe: false,
            gone: true,
            stand: Stand {
                updated_at: 0,
                watched: false,
            },
        }
    }
}

/// Stores them in one transaction, and tells the caches afterwards.
pub(super) async fn store(context: &Context, settlements: Vec<Settlement>) -> Result<(), Stop> {
    let now = context.clock.now_ms();
    let run = context.run;
    let summary = context
        .reporter
        .read(|snapshot| snapshot.run.as_ref().map(|run| run.summary.clone()));
    let settled = settlements
        .iter()
        .filter(|settlement| !settlement.gone && !settlement.job.changes.is_empty())
        .fold((0, 0, 0), |(items, collections, fields), settlement| {
            let changes = &settlement.job.changes;
            let stays = |field: &Field| {
                let mut of_field = changes.iter().filter(|change| change.field == *field);
                of_field.any(|change| !change.moves())
            };
            let written = settlement.outcome.fields.keys();
            let count = written.filter(|field| !stays(field)).count();
            let is_collection = settlement.job.item_type == ItemType::Collection;
            (
                items + 1,
                collections + u32::from(is_collection),
                fields + u32::try_from(count).unwrap_or(u32::MAX),
            )
        });
    let settlements = std::sync::Arc::new(settlements);
    let work = std::sync::Arc::clone(&settlements);
    let rules: BTreeMap<SectionUuid, Rules> = context
        .sections
        .all
        .iter()
        .map(|section| (section.uuid, section.rules.clone()))
        .collect();
    let (fates, drifted) = context
        .state
        .write(move |writer| {
            let mut fates = Vec::new();
            let mut drifted = BTreeSet::new();
            for settlement in work.iter() {
                if settlement.gone {
                    writer.park(&settlement.job)?;
                    continue;
                }
                if has_drifted(writer, settlement, &rules)? {
                    drifted.insert(settlement.job.key);
                }
                let withdrawn = withdrawn(writer, &settlement.job)?;
                if !withdrawn.is_empty() {
                    drifted.insert(settlement.job.key);
                    renew_notes(writer, settlement, &withdrawn)?;
                }
                let rest = settlement.rest.as_ref();
                let rest = rest.map(|rest| still_wanted(writer, rest)).transpose()?;
                let job = as_first_planned(writer, &settlement.job)?;
                writer.finish(&job, &settlement.outcome)?;
                writer.drop_chosen(job.key, settlement.outcome.fields.keys())?;
                if !settlement.kept.is_empty() {
                    let mut record = writer.kept(settlement.job.key)?.unwrap_or(KeptRecord {
                        title: settlement.job.title.clone(),
                        ..KeptRecord::default()
                    });
                    // A field has one note: what became of it takes the place of what was told beforehand.
                    record.forget(|field| settlement.kept.iter().any(|kept| kept.field == field));
                    record.kept.extend(settlement.kept.iter().cloned());
                    writer.put_kept(settlement.job.key, &record)?;
                }
                if let Some((mut rest, trouble, seed)) = rest.flatten() {
                    if rest.changes.is_empty() {
                        // Nothing is to be tried again: it is read back as soon as can be.
                        rest.due_ms = now;
                        writer.enqueue(rest)?;
                        continue;
                    }
                    let rest = writer.enqueue(rest)?;
                    fates.push(trouble::decide(writer, &rest, trouble, now, *seed)?);
                }
            }
            if let Some(summary) = &summary {
                // Jobs that were only sent go again after a crash and count then.
                writer.update_run(run, |record| {
                    let before = std::mem::replace(&mut record.summary, summary.clone());
                    record.summary.written = before.written + settled.0;
                    record.summary.collections_written = before.collections_written + settled.1;
                    record.summary.fields_written = before.fields_written + settled.2;
                })?;
            }
            Ok((fates, drifted))
        })
        .await?;
    for fate in fates {
        trouble::count(context, fate);
        if fate == Fate::Failed {
            tracing::warn!("a part of an item could not be written");
        }
    }
    remember::remember(context, settlements, drifted).await;
    Ok(())
}

/// What did not go. Of what a person took out meanwhile is left what it may have done all the same.
fn still_wanted<'r>(
    reader: &StateReader<'_>,
    (rest, trouble, seed): &'r (Job, Trouble, u64),
) -> Result<Option<(Job, &'r Trouble, &'r u64)>, StoreError> {
    let mut rest = rest.clone();
    if let Some(stored) = reader.job(rest.key)?.filter(|stored| stored.id == rest.id) {
        let left: BTreeSet<Field> = rest.changes.iter().map(|change| change.field).collect();
        rest.learn_withdrawn(&stored);
        // What went is settled now.
        rest.carried.retain(|field, _| left.contains(field));
    }
    let has_any = !rest.changes.is_empty() || !rest.carried.is_empty();
    Ok(has_any.then_some((rest, trouble, seed)))
}

/// The fields that a person took out of a job while it was under way.
fn withdrawn(reader: &StateReader<'_>, job: &Job) -> Result<Vec<Field>, StoreError> {
    let Some(stored) = reader.job(job.key)?.filter(|stored| stored.id == job.id) else {
        // A job of which nothing else was left stays, too: it was started.
        return Ok(Vec::new());
    };
    let planned = job.changes.iter().map(|change| change.field);
    Ok(planned
        .filter(|field| stored.change(*field).is_none())
        .collect())
}

/// When a person withdrew these, it was noted that Plex's value stays. Says what it holds now, and nothing where that is
/// the source's value after all.
fn renew_notes(
    writer: &mut StateWriter<'_>,
    settlement: &Settlement,
    withdrawn: &[Field],
) -> Result<(), StoreError> {
    let key = settlement.job.key;
    let Some(mut record) = writer.kept(key)? else {
        return Ok(());
    };
    let outcome = &settlement.outcome;
    record.kept.retain_mut(|kept| {
        let field = kept.field;
        if !withdrawn.contains(&field) {
            return true;
        }
        let now = match outcome.fields.get(&field) {
            Some(written) => &written.after,
            // Of a picture only its path is known.
            None if field.kind() == FieldKind::Image => return true,
            None => outcome.held.get(field),
        };
        kept.plex.clone_from(now);
        !plan::same(field, now, &kept.source)
    });
    writer.put_kept(key, &record)
}

/// Whether somebody changed other fields of the item since it was compared: Plex's agent, as a rule. The time of change
/// that the read-back shows covers that too, so that the item must stay news.
fn has_drifted(
    reader: &StateReader<'_>,
    settlement: &Settlement,
    rules: &BTreeMap<SectionUuid, Rules>,
) -> Result<bool, StoreError> {
    let job = &settlement.job;
    let base = reader
        .base(job.key)?
        .filter(|base| base.identity.is_same(&job.identity));
    let (Some(base), Some(rules)) = (base, rules.get(&job.key.section)) else {
        return Ok(false);
    };
    let kept = reader.kept(job.key)?.unwrap_or_default();
    let conflicts = kept.conflicts.into_iter();
    let noted: BTreeMap<Field, Value> = conflicts
        .map(|conflict| (conflict.field, conflict.plex))
        .chain(kept.kept.into_iter().map(|kept| (kept.field, kept.plex)))
        .collect();
    let held = &settlement.outcome.held;
    Ok(plan::drifted(
        &base.fields,
        &noted,
        &job.changes,
        held,
        rules,
    ))
}

/// The job with the *before* values of its first try: a mark's says whether it is to be sent, and that is not what the run
/// replaced. The pictures that others gave actors since stay theirs.
fn as_first_planned(reader: &StateReader<'_>, job: &Job) -> Result<Job, StoreError> {
    let mut job = job.clone();
    let Some(stored) = reader.job(job.key)?.filter(|stored| stored.id == job.id) else {
        return Ok(job);
    };
    for change in &mut job.changes {
        let first = stored.change(change.field);
        let first = first.map(|first| (&first.before, &first.before_raw));
        // A person took it out meanwhile.
        let carried = || stored.carried.get(&change.field);
        let carried = || carried().map(|first| (&first.before, &first.before_raw));
        if let Some((before, raw)) = first.or_else(carried) {
            let raw = raw.as_ref();
            change.before_raw = raw.map(|raw| plan::before_it_was_sent(raw, change));
            change.before = plan::before_it_was_sent(before, change);
        }
    }
    Ok(job)
}
