//! Everything that must hold before a change is done.
//!
//! Not here: what is tested; this only starts it, in the order in which most is learnt soonest.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::setup::{self, Purpose};
use crate::steps::{Steps, cargo, finish, root};
use crate::{node, types};

/// Lets the window record what goes wrong in it; never part of a release.
const HOOKS: &str = "syncslate/test-hooks";

/// Runs all steps, or those that need no window.
pub fn run(fast: bool) -> Result<()> {
    let mut steps = Steps::default();
    let purpose = if fast { Purpose::Fast } else { Purpose::Test };
    steps.run("setup", || setup::ensure(purpose))?;
    steps.run("format of the Rust source", || {
        finish(&mut cargo(["fmt", "--all", "--check"]))
    })?;
    steps.run("format of the window's source", || npm("format:check"))?;
    steps.run("generated types are current", || types::run(true))?;
    steps.run("types of the window's source", || npm("check"))?;
    steps.run("tests of the window's source", || npm("test"))?;
    if fast {
        steps.run("lints", || {
            finish(&mut cargo([
                "clippy",
                "--all-targets",
                "--",
                "--deny",
                "warnings",
            ]))
        })?;
        steps.run("tests", || finish(&mut cargo(["test"])))?;
    } else {
        steps.run("build of the window's source", node::build)?;
        steps.run("lints", || {
            let whole = [
                "clippy",
                "--workspace",
                "--all-targets",
                "--features",
                HOOKS,
            ];
            finish(cargo(whole).args(["--", "--deny", "warnings"]))
        })?;
        steps.run("tests", || {
            finish(&mut cargo(["test", "--workspace", "--features", HOOKS]))
        })?;
        steps.run("build of the desktop app", || desktop().map(drop))?;
        steps.run("the real window", || window_tests(&["window::"], &[]))?;
    }
    steps.end();
    Ok(())
}

/// Takes pictures of the real window.
pub fn screenshots() -> Result<()> {
    setup::ensure(Purpose::Test)?;
    node::build()?;
    window_tests(
        &["window::screenshots", "--exact"],
        &[("SYNCSLATE_SCREENSHOTS", "1")],
    )
}

fn npm(script: &str) -> Result<()> {
    finish(&mut node::npm(&["run", "--silent", script]))
}

/// Builds the app with the hooks of the tests, and says where it is.
fn desktop() -> Result<PathBuf> {
    // The whole workspace, so that it shares what the tests have already compiled.
    finish(&mut cargo(["build", "--workspace", "--features", HOOKS]))?;
    let output = cargo(["metadata", "--format-version=1", "--no-deps"])
        .output()
        .context("cargo could not be started")?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("cargo's metadata is not JSON")?;
    let target = metadata["target_directory"]
        .as_str()
        .map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target
        .join("debug")
        .join(format!("syncslate{}", std::env::consts::EXE_SUFFIX)))
}

fn window_tests(filter: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let app = desktop()?;
    let mut command = cargo([
        "test",
        "--workspace",
        "--features",
        HOOKS,
        "--test",
        "main",
        "--",
    ]);
    // One WebKitWebDriver has one session at a time.
    command
        .args(filter)
        .args(["--test-threads=1", "--nocapture"]);
    command.env("SYNCSLATE_WINDOW_BIN", app);
    command.envs(environment.iter().copied());
    finish(&mut command)
}
