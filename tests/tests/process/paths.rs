//! Rules and matches from the command line: words, output, exit codes.

use syncslate_emulator::generator::{FILMS_SECTION, PLEX_FILMS};

use super::lab::{Lab, run, small};

/// `words` with both sides, without rules.
fn both(lab: &Lab, words: &[&str]) -> std::process::Command {
    let mut command = lab.cli(words[0]);
    command
        .args(&words[1..])
        .args(["--section", FILMS_SECTION, "--source"])
        .arg(format!("nfo:{}", lab.films().display()));
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_are_suggested_tested_and_used() {
    let lab = Lab::new(&small(12)).await;
    let suggested = run(both(&lab, &["rules", "suggest"]).arg("--json"));
    suggested.assert_code(0);
    let json = suggested.json();
    assert_eq!(json["answer"], "rulesSuggested", "{json}");
    let rule = format!("{}={PLEX_FILMS}", lab.films().display());
    let found = &json["rules"][0]["rule"];
    assert_eq!(
        format!(
            "{}={}",
            found["from"].as_str().unwrap_or_default(),
            found["to"].as_str().unwrap_or_default()
        ),
        rule
    );
    let shown = run(&mut both(&lab, &["rules", "suggest"]));
    assert!(
        shown.out.contains(&format!("--map '{rule}'")),
        "{}",
        shown.out
    );

    let pattern = format!("{}/(.*)={PLEX_FILMS}/$1", lab.films().display());
    let tested =
        run(both(&lab, &["rules", "test"]).args(["--map-regex", &pattern, "--json", "x/y.mkv"]));
    tested.assert_code(0);
    let json = tested.json();
    let test = &json["test"];
    assert!(test["matched"].as_u64() > Some(5), "{json}");
    assert_eq!(
        test["paths"][0]["plexPath"],
        format!("{PLEX_FILMS}/x/y.mkv")
    );
    let shown = run(both(&lab, &["rules", "test"]).args(["--map-regex", &pattern]));
    assert!(shown.out.contains("would match"), "{}", shown.out);

    let bad = run(both(&lab, &["rules", "test"]).args(["--map-regex", "/x/(=/y"]));
    bad.assert_code(2)
        .assert_says(&["Path rule 1", "character 4", "never closed"]);
    assert_eq!(lab.emulator.statistics().changing(), 0);

    let synced = run(both(&lab, &["sync"]).args(["--map-regex", &pattern]));
    synced.assert_code(0);
    lab.assert_right();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn matches_are_listed_and_chosen() {
    let lab = Lab::new(&small(12)).await;
    let rule = format!("{}={PLEX_FILMS}", lab.films().display());
    let all = run(both(&lab, &["matches"]).args(["--map", &rule, "--json", "--all"]));
    all.assert_code(0);
    let json = all.json();
    let rows = json["list"]["rows"].as_array().cloned().unwrap_or_default();
    assert_eq!(Some(rows.len() as u64), json["list"]["items"].as_u64());
    let matched = rows
        .iter()
        .find(|row| row["state"] == "matched")
        .expect("some match");
    let id = matched["sourceId"].as_str().expect("it has an id");
    let shown = run(both(&lab, &["matches"]).args(["--map", &rule]));
    assert!(
        shown.out.contains(&format!("{id} [matched]")),
        "{}",
        shown.out
    );

    let refused = run(both(&lab, &["matches", "reject", id]).args(["--map", &rule]));
    refused.assert_code(0);
    assert!(refused.out.contains("never means"), "{}", refused.out);
    let missing = run(both(&lab, &["matches"]).args(["--map", &rule, "--missing"]));
    assert!(
        missing.out.contains(&format!("{id} [ruled out]")),
        "{}",
        missing.out
    );
    let key = matched["items"][0]["item"]["ratingKey"].to_string();
    let taken = run(both(&lab, &["matches", "accept", id, &key]).args(["--map", &rule]));
    taken.assert_code(0);
    assert!(taken.out.contains(" means "), "{}", taken.out);
    let unknown = run(both(&lab, &["matches", "accept", "no.nfo"]).args(["--map", &rule]));
    unknown
        .assert_code(2)
        .assert_says(&["has no item no.nfo", "Nothing was changed."]);
    run(both(&lab, &["matches", "accept"]).args(["--map", &rule])).assert_code(2);
    run(both(&lab, &["matches", "--all", "--missing"]).args(["--map", &rule])).assert_code(2);
    assert_eq!(lab.emulator.statistics().changing(), 0);
}
