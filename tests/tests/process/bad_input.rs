//! Addresses, tokens, sections and source files that are not what they should be: each is said in a sentence with what
//! it means and what to do, with the right exit code, and nothing is lost.

use std::fmt::Write as _;
use std::path::Path;

use syncslate_emulator::generator::FILMS_SECTION;

use super::lab::{Lab, Outcome, TOKEN, run, small};

/// Nothing was written, and it was said.
#[track_caller]
fn refused(lab: &Lab, outcome: &Outcome, code: i32, words: &[&str]) {
    outcome.assert_code(code).assert_says(words);
    outcome.assert_says(&["Nothing was changed."]);
    assert_eq!(lab.emulator.statistics().changing(), 0);
    assert!(!outcome.err.contains(TOKEN), "{}", outcome.err);
    assert!(!outcome.err.contains("panicked"), "{}", outcome.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_wrong_empty_or_missing() {
    let lab = Lab::new(&small(3)).await;
    let wrong = run(lab.sync().env("SYNCSLATE_PLEX_TOKEN", "wr0ng"));
    refused(
        &lab,
        &wrong,
        2,
        &[
            "Plex does not accept the token",
            "new token",
            "SYNCSLATE_PLEX_TOKEN",
            "--plex-token",
        ],
    );
    assert!(!wrong.err.contains("Sign in"), "{}", wrong.err);
    let json = run(lab
        .sync()
        .env("SYNCSLATE_PLEX_TOKEN", "wr0ng")
        .arg("--json"));
    assert_eq!(json.json()["error"]["code"], "sign_in");
    let empty = run(lab.sync().env("SYNCSLATE_PLEX_TOKEN", " "));
    refused(&lab, &empty, 2, &["token is empty", "SYNCSLATE_PLEX_TOKEN"]);
    let missing = run(lab.sync().env_remove("SYNCSLATE_PLEX_TOKEN"));
    refused(
        &lab,
        &missing,
        2,
        &["--plex-token", "SYNCSLATE_PLEX_TOKEN", "config file never"],
    );
    let odd = run(lab.sync().env("SYNCSLATE_PLEX_TOKEN", "to\nken"));
    refused(&lab, &odd, 2, &["token holds characters", "Give it again"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_where_no_plex_is() {
    let lab = Lab::new(&small(3)).await;
    let at = |address: &str| run(lab.sync().env("SYNCSLATE_PLEX_URL", address));
    // Bound once and given back: nothing listens there now.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    let nobody = at(&format!("http://{free}"));
    refused(
        &lab,
        &nobody,
        3,
        &[
            "Plex cannot be reached",
            "Check that Plex Media Server is running",
            "--plex-url",
        ],
    );
    let nowhere = at("http://no-such-host.invalid:32400");
    refused(&lab, &nowhere, 3, &["Plex cannot be reached"]);
    for nonsense in [
        "no address",
        "ftp://127.0.0.1",
        "http://",
        "file:///etc/passwd",
    ] {
        let said = at(nonsense);
        said.assert_code(2)
            .assert_says(&["This is not an address", "http://192.168.1.10:32400"]);
    }
    let empty = at("");
    empty
        .assert_code(2)
        .assert_says(&["Enter the address of your Plex server", "--plex-url"]);
    // A token in the address would end up in logs.
    let name = at(&format!("http://me:{TOKEN}@127.0.0.1:9"));
    name.assert_code(2).assert_says(&["a name or a password"]);
    assert!(!name.err.contains(TOKEN));
    let query = at(&format!("{}/?X-Plex-Token={TOKEN}", lab.url()));
    query
        .assert_code(2)
        .assert_says(&["must end before the “?”"]);
    assert!(!query.err.contains(TOKEN));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_server_that_is_not_plex() {
    let lab = Lab::new(&small(3)).await;
    let html = axum::Router::new().fallback(|| async {
        axum::response::Html("<!doctype html><title>My router</title><p>Welcome")
    });
    let elsewhere = axum::Router::new().fallback(|| async {
        axum::response::Redirect::temporary("http://192.0.2.7:1234/web?X-Plex-Token=no")
    });
    let html = serve(html).await;
    let elsewhere = serve(elsewhere).await;
    let page = run(lab.sync().env("SYNCSLATE_PLEX_URL", &html));
    refused(&lab, &page, 3, &["not one of a Plex Media Server"]);
    let pointed = run(lab.sync().env("SYNCSLATE_PLEX_URL", &elsewhere));
    refused(
        &lab,
        &pointed,
        3,
        &[
            "points to another one (http://192.0.2.7:1234)",
            "Enter that address",
        ],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secure_connection_to_a_port_without_one() {
    let lab = Lab::new(&small(3)).await;
    let address = lab.url().replace("http:", "https:");
    let said = run(lab.sync().env("SYNCSLATE_PLEX_URL", address));
    refused(&lab, &said, 3, &["secure connection to Plex was refused"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_section_that_is_not_there() {
    let lab = Lab::new(&small(3)).await;
    let none = run(&mut lab.sync_of(&lab.films(), "Musicals"));
    refused(
        &lab,
        &none,
        2,
        &[
            "no library called “Musicals”",
            "Its libraries: “Films”, “Series”.",
        ],
    );
    let empty = run(&mut lab.sync_of(&lab.films(), " "));
    empty
        .assert_code(2)
        .assert_says(&["Choose the Plex library"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_is_no_folder_of_films() {
    let lab = Lab::new(&small(3)).await;
    let at = |folder: &Path| run(&mut lab.sync_of(folder, FILMS_SECTION));
    let missing = lab.scratch().join("nowhere");
    refused(
        &lab,
        &at(&missing),
        3,
        &["is not there", "nowhere", "connect that and sync again"],
    );
    let file = lab.scratch().join("a file");
    std::fs::write(&file, "x").expect("a file");
    refused(&lab, &at(&file), 3, &["is not a folder", "a file"]);
    let empty = lab.scratch().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    refused(&lab, &at(&empty), 3, &["is empty", "network share"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = Lab::new(&small(3)).await;
    let closed = lab.scratch().join("closed");
    std::fs::create_dir(&closed).expect("a folder");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("closed");
    if std::fs::read_dir(&closed).is_ok() {
        println!("skipped: this user may read everything (root)");
    } else {
        let said = run(&mut lab.sync_of(&closed, FILMS_SECTION));
        refused(
            &lab,
            &said,
            3,
            &["could not be read", "Give Syncslate the right"],
        );
    }
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).expect("opened");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_no_metadata_leave_the_others_alone() {
    let lab = Lab::new(&small(24)).await;
    let mut bomb =
        String::from("<?xml version=\"1.0\"?><!DOCTYPE movie [<!ENTITY a0 \"aaaaaaaaaa\">");
    for level in 1..10 {
        let last = level - 1;
        let _ = write!(
            bomb,
            "<!ENTITY a{level} \"{}\">",
            format!("&a{last};").repeat(10)
        );
    }
    bomb.push_str("]><movie><title>&a9;</title></movie>");
    let mut large = b"<movie><title>Large</title><plot>".to_vec();
    large.resize(50_000_000, b'x');
    let broken: [&[u8]; 4] = [
        b"",
        b"This came with the download.\n",
        &large,
        bomb.as_bytes(),
    ];
    let before = lab.emulator.state();
    for (path, content) in lab.nfos().into_iter().zip(broken) {
        std::fs::write(lab.films().join(path), content).expect("a file");
    }
    let outcome = run(&mut lab.sync());
    outcome
        .assert_code(1)
        .assert_says(&[
            "is empty.",
            "is not XML",
            "has 50 MB",
            "declares XML entities",
        ])
        .assert_says(&["What Plex holds of them stays as it is."]);
    assert!(outcome.out.contains("unreadable  4"), "{}", outcome.out);
    // The others are right, and the films of the four are as they were.
    let after = lab.emulator.state();
    let wrong = lab.world.expected.check(&after);
    let mut untouched = 0;
    for (path, item) in &after.sections[FILMS_SECTION].items {
        let is_wrong = wrong.iter().any(|line| line.contains(path.as_str()));
        if is_wrong {
            let was = &before.sections[FILMS_SECTION].items[path];
            assert_eq!(was, item, "{path} was half written");
            untouched += 1;
        }
    }
    assert_eq!(untouched, 4, "{wrong:#?}");
    // A look at a part of the source adds what it meets, and forgets nothing of the rest.
    let listed = |lab: &Lab| {
        let listed = run(lab.cli("failed").arg("--json")).json();
        listed["unread"]["files"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(listed(&lab), 4);
    let nfos = lab.nfos();
    let fifth = *nfos.get(4).expect("a fifth film");
    std::fs::write(lab.films().join(fifth), b"").expect("a file");
    run(lab.sync().arg("--only").arg(lab.films().join(fifth))).assert_code(1);
    assert_eq!(listed(&lab), 5);
    // What is decided meanwhile changes nothing about them.
    let status = run(lab.cli("status").arg("--json")).json();
    let problems = status["problems"].as_array().cloned().unwrap_or_default();
    assert!(
        problems
            .iter()
            .any(|problem| problem["code"] == "unread_files"),
        "{status}"
    );
}

async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}
