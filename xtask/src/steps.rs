//! Programs that the commands start, and lists of steps with their times.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("BUG: xtask is a folder of the workspace")
}

/// The cargo that runs us, at the root of the workspace.
pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs a program that talks to the terminal itself.
pub fn finish(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        let shown: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        bail!("`{program} {}` failed ({status})", shown.join(" "));
    }
    Ok(())
}

/// Runs steps one after the other, tells their times, and stops at the first that fails.
#[derive(Debug, Default)]
pub struct Steps {
    passed: Vec<(&'static str, f64)>,
}

impl Steps {
    /// Runs one step.
    pub fn run(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n==> {name}");
        // A step's own output follows; ours must stand before it even in a pipe.
        std::io::stdout().flush()?;
        let began = Instant::now();
        let done = work();
        let seconds = began.elapsed().as_secs_f64();
        match done {
            Ok(()) => {
                println!("    {name}: passed in {seconds:.1} s");
                self.passed.push((name, seconds));
                Ok(())
            }
            Err(error) => {
                println!("    {name}: FAILED after {seconds:.1} s");
                self.table();
                println!("{} passed, 1 failed: {name}", self.passed.len());
                Err(error.context(format!("step “{name}” failed")))
            }
        }
    }

    /// Tells how it went.
    pub fn end(self) {
        self.table();
        println!("{} passed, 0 failed", self.passed.len());
    }

    fn table(&self) {
        println!();
        for (name, seconds) in &self.passed {
            println!("{seconds:>8.1} s  {name}");
        }
    }
}
