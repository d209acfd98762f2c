//! Node and npm, for the window's own source in `ui/`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{finish, root};

/// The oldest Node that the window's tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// npm in `ui/`.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root().join("ui")).args(arguments);
    command
}

/// Fails, with what to do, where Node is missing or too old.
pub fn check() -> Result<()> {
    let (major, minor) = OLDEST;
    let wanted = format!("Node {major}.{minor} or newer is needed to build the window");
    let where_from =
        "Get it from https://nodejs.org, or from your system's packages where they are new enough.";
    let Ok(output) = Command::new("node").arg("--version").output() else {
        bail!("{wanted}, and there is none. {where_from}");
    };
    let found = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if version(&found).is_none_or(|version| version < OLDEST) {
        bail!("{wanted}; this is {found}. {where_from}");
    }
    if npm(&["--version"]).output().is_err() {
        bail!(
            "npm is missing although Node is there. Install the package `npm`, or Node with npm. {where_from}"
        );
    }
    Ok(())
}

/// Installs the packages of `package-lock.json`, unless these very ones are there.
pub fn install() -> Result<()> {
    let ui = root().join("ui");
    let lock = std::fs::read(ui.join("package-lock.json"))
        .context("ui/package-lock.json could not be read")?;
    // Left by us after a whole install; npm's own files are also there after half of one.
    let stamp = ui.join("node_modules/.syncslate-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    finish(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(&stamp, lock).context("ui/node_modules could not be written")
}

/// Builds the window's source into `ui/dist`.
pub fn build() -> Result<()> {
    finish(&mut npm(&["run", "--silent", "build"]))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(version("v20.19.4"), Some((20, 19)));
        assert!(version("v9.99.0") < Some(OLDEST));
        assert!(version("v22.0.0") > Some(OLDEST));
        assert_eq!(version("nonsense"), None);
    }
}
