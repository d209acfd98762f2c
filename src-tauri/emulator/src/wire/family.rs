//! What an item says of those above it.

use super::pictures::picture_path;
use super::{Asked, Attribute, Node};
use crate::library::ItemKind::{Album, Episode, Season, Track};
use crate::library::{Item, ItemKind, Library, PictureKind};

/// An attribute for the parent and one for the grandparent, who says it, and what it says.
struct Row {
    parent: &'static str,
    grandparent: &'static str,
    of: &'static [ItemKind],
    value: fn(&Item) -> Option<Attribute>,
}

const ROWS: [Row; 9] = [
    Row {
        parent: "parentRatingKey",
        grandparent: "grandparentRatingKey",
        of: &[Season, Episode, Album, Track],
        value: |above| Some(above.key.to_string().into()),
    },
    Row {
        parent: "parentKey",
        grandparent: "grandparentKey",
        of: &[Season, Episode, Album, Track],
        value: |above| Some(format!("/library/metadata/{}", above.key).into()),
    },
    Row {
        parent: "parentGuid",
        grandparent: "grandparentGuid",
        of: &[Season, Episode, Album, Track],
        value: |above| Some(above.guid.as_str().into()),
    },
    Row {
        parent: "parentTitle",
        grandparent: "grandparentTitle",
        of: &[Season, Episode, Album, Track],
        value: |above| Some(above.title().into()),
    },
    Row {
        parent: "parentIndex",
        grandparent: "",
        of: &[Season, Episode],
        value: |above| Some(above.index.unwrap_or(1).into()),
    },
    Row {
        parent: "parentStudio",
        grandparent: "",
        of: &[Season, Track],
        value: |above| text(above, "studio"),
    },
    Row {
        parent: "parentYear",
        grandparent: "",
        of: &[Season, Track],
        value: |above| above.whole("year").map(Attribute::Whole),
    },
    Row {
        parent: "parentThumb",
        grandparent: "grandparentThumb",
        of: &[Season, Episode, Album, Track],
        value: |above| picture(above, PictureKind::Poster),
    },
    Row {
        parent: "",
        grandparent: "grandparentArt",
        of: &[Episode, Track],
        value: |above| picture(above, PictureKind::Background),
    },
];

/// Attributes of the show and season, or artist and album, above an item.
pub(super) fn family(mut node: Node, library: &Library, item: &Item) -> Node {
    let above = |item: &Item| library.items.get(&item.parent?);
    let parent = above(item);
    let grandparent = parent.and_then(above);
    for row in ROWS.iter().filter(|row| row.of.contains(&item.kind)) {
        for (name, ancestor) in [(row.parent, parent), (row.grandparent, grandparent)] {
            if !name.is_empty() {
                node = node.with_some(name, ancestor.and_then(row.value));
            }
        }
    }
    if item.kind == Track {
        // Of a track it is the disc, and the album has no number.
        node = node.with("parentIndex", item.disc.unwrap_or(1));
    }
    node
}

fn text(above: &Item, field: &str) -> Option<Attribute> {
    let text = above.text(field);
    (!text.is_empty()).then(|| text.into())
}

fn picture(above: &Item, kind: PictureKind) -> Option<Attribute> {
    picture_path(above, kind, &Asked::default()).map(Attribute::from)
}
