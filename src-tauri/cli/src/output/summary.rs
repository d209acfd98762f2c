//! The end of a run: its figures, what a person should know, which source files say nothing.

use std::fmt::Write as _;

use syncslate_engine::face::{RunKind, RunState, RunSummary, Snapshot};

use super::watcher::Unread;
use super::words::{hint, on_a_command_line};
use super::{Printer, err, json, out};

/// The problem that stands for source files, which are named one by one here.
const UNREAD: &str = "unread_files";

impl Printer {
    /// The figures of a run.
    pub(crate) fn summary(self, summary: &RunSummary, snapshot: &Snapshot, unread: &Unread) {
        if self.json {
            json(summary);
        } else {
            out(&summary_text(summary));
        }
        if let Some(message) = &summary.message {
            err(&on_a_command_line(message));
        }
        if self.json {
            return;
        }
        if !unread.named.is_empty() {
            let is_kept = summary.kind != RunKind::DryRun && !self.passing;
            err(&unread_text(unread, is_kept));
        }
        if snapshot.conflicts > 0 && !self.passing {
            err(&format!(
                "{} waiting for your decision; Plex keeps what it has meanwhile.\n  See them: syncslate-cli conflicts",
                fields(snapshot.conflicts)
            ));
        }
        let problems = snapshot.problems.iter();
        for problem in problems.filter(|problem| problem.code != UNREAD) {
            err(&on_a_command_line(&problem.message));
            if let Some(hint) = hint(problem).filter(|_| !self.passing) {
                err(hint);
            }
        }
    }
}

fn unread_text(unread: &Unread, is_kept: bool) -> String {
    let mut text = format!(
        "Source files that could not be read. What Plex holds of them stays as it is.\n{}",
        unread.named.join("\n")
    );
    if unread.more > 0 {
        let where_they_are = if is_kept {
            "syncslate-cli failed"
        } else {
            "give --json"
        };
        let _ = write!(text, "\n  and {} more: {where_they_are}", unread.more);
    }
    text
}

fn summary_text(summary: &RunSummary) -> String {
    let mut text = String::new();
    let run = summary.run;
    let unread = match summary.unreadable {
        0 => String::new(),
        1 => ", but 1 source file could not be read".to_owned(),
        many => format!(", but {many} source files could not be read"),
    };
    let head = match (summary.kind, summary.state) {
        (RunKind::DryRun, RunState::Done) => "Preview. Nothing was written.".to_owned(),
        (RunKind::Sync, RunState::Done) if summary.changed == 0 => {
            format!("Run {run} is done: there was nothing to change{unread}.")
        }
        (RunKind::Sync, RunState::Done) => format!("Run {run} is done{unread}."),
        (RunKind::Undo, RunState::Done) => format!("Run {run} took it back."),
        (RunKind::Unlock, RunState::Done) => format!("Run {run} took Syncslate's locks away."),
        (_, RunState::DoneWithFailures) => format!("Run {run} is done, with failures."),
        (_, RunState::Cancelled) => format!("Run {run} was cancelled."),
        _ => format!("Run {run} stopped."),
    };
    let _ = writeln!(text, "{head}");
    let requests: u32 = summary.requests.values().sum();
    let rows = [
        ("read", summary.items_read.to_string()),
        ("matched", summary.matched.to_string()),
        ("not in Plex", summary.not_in_plex.to_string()),
        ("ambiguous", summary.ambiguous.to_string()),
        ("unreadable", summary.unreadable.to_string()),
        (
            "to change",
            apart(summary.changed, summary.collections_changed),
        ),
        (
            "written",
            apart(summary.written, summary.collections_written),
        ),
        ("fields", summary.fields_written.to_string()),
        ("kept as in Plex", summary.kept.to_string()),
        ("conflicts", summary.conflicts.to_string()),
        ("failed", summary.failed.to_string()),
        ("requests", requests.to_string()),
    ];
    for (label, figure) in rows {
        let _ = writeln!(text, "{label:>16}  {figure}");
    }
    for cache in &summary.caches {
        let looks = cache.hits + cache.misses;
        let rate = if looks == 0 {
            "–".to_owned()
        } else {
            format!("{:.1} %", 100.0 * f64::from(cache.hits) / f64::from(looks))
        };
        let _ = writeln!(
            text,
            "{:>16}  {rate} of {looks} look-ups, {} entries",
            format!("{} cache", cache.cache),
            cache.entries
        );
    }
    let _ = write!(text, "{:>16}  {}", "time", duration(summary.duration_ms));
    text
}

/// A run in one line.
pub(super) fn run_line(run: &RunSummary) -> String {
    let what = match run.kind {
        RunKind::Sync => "sync",
        RunKind::DryRun => "preview",
        RunKind::Undo => "undo",
        RunKind::Unlock => "unlock",
    };
    let how = match run.state {
        RunState::Done if run.unreadable > 0 => "done, but for source files that cannot be read",
        RunState::Done => "done",
        RunState::DoneWithFailures => "done with failures",
        RunState::Cancelled => "cancelled",
        RunState::Stopped => "stopped",
        RunState::Interrupted => "interrupted",
        RunState::Running | RunState::Paused | RunState::Waiting => "not finished",
    };
    let failed = match run.failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let checked = if run.left.is_some() {
        " and checked"
    } else {
        ""
    };
    format!(
        "Run {}: {what} {how}, {} written{checked}, {}{failed}, {}{}",
        run.run,
        apart(run.written, run.collections_written),
        fields(run.fields_written),
        duration(run.duration_ms),
        left(run)
    )
}

/// What a run left that did not come to an end, and what becomes of it.
fn left(run: &RunSummary) -> String {
    let Some(left) = run.left else {
        return String::new();
    };
    let next = match run.kind {
        RunKind::Undo => "the same undo",
        RunKind::Unlock => "the next unlock",
        RunKind::Sync | RunKind::DryRun => "the next sync",
    };
    if !left.planned {
        return format!("; its plan was not whole, {next} makes a new one");
    }
    let waiting = match left.waiting {
        0 => String::new(),
        waiting => format!("; {} waiting", items(waiting)),
    };
    let sent = match left.sent {
        0 => String::new(),
        sent => format!("; {} begun and not checked yet", items(sent)),
    };
    format!("{sent}{waiting}; {next} goes on")
}

/// Items and, where there are any, the collections among them.
pub(super) fn apart(all: u32, collections: u32) -> String {
    let others = items(all.saturating_sub(collections));
    match collections {
        0 => others,
        1 => format!("{others} and 1 collection"),
        more => format!("{others} and {more} collections"),
    }
}

pub(super) fn items(count: u32) -> String {
    if count == 1 {
        "1 item".to_owned()
    } else {
        format!("{count} items")
    }
}

pub(super) fn fields(count: u32) -> String {
    if count == 1 {
        "1 field".to_owned()
    } else {
        format!("{count} fields")
    }
}

fn duration(millis: f64) -> String {
    if millis < 1_000.0 {
        return format!("{millis:.0} ms");
    }
    let seconds = millis / 1_000.0;
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!(
        "{:.0} min {:.0} s",
        (seconds / 60.0).floor(),
        seconds % 60.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(kind: &str, left: &serde_json::Value) -> RunSummary {
        let figures = serde_json::json!({
            "run": 4, "kind": kind, "state": "interrupted", "startedAt": 0, "durationMs": 2500.0,
            "itemsRead": 250, "matched": 250, "notInPlex": 0, "ambiguous": 0, "unreadable": 0,
            "changed": 250, "collectionsChanged": 1, "written": 96, "collectionsWritten": 1,
            "fieldsWritten": 400, "kept": 0, "conflicts": 0, "failed": 0, "requests": {},
            "timings": [], "caches": [], "message": null, "code": null, "left": left,
        });
        serde_json::from_value(figures).expect("a summary")
    }

    #[test]
    fn an_interrupted_run_says_what_is_written_and_what_becomes_of_the_rest() {
        let left = serde_json::json!({ "waiting": 120, "sent": 24, "planned": true });
        assert_eq!(
            run_line(&run("sync", &left)),
            "Run 4: sync interrupted, 95 items and 1 collection written and checked, 400 fields, 2.5 s; 24 items begun and not checked yet; 120 items waiting; the next sync goes on"
        );
        let left = serde_json::json!({ "waiting": 1, "sent": 0, "planned": true });
        let line = run_line(&run("undo", &left));
        assert!(
            line.ends_with("; 1 item waiting; the same undo goes on"),
            "{line}"
        );
        let left = serde_json::json!({ "waiting": 0, "sent": 0, "planned": false });
        let line = run_line(&run("sync", &left));
        assert!(
            line.ends_with("; its plan was not whole, the next sync makes a new one"),
            "{line}"
        );
    }
}
