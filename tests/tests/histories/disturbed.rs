//! What goes wrong with a sync, and who works in Plex meanwhile, by dice.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::RngExt as _;
use syncslate_emulator::generator::Event;
use syncslate_emulator::{Fault, Schedule};
use syncslate_engine::Handle;
use syncslate_engine::face::{Command, CommandError, RunSummary};
use syncslate_engine::store::CommitFate;
use syncslate_tests::Crash;
use tokio::sync::mpsc;

use super::story::{Story, Went};

impl Story {
    /// A sync in which things go wrong.
    pub(super) fn disturbed(&mut self) -> Went {
        let mut crash = None;
        let mut wish = None;
        let mut source_is_away = false;
        for _ in 0..self.dice.random_range(1..=2) {
            match self.dice.random_range(0..10) {
                0..3 => self.faults(),
                3 => {
                    let away = Duration::from_secs(self.dice.random_range(1..900));
                    let at = self.dice.random_range(3..80);
                    self.steps
                        .push(format!("  Plex is away for {away:?} from request {at} on"));
                    self.world
                        .transport
                        .at(at, move |emulator| emulator.faults().away_for(away));
                }
                4..6 => {
                    let commit = self.dice.random_range(1..30);
                    let fate = if self.dice.random_bool(0.5) {
                        CommitFate::CrashBefore
                    } else {
                        CommitFate::CrashAfter
                    };
                    self.steps
                        .push(format!("  a crash at commit {commit}, {fate:?}"));
                    crash = Some(Crash { commit, fate });
                }
                6..8 => {
                    let command = if self.dice.random_bool(0.7) {
                        Command::Cancel
                    } else {
                        Command::Pause
                    };
                    let at = self.dice.random_range(5..90);
                    self.steps.push(format!("  {command:?} at request {at}"));
                    wish = Some((at, command));
                }
                8 => {
                    let section = self.dice.random_range(1..=5);
                    self.steps
                        .push(format!("  section {section} is being scanned"));
                    self.world.emulator.faults().set_refreshing(section, true);
                }
                _ => source_is_away = true,
            }
        }
        let meanwhile = self.order_events();
        let wishes = wish.map(|(at, command)| {
            let (sender, wishes) = mpsc::unbounded_channel();
            self.world.transport.at(at, move |_| {
                // Nobody listens any more once the run has ended.
                let _ = sender.send(command);
            });
            wishes
        });
        let (films, elsewhere) = (
            self.world.films(),
            self.world.films().with_extension("away"),
        );
        if source_is_away {
            self.steps.push("  the whole source is away".to_owned());
            std::fs::rename(&films, &elsewhere).expect("the source can go");
        }
        let summary = self.run(crash, wishes);
        if source_is_away {
            assert!(summary.is_none(), "a sync without a source: {summary:?}");
            std::fs::rename(&elsewhere, &films).expect("the source can come back");
        }
        self.world.emulator.faults().clear();
        self.world.transport.calm();
        let meanwhile = meanwhile.lock().expect("nobody panicked").clone();
        Went { summary, meanwhile }
    }

    fn faults(&mut self) {
        let all = [
            Fault::Refuse,
            Fault::DropBefore,
            Fault::DropAfter,
            Fault::Status(500),
            Fault::Status(503),
            Fault::Status(408),
            Fault::TooMany(7),
            Fault::Slow(Duration::from_secs(4)),
            Fault::Truncate,
        ];
        let mut faults: Vec<Fault> = all
            .into_iter()
            .filter(|_| self.dice.random_bool(0.6))
            .collect();
        faults.push(Fault::DropAfter);
        let schedule = Schedule {
            seed: self.seed,
            per_mille: self.dice.random_range(30..300),
            faults,
            at_most: self.dice.random_range(5..60),
        };
        self.steps.push(format!(
            "  {} of 1000 requests meet {:?}, {} at most",
            schedule.per_mille, schedule.faults, schedule.at_most
        ));
        self.world.emulator.faults().schedule(schedule);
    }

    /// Lets things happen in Plex at some requests. Those that did happen are in the list.
    fn order_events(&mut self) -> Arc<Mutex<Vec<Event>>> {
        let happened = Arc::new(Mutex::new(Vec::new()));
        if self.dice.random_bool(0.5) {
            return happened;
        }
        for _ in 0..self.dice.random_range(1..=3) {
            let event = self.chronicle.draw_meanwhile(&mut self.dice);
            let at = self.dice.random_range(3..90);
            let happened = Arc::clone(&happened);
            self.world.transport.at(at, move |emulator| {
                event.play(emulator).expect("Plex takes it");
                happened.lock().expect("nobody panicked").push(event);
            });
        }
        happened
    }
}

/// A sync to its end, with a person who steers. `None` where it could not begin.
pub(super) async fn steered(
    handle: &Handle,
    wishes: Option<mpsc::UnboundedReceiver<Command>>,
) -> Option<RunSummary> {
    let run = handle.run(Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    });
    tokio::pin!(run);
    let Some(mut wishes) = wishes else {
        return begun(run.await);
    };
    begun(loop {
        tokio::select! {
            biased;
            result = &mut run => break result,
            Some(wish) = wishes.recv() => {
                let is_pause = wish == Command::Pause;
                handle.command(wish).await.expect("the engine lives");
                if is_pause {
                    tokio::time::sleep(Duration::from_mins(3)).await;
                    handle.command(Command::Resume).await.expect("the engine lives");
                }
            }
        }
    })
}

fn begun(result: Result<RunSummary, CommandError>) -> Option<RunSummary> {
    match result {
        Ok(summary) => Some(summary),
        Err(error) => {
            assert!(
                matches!(error.code.as_str(), "unreachable" | "source"),
                "{error}"
            );
            None
        }
    }
}
