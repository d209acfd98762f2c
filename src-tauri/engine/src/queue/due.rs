//! Finding jobs. The due index is keyed by run, due time and item: a job that is not due is never looked at, a run
//! that is not ready costs one look, and a run's jobs are found together.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::job::{FailedJob, Job};
use super::settle::{landed_base, untold_pictures};
use crate::model::{Field, Identity, ItemKey, PlexValues, RunId};
use crate::plan::Selected;
use crate::store::{
    BaseRecord, StateReader, StateWriter, StoreError, Table, from_order_i64, hex, item_key,
    order_i64,
};

/// Keys of the index that are held at once.
const PAGE: usize = 1_000;
/// Due never: a job that only waits for its item to be seen again.
pub(super) const PARKED_MS: i64 = i64::MAX;
const DUE_LEN: usize = 8 + 8 + ItemKey::LEN;

pub(super) fn due_key(run: RunId, due_ms: i64, key: ItemKey) -> [u8; DUE_LEN] {
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

    /// An item's base as a plan needs it: what is stored, and what waiting or failed jobs turn out to have written by
    /// what Plex `held` when it was read just now. Without this, a write whose answer was lost would pass for a
    /// person's edit. Of a picture only the list tells, as far as its selected key is in `selected`, or, where that does not
    /// tell ([`Self::untold_pictures`]), the SHA-1 of its bytes in `hashes`. `None` where there is none or it is another
    /// item's.
    pub fn base_now(
        &self,
        key: ItemKey,
        identity: &Identity,
        held: &PlexValues,
        selected: &Selected,
        hashes: &BTreeMap<Field, String>,
    ) -> Result<Option<BaseRecord>, StoreError> {
        let stored = self
            .base(key)?
            .filter(|stored| stored.identity.is_same(identity));
        let Some(pending) = self.pending(key, identity)? else {
            return Ok(stored);
        };
        let mut record = stored.unwrap_or_else(|| BaseRecord {
            identity: identity.clone(),
            source_id: pending.source_id.clone(),
            fields: BTreeMap::new(),
        });
        record.set(landed_base(pending, held, selected, hashes));
        Ok((!record.fields.is_empty()).then_some(record))
    }

    /// The pictures that waiting or failed jobs may have sent and whose selected key does not tell whether they did: their
    /// bytes do. None where Plex is known to name uploads by their SHA-1.
    pub fn untold_pictures(
        &self,
        key: ItemKey,
        identity: &Identity,
        selected: &Selected,
    ) -> Result<Vec<Field>, StoreError> {
        let server = self.server(key.server)?;
        if server.is_some_and(|server| server.upload_key_is_sha1 == Some(true)) {
            return Ok(Vec::new());
        }
        let pending = self.pending(key, identity)?;
        Ok(pending.map_or_else(Vec::new, |job| untold_pictures(job, selected)))
    }

    /// The waiting or failed job of an item.
    fn pending(&self, key: ItemKey, identity: &Identity) -> Result<Option<Job>, StoreError> {
        let pending = match self.job(key)? {
            Some(job) => Some(job),
            None => self.failed_job(key)?.map(|failed| failed.job),
        };
        Ok(pending.filter(|job| job.identity.is_same(identity)))
    }

    /// When the next job of a ready run is due, in epoch milliseconds.
    pub fn next_due(&self) -> Result<Option<i64>, StoreError> {
        self.next_due_of(None)
    }

    /// The same of these runs only (`None`: of any).
    pub fn next_due_of(&self, runs: Option<&[RunId]>) -> Result<Option<i64>, StoreError> {
        let mut next: Option<i64> = None;
        self.each_queued_run(|reader, run, first_due| {
            if runs.is_none_or(|runs| runs.contains(&run)) && reader.is_ready(run)? {
                next = Some(next.map_or(first_due, |next| next.min(first_due)));
            }
            Ok(())
        })?;
        Ok(next)
    }

    /// The runs that have jobs waiting (not those whose jobs are all taken or parked), the oldest first.
    pub fn queued_runs(&self) -> Result<Vec<RunId>, StoreError> {
        let mut runs = Vec::new();
        self.each_queued_run(|_, run, _| {
            runs.push(run);
            Ok(())
        })?;
        Ok(runs)
    }

    /// How many jobs of these runs (`None`: of all) wait and are not taken.
    pub fn waiting_count(
        &self,
        runs: Option<&[RunId]>,
        which: impl Fn(ItemKey) -> bool,
    ) -> Result<u64, StoreError> {
        let runs = match runs {
            Some(runs) => runs.to_vec(),
            None => self.queued_runs()?,
        };
        let mut count = 0;
        for run in runs {
            self.each_waiting(run, |_, key| {
                count += u64::from(which(key));
                Ok(true)
            })?;
        }
        Ok(count)
    }

    /// Whether a run has a job that may have sent something and was not settled. Started jobs were due first, so that
    /// this looks at few.
    pub fn has_started(&self, run: RunId) -> Result<bool, StoreError> {
        let mut found = false;
        self.each_waiting(run, |reader, key| {
            found = reader.job(key)?.is_some_and(|job| job.started);
            Ok(!found)
        })?;
        Ok(found)
    }

    /// What these runs left undone: per run the jobs of which nothing was sent, and those that may have sent something and
    /// were not settled. Reads every job, so that it is for runs that did not come to an end.
    pub fn jobs_left(&self, runs: &[RunId]) -> Result<BTreeMap<RunId, (u64, u64)>, StoreError> {
        let mut left: BTreeMap<RunId, (u64, u64)> = runs.iter().map(|run| (*run, (0, 0))).collect();
        let mut after_key = None;
        while !runs.is_empty() {
            let page = self.jobs(after_key, PAGE)?;
            for job in &page {
                if let Some((waiting, started)) = left.get_mut(&job.run) {
                    *(if job.started { started } else { waiting }) += 1;
                }
            }
            match page.last() {
                Some(job) => after_key = Some(job.key),
                None => break,
            }
        }
        Ok(left)
    }

    /// Those jobs of a run that are not taken.
    pub(super) fn waiting_of(
        &self,
        run: RunId,
        which: impl Fn(ItemKey) -> bool,
    ) -> Result<Vec<Job>, StoreError> {
        let mut jobs = Vec::new();
        self.each_waiting(run, |reader, key| {
            if which(key) {
                jobs.extend(reader.job(key)?);
            }
            Ok(true)
        })?;
        Ok(jobs)
    }

    /// Shows the items of a run's waiting jobs, the longest due first, until `see` says `false`.
    fn each_waiting(
        &self,
        run: RunId,
        mut see: impl FnMut(&Self, ItemKey) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let to = (run.0 + 1).to_be_bytes();
        let mut from = run.0.to_be_bytes().to_vec();
        loop {
            let range = (
                Bound::Included(from.as_slice()),
                Bound::Excluded(to.as_slice()),
            );
            let page = self.keys(Table::Due, range, PAGE)?;
            for key in &page {
                if !see(self, parse_due(key)?.2)? {
                    return Ok(());
                }
            }
            let Some(last) = page.into_iter().next_back() else {
                return Ok(());
            };
            from = last;
            // The least key after it.
            from.push(0);
        }
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
            // The first is due before all others: with it parked, all are.
            if due_ms != PARKED_MS {
                see(self, run, due_ms)?;
            }
            from = RunId(run.0 + 1);
        }
        Ok(())
    }
}

impl StateWriter<'_> {
    /// Takes at most `limit` jobs of ready runs that are due at `now_ms`, the longest due first. A taken job is not
    /// given out again until it is put back, comes due again, or the process ends (see [`StateWriter::put_back_all`]).
    pub fn take_due(&mut self, now_ms: i64, limit: usize) -> Result<Vec<Job>, StoreError> {
        self.take_due_of(None, now_ms, limit)
    }

    /// The same of these runs only (`None`: of any).
    pub fn take_due_of(
        &mut self,
        runs: Option<&[RunId]>,
        now_ms: i64,
        limit: usize,
    ) -> Result<Vec<Job>, StoreError> {
        let mut due = Vec::new();
        for run in self.queued_runs()? {
            if runs.is_some_and(|runs| !runs.contains(&run)) || !self.is_ready(run)? {
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

    /// The stored job, if it is still this one.
    pub(super) fn current(&self, job: &Job) -> Result<Option<Job>, StoreError> {
        Ok(self.job(job.key)?.filter(|stored| stored.id == job.id))
    }

    pub(super) fn store(&mut self, job: &Job) -> Result<(), StoreError> {
        self.put(Table::Jobs, &job.key.to_bytes(), job)
    }

    pub(super) fn index(&mut self, job: &Job) -> Result<(), StoreError> {
        self.put_raw(Table::Due, &due_key(job.run, job.due_ms, job.key), &[])
    }

    pub(super) fn unindex(&mut self, job: &Job) -> Result<(), StoreError> {
        self.delete(Table::Due, &due_key(job.run, job.due_ms, job.key))?;
        Ok(())
    }
}
