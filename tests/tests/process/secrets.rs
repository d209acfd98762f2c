//! The token is in nothing that is printed, logged or stored.

use std::path::{Path, PathBuf};
use std::process::Command;

use syncslate_emulator::{Fault, RouteKind};

use super::lab::{Lab, Outcome, TOKEN, run, small};

/// A second token, which the server does not take.
const WRONG: &str = "wr0ng-T0ken-55aa01";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_is_nowhere() {
    let lab = Lab::new(&small(40)).await;
    let faults = lab.emulator.faults();
    faults.once(RouteKind::Upload, 1, Fault::Status(400));
    faults.once(RouteKind::Edit, 3, Fault::Status(500));
    faults.once(RouteKind::Edit, 6, Fault::DropAfter);
    let said = |command: &mut Command| run(command.env("SYNCSLATE_LOG", "trace"));
    let mut all: Vec<(&str, Outcome)> = Vec::new();
    all.push((
        "wrong token",
        said(lab.sync().env("SYNCSLATE_PLEX_TOKEN", WRONG)),
    ));
    all.push(("preview", said(lab.sync().arg("--dry-run"))));
    all.push(("sync", said(lab.sync().arg("--json"))));
    all.push(("status", said(lab.cli("status").arg("--json"))));
    all.push(("runs", said(lab.cli("runs").arg("--json"))));
    all.push(("failed", said(lab.cli("failed").arg("--json"))));
    all.push(("undo", said(lab.cli("undo").args(["--last", "--json"]))));
    all.push((
        "flag",
        said(
            lab.sync()
                .env_remove("SYNCSLATE_PLEX_TOKEN")
                .args(["--plex-token", TOKEN]),
        ),
    ));
    all.push((
        "away",
        said(lab.sync().env("SYNCSLATE_PLEX_URL", "http://127.0.0.1:9")),
    ));
    all.push((
        "token in the address",
        said(lab.sync().env(
            "SYNCSLATE_PLEX_URL",
            format!("{}/?X-Plex-Token={TOKEN}", lab.url()),
        )),
    ));
    let codes: Vec<(&str, Option<i32>)> =
        all.iter().map(|(what, said)| (*what, said.code)).collect();
    assert_eq!(
        codes,
        [
            ("wrong token", Some(2)),
            ("preview", Some(0)),
            ("sync", Some(1)),
            ("status", Some(0)),
            ("runs", Some(0)),
            ("failed", Some(0)),
            ("undo", Some(0)),
            ("flag", Some(0)),
            ("away", Some(3)),
            ("token in the address", Some(2)),
        ]
    );
    // The log was really that loud.
    let logged = &all[2].1.err;
    assert!(logged.contains("TRACE"), "{logged}");
    for (what, outcome) in &all {
        for text in [&outcome.out, &outcome.err] {
            assert!(holds(text.as_bytes()).is_none(), "{what}: {text}");
        }
    }
    let files = files(&lab.data());
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    assert!(
        names.iter().any(|name| name.ends_with("data.mdb")),
        "{names:?}"
    );
    assert!(
        names.iter().any(|name| name.ends_with("status.json")),
        "{names:?}"
    );
    for file in &files {
        let bytes = std::fs::read(file).expect("a file");
        assert_eq!(holds(&bytes), None, "{}", file.display());
    }
    // The search can find: in every form, in the middle of other bytes.
    let planted = lab.data().join("planted");
    for disguise in disguises(TOKEN) {
        let bytes = [&[0_u8, 255][..], disguise.as_bytes(), &[0]].concat();
        std::fs::write(&planted, bytes).expect("a file");
        let found = self::files(&lab.data())
            .into_iter()
            .find(|file| holds(&std::fs::read(file).expect("a file")).is_some());
        assert_eq!(found, Some(planted.clone()), "{disguise}");
    }
}

/// The token in some form, if it is there.
fn holds(bytes: &[u8]) -> Option<String> {
    [TOKEN, WRONG]
        .into_iter()
        .flat_map(disguises)
        .find(|disguise| {
            bytes
                .windows(disguise.len())
                .any(|part| part == disguise.as_bytes())
        })
}

/// Forms in which a token could stand somewhere.
fn disguises(token: &str) -> Vec<String> {
    let bytes: Vec<String> = token.bytes().map(|byte| byte.to_string()).collect();
    let hex: Vec<String> = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        token.to_owned(),
        token.to_lowercase(),
        token.replace('-', "%2D"),
        bytes.join(", "),
        hex.concat(),
    ]
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}
