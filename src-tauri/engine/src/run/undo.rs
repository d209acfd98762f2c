//! Taking a run back: a plan made from its journal, stored and written like any other, as a run of its own.
//!
//! 1. What the run has not written yet is dropped; what it started is read back and settled, so that the journal is whole.
//!    Jobs of other runs stay where they are.
//! 2. Each entry is compared with what Plex holds now; a field that was edited since is a conflict and stays.
//! 3. The plan is written. What Syncslate remembered before the run is what it remembers afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use syncslate_plex::{Details, Section};

use super::core::{Contact, Core, refused, state_error};
use super::finish::{self, Started};
use super::session::Session;
use super::setup;
use super::sync::ended;
use crate::face::{CommandError, Phase, RunKind};
use crate::journal::JournalEntry;
use crate::library;
use crate::model::{Field, Identity, ItemKey, RunId, SourceNumber};
use crate::plan::{self, ItemPlan, Selected, UndoField};
use crate::queue::{Job, JobKind};
use crate::report::PlannedItem;
use crate::store::{BaseRecord, KeptRecord, RunRecord, ServerRecord, StateReader, StoreError};
use crate::write::{Drained, Stop};

/// Entries compared at once.
const PIECE: usize = plan::batch::READ_BATCH;

/// An undo that is ready to begin.
pub(super) struct Undo {
    session: Session,
    /// The run that is taken back.
    of: RunId,
    started: Started,
    max_concurrency: u8,
    record: ServerRecord,
}

/// What is stored of one entry.
struct Back {
    job: Option<Job>,
    kept: (ItemKey, KeptRecord),
    base: Option<(ItemKey, BaseRecord)>,
    source_id: Option<String>,
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
            let did_something = writer.has_journal(run)? || writer.has_started(run)?;
            Ok(record.map(|record| (run, record, did_something)))
        })
        .await
        .map_err(|error| state_error(&error))?;
    let Some((of, run_record, did_something)) = found else {
        return Err(refused(
            "nothing_to_undo",
            match wanted {
                Some(run) => format!("There is no run {run}. Nothing was changed."),
                None => "No run has changed anything that is not taken back already. Nothing was changed.".to_owned(),
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
    let sections = sections(core, &contact, &run_record).await?;
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
    let session = setup::session(core, &settings, contact, &sections, run, false);
    Ok(Undo {
        session,
        of,
        started,
        max_concurrency: settings.max_concurrency,
        record,
    })
}

/// The newest sync that changed something, or may have: one that was killed left started jobs and no journal of them.
fn newest(reader: &StateReader<'_>) -> Result<Option<RunId>, StoreError> {
    let journaled = reader.undoable_runs(1)?.pop();
    for (run, record) in reader.newest_runs(finish::RECENT)? {
        let is_open = record.kind == RunKind::Sync && !record.ended && record.undone_by.is_none();
        if is_open
            && journaled.is_none_or(|journaled| journaled < run)
            && reader.has_started(run)?
        {
            return Ok(Some(run));
        }
    }
    Ok(journaled)
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
async fn sections(
    core: &Arc<Core>,
    contact: &Contact,
    record: &RunRecord,
) -> Result<Vec<Section>, CommandError> {
    let there = match contact.client.sections().await {
        Ok(sections) => sections,
        Err(error) => return Err(core.not_reached(&error)),
    };
    let found: Vec<Section> = there
        .into_iter()
        .filter(|section| record.sections.iter().any(|of| of.uuid == section.uuid))
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
        let result = {
            let work = self.steps(core);
            tokio::select! {
                biased;
                result = work => result,
                never = ticker.run() => match never {},
            }
        };
        finish::end(core, &self.session, &self.started, &ticker, result, None).await;
    }

    async fn steps(&self, core: &Arc<Core>) -> Result<(), Stop> {
        self.write(core).await?;
        self.session.phase(Phase::Compare, None);
        let mut after = None;
        loop {
            let entries = self.entries(after).await?;
            let Some(last) = entries.last() else { break };
            after = Some(last.key);
            self.plan(entries).await?;
        }
        finish::mark_ready(&self.session, true).await?;
        self.write(core).await?;
        self.mark_undone().await
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

    async fn plan(&self, entries: Vec<JournalEntry>) -> Result<(), Stop> {
        let session = &self.session;
        let rating_keys: Vec<u64> = entries.iter().map(|entry| entry.key.rating_key.0).collect();
        let mut details = self.details(&rating_keys).await?;
        let missing: Vec<u64> = rating_keys
            .into_iter()
            .filter(|key| !details.contains_key(key))
            .collect();
        if !missing.is_empty() {
            // An answer that was not whole must not make an entry pass for taken back.
            details.extend(self.details(&missing).await?);
        }
        let held = entries
            .iter()
            .filter_map(|entry| {
                let details = details.get(&entry.key.rating_key.0)?;
                Some((entry.key, entry.identity.clone(), library::values(details)))
            })
            .collect();
        let bases = session.bases(held).await?;
        let mut back = Vec::with_capacity(entries.len());
        for entry in entries {
            session.step_done(1);
            session
                .reporter
                .progress(|summary, _| summary.items_read += 1);
            let details = details
                .get(&entry.key.rating_key.0)
                .filter(|_| session.sections.get(entry.key.section).is_some());
            let Some(details) = self.same_item(&entry, details) else {
                tracing::warn!(
                    title = entry.title,
                    "the item is gone; nothing to take back there"
                );
                continue;
            };
            let base = bases
                .get(&entry.key)
                .and_then(|remembered| remembered.base.as_ref());
            back.push(self.plan_one(entry, details, base).await?);
        }
        self.store(back).await
    }

    async fn details(&self, rating_keys: &[u64]) -> Result<BTreeMap<u64, Details>, Stop> {
        let client = self.session.link.client();
        let details = self
            .session
            .link
            .ask(|| client.details(rating_keys))
            .await?;
        Ok(details
            .into_iter()
            .map(|details| (details.rating_key, details))
            .collect())
    }

    fn same_item<'d>(
        &self,
        entry: &JournalEntry,
        details: Option<&'d Details>,
    ) -> Option<&'d Details> {
        let details = details?;
        let item = library::item(
            details,
            entry.key.server,
            entry.key.section,
            self.session.path_hash.as_ref(),
        )?;
        item.identity.is_same(&entry.identity).then_some(details)
    }

    async fn plan_one(
        &self,
        entry: JournalEntry,
        details: &Details,
        base: Option<&BaseRecord>,
    ) -> Result<Back, Stop> {
        let session = &self.session;
        let held = library::values(details);
        let fields: BTreeMap<Field, UndoField> = entry
            .fields
            .iter()
            .map(|(field, entry)| {
                let undo = UndoField {
                    before: entry.before.clone(),
                    before_raw: entry.before_raw.clone(),
                    before_locked: entry.before_locked,
                    after: entry.after.clone(),
                    after_locked: entry.after_locked,
                };
                (*field, undo)
            })
            .collect();
        let base_fields = base.map(|base| &base.fields);
        let mut planned = plan::plan_undo(&fields, &held, base_fields, &Selected::new());
        if !planned.unlisted.is_empty() {
            let selected = session
                .selected_pictures(entry.key.rating_key, &planned.unlisted)
                .await?;
            planned = plan::plan_undo(&fields, &held, base_fields, &selected);
        }
        session.count_plan(
            planned.changes.len(),
            planned.kept.len(),
            planned.conflicts.len(),
        );
        session.observer.planned(&PlannedItem {
            title: &entry.title,
            source_id: entry.source_id.as_deref().unwrap_or_default(),
            changes: &planned.changes,
            kept: &planned.kept,
            conflicts: &planned.conflicts,
        });
        Ok(self.back(entry, planned, base))
    }

    fn back(&self, entry: JournalEntry, planned: ItemPlan, base: Option<&BaseRecord>) -> Back {
        let ItemPlan {
            changes, conflicts, ..
        } = planned;
        // What is back already needs no write, but is remembered as it was before the run.
        let mut fields = base.map_or_else(BTreeMap::new, |base| base.fields.clone());
        for (field, journal) in &entry.fields {
            let is_open = changes.iter().any(|change| change.field == *field)
                || conflicts.iter().any(|conflict| conflict.field == *field);
            if is_open {
                continue;
            }
            match &journal.base_before {
                Some(before) => drop(fields.insert(*field, before.clone())),
                None => drop(fields.remove(field)),
            }
        }
        let changed_base = base.filter(|base| base.fields != fields).map(|base| {
            let record = BaseRecord {
                fields,
                ..base.clone()
            };
            (entry.key, record)
        });
        let kept = KeptRecord {
            title: entry.title.clone(),
            kept: Vec::new(),
            conflicts,
        };
        Back {
            kept: (entry.key, kept),
            source_id: entry.source_id.clone(),
            job: (!changes.is_empty()).then(|| self.job(entry, changes, base)),
            base: changed_base,
        }
    }

    fn job(
        &self,
        entry: JournalEntry,
        changes: Vec<crate::model::Change>,
        base: Option<&BaseRecord>,
    ) -> Job {
        let now = self.session.clock.now_ms();
        let restore = changes
            .iter()
            .filter_map(|change| {
                let journal = entry.fields.get(&change.field)?;
                Some((change.field, journal.base_before.clone()))
            })
            .collect();
        let base_before = changes
            .iter()
            .map(|change| {
                let base = base.and_then(|base| base.fields.get(&change.field));
                (change.field, base.cloned())
            })
            .collect();
        Job {
            id: 0,
            key: entry.key,
            run: self.session.run,
            kind: JobKind::Undo,
            identity: Identity {
                guid: entry.identity.guid,
                paths: entry.identity.paths,
            },
            item_type: entry.item_type,
            section_id: self.session.sections.of(entry.key.section).id,
            source_id: entry.source_id,
            title: entry.title,
            changes,
            image_files: BTreeMap::new(),
            images_before: BTreeMap::new(),
            planned_at_ms: now,
            due_ms: now,
            tries: 0,
            waits: 0,
            started: false,
            last_error: None,
            match_stamp: None,
            base_before,
            restore,
            carried: BTreeMap::new(),
        }
    }

    async fn store(&self, back: Vec<Back>) -> Result<(), Stop> {
        let session = &self.session;
        let Some(state) = &session.state else {
            return Ok(());
        };
        let ids: Vec<String> = back
            .iter()
            .filter_map(|back| back.source_id.clone())
            .collect();
        state
            .write(move |writer| {
                for back in &back {
                    writer.put_kept(back.kept.0, &back.kept.1)?;
                    if let Some((key, record)) = &back.base {
                        writer.put_base(*key, record)?;
                    }
                    if let Some(job) = &back.job {
                        writer.enqueue(job.clone())?;
                    }
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        // The next sync compares these anew.
        let matches = session.matches.clone();
        let source: SourceNumber = session.source;
        session
            .blocking
            .run(move || {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                matches.remove_matches(source, &ids);
            })
            .await;
        Ok(())
    }

    /// Only where nothing failed: what is left can be taken back by another try.
    async fn mark_undone(&self) -> Result<(), Stop> {
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
                    record.undone_by = Some(by);
                    record.ended = true;
                })?;
                Ok(())
            })
            .await?;
        Ok(())
    }
}
