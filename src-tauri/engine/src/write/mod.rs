//! Brings jobs to Plex: pictures, then one edit per item; as many at once as Plex bears; read back and settled.
//!
//! Not here: what is to be written (`plan`), what a job is and when it is tried again (`queue`), and what a run is
//! (`run`).

mod cast;
mod cast_traits;
mod checks;
mod context;
mod control;
mod executor;
mod gone;
mod last_member;
mod limiter;
mod link;
mod picture;
mod prepare;
mod remember;
mod resends;
mod settlement;
mod stop;
mod trouble;
mod unit;
mod verify;
mod watched;

pub(crate) use cast_traits::CastTraits;
pub(crate) use context::{Context, ContextParts, SectionContext, Sections};
pub(crate) use control::{Control, may_go};
pub(crate) use executor::{Drained, drain};
pub(crate) use link::{Link, LinkParts};
pub(crate) use picture::picture_sha1;
pub(crate) use stop::{Stop, plex_code};
