//! The way back of one field through the journal, the newest run first. Pure.
//!
//! Not here: whether Plex still holds what the newest of these runs left (`plan`).

use std::collections::BTreeSet;

use super::JournalField;
use crate::model::{Field, FieldKind, RunId, Value};
use crate::plan::{self, same};
use crate::text::fold;

/// A run of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TracedRun {
    /// Its number.
    pub run: RunId,
    /// Whether it is a sync that was not taken back: what it left was there until somebody changed it.
    pub(super) stands: bool,
}

/// See the module.
pub(super) struct Trace {
    field: Field,
    /// What stood there at the time that was reached.
    held: Value,
    /// From there to what the newest run left.
    pub(super) found: Option<JournalField>,
    is_broken: bool,
}

impl Trace {
    pub(super) fn new(field: Field, held: Value) -> Self {
        Self {
            field,
            held,
            found: None,
            is_broken: false,
        }
    }

    /// One run further back. What a run left that was taken back since may be there no more without anybody's doing.
    pub(super) fn step(&mut self, step: JournalField, stands: bool) {
        if self.is_broken {
            return;
        }
        if !self.leads_on(&step.after) {
            self.is_broken = stands;
            return;
        }
        let found = match self.found.take() {
            None => step,
            Some(newer) if self.field.kind() == FieldKind::Tags => {
                let before = list_before(self.field, &step, &newer.before);
                JournalField {
                    // A list that others changed in between is another one.
                    before_raw: step
                        .before_raw
                        .filter(|_| same(self.field, &step.before, &before)),
                    before,
                    before_locked: step.before_locked,
                    base_before: step.base_before,
                    ..newer
                }
            }
            Some(newer) => JournalField {
                after: newer.after,
                after_locked: newer.after_locked,
                ..step
            },
        };
        self.held = found.before.clone();
        self.found = Some(found);
    }

    /// Whether what a run left is what stood there later. Of a list some of it is enough: others take and add tags.
    fn leads_on(&self, after: &Value) -> bool {
        if self.field.kind() == FieldKind::Tags {
            let (after, held) = (folded(after.tags()), folded(self.held.tags()));
            return !after.is_disjoint(&held) || (after.is_empty() && held.is_empty());
        }
        // Plex leaves a sort title out where it equals the title.
        let is_left_out =
            self.field == Field::SortTitle && (after.is_empty() || self.held.is_empty());
        is_left_out || same(self.field, after, &self.held)
    }
}

/// A list without what a run added, with what it removed.
fn list_before(field: Field, step: &JournalField, held: &Value) -> Value {
    let (before, after) = (folded(step.before.tags()), folded(step.after.tags()));
    let there = folded(held.tags());
    let stays = held.tags().iter().filter(|tag| {
        let tag = fold(tag);
        before.contains(&tag) || !after.contains(&tag)
    });
    let back = step.before.tags().iter().filter(|tag| {
        let tag = fold(tag);
        !after.contains(&tag) && !there.contains(&tag)
    });
    let tags = plan::taken_back(
        stays.chain(back).cloned().collect(),
        &step.before,
        &step.after,
        held,
    );
    if same(field, &tags, &step.before) {
        // In its own order.
        step.before.clone()
    } else {
        tags
    }
}

fn folded(tags: &[String]) -> BTreeSet<String> {
    tags.iter().map(|tag| fold(tag)).collect()
}
