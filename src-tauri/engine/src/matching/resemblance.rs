//! Weaker evidence than a full path: the same file in a folder of the same name, or a file name that is the only one of
//! its kind on both sides. It only ever suggests; nothing is written before a person agreed.
//!
//! Case is left out on both sides, whatever the platform: that a path differs by case alone is a reason to suggest. Not
//! here: what a person said (`choice`).

use sha1::{Digest, Sha1};

use super::path::segments;
use crate::text;

/// What speaks for a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resemblance {
    /// The file's name and its folder's are the same.
    FolderAndName,
    /// The file's name is the same, and no other file on either side has it.
    NameAlone,
}

/// Files of one side by how their paths end; `T` says what holds a file. 48 bytes per file beside its `T`s.
#[derive(Debug)]
pub struct Endings<T> {
    by_folder: Vec<(u64, u64, T)>,
    by_name: Vec<(u64, u64, T)>,
}

impl<T> Default for Endings<T> {
    fn default() -> Self {
        Self {
            by_folder: Vec::new(),
            by_name: Vec::new(),
        }
    }
}

impl<T: Copy + Ord> Endings<T> {
    /// Notes a file.
    pub fn add(&mut self, path: &str, what: T) {
        let Some(ends) = Ends::of(path) else { return };
        self.by_name.push((ends.name, ends.whole, what));
        if let Some(folder) = ends.folder {
            self.by_folder.push((folder, ends.whole, what));
        }
    }

    /// To be called once all files are noted.
    pub fn close(&mut self) {
        for files in [&mut self.by_folder, &mut self.by_name] {
            files.sort_unstable();
            files.dedup();
        }
    }

    /// What holds the only file of this ending; `None` where there are several or none.
    fn alone(files: &[(u64, u64, T)], ending: u64) -> Option<Vec<T>> {
        let from = files.partition_point(|(known, ..)| *known < ending);
        let same = files[from..]
            .iter()
            .take_while(|(known, ..)| *known == ending);
        let mut held = Vec::new();
        let mut only = None;
        for (_, whole, what) in same {
            if *only.get_or_insert(*whole) != *whole {
                return None;
            }
            held.push(*what);
        }
        (!held.is_empty()).then_some(held)
    }
}

/// The Plex items (or whatever `T` is) whose file resembles a source file and no other, and by what. Both sides must be
/// closed.
pub fn resembling<S: Copy + Ord, T: Copy + Ord>(
    path: &str,
    source: &Endings<S>,
    plex: &Endings<T>,
) -> Option<(Resemblance, Vec<T>)> {
    let ends = Ends::of(path)?;
    if let Some(folder) = ends.folder
        && Endings::alone(&source.by_folder, folder).is_some()
        && let Some(held) = Endings::alone(&plex.by_folder, folder)
    {
        return Some((Resemblance::FolderAndName, held));
    }
    Endings::alone(&source.by_name, ends.name)?;
    let held = Endings::alone(&plex.by_name, ends.name)?;
    Some((Resemblance::NameAlone, held))
}

/// The end of a path, hashed.
struct Ends {
    whole: u64,
    folder: Option<u64>,
    name: u64,
}

impl Ends {
    fn of(path: &str) -> Option<Self> {
        let names: Vec<String> = segments(path).iter().map(|name| text::fold(name)).collect();
        let (name, folders) = names.split_last()?;
        let folder = folders.last().filter(|folder| !folder.is_empty());
        Some(Self {
            whole: hash(&names.join("/")),
            folder: folder.map(|folder| hash(&format!("{folder}/{name}"))),
            name: hash(name),
        })
    }
}

fn hash(text: &str) -> u64 {
    let digest = Sha1::digest(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}
