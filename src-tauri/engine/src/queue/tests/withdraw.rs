//! Fields that a person takes out of a job which waits, is under way, or gave up.

use super::flow::{error, retry};
use super::*;
use crate::queue::{ErrorClass, Verdict};
use crate::store::State;
use crate::store::tests::{begin_run, open, read, write};

/// A job of two fields in the queue.
fn two_fields(state: &State) -> Job {
    let run = begin_run(state, true);
    let mut job = job(run, 1, "a", "b");
    let summary = change(Field::Summary, text("mine"), text("theirs"));
    job.changes.push(summary);
    write(state, move |w| w.enqueue(job.clone()))
}

fn withdraw(state: &State, fields: &'static [Field]) -> Vec<Field> {
    let sent = write(state, move |w| w.withdraw(key(1), fields));
    sent.into_iter().collect()
}

fn start(state: &State, job: &Job) -> Option<Job> {
    let mut job = job.clone();
    write(state, move |w| {
        Ok(w.mark_started(&mut job)?.then(|| job.clone()))
    })
}

#[test]
fn what_was_not_started_sends_the_rest_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let taken = two_fields(&state);
    assert_eq!(withdraw(&state, &[Field::Summary]), []);
    // Whoever held it in memory learns of it.
    assert_eq!(taken.changes.len(), 2);
    let begun = start(&state, &taken).unwrap();
    let fields: Vec<Field> = begun.changes.iter().map(|change| change.field).collect();
    assert_eq!(fields, [Field::Title]);
    assert!(begun.carried.is_empty());
    assert_eq!(withdraw(&state, &[Field::Tagline]), [], "it is not in it");
}

#[test]
fn a_job_of_which_nothing_is_left_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let taken = two_fields(&state);
    assert_eq!(withdraw(&state, &[Field::Summary, Field::Title]), []);
    assert_eq!(read(&state, |r| r.job_count()), 0);
    assert_eq!(read(&state, |r| r.next_due()), None);
    assert_eq!(start(&state, &taken), None);
}

#[test]
fn what_was_started_is_read_back_and_settled() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let taken = two_fields(&state);
    let taken = start(&state, &taken).unwrap();
    assert_eq!(withdraw(&state, &[Field::Summary]), [Field::Summary]);
    let again = start(&state, &taken).unwrap();
    assert!(again.change(Field::Summary).is_none());
    assert_eq!(again.fields(), [Field::Title, Field::Summary].into());
    // It had arrived all the same: the journal tells.
    let mut outcome = all_written(&again);
    outcome.held.values.insert(Field::Summary, text("theirs"));
    outcome.held.locked.insert(Field::Summary);
    let run = again.run;
    write(&state, move |w| w.finish(&again, &outcome));
    let entry = read(&state, |r| r.journal_of(run, None, 9)).remove(0);
    assert_eq!(entry.fields[&Field::Summary].before, text("mine"));
    assert_eq!(entry.fields[&Field::Summary].after, text("theirs"));
}

#[test]
fn what_gave_up_is_not_put_back() {
    for (fields, left) in [
        (&[Field::Summary][..], 1),
        (&[Field::Summary, Field::Title][..], 0),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let state = open(dir.path()).state;
        let taken = two_fields(&state);
        let taken = start(&state, &taken).unwrap();
        let verdict = retry(&state, &taken, error(ErrorClass::Permanent), 0);
        assert_eq!(verdict, Verdict::Failed);
        assert_eq!(withdraw(&state, fields).len(), fields.len());
        assert_eq!(read(&state, |r| r.failed_count()), left);
        write(&state, |w| w.requeue_failed(0));
        let job = read(&state, |r| r.job(key(1))).unwrap();
        assert!(job.change(Field::Summary).is_none());
        assert!(job.carried.contains_key(&Field::Summary));
        assert_eq!(read(&state, |r| r.next_due()), Some(0));
    }
}

#[test]
fn an_undo_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let undo = Job {
        kind: JobKind::Undo,
        ..two_fields(&state)
    };
    let undo = write(&state, move |w| w.enqueue(undo.clone()));
    assert_eq!(withdraw(&state, &[Field::Summary]), []);
    assert_eq!(read(&state, |r| r.job(key(1))), Some(undo));
}
