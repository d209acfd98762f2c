//! The text of a file as it grows, element by element.

use std::fmt::Write as _;

use super::Quoting;

pub(super) struct Page {
    pub text: String,
    pub quoting: Quoting,
}

impl Page {
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub fn optional(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.element(name, value);
        }
    }

    /// One element per value.
    pub fn all(&mut self, name: &str, values: &[String]) {
        for value in values {
            self.element(name, value);
        }
    }

    pub fn element(&mut self, name: &str, value: &str) {
        let quoted = self.quoted(value);
        self.line(&format!("  <{name}>{quoted}</{name}>"));
    }

    /// Whatever stood before it under this name counts no more.
    pub fn clearing(&mut self, name: &str, value: &str) {
        let quoted = self.quoted(value);
        self.line(&format!("  <{name} clear=\"true\">{quoted}</{name}>"));
    }

    /// What a show's file calls a season.
    pub fn named_season(&mut self, season: i32, title: &str) {
        let quoted = self.quoted(title);
        self.line(&format!(
            "  <namedseason number=\"{season}\">{quoted}</namedseason>"
        ));
    }

    fn quoted(&self, value: &str) -> String {
        let plain = |value: &str| {
            value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
        };
        match self.quoting {
            Quoting::Cdata if !value.is_empty() => format!("<![CDATA[{value}]]>"),
            Quoting::Plain | Quoting::Cdata => plain(value),
            Quoting::BareAmpersand => plain(value).replace("&amp; ", "& "),
            Quoting::Entities => entities(value),
        }
    }
}

/// Every character that may be written as an entity is.
fn entities(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&#x27;"),
            '\u{a0}'..='\u{ff}' => {
                let _ = write!(quoted, "&#{};", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted
}
