//! Where the Plex token is kept. The token itself never passes through here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the Plex token is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TokenPlace {
    /// There is none yet.
    Missing,
    /// In the keychain of the operating system.
    Keychain,
    /// In memory, until Syncslate ends: no keychain answered.
    Memory,
    /// In a file that only its owner can read, because a person asked for it.
    File,
    /// It belongs to the demo's own server and is kept nowhere.
    Demo,
}

/// What a window may know about the Plex token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenState {
    /// Where it is kept.
    pub place: TokenPlace,
    /// Why it is not in the keychain, and what that means, in a sentence.
    pub message: Option<String>,
}
