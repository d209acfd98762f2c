//! What a person should know or do, in sentences.
//!
//! Not here: when they are shown (`core`, `finish`).

use super::session::{Session, lock};
use crate::face::{Problem, ProblemAction, Totals};
use crate::model::CastTrait;
use crate::store::UnreadRecord;

/// What the identifiers of Plex's own NFO agents begin with (`….movie`, `….series`).
const NFO_AGENT: &str = "tv.plex.agents.nfo";

/// What a run met.
pub(super) fn of_run(session: &Session, totals: Option<Totals>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = session
        .sections
        .all
        .iter()
        .filter(|section| section.agent.starts_with(NFO_AGENT))
        .map(|section| Problem {
            code: "nfo_agent".to_owned(),
            message: format!(
                "Plex fills “{}” from .nfo files itself, by its own NFO agent. Both write the same fields, and what Syncslate writes is locked, so that Plex does not follow your files there any more. Let only one of them do it: choose another agent for that library in Plex, or leave it out here.",
                section.title
            ),
            action: ProblemAction::None,
        })
        .collect();
    problems.extend(totals.and_then(of_no_match));
    for (of, code) in [
        (CastTrait::Role, "roles_ignored"),
        (CastTrait::Picture, "actor_pictures_ignored"),
    ] {
        if session.cast.found_ignored(of) {
            let sentence = session.cast.known(of).sentence(of).to_owned();
            problems.push(problem(code, sentence, ProblemAction::None));
        }
    }
    if session.dry_run {
        // Of others it is stored.
        problems.extend(of_unread(&lock(&session.unread)));
    }
    let sentences = session.notes.sentences();
    let Some(first) = sentences.first() else {
        return problems;
    };
    let message = match sentences.len() {
        1 => first.clone(),
        more => format!("{first} And {} more like it.", more - 1),
    };
    problems.push(Problem {
        code: "source_files".to_owned(),
        message,
        action: ProblemAction::None,
    });
    problems
}

/// A whole source of which Plex holds nothing is most likely a matter of path rules.
fn of_no_match(totals: Totals) -> Option<Problem> {
    if totals.source_items == 0 || totals.matched > 0 {
        return None;
    }
    let message = format!(
        "None of your {} source items is in Plex under its path, so nothing was changed. Plex may see the same folders under another path: tell how in the path rules, or choose another library.",
        totals.source_items
    );
    Some(problem(
        "nothing_matched",
        message,
        ProblemAction::OpenSettings,
    ))
}

pub(super) fn of_state(note: &str) -> Problem {
    problem("state", note.to_owned(), ProblemAction::None)
}

pub(super) fn of_cache(note: String) -> Problem {
    problem("cache", note, ProblemAction::None)
}

/// Source files that said nothing to the last sync.
pub(super) fn of_unread(unread: &UnreadRecord) -> Option<Problem> {
    let first = unread.files.first()?;
    let others = u32::try_from(unread.files.len() - 1)
        .unwrap_or(u32::MAX)
        .saturating_add(unread.more);
    let more = match others {
        0 => String::new(),
        1 => " Another source file could not be read either.".to_owned(),
        more => format!(" {more} other source files could not be read either."),
    };
    let message = format!(
        "{} {} What Plex holds of it stays as it is.{more}",
        first.path, first.reason
    );
    Some(problem("unread_files", message, ProblemAction::None))
}

/// Jobs that gave up.
pub(super) fn of_failed(failed: u64) -> Option<Problem> {
    let items = match failed {
        0 => return None,
        1 => "1 item".to_owned(),
        more => format!("{more} items"),
    };
    let message = format!(
        "{items} could not be written. Plex keeps what it had there. Retry puts them into the next sync."
    );
    Some(problem("jobs_failed", message, ProblemAction::RetryFailed))
}

/// The one question about what was locked before anything was known of it.
pub(super) fn of_locked(values: u64) -> Option<Problem> {
    let values = match values {
        0 => return None,
        1 => "1 value that is locked in Plex differs from your source".to_owned(),
        more => format!("{more} values that are locked in Plex differ from your source"),
    };
    let message = format!(
        "{values}. Syncslate does not know who locked them: you, in Plex, or an earlier Syncslate whose records are gone. They stay as they are until you decide."
    );
    Some(problem(
        "locked_before",
        message,
        ProblemAction::DecideLocked,
    ))
}

fn problem(code: &str, message: String, action: ProblemAction) -> Problem {
    Problem {
        code: code.to_owned(),
        message,
        action,
    }
}
