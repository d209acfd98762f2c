//! Data folders that are damaged, in the way, closed or full.

use std::path::{Path, PathBuf};

use super::lab::{Lab, run, small};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_cache_costs_only_time() {
    let lab = Lab::new(&small(24)).await;
    run(&mut lab.sync()).assert_code(0);
    for damage in DAMAGES {
        damage.inflict(&database(&lab, "cache"));
        lab.emulator.reset_statistics();
        let again = run(lab.sync().arg("--json"));
        let figures = again.assert_code(0).json();
        assert_eq!(figures["changed"], 0, "{damage:?}: {figures}");
        assert_eq!(lab.emulator.statistics().changing(), 0, "{damage:?}");
        lab.assert_right();
        assert!(!again.err.contains("panicked"), "{}", again.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_state_is_put_aside_and_said() {
    for damage in DAMAGES {
        let lab = Lab::new(&small(24)).await;
        run(&mut lab.sync()).assert_code(0);
        damage.inflict(&database(&lab, "state"));
        lab.emulator.reset_statistics();
        let status = run(&mut lab.cli("status"));
        status.assert_code(0);
        let said = format!("{}{}", status.out, status.err);
        let word = match damage {
            Damage::Garbage | Damage::CutOff => "was damaged",
            Damage::Emptied => "was gone",
        };
        assert!(said.contains(word), "{damage:?}: {said}");
        assert!(said.contains("Plex was not changed."), "{said}");
        // What Syncslate locked equals the source, so nothing is to do and nothing is lost.
        let again = run(&mut lab.sync());
        again.assert_code(0);
        assert_eq!(lab.emulator.statistics().changing(), 0, "{damage:?}");
        lab.assert_right();
        if matches!(damage, Damage::Emptied) {
            continue;
        }
        let aside = std::fs::read_dir(lab.data())
            .expect("the data folder")
            .filter_map(Result::ok)
            .filter(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                name.starts_with("state") && name != "state"
            })
            .count();
        assert!(aside >= 1, "{damage:?}: the damaged state is gone");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_the_place_of_the_data_folder() {
    let lab = Lab::new(&small(3)).await;
    std::fs::write(lab.data(), "in the way").expect("a file");
    let said = run(&mut lab.sync());
    said.assert_code(2).assert_says(&[
        "data folder",
        "a file stands in its place",
        "Nothing was changed.",
        "Choose another folder",
    ]);
    assert_eq!(lab.emulator.statistics().changing(), 0);
    // A preview needs no data folder, and says what it lacks.
    let preview = run(lab.sync().arg("--dry-run"));
    preview.assert_code(0).assert_says(&["Only previews work."]);
    assert_eq!(
        std::fs::read(lab.data()).expect("still there"),
        b"in the way"
    );
    run(&mut lab.cli("status"))
        .assert_code(2)
        .assert_says(&["a file stands in its place"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_no_data_folder_to_look_at() {
    let lab = Lab::new(&small(3)).await;
    for verb in ["status", "runs", "failed"] {
        run(&mut lab.cli(verb))
            .assert_code(2)
            .assert_says(&["There is no data folder", "A first sync makes it."]);
    }
    assert!(!lab.data().exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_folder_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = Lab::new(&small(3)).await;
    std::fs::create_dir(lab.data()).expect("a folder");
    std::fs::set_permissions(lab.data(), std::fs::Permissions::from_mode(0o500)).expect("closed");
    if std::fs::write(lab.data().join("probe"), "x").is_ok() {
        println!("skipped: this user may write everywhere (root)");
    } else {
        let said = run(&mut lab.sync());
        said.assert_code(2)
            .assert_says(&["you are not allowed to write there", "Nothing was changed."]);
        run(lab.sync().arg("--dry-run")).assert_code(0);
        assert_eq!(lab.emulator.statistics().changing(), 0);
    }
    std::fs::set_permissions(lab.data(), std::fs::Permissions::from_mode(0o700)).expect("opened");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_sync_and_loses_nothing() {
    let lab = Lab::new(&small(400)).await;
    let Some(disk) = Disk::mount(&lab.scratch().join("disk"), "320k") else {
        println!("skipped: no small disk can be mounted here (root only)");
        return;
    };
    let mut sync = lab.sync();
    sync.env("SYNCSLATE_DATA_DIR", disk.path.join("data"));
    let said = run(&mut sync);
    said.assert_code(2).assert_says(&["disk", "full"]);
    assert!(!said.err.contains("panicked"), "{}", said.err);
    // Every film is either as it was or as it must be, but for those that were just being written.
    disk.grow("200m");
    let figures = run(sync.arg("--json")).assert_code(0).json();
    lab.assert_right();
    // What was sent before the disk was full and is sent again counts once.
    let films = u64::try_from(lab.world.expected.changed()).expect("few");
    let collections = figures["collectionsWritten"].as_u64().unwrap_or_default();
    let written = figures["written"].as_u64().unwrap_or_default() - collections;
    assert!(written <= films, "{written} of {films}: {figures}");
}

/// A small disk, until dropped.
#[cfg(target_os = "linux")]
struct Disk {
    path: PathBuf,
}

#[cfg(target_os = "linux")]
impl Disk {
    fn mount(path: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir(path).ok()?;
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={size}"))
            .arg("tmpfs")
            .arg(path)
            .output()
            .ok()?;
        mounted.status.success().then(|| Self {
            path: path.to_owned(),
        })
    }

    fn grow(&self, size: &str) {
        let grown = std::process::Command::new("mount")
            .arg("-o")
            .arg(format!("remount,size={size}"))
            .arg(&self.path)
            .status()
            .expect("mount is there");
        assert!(grown.success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        // The folder above it cannot be removed otherwise.
        let _ = std::process::Command::new("umount")
            .arg(&self.path)
            .status();
    }
}

#[derive(Debug, Clone, Copy)]
enum Damage {
    /// Something else stands there.
    Garbage,
    /// The first half is left.
    CutOff,
    /// Nothing is left.
    Emptied,
}

const DAMAGES: [Damage; 3] = [Damage::Garbage, Damage::CutOff, Damage::Emptied];

impl Damage {
    fn inflict(self, file: &Path) {
        let bytes = std::fs::read(file).expect("a database");
        let left = match self {
            Self::Garbage => b"This is no database. ".repeat(bytes.len() / 21 + 1),
            Self::CutOff => bytes[..bytes.len() / 2].to_vec(),
            Self::Emptied => Vec::new(),
        };
        std::fs::write(file, left).expect("damaged");
    }
}

/// LMDB's file of `cache` or `state`.
fn database(lab: &Lab, part: &str) -> PathBuf {
    let mut found = Vec::new();
    let mut folders = vec![lab.data().join(part)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("a folder")
            .filter_map(Result::ok)
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.file_name() == "data.mdb" {
                found.push(path);
            }
        }
    }
    found.sort();
    found.into_iter().next().expect("a database")
}
