//! The tree as JSON, members in the order of the tree.

use super::{Attribute, Node};

/// Writes `{"<element>": {…}}`.
pub(super) fn write(root: &Node) -> String {
    let mut out = String::new();
    out.push('{');
    quote(&mut out, root.element);
    out.push(':');
    object(&mut out, root);
    out.push('}');
    out
}

fn object(out: &mut String, node: &Node) {
    let mut separator = "{";
    for (name, value) in &node.attributes {
        out.push_str(separator);
        separator = ",";
        quote(out, name);
        out.push(':');
        attribute(out, value);
    }
    let mut lists: Vec<&str> = Vec::new();
    for child in &node.children {
        if !lists.contains(&child.list) {
            lists.push(child.list);
        }
    }
    for list in lists {
        out.push_str(separator);
        separator = ",";
        quote(out, list);
        out.push(':');
        let mut children = node
            .children
            .iter()
            .filter(|child| child.list == list)
            .peekable();
        if let Some(single) = children.next_if(|child| child.is_single) {
            object(out, single);
            continue;
        }
        let mut between = '[';
        for child in children {
            out.push(between);
            between = ',';
            object(out, child);
        }
        out.push(']');
    }
    if separator == "{" {
        out.push('{');
    }
    out.push('}');
}

fn attribute(out: &mut String, value: &Attribute) {
    match value {
        Attribute::Text(text) => quote(out, text),
        Attribute::Whole(number) => out.push_str(&number.to_string()),
        Attribute::Decimal(number) => out.push_str(&serde_json::Value::from(*number).to_string()),
        Attribute::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
    }
}

fn quote(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
