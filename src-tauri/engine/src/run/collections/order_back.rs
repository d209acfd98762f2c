//! The way back of what runs did to the order of members: only where it still stands, in a collection that is still the
//! one that was ordered.
//!
//! | The collection | then |
//! |---|---|
//! | went with its last member | nothing is to be put back |
//! | is another one by its guid, or a saved filter | it is left alone, and said so |
//! | was renamed, or ordered by a person | it is theirs |
//! | was ordered again by another run | it stays until that run is taken back |
//! | stands as Syncslate left it, or half moved by a run that was cut short | it goes back |
//!
//! That moves are under way is durable before the first request, so that another try goes on where this one ended.

use std::collections::BTreeSet;

use syncslate_plex::{CollectionSort, Details};

use crate::library;
use crate::model::{ItemType, RatingKey, RunId};
use crate::plan::moves;
use crate::store::{
    CollectionKey, CollectionOrder, CollectionRecord, MadeCollection, ReplacedOrder,
};
use crate::text;
use crate::write::{SectionContext, Stop};

use super::super::compare::PIECE;
use super::super::session::Session;
use super::due::put;
use super::order::{is_refusal, members, send, show, sort_of, stands};

/// How far back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Back {
    /// To what stood before this run.
    Run(RunId),
    /// To what stood before Syncslate's first.
    First,
}

/// One order that goes back.
struct One {
    at: CollectionKey,
    record: CollectionRecord,
    made: MadeCollection,
    /// To this one of those that runs replaced.
    to: usize,
}

/// Takes back what runs did to the order of members. Returns whether all of it is back, or a person's.
pub(in super::super) async fn take_back(session: &Session, back: Back) -> Result<bool, Stop> {
    let mut whole = true;
    for section in &session.sections.all {
        // The keys of those that are no saved filters, once they were asked for.
        let mut plain = None;
        let mut after = None;
        loop {
            let page = page(session, section, after).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (at, record) in page {
                let placed = record.order.as_ref().and_then(|order| place(order, back));
                let Some((to, is_newest)) = placed else {
                    continue;
                };
                if !is_newest {
                    session.order_again_note(&record.title);
                    whole = false;
                    continue;
                }
                let Some(made) = record.made.clone() else {
                    continue;
                };
                let one = One {
                    at,
                    record,
                    made,
                    to,
                };
                session.link.go_on().await?;
                whole &= take_back_one(session, section, &mut plain, one).await?;
            }
        }
    }
    Ok(whole)
}

/// The next records of a section.
async fn page(
    session: &Session,
    section: &SectionContext,
    after: Option<CollectionKey>,
) -> Result<Vec<(CollectionKey, CollectionRecord)>, Stop> {
    let Some(state) = &session.state else {
        return Ok(Vec::new());
    };
    let (server, uuid) = (session.sections.server, section.uuid);
    Ok(state
        .read_long(move |reader| reader.collections(server, uuid, after, PIECE))
        .await?)
}

/// Which of those that runs replaced comes back, and whether nothing was ordered by other runs since.
fn place(order: &CollectionOrder, back: Back) -> Option<(usize, bool)> {
    let last = order.replaced.len().checked_sub(1)?;
    match back {
        Back::Run(of) => {
            let mut replaced = order.replaced.iter();
            let at = replaced.rposition(|replaced| replaced.run == of)?;
            Some((at, at == last))
        }
        Back::First => Some((0, true)),
    }
}

async fn take_back_one(
    session: &Session,
    section: &SectionContext,
    plain: &mut Option<BTreeSet<u64>>,
    mut one: One,
) -> Result<bool, Stop> {
    let title = one.record.title.clone();
    match try_take_back(session, section, plain, &mut one).await {
        Err(Stop::Plex(error)) if error.is_temporary() || is_refusal(&error) => {
            tracing::warn!(title, %error, "the order of a collection could not be taken back");
            session.order_not_back(&title);
            Ok(false)
        }
        other => other,
    }
}

async fn try_take_back(
    session: &Session,
    section: &SectionContext,
    plain: &mut Option<BTreeSet<u64>>,
    one: &mut One,
) -> Result<bool, Stop> {
    let collection = one.made.key;
    let client = session.link.client();
    let details = session
        .link
        .ask(|| client.details(std::slice::from_ref(&collection.0)))
        .await?;
    let Some(details) = details.first() else {
        return Ok(true);
    };
    if !is_it(session, section, plain, &one.made, details).await? {
        session.order_elsewhere_note(&one.record.title);
        return Ok(false);
    }
    let is_renamed = details
        .title
        .as_deref()
        .is_none_or(|title| text::fold(title) != text::fold(&one.record.title));
    let shown = members(session, collection).await?;
    let Some(order) = &mut one.record.order else {
        return Ok(true);
    };
    let Some(before) = order.replaced.get(one.to).cloned() else {
        return Ok(true);
    };
    let sort = details.collection_sort;
    let is_back = order.moving && sort != CollectionSort::Custom && sort.number() == before.sort;
    let stands = sort == CollectionSort::Custom && (order.moving || stands(&order.left, &shown));
    if is_renamed || !(is_back || stands) {
        session.order_note(&one.record.title);
        return Ok(true);
    }
    // A later sync by hand orders it again.
    one.record.open = true;
    if !is_back {
        order.moving = true;
        put(session, vec![(one.at, one.record.clone())]).await?;
        let went = match go_back(session, collection, &shown, &before).await {
            Err(Stop::Plex(error)) if is_refusal(&error) => {
                tracing::warn!(title = one.record.title, %error, "Plex refused to order a collection");
                false
            }
            went => went?,
        };
        let now = members(session, collection).await?;
        if let Some(order) = &mut one.record.order {
            order.moving = false;
            order.left = now;
        }
        if !went {
            session.order_kept(&one.record.title);
            put(session, vec![(one.at, one.record.clone())]).await?;
            return Ok(false);
        }
    }
    if let Some(order) = &mut one.record.order {
        order.moving = false;
        order.replaced.truncate(one.to);
        if order.replaced.is_empty() {
            one.record.order = None;
        }
    }
    put(session, vec![(one.at, one.record.clone())]).await?;
    Ok(true)
}

/// Whether Plex still has the collection there that was ordered: after a rebuilt library its key may be another's.
async fn is_it(
    session: &Session,
    section: &SectionContext,
    plain: &mut Option<BTreeSet<u64>>,
    made: &MadeCollection,
    details: &Details,
) -> Result<bool, Stop> {
    let (server, hash) = (session.sections.server, session.path_hash.as_ref());
    let is_same = library::item(details, server, section.uuid, hash).is_some_and(|plex| {
        plex.item_type == ItemType::Collection && plex.identity.is_same(&made.identity)
    });
    if !is_same {
        return Ok(false);
    }
    if plain.is_none() {
        let client = session.link.client();
        let listed = session.link.ask(|| client.collections(section.id)).await?;
        let listed = listed.into_iter().filter(|listed| !listed.smart);
        *plain = Some(listed.map(|listed| listed.rating_key).collect());
    }
    Ok(plain
        .as_ref()
        .is_some_and(|plain| plain.contains(&made.key.0)))
}

/// Brings the members back. Returns whether they are: some servers answer that they did, and do nothing.
async fn go_back(
    session: &Session,
    collection: RatingKey,
    shown: &[RatingKey],
    before: &ReplacedOrder,
) -> Result<bool, Stop> {
    let sort = CollectionSort::from_number(before.sort).unwrap_or_default();
    if sort != CollectionSort::Custom {
        // In which order of their own they stood does not show, and did not then.
        show(session, collection, sort).await?;
        return Ok(sort_of(session, collection).await? == Some(sort));
    }
    send(session, collection, shown, &before.members).await?;
    let now = members(session, collection).await?;
    Ok(moves(&now, &before.members).is_empty())
}
