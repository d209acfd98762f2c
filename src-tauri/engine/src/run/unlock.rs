//! Leaving: takes away every lock that Syncslate set, on wish together with the values that stood there before it came.
//! A run of its own, journaled like any other, so that it can be taken back.
//!
//! What other runs had not written yet is dropped; what they started is read back and settled first.
//!
//! Only where Plex still holds what Syncslate wrote: a value that somebody edited since is theirs, and its lock too. Who only
//! adds a tag to a list that leaves others' tags alone edits no value of Syncslate's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collections;
use super::core::{Core, refused, state_error};
use super::finish::{self, Started};
use super::restore::{Entry, PIECE, Restoring};
use super::session::Session;
use super::setup::{self, SOURCE};
use super::sync::ended;
use crate::face::{CommandError, Phase, RunKind};
use crate::journal::{JournalField, TracedRun};
use crate::library::item_types;
use crate::model::{BaseField, Field, FieldKind, ItemKey, RunId};
use crate::store::{BaseRecord, ServerRecord, State, StateReader, StoreError};
use crate::write::{Drained, Stop};

/// An unlocking that is ready to begin.
pub(super) struct Unlock {
    session: Session,
    state: State,
    restore: bool,
    /// Runs that were cut short: what they had started is settled first, so that it is known what they locked.
    unsettled: Vec<RunId>,
    started: Started,
    max_concurrency: u8,
    record: ServerRecord,
}

/// Meets Plex, begins. What fails here is a refused command.
pub(super) async fn prepare(core: &Arc<Core>, restore: bool) -> Result<Unlock, CommandError> {
    let Some(state) = core.state.clone() else {
        return Err(refused(
            "state",
            "Nothing is remembered here, so it is not known what to unlock. Nothing was changed.",
        ));
    };
    let contact = core.contact().await?;
    let there = match contact.client.sections().await {
        Ok(sections) => sections,
        Err(error) => return Err(core.not_reached(&error)),
    };
    let mut sections = there.clone();
    sections.retain(|section| !item_types(&section.kind).is_empty());
    if sections.is_empty() {
        return Err(refused(
            "no_section",
            "This server has no library that Syncslate could have written to. Nothing was changed.",
        ));
    }
    let record = finish::run_record(
        contact.number,
        &sections,
        SOURCE,
        RunKind::Unlock,
        core.deps.clock.now_ms(),
    );
    let number = contact.number;
    let (run, unsettled) = state
        .write(move |writer| {
            let (run, _) = finish::take_up(writer, &record)?;
            Ok((run, writer.abandon_server(number)?))
        })
        .await
        .map_err(|error| state_error(&error))?;
    let started = finish::start(core, &contact, run, RunKind::Unlock).await;
    let settings = core.settings();
    let record = contact.record.clone();
    let sections = setup::sections(&settings, &contact, &there, &sections);
    let session = setup::session(core, &settings, contact, sections, run, false);
    Ok(Unlock {
        session,
        state,
        restore,
        unsettled,
        started,
        max_concurrency: settings.max_concurrency,
        record,
    })
}

impl Unlock {
    /// The run's number.
    pub(super) fn run(&self) -> RunId {
        self.session.run
    }

    pub(super) async fn work(self, core: &Arc<Core>) {
        let ticker = self.started.ticker(core);
        let result = ticker.beside(self.steps(core)).await;
        finish::end(core, &self.session, &self.started, &ticker, result, None).await;
    }

    async fn steps(&self, core: &Arc<Core>) -> Result<(), Stop> {
        if !self.unsettled.is_empty() {
            self.write(core, self.unsettled.clone()).await?;
        }
        self.session.phase(Phase::Compare, None);
        // While their members are there: by them it is told whose order it is.
        if self.restore && !collections::take_back(&self.session, collections::Back::First).await? {
            self.session.reporter.progress(|summary, _| {
                summary.message = Some(
                    "Not every collection is back in the order that it had before Syncslate. Unlock and restore once more to try again."
                        .to_owned(),
                );
            });
        }
        let mut after = None;
        loop {
            let (last, entries) = self.entries(after).await?;
            if last.is_none() {
                break;
            }
            after = last;
            Restoring::leaving(&self.session).plan(entries).await?;
        }
        finish::mark_ready(&self.session, true, false).await?;
        self.write(core, vec![self.session.run]).await
    }

    async fn write(&self, core: &Arc<Core>, only: Vec<RunId>) -> Result<(), Stop> {
        let (session, most) = (&self.session, self.max_concurrency);
        match finish::write(core, session, most, &self.record, Some(only)).await? {
            Drained::Empty => Ok(()),
            Drained::Cancelled => Err(ended(core)),
        }
    }

    /// The next items with locks of Syncslate's, and the last item looked at.
    async fn entries(&self, after: Option<ItemKey>) -> Result<(Option<ItemKey>, Vec<Entry>), Stop> {
        let (restore, sections) = (self.restore, self.session.sections.clone());
        Ok(self
            .state
            .read_long(move |reader| {
                let page = reader.bases(after, PIECE)?;
                let runs = if restore {
                    Some(reader.traced_runs()?)
                } else {
                    None
                };
                let last = page.last().map(|(key, _)| *key);
                let mut entries = Vec::new();
                for (key, base) in page {
                    if key.server == sections.server && sections.get(key.section).is_some() {
                        entries.extend(entry(reader, key, base, runs.as_deref())?);
                    }
                }
                Ok((last, entries))
            })
            .await?)
    }
}

/// What an item goes back to, with the values of before where `runs` are given; `None` where nothing in it is Syncslate's.
fn entry(
    reader: &StateReader<'_>,
    key: ItemKey,
    base: BaseRecord,
    runs: Option<&[TracedRun]>,
) -> Result<Option<Entry>, StoreError> {
    let first = match runs {
        Some(runs) => reader.first_values(runs, key, &base)?,
        None => BTreeMap::new(),
    };
    let ours: BTreeMap<Field, BaseField> = base
        .fields
        .into_iter()
        // Collections are never locked, but were written too.
        .filter(|(field, base)| base.locked_by_us || first.contains_key(field))
        .collect();
    if ours.is_empty() {
        return Ok(None);
    }
    let fields = ours
        .into_iter()
        .map(|(field, base)| {
            let back = match first.get(&field) {
                Some(first) if field.kind() == FieldKind::Tags => JournalField {
                    // Without what others added since.
                    after_locked: base.locked,
                    ..first.clone()
                },
                Some(first) => JournalField {
                    after: base.read_back,
                    after_locked: base.locked,
                    ..first.clone()
                },
                None => JournalField {
                    before: base.read_back.clone(),
                    before_raw: None,
                    before_locked: false,
                    after: base.read_back.clone(),
                    after_locked: true,
                    base_before: Some(BaseField {
                        locked: false,
                        locked_by_us: false,
                        ..base
                    }),
                },
            };
            (field, back)
        })
        .collect();
    Ok(Some(Entry {
        key,
        item_type: None,
        identity: base.identity,
        source_id: base.source_id,
        fields,
    }))
}
