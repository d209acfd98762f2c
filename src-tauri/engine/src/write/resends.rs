//! Which jobs go again at once, after a connection that broke or an answer that may mean that the item is gone, and when
//! that is charged to the job.
//!
//! Not here: tries that count, and the waits between them (`queue::backoff`).

use std::collections::{BTreeMap, BTreeSet};

use super::unit::Trouble;

/// Times that a broken connection sends a job again at once. Each of them waited for Plex to be there, so after that it
/// is this job that Plex does not bear, and its tries count.
const RESENDS: u32 = 8;

/// How often each job under way was sent again.
#[derive(Debug, Default)]
pub(super) struct Resends {
    broken: BTreeMap<u64, u32>,
    /// Jobs whose item was read again because Plex said that it does not hold it.
    doubted: BTreeSet<u64>,
}

impl Resends {
    /// Whether a job goes again at once, its item read first.
    pub(super) fn goes_again(&mut self, job: u64, trouble: &Trouble) -> bool {
        match trouble {
            Trouble::Waited => return true,
            // The read that comes first tells. An item that it shows is there.
            Trouble::Gone | Trouble::NoPicture(_) => return self.doubted.insert(job),
            Trouble::Away(_) => {}
            Trouble::Fatal(_) | Trouble::Later { .. } | Trouble::Never(_) | Trouble::Outdated => {
                return false;
            }
        }
        let resends = self.broken.entry(job).or_default();
        *resends += 1;
        *resends <= RESENDS
    }

    /// The job is settled, or waits for a try that counts.
    pub(super) fn forget(&mut self, job: u64) {
        self.broken.remove(&job);
        self.doubted.remove(&job);
    }
}

/// A connection that broke at each resend, Plex being there, and an item that Plex shows and does not find: the job's own
/// trouble.
pub(super) fn charged(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Away(message) => Trouble::Later {
            message,
            retry_after: None,
        },
        Trouble::Gone => Trouble::Later {
            message: "Plex shows the item, and says that there is none when it is written to."
                .to_owned(),
            retry_after: None,
        },
        other => other,
    }
}
