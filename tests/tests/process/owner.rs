//! One data folder, two processes.

use serde_json::Value;
use syncslate_emulator::{Profile, RouteKind};

use super::lab::{Lab, end, run, small, start};

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
    assert!(words.out.contains("Run 1 is under way."), "{}", words.out);
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

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_finishes_what_was_begun() {
    let lab = Lab::with(&small(150), Profile::Pms).await;
    let mut child = start(&mut lab.sync());
    lab.until(&mut child, "an edit", |counted| {
        counted.count(RouteKind::Edit) >= 5
    })
    .await;
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success());
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
