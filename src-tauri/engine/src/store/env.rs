//! The one place that opens LMDB files and changes the size of their maps; all of the store's `unsafe` is here.
//!
//! Not here: tables and records (`tables`, `cache`).

use std::path::{Path, PathBuf};

use heed::{EnvFlags, EnvOpenOptions, WithoutTls};

use super::StoreError;

pub(super) type Env = heed::Env<WithoutTls>;

/// Maps are sized in steps of this, a multiple of every page size in use.
const STEP: usize = 64 * 1024;
/// The file that LMDB keeps the data in.
pub(super) const DATA_FILE: &str = "data.mdb";

/// Opens the environment in `folder`, which must be on a local disk and owned by this process.
#[expect(
    unsafe_code,
    reason = "LMDB maps a file; the lock on the data folder keeps other processes from it"
)]
pub(super) fn open(
    folder: &Path,
    map_size: usize,
    tables: u32,
    durable: bool,
) -> Result<Env, StoreError> {
    let length = std::fs::metadata(folder.join(DATA_FILE)).map_or(0, |file| file.len());
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options
        .map_size(round_up(map_size.max(length)))
        .max_dbs(tables)
        .max_readers(254);
    if !durable {
        // SAFETY: what this risks is the file after a power cut. Only the cache, which then is thrown away, and
        // simulations ask for it.
        unsafe { options.flags(EnvFlags::NO_SYNC) };
    }
    // SAFETY: the folder's lock is held, so no other process opens the file; heed keeps this process from opening it
    // twice.
    let env = unsafe { options.open(folder) }?;
    env.clear_stale_readers()?;
    Ok(env)
}

/// Doubles the map, up to `limit` bytes. Says whether it grew.
#[expect(unsafe_code, reason = "the caller holds off every transaction")]
pub(super) fn grow(env: &Env, limit: usize) -> Result<bool, StoreError> {
    let now = env.info().map_size;
    let wanted = round_up(now.saturating_mul(2)).min(round_up(limit));
    if wanted <= now {
        return Ok(false);
    }
    // SAFETY: both callers hold the write half of the lock whose read half every transaction holds.
    unsafe { env.resize(wanted) }?;
    Ok(true)
}

fn round_up(size: usize) -> usize {
    size.clamp(STEP, usize::MAX / 2).next_multiple_of(STEP)
}

/// Moves `path` to the first free `path.damaged-<n>` beside it.
pub(super) fn move_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let free = (1..u32::MAX)
        .map(|n| path.with_file_name(format!("{name}.damaged-{n}")))
        .find(|candidate| !candidate.exists())
        .ok_or_else(|| StoreError::Folder {
            path: path.to_owned(),
            reason: "too many damaged copies lie beside it".into(),
        })?;
    std::fs::rename(path, &free).map_err(|error| StoreError::io(path, &error))?;
    Ok(free)
}
