//! What goes over the wire: one tree of elements with attributes, written as JSON or XML.
//!
//! In JSON, attributes are members and elements of one kind are a list (`Video`, `Directory` of an item and `Photo`
//! all become `Metadata`); an empty list is an absent member. Not here: which answer carries what (`items`).

mod family;
mod items;
mod json;
mod media;
mod meta;
mod pictures;
mod preferences;
mod section;
mod xml;

pub(crate) use items::{Asked, Detail, item_node};
pub(crate) use meta::meta;
pub(crate) use pictures::pictures;
pub(crate) use section::section_node;

/// An element.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The element's name in XML.
    pub element: &'static str,
    /// The list it stands in, in JSON.
    pub list: &'static str,
    /// In JSON a member of its own instead of a list.
    pub is_single: bool,
    pub attributes: Vec<(&'static str, Attribute)>,
    pub children: Vec<Node>,
}

/// An attribute's value with its JSON type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Attribute {
    Text(String),
    Whole(i64),
    Decimal(f64),
    Flag(bool),
}

/// In which form an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Node {
    pub fn new(element: &'static str) -> Self {
        Self::listed(element, element)
    }

    pub fn single(element: &'static str) -> Self {
        Self {
            is_single: true,
            ..Self::new(element)
        }
    }

    pub fn listed(element: &'static str, list: &'static str) -> Self {
        Self {
            element,
            list,
            is_single: false,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Attribute>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<Attribute>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Json => json::write(self),
            Format::Xml => xml::write(self),
        }
    }
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Attribute {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Attribute {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<u32> for Attribute {
    fn from(number: u32) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<i32> for Attribute {
    fn from(number: i32) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<u64> for Attribute {
    fn from(number: u64) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Attribute {
    fn from(number: usize) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Attribute {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
