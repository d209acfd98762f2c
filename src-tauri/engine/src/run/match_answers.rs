//! What became of each source item: its match and the evidence, or the reason why there is none and what resembles it;
//! and a person's yes or no to that.
//!
//! Not here: how all of them are looked at (`whole`), what a choice then does (`match_choices`).

use super::survey::{Broken, Survey};
use super::whole::{Held, Whole, resembling_items};
use crate::face::{
    Answer, MatchFilter, MatchList, MatchRow, MatchState, MatchSuggestion, MatchedItem,
};
use crate::matching::{MatchOutcome, Resemblance};
use crate::model::{ChosenItem, ItemKey, PlexItem};
use crate::store::MatchChoiceRecord;

/// Lists source items.
pub(super) fn list(
    survey: &Survey,
    which: MatchFilter,
    limit: Option<u32>,
) -> Result<Answer, Broken> {
    let whole = Whole::of(survey)?;
    let mut list = MatchList::default();
    for held in &whole.held {
        let row = row(survey, &whole, held)?;
        list.items += 1;
        *match row.state {
            MatchState::Matched => &mut list.matched,
            MatchState::AlsoHere => &mut list.also_here,
            MatchState::NotInPlex => &mut list.not_in_plex,
            MatchState::NoRule => &mut list.no_rule,
            MatchState::Ambiguous => &mut list.ambiguous,
            MatchState::Rejected => &mut list.rejected,
        } += 1;
        list.suggested += u32::from(!row.suggestions.is_empty());
        let wanted = match which {
            MatchFilter::All => true,
            MatchFilter::Missing => {
                !matches!(row.state, MatchState::Matched | MatchState::AlsoHere)
            }
            MatchFilter::Suggested => !row.suggestions.is_empty(),
        };
        if wanted {
            if limit.is_some_and(|limit| list.rows.len() >= limit as usize) {
                list.more = true;
            } else {
                list.rows.push(row);
            }
        }
    }
    survey.trusted()?;
    Ok(Answer::Matches { list })
}

/// The choice after a person's yes.
pub(super) fn accept(
    survey: &Survey,
    source_id: &str,
    rating_key: Option<u64>,
    now_ms: i64,
) -> Result<MatchChoiceRecord, Broken> {
    let whole = Whole::of(survey)?;
    let held = whole.find(source_id)?;
    let items = if let Some(rating_key) = rating_key {
        survey.named(rating_key)?
    } else {
        let resembling = resembling_items(survey, &whole, held)?;
        resembling.into_iter().map(|found| found.item).collect()
    };
    if items.is_empty() {
        return Err(Broken::Unanswerable(format!(
            "Nothing is suggested for {source_id}. Nothing was changed. Name the Plex item by its rating key."
        )));
    }
    let mut choice = survey.choice(source_id, now_ms);
    for item in &items {
        let is_other = |chosen: &ChosenItem| chosen.key != item.key;
        choice.rejected.retain(is_other);
        // One item per section: another one of the same section would be a change of mind.
        let section = item.key.section;
        choice.accepted.retain(|chosen| {
            chosen.key.section != section || items.iter().any(|one| one.key == chosen.key)
        });
        choice.accepted.retain(is_other);
        choice.accepted.push(ChosenItem::of(item));
    }
    choice.accepted.sort_by_key(|chosen| chosen.key);
    Ok(choice)
}

/// The choice after a person's no.
pub(super) fn reject(
    survey: &Survey,
    source_id: &str,
    rating_key: Option<u64>,
    now_ms: i64,
) -> Result<MatchChoiceRecord, Broken> {
    let whole = Whole::of(survey)?;
    let held = whole.find(source_id)?;
    let items = if let Some(rating_key) = rating_key {
        survey.named(rating_key)?
    } else {
        let keys: Vec<ItemKey> = held.ranked.iter().map(|(key, _)| *key).collect();
        let matched = survey.scanner.library.get(&keys)?.into_iter().flatten();
        let resembling = resembling_items(survey, &whole, held)?;
        let resembling = resembling.into_iter().map(|found| found.item);
        matched.chain(resembling).collect()
    };
    if items.is_empty() {
        return Err(Broken::Unanswerable(format!(
            "{source_id} matches nothing, and nothing is suggested for it. Nothing was changed."
        )));
    }
    let mut choice = survey.choice(source_id, now_ms);
    for item in &items {
        let is_other = |chosen: &ChosenItem| chosen.key != item.key;
        choice.accepted.retain(is_other);
        choice.rejected.retain(is_other);
        choice.rejected.push(ChosenItem::of(item));
    }
    choice.rejected.sort_by_key(|chosen| chosen.key);
    Ok(choice)
}

impl Survey {
    /// The items of this key in the sections that are synced.
    fn named(&self, rating_key: u64) -> Result<Vec<PlexItem>, Broken> {
        let keys: Vec<ItemKey> = self
            .scanner
            .sections
            .iter()
            .map(|section| ItemKey {
                server: self.scanner.server,
                section: *section,
                rating_key: crate::model::RatingKey(rating_key),
            })
            .collect();
        let items: Vec<PlexItem> = self
            .scanner
            .library
            .get(&keys)?
            .into_iter()
            .flatten()
            .collect();
        if items.is_empty() {
            let titles: Vec<String> = self
                .sections
                .iter()
                .map(|section| format!("“{}”", section.title))
                .collect();
            return Err(Broken::Unanswerable(format!(
                "There is no item {rating_key} in {}. Nothing was changed.",
                titles.join(", ")
            )));
        }
        Ok(items)
    }

    /// What was said of a source item so far, as it stands now.
    fn choice(&self, source_id: &str, now_ms: i64) -> MatchChoiceRecord {
        let mut choice = self.scanner.said_so_far(source_id);
        source_id.clone_into(&mut choice.source_id);
        choice.at_ms = now_ms;
        choice
    }
}

fn row(survey: &Survey, whole: &Whole, held: &Held) -> Result<MatchRow, Broken> {
    let mut row = MatchRow {
        source_id: held.id.clone(),
        state: MatchState::NotInPlex,
        why: String::new(),
        paths: Vec::new(),
        items: Vec::new(),
        suggestions: Vec::new(),
    };
    match &held.decided.outcome {
        MatchOutcome::Matched(_) => {
            row.items = matched(survey, whole, held)?;
            let writes = row.items.iter().any(|item| item.writer.is_none());
            (row.state, row.why) = if writes {
                (MatchState::Matched, "Plex holds its file.".to_owned())
            } else {
                let why = "Another source item writes the same Plex item.";
                (MatchState::AlsoHere, why.to_owned())
            };
            if row.items.iter().any(|item| item.chosen) {
                "A person chose it.".clone_into(&mut row.why);
            }
            return Ok(row);
        }
        MatchOutcome::Ambiguous { why } => {
            row.state = MatchState::Ambiguous;
            row.why.clone_from(why);
            return Ok(row);
        }
        MatchOutcome::NotInPlex { paths } => {
            row.paths.clone_from(paths);
            (row.state, row.why) = if !held.decided.rejected.is_empty() {
                let why = "A person ruled out the Plex item that holds its file.";
                (MatchState::Rejected, why.to_owned())
            } else if held.files.is_empty() {
                let why = "There is no media file beside it.";
                (MatchState::NotInPlex, why.to_owned())
            } else {
                let why = "No library chosen here holds a file of this path.";
                (MatchState::NotInPlex, why.to_owned())
            };
        }
        MatchOutcome::NoRule { source_path } => {
            row.state = MatchState::NoRule;
            row.why = format!("No path rule covers “{source_path}”.");
        }
    }
    for found in resembling_items(survey, whole, held)? {
        let why = match found.by {
            Resemblance::FolderAndName => {
                "The same file name in a folder of the same name, and no other is like it."
            }
            Resemblance::NameAlone => {
                "The same file name, and no other file on either side has it."
            }
        };
        row.suggestions.push(MatchSuggestion {
            item: survey.shown(&found.item),
            why: why.to_owned(),
            source_path: found.source_path,
            plex_path: found.plex_path,
        });
    }
    Ok(row)
}

fn matched(survey: &Survey, whole: &Whole, held: &Held) -> Result<Vec<MatchedItem>, Broken> {
    let MatchOutcome::Matched(matches) = &held.decided.outcome else {
        return Ok(Vec::new());
    };
    let keys: Vec<ItemKey> = matches.iter().map(|found| found.key).collect();
    let items = survey.scanner.library.get(&keys)?;
    let mut shown = Vec::new();
    for ((found, item), (_, rank)) in matches.iter().zip(items).zip(&held.ranked) {
        let Some(item) = item else { continue };
        let writer = whole.writers.writer(found.key);
        let other = writer.filter(|writer| writer != rank);
        shown.push(MatchedItem {
            item: survey.shown(&item),
            chosen: held.decided.chosen.contains(&found.key),
            rule: found
                .evidence
                .rule
                .and_then(|rule| u32::try_from(rule).ok()),
            source_path: found.evidence.source_path.clone(),
            plex_path: found.evidence.plex_path.clone(),
            writer: other.and_then(|writer| whole.ids.get(&writer).cloned()),
        });
    }
    Ok(shown)
}
