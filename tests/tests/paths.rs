//! Rules and matches as a person meets them: suggested, tried, saved; what has no match, why, and what a yes or no does.

use std::time::Duration;

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, FILMS_SECTION, Generated, PLEX_FILMS, Plan};
use syncslate_engine::face::{
    Answer, Command, CommandError, MatchFilter, MatchList, MatchRow, MatchState, PathRule,
    Question, Reply, RuleSuggestion, RuleTest, RunState,
};
use syncslate_tests::{Life, Way, World};

fn films(count: usize) -> Generated {
    generator::generate(&Plan {
        seed: 21,
        films: count,
        image: (12, 18),
        ..Plan::default()
    })
}

fn ask(world: &World, question: Question) -> Result<Answer, CommandError> {
    world
        .live(&Life::default(), async |handle| handle.ask(question).await)
        .expect("nothing kills this life")
}

fn suggest(world: &World) -> Vec<RuleSuggestion> {
    match ask(world, Question::SuggestRules) {
        Ok(Answer::RulesSuggested { rules, .. }) => rules,
        other => panic!("{other:?}"),
    }
}

fn test(world: &World, rules: Vec<PathRule>, paths: &[&str]) -> RuleTest {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    match ask(world, Question::TestRules { rules, paths }) {
        Ok(Answer::RulesTested { test }) => test,
        other => panic!("{other:?}"),
    }
}

fn list(world: &World, which: MatchFilter) -> MatchList {
    match ask(world, Question::Matches { which, limit: None }) {
        Ok(Answer::Matches { list }) => list,
        other => panic!("{other:?}"),
    }
}

fn row(world: &World, source_id: &str) -> MatchRow {
    let rows = list(world, MatchFilter::All).rows;
    let row = rows.into_iter().find(|row| row.source_id == source_id);
    row.unwrap_or_else(|| panic!("{source_id} is not listed"))
}

fn accept(source_id: &str, rating_key: Option<u64>) -> Question {
    Question::AcceptMatch {
        source_id: source_id.to_owned(),
        rating_key,
    }
}

fn reject(source_id: &str, rating_key: Option<u64>) -> Question {
    Question::RejectMatch {
        source_id: source_id.to_owned(),
        rating_key,
    }
}

/// A film that a sync writes, of one file in a folder of its own: its path in Plex and its source id.
fn written_film(world: &World, generated: &Generated, nth: usize) -> (String, String) {
    let films = generated.expected.section(FILMS_SECTION);
    let mut films = films.filter_map(|(path, want)| {
        let nfo = world.nfo_of(path);
        let inside = nfo.strip_prefix(world.films()).ok()?;
        let item = world.emulator.state().sections[FILMS_SECTION].items[path].clone();
        (want.written.contains("summary") && nfo.exists() && item.files.len() == 1)
            .then(|| (path.to_owned(), inside.to_string_lossy().replace('\\', "/")))
    });
    films.nth(nth).expect("there are such films")
}

/// Moves a film's file into another folder in Plex, as a person does who has the two sides named differently.
fn move_apart(world: &World, path: &str, nth: usize) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let to = format!("{PLEX_FILMS}/Moved {nth}/{nth} {name}");
    // The file's name must stay alone of its kind, and the source's file bears it too.
    let to = to.replace(&format!("{nth} {name}"), name);
    assert!(world.emulator.move_file(path, &to), "{path} is there");
    to
}

#[test]
fn suggested_rules_are_tried_and_then_match() {
    let generated = films(60);
    let mut world = World::new(&generated, Habits::default());
    let rule = world.settings.path_rules[0].clone();
    world.settings.path_rules = Vec::new();
    let without = test(&world, Vec::new(), &[]);
    assert_eq!((without.matched, without.no_rule), (0, 0), "{without:#?}");
    assert_eq!(without.items, without.not_in_plex, "{without:#?}");

    let suggested = suggest(&world);
    assert_eq!(suggested.len(), 1, "{suggested:#?}");
    let found = suggested[0].rule.clone();
    assert_eq!(found, rule, "the source's folder leads to the section's");

    let tried = test(&world, vec![found.clone()], &[]);
    let expected = &generated.expected;
    let listed = expected.source_files + expected.broken + expected.misplaced;
    assert_eq!(tried.items as usize, listed, "{tried:#?}");
    assert!(tried.matched > 40 && tried.no_rule == 0, "{tried:#?}");
    assert_eq!(tried.rules[0].matched, tried.matched);
    assert!(
        tried.paths.iter().any(|path| !path.items.is_empty()),
        "{tried:#?}"
    );
    assert!(
        tried.paths.iter().any(|path| path.items.is_empty()),
        "{tried:#?}"
    );
    assert!(
        !tried.plex_paths.is_empty() && tried.plex_without_source > 0,
        "{tried:#?}"
    );

    // A pattern that says the same does the same.
    let folder = world.films().to_string_lossy().into_owned();
    let pattern = PathRule::regex(
        format!("{folder}/(?<rest>.+)"),
        format!("{PLEX_FILMS}/${{rest}}"),
    );
    let by_pattern = test(&world, vec![pattern.clone()], &[]);
    assert_eq!(by_pattern.matched, tried.matched);
    let cut = test(
        &world,
        vec![PathRule::prefix("/nowhere", "/x"), found],
        &["gone/a.mkv", "/nowhere/a.mkv"],
    );
    let shown: Vec<_> = cut
        .paths
        .iter()
        .map(|path| (path.rule, path.plex_path.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            (Some(1), Some("/plex/Films/gone/a.mkv")),
            (Some(0), Some("/x/a.mkv"))
        ]
    );
    assert_eq!(world.transport.writes_since(0), Vec::<String>::new());

    world.settings.path_rules = vec![pattern];
    let synced = world.sync();
    assert_eq!(synced.state, RunState::Done, "{synced:#?}");
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_mixed_library_is_told_its_rules() {
    let generated = generator::mixed(1, 600);
    let mut world = World::new(&generated, Habits::default());
    let right = test(&world, world.settings.path_rules.clone(), &[]);
    world.settings.path_rules = Vec::new();
    let suggested: Vec<PathRule> = suggest(&world).into_iter().map(|one| one.rule).collect();
    let tried = test(&world, suggested.clone(), &[]);
    assert_eq!(tried.matched, right.matched, "{suggested:#?}");
    world.settings.path_rules = suggested;
    world.sync();
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_bad_pattern_is_refused_with_its_place() {
    let world = World::new(&films(3), Habits::default());
    let rules = vec![PathRule::regex("/mnt/(films", "/d")];
    let error = ask(
        &world,
        Question::TestRules {
            rules,
            paths: Vec::new(),
        },
    )
    .unwrap_err();
    assert_eq!(error.code, "settings");
    assert!(
        error.message.contains("at character 6 of the pattern"),
        "{}",
        error.message
    );
}

#[test]
fn every_source_item_says_what_became_of_it() {
    let generated = films(120);
    let mut world = World::new(&generated, Habits::default());
    let all = list(&world, MatchFilter::All);
    assert_eq!(all.rows.len(), all.items as usize);
    let counted =
        all.matched + all.also_here + all.not_in_plex + all.no_rule + all.ambiguous + all.rejected;
    assert_eq!(counted, all.items, "{all:#?}");
    let matched = all
        .rows
        .iter()
        .find(|row| row.state == MatchState::Matched)
        .expect("some match");
    let evidence = &matched.items[0];
    assert_eq!(
        (evidence.rule, evidence.chosen, evidence.writer.as_ref()),
        (Some(0), false, None)
    );
    assert!(evidence.plex_path.starts_with(PLEX_FILMS), "{evidence:?}");
    assert!(
        evidence
            .source_path
            .starts_with(&*world.films().to_string_lossy()),
        "{evidence:?}"
    );
    let missing = list(&world, MatchFilter::Missing);
    assert!(
        missing
            .rows
            .iter()
            .all(|row| row.items.is_empty() && !row.why.is_empty())
    );
    assert_eq!(
        u32::try_from(missing.rows.len()).expect("not that many"),
        all.items - all.matched - all.also_here
    );
    // One source item more that means the same film: it says who writes.
    let (path, id) = written_film(&world, &generated, 0);
    let media = world.films().join(
        path.strip_prefix(PLEX_FILMS)
            .expect("a film")
            .trim_start_matches('/'),
    );
    let second = if id.ends_with("movie.nfo") {
        media.with_extension("nfo")
    } else {
        media.with_file_name("movie.nfo")
    };
    std::fs::copy(world.films().join(&id), &second).expect("room for a file");
    let again = list(&world, MatchFilter::All);
    if again.items > all.items {
        assert_eq!(again.also_here, all.also_here + 1);
        let other = again.rows.iter().find(|row| {
            row.state == MatchState::AlsoHere && row.items.iter().any(|item| item.plex_path == path)
        });
        let writer = other.expect("it is listed").items[0]
            .writer
            .clone()
            .expect("somebody writes");
        assert!(again.rows.iter().any(|row| row.source_id == writer));
    }
    // Under a rule for another folder nothing is covered.
    world.settings.path_rules = vec![PathRule::prefix("/nowhere", "/x")];
    let uncovered = list(&world, MatchFilter::Missing);
    assert_eq!(uncovered.no_rule, uncovered.items, "{uncovered:#?}");
    assert!(
        uncovered.rows[0].why.contains("No path rule covers"),
        "{:?}",
        uncovered.rows[0]
    );
    assert!(
        uncovered.suggested > 0,
        "the same file names are still suggested"
    );
    assert_eq!(world.transport.writes_since(0), Vec::<String>::new());
}

#[test]
fn what_resembles_waits_for_a_yes_and_then_is_written() {
    let generated = films(60);
    let world = World::new(&generated, Habits::default());
    let (path, id) = written_film(&world, &generated, 0);
    let key = world.emulator.key_of(&path).expect("it is there");
    let moved = move_apart(&world, &path, 1);

    let before = row(&world, &id);
    assert_eq!(before.state, MatchState::NotInPlex, "{before:#?}");
    assert_eq!(before.paths, std::slice::from_ref(&path));
    assert_eq!(before.suggestions.len(), 1, "{before:#?}");
    assert_eq!(before.suggestions[0].item.rating_key, key);
    assert_eq!(before.suggestions[0].plex_path, moved);
    let suggested = list(&world, MatchFilter::Suggested);
    assert!(suggested.rows.iter().any(|row| row.source_id == id));

    // A suggestion alone writes nothing.
    let summary = |world: &World| {
        let state = world.state();
        state.sections[FILMS_SECTION].items[&moved].clone()
    };
    let untouched = summary(&world);
    assert_eq!(world.sync().state, RunState::Done);
    assert_eq!(summary(&world), untouched);

    let answer = ask(&world, accept(&id, None)).expect("there is something to accept");
    let Answer::Chosen {
        accepted, rejected, ..
    } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!((accepted[0].rating_key, rejected.len()), (key, 0));
    let chosen = row(&world, &id);
    assert_eq!(chosen.state, MatchState::Matched);
    assert!(chosen.items[0].chosen, "{chosen:#?}");
    let synced = world.sync();
    assert_eq!(
        (synced.state, synced.changed),
        (RunState::Done, 1),
        "{synced:#?}"
    );
    let want = generated
        .expected
        .get(FILMS_SECTION, &path)
        .expect("it is expected");
    let held =
        generator::Held::from_state(&world.emulator.state().sections[FILMS_SECTION].items[&moved]);
    let wrong = want.differences(&held, false);
    assert!(wrong.is_empty(), "{wrong:?}");

    // Nothing changed: nothing is read or written again.
    let quiet = world.sync();
    assert_eq!((quiet.changed, quiet.written), (0, 0), "{quiet:#?}");
    assert_eq!(quiet.requests.get("details"), None, "{:?}", quiet.requests);
}

#[test]
fn a_choice_follows_an_item_that_plex_re_keyed_and_goes_with_one_that_is_gone() {
    let generated = films(60);
    let world = World::new(&generated, Habits::default());
    let (path, id) = written_film(&world, &generated, 0);
    let key = world.emulator.key_of(&path).expect("it is there");
    let moved = move_apart(&world, &path, 1);
    ask(&world, accept(&id, None)).expect("accepted");
    assert_eq!(world.sync().state, RunState::Done);

    let key_now = world.emulator.rekey(key).expect("it is there");
    world.clock.pass(std::time::Duration::from_hours(24 * 8));
    let synced = world.sync();
    assert_eq!(synced.state, RunState::Done, "{synced:#?}");
    let healed = row(&world, &id);
    assert!(healed.items[0].chosen, "{healed:#?}");
    assert_eq!(healed.items[0].item.rating_key, key_now);
    // Its file moves while the key stays: still the same item; the next time it is known by the new path too.
    let elsewhere = format!("{PLEX_FILMS}/Elsewhere/Other name.mkv");
    assert!(world.emulator.move_file(&moved, &elsewhere));
    world.clock.pass(std::time::Duration::from_hours(24 * 8));
    world.sync();
    assert_eq!(row(&world, &id).items[0].item.rating_key, key_now);

    world.emulator.delete(key_now).expect("it is there");
    world.clock.pass(std::time::Duration::from_hours(24 * 8));
    assert_eq!(world.sync().state, RunState::Done);
    let gone = row(&world, &id);
    assert_eq!(
        (gone.state, gone.items.len()),
        (MatchState::NotInPlex, 0),
        "{gone:#?}"
    );
}

#[test]
fn a_no_holds_for_suggestions_and_for_matches() {
    let generated = films(60);
    let world = World::new(&generated, Habits::default());
    let (path, id) = written_film(&world, &generated, 0);
    let (other_path, other_id) = written_film(&world, &generated, 1);
    move_apart(&world, &path, 1);
    // A suggestion that is none.
    ask(&world, reject(&id, None)).expect("there is a suggestion");
    let refused = row(&world, &id);
    assert!(refused.suggestions.is_empty(), "{refused:#?}");
    assert_eq!(ask(&world, accept(&id, None)).unwrap_err().code, "no_match");
    // A match by full path that a person knows to be wrong.
    ask(&world, reject(&other_id, None)).expect("it matches");
    let ruled_out = row(&world, &other_id);
    assert_eq!(
        (ruled_out.state, ruled_out.items.len()),
        (MatchState::Rejected, 0),
        "{ruled_out:#?}"
    );
    let before = world.state().sections[FILMS_SECTION].items[&other_path].clone();
    assert_eq!(world.sync().state, RunState::Done);
    assert_eq!(
        world.state().sections[FILMS_SECTION].items[&other_path],
        before
    );
    // A yes takes the no back.
    let key = world.emulator.key_of(&other_path).expect("it is there");
    ask(&world, accept(&other_id, Some(key))).expect("named");
    let synced = world.sync();
    assert_eq!(synced.changed, 1, "{synced:#?}");

    for (question, words) in [
        (
            accept("nothing/like.nfo", None),
            "The source has no item nothing/like.nfo",
        ),
        (
            accept(&id, Some(999_999)),
            "There is no item 999999 in “Films”",
        ),
        (
            reject(&id, None),
            "matches nothing, and nothing is suggested",
        ),
    ] {
        let error = ask(&world, question).unwrap_err();
        assert_eq!(error.code, "no_match");
        assert!(error.message.contains(words), "{}", error.message);
        assert!(
            error.message.contains("Nothing was changed."),
            "{}",
            error.message
        );
    }
}

#[test]
fn a_sync_waits_for_a_question_that_is_being_answered() {
    let world = World::new(&films(30), Habits::default());
    // Plex takes time to answer, and others come to word meanwhile.
    world.transport.set_way(Way::of(Duration::from_millis(20)));
    let question = || Question::Matches {
        which: MatchFilter::Missing,
        limit: None,
    };
    let sync = || Command::Sync {
        dry_run: false,
        limit: None,
        only: None,
        unattended: false,
    };
    let (answer, tested, begun, again) = world
        .live(&Life::default(), async |handle| {
            futures::join!(
                handle.ask(question()),
                handle.command(Command::TestConnection),
                handle.command(sync()),
                handle.command(sync()),
            )
        })
        .expect("nobody kills it");
    assert!(matches!(answer, Ok(Answer::Matches { .. })), "{answer:?}");
    assert!(matches!(tested, Ok(Reply::Connected { .. })), "{tested:?}");
    assert!(matches!(begun, Ok(Reply::Started { .. })), "{begun:?}");
    // The second one finds a run, not a question.
    assert_eq!(again.unwrap_err().code, "busy");

    let (answer, begun, cancelled) = world
        .live(&Life::default(), async |handle| {
            futures::join!(
                handle.ask(question()),
                handle.command(sync()),
                handle.command(Command::Cancel),
            )
        })
        .expect("nobody kills it");
    assert_eq!(answer.unwrap_err().code, "cancelled");
    assert_eq!(begun.unwrap_err().code, "cancelled");
    assert!(matches!(cancelled, Ok(Reply::Done)), "{cancelled:?}");
}
