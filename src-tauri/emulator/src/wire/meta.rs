//! What a listing can be filtered and sorted by, for clients that ask before they filter (`includeMeta=1`).
//!
//! Only what `library::query` really does is offered.

use super::Node;
use crate::library::{ItemKind, TAG_KINDS};
use crate::seed::SectionKind;

const SORTS: [(&str, &str); 8] = [
    ("titleSort", "Title"),
    ("year", "Year"),
    ("originallyAvailableAt", "Release Date"),
    ("rating", "Critic Rating"),
    ("audienceRating", "Audience Rating"),
    ("userRating", "Rating"),
    ("addedAt", "Date Added"),
    ("updatedAt", "Date Updated"),
];

const FIELDS: [(&str, &str, &str); 4] = [
    ("title", "string", "Title"),
    ("year", "integer", "Year"),
    ("addedAt", "date", "Date Added"),
    ("updatedAt", "date", "Date Updated"),
];

const OPERATORS: [(&str, &[(&str, &str)]); 4] = [
    (
        "string",
        &[
            ("=", "contains"),
            ("!=", "does not contain"),
            ("==", "is"),
            ("!==", "is not"),
            ("<=", "begins with"),
            (">=", "ends with"),
        ],
    ),
    (
        "integer",
        &[
            ("=", "is"),
            (">>=", "is greater than"),
            ("<<=", "is less than"),
        ],
    ),
    ("date", &[(">>=", "is after"), ("<<=", "is before")]),
    ("tag", &[("=", "is")]),
];

/// The `Meta` element of a section's listing.
pub(crate) fn meta(section: u32, kind: SectionKind, active: ItemKind) -> Node {
    let kinds: Vec<ItemKind> = match active {
        ItemKind::Collection => vec![ItemKind::Collection],
        _ => ItemKind::all_of_section(kind).collect(),
    };
    let mut meta = Node::single("Meta");
    for kind in kinds {
        meta.children
            .push(filtering_type(section, kind, kind == active));
    }
    for (name, operators) in OPERATORS {
        let mut field_type = Node::new("FieldType").with("type", name);
        for (key, title) in operators {
            let operator = Node::new("Operator")
                .with("key", *key)
                .with("title", *title);
            field_type.children.push(operator);
        }
        meta.children.push(field_type);
    }
    meta
}

fn filtering_type(section: u32, kind: ItemKind, is_active: bool) -> Node {
    let path = format!("/library/sections/{section}/all?type={}", kind.number());
    let mut node = Node::new("Type")
        .with("key", path)
        .with("type", kind.name())
        .with("title", kind.name())
        .with("active", is_active);
    let tags = || TAG_KINDS.iter().filter(|tag| tag.is_held_by(kind));
    for tag in tags() {
        let filter = Node::new("Filter")
            .with("filter", tag.name)
            .with("filterType", "string")
            .with("key", format!("/library/sections/{section}/{}", tag.name))
            .with("title", tag.element)
            .with("type", "filter");
        node.children.push(filter);
    }
    for (key, title) in SORTS {
        let sort = Node::new("Sort")
            .with("defaultDirection", "asc")
            .with("descKey", format!("{key}:desc"))
            .with("key", key)
            .with("title", title);
        node.children.push(sort);
    }
    let fields = FIELDS.into_iter();
    let tags = tags().map(|tag| (tag.name, "tag", tag.element));
    for (key, field_type, title) in fields.chain(tags) {
        let field = Node::new("Field")
            .with("key", key)
            .with("title", title)
            .with("type", field_type);
        node.children.push(field);
    }
    node
}
