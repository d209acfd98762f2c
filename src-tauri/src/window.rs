//! The one window: how it opens, comes forward, and what closing it means.

use tauri::{AppHandle, Manager as _, WebviewWindowBuilder, WindowEvent};

/// The window's label; capabilities and events name it.
pub const MAIN: &str = "main";

/// Opens the window. Closing it hides it where something else keeps Syncslate reachable (`keeps_running`), and quits
/// otherwise: a process that nobody can see or end would be worse than an interrupted sync, which goes on at the next
/// start.
pub fn open(app: &AppHandle, keeps_running: bool, demo: bool) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN)
        .cloned()
        .ok_or(tauri::Error::WindowNotFound)?;
    let builder = WebviewWindowBuilder::from_config(app, &config)?;
    // The window shows what is inside the binary and goes nowhere else.
    let builder = builder
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"));
    let builder = if demo {
        builder.title("Syncslate demo")
    } else {
        builder
    };
    #[cfg(feature = "test-hooks")]
    let builder = crate::test_hooks::watch(builder);
    let window = builder.build()?;
    let handle = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            if keeps_running {
                api.prevent_close();
                hide(&handle);
            } else {
                handle.exit(0);
            }
        }
    });
    Ok(())
}

/// Brings the window to the front.
pub fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        for done in [window.show(), window.unminimize(), window.set_focus()] {
            if let Err(error) = done {
                tracing::warn!(%error, "the window could not be brought forward");
            }
        }
    }
}

fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
