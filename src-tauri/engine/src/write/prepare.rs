//! What happens to a job before its first request: taken from the queue, read again where it is old, its pictures
//! listed, made durable as started.
//!
//! Not here: the order of these steps (`executor`).

use std::collections::{BTreeMap, BTreeSet};

use syncslate_plex::{PlexError, UPLOAD};

use super::context::Context;
use super::executor::Ready;
use super::picture::{self, Offered, pictures};
use super::stop::Stop;
use super::unit::{Trouble, blocks_edit};
use super::{gone, last_member};
use crate::library::{self, image_kind};
use crate::model::{
    BaseField, Change, Conflict, ConflictKind, Field, FieldKind, PlexValues, Value,
};
use crate::plan::{self, Selected};
use crate::queue::{ImageBefore, Job, JobKind};
use crate::store::KeptRecord;

/// A plan older than this is read again before it is written.
const STALE_MS: i64 = 60_000;
/// The same of one that replaces a picture whose key is not known yet: a choice made before the list passes for what was
/// there, so that the time for it is kept short. The read is shared by up to 200 jobs.
const UNLISTED_STALE_MS: i64 = 10_000;

/// Takes due jobs, and tells when the next one left behind is due. Jobs of another server, and of sections that are not in
/// this run, stay where they are.
pub(super) async fn take(context: &Context, limit: usize) -> Result<(Vec<Job>, Option<i64>), Stop> {
    let now = context.clock.now_ms();
    let sections = context.sections.clone();
    let only = context.only.clone();
    let taken = context
        .state
        .write(move |writer| {
            let only = only.as_deref();
            let mut jobs = writer.take_due_of(only, now, limit)?;
            // The others come back with the next run, which may be one of theirs.
            jobs.retain(|job| sections.holds(job.key));
            Ok((jobs, writer.next_due_of(only)?))
        })
        .await?;
    Ok(taken)
}

/// Gives back jobs that were taken and not sent.
pub(super) async fn give_back(context: &Context, jobs: Vec<Job>) -> Result<(), Stop> {
    if jobs.is_empty() {
        return Ok(());
    }
    context
        .state
        .write(move |writer| jobs.iter().try_for_each(|job| writer.put_back(job)))
        .await?;
    Ok(())
}

/// Whether too much time went by since the job's item was read, or Plex was away meanwhile.
pub(super) fn is_old(context: &Context, job: &Job) -> bool {
    let bearable = if job.changes.iter().any(|change| is_unlisted(job, change)) {
        UNLISTED_STALE_MS
    } else {
        STALE_MS
    };
    let read = job.planned_at_ms;
    context.clock.now_ms() - read > bearable || read < context.link.back_ms()
}

/// Has the job's item read again before anything else, however young the plan is.
pub(super) fn doubt(job: &mut Job) {
    job.planned_at_ms = i64::MIN / 2;
}

/// Whether a change replaces a picture of which only Plex's path was seen so far.
fn is_unlisted(job: &Job, change: &Change) -> bool {
    image_kind(change.field).is_some()
        && !matches!(&change.before, Value::Image(key) if key.contains("://"))
        && !job.images_before.contains_key(&change.field)
}

fn is_stale(context: &Context, job: &Job) -> bool {
    job.started || is_old(context, job)
}

/// Whether any of these must be read again before it is written.
pub(super) fn any_stale(context: &Context, jobs: &[Job]) -> bool {
    jobs.iter().any(|job| is_stale(context, job))
}

/// Reads stale jobs' items again in one batch. A job whose item is gone, or is another one, goes. A change whose *before*
/// no longer stands is planned anew (a sync) or becomes a conflict (an undo). Returns the jobs that can be written; those
/// planned anew come back through the queue.
pub(super) async fn refresh(context: &Context, jobs: Vec<Job>) -> Result<Vec<Job>, Stop> {
    // Decided once: the read takes time, in which others grow stale that it was not asked for.
    let (stale, mut fresh): (Vec<Job>, Vec<Job>) =
        jobs.into_iter().partition(|job| is_stale(context, job));
    let keys: Vec<u64> = stale.iter().map(|job| job.key.rating_key.0).collect();
    let details = context.details(&keys).await?;
    let mut read = Vec::with_capacity(stale.len());
    for job in stale {
        let held = details.get(&job.key.rating_key.0).and_then(|details| {
            let item = library::item(
                details,
                job.key.server,
                job.key.section,
                context.path_hash.as_ref(),
            )?;
            let in_section = details.section_id.is_none_or(|id| id == job.section_id);
            (in_section && item.identity.is_same(&job.identity)).then(|| context.cast.held(details))
        });
        let Some(held) = held else {
            tracing::info!(title = job.title, "the item is gone; its job goes too");
            gone::end(&context.state, vec![job]).await?;
            continue;
        };
        read.push((job, held));
    }
    let waited: Vec<last_member::Waited<'_>> = read.iter().map(|(job, held)| (job, held)).collect();
    let emptying = last_member::emptying(context, &waited).await?;
    for (mut job, held) in read {
        leave_taken_away(&mut job, &held);
        leave_to_others(&mut job, &held);
        let mut moved = moved(&job, &held);
        let empties = emptying.contains(&job.key);
        if empties {
            moved.insert(Field::Collections);
        }
        moved.extend(locked_by_others(context, &job, &held).await?);
        if moved.is_empty() {
            job.planned_at_ms = context.clock.now_ms();
            note_marks(&mut job, &held);
            fresh.push(job);
            continue;
        }
        replan(context, job, &held, &moved, empties).await?;
    }
    Ok(fresh)
}

/// The fields that hold neither what was to be replaced nor what was to be written. Of a picture only the lock and the
/// path are known here. The path moves with every selection (and on some servers with every edit), so one that stands
/// proves that nobody chose another; which one is selected is looked at just before another is sent.
fn moved(job: &Job, held: &PlexValues) -> BTreeSet<Field> {
    let none = Selected::new();
    job.changes
        .iter()
        .filter(|change| {
            let field = change.field;
            if is_unlisted(job, change) && *held.get(field) != change.before {
                return true;
            }
            if may_be_own_lock(job, change, held) {
                return false;
            }
            if is_marked_by_others(job, change, held) {
                return true;
            }
            if plan::ignores(change, held) {
                return false;
            }
            let change = std::slice::from_ref(*change);
            !plan::still_stands(change, held, &none)
                && !plan::differing(change, held, &none).is_empty()
        })
        .map(|change| change.field)
        .collect()
}

/// Whether a picture has the lock that a started job may have given it.
fn may_be_own_lock(job: &Job, change: &Change, held: &PlexValues) -> bool {
    job.started && image_kind(change.field).is_some() && held.is_locked(change.field) == change.lock
}

/// Whether somebody marked an item as the job, which sent nothing yet, was about to: then it is theirs, and undo must not
/// take it away.
fn is_marked_by_others(job: &Job, change: &Change, held: &PlexValues) -> bool {
    job.kind == JobKind::Sync
        && !job.started
        && change.field.kind() == FieldKind::Flag
        && *held.get(change.field) == change.after
}

/// Says in a job's marks what is there now, so that one that arrived is not sent again. What stood there before is in the
/// stored job, from which the journal is written.
pub(super) fn note_marks(job: &mut Job, held: &PlexValues) {
    let marks = job.changes.iter_mut();
    for change in marks.filter(|change| change.field.kind() == FieldKind::Flag) {
        change.before = held.get(change.field).clone();
    }
}

/// Takes out of a job that may have arrived the pictures of actors that somebody took away since. As with marks, what stood
/// there before is in the stored job.
fn leave_taken_away(job: &mut Job, held: &PlexValues) {
    if !job.started || job.kind != JobKind::Sync {
        return;
    }
    for change in &mut job.changes {
        let previous = job.base_before.get(&change.field).and_then(Option::as_ref);
        if let Some(rest) = plan::without_taken_away(change, previous, held) {
            *change = rest;
        }
    }
}

/// Says in a job's cast which pictures others gave actors since it was planned, so that it does not bring back those of
/// before. As with marks, what stood there before is in the stored job.
fn leave_to_others(job: &mut Job, held: &PlexValues) {
    for change in &mut job.changes {
        if let Some(now) = plan::with_others_pictures(change, held.get(change.field)) {
            *change = now;
        }
    }
}

/// Pictures that are locked although the job did not get so far: the edit with the lock goes only after the picture, so a
/// lock on another one is somebody's choice. Costs a list, and only where an answer was lost or a person was quick.
async fn locked_by_others(
    context: &Context,
    job: &Job,
    held: &PlexValues,
) -> Result<Vec<Field>, Stop> {
    let mut others = Vec::new();
    for change in &job.changes {
        let Some(kind) = image_kind(change.field) else {
            continue;
        };
        if change.before_locked || !change.lock || !may_be_own_lock(job, change, held) {
            continue;
        }
        let item = job.key.rating_key.0;
        let offered = context
            .link
            .ask(|| context.client().images(item, kind))
            .await;
        let offered = match offered {
            // Gone since it was read: the next step finds out.
            Err(Stop::Plex(PlexError::NotFound)) => continue,
            offered => offered?,
        };
        let is_ours = match offered.iter().find(|choice| choice.selected) {
            Some(selected) => {
                picture::is_ours(context, job, change.field, kind, &selected.key).await
            }
            None => Ok(change.after.is_empty()),
        };
        match is_ours {
            Ok(true) => {}
            Err(Trouble::Fatal(stop)) => return Err(stop),
            // Where nothing can be proved, what is there stays.
            Ok(false) | Err(_) => others.push(change.field),
        }
    }
    Ok(others)
}

/// Whether a change takes tags away that the job left.
fn takes_more(job: &Job, change: &Change) -> bool {
    let taken = |change: &Change| plan::without(change.before.tags(), change.after.tags());
    let allowed = job.change(change.field).map(taken).unwrap_or_default();
    !plan::without(&taken(change), &allowed).is_empty()
}

async fn replan(
    context: &Context,
    job: Job,
    held: &PlexValues,
    moved: &BTreeSet<Field>,
    // It would take the last member out of somebody else's collection.
    empties: bool,
) -> Result<(), Stop> {
    let mut kept = KeptRecord {
        title: job.title.clone(),
        ..KeptRecord::default()
    };
    let mut next = job.clone();
    next.planned_at_ms = context.clock.now_ms();
    next.due_ms = next.planned_at_ms;
    next.started = false;
    next.changes.retain(|change| !moved.contains(&change.field));
    note_marks(&mut next, held);
    if empties || moved.iter().any(|field| image_kind(*field).is_some()) {
        next.match_stamp = None;
    }
    let gone = job
        .changes
        .iter()
        .filter(|change| moved.contains(&change.field) && change.moves());
    match job.kind {
        JobKind::Undo => kept.conflicts.extend(gone.map(|change| Conflict {
            field: change.field,
            kind: ConflictKind::EditedSince,
            plex: held.get(change.field).clone(),
            source: change.after.clone(),
        })),
        JobKind::Sync => {
            let wanted = gone
                // Pictures are planned from the list; the next sync asks for it.
                .filter(|change| image_kind(change.field).is_none())
                .map(|change| (change.field, change.asked.clone()))
                .collect();
            let base: BTreeMap<Field, BaseField> = job
                .base_before
                .iter()
                .filter_map(|(field, base)| Some((*field, base.clone()?)))
                .collect();
            let rules = &context.sections.of(job.key.section).rules;
            let mut plan = plan::plan_item(&wanted, held, Some(&base), &Selected::new(), rules);
            // Which tags may go is not judged here.
            let before = plan.changes.len();
            plan.changes.retain(|change| {
                change.field != Field::Collections || !(empties || takes_more(&job, change))
            });
            if plan.changes.len() < before {
                next.match_stamp = None;
            }
            context.cast.fit(&mut plan, JobKind::Sync);
            next.changes.extend(plan.changes);
            kept.kept = plan.kept;
            kept.conflicts = plan.conflicts;
        }
    }
    next.changes.sort_by_key(|change| change.field);
    if next.item_type.holds(Field::Year) {
        plan::keep_year(&mut next.changes, held);
    }
    let moved = moved.clone();
    let conflicts = u32::try_from(kept.conflicts.len()).unwrap_or(u32::MAX);
    context
        .state
        .write(move |writer| {
            let Some(stored) = writer.job(job.key)?.filter(|stored| stored.id == job.id) else {
                return Ok(());
            };
            // What a person took out meanwhile is said already, and what was noted of other fields stays.
            let mut next = next.clone();
            next.learn_withdrawn(&stored);
            let is_meant = |field: Field| moved.contains(&field) && stored.change(field).is_some();
            let mut record = writer.kept(next.key)?.unwrap_or_default();
            record.title.clone_from(&kept.title);
            record.forget(is_meant);
            let noted = kept.kept.iter().filter(|kept| is_meant(kept.field));
            record.kept.extend(noted.cloned());
            let open = kept.conflicts.iter().filter(|open| is_meant(open.field));
            record.conflicts.extend(open.cloned());
            writer.put_kept(next.key, &record)?;
            if next.changes.is_empty() && stored.carried.is_empty() && !stored.started {
                writer.drop_job(&stored)?;
            } else {
                writer.enqueue(next)?;
            }
            Ok(())
        })
        .await?;
    context
        .reporter
        .progress(|summary, _| summary.conflicts += conflicts);
    Ok(())
}

/// Asks which pictures Plex offers for a job's item. A kind that it does not tell of holds up that picture only; an error
/// where nothing else is to be sent.
pub(super) async fn list(context: &Context, job: &Job) -> Result<Offered, Trouble> {
    let mut choices = Offered::new();
    for (field, kind) in pictures(job) {
        let offered = context
            .read_picture(|| context.client().images(job.key.rating_key.0, kind))
            .await;
        match &offered {
            Err(trouble) if blocks_edit(trouble) => return Err(trouble.clone()),
            // What replaced jobs sent must be told before it is settled.
            Err(trouble @ Trouble::Later { .. }) if job.change(field).is_none() => {
                return Err(trouble.clone());
            }
            Ok(_) | Err(_) => {}
        }
        choices.insert(field, offered);
    }
    let troubles: Vec<&Trouble> = job
        .changes
        .iter()
        .map_while(|change| choices.get(&change.field)?.as_ref().err())
        .collect();
    match troubles.iter().max_by_key(|trouble| trouble.weight()) {
        Some(trouble) if troubles.len() == job.changes.len() => Err((*trouble).clone()),
        Some(_) | None => Ok(choices),
    }
}

/// Makes durable that requests may be sent, and what was selected before. A job that a newer intent replaced meanwhile
/// goes.
pub(super) async fn arm(context: &Context, ready: Vec<Ready>) -> Result<Vec<Ready>, Stop> {
    let (jobs, choices): (Vec<Job>, Vec<_>) = ready
        .into_iter()
        .map(|ready| (ready.job, ready.choices))
        .unzip();
    let before: Vec<BTreeMap<Field, ImageBefore>> = choices.iter().map(images_before).collect();
    let armed = context
        .state
        .write(move |writer| {
            let mut armed = Vec::with_capacity(jobs.len());
            for (job, before) in jobs.iter().zip(&before) {
                let mut job = job.clone();
                let current = writer.mark_started(&mut job)?
                    && (before.is_empty() || writer.set_images_before(&mut job, before)?);
                armed.push(current.then_some(job));
            }
            Ok(armed)
        })
        .await?;
    Ok(armed
        .into_iter()
        .zip(choices)
        .filter_map(|(job, choices)| Some(Ready { job: job?, choices }))
        .collect())
}

fn images_before(choices: &Offered) -> BTreeMap<Field, ImageBefore> {
    let told = choices
        .iter()
        .filter_map(|(field, offered)| Some((field, offered.as_ref().ok()?)));
    told.map(|(field, offered)| {
        let selected = offered.iter().find(|choice| choice.selected);
        let uploads = offered
            .iter()
            .filter(|choice| choice.key.starts_with(UPLOAD))
            .map(|choice| choice.key.clone());
        let before = ImageBefore {
            selected: selected.map(|choice| choice.key.clone()),
            uploads: uploads.collect(),
        };
        (*field, before)
    })
    .collect()
}

/// Whether two jobs can share one edit, which is all that they send. One that also marks an item as watched goes by
/// itself, so that these requests do not wait for each other.
pub(super) fn same_edit(context: &Context, one: &Job, other: &Job) -> bool {
    let is_edit_all = |job: &Job| job.change(Field::Watched).is_none();
    is_edit_all(one)
        && is_edit_all(other)
        && one.section_id == other.section_id
        && one.item_type == other.item_type
        && !one.changes.is_empty()
        && context.cast.edit_of(&one.changes) == context.cast.edit_of(&other.changes)
}
