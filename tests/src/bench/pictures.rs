//! Which pictures the requests about pictures were for: those that a sync had to change, or those that stay.
//!
//! Counted by the server per item and picture, so that nothing here is an estimate.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use syncslate_emulator::generator::Expectation;
use syncslate_emulator::{LibraryState, Statistics};

use super::table::{Goal, Table};

/// Requests about pictures.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Pictures {
    /// Pictures that a sync had to change.
    pub changed: u64,
    /// Lists of them.
    pub lists: u64,
    /// Uploads and selections of them.
    pub changes: u64,
    /// Of both, those beyond the first list and the first upload or selection of a picture.
    pub beyond: u64,
    /// Lists of pictures that stay as they are.
    pub stay_lists: u64,
    /// Uploads and selections of pictures that had to stay as they are.
    pub stay_changes: u64,
}

impl Pictures {
    /// Sorts what was counted by what had to be done.
    pub fn of(counted: &Statistics, expected: &Expectation, library: &LibraryState) -> Self {
        let to_change: BTreeSet<(u64, &str)> = expected
            .items
            .iter()
            .filter_map(|(place, item)| {
                let section = library.sections.get(&place.section)?;
                Some((section.items.get(&place.name)?.rating_key, item))
            })
            .flat_map(|(key, film)| film.written.iter().map(move |field| (key, *field)))
            .filter(|(_, field)| matches!(*field, "thumb" | "art" | "clearLogo" | "squareArt"))
            .collect();
        let mut pictures = Self {
            changed: to_change.len() as u64,
            ..Self::default()
        };
        for (picture, asked) in &counted.pictures {
            if to_change.contains(picture) {
                pictures.lists += asked.lists;
                pictures.changes += asked.changes;
                pictures.beyond += asked.lists.saturating_sub(1) + asked.changes.saturating_sub(1);
            } else {
                pictures.stay_lists += asked.lists;
                pictures.stay_changes += asked.changes;
            }
        }
        pictures
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.lists + self.changes + self.stay_lists + self.stay_changes
    }

    /// As rows of the table.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    pub(super) fn rows(&self, part: &str, table: &mut Table) {
        let changed = self.changed.max(1) as f64;
        table.tell(part, "changed pictures", self.changed as f64, "");
        table.hold(
            part,
            "requests per changed picture",
            (self.lists + self.changes) as f64 / changed,
            "",
            Goal::AtMost(2.0),
        );
        table.tell(part, "of them, lists", self.lists as f64 / changed, "");
        table.tell(
            part,
            "of them, uploads and selections",
            self.changes as f64 / changed,
            "",
        );
        table.hold(
            part,
            "requests beyond these two, how uploads are named",
            self.beyond as f64,
            "",
            Goal::AtMost(1.0),
        );
        table.tell(
            part,
            "lists of pictures that stay, locked by a person",
            self.stay_lists as f64,
            "",
        );
        table.hold(
            part,
            "changes of pictures that must stay",
            self.stay_changes as f64,
            "",
            Goal::AtMost(0.0),
        );
    }
}
