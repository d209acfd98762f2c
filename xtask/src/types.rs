//! The window's TypeScript types, written from the engine's own.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::steps::{cargo, root};

const FILE: &str = "ui/src/backend/generated/engine.ts";

/// Writes the types, or only compares them with what is there.
pub fn run(check: bool) -> Result<()> {
    let output = cargo([
        "run",
        "--quiet",
        "-p",
        "syncslate-engine",
        "--example",
        "typescript",
    ])
    .output()
    .context("cargo could not be started")?;
    if !output.status.success() {
        bail!(
            "the engine could not be built for its types:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let wanted = String::from_utf8(output.stdout).context("the types are not UTF-8")?;
    let path = root().join(FILE);
    let present = read(&path)?;
    if present.as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    if check {
        bail!(
            "{FILE} is not what the engine says today. Run `cargo xtask types` and commit the result."
        );
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} could not be made", folder.display()))?;
    }
    std::fs::write(&path, wanted).with_context(|| format!("{FILE} could not be written"))
}

fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read", path.display())),
    }
}
