//! The whole story of a household, told with the command line and one config file.

use std::path::Path;
use std::process::Command;

use syncslate_emulator::generator::{self, Expectation, Generated};
use syncslate_emulator::{Habits, LibraryState, Profile};
use syncslate_tests::differences;

use super::lab::{Lab, TOKEN, bare, run};
use crate::household::{first, items, without_episode_years};

fn exported(lab: &Lab, file: &Path) {
    let mut export = bare();
    export.args(["config", "export", "--plex-url"]);
    export.arg(lab.url());
    for section in lab.world.sections() {
        export.args(["--section", section]);
    }
    let films = lab.films();
    export
        .arg("--source")
        .arg(format!("nfo:{}", films.display()))
        .arg("--map")
        .arg(format!("{}={}", films.display(), lab.world.plex_folder()))
        .arg("--data-dir")
        .arg(lab.data())
        .arg("--out")
        .arg(file);
    run(&mut export).assert_code(0);
}

fn same(before: LibraryState, after: LibraryState) {
    let habits = Habits::default();
    let wrong = first(differences(
        &without_episode_years(before, habits),
        &without_episode_years(after, habits),
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn right(expected: &Expectation, lab: &Lab) {
    let wrong = first(expected.check(&lab.emulator.state()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mixed_library_its_edits_and_the_way_back() {
    let world: Generated = generator::mixed(3, items());
    let lab = Lab::of(world, Profile::Instant).await;
    let first_state = lab.library();
    let file = lab.scratch().join("syncslate.toml");
    exported(&lab, &file);
    let with = |words: &[&str]| -> Command {
        let mut command = bare();
        command
            .args(words)
            .env("SYNCSLATE_CONFIG", &file)
            .env("SYNCSLATE_PLEX_TOKEN", TOKEN);
        command
    };
    let told = |words: &[&str]| {
        let outcome = run(&mut with(words));
        outcome.assert_code(0);
        outcome
    };
    // Some files of the library are misnamed, which each sync says at its end.
    let synced = |words: &[&str]| {
        let outcome = run(with(words).arg("--json"));
        outcome.assert_code(1);
        let figures = outcome.json();
        let (unreadable, failed) = (&figures["unreadable"], &figures["failed"]);
        assert!(unreadable.as_u64() > Some(0) && *failed == 0, "{figures}");
        figures
    };
    told(&["config", "check"]);
    let expected = &lab.world.expected;
    let tested = told(&["rules", "test", "--json"]).json();
    assert!(tested["test"]["matched"].as_u64() > Some(0), "{tested}");
    let preview = synced(&["sync", "--dry-run"]);
    assert_eq!(lab.emulator.statistics().changing(), 0);
    assert_eq!(preview["changed"], expected.changed());
    assert_eq!(preview["fieldsWritten"], expected.fields_written());

    let made = synced(&["sync"]);
    assert_eq!(made["written"], expected.changed());
    assert_eq!(made["fieldsWritten"], expected.fields_written());
    right(expected, &lab);
    let planned = run(&mut with(&["sync", "--dry-run", "--json"]));
    planned.assert_code(1);
    let rows = planned.out.lines();
    // Values that stay are rows, too.
    assert!(rows.clone().count() > 1, "{}", planned.out);
    let changes = rows.filter(|row| row.contains("\"after\":"));
    assert_eq!(changes.collect::<Vec<_>>(), Vec::<&str>::new());
    let again = synced(&["sync"]);
    assert_eq!(
        (&again["written"], &again["changed"]),
        (&0.into(), &0.into())
    );

    told(&["undo", "--last"]);
    same(first_state, lab.library());
    synced(&["sync"]);
    right(expected, &lab);

    // Between two syncs people edit, an agent refreshes, and the source changes.
    let round = generator::second_round(&lab.world, 5);
    round.play(&lab.emulator).expect("it can be played");
    generator::write_files(&lab.films(), &round.changed).expect("room for the source");
    let between = lab.library();
    let second = synced(&["sync"]);
    right(&round.expected, &lab);
    let open = told(&["conflicts", "--json"]).json();
    assert_eq!(
        open["conflicts"].as_array().map(Vec::len).map(Into::into),
        Some(second["conflicts"].clone())
    );
    told(&["undo", "--last"]);
    same(between, lab.library());

    for words in [
        ["matches", "--missing"].as_slice(),
        &["status"],
        &["runs"],
        &["failed"],
    ] {
        told(words);
    }
    told(&["unlock"]);
}
