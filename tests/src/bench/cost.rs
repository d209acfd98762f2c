//! A library on a server with one slow writer: requests, busy share, a reader's waiting, right values.

use anyhow::{Context, Result};

use super::Options;
use super::engine::{self, Synced};
use super::server::{self, Answer, Library, Question, Ready};
use super::table::{Goal, Table, per};

/// Rows that the engine asks for in one page of a listing.
pub(super) const LISTED: u64 = 500;
/// Reads of a person before the sync, to know how long they take while nobody writes.
const IDLE_READS: usize = 100;

pub(super) fn measure(options: &Options, tell: &dyn Fn(&str), table: &mut Table) -> Result<()> {
    let part = &format!("{} films on a server with one slow writer", options.films);
    tell(&format!("{part}: making them"));
    let scratch = tempfile::tempdir().context("no room for temporary files")?;
    let folder = scratch.path().join("films");
    let (mut server, ready) = server::start(&server::Arguments {
        library: Library::Films,
        items: options.films,
        seed: options.seed,
        folder: folder.clone(),
        slow: true,
    })?;
    let mut engine = engine::start(&ready, &folder, &scratch.path().join("data"))?;
    // A first sync with a person who browses, then two in which nothing is to do.
    tell(&format!("{part}: first sync"));
    let idle: Answer = server.ask(&Question::Read(IDLE_READS))?;
    let _before: Answer = server.ask(&Question::Counted)?;
    let _began: Answer = server.ask(&Question::StartReading)?;
    let first: Synced = engine.ask(&engine::Question::Sync)?;
    let busy: Answer = server.ask(&Question::StopReading)?;
    let mut counted: Answer = server.ask(&Question::Counted)?;
    let wrong: Answer = server.ask(&Question::Wrong)?;
    tell(&format!("{part}: second sync"));
    let second: Synced = engine.ask(&engine::Question::Sync)?;
    let again: Answer = server.ask(&Question::Counted)?;
    tell(&format!("{part}: third sync"));
    let third: Synced = engine.ask(&engine::Question::Sync)?;
    let unchanged: Answer = server.ask(&Question::Counted)?;
    for line in wrong.wrong.iter().take(10) {
        tell(&format!("wrong: {line}"));
    }

    // The person's own reads are not the sync's.
    take_away(&mut counted, "Listing", busy.reads.div_ceil(2) + 1);
    take_away(&mut counted, "Details", busy.reads / 2);
    take_away(&mut counted, "Sections", 1);
    requests(part, &ready, &counted, &first, table);
    table.hold(
        part,
        "wrong or missing values",
        per(wrong.wrong.len() as u64, 1),
        "",
        Goal::AtMost(0.0),
    );
    table.hold(
        part,
        "failed jobs",
        f64::from(first.failed),
        "",
        Goal::AtMost(0.0),
    );
    times(part, &counted, &first, table);
    reading(part, &idle, &busy, table);
    table.tell(part, "time of a second sync", second.wall, "s");
    let goal = Goal::at_most(ready.quiet());
    // Plex lists what the first one wrote as changed, 500 a page: somebody may have changed it once more since.
    let relisted = ready.changed.div_ceil(LISTED) - 1;
    table.hold(
        part,
        "its requests, beyond pages of what the first one wrote",
        per(again.total().saturating_sub(relisted), 1),
        "",
        goal,
    );
    table.tell(part, "time of a third sync", third.wall, "s");
    table.hold(part, "its requests", per(unchanged.total(), 1), "", goal);
    Ok(())
}

fn requests(part: &str, ready: &Ready, counted: &Answer, first: &Synced, table: &mut Table) {
    for (kind, count) in &counted.requests {
        table.tell(
            part,
            &format!("requests per film, {kind}"),
            per(*count, u64::from(first.items)),
            "",
        );
    }
    let edits = counted.count(&["Edit"]);
    let images = counted.pictures.total();
    let total = counted.total();
    let others = total - edits - images;
    let changed = ready.changed;
    let busy_share = counted.busy_share.unwrap_or_default() * 100.0;
    let long = ready.long;
    table.tell(part, "PUTs", per(edits, 1), "");
    table.tell(
        part,
        "of them, second halves of too long lines",
        per(long, 1),
        "",
    );
    table.hold(
        part,
        "all other PUTs per changed film",
        per(edits.saturating_sub(long), changed),
        "",
        Goal::AtMost(1.0),
    );
    counted.pictures.rows(part, table);
    table.hold(
        part,
        "all other requests",
        100.0 * per(others, total),
        "%",
        Goal::AtMost(3.0),
    );
    table.hold(part, "writer busy", busy_share, "%", Goal::AtLeast(90.0));
    table.tell(
        part,
        "most writes that ran or waited at once",
        per(counted.most_under_way as u64, 1),
        "",
    );
}

fn times(part: &str, counted: &Answer, first: &Synced, table: &mut Table) {
    table.tell(part, "time of the first sync", first.wall, "s");
    table.tell(part, "the writer's own share of it", counted.busy, "s");
    if let Some(cpu) = first.cpu {
        table.tell(
            part,
            "CPU per film",
            1000.0 * cpu / f64::from(first.items.max(1)),
            "ms",
        );
    }
    first.memory.rows(part, "", table);
    for slow in first.timings.iter().filter(|timing| timing.total >= 100.0) {
        table.tell(part, &format!("{} p50", slow.operation), slow.p50, "ms");
        table.tell(
            part,
            &format!("{} total", slow.operation),
            slow.total / 1000.0,
            "s",
        );
    }
}

fn reading(part: &str, idle: &Answer, busy: &Answer, table: &mut Table) {
    table.tell(part, "a person's reads, p95 without a sync", idle.p95, "ms");
    table.tell(
        part,
        "a person's reads, p95 beside the sync",
        busy.p95,
        "ms",
    );
    table.hold(
        part,
        "that is so many times as long",
        busy.p95 / idle.p95,
        "×",
        Goal::AtMost(2.0),
    );
}

fn take_away(counted: &mut Answer, kind: &str, reads: usize) {
    if let Some(count) = counted.requests.get_mut(kind) {
        *count = count.saturating_sub(reads as u64);
    }
}
