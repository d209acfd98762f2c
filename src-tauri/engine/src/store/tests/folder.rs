use std::path::Path;

use serde_json::json;

use super::super::DataFolder;
use super::super::folder::network_mount;
use crate::store::StoreError;

#[test]
fn a_second_owner_is_told_who_the_first_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/deep");
    let first = DataFolder::open(&path).unwrap();
    let clone = first.clone();
    drop(first);
    let error = DataFolder::open(&path).unwrap_err();
    assert_eq!(
        error,
        StoreError::Owned {
            pid: Some(std::process::id())
        }
    );
    assert!(error.is_temporary());
    assert!(error.to_string().contains(&std::process::id().to_string()));
    drop(clone);
    DataFolder::open(&path).expect("the lock goes with the last clone");
}

#[test]
fn a_file_in_place_of_the_folder_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    std::fs::write(&path, "not a folder").unwrap();
    let error = DataFolder::open(&path).unwrap_err();
    assert!(
        matches!(&error, StoreError::Folder { path: named, .. } if *named == path),
        "{error:?}"
    );
    assert!(error.to_string().contains("Nothing was changed"));
    assert!(!error.is_temporary());
    assert_eq!(std::fs::read(&path).unwrap(), b"not a folder");
}

#[test]
fn a_folder_that_may_not_be_written_is_said_so() {
    // Permissions do not stop root, which tests may run as; the kernel's own read-only tree does.
    let path = Path::new("/proc/self/syncslate");
    if !Path::new("/proc/self").exists() {
        eprintln!("skipped: no /proc here");
        return;
    }
    let error = DataFolder::open(path).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
}

#[test]
fn others_read_the_status_of_the_owner() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(dir.path()).unwrap();
    assert_eq!(DataFolder::read_status(dir.path()), None);
    folder.write_status(&json!({"run": 1})).unwrap();
    folder.write_status(&json!({"run": 2})).unwrap();
    assert_eq!(DataFolder::read_status(dir.path()), Some(json!({"run": 2})));
    std::fs::write(dir.path().join("status.json"), "{").unwrap();
    assert_eq!(DataFolder::read_status(dir.path()), None);
}

#[test]
fn network_mounts_are_told_from_local_ones() {
    let mounts = "\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/nas rw - nfs4 nas:/export rw
31 30 8:2 / /mnt/nas/local\\040disk rw - ext4 /dev/sdb1 rw
32 22 0:41 / /mnt/share rw - cifs //nas/share rw
";
    let kind = |path: &str| network_mount(mounts, Path::new(path));
    assert_eq!(kind("/home/ada/data"), None);
    assert_eq!(kind("/mnt/nas/data").as_deref(), Some("nfs4"));
    assert_eq!(kind("/mnt/nas/local disk/data"), None);
    assert_eq!(kind("/mnt/share").as_deref(), Some("cifs"));
    assert_eq!(kind("/mnt/shared"), None);
}
