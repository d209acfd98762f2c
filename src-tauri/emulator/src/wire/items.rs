//! What an item looks like, after recorded answers of a Plex Media Server.
//!
//! A listing carries less than a detail: the first few tags by name only, no locks, no streams, external ids only when
//! asked for. Not here: how the tree is written.

use super::{Attribute, Node, family, media, pictures, preferences};
use crate::library::{FIELDS, Item, ItemKind, Library, MemberSource, TAG_KINDS, Value};

/// How much of an item is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Listing,
    Full,
}

/// What a request adds to or leaves out of items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub guids: bool,
    pub without_elements: Vec<String>,
    pub without_fields: Vec<String>,
    pub stamp_is_updated_at: bool,
    pub preferences: bool,
}

impl Asked {
    fn keeps(&self, element: &str) -> bool {
        !self
            .without_elements
            .iter()
            .any(|without| without == element)
    }
}

/// An item.
pub(crate) fn item_node(library: &Library, item: &Item, detail: Detail, asked: &Asked) -> Node {
    let mut node = Node::listed(item.kind.element(), "Metadata");
    node = node
        .with("ratingKey", item.key.to_string())
        .with("key", path_of(item));
    node = family::family(node, library, item);
    node = node
        .with("guid", item.guid.as_str())
        .with("type", item.kind.name());
    if detail == Detail::Full
        && let Some(section) = library.section(item.section)
    {
        node = node
            .with("librarySectionTitle", section.title.as_str())
            .with("librarySectionID", section.id)
            .with(
                "librarySectionKey",
                format!("/library/sections/{}", section.id),
            );
    }
    node = fields(node, item);
    let counts_from_one = matches!(
        item.kind,
        ItemKind::Show | ItemKind::Artist | ItemKind::Album
    );
    node = node.with_some("index", item.index.or(counts_from_one.then_some(1)));
    node = pictures::selected(node, library, item, asked);
    node = match item.kind {
        ItemKind::Photo => node,
        ItemKind::Collection => collection(node, library, item, asked),
        kind if kind.below().is_some() => counts(node, library, item),
        kind => node.with("duration", media::duration_of(kind)),
    };
    let (views, viewed_at) = library.views_of(item);
    node = node
        .with_some("viewCount", (views > 0).then_some(views))
        .with_some("lastViewedAt", viewed_at)
        .with_some("deletedAt", item.deleted_at);
    node = node
        .with("addedAt", item.added_at)
        .with("updatedAt", item.updated_at);
    node.attributes
        .retain(|(name, _)| !asked.without_fields.iter().any(|without| without == name));

    if asked.keeps("Media") {
        node.children.extend(media::media(item, detail));
    }
    tags(&mut node, library, item, detail, asked);
    if asked.keeps("Guid") && (asked.guids || detail == Detail::Full) {
        node.children
            .extend(outside_guid(item).map(|id| Node::new("Guid").with("id", id)));
    }
    if detail == Detail::Full && asked.keeps("Image") {
        node.children.extend(pictures::images(item, asked));
    }
    if detail == Detail::Full && matches!(item.kind, ItemKind::Show | ItemKind::Artist) {
        let folders = library.folders_of(item).into_iter();
        node.children
            .extend(folders.map(|path| Node::new("Location").with("path", path)));
    }
    if detail == Detail::Full {
        for lock in &item.locks {
            let field = Node::new("Field")
                .with("locked", true)
                .with("name", lock.as_str());
            node.children.push(field);
        }
    }
    node
}

fn path_of(item: &Item) -> String {
    match item.kind {
        ItemKind::Collection => format!("/library/collections/{}/children", item.key),
        kind if kind.below().is_some() => format!("/library/metadata/{}/children", item.key),
        _ => format!("/library/metadata/{}", item.key),
    }
}

/// How much stands below an item.
fn counts(node: Node, library: &Library, item: &Item) -> Node {
    let leaves = library.leaves_of(item.key);
    let viewed = leaves.iter().filter(|leaf| leaf.view_count > 0).count();
    match item.kind {
        // Of music, a listing counts nothing.
        ItemKind::Artist => node,
        ItemKind::Album => node.with_some("viewedLeafCount", (viewed > 0).then_some(viewed)),
        kind => {
            let node = node
                .with("leafCount", leaves.len())
                .with("viewedLeafCount", viewed);
            if kind == ItemKind::Show {
                node.with("duration", media::duration_of(ItemKind::Episode))
                    .with("childCount", library.children_of(item.key).count())
            } else {
                node
            }
        }
    }
}

fn fields(mut node: Node, item: &Item) -> Node {
    for name in FIELDS.iter().map(|field| field.name) {
        let value = match item.fields.get(name) {
            // Plex always answers a summary.
            None if name == "summary" => Attribute::from(""),
            None => continue,
            Some(Value::Text(text)) => Attribute::from(text.as_str()),
            Some(Value::Whole(number)) => Attribute::Whole(*number),
            #[allow(clippy::cast_precision_loss)] // tenths of a rating are small
            Some(Value::Tenths(tenths)) => Attribute::Decimal(*tenths as f64 / 10.0),
        };
        node = node.with(name, value);
    }
    node
}

fn collection(mut node: Node, library: &Library, item: &Item, asked: &Asked) -> Node {
    let Some(membership) = &item.collection else {
        return node;
    };
    let members = library.members_of(item);
    let years = || members.iter().filter_map(|member| member.whole("year"));
    let rating = members
        .iter()
        .map(|member| member.text("contentRating"))
        .max();
    let rating =
        rating.filter(|rating| !rating.is_empty() && item.text("contentRating").is_empty());
    let sort = membership.sort.number();
    node = node
        .with_some("contentRating", rating)
        .with("subtype", membership.subtype.name())
        .with("ratingCount", 1)
        .with("childCount", members.len().to_string())
        .with_some("maxYear", years().max().map(|year| year.to_string()))
        .with_some("minYear", years().min().map(|year| year.to_string()))
        .with_some(
            "collectionMode",
            membership.mode.map(|mode| mode.to_string()),
        )
        // What is as it is from the beginning is left out.
        .with_some("collectionSort", (sort != 0).then(|| sort.to_string()));
    if let MemberSource::Smart { query, .. } = &membership.source {
        let content = format!("/library/sections/{}/all?{query}", item.section);
        node = node.with("smart", true).with("content", content);
    }
    if asked.preferences {
        node.children.push(preferences::of_collection(membership));
    }
    node
}

fn tags(node: &mut Node, library: &Library, item: &Item, detail: Detail, asked: &Asked) {
    for kind in &TAG_KINDS {
        let Some(ids) = item
            .tags
            .get(kind.name)
            .filter(|_| asked.keeps(kind.element))
        else {
            continue;
        };
        let is_full = detail == Detail::Full;
        let at_most = if is_full { usize::MAX } else { kind.listed };
        for id in ids.iter().take(at_most) {
            let mut tag = Node::new(kind.element);
            if is_full {
                tag = tag
                    .with("id", *id)
                    .with("filter", format!("{}={id}", kind.name));
            }
            tag = tag.with("tag", library.tags.name(*id));
            if is_full && kind.name == "actor" {
                tag = tag
                    .with_some("role", item.roles.get(id).map(String::as_str))
                    .with_some("thumb", library.picture_of(item, *id));
            }
            node.children.push(tag);
        }
    }
}

/// An id at another database, made of the guid, for items that the agent matched.
fn outside_guid(item: &Item) -> Option<String> {
    if item.guid.starts_with("local://") || item.kind == ItemKind::Collection {
        return None;
    }
    if item.guid.starts_with("plex://") {
        return Some(format!("imdb://tt{:07}", item.key));
    }
    Some(item.guid.clone())
}
