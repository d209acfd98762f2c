//! Jobs whose item Plex does not show any more: deleted, moved to another key, or hidden by an answer that was not whole.
//!
//! Not here: finding the item again (the next sync matches by path).

use super::stop::Stop;
use crate::queue::{FieldOutcome, Job, JobKind, Outcome, base_after_write};
use crate::store::{State, StateReader, StateWriter, StoreError};

/// Ends such jobs.
pub(super) async fn end(state: &State, jobs: Vec<Job>, now_ms: i64) -> Result<(), Stop> {
    state
        .write(move |writer| jobs.iter().try_for_each(|job| end_one(writer, job, now_ms)))
        .await?;
    Ok(())
}

/// Ends one within a transaction. What may have been written is told in the journal as if it had been, so that it can be
/// taken back should the item show again; a job that sent nothing just goes.
pub(super) fn end_one(
    writer: &mut StateWriter<'_>,
    job: &Job,
    now_ms: i64,
) -> Result<(), StoreError> {
    if !job.started {
        return writer.drop_job(job).map(drop);
    }
    let job = &as_first_planned(writer, job)?;
    let fields = job.changes.iter().map(|change| {
        let known = job.base_before.get(&change.field).and_then(Option::as_ref);
        let base = match job.kind {
            JobKind::Sync => Some(base_after_write(change, known, &change.after, change.lock)),
            JobKind::Undo => None,
        };
        let outcome = FieldOutcome {
            after: change.after.clone(),
            after_locked: change.lock,
            base,
        };
        (change.field, outcome)
    });
    let outcome = Outcome {
        at_ms: now_ms,
        fields: fields.collect(),
        ..Outcome::default()
    };
    writer.finish(job, &outcome)
}

/// The job with the *before* values of its first try: a second one removes tags by what Plex held in between, and that
/// is not what the run replaced, and a mark's says whether it is to be sent.
pub(super) fn as_first_planned(reader: &StateReader<'_>, job: &Job) -> Result<Job, StoreError> {
    let mut job = job.clone();
    let Some(stored) = reader.job(job.key)?.filter(|stored| stored.id == job.id) else {
        return Ok(job);
    };
    for change in &mut job.changes {
        if let Some(first) = stored.change(change.field) {
            change.before.clone_from(&first.before);
            change.before_raw.clone_from(&first.before_raw);
        }
    }
    Ok(job)
}
