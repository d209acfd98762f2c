//! What the shell holds while it runs: the engine's handle, the token, the settings file, and the way to the window.
//!
//! An engine that could not be opened is a state of its own: the window opens all the same and says why.
//!
//! Not here: what a command does (the engine), how the window asks (`commands`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use secrecy::SecretString;
use syncslate_engine::blocking::Blocking;
use syncslate_engine::clock::{Clock, SystemClock};
use syncslate_engine::config::{self, ConfigFile};
use syncslate_engine::face::{
    Answer, Command, CommandError, Event, Numbered, NumberedSnapshot, Problem, ProblemAction,
    Question, Reply, Report, Settings, Snapshot, TokenPlace, TokenState,
};
use syncslate_engine::report::NoObserver;
use syncslate_engine::store::StoreError;
use syncslate_engine::timing::Timings;
use syncslate_engine::{Deps, Engine, Events, Handle};
use syncslate_plex::transport::ReqwestTransport;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::sync::watch;

use crate::demo::{self, Demo};
use crate::keychain::SystemKeychain;
use crate::settings::SettingsCarrier;
use crate::token::TokenKeeper;
use crate::tray_view::TrayState;
use crate::window;

/// The name of the one event that the window hears.
const EVENT: &str = "engine";
/// How long the window waits for a keychain, which may be waiting for a person.
const KEYCHAIN_PATIENCE: Duration = Duration::from_secs(3);

/// `None` while the engine is being opened.
type Opening = Option<Result<Arc<Opened>, CommandError>>;

/// An open engine, with the demo's server where it is the demo's.
struct Opened {
    engine: Handle,
    _demo: Option<Demo>,
}

/// The shell's state.
pub struct Backend {
    app: AppHandle,
    opening: watch::Receiver<Opening>,
    carrier: SettingsCarrier,
    settings_problem: Arc<Mutex<Option<Problem>>>,
    token: TokenKeeper,
    token_loaded: Shared<BoxFuture<'static, ()>>,
    token_in_file: bool,
    forwarding: Mutex<Option<JoinHandle<()>>>,
    clock: Arc<dyn Clock>,
}

impl Backend {
    /// Begins to open the engine on this installation's own folder, or on the demo's; the window need not wait for it.
    pub fn open(app: &AppHandle, demo: bool, timings: Timings) -> anyhow::Result<Self> {
        let folder = app.path().app_local_data_dir()?;
        let (carrier, settings, problem) = SettingsCarrier::open(app)?;
        let demo = demo.then(demo::new_token);
        let token = demo.clone().map_or_else(
            || TokenKeeper::new(Arc::new(SystemKeychain), folder.join("plex-token")),
            TokenKeeper::for_demo,
        );
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let (opened, opening) = watch::channel(None);
        let start = Start {
            folder,
            settings,
            demo,
            timings,
            clock: Arc::clone(&clock),
        };
        tauri::async_runtime::spawn(async move {
            let result = start.run().await;
            if let Err(error) = &result {
                tracing::error!(code = error.code, "the engine was not opened: {error}");
            }
            // An error means that the program ends.
            let _ = opened.send(Some(result.map(Arc::new)));
        });
        Ok(Self {
            app: app.clone(),
            token_loaded: load_token(token.clone(), opening.clone()),
            opening,
            carrier,
            settings_problem: Arc::new(Mutex::new(problem)),
            token,
            token_in_file: std::env::args().any(|argument| argument == "--token-in-file"),
            forwarding: Mutex::new(None),
            clock,
        })
    }

    /// The state now; the events after it begin to flow to the window, in place of an earlier subscription's.
    pub async fn subscribe(&self) -> Result<NumberedSnapshot, CommandError> {
        let engine = self.engine().await?;
        let (mut snapshot, n) = engine.snapshot();
        let events = engine.events(n);
        let notes = self.notes();
        notes.add_to(&mut snapshot);
        let task = tauri::async_runtime::spawn(forward(self.app.clone(), events, notes));
        let before = self
            .forwarding
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(task);
        if let Some(before) = before {
            before.abort();
        }
        Ok(NumberedSnapshot { n, snapshot })
    }

    /// Gives the engine a command; settings that it accepts are kept.
    pub async fn command(&self, command: Command) -> Result<Reply, CommandError> {
        let settings = match &command {
            Command::SetSettings { settings } => Some(settings.clone()),
            _ => None,
        };
        let reply = self.engine().await?.command(command).await?;
        if let Some(settings) = settings {
            self.carrier.save(&settings)?;
            *self
                .settings_problem
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = None;
        }
        Ok(reply)
    }

    /// The settings in force as the command line's config file has them. It names no data folder: the window's own is in
    /// use while the window runs, so a command needs `data-dir` or `--data-dir` with another.
    pub async fn config_file(&self) -> Result<String, CommandError> {
        let (snapshot, _) = self.engine().await?.snapshot();
        Ok(config::write(&ConfigFile {
            settings: snapshot.settings,
            data_dir: None,
        }))
    }

    /// What failed, what was kept, and what waits for a decision, in rows.
    pub async fn report(&self) -> Result<Report, CommandError> {
        self.engine().await?.report().await
    }

    /// Asks about paths and matches.
    pub async fn ask(&self, question: Question) -> Result<Answer, CommandError> {
        self.engine().await?.ask(question).await
    }

    /// Tries a connection and keeps nothing of it.
    pub async fn test_connection(
        &self,
        address: String,
        token: String,
    ) -> Result<Reply, CommandError> {
        let token = token.trim();
        let token = (!token.is_empty()).then(|| SecretString::from(token));
        self.engine()
            .await?
            .test_connection(Some(address), token)
            .await
    }

    /// Where the token is kept. Waits a little for a keychain that is still being asked.
    pub async fn token_state(&self) -> TokenState {
        // A keychain that takes longer shows its own prompt; the state until then is "missing".
        let _ = tokio::time::timeout(KEYCHAIN_PATIENCE, self.token_loaded.clone()).await;
        self.token.state()
    }

    /// Keeps a new token and hands it to the engine.
    pub async fn set_token(&self, token: String) -> Result<TokenState, CommandError> {
        let keeper = self.token.clone();
        let in_file = self.token_in_file;
        let kept = tauri::async_runtime::spawn_blocking(move || keeper.keep(&token, in_file)).await;
        let state = kept.map_err(|_| CommandError {
            code: "token".to_owned(),
            message: "The token could not be kept. Nothing was changed. Enter it again.".to_owned(),
        })??;
        if let Ok(engine) = self.engine().await {
            engine.set_token(self.token.token()).await;
        }
        Ok(state)
    }

    /// What the tray begins with, and what it hears after that. `None` where there is no engine.
    pub async fn tray_events(&self) -> Option<(TrayState, Events)> {
        let engine = self.engine().await.ok()?;
        let (snapshot, n) = engine.snapshot();
        Some((TrayState::new(&snapshot), engine.events(n)))
    }

    /// The tray's state at this moment.
    pub fn tray_state(&self) -> Option<TrayState> {
        let engine = self.opened()?.engine.clone();
        Some(TrayState::new(&engine.snapshot().0))
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Ends the engine: started jobs finish, everything is committed, the data folder is free.
    pub fn close(&self) {
        if let Some(opened) = self.opened() {
            tauri::async_runtime::block_on(opened.engine.clone().close());
        }
    }

    /// The engine, as soon as it is open.
    async fn engine(&self) -> Result<Handle, CommandError> {
        engine(self.opening.clone()).await
    }

    fn opened(&self) -> Option<Arc<Opened>> {
        self.opening.borrow().clone()?.ok()
    }

    fn notes(&self) -> Notes {
        Notes {
            token: self.token.clone(),
            settings: Arc::clone(&self.settings_problem),
        }
    }
}

/// What an engine is opened with.
struct Start {
    folder: PathBuf,
    settings: Settings,
    demo: Option<SecretString>,
    timings: Timings,
    clock: Arc<dyn Clock>,
}

impl Start {
    async fn run(self) -> Result<Opened, CommandError> {
        let demo = match &self.demo {
            Some(token) => Some(
                Demo::start(&self.folder, token)
                    .await
                    .map_err(|error| refused("demo", &format!(
                        "The demo could not be started ({error:#}). Nothing of yours was touched. Make room, then start it again."
                    )))?,
            ),
            None => None,
        };
        let client_identifier = client_identifier(&self.folder).map_err(|error| {
            refused(
                "data_folder",
                &format!(
                    "Syncslate's folder {} cannot be used ({error}). Nothing was changed. Make it writable, then start \
                     Syncslate again.",
                    self.folder.display()
                ),
            )
        })?;
        let transport = ReqwestTransport::new().map_err(|error| {
            refused(
                "connection",
                &format!("No connection can be set up ({error}). Nothing was changed."),
            )
        })?;
        let engine = Engine::open(Deps {
            data_dir: demo
                .as_ref()
                .map_or_else(|| self.folder.join("data"), |demo| demo.data_dir.clone()),
            settings: match &demo {
                Some(demo) => demo.settings(self.settings),
                None => self.settings,
            },
            token: self.demo,
            transport: Arc::new(transport),
            clock: self.clock,
            seed: uuid::Uuid::new_v4().as_u64_pair().0,
            blocking: Blocking::Threads,
            timings: self.timings,
            observer: Arc::new(NoObserver),
            patience: None,
            client_identifier,
            read_only: false,
            durable: true,
            held_candidates: syncslate_engine::HELD_CANDIDATES,
            commit_hook: None,
        })
        .await
        .map_err(|error| {
            let code = match &error {
                StoreError::Owned { .. } => "owned",
                _ => "state",
            };
            refused(code, &error.to_string())
        })?;
        Ok(Opened {
            engine,
            _demo: demo,
        })
    }
}

async fn engine(mut opening: watch::Receiver<Opening>) -> Result<Handle, CommandError> {
    let opened = match opening.wait_for(Option::is_some).await {
        Ok(opening) => opening.clone(),
        Err(_) => None,
    };
    match opened {
        Some(Ok(opened)) => Ok(opened.engine.clone()),
        Some(Err(error)) => Err(error),
        None => Err(refused(
            "stopped",
            "Syncslate's engine did not start. Nothing is lost. Start Syncslate again.",
        )),
    }
}

fn refused(code: &str, message: &str) -> CommandError {
    CommandError {
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

/// What the shell knows and the engine does not, added to every snapshot on its way to the window.
struct Notes {
    token: TokenKeeper,
    settings: Arc<Mutex<Option<Problem>>>,
}

impl Notes {
    fn add_to(&self, snapshot: &mut Snapshot) {
        let token = self.token.state();
        if token.place == TokenPlace::Memory
            && let Some(message) = token.message
        {
            snapshot.problems.push(Problem {
                code: "token_in_memory".to_owned(),
                message,
                action: ProblemAction::None,
            });
        }
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        snapshot.problems.extend(settings.clone());
    }
}

/// Sends events to the window, all that are ready in one batch. The engine keeps figures to four a second.
async fn forward(app: AppHandle, mut events: Events, notes: Notes) {
    let note = |mut numbered: Numbered| {
        if let Event::Snapshot { snapshot } = &mut numbered.event {
            notes.add_to(snapshot);
        }
        numbered
    };
    loop {
        let mut batch = vec![note(events.next().await)];
        while let Some(numbered) = events.next().now_or_never() {
            batch.push(note(numbered));
        }
        if let Err(error) = app.emit_to(window::MAIN, EVENT, &batch) {
            tracing::warn!(%error, "the window could not be told");
        }
    }
}

/// Asks the keychain on a thread of its own, because it may wait for a person, and hands the token to the engine.
fn load_token(
    keeper: TokenKeeper,
    opening: watch::Receiver<Opening>,
) -> Shared<BoxFuture<'static, ()>> {
    let loading = tauri::async_runtime::spawn(async move {
        let reader = keeper.clone();
        let read = tauri::async_runtime::spawn_blocking(move || reader.load()).await;
        if let Err(error) = read {
            tracing::warn!(%error, "the keychain could not be asked");
        }
        if let Some(token) = keeper.token()
            && let Ok(engine) = engine(opening).await
        {
            engine.set_token(Some(token)).await;
        }
    });
    async move {
        // An error means that the program ends.
        let _ = loading.await;
    }
    .boxed()
    .shared()
}

/// The name under which Plex lists this installation, made once.
fn client_identifier(folder: &Path) -> std::io::Result<String> {
    let path: PathBuf = folder.join("installation");
    match std::fs::read_to_string(&path) {
        Ok(text) if uuid::Uuid::parse_str(text.trim()).is_ok() => Ok(text.trim().to_owned()),
        Ok(_) | Err(_) => {
            let made = uuid::Uuid::new_v4().to_string();
            std::fs::create_dir_all(folder)?;
            std::fs::write(&path, &made)?;
            Ok(made)
        }
    }
}
