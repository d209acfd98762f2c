//! From XML to what a .nfo says, word for word.
//!
//! Real files are forgiven a bare `&`, entities that nobody declared (kept as they stand), and anything after the
//! closing root tag. Several episodes of one file follow each other as roots, or lie within one `<xbmcmultiepisode>`.
//! Nothing is ever expanded or fetched.
//!
//! Not here: what the words mean (`values`).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::Fault;
use super::values::Kind;

/// Deepest element looked into.
const DEEPEST: usize = 32;
/// Most elements of a file.
const MOST_ELEMENTS: usize = 100_000;
/// Most episodes of a file.
const MOST_EPISODES: usize = 200;
const EPISODE: &str = "episodedetails";
/// What some programs put around the episodes of one file.
const EPISODES: [&str; 2] = ["xbmcmultiepisode", "kodimultiepisode"];

/// An element with everything in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Lower case, without prefix.
    pub name: String,
    /// Attributes with lower-case names, in their order.
    pub attributes: Vec<(String, String)>,
    /// All its own text.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The first attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|(known, _)| known == name);
        attribute.map(|(_, value)| value.as_str())
    }

    /// All children of that name, in their order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Whether it says that those before it in the file do not count.
    pub fn clears(&self) -> bool {
        self.attribute("clear")
            .is_some_and(|clear| clear.trim().eq_ignore_ascii_case("true"))
    }

    /// Its own text, or that of its `<name>`.
    pub fn name_or_text(&self) -> &str {
        self.text_of("name").unwrap_or(self.text.trim())
    }

    /// The first child of that name that holds text.
    pub fn text_of<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut texts = self.all(name).map(|child| child.text.trim());
        texts.find(|text| !text.is_empty())
    }
}

/// Parses a .nfo and returns its root, or the several `<episodedetails>` of one file; never none.
pub(super) fn parse(text: &str) -> Result<Vec<Element>, Fault> {
    let roots = roots(text)?;
    let mut episodes = Vec::new();
    for root in roots {
        if EPISODES.contains(&root.name.as_str()) {
            episodes.extend(
                root.children
                    .into_iter()
                    .filter(|child| child.name == EPISODE),
            );
        } else {
            episodes.push(root);
        }
    }
    match episodes.len() {
        0 => Err(Fault::Empty),
        1..=MOST_EPISODES => Ok(episodes),
        _ => Err(Fault::TooMuch("more episodes")),
    }
}

fn roots(text: &str) -> Result<Vec<Element>, Fault> {
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}');
    if text.chars().all(is_blank) {
        return Err(Fault::Empty);
    }
    if !text.contains('<') {
        let is_link = |line: &str| line.starts_with("http://") || line.starts_with("https://");
        return Err(if text.lines().any(|line| is_link(line.trim())) {
            Fault::OnlyLinks
        } else {
            Fault::NotXml("it holds plain text".into())
        });
    }
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;

    let mut roots: Vec<Element> = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0_usize;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            // What follows the last root may be anything.
            Err(_) if open.is_empty() && !roots.is_empty() => return Ok(roots),
            Err(error) if open.is_empty() => return Err(Fault::NotXml(error.to_string())),
            Err(error) => {
                return Err(damaged(text, reader.error_position(), error.to_string()));
            }
        };
        match event {
            Event::Start(start) => {
                let element = element(&start);
                if open.is_empty() && roots.is_empty() {
                    check_root(&element.name)?;
                } else if open.is_empty() && element.name != EPISODE {
                    return Ok(roots);
                }
                count += 1;
                if count > MOST_ELEMENTS {
                    return Err(Fault::TooMuch("more elements"));
                }
                if open.len() >= DEEPEST {
                    return Err(Fault::TooMuch("more elements within elements"));
                }
                open.push(element);
            }
            Event::End(_) => {
                let Some(done) = open.pop() else {
                    return Err(Fault::NotXml("it begins with a closing tag".into()));
                };
                if let Some(parent) = open.last_mut() {
                    parent.children.push(done);
                    continue;
                }
                let may_go_on = done.name == EPISODE;
                roots.push(done);
                if !may_go_on {
                    return Ok(roots);
                }
            }
            Event::Text(content) => push(&mut open, &content.xml10_content()),
            Event::CData(content) => push(&mut open, &content.xml10_content()),
            Event::GeneralRef(reference) => {
                let known = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                match known {
                    Some(character) => push(&mut open, character.encode_utf8(&mut [0; 4])),
                    None => push(&mut open, &format!("&{};", &*reference)),
                }
            }
            Event::DocType(_) | Event::Eof if open.is_empty() && !roots.is_empty() => {
                return Ok(roots);
            }
            Event::DocType(declaration) => {
                let declaration = declaration.to_ascii_lowercase();
                if declaration.contains("<!entity") {
                    return Err(Fault::OwnEntities);
                }
                if declaration.trim_start().starts_with("html") {
                    return Err(Fault::Html);
                }
            }
            Event::Eof if open.is_empty() => {
                return Err(Fault::NotXml("it holds no element".into()));
            }
            Event::Eof => {
                return Err(damaged(
                    text,
                    text.len() as u64,
                    "it ends in the middle".into(),
                ));
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// What is known, but has no item of its own in Plex, is told apart from what is wrong.
fn check_root(name: &str) -> Result<(), Fault> {
    Err(match name {
        known if Kind::of(known).is_some() || EPISODES.contains(&known) => return Ok(()),
        "set" | "collection" | "boxset" => Fault::NotSynced("a collection"),
        "person" | "actor" => Fault::NotSynced("a person"),
        "song" | "track" => Fault::NotSynced("a song"),
        "html" | "head" | "body" | "div" | "p" => Fault::Html,
        other if !other.starts_with(char::is_alphabetic) => {
            Fault::NotXml("it holds plain text".into())
        }
        other => Fault::OtherXml(other.chars().take(40).collect()),
    })
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .map(|attribute| {
            let name = attribute.key.local_name().as_ref().to_ascii_lowercase();
            (name, attribute.value.into_owned())
        })
        .collect();
    Element {
        name: start.local_name().as_ref().to_ascii_lowercase(),
        attributes,
        ..Element::default()
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn damaged(text: &str, position: u64, reason: String) -> Fault {
    let position = usize::try_from(position)
        .unwrap_or(usize::MAX)
        .min(text.len());
    let before = &text.as_bytes()[..position];
    Fault::Damaged {
        line: 1 + before
            .split(|&byte| byte == b'\n')
            .count()
            .saturating_sub(1),
        reason,
    }
}
