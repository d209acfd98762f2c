//! Taking single fields out of a job that waits: a person decided otherwise since it was planned.

use std::collections::BTreeSet;

use super::job::{FailedJob, Job, JobKind};
use super::merge::carried_on;
use crate::model::{Change, Field, ItemKey};
use crate::store::{StateReader, StateWriter, StoreError, Table};

const WITHDRAWALS: &str = "withdrawals";

impl StateReader<'_> {
    /// Grows with each job that something is taken out of. Whoever holds jobs that may be sent looks at them again then.
    pub(crate) fn withdrawals(&self) -> Result<u64, StoreError> {
        self.counter(WITHDRAWALS)
    }
}

impl StateWriter<'_> {
    /// Takes these fields out of the sync's job of an item, whether it waits, is under way or gave up. Of one that was
    /// started, what it may have done in them is carried on, to be read back and settled. A job that has nothing left
    /// goes. Whoever holds it in memory learns of this by [`StateReader::withdrawals`]. Returns the fields that may have been
    /// written.
    pub fn withdraw(
        &mut self,
        key: ItemKey,
        fields: &[Field],
    ) -> Result<BTreeSet<Field>, StoreError> {
        let bytes = key.to_bytes();
        let mut sent = BTreeSet::new();
        if let Some(mut job) = self.job(key)?.filter(|job| plans(job, fields)) {
            self.next(WITHDRAWALS)?;
            sent.extend(take_out(&mut job, fields));
            if job.changes.is_empty() && job.carried.is_empty() {
                self.unindex(&job)?;
                self.delete(Table::Jobs, &bytes)?;
            } else {
                self.store(&job)?;
            }
        }
        let failed: Option<FailedJob> = self.get(Table::Failed, &bytes)?;
        if let Some(mut failed) = failed.filter(|failed| plans(&failed.job, fields)) {
            sent.extend(take_out(&mut failed.job, fields));
            if !failed.job.changes.is_empty() {
                self.put(Table::Failed, &bytes, &failed)?;
                return Ok(sent);
            }
            // There is nothing left to try again. What it may have done is settled by the next run.
            self.delete(Table::Failed, &bytes)?;
            if !failed.job.carried.is_empty() && self.job(key)?.is_none() {
                self.store(&failed.job)?;
                self.index(&failed.job)?;
            }
        }
        Ok(sent)
    }
}

/// Whether a sync's job is about to write any of these fields.
fn plans(job: &Job, fields: &[Field]) -> bool {
    job.kind == JobKind::Sync && fields.iter().any(|field| job.change(*field).is_some())
}

/// Returns the fields among them that may have been written.
fn take_out(job: &mut Job, fields: &[Field]) -> Vec<Field> {
    let is_out = |field: &Field| fields.contains(field);
    let changes = std::mem::take(&mut job.changes);
    let (out, stay): (Vec<Change>, Vec<Change>) = changes
        .into_iter()
        .partition(|change| is_out(&change.field));
    let sent = if job.started {
        out.iter().map(|change| change.field).collect()
    } else {
        Vec::new()
    };
    job.carried = carried_on(Job {
        changes: out,
        ..job.clone()
    });
    job.changes = stay;
    job.image_files.retain(|field, _| !is_out(field));
    job.images_before
        .retain(|field, _| !is_out(field) || job.carried.contains_key(field));
    job.base_before.retain(|field, _| !is_out(field));
    // The next sync looks at the item again.
    job.match_stamp = None;
    sent
}
