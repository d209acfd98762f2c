//! What a terminal shows of paths and matches.
//!
//! Not here: anything about runs (`output`).

use syncslate_engine::face::{
    Answer, MatchList, MatchRow, MatchState, PathRule, PathRuleKind, PathTrial, PlexItemRef,
    RuleSuggestion, RuleTest,
};

use crate::output::safe::plain;
use crate::output::{Printer, json, out};

impl Printer {
    /// The answer to a question.
    pub(crate) fn answer(self, answer: &Answer) {
        if self.json {
            json(answer);
            return;
        }
        match answer {
            Answer::RulesTested { test } => tested(test),
            Answer::RulesSuggested {
                rules,
                files,
                as_they_are,
            } => suggested(rules, *files, *as_they_are),
            Answer::Matches { list } => matches(list),
            Answer::Chosen {
                source_id,
                accepted,
                rejected,
            } => chosen(source_id, accepted, rejected),
        }
    }
}

fn tested(test: &RuleTest) {
    for path in &test.paths {
        trial(path);
    }
    if !test.plex_paths.is_empty() {
        out("In Plex, and no source file leads there, for example:");
        for path in &test.plex_paths {
            out(&format!(
                "  {} ({})",
                plain(&path.plex_path),
                item(&path.item)
            ));
        }
    }
    for (number, reach) in test.rules.iter().enumerate() {
        out(&format!(
            "Rule {}, {}: covers {}, of which Plex holds {}.",
            number + 1,
            rule(&reach.rule),
            items(reach.covered),
            reach.matched
        ));
    }
    out(&format!(
        "{} of {} would match. {} not in Plex, {} under no rule, {} unclear. {} of {} in Plex have no source.",
        test.matched,
        items(test.items),
        test.not_in_plex,
        test.no_rule,
        test.ambiguous,
        test.plex_without_source,
        items(test.plex_items)
    ));
}

fn trial(trial: &PathTrial) {
    out(&plain(&trial.source_path));
    let Some(path) = &trial.plex_path else {
        out("  no rule fits");
        return;
    };
    let by = match trial.rule {
        Some(number) => format!("by rule {}", number + 1),
        None => "as it is".to_owned(),
    };
    let held = if trial.items.is_empty() {
        "Plex does not hold it".to_owned()
    } else {
        let items: Vec<String> = trial.items.iter().map(item).collect();
        items.join(", ")
    };
    out(&format!("  → {} ({by}): {held}", plain(path)));
}

fn suggested(rules: &[RuleSuggestion], files: u32, as_they_are: u32) {
    if rules.is_empty() {
        out(&if as_they_are > 0 {
            format!(
                "No rule is needed: Plex holds {as_they_are} of {files} files under the same path."
            )
        } else {
            "No rule can be told: no file of the source is like one in Plex.".to_owned()
        });
        return;
    }
    for suggestion in rules {
        out(&format!(
            "--map {}",
            quoted(&format!("{}={}", suggestion.rule.from, suggestion.rule.to))
        ));
        out(&format!(
            "  Plex holds {} of the {} files that it covers, such as {} → {}.",
            suggestion.files,
            suggestion.covered,
            plain(&suggestion.example_source),
            plain(&suggestion.example_plex)
        ));
        if !suggestion.instead.is_empty() {
            let instead: Vec<String> = suggestion.instead.iter().map(|to| plain(to)).collect();
            out(&format!(
                "  The same files are also in {}. Choose one.",
                instead.join(", ")
            ));
        }
    }
    let explained: u32 = rules.iter().map(|suggestion| suggestion.files).sum();
    out(&format!(
        "Together they lead {explained} of {files} files to one in Plex. `rules test` shows more."
    ));
}

fn matches(list: &MatchList) {
    for row in &list.rows {
        matched(row);
    }
    if list.more {
        out("… and more.");
    }
    out(&format!(
        "{}: {} matched, {} also here, {} not in Plex, {} under no rule, {} unclear, {} ruled out. For {} something is suggested.",
        items(list.items),
        list.matched,
        list.also_here,
        list.not_in_plex,
        list.no_rule,
        list.ambiguous,
        list.rejected,
        list.suggested
    ));
}

fn matched(row: &MatchRow) {
    let state = match row.state {
        MatchState::Matched => "matched",
        MatchState::AlsoHere => "also here",
        MatchState::NotInPlex => "not in Plex",
        MatchState::NoRule => "no rule",
        MatchState::Ambiguous => "unclear",
        MatchState::Rejected => "ruled out",
    };
    out(&format!(
        "{} [{state}] {}",
        plain(&row.source_id),
        plain(&row.why)
    ));
    for path in &row.paths {
        out(&format!("  looked for {}", plain(path)));
    }
    for found in &row.items {
        let by = match (found.chosen, found.rule) {
            (true, _) => "chosen".to_owned(),
            (false, Some(number)) => format!("rule {}", number + 1),
            (false, None) => "as it is".to_owned(),
        };
        let writer = found
            .writer
            .as_ref()
            .map(|writer| format!("; {} writes it", plain(writer)))
            .unwrap_or_default();
        out(&format!(
            "  {} → {} ({by}): {}{writer}",
            plain(&found.source_path),
            plain(&found.plex_path),
            item(&found.item)
        ));
    }
    for suggestion in &row.suggestions {
        out(&format!(
            "  is it {}? {} {}",
            item(&suggestion.item),
            plain(&suggestion.plex_path),
            suggestion.why
        ));
    }
}

fn chosen(source_id: &str, accepted: &[PlexItemRef], rejected: &[PlexItemRef]) {
    let line = |what: &str, list: &[PlexItemRef]| {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(item).collect();
            out(&format!("{} {what} {}.", plain(source_id), list.join(", ")));
        }
    };
    line("means", accepted);
    line("never means", rejected);
    out("The next sync goes by it. Nothing was written to Plex yet.");
}

fn rule(rule: &PathRule) -> String {
    let kind = match rule.kind {
        PathRuleKind::Prefix => "",
        PathRuleKind::Regex => " (pattern)",
    };
    format!("{} → {}{kind}", plain(&rule.from), plain(&rule.to))
}

fn item(item: &PlexItemRef) -> String {
    format!(
        "“{}” ({}, {})",
        plain(&item.title),
        item.rating_key,
        plain(&item.section)
    )
}

fn items(count: u32) -> String {
    if count == 1 {
        "1 item".to_owned()
    } else {
        format!("{count} items")
    }
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let text = plain(text);
    if cfg!(windows) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
