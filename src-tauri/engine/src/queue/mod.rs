//! Jobs: durable, one per item, ordered by when they are due; how long a failed one waits; and those that gave up.
//!
//! Not here: doing them (`write`), and what they replaced once they are done (`journal`).

mod backoff;
mod due;
mod job;
mod merge;
mod ops;
mod settle;
mod withdraw;

pub use backoff::{ErrorClass, JobError, Verdict, backoff};
pub use job::{
    Attempt, Carried, FailedJob, FieldOutcome, ImageBefore, Job, JobKind, MatchStamp, Outcome,
};

#[cfg(test)]
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "`|r| r.job_count()` reads better than the path of the method"
)]
pub(crate) mod tests;
