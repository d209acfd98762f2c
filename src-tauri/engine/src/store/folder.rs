//! The data folder: made, locked by one owner, with a status that other processes may read.
//!
//! Not here: what lies in it (`state`, `cache`), and where it lies (the shell and the command line know that).

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::StoreError;

const LOCK: &str = "owner.lock";
/// Beside the lock, since Windows lets nobody read a locked file.
const PID: &str = "owner.pid";
const STATUS: &str = "status.json";

/// The data folder, held by this process until the last clone is dropped.
#[derive(Debug, Clone)]
pub struct DataFolder(Arc<Held>);

#[derive(Debug)]
struct Held {
    path: PathBuf,
    /// The operating system frees the lock when the file is closed, however the process ends.
    lock: File,
}

impl DataFolder {
    /// Makes the folder where it is missing and becomes its owner. [`StoreError::Owned`] where another process is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path).map_err(|error| StoreError::io(path, &error))?;
        if let Some(kind) = network_file_system(path) {
            return Err(StoreError::NetworkFolder {
                path: path.to_owned(),
                kind,
            });
        }
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join(LOCK))
            .map_err(|error| StoreError::io(path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Owned { pid: owner(path) });
            }
            Err(TryLockError::Error(error)) => {
                return Err(StoreError::Folder {
                    path: path.to_owned(),
                    reason: format!("it cannot be locked ({error}); network drives often cannot"),
                });
            }
        }
        std::fs::write(path.join(PID), format!("{}\n", std::process::id()))
            .map_err(|error| StoreError::io(path, &error))?;
        Ok(Self(Arc::new(Held {
            path: path.to_owned(),
            lock,
        })))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Renews what other processes see of this one. Either the old or the new status is there at any instant.
    pub fn write_status(&self, status: &serde_json::Value) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(status).map_err(|error| StoreError::Encode {
            table: STATUS,
            reason: error.to_string(),
        })?;
        let temporary = self.path().join("status.json.new");
        std::fs::write(&temporary, bytes)
            .and_then(|()| std::fs::rename(&temporary, self.path().join(STATUS)))
            .map_err(|error| StoreError::io(self.path(), &error))
    }

    /// The status that the owner of `path` last wrote; `None` where there is none or it cannot be understood.
    pub fn read_status(path: &Path) -> Option<serde_json::Value> {
        serde_json::from_slice(&std::fs::read(path.join(STATUS)).ok()?).ok()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.path.join(PID));
        let _ = self.lock.unlock();
    }
}

/// The process that holds the lock.
fn owner(path: &Path) -> Option<u32> {
    std::fs::read_to_string(path.join(PID))
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The name of the network file system that `path` lies on. Linux and Windows shares are told; elsewhere only a lock
/// that fails tells.
fn network_file_system(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    if cfg!(windows) {
        let text = path.to_string_lossy();
        return (text.starts_with(r"\\?\UNC\")
            || (text.starts_with(r"\\") && !text.starts_with(r"\\?\")))
        .then(|| "a shared folder".into());
    }
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    network_mount(&mounts, &path)
}

/// Finds the deepest mount above `path` in the text of `/proc/self/mountinfo`.
pub(super) fn network_mount(mounts: &str, path: &Path) -> Option<String> {
    let kind = mounts
        .lines()
        .filter_map(|line| {
            let (front, back) = line.split_once(" - ")?;
            let place = front.split(' ').nth(4)?.replace("\\040", " ");
            let kind = back.split(' ').next()?;
            path.starts_with(&place).then_some((place.len(), kind))
        })
        .max_by_key(|(depth, _)| *depth)?
        .1;
    let network = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "fuse.sshfs",
        "davfs",
    ];
    network.contains(&kind).then(|| kind.to_owned())
}
