//! What the window may call. Each is a thin wrapper; `capabilities/window.json` and `build.rs` name the same ten.
//!
//! The window listens to the event `engine` first and then asks for a snapshot: with its answer the events after it
//! begin to flow, as batches of numbered events.

use syncslate_engine::config;
use syncslate_engine::face::{
    self, Command, CommandError, NumberedSnapshot, Question, Reply, Report, Settings, TokenState,
};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use crate::backend::Backend;
use crate::source_note;

type Answer<T> = Result<T, CommandError>;

/// The whole state; from here on the window is told of every event after it.
#[tauri::command]
pub async fn snapshot(backend: State<'_, Backend>) -> Answer<NumberedSnapshot> {
    backend.subscribe().await
}

/// What failed, what was kept, and what waits for a decision.
#[tauri::command]
pub async fn report(backend: State<'_, Backend>) -> Answer<Report> {
    backend.report().await
}

/// Asks about path rules and matches, or says which match is right. Reads both sides; refused during a run.
#[tauri::command]
pub async fn ask(backend: State<'_, Backend>, question: Question) -> Answer<face::Answer> {
    backend.ask(question).await
}

/// Gives the engine a command.
#[tauri::command]
pub async fn command(backend: State<'_, Backend>, command: Command) -> Answer<Reply> {
    backend.command(command).await
}

/// Tries an address and a token that need not be kept; an empty token stands for the one in force.
#[tauri::command]
pub async fn test_connection(
    backend: State<'_, Backend>,
    address: String,
    token: String,
) -> Answer<Reply> {
    backend.test_connection(address, token).await
}

/// Where the Plex token is kept.
#[tauri::command]
pub async fn token_state(backend: State<'_, Backend>) -> Answer<TokenState> {
    Ok(backend.token_state().await)
}

/// Keeps a new Plex token; an empty one is forgotten.
#[tauri::command]
pub async fn set_token(backend: State<'_, Backend>, token: String) -> Answer<TokenState> {
    backend.set_token(token).await
}

/// Puts the settings in force and keeps them. Answers what a person should know of them, though they are saved.
#[tauri::command]
pub async fn save_settings(
    backend: State<'_, Backend>,
    settings: Settings,
) -> Answer<Option<String>> {
    let kept = Command::SetSettings {
        settings: settings.clone(),
    };
    backend.command(kept).await?;
    Ok(source_note::of(&settings).await)
}

/// Writes the settings in force as a config file where a person wants it, and says where; `None` where they chose no
/// place. Token and data folder are not in it; a command needs both besides.
#[tauri::command]
pub async fn export_settings(
    backend: State<'_, Backend>,
    app: AppHandle,
    window: WebviewWindow,
) -> Answer<Option<String>> {
    let text = backend.config_file().await?;
    let (chosen, choice) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_parent(&window)
        .set_file_name("syncslate.toml")
        .add_filter("TOML", &["toml"])
        .save_file(move |file| {
            // An error means that the window stopped waiting.
            let _ = chosen.send(file);
        });
    let Ok(Some(file)) = choice.await else {
        return Ok(None);
    };
    let path = file.into_path().map_err(|error| not_exported(&error))?;
    let shown = path.display().to_string();
    // The dialog has asked whether a file that is there may be replaced.
    tauri::async_runtime::spawn_blocking(move || config::save(&path, &text, true))
        .await
        .map_err(|error| not_exported(&error))?
        .map_err(|error| not_exported(&error))?;
    Ok(Some(shown))
}

fn not_exported(error: &dyn std::fmt::Display) -> CommandError {
    CommandError {
        code: "not_exported".to_owned(),
        message: format!("The settings were not exported. {error} Choose another place."),
    }
}

/// Lets a person choose a folder; `None` where they chose none.
#[tauri::command]
pub async fn pick_folder(app: AppHandle, window: WebviewWindow) -> Answer<Option<String>> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_parent(&window)
        .pick_folder(move |folder| {
            // An error means that the window stopped waiting.
            let _ = chosen.send(folder);
        });
    let Ok(Some(folder)) = choice.await else {
        return Ok(None);
    };
    folder
        .into_path()
        .ok()
        .and_then(|path| path.into_os_string().into_string().ok())
        .map(Some)
        .ok_or_else(|| CommandError {
            code: "folder".to_owned(),
            message: "The name of this folder cannot be shown as text, so Syncslate cannot keep it in its settings. \
                      Choose another."
                .to_owned(),
        })
}
