//! What this process has cost so far, of itself alone: neither those that it started nor the one that started it. Known on
//! Linux; elsewhere the figures are missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::table::Table;

/// Clock ticks of `/proc` per second; fixed for all programs on Linux.
const TICKS: f64 = 100.0;
/// Time between two looks at the memory. A look takes some 30 µs.
const BEAT: Duration = Duration::from_millis(20);

/// CPU seconds of all threads, in user and kernel.
pub fn cpu() -> Option<f64> {
    cpu_in(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// Memory in use, in MiB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// What the process has asked for: heap and stacks. Only this can run out.
    pub own: Option<f64>,
    /// Pages of files that it has mapped, its program and LMDB's data among them: the system takes them back at will.
    pub of_files: Option<f64>,
}

impl Memory {
    /// As rows of the table; `of` says of what.
    pub(super) fn rows(self, part: &str, of: &str, table: &mut Table) {
        let kinds = [
            ("most memory of its own at once", self.own),
            (
                "most pages of files at once, LMDB's above all",
                self.of_files,
            ),
        ];
        for (kind, mib) in kinds {
            if let Some(mib) = mib {
                table.tell(part, &format!("{of}{kind}"), mib, "MiB");
            }
        }
    }
}

/// Looks at this process's memory again and again, and remembers the most.
#[derive(Debug)]
pub struct Sampler {
    most: Arc<Most>,
    thread: Option<JoinHandle<()>>,
}

/// In KiB; 0 where nothing is known.
#[derive(Debug, Default)]
struct Most {
    own: AtomicU64,
    of_files: AtomicU64,
    over: AtomicBool,
}

impl Sampler {
    /// Begins.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start() -> Result<Self> {
        let most = Arc::new(Most::default());
        let looking = Arc::clone(&most);
        let look = move || {
            while !looking.over.load(Ordering::Relaxed) {
                looking.look();
                std::thread::park_timeout(BEAT);
            }
        };
        let thread = std::thread::Builder::new()
            .name("memory".to_owned())
            .spawn(look)
            .context("the memory cannot be watched")?;
        Ok(Self {
            most,
            thread: Some(thread),
        })
    }

    /// Begins anew.
    pub fn forget(&self) {
        self.most.own.store(0, Ordering::Relaxed);
        self.most.of_files.store(0, Ordering::Relaxed);
    }

    /// The most since it was last told to forget.
    pub fn peaks(&self) -> Memory {
        self.most.look();
        let of = |kib: &AtomicU64| mib(kib.load(Ordering::Relaxed));
        Memory {
            own: of(&self.most.own),
            of_files: of(&self.most.of_files),
        }
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.most.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It only reads a file; whether it panicked changes nothing.
            let _ = thread.join();
        }
    }
}

impl Most {
    fn look(&self) {
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            let kib = |name| kib_in(&status, name).unwrap_or_default();
            self.own.fetch_max(kib("RssAnon:"), Ordering::Relaxed);
            self.of_files.fetch_max(kib("RssFile:"), Ordering::Relaxed);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few million")]
fn mib(kib: u64) -> Option<f64> {
    (kib > 0).then_some(kib as f64 / 1024.0)
}

fn cpu_in(stat: &str) -> Option<f64> {
    // The name in brackets may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let user: f64 = fields.get(11)?.parse().ok()?;
    let system: f64 = fields.get(12)?.parse().ok()?;
    Some((user + system) / TICKS)
}

fn kib_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_right_columns() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 9";
        assert_eq!(cpu_in(stat), Some(2.0));
        assert_eq!(
            kib_in("RssFile:\t 1 kB\nRssAnon:\t    2048 kB\n", "RssAnon:"),
            Some(2048)
        );
        assert_eq!(cpu_in("nonsense"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_held_for_a_moment_is_seen() {
        let memory = Sampler::start().expect("a thread");
        let before = memory.peaks().own.expect("known on Linux");
        let held = vec![1_u8; 64 << 20];
        let with = memory.peaks().own.expect("known on Linux");
        drop(held);
        assert!(with - before >= 60.0, "{before} {with}");
        memory.forget();
        let after = memory.peaks().own.expect("known on Linux");
        assert!(after - before <= 40.0, "{before} {after}");
    }
}
