//! What becomes of a job, or of a rest of it, that did not go.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::context::Context;
use super::stop::Stop;
use super::unit::Trouble;
use crate::queue::{ErrorClass, Job, JobError, Verdict};
use crate::store::{StateWriter, StoreError};

/// What the queue did with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It waits in the queue.
    Waits,
    /// It lies among the failed.
    Failed,
    /// There is nothing left to do for it.
    Went,
}

/// Puts aside a job of which nothing went.
pub(super) async fn put_aside(context: &Context, job: Job, trouble: Trouble) -> Result<(), Stop> {
    let now = context.clock.now_ms();
    let seed = context.link.with_rng(rand::Rng::next_u64);
    let fate = context
        .state
        .write(move |writer| decide(writer, &job, &trouble, now, seed))
        .await?;
    count(context, fate);
    Ok(())
}

/// Counts a job that failed, where a person sees it.
pub(super) fn count(context: &Context, fate: Fate) {
    if fate == Fate::Failed {
        context.reporter.progress(|summary, _| summary.failed += 1);
    }
}

/// Decides within a transaction. `seed` feeds the jitter, so that a transaction that runs twice decides the same.
pub(super) fn decide(
    writer: &mut StateWriter<'_>,
    job: &Job,
    trouble: &Trouble,
    now_ms: i64,
    seed: u64,
) -> Result<Fate, StoreError> {
    let error = match trouble {
        Trouble::Away(message) => JobError {
            class: ErrorClass::PlexAway,
            message: message.clone(),
            retry_after: None,
        },
        Trouble::Waited => JobError {
            class: ErrorClass::PlexAway,
            message: "Plex was away meanwhile.".to_owned(),
            retry_after: None,
        },
        Trouble::Later {
            message,
            retry_after,
        } => JobError {
            class: ErrorClass::Temporary,
            message: message.clone(),
            retry_after: *retry_after,
        },
        Trouble::Never(message) | Trouble::NoPicture(message) => JobError {
            class: ErrorClass::Permanent,
            message: message.clone(),
            retry_after: None,
        },
        // A read that shows no item is what ends a job; no answer to a write is.
        Trouble::Gone => JobError {
            class: ErrorClass::Temporary,
            message: "Plex says that it does not hold the item.".to_owned(),
            retry_after: None,
        },
        // The picture is another than planned: the next sync sees what is there.
        Trouble::Outdated if job.carried.is_empty() => {
            writer.drop_job(job)?;
            return Ok(Fate::Went);
        }
        // What earlier attempts may have done is still to be read back and settled.
        Trouble::Outdated => {
            let mut left = job.clone();
            left.changes.clear();
            left.image_files.clear();
            left.match_stamp = None;
            left.due_ms = now_ms;
            writer.enqueue(left)?;
            return Ok(Fate::Waits);
        }
        Trouble::Fatal(_) => {
            writer.put_back(job)?;
            return Ok(Fate::Waits);
        }
    };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Ok(match writer.retry_later(job, &error, now_ms, &mut rng)? {
        Verdict::Again { .. } => Fate::Waits,
        Verdict::Failed => Fate::Failed,
        Verdict::Superseded => Fate::Went,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::tests::job;
    use crate::store::tests::{begin_run, key, open, read, write};

    #[test]
    fn what_an_earlier_attempt_may_have_done_outlives_a_picture_that_changed() {
        let dir = tempfile::tempdir().expect("room");
        let state = open(dir.path()).state;
        for has_past in [false, true] {
            let run = begin_run(&state, true);
            let first = job(run, 1, "a", "b");
            write(&state, move |writer| {
                let mut sent = writer.enqueue(first.clone())?;
                if has_past {
                    // Its answer was lost.
                    writer.mark_started(&mut sent)?;
                }
                writer.enqueue(job(run, 1, "a", "c"))
            });
            let stored = read(&state, |reader| reader.job(key(1))).expect("it waits");
            assert_eq!(!stored.carried.is_empty(), has_past);
            let fate = write(&state, move |writer| {
                decide(writer, &stored, &Trouble::Outdated, 5, 1)
            });
            let left = read(&state, |reader| reader.job(key(1)));
            let Some(left) = left else {
                assert_eq!((fate, has_past), (Fate::Went, false));
                continue;
            };
            assert_eq!((fate, has_past), (Fate::Waits, true));
            assert!(left.changes.is_empty() && !left.carried.is_empty());
        }
    }
}
