//! Finding things in the library without a request, for tests.

use crate::Emulator;
use crate::library::{Item, ItemKind, PictureKind};

/// A picture that an item can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPicture {
    /// Plex's key of it: `upload://posters/…`, `metadata://posters/…`.
    pub key: String,
    /// SHA-1 of its bytes.
    pub sha1: String,
    /// Whether it is the one that is shown.
    pub is_selected: bool,
}

impl Emulator {
    /// The key of the item that has this file; where several have it, of the first that was taken in.
    pub fn key_of(&self, file: &str) -> Option<u64> {
        self.keys_of(file).into_iter().next()
    }

    /// The keys of all items that have this file: in two sections, or episodes that share it.
    pub fn keys_of(&self, file: &str) -> Vec<u64> {
        self.keys_where(|item| item.files().any(|known| known == file))
    }

    /// The key of the collection with this title, in whatever section comes first.
    pub fn key_of_collection(&self, title: &str) -> Option<u64> {
        self.key_of_titled(ItemKind::Collection, title)
    }

    /// The key of the first item of this kind with this title.
    pub fn key_of_titled(&self, kind: ItemKind, title: &str) -> Option<u64> {
        self.keys_where(|item| item.kind == kind && item.title() == title)
            .into_iter()
            .next()
    }

    /// The keys of all items of this kind, in whatever section.
    pub fn keys_of_kind(&self, kind: ItemKind) -> Vec<u64> {
        self.keys_where(|item| item.kind == kind)
    }

    /// The pictures of one kind that an item can show; nothing where there is no such item.
    pub fn pictures_of(&self, key: u64, kind: PictureKind) -> Vec<ListedPicture> {
        self.look_at_library(|library| {
            let gallery = library.items.get(&key).map(|item| item.gallery(kind));
            let pictures = gallery.iter().flat_map(|gallery| {
                gallery.pictures.iter().map(|picture| ListedPicture {
                    key: picture.key.clone(),
                    sha1: picture.sha1.clone(),
                    is_selected: gallery.selected.as_ref() == Some(&picture.key),
                })
            });
            pictures.collect()
        })
    }

    fn keys_where(&self, is_meant: impl Fn(&Item) -> bool) -> Vec<u64> {
        self.look_at_library(|library| {
            let items = library.items.values();
            items
                .filter(|item| is_meant(item))
                .map(|item| item.key)
                .collect()
        })
    }
}
