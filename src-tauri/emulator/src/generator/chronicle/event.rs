//! What may happen between two syncs or in the middle of one, and how it is carried out in Plex, in the source's folder and
//! in the chronicle.

use std::fmt;
use std::io;
use std::path::Path;

use super::super::account::Account;
use super::super::expect::{Place, Want};
use super::super::owner::Memories;
use super::super::reckon::picture_want;
use super::super::source::Source;
use super::super::{File, attribute, values, write_files};
use super::{Chronicle, Told};
use crate::person::{PersonValue, Scope};
use crate::seed::{SeedItem, SeedValues};
use crate::{EditError, Emulator, PictureKind};

/// See the module.
#[derive(Debug, Clone)]
pub struct Event(pub(super) Kind);

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A person enters a value, and locks it or not.
    Edit {
        place: Place,
        attribute: &'static str,
        value: Want,
        lock: bool,
    },
    Lock {
        place: Place,
        attribute: &'static str,
    },
    Unlock {
        place: Place,
        attribute: &'static str,
    },
    /// A person uploads a poster, which locks it.
    Poster { place: Place, bytes: Vec<u8> },
    /// Somebody chooses another picture of an actor, or takes it away.
    Face {
        place: Place,
        actor: String,
        address: String,
    },
    /// The agent says something else, and refreshes.
    Refresh { place: Place, says: Box<SeedValues> },
    /// Plex gives an item another key.
    Rekey { place: Place },
    /// Plex is built anew from the same files: all keys are others, and those of before denote other items.
    Rebuild,
    /// An item goes, with all below it.
    Delete { place: Place },
    /// It is found anew, with what its agent says of it.
    Return {
        place: Place,
        parent: Option<Place>,
        item: Box<SeedItem>,
    },
    /// Another state of a source item and of what stands in the same file.
    Source {
        place: Place,
        told: Told,
        later: Box<Source>,
        write: Vec<File>,
        remove: Vec<String>,
    },
    /// A folder of the source goes, or comes back.
    Folder { folder: &'static str, is_away: bool },
}

impl Event {
    /// Whether it is done in Plex, and not in the source's folder.
    pub fn is_in_plex(&self) -> bool {
        !matches!(self.0, Kind::Source { .. } | Kind::Folder { .. })
    }

    /// Carries it out in Plex; nothing where it concerns the source, or an item that is not there.
    ///
    /// # Errors
    /// What the emulator does not take.
    pub fn play(&self, emulator: &Emulator) -> Result<(), EditError> {
        let library = emulator.state();
        let key = |place: &Place| {
            let section = library.sections.get(&place.section);
            let item = section.and_then(|section| section.items.get(&place.name));
            item.map(|item| item.rating_key)
        };
        if let Kind::Rebuild = self.0 {
            return emulator.rebuild();
        }
        if let Kind::Return {
            place,
            parent,
            item,
        } = &self.0
        {
            let parent = parent
                .as_ref()
                .map(|place| key(place).ok_or(EditError::NotFound(0)));
            return emulator.take_in(&place.section, parent.transpose()?, item.as_ref().clone());
        }
        let Some(key) = self.place().and_then(key) else {
            return Ok(());
        };
        match &self.0 {
            Kind::Edit {
                attribute,
                value,
                lock,
                ..
            } => emulator.edit_as_person(key, attribute, as_typed(attribute, value), *lock),
            Kind::Lock { attribute, .. } => emulator.lock_as_person(key, attribute),
            Kind::Unlock { attribute, .. } => emulator.unlock_as_person(key, attribute),
            Kind::Poster { bytes, .. } => {
                emulator.select_picture_as_person(key, PictureKind::Poster, bytes.clone(), true)
            }
            Kind::Face { actor, address, .. } => {
                emulator.set_actor_picture(key, actor, address);
                Ok(())
            }
            Kind::Refresh { says, .. } => {
                emulator.agent_says(key, says.as_ref().clone())?;
                emulator.agent_refresh(Scope::Item(key))
            }
            Kind::Rekey { .. } => emulator.rekey(key).map(drop),
            Kind::Delete { .. } => emulator.delete(key),
            Kind::Rebuild | Kind::Return { .. } | Kind::Source { .. } | Kind::Folder { .. } => {
                Ok(())
            }
        }
    }

    /// Carries it out below the source's folder.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn play_in(&self, root: &Path) -> io::Result<()> {
        match &self.0 {
            Kind::Source { write, remove, .. } => {
                for path in remove {
                    match std::fs::remove_file(root.join(path)) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                write_files(root, write)
            }
            Kind::Folder { folder, is_away } => {
                let here = root.join(folder);
                let elsewhere = root.with_file_name(format!("{folder} elsewhere"));
                if *is_away {
                    std::fs::rename(here, elsewhere)
                } else {
                    std::fs::rename(elsewhere, here)
                }
            }
            _ => Ok(()),
        }
    }

    /// The item in Plex that it is done to, if it is one.
    pub(super) fn place(&self) -> Option<&Place> {
        match &self.0 {
            Kind::Edit { place, .. }
            | Kind::Lock { place, .. }
            | Kind::Unlock { place, .. }
            | Kind::Poster { place, .. }
            | Kind::Face { place, .. }
            | Kind::Refresh { place, .. }
            | Kind::Rekey { place }
            | Kind::Delete { place }
            | Kind::Return { place, .. } => Some(place),
            Kind::Rebuild | Kind::Source { .. } | Kind::Folder { .. } => None,
        }
    }

    pub(super) fn is_poster(&self) -> bool {
        matches!(self.0, Kind::Poster { .. })
    }

    pub(super) fn concerns(&self, other: &Place) -> bool {
        matches!(self.0, Kind::Rebuild) || self.place() == Some(other)
    }

    /// What it does to an item's account, as far as that is said without asking Plex.
    pub(super) fn befall(&self, account: &mut Account) {
        match &self.0 {
            Kind::Edit {
                attribute,
                value,
                lock,
                ..
            } => account.edit(attribute, value.clone(), *lock),
            Kind::Lock { attribute, .. } => {
                account.locked.insert((*attribute).to_owned());
            }
            Kind::Unlock { attribute, .. } => {
                account.locked.remove(*attribute);
            }
            Kind::Poster { bytes, .. } => account.edit("thumb", picture_want(bytes), true),
            Kind::Face { actor, address, .. } => account.set_picture(actor, address),
            Kind::Refresh { says, .. } => account.refresh(says),
            Kind::Rekey { .. } | Kind::Rebuild | Kind::Delete { .. } | Kind::Return { .. } => {
                account.memories = Memories::new();
            }
            Kind::Source { .. } | Kind::Folder { .. } => {}
        }
    }
}

impl Chronicle {
    /// Notes an event between two syncs. What it did in Plex is read by [`Chronicle::observe`].
    pub fn note(&mut self, event: &Event) {
        self.before = None;
        match &event.0 {
            Kind::Rebuild => {
                // Whose they are is known by their keys.
                self.now.collections.clear();
                for book in &mut self.now.books {
                    book.account.memories = Memories::new();
                    book.open.clear();
                    book.is_touched = true;
                }
            }
            Kind::Delete { place } => {
                for position in self.all_at(place) {
                    let book = &mut self.now.books[position];
                    (book.is_present, book.is_touched) = (false, true);
                }
            }
            Kind::Return { place, .. } => {
                for position in self.all_at(place) {
                    let book = &mut self.now.books[position];
                    let account = &mut book.account;
                    account.memories = Memories::new();
                    account.locked.clear();
                    (book.is_present, book.is_touched) = (true, true);
                    book.may_be_forgotten = false;
                    book.unsure.clear();
                    book.free.clear();
                    book.open.clear();
                }
            }
            Kind::Source {
                place, told, later, ..
            } => {
                let Some(&position) = self.positions.get(place) else {
                    return;
                };
                self.now.books[position].source = later.as_ref().clone();
                for position in self.sharing(position) {
                    self.now.books[position].told = *told;
                }
            }
            Kind::Folder { folder, is_away } => {
                if *is_away {
                    self.now.away.insert(folder);
                } else {
                    self.now.away.remove(folder);
                }
            }
            _ => self.note_of_one(event),
        }
    }

    fn note_of_one(&mut self, event: &Event) {
        let place = event.place();
        let Some(&position) = place.and_then(|place| self.positions.get(place)) else {
            return;
        };
        let book = &mut self.now.books[position];
        book.is_touched = true;
        event.befall(&mut book.account);
        match &event.0 {
            Kind::Refresh { says, .. } => book.agent = says.as_ref().clone(),
            Kind::Rekey { .. } => book.open.clear(),
            _ => {}
        }
    }

    /// Notes an event in the middle of a sync, which may have come before or after any of its requests.
    pub(super) fn note_meanwhile(&mut self, event: &Event) {
        match &event.0 {
            Kind::Delete { .. } => self.note(event),
            Kind::Rebuild => {
                for book in &mut self.now.books {
                    (book.is_touched, book.may_be_forgotten) = (true, true);
                }
            }
            _ => {
                let place = event.place();
                let Some(&position) = place.and_then(|place| self.positions.get(place)) else {
                    return;
                };
                let book = &mut self.now.books[position];
                book.is_touched = true;
                match &event.0 {
                    Kind::Refresh { says, .. } => book.agent = says.as_ref().clone(),
                    Kind::Rekey { .. } => book.may_be_forgotten = true,
                    _ => {}
                }
            }
        }
    }

    fn all_at(&self, place: &Place) -> Vec<usize> {
        let position = self.positions.get(place);
        position.map_or_else(Vec::new, |position| self.with_all_below(*position))
    }
}

/// A value as a person types it.
fn as_typed(attribute: &str, value: &Want) -> PersonValue {
    match value {
        Want::Nothing if attribute::rule(attribute).is_some() => PersonValue::Tags(Vec::new()),
        Want::Nothing => PersonValue::Text(String::new()),
        Want::Text(text) | Want::Picture(text) => PersonValue::Text(text.clone()),
        Want::Whole(number) => PersonValue::Text(number.to_string()),
        Want::Tenths(_) => PersonValue::Text(value.to_string()),
        Want::Tags(tags) | Want::Cast { names: tags, .. } => PersonValue::Tags(tags.clone()),
    }
}

/// In a few words, for people who read what led to a failure.
impl fmt::Display for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Edit {
                place,
                attribute,
                value,
                lock,
            } => {
                let value: String = value.to_string().chars().take(40).collect();
                let lock = if *lock { "" } else { " without a lock" };
                write!(out, "{place}: a person sets {attribute} to {value}{lock}")
            }
            Kind::Lock { place, attribute } => write!(out, "{place}: a person locks {attribute}"),
            Kind::Unlock { place, attribute } => {
                write!(out, "{place}: a person unlocks {attribute}")
            }
            Kind::Poster { place, .. } => write!(out, "{place}: a person uploads a poster"),
            Kind::Face {
                place,
                actor,
                address,
            } => write!(out, "{place}: the picture of {actor} becomes {address:?}"),
            Kind::Refresh { place, says } => {
                let names: Vec<_> = values::told(says).into_keys().collect();
                write!(out, "{place}: its agent refreshes {}", names.join(", "))
            }
            Kind::Rekey { place } => write!(out, "{place}: gets another key"),
            Kind::Rebuild => out.write_str("Plex is built anew"),
            Kind::Delete { place } => write!(out, "{place}: is deleted"),
            Kind::Return { place, .. } => write!(out, "{place}: comes back"),
            Kind::Source {
                place,
                told,
                write,
                remove,
                ..
            } => {
                let written: Vec<_> = write.iter().map(|file| &file.path).collect();
                write!(
                    out,
                    "{place}: its source is {told:?}, written {written:?}, removed {remove:?}"
                )
            }
            Kind::Folder { folder, is_away } => {
                let word = if *is_away { "goes" } else { "comes back" };
                write!(out, "the source's folder {folder} {word}")
            }
        }
    }
}
