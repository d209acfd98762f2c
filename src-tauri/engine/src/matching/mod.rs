//! Ties source items to Plex items by full path: path rules, the form in which paths are indexed, the decision, and who
//! writes where several source items mean one Plex item. Around it: what rules would do before they are saved, which
//! rules the paths of both sides suggest, weaker evidence that waits for a person's yes, and what became of that yes.
//!
//! Pure: no file, no store. Not here: the index itself (`store`), and where the paths come from (`run`).

mod choice;
mod claims;
mod decide;
mod path;
mod resemblance;
mod rules;
mod suggest;
mod tails;
mod trial;
mod votes;

pub use choice::Standing;
pub use claims::{Claims, Place, Rank, Writers};
pub use decide::{Evidence, FileHits, Hit, Match, MatchOutcome, decide};
pub use path::{normalise_path, path_hash};
pub use resemblance::{Endings, Resemblance, resembling};
pub use rules::{Mapped, PathRules};
pub use suggest::{BothSides, Suggested, SuggestedRule, suggest_rules};
pub use trial::{Reach, try_path};

#[cfg(test)]
mod tests;
