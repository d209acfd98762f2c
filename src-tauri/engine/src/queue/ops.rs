//! The queue within a transaction. The due index is keyed by run, due time and item: a job that is not due is never
//! looked at, a run that is not ready costs one look, and a run's jobs are found together.

use std::collections::BTreeMap;
use std::ops::Bound;

use rand::Rng;

use super::backoff::{ErrorClass, JobError, Verdict, backoff};
use super::job::{FailedJob, ImageBefore, Job, Outcome};
use super::merge::{inherit, settle_only};
use super::settle::settle;
use crate::model::{Field, ItemKey, RunId};
use crate::store::{
    BaseRecord, StateReader, StateWriter, StoreError, Table, from_order_i64, hex, item_key,
    order_i64,
};

const IDS: &str = "jobs";
const DUE_LEN: usize = 8 + 8 + ItemKey::LEN;

fn due_key(run: RunId, due_ms: i64, key: ItemKey) -> [u8; DUE_LEN] {
    let mut bytes = [0; DUE_LEN];
    bytes[..8].copy_from_slice(&run.0.to_be_bytes());
    bytes[8..16].copy_from_slice(&order_i64(due_ms));
    bytes[16..].copy_from_slice(&key.to_bytes());
    bytes
}

fn parse_due(bytes: &[u8]) -> Result<(RunId, i64, ItemKey), StoreError> {
    let wrong = || StoreError::Decode {
        table: Table::Due.name(),
        key: hex(bytes),
        reason: "its key has a wrong length".into(),
    };
    let (run, rest) = bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
    let (due, item) = rest.split_first_chunk::<8>().ok_or_else(wrong)?;
    Ok((
        RunId(u64::from_be_bytes(*run)),
        from_order_i64(*due),
        item_key(Table::Due, item)?,
    ))
}

impl StateReader<'_> {
    /// The job of an item.
    pub fn job(&self, key: ItemKey) -> Result<Option<Job>, StoreError> {
        self.get(Table::Jobs, &key.to_bytes())
    }

    /// At most `limit` jobs after `after_key`, in order of key.
    pub fn jobs(&self, after_key: Option<ItemKey>, limit: usize) -> Result<Vec<Job>, StoreError> {
        let jobs = self.items(Table::Jobs, after_key, limit)?;
        Ok(jobs.into_iter().map(|(_, job)| job).collect())
    }

    /// How many jobs wait or are under way.
    pub fn job_count(&self) -> Result<u64, StoreError> {
        self.count(Table::Jobs)
    }

    /// A failed job.
    pub fn failed_job(&self, key: ItemKey) -> Result<Option<FailedJob>, StoreError> {
        self.get(Table::Failed, &key.to_bytes())
    }

    /// At most `limit` failed jobs after `after_key`, in order of key.
    pub fn failed_jobs(
        &self,
        after_key: Option<ItemKey>,
        limit: usize,
    ) -> Result<Vec<FailedJob>, StoreError> {
        let jobs = self.items(Table::Failed, after_key, limit)?;
        Ok(jobs.into_iter().map(|(_, job)| job).collect())
    }

    /// How many jobs gave up.
    pub fn failed_count(&self) -> Result<u64, StoreError> {
        self.count(Table::Failed)
    }

    /// When the next job of a ready run is due, in epoch milliseconds.
    pub fn next_due(&self) -> Result<Option<i64>, StoreError> {
        let mut next: Option<i64> = None;
        self.each_queued_run(|reader, run, first_due| {
            if reader.is_ready(run)? {
                next = Some(next.map_or(first_due, |next| next.min(first_due)));
            }
            Ok(())
        })?;
        Ok(next)
    }

    /// The runs that have jobs waiting (not those whose jobs are all taken), the oldest first.
    pub fn queued_runs(&self) -> Result<Vec<RunId>, StoreError> {
        let mut runs = Vec::new();
        self.each_queued_run(|_, run, _| {
            runs.push(run);
            Ok(())
        })?;
        Ok(runs)
    }

    fn is_ready(&self, run: RunId) -> Result<bool, StoreError> {
        Ok(self.run(run)?.is_some_and(|record| record.ready))
    }

    fn each_queued_run(
        &self,
        mut see: impl FnMut(&Self, RunId, i64) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut from = RunId(0);
        while let Some(key) = self.first_key_from(Table::Due, &from.0.to_be_bytes())? {
            let (run, due_ms, _) = parse_due(&key)?;
            see(self, run, due_ms)?;
            from = RunId(run.0 + 1);
        }
        Ok(())
    }
}

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

    /// Takes at most `limit` jobs of ready runs that are due at `now_ms`, the longest due first. A taken job is not
    /// given out again until it is put back, comes due again, or the process ends (see [`StateWriter::put_back_all`]).
    pub fn take_due(&mut self, now_ms: i64, limit: usize) -> Result<Vec<Job>, StoreError> {
        let mut due = Vec::new();
        for run in self.queued_runs()? {
            if !self.is_ready(run)? {
                continue;
            }
            let from = run.0.to_be_bytes();
            let mut to = [0; 16];
            to[..8].copy_from_slice(&from);
            to[8..].copy_from_slice(&order_i64(now_ms.saturating_add(1)));
            let range = (
                Bound::Included(from.as_slice()),
                Bound::Excluded(to.as_slice()),
            );
            for key in self.keys(Table::Due, range, limit)? {
                due.push(parse_due(&key)?);
            }
        }
        due.sort_by_key(|(run, due_ms, key)| (*due_ms, *run, *key));
        due.truncate(limit);
        let mut taken = Vec::with_capacity(due.len());
        for (run, due_ms, key) in due {
            self.delete(Table::Due, &due_key(run, due_ms, key))?;
            taken.extend(self.job(key)?);
        }
        Ok(taken)
    }

    /// Gives a taken job back untouched, e.g. on pause or cancel.
    pub fn put_back(&mut self, job: &Job) -> Result<(), StoreError> {
        match self.current(job)? {
            Some(stored) => self.index(&stored),
            None => Ok(()),
        }
    }

    /// Gives back every job that a process took and did not bring to an end. To be called once after opening; costs
    /// nothing where there is none. Returns how many.
    pub fn put_back_all(&mut self) -> Result<u64, StoreError> {
        let missing = self.count(Table::Jobs)? - self.count(Table::Due)?;
        if missing == 0 {
            return Ok(0);
        }
        let mut after_key = None;
        loop {
            let page = self.jobs(after_key, 1000)?;
            for job in &page {
                self.index(job)?;
            }
            match page.last() {
                Some(job) => after_key = Some(job.key),
                None => return Ok(missing),
            }
        }
    }

    /// Says that requests of `job` may be sent from now on. `false`: a newer intent has replaced it; send nothing.
    pub fn mark_started(&mut self, job: &mut Job) -> Result<bool, StoreError> {
        let Some(mut stored) = self.current(job)? else {
            return Ok(false);
        };
        job.started = true;
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

    /// A job gives up. `false`: a newer intent had replaced it.
    pub fn fail(&mut self, job: &Job, error: &str, now_ms: i64) -> Result<bool, StoreError> {
        match self.current(job)? {
            Some(stored) => {
                self.give_up(stored, error, now_ms)?;
                Ok(true)
            }
            None => Ok(false),
        }
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

    /// Drops the waiting jobs of a run: a plan that was never marked ready, or a run that a person cancelled. What
    /// they carried from started jobs of older runs stays, to be read back and settled (then the run is needed as
    /// ready, and is marked so). Jobs that were started stay too. Returns how many were dropped.
    pub fn drop_run(&mut self, run: RunId) -> Result<u64, StoreError> {
        let from = run.0.to_be_bytes();
        let to = (run.0 + 1).to_be_bytes();
        let range = (
            Bound::Included(from.as_slice()),
            Bound::Excluded(to.as_slice()),
        );
        let mut dropped = 0;
        let mut kept = false;
        for key in self.keys(Table::Due, range, usize::MAX)? {
            let (_, _, item) = parse_due(&key)?;
            let Some(job) = self.job(item)? else {
                self.delete(Table::Due, &key)?;
                continue;
            };
            if job.started {
                kept = true;
                continue;
            }
            dropped += 1;
            match settle_only(job) {
                Some(left) => {
                    kept = true;
                    self.store(&left)?;
                }
                None => {
                    self.delete(Table::Due, &key)?;
                    self.delete(Table::Jobs, &item.to_bytes())?;
                }
            }
        }
        if kept {
            self.update_run(run, |record| record.ready = true)?;
        }
        Ok(dropped)
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

    /// The stored job, if it is still this one.
    fn current(&self, job: &Job) -> Result<Option<Job>, StoreError> {
        Ok(self.job(job.key)?.filter(|stored| stored.id == job.id))
    }

    fn store(&mut self, job: &Job) -> Result<(), StoreError> {
        self.put(Table::Jobs, &job.key.to_bytes(), job)
    }

    fn index(&mut self, job: &Job) -> Result<(), StoreError> {
        self.put_raw(Table::Due, &due_key(job.run, job.due_ms, job.key), &[])
    }

    fn unindex(&mut self, job: &Job) -> Result<(), StoreError> {
        self.delete(Table::Due, &due_key(job.run, job.due_ms, job.key))?;
        Ok(())
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
        fields: BTreeMap<Field, Option<crate::model::BaseField>>,
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
        for (field, base) in fields {
            match base {
                Some(base) => {
                    record.fields.insert(field, base);
                }
                None => {
                    record.fields.remove(&field);
                }
            }
        }
        if record.fields.is_empty() {
            self.remove_base(job.key)?;
            return Ok(());
        }
        self.put_base(job.key, &record)
    }
}
