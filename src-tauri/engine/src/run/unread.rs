//! Source files that say nothing: named while a run meets them, and kept with it.
//!
//! Not here: why one says nothing (`source`).

use super::session::{Session, lock};
use crate::face::UnreadFiles;
use crate::store::{StateReader, StoreError, UnreadRecord};
use crate::write::Stop;

impl Session {
    /// A source file could not be read as metadata.
    pub(super) fn unreadable(&self, path: &str, reason: &str) {
        tracing::warn!("{path} {reason}");
        self.observer.unread(path, reason);
        lock(&self.unread).add(path, reason);
        self.reporter.progress(|summary, _| summary.unreadable += 1);
    }

    /// So many more, which nobody named.
    pub(super) fn unreadable_more(&self, count: u64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let mut unread = lock(&self.unread);
        unread.more = unread.more.saturating_add(count);
        drop(unread);
        self.reporter.progress(|summary, _| {
            summary.unreadable = summary.unreadable.saturating_add(count);
        });
    }

    /// The source is looked at from its beginning; a run that goes on had counted these before.
    pub(super) fn forget_unread(&self) {
        *lock(&self.unread) = UnreadRecord::default();
        self.reporter.progress(|summary, _| summary.unreadable = 0);
    }

    /// Keeps them with the run. A part of the source says nothing of the rest: what it met is added.
    pub(super) async fn keep_unread(&self, whole: bool) -> Result<(), Stop> {
        let Some(state) = self.state.as_ref().filter(|_| !self.dry_run) else {
            return Ok(());
        };
        let (run, unread) = (self.run, lock(&self.unread).clone());
        state
            .write(move |writer| {
                if whole {
                    return writer.put_unread(run, &unread);
                }
                let (run, mut known) = writer.unread()?.unwrap_or((run, UnreadRecord::default()));
                known.learn(&unread);
                writer.put_unread(run, &known)
            })
            .await?;
        Ok(())
    }
}

/// Those of the last sync, for people.
pub(super) fn stored(reader: &StateReader<'_>) -> Result<Option<UnreadFiles>, StoreError> {
    Ok(reader.unread()?.map(|(run, record)| UnreadFiles {
        run: u32::try_from(run.0).unwrap_or(u32::MAX),
        files: record.files,
        more: record.more,
    }))
}
