//! Where the log goes: a file per day in the system's folder for logs, a week of them.
//!
//! Not here: the timing of operations, which is the engine's layer over the same spans.

use syncslate_engine::timing::Timings;
use tauri::{AppHandle, Manager as _};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

const DAYS_KEPT: usize = 7;

/// Writes what is still unwritten when it is dropped.
pub struct Logs {
    _guard: Option<WorkerGuard>,
}

/// Starts logging. Without a writable folder the log goes to standard error, and Syncslate works all the same.
///
/// `SYNCSLATE_LOG` chooses what is logged, e.g. `syncslate_engine=debug`.
pub fn start(app: &AppHandle, timings: &Timings) -> Logs {
    let filter =
        EnvFilter::try_from_env("SYNCSLATE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let file = app
        .path()
        .app_log_dir()
        .map_err(|error| error.to_string())
        .and_then(|folder| {
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            RollingFileAppender::builder()
                .rotation(Rotation::DAILY)
                .filename_prefix("syncslate")
                .filename_suffix("log")
                .max_log_files(DAYS_KEPT)
                .build(folder)
                .map_err(|error| error.to_string())
        });
    let (writer, guard, complaint) = match file {
        Ok(file) => {
            let (writer, guard) = tracing_appender::non_blocking(file);
            (fmt::writer::BoxMakeWriter::new(writer), Some(guard), None)
        }
        Err(error) => (
            fmt::writer::BoxMakeWriter::new(std::io::stderr),
            None,
            Some(error),
        ),
    };
    let lines = fmt::layer()
        .with_writer(writer)
        .with_ansi(false)
        .with_filter(filter);
    // The spans are measured whatever the log says of them.
    let started = tracing_subscriber::registry()
        .with(timings.layer())
        .with(lines)
        .try_init();
    if let Some(error) = complaint {
        tracing::warn!(
            error,
            "the log file could not be opened; this goes to standard error"
        );
    }
    if let Err(error) = started {
        tracing::warn!(%error, "something else logs already");
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "Syncslate starts");
    Logs { _guard: guard }
}
