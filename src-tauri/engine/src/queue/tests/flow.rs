use std::collections::BTreeMap;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::model::{BaseField, Identity};
use crate::queue::merge;
use crate::queue::{ErrorClass, ImageBefore, JobError, Verdict};
use crate::store::tests::{begin_run, open, read, write};
use crate::store::{BaseRecord, State};

pub(super) fn error(class: ErrorClass) -> JobError {
    JobError {
        class,
        message: "Plex said no.".into(),
        retry_after: None,
    }
}

fn take(state: &State, now_ms: i64, limit: usize) -> Vec<Job> {
    write(state, move |w| w.take_due(now_ms, limit))
}

fn enqueue(state: &State, job: &Job) -> Job {
    let job = job.clone();
    write(state, move |w| w.enqueue(job.clone()))
}

/// Takes the only job there is and marks it started.
fn start(state: &State) -> Job {
    let mut taken = take(state, i64::MAX - 1, 2);
    assert_eq!(taken.len(), 1);
    let mut job = taken.remove(0);
    write(state, move |w| {
        assert!(w.mark_started(&mut job)?);
        Ok(job.clone())
    })
}

fn finish(state: &State, job: &Job, outcome: Outcome) {
    let job = job.clone();
    write(state, move |w| w.finish(&job, &outcome));
}

pub(super) fn retry(state: &State, job: &Job, error: JobError, now_ms: i64) -> Verdict {
    let job = job.clone();
    write(state, move |w| {
        w.retry_later(&job, &error, now_ms, &mut ChaCha8Rng::seed_from_u64(7))
    })
}

#[test]
fn what_is_written_only_so_that_it_stays_says_nothing_of_whose_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    // A person took the lock of the year away; the source has asked for it all the same.
    let handed_back = BaseField {
        asked: Value::Whole(1998),
        read_back: Value::Whole(1998),
        locked: true,
        locked_by_us: true,
        ours: Vec::new(),
        image_path: None,
        overwritten: 1,
        refused: None,
    };
    for kind in [JobKind::Sync, JobKind::Undo] {
        let run = begin_run(&state, true);
        let record = BaseRecord {
            identity: identity(1),
            source_id: None,
            fields: [(Field::Year, handed_back.clone())].into(),
        };
        write(&state, move |w| w.put_base(key(1), &record));
        let mut year = change(Field::Year, Value::Whole(1999), Value::Whole(1999));
        year.lock = false;
        let mut job = job(run, 1, "a", "b");
        job.kind = kind;
        job.changes.push(year);
        job.base_before = [(Field::Year, Some(handed_back.clone()))].into();
        enqueue(&state, &job);
        let job = start(&state);
        // Taken over by a newer one after its answers were lost, it leaves no doubt of the year.
        assert!(merge::carried_on(job.clone()).contains_key(&Field::Title));
        assert!(!merge::carried_on(job.clone()).contains_key(&Field::Year));
        finish(&state, &job, all_written(&job));
        let base = read(&state, |r| r.base(key(1))).unwrap();
        assert_eq!(
            base.fields.get(&Field::Year),
            Some(&handed_back),
            "{kind:?}"
        );
    }
}

#[test]
fn jobs_come_in_the_order_in_which_they_are_due_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (first, second) = (begin_run(&state, true), begin_run(&state, true));
    for (run, number, due_ms) in [
        (first, 1, 50),
        (second, 2, -10),
        (first, 3, 20),
        (first, 4, 99),
    ] {
        enqueue(
            &state,
            &Job {
                due_ms,
                ..job(run, number, "a", "b")
            },
        );
    }
    assert_eq!(read(&state, |r| r.next_due()), Some(-10));
    let numbers =
        |jobs: Vec<Job>| -> Vec<_> { jobs.iter().map(|job| job.key.rating_key.0).collect() };
    assert_eq!(numbers(take(&state, 50, 2)), [2, 3]);
    assert_eq!(numbers(take(&state, 50, 2)), [1]);
    assert!(take(&state, 50, 2).is_empty());
    assert_eq!(read(&state, |r| r.next_due()), Some(99));
    assert_eq!(read(&state, |r| r.job_count()), 4);

    // What a process took and did not end is there again after the next start.
    drop(state);
    let state = open(dir.path()).state;
    assert_eq!(write(&state, |w| w.put_back_all()), 3);
    assert_eq!(write(&state, |w| w.put_back_all()), 0);
    let again = take(&state, 50, 10);
    let back = again[1].clone();
    assert_eq!(numbers(again), [2, 3, 1]);
    write(&state, move |w| w.put_back(&back));
    assert_eq!(numbers(take(&state, 50, 10)), [3]);
}

#[test]
fn a_plan_that_is_not_ready_is_never_taken_and_can_be_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (ready, draft) = (begin_run(&state, true), begin_run(&state, false));
    enqueue(&state, &job(draft, 1, "a", "b"));
    enqueue(&state, &job(ready, 2, "a", "b"));
    assert_eq!(read(&state, |r| r.queued_runs()), [ready, draft]);
    assert_eq!(take(&state, 9, 9).len(), 1);
    assert_eq!(read(&state, |r| r.next_due()), None);
    assert_eq!(write(&state, move |w| w.drop_run(draft)), 1);
    assert_eq!(read(&state, |r| r.queued_runs()), []);
    assert_eq!(read(&state, |r| r.job_count()), 1);
    assert!(!read(&state, |r| r.run(draft)).unwrap().ready);
}

#[test]
fn a_dropped_plan_leaves_what_it_knew_of_older_jobs() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (older, draft) = (begin_run(&state, true), begin_run(&state, false));
    enqueue(&state, &job(older, 1, "a", "b"));
    start(&state);
    enqueue(&state, &job(draft, 1, "b", "c"));
    assert_eq!(write(&state, move |w| w.drop_run(draft)), 1);
    let left = start(&state);
    assert_eq!((left.changes.len(), left.carried.len()), (0, 1));
    // The older job had reached Plex.
    let mut outcome = all_written(&left);
    outcome.held.values.insert(Field::Title, text("b"));
    outcome.held.locked.insert(Field::Title);
    finish(&state, &left, outcome);
    read(&state, |r| {
        let entry = r.journal(draft, left.key)?.unwrap();
        let title = &entry.fields[&Field::Title];
        assert_eq!((&title.before, &title.after), (&text("a"), &text("b")));
        let base = &r.base(left.key)?.unwrap().fields[&Field::Title];
        assert_eq!((&base.asked, base.locked_by_us), (&text("b"), true));
        assert_eq!(r.job_count()?, 0);
        Ok(())
    });
}

#[test]
fn plex_away_costs_no_try_and_everything_else_does() {
    for (class, tries) in [
        (ErrorClass::NotFound, 12),
        (ErrorClass::Temporary, 5),
        (ErrorClass::Permanent, 1),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let state = open(dir.path()).state;
        let run = begin_run(&state, true);
        enqueue(&state, &job(run, 1, "a", "b"));
        for _ in 0..40 {
            let taken = start(&state);
            assert_ne!(
                retry(&state, &taken, error(ErrorClass::PlexAway), 0),
                Verdict::Failed
            );
        }
        for failed_tries in 1..=tries {
            let taken = start(&state);
            let verdict = retry(&state, &taken, error(class), 1_000);
            assert_eq!(
                verdict == Verdict::Failed,
                failed_tries == tries,
                "{class:?}"
            );
            if let Verdict::Again { due_ms } = verdict {
                assert_eq!(read(&state, |r| r.next_due()), Some(due_ms));
                assert_eq!(take(&state, due_ms - 1, 9), []);
            }
        }
        assert_eq!(
            read(&state, |r| Ok((r.job_count()?, r.failed_count()?))),
            (0, 1)
        );
        let failed = read(&state, |r| r.failed_jobs(None, 9)).remove(0);
        assert_eq!(
            (failed.error.as_str(), failed.at_ms),
            ("Plex said no.", 1_000)
        );

        assert_eq!(write(&state, |w| w.requeue_failed(77)), 1);
        assert_eq!(read(&state, |r| r.failed_count()), 0);
        let again = start(&state);
        assert_eq!((again.due_ms, again.tries), (77, 0));
    }
}

#[test]
fn retry_after_is_obeyed() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    enqueue(&state, &job(run, 1, "a", "b"));
    let taken = start(&state);
    let asked = JobError {
        retry_after: Some(Duration::from_hours(1)),
        ..error(ErrorClass::Temporary)
    };
    let verdict = retry(&state, &taken, asked, 10);
    assert_eq!(verdict, Verdict::Again { due_ms: 3_600_010 });
}

#[test]
fn newer_intent_replaces_older_and_the_older_hands_know_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let mut old = enqueue(&state, &job(run, 1, "a", "b"));
    let new = enqueue(&state, &job(run, 1, "a", "c"));
    assert_ne!(old.id, new.id);
    assert!(new.carried.is_empty(), "the older one had sent nothing");
    assert_eq!(read(&state, |r| r.job_count()), 1);
    let replaced = old.clone();
    write(&state, move |w| {
        assert!(!w.mark_started(&mut old)?);
        assert!(!w.set_images_before(&mut old, &BTreeMap::new())?);
        assert!(!w.drop_job(&old)?);
        w.put_back(&old)
    });
    let verdict = retry(&state, &replaced, error(ErrorClass::Permanent), 0);
    assert_eq!(verdict, Verdict::Superseded);
    let jobs = take(&state, 9, 9);
    assert_eq!(jobs, [new]);
}

#[test]
fn a_failed_job_goes_when_a_newer_one_comes_and_hands_on_what_it_knew() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    enqueue(&state, &job(run, 1, "a", "b"));
    let taken = start(&state);
    retry(&state, &taken, error(ErrorClass::Permanent), 0);
    let new = enqueue(&state, &job(run, 1, "b", "c"));
    assert_eq!(read(&state, |r| r.failed_count()), 0);
    assert_eq!(new.carried[&Field::Title].before, text("a"));
}

#[test]
fn a_job_without_changes_takes_back_an_intent() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let nothing = Job {
        changes: vec![],
        ..job(run, 1, "", "")
    };
    enqueue(&state, &job(run, 1, "a", "b"));
    enqueue(&state, &nothing);
    assert_eq!(read(&state, |r| r.job_count()), 0);
    assert_eq!(take(&state, 9, 9), []);

    enqueue(&state, &job(run, 1, "a", "b"));
    start(&state);
    let left = enqueue(&state, &nothing);
    assert_eq!(left.fields(), [Field::Title].into());
    // It had not reached Plex: nothing was replaced, nothing is ours.
    let taken = start(&state);
    let mut outcome = all_written(&taken);
    outcome.held.values.insert(Field::Title, text("a"));
    finish(&state, &taken, outcome);
    read(&state, |r| {
        assert_eq!((r.journal_count()?, r.base_count()?), (0, 0));
        Ok(())
    });
}

#[test]
fn knowledge_does_not_pass_to_another_item_under_the_same_key() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    enqueue(&state, &job(run, 1, "a", "b"));
    start(&state);
    let stranger = Identity {
        guid: "plex://movie/other".into(),
        paths: vec![],
        episode: None,
    };
    let new = enqueue(
        &state,
        &Job {
            identity: stranger,
            ..job(run, 1, "x", "y")
        },
    );
    assert!(new.carried.is_empty());
}

#[test]
fn finishing_writes_journal_and_base_and_removes_the_job() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let known = BaseField {
        asked: text("a"),
        read_back: text("a"),
        ..BaseField::default()
    };
    let mut planned = job(run, 1, "a", "b");
    planned.base_before = [(Field::Title, Some(known.clone()))].into();
    planned.changes.push(change(
        Field::Poster,
        Value::Empty,
        Value::Image("sha".into()),
    ));
    enqueue(&state, &planned);
    let mut taken = start(&state);
    let before = ImageBefore {
        selected: Some("upload://old".into()),
        uploads: vec![],
    };
    let mut seen = taken.clone();
    taken = write(&state, move |w| {
        let learned = [(Field::Poster, before.clone())].into();
        assert!(w.set_images_before(&mut seen, &learned)?);
        // A second attempt sees what the first one did; the first answer stands.
        let later = [(Field::Poster, ImageBefore::default())].into();
        assert!(w.set_images_before(&mut seen, &later)?);
        Ok(seen.clone())
    });
    finish(&state, &taken, all_written(&taken));
    read(&state, |r| {
        assert_eq!((r.job_count()?, r.next_due()?), (0, None));
        let entry = r.journal(run, taken.key)?.unwrap();
        assert_eq!(entry.fields[&Field::Title].base_before, Some(known));
        let poster = &entry.fields[&Field::Poster];
        assert_eq!(poster.before, Value::Image("upload://old".into()));
        let base = r.base(taken.key)?.unwrap();
        assert_eq!(base.fields.len(), 2);
        assert_eq!(base.source_id.as_deref(), Some("1.nfo"));
        assert_eq!(r.undoable_runs(9)?, [run]);
        Ok(())
    });
}

#[test]
fn a_picture_that_did_not_go_through_leaves_nothing_of_itself() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let mut planned = job(run, 1, "a", "b");
    planned.changes.push(change(
        Field::Poster,
        Value::Empty,
        Value::Image("sha".into()),
    ));
    enqueue(&state, &planned);
    let taken = start(&state);
    let mut outcome = all_written(&taken);
    outcome.fields.remove(&Field::Poster);
    finish(&state, &taken, outcome);
    read(&state, |r| {
        let fields: Vec<_> = r
            .journal(run, taken.key)?
            .unwrap()
            .fields
            .into_keys()
            .collect();
        assert_eq!(fields, [Field::Title]);
        assert!(
            !r.base(taken.key)?
                .unwrap()
                .fields
                .contains_key(&Field::Poster)
        );
        Ok(())
    });
}

#[test]
fn after_an_undo_base_is_what_it_was_before_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    enqueue(&state, &job(run, 1, "a", "b"));
    let taken = start(&state);
    finish(&state, &taken, all_written(&taken));

    let mut undo = job(begin_run(&state, true), 1, "b", "a");
    undo.kind = JobKind::Undo;
    undo.restore = [(Field::Title, None)].into();
    enqueue(&state, &undo);
    let taken = start(&state);
    finish(&state, &taken, all_written(&taken));
    assert_eq!(read(&state, |r| r.base(taken.key)), None);
}

#[test]
fn a_job_that_ends_after_it_was_replaced_is_told_and_the_newer_stays() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (first, second) = (begin_run(&state, true), begin_run(&state, true));
    enqueue(&state, &job(first, 1, "a", "b"));
    let old = start(&state);
    let new = enqueue(&state, &job(second, 1, "a", "c"));
    assert_eq!(new.carried.len(), 1);
    finish(&state, &old, all_written(&old));
    let newer = start(&state);
    assert_eq!(newer.id, new.id);
    assert!(newer.carried.is_empty());
    assert_eq!(newer.changes[0].before, text("b"), "what it will replace");
    finish(&state, &newer, all_written(&newer));
    read(&state, |r| {
        let journaled = |run| -> Result<_, crate::store::StoreError> {
            let field = r.journal(run, old.key)?.unwrap().fields[&Field::Title].clone();
            Ok((field.before, field.after))
        };
        assert_eq!(journaled(first)?, (text("a"), text("b")));
        assert_eq!(journaled(second)?, (text("b"), text("c")));
        assert_eq!(r.undoable_runs(9)?, [second, first]);
        Ok(())
    });
}
