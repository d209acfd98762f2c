//! The order of a collection's members, where the source numbers them.
//!
//! | Plex shows the members | then |
//! |---|---|
//! | as wanted, in whatever way | nothing is asked for |
//! | by release date, as it makes collections, and Syncslate never ordered them | the order becomes their own, and members move |
//! | in an order of their own, as Syncslate left it | members move |
//! | otherwise | a person's choice: it stays |
//!
//! Only members that have to move do (`plan::moves`), and members without a number never. What stood there before is
//! durable before the first move.

use syncslate_plex::{CollectionSort, PlexError};

use crate::model::{ItemKey, RatingKey, RunId};
use crate::plan::moves;
use crate::store::{CollectionKey, CollectionOrder, CollectionRecord, ReplacedOrder, State};
use crate::write::Stop;

use super::super::session::Session;
use super::step::put;

/// Brings the members into the source's order, and notes in `record` how they stand.
pub(super) async fn arrange(
    session: &Session,
    state: &State,
    at: CollectionKey,
    record: &mut CollectionRecord,
    key: ItemKey,
    sort: CollectionSort,
) -> Result<(), Stop> {
    if record.places.len() < 2 {
        return Ok(());
    }
    let arranged = try_arrange(session, state, at, record, key.rating_key, sort).await;
    let title = record.title.clone();
    forgiven(session, &title, arranged)
}

async fn try_arrange(
    session: &Session,
    state: &State,
    at: CollectionKey,
    record: &mut CollectionRecord,
    collection: RatingKey,
    sort: CollectionSort,
) -> Result<(), Stop> {
    let mut shown = members(session, collection).await?;
    let wanted = wanted(record, &shown);
    if wanted.len() < 2 || (record.order.is_none() && moves(&shown, &wanted).is_empty()) {
        return Ok(());
    }
    let is_ours = match &record.order {
        None => sort == CollectionSort::Release,
        Some(order) if order.moving => true,
        Some(order) => sort == CollectionSort::Custom && stands(&order.left, &shown),
    };
    if !is_ours {
        session.order_note(&record.title);
        return Ok(());
    }
    if sort == CollectionSort::Custom && moves(&shown, &wanted).is_empty() {
        return Ok(());
    }
    let order = record.order.get_or_insert_with(CollectionOrder::default);
    order.moving = true;
    // Of a run that was cut short, what stood there before its first move counts.
    if order
        .replaced
        .last()
        .is_none_or(|last| last.run != session.run)
    {
        order.replaced.push(ReplacedOrder {
            run: session.run,
            members: shown.clone(),
            sort: sort.number(),
        });
    }
    put(state, vec![(at, record.clone())]).await?;
    let client = session.link.client();
    if sort != CollectionSort::Custom {
        let custom = CollectionSort::Custom;
        session
            .link
            .ask(|| client.set_collection_sort(collection.0, custom))
            .await?;
        // By release date they stood otherwise than in the order of their own.
        shown = members(session, collection).await?;
    }
    send(session, collection, &shown, &wanted).await?;
    shown = members(session, collection).await?;
    if let Some(order) = &mut record.order {
        order.left = shown;
        order.moving = false;
    }
    Ok(())
}

/// Takes back what a run did to the order of members, where it still stands.
pub(in super::super) async fn take_back(session: &Session, of: RunId) -> Result<(), Stop> {
    let Some(state) = &session.state else {
        return Ok(());
    };
    for section in &session.sections.all {
        let (server, uuid) = (session.sections.server, section.uuid);
        let records = state
            .read_long(move |reader| reader.collections(server, uuid))
            .await?;
        for (at, mut record) in records {
            let replaced = record
                .order
                .as_ref()
                .and_then(|order| order.replaced.last());
            let (Some(replaced), Some(made)) = (replaced.cloned(), record.made.clone()) else {
                continue;
            };
            if replaced.run != of {
                continue;
            }
            let taken = take_back_one(session, &mut record, made.key, &replaced).await;
            forgiven(session, &record.title.clone(), taken)?;
            // A later sync by hand orders it again.
            record.open = true;
            put(state, vec![(at, record)]).await?;
        }
    }
    Ok(())
}

async fn take_back_one(
    session: &Session,
    record: &mut CollectionRecord,
    collection: RatingKey,
    replaced: &ReplacedOrder,
) -> Result<(), Stop> {
    let client = session.link.client();
    let details = session
        .link
        .ask(|| client.details(std::slice::from_ref(&collection.0)))
        .await?;
    let Some(details) = details.first() else {
        return Ok(());
    };
    let shown = members(session, collection).await?;
    let Some(order) = &mut record.order else {
        return Ok(());
    };
    if details.collection_sort != CollectionSort::Custom
        || !(order.moving || stands(&order.left, &shown))
    {
        session.order_note(&record.title);
        return Ok(());
    }
    match CollectionSort::from_number(replaced.sort).unwrap_or_default() {
        CollectionSort::Custom => {
            send(session, collection, &shown, &replaced.members).await?;
            order.left = members(session, collection).await?;
        }
        // In which order of their own they would stand does not show.
        sort => {
            session
                .link
                .ask(|| client.set_collection_sort(collection.0, sort))
                .await?;
        }
    }
    order.moving = false;
    order.replaced.pop();
    if order.replaced.is_empty() {
        record.order = None;
    }
    Ok(())
}

async fn send(
    session: &Session,
    collection: RatingKey,
    shown: &[RatingKey],
    wanted: &[RatingKey],
) -> Result<(), Stop> {
    let client = session.link.client();
    for planned in moves(shown, wanted) {
        let after = planned.after.map(|after| after.0);
        // A move that is made twice changes nothing.
        session
            .link
            .ask(|| client.move_member(collection.0, planned.member.0, after))
            .await?;
    }
    Ok(())
}

async fn members(session: &Session, collection: RatingKey) -> Result<Vec<RatingKey>, Stop> {
    let client = session.link.client();
    let members = session.link.ask(|| client.members(collection.0)).await?;
    Ok(members.into_iter().map(RatingKey).collect())
}

/// The members that have a number, by it; those of one number as they stand.
fn wanted(record: &CollectionRecord, shown: &[RatingKey]) -> Vec<RatingKey> {
    let mut wanted: Vec<(i64, RatingKey)> = shown
        .iter()
        .filter_map(|member| Some((*record.places.get(member)?, *member)))
        .collect();
    wanted.sort_by_key(|(place, _)| *place);
    wanted.into_iter().map(|(_, member)| member).collect()
}

/// Whether those that are still there stand as they were left; others may have come.
fn stands(left: &[RatingKey], shown: &[RatingKey]) -> bool {
    moves(shown, left).is_empty()
}

/// An order that Plex refuses costs the run nothing else.
fn forgiven(session: &Session, title: &str, result: Result<(), Stop>) -> Result<(), Stop> {
    match result {
        Err(Stop::Plex(error)) if is_refusal(&error) => {
            tracing::warn!(title, %error, "a collection could not be ordered");
            session.order_refused(title);
            Ok(())
        }
        other => other,
    }
}

fn is_refusal(error: &PlexError) -> bool {
    matches!(
        error,
        PlexError::NotFound | PlexError::Refused { .. } | PlexError::Server { .. }
    )
}
