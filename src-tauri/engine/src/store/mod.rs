//! The only room that touches LMDB: the data folder with its one owner, durable `state/`, and `cache/`, which may be
//! deleted at any time.
//!
//! Not here: jobs (`queue`) and journal entries (`journal`); those rooms add their accessors to [`StateReader`] and
//! [`StateWriter`].

mod accessors;
pub mod cache;
mod check;
mod collections;
mod copies;
mod env;
mod error;
mod folder;
mod match_choices;
mod open;
mod owned;
mod record;
mod records;
mod state;
mod tables;
mod writer;

pub(crate) use accessors::Question;
pub(crate) use accessors::{from_order_i64, item_key, order_i64};
pub use cache::{Cache, MatchOutcome, MatchRecord, SectionMark};
pub use collections::{
    CollectionKey, CollectionOrder, CollectionRecord, CollectionSays, MadeCollection, RefusedOrder,
    ReplacedOrder, Said,
};
pub use error::StoreError;
pub use folder::DataFolder;
pub use match_choices::MatchChoiceRecord;
pub(crate) use record::{Record, hex};
#[cfg(test)]
pub(crate) use record::{decode, encode};
pub use records::{
    BaseRecord, ChosenRecord, KeptRecord, OutageRecord, RunRecord, RunSection, ServerRecord,
    UnreadRecord,
};
pub use state::{CommitFate, CommitHook, Opened, SCHEMA, State, StateOptions};
pub(crate) use tables::Table;
pub use tables::{StateReader, StateWriter};

#[cfg(test)]
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "`|r| r.job_count()` reads better than the path of the method"
)]
pub(crate) mod tests;
