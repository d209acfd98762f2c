//! Who keeps the Plex token, and for how long.
//!
//! | asked for | keychain | it is kept |
//! |---|---|---|
//! | nothing more | answers | in the keychain |
//! | nothing more | does not answer | in memory until Syncslate ends, and the window says so |
//! | a file | any | in a file that only its owner can read |
//! | the demo | not asked | in memory; it opens nothing but the demo's own server |
//!
//! Not here: settings, logs and events, which never hold a token.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use syncslate_engine::face::{CommandError, TokenPlace, TokenState};

use crate::keychain::{Keychain, KeychainError};

const IN_MEMORY: &str = "No keychain answered, so the Plex token is kept in memory and is forgotten when Syncslate \
    ends. Your library is not affected. Start a keychain, or enter the token again next time.";
const NOT_READ: &str = "The keychain did not answer, so Syncslate does not know your Plex token. Nothing was changed. \
    Unlock the keychain and start Syncslate again, or enter the token.";

/// Keeps the token. Cheap to clone. Calls may block on the keychain: make them on a blocking thread.
#[derive(Clone)]
pub struct TokenKeeper {
    keychain: Option<Arc<dyn Keychain>>,
    file: PathBuf,
    kept: Arc<Mutex<Kept>>,
}

struct Kept {
    token: Option<SecretString>,
    state: TokenState,
}

impl TokenKeeper {
    /// A keeper that knows nothing until [`TokenKeeper::load`]. `file` is where a token goes that is to be kept in a file.
    pub fn new(keychain: Arc<dyn Keychain>, file: PathBuf) -> Self {
        Self {
            keychain: Some(keychain),
            file,
            kept: Arc::new(Mutex::new(Kept {
                token: None,
                state: state(TokenPlace::Missing, None),
            })),
        }
    }

    /// A keeper of the demo's token, which no keychain and no file ever sees.
    pub fn for_demo(token: SecretString) -> Self {
        Self {
            keychain: None,
            file: PathBuf::new(),
            kept: Arc::new(Mutex::new(Kept {
                token: Some(token),
                state: state(TokenPlace::Demo, None),
            })),
        }
    }

    /// The token, if there is one.
    pub fn token(&self) -> Option<SecretString> {
        self.lock().token.clone()
    }

    /// Where it is.
    pub fn state(&self) -> TokenState {
        self.lock().state.clone()
    }

    /// Reads the token from where it was kept: from the file if somebody asked for one, else from the keychain.
    pub fn load(&self) {
        let Some(keychain) = &self.keychain else {
            return;
        };
        let found = match std::fs::read_to_string(&self.file) {
            Ok(text) if !text.trim().is_empty() => Kept {
                token: Some(text.trim().into()),
                state: state(TokenPlace::File, None),
            },
            _ => match keychain.read() {
                Ok(Some(secret)) => Kept {
                    token: Some(secret.into()),
                    state: state(TokenPlace::Keychain, None),
                },
                Ok(None) => Kept {
                    token: None,
                    state: state(TokenPlace::Missing, None),
                },
                Err(KeychainError::Unavailable | KeychainError::Refused) => Kept {
                    token: None,
                    state: state(TokenPlace::Missing, Some(NOT_READ)),
                },
            },
        };
        *self.lock() = found;
    }

    /// Keeps `token` in place of the one before; an empty one is forgotten everywhere.
    pub fn keep(&self, token: &str, in_file: bool) -> Result<TokenState, CommandError> {
        let Some(keychain) = &self.keychain else {
            return Err(refused(
                "The demo has a server and a token of its own. Start Syncslate without --demo to use yours.",
            ));
        };
        let token = token.trim();
        if token.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(refused(
                "A Plex token has no spaces or line breaks in it. Nothing was changed. Copy it again.",
            ));
        }
        let place = if token.is_empty() {
            remove(&self.file)?;
            keychain.delete().map_or(
                state(
                    TokenPlace::Missing,
                    Some("The token is forgotten here, but the keychain did not answer and may still hold it."),
                ),
                |()| state(TokenPlace::Missing, None),
            )
        } else if in_file {
            write_private(&self.file, token)?;
            state(TokenPlace::File, None)
        } else {
            remove(&self.file)?;
            match keychain.write(token) {
                Ok(()) => state(TokenPlace::Keychain, None),
                Err(KeychainError::Unavailable | KeychainError::Refused) => {
                    state(TokenPlace::Memory, Some(IN_MEMORY))
                }
            }
        };
        *self.lock() = Kept {
            token: (!token.is_empty()).then(|| token.into()),
            state: place.clone(),
        };
        Ok(place)
    }

    /// The token as text, for whoever must see that it stands nowhere else.
    #[cfg(test)]
    fn exposed(&self) -> Option<String> {
        use secrecy::ExposeSecret as _;
        self.token().map(|token| token.expose_secret().to_owned())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn state(place: TokenPlace, message: Option<&str>) -> TokenState {
    TokenState {
        place,
        message: message.map(str::to_owned),
    }
}

fn refused(message: &str) -> CommandError {
    CommandError {
        code: "token".to_owned(),
        message: message.to_owned(),
    }
}

fn not_written(error: &std::io::Error) -> CommandError {
    refused(&format!(
        "The token's file could not be changed ({error}). The token before is still in use. Check the folder's permissions."
    ))
}

fn remove(path: &Path) -> Result<(), CommandError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(not_written(&error)),
        _ => Ok(()),
    }
}

fn write_private(path: &Path, token: &str) -> Result<(), CommandError> {
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let half = path.with_extension("part");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // A rest of an interrupted write might be open to others.
        match std::fs::remove_file(&half) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = options.open(&half)?;
        file.write_all(token.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&half, path)
    };
    write().map_err(|error| not_written(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Fake {
        answers: bool,
        secret: Mutex<Option<String>>,
    }

    impl Keychain for Fake {
        fn read(&self) -> Result<Option<String>, KeychainError> {
            if self.answers {
                Ok(self.secret.lock().unwrap().clone())
            } else {
                Err(KeychainError::Unavailable)
            }
        }
        fn write(&self, secret: &str) -> Result<(), KeychainError> {
            self.read()?;
            *self.secret.lock().unwrap() = Some(secret.to_owned());
            Ok(())
        }
        fn delete(&self) -> Result<(), KeychainError> {
            self.read()?;
            *self.secret.lock().unwrap() = None;
            Ok(())
        }
    }

    fn keeper(answers: bool) -> (TokenKeeper, Arc<Fake>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let fake = Arc::new(Fake {
            answers,
            ..Fake::default()
        });
        let keeper = TokenKeeper::new(fake.clone(), folder.path().join("plex-token"));
        (keeper, fake, folder)
    }

    #[test]
    fn the_keychain_keeps_it_over_a_restart() {
        let (keeper, fake, folder) = keeper(true);
        assert_eq!(
            keeper.keep(" abc ", false).unwrap().place,
            TokenPlace::Keychain
        );
        let next = TokenKeeper::new(fake, folder.path().join("plex-token"));
        next.load();
        assert_eq!(next.exposed().as_deref(), Some("abc"));
        assert_eq!(next.state(), state(TokenPlace::Keychain, None));
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "nothing is written to disk where a keychain answers"
        );
    }

    #[test]
    fn without_a_keychain_it_lasts_for_the_session_and_says_so() {
        let (keeper, fake, folder) = keeper(false);
        let told = keeper.keep("abc", false).unwrap();
        assert_eq!(told.place, TokenPlace::Memory);
        assert!(told.message.is_some(), "the window must be able to say it");
        assert_eq!(keeper.exposed().as_deref(), Some("abc"));
        let next = TokenKeeper::new(fake, folder.path().join("plex-token"));
        next.load();
        assert_eq!(next.exposed(), None, "memory ends with the process");
        assert!(next.state().message.is_some(), "an unread keychain is said");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_only_on_request_and_only_for_its_owner() {
        let (keeper, fake, folder) = keeper(false);
        assert_eq!(keeper.keep("abc", true).unwrap().place, TokenPlace::File);
        let path = folder.path().join("plex-token");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let next = TokenKeeper::new(fake, path.clone());
        next.load();
        assert_eq!(next.exposed().as_deref(), Some("abc"));
        next.keep("def", false).unwrap();
        assert!(
            !path.exists(),
            "the file goes when it is no longer asked for"
        );
    }

    #[test]
    fn an_empty_one_is_forgotten_everywhere() {
        let (keeper, fake, folder) = keeper(true);
        keeper.keep("abc", false).unwrap();
        assert_eq!(
            keeper.keep("", false).unwrap(),
            state(TokenPlace::Missing, None)
        );
        assert_eq!(keeper.exposed(), None);
        assert_eq!(*fake.secret.lock().unwrap(), None);
        drop(folder);
    }

    #[test]
    fn what_cannot_be_a_token_changes_nothing() {
        let (keeper, _, _folder) = keeper(true);
        keeper.keep("abc", false).unwrap();
        for wrong in ["a b", "a\nb", "a\u{7}b"] {
            let error = keeper.keep(wrong, false).unwrap_err();
            assert!(!error.message.contains(wrong), "no token in a message");
        }
        assert_eq!(keeper.exposed().as_deref(), Some("abc"));
    }

    #[test]
    fn the_demo_takes_no_other() {
        let keeper = TokenKeeper::for_demo("demo".into());
        keeper.load();
        assert!(keeper.keep("abc", false).is_err());
        assert_eq!(keeper.exposed().as_deref(), Some("demo"));
    }
}
