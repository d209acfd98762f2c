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

    /// Keeps them with the run. A part of the source in which all could be read says nothing of the rest.
    pub(super) async fn keep_unread(&self, whole: bool) -> Result<(), Stop> {
        let Some(state) = self.state.as_ref().filter(|_| !self.dry_run) else {
            return Ok(());
        };
        let (run, unread) = (self.run, lock(&self.unread).clone());
        if unread.is_empty() && !whole {
            return Ok(());
        }
        state
            .write(move |writer| writer.put_unread(run, &unread))
            .await?;
        Ok(())
    }

    /// One sentence for all of them.
    pub(super) fn unread_sentence(&self) -> Option<String> {
        let unread = lock(&self.unread);
        let first = unread.files.first()?;
        let others = u32::try_from(unread.files.len() - 1)
            .unwrap_or(u32::MAX)
            .saturating_add(unread.more);
        let more = match others {
            0 => String::new(),
            1 => " Another source file could not be read either.".to_owned(),
            more => format!(" {more} other source files could not be read either."),
        };
        Some(format!(
            "{} {} What Plex holds of it stays as it is.{more}",
            first.path, first.reason
        ))
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
