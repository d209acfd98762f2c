//! Whether the server takes what actors play, and their pictures: nobody tells, so the first casts that are written ask for
//! it, and their read-back answers, for each of both by itself. Known per version of the server, and kept with it.
//!
//! | the server | casts are compared |
//! |---|---|
//! | not known | with their roles, which go along in the edit that is sent anyway; of jobs for roles alone a few ask |
//! | takes roles | with their roles |
//! | ignores them | without; jobs that would change nothing but roles are settled without a request |
//!
//! The same with pictures. Not here: how a read-back answers, and which pictures count (`plan`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use syncslate_plex::{Details, Edit, MAX_LINE};

use super::context::Context;
use super::stop::Stop;
use super::verify::Written;
use crate::face::CastTaken;
use crate::library;
use crate::model::{
    CastTrait, Change, Conflict, Field, ItemKey, Kept, PlexValues, ServerNumber, Value,
};
use crate::plan::{self, Took};
use crate::queue::{FieldOutcome, Job, JobKind, Outcome};
use crate::store::{KeptRecord, ServerRecord, StateWriter, StoreError};

/// Items with notes that are read at once.
const PAGE: usize = 200;

/// How many casts are written for their roles or pictures alone to find out whether they can be.
const ASK_AT_MOST: usize = 8;

const UNKNOWN: u8 = 0;
const TAKEN: u8 = 1;
const IGNORED: u8 = 2;
const JUST_IGNORED: u8 = 3;

/// What is known of the server of a run.
#[derive(Debug)]
pub(crate) struct CastTraits {
    roles: AtomicU8,
    pictures: AtomicU8,
    drops_pictures: AtomicBool,
    /// The longest request line that was known when the run began.
    line_limit: usize,
}

impl CastTraits {
    /// As it was remembered.
    pub(crate) fn new(server: &ServerRecord) -> Self {
        let known = |takes: Option<bool>| {
            AtomicU8::new(match takes {
                None => UNKNOWN,
                Some(true) => TAKEN,
                Some(false) => IGNORED,
            })
        };
        Self {
            roles: known(server.takes_roles),
            pictures: known(server.takes_actor_pictures),
            drops_pictures: AtomicBool::new(false),
            line_limit: server
                .line_limit
                .and_then(|limit| usize::try_from(limit).ok())
                .map_or(MAX_LINE, |limit| limit.min(MAX_LINE)),
        }
    }

    fn of(&self, of: CastTrait) -> &AtomicU8 {
        match of {
            CastTrait::Role => &self.roles,
            CastTrait::Picture => &self.pictures,
        }
    }

    /// What is known now.
    pub(crate) fn known(&self, of: CastTrait) -> CastTaken {
        match self.of(of).load(Ordering::Relaxed) {
            UNKNOWN => CastTaken::Unknown,
            TAKEN => CastTaken::Taken,
            _ => CastTaken::Ignored,
        }
    }

    /// Whether this run found out that it is ignored.
    pub(crate) fn found_ignored(&self, of: CastTrait) -> bool {
        self.of(of).load(Ordering::Relaxed) == JUST_IGNORED
    }

    /// Remembers what was found out.
    pub(super) fn learn(&self, of: CastTrait, takes: bool) {
        let found = if takes { TAKEN } else { JUST_IGNORED };
        self.of(of).store(found, Ordering::Relaxed);
    }

    /// Remembers for this run that pictures which were not told again went with an edit.
    pub(super) fn learn_dropped(&self) {
        self.drops_pictures.store(true, Ordering::Relaxed);
    }

    /// The edit that does these changes: with all pictures of a cast where the server would drop those that stay.
    pub(super) fn edit_of<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> Edit {
        if !self.drops_pictures.load(Ordering::Relaxed) {
            return library::edit_of(changes);
        }
        let as_dropped = |change: &Change| {
            let mut change = change.clone();
            let pictures = &[CastTrait::Picture];
            change.before = change.before.without(pictures);
            change.before_raw = change.before_raw.map(|raw| raw.without(pictures));
            change
        };
        let changes: Vec<Change> = changes.into_iter().map(as_dropped).collect();
        library::edit_of(&changes)
    }

    /// Those of which this is known.
    fn all(&self, known: &[CastTaken]) -> Vec<CastTrait> {
        let all = CastTrait::ALL.into_iter();
        all.filter(|of| known.contains(&self.known(*of))).collect()
    }

    /// What is not compared.
    pub(crate) fn ignored(&self) -> Vec<CastTrait> {
        self.all(&[CastTaken::Ignored])
    }

    fn unknown(&self) -> Vec<CastTrait> {
        self.all(&[CastTaken::Unknown])
    }

    /// What is ignored, or may be.
    fn untaken(&self) -> Vec<CastTrait> {
        self.all(&[CastTaken::Unknown, CastTaken::Ignored])
    }

    /// What a source asks for of a cast, as far as it is compared. Where there is no room for pictures, they are not asked
    /// for: names and roles go first.
    pub(crate) fn wanted(&self, cast: Value) -> Value {
        let cast = cast.without(&self.ignored());
        let [roles, pictures] = CastTrait::ALL.map(|of| {
            let told = cast.told(of).into_iter().flatten().enumerate();
            told.map(|(place, (_, told))| (place, told.to_owned()))
                .collect()
        });
        let edit = Edit::new().cast(cast.tags().to_vec(), roles, pictures, Vec::new());
        if edit.fits(self.line_limit) {
            cast
        } else {
            cast.without(&[CastTrait::Picture])
        }
    }

    /// What Plex holds, as it is to be compared.
    pub(crate) fn held(&self, details: &Details) -> PlexValues {
        library::values(details).without(&self.ignored())
    }
}

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
            let takes = answer(of, change, &held, &rest, written.is_looked_at_again())?;
            // An actor who comes back may have the picture that everybody gave them: it need not be the one that was sent.
            let is_proof = !takes || of == CastTrait::Role || written.job.kind == JobKind::Sync;
            is_proof.then_some(takes)
        });
        // One that is there proves more than many that are not.
        if let Some(takes) = answers.reduce(|one, other| one || other) {
            context.learned_of_cast(of, takes).await;
        }
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

/// What one read-back says. That the edit was done is seen by what went with it and can be told already (`rest` of what is
/// held), or the lock; where neither is new, a second look must do.
fn answer(
    of: CastTrait,
    change: &Change,
    held: &PlexValues,
    rest: &PlexValues,
    again: bool,
) -> Option<bool> {
    let is_locked = held.is_locked(change.field) == change.lock;
    if !is_locked || !plan::holds(change, rest) {
        return None;
    }
    let is_done =
        again || change.lock != change.before_locked || !is_of_alone(change, &CastTrait::ALL);
    match plan::took(of, change, held.get(change.field))? {
        Took::Some => Some(true),
        Took::Nothing => is_done.then_some(false),
        // A role is the agent's then. A picture may be what the server makes of every address.
        Took::Other => (is_done && of == CastTrait::Picture).then_some(false),
    }
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
