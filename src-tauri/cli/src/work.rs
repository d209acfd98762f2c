//! Opens the engine, gives it the command, follows it to the end.
//!
//! Not here: how anything is printed (`output`).

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use syncslate_engine::blocking::Blocking;
use syncslate_engine::clock::{Clock, SystemClock};
use syncslate_engine::face::{
    Answer, Command, CommandError, Decision, Question, Reply, Report, RunState, RunSummary,
    Settings,
};
use syncslate_engine::report::{NoObserver, Observer};
use syncslate_engine::store::{DataFolder, StoreError};
use syncslate_engine::timing::Timings;
use syncslate_engine::{Deps, Engine, Handle};
use syncslate_plex::transport::ReqwestTransport;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, filter};

use crate::ending::{TERMINATED, Termination};
use crate::output::{Bar, GIVE_TOKEN, Printer, Watcher, setting_words};

/// How long a run waits for Plex to come back; the next call goes on where it stopped.
const PATIENCE: Duration = Duration::from_mins(10);

/// What a call works with, by its own words and the config file.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) settings: Settings,
    pub(crate) token: SecretString,
    pub(crate) data_dir: PathBuf,
}

/// What a sync was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    pub(crate) dry_run: bool,
    pub(crate) limit: Option<u32>,
    pub(crate) only: Option<String>,
    pub(crate) unattended: bool,
}

pub(crate) async fn sync(call: Call, wish: Wish, printer: &Printer) -> ExitCode {
    if let Err(error) = call.settings.validate() {
        return printer.error("settings", &setting_words(&error));
    }
    let command = Command::Sync {
        dry_run: wish.dry_run,
        limit: wish.limit,
        only: wish.only,
        unattended: wish.unattended,
    };
    let opening = Opening {
        settings: call.settings,
        token: Some(call.token),
        read_only: wish.dry_run,
    };
    follow(&call.data_dir, opening, command, printer).await
}

pub(crate) async fn take_back(call: Call, command: Command, printer: &Printer) -> ExitCode {
    let opening = Opening {
        settings: call.settings,
        token: Some(call.token),
        read_only: false,
    };
    follow(&call.data_dir, opening, command, printer).await
}

/// Asks about paths and matches. Only a choice needs the state.
pub(crate) async fn ask(call: Call, question: Question, printer: &Printer) -> ExitCode {
    if let Err(error) = call.settings.validate() {
        return printer.error("settings", &setting_words(&error));
    }
    if let Some(sentence) = unusable(&call.token) {
        return printer.error("no_token", &sentence);
    }
    let chooses = matches!(
        question,
        Question::AcceptMatch { .. } | Question::RejectMatch { .. }
    );
    let opening = Opening {
        settings: call.settings,
        token: Some(call.token),
        read_only: !chooses,
    };
    let handle = match open(&call.data_dir, opening).await {
        Ok(handle) => handle,
        Err(error) => return printer.error(store_code(&error), &error.to_string()),
    };
    let answer = answered(&handle, question).await;
    let code = match &answer {
        Ok(answer) => {
            printer.answer(answer);
            ExitCode::SUCCESS
        }
        Err(error) => printer.error(&error.code, &error.message),
    };
    handle.close().await;
    code
}

/// Waits for an answer; Ctrl+C gives up, and a second one ends at once.
async fn answered(handle: &Handle, question: Question) -> Result<Answer, CommandError> {
    let asked = handle.ask(question);
    tokio::pin!(asked);
    let mut interrupts = Interrupts::default();
    loop {
        tokio::select! {
            biased;
            answer = &mut asked => return interrupts.meant(answer),
            () = interrupts.next(handle) => {}
        }
    }
}

/// Ctrl+C, pressed once or more.
#[derive(Default)]
struct Interrupts {
    came: bool,
}

impl Interrupts {
    /// Waits for one. The first cancels what is under way; the engine may hear of that only when Plex answers, which nobody
    /// waits for here. The second ends the process.
    async fn next(&mut self, handle: &Handle) {
        let signal = tokio::signal::ctrl_c().await;
        if self.came {
            // As a shell has it for a program that an interrupt ended. The queue tells the truth at any moment.
            std::process::exit(130);
        }
        self.came = true;
        if signal.is_ok() {
            let handle = handle.clone();
            // A refusal means that there is nothing to cancel any more.
            tokio::spawn(async move { handle.command(Command::Cancel).await });
        }
    }

    /// What never began after an interrupt was cancelled, whatever else kept it from it.
    fn meant<T>(&self, result: Result<T, CommandError>) -> Result<T, CommandError> {
        result.map_err(|error| {
            if self.came {
                CommandError {
                    code: "cancelled".to_owned(),
                    message: "Cancelled. Nothing was changed.".to_owned(),
                }
            } else {
                error
            }
        })
    }
}

/// What an engine is opened with.
pub(crate) struct Opening {
    pub(crate) settings: Settings,
    pub(crate) token: Option<SecretString>,
    pub(crate) read_only: bool,
}

/// Opens the engine, runs one command to its end, and prints it.
pub(crate) async fn follow(
    data_dir: &Path,
    opening: Opening,
    command: Command,
    printer: &Printer,
) -> ExitCode {
    // From before there is anything to leave in order.
    let mut termination = Termination::listen();
    let shows_plan = matches!(command, Command::Sync { dry_run: true, .. });
    if let Some(sentence) = opening.token.as_ref().and_then(unusable) {
        return printer.error("no_token", &sentence);
    }
    let bar = printer.bar();
    let watcher = Arc::new(Watcher::new(printer.json, shows_plan, &bar));
    let handle = match open_watched(data_dir, opening, watcher.clone()).await {
        Ok(handle) => handle,
        Err(error) => {
            bar.finish();
            return printer.error(store_code(&error), &error.to_string());
        }
    };
    let result = tokio::select! {
        biased;
        result = watch(&handle, command, &bar) => result,
        () = termination.told() => {
            bar.finish();
            bar.say("Told to end: what is under way is finished. Nothing is lost; what is left waits for the next sync.");
            // Once more ends at once.
            tokio::select! {
                biased;
                () = handle.close() => {}
                () = termination.told() => {}
            }
            return ExitCode::from(TERMINATED);
        }
    };
    let code = match &result {
        Ok(summary) => {
            let (snapshot, _) = handle.snapshot();
            printer.summary(summary, &snapshot, &watcher.met());
            exit_of(summary)
        }
        Err(error) => printer.error(&error.code, &error.message),
    };
    handle.close().await;
    code
}

/// What is wrong with a token that no Plex server could have given.
fn unusable(token: &SecretString) -> Option<String> {
    let token = token.expose_secret().trim();
    if token.is_empty() {
        return Some(format!(
            "The Plex token is empty. {GIVE_TOKEN} Nothing was changed."
        ));
    }
    (!token.chars().all(|character| character.is_ascii_graphic())).then(|| {
        "The Plex token holds characters that no Plex token has. Nothing was changed. Give it again (SYNCSLATE_PLEX_TOKEN or --plex-token), without blanks and line breaks.".to_owned()
    })
}

/// Follows a run; a first Ctrl+C lets started jobs finish.
async fn watch(handle: &Handle, command: Command, bar: &Bar) -> Result<RunSummary, CommandError> {
    let (_, n) = handle.snapshot();
    let mut events = handle.events(n);
    let run = handle.run(command);
    tokio::pin!(run);
    let mut interrupts = Interrupts::default();
    let result = loop {
        tokio::select! {
            biased;
            result = &mut run => break result,
            numbered = events.next() => bar.follow(&numbered.event),
            () = interrupts.next(handle) => {
                bar.say("Stopping after the items that are under way. Once more ends at once; nothing is lost either way.");
            }
        }
    };
    bar.finish();
    interrupts.meant(result)
}

/// Prints something of the state; from the owner's last report where another process owns the data folder.
pub(crate) async fn look(
    path: &Path,
    printer: &Printer,
    print: impl FnOnce(Printer, &Report),
) -> ExitCode {
    if !path.exists() {
        return printer.error(
            "settings",
            &format!(
                "There is no data folder at {}. A first sync makes it.",
                path.display()
            ),
        );
    }
    let opening = Opening {
        settings: Settings::default(),
        token: None,
        read_only: false,
    };
    match open(path, opening).await {
        Ok(handle) => {
            let report = handle.report().await;
            handle.close().await;
            match report {
                Ok(report) => {
                    print(*printer, &report);
                    ExitCode::SUCCESS
                }
                Err(error) => printer.error(&error.code, &error.message),
            }
        }
        Err(error @ StoreError::Owned { .. }) => {
            let report = DataFolder::read_status(path)
                .and_then(|status| serde_json::from_value::<Report>(status).ok());
            match report {
                Some(report) => {
                    print(*printer, &report);
                    ExitCode::SUCCESS
                }
                None => printer.error("owned", &error.to_string()),
            }
        }
        Err(error) => printer.error(store_code(&error), &error.to_string()),
    }
}

/// Decides fields on which both sides have a claim.
pub(crate) async fn settle(data_dir: &Path, decision: Decision, printer: &Printer) -> ExitCode {
    let opening = Opening {
        settings: Settings::default(),
        token: None,
        read_only: false,
    };
    let handle = match open(data_dir, opening).await {
        Ok(handle) => handle,
        Err(error) => return printer.error(store_code(&error), &error.to_string()),
    };
    let choice = decision.choice;
    let answer = handle.command(Command::Settle { decision }).await;
    handle.close().await;
    match answer {
        Ok(Reply::Settled {
            fields,
            maybe_written,
        }) => {
            printer.settled(choice, fields, maybe_written);
            ExitCode::SUCCESS
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => printer.error(&error.code, &error.message),
    }
}

async fn open(data_dir: &Path, opening: Opening) -> Result<Handle, StoreError> {
    open_watched(data_dir, opening, Arc::new(NoObserver)).await
}

async fn open_watched(
    data_dir: &Path,
    opening: Opening,
    observer: Arc<dyn Observer>,
) -> Result<Handle, StoreError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let timings = Timings::new(Arc::clone(&clock));
    log(&timings);
    let transport = ReqwestTransport::new().map_err(|error| StoreError::Storage {
        reason: format!("no connection can be set up ({error})"),
        temporary: false,
    })?;
    Engine::open(Deps {
        data_dir: data_dir.to_owned(),
        settings: opening.settings,
        token: opening.token,
        transport: Arc::new(transport),
        clock,
        seed: rand_seed(),
        blocking: Blocking::Threads,
        timings,
        observer,
        patience: Some(PATIENCE),
        client_identifier: format!("syncslate-cli-{}", host()),
        read_only: opening.read_only,
        durable: true,
        held_candidates: syncslate_engine::HELD_CANDIDATES,
        commit_hook: None,
    })
    .await
}

/// Logs to the terminal's error stream, as SYNCSLATE_LOG says; times operations whatever it says.
fn log(timings: &Timings) {
    let level =
        EnvFilter::try_from_env("SYNCSLATE_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_filter(level);
    let timed = timings.layer().with_filter(filter::filter_fn(|metadata| {
        metadata.target() == syncslate_engine::timing::TARGET
    }));
    // A second call in one process finds the first one's subscriber.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(timed)
        .try_init();
}

fn exit_of(summary: &RunSummary) -> ExitCode {
    match summary.state {
        RunState::Done if summary.unreadable > 0 => ExitCode::from(1),
        RunState::Done => ExitCode::SUCCESS,
        RunState::Stopped => exit_code(summary.code.as_deref().unwrap_or_default()),
        RunState::Running
        | RunState::Paused
        | RunState::Waiting
        | RunState::DoneWithFailures
        | RunState::Cancelled
        | RunState::Interrupted => ExitCode::from(1),
    }
}

/// The exit code of an error's code.
pub(crate) fn exit_code(code: &str) -> ExitCode {
    ExitCode::from(match code {
        "unreachable" | "source" => 3,
        "owned" => 4,
        "plex" | "cancelled" => 1,
        _ => 2,
    })
}

fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Owned { .. } => "owned",
        _ => "state",
    }
}

/// Different on each start; only jitter hangs on it.
fn rand_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

/// Plex lists one device per machine, not one per call.
fn host() -> String {
    std::env::var("HOSTNAME")
        .or_else(|_| std::env::var("COMPUTERNAME"))
        .unwrap_or_else(|_| "home".to_owned())
}
