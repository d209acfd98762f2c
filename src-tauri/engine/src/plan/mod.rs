//! What to change: compares what a source asks for with what Plex holds, by policy and by what Syncslate remembers of the
//! field (its base), and works out what to remember after a write. Pure functions; no I/O, no clock.
//!
//! | Plex now | lock | we locked it | it is | then, under *keep my Plex edits* |
//! |---|---|---|---|---|
//! | = read back | any | any | ours | follow the source |
//! | ≠ read back | locked | – | a person's edit | keep; where the source changed too: conflict |
//! | ≠ read back | unlocked | no | drift | write again; the third time in a row: stop, tug-of-war |
//! | any | unlocked | yes | handed back | keep, show, do not lock again |
//! | no base | locked | – | a person's | keep, show |
//! | no base | unlocked | – | the agent's | write |
//!
//! What already holds what the source asks for is adopted in silence in every row: its base is stored and nothing is
//! written, not even a lock. Should Plex's agent overwrite it later, that is drift, and is written then, with a lock. What a
//! person put there, though it is what the source asks for by now, stays theirs with its lock.
//! Where two rows fit, *handed back* goes before *ours*: unlocking was somebody's act.
//!
//! Whether an item was watched has no lock and no agent: there ≠ read back is a person's edit, and the further side wins
//! (*watched* marks, *not watched* changes nothing) unless the source is right.
//!
//! Not here: reading and writing (`library`, `write`), the journal, and anything that knows of more than one item but
//! for [`batch`] and [`brake`].

pub mod batch;
pub mod brake;
mod cast;
mod cast_others;
mod compare;
mod order;
mod rules;
mod settle;
mod table;
mod undo;
mod year;

use std::collections::BTreeMap;

use crate::model::{BaseField, Change, Conflict, Field, Kept, PlexValues, Value};

pub use cast::{Took, dropped_pictures, keeps_pictures, leave_pictures, list_of, taken_back, took};
pub use cast_others::{before_it_was_sent, with_others_pictures, without_others_pictures};
pub use compare::{same, within, without};
pub use order::{Move, moves};
pub use rules::{ClearRule, Rules};
pub use settle::{
    Settled, arrived, base_after_write, differing, drifted, holds, ignores, is_our_lock, landed,
    refuse, settle, still_stands, without_taken_away,
};
pub use undo::{UndoField, plan_undo};
pub use year::keep_year;

/// The keys of selected pictures, learned from Plex's lists of pictures.
pub type Selected = BTreeMap<Field, String>;

/// What a run would do to one Plex item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemPlan {
    /// Fields to write, in the order of [`Field`].
    pub changes: Vec<Change>,
    /// Fields that differ and are left as they are.
    pub kept: Vec<Kept>,
    /// Fields on which both sides have a claim.
    pub conflicts: Vec<Conflict>,
    /// Base records to store although nothing is written: what Plex already holds as asked.
    pub adopted: BTreeMap<Field, BaseField>,
    /// Ratings among `changes` that Plex will show under the mark of Rotten Tomatoes, which stands for a verdict of its
    /// own. They are written all the same (Plex cannot be told another mark), and should be said so.
    pub told: Vec<Kept>,
    /// Pictures of which Plex told only the `thumb`/`art` path, which says nothing about their bytes. Nothing is planned
    /// for them: learn their selected keys and plan again with these.
    pub unlisted: Vec<Field>,
}

impl ItemPlan {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Plans one Plex item.
///
/// `wanted` is what the source asks for (a field that is absent says nothing), `plex` what Plex holds, `base` what
/// Syncslate remembers of the item. `selected` holds the keys of selected pictures as far as they were asked for; they
/// need not be asked for where the picture's path is the one in its base.
pub fn plan_item(
    wanted: &BTreeMap<Field, Value>,
    plex: &PlexValues,
    base: Option<&BTreeMap<Field, BaseField>>,
    selected: &Selected,
    rules: &Rules,
) -> ItemPlan {
    let mut plan = ItemPlan::default();
    for (&field, wanted) in wanted {
        let base = base.and_then(|base| base.get(&field));
        table::plan_field(&mut plan, field, wanted, plex, base, selected, rules);
    }
    plan
}

#[cfg(test)]
mod tests;
