//! The words in which a window and a command line speak with the engine. TypeScript types are generated from here.
//!
//! Not here: what happens on a command (`run`).

mod cast_taken;
mod command_error;
mod event;
mod path_rule;
mod pattern;
mod question;
mod settings;
mod snapshot;
mod token;
mod typescript;

pub use cast_taken::CastTaken;
pub use command_error::CommandError;
pub use event::{ChangedItem, Event, Numbered, NumberedSnapshot};
pub use path_rule::{PathRule, PathRuleKind};
pub(crate) use pattern::Pattern;
pub use question::{
    Answer, MatchFilter, MatchList, MatchRow, MatchState, MatchSuggestion, MatchedItem, PathTrial,
    PlexItemRef, PlexPath, Question, RuleReach, RuleSuggestion, RuleTest,
};
pub use settings::{SectionSettings, Settings, SettingsError, SourceSettings};
pub use snapshot::{
    About, CacheStats, Choice, ChosenItem, Command, ConflictItem, Connection, Decision, FailedItem,
    KeptItem, Left, OperationStats, Phase, PhaseProgress, Problem, ProblemAction, Reply, Report,
    RunKind, RunState, RunSummary, RunView, Snapshot, Totals, UnreadFile, UnreadFiles,
};
pub use token::{TokenPlace, TokenState};
pub use typescript::typescript;
