//! A section as `/library/sections` lists it.

use super::Node;
use crate::library::Section;

/// A section as `/library/sections` lists it.
pub(crate) fn section_node(section: &Section, is_refreshing: bool) -> Node {
    let kind = section.kind.name();
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
        .with("agent", section.agent.identifier(section.kind))
        .with("scanner", section.agent.scanner(section.kind))
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
