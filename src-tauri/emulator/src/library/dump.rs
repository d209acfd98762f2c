//! The library as a plain picture for tests (`state`).

use std::collections::BTreeMap;

use super::{Item, ItemKind, Library, TAG_KINDS};
use crate::state::{CollectionState, ItemState, LibraryState, SectionState};

impl Library {
    /// Everything that counts, without what clients cannot see.
    pub fn state(&self) -> LibraryState {
        let mut state = LibraryState::default();
        for section in &self.sections {
            let mut items = BTreeMap::new();
            let mut collections = BTreeMap::new();
            for item in self
                .items
                .values()
                .filter(|item| item.section == section.id)
            {
                if item.kind == ItemKind::Collection {
                    collections.insert(item.title().to_owned(), self.collection_state(item));
                } else {
                    items.insert(self.name_of(item), self.item_state(item));
                }
            }
            let section_state = SectionState { items, collections };
            state.sections.insert(section.title.clone(), section_state);
        }
        state
    }

    fn item_state(&self, item: &Item) -> ItemState {
        ItemState {
            kind: item.kind,
            rating_key: item.key,
            guid: item.guid.clone(),
            files: item.files.clone(),
            fields: fields_of(item),
            locks: item.locks.clone(),
            tags: TAG_KINDS
                .iter()
                .filter_map(|(kind, _, _)| {
                    let tags = item.tags.get(kind).filter(|tags| !tags.is_empty())?;
                    let names = tags
                        .iter()
                        .map(|tag| self.tags.name(*tag).to_owned())
                        .collect();
                    Some(((*kind).to_owned(), names))
                })
                .collect(),
            poster: item.posters.selected().map(|picture| picture.sha1.clone()),
            background: item
                .backgrounds
                .selected()
                .map(|picture| picture.sha1.clone()),
            added_at: item.added_at,
            updated_at: item.updated_at,
        }
    }

    fn collection_state(&self, item: &Item) -> CollectionState {
        CollectionState {
            rating_key: item.key,
            members: self
                .members_of(item)
                .into_iter()
                .map(|member| self.name_of(member))
                .collect(),
            fields: fields_of(item),
            locks: item.locks.clone(),
            poster: item.posters.selected().map(|picture| picture.sha1.clone()),
        }
    }

    fn name_of(&self, item: &Item) -> String {
        if let Some(file) = item.files.first() {
            return file.clone();
        }
        let parent = item.parent.and_then(|parent| self.items.get(&parent));
        match parent {
            Some(show) => format!("season {} {}", show.guid, item.index.unwrap_or_default()),
            None => format!("{} {}", item.kind.name(), item.guid),
        }
    }
}

fn fields_of(item: &Item) -> BTreeMap<String, String> {
    item.fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.shown()))
        .collect()
}
