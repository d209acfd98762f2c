//! What this process has cost so far. Known on Linux; elsewhere the figures are missing.

use serde::{Deserialize, Serialize};

/// Clock ticks of `/proc` per second; fixed for all programs on Linux.
const TICKS: f64 = 100.0;

/// CPU and memory of a process.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Usage {
    /// CPU seconds of all threads, in user and kernel.
    pub cpu: Option<f64>,
    /// Most memory at once in MiB.
    pub peak: Option<f64>,
}

/// Of this process, now.
pub fn usage() -> Usage {
    Usage {
        cpu: std::fs::read_to_string("/proc/self/stat")
            .ok()
            .and_then(|text| cpu(&text)),
        peak: std::fs::read_to_string("/proc/self/status")
            .ok()
            .and_then(|text| peak(&text)),
    }
}

fn cpu(stat: &str) -> Option<f64> {
    // The name in brackets may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let user: f64 = fields.get(11)?.parse().ok()?;
    let system: f64 = fields.get(12)?.parse().ok()?;
    Some((user + system) / TICKS)
}

fn peak(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_right_columns() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 9";
        assert_eq!(cpu(stat), Some(2.0));
        assert_eq!(peak("Name:\tx\nVmHWM:\t    2048 kB\n"), Some(2.0));
        assert_eq!(cpu("nonsense"), None);
    }
}
