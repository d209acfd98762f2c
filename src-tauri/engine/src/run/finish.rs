//! The frame around every run: its record, its figures, its queue, its end.
//!
//! Not here: what a run does between beginning and end (`sync`, `undo`).

use std::collections::BTreeMap;
use std::sync::Arc;

use syncslate_plex::Section;

use super::core::{Contact, Core};
use super::problems;
use super::session::{Session, Ticker};
use super::status;
use crate::face::{CacheStats, Phase, RunKind, RunState, RunSummary, RunView, Totals};
use crate::model::{RunId, ServerNumber, SourceNumber};
use crate::store::{
    RunRecord, RunSection, ServerRecord, State, StateWriter, StoreError,
    cache::since as cache_since,
};
use crate::write::{Context, ContextParts, Control, Drained, Sections, Stop, drain};

/// Runs among which an interrupted one is looked for.
pub(super) const RECENT: usize = 200;

/// A run that has begun.
pub(super) struct Started {
    client: syncslate_plex::Client,
    caches_before: Vec<CacheStats>,
}

/// A run's record as it begins.
pub(super) fn run_record(
    server: ServerNumber,
    sections: &[Section],
    source: SourceNumber,
    kind: RunKind,
    now_ms: i64,
) -> RunRecord {
    RunRecord {
        summary: summary(RunId(0), kind, now_ms),
        kind,
        source,
        server,
        sections: sections
            .iter()
            .map(|section| RunSection {
                uuid: section.uuid,
                title: section.title.clone(),
            })
            .collect(),
        settings: None,
        ready: false,
        approved: false,
        ended: false,
        undo_of: None,
        undone_by: None,
        undone_in_part_by: None,
    }
}

fn summary(run: RunId, kind: RunKind, started_at: i64) -> RunSummary {
    RunSummary {
        run: u32::try_from(run.0).unwrap_or(u32::MAX),
        kind,
        state: RunState::Running,
        started_at,
        duration_ms: 0.0,
        items_read: 0,
        matched: 0,
        not_in_plex: 0,
        ambiguous: 0,
        unreadable: 0,
        changed: 0,
        collections_changed: 0,
        written: 0,
        collections_written: 0,
        fields_written: 0,
        kept: 0,
        conflicts: 0,
        failed: 0,
        requests: BTreeMap::new(),
        timings: Vec::new(),
        caches: Vec::new(),
        message: None,
        code: None,
        left: None,
    }
}

/// Goes on with the newest interrupted run of this kind, section and settings whose plan was whole, or begins a new one. `true`:
/// there is something to go on with. Other interrupted runs are ended: a plan that was never whole is dropped, the jobs
/// of one that was stay in the queue. But an undo ends no sync except the one that it takes back: the next sync goes on
/// with it.
pub(super) fn take_up(
    writer: &mut StateWriter<'_>,
    record: &RunRecord,
) -> Result<(RunId, bool), StoreError> {
    writer.put_back_all()?;
    let queued = writer.queued_runs()?;
    let mut resumed = None;
    for (run, known) in writer.newest_runs(RECENT)? {
        if known.ended {
            continue;
        }
        if !known.ready {
            writer.drop_run(run)?;
        }
        let fits = known.ready
            && known.kind == record.kind
            && known.server == record.server
            && known.sections == record.sections
            && known.undo_of == record.undo_of
            && known.settings == record.settings
            && queued.contains(&run);
        let waits_for_sync = record.kind == RunKind::Undo
            && known.kind == RunKind::Sync
            && known.ready
            && record.undo_of != Some(run)
            && queued.contains(&run);
        if waits_for_sync {
            continue;
        }
        if fits && resumed.is_none() {
            resumed = Some(run);
            continue;
        }
        writer.update_run(run, |known| {
            known.ended = true;
            known.summary.state = RunState::Interrupted;
        })?;
    }
    match resumed {
        Some(run) => Ok((run, true)),
        None => Ok((writer.new_run(record.clone())?, false)),
    }
}

/// Ends what syncs under other settings than these had planned for the same sections: what was not started is dropped,
/// what was is left to be settled, and not finished. Jobs in other sections wait for a sync of those. Returns whether
/// anything is to be settled.
pub(super) fn drop_outdated(
    writer: &mut StateWriter<'_>,
    record: &RunRecord,
) -> Result<bool, StoreError> {
    let mut left = false;
    for run in writer.queued_runs()? {
        let is_outdated = writer.run(run)?.is_some_and(|known| {
            known.kind == RunKind::Sync
                && known.server == record.server
                && known.settings != record.settings
        });
        if is_outdated {
            left |= writer.abandon_jobs(run, |key| {
                let mut sections = record.sections.iter();
                key.server == record.server && sections.any(|section| section.uuid == key.section)
            })?;
        }
    }
    Ok(left)
}

/// Shows a new run.
pub(super) async fn start(
    core: &Arc<Core>,
    contact: &Contact,
    run: RunId,
    kind: RunKind,
) -> Started {
    core.deps.timings.begin_run();
    core.stopwatch.reset();
    let mut summary = summary(run, kind, core.deps.clock.now_ms());
    // A run that goes on keeps its figures.
    if let Some(state) = &core.state
        && let Ok(Some(record)) = state.read(|reader| reader.run(run))
    {
        summary = record.summary;
        summary.run = u32::try_from(run.0).unwrap_or(u32::MAX);
        summary.state = RunState::Running;
        summary.code = None;
        summary.message = None;
    }
    core.reporter.replace(|snapshot| {
        snapshot.run = Some(RunView {
            summary,
            phases: Vec::new(),
            feed: Vec::new(),
            operations: Vec::new(),
            caches: Vec::new(),
            speed: Vec::new(),
        });
    });
    // Whoever asks from another process must not be told that nothing is under way.
    status::renew(core).await;
    Started {
        client: contact.client.clone(),
        caches_before: core.matches.stats(),
    }
}

impl Started {
    pub(super) fn ticker(&self, core: &Arc<Core>) -> Ticker {
        let client = self.client.clone();
        let renewing = Arc::clone(core);
        Ticker {
            clock: Arc::clone(&core.deps.clock),
            reporter: core.reporter.clone(),
            timings: core.deps.timings.clone(),
            matches: core.matches.clone(),
            caches_before: self.caches_before.clone(),
            requests: Box::new(move || {
                client
                    .counts()
                    .into_iter()
                    .map(|(kind, count)| {
                        (
                            kind.as_str().to_owned(),
                            u32::try_from(count).unwrap_or(u32::MAX),
                        )
                    })
                    .collect()
            }),
            stopwatch: Arc::clone(&core.stopwatch),
            renew: Box::new(move || {
                let core = Arc::clone(&renewing);
                Box::pin(async move { status::renew(&core).await })
            }),
        }
    }
}

/// The last small commit that makes a plan whole; or says that it is not, before another one is made.
pub(super) async fn mark_ready(session: &Session, ready: bool, approved: bool) -> Result<(), Stop> {
    let Some(state) = &session.state else {
        return Ok(());
    };
    let run = session.run;
    let figures = session
        .reporter
        .read(|snapshot| snapshot.run.as_ref().map(|run| run.summary.clone()));
    state
        .write(move |writer| {
            writer.update_run(run, |record| {
                record.ready = ready;
                record.approved |= approved;
                if let Some(figures) = &figures {
                    record.summary.clone_from(figures);
                }
            })?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// Writes everything that waits in the queue for these sections, or only the jobs of these runs.
pub(super) async fn write(
    core: &Arc<Core>,
    session: &Session,
    max_concurrency: u8,
    record: &ServerRecord,
    only: Option<Vec<RunId>>,
) -> Result<Drained, Stop> {
    let Some(state) = session.state.clone() else {
        return Ok(Drained::Empty);
    };
    let waiting = queued(&state, &session.sections, only.as_deref())?;
    session.phase(Phase::Write, Some(waiting));
    if waiting == 0 {
        return Ok(Drained::Empty);
    }
    let context = Context::new(ContextParts {
        run: session.run,
        only,
        sections: session.sections.clone(),
        link: Arc::clone(&session.link),
        state,
        library: Arc::clone(&session.library),
        matches: session.matches.clone(),
        path_hash: Arc::clone(&session.path_hash),
        clock: Arc::clone(&session.clock),
        blocking: session.blocking,
        reporter: session.reporter.clone(),
        timings: session.timings.clone(),
        cast: Arc::clone(&session.cast),
        server: record.clone(),
        max_concurrency,
    });
    drain(&context, &mut core.control.subscribe()).await
}

fn queued(state: &State, sections: &Sections, only: Option<&[RunId]>) -> Result<u32, StoreError> {
    let count = state.read(|reader| reader.waiting_count(only, |key| sections.holds(key)))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Ends a run: record, figures, what a person should know.
pub(super) async fn end(
    core: &Arc<Core>,
    session: &Session,
    started: &Started,
    ticker: &Ticker,
    result: Result<(), Stop>,
    totals: Option<Totals>,
) {
    ticker.advance();
    let caches = cache_since(&started.caches_before, &core.matches.stats());
    let timings = core.deps.timings.run_snapshot();
    core.reporter
        .statistics(timings.clone(), caches.clone(), 0.0);
    session.reporter.progress(|summary, phases| {
        if let (Ok(()), Some(last)) = (&result, phases.last_mut()) {
            last.total = Some(last.done);
        }
        summary.timings = timings;
        summary.caches = caches;
        summary.state = match &result {
            Ok(()) if summary.failed > 0 => RunState::DoneWithFailures,
            Ok(()) => RunState::Done,
            Err(Stop::Cancelled) => RunState::Cancelled,
            Err(Stop::Left) => RunState::Interrupted,
            Err(_) => RunState::Stopped,
        };
        if let Err(stop) = &result {
            summary.code = Some(stop.code().to_owned());
            summary.message = Some(stop.to_string());
        }
    });
    if let Err(Stop::Plex(error) | Stop::Away(error)) = &result {
        core.not_reached(error);
    }
    if let Some(totals) = totals {
        core.reporter.replace(|snapshot| snapshot.totals = totals);
    }
    if let Err(error) = record_end(session, &result).await {
        tracing::error!(%error, "the end of the run could not be recorded; the next sync goes on with it");
    }
    if let Some(state) = &core.state
        && let Err(error) = state.daily_copy(core.deps.clock.now_ms()).await
    {
        tracing::warn!(%error, "the daily copy of the state could not be made");
    }
    if let Err(error) = core.refresh(problems::of_run(session, totals)).await {
        tracing::error!(%error, "the state could not be read");
    }
    status::renew(core).await;
}

async fn record_end(session: &Session, result: &Result<(), Stop>) -> Result<(), StoreError> {
    let Some(state) = session.state.as_ref().filter(|_| !session.dry_run) else {
        return Ok(());
    };
    let figures = session
        .reporter
        .read(|snapshot| snapshot.run.as_ref().map(|run| run.summary.clone()));
    let run = session.run;
    let cancelled = matches!(result, Err(Stop::Cancelled));
    let done = result.is_ok();
    state
        .write(move |writer| {
            if cancelled {
                writer.drop_run(run)?;
            }
            writer.update_run(run, |record| {
                if let Some(figures) = &figures {
                    let settled = std::mem::replace(&mut record.summary, figures.clone());
                    if !done && !cancelled {
                        // What was sent and not checked goes again, and counts then.
                        record.summary.written = settled.written;
                        record.summary.collections_written = settled.collections_written;
                        record.summary.fields_written = settled.fields_written;
                    }
                }
                // A run that was stopped is gone on with by the next sync, if its plan was whole.
                record.ended = done || cancelled || !record.ready;
            })?;
            if !done && !cancelled && !writer.run(run)?.is_some_and(|record| record.ready) {
                writer.drop_run(run)?;
            }
            Ok(())
        })
        .await
}

/// Whether a run may begin although a person paused or cancelled an earlier one.
pub(super) fn reset(core: &Core) {
    core.control.send_replace(Control::Go);
}
