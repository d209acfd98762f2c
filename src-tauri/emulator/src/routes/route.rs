//! Paths and methods, read into routes.
//!
//! Not here: parameters (`asking`).

use axum::http::Method;

use crate::library::{PictureKind, tag_kind};

/// Kinds of requests, for counting and for faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// `/`, `/identity`, `/library`
    Server,
    /// `/library/sections`, one section, and the tags of one kind in it
    Sections,
    /// `GET /library/sections/{id}/all`
    Listing,
    /// the collections of a section
    Collections,
    /// one collection and its members
    CollectionItems,
    /// `GET /library/metadata/{ids}`
    Details,
    /// children and leaves of an item
    Children,
    /// the pictures of an item that can be selected
    ImageList,
    /// bytes of a picture
    ImageBytes,
    /// `PUT` on a section or item
    Edit,
    /// a picture sent
    Upload,
    /// a picture selected, or none
    Select,
    /// the agent asked to refresh an item or section
    Refresh,
    /// members of a collection added or removed, a collection made or deleted
    CollectionEdit,
    /// a member of a collection moved
    CollectionMove,
    /// the order and mode of a collection
    Preferences,
    /// `/:/rate`
    Rate,
    /// `/:/scrobble` and `/:/unscrobble`
    Watched,
    /// `DELETE` of an item, with its media files
    Delete,
    /// anything else: 404
    Unknown,
}

impl RouteKind {
    /// Whether it changes something, and takes a turn at the one writer.
    pub fn is_write(self) -> bool {
        match self {
            Self::Edit
            | Self::Upload
            | Self::Select
            | Self::Refresh
            | Self::CollectionEdit
            | Self::CollectionMove
            | Self::Preferences
            | Self::Rate
            | Self::Watched
            | Self::Delete => true,
            Self::Server
            | Self::Sections
            | Self::Listing
            | Self::Collections
            | Self::CollectionItems
            | Self::Details
            | Self::Children
            | Self::ImageList
            | Self::ImageBytes
            | Self::Unknown => false,
        }
    }
}

/// A path that is known, with the ids in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Root,
    Identity,
    Library,
    Sections,
    Section(u32),
    Listing(u32),
    Collections(u32),
    Albums(u32),
    Tags(u32, &'static str),
    SectionComposite(u32),
    Collection(u64),
    Members(u64),
    CollectionComposite(u64),
    Details(Vec<u64>),
    Children(u64),
    Leaves(u64),
    Pictures(u64, PictureKind),
    PictureFile(u64),
    SelectedPicture(u64, PictureKind),
    Transcode,
    EditSection(u32),
    EditItems(Vec<u64>),
    Upload(u64, PictureKind),
    Select(u64, PictureKind),
    Unselect(u64, PictureKind),
    RefreshItems(Vec<u64>),
    RefreshSection(u32),
    MakeCollection,
    AddMembers(u64),
    RemoveMember(u64, u64),
    MoveMember(u64, u64),
    Preferences(u64),
    Rate,
    Watched(bool),
    DeleteCollection(u64),
    DeleteItems(Vec<u64>),
    Unknown,
}

impl Route {
    pub fn read(method: &Method, path: &str) -> Self {
        let segments: Vec<&str> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let route = match (method.as_str(), segments.as_slice()) {
            ("GET", []) => Some(Self::Root),
            ("GET", ["identity"]) => Some(Self::Identity),
            ("GET", ["photo", ":", "transcode"]) => Some(Self::Transcode),
            ("GET" | "PUT", [":", "rate"]) => Some(Self::Rate),
            ("GET" | "PUT", [":", "scrobble"]) => Some(Self::Watched(true)),
            ("GET" | "PUT", [":", "unscrobble"]) => Some(Self::Watched(false)),
            ("GET", ["library"]) => Some(Self::Library),
            (method, ["library", "sections", rest @ ..]) => Self::of_section(method, rest),
            (method, ["library", "collections", rest @ ..]) => Self::of_collection(method, rest),
            (method, ["library", "metadata", rest @ ..]) => Self::of_item(method, rest),
            _ => None,
        };
        route.unwrap_or(Self::Unknown)
    }

    pub fn kind(&self) -> RouteKind {
        match self {
            Self::Root | Self::Identity | Self::Library => RouteKind::Server,
            Self::Sections | Self::Section(_) | Self::Tags(..) => RouteKind::Sections,
            Self::Listing(_) | Self::Albums(_) => RouteKind::Listing,
            Self::Collections(_) => RouteKind::Collections,
            Self::Collection(_) | Self::Members(_) => RouteKind::CollectionItems,
            Self::Details(_) => RouteKind::Details,
            Self::Children(_) | Self::Leaves(_) => RouteKind::Children,
            Self::Pictures(..) => RouteKind::ImageList,
            Self::SectionComposite(_)
            | Self::CollectionComposite(_)
            | Self::PictureFile(_)
            | Self::SelectedPicture(..)
            | Self::Transcode => RouteKind::ImageBytes,
            Self::EditSection(_) | Self::EditItems(_) => RouteKind::Edit,
            Self::Upload(..) => RouteKind::Upload,
            Self::Select(..) | Self::Unselect(..) => RouteKind::Select,
            Self::RefreshItems(_) | Self::RefreshSection(_) => RouteKind::Refresh,
            Self::MakeCollection
            | Self::AddMembers(_)
            | Self::RemoveMember(..)
            | Self::DeleteCollection(_) => RouteKind::CollectionEdit,
            Self::MoveMember(..) => RouteKind::CollectionMove,
            Self::Preferences(_) => RouteKind::Preferences,
            Self::Rate => RouteKind::Rate,
            Self::Watched(_) => RouteKind::Watched,
            Self::DeleteItems(_) => RouteKind::Delete,
            Self::Unknown => RouteKind::Unknown,
        }
    }

    /// The picture that is listed or changed: its item and kind.
    pub fn picture(&self) -> Option<(u64, PictureKind)> {
        match self {
            Self::Pictures(item, kind)
            | Self::Upload(item, kind)
            | Self::Select(item, kind)
            | Self::Unselect(item, kind) => Some((*item, *kind)),
            _ => None,
        }
    }

    fn of_section(method: &str, rest: &[&str]) -> Option<Self> {
        let [id, rest @ ..] = rest else {
            return (method == "GET").then_some(Self::Sections);
        };
        if (method, *id, rest) == ("GET", "all", &[][..]) {
            return Some(Self::Sections);
        }
        let id = id.parse().ok()?;
        match (method, rest) {
            ("GET", []) => Some(Self::Section(id)),
            ("GET", ["all"]) => Some(Self::Listing(id)),
            ("PUT", ["all"]) => Some(Self::EditSection(id)),
            ("GET", ["collections"]) => Some(Self::Collections(id)),
            ("GET", ["albums"]) => Some(Self::Albums(id)),
            ("GET", ["composite", _]) => Some(Self::SectionComposite(id)),
            ("GET" | "PUT" | "POST", ["refresh"]) => Some(Self::RefreshSection(id)),
            ("GET", [kind]) => Some(Self::Tags(id, tag_kind(kind)?.name)),
            _ => None,
        }
    }

    fn of_collection(method: &str, rest: &[&str]) -> Option<Self> {
        let [id, rest @ ..] = rest else {
            return (method == "POST").then_some(Self::MakeCollection);
        };
        let id = id.parse().ok()?;
        match (method, rest) {
            ("GET", []) => Some(Self::Collection(id)),
            ("DELETE", []) => Some(Self::DeleteCollection(id)),
            ("GET", ["items" | "children"]) => Some(Self::Members(id)),
            ("PUT", ["items"]) => Some(Self::AddMembers(id)),
            ("DELETE", ["items" | "children", member]) => {
                Some(Self::RemoveMember(id, member.parse().ok()?))
            }
            ("PUT", ["items" | "children", member, "move"]) => {
                Some(Self::MoveMember(id, member.parse().ok()?))
            }
            ("PUT", ["prefs"]) => Some(Self::Preferences(id)),
            ("GET", ["composite", _]) => Some(Self::CollectionComposite(id)),
            _ => None,
        }
    }

    fn of_item(method: &str, rest: &[&str]) -> Option<Self> {
        let [ids, rest @ ..] = rest else {
            return None;
        };
        let ids: Vec<u64> = ids
            .replace("%2C", ",")
            .split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let first = *ids.first()?;
        match (method, rest) {
            ("GET", []) => Some(Self::Details(ids)),
            ("PUT", []) => Some(Self::EditItems(ids)),
            ("DELETE", []) => Some(Self::DeleteItems(ids)),
            ("PUT", ["refresh"]) => Some(Self::RefreshItems(ids)),
            ("PUT", ["prefs"]) => Some(Self::Preferences(first)),
            ("GET", ["children"]) => Some(Self::Children(first)),
            ("GET", ["allLeaves" | "grandchildren"]) => Some(Self::Leaves(first)),
            ("GET", ["file"]) => Some(Self::PictureFile(first)),
            (method, [element, rest @ ..]) => Self::of_picture(method, first, element, rest),
            _ => None,
        }
    }

    fn of_picture(method: &str, item: u64, element: &str, rest: &[&str]) -> Option<Self> {
        let kind = PictureKind::of_choice(element)?;
        let is_list = PictureKind::of_list(element).is_some();
        // `art` is the selected one and its choice, `poster` the choice alone.
        let is_selected = PictureKind::of_selected(element).is_some();
        match (method, rest) {
            ("GET", []) if is_list => Some(Self::Pictures(item, kind)),
            ("GET", [] | [_]) if is_selected => Some(Self::SelectedPicture(item, kind)),
            ("POST", []) => Some(Self::Upload(item, kind)),
            ("PUT", []) => Some(Self::Select(item, kind)),
            ("DELETE", []) if !is_list => Some(Self::Unselect(item, kind)),
            _ => None,
        }
    }
}
