//! The engine's handle as the shell uses it.

use std::path::PathBuf;

use secrecy::SecretString;
use syncslate_engine::face::{Command, CommandError, Numbered, Reply, Settings, Snapshot};

/// What the engine gets from the shell.
pub struct Opening {
    pub data_dir: PathBuf,
    pub settings: Settings,
    pub token: Option<SecretString>,
    pub client_identifier: String,
}

/// An open engine.
#[derive(Debug, Clone)]
pub enum Handle {}

/// Its events.
pub enum Events {}

/// Opens it.
pub async fn open(opening: Opening) -> Result<Handle, CommandError> {
    drop(opening);
    Err(CommandError {
        code: "no_engine".to_owned(),
        message: "This build has no engine yet.".to_owned(),
    })
}

impl Handle {
    pub async fn command(&self, _: Command) -> Result<Reply, CommandError> {
        match *self {}
    }
    pub async fn set_token(&self, _: Option<SecretString>) {
        match *self {}
    }
    pub fn snapshot(&self) -> (Snapshot, u64) {
        match *self {}
    }
    pub fn events(&self, _: u64) -> Events {
        match *self {}
    }
    pub async fn close(self) {
        match self {}
    }
}

impl Events {
    pub async fn next(&mut self) -> Numbered {
        match *self {}
    }
}
