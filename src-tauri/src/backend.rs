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
use syncslate_engine::clock::{Clock as _, SystemClock};
use syncslate_engine::face::{
    Command, CommandError, Event, Numbered, NumberedSnapshot, Problem, ProblemAction, Reply,
    Snapshot, TokenPlace, TokenState,
};
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::engine_port::{self, Events, Handle, Opening};
use crate::keychain::SystemKeychain;
use crate::settings::SettingsCarrier;
use crate::token::TokenKeeper;
use crate::tray_view::TrayState;
use crate::window;

/// The name of the one event that the window hears.
const EVENT: &str = "engine";
/// How long the window waits for a keychain, which may be waiting for a person.
const KEYCHAIN_PATIENCE: Duration = Duration::from_secs(3);

/// The shell's state.
pub struct Backend {
    app: AppHandle,
    engine: Result<Handle, CommandError>,
    carrier: SettingsCarrier,
    settings_problem: Arc<Mutex<Option<Problem>>>,
    token: TokenKeeper,
    token_loaded: Shared<BoxFuture<'static, ()>>,
    token_in_file: bool,
    forwarding: Mutex<Option<JoinHandle<()>>>,
    clock: SystemClock,
}

impl Backend {
    /// Opens the engine on this installation's own folder, or on the demo's.
    pub fn open(app: &AppHandle, demo: bool) -> anyhow::Result<Self> {
        let folder = app.path().app_local_data_dir()?;
        let (carrier, settings, problem) = SettingsCarrier::open(app)?;
        let token = TokenKeeper::new(Arc::new(SystemKeychain), folder.join("plex-token"));
        let engine = tauri::async_runtime::block_on(engine_port::open(Opening {
            data_dir: folder.join("data"),
            settings,
            token: token.token(),
            client_identifier: client_identifier(&folder)?,
        }));
        if let Err(error) = &engine {
            tracing::error!(code = error.code, "the engine could not be opened: {error}");
        }
        let token_loaded = load_token(token.clone(), engine.clone().ok());
        let _ = demo;
        Ok(Self {
            app: app.clone(),
            engine,
            carrier,
            settings_problem: Arc::new(Mutex::new(problem)),
            token,
            token_loaded,
            token_in_file: std::env::args().any(|argument| argument == "--token-in-file"),
            forwarding: Mutex::new(None),
            clock: SystemClock::new(),
        })
    }

    /// The state now; the events after it begin to flow to the window, in place of an earlier subscription's.
    pub fn subscribe(&self) -> Result<NumberedSnapshot, CommandError> {
        let engine = self.engine()?;
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
        let reply = self.engine()?.command(command).await?;
        if let Some(settings) = settings {
            self.carrier.save(&settings)?;
            *self
                .settings_problem
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = None;
        }
        Ok(reply)
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
        if let Ok(engine) = &self.engine {
            engine.set_token(self.token.token()).await;
        }
        Ok(state)
    }

    /// What the tray begins with, and what it hears after that. `None` where there is no engine.
    pub fn tray_events(&self) -> Option<(TrayState, Events)> {
        let engine = self.engine.as_ref().ok()?;
        let (snapshot, n) = engine.snapshot();
        Some((TrayState::new(&snapshot), engine.events(n)))
    }

    /// The tray's state at this moment.
    pub fn tray_state(&self) -> Option<TrayState> {
        let engine = self.engine.as_ref().ok()?;
        Some(TrayState::new(&engine.snapshot().0))
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Ends the engine: started jobs finish, everything is committed, the data folder is free.
    pub fn close(&self) {
        if let Ok(engine) = &self.engine {
            tauri::async_runtime::block_on(engine.clone().close());
        }
    }

    fn engine(&self) -> Result<&Handle, CommandError> {
        self.engine.as_ref().map_err(Clone::clone)
    }

    fn notes(&self) -> Notes {
        Notes {
            token: self.token.clone(),
            settings: Arc::clone(&self.settings_problem),
        }
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
fn load_token(keeper: TokenKeeper, engine: Option<Handle>) -> Shared<BoxFuture<'static, ()>> {
    let loading = tauri::async_runtime::spawn(async move {
        let reader = keeper.clone();
        let read = tauri::async_runtime::spawn_blocking(move || reader.load()).await;
        if let Err(error) = read {
            tracing::warn!(%error, "the keychain could not be asked");
        }
        if let (Some(engine), Some(token)) = (engine, keeper.token()) {
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
