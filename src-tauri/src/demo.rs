//! The demo: a library made on the fly and a Plex-like server for it, both inside this process.
//!
//! It has folders and settings of its own (`main` gives it another identifier), and touches no keychain. The server
//! forgets everything when Syncslate ends, so what the engine remembers of it is forgotten too.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use syncslate_emulator::generator::{self, FILMS_SECTION, PLEX_FILMS};
use syncslate_emulator::seed::Seed;
use syncslate_emulator::{Emulator, Options, Profile, Running};
use syncslate_engine::face::{PathRule, SectionSettings, Settings, SourceSettings};

const SEED: u64 = 20;
const FILMS: usize = 240;

/// A running demo; its server ends with it.
pub struct Demo {
    /// Where the engine keeps what it knows of it.
    pub data_dir: PathBuf,
    library: PathBuf,
    server: Running,
}

/// What the demo's server will want to be shown; a new one for each start.
pub fn new_token() -> SecretString {
    uuid::Uuid::new_v4().simple().to_string().into()
}

impl Demo {
    /// Makes the library below `folder`, in place of an earlier one, and serves it to this machine alone.
    pub async fn start(folder: &Path, token: &SecretString) -> anyhow::Result<Self> {
        let (library, data_dir) = (folder.join("library"), folder.join("data"));
        let places = [library.clone(), data_dir.clone()];
        // Drawing hundreds of posters takes a while, and the window is open already.
        let seed = tauri::async_runtime::spawn_blocking(move || make(&places)).await??;
        let options = Options {
            token: Some(token.expose_secret().to_owned()),
            profile: Profile::Pms,
            ..Options::default()
        };
        let server = Emulator::new(seed, options)
            .serve("127.0.0.1:0")
            .await
            .context("its server has no port")?;
        #[cfg(feature = "test-hooks")]
        crate::test_hooks::tell_emulator(&server.url(), token.expose_secret())
            .context("the test could not be told of the server")?;
        Ok(Self {
            data_dir,
            library,
            server,
        })
    }

    /// `settings` with what the demo decides: its server, its library.
    pub fn settings(&self, settings: Settings) -> Settings {
        let folder = self.library.to_string_lossy().into_owned();
        Settings {
            plex_address: self.server.url(),
            sections: vec![SectionSettings::new(FILMS_SECTION)],
            path_rules: vec![PathRule::prefix(folder.clone(), PLEX_FILMS.to_owned())],
            source: SourceSettings::Nfo { folder },
            ..settings
        }
    }
}

fn make([library, data_dir]: &[PathBuf; 2]) -> anyhow::Result<Seed> {
    for old in [library, data_dir] {
        match std::fs::remove_dir_all(old) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("{} could not be emptied", old.display()));
            }
            _ => {}
        }
    }
    let world = generator::demo(SEED, FILMS);
    world
        .write_tree(library)
        .with_context(|| format!("{} could not be written", library.display()))?;
    Ok(world.seed)
}
