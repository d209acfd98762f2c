//! Which of a source file's items means a Plex item that was just read, and what it asks of it.
//!
//! Not here: how the Plex item was found (`scan`), and what is written of what is asked (`plan`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collections::{self, Known};
use super::scan::Candidate;
use super::session::Session;
use crate::model::{Aim, Field, ItemType, PlexItem, Policy, SourceItem, Value};
use crate::source::nfo::{ReadItem, entry_of};
use crate::store::BaseRecord;
use crate::write::Stop;

/// Which of a file's items speaks of this Plex item: by its kind; where several episodes share the file, by season and
/// number. Where one item alone holds the file and the file tells of one alone, the path is enough, whatever the numbers.
pub(super) fn meant<'r>(
    read: &'r [ReadItem],
    candidate: &Candidate,
    plex: &PlexItem,
) -> Option<&'r SourceItem> {
    let mut fitting =
        read.iter()
            .map(|read| &read.item)
            .filter(|item| match (item.item_type, plex.item_type) {
                (None, _) => true,
                (Some(said), is) => said == is,
            });
    let is_clear = read.len() == 1 && !candidate.shared_in.contains(&plex.key.section);
    if is_clear || plex.item_type != ItemType::Episode {
        return fitting.next();
    }
    fitting.find(|item| {
        item.numbering.is_some_and(|said| {
            Some(said.episode) == plex.index
                && said
                    .season
                    .is_none_or(|season| Some(season) == plex.parent_index)
        })
    })
}

/// Whether an item that was met by its path holds it, now that it was read. What Plex split, or whose file it renamed,
/// may still stand in the listing as it was.
pub(super) fn still_holds(candidate: &Candidate, plex: &PlexItem) -> bool {
    candidate.entry.aim != Aim::Item
        || plex
            .identity
            .paths
            .iter()
            .any(|path| candidate.paths.contains(path))
}

/// Whether another source file wrote the item last.
pub(super) fn is_anothers(candidate: &Candidate, base: Option<&BaseRecord>) -> bool {
    let writer = base.and_then(|base| base.source_id.as_deref());
    writer.is_some_and(|writer| entry_of(writer) != candidate.entry.id)
}

/// What an item asks of a Plex item: as far as its type holds such fields, and of collections those that take members.
pub(super) async fn wanted(
    session: &Session,
    item: &SourceItem,
    plex: &PlexItem,
) -> Result<BTreeMap<Field, Value>, Stop> {
    let mut values: BTreeMap<Field, Value> = item
        .values
        .iter()
        .filter(|(field, _)| plex.item_type.holds(**field))
        .map(|(field, value)| (*field, value.clone()))
        .collect();
    if let Some(cast) = values.remove(&Field::Actors) {
        values.insert(Field::Actors, session.cast.wanted(cast));
    }
    if let Some(Value::Tags(titles)) = values.get(&Field::Collections)
        && let Some(known) = collections_of(session, plex).await?
    {
        match collections::titles(session, &known, plex, titles) {
            Value::Empty => values.remove(&Field::Collections),
            titles => values.insert(Field::Collections, titles),
        };
    }
    Ok(values)
}

/// The collections that an item may be put into; `None` where they are not synced.
pub(super) async fn collections_of(
    session: &Session,
    plex: &PlexItem,
) -> Result<Option<Arc<Known>>, Stop> {
    let section = session.sections.of(plex.key.section);
    if section.rules.policy(Field::Collections) == Policy::Off {
        return Ok(None);
    }
    session.collections(section).await.map(Some)
}
