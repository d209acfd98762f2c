//! `state/`: what must survive. Durable commits by one writer, short reads from anywhere.
//!
//! Not here: what the tables hold (`accessors`, and the rooms above), how a damaged file is told (`check`).

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use heed::types::Bytes;
use heed::{CommitOrAbort, Database};

use super::env::{self, Env};
use super::records::SchemaRecord;
use super::tables::{StateReader, StateWriter, Table, Tables};
use super::writer::Writer;
use super::{DataFolder, StoreError, copies, open};
use crate::blocking::Blocking;

/// The schema of the tables that this version writes.
pub const SCHEMA: u32 = 1;
/// The largest that `state/` may grow: more than any library needs, so that a runaway is stopped before the disk is.
const MAP_LIMIT: usize = 256 << 30;
pub(super) const SCHEMA_KEY: &[u8] = b"schema";

/// Durable state. Clones share it; it is closed when the last is dropped.
#[derive(Clone)]
pub struct State {
    // Dropped first, so that its thread is gone before the environment is closed.
    writer: Arc<Writer>,
    core: Arc<Core>,
}

/// What opening gave.
pub struct Opened {
    /// The state.
    pub state: State,
    /// What its owner should know, e.g. that a damaged state was put aside.
    pub note: Option<String>,
}

/// How to open; [`Default`] is what production uses.
#[derive(Debug, Clone, Copy)]
pub struct StateOptions {
    /// Where write transactions run.
    pub blocking: Blocking,
    /// Whether a commit waits for the disk. Off only in simulations, whose crashes are not power cuts.
    pub durable: bool,
    /// Size of the map at first, in bytes; it grows by itself.
    pub map_size: usize,
}

impl Default for StateOptions {
    fn default() -> Self {
        Self {
            blocking: Blocking::Threads,
            durable: true,
            map_size: 64 << 20,
        }
    }
}

/// What a test's hook decides about a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitFate {
    /// Commit.
    Proceed,
    /// Die just before: the transaction is absent.
    CrashBefore,
    /// Die just after: the transaction is there, and nobody was told.
    CrashAfter,
}

/// Asked before each commit with its number, counted from 1 since opening.
pub type CommitHook = Arc<dyn Fn(u64) -> CommitFate + Send + Sync>;

pub(super) struct Core {
    pub env: Env,
    pub tables: Tables,
    /// Read by every transaction; written while the map is resized, which must find none alive.
    pub alive: RwLock<()>,
    pub folder: DataFolder,
    hook: Mutex<Option<CommitHook>>,
    commits: AtomicU64,
    crashed: AtomicBool,
    blocking: Blocking,
}

impl State {
    /// Opens `state/` in `folder`, making it where it is missing. A damaged one is moved aside whole and noted; a newer
    /// one is refused and left as it is.
    pub fn open(folder: &DataFolder, blocking: Blocking) -> Result<Opened, StoreError> {
        Self::open_with(
            folder,
            StateOptions {
                blocking,
                ..StateOptions::default()
            },
        )
    }

    /// [`State::open`] with every choice.
    pub fn open_with(folder: &DataFolder, options: StateOptions) -> Result<Opened, StoreError> {
        let writer = Arc::new(Writer::start(options.blocking)?);
        let (env, tables, note) = open::open(folder, &options)?;
        let core = Arc::new(Core {
            env,
            tables,
            alive: RwLock::new(()),
            folder: folder.clone(),
            hook: Mutex::new(None),
            commits: AtomicU64::new(0),
            crashed: AtomicBool::new(false),
            blocking: options.blocking,
        });
        Ok(Opened {
            state: Self { writer, core },
            note,
        })
    }

    /// Runs `work` in one durable transaction: after `Ok` it is on disk whole, after `Err` not at all. `work` may run
    /// more than once (the map may have to grow), so it must not keep anything from an earlier call; it must not wait
    /// for this store.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut StateWriter<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let core = Arc::clone(&self.core);
        self.writer.run(move || core.write(work)).await
    }

    /// Runs `work` on one moment's view. Blocks for the disk at most; give long reads to [`State::read_long`], and do
    /// not read again within.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&StateReader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.core.read(work)
    }

    /// [`State::read`] where blocking work runs.
    pub async fn read_long<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&StateReader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let core = Arc::clone(&self.core);
        self.core.blocking.run(move || core.read(work)).await
    }

    /// Makes today's compacted copy in `copies/` unless there is one, and keeps the newest three. `now_ms` is the time
    /// in epoch milliseconds. Returns the copy that was made.
    pub async fn daily_copy(&self, now_ms: i64) -> Result<Option<std::path::PathBuf>, StoreError> {
        let core = Arc::clone(&self.core);
        self.core
            .blocking
            .run(move || {
                core.check_alive()?;
                let _alive = core.alive.read().unwrap_or_else(PoisonError::into_inner);
                copies::make(&core.env, core.folder.path(), now_ms)
            })
            .await
    }

    /// Puts a copy in the place of `state/`, which is moved aside. `state/` must be closed.
    pub fn restore_copy(folder: &DataFolder, copy: &Path) -> Result<(), StoreError> {
        copies::restore(folder.path(), copy)
    }

    /// For tests: `hook` decides about every commit from now on.
    pub fn set_commit_hook(&self, hook: CommitHook) {
        *self
            .core
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// How many transactions were committed since opening.
    pub fn commits(&self) -> u64 {
        self.core.commits.load(Ordering::Acquire)
    }
}

impl Core {
    fn check_alive(&self) -> Result<(), StoreError> {
        if self.crashed.load(Ordering::Acquire) {
            return Err(StoreError::Crashed);
        }
        Ok(())
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&StateReader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.check_alive()?;
        let _alive = self.alive.read().unwrap_or_else(PoisonError::into_inner);
        let value = work(&StateReader::new(self.env.read_txn()?, &self.tables));
        self.suspect(&value);
        value
    }

    /// Has every record read at the next start, where one was found that cannot be.
    fn suspect<T>(&self, value: &Result<T, StoreError>) {
        if let Err(StoreError::Decode { .. } | StoreError::Damaged { .. }) = value {
            open::suspect(self.folder.path());
        }
    }

    fn write<T>(
        &self,
        mut work: impl FnMut(&mut StateWriter<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        loop {
            self.check_alive()?;
            match self.write_once(&mut work) {
                Err(error) if error.is_map_full() => {
                    let _none = self.alive.write().unwrap_or_else(PoisonError::into_inner);
                    if !env::grow(&self.env, MAP_LIMIT)? {
                        return Err(StoreError::DiskFull);
                    }
                }
                other => {
                    self.suspect(&other);
                    return other;
                }
            }
        }
    }

    fn write_once<T>(
        &self,
        work: &mut impl FnMut(&mut StateWriter<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _alive = self.alive.read().unwrap_or_else(PoisonError::into_inner);
        let mut writer = StateWriter::new(self.env.write_txn()?, &self.tables);
        // Where `work` fails, dropping the transaction aborts it.
        let value = work(&mut writer)?;
        let hook = self
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let number = self.commits.load(Ordering::Acquire) + 1;
        let fate = hook.map_or(CommitFate::Proceed, |hook| hook(number));
        if fate == CommitFate::CrashBefore {
            self.crashed.store(true, Ordering::Release);
            return Err(StoreError::Crashed);
        }
        writer.into_txn().commit()?;
        self.commits.store(number, Ordering::Release);
        if fate == CommitFate::CrashAfter {
            self.crashed.store(true, Ordering::Release);
            return Err(StoreError::Crashed);
        }
        Ok(value)
    }
}

/// Makes the tables that are missing, and the schema record of a new file.
pub(super) fn create_tables(env: &Env) -> Result<Tables, StoreError> {
    let transaction = env.write_txn()?;
    let tables = env
        .create_databases_and_commit(transaction, |opener, transaction| {
            let mut made = Vec::with_capacity(Table::ALL.len());
            for table in Table::ALL {
                made.push(opener.create_database::<Bytes, Bytes>(transaction, Some(table.name()))?);
            }
            let made: [Database<'_, Bytes, Bytes>; Table::ALL.len()] = made
                .try_into()
                .unwrap_or_else(|_| unreachable!("BUG: one database was made per table"));
            let meta = made[Table::Meta as usize];
            if meta.get(transaction, SCHEMA_KEY)?.is_none() {
                let record = SchemaRecord { schema: SCHEMA };
                let bytes = super::record::encode(Table::Meta.name(), &record)?;
                meta.put(transaction, SCHEMA_KEY, &bytes)?;
            }
            Ok::<_, StoreError>(CommitOrAbort::<_, ()>::Commit(made))
        })?
        .unwrap_commit();
    Ok(tables)
}
