//! A sync of a library that is made on the fly, against a server inside this process.
//!
//! Not here: what is invented (`syncslate_emulator::generator`).

use std::process::ExitCode;

use secrecy::SecretString;
use syncslate_emulator::{Emulator, Options, Profile, generator};
use syncslate_engine::face::{Command, PathRule, SectionSettings, Settings, SourceSettings};

use crate::ending::{TERMINATED, Termination};
use crate::output::Printer;
use crate::work::{Opening, follow};

/// Makes the demo library, syncs it and prints the summary. Everything it made is gone afterwards.
pub(crate) async fn run(films: u32, seed: u64, printer: Printer) -> ExitCode {
    let printer = &Printer {
        passing: true,
        ..printer
    };
    // From before the folder is there, which is to go whatever happens.
    let mut termination = Termination::listen();
    let Ok(folder) = tempfile::tempdir() else {
        return printer.error("state", "There is no room for temporary files.");
    };
    let films_folder = folder.path().join("films");
    let demo = generator::demo(seed, films as usize);
    if let Err(error) = demo.write_tree(&films_folder) {
        return printer.error(
            "state",
            &format!("The demo's files cannot be written: {error}."),
        );
    }
    let token = format!("demo-{seed:x}");
    let section = demo
        .seed
        .sections
        .first()
        .map_or_else(String::new, |section| section.title.clone());
    let plex_root = demo
        .seed
        .sections
        .first()
        .and_then(|section| section.locations.first().cloned())
        .unwrap_or_default();
    let emulator = Emulator::new(
        demo.seed,
        Options {
            token: Some(token.clone()),
            profile: Profile::Pms,
            ..Options::default()
        },
    );
    let server = match emulator.serve("127.0.0.1:0").await {
        Ok(server) => server,
        Err(error) => {
            return printer.error(
                "unreachable",
                &format!("The demo's server cannot start: {error}."),
            );
        }
    };
    printer.say(&format!(
        "A demo library of {} films, and .nfo files that know them better. Nothing of yours is touched.",
        films.max(200)
    ));
    let settings = Settings {
        plex_address: server.url(),
        sections: vec![SectionSettings::new(section)],
        source: SourceSettings::Nfo {
            folder: films_folder.to_string_lossy().into_owned(),
        },
        path_rules: vec![PathRule::prefix(
            films_folder.to_string_lossy().into_owned(),
            plex_root,
        )],
        ..Settings::default()
    };
    if termination.was_told().await {
        return ExitCode::from(TERMINATED);
    }
    let opening = Opening {
        settings,
        token: Some(SecretString::from(token)),
        read_only: false,
    };
    let command = Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    };
    let code = follow(&folder.path().join("data"), opening, command, printer).await;
    server.stop().await;
    printer.say(
        "The demo's library and its records are gone now. With your own library: syncslate-cli sync --help",
    );
    code
}
