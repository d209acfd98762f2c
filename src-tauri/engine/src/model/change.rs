//! What a sync does to a field, and what it remembers of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Field, Value};

/// One field of one Plex item, before → after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field.
    pub field: Field,
    /// What Plex held when this was planned. A picture's is the key of the selected one, learned just before writing.
    pub before: Value,
    /// What Plex held to the byte, where that is not its normal form: what undo gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_raw: Option<Value>,
    /// Whether it was locked then.
    pub before_locked: bool,
    /// What Plex shall hold. For tags the whole list that shall be there; for a picture the SHA-1 to send, or on undo
    /// the key to select.
    pub after: Value,
    /// What to send to the byte, where that is not the normal form: on undo only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_raw: Option<Value>,
    /// Whether it shall be locked.
    pub lock: bool,
    /// What the source asked for; differs from `after` where a list keeps tags of others.
    pub asked: Value,
}

impl Change {
    /// Whether anything of the field is another afterwards. Otherwise it is written only so that it stays.
    pub fn moves(&self) -> bool {
        self.before != self.after || self.before_locked != self.lock
    }
}

/// What Syncslate remembers of a field that it wrote: the merge base. The source changed ⇔ it now asks for something
/// else than `asked`; Plex changed ⇔ it now holds something else than `read_back`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BaseField {
    /// What the source last asked for.
    pub asked: Value,
    /// What Plex then said it held.
    pub read_back: Value,
    /// Whether it was locked then.
    pub locked: bool,
    /// Whether that lock was Syncslate's.
    pub locked_by_us: bool,
    /// Of a list: the tags that Syncslate added, which were not there before.
    pub ours: Vec<String>,
    /// Of a picture: the `thumb`/`art` path seen at read-back; while it stands, the selection need not be asked for.
    pub image_path: Option<String>,
    /// How many times in a row someone else overwrote the value while it was unlocked.
    pub overwritten: u8,
    /// Set where Plex would not take the value.
    pub refused: Option<Refused>,
}

/// A value that Plex answered 200 to and did not take. Not planned again until one of these changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was asked of Plex.
    pub wanted: Value,
    /// The server's version then.
    pub server_version: String,
}

/// Why a field that differs is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeptReason {
    /// A person edited and locked it in Plex.
    PersonsEdit,
    /// It is locked, and nothing is known of it: a person edited it, or an earlier Syncslate whose state was lost.
    LockedBefore,
    /// Syncslate had locked it, and a person unlocked it.
    HandedBack,
    /// Someone else overwrote it three times in a row.
    TugOfWar,
    /// Plex did not take it.
    Refused,
    /// The policy is *fill only if empty* and Plex holds something.
    NotEmpty,
    /// Plex shows a rating from elsewhere under this field's picture.
    ForeignRating,
    /// A collection that Syncslate did not make would go with this member, its last, and with it its pictures and texts.
    LastMember,
}

impl KeptReason {
    /// Whether a person may decide for the source all the same.
    pub fn can_be_overruled(self) -> bool {
        match self {
            Self::PersonsEdit
            | Self::LockedBefore
            | Self::HandedBack
            | Self::TugOfWar
            | Self::NotEmpty
            | Self::LastMember => true,
            Self::Refused | Self::ForeignRating => false,
        }
    }
}

/// A field that differs and is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// The field.
    pub field: Field,
    /// Why.
    pub reason: KeptReason,
    /// What Plex holds.
    pub plex: Value,
    /// What the source asks for.
    pub source: Value,
}

/// A person's decision for the source in a field, until it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The source's value that was chosen.
    pub value: Value,
    /// Whether it was made under *fill only if empty*, against which it stands then.
    pub despite_fill: bool,
}

/// What kind of decision a conflict asks of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ConflictKind {
    /// Both the source and a person in Plex changed the field.
    BothChanged,
    /// Undo found that the field was edited since the run.
    EditedSince,
}

/// A field on which both sides have a claim. Stored and listed; nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// Which decision it asks for.
    pub kind: ConflictKind,
    /// What Plex holds.
    pub plex: Value,
    /// What the source asks for (on undo: what the field held before the run).
    pub source: Value,
}
