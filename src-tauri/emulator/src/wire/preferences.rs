//! What can be set of a collection besides its fields, for clients that ask before they set (`includePreferences=1`).

use super::Node;
use crate::library::Membership;

/// The `Preferences` element.
pub(super) fn of_collection(membership: &Membership) -> Node {
    let mode = membership.mode.unwrap_or(-1);
    let mut preferences = Node::single("Preferences");
    preferences.children = vec![
        setting(
            "collectionMode",
            "-1",
            mode,
            "-1:Library default|0:Hide collection|1:Hide items in this collection|2:Show this collection and its items",
        ),
        setting(
            "collectionSort",
            "0",
            membership.sort.number(),
            "0:Release date|1:Alphabetical|2:Custom",
        ),
    ];
    preferences
}

fn setting(id: &'static str, default: &'static str, value: i64, choices: &'static str) -> Node {
    Node::new("Setting")
        .with("id", id)
        .with("label", id)
        .with("type", "int")
        .with("default", default)
        .with("value", value.to_string())
        .with("hidden", false)
        .with("advanced", false)
        .with("group", "")
        .with("enumValues", choices)
}
