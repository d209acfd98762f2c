//! Writes of collections by their own routes.
//!
//! Not here: collection tags and fields, which are edits like others (`change`).

use axum::http::StatusCode;

use crate::Emulator;
use crate::cost::Work;
use crate::library::{CollectionSort, EditError, ItemKind};
use crate::wire::{Detail, item_node};

use super::answer::Answer;
use super::asking::Asking;
use super::change::read_keys;
use super::read::library_container;

/// What a `uri` names.
enum Named {
    Items(Vec<u64>),
    /// The query of a listing.
    Query(String),
}

/// Makes a plain or a smart one, and shows it.
pub(super) async fn make(emulator: &Emulator, asking: &Asking) -> Answer {
    let bad = Answer::status(StatusCode::BAD_REQUEST);
    let (Some(section), Some(title)) = (
        asking
            .get("sectionId")
            .and_then(|section| section.parse().ok()),
        asking.get("title"),
    ) else {
        return bad;
    };
    let kind = match asking.get("type") {
        Some(number) => match number.parse().ok().and_then(ItemKind::from_number) {
            Some(kind) => Some(kind),
            None => return bad,
        },
        None => None,
    };
    let is_smart = asking.get("smart").is_some_and(|smart| smart != "0");
    let named = match asking.get("uri") {
        Some(uri) => match named_by(uri) {
            Some(named) => named,
            None => return bad,
        },
        // To be filled later.
        None => Named::Items(Vec::new()),
    };
    let members = match &named {
        Named::Items(keys) => keys.len(),
        Named::Query(_) => 0,
    };
    emulator.take_turn(with_members(members)).await;
    let now = emulator.now();
    let asked = asking.asked(emulator.options().habits.thumb_follows_updated_at);
    emulator.change_library(|library| {
        let made = match (is_smart, &named) {
            (true, Named::Query(query)) => {
                library.make_smart_collection(section, title, query, now)
            }
            (false, Named::Items(keys)) => {
                let of_section = || {
                    let section = library.section(section)?;
                    Some(ItemKind::of_section(section.kind))
                };
                match kind.or_else(of_section) {
                    Some(kind) => library.make_collection(section, kind, title, keys, now),
                    None => Err(EditError::NotFound(u64::from(section))),
                }
            }
            _ => Err(EditError::BadParameter("uri".to_owned())),
        };
        let key = match made {
            Ok(key) => key,
            Err(error) => return error.into(),
        };
        let Some(item) = library.items.get(&key) else {
            return Answer::not_found();
        };
        let mut node = library_container(library, section);
        node.attributes.insert(0, ("size", 1.into()));
        node.children
            .push(item_node(library, item, Detail::Full, &asked));
        Answer::Tree(node, asking.format())
    })
}

/// Adds members; more than the server bears at once are refused, all of them.
pub(super) async fn add(emulator: &Emulator, key: u64, asking: &Asking) -> Result<(), EditError> {
    let bad = || EditError::BadParameter("uri".to_owned());
    let Some(Named::Items(keys)) = asking.get("uri").and_then(named_by) else {
        return Err(bad());
    };
    let at_most = emulator.options().collection_batch;
    if at_most.is_some_and(|at_most| keys.len() > at_most) {
        return Err(bad());
    }
    emulator.take_turn(with_members(keys.len())).await;
    let is_refused = is_refused(emulator);
    let now = emulator.now();
    emulator.change_library(|library| {
        if is_refused {
            return Ok(());
        }
        library.add_members(key, &keys, now)
    })
}

/// Takes a member out.
pub(super) async fn remove(emulator: &Emulator, key: u64, member: u64) -> Result<(), EditError> {
    emulator.take_turn(with_members(1)).await;
    let now = emulator.now();
    emulator.change_library(|library| library.remove_member(key, member, now))
}

/// Puts a member behind another one, or first.
pub(super) async fn move_member(
    emulator: &Emulator,
    key: u64,
    member: u64,
    asking: &Asking,
) -> Result<(), EditError> {
    let after = asking
        .get("after")
        .map(|after| {
            after
                .parse()
                .map_err(|_| EditError::BadParameter("after".to_owned()))
        })
        .transpose()?;
    let places = emulator.look_at_library(|library| {
        let membership = library.items.get(&key)?.collection.as_ref()?;
        Some(membership.places()?.len())
    });
    let work = Work {
        places: places.unwrap_or(0),
        ..Work::default()
    };
    emulator.take_turn(work).await;
    let now = emulator.now();
    emulator.change_library(|library| library.move_member(key, member, after, now))
}

/// Sets order and mode.
pub(super) async fn set_preferences(
    emulator: &Emulator,
    key: u64,
    asking: &Asking,
) -> Result<(), EditError> {
    let number = |name: &str| {
        asking
            .get(name)
            .map(|number| {
                number
                    .parse::<i64>()
                    .map_err(|_| EditError::BadParameter(name.to_owned()))
            })
            .transpose()
    };
    let bad = |name: &str| EditError::BadParameter(name.to_owned());
    let sort = number("collectionSort")?
        .map(|sort| CollectionSort::from_number(sort).ok_or_else(|| bad("collectionSort")))
        .transpose()?;
    let mode = number("collectionMode")?;
    if mode.is_some_and(|mode| !(-1..=2).contains(&mode)) {
        return Err(bad("collectionMode"));
    }
    emulator.take_turn(Work::default()).await;
    let now = emulator.now();
    emulator.change_library(|library| library.set_preferences(key, sort, mode, now))
}

/// Takes a collection away; its members stay.
pub(super) async fn delete(emulator: &Emulator, key: u64) -> Result<(), EditError> {
    emulator.take_turn(with_members(1)).await;
    emulator.change_library(|library| {
        let is_collection = library
            .items
            .get(&key)
            .is_some_and(|item| item.collection.is_some());
        if is_collection {
            library.delete(key)
        } else {
            Err(EditError::NotFound(key))
        }
    })
}

fn with_members(members: usize) -> Work {
    Work {
        members,
        ..Work::default()
    }
}

fn is_refused(emulator: &Emulator) -> bool {
    emulator.faults().refused_fields().contains("collection")
}

/// `server://…/com.plexapp.plugins.library/library/metadata/1,2` or `…/library/sections/1/all?type=1&year=1999`
fn named_by(uri: &str) -> Option<Named> {
    if let Some((_, keys)) = uri.rsplit_once("/library/metadata/") {
        return read_keys(keys).map(Named::Items);
    }
    let (path, query) = uri.split_once('?')?;
    (path.contains("/library/sections/") && path.ends_with("/all"))
        .then(|| Named::Query(query.to_owned()))
}
