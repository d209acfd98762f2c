//! The task that owns the engine: takes commands one by one, and lets one run work at a time.
//!
//! | command | while idle | while a question is answered | during a run |
//! |---|---|---|---|
//! | sync, undo, unlock | begins | waits for the answer | refused: busy |
//! | pause, resume | nothing | nothing | take effect |
//! | cancel | nothing | ends the question, and what waits for it | takes effect |
//! | a question about paths and matches | answered | waits for the answer | refused: busy |
//! | test the connection | done | waits for the answer | refused: busy |
//! | retry failed, settings, token | done | done | done; a run keeps what it began with |
//! | close | ends | ends the question | cancels softly: started jobs finish, the rest stays queued |

use std::collections::VecDeque;
use std::sync::Arc;

use syncslate_plex::{Section, Server};
use tokio::sync::{mpsc, oneshot, watch};

use super::begin::{self, Wish};
use super::core::{Core, refused, state_error};
use super::handle::{Deps, Handle};
use super::requests::{Inbox, Request, Trial};
use super::sync::{self, shown};
use super::{finish, settle, status, survey, undo, unlock};
use crate::face::{Command, CommandError, Reply, RunSummary};
use crate::model::RunId;
use crate::store::StoreError;
use crate::write::{Control, plex_code};

/// Commands that wait to be taken.
const WAITING: usize = 32;

/// A run about to work.
enum Work {
    Sync(Box<sync::Sync>),
    Undo(Box<undo::Undo>),
    Unlock(Box<unlock::Unlock>),
}

pub(super) async fn start(deps: Deps) -> Result<Handle, StoreError> {
    let core = Arc::new(Core::open(deps).await?);
    let reporter = core.reporter.clone();
    let (requests, received) = mpsc::channel(WAITING);
    let (ended_sender, ended) = watch::channel(None);
    status::renew(&core).await;
    tokio::spawn(actor(core, Inbox::new(received), ended_sender));
    Ok(Handle {
        requests,
        reporter,
        ended,
    })
}

async fn actor(core: Arc<Core>, mut inbox: Inbox, ended: watch::Sender<Option<RunSummary>>) {
    while let Some(request) = inbox.next().await {
        let (command, answer) = match request {
            Request::Command { command, answer } => (command, answer),
            Request::Close(answer) => {
                // Freed before the answer, so that whoever waited can open the folder.
                drop(core);
                let _ = answer.send(());
                return;
            }
            Request::Test(trial) => {
                try_out(&core, trial).await;
                continue;
            }
            Request::Ask { question, answer } => {
                finish::reset(&core);
                let asked = async {
                    // Whoever asked may have gone.
                    let _ = answer.send(survey::answer(&core, question).await);
                };
                let closing = while_asked(&core, asked, &mut inbox).await;
                if closing.is_empty() {
                    continue;
                }
                drop(core);
                for answer in closing {
                    let _ = answer.send(());
                }
                return;
            }
            other => {
                light(&core, other).await;
                continue;
            }
        };
        let begun = match begin(&core, command).await {
            Begun::Answered(result) => {
                // Whoever asked may have gone.
                let _ = answer.send(result);
                continue;
            }
            Begun::Run(work) => work,
        };
        let run = u32::try_from(begun.run().0).unwrap_or(u32::MAX);
        let _ = answer.send(Ok(Reply::Started { run }));
        let working = async {
            match begun {
                Work::Sync(sync) => sync.work(&core).await,
                Work::Undo(undo) => undo.work(&core).await,
                Work::Unlock(unlock) => unlock.work(&core).await,
            }
        };
        let closing = Box::pin(during(&core, working, &mut inbox)).await;
        let summary = core
            .reporter
            .read(|snapshot| snapshot.run.as_ref().map(|run| run.summary.clone()));
        ended.send_replace(summary);
        if !closing.is_empty() {
            drop(core);
            for answer in closing {
                let _ = answer.send(());
            }
            return;
        }
    }
}

/// Lets a question be answered, and takes meanwhile what needs neither Plex nor a run. The rest waits: it comes first
/// once there is an answer. Returns all who wait for the engine to close.
async fn while_asked(
    core: &Arc<Core>,
    asked: impl Future<Output = ()>,
    inbox: &mut Inbox,
) -> Vec<oneshot::Sender<()>> {
    let mut closing = Vec::new();
    let mut waiting = VecDeque::new();
    let mut listening = true;
    tokio::pin!(asked);
    loop {
        tokio::select! {
            biased;
            () = &mut asked => break,
            request = inbox.next(), if listening => match request {
                Some(Request::Close(answer)) => {
                    core.steer(Control::Leave);
                    closing.push(answer);
                }
                Some(request) if request.waits_for_answer() => waiting.push_back(request),
                Some(Request::Command { command, answer }) => {
                    if matches!(command, Command::Cancel) {
                        waiting.drain(..).for_each(Request::cancel);
                    }
                    let _ = answer.send(at_once(core, command).await);
                }
                Some(other) => light(core, other).await,
                None => {
                    listening = false;
                    core.steer(Control::Leave);
                }
            },
        }
    }
    inbox.put_first(waiting);
    closing
}

/// Lets a run work and takes commands meanwhile. Returns all who wait for the engine to close.
async fn during(
    core: &Arc<Core>,
    working: impl Future<Output = ()>,
    inbox: &mut Inbox,
) -> Vec<oneshot::Sender<()>> {
    let mut closing = Vec::new();
    let mut listening = true;
    tokio::pin!(working);
    loop {
        tokio::select! {
            biased;
            () = &mut working => return closing,
            request = inbox.next(), if listening => match request {
                Some(Request::Command { command, answer }) => {
                    let result = match command {
                        Command::Sync { .. } | Command::Undo { .. } | Command::Unlock { .. } => Err(refused(
                            "busy",
                            "A run is under way. Wait for its end, or cancel it.",
                        )),
                        // Would wait for Plex while the run waits to be polled.
                        Command::TestConnection => Err(refused(
                            "busy",
                            "A run is under way and uses the connection. Its figures show how it is.",
                        )),
                        other => at_once(core, other).await,
                    };
                    let _ = answer.send(result);
                }
                Some(Request::Close(answer)) => {
                    core.steer(Control::Leave);
                    closing.push(answer);
                }
                Some(other) => light(core, other).await,
                None => {
                    listening = false;
                    core.steer(Control::Leave);
                }
            },
        }
    }
}

enum Begun {
    Answered(Result<Reply, CommandError>),
    Run(Work),
}

impl Work {
    fn run(&self) -> RunId {
        match self {
            Self::Sync(sync) => sync.run(),
            Self::Undo(undo) => undo.run(),
            Self::Unlock(unlock) => unlock.run(),
        }
    }
}

async fn begin(core: &Arc<Core>, command: Command) -> Begun {
    match command {
        Command::Sync {
            dry_run,
            limit,
            only,
            unattended,
        } => {
            finish::reset(core);
            let wish = Wish {
                dry_run,
                limit,
                only,
                unattended,
            };
            match begin::prepare(core, wish).await {
                Ok(sync) => Begun::Run(Work::Sync(Box::new(sync))),
                Err(error) => Begun::Answered(Err(error)),
            }
        }
        Command::Undo { run } => {
            finish::reset(core);
            match undo::prepare(core, run).await {
                Ok(undo) => Begun::Run(Work::Undo(Box::new(undo))),
                Err(error) => Begun::Answered(Err(error)),
            }
        }
        Command::Unlock { restore } => {
            finish::reset(core);
            match unlock::prepare(core, restore).await {
                Ok(unlock) => Begun::Run(Work::Unlock(Box::new(unlock))),
                Err(error) => Begun::Answered(Err(error)),
            }
        }
        Command::TestConnection => Begun::Answered(test(core).await),
        other => Begun::Answered(at_once(core, other).await),
    }
}

/// Tries values that a person typed and has not kept.
async fn try_out(core: &Arc<Core>, trial: Trial) {
    let Trial {
        address,
        token,
        answer,
    } = trial;
    let result = match (address, token) {
        (None, None) => test(core).await,
        (address, token) => {
            let mut settings = core.settings();
            if let Some(address) = address {
                settings.plex_address = address;
            }
            let token = token.or_else(|| core.token());
            match (settings.address(), token) {
                (Err(error), _) => Err(refused("settings", error.to_string())),
                (_, None) => Err(refused("no_token", "Enter a Plex token first.")),
                (Ok(address), Some(token)) => match core.meet(&address, &token).await {
                    Ok((client, server, millis)) => match client.sections().await {
                        Ok(sections) => Ok(connected(server, sections, millis)),
                        Err(error) => Err(refused(plex_code(&error), error.to_string())),
                    },
                    Err(error) => Err(refused(plex_code(&error), error.to_string())),
                },
            }
        }
    };
    let _ = answer.send(result);
}

fn connected(server: Server, sections: Vec<Section>, millis: f64) -> Reply {
    Reply::Connected {
        name: server.name,
        version: server.version,
        sections: sections
            .into_iter()
            .filter(|section| !crate::library::item_types(&section.kind).is_empty())
            .map(|section| section.title)
            .collect(),
        millis,
    }
}

async fn test(core: &Arc<Core>) -> Result<Reply, CommandError> {
    let contact = core.contact().await?;
    let sections = match contact.client.sections().await {
        Ok(sections) => sections,
        Err(error) => return Err(core.not_reached(&error)),
    };
    let millis = match contact.connected {
        crate::face::Connection::Connected { millis, .. } => millis,
        _ => 0.0,
    };
    Ok(connected(contact.server, sections, millis))
}

/// Commands that need neither Plex nor a run.
async fn at_once(core: &Arc<Core>, command: Command) -> Result<Reply, CommandError> {
    match command {
        Command::Pause => steer(core, Control::Pause),
        Command::Resume => steer(core, Control::Go),
        Command::Cancel => steer(core, Control::Cancel),
        Command::RetryFailed => {
            let Some(state) = &core.state else {
                return Err(refused(
                    "state",
                    "There is no queue here. Nothing was changed.",
                ));
            };
            let now = core.deps.clock.now_ms();
            state
                .write(move |writer| writer.requeue_failed(now))
                .await
                .map_err(|error| state_error(&error))?;
            core.refresh(Vec::new())
                .await
                .map_err(|error| state_error(&error))?;
        }
        Command::Settle { decision } => {
            let settled = settle::settle(core, decision).await?;
            return Ok(Reply::Settled {
                fields: settled.fields,
                maybe_written: settled.maybe_written,
            });
        }
        Command::SetSettings { settings } => {
            if !settings.plex_address.trim().is_empty() {
                settings
                    .address()
                    .map_err(|error| refused("settings", error.to_string()))?;
            }
            core.set_settings(settings);
        }
        Command::Sync { .. }
        | Command::Undo { .. }
        | Command::Unlock { .. }
        | Command::TestConnection => {
            return Err(refused("busy", "A run is under way."));
        }
    }
    Ok(Reply::Done)
}

fn steer(core: &Arc<Core>, control: Control) {
    let control = core.steer(control);
    core.reporter.progress(|summary, _| {
        if matches!(
            summary.state,
            crate::face::RunState::Running | crate::face::RunState::Paused
        ) {
            summary.state = shown(control);
        }
    });
    core.reporter.tick();
}

async fn light(core: &Arc<Core>, request: Request) {
    match request {
        Request::Token(token) => core.set_token(token),
        Request::Report(answer) => {
            let _ = answer.send(status::report(core).await);
        }
        Request::Command { answer, .. } => {
            let _ = answer.send(Err(refused("busy", "A run is under way.")));
        }
        Request::Ask { answer, .. } => {
            let _ = answer.send(Err(refused("busy", "A run is under way. Ask after it.")));
        }
        Request::Test(Trial { answer, .. }) => {
            let _ = answer.send(Err(refused(
                "busy",
                "A run is under way. Try the connection after it.",
            )));
        }
        Request::Close(answer) => drop(answer),
    }
}
