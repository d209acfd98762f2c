//! Jobs whose item Plex does not show any more: deleted, moved to another key, or hidden by answers that were not whole.
//!
//! Not here: finding the item again (the next sync matches by path).

use super::stop::Stop;
use crate::queue::Job;
use crate::store::State;

/// Ends such jobs. What may have been written was not read back, so that nothing is said of it: not in the journal, not
/// in base.
pub(super) async fn end(state: &State, jobs: Vec<Job>) -> Result<(), Stop> {
    state
        .write(move |writer| jobs.iter().try_for_each(|job| writer.park(job)))
        .await?;
    Ok(())
}
