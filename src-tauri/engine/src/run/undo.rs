//! Taking a run back: a plan made from its journal, stored and written like any other, as a run of its own.
//!
//! 1. What the run has not written yet is dropped; what it started is read back and settled, so that the journal is whole.
//!    Jobs of other runs stay where they are.
//! 2. Each entry is compared with what Plex holds now; a field that was edited since is a conflict and stays.
//! 3. The plan is written. Collections that come into being again by it say again what Syncslate had them say. What
//!    Syncslate remembered before the run is what it remembers afterwards.
//! 4. Members of collections go back to the order that they had before the run.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use syncslate_plex::Section;

use super::collections;
use super::core::{Core, refused, state_error};
use super::finish::{self, Started};
use super::restore::{self, PIECE, Restoring};
use super::session::Session;
use super::setup;
use super::sync::ended;
use crate::face::{CommandError, Phase, RunKind};
use crate::journal::JournalEntry;
use crate::model::{ItemKey, RunId, SectionUuid, ServerNumber};
use crate::store::{RunRecord, ServerRecord, StateReader, StoreError};
use crate::write::{Drained, Stop};

/// An undo that is ready to begin.
pub(super) struct Undo {
    session: Session,
    /// The run that is taken back.
    of: RunId,
    started: Started,
    max_concurrency: u8,
    record: ServerRecord,
}

/// Finds the run, meets Plex, begins. What fails here is a refused command.
pub(super) async fn prepare(core: &Arc<Core>, wanted: Option<u32>) -> Result<Undo, CommandError> {
    let Some(state) = core.state.clone() else {
        return Err(refused(
            "state",
            "There is no journal here, so nothing can be taken back. Nothing was changed.",
        ));
    };
    let found = state
        .write(move |writer| {
            // What an earlier process had taken counts too.
            writer.put_back_all()?;
            let run = match wanted {
                Some(run) => Some(RunId(u64::from(run))),
                None => newest(writer)?,
            };
            let Some(run) = run else { return Ok(None) };
            let record = writer.run(run)?;
            let Some(record) = record else {
                return Ok(None);
            };
            let did_something = writer.has_journal(run)?
                || writer.has_started(run)?
                || Ordering::default().has_ordered(writer, run, &record)?;
            Ok(Some((run, record, did_something)))
        })
        .await
        .map_err(|error| state_error(&error))?;
    let Some((of, run_record, did_something)) = found else {
        return Err(refused(
            "nothing_to_undo",
            match wanted {
                Some(run) => format!("There is no run {run}. Nothing was changed."),
                None => "No run has changed anything that is not taken back already, as far as Plex had its items then. Nothing was changed. A run of which items were missing can be undone again by its number.".to_owned(),
            },
        ));
    };
    check_undoable(of, &run_record, did_something)?;
    let contact = core.contact().await?;
    if contact.number != run_record.server {
        return Err(refused(
            "nothing_to_undo",
            format!(
                "Run {} wrote to another Plex server. Nothing was changed. Connect to that one to take it back.",
                of.0
            ),
        ));
    }
    let there = match contact.client.sections().await {
        Ok(sections) => sections,
        Err(error) => return Err(core.not_reached(&error)),
    };
    let sections = sections(&there, &run_record)?;
    let mut record = finish::run_record(
        contact.number,
        &sections,
        run_record.source,
        RunKind::Undo,
        core.deps.clock.now_ms(),
    );
    record.undo_of = Some(of);
    let (run, _) = state
        .write(move |writer| {
            let begun = finish::take_up(writer, &record)?;
            writer.abandon_run(of)?;
            Ok(begun)
        })
        .await
        .map_err(|error| state_error(&error))?;
    let started = finish::start(core, &contact, run, RunKind::Undo).await;
    let settings = core.settings();
    let record = contact.record.clone();
    let sections = setup::sections(&settings, &contact, &there, &sections);
    let session = setup::session(core, &settings, contact, sections, run, false);
    Ok(Undo {
        session,
        of,
        started,
        max_concurrency: settings.max_concurrency,
        record,
    })
}

/// The newest sync that changed something, or may have: one that was killed left started jobs and no journal of them, and
/// one that only ordered members has none either.
fn newest(reader: &StateReader<'_>) -> Result<Option<RunId>, StoreError> {
    let journaled = reader.undoable_runs(1)?.pop();
    let mut ordering = Ordering::default();
    for (run, record) in reader.newest_runs(finish::RECENT)? {
        if journaled.is_some_and(|journaled| run <= journaled) {
            break;
        }
        if !record.stands() {
            continue;
        }
        let has_started = !record.ended && reader.has_started(run)?;
        if has_started || ordering.has_ordered(reader, run, &record)? {
            return Ok(Some(run));
        }
    }
    Ok(journaled)
}

/// The runs that ordered members, read once per section.
#[derive(Default)]
struct Ordering {
    runs: BTreeMap<(ServerNumber, SectionUuid), BTreeSet<RunId>>,
}

impl Ordering {
    fn has_ordered(
        &mut self,
        reader: &StateReader<'_>,
        run: RunId,
        record: &RunRecord,
    ) -> Result<bool, StoreError> {
        for section in &record.sections {
            let runs = match self.runs.entry((record.server, section.uuid)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    new.insert(reader.ordering_runs(record.server, section.uuid)?)
                }
            };
            if runs.contains(&run) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn check_undoable(of: RunId, record: &RunRecord, did_something: bool) -> Result<(), CommandError> {
    let why = match record.undone_by {
        Some(by) => format!("Run {} was already taken back by run {}.", of.0, by.0),
        None if !did_something => format!("Run {} changed nothing.", of.0),
        None => return Ok(()),
    };
    Err(refused(
        "nothing_to_undo",
        format!("{why} Nothing was changed."),
    ))
}

/// The sections that the run wrote to and Plex still has.
fn sections(there: &[Section], record: &RunRecord) -> Result<Vec<Section>, CommandError> {
    let found: Vec<Section> = there
        .iter()
        .filter(|section| record.sections.iter().any(|of| of.uuid == section.uuid))
        .cloned()
        .collect();
    if found.is_empty() {
        let titles: Vec<String> = record
            .sections
            .iter()
            .map(|section| format!("“{}”", section.title))
            .collect();
        return Err(refused(
            "no_section",
            format!(
                "Plex does not have the library {} any more. Nothing was changed.",
                titles.join(", ")
            ),
        ));
    }
    Ok(found)
}

impl Undo {
    /// The number of the undoing run.
    pub(super) fn run(&self) -> RunId {
        self.session.run
    }

    pub(super) async fn work(self, core: &Arc<Core>) {
        let ticker = self.started.ticker(core);
        let result = ticker.beside(self.steps(core)).await;
        finish::end(core, &self.session, &self.started, &ticker, result, None).await;
    }

    async fn steps(&self, core: &Arc<Core>) -> Result<(), Stop> {
        self.write(core).await?;
        self.session.phase(Phase::Compare, None);
        let mut after = None;
        let mut gone = 0;
        loop {
            let entries = self.entries(after).await?;
            let Some(last) = entries.last() else { break };
            after = Some(last.key);
            let entries = entries.into_iter().map(restore::Entry::from).collect();
            gone += Restoring::new(&self.session).plan(entries).await?;
        }
        finish::mark_ready(&self.session, true, false).await?;
        self.write(core).await?;
        let (session, most) = (&self.session, self.max_concurrency);
        let which = collections::Which::Restored;
        collections::finish(core, session, most, &self.record, which).await?;
        let back = collections::Back::Run(self.of);
        let is_ordered = collections::take_back(session, back).await?;
        gone += self.unsettled().await?;
        if gone > 0 {
            self.say_gone(gone);
        } else if !is_ordered {
            self.say_order();
        }
        self.mark_undone(gone == 0 && is_ordered).await
    }

    /// How many jobs of the run are in libraries that Plex does not have now.
    async fn unsettled(&self) -> Result<u32, Stop> {
        let Some(state) = &self.session.state else {
            return Ok(0);
        };
        let of = self.of;
        let left = state
            .write(move |writer| {
                writer.put_back_all()?;
                writer.waiting_count(Some(&[of]), |_| true)
            })
            .await?;
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// What is not there now may be again, after a rescan or once a share is mounted.
    fn say_gone(&self, gone: u32) {
        let of = self.of.0;
        let items = if gone == 1 {
            "1 item".to_owned()
        } else {
            format!("{gone} items")
        };
        let message = format!(
            "Plex does not have {items} of run {of} now. The rest of the run is taken back. Once they are back, undo run {of} by its number."
        );
        self.session
            .reporter
            .progress(|summary, _| summary.message = Some(message));
    }

    /// An order is not back; which one, and why, the notes say.
    fn say_order(&self) {
        let of = self.of.0;
        let message = format!(
            "Not every collection is back in the order that it had before run {of}. The rest of the run is taken back. To try again, undo run {of} by its number."
        );
        self.session
            .reporter
            .progress(|summary, _| summary.message = Some(message));
    }

    async fn write(&self, core: &Arc<Core>) -> Result<(), Stop> {
        let only = vec![self.session.run, self.of];
        let (session, most) = (&self.session, self.max_concurrency);
        match finish::write(core, session, most, &self.record, Some(only)).await? {
            Drained::Empty => Ok(()),
            Drained::Cancelled => Err(ended(core)),
        }
    }

    async fn entries(&self, after: Option<ItemKey>) -> Result<Vec<JournalEntry>, Stop> {
        let Some(state) = &self.session.state else {
            return Ok(Vec::new());
        };
        let of = self.of;
        Ok(state
            .read_long(move |reader| reader.journal_of(of, after, PIECE))
            .await?)
    }

    /// Only where nothing failed: what is left can be taken back by another try. A run of which items are gone, or an
    /// order is not back (`whole` is false), makes room for the one before it, but can still be named.
    async fn mark_undone(&self, whole: bool) -> Result<(), Stop> {
        let Some(state) = &self.session.state else {
            return Ok(());
        };
        let failed = self
            .session
            .reporter
            .read(|snapshot| snapshot.run.as_ref().map_or(0, |run| run.summary.failed));
        if failed > 0 {
            return Ok(());
        }
        let (of, by) = (self.of, self.session.run);
        state
            .write(move |writer| {
                writer.update_run(of, |record| {
                    record.undone_by = whole.then_some(by);
                    record.undone_in_part_by = (!whole).then_some(by);
                    record.ended = true;
                })?;
                Ok(())
            })
            .await?;
        Ok(())
    }
}
