//! What the store promises, checked from outside of it.

mod cache;
mod collections;
mod damage;
mod folder;
mod heard;
mod state;

use std::path::Path;

use futures::executor::block_on;
use uuid::Uuid;

use super::{
    DataFolder, Opened, RunRecord, RunSection, State, StateOptions, StateReader, StateWriter,
    StoreError,
};
use crate::blocking::Blocking;
use crate::face::{RunKind, RunState, RunSummary};
use crate::model::{
    Identity, ItemKey, ItemType, PathHash, PlexItem, RatingKey, RunId, ServerNumber, SourceNumber,
};

pub(crate) const SECTION: Uuid = Uuid::from_u128(0x5ec7);

pub(crate) fn key(rating_key: u64) -> ItemKey {
    ItemKey {
        server: ServerNumber(1),
        section: SECTION,
        rating_key: RatingKey(rating_key),
    }
}

pub(crate) fn identity(number: u64) -> Identity {
    let mut hash = [0; 16];
    hash[8..].copy_from_slice(&number.to_be_bytes());
    Identity {
        guid: format!("plex://movie/{number}"),
        paths: vec![PathHash(hash)],
        episode: None,
    }
}

pub(crate) fn item(number: u64, updated_at: i64) -> PlexItem {
    PlexItem {
        key: key(number),
        identity: identity(number),
        item_type: ItemType::Movie,
        title: format!("Film {number}"),
        files: vec![format!("/films/{number}.mkv")],
        updated_at,
        parent: None,
        grandparent: None,
        index: None,
        parent_index: None,
        watched: false,
    }
}

pub(crate) fn run_record(ready: bool) -> RunRecord {
    RunRecord {
        summary: summary(),
        kind: RunKind::Sync,
        source: SourceNumber(1),
        server: ServerNumber(1),
        sections: vec![RunSection {
            uuid: SECTION,
            title: "Films".into(),
        }],
        ready,
        approved: false,
        ended: false,
        undo_of: None,
        undone_by: None,
        undone_in_part_by: None,
        settings: None,
    }
}

fn summary() -> RunSummary {
    serde_json::from_value(serde_json::json!({
        "run": 0, "kind": "sync", "state": "running", "startedAt": 1000, "durationMs": 1.5,
        "itemsRead": 3, "matched": 3, "notInPlex": 0, "ambiguous": 0, "unreadable": 0, "changed": 2,
        "written": 1, "fieldsWritten": 4, "kept": 0, "conflicts": 0, "failed": 0,
        "requests": {"edit": 12}, "timings": [], "caches": [], "message": null
    }))
    .expect("the summary has the fields that the face names")
}

pub(crate) fn options(blocking: Blocking) -> StateOptions {
    StateOptions {
        blocking,
        durable: false,
        map_size: 1 << 20,
    }
}

/// Opens the state in `path`; the folder is held by the state.
pub(crate) fn open(path: &Path) -> Opened {
    open_with(path, options(Blocking::Inline)).expect("opens")
}

pub(crate) fn open_with(path: &Path, options: StateOptions) -> Result<Opened, StoreError> {
    State::open_with(&DataFolder::open(path)?, options)
}

/// Writes and waits.
pub(crate) fn write<T: Send + 'static>(
    state: &State,
    work: impl FnMut(&mut StateWriter<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    block_on(state.write(work)).expect("is written")
}

pub(crate) fn read<T>(
    state: &State,
    work: impl FnOnce(&StateReader<'_>) -> Result<T, StoreError>,
) -> T {
    state.read(work).expect("is read")
}

/// Begins a run.
pub(crate) fn begin_run(state: &State, ready: bool) -> RunId {
    write(state, move |w| w.new_run(run_record(ready)))
}

#[test]
fn a_new_summary_says_that_it_runs() {
    assert_eq!(summary().state, RunState::Running);
}
