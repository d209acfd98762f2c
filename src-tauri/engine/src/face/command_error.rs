//! Why a command was refused.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A refused command. A `code` exists only where a consumer branches on it; the `message` is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct CommandError {
    /// What a consumer may branch on, e.g. `busy`, `settings`, `sign_in`, `unreachable`.
    pub code: String,
    /// What happened, what it means for the library, what to do.
    pub message: String,
}
