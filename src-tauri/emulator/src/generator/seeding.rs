//! From items to what the emulator is filled with.

use std::collections::BTreeSet;

use super::item::Item;
use super::{
    FILMS_4K_SECTION, FILMS_SECTION, Layout, MUSIC_SECTION, PLEX_ROOT, Plan, SERIES_SECTION,
    VIDEOS_SECTION,
};
use crate::seed::{SectionAgent, SectionKind, Seed, SeedItem, SeedSection, SeedValues};

/// A section's title, folder, kind and agent.
type Row = (&'static str, &'static str, SectionKind, SectionAgent);

/// The sections in their order.
const SECTIONS: [Row; 5] = [
    (
        FILMS_SECTION,
        FILMS_SECTION,
        SectionKind::Movie,
        SectionAgent::Plex,
    ),
    (
        SERIES_SECTION,
        SERIES_SECTION,
        SectionKind::Show,
        SectionAgent::Plex,
    ),
    (
        MUSIC_SECTION,
        MUSIC_SECTION,
        SectionKind::Artist,
        SectionAgent::Plex,
    ),
    (
        VIDEOS_SECTION,
        VIDEOS_SECTION,
        SectionKind::Movie,
        SectionAgent::None,
    ),
    (
        FILMS_4K_SECTION,
        FILMS_SECTION,
        SectionKind::Movie,
        SectionAgent::Plex,
    ),
];
/// How many of them a library of films has.
const WITH_FILMS_ALONE: usize = 2;

/// What Plex holds before the first sync.
pub(super) fn seed(plan: &Plan, items: &[Item]) -> Seed {
    let below = below(items);
    let sections = match plan.layout {
        Layout::Films => &SECTIONS[..WITH_FILMS_ALONE],
        Layout::Sections => &SECTIONS[..],
    };
    let sections = sections
        .iter()
        .map(|&(title, folder, kind, agent)| SeedSection {
            title: title.to_owned(),
            kind,
            agent,
            locations: vec![format!("{PLEX_ROOT}/{folder}")],
            items: (items.iter().enumerate())
                .filter(|(_, item)| item.section == title && item.in_plex && item.parent.is_none())
                .map(|(position, _)| seed_item(items, &below, position))
                .collect(),
            ..SeedSection::default()
        });
    Seed {
        sections: sections.collect(),
        ..Seed::default()
    }
}

/// An item that Plex finds anew, with all below it: as its agent says, and nobody has edited anything.
pub(super) fn found_anew<'a>(
    items: &[Item],
    agents: impl Iterator<Item = &'a SeedValues>,
    position: usize,
) -> SeedItem {
    let as_found: Vec<Item> = items
        .iter()
        .zip(agents)
        .map(|(item, agent)| Item {
            agent: agent.clone(),
            edited: SeedValues::default(),
            locked: BTreeSet::new(),
            ..item.clone()
        })
        .collect();
    seed_item(&as_found, &below(&as_found), position)
}

/// What stands below each item, by position.
fn below(items: &[Item]) -> Vec<Vec<usize>> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (position, item) in items.iter().enumerate() {
        if let Some(parent) = item.parent.filter(|_| item.in_plex) {
            below[parent].push(position);
        }
    }
    below
}

fn seed_item(items: &[Item], below: &[Vec<usize>], position: usize) -> SeedItem {
    let item = &items[position];
    let is_plain = item.versions.iter().all(|parts| parts.len() == 1);
    let (files, media) = if is_plain {
        (item.versions.concat(), Vec::new())
    } else {
        (Vec::new(), item.versions.clone())
    };
    SeedItem {
        files,
        media,
        index: item.index,
        // Of an episode it is the season's number, which Plex has of the season.
        disc: item.above.filter(|_| item.kind == crate::ItemKind::Track),
        agent: item.agent.clone(),
        edited: item.edited.clone(),
        locked: item.locked.clone(),
        children: (below[position].iter())
            .map(|child| seed_item(items, below, *child))
            .collect(),
        ..SeedItem::default()
    }
}
