//! Collections: which titles a source may use, which collections are Syncslate's own, and at the end of a run what those
//! say of themselves.
//!
//! | A collection of that title | then |
//! |---|---|
//! | is a saved filter (smart) | left alone, and said so |
//! | was there before Syncslate, or came from somebody else | gets members |
//! | is not there | comes into being with its first member's tag, and is Syncslate's |
//! | is Syncslate's | gets members, sort title, summary, pictures, and an order where the source numbers the members |
//! | was Syncslate's, and has another title now | is theirs who renamed it; members follow it there |
//!
//! Members are tags of their items and travel with the items' own edits. What a collection says of itself goes through
//! the same plan, jobs, journal and base as any item's values: Plex keeps collections as items of a type of their own.
//! Not here: how those are written (`write`).

mod due;
mod foretell;
mod known;
mod last_member;
mod order;
mod order_back;
mod said;
mod step;

use std::collections::BTreeSet;

use syncslate_plex::Details;

use crate::library;
use crate::model::{CollectionWish, Field, ItemType, PlexItem, SourceItem, Value};
use crate::plan::ItemPlan;
use crate::store::{CollectionKey, CollectionSays};
use crate::text;

use super::session::Session;
pub(super) use foretell::foretold;
pub(super) use known::{Known, Standing};
pub(super) use last_member::{Emptied, look_again, spare_in_undo, spare_last_members};
pub(super) use order_back::{Back, take_back};
pub(super) use step::{Which, finish};

/// The tags that Plex is asked for: without smart collections, and those that somebody renamed under their new names.
pub(super) fn titles(
    session: &Session,
    known: &Known,
    plex: &PlexItem,
    wanted: &[String],
) -> Value {
    let mut titles = Vec::with_capacity(wanted.len());
    for title in wanted {
        if known.is_smart(title) {
            session.smart_note(title);
        } else {
            let now = known.now_called(plex.item_type, title).unwrap_or(title);
            titles.push(now.to_owned());
        }
    }
    text::tags_value(&titles)
}

/// What an item's source says of collections that are Syncslate's, or will be by what is planned, and of which the item
/// is a member then: one that a person keeps out has no say in them.
pub(super) fn says(
    session: &Session,
    known: &Known,
    item: &SourceItem,
    (plex, details): (&PlexItem, &Details),
    planned: &ItemPlan,
) -> Vec<CollectionSays> {
    let field = Field::Collections;
    let held = library::value(details, field);
    let wanted = item.values.get(&field);
    let change = planned.changes.iter().find(|change| change.field == field);
    let before = change.map_or(&held, |change| &change.before);
    let after = change.map_or(before, |change| &change.after);
    let is_member = |title: &&String| has(after.tags(), title);
    let titles: Vec<&str> = wanted
        .map_or(&[][..], Value::tags)
        .iter()
        .filter(|title| is_member(title))
        .map(String::as_str)
        .collect();
    let leaves = leaves(session, known, item, plex, &titles);
    titles
        .into_iter()
        .filter(|title| !known.is_smart(title))
        .filter_map(|title| {
            let made = match known.standing(plex.item_type, title) {
                Standing::Ours(made) => Some(made.clone()),
                Standing::Missing if !has(before.tags(), title) => None,
                Standing::Missing | Standing::Others => return None,
            };
            Some(CollectionSays {
                key: key(session, plex, title),
                title: title.to_owned(),
                of: plex.item_type,
                member: plex.key.rating_key,
                by: item.id.clone(),
                wish: wish(item, title),
                made,
                settings: session.settings_digest,
                leaves: false,
            })
        })
        .chain(leaves)
        .collect()
}

/// The collections of which an item spoke, or in which it had a place, and into which its source does not put it any more.
fn leaves(
    session: &Session,
    known: &Known,
    item: &SourceItem,
    plex: &PlexItem,
    titles: &[&str],
) -> Vec<CollectionSays> {
    let present: BTreeSet<CollectionKey> = titles
        .iter()
        .map(|title| key(session, plex, title))
        .collect();
    known
        .concerned(&item.id, plex.key.rating_key)
        .filter(|(at, _)| !present.contains(at))
        .map(|(at, title)| CollectionSays {
            key: at,
            title: title.to_owned(),
            of: plex.item_type,
            member: plex.key.rating_key,
            by: item.id.clone(),
            wish: CollectionWish::default(),
            made: None,
            settings: session.settings_digest,
            leaves: true,
        })
        .collect()
}

fn key(session: &Session, plex: &PlexItem, title: &str) -> CollectionKey {
    let server = session.sections.server;
    CollectionKey::new(server, plex.key.section, plex.item_type, title)
}

fn wish(item: &SourceItem, title: &str) -> CollectionWish {
    let folded = text::fold(title);
    let mut wishes = item.collections.iter();
    let wish = wishes.find(|(title, _)| text::fold(title) == folded);
    let mut wish = wish.map(|(_, wish)| wish.clone()).unwrap_or_default();
    wish.values
        .retain(|field, _| ItemType::Collection.holds(*field) && *field != Field::Title);
    wish
}

fn has(tags: &[String], title: &str) -> bool {
    let folded = text::fold(title);
    tags.iter().any(|tag| text::fold(tag) == folded)
}
