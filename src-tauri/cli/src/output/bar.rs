//! A bar while a run works.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use syncslate_engine::face::{Connection, Event, Phase, PhaseProgress, RunState, RunSummary};

use super::{err, safe};

/// A bar that follows a run's events.
pub(crate) struct Bar {
    bar: ProgressBar,
    phase: Mutex<Option<Phase>>,
}

impl Bar {
    pub(crate) fn new(hidden: bool) -> Self {
        let bar = if hidden || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        bar.enable_steady_tick(Duration::from_millis(100));
        Self {
            bar,
            phase: Mutex::new(None),
        }
    }

    /// Clears the line of the bar for whoever prints meanwhile.
    pub(super) fn line(&self) -> ProgressBar {
        self.bar.clone()
    }

    pub(crate) fn follow(&self, event: &Event) {
        match event {
            Event::Progress { summary, phases } => self.show(summary, phases),
            Event::Snapshot { snapshot } => {
                if let Some(run) = &snapshot.run {
                    self.show(&run.summary, &run.phases);
                }
            }
            Event::Connection {
                connection: Connection::Away { message, .. },
            } => self.say(&format!(
                "Waiting for Plex. {message} Nothing is lost: the sync goes on once Plex answers. Ctrl-C ends it; the next sync goes on where it was."
            )),
            Event::Connection { .. } | Event::Changed { .. } | Event::Statistics { .. } => {}
        }
    }

    pub(crate) fn say(&self, sentence: &str) {
        let sentence = safe::lines(sentence);
        if self.bar.is_hidden() {
            err(&sentence);
        } else {
            self.bar.println(sentence);
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self, summary: &RunSummary, phases: &[PhaseProgress]) {
        let Some(last) = phases.last() else { return };
        let mut phase = self
            .phase
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if *phase != Some(last.phase) {
            *phase = Some(last.phase);
            let template = if last.total.is_some() {
                "{prefix:>10} {bar:32} {pos}/{len} {msg}"
            } else {
                "{prefix:>10} {spinner} {pos} {msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style.progress_chars("━╸ "));
            }
            self.bar.set_prefix(match last.phase {
                Phase::Read => "Reading",
                Phase::Match => "Matching",
                Phase::Compare => "Comparing",
                Phase::Write => "Writing",
            });
        }
        if let Some(total) = last.total {
            self.bar.set_length(u64::from(total));
        }
        self.bar.set_position(u64::from(last.done));
        self.bar.set_message(match summary.state {
            RunState::Waiting => "waiting for Plex".to_owned(),
            RunState::Paused => "paused".to_owned(),
            _ if summary.failed > 0 => format!("{} failed", summary.failed),
            _ => String::new(),
        });
    }
}
