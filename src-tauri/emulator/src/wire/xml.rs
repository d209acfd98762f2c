//! The tree as XML: everything is an attribute, flags are 0 and 1.

use super::{Attribute, Node};

/// Writes a document.
pub(super) fn write(root: &Node) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    element(&mut out, root);
    out
}

fn element(out: &mut String, node: &Node) {
    out.push('<');
    out.push_str(node.element);
    for (name, value) in &node.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        match value {
            Attribute::Text(text) => escape(out, text),
            Attribute::Whole(number) => out.push_str(&number.to_string()),
            Attribute::Decimal(number) => {
                out.push_str(&serde_json::Value::from(*number).to_string());
            }
            Attribute::Flag(flag) => out.push(if *flag { '1' } else { '0' }),
        }
        out.push('"');
    }
    if node.children.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    for child in &node.children {
        element(out, child);
    }
    out.push_str("</");
    out.push_str(node.element);
    out.push_str(">\n");
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // As references, or a parser would make spaces of them.
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            other => out.push(other),
        }
    }
}
