//! What the outside is told while the engine works: state, events, the exact plan.
//!
//! Not here: what happens (`write`, `run`), and who listens.

mod observer;
mod reporter;

pub use observer::{NoObserver, Observer, PlannedItem};
pub use reporter::Events;
pub(crate) use reporter::Reporter;
