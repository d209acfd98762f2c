//! The cache's file: opening, throwing away, transactions.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use heed::types::Bytes;
use heed::{CommitOrAbort, Database, RoTxn, RwTxn, WithoutTls};

use super::super::env::{self, DATA_FILE, Env};
use super::super::{StoreError, check};

/// Raised whenever the form of anything in the cache changes; a file of another form is thrown away.
const FORM: u32 = 1;
const FORM_KEY: &[u8] = b"form";
const MARK: &str = "open";
const CONDEMNED: &str = "damaged";
/// Size of the map at first; it grows up to the limit.
const MAP_SIZE: usize = 16 << 20;

/// The tables, by [`Table`].
pub(super) type Tables = [Database<'static, Bytes, Bytes>; 6];
pub(super) type Reader<'t> = RoTxn<'t, WithoutTls>;

/// Which table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// Item → item.
    Items,
    /// Server, section, path, rating key → nothing.
    Paths,
    /// Server, section, type → mark.
    Marks,
    /// Server, section, type → how many items.
    Counts,
    /// Source, source item → match.
    Matches,
    /// Item → nothing: listed as new or changed, and not settled since.
    News,
}

const NAMES: [&str; 6] = ["items", "paths", "marks", "counts", "matches", "news"];

pub(super) struct CacheFile {
    env: Env,
    tables: Tables,
    path: PathBuf,
    limit: usize,
    condemned: AtomicBool,
    /// One writer at a time, from any thread: each transaction begins and ends in one call.
    writing: Mutex<()>,
    /// Read by every transaction; written while the map is resized.
    alive: RwLock<()>,
}

impl CacheFile {
    /// Opens or makes the cache in `path`. What cannot be used is thrown away and made anew; the note says so.
    pub fn open(path: &Path, limit: usize) -> Result<(Self, Option<String>), StoreError> {
        let boot = boot();
        let mark = std::fs::read_to_string(path.join(MARK)).ok();
        let reason = match mark {
            Some(mark) if mark == CONDEMNED => Some("it was damaged".to_owned()),
            // Another boot: the machine stopped while the cache was open, so parts may never have reached the disk.
            Some(mark) if boot.as_ref() != Some(&mark) => {
                Some("the computer stopped while it was in use".to_owned())
            }
            _ => None,
        };
        let first = match reason {
            None => Self::try_open(path, limit, boot.as_deref()),
            Some(reason) => Err(StoreError::Damaged { reason }),
        };
        let reason = match first {
            Ok(file) => return Ok((file, None)),
            Err(StoreError::Damaged { reason } | StoreError::Decode { reason, .. }) => reason,
            Err(error) => return Err(error),
        };
        std::fs::remove_dir_all(path).map_err(|error| StoreError::io(path, &error))?;
        let file = Self::try_open(path, limit, boot.as_deref())?;
        let note = format!(
            "Syncslate's cache was thrown away ({reason}). Nothing is lost; this sync takes longer."
        );
        Ok((file, Some(note)))
    }

    fn try_open(path: &Path, limit: usize, boot: Option<&str>) -> Result<Self, StoreError> {
        let io = |error: std::io::Error| StoreError::io(path, &error);
        std::fs::create_dir_all(path).map_err(io)?;
        check::file(&path.join(DATA_FILE))?;
        let mut mark = File::create(path.join(MARK)).map_err(io)?;
        mark.write_all(boot.unwrap_or("unknown").as_bytes())
            .and_then(|()| mark.sync_all())
            .map_err(io)?;
        let count = u32::try_from(NAMES.len() + 1).unwrap_or(u32::MAX);
        let env = env::open(path, MAP_SIZE.min(limit), count, false)?;
        let tables = create_tables(&env)?;
        Ok(Self {
            env,
            tables,
            path: path.to_owned(),
            limit,
            condemned: AtomicBool::new(false),
            writing: Mutex::new(()),
            alive: RwLock::new(()),
        })
    }

    /// Has the file thrown away when it is next opened.
    pub fn condemn(&self) {
        self.condemned.store(true, Ordering::Release);
        let _ = std::fs::write(self.path.join(MARK), CONDEMNED);
    }

    pub fn read<T>(
        &self,
        work: impl FnOnce(&Reader<'_>, &Tables) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _alive = self.alive.read().unwrap_or_else(PoisonError::into_inner);
        work(&self.env.read_txn()?, &self.tables)
    }

    pub fn write<T>(
        &self,
        work: &mut impl FnMut(&mut RwTxn<'_>, &Tables) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match self.write_once(work) {
                Err(error) if error.is_map_full() => {
                    let _none = self.alive.write().unwrap_or_else(PoisonError::into_inner);
                    if !env::grow(&self.env, self.limit)? {
                        return Err(error);
                    }
                }
                other => return other,
            }
        }
    }

    fn write_once<T>(
        &self,
        work: &mut impl FnMut(&mut RwTxn<'_>, &Tables) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _alive = self.alive.read().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = self.env.write_txn()?;
        let value = work(&mut transaction, &self.tables)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Drops all matches; returns how many.
    pub fn evict_matches(&self) -> Result<u64, StoreError> {
        self.write(&mut |transaction, tables| {
            let matches = tables[Table::Matches as usize];
            let count = matches.len(transaction)?;
            matches.clear(transaction)?;
            Ok(count)
        })
    }

    /// Entries and bytes of tables.
    pub fn size(&self, of: &[Table]) -> Result<(u64, u64), StoreError> {
        self.read(|transaction, tables| {
            let mut sum = (tables[of[0] as usize].len(transaction)?, 0);
            for table in of {
                let stat = tables[*table as usize].stat(transaction)?;
                let pages = stat.branch_pages + stat.leaf_pages + stat.overflow_pages;
                sum.1 += pages as u64 * u64::from(stat.page_size);
            }
            Ok(sum)
        })
    }
}

impl Drop for CacheFile {
    fn drop(&mut self) {
        if !self.condemned.load(Ordering::Acquire) && self.env.force_sync().is_ok() {
            let _ = std::fs::remove_file(self.path.join(MARK));
        }
    }
}

fn create_tables(env: &Env) -> Result<Tables, StoreError> {
    let transaction = env.write_txn()?;
    let tables = env
        .create_databases_and_commit(transaction, |opener, transaction| {
            let form = opener.create_database::<Bytes, Bytes>(transaction, Some("form"))?;
            let known = form.get(transaction, FORM_KEY)?.map(<[u8]>::to_vec);
            match known {
                None => form.put(transaction, FORM_KEY, &FORM.to_be_bytes())?,
                Some(known) if known == FORM.to_be_bytes() => {}
                Some(_) => {
                    return Err(StoreError::Damaged {
                        reason: "another version of Syncslate made it".into(),
                    });
                }
            }
            let mut made = Vec::with_capacity(NAMES.len());
            for name in NAMES {
                made.push(opener.create_database::<Bytes, Bytes>(transaction, Some(name))?);
            }
            let made: [Database<'_, Bytes, Bytes>; NAMES.len()] = made
                .try_into()
                .unwrap_or_else(|_| unreachable!("BUG: one database was made per name"));
            Ok::<_, StoreError>(CommitOrAbort::<_, ()>::Commit(made))
        })?
        .unwrap_commit();
    Ok(tables)
}

/// Changes whenever the machine starts; `None` where it does not tell.
fn boot() -> Option<String> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()
}
