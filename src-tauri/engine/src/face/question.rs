//! What a person may ask about paths and matches, what is answered, and the choices that follow. Both sides are read;
//! nothing is written to Plex.
//!
//! Not here: commands (`snapshot`), how answers come about (`run`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PathRule;

/// A question, asked with the settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "question",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Question {
    /// What would these rules do in place of those in force?
    TestRules {
        /// The rules, in order.
        rules: Vec<PathRule>,
        /// Source paths to show, whole or relative to the source's folder; where there are none, some are picked.
        paths: Vec<String>,
    },
    /// Which rules do the paths of both sides suggest?
    SuggestRules,
    /// What became of each source item?
    Matches {
        /// Which of them to list.
        which: MatchFilter,
        /// How many rows to list at most.
        limit: Option<u32>,
    },
    /// A source item means a Plex item: from now on it matches.
    AcceptMatch {
        /// The source item.
        source_id: String,
        /// The Plex item; `None`: what is suggested.
        #[ts(type = "number | null")]
        rating_key: Option<u64>,
    },
    /// A source item never means a Plex item.
    RejectMatch {
        /// The source item.
        source_id: String,
        /// The Plex item; `None`: whatever it matches now, or is suggested.
        #[ts(type = "number | null")]
        rating_key: Option<u64>,
    },
}

/// Which source items to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MatchFilter {
    /// All of them.
    #[default]
    All,
    /// Those that match nothing.
    Missing,
    /// Those for which something is suggested.
    Suggested,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "answer",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Answer {
    /// What the rules would do.
    RulesTested {
        /// The figures and some paths.
        test: RuleTest,
    },
    /// The rules that are suggested.
    RulesSuggested {
        /// In the order in which they are to be applied. Empty where nothing fits, and where no rule is needed.
        rules: Vec<RuleSuggestion>,
        /// Media files of the source.
        files: u32,
        /// Of these those that Plex holds under the very same path.
        as_they_are: u32,
    },
    /// What became of source items.
    Matches {
        /// The figures and the rows.
        list: MatchList,
    },
    /// The choice is kept.
    Chosen {
        /// The source item.
        source_id: String,
        /// The Plex items that it means by choice.
        accepted: Vec<PlexItemRef>,
        /// The Plex items that it never means.
        rejected: Vec<PlexItemRef>,
    },
}

/// A Plex item, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlexItemRef {
    /// Plex's key of it.
    #[ts(type = "number")]
    pub rating_key: u64,
    /// Its title.
    pub title: String,
    /// Title of its section.
    pub section: String,
}

/// What rules would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleTest {
    /// Source items.
    pub items: u32,
    /// Those that Plex would be found to hold.
    pub matched: u32,
    /// Those that a rule covers and Plex does not hold.
    pub not_in_plex: u32,
    /// Those that no rule covers.
    pub no_rule: u32,
    /// Those whose files lead to different Plex items.
    pub ambiguous: u32,
    /// Per rule, what it does.
    pub rules: Vec<RuleReach>,
    /// Plex items with files.
    pub plex_items: u32,
    /// Those that no source file would lead to.
    pub plex_without_source: u32,
    /// The paths that were asked for, or some of every kind.
    pub paths: Vec<PathTrial>,
    /// Some files in Plex that no source file would lead to.
    pub plex_paths: Vec<PlexPath>,
}

/// What one rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleReach {
    /// The rule.
    pub rule: PathRule,
    /// Source items with a file that it is the first to fit.
    pub covered: u32,
    /// Source items that Plex holds through it.
    pub matched: u32,
}

/// What the rules make of a source path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PathTrial {
    /// The path as the source sees it.
    pub source_path: String,
    /// The rule that fitted first, counted from 0; `None` where none did, or there are none.
    pub rule: Option<u32>,
    /// The path in Plex; `None` where there are rules and none fitted.
    pub plex_path: Option<String>,
    /// The Plex items that hold it.
    pub items: Vec<PlexItemRef>,
}

/// A file in Plex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlexPath {
    /// Its path as Plex sees it.
    pub plex_path: String,
    /// The item that holds it.
    pub item: PlexItemRef,
}

/// A suggested rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleSuggestion {
    /// The rule.
    pub rule: PathRule,
    /// Source files that Plex holds through it.
    pub files: u32,
    /// Source files that it covers.
    pub covered: u32,
    /// How many of its files no other file on either side could be taken for.
    pub sure: u32,
    /// One of its files as the source sees it.
    pub example_source: String,
    /// The same as Plex sees it.
    pub example_plex: String,
    /// Other right sides for nearly the same files.
    pub instead: Vec<String>,
}

/// What became of source items.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatchList {
    /// Source items.
    pub items: u32,
    /// Those that match and write.
    pub matched: u32,
    /// Those that match, and another source item writes.
    pub also_here: u32,
    /// Those that Plex does not hold.
    pub not_in_plex: u32,
    /// Those that no rule covers.
    pub no_rule: u32,
    /// Those for which it is not clear which item they mean.
    pub ambiguous: u32,
    /// Those whose only match a person ruled out.
    pub rejected: u32,
    /// Those for which something is suggested.
    pub suggested: u32,
    /// The rows, in the order of the source's folders.
    pub rows: Vec<MatchRow>,
    /// Whether there are more rows than were asked for.
    pub more: bool,
}

/// How a source item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MatchState {
    /// It matches.
    Matched,
    /// It matches, and another source item writes.
    AlsoHere,
    /// Plex does not hold it.
    NotInPlex,
    /// No rule covers its files.
    NoRule,
    /// Its files lead to different items.
    Ambiguous,
    /// A person ruled its only match out.
    Rejected,
}

/// A source item and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatchRow {
    /// The source item.
    pub source_id: String,
    /// How it stands.
    pub state: MatchState,
    /// Why, in a sentence.
    pub why: String,
    /// Its files as Plex should hold them, where it does not.
    pub paths: Vec<String>,
    /// The Plex items that it matches.
    pub items: Vec<MatchedItem>,
    /// What resembles it, and waits for a yes.
    pub suggestions: Vec<MatchSuggestion>,
}

/// A match and its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatchedItem {
    /// The Plex item.
    pub item: PlexItemRef,
    /// Whether a person chose it.
    pub chosen: bool,
    /// The rule that led to it, counted from 0; `None` where none did.
    pub rule: Option<u32>,
    /// The file as the source sees it.
    pub source_path: String,
    /// The file as Plex sees it.
    pub plex_path: String,
    /// The source item that writes it, where that is another one.
    pub writer: Option<String>,
}

/// A Plex item that resembles a source item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatchSuggestion {
    /// The Plex item.
    pub item: PlexItemRef,
    /// Why, in a sentence.
    pub why: String,
    /// The file as the source sees it.
    pub source_path: String,
    /// The file as Plex sees it; empty where the item has none of its own.
    pub plex_path: String,
}
