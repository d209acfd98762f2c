//! What a job that is done leaves behind: its journal entry and the new base. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::job::{Attempt, Carried, FieldOutcome, Job, JobKind, Outcome};
use super::merge::carried_on;
use crate::journal::{JournalEntry, JournalField};
use crate::model::{BaseField, Change, Field, FieldKind, PlexValues, Value};

const SHA1_HEX: usize = 40;

/// Base of a field after `change` was written and Plex then held `after`.
pub fn base_after_write(
    change: &Change,
    base_before: Option<&BaseField>,
    after: &Value,
    after_locked: bool,
) -> BaseField {
    let fold = |tag: &String| tag.to_lowercase();
    let had: BTreeSet<String> = change.before.tags().iter().map(fold).collect();
    let were_ours: BTreeSet<String> = base_before
        .map(|base| base.ours.iter().map(fold).collect())
        .unwrap_or_default();
    let asked: BTreeSet<String> = change.asked.tags().iter().map(fold).collect();
    let ours = after
        .tags()
        .iter()
        .filter(|tag| {
            let tag = fold(tag);
            were_ours.contains(&tag) || (asked.contains(&tag) && !had.contains(&tag))
        })
        .cloned()
        .collect();
    BaseField {
        asked: change.asked.clone(),
        read_back: after.clone(),
        locked: after_locked,
        locked_by_us: after_locked
            && (!change.before_locked || base_before.is_some_and(|base| base.locked_by_us)),
        ours,
        image_path: None,
        overwritten: 0,
        refused: None,
    }
}

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
        let (result, replaced) = match (outcome.fields.get(&field), job.change(field), carried) {
            (Some(result), Some(change), _) => {
                let base = match job.kind {
                    JobKind::Undo => job.restore.get(&field).cloned().flatten(),
                    JobKind::Sync => result.base.clone(),
                };
                settled.base.insert(field, base);
                (result.clone(), replaced(job, field, Some(change)))
            }
            (reported, None, Some(carried)) | (reported @ None, Some(_), Some(carried)) => {
                let result = reported.cloned().unwrap_or_else(|| FieldOutcome {
                    after: outcome.held.get(field).clone(),
                    after_locked: outcome.held.is_locked(field),
                    base: None,
                });
                let landed = landed(carried, &result);
                if landed.is_none() && field.kind() != FieldKind::Image {
                    // Nothing of ours is there: nothing was replaced that could be taken back.
                    settled
                        .held
                        .insert(field, (result.after, result.after_locked));
                    continue;
                }
                if let Some(attempt) = landed {
                    settled.base.insert(field, base_of(attempt, &result));
                }
                (result, replaced(job, field, None))
            }
            // Not written (a picture that failed): it has a retry of its own.
            (None, Some(_), None) | (_, None, None) => continue,
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
        if same(&before, &result.after) && before_locked == result.after_locked {
            continue;
        }
        journal.insert(
            field,
            JournalField {
                before,
                before_raw,
                before_locked,
                after: result.after,
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

/// Base of the fields on which `job` or those it replaced may have reached Plex, as what Plex holds now tells it.
pub(super) fn landed_base(job: Job, held: &PlexValues) -> BTreeMap<Field, Option<BaseField>> {
    let mut base = BTreeMap::new();
    for (field, carried) in carried_on(job) {
        let held = FieldOutcome {
            after: held.get(field).clone(),
            after_locked: held.is_locked(field),
            base: None,
        };
        if let Some(attempt) = landed(&carried, &held) {
            base.insert(field, base_of(attempt, &held));
        }
    }
    base
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

/// The newest attempt that Plex now holds.
fn landed<'c>(carried: &'c Carried, held: &FieldOutcome) -> Option<&'c Attempt> {
    carried
        .attempts
        .iter()
        .rev()
        .find(|attempt| is_held(&attempt.change.after, &held.after))
}

fn base_of(attempt: &Attempt, held: &FieldOutcome) -> Option<BaseField> {
    match attempt.kind {
        JobKind::Undo => attempt.restore.clone(),
        JobKind::Sync => Some(base_after_write(
            &attempt.change,
            attempt.base_before.as_ref(),
            &held.after,
            held.after_locked,
        )),
    }
}

/// Whether Plex holds what was asked of it. A picture is asked for by its SHA-1, with which the key of an upload ends.
fn is_held(asked: &Value, held: &Value) -> bool {
    match (asked, held) {
        (Value::Image(asked), Value::Image(held)) => {
            asked == held || (asked.len() == SHA1_HEX && held.ends_with(asked.as_str()))
        }
        _ => same(asked, held),
    }
}

/// Whether two values mean the same: tags without order and case.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Tags(one), Value::Tags(other)) => {
            let fold = |tags: &[String]| -> BTreeSet<String> {
                tags.iter().map(|tag| tag.to_lowercase()).collect()
            };
            fold(one) == fold(other)
        }
        _ => one == other,
    }
}
