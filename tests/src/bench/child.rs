//! A part of the benchmark in a process of its own: one JSON line in, one JSON line out.
//!
//! Not here: what the parts do (`server`, `engine`).

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A running part; killed when dropped.
#[derive(Debug)]
pub struct Part {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Part {
    /// Starts this very program with other arguments; returns what it says first.
    pub fn start<T: DeserializeOwned>(arguments: &[String]) -> Result<(Self, T)> {
        let program = std::env::current_exe().context("the benchmark does not know itself")?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("a part of the benchmark does not start")?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("a part of the benchmark has no pipes");
        };
        let mut part = Self {
            child,
            to,
            from: BufReader::new(from),
        };
        let first = part.hear()?;
        Ok((part, first))
    }

    /// Asks and waits for the answer.
    pub fn ask<T: DeserializeOwned>(&mut self, question: &impl Serialize) -> Result<T> {
        let mut line = serde_json::to_string(question)?;
        line.push('\n');
        self.to.write_all(line.as_bytes())?;
        self.to.flush()?;
        self.hear()
    }

    fn hear<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            bail!("a part of the benchmark ended early; see above");
        }
        serde_json::from_str(&line).with_context(|| format!("not understood: {line}"))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The other end: says `first`, then answers questions until nobody asks any more.
pub fn serve<Q: DeserializeOwned, A: Serialize>(
    first: &impl Serialize,
    mut answer: impl FnMut(Q) -> Result<A>,
) -> Result<()> {
    say(first)?;
    for line in std::io::stdin().lock().lines() {
        let question = serde_json::from_str(&line?)?;
        say(&answer(question)?)?;
    }
    Ok(())
}

fn say(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(value)?)?;
    out.flush()?;
    Ok(())
}
