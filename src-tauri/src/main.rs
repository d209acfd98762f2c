//! The shell: one window, the tray, the keychain and the carrier of the settings, over the engine's handle.
//!
//! Not here: anything that a sync is. What the window can do, `syncslate-cli` can do without it.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod backend;
mod commands;
mod demo;
mod keychain;
mod logs;
mod settings;
mod source_note;
#[cfg(feature = "test-hooks")]
mod test_hooks;
mod token;
mod tray;
mod tray_view;
mod window;

use std::io::Write as _;
use std::sync::Arc;

use syncslate_engine::clock::SystemClock;
use syncslate_engine::timing::Timings;
use tauri::{Manager as _, RunEvent};

use arguments::Start;
use backend::Backend;

fn main() -> anyhow::Result<()> {
    let demo = match Start::of(std::env::args().skip(1)) {
        Start::Open { demo } => demo,
        Start::Print(text) => {
            // Whoever asked may have gone, and a Windows program without a console has nowhere to print.
            let _ = writeln!(std::io::stdout(), "{text}");
            return Ok(());
        }
    };
    let mut context = tauri::generate_context!();
    if demo {
        // Another identifier gives the demo its own folders, settings and single instance.
        "app.syncslate.demo".clone_into(&mut context.config_mut().identifier);
    }
    let app = tauri::Builder::default()
        // First, as its documentation asks: a second start must end before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::show(app);
        }))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_store::Builder::new().build())
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::report,
            commands::ask,
            commands::command,
            commands::test_connection,
            commands::token_state,
            commands::set_token,
            commands::save_settings,
            commands::pick_folder,
            commands::export_settings,
        ])
        .setup(move |app| {
            let timings = Timings::new(Arc::new(SystemClock::new()));
            let logs = logs::start(app.handle(), &timings);
            app.manage(logs);
            let backend = Backend::open(app.handle(), demo, timings)?;
            app.manage(backend);
            let keeps_running = tray::start(app.handle());
            window::open(app.handle(), keeps_running, demo)?;
            Ok(())
        })
        .build(context)?;
    app.run(|app, event| match event {
        RunEvent::Exit => {
            if let Some(backend) = app.try_state::<Backend>() {
                backend.close();
            }
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    });
    Ok(())
}
