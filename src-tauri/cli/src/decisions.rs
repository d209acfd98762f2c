//! What a terminal shows of fields that a person decides, or that were kept without a question.
//!
//! Not here: deciding (`work`).

use syncslate_engine::face::{Choice, KeptItem, Report};
use syncslate_engine::model::{ConflictKind, KeptReason};

use crate::output::{Printer, json, name, out, value};

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
            return json(&serde_json::json!({ "kept": locked }));
        }
        if locked.is_empty() {
            out("Nothing was locked in Plex before Syncslate knew of it.");
        }
        locked.into_iter().for_each(kept_line);
    }

    /// What was decided.
    pub(crate) fn settled(self, choice: Choice, fields: u32) {
        if self.json {
            json(&serde_json::json!({ "settled": fields }));
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
    }
}

pub(crate) fn conflict_lines(report: &Report) {
    for open in &report.conflicts {
        let what = match open.conflict.kind {
            ConflictKind::BothChanged => "was changed on both sides",
            ConflictKind::EditedSince => "was edited since the run that was taken back",
        };
        out(&format!(
            "{} (item {}): {} {what}. Plex: {}. Source: {}.",
            open.title,
            open.item,
            name(open.conflict.field),
            value(open.conflict.field, &open.conflict.plex),
            value(open.conflict.field, &open.conflict.source)
        ));
    }
    for chosen in &report.chosen {
        out(&format!(
            "{} (item {}): {} was decided for the source and is written by the next sync. Source: {}.",
            chosen.title,
            chosen.item,
            name(chosen.field),
            value(chosen.field, &chosen.source)
        ));
    }
}

fn kept_line(item: &KeptItem) {
    out(&format!(
        "{} (item {}): {} stays {} ({}). Source: {}.",
        item.title,
        item.item,
        name(item.kept.field),
        value(item.kept.field, &item.kept.plex),
        reason(item.kept.reason),
        value(item.kept.field, &item.kept.source)
    ));
}

pub(crate) fn reason(reason: KeptReason) -> &'static str {
    match reason {
        KeptReason::PersonsEdit => "edited in Plex",
        KeptReason::LockedBefore => "locked in Plex before Syncslate knew of it",
        KeptReason::HandedBack => "unlocked in Plex",
        KeptReason::TugOfWar => "something else keeps overwriting it",
        KeptReason::Refused => "Plex does not take the new value",
        KeptReason::NotEmpty => "not empty",
        KeptReason::ForeignRating => "Plex shows it under another service's mark",
    }
}
