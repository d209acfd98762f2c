//! What a job learns from the one it replaces. Pure.
//!
//! A job that was started may have reached Plex or not; nobody knows once its process ended. The newer job therefore
//! carries, per field, what stood there before the first attempt, and the attempts themselves: whichever of them turns
//! out to have landed, the journal tells what it replaced and base tells whose it is.

use std::collections::BTreeMap;

use super::job::{Attempt, Carried, Job};
use crate::model::{Change, Field};

/// Hands to `newer` what `older` knew. `newer` then replaces it.
pub(super) fn inherit(newer: &mut Job, older: Job) {
    if !newer.identity.is_same(&older.identity) {
        // The key now belongs to another item: what was written to the old one says nothing about it.
        return;
    }
    let images_before = older.images_before.clone();
    newer.carried = carried_on(older);
    for (field, before) in images_before {
        // What was selected before the first upload is what undo must select again.
        if newer.carried.contains_key(&field) {
            newer.images_before.insert(field, before);
        }
    }
}

/// Everything of `job` that a job after it must know.
pub(super) fn carried_on(job: Job) -> BTreeMap<Field, Carried> {
    let mut carried = job.carried;
    if !job.started {
        return carried;
    }
    // What was written only so that it stays leaves no doubt of what stands there.
    for change in job.changes.into_iter().filter(Change::moves) {
        let field = change.field;
        let base_before = job.base_before.get(&field).cloned().flatten();
        let place = carried.entry(field).or_insert_with(|| Carried {
            before: change.before.clone(),
            before_raw: change.before_raw.clone(),
            before_locked: change.before_locked,
            base_before: base_before.clone(),
            attempts: Vec::new(),
        });
        // The same value asked for twice is one attempt; without this a job that is replaced forever grows forever.
        place
            .attempts
            .retain(|attempt| attempt.change.after != change.after || attempt.kind != job.kind);
        place.attempts.push(Attempt {
            change,
            kind: job.kind,
            base_before,
            restore: job.restore.get(&field).cloned().flatten(),
        });
    }
    carried
}

/// What is left of a job whose run is dropped: only what it, if it was started, and replaced jobs may have done, to be
/// read back and settled.
pub(super) fn settle_only(mut job: Job) -> Option<Job> {
    job.carried = carried_on(job.clone());
    if job.carried.is_empty() {
        return None;
    }
    job.changes.clear();
    job.image_files.clear();
    job.images_before
        .retain(|field, _| job.carried.contains_key(field));
    job.base_before.clear();
    job.restore.clear();
    job.match_stamp = None;
    Some(job)
}
