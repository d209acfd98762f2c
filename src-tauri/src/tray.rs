//! The tray: how things are in its first line, the next action below it.
//!
//! Not here: what it says (`tray_view`).

use std::time::Duration;

use jiff::tz::TimeZone;
use syncslate_engine::face::Command;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::{TrayIcon as Tray, TrayIconBuilder};
use tauri::{AppHandle, Manager as _, Theme, Wry};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};

use crate::backend::Backend;
use crate::tray_view::{PauseItem, TrayIcon, TrayState, TrayView};
use crate::window;

/// Puts the tray up. `false` where there is none, so that closing the window must not hide it.
pub fn start(app: &AppHandle) -> bool {
    if !is_shown_here() {
        tracing::info!("this desktop shows no tray; closing the window quits");
        return false;
    }
    match build(app) {
        Ok(parts) => {
            tauri::async_runtime::spawn(keep_current(app.clone(), parts));
            true
        }
        Err(error) => {
            tracing::warn!(%error, "the tray could not be put up; closing the window quits");
            false
        }
    }
}

/// Whether anything on this desktop shows tray icons. Without a watcher on the session bus an icon on Linux is invisible.
#[cfg(target_os = "linux")]
fn is_shown_here() -> bool {
    let asked = zbus::blocking::Connection::session().and_then(|connection| {
        let watcher = zbus::names::BusName::try_from("org.kde.StatusNotifierWatcher")?;
        Ok(zbus::blocking::fdo::DBusProxy::new(&connection)?.name_has_owner(watcher)?)
    });
    asked.unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn is_shown_here() -> bool {
    true
}

struct Parts {
    tray: Tray<Wry>,
    line: MenuItem<Wry>,
    sync: MenuItem<Wry>,
    pause: MenuItem<Wry>,
}

fn build(app: &AppHandle) -> tauri::Result<Parts> {
    let line = MenuItemBuilder::with_id("line", "No sync yet")
        .enabled(false)
        .build(app)?;
    let sync = MenuItemBuilder::with_id("sync", "Sync now").build(app)?;
    let pause = MenuItemBuilder::with_id("pause", "Pause")
        .enabled(false)
        .build(app)?;
    let menu = MenuBuilder::new(app)
        .item(&line)
        .separator()
        .item(&sync)
        .item(&pause)
        .separator()
        .text("open", "Open Syncslate")
        .text("quit", "Quit")
        .build()?;
    let tray = TrayIconBuilder::with_id("main")
        .menu(&menu)
        .icon(image(TrayIcon::Idle, theme(app)))
        .icon_as_template(true)
        .tooltip("Syncslate")
        .on_menu_event(|app, event| match event.id().as_ref() {
            "sync" => give(
                app,
                Command::Sync {
                    dry_run: false,
                    limit: None,
                    only: None,
                    unattended: false,
                },
            ),
            "pause" => {
                let backend = app.state::<Backend>();
                let resume = backend
                    .tray_state()
                    .is_some_and(|state| view(&backend, &state).pause == PauseItem::Resume);
                give(
                    app,
                    if resume {
                        Command::Resume
                    } else {
                        Command::Pause
                    },
                );
            }
            "open" => window::show(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(Parts {
        tray,
        line,
        sync,
        pause,
    })
}

/// Gives a command; a refusal is shown, because a menu cannot show it.
fn give(app: &AppHandle, command: Command) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.state::<Backend>().command(command).await {
            app.dialog()
                .message(error.message)
                .title("Syncslate")
                .kind(MessageDialogKind::Info)
                .show(|_| {});
        }
    });
}

async fn keep_current(app: AppHandle, parts: Parts) {
    let backend = app.state::<Backend>();
    let Some((mut state, mut events)) = backend.tray_events().await else {
        if let Err(error) = parts.line.set_text("Syncslate could not start its engine") {
            tracing::warn!(%error, "the tray could not be changed");
        }
        return;
    };
    let mut shown = None;
    loop {
        let look = (view(&backend, &state), theme(&app));
        if shown.as_ref() != Some(&look) {
            if let Err(error) = show(&parts, &look, shown.as_ref()) {
                tracing::warn!(%error, "the tray could not be changed");
            }
            shown = Some(look);
        }
        // The minute is for the date in the line, which changes at midnight without any event.
        if let Ok(numbered) = tokio::time::timeout(Duration::from_mins(1), events.next()).await {
            state.apply(&numbered.event);
        }
    }
}

fn view(backend: &Backend, state: &TrayState) -> TrayView {
    state.view(backend.now_ms(), &TimeZone::system())
}

type Look = (TrayView, Theme);

fn show(parts: &Parts, look: &Look, before: Option<&Look>) -> tauri::Result<()> {
    let (view, theme) = look;
    parts.line.set_text(&view.line)?;
    parts.sync.set_enabled(view.can_sync)?;
    parts.pause.set_enabled(view.pause != PauseItem::Off)?;
    parts.pause.set_text(match view.pause {
        PauseItem::Pause | PauseItem::Off => "Pause",
        PauseItem::Resume => "Resume",
    })?;
    parts
        .tray
        .set_tooltip(Some(format!("Syncslate: {}", view.line)))?;
    // On Linux every icon set is a file written.
    if before.is_none_or(|(view_before, theme_before)| {
        (view_before.icon, theme_before) != (view.icon, theme)
    }) {
        parts
            .tray
            .set_icon_with_as_template(Some(image(view.icon, *theme)), true)?;
    }
    Ok(())
}

fn theme(app: &AppHandle) -> Theme {
    app.get_webview_window(window::MAIN)
        .and_then(|window| window.theme().ok())
        .unwrap_or(Theme::Light)
}

/// The icon, black with alpha. macOS tints it; elsewhere it is turned white on a dark desktop.
fn image(icon: TrayIcon, theme: Theme) -> Image<'static> {
    let black = match icon {
        TrayIcon::Idle => tauri::include_image!("src-tauri/icons/tray/idle.png"),
        TrayIcon::Syncing => tauri::include_image!("src-tauri/icons/tray/sync.png"),
        TrayIcon::Problem => tauri::include_image!("src-tauri/icons/tray/prob.png"),
        TrayIcon::Offline => tauri::include_image!("src-tauri/icons/tray/off.png"),
    };
    if cfg!(target_os = "macos") || theme != Theme::Dark {
        return black;
    }
    let mut pixels = black.rgba().to_vec();
    for pixel in pixels.chunks_exact_mut(4) {
        pixel[..3].fill(u8::MAX);
    }
    Image::new_owned(pixels, black.width(), black.height())
}
