//! The queue's promises.

mod backoff;
mod fixture;
mod flow;
mod history;
mod landed;
mod left;
mod withdraw;

use crate::model::{Change, Field, ItemType, RunId, Value};
use crate::plan::base_after_write;
use crate::queue::{FieldOutcome, Job, JobKind, Outcome};
use crate::store::tests::{identity, key};

pub(crate) fn text(value: &str) -> Value {
    if value.is_empty() {
        Value::Empty
    } else {
        Value::Text(value.into())
    }
}

pub(super) fn change(field: Field, before: Value, after: Value) -> Change {
    Change {
        field,
        before,
        before_raw: None,
        before_locked: false,
        asked: after.clone(),
        after,
        after_raw: None,
        lock: true,
    }
}

/// A job that sets the title of item `number` from `before` to `after`.
pub(crate) fn job(run: RunId, number: u64, before: &str, after: &str) -> Job {
    Job {
        id: 0,
        key: key(number),
        run,
        kind: JobKind::Sync,
        identity: identity(number),
        item_type: ItemType::Movie,
        section_id: 1,
        source_id: Some(format!("{number}.nfo")),
        title: format!("Film {number}"),
        changes: vec![change(Field::Title, text(before), text(after))],
        image_files: [].into(),
        images_before: [].into(),
        planned_at_ms: 0,
        due_ms: 0,
        tries: 0,
        waits: 0,
        started: false,
        last_error: None,
        match_stamp: None,
        base_before: [].into(),
        restore: [].into(),
        carried: [].into(),
    }
}

/// Every change went through just as asked.
pub(super) fn all_written(job: &Job) -> Outcome {
    let fields = job.changes.iter().map(|change| {
        let base_before = job.base_before.get(&change.field).cloned().flatten();
        let base = base_after_write(change, base_before.as_ref(), &change.after, change.lock);
        let outcome = FieldOutcome {
            after: change.after.clone(),
            after_locked: change.lock,
            base: Some(base),
        };
        (change.field, outcome)
    });
    Outcome {
        at_ms: 5,
        fields: fields.collect(),
        held: crate::model::PlexValues::default(),
    }
}
