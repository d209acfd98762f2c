//! The order of a collection's members, where the source numbers them.
//!
//! | Plex shows the members | then |
//! |---|---|
//! | as wanted, in whatever way | nothing is asked for |
//! | by release date, as it makes collections, and Syncslate never ordered them | the order becomes their own, and members move |
//! | in an order of their own, as Syncslate left it | members move |
//! | in an order of their own, or still as before the moves, where a run was cut short while it moved them | members move |
//! | otherwise | a person's choice: it stays |
//!
//! Only members that have to move do (`plan::moves`), and members without a number never. What stood there before is
//! durable before the first move. An order that Plex does not take is remembered with the server's version, like a
//! field's, and not asked for again. Not here: the way back (`order_back`).

use syncslate_plex::{CollectionSort, PlexError};

use crate::model::{ItemKey, RatingKey};
use crate::plan::moves;
use crate::store::{CollectionKey, CollectionOrder, CollectionRecord, RefusedOrder, ReplacedOrder};
use crate::write::Stop;

use super::super::session::Session;
use super::due::put;

/// Brings the members into the source's order, and notes in `record` how they stand. Returns whether nothing is left for
/// the next sync to try.
pub(super) async fn arrange(
    session: &Session,
    at: CollectionKey,
    record: &mut CollectionRecord,
    key: ItemKey,
    sort: CollectionSort,
) -> Result<bool, Stop> {
    let is_moving = record.order.as_ref().is_some_and(|order| order.moving);
    if record.places.len() < 2 && !is_moving {
        return Ok(true);
    }
    match try_arrange(session, at, record, key.rating_key, sort).await {
        Ok(()) => Ok(true),
        // An order costs the run nothing else. Whether a collection that Plex does not find is gone, the next sync sees.
        Err(Stop::Plex(error)) if error.is_temporary() || is_refusal(&error) => {
            tracing::warn!(title = record.title, %error, "a collection could not be ordered");
            session.order_failed(&record.title);
            Ok(false)
        }
        Err(stop) => Err(stop),
    }
}

async fn try_arrange(
    session: &Session,
    at: CollectionKey,
    record: &mut CollectionRecord,
    collection: RatingKey,
    sort: CollectionSort,
) -> Result<(), Stop> {
    let shown = members(session, collection).await?;
    let wanted = wanted(record, &shown);
    let is_as_wanted = wanted.len() < 2 || moves(&shown, &wanted).is_empty();
    if is_as_wanted && record.order.is_none() {
        return Ok(());
    }
    if !is_ours(record.order.as_ref(), sort, &shown) {
        if let Some(order) = &mut record.order {
            order.moving = false;
        }
        session.order_note(&record.title);
        return Ok(());
    }
    if is_as_wanted {
        if record.order.as_ref().is_some_and(|order| order.moving) {
            stands_now(record, sort, shown);
        }
        return Ok(());
    }
    let asked = RefusedOrder {
        collection,
        wanted,
        server_version: session
            .sections
            .of(at.section())
            .rules
            .server_version
            .clone(),
    };
    if record.refused_order.as_ref() == Some(&asked) {
        session.order_refused(&record.title);
        return Ok(());
    }
    let order = record.order.get_or_insert_with(CollectionOrder::default);
    // Of a run that was cut short, what stood there before its first move counts, and is that run's to take back.
    let is_noted = order.moving
        || order
            .replaced
            .last()
            .is_some_and(|last| last.run == session.run);
    order.moving = true;
    if !is_noted {
        order.replace(ReplacedOrder {
            run: session.run,
            members: shown.clone(),
            sort: sort.number(),
        });
    }
    put(session, vec![(at, record.clone())]).await?;
    let stands = match bring(session, collection, sort, shown, &asked.wanted).await {
        Ok(stands) => stands,
        Err(Stop::Plex(error)) if is_refusal(&error) => {
            tracing::warn!(title = record.title, %error, "Plex refused to order a collection");
            false
        }
        Err(stop) => return Err(stop),
    };
    if stands {
        let sort = CollectionSort::Custom;
        stands_now(record, sort, members(session, collection).await?);
        record.refused_order = None;
        return Ok(());
    }
    session.order_refused(&record.title);
    record.refused_order = Some(asked);
    give_up(session, record, collection).await
}

/// See the module's table.
fn is_ours(order: Option<&CollectionOrder>, sort: CollectionSort, shown: &[RatingKey]) -> bool {
    match order {
        None => sort == CollectionSort::Release,
        Some(order) if order.moving => {
            let before = order.replaced.last().map(|replaced| replaced.sort);
            sort == CollectionSort::Custom || before == Some(sort.number())
        }
        Some(order) => sort == CollectionSort::Custom && stands(&order.left, shown),
    }
}

/// Notes how the members stand after moves. Where nothing came of them, nothing was replaced.
fn stands_now(record: &mut CollectionRecord, sort: CollectionSort, shown: Vec<RatingKey>) {
    let Some(order) = &mut record.order else {
        return;
    };
    order.moving = false;
    let is_as_before = order.replaced.last().is_some_and(|replaced| {
        replaced.sort == sort.number()
            && (sort != CollectionSort::Custom || replaced.members == shown)
    });
    order.left = shown;
    if is_as_before {
        order.replaced.pop();
    }
    if order.replaced.is_empty() {
        record.order = None;
    }
}

/// After a refusal, which may have come when the collection was shown in an order of its own already.
async fn give_up(
    session: &Session,
    record: &mut CollectionRecord,
    collection: RatingKey,
) -> Result<(), Stop> {
    let before = record
        .order
        .as_ref()
        .and_then(|order| order.replaced.last())
        .and_then(|replaced| CollectionSort::from_number(replaced.sort));
    if let Some(before) = before.filter(|before| *before != CollectionSort::Custom) {
        match show(session, collection, before).await {
            Err(Stop::Plex(error)) if is_refusal(&error) => {}
            shown => shown?,
        }
    }
    // One that is gone by now is as it was.
    let sort = sort_of(session, collection).await?.or(before);
    let shown = members(session, collection).await?;
    stands_now(record, sort.unwrap_or_default(), shown);
    Ok(())
}

/// Has them shown in an order of their own and moves them. Returns whether they stand so now: some servers answer that
/// they did, and do nothing.
async fn bring(
    session: &Session,
    collection: RatingKey,
    sort: CollectionSort,
    mut shown: Vec<RatingKey>,
    wanted: &[RatingKey],
) -> Result<bool, Stop> {
    if sort != CollectionSort::Custom {
        show(session, collection, CollectionSort::Custom).await?;
        if sort_of(session, collection).await? != Some(CollectionSort::Custom) {
            return Ok(false);
        }
        // By release date they stood otherwise than in the order of their own.
        shown = members(session, collection).await?;
    }
    send(session, collection, &shown, wanted).await?;
    shown = members(session, collection).await?;
    Ok(moves(&shown, wanted).is_empty())
}

/// Has the members shown in that order; a person may pause or end the run before.
pub(super) async fn show(
    session: &Session,
    collection: RatingKey,
    sort: CollectionSort,
) -> Result<(), Stop> {
    session.link.go_on().await?;
    let client = session.link.client();
    session
        .link
        .ask(|| client.set_collection_sort(collection.0, sort))
        .await
}

/// In which order the members are shown; `None` where Plex does not have the collection.
pub(super) async fn sort_of(
    session: &Session,
    collection: RatingKey,
) -> Result<Option<CollectionSort>, Stop> {
    let client = session.link.client();
    let details = session
        .link
        .ask(|| client.details(std::slice::from_ref(&collection.0)))
        .await?;
    Ok(details.first().map(|details| details.collection_sort))
}

/// Moves what has to move; a person may pause or end the run between two moves.
pub(super) async fn send(
    session: &Session,
    collection: RatingKey,
    shown: &[RatingKey],
    wanted: &[RatingKey],
) -> Result<(), Stop> {
    let client = session.link.client();
    for planned in moves(shown, wanted) {
        session.link.go_on().await?;
        let after = planned.after.map(|after| after.0);
        // A move that is made twice changes nothing.
        session
            .link
            .ask(|| client.move_member(collection.0, planned.member.0, after))
            .await?;
    }
    Ok(())
}

pub(super) async fn members(
    session: &Session,
    collection: RatingKey,
) -> Result<Vec<RatingKey>, Stop> {
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

/// Whether those that are still there stand as they were left; others may have come. Where none is left there is nothing
/// to tell it by.
pub(super) fn stands(left: &[RatingKey], shown: &[RatingKey]) -> bool {
    if left.is_empty() && shown.is_empty() {
        return true;
    }
    left.iter().any(|member| shown.contains(member)) && moves(shown, left).is_empty()
}

/// Whether Plex will answer so however often it is asked.
pub(super) fn is_refusal(error: &PlexError) -> bool {
    matches!(error, PlexError::NotFound | PlexError::Refused { .. })
}

#[cfg(test)]
mod tests {
    use super::{RatingKey, stands};

    #[test]
    fn members_stand_as_they_were_left_only_where_one_of_them_is_left() {
        let keys = |keys: &[u64]| keys.iter().copied().map(RatingKey).collect::<Vec<_>>();
        let cases: [(&[u64], &[u64], bool); 6] = [
            (&[], &[], true),
            (&[1, 2], &[1, 2], true),
            (&[1, 2], &[9, 2, 7], true),
            (&[1, 2], &[2, 1], false),
            (&[1, 2], &[7, 8], false),
            (&[1, 2], &[], false),
        ];
        for (left, shown, expected) in cases {
            assert_eq!(
                stands(&keys(left), &keys(shown)),
                expected,
                "{left:?} {shown:?}"
            );
        }
    }
}
