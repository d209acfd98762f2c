//! Random histories of one item: planned, sent, lost, crashed, planned anew, failed, finished. However they go, the
//! journal takes the item back to what it was, and base says what Plex holds.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::flow::{error, retry};
use super::*;
use crate::model::PlexValues;
use crate::queue::{ErrorClass, Job};
use crate::store::State;
use crate::store::tests::{begin_run, key, open, read, write};

const FIELDS: [Field; 3] = [Field::Title, Field::Summary, Field::Genres];

#[derive(Debug, Clone)]
enum Step {
    /// The source now asks for these; what differs is planned, in a new run or the present one.
    Plan([u8; 3], bool),
    /// The job is started; its request reaches Plex or not; then the process ends.
    SendAndCrash(bool),
    /// The job gives up after its request reached Plex or not.
    SendAndFail(bool),
    /// Failed jobs are put back.
    Requeue,
    /// The job is done and read back.
    Finish,
    /// The run's waiting jobs are dropped.
    Drop,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (prop::array::uniform3(0_u8..4), any::<bool>()).prop_map(|(w, new)| Step::Plan(w, new)),
        3 => any::<bool>().prop_map(Step::SendAndCrash),
        1 => any::<bool>().prop_map(Step::SendAndFail),
        1 => Just(Step::Requeue),
        2 => Just(Step::Finish),
        1 => Just(Step::Drop),
    ];
    prop::collection::vec(step, 1..24)
}

fn value(field: Field, number: u8) -> Value {
    match (field, number) {
        (_, 0) => Value::Empty,
        (Field::Genres, n) => Value::Tags((0..n).map(|tag| format!("Genre {tag}")).collect()),
        (_, n) => Value::Text(format!("text {n}")),
    }
}

/// Plex, holding one item.
#[derive(Clone, PartialEq, Debug, Default)]
struct Plex(BTreeMap<Field, (Value, bool)>);

impl Plex {
    fn get(&self, field: Field) -> (Value, bool) {
        self.0.get(&field).cloned().unwrap_or_default()
    }

    fn apply(&mut self, job: &Job) {
        for change in &job.changes {
            self.0
                .insert(change.field, (change.after.clone(), change.lock));
        }
    }

    fn held(&self) -> PlexValues {
        PlexValues {
            values: self
                .0
                .iter()
                .map(|(field, (value, _))| (*field, value.clone()))
                .collect(),
            locked: FIELDS
                .into_iter()
                .filter(|field| self.get(*field).1)
                .collect(),
            ..PlexValues::default()
        }
    }
}

struct World {
    plex: Plex,
    state: State,
    run: RunId,
}

impl World {
    fn plan(&mut self, wanted: [u8; 3], new_run: bool) {
        if new_run {
            self.run = begin_run(&self.state, true);
        }
        let held = self.plex.held();
        let base = read(&self.state, |r| {
            r.base_now(key(1), &identity(1), &held, &[].into(), &[].into())
        });
        let mut planned = job(self.run, 1, "", "");
        planned.changes.clear();
        for (field, wanted) in FIELDS.into_iter().zip(wanted) {
            let (now, locked) = self.plex.get(field);
            let wanted = value(field, wanted);
            if now == wanted {
                continue;
            }
            planned.changes.push(Change {
                before_locked: locked,
                ..change(field, now, wanted)
            });
            let known = base
                .as_ref()
                .and_then(|base| base.fields.get(&field).cloned());
            planned.base_before.insert(field, known);
        }
        write(&self.state, move |w| w.enqueue(planned.clone()));
    }

    /// Takes the job, if there is one, and marks it started.
    fn start(&mut self) -> Option<Job> {
        let mut job = write(&self.state, |w| w.take_due(0, 1)).pop()?;
        Some(write(&self.state, move |w| {
            assert!(w.mark_started(&mut job)?);
            Ok(job.clone())
        }))
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Plan(wanted, new_run) => self.plan(wanted, new_run),
            Step::SendAndCrash(reached) => {
                if let Some(job) = self.start()
                    && reached
                {
                    self.plex.apply(&job);
                }
                write(&self.state, |w| w.put_back_all());
            }
            Step::SendAndFail(reached) => {
                let Some(job) = self.start() else { return };
                if reached {
                    self.plex.apply(&job);
                }
                retry(&self.state, &job, error(ErrorClass::Permanent), 0);
            }
            Step::Requeue => {
                write(&self.state, |w| w.requeue_failed(0));
            }
            Step::Finish => {
                let Some(job) = self.start() else { return };
                self.plex.apply(&job);
                let mut outcome = all_written(&job);
                outcome.held = self.plex.held();
                write(&self.state, move |w| w.finish(&job, &outcome));
            }
            Step::Drop => {
                let run = self.run;
                write(&self.state, move |w| w.drop_run(run));
            }
        }
        read(&self.state, |r| {
            assert!(r.job_count()? + r.failed_count()? <= 1, "one job per item");
            Ok(())
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn undo_after_any_history_gives_back_what_was_there(
        initial in prop::array::uniform3(0_u8..4),
        steps in steps(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let state = open(dir.path()).state;
        let mut plex = Plex::default();
        for (field, number) in FIELDS.into_iter().zip(initial) {
            plex.0.insert(field, (value(field, number), false));
        }
        let first = plex.clone();
        let run = begin_run(&state, true);
        let mut world = World { plex, state, run };
        for step in &steps {
            world.step(step);
        }
        world.step(&Step::Requeue);
        world.step(&Step::Finish);
        let World { plex, state, .. } = world;
        read(&state, |r| {
            assert_eq!((r.job_count()?, r.failed_count()?), (0, 0));
            let base = r.base(key(1))?;
            let mut back = plex.clone();
            for run in r.undoable_runs(99)? {
                let entry = r.journal(run, key(1))?.unwrap();
                for (field, journal) in entry.fields {
                    let after = (journal.after, journal.after_locked);
                    assert_eq!(back.get(field), after, "undo met a conflict on {field:?}");
                    back.0.insert(field, (journal.before, journal.before_locked));
                }
            }
            assert_eq!(back, first);
            for field in FIELDS {
                let (value, locked) = plex.get(field);
                if !locked {
                    // Never written.
                    assert_eq!((value, locked), first.get(field));
                    continue;
                }
                let base = &base.as_ref().expect("something was written").fields[&field];
                assert_eq!((&base.read_back, base.locked), (&value, true));
                assert!(base.locked_by_us);
            }
            Ok(())
        });
    }
}
