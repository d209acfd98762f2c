//! Starting Syncslate itself: the demo, the window on one's own library, the benchmark.

use anyhow::Result;

use crate::node;
use crate::setup::{self, Purpose};
use crate::steps::{cargo, finish};

/// The demo: the window where there is a display, else the same sync in the terminal.
pub fn demo(headless: bool, rest: &[String]) -> Result<()> {
    if headless || !has_display() {
        if !headless {
            println!("There is no display here, so the demo runs in the terminal.");
        }
        setup::ensure(Purpose::Terminal)?;
        // Cargo would name each crate; nothing at all would look like standing still.
        println!("Building Syncslate; the first time that takes some minutes.");
        let mut command = cargo(["run", "--quiet", "--package", "syncslate-cli", "--", "demo"]);
        return finish(command.args(rest));
    }
    window(&[&["--demo".to_owned()], rest].concat())
}

/// The window.
pub fn run(rest: &[String]) -> Result<()> {
    window(rest)
}

/// The benchmark.
pub fn bench(rest: &[String]) -> Result<()> {
    setup::ensure(Purpose::Terminal)?;
    let mut command = cargo([
        "run",
        "--release",
        "--package",
        "syncslate-tests",
        "--bin",
        "bench",
        "--",
    ]);
    finish(command.args(rest))
}

fn window(arguments: &[String]) -> Result<()> {
    setup::ensure(Purpose::Window)?;
    node::build()?;
    finish(cargo(["run", "--package", "syncslate", "--"]).args(arguments))
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
