//! How a history ends: nothing is left to do, and all of it can be left behind or taken back.

use syncslate_emulator::LibraryState;
use syncslate_emulator::generator::Place;
use syncslate_engine::face::{Command, RunState};
use syncslate_tests::{Life, as_ordered_by, differences};

use super::disturbed::steered;
use super::story::{SECTIONS, Story, without_episode_years};

impl Story {
    /// Quiet syncs until nothing is left to do: the first ones must lead to what the chronicle says, the last one writes
    /// nothing.
    pub(super) fn rest(&mut self) {
        let titles = SECTIONS.map(str::to_owned);
        self.set_sections(&titles);
        for round in 0..3 {
            self.step("quiet syncs", "a quiet sync at the end");
            let before = self.world.state();
            let from = self.world.transport.log().len();
            let summary = self
                .world
                .live(&Life::default(), async |handle| {
                    let retry = handle.command(Command::RetryFailed).await;
                    retry.expect("failed jobs can be put back");
                    steered(handle, None).await.expect("Plex is there")
                })
                .expect("nothing kills this life");
            if summary.state != RunState::Done {
                self.say_failures();
            }
            assert_eq!(summary.state, RunState::Done, "{summary:#?}");
            // A picture of a job that waited since long may be left to the second.
            self.check(&titles, (true, round == 0), &[], &before);
            if round > 1 {
                let writes = self.world.transport.writes_since(from);
                self.assert_none("although nothing was to do", writes);
            }
        }
        let report = self
            .world
            .live(&Life::default(), async |handle| handle.report().await);
        let report = report.expect("nothing kills this life").expect("a report");
        assert_eq!(report.failed, [], "seed {}", self.seed);
    }

    /// All locks that syncs set go, and no other; no value does.
    pub(super) fn leave(&mut self) {
        self.step("leaves", "all locks of syncs are taken away");
        let before = self.world.state();
        let summary = self.world.unlock(false);
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        let after = self.world.state();
        let mut wrong = Vec::new();
        for (place, locks) in self.chronicle.locks_without_syncs() {
            let item = &after.sections[&place.section].items[&place.name];
            for (name, is_locked) in locks {
                if item.locks.contains(name) != is_locked {
                    wrong.push(format!("{place}: {name}: must be locked: {is_locked}"));
                }
            }
        }
        self.assert_none("without locks", wrong);
        let plain = |mut state: LibraryState| {
            for section in state.sections.values_mut() {
                section
                    .items
                    .values_mut()
                    .for_each(|item| item.locks.clear());
                section.collections.clear();
            }
            state
        };
        self.assert_none("without locks", differences(&plain(before), &plain(after)));
    }

    /// Everything is taken back, run by run: what nobody else touched is as it was at first.
    pub(super) fn take_all_back(&mut self) {
        self.step("taken back", "everything is taken back");
        for round in 0.. {
            assert!(round < 30, "there is no end to what can be taken back");
            let undone = self.world.live(&Life::default(), async |handle| {
                handle.run(Command::Undo { run: None }).await
            });
            match undone.expect("nothing kills this life") {
                Ok(summary) => assert_eq!(summary.state, RunState::Done, "{summary:#?}"),
                Err(error) => {
                    assert_eq!(error.code, "nothing_to_undo", "{error}");
                    break;
                }
            }
        }
        let untouched = self.chronicle.untouched();
        let plain = |mut state: LibraryState| {
            for (title, section) in &mut state.sections {
                section.items.retain(|name, _| {
                    untouched.contains(&Place::new(title.as_str(), name.as_str()))
                });
                section.collections.clear();
            }
            if self.habits.date_sets_year {
                without_episode_years(&mut state);
            }
            as_ordered_by(state, self.habits)
        };
        let wrong = differences(&plain(self.first.clone()), &plain(self.world.state()));
        self.assert_none("after everything was taken back", wrong);
    }
}
