//! Pictures of an item: the list to choose from, the paths of those that are selected.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Asked, Node};
use crate::library::{Item, ItemKind, Library, PictureKind};

/// The pictures of an item that can be selected.
pub(crate) fn pictures(item: &Item, kind: PictureKind) -> Vec<Node> {
    let gallery = item.gallery(kind);
    gallery
        .pictures
        .iter()
        .map(|picture| {
            let path = format!(
                "/library/metadata/{}/file?url={}",
                item.key,
                utf8_percent_encode(&picture.key, NON_ALPHANUMERIC)
            );
            Node::listed("Photo", "Metadata")
                .with("key", path.as_str())
                .with_some("provider", picture.provider)
                .with("ratingKey", picture.key.as_str())
                .with(
                    "selected",
                    gallery.selected.as_deref() == Some(&picture.key),
                )
                .with("thumb", path)
        })
        .collect()
}

/// The attributes that tell of selected pictures. Where an item has none of its own, some show what stands above it.
pub(super) fn selected(mut node: Node, library: &Library, item: &Item, asked: &Asked) -> Node {
    for kind in PictureKind::ALL {
        if kind.is_attribute() {
            let own = picture_path(item, kind, asked);
            let path = own.or_else(|| lent(library, item, kind, asked));
            node = node.with_some(kind.lock(), path);
        }
    }
    node
}

/// The `Image` elements of details.
pub(super) fn images<'a>(item: &'a Item, asked: &'a Asked) -> impl Iterator<Item = Node> + 'a {
    PictureKind::ALL.into_iter().filter_map(move |kind| {
        let path = picture_path(item, kind, asked)?;
        Some(
            Node::new("Image")
                .with("alt", item.title())
                .with("type", kind.image_type())
                .with("url", path),
        )
    })
}

fn lent(library: &Library, item: &Item, kind: PictureKind, asked: &Asked) -> Option<String> {
    let lends = match kind {
        PictureKind::Background => item.parent.is_some(),
        PictureKind::Poster => item.kind == ItemKind::Track,
        PictureKind::ClearLogo | PictureKind::SquareArt => false,
    };
    let above = |item: &Item| library.items.get(&item.parent?);
    std::iter::successors(above(item).filter(|_| lends), |item| above(item))
        .find_map(|item| picture_path(item, kind, asked))
}

pub(super) fn picture_path(item: &Item, kind: PictureKind, asked: &Asked) -> Option<String> {
    let gallery = item.gallery(kind);
    if gallery.selected.is_none() {
        return (item.kind == ItemKind::Collection && kind == PictureKind::Poster).then(|| {
            format!(
                "/library/collections/{}/composite/{}?width=400&height=600",
                item.key, item.updated_at
            )
        });
    }
    let stamp = if asked.stamp_is_updated_at {
        item.updated_at
    } else {
        gallery.stamp
    };
    Some(format!(
        "/library/metadata/{}/{}/{stamp}",
        item.key,
        kind.lock()
    ))
}
