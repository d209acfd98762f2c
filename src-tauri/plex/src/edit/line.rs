//! An edit as a request line, and as several where it is too long for one.

use super::{Edit, Lockable, TagField};
use crate::wire::encode;

/// Method, path, type, one id, version, and a base path of a proxy.
const LINE_ALLOWANCE: usize = 160;

impl Edit {
    /// Splits into edits of at most `max_line` bytes each once encoded, the rest of the request line allowed for.
    ///
    /// A field is never torn apart: a list in two requests would lose its first half where Plex replaces. So a single
    /// field that is longer goes alone, and the others together around it: as few edits as there is room for. A cast that
    /// is too long with what is told of its actors goes without the last of their pictures, then of their roles. One edit
    /// comes back where nothing needs splitting, none where there is nothing to say.
    pub fn split(&self, max_line: usize) -> Vec<Self> {
        let room = max_line.saturating_sub(LINE_ALLOWANCE);
        let mut parts: Vec<(Self, usize)> = Vec::new();
        for what in self.touches() {
            let mut unit = self.only(what);
            unit.shed(room);
            let length = unit.query().len();
            match parts.iter_mut().find(|(_, used)| used + length <= room) {
                Some((part, used)) => {
                    part.absorb(unit);
                    *used += length;
                }
                None => parts.push((unit, length)),
            }
        }
        parts.into_iter().map(|(part, _)| part).collect()
    }

    /// Whether it goes whole in one request of at most `max_line` bytes.
    pub fn fits(&self, max_line: usize) -> bool {
        self.query().len() <= max_line.saturating_sub(LINE_ALLOWANCE)
    }

    /// Leaves the last pictures, then the last roles of a cast out that is too long with them.
    fn shed(&mut self, room: usize) {
        while self.query().len() > room
            && let Some(tags) = self.tags.get_mut(&TagField::Actor)
            && (tags.pictures.pop_last().is_some() || tags.roles.pop_last().is_some())
        {}
    }

    /// The part that concerns one field.
    #[must_use]
    pub fn only(&self, what: Lockable) -> Self {
        let mut part = Self::new();
        match what {
            Lockable::Value(field) => {
                part.values
                    .extend(self.values.get(&field).map(|value| (field, value.clone())));
            }
            Lockable::Tags(field) => {
                part.tags
                    .extend(self.tags.get(&field).map(|tags| (field, tags.clone())));
            }
            Lockable::Image(_) => {}
        }
        part.locks
            .extend(self.locks.get(&what).map(|locked| (what, *locked)));
        part
    }

    fn absorb(&mut self, other: Self) {
        self.values.extend(other.values);
        self.tags.extend(other.tags);
        self.locks.extend(other.locks);
    }

    /// The parameters, encoded, each with a leading `&`.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        let mut push = |name: &str, value: &str| {
            query.push('&');
            query.push_str(&encode(name));
            query.push('=');
            query.push_str(&encode(value));
        };
        for what in self.touches() {
            let name = what.name();
            match what {
                Lockable::Value(field) => {
                    if let Some(value) = self.values.get(&field) {
                        push(&format!("{name}.value"), value);
                    }
                }
                Lockable::Tags(field) => {
                    if let Some(tags) = self.tags.get(&field) {
                        for (index, tag) in tags.all.iter().enumerate() {
                            push(&format!("{name}[{index}].tag.tag"), tag);
                            if let Some(role) = tags.roles.get(&index) {
                                push(&format!("{name}[{index}].tagging.text"), role);
                            }
                            if let Some(picture) = tags.pictures.get(&index) {
                                push(&format!("{name}[{index}].tagging.thumb"), picture);
                            }
                        }
                        // Each name is encoded before it is joined: Plex splits at commas first.
                        let gone: Vec<String> = tags.remove.iter().map(|tag| encode(tag)).collect();
                        if !gone.is_empty() {
                            push(&format!("{name}[].tag.tag-"), &gone.join(","));
                        }
                    }
                }
                Lockable::Image(_) => {}
            }
            if let Some(locked) = self.locks.get(&what) {
                push(&format!("{name}.locked"), if *locked { "1" } else { "0" });
            }
        }
        query
    }
}
