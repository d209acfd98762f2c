//! Pictures read: the list that can be chosen from, and bytes.
//!
//! Not here: uploads and selections (`change`).

use crate::library::{Item, ItemKind, Library, PictureKind};
use crate::wire::{self, Node};

use super::answer::Answer;
use super::asking::Asking;
use super::read::container;
use super::route::Route;

/// The list of an item's pictures.
pub(super) fn list(item: &Item, kind: PictureKind) -> Node {
    let pictures = wire::pictures(item, kind);
    let mut node = container()
        .with("size", pictures.len())
        .with("identifier", "com.plexapp.plugins.library")
        .with("mediaTagPrefix", "/system/bundle/media/flags/")
        .with("mediaTagVersion", 1_634_922_197);
    node.children = pictures;
    node
}

/// Bytes of a picture; `None` where there is none.
pub(super) fn read(library: &Library, route: &Route, asking: &Asking) -> Option<Answer> {
    let (item, kind) = match route {
        Route::SelectedPicture(key, kind) => (library.items.get(key)?, *kind),
        Route::PictureFile(key) => {
            let item = library.items.get(key)?;
            let url = asking.get("url")?;
            let picture = item.galleries.find(url)?;
            return Some(Answer::Picture(library.bytes_of(picture)));
        }
        Route::Transcode => {
            let url = asking.get("url")?;
            let path = url.split('?').next().unwrap_or(url);
            let inner = Route::read(&axum::http::Method::GET, path);
            let leads_on = matches!(
                inner,
                Route::SelectedPicture(..)
                    | Route::CollectionComposite(_)
                    | Route::SectionComposite(_)
            );
            return leads_on.then(|| read(library, &inner, asking)).flatten();
        }
        Route::CollectionComposite(key) => {
            let collection = library.items.get(key)?;
            let members = library.members_of(collection);
            let item = members
                .into_iter()
                .find(|member| member.gallery(PictureKind::Poster).selected.is_some())?;
            (item, PictureKind::Poster)
        }
        Route::SectionComposite(section) => {
            let item = library.items.values().find(|item| {
                item.section == *section
                    && item.kind != ItemKind::Collection
                    && item.gallery(PictureKind::Poster).selected.is_some()
            })?;
            (item, PictureKind::Poster)
        }
        _ => return None,
    };
    let picture = item.gallery(kind).selected()?;
    Some(Answer::Picture(library.bytes_of(picture)))
}
