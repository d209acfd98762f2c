//! What must be read from the source folder, for tests of a reader alone.

use std::collections::BTreeMap;

use super::Generated;
use super::expect::Want;
use super::item::Item;
use super::source::Source;
use crate::ItemKind;

/// One source item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceWant {
    /// The file that speaks of it, below the source folder; `None` of a season that has pictures alone, or a title in its show's file.
    pub page: Option<String>,
    /// What it is.
    pub kind: ItemKind,
    /// Number of an episode's season.
    pub season: Option<i32>,
    /// Number of a season or an episode.
    pub number: Option<i32>,
    /// The media files that it is about, below the source folder: its own, or all below it.
    pub media: Vec<String>,
    /// What it asks for, by Plex's names.
    pub values: BTreeMap<&'static str, Want>,
}

impl Generated {
    /// Every source item, whether Plex holds it or not.
    pub fn source_items(&self) -> Vec<SourceWant> {
        let mut media: Vec<Vec<String>> = vec![Vec::new(); self.items.len()];
        for (position, item) in self.items.iter().enumerate() {
            // The second episode of a file is about the file of the first.
            let shares = item.media.is_empty() && !item.versions.is_empty() && item.twin.is_none();
            let own = if shares {
                self.items[position - 1].media.clone()
            } else {
                item.media.clone()
            };
            let mut above = item.parent.filter(|_| !shares);
            while let Some(at) = above {
                media[at].extend(own.iter().cloned());
                above = self.items[at].parent;
            }
            media[position].extend(own);
        }
        let items = self.items.iter().zip(media);
        items
            .filter(|(item, _)| item.is_source_item())
            .map(|(item, media)| SourceWant {
                page: item.page_path().map(str::to_owned),
                kind: item.kind,
                season: item.above,
                number: item.index,
                media,
                values: item.asked(&item.source, self.above(item), self.plan.tells()),
            })
            .collect()
    }

    /// What is said of what an item stands below.
    pub(super) fn above(&self, item: &Item) -> Option<&Source> {
        Some(&self.items[item.parent?].source)
    }
}
