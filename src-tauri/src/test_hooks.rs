//! What a WebDriver test needs to see. Compiled only under the feature `test-hooks`, and asleep without its variables.
//!
//! WebKitWebDriver has no console log, so the window keeps one itself: console errors, uncaught errors, unhandled
//! rejections and violations of the content security policy.

use std::path::PathBuf;

use tauri::{Runtime, WebviewWindowBuilder};

const RECORD: &str = r#"
window.__recorded = [];
(() => {
  const record = (kind, text) => window.__recorded.push({ kind, text: String(text) });
  const error = console.error;
  console.error = (...parts) => { record("console.error", parts.map(String).join(" ")); error(...parts); };
  addEventListener("error", (event) => record("error", event.message || `not loaded: ${event.target?.src ?? event.target?.href}`), true);
  addEventListener("unhandledrejection", (event) => record("unhandledrejection", event.reason?.message ?? event.reason));
  addEventListener("securitypolicyviolation", (event) => record("securitypolicyviolation", `${event.violatedDirective} ${event.blockedURI}`), true);
})();
"#;

/// Lets the window record what goes wrong in it, where `SYNCSLATE_TEST_INIT` is set.
pub fn watch<R: Runtime, M: tauri::Manager<R>>(
    builder: WebviewWindowBuilder<'_, R, M>,
) -> WebviewWindowBuilder<'_, R, M> {
    if std::env::var_os("SYNCSLATE_TEST_INIT").is_some() {
        builder.initialization_script(RECORD)
    } else {
        builder
    }
}

/// Tells the test where the demo's emulator listens and what its token is, where `SYNCSLATE_TEST_EMULATOR` names a file.
pub fn tell_emulator(address: &str, token: &str) -> std::io::Result<()> {
    match std::env::var_os("SYNCSLATE_TEST_EMULATOR").map(PathBuf::from) {
        Some(path) => {
            // Renamed into place, so that a test that waits for the file never reads half of it.
            let half = path.with_extension("part");
            std::fs::write(&half, format!("{address}\n{token}\n"))?;
            std::fs::rename(half, path)
        }
        None => Ok(()),
    }
}
