//! What a run works with, put together from settings and from Plex as it was just met.

use std::path::PathBuf;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha1::{Digest, Sha1};
use syncslate_plex::Section;

use super::core::{Contact, Core, find_sections, refused, settings_of};
use super::session::{Notes, Session};
use crate::face::{CommandError, SectionSettings, Settings, SourceSettings};
use crate::library::{LibraryCache, MemoryCache, PathHasher};
use crate::matching::{PathRules, path_hash};
use crate::model::{RunId, SourceNumber};
use crate::plan::Rules;
use crate::source::nfo::NfoSource;
use crate::write::{CastTraits, Link, LinkParts, SectionContext, Sections};

/// The one source there is yet.
pub(super) const SOURCE: SourceNumber = SourceNumber(1);
/// Threads that read source files.
const READERS: usize = 4;

/// Both sides, met.
pub(super) struct Sides {
    pub(super) path_rules: PathRules,
    pub(super) source: NfoSource,
    pub(super) contact: Contact,
    /// All that the server has.
    pub(super) sections: Vec<Section>,
    /// Those of the settings.
    pub(super) chosen: Vec<Section>,
}

/// Checks the settings and the source, meets Plex and finds its sections. An error is a refused command.
pub(super) async fn meet(core: &Core, settings: &Settings) -> Result<Sides, CommandError> {
    settings
        .validate()
        .map_err(|error| refused("settings", error.to_string()))?;
    let path_rules = PathRules::new(&settings.path_rules)
        .map_err(|error| refused("settings", error.to_string()))?;
    let SourceSettings::Nfo { folder } = &settings.source;
    let source = NfoSource {
        number: SOURCE,
        root: PathBuf::from(folder),
    };
    let checked = source.clone();
    core.deps
        .blocking
        .run(move || checked.check())
        .await
        .map_err(|error| refused("source", error.to_string()))?;
    let contact = core.contact().await?;
    let sections = match contact.client.sections().await {
        Ok(sections) => sections,
        Err(error) => return Err(core.not_reached(&error)),
    };
    let chosen = find_sections(&sections, settings)?;
    Ok(Sides {
        path_rules,
        source,
        contact,
        sections,
        chosen,
    })
}

/// The chosen sections of a server, each with its own rules. `there` are all that it has.
pub(super) fn sections(
    settings: &Settings,
    contact: &Contact,
    there: &[Section],
    chosen: &[Section],
) -> Sections {
    Sections {
        server: contact.number,
        all: chosen
            .iter()
            .map(|section| SectionContext {
                uuid: section.uuid,
                id: section.id,
                title: section.title.clone(),
                agent: section.agent.clone(),
                rules: rules(
                    settings,
                    settings_of(there, settings, section),
                    &contact.server.version,
                ),
            })
            .collect(),
    }
}

pub(super) fn session(
    core: &Arc<Core>,
    settings: &Settings,
    contact: Contact,
    sections: Sections,
    run: RunId,
    dry_run: bool,
) -> Session {
    let case_insensitive = ignores_case(&contact.server.platform);
    let path_hash: Arc<PathHasher> = Arc::new(move |path: &str| path_hash(path, case_insensitive));
    let library: Arc<dyn LibraryCache> = if core.matches.is_available() {
        Arc::new(core.matches.clone())
    } else {
        Arc::new(MemoryCache::default())
    };
    let settings_digest = digest(settings, &sections, &contact);
    let cast = Arc::new(CastTraits::new(&contact.record));
    Session {
        run,
        dry_run,
        source: SOURCE,
        link: link(core, contact, run),
        sections,
        state: core.state.clone(),
        matches: core.matches.clone(),
        library,
        path_hash,
        settings_digest,
        clock: Arc::clone(&core.deps.clock),
        blocking: core.deps.blocking,
        reporter: core.reporter.clone(),
        observer: Arc::clone(&core.deps.observer),
        timings: core.deps.timings.clone(),
        cast,
        readers: READERS,
        notes: Notes::default(),
        unread: std::sync::Mutex::default(),
        stopwatch: Arc::clone(&core.stopwatch),
        taken_away: std::sync::Mutex::default(),
        emptied: std::sync::Mutex::default(),
        heard: std::sync::Mutex::default(),
        collections: tokio::sync::Mutex::default(),
        foretold: tokio::sync::Mutex::default(),
    }
}

/// Whether the file systems of a platform ignore case as they come: those of Windows and macOS do.
pub(super) fn ignores_case(platform: &str) -> bool {
    let platform = platform.to_lowercase();
    ["win", "mac", "darwin"]
        .iter()
        .any(|name| platform.starts_with(name))
}

/// The rules of a section: what its own settings say, else what those of all sections say.
fn rules(settings: &Settings, own: SectionSettings, version: &str) -> Rules {
    let mut policies = settings.policies.clone();
    policies.extend(own.policies);
    let mut list_modes = settings.list_modes.clone();
    list_modes.extend(own.list_modes);
    Rules {
        list_modes,
        ..Rules::new(policies, settings.lock_written, version)
    }
}

/// The line to the server that was just met.
fn link(core: &Core, contact: Contact, run: RunId) -> Arc<Link> {
    Arc::new(Link::new(LinkParts {
        client: contact.client,
        clock: Arc::clone(&core.deps.clock),
        rng: ChaCha8Rng::seed_from_u64(core.deps.seed ^ run.0),
        reporter: core.reporter.clone(),
        state: core.state.clone(),
        server: contact.number,
        control: core.control.subscribe(),
        patience: core.deps.patience,
        connected: contact.connected,
    }))
}

/// Everything that decides what an unchanged item would be written as: when it changes, all items are compared again.
pub(super) fn digest(settings: &Settings, sections: &Sections, contact: &Contact) -> [u8; 16] {
    let written: Vec<_> = sections
        .all
        .iter()
        .map(|section| (section.uuid, &section.rules))
        .collect();
    let decisive = (
        &settings.source,
        &settings.path_rules,
        sections.server,
        written,
        &contact.server.version,
        ignores_case(&contact.server.platform),
    );
    let text = format!("{decisive:?}");
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha1::digest(text.as_bytes())[..16]);
    digest
}
