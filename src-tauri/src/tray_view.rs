//! What the tray says: a pure view of the engine's state.
//!
//! Not here: the tray itself (`tray`).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use syncslate_engine::face::{Connection, Event, RunState, RunSummary, Snapshot};

/// The icon's shape; state is in the shape, never in colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayIcon {
    /// Nothing to do.
    Idle,
    /// A run is under way.
    Syncing,
    /// Something needs a person.
    Problem,
    /// Plex does not answer.
    Offline,
}

/// What the item under *Sync now* does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseItem {
    /// Pauses the run.
    Pause,
    /// Lets it go on.
    Resume,
    /// Nothing: no run is under way.
    Off,
}

/// All that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayView {
    /// The first line: how things are.
    pub line: String,
    /// The icon.
    pub icon: TrayIcon,
    /// Whether *Sync now* can be chosen.
    pub can_sync: bool,
    /// The pause item.
    pub pause: PauseItem,
}

/// As much of the engine's state as the tray needs.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayState {
    connection: Connection,
    run: Option<RunSummary>,
    failed: u32,
    conflicts: u32,
}

impl TrayState {
    /// Takes over a whole state.
    pub fn new(snapshot: &Snapshot) -> Self {
        Self {
            connection: snapshot.connection.clone(),
            run: snapshot
                .run
                .as_ref()
                .map(|run| run.summary.clone())
                .or_else(|| snapshot.recent.first().cloned()),
            failed: snapshot.failed,
            conflicts: snapshot.conflicts,
        }
    }

    /// Takes over what an event changes.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Snapshot { snapshot } => *self = Self::new(snapshot),
            Event::Connection { connection } => self.connection = connection.clone(),
            Event::Progress { summary, .. } => self.run = Some(summary.as_ref().clone()),
            Event::Changed { .. } | Event::Statistics { .. } => {}
        }
    }

    /// What to show at `now_ms` for a person who lives by `zone`.
    pub fn view(&self, now_ms: i64, zone: &TimeZone) -> TrayView {
        let state = self.run.as_ref().map(|run| run.state);
        let active = matches!(
            state,
            Some(RunState::Running | RunState::Paused | RunState::Waiting)
        );
        let ready = !matches!(
            self.connection,
            Connection::NotSetUp | Connection::SignInNeeded
        );
        TrayView {
            line: self.line(now_ms, zone),
            icon: self.icon(),
            can_sync: ready && !active,
            pause: match state {
                Some(RunState::Running | RunState::Waiting) => PauseItem::Pause,
                Some(RunState::Paused) => PauseItem::Resume,
                _ => PauseItem::Off,
            },
        }
    }

    fn icon(&self) -> TrayIcon {
        let state = self.run.as_ref().map(|run| run.state);
        if matches!(self.connection, Connection::Away { .. }) || state == Some(RunState::Waiting) {
            TrayIcon::Offline
        } else if matches!(self.connection, Connection::SignInNeeded)
            || self.failed > 0
            || self.conflicts > 0
            || state == Some(RunState::Stopped)
        {
            // A running sync does not hide what needs a person.
            TrayIcon::Problem
        } else if matches!(state, Some(RunState::Running | RunState::Paused)) {
            TrayIcon::Syncing
        } else {
            TrayIcon::Idle
        }
    }

    fn line(&self, now_ms: i64, zone: &TimeZone) -> String {
        match &self.connection {
            Connection::NotSetUp => return "Not set up yet".to_owned(),
            Connection::SignInNeeded => return "Plex needs a new token".to_owned(),
            Connection::Unknown | Connection::Connected { .. } | Connection::Away { .. } => {}
        }
        let Some(run) = &self.run else {
            return "No sync yet".to_owned();
        };
        let written = items_and_collections(run.written, run.collections_written);
        let when = moment(run, now_ms, zone);
        match run.state {
            RunState::Running if run.changed > 0 => {
                let all = items_and_collections(run.changed, run.collections_changed);
                format!("Syncing, {} of {all} written", run.written)
            }
            RunState::Running => "Syncing".to_owned(),
            RunState::Paused => format!("Paused, {written} written"),
            RunState::Waiting => "Plex is offline, nothing is lost".to_owned(),
            RunState::Done => format!("Last sync {when}, {written}"),
            RunState::DoneWithFailures => {
                format!("Last sync {when}, {written}, {} failed", run.failed)
            }
            RunState::Cancelled => format!("Last sync {when} was cancelled"),
            RunState::Stopped => format!("Last sync {when} stopped, nothing is lost"),
            RunState::Interrupted => {
                format!("Last sync {when} was interrupted, the next goes on with it")
            }
        }
    }
}

/// `all` items, of which some are collections.
fn items_and_collections(all: u32, collections: u32) -> String {
    let counted = |count, one| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    match (all.saturating_sub(collections), collections) {
        (items, 0) => counted(items, "item"),
        (0, _) => counted(collections, "collection"),
        (items, _) => {
            let items = counted(items, "item");
            format!("{items} and {}", counted(collections, "collection"))
        }
    }
}

fn moment(run: &RunSummary, now_ms: i64, zone: &TimeZone) -> String {
    let local = |ms: i64| {
        Timestamp::from_millisecond(ms)
            .ok()
            .map(|moment| moment.to_zoned(zone.clone()))
    };
    match (local(run.started_at), local(now_ms)) {
        (Some(began), Some(now)) if began.date() == now.date() => {
            format!("at {}", began.strftime("%H:%M"))
        }
        (Some(began), _) => format!("on {}", began.strftime("%-d %b")),
        (None, _) => "once".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use syncslate_engine::face::RunKind;

    use super::*;

    /// 2025-11-22 15:00:00 UTC
    const NOW: i64 = 1_763_823_600_000;
    const HOUR: i64 = 3_600_000;

    fn run(state: RunState, started_at: i64, written: u32) -> RunSummary {
        RunSummary {
            run: 1,
            kind: RunKind::Sync,
            state,
            started_at,
            duration_ms: 0.0,
            items_read: 0,
            matched: 0,
            not_in_plex: 0,
            ambiguous: 0,
            unreadable: 0,
            changed: 38,
            collections_changed: 0,
            written,
            collections_written: 0,
            fields_written: 0,
            kept: 0,
            conflicts: 0,
            failed: 2,
            requests: BTreeMap::new(),
            timings: Vec::new(),
            caches: Vec::new(),
            message: None,
            code: None,
            left: None,
        }
    }

    fn connected() -> Connection {
        Connection::Connected {
            name: "Home".to_owned(),
            version: "1".to_owned(),
            millis: 1.0,
        }
    }

    fn check(
        connection: Connection,
        state: Option<RunState>,
        expected: (&str, TrayIcon, bool, PauseItem),
    ) {
        let tray = TrayState {
            connection,
            run: state.map(|state| run(state, NOW - HOUR, 7)),
            failed: 0,
            conflicts: 0,
        };
        let (line, icon, can_sync, pause) = expected;
        let expected = TrayView {
            line: line.to_owned(),
            icon,
            can_sync,
            pause,
        };
        assert_eq!(tray.view(NOW, &TimeZone::UTC), expected, "{state:?}");
    }

    #[test]
    fn collections_are_counted_apart() {
        assert_eq!(items_and_collections(0, 0), "0 items");
        assert_eq!(items_and_collections(12, 1), "11 items and 1 collection");
        assert_eq!(items_and_collections(2, 2), "2 collections");
        let mut run = run(RunState::Done, NOW - HOUR, 7);
        run.collections_written = 6;
        let tray = TrayState {
            connection: connected(),
            run: Some(run),
            failed: 0,
            conflicts: 0,
        };
        let view = tray.view(NOW, &TimeZone::UTC);
        assert_eq!(view.line, "Last sync at 14:00, 1 item and 6 collections");
    }

    #[test]
    fn a_run_is_told_by_its_state() {
        use PauseItem::{Off, Pause, Resume};
        use TrayIcon::{Idle, Offline, Problem, Syncing};
        for (state, line, icon, can_sync, pause) in [
            (
                RunState::Done,
                "Last sync at 14:00, 7 items",
                Idle,
                true,
                Off,
            ),
            (
                RunState::DoneWithFailures,
                "Last sync at 14:00, 7 items, 2 failed",
                Idle,
                true,
                Off,
            ),
            (
                RunState::Running,
                "Syncing, 7 of 38 items written",
                Syncing,
                false,
                Pause,
            ),
            (
                RunState::Paused,
                "Paused, 7 items written",
                Syncing,
                false,
                Resume,
            ),
            (
                RunState::Waiting,
                "Plex is offline, nothing is lost",
                Offline,
                false,
                Pause,
            ),
            (
                RunState::Cancelled,
                "Last sync at 14:00 was cancelled",
                Idle,
                true,
                Off,
            ),
            (
                RunState::Stopped,
                "Last sync at 14:00 stopped, nothing is lost",
                Problem,
                true,
                Off,
            ),
        ] {
            check(connected(), Some(state), (line, icon, can_sync, pause));
        }
        let interrupted = "Last sync at 14:00 was interrupted, the next goes on with it";
        check(
            connected(),
            Some(RunState::Interrupted),
            (interrupted, Idle, true, Off),
        );
    }

    #[test]
    fn the_connection_comes_before_the_run() {
        use PauseItem::Off;
        use TrayIcon::{Idle, Offline, Problem};
        let away = Connection::Away {
            since: NOW,
            message: "x".to_owned(),
        };
        let done = Some(RunState::Done);
        check(connected(), None, ("No sync yet", Idle, true, Off));
        check(
            Connection::NotSetUp,
            None,
            ("Not set up yet", Idle, false, Off),
        );
        check(
            Connection::SignInNeeded,
            done,
            ("Plex needs a new token", Problem, false, Off),
        );
        check(
            away,
            done,
            ("Last sync at 14:00, 7 items", Offline, true, Off),
        );
    }

    #[test]
    fn another_day_is_named_by_its_date_and_one_item_is_one() {
        let tray = TrayState {
            connection: connected(),
            run: Some(run(RunState::Done, NOW - 96 * HOUR, 1)),
            failed: 0,
            conflicts: 3,
        };
        let view = tray.view(NOW, &TimeZone::UTC);
        assert_eq!(view.line, "Last sync on 18 Nov, 1 item");
        assert_eq!(view.icon, TrayIcon::Problem, "conflicts need a person");
    }
}
