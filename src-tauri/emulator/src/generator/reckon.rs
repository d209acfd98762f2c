//! Works out, the plain way, what a sync must lead to: the text rule, the list rules and the table of *who owns a value*,
//! written a second time and simply. Not here: how a world is made, and what a source asks for (`values`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

use super::attribute::{self, Rule};
use super::expect::{Expectation, ItemWant, Place, Want};
use super::item::{Item, Voice};
use super::nfo::Root;
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
        expected.source_items += usize::from(item.is_source_item());
        if item.is_source_item() && (item.page.is_none() || item.page_path() != last_page) {
            expected.source_files += 1;
            last_page = item.page_path();
        }
        if !item.in_plex {
            expected.not_in_plex.extend(item.media.iter().cloned());
            expected.items_not_in_plex += usize::from(item.is_source_item());
            continue;
        }
        let source = item.twin.map_or(&item.source, |twin| &items[twin].source);
        let want = sync(
            item.kind,
            &values::seeded(item),
            &item.locked_by_person(),
            &BTreeMap::new(),
            &item.asked(source, plan.roles),
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

/// What one sync makes of one item that was never synced before, or in which `base` attributes are Syncslate's own.
///
/// | held = asked | locked | is | then |
/// |---|---|---|---|
/// | yes | any | settled | nothing is written, nothing is locked |
/// | no | yes, and not ours | a person's | kept |
/// | no | no, or ours | the agent's or ours | written, and locked unless a collection |
pub(super) fn sync(
    kind: ItemKind,
    held: &Values,
    locked: &BTreeSet<String>,
    base: &BTreeMap<&'static str, Base>,
    asked: &Values,
    lock_written: bool,
) -> ItemWant {
    let mut item = ItemWant {
        values: held.clone(),
        locks: attribute::shown_by(kind)
            .map(|attribute| (attribute.name, locked.contains(attribute.name)))
            .collect(),
        ..ItemWant::new(kind)
    };
    for (&attribute, wish) in asked {
        let now = held.get(attribute).cloned().unwrap_or(Want::Nothing);
        let base = base.get(attribute);
        let goal = merged(attribute, &now, wish, base);
        let is_locked = locked.contains(attribute);
        if means_same(&goal, &now) {
            // As it stands in Plex: a decomposed text stays so.
            item.values.insert(attribute, now);
        } else if is_locked && base.is_none_or(|base| base.taken_over) {
            item.kept.insert(attribute);
            if base.is_some_and(|base| base.source_changed) {
                item.conflicts.insert(attribute);
            }
        } else {
            item.values.insert(attribute, goal);
            item.locks.insert(
                attribute,
                is_locked || (lock_written && attribute != "collection"),
            );
            item.written.insert(attribute);
        }
    }
    if item.written.contains("title") && !item.written.contains("titleSort") {
        // What a derived sort title does when the title is edited is Plex's own affair.
        item.locks.remove("titleSort");
        if !asked.contains_key("titleSort") {
            item.values.remove("titleSort");
        }
    }
    if item.written.contains("originallyAvailableAt") && !asked.contains_key("year") {
        // Whether a date brings its year along is Plex's own affair too.
        item.values.remove("year");
    }
    item
}

/// What is remembered of an attribute that an earlier sync wrote or adopted.
pub(super) struct Base {
    /// The tags that it added, which were not there before.
    pub ours: Vec<String>,
    /// Whether a person has edited it since.
    pub taken_over: bool,
    /// Whether the source asks for something else now.
    pub source_changed: bool,
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

pub(super) fn cast_want(cast: impl Iterator<Item = (String, String)>) -> Want {
    let cast: Vec<_> = cast.collect();
    if cast.is_empty() {
        Want::Nothing
    } else {
        Want::Cast(cast)
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
    match (left, right) {
        (Want::Tags(left), Want::Tags(right)) => {
            left.iter().all(|tag| has(right, tag)) && right.iter().all(|tag| has(left, tag))
        }
        // A list of names says nothing of roles.
        (Want::Tags(names), Want::Cast(cast)) | (Want::Cast(cast), Want::Tags(names)) => {
            let cast: Vec<String> = cast.iter().map(|(name, _)| name.clone()).collect();
            same(&Want::Tags(names.clone()), &Want::Tags(cast))
        }
        (Want::Cast(left), Want::Cast(right)) => {
            let all = |left: &[(String, String)], right: &[(String, String)]| {
                left.iter()
                    .all(|(name, role)| role_of(right, name) == Some(role))
            };
            all(left, right) && all(right, left)
        }
        _ => left == right,
    }
}

/// Whether two values mean the same once both are cleaned: then there is nothing to write.
fn means_same(left: &Want, right: &Want) -> bool {
    match (left, right) {
        (Want::Text(left), Want::Text(right)) => clean_text(left) == clean_text(right),
        _ => same(left, right),
    }
}

fn merged(attribute: &str, now: &Want, wish: &Want, base: Option<&Base>) -> Want {
    let rule = match attribute::rule(attribute) {
        None | Some(Rule::Mirror) => return with_roles(wish, now),
        Some(rule) => rule,
    };
    let gone = |tag: &String| {
        rule == Rule::Own && base.is_some_and(|base| has(&base.ours, tag)) && !has(wish.tags(), tag)
    };
    let mut goal: Vec<String> = now
        .tags()
        .iter()
        .filter(|tag| !gone(tag))
        .cloned()
        .collect();
    for tag in wish.tags() {
        if !has(&goal, tag) {
            goal.push(tag.clone());
        }
    }
    tag_want(goal)
}

/// What is wished for, and of actors of whose role nothing is said the one that is there.
fn with_roles(wish: &Want, now: &Want) -> Want {
    let (Want::Cast(wish), Want::Cast(now)) = (wish, now) else {
        return wish.clone();
    };
    let actors = wish.iter().map(|(name, role)| {
        let there = role_of(now, name).filter(|_| role.is_empty());
        (name.clone(), there.unwrap_or(role).clone())
    });
    Want::Cast(actors.collect())
}

fn role_of<'a>(cast: &'a [(String, String)], name: &str) -> Option<&'a String> {
    let name = name.to_lowercase();
    let mut actors = cast.iter();
    actors.find_map(|(other, role)| (other.to_lowercase() == name).then_some(role))
}

pub(super) fn has(tags: &[String], tag: &str) -> bool {
    tags.iter()
        .any(|other| other.to_lowercase() == tag.to_lowercase())
}
