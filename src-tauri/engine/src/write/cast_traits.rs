//! What is known of how a server takes casts, and what of a cast goes to it.
//!
//! Not here: how it is found out (`cast`).

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use syncslate_plex::{Details, Edit, MAX_LINE};

use crate::face::CastTaken;
use crate::library;
use crate::model::{CastTrait, Change, Field, Kept, KeptReason, PlexValues, Value};
use crate::plan::{self, ItemPlan};
use crate::queue::JobKind;
use crate::store::ServerRecord;

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
            drops_pictures: AtomicBool::new(server.drops_actor_pictures),
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

    /// Remembers that pictures which were not told again went with an edit; `true` where that is new.
    pub(super) fn learn_dropped(&self) -> bool {
        !self.drops_pictures.swap(true, Ordering::Relaxed)
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

    pub(super) fn unknown(&self) -> Vec<CastTrait> {
        self.all(&[CastTaken::Unknown])
    }

    /// What is ignored, or may be.
    pub(super) fn untaken(&self) -> Vec<CastTrait> {
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

    /// Leaves the pictures of a cast out of a change that has no room for them beside what Plex holds: what does not go
    /// would pass for refused. Where those that stay would be lost with the edit, a sync leaves the cast alone.
    pub(crate) fn fit(&self, plan: &mut ItemPlan, kind: JobKind) {
        let mut changes = plan.changes.iter();
        let Some(at) = changes.position(|change| {
            change.field == Field::Actors && !self.edit_of([change]).fits(self.line_limit)
        }) else {
            return;
        };
        let change = &mut plan.changes[at];
        let asked = change.asked.clone();
        plan::leave_pictures(change);
        let loses = self.drops_pictures.load(Ordering::Relaxed)
            && plan::keeps_pictures(change)
            && !self.edit_of([&*change]).fits(self.line_limit);
        if loses && kind == JobKind::Sync {
            plan.kept.push(Kept {
                field: change.field,
                reason: KeptReason::Refused,
                plex: change.before.clone(),
                source: asked,
            });
            plan.changes.remove(at);
            return;
        }
        let is_void = plan::same(change.field, &change.before, &change.after)
            && (kind == JobKind::Sync || change.lock == change.before_locked);
        if is_void {
            plan.changes.remove(at);
        }
    }

    /// What Plex holds, as it is to be compared.
    pub(crate) fn held(&self, details: &Details) -> PlexValues {
        library::values(details).without(&self.ignored())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::cast_value;

    fn known(drops_actor_pictures: bool) -> CastTraits {
        CastTraits::new(&ServerRecord {
            drops_actor_pictures,
            line_limit: Some(500),
            ..ServerRecord::default()
        })
    }

    /// A cast that loses an actor and keeps one with an agent's picture, and one who has none.
    fn plan(agents: &str) -> ItemPlan {
        let ours = format!("http://s/{}", "s".repeat(300));
        let before = [("Ann", "", agents), ("Bo", "", ""), ("Cy", "", "")];
        let after = [("Ann", "", agents), ("Bo", "", &*ours)];
        ItemPlan {
            changes: vec![Change {
                field: Field::Actors,
                before: cast_value(before),
                before_raw: None,
                before_locked: false,
                after: cast_value(after),
                after_raw: None,
                lock: true,
                asked: cast_value([("Ann", "", ""), ("Bo", "", &ours)]),
            }],
            ..ItemPlan::default()
        }
    }

    #[test]
    fn pictures_that_have_no_room_are_not_asked_for() {
        let agents = format!("http://a/{}", "a".repeat(40));
        for drops in [false, true] {
            let mut plan = plan(&agents);
            known(drops).fit(&mut plan, JobKind::Sync);
            let change = &plan.changes[0];
            let left = cast_value([("Ann", "", &*agents), ("Bo", "", "")]);
            assert_eq!((&change.after, &plan.kept), (&left, &Vec::new()));
            assert_eq!(change.asked.told(CastTrait::Picture).into_iter().count(), 0);
        }
    }

    #[test]
    fn a_cast_stays_as_it_is_where_its_pictures_would_be_lost() {
        let agents = format!("http://a/{}", "a".repeat(600));
        let (mut lost, mut safe) = (plan(&agents), plan(&agents));
        known(true).fit(&mut lost, JobKind::Sync);
        assert_eq!(lost.changes, []);
        assert_eq!(lost.kept[0].reason, KeptReason::Refused);
        known(false).fit(&mut safe, JobKind::Sync);
        assert_eq!((safe.changes.len(), safe.kept.len()), (1, 0));
    }

    #[test]
    fn a_change_to_pictures_alone_goes_where_they_have_no_room() {
        let mut plan = plan("");
        let change = &mut plan.changes[0];
        change.before = cast_value([("Ann", "", ""), ("Bo", "", "")]);
        known(false).fit(&mut plan, JobKind::Sync);
        assert!(plan.changes.is_empty() && plan.kept.is_empty());
    }
}
