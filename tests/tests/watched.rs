//! Whether films were watched: told by a request of its own, by the policy, and taken back.

use std::collections::BTreeMap;
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, Place, Plan};
use syncslate_emulator::{Fault, Habits, RouteKind};
use syncslate_engine::face::{Command, RunState, RunSummary};
use syncslate_engine::model::{Field, Policy};
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, Through, World, differences, sync};

fn films() -> Generated {
    generator::generate(&Plan {
        seed: 21,
        films: 12,
        posters: false,
        odd: false,
        ..Plan::default()
    })
}

/// Films of which the source says yes and Plex no (0), both yes (1), the source no and Plex yes (2), both no (3).
struct Films {
    world: World,
    by_case: [Vec<String>; 4],
}

impl Films {
    fn new(generated: &Generated, habits: Habits, policy: Policy) -> Self {
        let mut world = World::new(generated, habits);
        world.settings.policies = BTreeMap::from([(Field::Watched, policy)]);
        let mut by_case: [Vec<String>; 4] = Default::default();
        let told = generated.expected.items.iter();
        let films = told.filter(|(place, want)| {
            place.section == FILMS_SECTION && want.written.contains("summary")
        });
        for (at, (Place { name: path, .. }, _)) in films.enumerate() {
            let case = at % 4;
            by_case[case].push(path.clone());
            let films = Self {
                by_case: Default::default(),
                world,
            };
            films.say(path, case < 2);
            world = films.world;
            if matches!(case, 1 | 2) {
                let key = world.emulator.key_of(path).expect("the film");
                world.emulator.watch_as_person(key, true).expect("seen");
            }
        }
        assert!(by_case.iter().all(|films| films.len() >= 2));
        Self { world, by_case }
    }

    /// The source says so of a film.
    fn say(&self, path: &str, watched: bool) {
        let nfo = self.world.nfo_of(path);
        let bytes = std::fs::read(&nfo).expect("an .nfo");
        let text = without(&String::from_utf8_lossy(&bytes), "watched");
        let text = without(&text, "playcount");
        let said = format!("<watched>{watched}</watched></movie>");
        let text = text.replace("</movie>", &said);
        assert!(text.contains(&said), "{text}");
        std::fs::write(nfo, text).expect("room for a file");
    }

    fn views(&self, case: usize) -> Vec<u32> {
        let state = self.world.state();
        let films = self.by_case[case].iter();
        films
            .map(|path| state.item(path).expect("the film").view_count)
            .collect()
    }

    fn all_views(&self) -> [Vec<u32>; 4] {
        [0, 1, 2, 3].map(|case| self.views(case))
    }

    fn key(&self, case: usize, at: usize) -> u64 {
        let path = &self.by_case[case][at];
        self.world.emulator.key_of(path).expect("the film")
    }

    /// So many requests that mark since the last time.
    fn marks(&self) -> u64 {
        let marks = self.world.emulator.statistics().count(RouteKind::Watched);
        self.world.emulator.reset_statistics();
        marks
    }

    fn sync(&self) -> RunSummary {
        let summary = self.world.sync();
        assert_eq!(summary.state, RunState::Done, "{summary:#?}");
        summary
    }
}

/// A text without elements of this name.
fn without(text: &str, element: &str) -> String {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    let mut parts = text.split(&start);
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.split_once(&end).map_or("", |(_, after)| after));
    }
    rest
}

fn all(films: &[String], views: u32) -> Vec<u32> {
    vec![views; films.len()]
}

fn count(films: &[String]) -> u64 {
    films.len() as u64
}

#[test]
fn nothing_is_marked_unless_somebody_turns_it_on() {
    for habits in Habits::BOTH {
        let mut films = Films::new(&films(), habits, Policy::Off);
        films.world.settings.policies.clear();
        let before = films.all_views();
        let summary = films.sync();
        assert!(summary.written > 10, "{summary:#?}");
        assert_eq!((films.marks(), summary.requests.get("watched")), (0, None));
        assert_eq!(films.all_views(), before);
    }
}

#[test]
fn each_policy_marks_what_it_should_and_undo_takes_it_back() {
    for habits in Habits::BOTH {
        for policy in [Policy::KeepEdits, Policy::FillEmpty, Policy::SourceIsRight] {
            let films = Films::new(&films(), habits, policy);
            let first = films.world.state();
            let told = format!("{habits:?}, {policy:?}");
            let summary = films.sync();
            let [marked, both, plex_only, neither] = &films.by_case;
            let unmarks = policy == Policy::SourceIsRight;
            let wanted = [
                all(marked, 1),
                all(both, 1),
                all(plex_only, u32::from(!unmarks)),
                all(neither, 0),
            ];
            assert_eq!(films.all_views(), wanted, "{told}");
            let requests = count(marked) + if unmarks { count(plex_only) } else { 0 };
            assert_eq!(films.marks(), requests, "one for each that differs, {told}");
            assert_eq!(
                summary.requests["watched"],
                u32::try_from(requests).expect("few")
            );
            assert_eq!(films.sync().changed, 0, "{told}");
            assert_eq!(films.marks(), 0);

            let undone = films.world.undo();
            assert_eq!((undone.state, undone.conflicts), (RunState::Done, 0));
            let wrong = differences(&first, &films.world.state());
            assert!(wrong.is_empty(), "{told}: {wrong:#?}");
            for (case, views) in [0, 1, 1, 0].into_iter().enumerate() {
                assert_eq!(
                    films.views(case),
                    all(&films.by_case[case], views),
                    "{told}"
                );
            }
        }
    }
}

#[test]
fn an_undo_says_what_it_cannot_give_back() {
    let films = Films::new(&films(), Habits::default(), Policy::SourceIsRight);
    films.sync();
    let problems = films
        .world
        .live(&Life::default(), async |handle| {
            let undo = Command::Undo { run: None };
            handle.run(undo).await.expect("the undo begins");
            handle.snapshot().0.problems
        })
        .expect("nothing kills this life");
    let said = problems
        .iter()
        .any(|problem| problem.message.contains("watched once"));
    assert!(said, "{problems:#?}");
}

#[test]
fn what_a_person_marks_otherwise_afterwards_stays() {
    for habits in Habits::BOTH {
        let films = Films::new(&films(), habits, Policy::KeepEdits);
        films.sync();
        let (unmarked, seen) = (films.key(0, 0), films.key(3, 0));
        let plex = &films.world.emulator;
        plex.watch_as_person(unmarked, false).expect("unmarked");
        plex.watch_as_person(seen, true).expect("seen");
        films.marks();
        // A file that speaks of something else has its item compared again.
        for case in [0, 3] {
            let nfo = films.world.nfo_of(&films.by_case[case][0]);
            let text = std::fs::read(&nfo).expect("an .nfo");
            let text = String::from_utf8_lossy(&text)
                .replace("</movie>", "<tagline>New.</tagline></movie>");
            std::fs::write(nfo, text).expect("room for a file");
        }
        films.sync();
        assert_eq!(films.marks(), 0);
        assert_eq!((films.views(0)[0], films.views(3)[0]), (0, 1));
        // No and yes again: now it is the source that changed.
        films.say(&films.by_case[0][0], false);
        films.sync();
        films.say(&films.by_case[0][0], true);
        films.sync();
        assert_eq!((films.marks(), films.views(0)[0]), (1, 1));
        // What the source says no to by now was seen all the same.
        films.say(&films.by_case[0][0], false);
        films.sync();
        assert_eq!((films.marks(), films.views(0)[0]), (0, 1));
        // An undo of the first run leaves alone what a person did since.
        films.world.undo_run(1);
        assert_eq!(films.views(3)[0], 1);
    }
}

#[test]
fn a_play_is_answered_by_the_weekly_listing_where_the_source_is_right() {
    for (policy, views) in [(Policy::SourceIsRight, 0), (Policy::KeepEdits, 1)] {
        let films = Films::new(&films(), Habits::default(), policy);
        films.sync();
        films.world.clock.pass(Duration::from_hours(24));
        let plex = &films.world.emulator;
        plex.watch_as_person(films.key(3, 0), true).expect("seen");
        films.marks();
        films.world.clock.pass(Duration::from_hours(8 * 24));
        films.sync();
        let marks = u64::from(policy == Policy::SourceIsRight);
        assert_eq!((films.marks(), films.views(3)[0]), (marks, views));
        // Neither that nor our own marks are news once they were read.
        films.world.clock.pass(Duration::from_hours(8 * 24));
        let details = films.sync().requests.get("details").copied();
        assert_eq!(details, None, "nothing is read of items that stayed");
    }
}

#[test]
fn a_mark_that_fails_leaves_the_rest_of_its_item_alone() {
    for habits in Habits::BOTH {
        let films = Films::new(&films(), habits, Policy::KeepEdits);
        let faults = films.world.emulator.faults();
        for (nth, status) in [(1, 503), (2, 400), (3, 400)] {
            faults.once(RouteKind::Watched, nth, Fault::Status(status));
        }
        let summary = films.world.sync();
        assert_eq!(summary.state, RunState::DoneWithFailures, "{summary:#?}");
        let report = films
            .world
            .live(&Life::default(), async |handle| handle.report().await)
            .expect("nothing kills this life")
            .expect("the state can be read");
        assert_eq!(report.failed.len(), 2, "what was busy went later");
        for failed in &report.failed {
            assert_eq!(failed.fields, [Field::Watched], "{failed:?}");
        }
        films.world.emulator.faults().clear();
        films
            .world
            .live(&Life::default(), async |handle| {
                handle.command(Command::RetryFailed).await.expect("again");
            })
            .expect("nothing kills this life");
        films.sync();
        assert_eq!(films.views(0), all(&films.by_case[0], 1));
    }
}

#[test]
fn a_lost_answer_does_not_count_a_play_twice() {
    for habits in Habits::BOTH {
        let films = Films::new(&films(), habits, Policy::KeepEdits);
        for nth in [1, 2, 4] {
            let faults = films.world.emulator.faults();
            faults.once(RouteKind::Watched, nth, Fault::DropAfter);
        }
        films.sync();
        assert_eq!(films.views(0), all(&films.by_case[0], 1));
    }
}

#[test]
fn a_mark_that_arrived_is_not_sent_again_with_the_rest_of_its_item() {
    for habits in Habits::BOTH {
        let films = Films::new(&films(), habits, Policy::KeepEdits);
        let first = films.all_views();
        let plex = films.world.emulator.clone();
        plex.faults().once(RouteKind::Watched, 1, Fault::DropAfter);
        let mut edited = None;
        films.world.transport.through(move |line| {
            if let (Some((_, key)), None) = (line.split_once("&key="), edited) {
                let key = key.parse().expect("a key");
                edited = Some(key);
                plex.edit_as_person(key, "summary", "Mine.", true)
                    .expect("the value can be entered");
            }
            Through::AsItIs
        });
        films.sync();
        let marks = films.marks();
        assert_eq!(films.views(0), all(&films.by_case[0], 1), "{habits:?}");
        assert_eq!(marks, count(&films.by_case[0]));
        let undone = films.world.undo();
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        assert_eq!(films.all_views(), first, "{habits:?}");
    }
}

#[test]
fn what_plex_does_not_take_is_refused_once() {
    let films = Films::new(&films(), Habits::default(), Policy::KeepEdits);
    // Answered, and nothing came of it.
    films.world.transport.through(|line| {
        if line.contains("/:/") {
            Through::Instead("/identity".to_owned())
        } else {
            Through::AsItIs
        }
    });
    let from = films.world.transport.log().len();
    films.sync();
    let sent = films.world.transport.writes_since(from);
    let marks = sent.iter().filter(|line| line.contains("/:/")).count();
    assert_eq!(marks, 2 * films.by_case[0].len(), "tried twice");
    let from = films.world.transport.log().len();
    films.say(&films.by_case[0][0], true);
    films.sync();
    assert_eq!(
        films.world.transport.writes_since(from),
        Vec::<String>::new()
    );
}

#[test]
fn a_crash_between_a_mark_and_its_commit_counts_one_play_and_is_taken_back() {
    let generated = films();
    for habits in Habits::BOTH {
        let counted = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
        let undisturbed = Films::new(&generated, habits, Policy::SourceIsRight);
        let life = Life {
            count: Some(counted.clone()),
            ..Life::default()
        };
        let synced = undisturbed
            .world
            .live(&life, async |handle| sync(handle).await);
        assert!(synced.is_some());
        let wanted = undisturbed.all_views();
        let commits = counted.load(std::sync::atomic::Ordering::SeqCst);
        let mut midst = 0;
        for commit in 1..=commits {
            for fate in [CommitFate::CrashBefore, CommitFate::CrashAfter] {
                let films = Films::new(&generated, habits, Policy::SourceIsRight);
                let first = films.all_views();
                let life = Life {
                    crash: Some(Crash { commit, fate }),
                    ..Life::default()
                };
                let ended = films.world.live(&life, async |handle| sync(handle).await);
                assert!(ended.is_none(), "commit {commit} was not reached");
                let told = format!("{habits:?}, {fate:?} at commit {commit} of {commits}");
                midst += usize::from(films.marks() > 0);
                if commit % 2 == 0 {
                    films.sync();
                    assert_eq!(films.all_views(), wanted, "{told}");
                }
                films
                    .world
                    .live(&Life::default(), async |handle| {
                        if let Ok(undone) = handle.run(Command::Undo { run: None }).await {
                            assert_eq!((undone.state, undone.conflicts), (RunState::Done, 0));
                        }
                    })
                    .expect("nothing kills this life");
                assert_eq!(films.all_views(), first, "{told}");
            }
        }
        assert!(midst > 1, "no sync died between a mark and its commit");
    }
}
