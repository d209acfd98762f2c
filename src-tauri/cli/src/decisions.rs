//! What a terminal shows of fields that a person decides, or that were kept without a question.
//!
//! Not here: deciding (`work`).

use syncslate_engine::face::{Choice, KeptItem, Report};
use syncslate_engine::model::{Field, KeptReason};

use crate::output::safe::plain;
use crate::output::{Printer, chosen, conflict, json, kept, out};

impl Printer {
    /// Fields that wait for a decision.
    pub(crate) fn conflicts(self, report: &Report) {
        if self.json {
            json(&serde_json::json!({ "conflicts": report.conflicts, "chosen": report.chosen }));
            return;
        }
        if report.conflicts.is_empty() {
            out("Nothing waits for a decision.");
        }
        conflict_lines(report);
    }

    /// The same, and fields that were kept without a question.
    pub(crate) fn conflicts_and_kept(self, report: &Report) {
        if self.json {
            json(&serde_json::json!({
                "conflicts": report.conflicts,
                "kept": report.kept,
                "chosen": report.chosen,
            }));
            return;
        }
        if report.conflicts.is_empty() && report.kept.is_empty() {
            out("Nothing waits for a decision, and nothing was kept.");
        }
        conflict_lines(report);
        report.kept.iter().for_each(kept_line);
    }

    /// Fields that were locked before anything was known of them.
    pub(crate) fn locked_before(self, report: &Report) {
        let kept = report.kept.iter();
        let locked: Vec<&KeptItem> = kept
            .filter(|item| item.kept.reason == KeptReason::LockedBefore)
            .collect();
        if self.json {
            return json(&serde_json::json!({ "kept": locked, "total": report.locked_before }));
        }
        let shown = locked.len();
        locked.into_iter().for_each(kept_line);
        match usize::try_from(report.locked_before).unwrap_or(usize::MAX) {
            0 => out("Nothing was locked in Plex before Syncslate knew of it."),
            all if all > shown => out(&format!("{all} values in all, of which {shown} are shown.")),
            _ => {}
        }
    }

    /// What was decided.
    pub(crate) fn settled(self, choice: Choice, fields: u32, maybe_written: u32) {
        if self.json {
            json(&serde_json::json!({ "settled": fields, "maybeWritten": maybe_written }));
            return;
        }
        let fields = match fields {
            0 => return out("Nothing fits, so nothing was decided."),
            1 => "1 field".to_owned(),
            many => format!("{many} fields"),
        };
        out(&match choice {
            Choice::KeepPlex => format!("{fields}: Plex keeps what it has."),
            Choice::UseSource => format!("{fields}: the next sync writes what the source has."),
        });
        if maybe_written > 0 {
            out(&format!(
                "{maybe_written} of them may have been sent to Plex already. The next sync looks at what became of them; undo gives back what was replaced."
            ));
        }
    }
}

/// The part of a report that concerns one item, one field, or one field of one item.
pub(crate) fn only(report: &Report, item: Option<u64>, field: Option<Field>) -> Report {
    let mut report = report.clone();
    let is_meant = |key: u64, of: Field| {
        item.is_none_or(|item| item == key) && field.is_none_or(|field| field == of)
    };
    report
        .conflicts
        .retain(|open| is_meant(open.item, open.conflict.field));
    report
        .kept
        .retain(|kept| is_meant(kept.item, kept.kept.field));
    report
        .chosen
        .retain(|chosen| is_meant(chosen.item, chosen.field));
    if item.is_some() || field.is_some() {
        let locked = report.kept.iter();
        let locked = locked.filter(|kept| kept.kept.reason == KeptReason::LockedBefore);
        report.locked_before = u32::try_from(locked.count()).unwrap_or(u32::MAX);
    }
    report
}

pub(crate) fn conflict_lines(report: &Report) {
    for open in &report.conflicts {
        let mut text = head(&open.title, open.item);
        conflict(&mut text, &open.conflict);
        out(&text);
    }
    for decided in &report.chosen {
        let mut text = head(&decided.title, decided.item);
        chosen(&mut text, decided.field, &decided.source);
        out(&text);
    }
}

fn kept_line(item: &KeptItem) {
    let mut text = head(&item.title, item.item);
    kept(&mut text, &item.kept);
    out(&text);
}

fn head(title: &str, item: u64) -> String {
    format!("{} (item {item})", plain(title))
}
