//! What may travel together: items whose edits are identical, and how many things make one batch. Every batch says why
//! it ended.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::compare::{or_empty, without};
use crate::model::{Change, Field, FieldKind, RatingKey, Value};

/// Most items in one stored chunk of a plan.
pub const PLAN_CHUNK: usize = 1_000;
/// Most items in one detail read, one verification, one edit of several items.
pub const READ_BATCH: usize = 200;
/// Most outcomes in one commit.
pub const COMMIT_ITEMS: usize = 200;
/// Longest that an outcome waits for its commit.
pub const COMMIT_WAIT: Duration = Duration::from_millis(50);

/// One PUT: every field with its value and lock. Two items with equal edits may share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Edit {
    /// Fields with values.
    pub fields: BTreeMap<Field, FieldEdit>,
    /// Locks of pictures, whose bytes went before.
    pub picture_locks: BTreeMap<Field, bool>,
}

/// What an edit says about a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldEdit {
    /// The whole value.
    pub value: Value,
    /// Tags that the item has and that must go, in their order.
    pub remove: Vec<String>,
    /// Whether it is locked afterwards; `None` for a field whose lock is not Syncslate's business.
    pub lock: Option<bool>,
}

impl Edit {
    /// The edit that makes an item's changes. `pictures_done` names the pictures that Plex took; the lock of one that
    /// failed must not be set.
    pub fn of(changes: &[Change], pictures_done: &BTreeSet<Field>) -> Self {
        let mut edit = Self::default();
        for change in changes {
            let field = change.field;
            if field.kind() == FieldKind::Image {
                if pictures_done.contains(&field) {
                    edit.picture_locks.insert(field, change.lock);
                }
                continue;
            }
            let field_edit = FieldEdit {
                value: or_empty(&change.after),
                remove: without(change.before.tags(), change.after.tags()),
                lock: field.can_lock().then_some(change.lock),
            };
            edit.fields.insert(field, field_edit);
        }
        edit
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.picture_locks.is_empty()
    }
}

/// Items that get the same edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their keys, in the order in which they came.
    pub items: Vec<RatingKey>,
    /// What they get.
    pub edit: Edit,
}

/// Puts items with identical edits together, at most [`READ_BATCH`] to a group, groups in the order of their first item.
/// The items must be of one section and one type. Empty edits are left out.
pub fn group(edits: impl IntoIterator<Item = (RatingKey, Edit)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Only looked up, never walked: its order decides nothing.
    let mut open: HashMap<Edit, usize> = HashMap::new();
    for (item, edit) in edits {
        if edit.is_empty() {
            continue;
        }
        match open.get(&edit) {
            Some(&at) if groups[at].items.len() < READ_BATCH => groups[at].items.push(item),
            _ => {
                open.insert(edit.clone(), groups.len());
                groups.push(Group {
                    items: vec![item],
                    edit,
                });
            }
        }
    }
    groups
}

/// Why a batch is as long as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// It holds as many as it may.
    Full,
    /// Its first had waited long enough.
    Waited,
    /// There was no more.
    Ended,
}

/// Things that travel together; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T> {
    /// The things, in their order.
    pub items: Vec<T>,
    /// Why there are no more of them.
    pub stop: StopReason,
}

/// Gathers things into batches as they come.
#[derive(Debug)]
pub struct Batcher<T> {
    items: Vec<T>,
    most: usize,
}

impl<T> Batcher<T> {
    /// Batches of at most `most` things; of one where `most` is 0.
    pub fn new(most: usize) -> Self {
        Self {
            items: Vec::new(),
            most: most.max(1),
        }
    }

    /// Takes one more; answers a batch where that filled it.
    pub fn push(&mut self, item: T) -> Option<Batch<T>> {
        self.items.push(item);
        if self.items.len() < self.most {
            return None;
        }
        self.take(StopReason::Full)
    }

    /// What is gathered, where its first has waited for [`COMMIT_WAIT`] or longer.
    pub fn due(&mut self, first_waited: Duration) -> Option<Batch<T>> {
        if first_waited < COMMIT_WAIT {
            return None;
        }
        self.take(StopReason::Waited)
    }

    /// What is left; `None` where nothing is.
    pub fn finish(&mut self) -> Option<Batch<T>> {
        self.take(StopReason::Ended)
    }

    /// How many are gathered.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing is gathered.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn take(&mut self, stop: StopReason) -> Option<Batch<T>> {
        let items = std::mem::take(&mut self.items);
        (!items.is_empty()).then_some(Batch { items, stop })
    }
}
