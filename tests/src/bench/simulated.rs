//! A person who browses beside a sync, in simulated time: what the server's prices and the engine's choices make of it,
//! whatever else the machine does. The same library gives the same figures.
//!
//! Not here: what answering costs in CPU, which only `cost` sees.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use syncslate_emulator::generator::{self, Generated, Plan};
use syncslate_emulator::{Options as ServerOptions, Profile};

use super::Options;
use super::reader::{Person, quantile};
use super::table::{Goal, Table, per};
use super::usage::cpu;
use crate::{InProcess, Life, Way, World, sync};

/// Reads of the person while nobody writes.
const IDLE_READS: usize = 100;

/// What the two felt of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// 95 of 100 reads took at most so many milliseconds while nobody wrote.
    pub idle: f64,
    /// The same beside the sync.
    pub busy: f64,
    /// Reads beside the sync.
    pub reads: usize,
    /// The part of the time between first and last write in which the writer worked.
    pub writer_busy: f64,
    /// Most writes that ran or waited at once.
    pub most_under_way: usize,
}

impl Beside {
    /// How many times as long a read takes beside the sync.
    pub fn times(&self) -> f64 {
        self.busy / self.idle
    }
}

/// A server with one slow writer, as far from the engine as `way` says.
pub fn slow_world(plan: &Plan, way: Way) -> World {
    slow(&generator::generate(plan), way)
}

fn slow(generated: &Generated, way: Way) -> World {
    let options = ServerOptions {
        profile: Profile::Pms,
        ..ServerOptions::default()
    };
    let world = World::with(generated, options);
    world.transport.set_way(way);
    world
}

/// A first sync of this world, with a person who browses.
///
/// # Errors
/// Where the person meets an error.
pub fn beside(world: &World) -> Result<Beside> {
    // The person sits beside the server: no way hides what its writer makes them wait.
    let way = Arc::new(InProcess::new(
        world.emulator.clone(),
        Arc::clone(&world.clock),
    ));
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    let never = AtomicBool::new(false);
    let url = world.settings.plex_address.clone();
    let browsing = world.live(&Life::default(), async |handle| {
        let person = Person::arrive(way, &url, "emulator-token").await?;
        person.browse(IDLE_READS, &never, &mut idle).await?;
        world.emulator.reset_statistics();
        tokio::select! {
            biased;
            _ = sync(handle) => Ok(()),
            ended = person.browse(usize::MAX, &never, &mut busy) => ended,
        }
    });
    browsing.context("BUG: nothing kills this life")??;
    let counted = world.emulator.statistics();
    Ok(Beside {
        idle: quantile(&idle, 0.95),
        busy: quantile(&busy, 0.95),
        reads: busy.len(),
        writer_busy: counted.busy_share().unwrap_or_default(),
        most_under_way: counted.most_under_way,
    })
}

pub(super) fn measure(options: &Options, tell: &dyn Fn(&str), table: &mut Table) -> Result<()> {
    let films = options.films;
    let ways = [
        ("beside the server", Way::default()),
        ("in the same house", Way::of(Duration::from_millis(1))),
        ("far away", Way::of(Duration::from_millis(20))),
        (
            "in the same house, 1 answer of 40 late",
            Way {
                late: Some((40, Duration::from_millis(30))),
                ..Way::of(Duration::from_millis(1))
            },
        ),
    ];
    for (name, way) in ways {
        let part = &format!("{films} films in simulated time, {name}");
        tell(part);
        let plan = Plan {
            seed: options.seed,
            films,
            shows: 0,
            ..Plan::default()
        };
        rows(part, beside(&slow_world(&plan, way))?, table);
    }
    for items in &options.simulated_items {
        let part = &format!("{items} items of every kind in simulated time, in the same house");
        tell(part);
        let generated = generator::mixed(options.seed, *items);
        let world = slow(&generated, Way::of(Duration::from_millis(1)));
        let before = cpu();
        let beside = beside(&world)?;
        rows(part, beside, table);
        let wrong = generated.expected.check(&world.state());
        for line in wrong.iter().take(10) {
            tell(&format!("wrong: {line}"));
        }
        let wrong = per(wrong.len() as u64, 1);
        table.hold(
            part,
            "wrong or missing values",
            wrong,
            "",
            Goal::AtMost(0.0),
        );
        if let (Some(before), Some(after)) = (before, cpu()) {
            table.tell(
                part,
                "CPU of engine, server and person together",
                after - before,
                "s",
            );
        }
    }
    Ok(())
}

fn rows(part: &str, beside: Beside, table: &mut Table) {
    let (idle, busy) = (beside.idle, beside.busy);
    table.tell(part, "a person's reads, p95 without a sync", idle, "ms");
    table.tell(part, "a person's reads, p95 beside the sync", busy, "ms");
    table.hold(
        part,
        "that is so many times as long",
        beside.times(),
        "×",
        Goal::AtMost(2.0),
    );
    table.tell(
        part,
        "most writes that ran or waited at once",
        per(beside.most_under_way as u64, 1),
        "",
    );
    table.hold(
        part,
        "writer busy",
        100.0 * beside.writer_busy,
        "%",
        Goal::AtLeast(90.0),
    );
}
