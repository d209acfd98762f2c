//! What happens to a library beside the client under test: a person's edits, the agent's refreshes, moved files.
//!
//! Nothing here costs a turn at the writer or is counted as a request.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::Emulator;
use crate::library::{CollectionSort, Edit, EditError, ItemKind, PictureKind, tag_kind};
use crate::seed::{SeedItem, SeedValues};

/// A value that a person enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonValue {
    /// Of a plain field; an empty text empties it.
    Text(String),
    /// Of a list: all tags that shall be there afterwards.
    Tags(Vec<String>),
}

/// What the agent refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One item.
    Item(u64),
    /// Everything but collections.
    All,
}

impl Emulator {
    /// Edits a field (Plex's name: `title`, `genre` …) in Plex; with `lock` it is locked, without its lock stays.
    pub fn edit_as_person(
        &self,
        key: u64,
        field: &str,
        value: impl Into<PersonValue>,
        lock: bool,
    ) -> Result<(), EditError> {
        let mut parameters = match value.into() {
            PersonValue::Text(text) => vec![(format!("{field}.value"), text)],
            PersonValue::Tags(tags) => {
                let kind = tag_kind(field)
                    .ok_or_else(|| EditError::BadParameter(field.to_owned()))?
                    .name;
                let clear = std::iter::once((format!("{kind}[].tag"), String::new()));
                let sent = tags.into_iter().enumerate();
                clear
                    .chain(sent.map(|(index, tag)| (format!("{kind}[{index}].tag.tag"), tag)))
                    .collect()
            }
        };
        if lock {
            parameters.push((format!("{field}.locked"), "1".to_owned()));
        }
        self.apply_as_person(key, &parameters)
    }

    /// Says what an actor of an item plays, which locks the cast.
    pub fn set_role_as_person(&self, key: u64, actor: &str, role: &str) -> Result<(), EditError> {
        self.change_library(|library| library.set_role(key, actor, Some(role), None));
        self.lock_as_person(key, "actor")
    }

    /// Says where the picture of an actor of an item is, as an agent or another client may; the cast's lock stays.
    pub fn set_actor_picture(&self, key: u64, actor: &str, address: &str) {
        let now = self.now();
        self.change_library(|library| {
            library.set_actor_picture(key, actor, address);
            library.touch(key, now);
        });
    }

    /// Locks a field as it is.
    pub fn lock_as_person(&self, key: u64, field: &str) -> Result<(), EditError> {
        self.apply_as_person(key, &[(format!("{field}.locked"), "1".to_owned())])
    }

    /// Unlocks a field.
    pub fn unlock_as_person(&self, key: u64, field: &str) -> Result<(), EditError> {
        self.apply_as_person(key, &[(format!("{field}.locked"), "0".to_owned())])
    }

    /// Uploads a poster and selects it.
    pub fn select_poster_as_person(
        &self,
        key: u64,
        bytes: impl Into<Bytes>,
        lock: bool,
    ) -> Result<(), EditError> {
        self.select_picture_as_person(key, PictureKind::Poster, bytes, lock)
    }

    /// Uploads a background and selects it.
    pub fn select_background_as_person(
        &self,
        key: u64,
        bytes: impl Into<Bytes>,
        lock: bool,
    ) -> Result<(), EditError> {
        self.select_picture_as_person(key, PictureKind::Background, bytes, lock)
    }

    /// Uploads a picture of whatever kind and selects it.
    pub fn select_picture_as_person(
        &self,
        key: u64,
        kind: PictureKind,
        bytes: impl Into<Bytes>,
        lock: bool,
    ) -> Result<(), EditError> {
        let (habits, now) = (self.options().habits, self.now());
        let bytes = bytes.into();
        let is_picture =
            self.change_library(|library| library.upload(key, kind, bytes, habits, now))?;
        if !is_picture {
            return Err(EditError::BadParameter("bytes".to_owned()));
        }
        if lock {
            self.lock_as_person(key, kind.lock())?;
        }
        Ok(())
    }

    /// Chooses one of the pictures that are listed (see [`Emulator::pictures_of`]), or none.
    pub fn choose_picture_as_person(
        &self,
        key: u64,
        kind: PictureKind,
        picture: Option<&str>,
    ) -> Result<(), EditError> {
        let (habits, now) = (self.options().habits, self.now());
        self.change_library(|library| library.select(key, kind, picture, habits, now))
    }

    /// Watches an item (all of a show, season, artist, album), or marks it as not watched.
    pub fn watch_as_person(&self, key: u64, watched: bool) -> Result<(), EditError> {
        let now = self.now();
        self.change_library(|library| library.set_watched(key, watched, now))
    }

    /// Gives an item 0 to 10, or takes that back; nothing is locked.
    pub fn rate_as_person(&self, key: u64, rating: Option<f64>) -> Result<(), EditError> {
        self.change_library(|library| library.rate(key, rating))
    }

    /// Puts a member of a collection behind another one, or first, and has the collection shown in that order.
    pub fn move_in_collection_as_person(
        &self,
        collection: u64,
        member: u64,
        after: Option<u64>,
    ) -> Result<(), EditError> {
        let now = self.now();
        self.change_library(|library| {
            library.move_member(collection, member, after, now)?;
            library.set_preferences(collection, Some(CollectionSort::Custom), None, now)
        })
    }

    /// Makes a smart collection; `query` is that of a listing (`type=1&genre=comedy`). Returns its key.
    pub fn make_smart_collection_as_person(
        &self,
        section: u32,
        title: &str,
        query: &str,
    ) -> Result<u64, EditError> {
        let now = self.now();
        self.change_library(|library| library.make_smart_collection(section, title, query, now))
    }

    /// The agent refreshes: what is not locked says again what the agent says.
    pub fn agent_refresh(&self, scope: Scope) -> Result<(), EditError> {
        let (habits, now) = (self.options().habits, self.now());
        self.change_library(|library| {
            let keys: Vec<_> = match scope {
                Scope::Item(key) => vec![key],
                Scope::All => {
                    let items = library.items.values();
                    items
                        .filter(|item| item.kind != ItemKind::Collection)
                        .map(|item| item.key)
                        .collect()
                }
            };
            keys.into_iter()
                .try_for_each(|key| library.refresh(key, habits, now))
        })
    }

    /// From now on the agent says this of an item; the next refresh brings it in. What it leaves out the agent no
    /// longer speaks of.
    pub fn agent_says(&self, key: u64, values: SeedValues) -> Result<(), EditError> {
        self.change_library(|library| library.set_agent(key, values))
    }

    /// Takes an item (with what is below it) or a collection out of the library.
    pub fn delete(&self, key: u64) -> Result<(), EditError> {
        self.change_library(|library| library.delete(key))
    }

    /// Gives an item a new key, as Plex does on some scans. Returns the new one.
    pub fn rekey(&self, key: u64) -> Result<u64, EditError> {
        let now = self.now();
        self.change_library(|library| library.rekey(key, now))
    }

    /// Deals all keys out anew, as where Plex was built anew from the same files: each denotes another item than before.
    pub fn rebuild(&self) -> Result<(), EditError> {
        let now = self.now();
        self.change_library(|library| library.rebuild(now))
    }

    /// A scan finds an item with all below it: in a section of that title, below the item with the key `parent` or as one
    /// of the section's own.
    pub fn take_in(
        &self,
        section: &str,
        parent: Option<u64>,
        item: SeedItem,
    ) -> Result<(), EditError> {
        let (habits, now) = (self.options().habits, self.now());
        self.change_library(|library| library.take_in(section, parent, item, habits, now))
    }

    /// The files of an item and of all below it went missing: it is in the trash, and still listed.
    pub fn trash(&self, key: u64) -> Result<(), EditError> {
        let now = self.now();
        self.change_library(|library| library.set_trashed(key, Some(now)))
    }

    /// The files of an item and of all below it are back.
    pub fn restore(&self, key: u64) -> Result<(), EditError> {
        self.change_library(|library| library.set_trashed(key, None))
    }

    /// Moves or renames a file; as in Plex, `updatedAt` does not tell. `false` where no item has it.
    pub fn move_file(&self, from: &str, to: &str) -> bool {
        self.change_library(|library| {
            let items = library.items.values();
            let holders: Vec<u64> = items
                .filter(|item| item.files().any(|file| file == from))
                .map(|item| item.key)
                .collect();
            for key in &holders {
                let Some(mut item) = library.items.get_mut(key) else {
                    continue;
                };
                let files = item.media.iter_mut().flatten();
                for file in files.filter(|file| *file == from) {
                    to.clone_into(file);
                }
            }
            !holders.is_empty()
        })
    }

    fn apply_as_person(&self, key: u64, parameters: &[(String, String)]) -> Result<(), EditError> {
        let edit = Edit::read(
            parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )?;
        let (habits, now) = (self.options().habits, self.now());
        self.change_library(|library| library.apply(&[key], &edit, &BTreeSet::new(), habits, now))
    }
}

impl From<&str> for PersonValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for PersonValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[&str]> for PersonValue {
    fn from(tags: &[&str]) -> Self {
        Self::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect())
    }
}

impl<const N: usize> From<[&str; N]> for PersonValue {
    fn from(tags: [&str; N]) -> Self {
        Self::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect())
    }
}

impl From<Vec<String>> for PersonValue {
    fn from(tags: Vec<String>) -> Self {
        Self::Tags(tags)
    }
}
