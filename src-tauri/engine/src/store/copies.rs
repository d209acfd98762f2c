//! Daily compacted copies of `state/`, three of them.

use std::path::{Path, PathBuf};

use heed::CompactionOption;

use super::env::{self, DATA_FILE, Env};
use super::open::STATE;
use super::{StoreError, check};

const COPIES: &str = "copies";
const KEPT: usize = 3;

/// Makes the copy of the day of `now_ms` unless it is there.
pub(super) fn make(env: &Env, folder: &Path, now_ms: i64) -> Result<Option<PathBuf>, StoreError> {
    let day = jiff::Timestamp::from_millisecond(now_ms)
        .map_err(|error| StoreError::Storage {
            reason: format!("the clock is wrong: {error}"),
            temporary: true,
        })?
        .strftime("%Y-%m-%d")
        .to_string();
    let copies = folder.join(COPIES);
    let place = copies.join(format!("state-{day}.mdb"));
    if place.exists() {
        return Ok(None);
    }
    let io = |error: std::io::Error| StoreError::io(&copies, &error);
    std::fs::create_dir_all(&copies).map_err(io)?;
    let temporary = copies.join("state.new");
    let made = env
        .copy_to_path(&temporary, CompactionOption::Enabled)
        .map_err(StoreError::from)
        .and_then(|file| file.sync_all().map_err(io))
        .and_then(|()| std::fs::rename(&temporary, &place).map_err(io));
    if let Err(error) = made {
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    for old in list(folder).into_iter().rev().skip(KEPT) {
        std::fs::remove_file(old).map_err(io)?;
    }
    Ok(Some(place))
}

/// The newest copy.
pub(super) fn newest(folder: &Path) -> Option<PathBuf> {
    list(folder).pop()
}

/// All copies, the oldest first.
fn list(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder.join(COPIES))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("state-") && name.ends_with(".mdb")
        })
        .collect();
    found.sort();
    found
}

/// Puts `copy` in the place of `state/`, which is moved aside.
pub(super) fn restore(folder: &Path, copy: &Path) -> Result<(), StoreError> {
    check::file(copy)?;
    let state = folder.join(STATE);
    let fresh = folder.join("state.new");
    let io = |error: std::io::Error| StoreError::io(folder, &error);
    match std::fs::remove_dir_all(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
        _ => {}
    }
    std::fs::create_dir_all(&fresh).map_err(io)?;
    std::fs::copy(copy, fresh.join(DATA_FILE)).map_err(io)?;
    if state.exists() {
        env::move_aside(&state)?;
    }
    std::fs::rename(&fresh, &state).map_err(io)
}
