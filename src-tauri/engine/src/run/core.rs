//! What outlives a run: settings, token, data folder, public state; and the first contact with Plex.
//!
//! Not here: commands (`actor`), what a run does (`sync`, `undo`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use syncslate_plex::{Client, Device, PlexError, Section, Server};
use tokio::sync::watch;
use url::Url;

use super::handle::Deps;
use super::problems;
use super::stopwatch::Stopwatch;
use crate::face::{
    CastTaken, CommandError, Connection, Left, Problem, ProblemAction, RunState, RunSummary,
    SectionSettings, Settings, Snapshot, Totals,
};
use crate::library::item_types;
use crate::model::{RunId, ServerNumber};
use crate::report::Reporter;
use crate::store::{
    Cache, DataFolder, RunRecord, ServerRecord, State, StateReader, StoreError, UnreadRecord,
};
use crate::write::{Control, plex_code};

/// See the module.
pub(super) struct Core {
    pub(super) deps: Deps,
    pub(super) folder: Option<DataFolder>,
    pub(super) state: Option<State>,
    pub(super) matches: Cache,
    pub(super) reporter: Reporter,
    pub(super) control: watch::Sender<Control>,
    settings: Mutex<Settings>,
    token: Mutex<Option<SecretString>>,
    pub(super) stopwatch: Arc<Stopwatch>,
    /// Held while the report for other processes is written.
    pub(super) renewing: Arc<tokio::sync::Mutex<()>>,
    /// What was to be said about the state when it was opened.
    state_note: Option<String>,
}

/// Figures that the state holds.
struct Stored {
    runs: Vec<(RunId, RunRecord)>,
    /// Jobs of those that did not come to an end: nothing sent, and sent but not settled.
    left: BTreeMap<RunId, (u64, u64)>,
    failed: u64,
    conflicts: u64,
    locked_before: u64,
    unread: Option<UnreadRecord>,
    /// Whether the server takes roles, and pictures of actors.
    takes: [Option<bool>; 2],
}

/// Plex as it was just met.
pub(super) struct Contact {
    pub(super) client: Client,
    pub(super) server: Server,
    pub(super) number: ServerNumber,
    pub(super) record: ServerRecord,
    pub(super) connected: Connection,
}

impl Core {
    pub(super) async fn open(mut deps: Deps) -> Result<Self, StoreError> {
        let path = deps.data_dir.clone();
        let blocking = deps.blocking;
        let read_only = deps.read_only;
        let hook = deps.commit_hook.take();
        let durable = deps.durable;
        let opened = blocking
            .run(move || {
                let folder = DataFolder::open(&path)?;
                let opened = State::open_with(
                    &folder,
                    crate::store::StateOptions {
                        blocking,
                        durable,
                        ..Default::default()
                    },
                )?;
                if let Some(hook) = hook {
                    opened.state.set_commit_hook(hook);
                }
                Ok::<_, StoreError>((folder, opened))
            })
            .await;
        let (folder, state, matches, state_note) = match opened {
            Ok((folder, opened)) => {
                let matches = Cache::new(&folder, crate::store::cache::DEFAULT_LIMIT);
                (Some(folder), Some(opened.state), matches, opened.note)
            }
            // Another owner, or newer data, would make the preview wrong.
            Err(
                error @ (StoreError::Folder { .. }
                | StoreError::NetworkFolder { .. }
                | StoreError::DiskFull),
            ) if read_only => {
                let note = format!("{error} Only previews work.");
                (
                    None,
                    None,
                    Cache::unavailable(&error.to_string()),
                    Some(note),
                )
            }
            Err(error) => return Err(error),
        };
        let (control, _) = watch::channel(Control::Go);
        let settings = deps.settings.clone();
        let reporter = Reporter::new(Snapshot {
            connection: unasked(&settings),
            roles: CastTaken::Unknown,
            actor_pictures: CastTaken::Unknown,
            settings: settings.clone(),
            settings_since: None,
            run: None,
            recent: Vec::new(),
            totals: Totals::default(),
            failed: 0,
            conflicts: 0,
            caches: Vec::new(),
            problems: Vec::new(),
        });
        let stopwatch = Stopwatch::new(Arc::clone(&deps.clock), reporter.clone());
        let core = Self {
            folder,
            state,
            matches,
            reporter,
            stopwatch: Arc::new(stopwatch),
            control,
            settings: Mutex::new(settings),
            token: Mutex::new(deps.token.take()),
            renewing: Arc::default(),
            state_note,
            deps,
        };
        core.refresh(Vec::new()).await?;
        Ok(core)
    }

    /// Passes on what a person wants of the run, and returns what holds. Going and pausing change at will; a run that is
    /// to end does not go on again, and only leaving comes after cancelling.
    pub(super) fn steer(&self, wish: Control) -> Control {
        self.control.send_if_modified(|control| {
            let allowed = match (*control, wish) {
                (Control::Go | Control::Pause, _) | (Control::Cancel, Control::Leave) => {
                    *control != wish
                }
                (Control::Cancel | Control::Leave, _) => false,
            };
            if allowed {
                *control = wish;
            }
            allowed
        });
        *self.control.borrow()
    }

    pub(super) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    pub(super) fn set_settings(&self, settings: Settings) {
        let was = std::mem::replace(&mut *lock(&self.settings), settings.clone());
        let now = self.deps.clock.now_ms();
        self.reporter.replace(|snapshot| {
            if was != settings {
                snapshot.settings_since = Some(now);
                // What the last run said of the settings was said of others.
                snapshot
                    .problems
                    .retain(|problem| problem.action != ProblemAction::OpenSettings);
            }
            if was.plex_address != settings.plex_address {
                snapshot.connection = unasked(&settings);
                snapshot.roles = CastTaken::Unknown;
                snapshot.actor_pictures = CastTaken::Unknown;
            }
            snapshot.settings = settings;
        });
    }

    pub(super) fn set_token(&self, token: Option<SecretString>) {
        *lock(&self.token) = token;
        let settings = self.settings();
        self.reporter.connection(unasked(&settings));
    }

    /// Brings stored figures into the public state, and says what a person should know. `more` comes first.
    pub(super) async fn refresh(&self, more: Vec<Problem>) -> Result<(), StoreError> {
        let mut stored = None;
        if let Some(state) = &self.state {
            let server = state.read(|reader| self.present_server(reader))?;
            let present = self.reporter.read(|snapshot| {
                let run = snapshot.run.as_ref().map(|run| &run.summary);
                run.filter(|run| is_live(run.state)).map(|run| run.run)
            });
            let figures = state.read_long(move |reader| {
                let runs = reader.newest_runs(24)?;
                // What is left of the run under way its own figures tell.
                let open = runs.iter().filter(|(number, run)| {
                    !run.ended && present.is_none_or(|present| number.0 != u64::from(present))
                });
                let open: Vec<RunId> = open.map(|(number, _)| *number).collect();
                Ok(Stored {
                    left: reader.jobs_left(&open)?,
                    runs,
                    failed: reader.failed_count()?,
                    conflicts: server.map_or(Ok(0), |of| reader.conflict_count(of))?,
                    unread: reader.unread()?.map(|(_, record)| record),
                    locked_before: server.map_or(Ok(0), |of| reader.locked_before_count(of))?,
                    takes: match server {
                        Some(server) => reader.server(server)?.map_or([None; 2], |known| {
                            [known.takes_roles, known.takes_actor_pictures]
                        }),
                        None => [None; 2],
                    },
                })
            });
            stored = Some(figures.await?);
        }
        let mut problems = more;
        problems.extend(self.state_note.as_deref().map(problems::of_state));
        problems.extend(self.matches.note().map(problems::of_cache));
        if let Some(stored) = &stored {
            let is_said = problems
                .iter()
                .any(|problem| problem.code == "unread_files");
            if let Some(unread) = stored.unread.as_ref().filter(|_| !is_said) {
                problems.extend(problems::of_unread(unread));
            }
            problems.extend(problems::of_failed(stored.failed));
            problems.extend(problems::of_locked(stored.locked_before));
        }
        let caches = self.matches.stats();
        self.reporter.replace(|snapshot| {
            if let Some(stored) = stored {
                let present = snapshot.run.as_ref().map(|run| run.summary.run);
                snapshot.recent = stored
                    .runs
                    .into_iter()
                    .map(|(number, run)| {
                        let left = stored.left.get(&number).copied();
                        left_off(run, left, present)
                    })
                    .collect();
                snapshot.failed = u32::try_from(stored.failed).unwrap_or(u32::MAX);
                snapshot.conflicts = u32::try_from(stored.conflicts).unwrap_or(u32::MAX);
                [snapshot.roles, snapshot.actor_pictures] = stored.takes.map(CastTaken::of);
            }
            snapshot.caches = caches;
            snapshot.problems = problems;
        });
        Ok(())
    }

    /// The server that was last met at the present address; no request is made. `None`: not met yet. Where no address is
    /// given, as on a command line that only looks, the server of the newest run is meant.
    pub(super) fn present_server(
        &self,
        reader: &StateReader<'_>,
    ) -> Result<Option<ServerNumber>, StoreError> {
        let settings = self.settings();
        if settings.plex_address.trim().is_empty() {
            let newest = reader.newest_runs(1)?.pop();
            return Ok(newest.map(|(_, run)| run.server));
        }
        let Ok(address) = settings.address() else {
            return Ok(None);
        };
        let mut number = ServerNumber(1);
        let mut found = None;
        while let Some(known) = reader.server(number)? {
            if known.address == address.as_str() {
                return Ok(Some(number));
            }
            // From before addresses were kept: the only one is the one.
            found = (number == ServerNumber(1) && known.address.is_empty()).then_some(number);
            number.0 += 1;
        }
        Ok(found)
    }

    /// Reaches Plex with the present address and token.
    pub(super) async fn contact(&self) -> Result<Contact, CommandError> {
        let settings = self.settings();
        let address = settings
            .address()
            .map_err(|error| refused("settings", error.to_string()))?;
        let Some(token) = self.token() else {
            return Err(refused(
                "no_token",
                "There is no Plex token yet. Enter one in the settings. Nothing was changed.",
            ));
        };
        let (client, server, millis) = match self.meet(&address, &token).await {
            Ok(met) => met,
            Err(error) => return Err(self.not_reached(&error)),
        };
        let connected = Connection::Connected {
            name: server.name.clone(),
            version: server.version.clone(),
            millis,
        };
        self.reporter.connection(connected.clone());
        let (number, record) = self
            .number(&server, &address)
            .await
            .map_err(|error| state_error(&error))?;
        Ok(Contact {
            client,
            server,
            number,
            record,
            connected,
        })
    }

    /// Asks a server who it is; tells how long the answer took, in milliseconds.
    pub(super) async fn meet(
        &self,
        address: &Url,
        token: &SecretString,
    ) -> Result<(Client, Server, f64), PlexError> {
        let device = Device {
            client_identifier: self.deps.client_identifier.clone(),
            product: "Syncslate".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: std::env::consts::OS.to_owned(),
        };
        let client = Client::new(Arc::clone(&self.deps.transport), address, token, &device);
        let started = self.deps.clock.monotonic();
        let server = client.server().await?;
        let took = self.deps.clock.monotonic().saturating_sub(started);
        Ok((client, server, took.as_secs_f64() * 1000.0))
    }

    /// The token in force.
    pub(super) fn token(&self) -> Option<SecretString> {
        lock(&self.token).clone()
    }

    /// Says what a failed contact means, and shows it.
    pub(super) fn not_reached(&self, error: &PlexError) -> CommandError {
        let code = plex_code(error);
        if code == "sign_in" {
            self.reporter.connection(Connection::SignInNeeded);
        } else {
            self.reporter.connection(Connection::Away {
                since: self.deps.clock.now_ms(),
                message: error.to_string(),
            });
        }
        refused(code, format!("{error} Nothing was changed."))
    }

    /// The number under which records of this server are kept: that of the server it was before, or the next free one.
    async fn number(
        &self,
        server: &Server,
        address: &Url,
    ) -> Result<(ServerNumber, ServerRecord), StoreError> {
        let fresh = ServerRecord {
            address: address.to_string(),
            machine_identifier: server.machine_identifier.clone(),
            version: server.version.clone(),
            ..ServerRecord::default()
        };
        let Some(state) = &self.state else {
            return Ok((ServerNumber(1), fresh));
        };
        state
            .write(move |writer| {
                let mut found = None;
                let mut number = ServerNumber(1);
                while let Some(known) = writer.server(number)? {
                    let mut record = known.clone();
                    if known.machine_identifier == fresh.machine_identifier {
                        record.address.clone_from(&fresh.address);
                        if record.version != fresh.version {
                            // Another version may name uploads in another way, and take of actors what this one did not.
                            record.version.clone_from(&fresh.version);
                            record.upload_key_is_sha1 = None;
                            record.takes_roles = None;
                            record.takes_actor_pictures = None;
                            record.drops_actor_pictures = false;
                        }
                        found = Some((number, record.clone()));
                    } else if record.address == fresh.address {
                        // Another server answers there now.
                        record.address.clear();
                    }
                    if record != known {
                        writer.put_server(number, &record)?;
                    }
                    number.0 += 1;
                }
                if let Some(found) = found {
                    return Ok(found);
                }
                writer.put_server(number, &fresh)?;
                Ok((number, fresh.clone()))
            })
            .await
    }
}

/// A run that is said to be under way and is not this process's was left in the middle by one that is gone: whoever
/// owns the data folder is the only one who can be at work on it.
fn left_off(run: RunRecord, left: Option<(u64, u64)>, present: Option<u32>) -> RunSummary {
    let count = |jobs: u64| u32::try_from(jobs).unwrap_or(u32::MAX);
    let planned = run.ready;
    let mut summary = run.summary;
    summary.left = left.map(|(waiting, sent)| Left {
        waiting: count(waiting),
        sent: count(sent),
        planned,
    });
    if present != Some(summary.run) && is_live(summary.state) {
        summary.state = RunState::Interrupted;
    }
    summary
}

/// Whether a run of this state is under way.
fn is_live(state: RunState) -> bool {
    match state {
        RunState::Running | RunState::Paused | RunState::Waiting => true,
        RunState::Done
        | RunState::DoneWithFailures
        | RunState::Cancelled
        | RunState::Stopped
        | RunState::Interrupted => false,
    }
}

/// The sections that the settings name, in their order, each once; or a sentence that names those there are.
pub(super) fn find_sections(
    there: &[Section],
    settings: &Settings,
) -> Result<Vec<Section>, CommandError> {
    let mut found: Vec<Section> = Vec::new();
    for wanted in &settings.sections {
        let title = wanted.title.trim();
        let Some(section) = titled(there, title) else {
            return Err(no_section(
                there,
                &format!("Plex has no library called “{title}”."),
            ));
        };
        if item_types(&section.kind).is_empty() {
            return Err(no_section(
                there,
                &format!(
                    "“{}” is a library of photos, and Syncslate leaves those alone.",
                    section.title
                ),
            ));
        }
        if found.iter().all(|known| known.uuid != section.uuid) {
            found.push(section.clone());
        }
    }
    Ok(found)
}

fn no_section(there: &[Section], what: &str) -> CommandError {
    let titles: Vec<String> = there
        .iter()
        .filter(|section| !item_types(&section.kind).is_empty())
        .map(|section| format!("“{}”", section.title))
        .collect();
    let offer = if titles.is_empty() {
        "This server has no library that can be written to.".to_owned()
    } else {
        format!("Its libraries: {}.", titles.join(", "))
    };
    refused("no_section", format!("{what} Nothing was changed. {offer}"))
}

/// The section that goes by a title: exactly, else in another case. Two may differ in case alone.
fn titled<'s>(there: &'s [Section], title: &str) -> Option<&'s Section> {
    let title = title.trim();
    let folded = crate::text::fold(title);
    there
        .iter()
        .find(|section| section.title == title)
        .or_else(|| {
            there
                .iter()
                .find(|section| crate::text::fold(&section.title) == folded)
        })
}

/// What the settings say of a section in particular, given all that there are: the first entry that means it.
pub(super) fn settings_of(
    there: &[Section],
    settings: &Settings,
    section: &Section,
) -> SectionSettings {
    settings
        .sections
        .iter()
        .find(|own| titled(there, &own.title).is_some_and(|found| found.uuid == section.uuid))
        .cloned()
        .unwrap_or_default()
}

/// A refused command.
pub(super) fn refused(code: &str, message: impl Into<String>) -> CommandError {
    CommandError {
        code: code.to_owned(),
        message: message.into(),
    }
}

/// What an error of the store means for a command.
pub(super) fn state_error(error: &StoreError) -> CommandError {
    let code = match error {
        StoreError::Owned { .. } => "owned",
        _ => "state",
    };
    refused(code, error.to_string())
}

fn unasked(settings: &Settings) -> Connection {
    if settings.plex_address.trim().is_empty() {
        Connection::NotSetUp
    } else {
        Connection::Unknown
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
