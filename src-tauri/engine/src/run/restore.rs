//! The way back for items: what each field held before, planned against what Plex holds now, and stored as jobs. What
//! Syncslate remembered then is what it remembers afterwards.
//!
//! Not here: which items and values (`undo`, `unlock`), and writing (`write`).

use std::collections::BTreeMap;

use syncslate_plex::Details;

use super::collections;
use super::session::Session;
use crate::journal::{JournalEntry, JournalField};
use crate::library;
use crate::model::{
    BaseField, Change, Conflict, Field, Identity, ItemKey, ItemType, PlexItem, SourceNumber,
};
use crate::plan::{self, ItemPlan, Selected, UndoField};
use crate::queue::{Job, JobKind};
use crate::report::PlannedItem;
use crate::source::nfo::entry_of;
use crate::store::{BaseRecord, CollectionKey, StateWriter, StoreError};
use crate::text;
use crate::write::Stop;

/// Entries compared at once.
pub(super) const PIECE: usize = plan::batch::READ_BATCH;

/// What an item shall go back to.
pub(super) struct Entry {
    pub(super) key: ItemKey,
    /// What it is, where that is known.
    pub(super) item_type: Option<ItemType>,
    /// What must still be true of it.
    pub(super) identity: Identity,
    pub(super) source_id: Option<String>,
    pub(super) fields: BTreeMap<Field, JournalField>,
}

impl From<JournalEntry> for Entry {
    fn from(entry: JournalEntry) -> Self {
        Self {
            key: entry.key,
            item_type: Some(entry.item_type),
            identity: entry.identity,
            source_id: entry.source_id,
            fields: entry.fields,
        }
    }
}

/// What is stored of one entry. Of fields that it does not name all stays as it is.
struct Back {
    key: ItemKey,
    job: Option<Job>,
    title: String,
    /// The fields that it names.
    fields: Vec<Field>,
    conflicts: Vec<Conflict>,
    /// What is remembered of fields that are back already; `None`: nothing.
    base: BTreeMap<Field, Option<BaseField>>,
    is_collection: bool,
    source_id: Option<String>,
}

/// See the module.
pub(super) struct Restoring<'s> {
    session: &'s Session,
    is_leaving: bool,
}

impl<'s> Restoring<'s> {
    /// Takes a run back.
    pub(super) fn new(session: &'s Session) -> Self {
        Self {
            session,
            is_leaving: false,
        }
    }

    /// Takes every lock of Syncslate's away, also from lists to which others added something since.
    pub(super) fn leaving(session: &'s Session) -> Self {
        Self {
            session,
            is_leaving: true,
        }
    }

    /// Compares entries with what Plex holds, and stores the plan of their way back. Returns how many of them Plex does not
    /// have (now).
    pub(super) async fn plan(&self, entries: Vec<Entry>) -> Result<u32, Stop> {
        let session = self.session;
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
                let held = session.cast.held(details);
                Some((entry.key, entry.identity.clone(), held))
            })
            .collect();
        let bases = session.bases(held).await?;
        let mut back = Vec::with_capacity(entries.len());
        let mut gone = 0;
        for entry in entries {
            session.step_done(1);
            session
                .reporter
                .progress(|summary, _| summary.items_read += 1);
            let details = details
                .get(&entry.key.rating_key.0)
                .filter(|_| session.sections.get(entry.key.section).is_some());
            let there =
                details.and_then(|details| Some((self.same_item(&entry, details)?, details)));
            let Some((item, details)) = there else {
                tracing::warn!(
                    item = entry.key.rating_key.0,
                    "the item is gone; nothing to take back there"
                );
                // A collection goes with its last member, and comes back with them or not at all.
                gone += u32::from(entry.item_type != Some(ItemType::Collection));
                continue;
            };
            let base = bases
                .get(&entry.key)
                .and_then(|remembered| remembered.base.as_ref());
            back.push(self.plan_one(entry, &item, details, base).await?);
        }
        self.store(back).await?;
        Ok(gone)
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

    /// The item as it is now, where it is still the entry's.
    fn same_item(&self, entry: &Entry, details: &Details) -> Option<PlexItem> {
        let item = library::item(
            details,
            entry.key.server,
            entry.key.section,
            self.session.path_hash.as_ref(),
        )?;
        item.identity.is_same(&entry.identity).then_some(item)
    }

    async fn plan_one(
        &self,
        entry: Entry,
        item: &PlexItem,
        details: &Details,
        base: Option<&BaseRecord>,
    ) -> Result<Back, Stop> {
        let session = self.session;
        let held = session.cast.held(details);
        let base_fields = base.map(|base| &base.fields);
        let rules = &session.sections.of(entry.key.section).rules;
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
                    unlocks_anyway: self.is_leaving
                        && base_fields
                            .and_then(|base| base.get(field))
                            .is_some_and(|base| plan::is_our_lock(*field, base, &held, rules)),
                };
                (*field, undo)
            })
            .collect();
        let mut planned = plan::plan_undo(&fields, &held, base_fields, &Selected::new());
        if !planned.unlisted.is_empty() {
            let selected = session
                .selected_pictures(entry.key.rating_key, &planned.unlisted)
                .await?;
            planned = plan::plan_undo(&fields, &held, base_fields, &selected);
        }
        collections::spare_in_undo(session, item, &mut planned).await?;
        session.cast.fit(&mut planned, JobKind::Undo);
        if item.item_type.holds(Field::Year) {
            plan::keep_year(&mut planned.changes, &held);
        }
        let mut changes = planned.changes.iter();
        if changes.any(|change| change.field == Field::Watched && !change.after.is_empty()) {
            session.watched_note();
        }
        session.count_plan(
            item.item_type,
            &planned.changes,
            planned.kept.len(),
            planned.conflicts.len(),
        );
        session.observer.planned(&PlannedItem {
            item: entry.key.rating_key.0,
            library: &session.sections.of(entry.key.section).title,
            title: &item.title,
            source_id: entry.source_id.as_deref().unwrap_or_default(),
            changes: &planned.changes,
            kept: &planned.kept,
            conflicts: &planned.conflicts,
        });
        Ok(self.back(entry, item, planned, base))
    }

    fn back(
        &self,
        entry: Entry,
        item: &PlexItem,
        planned: ItemPlan,
        base: Option<&BaseRecord>,
    ) -> Back {
        let ItemPlan {
            changes, conflicts, ..
        } = planned;
        let is_open = |field: Field| {
            changes.iter().any(|change| change.field == field)
                || conflicts.iter().any(|conflict| conflict.field == field)
        };
        // What is back already needs no write, but is remembered as it was before the run.
        let closed = entry.fields.iter().filter(|(field, _)| !is_open(**field));
        let closed = closed
            .map(|(field, journal)| (*field, journal.base_before.clone()))
            .collect();
        Back {
            key: entry.key,
            title: item.title.clone(),
            fields: entry.fields.keys().copied().collect(),
            base: closed,
            is_collection: item.item_type == ItemType::Collection,
            source_id: entry.source_id.clone(),
            job: (!changes.is_empty()).then(|| self.job(entry, item, changes, base)),
            conflicts,
        }
    }

    fn job(
        &self,
        entry: Entry,
        item: &PlexItem,
        changes: Vec<Change>,
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
            identity: entry.identity,
            item_type: item.item_type,
            section_id: self.session.sections.of(entry.key.section).id,
            source_id: entry.source_id,
            title: item.title.clone(),
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
        let session = self.session;
        let Some(state) = &session.state else {
            return Ok(());
        };
        let ids: Vec<String> = back
            .iter()
            .filter_map(|back| back.source_id.clone())
            .collect();
        // The next sync compares these anew; first, since whoever dies in between must not leave them as settled.
        let matches = session.matches.clone();
        let source: SourceNumber = session.source;
        session
            .blocking
            .run(move || {
                let ids: Vec<&str> = ids.iter().map(|id| entry_of(id)).collect();
                matches.remove_matches(source, &ids);
            })
            .await;
        state
            .write(move |writer| {
                for back in &back {
                    note(writer, back)?;
                    forget(writer, back)?;
                    if let Some(job) = &back.job {
                        expect_collections(writer, job)?;
                        writer.enqueue(job.clone())?;
                    }
                }
                let collections = back.iter().filter(|back| back.is_collection);
                let collections: Vec<ItemKey> = collections.map(|back| back.key).collect();
                writer.reopen_collections(&collections)
            })
            .await?;
        Ok(())
    }
}

/// Notes what was edited since. What is noted of other fields stays.
fn note(writer: &mut StateWriter<'_>, back: &Back) -> Result<(), StoreError> {
    let mut record = writer.kept(back.key)?.unwrap_or_default();
    record.title.clone_from(&back.title);
    record.source_id.clone_from(&back.source_id);
    record.forget(|field| back.fields.contains(&field));
    record.conflicts.extend(back.conflicts.iter().cloned());
    writer.put_kept(back.key, &record)
}

/// Remembers of what is back already what was remembered before the run.
fn forget(writer: &mut StateWriter<'_>, back: &Back) -> Result<(), StoreError> {
    let Some(known) = writer.base(back.key)? else {
        return Ok(());
    };
    let mut record = known.clone();
    record.set(back.base.clone());
    if record == known {
        return Ok(());
    }
    writer.put_base(back.key, &record)
}

/// A collection that Syncslate made, and that went with its last member, comes into being again where that member comes
/// back: then it is Syncslate's again.
fn expect_collections(writer: &mut StateWriter<'_>, job: &Job) -> Result<(), StoreError> {
    let Some(change) = job.change(Field::Collections) else {
        return Ok(());
    };
    let (server, section) = (job.key.server, job.key.section);
    for title in change.after.tags() {
        let is_there = change.before.tags().iter();
        if is_there
            .into_iter()
            .any(|tag| text::fold(tag) == text::fold(title))
        {
            continue;
        }
        let at = CollectionKey::new(server, section, job.item_type, title);
        if let Some(mut record) = writer.collection(at)? {
            record.expected.insert(job.key.rating_key);
            record.open = true;
            record.restored_by = Some(job.run);
            writer.put_collection(at, &record)?;
        }
    }
    Ok(())
}
