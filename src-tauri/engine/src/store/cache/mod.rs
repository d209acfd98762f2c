//! `cache/`: what can be read from Plex and the sources again. Opened on first use, may be deleted at any time, has a
//! size limit, and never fails its caller: without it everything is a miss, and a note says why.
//!
//! Commits do not wait for the disk. What that risks is the file after a power cut; so a mark with the machine's boot
//! number lies beside it while it is open, and a file whose mark is from another boot is thrown away.
//!
//! Not here: when a listing is to be trusted (`library`), and when a match is (`matching`, `run`).

mod file;
mod library;
mod matches;
mod news;
mod stats;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use heed::RwTxn;

use super::{DataFolder, StoreError};
use file::{CacheFile, Tables};
use stats::Counters;

pub use library::SectionMark;
pub use matches::{MatchOutcome, MatchRecord};
pub use stats::since;

/// The size that `cache/` may have unless told otherwise, in bytes.
pub const DEFAULT_LIMIT: usize = 1 << 30;

/// The library and match cache. Clones share it.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    /// Keeps the folder's lock as long as the file may be open.
    folder: Option<DataFolder>,
    limit: usize,
    slot: Mutex<Slot>,
    note: Mutex<Option<String>>,
    /// Nothing more fits; puts are turned away until something is removed.
    full: AtomicBool,
    library: Counters,
    matches: Counters,
}

enum Slot {
    Unopened,
    Open(Arc<CacheFile>),
    Off,
}

impl Cache {
    /// A cache in `folder`, of at most `limit` bytes ([`DEFAULT_LIMIT`]). Nothing is opened yet.
    pub fn new(folder: &DataFolder, limit: usize) -> Self {
        Self::with(Some(folder.clone()), limit, Slot::Unopened, None)
    }

    /// No cache: everything is a miss, and the note says why.
    pub fn unavailable(reason: &str) -> Self {
        let note = off_note(reason);
        Self::with(None, 0, Slot::Off, Some(note))
    }

    fn with(folder: Option<DataFolder>, limit: usize, slot: Slot, note: Option<String>) -> Self {
        Self(Arc::new(Inner {
            folder,
            limit,
            slot: Mutex::new(slot),
            note: Mutex::new(note),
            full: AtomicBool::new(false),
            library: Counters::default(),
            matches: Counters::default(),
        }))
    }

    /// What a person should know of the cache: that it was rebuilt, is full, or is off.
    pub fn note(&self) -> Option<String> {
        self.0
            .note
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether look-ups can succeed at all. Opens the cache.
    pub fn is_available(&self) -> bool {
        self.open().is_some()
    }

    /// Empties the cache. Everything is read anew by the next sync.
    pub fn clear(&self) {
        let cleared = self.write(|transaction, tables| {
            for table in tables {
                table.clear(transaction)?;
            }
            Ok(())
        });
        if cleared.is_some() {
            self.0.full.store(false, Ordering::Release);
        }
    }

    /// The open file; opens it on first use.
    fn open(&self) -> Option<Arc<CacheFile>> {
        let mut slot = self.0.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Slot::Open(file) = &*slot {
            return Some(Arc::clone(file));
        }
        if matches!(*slot, Slot::Off) {
            return None;
        }
        let path = self.0.folder.as_ref().map(DataFolder::path)?;
        match CacheFile::open(&path.join("cache"), self.0.limit) {
            Ok((file, note)) => {
                let file = Arc::new(file);
                *slot = Slot::Open(Arc::clone(&file));
                if let Some(note) = note {
                    self.say(note);
                }
                Some(file)
            }
            Err(error) => {
                *slot = Slot::Off;
                self.say(off_note(&error.to_string()));
                None
            }
        }
    }

    /// The file, if it was opened.
    fn opened(&self) -> Option<Arc<CacheFile>> {
        match &*self.0.slot.lock().unwrap_or_else(PoisonError::into_inner) {
            Slot::Open(file) => Some(Arc::clone(file)),
            Slot::Unopened | Slot::Off => None,
        }
    }

    /// Runs `work` on one moment's view; `None` where the cache is off or goes off by it.
    fn read<T>(
        &self,
        work: impl FnOnce(&file::Reader<'_>, &Tables) -> Result<T, StoreError>,
    ) -> Option<T> {
        let file = self.open()?;
        match file.read(work) {
            Ok(value) => Some(value),
            Err(error) => {
                self.turn_off(&file, &error);
                None
            }
        }
    }

    /// Runs `work` in one transaction; `None` where the cache is off, goes off by it, or is full. `work` may run more
    /// than once.
    fn write<T>(
        &self,
        mut work: impl FnMut(&mut RwTxn<'_>, &Tables) -> Result<T, StoreError>,
    ) -> Option<T> {
        let file = self.open()?;
        let mut evicted = false;
        loop {
            match file.write(&mut work) {
                Ok(value) => return Some(value),
                Err(error) if error.is_map_full() && !evicted => {
                    // The match cache goes first: it costs a look-up each, the library a listing.
                    evicted = true;
                    match file.evict_matches() {
                        Ok(count) => self.0.matches.evicted(count),
                        Err(error) => {
                            self.turn_off(&file, &error);
                            return None;
                        }
                    }
                }
                Err(error) if error.is_map_full() => {
                    self.0.full.store(true, Ordering::Release);
                    self.say(format!(
                        "Syncslate's cache has reached its limit of {} MB. Syncs go on, slower. Raise the limit in the settings.",
                        self.0.limit >> 20
                    ));
                    return None;
                }
                Err(error) => {
                    self.turn_off(&file, &error);
                    return None;
                }
            }
        }
    }

    fn turn_off(&self, file: &CacheFile, error: &StoreError) {
        if matches!(
            error,
            StoreError::Damaged { .. } | StoreError::Decode { .. }
        ) {
            file.condemn();
        }
        *self.0.slot.lock().unwrap_or_else(PoisonError::into_inner) = Slot::Off;
        self.say(off_note(&error.to_string()));
        tracing::warn!(%error, "cache turned off");
    }

    fn say(&self, note: String) {
        *self.0.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }

    fn is_full(&self) -> bool {
        self.0.full.load(Ordering::Acquire)
    }

    /// Something was removed, so there may be room again.
    fn made_room(&self) {
        self.0.full.store(false, Ordering::Release);
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let folder = self
            .0
            .folder
            .as_ref()
            .map(|folder| folder.path().to_owned());
        formatter
            .debug_struct("Cache")
            .field("folder", &folder)
            .field("note", &self.note())
            .finish_non_exhaustive()
    }
}

fn off_note(reason: &str) -> String {
    format!("Syncslate works without its cache, so syncs take longer: {reason}")
}

/// Deletes the cache in a data folder that is not open. Says whether there was one.
pub fn delete(folder: &DataFolder) -> Result<bool, StoreError> {
    let path: &Path = &folder.path().join("cache");
    match std::fs::remove_dir_all(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::io(path, &error)),
    }
}
