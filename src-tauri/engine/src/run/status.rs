//! What a window or another process may ask for, and the file in which other processes find it while this one owns the
//! data folder.
//!
//! Not here: the state that is streamed (`report`).

use std::sync::Arc;

use super::core::Core;
use crate::face::{ConflictItem, FailedItem, KeptItem, Report};
use crate::store::{KeptRecord, StateReader, StoreError};

/// Pages of items with notes that are looked through.
const PAGES: usize = 20;
/// Rows of each kind that a report holds.
const ROWS: usize = 1_000;

/// Everything that may be asked for.
pub(super) fn report(core: &Core) -> Result<Report, StoreError> {
    let (snapshot, _) = core.reporter.snapshot();
    let mut report = Report {
        snapshot,
        failed: Vec::new(),
        conflicts: Vec::new(),
        kept: Vec::new(),
        at: core.deps.clock.now_ms(),
    };
    if let Some(state) = &core.state {
        state.read(|reader| fill(reader, &mut report))?;
    }
    Ok(report)
}

fn fill(reader: &StateReader<'_>, report: &mut Report) -> Result<(), StoreError> {
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
    let open = usize::try_from(reader.conflict_count()?).unwrap_or(usize::MAX);
    let mut after = None;
    for _ in 0..PAGES {
        if report.conflicts.len() >= open.min(ROWS) && report.kept.len() >= ROWS {
            break;
        }
        let page = reader.kept_items(after, ROWS)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (key, record) in page {
            add(report, key.rating_key.0, record);
        }
    }
    report.conflicts.truncate(ROWS);
    report.kept.truncate(ROWS);
    Ok(())
}

fn add(report: &mut Report, item: u64, record: KeptRecord) {
    let title = &record.title;
    let conflicts = record.conflicts.into_iter().map(|conflict| ConflictItem {
        title: title.clone(),
        item,
        conflict,
    });
    report.conflicts.extend(conflicts);
    let kept = record.kept.into_iter().map(|kept| KeptItem {
        title: title.clone(),
        item,
        kept,
    });
    report.kept.extend(kept);
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
    let written = report(core).and_then(|report| {
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
