//! Whether the server takes what actors play, and their pictures: nobody tells, so the first casts that are written ask for
//! it, and their read-back answers, for each of both by itself. Known per version of the server, and kept with it.
//!
//! | the server | casts are compared |
//! |---|---|
//! | not known | with their roles, which go along in the edit that is sent anyway; of jobs for roles alone a few ask |
//! | takes roles | with their roles |
//! | ignores them | without; jobs that would change nothing but roles are settled without a request |
//!
//! The same with pictures. Not here: how a read-back answers, and which pictures count (`plan`); what is
//! known then (`cast_traits`).

use std::collections::BTreeMap;

use syncslate_plex::Details;

use super::cast_traits::CastTraits;
use super::context::Context;
use super::stop::Stop;
use super::verify::Written;
use crate::library;
use crate::model::{
    CastTrait, Change, Conflict, Field, ItemKey, Kept, PlexValues, ServerNumber, Value,
};
use crate::plan::{self, Took};
use crate::queue::{FieldOutcome, Job, JobKind, Outcome};
use crate::store::{KeptRecord, StateWriter, StoreError};

/// Items with notes that are read at once.
const PAGE: usize = 200;

/// How many casts are written for their roles or pictures alone to find out whether they can be.
const ASK_AT_MOST: usize = 8;

/// Of how many casts that were read back together other pictures than were sent say that the server takes none.
const OTHERS_AT_LEAST: usize = 2;

/// Learns from a page of read-backs, where something is not known yet.
pub(super) async fn learn(context: &Context, page: &[Written], details: &BTreeMap<u64, Details>) {
    for of in context.cast.unknown() {
        let answers = page.iter().filter_map(|written| {
            let change = written.cast()?;
            let held = library::values(details.get(&written.job.key.rating_key.0)?);
            if !went_whole(context, change, of) {
                return None;
            }
            let rest = held.clone().without(&context.cast.untaken());
            let took = answer(of, change, &held, &rest, written.is_looked_at_again())?;
            // An actor who comes back may have the picture that everybody gave them: it need not be the one that was sent.
            let is_proof =
                took != Took::Some || of == CastTrait::Role || written.job.kind == JobKind::Sync;
            is_proof.then_some(took)
        });
        if let Some(takes) = taken(answers) {
            context.learned_of_cast(of, takes).await;
        }
    }
}

/// Learns from a page of read-backs whether pictures that were to stay went with the edit. One look may be older than the
/// edit, or fall into the moment in which a person changes them.
pub(super) async fn learn_dropped(
    context: &Context,
    page: &[Written],
    details: &BTreeMap<u64, Details>,
) {
    let mut again = page.iter().filter(|written| written.is_looked_at_again());
    let has_dropped = again.any(|written| {
        details
            .get(&written.job.key.rating_key.0)
            .is_some_and(|details| written.has_dropped_pictures(&context.cast.held(details)))
    });
    if has_dropped {
        context.learned_dropped_pictures().await;
    }
}

/// Whether all of these were sent: of a long cast some are left out, pictures first.
fn went_whole(context: &Context, change: &Change, of: CastTrait) -> bool {
    let mut sent = change.clone();
    if of == CastTrait::Role {
        sent.after = sent.after.without(&[CastTrait::Picture]);
        sent.after_raw = sent.after_raw.map(|raw| raw.without(&[CastTrait::Picture]));
    }
    context.cast.edit_of([&sent]).fits(context.line_limit())
}

/// What the answers of a page say together. One that is there proves more than many that are not. Something else in the
/// place of one may be a person's choice, or the person's picture on the whole server; of several casts it is what the
/// server makes of every address.
fn taken(answers: impl Iterator<Item = Took>) -> Option<bool> {
    let [mut ignored, mut others] = [0_usize; 2];
    for took in answers {
        match took {
            Took::Some => return Some(true),
            Took::Nothing => ignored += 1,
            Took::Other => others += 1,
        }
    }
    (ignored > 0 || others >= OTHERS_AT_LEAST).then_some(false)
}

/// What one read-back says. That the edit was done is seen by what went with it and can be told already (`rest` of what is
/// held), or the lock; where neither is new, a second look must do. So it must before pictures count as ignored: somebody
/// may change one in the moment of the first.
fn answer(
    of: CastTrait,
    change: &Change,
    held: &PlexValues,
    rest: &PlexValues,
    again: bool,
) -> Option<Took> {
    let is_locked = held.is_locked(change.field) == change.lock;
    if !is_locked || !plan::holds(change, rest) {
        return None;
    }
    let is_done = change.lock != change.before_locked || !is_of_alone(change, &CastTrait::ALL);
    let took = plan::took(of, change, held.get(change.field))?;
    let counts = match (of, took) {
        (_, Took::Some) => true,
        (CastTrait::Role, Took::Nothing) => again || is_done,
        // It is the agent's then.
        (CastTrait::Role, Took::Other) => false,
        (CastTrait::Picture, Took::Nothing | Took::Other) => again,
    };
    counts.then_some(took)
}

/// Whether a change is to these of a cast and to nothing else of it, its lock aside.
fn is_of_alone(change: &Change, traits: &[CastTrait]) -> bool {
    let rest = change.before.clone().without(traits);
    change.field == Field::Actors && plan::same(change.field, &rest, &change.after)
}

/// Whether a change would change nothing where the server ignores these. A sync leaves the lock as it is where there is
/// nothing to write.
fn is_void(job: &Job, change: &Change, traits: &[CastTrait]) -> bool {
    is_of_alone(change, traits)
        && traits.iter().any(|of| change.before.told(*of).is_some())
        && (job.kind == JobKind::Sync || change.lock == change.before_locked)
}

/// Jobs that would change nothing of a cast but what nobody knows yet whether it can be: some ask, the others wait for the
/// answer.
#[derive(Debug, Default)]
pub(super) struct HeldBack {
    jobs: Vec<Job>,
    asked: usize,
}

impl HeldBack {
    /// Passes a job on, or keeps it until [`HeldBack::release`].
    pub(super) fn let_through(&mut self, context: &Context, job: Job) -> Option<Job> {
        let is_asking = is_asking(&context.cast, &job);
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
        if is_quiet {
            self.asked = 0;
            return self.give_back();
        }
        let answered = self
            .jobs
            .extract_if(.., |job| !is_asking(&context.cast, job));
        answered.collect()
    }

    pub(super) fn give_back(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }
}

/// Whether a job hangs on an answer: void where the server takes nothing of what is not known, and not void as it is.
fn is_asking(known: &CastTraits, job: &Job) -> bool {
    let (untaken, ignored) = (known.untaken(), known.ignored());
    untaken.len() > ignored.len()
        && job
            .changes
            .iter()
            .any(|change| is_void(job, change, &untaken) && !is_void(job, change, &ignored))
}

/// Takes out of a job what cannot come true. `true`: nothing is left, and nothing is to be read back either; to be settled
/// by [`settle_void`].
pub(super) fn is_void_now(context: &Context, job: &mut Job) -> bool {
    let ignored = context.cast.ignored();
    if ignored.is_empty() || job.started || !job.carried.is_empty() {
        return false;
    }
    let mut changes = job.changes.iter();
    let Some(at) = changes.position(|change| is_void(job, change, &ignored)) else {
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

/// Takes away what was noted of casts that differ by what the server ignores alone: there is nothing to decide.
pub(super) fn forget(
    writer: &mut StateWriter<'_>,
    server: ServerNumber,
    ignored: &[CastTrait],
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
            leave_out(&mut left, ignored);
            if left != record {
                writer.put_kept(key, &left)?;
            }
        }
    }
}

fn leave_out(record: &mut KeptRecord, ignored: &[CastTrait]) {
    let differs = |field: Field, plex: &Value, source: &Value| {
        let plex = plex.clone().without(ignored);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_picture_that_is_another_says_nothing_of_the_server() {
        let says = |answers: &[Took]| taken(answers.iter().copied());
        assert_eq!(says(&[]), None);
        assert_eq!(says(&[Took::Other]), None, "a person may have chosen it");
        assert_eq!(says(&[Took::Other, Took::Other]), Some(false));
        assert_eq!(says(&[Took::Nothing]), Some(false));
        assert_eq!(says(&[Took::Nothing, Took::Other, Took::Some]), Some(true));
    }
}
