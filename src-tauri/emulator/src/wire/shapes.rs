//! Which answer carries what, after recorded answers of a Plex Media Server.
//!
//! A listing carries less than a detail: the first few tags by name only, no locks, no streams, external ids only when
//! asked for. Not here: how the tree is written.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Attribute, Node};
use crate::library::{FIELDS, Item, ItemKind, Library, PictureKind, Section, TAG_KINDS, Value};
use crate::seed::SectionKind;

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
}

impl Asked {
    fn keeps(&self, element: &str) -> bool {
        !self
            .without_elements
            .iter()
            .any(|without| without == element)
    }
}

/// A section as `/library/sections` lists it.
pub(crate) fn section_node(section: &Section, is_refreshing: bool) -> Node {
    let (kind, scanner, agent) = match section.kind {
        SectionKind::Movie => ("movie", "Plex Movie", "tv.plex.agents.movie"),
        SectionKind::Show => ("show", "Plex TV Series", "tv.plex.agents.series"),
    };
    let mut node = Node::new("Directory")
        .with("allowSync", true)
        .with("art", format!("/:/resources/{kind}-fanart.jpg"))
        .with(
            "composite",
            format!(
                "/library/sections/{}/composite/{}",
                section.id, section.scanned_at
            ),
        )
        .with("filters", true)
        .with("refreshing", is_refreshing)
        .with("thumb", format!("/:/resources/{kind}.png"))
        .with("key", section.id.to_string())
        .with("type", kind)
        .with("title", section.title.as_str())
        .with("agent", agent)
        .with("scanner", scanner)
        .with("language", "en-US")
        .with("uuid", section.uuid.as_str())
        .with("updatedAt", section.scanned_at)
        .with("createdAt", section.created_at)
        .with("scannedAt", section.scanned_at)
        .with("content", true)
        .with("directory", true)
        .with("contentChangedAt", section.scanned_at)
        .with("hidden", 0);
    for (position, path) in section.locations.iter().enumerate() {
        let id = i64::from(section.id) * 100 + i64::try_from(position).unwrap_or_default();
        node.children.push(
            Node::new("Location")
                .with("id", id)
                .with("path", path.as_str()),
        );
    }
    node
}

/// An item.
pub(crate) fn item_node(library: &Library, item: &Item, detail: Detail, asked: &Asked) -> Node {
    let mut node = match item.kind {
        ItemKind::Movie | ItemKind::Episode => Node::listed("Video", "Metadata"),
        ItemKind::Show | ItemKind::Season | ItemKind::Collection => {
            Node::listed("Directory", "Metadata")
        }
    };
    node = node
        .with("ratingKey", item.key.to_string())
        .with("key", path_of(item));
    node = family(node, library, item);
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
    let index = item.index.or((item.kind == ItemKind::Show).then_some(1));
    node = node.with_some("index", index);
    for kind in [PictureKind::Poster, PictureKind::Background] {
        node = node.with_some(kind.attribute(), picture_path(item, kind, asked));
    }
    node = match item.kind {
        ItemKind::Movie => node.with("duration", 5062),
        ItemKind::Episode => node.with("duration", 2_700_000),
        ItemKind::Show | ItemKind::Season => {
            let node = node
                .with("leafCount", library.leaves_of(item.key).len())
                .with("viewedLeafCount", 0);
            if item.kind == ItemKind::Show {
                node.with("duration", 2_700_000)
                    .with("childCount", library.children_of(item.key).count())
            } else {
                node
            }
        }
        ItemKind::Collection => collection(node, library, item),
    };
    node = node
        .with("addedAt", item.added_at)
        .with("updatedAt", item.updated_at);
    node.attributes
        .retain(|(name, _)| !asked.without_fields.iter().any(|without| without == name));

    if asked.keeps("Media") && !item.files.is_empty() {
        node.children.extend(media(item, detail));
    }
    tags(&mut node, library, item, detail, asked);
    if asked.keeps("Guid") && (asked.guids || detail == Detail::Full) {
        node.children
            .extend(outside_guid(item).map(|id| Node::new("Guid").with("id", id)));
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

fn path_of(item: &Item) -> String {
    match item.kind {
        ItemKind::Movie | ItemKind::Episode => format!("/library/metadata/{}", item.key),
        ItemKind::Show | ItemKind::Season => format!("/library/metadata/{}/children", item.key),
        ItemKind::Collection => format!("/library/collections/{}/children", item.key),
    }
}

fn picture_path(item: &Item, kind: PictureKind, asked: &Asked) -> Option<String> {
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
        kind.attribute()
    ))
}

/// Attributes of the show and season above an item.
fn family(mut node: Node, library: &Library, item: &Item) -> Node {
    const PARENT: [&str; 7] = [
        "parentRatingKey",
        "parentKey",
        "parentGuid",
        "parentTitle",
        "parentIndex",
        "parentThumb",
        "parentStudio",
    ];
    const GRANDPARENT: [&str; 7] = [
        "grandparentRatingKey",
        "grandparentKey",
        "grandparentGuid",
        "grandparentTitle",
        "",
        "grandparentThumb",
        "",
    ];
    let no_options = Asked::default();
    let mut above = item.parent.and_then(|parent| library.items.get(&parent));
    for names in [PARENT, GRANDPARENT] {
        let Some(ancestor) = above else {
            break;
        };
        let values = [
            Some(Attribute::from(ancestor.key.to_string())),
            Some(format!("/library/metadata/{}", ancestor.key).into()),
            Some(ancestor.guid.as_str().into()),
            Some(ancestor.title().into()),
            Some(ancestor.index.unwrap_or(1).into()),
            picture_path(ancestor, PictureKind::Poster, &no_options).map(Attribute::from),
            (!ancestor.text("studio").is_empty()).then(|| ancestor.text("studio").into()),
        ];
        for (name, value) in names.into_iter().zip(values) {
            if !name.is_empty() {
                node = node.with_some(name, value);
            }
        }
        if item.kind == ItemKind::Season {
            node = node.with_some("parentYear", ancestor.whole("year"));
        }
        above = ancestor
            .parent
            .and_then(|parent| library.items.get(&parent));
    }
    node
}

fn fields(mut node: Node, item: &Item) -> Node {
    for (name, _) in FIELDS {
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

fn collection(node: Node, library: &Library, item: &Item) -> Node {
    let members = library.members_of(item);
    let years = || members.iter().filter_map(|member| member.whole("year"));
    let rating = members
        .iter()
        .map(|member| member.text("contentRating"))
        .max();
    let rating =
        rating.filter(|rating| !rating.is_empty() && item.text("contentRating").is_empty());
    let subtype = members.first().map_or("movie", |member| member.kind.name());
    node.with_some("contentRating", rating)
        .with("subtype", subtype)
        .with("ratingCount", 1)
        .with("childCount", members.len().to_string())
        .with_some("maxYear", years().max().map(|year| year.to_string()))
        .with_some("minYear", years().min().map(|year| year.to_string()))
}

fn tags(node: &mut Node, library: &Library, item: &Item, detail: Detail, asked: &Asked) {
    for (kind, element, listed) in TAG_KINDS {
        let Some(ids) = item.tags.get(kind).filter(|_| asked.keeps(element)) else {
            continue;
        };
        let at_most = if detail == Detail::Full {
            usize::MAX
        } else {
            listed
        };
        for id in ids.iter().take(at_most) {
            let tag = Node::new(element);
            let tag = if detail == Detail::Full {
                tag.with("id", *id).with("filter", format!("{kind}={id}"))
            } else {
                tag
            };
            node.children.push(tag.with("tag", library.tags.name(*id)));
        }
    }
}

fn media(item: &Item, detail: Detail) -> impl Iterator<Item = Node> {
    item.files.iter().enumerate().map(move |(position, file)| {
        let id = item.key * 10 + position as u64;
        let container = file
            .rsplit_once('.')
            .map_or("mkv", |(_, extension)| extension);
        let mut part = Node::new("Part")
            .with("id", id)
            .with(
                "key",
                format!("/library/parts/{id}/{}/file.{container}", item.added_at),
            )
            .with("duration", 5062)
            .with("file", file.as_str())
            .with("size", 13_400_382)
            .with("audioProfile", "lc")
            .with("container", container)
            .with("videoProfile", "main");
        if detail == Detail::Full {
            part.children.push(
                Node::new("Stream")
                    .with("id", id * 2)
                    .with("streamType", 1)
                    .with("default", true)
                    .with("codec", "h264")
                    .with("index", 0)
                    .with("displayTitle", "720p (H.264)"),
            );
        }
        let mut media = Node::new("Media")
            .with("id", id)
            .with("duration", 5062)
            .with("bitrate", 21178)
            .with("width", 1280)
            .with("height", 720)
            .with("aspectRatio", Attribute::Decimal(1.78))
            .with("audioChannels", 1)
            .with("audioCodec", "aac")
            .with("videoCodec", "h264")
            .with("videoResolution", "720")
            .with("container", container)
            .with("videoFrameRate", "PAL")
            .with("audioProfile", "lc")
            .with("videoProfile", "main");
        media.children.push(part);
        media
    })
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
