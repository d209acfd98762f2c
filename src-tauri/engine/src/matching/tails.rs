//! Paths as rows of numbers, one per name, so that the tails of many paths can be compared at little cost.
//!
//! Not here: what equal tails mean (`votes`).

use std::collections::{HashMap, HashSet};

use super::path::segments;
use crate::text;

/// Longest tail that files are grouped by, in names; shows are told apart by the third from the end.
const LONGEST: usize = 5;

/// The names of both sides, each with its number. Only ever asked, never gone through: hash order decides nothing.
#[derive(Debug, Default)]
pub(super) struct Paths {
    names: HashMap<String, u32>,
    tails: HashMap<(u32, u32), u32>,
}

/// The files of one side, each path once.
#[derive(Debug, Default)]
pub(super) struct Side<'a> {
    files: Vec<File<'a>>,
    by_tail: HashMap<(usize, u32), Vec<u32>>,
}

#[derive(Debug)]
struct File<'a> {
    text: &'a str,
    names: Vec<u32>,
    /// Its last name, its last two, and so on.
    tails: Vec<u32>,
}

impl Paths {
    /// Reads the files of one side.
    pub(super) fn read<'a>(&mut self, paths: &'a [String], folds: bool) -> Side<'a> {
        let mut side = Side::default();
        let mut seen = HashSet::new();
        for text in paths {
            let names = self.names(text, folds);
            if names.is_empty() || !seen.insert(names.clone()) {
                continue;
            }
            let number = u32::try_from(side.files.len()).unwrap_or(u32::MAX);
            let mut tails: Vec<u32> = Vec::with_capacity(LONGEST);
            for (length, &name) in names.iter().rev().take(LONGEST).enumerate() {
                let tail = match tails.last() {
                    None => name,
                    Some(&shorter) => {
                        let next = u32::try_from(self.tails.len()).unwrap_or(u32::MAX);
                        *self.tails.entry((name, shorter)).or_insert(next)
                    }
                };
                tails.push(tail);
                side.by_tail
                    .entry((length + 1, tail))
                    .or_default()
                    .push(number);
            }
            side.files.push(File { text, names, tails });
        }
        side
    }

    /// The names of folders.
    pub(super) fn roots(&mut self, folders: &[String], folds: bool) -> Vec<Vec<u32>> {
        folders
            .iter()
            .map(|folder| self.names(folder, folds))
            .filter(|names| !names.is_empty())
            .collect()
    }

    fn names(&mut self, path: &str, folds: bool) -> Vec<u32> {
        segments(path)
            .into_iter()
            .map(|name| {
                let name = if folds { text::fold(&name) } else { name };
                let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                *self.names.entry(name).or_insert(next)
            })
            .collect()
    }
}

impl<'a> Side<'a> {
    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The files as they were spelled first.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.files.iter().map(|file| file.text)
    }

    /// A file as it was spelled first.
    pub(super) fn text(&self, file: u32) -> &'a str {
        self.files[file as usize].text
    }

    /// A file's names.
    pub(super) fn names(&self, file: u32) -> &[u32] {
        &self.files[file as usize].names
    }

    /// The tails of a file, the shortest (its name) first.
    pub(super) fn tails(&self, file: u32) -> &[u32] {
        &self.files[file as usize].tails
    }

    /// The files that end with this tail of so many names.
    pub(super) fn ending(&self, length: usize, tail: u32) -> &[u32] {
        self.by_tail.get(&(length, tail)).map_or(&[], Vec::as_slice)
    }
}

/// The first `depth` names of a path, with the separators that it has.
pub(super) fn spell(path: &str, depth: usize) -> String {
    let names = segments(path);
    let names = &names[..depth.min(names.len())];
    let separator = if path.contains('\\') { "\\" } else { "/" };
    let joined = names.join(separator);
    let is_share = path.starts_with(r"\\") || path.starts_with("//");
    match names.first().map(String::as_str) {
        Some("") if names.len() == 1 => separator.to_owned(),
        Some("") if is_share => format!("{separator}{joined}"),
        _ => joined,
    }
}
