//! One history: what happens, step by step, and what must be true after each.
//!
//! Not here: what a sync must lead to (the generator's `Chronicle`).

use std::collections::BTreeMap;
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use syncslate_emulator::generator::{self, Chronicle, Event, Plan, SERIES_SECTION, Synced};
use syncslate_emulator::{Habits, LibraryState};
use syncslate_engine::face::{Command, RunState, RunSummary, SectionSettings};
use syncslate_tests::{Crash, Life, World, as_ordered_by, differences};
use tokio::sync::mpsc;

use super::disturbed::steered;

/// Longer than any outage and pause: who is not done then hangs.
const PATIENCE: Duration = Duration::from_hours(12);
/// Every section of a household.
pub(super) const SECTIONS: [&str; 5] = ["Films", "Series", "Music", "Videos", "Films 4K"];
/// So many lines of what is wrong are shown.
const SHOWN: usize = 12;

/// See the module.
pub(super) struct Story {
    pub(super) seed: u64,
    pub(super) habits: Habits,
    pub(super) dice: ChaCha8Rng,
    /// Of actors' pictures, so that all else is as it is without them.
    faces: ChaCha8Rng,
    pub(super) world: World,
    pub(super) chronicle: Chronicle,
    pub(super) first: LibraryState,
    /// Before the latest sync.
    before: LibraryState,
    pub(super) steps: Vec<String>,
    deeds: BTreeMap<&'static str, usize>,
}

/// How a sync went.
pub(super) struct Went {
    /// `None` where it could not begin, or its process died.
    pub(super) summary: Option<RunSummary>,
    pub(super) meanwhile: Vec<Event>,
}

/// A small household: every kind of item, and by and by every odd kind.
fn household(seed: u64) -> Plan {
    Plan {
        films: 12,
        shows: 2,
        seasons: 2,
        episodes: 4,
        artists: 2,
        albums: 2,
        tracks: 3,
        videos: 6,
        image: (12, 18),
        odd_from: usize::try_from(seed * 3).unwrap_or_default(),
        lock_written: !seed.is_multiple_of(5),
        ..Plan::mixed(seed, 60)
    }
}

impl Story {
    pub fn begin(seed: u64) -> Self {
        let habits = Habits::BOTH[usize::from(seed % 4 >= 2)];
        let plan = household(seed).under(habits);
        let generated = generator::generate(&plan);
        let mut world = World::new(&generated, habits);
        world.seed = seed;
        world.settings.lock_written = plan.lock_written;
        Self {
            seed,
            habits,
            dice: ChaCha8Rng::seed_from_u64(seed),
            faces: {
                let mut faces = ChaCha8Rng::seed_from_u64(seed);
                faces.set_stream(1);
                faces
            },
            chronicle: Chronicle::new(&generated),
            first: world.state(),
            before: world.state(),
            world,
            steps: Vec::new(),
            deeds: BTreeMap::new(),
        }
    }

    /// How often what happened.
    pub fn deeds(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.deeds.iter().map(|(deed, times)| (*deed, *times))
    }

    /// What happened last, one step a line.
    pub fn last_steps(&self) -> String {
        let from = self.steps.len().saturating_sub(40);
        self.steps[from..].join("\n")
    }

    /// From the first step to the last check.
    pub fn tell(&mut self) {
        // What is not locked may be taken back each time. Whoever is broken off cannot count how often.
        let is_fought_over = !self.world.settings.lock_written && self.seed % 10 == 5;
        for _ in 0..self.dice.random_range(3..=6) {
            let is_quiet = is_fought_over || self.dice.random_bool(0.35);
            let has_written = self.sync(is_quiet);
            if has_written && self.chronicle.can_undo() && self.dice.random_bool(0.15) {
                self.undo();
            }
            if is_fought_over && let Some(event) = self.chronicle.stubborn_agent(&mut self.dice) {
                self.happen(&event);
            }
            for _ in 0..self.dice.random_range(0..=8) {
                let event = self.chronicle.draw(&mut self.dice);
                self.happen(&event);
            }
            for _ in 0..self.faces.random_range(0..=2) {
                if let Some(event) = self.chronicle.draw_face(&mut self.faces) {
                    self.happen(&event);
                }
            }
            self.world.clock.pass(Duration::from_mins(10));
        }
        for event in self.chronicle.mend() {
            self.happen(&event);
        }
        self.rest();
        if self.dice.random_bool(0.5) {
            self.leave();
        } else {
            self.take_all_back();
        }
        let statistics = self.world.emulator.statistics();
        assert_eq!(statistics.whole_library_edits, 0);
        assert_eq!(statistics.media_deletions, 0);
    }

    pub(super) fn step(&mut self, deed: &'static str, what: impl Into<String>) {
        *self.deeds.entry(deed).or_default() += 1;
        self.steps.push(what.into());
    }

    fn happen(&mut self, event: &Event) {
        self.step("events", format!("  {event}"));
        event.play(&self.world.emulator).expect("Plex takes it");
        event
            .play_in(&self.world.films())
            .expect("the folder takes it");
        self.chronicle.note(event);
        self.chronicle.observe(&self.world.state());
    }

    /// One sync, left alone or not, and a look at what it made. Returns whether it wrote anything.
    fn sync(&mut self, is_quiet: bool) -> bool {
        let titles = self.choose_sections(is_quiet);
        let before = self.world.state();
        self.before = before.clone();
        let went = if is_quiet {
            self.step("quiet syncs", format!("a sync of {titles:?}"));
            Went {
                summary: self.run(None, None),
                meanwhile: Vec::new(),
            }
        } else {
            self.step(
                "disturbed syncs",
                format!("a sync of {titles:?}, disturbed"),
            );
            self.disturbed()
        };
        let state = went.summary.as_ref().map(|summary| summary.state);
        self.steps.push(format!("  ended as {state:?}"));
        for event in &went.meanwhile {
            self.step("events meanwhile", format!("  meanwhile {event}"));
        }
        if is_quiet && state == Some(RunState::DoneWithFailures) {
            self.say_failures();
        }
        self.check(
            &titles,
            (state == Some(RunState::Done), !is_quiet),
            &went.meanwhile,
            &before,
        );
        went.summary.is_some_and(|summary| summary.written > 0)
    }

    pub(super) fn check(
        &mut self,
        titles: &[String],
        (is_whole, is_shaken): (bool, bool),
        meanwhile: &[Event],
        before: &LibraryState,
    ) {
        let sync = Synced {
            sections: titles,
            is_whole,
            is_shaken,
            meanwhile,
        };
        let wrong = self.chronicle.synced(sync, before, &self.world.state());
        self.assert_none("after the sync", wrong);
    }

    pub(super) fn assert_none(&self, when: &str, mut wrong: Vec<String>) {
        let count = wrong.len();
        wrong.truncate(SHOWN);
        assert!(
            wrong.is_empty(),
            "seed {}, {:?}, {when}: {count} wrong: {wrong:#?}",
            self.seed,
            self.habits.tag_edit
        );
    }

    /// All libraries, or some of them.
    fn choose_sections(&mut self, is_quiet: bool) -> Vec<String> {
        let mut titles = SECTIONS.map(str::to_owned).to_vec();
        let likely = if is_quiet { 0.15 } else { 0.25 };
        if self.dice.random_bool(likely) {
            titles.retain(|_| self.dice.random_bool(0.6));
        }
        if titles.is_empty() {
            titles.push("Series".to_owned());
        }
        self.set_sections(&titles);
        titles
    }

    pub(super) fn set_sections(&mut self, titles: &[String]) {
        let sections = titles
            .iter()
            .map(|title| SectionSettings::new(title.as_str()));
        self.world.settings.sections = sections.collect();
    }

    /// A life with one sync in it.
    pub(super) fn run(
        &self,
        crash: Option<Crash>,
        wishes: Option<mpsc::UnboundedReceiver<Command>>,
    ) -> Option<RunSummary> {
        let life = Life {
            crash,
            ..Life::default()
        };
        let ended = self.world.live(&life, async |handle| {
            let sync = steered(handle, wishes);
            let ended = tokio::time::timeout(PATIENCE, sync).await;
            ended.unwrap_or_else(|_| panic!("it hangs: {:#?}", handle.snapshot().0.run))
        });
        ended.flatten()
    }

    /// Takes the last sync back: everything is as it was before.
    fn undo(&mut self) {
        self.step("undos", "the last sync is taken back");
        let wanted = self.before.clone();
        let undone = self.world.live(&Life::default(), async |handle| {
            handle.run(Command::Undo { run: None }).await
        });
        match undone.expect("nothing kills this life") {
            Ok(summary) => assert_eq!(summary.state, RunState::Done, "{summary:#?}"),
            Err(error) => {
                // It wrote nothing.
                assert_eq!(error.code, "nothing_to_undo", "{error}");
            }
        }
        self.chronicle.undone();
        let plain = |mut state: LibraryState| {
            if self.habits.date_sets_year {
                without_episode_years(&mut state);
            }
            as_ordered_by(state, self.habits)
        };
        let wrong = differences(&plain(wanted), &plain(self.world.state()));
        self.assert_none("after it was taken back", wrong);
        self.chronicle.observe(&self.world.state());
    }

    pub(super) fn say_failures(&mut self) {
        let report = self
            .world
            .live(&Life::default(), async |handle| handle.report().await);
        let report = report.expect("nothing kills this life").expect("a report");
        for failed in report.failed {
            let line = format!(
                "  failed: {} {:?}: {}",
                failed.title, failed.fields, failed.message
            );
            self.steps.push(line);
        }
    }
}

/// Plex makes an episode's year of its date, and makes it anew of the one that is given back.
pub(super) fn without_episode_years(state: &mut LibraryState) {
    let series = state.sections.get_mut(SERIES_SECTION);
    for item in series
        .into_iter()
        .flat_map(|series| series.items.values_mut())
    {
        item.fields.remove("year");
    }
}
