//! What a job that is done leaves behind: its journal entry and the new base. Pure.

use std::collections::BTreeMap;

use syncslate_plex::UPLOAD;

use super::job::{Attempt, Carried, FieldOutcome, Job, JobKind, Outcome};
use super::merge::carried_on;
use crate::journal::{JournalEntry, JournalField};
use crate::model::{BaseField, Change, Field, FieldKind, PlexValues, Value};
use crate::plan::{self, Selected};

const SHA1_HEX: usize = 40;

/// What a finished job leaves behind.
pub(super) struct Settled {
    /// What it replaced; `None` where nothing was.
    pub entry: Option<JournalEntry>,
    /// New base per field; `None` removes it. Fields that are not named keep theirs.
    pub base: BTreeMap<Field, Option<BaseField>>,
    /// The fields whose past is settled: what they hold now, and whether they are locked.
    pub held: BTreeMap<Field, (Value, bool)>,
}

/// Weighs what a job asked for against what Plex was read to hold.
pub(super) fn settle(job: &Job, outcome: &Outcome) -> Settled {
    let mut settled = Settled {
        entry: None,
        base: BTreeMap::new(),
        held: BTreeMap::new(),
    };
    let mut journal = BTreeMap::new();
    for field in job.fields() {
        let carried = job.carried.get(&field);
        // What was written only so that it stays says nothing of whose it is.
        let change = job.change(field).filter(|change| change.moves());
        let (result, replaced, change) = match (outcome.fields.get(&field), change, carried) {
            (Some(result), Some(change), _) => {
                let base = match job.kind {
                    JobKind::Undo => job.restore.get(&field).cloned().flatten(),
                    JobKind::Sync => result.base.clone(),
                };
                settled.base.insert(field, base);
                (result.clone(), replaced(job, field, Some(change)), change)
            }
            (reported, _, Some(carried)) => {
                let result = reported.cloned().unwrap_or_else(|| FieldOutcome {
                    after: outcome.held.get(field).clone(),
                    after_locked: outcome.held.is_locked(field),
                    base: None,
                });
                let replaced = replaced(job, field, None);
                let landed = landed(carried, &outcome.held, reported, replaced.as_ref());
                let Some(attempt) = landed else {
                    // Nothing of ours is there: nothing was replaced that could be taken back.
                    settled
                        .held
                        .insert(field, (result.after, result.after_locked));
                    continue;
                };
                settled
                    .base
                    .insert(field, base_of(attempt, &result, &outcome.held));
                (result, replaced, &attempt.change)
            }
            // Not written (a picture that failed): it has a retry of its own.
            (_, _, None) => continue,
        };
        settled
            .held
            .insert(field, (result.after.clone(), result.after_locked));
        let Some(Replaced {
            before,
            before_raw,
            before_locked,
            base_before,
        }) = replaced
        else {
            continue;
        };
        let earlier = carried.map_or(&[][..], |carried| &carried.attempts);
        let past = (&before, earlier);
        let after = without_others(change, past, result.after, &outcome.held);
        if plan::same(field, &before, &after) && before_locked == result.after_locked {
            continue;
        }
        journal.insert(
            field,
            JournalField {
                before,
                before_raw,
                before_locked,
                after,
                after_locked: result.after_locked,
                base_before,
            },
        );
    }
    settled.entry = (!journal.is_empty()).then(|| JournalEntry {
        run: job.run,
        key: job.key,
        identity: job.identity.clone(),
        section_id: job.section_id,
        item_type: job.item_type,
        title: job.title.clone(),
        source_id: job.source_id.clone(),
        fields: journal,
        at_ms: outcome.at_ms,
    });
    settled
}

/// Base of the fields on which `job` or those it replaced may have reached Plex, as what Plex holds now tells it. A
/// picture's selected key, where it is known, tells only if the key of an upload ends with its SHA-1; otherwise the SHA-1 of
/// its bytes does, where it is in `hashes`.
pub(super) fn landed_base(
    mut job: Job,
    held: &PlexValues,
    selected: &Selected,
    hashes: &BTreeMap<Field, String>,
) -> BTreeMap<Field, Option<BaseField>> {
    job.carried = carried_on(job.clone());
    let mut base = BTreeMap::new();
    for (&field, carried) in &job.carried {
        let key = selected.get(&field).map(|key| Value::Image(key.clone()));
        let attempt = match &key {
            Some(key) => {
                let was_there = |past: &Replaced| past.before == *key;
                let is_new = !replaced(&job, field, None).as_ref().is_some_and(was_there);
                let sha1 = hashes.get(&field).map(|sha1| Value::Image(sha1.clone()));
                chosen(carried, key)
                    .or_else(|| chosen(carried, sha1.as_ref()?))
                    .filter(|_| is_new)
            }
            None => landed(carried, held, None, None),
        };
        if let Some(attempt) = attempt {
            let result = FieldOutcome {
                after: key.unwrap_or_else(|| held.get(field).clone()),
                after_locked: held.is_locked(field),
                base: None,
            };
            base.insert(field, base_of(attempt, &result, held));
        }
    }
    base
}

/// The pictures that `job` or those it replaced may have sent and whose key in `selected`, an upload that was not there
/// before, is none of theirs by its name.
pub(super) fn untold_pictures(mut job: Job, selected: &Selected) -> Vec<Field> {
    job.carried = carried_on(job.clone());
    let is_untold = |(field, carried): (&Field, &Carried)| {
        let key = selected.get(field)?;
        let before = job.images_before.get(field);
        let was_there = before.is_some_and(|before| {
            before.selected.as_ref() == Some(key) || before.uploads.contains(key)
        });
        let is_told = chosen(carried, &Value::Image(key.clone())).is_some();
        (key.starts_with(UPLOAD) && !was_there && !is_told).then_some(*field)
    };
    job.carried.iter().filter_map(is_untold).collect()
}

/// The newest attempt whose picture has this key.
fn chosen<'c>(carried: &'c Carried, key: &Value) -> Option<&'c Attempt> {
    let mut attempts = carried.attempts.iter().rev();
    attempts.find(|attempt| is_key_of(&attempt.change.after, key))
}

/// What a field was before the first of all attempts.
struct Replaced {
    before: Value,
    before_raw: Option<Value>,
    before_locked: bool,
    base_before: Option<BaseField>,
}

fn replaced(job: &Job, field: Field, change: Option<&Change>) -> Option<Replaced> {
    let mut replaced = match (job.carried.get(&field), change) {
        (Some(carried), _) => Replaced {
            before: carried.before.clone(),
            before_raw: carried.before_raw.clone(),
            before_locked: carried.before_locked,
            base_before: carried.base_before.clone(),
        },
        (None, Some(change)) => Replaced {
            before: change.before.clone(),
            before_raw: change.before_raw.clone(),
            before_locked: change.before_locked,
            base_before: job.base_before.get(&field).cloned().flatten(),
        },
        (None, None) => return None,
    };
    if let Some(known) = job.images_before.get(&field) {
        replaced.before = known.selected.clone().map_or(Value::Empty, Value::Image);
    }
    Some(replaced)
}

/// The newest attempt that Plex now holds; one that the server may just have ignored only where none shows. `reported`: the
/// key of a picture that is known to be ours or the one before.
fn landed<'c>(
    carried: &'c Carried,
    held: &PlexValues,
    reported: Option<&FieldOutcome>,
    replaced: Option<&Replaced>,
) -> Option<&'c Attempt> {
    let attempts = || carried.attempts.iter().rev();
    let Some(key) = reported.map(|reported| &reported.after) else {
        let shows = attempts().find(|attempt| plan::arrived(&attempt.change, held));
        return shows.or_else(|| attempts().find(|attempt| plan::landed(&attempt.change, held)));
    };
    if replaced.is_some_and(|replaced| replaced.before == *key) {
        return None;
    }
    // Not every server's keys tell; then it is one of them, and the newest is the likeliest.
    chosen(carried, key).or_else(|| attempts().next())
}

fn base_of(attempt: &Attempt, result: &FieldOutcome, held: &PlexValues) -> Option<BaseField> {
    if attempt.kind == JobKind::Undo {
        return attempt.restore.clone();
    }
    let previous = attempt.base_before.as_ref();
    let change = plan::without_taken_away(&attempt.change, previous, held);
    Some(plan::base_after_write(
        change.as_ref().unwrap_or(&attempt.change),
        previous,
        &result.after,
        result.after_locked,
    ))
}

/// Whether a picture was asked for by this key, or by the SHA-1 with which the key of an upload ends.
fn is_key_of(asked: &Value, key: &Value) -> bool {
    match (asked, key) {
        (Value::Image(asked), Value::Image(key)) => {
            asked == key || (asked.len() == SHA1_HEX && key.ends_with(asked.as_str()))
        }
        _ => false,
    }
}

/// A list as the write alone would have left it: what others added before it was read back is theirs, and undo must not
/// take it away; nor must it bring back what they took.
fn without_others(
    change: &Change,
    (before, earlier): (&Value, &[Attempt]),
    after: Value,
    held: &PlexValues,
) -> Value {
    if change.field.kind() != FieldKind::Tags || !plan::landed(change, held) {
        return after;
    }
    let known = [before.tags(), change.after.tags()].concat();
    let mut tags = plan::within(after.tags(), &known);
    tags.extend(plan::without(change.after.tags(), after.tags()));
    let earlier: Vec<&Change> = earlier.iter().map(|attempt| &attempt.change).collect();
    let alone = plan::without_others_pictures(change, (before, &earlier), &after);
    plan::list_of(tags, &[&alone])
}
