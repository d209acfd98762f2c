//! What a terminal shows: a bar while a run works, a summary at its end, one JSON object where it was asked for.
//!
//! Results go to the output stream, everything else to the error stream. Not here: what any of it means.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use syncslate_engine::face::{
    Connection, Event, Phase, PhaseProgress, Problem, ProblemAction, Report, RolesTaken, RunKind,
    RunState, RunSummary,
};
use syncslate_engine::model::{Field, FieldKind, Value};
use syncslate_engine::report::{Observer, PlannedItem};

use crate::decisions::{conflict_lines, reason};
use crate::work::exit_code;

/// Longest value that a plan shows, in characters.
const SHOWN: usize = 60;

/// Prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    /// Print one JSON object last, and no sentences.
    pub(crate) json: bool,
}

impl Printer {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// A sentence, where nobody wants only JSON.
    pub(crate) fn say(self, sentence: &str) {
        if !self.json {
            out(sentence);
        }
    }

    /// An error that ends the command, and its exit code.
    pub(crate) fn error(self, code: &str, message: &str) -> ExitCode {
        if self.json {
            out(&serde_json::json!({ "error": { "code": code, "message": message } }).to_string());
        }
        err(message);
        exit_code(code)
    }

    pub(crate) fn bar(self) -> Bar {
        let bar = if self.json || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        bar.enable_steady_tick(Duration::from_millis(100));
        Bar {
            bar,
            phase: Mutex::new(None),
        }
    }

    /// The figures of a run.
    pub(crate) fn summary(self, summary: &RunSummary, problems: &[Problem]) {
        if self.json {
            json(summary);
        } else {
            out(&summary_text(summary));
        }
        if let Some(message) = &summary.message {
            err(message);
        }
        if self.json {
            return;
        }
        for problem in problems {
            err(&problem.message);
            if let Some(hint) = hint(problem) {
                err(hint);
            }
        }
    }

    /// How things stand.
    pub(crate) fn status(self, report: &Report) {
        if self.json {
            json(&report.snapshot);
            return;
        }
        let snapshot = &report.snapshot;
        if let Connection::Away { message, .. } = &snapshot.connection {
            out(&format!("Plex is away: {message}"));
        }
        match snapshot.recent.first() {
            None => out("Nothing was synced yet."),
            Some(run) => out(&run_line(run)),
        }
        if let Some(view) = &snapshot.run
            && view.summary.state == RunState::Running
        {
            out(&format!("Run {} is under way.", view.summary.run));
        }
        out(&format!(
            "{} failed, {} waiting for a decision.",
            items(snapshot.failed),
            fields(snapshot.conflicts)
        ));
        if snapshot.roles != RolesTaken::Unknown {
            out(snapshot.roles.sentence());
        }
        let said = snapshot.roles.sentence();
        for problem in &snapshot.problems {
            if problem.message == said {
                continue;
            }
            out(&problem.message);
            if let Some(hint) = hint(problem) {
                out(hint);
            }
        }
    }

    /// The latest runs, the newest first.
    pub(crate) fn runs(self, report: &Report) {
        if self.json {
            json(&report.snapshot.recent);
            return;
        }
        if report.snapshot.recent.is_empty() {
            out("Nothing was synced yet.");
        }
        for run in &report.snapshot.recent {
            out(&run_line(run));
        }
    }

    /// Jobs that gave up, and open conflicts.
    pub(crate) fn failed(self, report: &Report) {
        if self.json {
            json(&serde_json::json!({ "failed": report.failed, "conflicts": report.conflicts }));
            return;
        }
        if report.failed.is_empty() && report.conflicts.is_empty() {
            out("Nothing failed, and nothing waits for a decision.");
        }
        for failed in &report.failed {
            let names: Vec<&str> = failed.fields.iter().map(|field| name(*field)).collect();
            out(&format!(
                "{} ({}), run {}: {}",
                failed.title,
                names.join(", "),
                failed.run,
                failed.message
            ));
        }
        conflict_lines(report);
    }
}

/// A bar that follows a run's events.
pub(crate) struct Bar {
    bar: ProgressBar,
    phase: Mutex<Option<Phase>>,
}

impl Bar {
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
        if self.bar.is_hidden() {
            err(sentence);
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

/// Prints an exact plan as it is made.
#[derive(Debug)]
pub(crate) struct PlanPrinter;

impl Observer for PlanPrinter {
    fn planned(&self, item: &PlannedItem<'_>) {
        let mut text = item.title.to_owned();
        // What is written only so that it stays is nothing to be told.
        for change in item.changes.iter().filter(|change| change.moves()) {
            let lock = if change.lock && !change.before_locked {
                ", locked"
            } else {
                ""
            };
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n  {}: {} → {}{lock}",
                name(change.field),
                value(change.field, &change.before),
                value(change.field, &change.after)
            );
        }
        for conflict in item.conflicts {
            let _ = write!(
                text,
                "\n  {}: changed on both sides, stays {}",
                name(conflict.field),
                value(conflict.field, &conflict.plex)
            );
        }
        for kept in item.kept {
            let _ = write!(
                text,
                "\n  {}: stays {} ({})",
                name(kept.field),
                value(kept.field, &kept.plex),
                reason(kept.reason)
            );
        }
        out(&text);
    }
}

fn summary_text(summary: &RunSummary) -> String {
    let mut text = String::new();
    let head = match (summary.kind, summary.state) {
        (RunKind::DryRun, RunState::Done) => "Preview. Nothing was written.".to_owned(),
        (RunKind::Sync, RunState::Done) => format!("Run {} is done.", summary.run),
        (RunKind::Undo, RunState::Done) => format!("Run {} took it back.", summary.run),
        (RunKind::Unlock, RunState::Done) => {
            format!("Run {} took Syncslate's locks away.", summary.run)
        }
        (_, RunState::DoneWithFailures) => format!("Run {} is done, with failures.", summary.run),
        (_, RunState::Cancelled) => format!("Run {} was cancelled.", summary.run),
        _ => format!("Run {} stopped.", summary.run),
    };
    let _ = writeln!(text, "{head}");
    let requests: u32 = summary.requests.values().sum();
    let rows = [
        ("read", summary.items_read),
        ("matched", summary.matched),
        ("not in Plex", summary.not_in_plex),
        ("ambiguous", summary.ambiguous),
        ("unreadable", summary.unreadable),
        ("to change", summary.changed),
        ("written", summary.written),
        ("fields", summary.fields_written),
        ("kept as in Plex", summary.kept),
        ("conflicts", summary.conflicts),
        ("failed", summary.failed),
        ("requests", requests),
    ];
    for (label, figure) in rows {
        let _ = writeln!(text, "{label:>16}  {figure}");
    }
    for cache in &summary.caches {
        let looks = cache.hits + cache.misses;
        let rate = if looks == 0 {
            "–".to_owned()
        } else {
            format!("{:.1} %", 100.0 * f64::from(cache.hits) / f64::from(looks))
        };
        let _ = writeln!(
            text,
            "{:>16}  {rate} of {looks} look-ups, {} entries",
            format!("{} cache", cache.cache),
            cache.entries
        );
    }
    let _ = write!(text, "{:>16}  {}", "time", duration(summary.duration_ms));
    text
}

fn run_line(run: &RunSummary) -> String {
    let what = match run.kind {
        RunKind::Sync => "sync",
        RunKind::DryRun => "preview",
        RunKind::Undo => "undo",
        RunKind::Unlock => "unlock",
    };
    let how = match run.state {
        RunState::Done => "done",
        RunState::DoneWithFailures => "done with failures",
        RunState::Cancelled => "cancelled",
        RunState::Stopped => "stopped",
        RunState::Interrupted => "interrupted",
        RunState::Running | RunState::Paused | RunState::Waiting => "not finished",
    };
    let failed = match run.failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    format!(
        "Run {}: {what} {how}, {} written, {}{failed}, {}",
        run.run,
        items(run.written),
        fields(run.fields_written),
        duration(run.duration_ms)
    )
}

fn items(count: u32) -> String {
    if count == 1 {
        "1 item".to_owned()
    } else {
        format!("{count} items")
    }
}

fn fields(count: u32) -> String {
    if count == 1 {
        "1 field".to_owned()
    } else {
        format!("{count} fields")
    }
}

fn duration(millis: f64) -> String {
    if millis < 1_000.0 {
        return format!("{millis:.0} ms");
    }
    let seconds = millis / 1_000.0;
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!(
        "{:.0} min {:.0} s",
        (seconds / 60.0).floor(),
        seconds % 60.0
    )
}

pub(crate) fn name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::SortTitle => "sort title",
        Field::OriginalTitle => "original title",
        Field::Summary => "summary",
        Field::Tagline => "tagline",
        Field::Studio => "studio",
        Field::Edition => "edition",
        Field::ContentRating => "content rating",
        Field::ReleaseDate => "release date",
        Field::Year => "year",
        Field::CriticRating => "critic rating",
        Field::AudienceRating => "audience rating",
        Field::UserRating => "your rating",
        Field::AddedAt => "date added",
        Field::Watched => "watched",
        Field::Genres => "genres",
        Field::Styles => "styles",
        Field::Moods => "moods",
        Field::Countries => "countries",
        Field::Directors => "directors",
        Field::Writers => "writers",
        Field::Producers => "producers",
        Field::Actors => "cast",
        Field::Collections => "collections",
        Field::Labels => "labels",
        Field::Poster => "poster",
        Field::Background => "background",
        Field::ClearLogo => "logo",
        Field::SquareArt => "square background",
    }
}

/// How the command line does what a button does in the window, where that does not go without saying.
fn hint(problem: &Problem) -> Option<&'static str> {
    let code = problem.code.as_str();
    match problem.action {
        ProblemAction::DecideLocked => Some(
            "  See them:           syncslate-cli conflicts --locked-before\n  Keep Plex's:        syncslate-cli conflicts --locked-before --all --keep-plex\n  Take your source's: syncslate-cli conflicts --locked-before --all --use-source, then sync",
        ),
        ProblemAction::OpenSettings if code == "nothing_matched" => {
            Some("  Rules that would match: syncslate-cli rules suggest")
        }
        ProblemAction::OpenSettings | ProblemAction::RetryFailed | ProblemAction::None => None,
    }
}

pub(crate) fn value(field: Field, value: &Value) -> String {
    if field.kind() == FieldKind::Image {
        return match value {
            Value::Empty => "nothing".to_owned(),
            _ => "a picture".to_owned(),
        };
    }
    shown(value)
}

/// One line, cut where it is long, without anything that a terminal would act on.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Empty => return "nothing".to_owned(),
        Value::Text(text) | Value::Image(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        Value::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Value::Moment(seconds) => moment(*seconds),
        Value::Yes => return "yes".to_owned(),
        Value::Tags(tags) => tags.join(", "),
        Value::Cast { .. } => cast(value),
    };
    let plain: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    let mut cut: String = plain.chars().take(SHOWN).collect();
    if cut.len() < plain.len() {
        cut.push('…');
    }
    format!("“{cut}”")
}

/// Actors, each with what they play where that is known.
fn cast(value: &Value) -> String {
    let actors = value.cast().into_iter().flatten();
    let shown: Vec<String> = actors
        .map(|(name, role)| match role {
            "" => name.clone(),
            role => format!("{name} as {role}"),
        })
        .collect();
    shown.join(", ")
}

/// A moment as a person reads it; UTC, as .nfo files mean it.
fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(
        |_| seconds.to_string(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

pub(crate) fn json<T: serde::Serialize>(value: &T) {
    match serde_json::to_string(value) {
        Ok(text) => out(&text),
        Err(error) => err(&format!("The figures cannot be printed: {error}.")),
    }
}

pub(crate) fn out(line: &str) {
    // A closed pipe is no reason to stop a sync.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

pub(crate) fn err(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
