//! What a window or another process may ask for, and the file in which other processes find it while this one owns the
//! data folder.
//!
//! Not here: the state that is streamed (`report`).

use std::sync::Arc;

use super::core::Core;
use super::settle::before_all_of;
use crate::face::{ChosenItem, ConflictItem, FailedItem, KeptItem, Report};
use crate::model::KeptReason;
use crate::store::{KeptRecord, StateReader, StoreError};

/// Items with notes that are read at once.
const PAGE: usize = 200;
/// How often at most, where all that waits for a decision was found.
const PAGES: usize = 100;
/// Rows of each kind that a report holds.
const ROWS: usize = 1_000;

/// Everything that may be asked for.
pub(super) async fn report(core: &Arc<Core>) -> Result<Report, StoreError> {
    let filling = empty(core);
    let Some(state) = &core.state else {
        return Ok(filling);
    };
    let core = Arc::clone(core);
    state
        .read_long(move |reader| {
            let mut report = filling;
            fill(&core, reader, &mut report)?;
            Ok(report)
        })
        .await
}

fn empty(core: &Core) -> Report {
    Report {
        snapshot: core.reporter.snapshot().0,
        failed: Vec::new(),
        conflicts: Vec::new(),
        kept: Vec::new(),
        locked_before: 0,
        chosen: Vec::new(),
        unread: None,
        at: core.deps.clock.now_ms(),
    }
}

/// Failed jobs of all servers, which one command puts back; decisions of the present one.
fn fill(core: &Core, reader: &StateReader<'_>, report: &mut Report) -> Result<(), StoreError> {
    report.failed = reader
        .failed_jobs(None, ROWS)?
        .into_iter()
        .map(|failed| FailedItem {
            title: failed.job.title,
            run: u32::try_from(failed.job.run.0).unwrap_or(u32::MAX),
            fields: failed
                .job
                .changes
                .iter()
                .map(|change| change.field)
                .collect(),
            message: failed.error,
            at: failed.at_ms,
        })
        .collect();
    report.unread = super::unread::stored(reader)?;
    let Some(server) = core.present_server(reader)? else {
        return Ok(());
    };
    for (key, record) in reader.chosen_items(server)? {
        let room = ROWS.saturating_sub(report.chosen.len());
        let chosen = record.fields.iter().map(|(field, source)| ChosenItem {
            title: record.title.clone(),
            item: key.rating_key.0,
            field: *field,
            source: source.clone(),
        });
        report.chosen.extend(chosen.take(room));
    }
    let locked = reader.locked_before_count(server)?;
    report.locked_before = u32::try_from(locked).unwrap_or(u32::MAX);
    let rows = |count: u64| usize::try_from(count).unwrap_or(ROWS).min(ROWS);
    let (open, locked) = (rows(reader.conflict_count(server)?), rows(locked));
    let mut notes = Notes::default();
    let mut after = before_all_of(server);
    for pages in 0.. {
        let is_whole = notes.conflicts.len() >= open && notes.locked.len() >= locked;
        if is_whole && (notes.others.len() >= ROWS || pages >= PAGES) {
            break;
        }
        let page = reader.kept_items(Some(after), PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        let here = page.into_iter().filter(|(key, _)| key.server == server);
        for (key, record) in here {
            notes.add(key.rating_key.0, record);
        }
        if after.server != server {
            break;
        }
    }
    report.conflicts = notes.conflicts;
    report.kept = notes.locked;
    report.kept.extend(notes.others);
    Ok(())
}

/// Rows of each kind, as many as fit.
#[derive(Default)]
struct Notes {
    conflicts: Vec<ConflictItem>,
    /// What a person is asked about once for all, which is not to be pushed out by what nobody is asked about.
    locked: Vec<KeptItem>,
    others: Vec<KeptItem>,
}

impl Notes {
    fn add(&mut self, item: u64, record: KeptRecord) {
        let KeptRecord {
            title,
            conflicts,
            kept,
            ..
        } = record;
        let room = ROWS.saturating_sub(self.conflicts.len());
        let conflicts = conflicts.into_iter().map(|conflict| ConflictItem {
            title: title.clone(),
            item,
            conflict,
        });
        self.conflicts.extend(conflicts.take(room));
        for kept in kept {
            let rows = match kept.reason {
                KeptReason::LockedBefore => &mut self.locked,
                _ => &mut self.others,
            };
            if rows.len() < ROWS {
                let title = title.clone();
                rows.push(KeptItem { title, item, kept });
            }
        }
    }
}

/// Renews what other processes may read, once at a time. Nothing of the engine is held any more once this returns.
pub(super) async fn renew(core: &Arc<Core>) {
    let turn = Arc::clone(&core.renewing).lock_owned().await;
    let blocking = core.deps.blocking;
    let core = Arc::clone(core);
    blocking
        .run(move || {
            renew_now(&core);
            drop(core);
            drop(turn);
        })
        .await;
}

/// That it cannot be renewed is no reason to stop.
fn renew_now(core: &Core) {
    let Some(folder) = &core.folder else { return };
    let mut report = empty(core);
    let filled = core.state.as_ref().map_or(Ok(()), |state| {
        state.read(|reader| fill(core, reader, &mut report))
    });
    let written = filled.and_then(|()| {
        let value = serde_json::to_value(&report).map_err(|error| StoreError::Encode {
            table: "status",
            reason: error.to_string(),
        })?;
        folder.write_status(&value)
    });
    if let Err(error) = written {
        tracing::debug!(%error, "the status could not be renewed");
    }
}
