//! The library as a plain picture for tests (`state`).

use std::collections::{BTreeMap, BTreeSet};

use super::{CollectionSort, Item, ItemKind, Library, PictureKind, TAG_KINDS};
use crate::state::{CollectionState, ItemState, LibraryState, RoleState, SectionState};

impl Library {
    /// Everything that counts, without what clients cannot see.
    pub fn state(&self) -> LibraryState {
        let mut state = LibraryState::default();
        for section in &self.sections {
            let mut members: Vec<_> = self
                .items
                .values()
                .filter(|item| item.section == section.id)
                .collect();
            // Of episodes that share a file, the first has its name.
            members.sort_by_key(|item| (item.kind, self.number_of(item), item.key));
            let mut names = BTreeMap::new();
            let mut taken = BTreeSet::new();
            for item in members {
                if item.kind != ItemKind::Collection {
                    let mut name = self.name_of(item);
                    if !taken.insert(name.clone()) {
                        let (_, parent, index) = self.number_of(item);
                        name = format!("{name} #{parent}.{index}");
                        taken.insert(name.clone());
                    }
                    names.insert(item.key, name);
                }
            }
            let items = names
                .iter()
                .map(|(key, name)| (name.clone(), self.item_state(&self.items[key])))
                .collect();
            let own = ItemKind::of_section(section.kind);
            let collections = self
                .items
                .values()
                .filter(|item| item.section == section.id)
                .filter_map(|item| {
                    let subtype = item.collection.as_ref()?.subtype;
                    let title = if subtype == own {
                        item.title().to_owned()
                    } else {
                        format!("{} ({})", item.title(), subtype.name())
                    };
                    Some((title, self.collection_state(item, &names)))
                })
                .collect();
            let section_state = SectionState { items, collections };
            state.sections.insert(section.title.clone(), section_state);
        }
        state
    }

    fn item_state(&self, item: &Item) -> ItemState {
        let actors = item.tags.get("actor").into_iter().flatten();
        ItemState {
            kind: item.kind,
            rating_key: item.key,
            guid: item.guid.clone(),
            files: item.files().cloned().collect(),
            fields: fields_of(item),
            locks: item.locks.clone(),
            tags: self.tags_of(item),
            roles: actors
                .filter_map(|actor| {
                    let role = RoleState {
                        role: item.roles.get(actor).cloned(),
                        thumb: self.picture_of(item, *actor).map(str::to_owned),
                    };
                    let says_something = role.role.is_some() || role.thumb.is_some();
                    says_something.then(|| (self.tags.name(*actor).to_owned(), role))
                })
                .collect(),
            poster: picture_of(item, PictureKind::Poster),
            background: picture_of(item, PictureKind::Background),
            clear_logo: picture_of(item, PictureKind::ClearLogo),
            square_art: picture_of(item, PictureKind::SquareArt),
            view_count: item.view_count,
            last_viewed_at: item.last_viewed_at,
            deleted_at: item.deleted_at,
            added_at: item.added_at,
            updated_at: item.updated_at,
        }
    }

    fn collection_state(&self, item: &Item, names: &BTreeMap<u64, String>) -> CollectionState {
        let members: Vec<String> = self
            .members_of(item)
            .into_iter()
            .filter_map(|member| names.get(&member.key).cloned())
            .collect();
        let membership = item.collection.as_ref();
        let sort = membership.map_or(CollectionSort::Release, |membership| membership.sort);
        CollectionState {
            rating_key: item.key,
            is_smart: membership.is_some_and(super::Membership::is_smart),
            sort: sort.number(),
            mode: membership.and_then(|membership| membership.mode),
            order: if sort == CollectionSort::Custom {
                members.clone()
            } else {
                Vec::new()
            },
            members: members.into_iter().collect(),
            fields: fields_of(item),
            locks: item.locks.clone(),
            tags: self.tags_of(item),
            poster: picture_of(item, PictureKind::Poster),
            background: picture_of(item, PictureKind::Background),
            clear_logo: picture_of(item, PictureKind::ClearLogo),
            square_art: picture_of(item, PictureKind::SquareArt),
        }
    }

    fn tags_of(&self, item: &Item) -> BTreeMap<String, Vec<String>> {
        TAG_KINDS
            .iter()
            .filter_map(|kind| {
                let tags = item.tags.get(kind.name).filter(|tags| !tags.is_empty())?;
                let names = tags
                    .iter()
                    .map(|tag| self.tags.name(*tag).to_owned())
                    .collect();
                Some((kind.name.to_owned(), names))
            })
            .collect()
    }

    /// Numbers of an item's grandparent, parent (a track's disc) and itself.
    fn number_of(&self, item: &Item) -> (i32, i32, i32) {
        let parent = item.parent.and_then(|parent| self.items.get(&parent));
        let grandparent = parent.and_then(|parent| self.items.get(&parent.parent?));
        let index = |item: Option<&Item>| item.and_then(|item| item.index).unwrap_or_default();
        let above = item.disc.unwrap_or_else(|| index(parent));
        (index(grandparent), above, index(Some(item)))
    }

    fn name_of(&self, item: &Item) -> String {
        if let Some(file) = item.files().next() {
            return file.clone();
        }
        match item.kind {
            ItemKind::Season => {
                let show = item.parent.and_then(|parent| self.items.get(&parent));
                let show = show.map(|show| self.identity_of(show)).unwrap_or_default();
                format!("season {show} {}", item.index.unwrap_or_default())
            }
            kind => format!("{} {}", kind.name(), self.identity_of(item)),
        }
    }

    /// A guid, but for one that is made of the key: then the first file below, which outlives the key.
    fn identity_of(&self, item: &Item) -> String {
        let mut leaves = self.leaves_of(item.key).into_iter();
        match leaves.find_map(|leaf| leaf.files().next()) {
            Some(file) if super::guid_without_key(&item.guid, item.key).is_some() => file.clone(),
            _ => item.guid.clone(),
        }
    }
}

fn picture_of(item: &Item, kind: PictureKind) -> Option<String> {
    let picture = item.gallery(kind).selected()?;
    Some(picture.sha1.clone())
}

fn fields_of(item: &Item) -> BTreeMap<String, String> {
    item.fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.shown()))
        .collect()
}
