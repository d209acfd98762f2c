//! Ties source items to Plex items by full path: path rules, the form in which paths are indexed, the decision, and who
//! writes where several source items mean one Plex item.
//!
//! Not here: the index itself (`store`), and weaker evidence such as equal names, which writes nothing.

mod claims;
mod decide;
mod path;
mod rules;

pub use claims::{Claims, Rank, Writers};
pub use decide::{Evidence, FileHits, Hit, Match, MatchOutcome, decide};
pub use path::{normalise_path, path_hash};
pub use rules::{Mapped, PathRules};

#[cfg(test)]
mod tests;
