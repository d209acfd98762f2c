//! Reads back what was written, and says what became of it. What that leaves behind: `settlement`.
//!
//! | Plex holds | seen | then |
//! |---|---|---|
//! | what was asked | ever | settled |
//! | something else, or pictures of actors that were to stay are gone | the first time | read again after 2 s |
//! | something else, locked, that was not there before | the second time | somebody's edit since: it stays |
//! | something else | the second time | written once more |
//! | something else | after that | refused: remembered, and not planned again until it changes |
//! | no such item, asked twice | ever | the job waits for the item to be seen again; nothing is said of it |

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use syncslate_plex::Details;

use super::cast;
use super::context::Context;
use super::prepare::note_marks;
use super::settlement::{self, Settlement};
use super::stop::Stop;
use super::unit::{Again, Attempt, Trouble};
use crate::library;
use crate::model::{BaseField, Change, Field, FieldKind, Kept, KeptReason, PlexValues, Value};
use crate::plan::{self, Selected};
use crate::queue::{FieldOutcome, Job, Outcome};
use crate::store::StoreError;

/// `updatedAt` has seconds: what somebody changes in the second of a write does not move it. Only of what is read back
/// later than this after the write it tells every change since; anything else is looked at again by the next sync.
pub(super) const RIPE: Duration = Duration::from_secs(1);

/// How often a written job was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    Second,
    Last,
}

/// A job that Plex said yes to.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) job: Job,
    done: Vec<Change>,
    pub(super) keys: Selected,
    left: Vec<Change>,
    trouble: Option<Trouble>,
    look: Look,
    sent_ms: i64,
    /// The same on the clock that nobody sets.
    pub(super) sent: Duration,
}

/// A job that was read back.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) written: Written,
    pub(super) verdict: Verdict,
}

/// What is to be done with it.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Nothing; it is out of the queue. `again`: a rest of it is in the queue.
    Settled { again: bool },
    /// Read it again in a moment.
    LookAgain,
    /// Send it once more.
    WriteAgain(Box<Job>, Box<Again>),
}

impl Written {
    /// What went of an attempt, at that time.
    pub(super) fn new(attempt: Attempt, sent_ms: i64, sent: Duration) -> Self {
        Self {
            sent_ms,
            sent,
            job: attempt.job,
            done: attempt.done,
            keys: attempt.keys,
            left: attempt.left,
            trouble: attempt.trouble,
            look: if attempt.second {
                Look::Last
            } else {
                Look::First
            },
        }
    }

    /// What went of its cast.
    pub(super) fn cast(&self) -> Option<&Change> {
        let mut done = self.done.iter();
        done.find(|change| change.field == Field::Actors)
    }

    /// Whether it was looked at before.
    pub(super) fn is_looked_at_again(&self) -> bool {
        self.look != Look::First
    }

    /// Whether pictures of actors that were to stay went with the edit.
    pub(super) fn has_dropped_pictures(&self, held: &PlexValues) -> bool {
        self.cast()
            .is_some_and(|done| plan::dropped_pictures(done, held.get(done.field)))
    }

    /// Whether what did not go is tried again by itself, and with it what went and does not hold.
    fn comes_again(&self, differs: &[Field]) -> bool {
        let lasts = self.trouble.as_ref().is_some_and(Trouble::is_lasting);
        !lasts && has_rest(self, differs)
    }

    /// The same, to be looked at for the second time.
    pub(super) fn looked_twice(self) -> Self {
        Self {
            look: Look::Second,
            ..self
        }
    }
}

/// Checks a page of written jobs with one request.
pub(super) async fn check(context: &Context, page: Vec<Written>) -> Result<Vec<Checked>, Stop> {
    let keys: Vec<u64> = page
        .iter()
        .map(|written| written.job.key.rating_key.0)
        .collect();
    let asked = context.clock.monotonic();
    let details = context.details(&keys).await?;
    cast::learn(context, &page, &details).await;
    cast::learn_dropped(context, &page, &details).await;
    let mut checked = Vec::with_capacity(page.len());
    let mut settlements = Vec::with_capacity(page.len());
    for written in page {
        let details = details.get(&written.job.key.rating_key.0);
        match judge(context, &written, details, asked) {
            Judgement::Look(mut verdict) => {
                if let Verdict::WriteAgain(again, _) = &mut verdict {
                    learn_withdrawn(context, again)?;
                }
                checked.push(Checked { written, verdict });
            }
            Judgement::Settle(settlement) => {
                let again = settlement.rest.is_some();
                settlements.push(*settlement);
                checked.push(Checked {
                    written,
                    verdict: Verdict::Settled { again },
                });
            }
        }
    }
    if !settlements.is_empty() {
        settlement::store(context, settlements).await?;
    }
    Ok(checked)
}

/// What a person took out meanwhile is not sent for the second time; what the first one did is settled.
fn learn_withdrawn(context: &Context, again: &mut Job) -> Result<(), StoreError> {
    let stored = context.state.read(|reader| reader.job(again.key))?;
    if let Some(stored) = stored.filter(|stored| stored.id == again.id) {
        again.learn_withdrawn(&stored);
    }
    Ok(())
}

enum Judgement {
    Look(Verdict),
    Settle(Box<Settlement>),
}

fn judge(
    context: &Context,
    written: &Written,
    details: Option<&Details>,
    asked: Duration,
) -> Judgement {
    let job = &written.job;
    let held = details.and_then(|details| {
        let item = library::item(
            details,
            job.key.server,
            job.key.section,
            context.path_hash.as_ref(),
        )?;
        let in_section = details.section_id.is_none_or(|id| id == job.section_id);
        (in_section && item.identity.is_same(&job.identity))
            .then(|| (context.cast.held(details), item.stand()))
    });
    let Some((held, stand)) = held else {
        return Judgement::Settle(Box::new(Settlement::of_gone(job)));
    };
    let previous: BTreeMap<Field, BaseField> = job
        .base_before
        .iter()
        .filter_map(|(field, base)| Some((*field, base.clone()?)))
        .collect();
    let settled = plan::settle(
        &written.done,
        Some(&previous),
        &held,
        &written.keys,
        &context.sections.of(written.job.key.section).rules,
    );
    let mut base = settled.base;
    if written.sent_ms < context.link.back_ms() {
        // Somebody may have chosen another picture since: when the item is compared next, it is asked which one it is.
        for base in base.values_mut() {
            base.image_path = None;
        }
    }
    let mut kept = Vec::new();
    let mut rest_too = Vec::new();
    let edited: Vec<Field> = settled
        .differs
        .iter()
        .filter(|field| is_edited_since(job, **field, &held))
        .copied()
        .collect();
    let has_dropped = written.has_dropped_pictures(&held) && written.look != Look::Last;
    if !settled.differs.is_empty() || has_dropped {
        match written.look {
            Look::First => return Judgement::Look(Verdict::LookAgain),
            Look::Second
                if !written.comes_again(&settled.differs)
                    && is_worth_another(&settled.differs, &edited, has_dropped) =>
            {
                return Judgement::Look(once_more(written, &settled.differs, &edited, held));
            }
            // A try of its own would forget what did not go. (A picture that went differs where the edit with its lock
            // did not.) What Syncslate remembers of these stays as it was.
            Look::Second | Look::Last if has_rest(written, &settled.differs) => {
                let kept_base = settled.differs.iter();
                base.extend(
                    kept_base.filter_map(|field| Some((*field, previous.get(field)?.clone()))),
                );
                rest_too = settled.differs;
                if has_dropped && !rest_too.contains(&Field::Actors) {
                    rest_too.push(Field::Actors);
                }
                rest_too.retain(|field| !edited.contains(field));
            }
            Look::Second | Look::Last => {
                base.extend(plan::refuse(
                    &written.done,
                    &settled.differs,
                    Some(&previous),
                    &held,
                    &written.keys,
                    &context.sections.of(written.job.key.section).rules,
                ));
                kept = refusals(&written.done, &settled.differs, &edited, &held);
            }
        }
    }
    for change in written
        .done
        .iter()
        .filter(|done| edited.contains(&done.field))
    {
        let known = previous.get(&change.field);
        let landed = plan::base_after_write(change, known, &change.after, change.lock);
        base.insert(change.field, landed);
    }
    Judgement::Settle(Box::new(Settlement {
        job: job.clone(),
        outcome: outcome(context, written, base, &edited, held),
        kept,
        rest: rest(context, written, &rest_too),
        outdated: matches!(written.trouble, Some(Trouble::Outdated)),
        unripe: asked.saturating_sub(written.sent) < RIPE,
        gone: false,
        stand,
    }))
}

/// Whether anything is to go once more that nobody edited since.
fn is_worth_another(differs: &[Field], edited: &[Field], has_dropped: bool) -> bool {
    let is_left = |field: &Field| !edited.contains(field);
    differs.iter().any(is_left) || (has_dropped && is_left(&Field::Actors))
}

/// The same job, with *before* as it is now where a mark may be there. Its pictures went; their locks go again. What would
/// meet the same trouble again is left alone.
fn once_more(written: &Written, differs: &[Field], edited: &[Field], held: PlexValues) -> Verdict {
    let has_dropped = written.has_dropped_pictures(&held);
    let goes = |field: Field| {
        let is_open = differs.contains(&field) || (has_dropped && field == Field::Actors);
        edited.is_empty() || (is_open && !edited.contains(&field))
    };
    let done = written.done.iter().map(|change| change.field);
    let spared = done.filter(|field| !goes(*field)).collect();
    let mut job = written.job.clone();
    job.changes.clone_from(&written.done);
    note_marks(&mut job, &held);
    let again = Again {
        keys: written.keys.clone(),
        held,
        spared,
        left: written.left.clone(),
        trouble: written.trouble.clone().filter(Trouble::is_lasting),
    };
    Verdict::WriteAgain(Box::new(job), Box::new(again))
}

/// Whether somebody put a value of their own in the place of what was written. What Plex did not take is still as it was
/// before; a third value under a lock is a person's, and writing once more would take it from them.
fn is_edited_since(job: &Job, field: Field, held: &PlexValues) -> bool {
    let Some(change) = job
        .change(field)
        .filter(|_| field.kind() != FieldKind::Image)
    else {
        return false;
    };
    let was = Change {
        lock: change.before_locked,
        after: change.before.clone(),
        before: change.after.clone(),
        ..change.clone()
    };
    held.is_locked(field) && !plan::holds(change, held) && !plan::holds(&was, held)
}

fn refusals(done: &[Change], differs: &[Field], edited: &[Field], held: &PlexValues) -> Vec<Kept> {
    done.iter()
        .filter(|change| differs.contains(&change.field))
        .map(|change| Kept {
            field: change.field,
            reason: if edited.contains(&change.field) {
                KeptReason::PersonsEdit
            } else {
                KeptReason::Refused
            },
            plex: held.get(change.field).clone(),
            source: change.asked.clone(),
        })
        .collect()
}

fn outcome(
    context: &Context,
    written: &Written,
    mut base: BTreeMap<Field, BaseField>,
    edited: &[Field],
    held: PlexValues,
) -> Outcome {
    let mut fields: BTreeMap<Field, FieldOutcome> = written
        .done
        .iter()
        .map(|change| {
            let field = change.field;
            let after = written
                .keys
                .get(&field)
                .map_or_else(|| held.get(field).clone(), |key| Value::Image(key.clone()));
            let (after, after_locked) = if edited.contains(&field) {
                // What the run left, so that undo knows that it was edited since.
                (change.after.clone(), change.lock)
            } else {
                (after, held.is_locked(field))
            };
            let outcome = FieldOutcome {
                after,
                after_locked,
                base: base.remove(&field),
            };
            (field, outcome)
        })
        .collect();
    // Pictures that a replaced job may have sent: details do not tell which one is selected.
    for (field, key) in &written.keys {
        if written.job.carried.contains_key(field) {
            fields.entry(*field).or_insert_with(|| FieldOutcome {
                after: Value::Image(key.clone()),
                after_locked: held.is_locked(*field),
                base: None,
            });
        }
    }
    Outcome {
        at_ms: context.clock.now_ms(),
        fields,
        held,
    }
}

/// Whether something did not go that is to be tried again. A picture counts as done before the edit with its lock: where
/// that met an error of the moment, nothing is left of the job but a picture that differs.
fn has_rest(written: &Written, differs: &[Field]) -> bool {
    let has_left = !written.left.is_empty();
    match written.trouble {
        None | Some(Trouble::Outdated) => false,
        Some(Trouble::Never(_) | Trouble::NoPicture(_)) => has_left,
        Some(_) => has_left || differs.iter().any(|field| field.kind() == FieldKind::Image),
    }
}

/// What did not go, as a job of its own, together with the fields `too` that went and do not hold.
fn rest(context: &Context, written: &Written, too: &[Field]) -> Option<(Job, Trouble, u64)> {
    let trouble = written.trouble.clone()?;
    if !has_rest(written, too) {
        return None;
    }
    let mut rest = written.job.clone();
    rest.changes.clone_from(&written.left);
    let differing = written.done.iter();
    rest.changes.extend(
        differing
            .filter(|change| too.contains(&change.field))
            .cloned(),
    );
    rest.changes.sort_by_key(|change| change.field);
    let left: BTreeSet<Field> = rest.changes.iter().map(|change| change.field).collect();
    rest.image_files.retain(|field, _| left.contains(field));
    rest.images_before.retain(|field, _| left.contains(field));
    rest.base_before.retain(|field, _| left.contains(field));
    rest.restore.retain(|field, _| left.contains(field));
    rest.carried.retain(|field, _| left.contains(field));
    let seed = context.link.with_rng(rand::Rng::next_u64);
    Some((rest, trouble, seed))
}
