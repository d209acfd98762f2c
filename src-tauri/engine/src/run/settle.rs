//! What a person decides of fields on which both sides have a claim: one by one, or all at once.
//!
//! | decided | then |
//! |---|---|
//! | keep Plex | the source's value counts as asked for: nothing is written until the source asks for another one, which is a conflict again |
//! | use source | remembered; the next sync compares the item and writes it whatever Plex holds, unless the source asks for another value by then, or a policy that was set since leaves the field alone |
//! | keep Plex, of what was locked before anything was known of it | it is a person's from now on, and not asked about again |
//! | keep Plex, after that | withdrawn, and taken out of what waits to be written; what was sent already may have been written, and the answer says so |
//!
//! A decision concerns the server that was last met at the present address.
//!
//! Not here: which fields those are (`plan`), and writing.

use crate::face::{About, Choice, CommandError, Decision};
use crate::model::{
    Conflict, ConflictKind, Field, ItemKey, Kept, KeptReason, RatingKey, SectionUuid, ServerNumber,
};
use crate::store::{KeptRecord, StateWriter, StoreError};

use super::core::{Core, refused, state_error};

/// Items looked at in one transaction.
const PAGE: usize = 1_000;

/// What a decision came to, in fields.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Settled {
    pub(super) fields: u32,
    /// Those of them that were withdrawn after they may have been written.
    pub(super) maybe_written: u32,
}

/// Settles what the decision names.
pub(super) async fn settle(core: &Core, decision: Decision) -> Result<Settled, CommandError> {
    let Some(state) = &core.state else {
        return Err(refused(
            "state",
            "Nothing is remembered here, so there is nothing to decide. Nothing was changed.",
        ));
    };
    let Some(server) = state
        .read(|reader| core.present_server(reader))
        .map_err(|error| state_error(&error))?
    else {
        return Err(refused(
            "not_met",
            "Plex was not met at this address yet, so there is nothing to decide. Nothing was changed. Test the connection, or sync.",
        ));
    };
    let mut settled = Settled::default();
    if decision.choice == Choice::KeepPlex {
        let wanted = decision.clone();
        settled = state
            .write(move |writer| withdraw(writer, server, &wanted))
            .await
            .map_err(|error| state_error(&error))?;
    }
    let mut after = before_all_of(server);
    loop {
        let wanted = decision.clone();
        let page = state
            .write(move |writer| {
                let mut items = writer.kept_items(Some(after), PAGE)?;
                items.retain(|(key, _)| key.server == server);
                let last = items.last().map(|(key, _)| *key);
                let mut done = 0;
                for (key, record) in items {
                    done += settle_item(writer, key, &record, &wanted)?;
                }
                Ok((last, done))
            })
            .await
            .map_err(|error| state_error(&error))?;
        let (last, done) = page;
        settled.fields += done;
        let Some(last) = last else { break };
        after = last;
    }
    core.refresh(Vec::new())
        .await
        .map_err(|error| state_error(&error))?;
    Ok(settled)
}

/// A key before those of all items of a server.
pub(super) fn before_all_of(server: ServerNumber) -> ItemKey {
    ItemKey {
        server,
        section: SectionUuid::nil(),
        rating_key: RatingKey(0),
    }
}

/// Takes decisions for the source back that were not carried out yet: what was asked then is decided for Plex, what was
/// kept without a question is kept again.
fn withdraw(
    writer: &mut StateWriter<'_>,
    server: ServerNumber,
    decision: &Decision,
) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    for (key, mut chosen) in writer.chosen_items(server)? {
        let meant: Vec<Field> = chosen
            .fields
            .keys()
            .copied()
            .filter(|field| decision.means(key, *field))
            .filter(|field| {
                let mut open = chosen.conflicts.iter();
                let mut kept = chosen.kept.iter().filter(|kept| kept.field == *field);
                (decision.about.means_conflicts() && open.any(|open| open.field == *field))
                    || kept.any(|kept| decision.about.means(kept.reason))
            })
            .collect();
        if meant.is_empty() {
            continue;
        }
        settled.fields += count(meant.len());
        settled.maybe_written += count(writer.withdraw(key, &meant)?.len());
        let mut record = writer.kept(key)?.unwrap_or_else(|| KeptRecord {
            title: chosen.title.clone(),
            source_id: chosen.source_id.clone(),
            ..KeptRecord::default()
        });
        record.forget(|field| meant.contains(&field));
        let is_meant = |field: &Field| meant.contains(field);
        let kept = chosen.kept.iter().filter(|kept| is_meant(&kept.field));
        record
            .kept
            .extend(theirs(writer, key, kept.cloned().collect())?);
        let conflicts = chosen.conflicts.iter().filter(|open| is_meant(&open.field));
        record
            .kept
            .extend(keep_plex(writer, key, conflicts.cloned().collect())?);
        writer.put_kept(key, &record)?;
        for field in meant {
            chosen.remove(field);
        }
        writer.put_chosen(key, &chosen)?;
    }
    Ok(settled)
}

fn count(fields: usize) -> u32 {
    u32::try_from(fields).unwrap_or(u32::MAX)
}

/// What was locked before anything was known of it is a person's, once one said so. Returns what is kept by that.
fn theirs(
    writer: &mut StateWriter<'_>,
    key: ItemKey,
    mut kept: Vec<Kept>,
) -> Result<Vec<Kept>, StoreError> {
    let mut asked: Vec<&mut Kept> = kept
        .iter_mut()
        .filter(|kept| kept.reason == KeptReason::LockedBefore)
        .collect();
    writer.own(key, asked.iter().map(|kept| kept.field))?;
    for kept in &mut asked {
        kept.reason = KeptReason::PersonsEdit;
    }
    Ok(kept)
}

/// The source's value counts as asked for. Returns what is kept by that.
fn keep_plex(
    writer: &mut StateWriter<'_>,
    key: ItemKey,
    mut conflicts: Vec<Conflict>,
) -> Result<Vec<Kept>, StoreError> {
    conflicts.retain(|conflict| conflict.kind == ConflictKind::BothChanged);
    if let Some(mut base) = writer.base(key)? {
        for conflict in &conflicts {
            if let Some(base) = base.fields.get_mut(&conflict.field) {
                base.asked = conflict.source.clone();
            }
        }
        writer.put_base(key, &base)?;
    }
    let kept = conflicts.into_iter().map(|conflict| Kept {
        field: conflict.field,
        reason: KeptReason::PersonsEdit,
        plex: conflict.plex,
        source: conflict.source,
    });
    Ok(kept.collect())
}

impl Decision {
    /// Whether it speaks of this field of this item, which is of the present server.
    fn means(&self, key: ItemKey, field: Field) -> bool {
        self.item.is_none_or(|item| item == key.rating_key.0)
            && self.field.is_none_or(|wanted| wanted == field)
    }
}

impl About {
    /// Whether it includes conflicts.
    fn means_conflicts(self) -> bool {
        match self {
            Self::Conflicts | Self::ConflictsAndKept => true,
            Self::LockedBefore => false,
        }
    }

    /// Whether it includes what was kept for this reason.
    fn means(self, reason: KeptReason) -> bool {
        match self {
            Self::Conflicts => false,
            Self::LockedBefore => reason == KeptReason::LockedBefore,
            Self::ConflictsAndKept => true,
        }
    }
}

fn settle_item(
    writer: &mut StateWriter<'_>,
    key: ItemKey,
    record: &KeptRecord,
    decision: &Decision,
) -> Result<u32, StoreError> {
    let is_meant = |field: Field| decision.means(key, field);
    let (conflicts, rest): (Vec<Conflict>, Vec<Conflict>) =
        record.conflicts.iter().cloned().partition(|conflict| {
            decision.about.means_conflicts()
                && is_meant(conflict.field)
                && can_settle(conflict, decision.choice)
        });
    // What was kept without a question is asked about only on wish.
    let (kept, stays): (Vec<Kept>, Vec<Kept>) = record.kept.iter().cloned().partition(|kept| {
        decision.about.means(kept.reason)
            && is_meant(kept.field)
            && match decision.choice {
                Choice::UseSource => kept.reason.can_be_overruled(),
                // The others are a person's already.
                Choice::KeepPlex => kept.reason == KeptReason::LockedBefore,
            }
    });
    let settled = count(conflicts.len() + kept.len());
    if settled == 0 {
        return Ok(0);
    }
    let mut left = KeptRecord {
        kept: stays,
        conflicts: rest,
        ..record.clone()
    };
    match decision.choice {
        Choice::KeepPlex => {
            left.kept.extend(keep_plex(writer, key, conflicts)?);
            left.kept.extend(theirs(writer, key, kept)?);
        }
        Choice::UseSource => {
            let mut chosen = writer.chosen(key)?;
            chosen.title.clone_from(&record.title);
            chosen.source_id.clone_from(&record.source_id);
            for conflict in conflicts {
                chosen.remove(conflict.field);
                chosen
                    .fields
                    .insert(conflict.field, conflict.source.clone());
                chosen.conflicts.push(conflict);
            }
            for kept in kept {
                chosen.remove(kept.field);
                chosen.fields.insert(kept.field, kept.source.clone());
                chosen.kept.push(kept);
            }
            writer.put_chosen(key, &chosen)?;
        }
    }
    writer.put_kept(key, &left)?;
    Ok(settled)
}

/// A field that an undo found edited can only be kept: no source asks for what stood there before.
fn can_settle(conflict: &Conflict, choice: Choice) -> bool {
    conflict.kind == ConflictKind::BothChanged || choice == Choice::KeepPlex
}
