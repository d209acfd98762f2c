//! Reads: they look at the library as it is when they arrive, and take their time to answer.
//!
//! Not here: what an item looks like (`wire::shapes`).

use crate::Emulator;
use crate::library::{Filter, Item, ItemKind, Library, Order, Rows, Section};
use crate::seed::{Platform, SectionKind};
use crate::wire::{Asked, Detail, Format, Node, item_node, meta, section_node};

use super::answer::Answer;
use super::asking::Asking;
use super::pictures;
use super::route::Route;

/// Answers a read.
pub(super) async fn act(emulator: &Emulator, route: Route, asking: &Asking) -> Answer {
    let view = View {
        emulator,
        asking,
        asked: asking.asked(emulator.options().habits.thumb_follows_updated_at),
    };
    let (answer, rows) = emulator.look_at_library(|library| view.answer(library, &route));
    emulator.pay_read(rows).await;
    answer
}

struct View<'a> {
    emulator: &'a Emulator,
    asking: &'a Asking,
    asked: Asked,
}

impl View<'_> {
    fn answer(&self, library: &Library, route: &Route) -> (Answer, usize) {
        let node = match route {
            Route::Root => Some(self.server(library.platform, true)),
            Route::Identity => Some(self.server(library.platform, false)),
            Route::Library => Some(
                container()
                    .with("size", 1)
                    .with("allowSync", false)
                    .with("title1", "Plex Library"),
            ),
            Route::Sections => Some(self.sections(library.sections.iter(), "Plex Library")),
            Route::Section(id) => library
                .section(*id)
                .map(|section| self.sections([section].into_iter(), &section.title)),
            Route::Listing(id) => library
                .section(*id)
                .map(|section| self.listing(library, section, None)),
            Route::Collections(id) => library
                .section(*id)
                .map(|section| self.listing(library, section, Some(ItemKind::Collection))),
            Route::Albums(id) => library
                .section(*id)
                .map(|section| self.listing(library, section, Some(ItemKind::Album))),
            Route::Tags(id, kind) => library.section(*id).map(|_| tags(library, *id, kind)),
            Route::Details(keys) => self.details(library, keys, |_| true),
            Route::Collection(key) => {
                self.details(library, &[*key], |item| item.kind == ItemKind::Collection)
            }
            Route::Members(key) => self.members(library, *key),
            Route::Children(key) => self.children(library, *key),
            Route::Leaves(key) => library.items.get(key).map(|item| {
                let leaves = library.leaves_of(*key);
                let group = leaves.first().map_or("", |leaf| leaf.kind.name());
                let leaves = Rows::of(&leaves, &self.asking.wanted());
                self.items(library, item.section, &leaves, group, item.title())
            }),
            Route::Pictures(key, kind) => library
                .items
                .get(key)
                .map(|item| pictures::list(item, *kind)),
            other => {
                return (
                    pictures::read(library, other, self.asking).unwrap_or_else(Answer::not_found),
                    1,
                );
            }
        };
        match node {
            Some(node) => {
                let rows = node.children.len();
                (Answer::Tree(node, self.format()), rows)
            }
            None => (Answer::not_found(), 0),
        }
    }

    fn format(&self) -> Format {
        self.asking.format()
    }

    fn server(&self, platform: Platform, whole: bool) -> Node {
        let machine = "e8a1f3c5b7d9402486ace13579bdf02468ace135";
        let version = "1.43.0.10162-b67a664ed";
        let node = container().with("size", 0);
        if !whole {
            return node
                .with("apiVersion", "1.1.1")
                .with("claimed", true)
                .with("machineIdentifier", machine)
                .with("version", version);
        }
        node.with("allowCameraUpload", false)
            .with("allowChannelAccess", true)
            .with("allowMediaDeletion", true)
            .with("allowSharing", true)
            .with("allowSync", false)
            .with("apiVersion", "1.1.1")
            .with("claimed", true)
            .with("countryCode", "")
            .with("friendlyName", self.emulator.options().name.as_str())
            .with("machineIdentifier", machine)
            .with("multiuser", true)
            .with("myPlex", true)
            .with("myPlexMappingState", "mapped")
            .with("myPlexSigninState", "ok")
            .with("myPlexSubscription", false)
            .with(
                "platform",
                match platform {
                    Platform::Linux => "Linux",
                    Platform::Windows => "Windows",
                    Platform::MacOs => "MacOSX",
                },
            )
            .with("platformVersion", "emulated")
            .with("transcoderActiveVideoSessions", 0)
            .with("updatedAt", self.emulator.now())
            .with("version", version)
    }

    fn sections<'s>(&self, sections: impl Iterator<Item = &'s Section>, title: &str) -> Node {
        let nodes: Vec<_> = sections
            .map(|section| section_node(section, self.emulator.faults().is_refreshing(section.id)))
            .collect();
        let mut node = container()
            .with("size", nodes.len())
            .with("allowSync", false)
            .with("title1", title);
        node.children = nodes;
        node
    }

    fn listing(&self, library: &Library, section: &Section, kind: Option<ItemKind>) -> Node {
        let asked_type = self
            .asking
            .get("type")
            .and_then(|number| number.parse().ok());
        let kind = kind
            .or_else(|| asked_type.and_then(ItemKind::from_number))
            .unwrap_or_else(|| ItemKind::of_section(section.kind));
        let filter = Filter::read(self.asking.parameters(), self.emulator.now());
        let order = Order::read(self.asking.get("sort"));
        let wanted = self.asking.wanted();
        let rows = self
            .emulator
            .list(library, section.id, kind, &filter, &order, &wanted);
        let mut node = self.items(
            library,
            section.id,
            &rows,
            kind.name(),
            &format!("All {}", section.title),
        );
        if self.asking.get("includeMeta") == Some("1") {
            node.children
                .insert(0, meta(section.id, section.kind, kind));
        }
        node
    }

    fn details(
        &self,
        library: &Library,
        keys: &[u64],
        may: impl Fn(&Item) -> bool,
    ) -> Option<Node> {
        let mut items: Vec<&Item> = Vec::with_capacity(keys.len());
        for item in keys
            .iter()
            .filter_map(|key| library.items.get(key))
            .filter(|item| may(item))
        {
            if !items.iter().any(|known| known.key == item.key) {
                items.push(item);
            }
        }
        let section = items.first()?.section;
        let mut node = library_container(library, section);
        let rows = Rows::of(&items, &self.asking.wanted());
        self.page(&mut node, library, &rows, Detail::Full);
        Some(node)
    }

    fn members(&self, library: &Library, key: u64) -> Option<Node> {
        let collection = library
            .items
            .get(&key)
            .filter(|item| item.kind == ItemKind::Collection)?;
        let members = Rows::of(&library.members_of(collection), &self.asking.wanted());
        let subtype = collection.collection.as_ref()?.subtype;
        Some(self.items(
            library,
            collection.section,
            &members,
            subtype.name(),
            collection.title(),
        ))
    }

    fn children(&self, library: &Library, key: u64) -> Option<Node> {
        let parent = library.items.get(&key)?;
        let mut items: Vec<_> = library.children_of(key).collect();
        items.sort_by_key(|item| (item.disc, item.index, item.key));
        let group = parent.kind.below().map_or("", ItemKind::name);
        let rows = Rows::of(&items, &self.asking.wanted());
        let mut node = self.items(library, parent.section, &rows, group, parent.title());
        node = node
            .with("key", key.to_string())
            .with("parentIndex", parent.index.unwrap_or(1))
            .with("parentTitle", parent.title())
            .with_some("parentYear", parent.whole("year"))
            .with("summary", parent.text("summary"));
        if parent.kind == ItemKind::Show && self.asking.get("excludeAllLeaves") != Some("1") {
            let leaves = library.leaves_of(key);
            let viewed = leaves.iter().filter(|leaf| leaf.view_count > 0).count();
            let shown = item_node(library, parent, Detail::Listing, &self.asked);
            let thumb = shown.attribute("thumb").cloned();
            let all = Node::new("Directory")
                .with("leafCount", leaves.len())
                .with_some("thumb", thumb)
                .with("viewedLeafCount", viewed)
                .with("key", format!("/library/metadata/{key}/allLeaves"))
                .with("title", "All episodes");
            node.children.insert(0, all);
        }
        Some(node)
    }

    /// A container of list rows.
    fn items(
        &self,
        library: &Library,
        section: u32,
        rows: &Rows<'_>,
        group: &str,
        title: &str,
    ) -> Node {
        let kind = library.section(section).map(|section| section.kind);
        let picture = kind.map_or("movie", SectionKind::name);
        let mut node = library_container(library, section)
            .with("art", format!("/:/resources/{picture}-fanart.jpg"))
            .with("thumb", format!("/:/resources/{picture}.png"));
        if matches!(kind, Some(SectionKind::Show | SectionKind::Artist)) {
            node = node.with("nocache", true);
        }
        let section_title = library
            .section(section)
            .map_or("", |section| &section.title);
        node = node
            .with("title1", section_title)
            .with("title2", title)
            .with("viewGroup", group)
            .with("viewMode", 65592);
        self.page(&mut node, library, rows, Detail::Listing);
        node
    }

    fn page(&self, node: &mut Node, library: &Library, rows: &Rows<'_>, detail: Detail) {
        let mut sizes = vec![("size", rows.shown.len().into())];
        if let Some(page) = self.asking.page() {
            sizes.push(("totalSize", rows.total.into()));
            sizes.push(("offset", page.start.into()));
        }
        node.attributes.splice(0..0, sizes);
        node.children = rows
            .shown
            .iter()
            .map(|item| item_node(library, item, detail, &self.asked))
            .collect();
    }
}

/// The tags that a section's items have, to choose a filter from.
fn tags(library: &Library, section: u32, kind: &'static str) -> Node {
    let mut node = container();
    for (id, name) in library.tags_in_use(section, kind) {
        let tag = Node::new("Directory")
            .with(
                "fastKey",
                format!("/library/sections/{section}/all?{kind}={id}"),
            )
            .with("key", id.to_string())
            .with("title", name)
            .with("type", kind);
        node.children.push(tag);
    }
    node.attributes.push(("size", node.children.len().into()));
    node.with("allowSync", false).with("title1", kind)
}

pub(super) fn container() -> Node {
    Node::new("MediaContainer")
}

/// A container without its size, which the page puts in front.
pub(super) fn library_container(library: &Library, section: u32) -> Node {
    let node = container()
        .with("allowSync", true)
        .with("identifier", "com.plexapp.plugins.library");
    let node = match library.section(section) {
        Some(section) => node
            .with("librarySectionID", section.id)
            .with("librarySectionTitle", section.title.as_str())
            .with("librarySectionUUID", section.uuid.as_str()),
        None => node,
    };
    node.with("mediaTagPrefix", "/system/bundle/media/flags/")
        .with("mediaTagVersion", 1_634_922_197)
}
