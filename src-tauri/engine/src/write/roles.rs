//! Whether the server takes what actors play: nobody tells, so the first casts that are written ask for it, and their
//! read-back answers. Known per version of the server, and kept with it.
//!
//! | the server | casts are compared |
//! |---|---|
//! | not known | with their roles, which go along in the edit that is sent anyway; of jobs for roles alone a few ask |
//! | takes roles | with their roles |
//! | ignores them | by names alone; jobs that would change nothing but roles are settled without a request |
//!
//! Not here: how a read-back answers (`plan`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};

use syncslate_plex::Details;

use super::context::Context;
use super::stop::Stop;
use super::verify::Written;
use crate::face::RolesTaken;
use crate::library;
use crate::model::{Change, Conflict, Field, ItemKey, Kept, PlexValues, ServerNumber, Value};
use crate::plan;
use crate::queue::{FieldOutcome, Job, JobKind, Outcome};
use crate::store::{KeptRecord, StateWriter, StoreError};

/// Items with notes that are read at once.
const PAGE: usize = 200;

/// How many casts are written for their roles alone to find out whether they can be.
const ASK_AT_MOST: usize = 8;

const UNKNOWN: u8 = 0;
const TAKEN: u8 = 1;
const IGNORED: u8 = 2;
const JUST_IGNORED: u8 = 3;

/// What is known of the server of a run.
#[derive(Debug)]
pub(crate) struct Roles(AtomicU8);

impl Roles {
    /// As it was remembered.
    pub(crate) fn new(takes: Option<bool>) -> Self {
        Self(AtomicU8::new(match takes {
            None => UNKNOWN,
            Some(true) => TAKEN,
            Some(false) => IGNORED,
        }))
    }

    /// What is known now.
    pub(crate) fn known(&self) -> RolesTaken {
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => RolesTaken::Unknown,
            TAKEN => RolesTaken::Taken,
            _ => RolesTaken::Ignored,
        }
    }

    /// Whether this run found out that roles are ignored.
    pub(crate) fn found_ignored(&self) -> bool {
        self.0.load(Ordering::Relaxed) == JUST_IGNORED
    }

    /// Remembers what was found out.
    pub(super) fn learn(&self, takes: bool) {
        let found = if takes { TAKEN } else { JUST_IGNORED };
        self.0.store(found, Ordering::Relaxed);
    }

    /// Whether roles are compared.
    pub(crate) fn count(&self) -> bool {
        self.known() != RolesTaken::Ignored
    }

    /// What Plex holds, as it is to be compared.
    pub(crate) fn held(&self, details: &Details) -> PlexValues {
        let held = library::values(details);
        if self.count() {
            held
        } else {
            held.without_roles()
        }
    }
}

/// Learns from a page of read-backs, where nothing is known yet.
pub(super) async fn learn(context: &Context, page: &[Written], details: &BTreeMap<u64, Details>) {
    if context.roles.known() != RolesTaken::Unknown {
        return;
    }
    let answers = page.iter().filter_map(|written| {
        let change = written.cast()?;
        let held = library::values(details.get(&written.job.key.rating_key.0)?);
        // Not all roles of a long cast were sent.
        if !library::edit_of([change]).fits(context.line_limit()) {
            return None;
        }
        answer(change, &held, written.is_looked_at_again())
    });
    // One role that is there proves more than many that are not.
    if let Some(takes) = answers.reduce(|one, other| one || other) {
        context.learned_roles(takes).await;
    }
}

/// What one read-back says. That the edit was done is seen by the names or the lock that went with it; where neither is
/// new, a second look must do.
fn answer(change: &Change, held: &PlexValues, again: bool) -> Option<bool> {
    let is_locked = held.is_locked(change.field) == change.lock;
    let names = held.clone().without_roles();
    if !is_locked || !plan::holds(change, &names) {
        return None;
    }
    let is_done = again || change.lock != change.before_locked || !is_of_roles_alone(change);
    plan::takes_roles(change, held.get(change.field), is_done)
}

/// Whether a change is to the roles of a cast and to nothing else of it, its lock aside.
fn is_of_roles_alone(change: &Change) -> bool {
    let names = |value: &Value| value.clone().without_roles();
    change.field == Field::Actors && plan::same(change.field, &names(&change.before), &change.after)
}

/// Whether a change would change nothing, because the server ignores roles. A sync leaves the lock as it is where there is
/// nothing to write.
fn is_void(job: &Job, change: &Change) -> bool {
    is_of_roles_alone(change)
        && change.before.cast().is_some()
        && (job.kind == JobKind::Sync || change.lock == change.before_locked)
}

/// Jobs of a cast of which roles alone are to change, while nobody knows whether that can be: some ask, the others wait
/// for the answer.
#[derive(Debug, Default)]
pub(super) struct HeldBack {
    jobs: Vec<Job>,
    asked: usize,
}

impl HeldBack {
    /// Passes a job on, or keeps it until [`HeldBack::release`].
    pub(super) fn let_through(&mut self, context: &Context, job: Job) -> Option<Job> {
        let is_asking = context.roles.known() == RolesTaken::Unknown
            && job.changes.iter().any(|change| is_void(&job, change));
        if is_asking && self.asked >= ASK_AT_MOST {
            self.jobs.push(job);
            return None;
        }
        self.asked += usize::from(is_asking);
        Some(job)
    }

    /// Those that need not wait any more: because the answer is there, or because nothing that could bring one is on its
    /// way (`is_quiet`), so that others must ask.
    pub(super) fn release(&mut self, context: &Context, is_quiet: bool) -> Vec<Job> {
        if context.roles.known() == RolesTaken::Unknown && !is_quiet {
            return Vec::new();
        }
        self.asked = 0;
        std::mem::take(&mut self.jobs)
    }

    pub(super) fn give_back(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }
}

/// Takes out of a job what cannot come true. `true`: nothing is left, and nothing is to be read back either; to be settled
/// by [`settle_void`].
pub(super) fn is_void_now(context: &Context, job: &mut Job) -> bool {
    if context.roles.count() || job.started || !job.carried.is_empty() {
        return false;
    }
    let Some(at) = job.changes.iter().position(|change| is_void(job, change)) else {
        return false;
    };
    if job.changes.len() == 1 {
        return true;
    }
    job.changes.remove(at);
    false
}

/// Settles a job whose only change is void: what Plex holds is what the source can ask for.
pub(super) async fn settle_void(context: &Context, job: Job) -> Result<(), Stop> {
    let at_ms = context.clock.now_ms();
    context
        .state
        .write(move |writer| {
            let fields = job.changes.iter().map(|change| {
                let as_it_is = Change {
                    lock: change.before_locked,
                    ..change.clone()
                };
                let previous = job.base_before.get(&change.field).and_then(Option::as_ref);
                let (after, after_locked) = (change.before.clone(), change.before_locked);
                let base = plan::base_after_write(&as_it_is, previous, &after, after_locked);
                let outcome = FieldOutcome {
                    after,
                    after_locked,
                    base: Some(base),
                };
                (change.field, outcome)
            });
            let outcome = Outcome {
                at_ms,
                fields: fields.collect(),
                held: PlexValues::default(),
            };
            writer.finish(&job, &outcome)
        })
        .await?;
    context.reporter.progress(|summary, phases| {
        summary.changed = summary.changed.saturating_sub(1);
        if let Some(phase) = phases.last_mut() {
            phase.done += 1;
        }
    });
    Ok(())
}

/// Takes away what was noted of casts that differ by their roles alone: there is nothing to decide.
pub(super) fn forget_roles(
    writer: &mut StateWriter<'_>,
    server: ServerNumber,
) -> Result<(), StoreError> {
    let mut after: Option<ItemKey> = None;
    loop {
        let page = writer.kept_items(after, PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (key, record) in page.into_iter().filter(|(key, _)| key.server == server) {
            let mut left = record.clone();
            without_roles(&mut left);
            if left != record {
                writer.put_kept(key, &left)?;
            }
        }
    }
}

fn without_roles(record: &mut KeptRecord) {
    let differs = |field: Field, plex: &Value, source: &Value| {
        let plex = plex.clone().without_roles();
        field != Field::Actors || !plan::same(field, &plex, source)
    };
    record.kept.retain(
        |Kept {
             field,
             plex,
             source,
             ..
         }| differs(*field, plex, source),
    );
    record.conflicts.retain(
        |Conflict {
             field,
             plex,
             source,
             ..
         }| differs(*field, plex, source),
    );
}
