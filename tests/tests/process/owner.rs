//! One data folder, two processes.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::Value;
use syncslate_emulator::{Profile, RouteKind};

use super::lab::{Lab, end, run, small, start};

/// How long something may take that takes a second.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_may_look_but_not_write() {
    let lab = Lab::with(&small(150), Profile::Pms).await;
    let mut owner = start(&mut lab.sync());
    lab.until(&mut owner, "an edit", |counted| {
        counted.count(RouteKind::Edit) >= 1
    })
    .await;
    let process = format!("process {}", owner.id());
    for command in [
        &mut lab.sync(),
        lab.sync().arg("--json"),
        lab.cli("undo").arg("--last"),
    ] {
        let refused = run(command);
        refused
            .assert_code(4)
            .assert_says(&[&process, "Nothing was changed."]);
    }
    let refused = run(lab.sync().arg("--json")).json();
    assert_eq!(refused["error"]["code"], "owned");

    let status = run(lab.cli("status").arg("--json"));
    let status = status.assert_code(0).json();
    assert_eq!(status["run"]["summary"]["run"], 1, "{status}");
    assert_eq!(status["run"]["summary"]["state"], "running", "{status}");
    let words = run(&mut lab.cli("status"));
    words.assert_code(0);
    assert!(words.out.contains("Run 1 is under way"), "{}", words.out);
    let runs = run(lab.cli("runs").arg("--json"));
    assert!(runs.assert_code(0).json().is_array());
    let failed = run(lab.cli("failed").arg("--json")).json();
    assert_eq!(failed["failed"], Value::Array(Vec::new()));

    assert!(
        owner.try_wait().expect("a process").is_none(),
        "the owner must still be at work, or this said nothing"
    );
    end(owner).assert_code(0);
    lab.assert_right();
    run(&mut lab.sync()).assert_code(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_plex_is_away_another_process_says_what_waits() {
    let lab = Lab::with(&small(150), Profile::Pms).await;
    let mut owner = start(&mut lab.sync());
    lab.until(&mut owner, "some edits", |counted| {
        counted.count(RouteKind::Edit) >= 20
    })
    .await;
    lab.emulator.faults().set_away(true);
    // The owner finds out, and renews its report once a second.
    let begun = Instant::now();
    let told = loop {
        let status = run(&mut lab.cli("status"));
        let told = status.assert_code(0).out.clone();
        if told.contains("Run 1 waits for Plex: ") || begun.elapsed() > PATIENCE {
            break told;
        }
    };
    let line = told
        .lines()
        .find(|line| line.contains("Run 1 waits for Plex: "));
    let numbers: Vec<usize> = line
        .unwrap_or_else(|| panic!("it is not said: {told}"))
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [1, written, waiting] = numbers[..] else {
        panic!("{told}");
    };
    assert!(waiting > 0, "{told}");
    // Collections are counted at the end of a run.
    let items = lab.world.expected.items.values();
    let changed = items.filter(|want| !want.untouched()).count();
    assert_eq!(written + waiting, changed, "{told}");
    assert!(told.contains("Plex is away"), "{told}");
    lab.emulator.faults().set_away(false);
    end(owner).assert_code(0);
    lab.assert_right();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_finishes_what_was_begun() {
    let lab = Lab::with(&small(150), Profile::Pms).await;
    let mut child = start(&mut lab.sync());
    lab.until(&mut child, "an edit", |counted| {
        counted.count(RouteKind::Edit) >= 5
    })
    .await;
    interrupt(&child);
    let outcome = end(child);
    outcome.assert_code(1);
    assert!(outcome.out.contains("cancelled"), "{}", outcome.out);
    let runs = run(lab.cli("runs").arg("--json")).json();
    assert_eq!(runs[0]["state"], "cancelled");
    let written = runs[0]["written"].as_u64();
    assert!(written > Some(0) && written < Some(lab.world.expected.changed() as u64));
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
}

/// Presses Ctrl+C.
#[cfg(unix)]
fn interrupt(child: &Child) {
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success());
}

/// A Plex that takes the connection and answers nothing; a first interrupt has been heard.
#[cfg(unix)]
fn interrupted_while_plex_is_silent(lab: &Lab) -> (Child, TcpListener, TcpStream) {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("it is bound");
    let url = format!("http://{address}");
    let mut child = start(lab.sync().env("SYNCSLATE_PLEX_URL", url));
    let (connection, _) = silent.accept().expect("it is asked");
    interrupt(&child);
    let said = child.stderr.take().expect("it is kept");
    let mut said = BufReader::new(said).lines();
    let heard = said.find(|line| {
        let line = line.as_ref().expect("it is text");
        line.contains("Once more ends at once")
    });
    assert!(heard.is_some(), "it says that it heard");
    (child, silent, connection)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_interrupt_ends_at_once_although_plex_never_answers() {
    let lab = Lab::new(&small(2)).await;
    let (child, _silent, _connection) = interrupted_while_plex_is_silent(&lab);
    interrupt(&child);
    end(child).assert_code(130);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_plex_did_not_let_begin_is_cancelled_by_an_interrupt() {
    let lab = Lab::new(&small(2)).await;
    let (child, silent, connection) = interrupted_while_plex_is_silent(&lab);
    drop((silent, connection));
    end(child).assert_code(1);
    assert_eq!(lab.emulator.statistics().changing(), 0);
}
