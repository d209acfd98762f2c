//! What the caches are told of settled jobs. Losing it costs only a look-up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::Context;
use super::settlement::Settlement;
use crate::model::{ItemKey, SourceNumber, Stand};
use crate::queue::JobKind;
use crate::store::{Cache, MatchOutcome, MatchRecord};

/// A source file may write several Plex items: those that were settled before under the same stamp stay in its record.
fn with_known(
    matches: &Cache,
    source: SourceNumber,
    records: Vec<MatchRecord>,
) -> Vec<MatchRecord> {
    let mut merged: BTreeMap<String, MatchRecord> = BTreeMap::new();
    for mut record in records {
        let known = merged
            .remove(&record.source_id)
            .or_else(|| matches.peek_match(source, &record.source_id))
            .filter(|known| known.stamp == record.stamp && known.settings == record.settings);
        for item in known.map(|known| known.done).unwrap_or_default() {
            if !record.done.contains(&item) {
                record.done.push(item);
            }
        }
        merged.insert(record.source_id.clone(), record);
    }
    merged.into_values().collect()
}

/// Whether nothing of the item is left to be looked at.
fn is_whole(settlement: &Settlement, drifted: &BTreeSet<ItemKey>) -> bool {
    !settlement.gone
        && !settlement.outdated
        && !settlement.unripe
        && settlement.rest.is_none()
        && !drifted.contains(&settlement.job.key)
}

/// Tells the caches.
pub(super) async fn remember(
    context: &Context,
    settlements: Arc<Vec<Settlement>>,
    // Items in which something else changed since they were compared: they are to be looked at again.
    drifted: BTreeSet<ItemKey>,
) {
    let library = Arc::clone(&context.library);
    let matches = context.matches.clone();
    let done = context
        .blocking
        .run(move || {
            let settled: Vec<(ItemKey, Stand)> = settlements
                .iter()
                .filter(|settlement| is_whole(settlement, &drifted))
                // What the next sync must look at again stays news.
                .filter(|settlement| {
                    settlement.job.kind == JobKind::Undo || settlement.job.match_stamp.is_some()
                })
                .map(|settlement| (settlement.job.key, settlement.stand))
                .collect();
            let mut records: BTreeMap<SourceNumber, Vec<MatchRecord>> = BTreeMap::new();
            for settlement in settlements.iter() {
                let job = &settlement.job;
                let Some(stamp) = &job.match_stamp else {
                    continue;
                };
                if !is_whole(settlement, &drifted) || job.kind != JobKind::Sync {
                    continue;
                }
                records.entry(stamp.source).or_default().push(MatchRecord {
                    source_id: stamp.entry.clone(),
                    stamp: stamp.stamp,
                    settings: stamp.settings,
                    items: stamp.items.clone(),
                    done: stamp.done.iter().copied().chain([job.key]).collect(),
                    outcome: MatchOutcome::Matched,
                });
            }
            for (source, records) in records {
                matches.put_matches(source, &with_known(&matches, source, records));
            }
            library.settle(&settled)
        })
        .await;
    if let Err(error) = done {
        tracing::debug!(%error, "the library cache was not told of written items");
    }
}
