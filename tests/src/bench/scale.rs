//! Libraries of several sizes on a server that costs nothing: every request counted beside what it may be, CPU per item
//! flat, and one changed file among all.

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::Options;
use super::child::Part;
use super::cost::LISTED;
use super::engine::{self, Synced};
use super::server::{self, Answer, Library, Question, Ready};
use super::table::{Goal, Table, per};

/// CPU per item of the largest library beside that of the smallest.
const GROWTH: f64 = 1.25;
/// Items that the engine asks details of at once.
const DETAILED: u64 = 200;
/// Requests by which one changed file among any number is found and written, in one section of films.
const ONE_FILE: u64 = 10;
/// Of those, what there is besides looking at both sides: its details, the write, the reading back.
const ONE_WRITE: u64 = 3;

/// A server, an engine, and what lies between them on disk.
struct Pair {
    server: Part,
    ready: Ready,
    engine: Part,
    _scratch: TempDir,
}

pub(super) fn measure(options: &Options, tell: &dyn Fn(&str), table: &mut Table) -> Result<()> {
    let (mut first, mut idle) = (Vec::new(), Vec::new());
    for items in &options.items {
        let part = &format!("{items} items of every kind on a server that costs nothing");
        tell(&format!("{part}: making them"));
        let mut pair = Pair::start(Library::Mixed, *items, options.seed)?;
        first.extend(pair.first_sync(part, tell, table)?);
        idle.extend(pair.nothing_changed(part, tell, table)?);
        let goal = pair.ready.quiet() + ONE_WRITE;
        pair.one_file(part, goal, tell, table)?;
    }
    let part = "what grows with the number of items";
    for (what, per_item) in [("first sync", first), ("nothing changed", idle)] {
        if let (Some(smallest), Some(largest)) = (per_item.first(), per_item.last()) {
            table.hold(
                part,
                &format!("CPU per item, largest to smallest, {what}"),
                largest / smallest,
                "×",
                Goal::AtMost(GROWTH),
            );
        }
    }
    if let Some(films) = options.items.iter().max() {
        let part = &format!("{films} films without pictures in one section");
        tell(&format!("{part}: making them"));
        let mut pair = Pair::start(Library::PlainFilms, *films, options.seed)?;
        pair.first_sync(part, tell, table)?;
        pair.nothing_changed(part, tell, table)?;
        pair.one_file(part, ONE_FILE, tell, table)?;
    }
    Ok(())
}

impl Pair {
    fn start(library: Library, items: usize, seed: u64) -> Result<Self> {
        let scratch = tempfile::tempdir().context("no room for temporary files")?;
        let folder = scratch.path().join("source");
        let (server, ready) = server::start(&server::Arguments {
            library,
            items,
            seed,
            folder: folder.clone(),
            slow: false,
        })?;
        let engine = engine::start(&ready, &folder, &scratch.path().join("data"))?;
        Ok(Self {
            server,
            ready,
            engine,
            _scratch: scratch,
        })
    }

    /// Returns the CPU per item in milliseconds, where it is known.
    fn first_sync(
        &mut self,
        part: &str,
        tell: &dyn Fn(&str),
        table: &mut Table,
    ) -> Result<Option<f64>> {
        tell(&format!("{part}: first sync"));
        let (synced, counted) = self.sync()?;
        let ready = &self.ready;
        table.tell(part, "items in Plex", per(ready.items(), 1), "");
        table.tell(part, "files that speak of them", synced.items.into(), "");
        self.wrong(part, "first sync", &synced, tell, table)?;
        let ready = &self.ready;
        let pages = ready.listed.iter().map(|items| items.div_ceil(LISTED));
        let hold = |table: &mut Table, name: &str, kinds: &[&str], most: u64| {
            let name = format!("first sync, {name}");
            let count = per(counted.count(kinds), 1);
            table.hold(part, &name, count, "", Goal::at_most(most));
        };
        hold(table, "listings: N/500 per type", &["Listing"], pages.sum());
        hold(
            table,
            "details: N/200, C/200 again where a plan grew old, C/200 to read back",
            &["Details"],
            ready.items().div_ceil(DETAILED) + 2 * ready.changed.div_ceil(DETAILED),
        );
        let images = counted.pictures.changed;
        hold(
            table,
            "writes: C + 2·I + collections",
            &[
                "Edit",
                "ImageList",
                "Upload",
                "Select",
                "CollectionEdit",
                "CollectionMove",
                "Preferences",
                "Watched",
            ],
            ready.changed + ready.long + 2 * images + ready.collections,
        );
        let named = [
            "Listing",
            "Details",
            "Edit",
            "ImageList",
            "Upload",
            "Select",
            "CollectionEdit",
            "CollectionMove",
            "Preferences",
            "Watched",
        ];
        table.tell(
            part,
            "first sync, all other requests",
            per(counted.total() - counted.count(&named), 1),
            "",
        );
        table.tell(part, "changed items (C)", per(ready.changed, 1), "");
        table.tell(part, "changed pictures (I)", per(images, 1), "");
        for (kind, count) in &counted.requests {
            let name = format!("first sync, requests per 1,000 items, {kind}");
            table.tell(part, &name, per(1_000 * count, ready.items()), "");
        }
        Ok(costs(part, "first sync", ready.items(), &synced, table))
    }

    /// Returns the CPU per item in milliseconds, where it is known.
    fn nothing_changed(
        &mut self,
        part: &str,
        tell: &dyn Fn(&str),
        table: &mut Table,
    ) -> Result<Option<f64>> {
        // What the first one wrote is listed once more: somebody may have changed it since.
        tell(&format!("{part}: second sync"));
        let (again, _) = self.sync()?;
        costs(part, "second sync", self.ready.items(), &again, table);
        tell(&format!("{part}: third sync, nothing changed"));
        let (synced, counted) = self.sync()?;
        let name = "nothing changed";
        self.wrong(part, name, &synced, tell, table)?;
        let written = f64::from(again.written + synced.written);
        table.hold(
            part,
            "nothing changed, items written",
            written,
            "",
            Goal::AtMost(0.0),
        );
        table.hold(
            part,
            "nothing changed, requests: 2 per type, 1 per section, 3",
            per(counted.total(), 1),
            "",
            Goal::at_most(self.ready.quiet()),
        );
        Ok(costs(part, name, self.ready.items(), &synced, table))
    }

    /// `most`: requests that it may take.
    fn one_file(
        &mut self,
        part: &str,
        most: u64,
        tell: &dyn Fn(&str),
        table: &mut Table,
    ) -> Result<()> {
        tell(&format!("{part}: one changed file"));
        let _changed: Answer = self.server.ask(&Question::ChangeOne)?;
        let (synced, counted) = self.sync()?;
        self.wrong(part, "one changed file", &synced, tell, table)?;
        let written = f64::from(synced.written);
        table.hold(
            part,
            "one changed file, items written",
            written,
            "",
            Goal::Exactly(1.0),
        );
        table.hold(
            part,
            "one changed file, requests",
            per(counted.total(), 1),
            "",
            Goal::at_most(most),
        );
        table.tell(
            part,
            "one changed file, CPU",
            synced.cpu.unwrap_or_default(),
            "s",
        );
        table.tell(part, "one changed file, time", synced.wall, "s");
        Ok(())
    }

    /// One sync, and what it asked for.
    fn sync(&mut self) -> Result<(Synced, Answer)> {
        let _before: Answer = self.server.ask(&Question::Counted)?;
        let synced = self.engine.ask(&engine::Question::Sync)?;
        Ok((synced, self.server.ask(&Question::Counted)?))
    }

    fn wrong(
        &mut self,
        part: &str,
        what: &str,
        synced: &Synced,
        tell: &dyn Fn(&str),
        table: &mut Table,
    ) -> Result<()> {
        let answer: Answer = self.server.ask(&Question::Wrong)?;
        for line in answer.wrong.iter().take(10) {
            tell(&format!("wrong: {line}"));
        }
        let name = format!("{what}, wrong or missing values, failed jobs");
        let wrong = per(answer.wrong.len() as u64 + u64::from(synced.failed), 1);
        table.hold(part, &name, wrong, "", Goal::AtMost(0.0));
        Ok(())
    }
}

/// Time, CPU and memory as rows. Returns the CPU per item in milliseconds, where it is known.
fn costs(part: &str, what: &str, items: u64, synced: &Synced, table: &mut Table) -> Option<f64> {
    table.tell(part, &format!("{what}, time"), synced.wall, "s");
    synced.memory.rows(part, &format!("{what}, "), table);
    let cpu = 1000.0 * synced.cpu? / per(items, 1);
    table.tell(part, &format!("{what}, CPU per item"), cpu, "ms");
    Some(cpu)
}
