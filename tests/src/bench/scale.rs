//! Libraries of several sizes on a server that costs nothing: CPU per film must not grow with their number.

use anyhow::{Context, Result};

use super::Options;
use super::engine::{self, Synced};
use super::server::{self, Answer, Question};
use super::table::{Goal, Table};

/// CPU per film of the largest library beside that of the smallest.
const GROWTH: f64 = 1.25;

pub(super) fn measure(options: &Options, tell: &dyn Fn(&str), table: &mut Table) -> Result<()> {
    let part = "libraries without pictures on a server that costs nothing";
    let mut per_film = Vec::new();
    for films in &options.sizes {
        tell(&format!("{films} films on a server that costs nothing"));
        let (first, second, wrong) = sync(*films, options.seed)?;
        for line in wrong.iter().take(10) {
            tell(&format!("wrong: {line}"));
        }
        table.hold(
            part,
            &format!("{films} films, wrong values and failed jobs"),
            count(wrong.len()) + f64::from(first.failed),
            "",
            Goal::AtMost(0.0),
        );
        let items = f64::from(first.items.max(1));
        table.tell(part, &format!("{films} films, first sync"), first.wall, "s");
        if let (Some(cpu), Some(again)) = (first.cpu, second.cpu) {
            let cpu = 1000.0 * cpu / items;
            per_film.push(cpu);
            table.tell(part, &format!("{films} films, CPU per film"), cpu, "ms");
            table.tell(
                part,
                &format!("{films} films, CPU per film, nothing to do"),
                1000.0 * again / items,
                "ms",
            );
        }
        table.tell(
            part,
            &format!("{films} films, second sync"),
            second.wall,
            "s",
        );
        if let Some(peak) = second.peak {
            table.tell(part, &format!("{films} films, peak memory"), peak, "MiB");
        }
    }
    if let (Some(smallest), Some(largest)) = (per_film.first(), per_film.last()) {
        table.hold(
            part,
            "CPU per film, largest to smallest",
            largest / smallest,
            "×",
            Goal::AtMost(GROWTH),
        );
    }
    Ok(())
}

fn sync(films: usize, seed: u64) -> Result<(Synced, Synced, Vec<String>)> {
    let scratch = tempfile::tempdir().context("no room for temporary files")?;
    let folder = scratch.path().join("films");
    let (mut server, ready) = server::start(&server::Arguments {
        films,
        seed,
        folder: folder.clone(),
        slow: false,
    })?;
    let mut engine = engine::start(&ready, &folder, &scratch.path().join("data"))?;
    let first: Synced = engine.ask(&engine::Question::Sync)?;
    let wrong: Answer = server.ask(&Question::Wrong)?;
    let second: Synced = engine.ask(&engine::Question::Sync)?;
    Ok((first, second, wrong.wrong))
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn count(lines: usize) -> f64 {
    lines as f64
}
