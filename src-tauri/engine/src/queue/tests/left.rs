use std::collections::BTreeMap;

use super::*;
use crate::store::tests::{begin_run, open, read, write};

/// As after a kill: what was taken is in no line, and counts all the same.
#[test]
fn what_a_run_left_is_told_from_its_jobs() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (first, second) = (begin_run(&state, true), begin_run(&state, true));
    let numbers = (1..5).map(|number| (first, number));
    for (run, number) in numbers.chain([(second, 9)]) {
        let job = job(run, number, "Old", "New");
        write(&state, move |w| w.enqueue(job.clone()));
    }
    let taken = write(&state, move |w| w.take_due(i64::MAX - 1, 2));
    assert!(taken.iter().all(|job| job.run == first));
    let mut begun = taken[0].clone();
    assert!(write(&state, move |w| w.mark_started(&mut begun)));
    let left = read(&state, |r| r.jobs_left(&[first]));
    assert_eq!(left, BTreeMap::from([(first, (3, 1))]));
    let both = read(&state, |r| r.jobs_left(&[first, second]));
    assert_eq!(both[&second], (1, 0));
}
