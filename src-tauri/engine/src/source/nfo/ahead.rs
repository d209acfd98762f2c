//! Folders visited ahead of the walk, by threads of their own.
//!
//! The walk goes through the tree in one order, whoever visited a folder: threads only fill in what it will ask for next.
//!
//! | A folder is | Who has it | The walk, coming to it |
//! |---|---|---|
//! | waiting | nobody | visits it itself |
//! | running | a thread | waits for it |
//! | done | this list | takes it |
//! | unknown (a link, the beginning) | nobody | visits it itself |
//!
//! Links are left to the walk, since whether one is followed depends on those before it. So that memory stays bounded,
//! threads rest while enough is done; the walk never waits for a thread that rests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::listing::Folder;
use super::show::Show;
use super::visit::{self, Place, Visited};
use super::walk::DEEPEST;
use crate::model::SourceNumber;

/// A folder's place in the order of the walk: of each folder on the way to it, its number among its siblings.
pub(super) type Key = Vec<usize>;

/// Most names held that the walk did not ask for yet.
const MOST_NAMES: usize = 10_000;
/// Most folders held that the walk did not ask for yet.
const MOST_FOLDERS: usize = 256;

/// The folders visited ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    source: SourceNumber,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Folders with children that nobody began with, by the key of the next of them.
    waiting: BTreeMap<Key, Family>,
    running: BTreeSet<Key>,
    done: BTreeMap<Key, Visited>,
    /// Names in `done`.
    weight: usize,
    is_over: bool,
}

/// A visited folder, as its children need it.
#[derive(Debug)]
struct Family {
    parent: Arc<Place>,
    show: Option<Arc<Show>>,
    folders: Arc<[Folder]>,
}

impl Ahead {
    pub(super) fn new(source: SourceNumber) -> Self {
        Self {
            source,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// What is in the folder, which the walk came to.
    pub(super) fn take(&self, key: &Key, place: &Arc<Place>) -> Visited {
        let mut state = self.lock();
        loop {
            if let Some(visited) = state.done.remove(key) {
                state.weight -= visited.weight();
                self.changed.notify_all();
                return visited;
            }
            if !state.running.contains(key) {
                break;
            }
            state = self.wait(state);
        }
        if state.waiting.contains_key(key) {
            state.advance(key);
        }
        drop(state);
        let visited = visit::visit(self.source, place);
        self.lock().announce(key, place, &visited);
        self.changed.notify_all();
        visited
    }

    /// Visits folders until the walk is over.
    pub(super) fn work(&self) {
        let mut state = self.lock();
        while !state.is_over {
            let Some((key, place)) = state.begin() else {
                state = self.wait(state);
                continue;
            };
            drop(state);
            let running = Running { ahead: self, key };
            let place = Arc::new(place);
            let visited = visit::visit(self.source, &place);
            state = self.lock();
            state.announce(&running.key, &place, &visited);
            state.weight += visited.weight();
            state.done.insert(running.key.clone(), visited);
            drop(state);
            drop(running);
            state = self.lock();
        }
    }

    /// Lets the threads end, also where the walk ends by a panic.
    pub(super) fn over_at_end(&self) -> impl Drop + '_ {
        struct Over<'a>(&'a Ahead);
        impl Drop for Over<'_> {
            fn drop(&mut self) {
                self.0.lock().is_over = true;
                self.0.changed.notify_all();
            }
        }
        Over(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that panicked left the lists whole: each change to them is one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first waiting folder, where there is room for what it holds.
    fn begin(&mut self) -> Option<(Key, Place)> {
        if self.weight >= MOST_NAMES || self.done.len() + self.running.len() >= MOST_FOLDERS {
            return None;
        }
        let (key, family) = self.waiting.first_key_value()?;
        let key = key.clone();
        let folder = family.folders.get(*key.last()?)?;
        let place = family.parent.child(&folder.name, family.show.clone());
        self.advance(&key);
        self.running.insert(key.clone());
        Some((key, place))
    }

    /// Goes on to the next sibling of a folder that somebody begins with.
    fn advance(&mut self, key: &Key) {
        let Some(family) = self.waiting.remove(key) else {
            return;
        };
        if let Some((at, parent)) = key.split_last() {
            self.wait_from(parent, at + 1, family);
        }
    }

    /// Lets a visited folder's children wait.
    fn announce(&mut self, key: &Key, place: &Arc<Place>, visited: &Visited) {
        if place.depth + 1 < DEEPEST {
            let family = Family {
                parent: Arc::clone(place),
                show: visited.show.clone(),
                folders: Arc::clone(&visited.folders),
            };
            self.wait_from(key, 0, family);
        }
    }

    fn wait_from(&mut self, parent: &[usize], from: usize, family: Family) {
        let mut rest = family.folders.iter().skip(from);
        if let Some(skipped) = rest.position(|folder| !folder.is_link) {
            let mut key = parent.to_vec();
            key.push(from + skipped);
            self.waiting.insert(key, family);
        }
    }
}

/// A folder that a thread is at. However that ends, nobody waits for it afterwards.
struct Running<'a> {
    ahead: &'a Ahead,
    key: Key,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.ahead.lock().running.remove(&self.key);
        self.ahead.changed.notify_all();
    }
}
