//! How a sync begins: meet Plex, find the sections, check the source; take up a run that was broken off. What fails here is
//! a refused command, not a run.
//!
//! Not here: the steps that follow (`sync`).

use std::collections::BTreeSet;
use std::sync::Arc;

use syncslate_plex::Section;

use super::core::{Core, refused, state_error};
use super::finish;
use super::setup::{self, SOURCE, Sides};
use super::sync::Sync;
use crate::face::{CommandError, RunKind};
use crate::model::{RunId, ServerNumber};

/// What a sync was asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub(super) dry_run: bool,
    pub(super) limit: Option<u32>,
    pub(super) only: Option<String>,
    pub(super) unattended: bool,
}

/// Steps 1 and 2 of a sync.
pub(super) async fn prepare(core: &Arc<Core>, wish: Wish) -> Result<Sync, CommandError> {
    let settings = core.settings();
    if core.state.is_none() && !wish.dry_run {
        return Err(refused(
            "state",
            "Syncslate cannot keep a journal here, so it writes nothing to Plex: it could not be undone. Nothing was changed. Make the data folder writable.",
        ));
    }
    let Sides {
        path_rules,
        source,
        contact,
        sections,
        chosen: plex_sections,
    } = setup::meet(core, &settings).await?;
    let kind = if wish.dry_run {
        RunKind::DryRun
    } else {
        RunKind::Sync
    };
    if wish.unattended {
        check_approved(core, &plex_sections)?;
    }
    let chosen = setup::sections(&settings, &contact, &sections, &plex_sections);
    let digest = setup::digest(&settings, &chosen, &contact);
    let (run, resumed) = take_up(core, contact.number, &plex_sections, kind, digest)
        .await
        .map_err(|error| state_error(&error))?;
    let started = finish::start(core, &contact, run, kind).await;
    let record = contact.record.clone();
    let session = setup::session(core, &settings, contact, chosen, run, wish.dry_run);
    Ok(Sync {
        session,
        plex_sections,
        source,
        path_rules,
        wish,
        started,
        max_concurrency: settings.max_concurrency,
        record,
        resumed,
        in_memory: false,
    })
}

/// Nobody watches an unattended run, so each of its sections must have been synced by hand before.
fn check_approved(core: &Core, sections: &[Section]) -> Result<(), CommandError> {
    let Some(state) = &core.state else {
        return Ok(());
    };
    let runs = state
        .read(|reader| reader.newest_runs(finish::RECENT))
        .map_err(|error| state_error(&error))?;
    let approved: BTreeSet<_> = runs
        .iter()
        .filter(|(_, run)| run.kind == RunKind::Sync && run.approved)
        .flat_map(|(_, run)| run.sections.iter().map(|section| section.uuid))
        .collect();
    let unseen: Vec<String> = sections
        .iter()
        .filter(|section| !approved.contains(&section.uuid))
        .map(|section| format!("“{}”", section.title))
        .collect();
    if unseen.is_empty() {
        return Ok(());
    }
    Err(refused(
        "approval",
        format!(
            "{} was never synced by hand, and the first sync is not made unseen. Nothing was changed. Sync once by hand; a dry run shows every change before.",
            unseen.join(", ")
        ),
    ))
}

/// Takes up an unfinished run of the section, or begins a new one. Plans that were never whole, or were made under other
/// settings, are dropped. `true`: something is left to finish or to settle first.
async fn take_up(
    core: &Core,
    server: ServerNumber,
    sections: &[Section],
    kind: RunKind,
    digest: [u8; 16],
) -> Result<(RunId, bool), crate::store::StoreError> {
    let Some(state) = core.state.as_ref().filter(|_| kind != RunKind::DryRun) else {
        return Ok((RunId(0), false));
    };
    let now = core.deps.clock.now_ms();
    let mut record = finish::run_record(server, sections, SOURCE, kind, now);
    record.settings = Some(digest);
    state
        .write(move |writer| {
            let (run, resumed) = finish::take_up(writer, &record)?;
            let left = finish::drop_outdated(writer, &record)?;
            Ok((run, resumed || left))
        })
        .await
}
