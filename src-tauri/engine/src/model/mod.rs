//! Plain data that every other room speaks of: items, fields, values, changes. No I/O, no clock, no policy.

mod change;
mod choice;
mod field;
mod identity;
mod item;
mod value;

pub use change::{BaseField, Change, Chosen, Conflict, ConflictKind, Kept, KeptReason, Refused};
pub use choice::ChosenItem;
pub use field::{Field, FieldKind, ListMode, Policy};
pub use identity::{
    Identity, ItemKey, PathHash, RatingKey, RunId, SectionUuid, ServerNumber, SourceNumber,
};
pub use item::{
    Aim, CollectionWish, ItemType, LocalImage, Numbering, PlexItem, PlexValues, SourceItem, Stand,
};
pub use value::{CastTrait, Value};
