//! The process is killed in the middle, as by a power cut, and started again.

use serde_json::Value;
use syncslate_emulator::generator::Plan;
use syncslate_emulator::{Profile, RouteKind, Statistics};

use super::lab::{Lab, bare, end, run, small, start};

/// A moment in which a process is killed: what the server has counted by then.
type Moment = (&'static str, fn(&Statistics) -> bool);

const MOMENTS: [Moment; 6] = [
    ("the library is read", |counted| {
        counted.count(RouteKind::Listing) >= 1
    }),
    ("values are compared", |counted| {
        counted.count(RouteKind::Details) >= 1
    }),
    ("the first picture is sent", |counted| {
        counted.count(RouteKind::Upload) >= 1
    }),
    ("the first edit is sent", |counted| {
        counted.count(RouteKind::Edit) >= 1
    }),
    ("half is written", |counted| {
        counted.count(RouteKind::Edit) >= 30
    }),
    ("almost all is written", |counted| {
        counted.count(RouteKind::Edit) >= 52
    }),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sync_is_gone_on_with() {
    let plan = small(60);
    let undisturbed = Lab::new(&plan).await;
    run(&mut undisturbed.sync()).assert_code(0);
    undisturbed.assert_right();
    for (what, reached) in MOMENTS {
        let lab = Lab::with(&plan, Profile::Pms).await;
        let mut child = start(&mut lab.sync());
        lab.until(&mut child, what, reached).await;
        child.kill().expect("it runs");
        end(child);
        assert_unfinished(&lab, what);
        let outcome = run(lab.sync().arg("--json"));
        outcome.assert_code(0);
        assert_eq!(
            undisturbed.library().differences(&lab.library()),
            Vec::<String>::new(),
            "killed when {what}"
        );
        lab.assert_right();
        assert_truth(&lab, what);
        // And then there is nothing left to do.
        lab.emulator.reset_statistics();
        let again = run(lab.sync().arg("--json")).json();
        assert_eq!(again["changed"], 0, "killed when {what}: {again}");
        assert_eq!(lab.emulator.statistics().changing(), 0);
    }
}

/// A page of writes was checked and settled before the kill: those count, and those that only were sent do not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sync_counts_what_it_settled() {
    let plan = Plan {
        posters: false,
        odd: false,
        ..small(600)
    };
    let lab = Lab::with(&plan, Profile::Pms).await;
    let mut child = start(&mut lab.sync());
    // The next page is read back only once the one before it is settled.
    let (compared, checked) = (3, 2);
    lab.until(&mut child, "a page is settled", |counted| {
        counted.count(RouteKind::Details) >= compared + checked
            && counted.count(RouteKind::Edit) >= 400
    })
    .await;
    child.kill().expect("it runs");
    end(child);
    let runs = run(lab.cli("runs").arg("--json")).json();
    // A slow machine settles smaller pages, by time; either way less than there is.
    let settled = runs[0]["written"].as_u64().unwrap_or_default();
    assert!((1..600).contains(&settled), "{runs}");
    // And the queue tells the rest: nothing that reached Plex is called waiting.
    let left = |name: &str| runs[0]["left"][name].as_u64().unwrap_or_default();
    let edited = lab.emulator.statistics().count(RouteKind::Edit);
    assert!(
        (settled..=settled + left("sent")).contains(&edited),
        "{edited} edits: {runs}"
    );
    assert_eq!(runs[0]["left"]["planned"], true, "{runs}");
    assert_eq!(
        settled + left("sent") + left("waiting"),
        runs[0]["changed"].as_u64().unwrap_or_default(),
        "{runs}"
    );
    for verb in ["status", "runs"] {
        let told = run(&mut lab.cli(verb)).out;
        let told_of = [
            Some(format!(
                "interrupted, {} written and checked",
                counted(settled)
            )),
            (left("sent") > 0)
                .then(|| format!("{} begun and not checked yet", counted(left("sent")))),
            (left("waiting") > 0).then(|| format!("{} waiting", counted(left("waiting")))),
            Some("the next sync goes on".to_owned()),
        ];
        for words in told_of.iter().flatten() {
            assert!(
                told.contains(words),
                "{verb} does not say “{words}”: {told}"
            );
        }
    }
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
    assert_truth(&lab, "a page was settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_killed_again_and_again_gets_there() {
    let plan = small(60);
    let lab = Lab::with(&plan, Profile::Pms).await;
    for edits in [3, 12, 25] {
        let mut child = start(&mut lab.sync());
        lab.until(&mut child, "more edits", |counted| {
            counted.count(RouteKind::Edit) >= edits
        })
        .await;
        child.kill().expect("it runs");
        end(child);
    }
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
    assert_truth(&lab, "it was killed three times");
}

/// Films, shows, music and other videos in one run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sync_of_a_whole_household_is_gone_on_with() {
    let plan = Plan {
        image: (12, 18),
        ..Plan::mixed(5, 120)
    };
    let undisturbed = Lab::new(&plan).await;
    run(&mut undisturbed.sync_all()).assert_code(0);
    undisturbed.assert_right();
    let lab = Lab::with(&plan, Profile::Pms).await;
    let first = lab.library();
    for edits in [2, 30] {
        let mut child = start(&mut lab.sync_all());
        lab.until(&mut child, "more edits", |counted| {
            counted.count(RouteKind::Edit) >= edits
        })
        .await;
        child.kill().expect("it runs");
        end(child);
    }
    run(&mut lab.sync_all()).assert_code(0);
    lab.assert_right();
    assert_eq!(
        undisturbed.library().differences(&lab.library()),
        Vec::<String>::new()
    );
    assert_truth(&lab, "a household was killed twice");
    lab.emulator.reset_statistics();
    let again = run(lab.sync_all().arg("--json")).json();
    assert_eq!(again["changed"], 0, "{again}");
    assert_eq!(lab.emulator.statistics().changing(), 0);
    run(lab.cli("undo").arg("--last")).assert_code(0);
    assert_eq!(first.differences(&lab.library()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_undo_is_gone_on_with() {
    let lab = Lab::with(&small(40), Profile::Pms).await;
    let before = lab.library();
    run(&mut lab.sync()).assert_code(0);
    lab.emulator.reset_statistics();
    let mut child = start(lab.cli("undo").arg("--last"));
    lab.until(&mut child, "some is taken back", |counted| {
        counted.count(RouteKind::Edit) >= 10
    })
    .await;
    child.kill().expect("it runs");
    end(child);
    run(lab.cli("undo").arg("1")).assert_code(0);
    assert_eq!(before.differences(&lab.library()), Vec::<String>::new());
}

fn counted(items: u64) -> String {
    match items {
        1 => "1 item".to_owned(),
        many => format!("{many} items"),
    }
}

/// Nobody says that a killed run is done or still at work.
fn assert_unfinished(lab: &Lab, what: &str) {
    let status = run(&mut lab.cli("status"));
    status.assert_code(0);
    assert!(
        !status.out.contains("under way"),
        "killed when {what}: {}",
        status.out
    );
    let runs = run(lab.cli("runs").arg("--json")).json();
    for run in runs.as_array().expect("runs") {
        assert_eq!(run["state"], "interrupted", "killed when {what}: {run}");
        assert!(run["left"].is_object(), "killed when {what}: {run}");
    }
}

/// What is told of all runs together is what was done.
fn assert_truth(lab: &Lab, what: &str) {
    let runs = run(lab.cli("runs").arg("--json")).json();
    let runs: &Vec<Value> = runs.as_array().expect("runs");
    assert_eq!(runs[0]["state"], "done", "{what}: {runs:?}");
    let sum = |name: &str| {
        runs.iter()
            .filter_map(|run| run[name].as_u64())
            .sum::<u64>()
    };
    let expected = &lab.world.expected;
    assert_eq!(
        sum("written"),
        expected.changed() as u64,
        "{what}: {runs:#?}"
    );
    assert_eq!(
        sum("fieldsWritten"),
        expected.fields_written() as u64,
        "{what}"
    );
    assert_eq!(sum("failed"), 0, "{what}");
    let status = run(&mut lab.cli("status"));
    assert!(status.out.contains("done"), "{what}: {}", status.out);
}

/// Tells a process to end as the system does at its shutdown.
#[cfg(unix)]
fn terminate(child: &std::process::Child) {
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.expect("kill can be started").success());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_the_system_ends_finishes_what_is_under_way_and_is_gone_on_with() {
    let plan = small(60);
    let lab = Lab::with(&plan, Profile::Pms).await;
    let mut child = start(&mut lab.sync());
    lab.until(&mut child, "the first edit is sent", |counted| {
        counted.count(RouteKind::Edit) >= 1
    })
    .await;
    terminate(&child);
    end(child)
        .assert_code(143)
        .assert_says(&["Told to end", "the next sync"]);
    let runs = run(lab.cli("runs").arg("--json")).json();
    assert_eq!(runs[0]["state"], "interrupted", "{runs}");
    run(&mut lab.sync()).assert_code(0);
    lab.assert_right();
}

#[cfg(unix)]
#[tokio::test]
async fn a_demo_that_the_system_ends_leaves_nothing_behind() {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    let names = |folder: &std::path::Path| -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    // While its files are made, and while it syncs.
    for made in ["films", "data"] {
        let mut child = start(bare().arg("demo").env("TMPDIR", folder.path()));
        let begun = std::time::Instant::now();
        while !names(folder.path())
            .iter()
            .any(|own| own.join(made).exists())
        {
            assert!(
                begun.elapsed() < std::time::Duration::from_mins(1),
                "no {made}"
            );
            assert!(matches!(child.try_wait(), Ok(None)), "it ended by itself");
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        terminate(&child);
        end(child).assert_code(143);
        assert_eq!(names(folder.path()), Vec::<std::path::PathBuf>::new());
    }
}
