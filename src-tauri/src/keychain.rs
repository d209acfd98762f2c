//! The keychain of the operating system, behind a trait so that the rules of `token` can be tested without one.

/// The keychain did not do it. Holds no text of the keychain's, because some of its errors carry the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// None runs, or it is locked.
    #[error("no keychain answered")]
    Unavailable,
    /// It answered, and refused.
    #[error("the keychain refused")]
    Refused,
}

/// Keeps one secret. Every call may block, for as long as a person looks at a password prompt.
pub trait Keychain: Send + Sync + 'static {
    /// What is kept.
    fn read(&self) -> Result<Option<String>, KeychainError>;
    /// Keeps `secret` in place of what was there.
    fn write(&self, secret: &str) -> Result<(), KeychainError>;
    /// Forgets.
    fn delete(&self) -> Result<(), KeychainError>;
}

/// The system's: Keychain Services, Credential Manager, or the Secret Service.
#[derive(Debug, Clone, Copy)]
pub struct SystemKeychain;

impl SystemKeychain {
    fn entry() -> Result<keyring::Entry, KeychainError> {
        keyring::Entry::new("Syncslate", "plex-token").map_err(|error| translate(&error))
    }
}

impl Keychain for SystemKeychain {
    fn read(&self) -> Result<Option<String>, KeychainError> {
        match Self::entry()?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(translate(&error)),
        }
    }

    fn write(&self, secret: &str) -> Result<(), KeychainError> {
        Self::entry()?
            .set_password(secret)
            .map_err(|error| translate(&error))
    }

    fn delete(&self) -> Result<(), KeychainError> {
        match Self::entry()?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(translate(&error)),
        }
    }
}

fn translate(error: &keyring::Error) -> KeychainError {
    match error {
        keyring::Error::PlatformFailure(_)
        | keyring::Error::NoStorageAccess(_)
        | keyring::Error::NoDefaultStore => KeychainError::Unavailable,
        _ => KeychainError::Refused,
    }
}
