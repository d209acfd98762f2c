//! What a person decides of fields on which both sides have a claim: one by one, or all at once.
//!
//! | decided | then |
//! |---|---|
//! | keep Plex | the source's value counts as asked for: nothing is written until the source asks for another one, which is a conflict again |
//! | use source | remembered; the next sync writes it whatever Plex holds, unless the source asks for another value by then |
//!
//! Not here: which fields those are (`plan`), and writing.

use crate::face::{Choice, CommandError, Decision};
use crate::model::{Conflict, ConflictKind, Field, ItemKey, Kept, KeptReason};
use crate::store::{KeptRecord, StateWriter, StoreError};

use super::core::{Core, refused, state_error};
use super::setup::SOURCE;
use crate::source::nfo::entry_of;

/// Items looked at in one transaction.
const PAGE: usize = 1_000;

/// Settles what the decision names. Returns how many fields.
pub(super) async fn settle(core: &Core, decision: Decision) -> Result<u32, CommandError> {
    let Some(state) = &core.state else {
        return Err(refused(
            "state",
            "Nothing is remembered here, so there is nothing to decide. Nothing was changed.",
        ));
    };
    let mut settled = 0;
    let mut after = None;
    loop {
        let wanted = decision.clone();
        let page = state
            .write(move |writer| {
                let items = writer.kept_items(after, PAGE)?;
                let last = items.last().map(|(key, _)| *key);
                let mut done = Vec::new();
                for (key, record) in items {
                    let fields = settle_item(writer, key, &record, &wanted)?;
                    if fields > 0 {
                        done.push((fields, record.source_id));
                    }
                }
                Ok((last, done))
            })
            .await
            .map_err(|error| state_error(&error))?;
        let (last, done) = page;
        settled += done.iter().map(|(fields, _)| fields).sum::<u32>();
        if decision.choice == Choice::UseSource {
            forget_matches(core, done.into_iter().filter_map(|(_, id)| id).collect()).await;
        }
        let Some(last) = last else { break };
        after = Some(last);
    }
    core.refresh(Vec::new())
        .await
        .map_err(|error| state_error(&error))?;
    Ok(settled)
}

/// The next sync compares these source items although nothing changed.
async fn forget_matches(core: &Core, ids: Vec<String>) {
    let matches = core.matches.clone();
    core.deps
        .blocking
        .run(move || {
            let ids: Vec<&str> = ids.iter().map(|id| entry_of(id)).collect();
            matches.remove_matches(SOURCE, &ids);
        })
        .await;
}

fn settle_item(
    writer: &mut StateWriter<'_>,
    key: ItemKey,
    record: &KeptRecord,
    decision: &Decision,
) -> Result<u32, StoreError> {
    if decision.item.is_some_and(|item| item != key.rating_key.0) {
        return Ok(0);
    }
    let is_meant = |field: Field| decision.field.is_none_or(|wanted| wanted == field);
    let (conflicts, rest): (Vec<Conflict>, Vec<Conflict>) =
        record.conflicts.iter().cloned().partition(|conflict| {
            is_meant(conflict.field) && can_settle(conflict, decision.choice)
        });
    // What was kept without a question is asked about only on wish.
    let (kept, stays): (Vec<Kept>, Vec<Kept>) = record.kept.iter().cloned().partition(|kept| {
        decision.kept_too
            && decision.choice == Choice::UseSource
            && kept.reason.can_be_overruled()
            && is_meant(kept.field)
    });
    let settled = u32::try_from(conflicts.len() + kept.len()).unwrap_or(u32::MAX);
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
            if let Some(mut base) = writer.base(key)? {
                for conflict in &conflicts {
                    if let Some(base) = base.fields.get_mut(&conflict.field)
                        && conflict.kind == ConflictKind::BothChanged
                    {
                        base.asked = conflict.source.clone();
                    }
                }
                writer.put_base(key, &base)?;
            }
            left.kept.extend(
                conflicts
                    .into_iter()
                    .filter(|conflict| conflict.kind == ConflictKind::BothChanged)
                    .map(|conflict| Kept {
                        field: conflict.field,
                        reason: KeptReason::PersonsEdit,
                        plex: conflict.plex,
                        source: conflict.source,
                    }),
            );
        }
        Choice::UseSource => {
            let mut chosen = writer.chosen(key)?;
            chosen.fields.extend(
                conflicts
                    .into_iter()
                    .map(|conflict| (conflict.field, conflict.source))
                    .chain(kept.into_iter().map(|kept| (kept.field, kept.source))),
            );
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
