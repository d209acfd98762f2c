//! What happens to a job, each within one transaction.

use std::collections::BTreeMap;

use rand::Rng;

use super::backoff::{ErrorClass, JobError, Verdict, backoff};
use super::due::PARKED_MS;
use super::job::{FailedJob, ImageBefore, Job, Outcome};
use super::merge::{carried_on, inherit, settle_only};
use super::settle::settle;
use crate::model::{BaseField, Field, ItemKey, RunId, ServerNumber};
use crate::store::{BaseRecord, StateWriter, StoreError, Table};

const IDS: &str = "jobs";

impl StateWriter<'_> {
    /// Puts a job in the queue. An older one of the same item, waiting or failed, is replaced; what it may have done
    /// is carried on. A job without changes says that nothing is to be done any more: an older one that may have sent
    /// something is read back and settled, any other goes. Returns the job as stored, with its `id`.
    pub fn enqueue(&mut self, mut job: Job) -> Result<Job, StoreError> {
        let bytes = job.key.to_bytes();
        job.id = self.next(IDS)?;
        let failed: Option<FailedJob> = self.get(Table::Failed, &bytes)?;
        if let Some(failed) = failed {
            self.delete(Table::Failed, &bytes)?;
            inherit(&mut job, failed.job);
        }
        if let Some(older) = self.job(job.key)? {
            self.unindex(&older)?;
            inherit(&mut job, older);
        }
        if job.changes.is_empty() && job.carried.is_empty() {
            self.delete(Table::Jobs, &bytes)?;
            return Ok(job);
        }
        self.store(&job)?;
        self.index(&job)?;
        Ok(job)
    }

    /// Says that requests of `job` may be sent from now on, but of fields that a person took out of it meanwhile, which
    /// it learns. `false`: a newer intent has replaced it; send nothing.
    pub fn mark_started(&mut self, job: &mut Job) -> Result<bool, StoreError> {
        let Some(mut stored) = self.current(job)? else {
            return Ok(false);
        };
        job.started = true;
        job.learn_withdrawn(&stored);
        if !stored.started {
            stored.started = true;
            self.store(&stored)?;
        }
        Ok(true)
    }

    /// Remembers what a picture was before the upload that follows. Where an earlier attempt already did, the earlier
    /// one stands, and `job` learns it. `false`: a newer intent has replaced the job; send nothing.
    pub fn set_images_before(
        &mut self,
        job: &mut Job,
        before: &BTreeMap<Field, ImageBefore>,
    ) -> Result<bool, StoreError> {
        let Some(mut stored) = self.current(job)? else {
            return Ok(false);
        };
        for (field, before) in before {
            stored
                .images_before
                .entry(*field)
                .or_insert_with(|| before.clone());
        }
        job.images_before.clone_from(&stored.images_before);
        self.store(&stored)?;
        Ok(true)
    }

    /// A job met an error: it waits for its next try, or is out of tries and fails.
    pub fn retry_later(
        &mut self,
        job: &Job,
        error: &JobError,
        now_ms: i64,
        rng: &mut impl Rng,
    ) -> Result<Verdict, StoreError> {
        let Some(mut stored) = self.current(job)? else {
            return Ok(Verdict::Superseded);
        };
        let n = if error.class == ErrorClass::PlexAway {
            stored.waits
        } else {
            stored.tries
        };
        if error.class.costs_a_try() {
            stored.tries += 1;
        } else {
            stored.waits = stored.waits.saturating_add(1);
        }
        let out_of_tries = error
            .class
            .max_tries()
            .is_some_and(|most| stored.tries >= most);
        let wait = backoff(error.class, n, error.retry_after, rng);
        let Some(wait) = wait.filter(|_| !out_of_tries) else {
            self.give_up(stored, &error.message, now_ms)?;
            return Ok(Verdict::Failed);
        };
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        self.unindex(&stored)?;
        stored.due_ms = now_ms.saturating_add(wait_ms);
        stored.last_error = Some(error.message.clone());
        self.store(&stored)?;
        self.index(&stored)?;
        Ok(Verdict::Again {
            due_ms: stored.due_ms,
        })
    }

    /// A job is done: its journal entry and base are written and it goes, all in this transaction. Where a newer intent
    /// replaced it meanwhile, that one stays, without what is settled now.
    pub fn finish(&mut self, job: &Job, outcome: &Outcome) -> Result<(), StoreError> {
        let stored = self.job(job.key)?;
        let settled = settle(job, outcome);
        if let Some(entry) = settled.entry {
            self.put_journal(entry)?;
        }
        let new_base = settled.base.clone();
        self.merge_base(job, settled.base)?;
        match stored {
            Some(stored) if stored.id == job.id => {
                self.unindex(&stored)?;
                self.delete(Table::Jobs, &job.key.to_bytes())?;
            }
            Some(mut newer) => {
                newer
                    .carried
                    .retain(|field, _| !settled.held.contains_key(field));
                for change in &mut newer.changes {
                    // What it will replace is what this one left.
                    if let Some((value, locked)) = settled.held.get(&change.field) {
                        change.before.clone_from(value);
                        change.before_raw = None;
                        change.before_locked = *locked;
                    }
                }
                newer.base_before.extend(new_base);
                self.store(&newer)?;
            }
            None => {}
        }
        Ok(())
    }

    /// A job goes without having done anything (its item is gone, or it turned out to have nothing to do).
    pub fn drop_job(&mut self, job: &Job) -> Result<bool, StoreError> {
        match self.current(job)? {
            Some(stored) => {
                self.unindex(&stored)?;
                self.delete(Table::Jobs, &job.key.to_bytes())
            }
            None => Ok(false),
        }
    }

    /// Plex does not show the item of a job: a job that sent nothing goes. Of another stays what it may have done, which
    /// nobody can tell now: it is settled once the item is compared again, or when its run is taken back.
    pub fn park(&mut self, job: &Job) -> Result<(), StoreError> {
        let Some(stored) = self.current(job)? else {
            return Ok(());
        };
        self.unindex(&stored)?;
        match settle_only(stored) {
            Some(left) => self.reindex(left, PARKED_MS),
            None => self.delete(Table::Jobs, &job.key.to_bytes()).map(drop),
        }
    }

    fn reindex(&mut self, mut job: Job, due_ms: i64) -> Result<(), StoreError> {
        job.due_ms = due_ms;
        self.store(&job)?;
        self.index(&job)
    }

    /// Drops the waiting jobs of a run: a plan that was never marked ready, or a run that a person cancelled. What
    /// they carried from started jobs of older runs stays, to be read back and settled (then the run is needed as
    /// ready, and is marked so). Jobs that were started stay too. Returns how many were dropped.
    pub fn drop_run(&mut self, run: RunId) -> Result<u64, StoreError> {
        Ok(self.end_run(run, false, |_| true)?.0)
    }

    /// Drops the waiting jobs of a run that is to be taken back. Those that were started are not finished: they are read
    /// back and settled, so that the journal tells what they did; so are those that were parked. Returns how many were dropped or have nothing left to
    /// write.
    pub fn abandon_run(&mut self, run: RunId) -> Result<u64, StoreError> {
        Ok(self.end_run(run, true, |_| true)?.0)
    }

    /// The same of some jobs only. Returns whether anything is left to settle.
    pub fn abandon_jobs(
        &mut self,
        run: RunId,
        which: impl Fn(ItemKey) -> bool,
    ) -> Result<bool, StoreError> {
        Ok(self.end_run(run, true, which)?.1)
    }

    /// Drops everything that waits or failed on a server, as [`StateWriter::abandon_run`] does. Returns the runs of which
    /// something is left to settle.
    pub fn abandon_server(&mut self, server: ServerNumber) -> Result<Vec<RunId>, StoreError> {
        // One that gave up may have reached Plex all the same.
        let mut after = None;
        loop {
            let page = self.failed_jobs(after, 1000)?;
            let Some(last) = page.last() else { break };
            after = Some(last.job.key);
            for FailedJob { job, .. } in page {
                let may_have_written = !carried_on(job.clone()).is_empty();
                if job.key.server == server && may_have_written && self.job(job.key)?.is_none() {
                    self.delete(Table::Failed, &job.key.to_bytes())?;
                    self.store(&job)?;
                    self.index(&job)?;
                }
            }
        }
        let mut left = Vec::new();
        for run in self.queued_runs()? {
            if self.abandon_jobs(run, |key| key.server == server)? {
                left.push(run);
            }
        }
        Ok(left)
    }

    /// How many were dropped, and whether any is left.
    fn end_run(
        &mut self,
        run: RunId,
        with_started: bool,
        which: impl Fn(ItemKey) -> bool,
    ) -> Result<(u64, bool), StoreError> {
        let mut dropped = 0;
        let mut kept = false;
        for job in self.waiting_of(run, which)? {
            if job.started && !with_started {
                kept = true;
                continue;
            }
            dropped += 1;
            match settle_only(job.clone()) {
                Some(left) if left.due_ms == PARKED_MS => {
                    kept = true;
                    self.unindex(&left)?;
                    let due_ms = left.planned_at_ms;
                    self.reindex(left, due_ms)?;
                }
                Some(left) => {
                    kept = true;
                    self.store(&left)?;
                }
                None => {
                    self.drop_job(&job)?;
                }
            }
        }
        if kept {
            self.update_run(run, |record| record.ready = true)?;
        }
        Ok((dropped, kept))
    }

    /// Puts every failed job back, due at once and with all its tries. Returns how many.
    pub fn requeue_failed(&mut self, now_ms: i64) -> Result<u64, StoreError> {
        let mut count = 0;
        loop {
            let page = self.failed_jobs(None, 1000)?;
            if page.is_empty() {
                return Ok(count);
            }
            for failed in page {
                self.delete(Table::Failed, &failed.job.key.to_bytes())?;
                let mut job = failed.job;
                if self.job(job.key)?.is_some() {
                    continue;
                }
                job.tries = 0;
                job.waits = 0;
                job.due_ms = now_ms;
                self.store(&job)?;
                self.index(&job)?;
                count += 1;
            }
        }
    }

    fn give_up(&mut self, mut job: Job, error: &str, now_ms: i64) -> Result<(), StoreError> {
        let bytes = job.key.to_bytes();
        self.unindex(&job)?;
        self.delete(Table::Jobs, &bytes)?;
        job.last_error = Some(error.to_owned());
        let failed = FailedJob {
            job,
            error: error.to_owned(),
            at_ms: now_ms,
        };
        self.put(Table::Failed, &bytes, &failed)
    }

    fn merge_base(
        &mut self,
        job: &Job,
        fields: BTreeMap<Field, Option<BaseField>>,
    ) -> Result<(), StoreError> {
        if fields.is_empty() {
            return Ok(());
        }
        let known = self
            .base(job.key)?
            .filter(|known| known.identity.is_same(&job.identity));
        let mut record = known.unwrap_or_else(|| BaseRecord {
            identity: job.identity.clone(),
            source_id: None,
            fields: BTreeMap::new(),
        });
        record.identity = job.identity.clone();
        if job.source_id.is_some() {
            record.source_id.clone_from(&job.source_id);
        }
        record.set(fields);
        if record.fields.is_empty() {
            self.remove_base(job.key)?;
            return Ok(());
        }
        self.put_base(job.key, &record)
    }
}
