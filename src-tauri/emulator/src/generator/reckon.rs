//! Works out, the plain way, what the first sync must lead to, and the text rule, written a second time and simply.
//!
//! Not here: how a world is made, what a source asks for (`values`), and who owns a value (`owner`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

use super::expect::{Expectation, ItemWant, Part, Place, Want};
use super::item::{Item, Voice};
use super::nfo::Root;
use super::owner::{self, Memories};
use super::source::Source;
use super::{Plan, values};
use crate::ItemKind;

/// Values by attribute.
pub(super) type Values = BTreeMap<&'static str, Want>;

/// The expectation of the first sync.
pub(super) fn first_sync(items: &[Item], plan: &Plan) -> Expectation {
    let mut expected = Expectation::default();
    let mut last_page: Option<&str> = None;
    for item in items {
        expected.broken += usize::from(item.voice == Voice::Broken);
        expected.misplaced += usize::from(item.voice == Voice::Misplaced);
        let is_video = item.page_root() == Some(Root::Movie);
        let is_leaf = matches!(item.kind, ItemKind::Movie | ItemKind::Episode);
        expected.misplaced_videos +=
            usize::from(item.voice == Voice::Misplaced && is_video && is_leaf);
        // Of a show that Plex does not have, a title of a season is not looked for.
        let is_source_item = item.is_source_item() && (item.in_plex || item.voice != Voice::Named);
        expected.source_items += usize::from(is_source_item);
        if is_source_item && (item.page.is_none() || item.page_path() != last_page) {
            expected.source_files += 1;
            last_page = item.page_path();
        }
        if !item.in_plex {
            expected.not_in_plex.extend(item.media.iter().cloned());
            expected.items_not_in_plex += usize::from(is_source_item);
            continue;
        }
        let source = item.twin.map_or(&item.source, |twin| &items[twin].source);
        let (want, _) = owner::sync(
            item.kind,
            &values::seeded(item),
            &item.locked_by_person(),
            &Memories::new(),
            &item.asked(
                source,
                item.parent.map(|above| &items[above].source),
                plan.takes(),
            ),
            plan.lock_written,
        );
        expected.items.insert(item.place(), want);
    }
    expected.not_in_plex.sort();
    let before = items
        .iter()
        .filter(|item| item.in_plex)
        .map(|item| (item, values::seeded(item)));
    let before = titles(before);
    for item in items.iter().filter(|item| item.in_plex) {
        let teller = item.twin.map_or(item, |twin| &items[twin]);
        let want = &expected.items[&item.place()];
        if let Some(made) = made(item, teller, &teller.source, want, &before) {
            expected.collections.insert(made, true);
        }
    }
    expected
}

/// Section, kind of the members, and title in lower case of a collection.
pub(super) type Title = (&'static str, ItemKind, String);

/// All collections that items with these values are in.
pub(super) fn titles<'a>(items: impl Iterator<Item = (&'a Item, Values)>) -> BTreeSet<Title> {
    items
        .flat_map(|(item, held)| {
            let tags = held.get("collection").map_or(&[][..], Want::tags).to_vec();
            tags.into_iter()
                .map(|tag| (item.section, item.kind, tag.to_lowercase()))
        })
        .collect()
}

/// The collection that an item's sync makes, if its source tells more of it than the name. `known` were there before.
pub(super) fn made(
    item: &Item,
    teller: &Item,
    source: &Source,
    want: &ItemWant,
    known: &BTreeSet<Title>,
) -> Option<Place> {
    let page = teller.page.as_ref()?;
    if !want.written.contains("collection") || !page.habits.tells_of_set() {
        return None;
    }
    let title = clean_tags(source.set.as_slice()).pop()?;
    let is_known = known.contains(&(item.section, item.kind, title.to_lowercase()));
    (!is_known).then(|| Place::new(item.section, &title))
}

/// NFC, line breaks as `\n`, no other control characters, no blanks around.
pub(super) fn clean_text(raw: &str) -> String {
    let composed: String = raw.nfc().collect();
    let lines = composed.replace("\r\n", "\n");
    let kept: String = lines
        .chars()
        .filter(|&c| c == '\n' || !c.is_control())
        .collect();
    kept.trim().to_owned()
}

/// Cleaned, on one line, and each only once.
pub(super) fn clean_tags(raw: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in raw {
        let composed: String = tag.nfc().collect();
        let tag = composed.split_whitespace().collect::<Vec<_>>().join(" ");
        if !tag.is_empty() && !has(&tags, &tag) {
            tags.push(tag);
        }
    }
    tags
}

pub(super) fn picture_want(bytes: &[u8]) -> Want {
    let mut hex = String::with_capacity(40);
    for byte in Sha1::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    Want::Picture(hex)
}

pub(super) fn tag_want(tags: Vec<String>) -> Want {
    if tags.is_empty() {
        Want::Nothing
    } else {
        Want::Tags(tags)
    }
}

pub(super) fn cast_want(cast: impl Iterator<Item = (String, Part)>) -> Want {
    let (names, parts): (Vec<String>, Vec<Part>) = cast.unzip();
    if names.is_empty() {
        Want::Nothing
    } else {
        Want::Cast { names, parts }
    }
}

pub(super) fn text_want(text: &str) -> Want {
    if text.is_empty() {
        Want::Nothing
    } else {
        Want::Text(text.to_owned())
    }
}

/// Whether two values mean the same.
pub(super) fn same(left: &Want, right: &Want) -> bool {
    let same_names = |left: &[String], right: &[String]| {
        left.iter().all(|tag| has(right, tag)) && right.iter().all(|tag| has(left, tag))
    };
    match (left, right) {
        (Want::Cast { names, parts }, Want::Cast { .. }) => {
            let is_same = |(name, part): (&String, &Part)| {
                let other = part_of(right, name);
                other.is_some_and(|other| part.role == other.role && part.has_picture_of(other))
            };
            same_names(names, right.tags()) && names.iter().zip(parts).all(is_same)
        }
        // A list of names says nothing of roles and pictures.
        (Want::Tags(left), Want::Tags(right) | Want::Cast { names: right, .. })
        | (Want::Cast { names: left, .. }, Want::Tags(right)) => same_names(left, right),
        _ => left == right,
    }
}

/// Whether two values mean the same once both are cleaned: then there is nothing to write.
pub(super) fn means_same(left: &Want, right: &Want) -> bool {
    match (left, right) {
        (Want::Text(left), Want::Text(right)) => clean_text(left) == clean_text(right),
        _ => same(left, right),
    }
}

/// What is wished for, and of actors of whose role nothing is said the one that is there. Of pictures that are there only
/// those of which `may_replace` says so are others afterwards.
pub(super) fn with_parts(
    wish: &Want,
    now: &Want,
    may_replace: impl Fn(&str, &str) -> bool,
) -> Want {
    let Want::Cast { names, parts } = wish else {
        return wish.clone();
    };
    let actors = names.iter().zip(parts).map(|(name, part)| {
        let mut part = part.clone();
        if let Some(there) = part_of(now, name) {
            if part.role.is_empty() {
                part.role.clone_from(&there.role);
            }
            if let (Some(picture), Some(there)) = (&mut part.picture, &there.picture)
                && (picture.is_empty() || !may_replace(name, there))
            {
                picture.clone_from(there);
            }
        }
        (name.clone(), part)
    });
    cast_want(actors)
}

/// The same cast with another picture of an actor.
pub(super) fn with_picture(cast: &Want, actor: &str, address: &str) -> Want {
    let mut cast = cast.clone();
    if let Want::Cast { names, parts } = &mut cast {
        for (_, part) in names.iter().zip(parts).filter(|(name, _)| *name == actor) {
            part.picture = Some(address.to_owned());
        }
    }
    cast
}

/// A cast that became `goal`, without the pictures that were there before and were to stay.
pub(super) fn with_dropped(before: &Want, goal: &Want) -> Want {
    let mut dropped = goal.clone();
    if let Want::Cast { names, parts } = &mut dropped {
        for (name, part) in names.iter().zip(parts) {
            let stays = part_of(before, name).is_some_and(|before| before.picture == part.picture);
            if stays && part.picture.is_some() {
                part.picture = Some(String::new());
            }
        }
    }
    dropped
}

/// The same cast, of which the pictures do not matter.
pub(super) fn without_pictures(want: &Want) -> Want {
    let mut want = want.clone();
    if let Want::Cast { parts, .. } = &mut want {
        for part in parts {
            part.picture = None;
        }
    }
    want
}

pub(super) fn part_of<'a>(cast: &'a Want, name: &str) -> Option<&'a Part> {
    let Want::Cast { names, parts } = cast else {
        return None;
    };
    let name = name.to_lowercase();
    let place = names
        .iter()
        .position(|other| other.to_lowercase() == name)?;
    parts.get(place)
}

impl Part {
    fn has_picture_of(&self, other: &Self) -> bool {
        match (&self.picture, &other.picture) {
            (Some(picture), Some(other)) => picture == other,
            _ => true,
        }
    }
}

pub(super) fn has(tags: &[String], tag: &str) -> bool {
    tags.iter()
        .any(|other| other.to_lowercase() == tag.to_lowercase())
}
