//! A Plex-compatible server for the demo, the tests and the benchmarks.
//!
//! It behaves as Plex does where that is known: listings carry less than details, fields are locked, an agent fills and
//! refreshes what is not locked, collections appear with their first member and vanish with their last. Where two
//! readings of Plex are possible, [`Habits`] switches between them.
//!
//! The way of a request: `routes` (line limit, faults, token, statistics) → `cost` (what it takes, one writer) →
//! `library` (data and edits, pure) → `wire` (one tree, written as JSON or XML).
//!
//! What a kind of item can hold is said in tables (`library::fields`, `library::tags`); the rest of an edit is answered 200
//! and forgotten. A title written to an artist or album merges it with its namesake.
//!
//! Chosen where Plex is not known and no switch is needed: collections hold items of one kind, so that one tag of artists
//! and of albums is two; an actor's picture is the person's and the same in every item; plays and ratings by `/:/` move no
//! `updatedAt`; what is in the trash is listed with `deletedAt`; a member that is moved has its place, whatever order is
//! shown; an edit of an item of another type or section is 404; a
//! value that cannot be read is 400; an empty title and bytes that are no picture are answered 200 and ignored; a
//! refresh leaves what the agent says nothing of, and people's collections; a selection sets no lock; a picture by
//! address is found only where [`Emulator::publish`] put it.
//!
//! Not here: websocket notifications and sign-in by PIN. Depends on no other Syncslate crate.

mod cost;
mod defect;
mod emulator;
mod fault;
mod library;
mod lookup;
mod options;
mod person;
mod routes;
mod seed_tiny;
mod serve;
mod state;
mod statistics;
mod wire;

pub mod generator;
pub mod seed;

pub use cost::Costs;
pub use defect::Defect;
pub use emulator::Emulator;
pub use fault::{Dropped, Fault, Faults, Injected, Schedule};
pub use library::{EditError, ItemKind, PictureKind};
pub use lookup::ListedPicture;
pub use options::{CastEdit, Clock, Habits, Options, PictureEdit, Profile, TagEdit, UploadKey};
pub use person::{PersonValue, Scope};
pub use routes::RouteKind;
pub use seed_tiny::tiny_seed;
pub use serve::Running;
pub use state::{CollectionState, ItemState, LibraryState, RoleState, SectionState};
pub use statistics::{PictureRequests, Statistics};
