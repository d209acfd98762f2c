//! How things stand: `status`, `runs`, `failed`.

use syncslate_engine::face::{
    CastTaken, Connection, Phase, Problem, ProblemAction, Report, RunState, RunView, UnreadFiles,
};
use syncslate_engine::model::CastTrait;

use super::summary::{fields, items, run_line};
use super::value::name;
use super::words::{hint, on_a_command_line};
use super::{Printer, json, out, safe};
use crate::decisions::conflict_lines;

/// A run that has not come to its end, in a sentence; `None` of one that has.
fn under_way(view: &RunView) -> Option<String> {
    let run = &view.summary;
    let how = match run.state {
        RunState::Running => "is under way",
        RunState::Waiting => "waits for Plex",
        RunState::Paused => "is paused",
        RunState::Done
        | RunState::DoneWithFailures
        | RunState::Cancelled
        | RunState::Stopped
        | RunState::Interrupted => return None,
    };
    let writes = view.phases.last().filter(|last| last.phase == Phase::Write);
    let figures = writes.map_or_else(String::new, |_| {
        let waiting = run.changed.saturating_sub(run.written + run.failed);
        format!(": {} written, {waiting} waiting", items(run.written))
    });
    Some(format!("Run {} {how}{figures}.", run.run))
}

impl Printer {
    /// How things stand.
    pub(crate) fn status(self, report: &Report) {
        if self.json {
            json(&report.snapshot);
            return;
        }
        let snapshot = &report.snapshot;
        if let Connection::Away { message, .. } = &snapshot.connection {
            out(&format!("Plex is away: {}", on_a_command_line(message)));
        }
        match snapshot.recent.first() {
            None => out("Nothing was synced yet."),
            Some(run) => out(&run_line(run)),
        }
        if let Some(run) = snapshot.run.as_ref().and_then(under_way) {
            out(&run);
        }
        out(&format!(
            "{} failed, {} waiting for a decision.",
            items(snapshot.failed),
            fields(snapshot.conflicts)
        ));
        if let Some(unread) = &report.unread {
            let count = unread.more + u32::try_from(unread.files.len()).unwrap_or(u32::MAX);
            out(&format!(
                "Source files that could not be read: {count}. Their names: syncslate-cli failed"
            ));
        }
        let found = CastTrait::ALL.map(|of| (snapshot.taken(of), snapshot.taken(of).sentence(of)));
        for (_, sentence) in found
            .iter()
            .filter(|(taken, _)| *taken != CastTaken::Unknown)
        {
            out(sentence);
        }
        for problem in &snapshot.problems {
            if found
                .iter()
                .any(|(_, sentence)| problem.message == *sentence)
            {
                continue;
            }
            said(problem);
        }
    }

    /// The latest runs, the newest first.
    pub(crate) fn runs(self, report: &Report) {
        if self.json {
            json(&report.snapshot.recent);
            return;
        }
        if report.snapshot.recent.is_empty() {
            out("Nothing was synced yet.");
        }
        for run in &report.snapshot.recent {
            out(&run_line(run));
        }
    }

    /// Jobs that gave up, open conflicts, and source files that say nothing.
    pub(crate) fn failed(self, report: &Report) {
        if self.json {
            json(&serde_json::json!({
                "failed": report.failed,
                "conflicts": report.conflicts,
                "unread": report.unread,
            }));
            return;
        }
        let problems = report.snapshot.problems.iter();
        let locked: Vec<&Problem> = problems
            .filter(|problem| problem.action == ProblemAction::DecideLocked)
            .collect();
        let nothing = report.failed.is_empty() && report.conflicts.is_empty();
        if nothing && report.unread.is_none() {
            out(if locked.is_empty() {
                "Nothing failed, and nothing waits for a decision."
            } else {
                "Nothing failed."
            });
        }
        for failed in &report.failed {
            let names: Vec<&str> = failed.fields.iter().map(|field| name(*field)).collect();
            out(&format!(
                "{} ({}), run {}: {}",
                safe::plain(&failed.title),
                names.join(", "),
                failed.run,
                on_a_command_line(&failed.message)
            ));
        }
        if let Some(unread) = &report.unread {
            unread_lines(unread);
        }
        conflict_lines(report);
        for problem in locked {
            said(problem);
        }
    }
}

fn said(problem: &Problem) {
    out(&on_a_command_line(&problem.message));
    if let Some(hint) = hint(problem) {
        out(hint);
    }
}

fn unread_lines(unread: &UnreadFiles) {
    out(&format!(
        "Source files that run {} could not read. What Plex holds of them stays as it is.",
        unread.run
    ));
    for file in &unread.files {
        out(&format!(
            "  {} {}",
            safe::plain(&file.path),
            safe::plain(&file.reason)
        ));
    }
    if unread.more > 0 {
        out(&format!("  and {} more", unread.more));
    }
}
