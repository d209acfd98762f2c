//! Reads back what was written and settles it: outcome, journal and base in one transaction, then the caches.
//!
//! | Plex holds | seen | then |
//! |---|---|---|
//! | what was asked | ever | settled |
//! | something else | the first time | read again after 2 s |
//! | something else, locked, that was not there before | the second time | somebody's edit since: it stays |
//! | something else | the second time | written once more |
//! | something else | after that | refused: remembered, and not planned again until it changes |
//! | no such item, asked twice | ever | the job waits for the item to be seen again; nothing is said of it |

use std::collections::{BTreeMap, BTreeSet};

use syncslate_plex::Details;

use super::context::Context;
use super::prepare::note_marks;
use super::remember;
use super::roles;
use super::stop::Stop;
use super::trouble::{self, Fate};
use super::unit::{Attempt, Trouble};
use crate::library;
use crate::model::{
    BaseField, Change, Field, FieldKind, ItemType, Kept, KeptReason, PlexValues, SectionUuid,
    Stand, Value,
};
use crate::plan::{self, Rules, Selected};
use crate::queue::{FieldOutcome, Job, Outcome};
use crate::store::{KeptRecord, StateReader, StateWriter, StoreError};

/// How often a written job was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    Second,
    Last,
}

/// A job that Plex said yes to.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) job: Job,
    done: Vec<Change>,
    pub(super) keys: Selected,
    left: Vec<Change>,
    trouble: Option<Trouble>,
    look: Look,
    sent_ms: i64,
}

/// A job that was read back.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) written: Written,
    pub(super) verdict: Verdict,
}

/// What is to be done with it.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Nothing; it is out of the queue. `again`: a rest of it is in the queue.
    Settled { again: bool },
    /// Read it again in a moment.
    LookAgain,
    /// Send it once more.
    WriteAgain(Box<Job>),
}

impl Written {
    /// What went of an attempt, at that time.
    pub(super) fn new(attempt: Attempt, sent_ms: i64) -> Self {
        Self {
            sent_ms,
            job: attempt.job,
            done: attempt.done,
            keys: attempt.keys,
            left: attempt.left,
            trouble: attempt.trouble,
            look: if attempt.second {
                Look::Last
            } else {
                Look::First
            },
        }
    }

    /// What went of its cast.
    pub(super) fn cast(&self) -> Option<&Change> {
        let mut done = self.done.iter();
        done.find(|change| change.field == Field::Actors)
    }

    /// Whether it was looked at before.
    pub(super) fn is_looked_at_again(&self) -> bool {
        self.look != Look::First
    }

    /// The same, to be looked at for the second time.
    pub(super) fn looked_twice(self) -> Self {
        Self {
            look: Look::Second,
            ..self
        }
    }
}

/// What one transaction stores of a settled job.
pub(super) struct Settlement {
    pub(super) job: Job,
    outcome: Outcome,
    kept: Vec<Kept>,
    pub(super) rest: Option<(Job, Trouble, u64)>,
    /// Something did not go because it is another than planned: the next sync looks at the item again.
    pub(super) outdated: bool,
    pub(super) gone: bool,
    pub(super) stand: Stand,
}

/// Checks a page of written jobs with one request.
pub(super) async fn check(context: &Context, page: Vec<Written>) -> Result<Vec<Checked>, Stop> {
    let keys: Vec<u64> = page
        .iter()
        .map(|written| written.job.key.rating_key.0)
        .collect();
    let details = context.details(&keys).await?;
    roles::learn(context, &page, &details).await;
    let mut checked = Vec::with_capacity(page.len());
    let mut settlements = Vec::with_capacity(page.len());
    for written in page {
        let details = details.get(&written.job.key.rating_key.0);
        match judge(context, &written, details) {
            Judgement::Look(mut verdict) => {
                if let Verdict::WriteAgain(again) = &mut verdict {
                    learn_withdrawn(context, again)?;
                }
                checked.push(Checked { written, verdict });
            }
            Judgement::Settle(settlement) => {
                let again = settlement.rest.is_some();
                settlements.push(*settlement);
                checked.push(Checked {
                    written,
                    verdict: Verdict::Settled { again },
                });
            }
        }
    }
    if !settlements.is_empty() {
        store(context, settlements).await?;
    }
    Ok(checked)
}

/// What a person took out meanwhile is not sent for the second time; what the first one did is settled.
fn learn_withdrawn(context: &Context, again: &mut Job) -> Result<(), StoreError> {
    let stored = context.state.read(|reader| reader.job(again.key))?;
    if let Some(stored) = stored.filter(|stored| stored.id == again.id) {
        again.learn_withdrawn(&stored);
    }
    Ok(())
}

enum Judgement {
    Look(Verdict),
    Settle(Box<Settlement>),
}

fn judge(context: &Context, written: &Written, details: Option<&Details>) -> Judgement {
    let job = &written.job;
    let held = details.and_then(|details| {
        let item = library::item(
            details,
            job.key.server,
            job.key.section,
            context.path_hash.as_ref(),
        )?;
        let in_section = details.section_id.is_none_or(|id| id == job.section_id);
        (in_section && item.identity.is_same(&job.identity))
            .then(|| (context.roles.held(details), item.stand()))
    });
    let Some((held, stand)) = held else {
        return Judgement::Settle(Box::new(Settlement {
            job: job.clone(),
            outcome: Outcome::default(),
            kept: Vec::new(),
            rest: None,
            outdated: false,
            gone: true,
            stand: Stand {
                updated_at: 0,
                watched: false,
            },
        }));
    };
    let previous: BTreeMap<Field, BaseField> = job
        .base_before
        .iter()
        .filter_map(|(field, base)| Some((*field, base.clone()?)))
        .collect();
    let settled = plan::settle(
        &written.done,
        Some(&previous),
        &held,
        &written.keys,
        &context.sections.of(written.job.key.section).rules,
    );
    let mut base = settled.base;
    if written.sent_ms < context.link.back_ms() {
        // Somebody may have chosen another picture since: when the item is compared next, it is asked which one it is.
        for base in base.values_mut() {
            base.image_path = None;
        }
    }
    let mut kept = Vec::new();
    let mut rest_too = Vec::new();
    let edited: Vec<Field> = settled
        .differs
        .iter()
        .filter(|field| is_edited_since(job, **field, &held))
        .copied()
        .collect();
    if !settled.differs.is_empty() {
        match written.look {
            Look::First => return Judgement::Look(Verdict::LookAgain),
            // A try of its own would forget what did not go. (A picture that went differs where the edit with its lock
            // did not.) What Syncslate remembers of these stays as it was.
            Look::Second | Look::Last if has_rest(written) => {
                let kept_base = settled.differs.iter();
                base.extend(
                    kept_base.filter_map(|field| Some((*field, previous.get(field)?.clone()))),
                );
                rest_too = settled.differs;
                rest_too.retain(|field| !edited.contains(field));
            }
            Look::Second if edited.is_empty() => {
                let again = Box::new(once_more(job, &written.done, &held));
                return Judgement::Look(Verdict::WriteAgain(again));
            }
            Look::Second | Look::Last => {
                base.extend(plan::refuse(
                    &written.done,
                    &settled.differs,
                    Some(&previous),
                    &held,
                    &written.keys,
                    &context.sections.of(written.job.key.section).rules,
                ));
                kept = refusals(&written.done, &settled.differs, &edited, &held);
            }
        }
    }
    for change in written
        .done
        .iter()
        .filter(|done| edited.contains(&done.field))
    {
        let known = previous.get(&change.field);
        let landed = plan::base_after_write(change, known, &change.after, change.lock);
        base.insert(change.field, landed);
    }
    Judgement::Settle(Box::new(Settlement {
        job: job.clone(),
        outcome: outcome(context, written, base, &edited, held),
        kept,
        rest: rest(context, written, &rest_too),
        outdated: matches!(written.trouble, Some(Trouble::Outdated)),
        gone: false,
        stand,
    }))
}

/// The same job, with *before* as it is now where tags are to be removed or a mark may be there. Its pictures went; their
/// locks go again.
fn once_more(job: &Job, done: &[Change], held: &PlexValues) -> Job {
    let mut again = job.clone();
    again.changes = done.to_vec();
    for change in &mut again.changes {
        if change.field.kind() == FieldKind::Tags {
            change.before = held.get(change.field).clone();
            change.before_raw = held.raw.get(&change.field).cloned();
        }
    }
    note_marks(&mut again, held);
    again
}

/// Whether somebody put a value of their own in the place of what was written. What Plex did not take is still as it was
/// before; a third value under a lock is a person's, and writing once more would take it from them.
fn is_edited_since(job: &Job, field: Field, held: &PlexValues) -> bool {
    let Some(change) = job
        .change(field)
        .filter(|_| field.kind() != FieldKind::Image)
    else {
        return false;
    };
    let was = Change {
        lock: change.before_locked,
        after: change.before.clone(),
        before: change.after.clone(),
        ..change.clone()
    };
    held.is_locked(field) && !plan::holds(change, held) && !plan::holds(&was, held)
}

fn refusals(done: &[Change], differs: &[Field], edited: &[Field], held: &PlexValues) -> Vec<Kept> {
    done.iter()
        .filter(|change| differs.contains(&change.field))
        .map(|change| Kept {
            field: change.field,
            reason: if edited.contains(&change.field) {
                KeptReason::PersonsEdit
            } else {
                KeptReason::Refused
            },
            plex: held.get(change.field).clone(),
            source: change.asked.clone(),
        })
        .collect()
}

fn outcome(
    context: &Context,
    written: &Written,
    mut base: BTreeMap<Field, BaseField>,
    edited: &[Field],
    held: PlexValues,
) -> Outcome {
    let mut fields: BTreeMap<Field, FieldOutcome> = written
        .done
        .iter()
        .map(|change| {
            let field = change.field;
            let after = written
                .keys
                .get(&field)
                .map_or_else(|| held.get(field).clone(), |key| Value::Image(key.clone()));
            let (after, after_locked) = if edited.contains(&field) {
                // What the run left, so that undo knows that it was edited since.
                (change.after.clone(), change.lock)
            } else {
                (after, held.is_locked(field))
            };
            let outcome = FieldOutcome {
                after,
                after_locked,
                base: base.remove(&field),
            };
            (field, outcome)
        })
        .collect();
    // Pictures that a replaced job may have sent: details do not tell which one is selected.
    for (field, key) in &written.keys {
        if written.job.carried.contains_key(field) {
            fields.entry(*field).or_insert_with(|| FieldOutcome {
                after: Value::Image(key.clone()),
                after_locked: held.is_locked(*field),
                base: None,
            });
        }
    }
    Outcome {
        at_ms: context.clock.now_ms(),
        fields,
        held,
    }
}

/// Whether something did not go that is to be tried again.
fn has_rest(written: &Written) -> bool {
    !written.left.is_empty() && !matches!(written.trouble, None | Some(Trouble::Outdated))
}

/// What did not go, as a job of its own, together with the fields `too` that went and do not hold.
fn rest(context: &Context, written: &Written, too: &[Field]) -> Option<(Job, Trouble, u64)> {
    let trouble = written.trouble.clone()?;
    if !has_rest(written) {
        return None;
    }
    let mut rest = written.job.clone();
    rest.changes.clone_from(&written.left);
    let differing = written.done.iter();
    rest.changes.extend(
        differing
            .filter(|change| too.contains(&change.field))
            .cloned(),
    );
    rest.changes.sort_by_key(|change| change.field);
    let left: BTreeSet<Field> = rest.changes.iter().map(|change| change.field).collect();
    rest.image_files.retain(|field, _| left.contains(field));
    rest.images_before.retain(|field, _| left.contains(field));
    rest.base_before.retain(|field, _| left.contains(field));
    rest.restore.retain(|field, _| left.contains(field));
    rest.carried.retain(|field, _| left.contains(field));
    let seed = context.link.with_rng(rand::Rng::next_u64);
    Some((rest, trouble, seed))
}

async fn store(context: &Context, settlements: Vec<Settlement>) -> Result<(), Stop> {
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

/// The job with the *before* values of its first try: a second one removes tags by what Plex held in between, and that
/// is not what the run replaced, and a mark's says whether it is to be sent.
fn as_first_planned(reader: &StateReader<'_>, job: &Job) -> Result<Job, StoreError> {
    let mut job = job.clone();
    let Some(stored) = reader.job(job.key)?.filter(|stored| stored.id == job.id) else {
        return Ok(job);
    };
    for change in &mut job.changes {
        if let Some(first) = stored.change(change.field) {
            change.before.clone_from(&first.before);
            change.before_raw.clone_from(&first.before_raw);
        } else if let Some(first) = stored.carried.get(&change.field) {
            // A person took it out meanwhile.
            change.before.clone_from(&first.before);
            change.before_raw.clone_from(&first.before_raw);
        }
    }
    Ok(job)
}
