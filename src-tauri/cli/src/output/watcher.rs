//! What is shown while a run works: each item of an exact plan as it is made, and source files that say nothing. Nothing
//! of it is held but the first names of such files.
//!
//! Not here: how a change looks (`change`), the end of a run (`summary`).

use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;
use serde::Serialize;
use syncslate_engine::model::{Change, ConflictKind, Field, KeptReason, Value};
use syncslate_engine::report::{Observer, PlannedItem};

use super::{Bar, change, json, out, safe};

/// Source files that a summary names.
const NAMED: usize = 10;

/// See the module.
#[derive(Debug)]
pub(crate) struct Watcher {
    json: bool,
    /// The plan is what was asked for.
    shows_plan: bool,
    /// Stands aside while an item is printed.
    bar: ProgressBar,
    unread: Mutex<Unread>,
}

/// Source files that say nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unread {
    /// The first of them, as lines.
    pub(crate) named: Vec<String>,
    /// How many more there are.
    pub(crate) more: usize,
}

impl Watcher {
    pub(crate) fn new(json: bool, shows_plan: bool, bar: &Bar) -> Self {
        Self {
            json,
            shows_plan,
            bar: bar.line(),
            unread: Mutex::default(),
        }
    }

    /// The source files that said nothing.
    pub(crate) fn met(&self) -> Unread {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Unread> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Watcher {
    fn planned(&self, item: &PlannedItem<'_>) {
        match (self.shows_plan, self.json) {
            (false, _) => {}
            (true, false) => self.bar.suspend(|| out(&item_text(item))),
            (true, true) => rows(item).for_each(|row| json(&row)),
        }
    }

    fn unread(&self, path: &str, reason: &str) {
        if self.json {
            json(&UnreadRow {
                unread: path,
                reason,
            });
        }
        let mut unread = self.lock();
        if unread.named.len() < NAMED {
            let line = format!("  {} {}", safe::plain(path), safe::plain(reason));
            unread.named.push(line);
        } else {
            unread.more += 1;
        }
    }
}

/// An item's title and place, and below it everything that is changed or stays.
fn item_text(item: &PlannedItem<'_>) -> String {
    let mut text = format!(
        "{} ({}, {})",
        safe::plain(item.title),
        safe::plain(item.library),
        safe::plain(item.source_id)
    );
    for planned in moving(item) {
        change::change(&mut text, planned);
    }
    for conflict in item.conflicts {
        change::conflict(&mut text, conflict);
    }
    for kept in item.kept {
        change::kept(&mut text, kept);
    }
    text
}

/// What is another afterwards: a value that is written only so that it stays is nothing to be told.
fn moving<'a>(item: &PlannedItem<'a>) -> impl Iterator<Item = &'a Change> {
    item.changes.iter().filter(|change| change.moves())
}

/// One line of `--dry-run --json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    /// Plex's key.
    item: u64,
    title: &'a str,
    library: &'a str,
    /// The source item, as `matches` names it.
    path: &'a str,
    field: Field,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum What<'a> {
    Changes {
        before: &'a Value,
        after: &'a Value,
        /// It is locked by this.
        locks: bool,
    },
    Stays {
        plex: &'a Value,
        source: &'a Value,
        kept: Why,
    },
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Why {
    Kept(KeptReason),
    Conflict(ConflictKind),
}

#[derive(Debug, Serialize)]
struct UnreadRow<'a> {
    /// Where the file is.
    unread: &'a str,
    reason: &'a str,
}

fn rows<'a>(item: &'a PlannedItem<'a>) -> impl Iterator<Item = Row<'a>> {
    let changes = moving(item).map(|change| {
        let what = What::Changes {
            before: &change.before,
            after: &change.after,
            locks: change.lock && !change.before_locked,
        };
        (change.field, what)
    });
    let conflicts = item.conflicts.iter().map(|conflict| {
        let what = What::Stays {
            plex: &conflict.plex,
            source: &conflict.source,
            kept: Why::Conflict(conflict.kind),
        };
        (conflict.field, what)
    });
    let kept = item.kept.iter().map(|kept| {
        let what = What::Stays {
            plex: &kept.plex,
            source: &kept.source,
            kept: Why::Kept(kept.reason),
        };
        (kept.field, what)
    });
    let all = changes.chain(conflicts).chain(kept);
    all.map(|(field, what)| Row {
        item: item.item,
        title: item.title,
        library: item.library,
        path: item.source_id,
        field,
        what,
    })
}

#[cfg(test)]
mod tests {
    use syncslate_engine::model::Kept;

    use super::*;

    fn item(kept: &[Kept]) -> PlannedItem<'_> {
        PlannedItem {
            item: 7,
            library: "Films",
            title: "A\nB\u{1b}",
            source_id: "A/a.nfo",
            changes: &[],
            kept,
            conflicts: &[],
        }
    }

    #[test]
    fn what_stays_is_listed_below_its_item_and_as_a_row() {
        let kept = [Kept {
            field: Field::Year,
            reason: KeptReason::NotEmpty,
            plex: Value::Whole(1999),
            source: Value::Whole(2000),
        }];
        assert_eq!(
            item_text(&item(&kept)),
            "A B� (Films, A/a.nfo)\n  year: kept 1999 (not empty, and the policy is “fill only if empty”; your source: 2000)"
        );
        let item = item(&kept);
        let row: Vec<_> = rows(&item)
            .map(|row| serde_json::to_value(row).expect("plain data"))
            .collect();
        let expected = serde_json::json!({
            "item": 7, "title": "A\nB\u{1b}", "library": "Films", "path": "A/a.nfo", "field": "year",
            "plex": { "whole": 1999 }, "source": { "whole": 2000 }, "kept": "notEmpty",
        });
        assert_eq!(row, [expected]);
    }

    #[test]
    fn the_first_unread_files_are_named_and_the_others_counted() {
        let watcher = Watcher::new(false, false, &Bar::new(true));
        for number in 0..13 {
            watcher.unread(&format!("/films/{number}.nfo"), "is empty.");
        }
        let unread = watcher.met();
        assert_eq!(unread.named.len(), NAMED);
        assert_eq!(unread.named[9], "  /films/9.nfo is empty.");
        assert_eq!(unread.more, 3);
    }
}
