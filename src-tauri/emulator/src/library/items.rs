//! Everything that has a key, and per section and kind by sort title, so that a page of a library costs its rows and not
//! the whole section: a person who browses beside a sync asks for one after every few writes.
//!
//! Not here: what a listing lets through (`query`).

use std::collections::btree_map::{Keys, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut, Index};

use super::{Item, ItemKind};

/// The items by key and by title.
#[derive(Debug, Default)]
pub(crate) struct Items {
    by_key: BTreeMap<u64, Item>,
    shelves: Shelves,
}

/// Sort title in lower case, and key.
type Place = (String, u64);

#[derive(Debug, Default)]
struct Shelves(BTreeMap<(u32, ItemKind), BTreeSet<Place>>);

/// An item that is being changed, all but key, section and kind; stands where it belongs again once this is dropped.
#[derive(Debug)]
pub(crate) struct ItemMut<'i> {
    item: &'i mut Item,
    shelves: &'i mut Shelves,
    /// As it was before.
    sort_title: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "asked like the map that it stands for"
)]
impl Items {
    pub fn get(&self, key: &u64) -> Option<&Item> {
        self.by_key.get(key)
    }

    pub fn get_mut(&mut self, key: &u64) -> Option<ItemMut<'_>> {
        let item = self.by_key.get_mut(key)?;
        Some(ItemMut {
            sort_title: item.sort_title().to_owned(),
            item,
            shelves: &mut self.shelves,
        })
    }

    pub fn contains_key(&self, key: &u64) -> bool {
        self.by_key.contains_key(key)
    }

    /// Puts an item in, in the place of one that had its key.
    pub fn insert(&mut self, item: Item) {
        self.remove(&item.key);
        self.shelves.put(&item);
        self.by_key.insert(item.key, item);
    }

    pub fn remove(&mut self, key: &u64) -> Option<Item> {
        let item = self.by_key.remove(key)?;
        self.shelves.take(&item, item.sort_title());
        Some(item)
    }

    pub fn keys(&self) -> Keys<'_, u64, Item> {
        self.by_key.keys()
    }

    /// By key.
    pub fn values(&self) -> Values<'_, u64, Item> {
        self.by_key.values()
    }

    /// How many of one kind a section has.
    pub fn count(&self, section: u32, kind: ItemKind) -> usize {
        self.shelves.of(section, kind).map_or(0, BTreeSet::len)
    }

    /// Those of one kind in a section by sort title, without regard to case; those of one title by key.
    pub fn by_title(
        &self,
        section: u32,
        kind: ItemKind,
        skip: usize,
    ) -> impl Iterator<Item = &Item> {
        let places = self.shelves.of(section, kind).into_iter().flatten();
        places
            .skip(skip)
            .filter_map(|(_, key)| self.by_key.get(key))
    }
}

impl Index<&u64> for Items {
    type Output = Item;

    fn index(&self, key: &u64) -> &Item {
        &self.by_key[key]
    }
}

impl Shelves {
    fn of(&self, section: u32, kind: ItemKind) -> Option<&BTreeSet<Place>> {
        self.0.get(&(section, kind))
    }

    fn put(&mut self, item: &Item) {
        self.0
            .entry((item.section, item.kind))
            .or_default()
            .insert(place(item.sort_title(), item.key));
    }

    /// `sort_title` is the one under which it stands.
    fn take(&mut self, item: &Item, sort_title: &str) {
        if let Some(shelf) = self.0.get_mut(&(item.section, item.kind)) {
            shelf.remove(&place(sort_title, item.key));
        }
    }
}

impl Deref for ItemMut<'_> {
    type Target = Item;

    fn deref(&self) -> &Item {
        self.item
    }
}

impl DerefMut for ItemMut<'_> {
    fn deref_mut(&mut self) -> &mut Item {
        self.item
    }
}

impl Drop for ItemMut<'_> {
    fn drop(&mut self) {
        if self.sort_title != self.item.sort_title() {
            self.shelves.take(self.item, &self.sort_title);
            self.shelves.put(self.item);
        }
    }
}

fn place(sort_title: &str, key: u64) -> Place {
    let folded = sort_title.chars().flat_map(char::to_lowercase).collect();
    (folded, key)
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    const HERE: (u32, ItemKind) = (1, ItemKind::Movie);

    fn film(key: u64, title: &str) -> Item {
        Item::new(key, HERE.0, HERE.1, title.to_owned(), 0)
    }

    fn call(items: &mut Items, key: u64, field: &'static str, text: Option<&str>) {
        let value = text.map(|text| Value::Text(text.to_owned()));
        let mut item = items.get_mut(&key).expect("it is there");
        item.set_field(field, value.as_ref());
    }

    fn shown(items: &Items, skip: usize) -> Vec<u64> {
        let (section, kind) = HERE;
        items
            .by_title(section, kind, skip)
            .map(|item| item.key)
            .collect()
    }

    #[test]
    fn items_stand_by_title_whatever_is_done_to_them() {
        let mut items = Items::default();
        for (key, title) in [(1, "Zorro"), (2, "alien"), (3, "Metropolis"), (4, "Alien")] {
            items.insert(film(key, title));
        }
        items.insert(Item::new(9, 2, ItemKind::Movie, "Brazil".to_owned(), 0));
        items.insert(Item::new(10, 1, ItemKind::Show, "Brazil".to_owned(), 0));
        assert_eq!(shown(&items, 0), [2, 4, 3, 1]);
        assert_eq!(shown(&items, 3), [1]);
        assert_eq!(shown(&items, 5), [0; 0]);
        assert_eq!(items.count(1, ItemKind::Movie), 4);

        call(&mut items, 4, "titleSort", Some("Nosferatu"));
        assert_eq!(shown(&items, 0), [2, 3, 4, 1]);
        call(&mut items, 4, "summary", Some("A ship."));
        call(&mut items, 1, "title", Some("ÄON FLUX"));
        call(&mut items, 2, "title", Some("äon flux"));
        assert_eq!(shown(&items, 0), [3, 4, 1, 2]);
        call(&mut items, 4, "titleSort", None);
        assert_eq!(shown(&items, 0), [4, 3, 1, 2]);

        items.insert(film(3, "Brazil"));
        let gone = items.remove(&1).expect("it is there");
        assert_eq!(gone.title(), "ÄON FLUX");
        assert_eq!(shown(&items, 0), [4, 3, 2]);
        assert_eq!(items.count(1, ItemKind::Movie), 3);
    }
}
