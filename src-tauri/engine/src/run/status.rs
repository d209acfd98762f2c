//! What a window or another process may ask for, and the file in which other processes find it while this one owns the
//! data folder.
//!
//! Not here: the state that is streamed (`report`).

use std::sync::Arc;

use super::core::Core;
use super::settle::before_all_of;
use crate::face::{ChosenItem, ConflictItem, FailedItem, KeptItem, Report};
use crate::model::{ItemKey, Kept, KeptReason, ServerNumber};
use crate::store::{KeptRecord, Question, StateReader, StoreError};

/// Items with notes that are read at once.
const PAGE: usize = 200;
/// How often at most: a report is renewed once a second while a run writes.
const PAGES: usize = 10;
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
    let notes = Notes::read(reader, server)?;
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
    /// Records that were read for them.
    read: usize,
}

impl Notes {
    /// What a person is asked comes first, however much else was noted before it.
    fn read(reader: &StateReader<'_>, server: ServerNumber) -> Result<Self, StoreError> {
        let mut notes = Self::default();
        for (key, record) in reader.open_items(Question::Conflict, server, ROWS)? {
            notes.read += 1;
            let room = ROWS.saturating_sub(notes.conflicts.len());
            let conflicts = record.conflicts.into_iter().map(|conflict| ConflictItem {
                title: record.title.clone(),
                item: key.rating_key.0,
                conflict,
            });
            notes.conflicts.extend(conflicts.take(room));
        }
        for (key, record) in reader.open_items(Question::LockedBefore, server, ROWS)? {
            notes.read += 1;
            add(&mut notes.locked, key, record, is_locked_before);
        }
        let mut after = before_all_of(server);
        for _ in 0..PAGES {
            if notes.others.len() >= ROWS {
                break;
            }
            let page = reader.kept_items(Some(after), PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let here = page.into_iter().filter(|(key, _)| key.server == server);
            for (key, record) in here {
                notes.read += 1;
                add(&mut notes.others, key, record, |kept| {
                    !is_locked_before(kept)
                });
            }
            if after.server != server {
                break;
            }
        }
        Ok(notes)
    }
}

fn is_locked_before(kept: &Kept) -> bool {
    kept.reason == KeptReason::LockedBefore
}

/// Adds what is meant of what was kept in an item, as much as fits.
fn add(rows: &mut Vec<KeptItem>, key: ItemKey, record: KeptRecord, is_meant: fn(&Kept) -> bool) {
    let room = ROWS.saturating_sub(rows.len());
    let meant = record.kept.into_iter().filter(is_meant);
    rows.extend(meant.take(room).map(|kept| KeptItem {
        title: record.title.clone(),
        item: key.rating_key.0,
        kept,
    }));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Conflict, ConflictKind, Field, Value};
    use crate::store::tests::{key, open, read, write};

    fn kept(reason: KeptReason) -> KeptRecord {
        KeptRecord {
            kept: vec![Kept {
                field: Field::Summary,
                reason,
                plex: Value::Text("theirs".to_owned()),
                source: Value::Empty,
            }],
            ..KeptRecord::default()
        }
    }

    fn conflict() -> KeptRecord {
        KeptRecord {
            conflicts: vec![Conflict {
                field: Field::Title,
                kind: ConflictKind::BothChanged,
                plex: Value::Text("theirs".to_owned()),
                source: Value::Empty,
            }],
            ..KeptRecord::default()
        }
    }

    #[test]
    fn what_a_person_is_asked_is_found_behind_any_number_of_other_notes() {
        let dir = tempfile::tempdir().unwrap();
        let state = open(dir.path()).state;
        let open = conflict();
        let others = 20_000;
        write(&state, move |writer| {
            for number in 1..=others {
                writer.put_kept(key(number), &kept(KeptReason::NotEmpty))?;
            }
            writer.put_kept(key(others + 1), &open)?;
            writer.put_kept(key(others + 2), &kept(KeptReason::LockedBefore))?;
            // One that was decided.
            writer.put_kept(key(others + 3), &open)?;
            writer.put_kept(key(others + 3), &kept(KeptReason::PersonsEdit))
        });
        let notes = read(&state, |reader| Notes::read(reader, key(1).server));
        let open: Vec<u64> = notes.conflicts.iter().map(|row| row.item).collect();
        let locked: Vec<u64> = notes.locked.iter().map(|row| row.item).collect();
        assert_eq!((open, locked), (vec![others + 1], vec![others + 2]));
        assert_eq!(notes.others.len(), ROWS);
        assert_eq!(notes.read, 2 + ROWS);
    }

    #[test]
    fn a_report_reads_few_notes_where_most_are_questions() {
        let dir = tempfile::tempdir().unwrap();
        let state = open(dir.path()).state;
        let count = 3 * (PAGES * PAGE) as u64;
        write(&state, move |writer| {
            let locked = kept(KeptReason::LockedBefore);
            (1..=count).try_for_each(|number| writer.put_kept(key(number), &locked))?;
            writer.put_kept(key(count + 1), &conflict())
        });
        let notes = read(&state, |reader| Notes::read(reader, key(1).server));
        assert_eq!(notes.conflicts.len(), 1, "it is not pushed out");
        assert_eq!(notes.locked.len(), ROWS);
        assert_eq!(notes.read, 1 + ROWS + PAGES * PAGE);
    }
}
