//! What holds of all rules and all paths.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::super::path::segments;
use super::super::*;
use crate::face::PathRule;

/// Paths of few names, so that rules fit often.
fn path() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("a"),
        Just("A"),
        Just("b"),
        Just("b c"),
        Just("é"),
        Just("e\u{301}"),
        Just("ß"),
        Just(""),
        Just(".."),
    ];
    let root = prop_oneof![
        Just(""),
        Just("/"),
        Just("//"),
        Just("D:/"),
        Just("d:\\"),
        Just("\\\\"),
        Just("\\\\?\\")
    ];
    (
        root,
        prop::collection::vec(name, 0..5),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(root, names, backslashes, ends)| {
            let separator = if backslashes { "\\" } else { "/" };
            let end = if ends { separator } else { "" };
            format!("{root}{}{end}", names.join(separator))
        })
}

/// Prefix rules once more, in the plainest way: by comparing texts.
fn naive(rules: &[(String, String)], path: &str) -> Option<(String, usize)> {
    let plain = |text: &str| {
        let text: String = text.nfc().collect::<String>().replace('\\', "/");
        let (text, rooted) = match text.strip_prefix("//?/") {
            Some(rest) => match rest.strip_prefix("UNC/") {
                Some(share) => (share.to_owned(), true),
                None => (rest.to_owned(), false),
            },
            None => (text.clone(), text.starts_with('/')),
        };
        let mut names: Vec<String> = text
            .split('/')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        if rooted {
            names.insert(0, String::new());
        }
        if names
            .first()
            .is_some_and(|first| first.len() == 2 && first.ends_with(':'))
        {
            names[0] = names[0].to_uppercase();
        }
        // With a separator behind every name, a text begins with another only at the end of a folder.
        names
            .into_iter()
            .flat_map(|name| [name, "/".to_owned()])
            .collect::<String>()
    };
    rules.iter().enumerate().find_map(|(number, (from, to))| {
        let (whole, begin) = (plain(path), plain(from));
        let is_windows = from.contains('\\') || begin.starts_with("D:");
        let fits = if is_windows {
            crate::text::fold(&whole).starts_with(&crate::text::fold(&begin))
        } else {
            whole.starts_with(&begin)
        };
        if begin.is_empty() || !fits {
            return None;
        }
        let depth = begin.matches('/').count();
        let rest: Vec<&str> = whole
            .split('/')
            .skip(depth)
            .filter(|name| !name.is_empty())
            .collect();
        Some((
            normalise_path(
                &format!("{}/{}", to.trim_end_matches(['/', '\\']), rest.join("/")),
                false,
            ),
            number,
        ))
    })
}

proptest! {
    #[test]
    fn prefix_rules_do_what_a_plain_reading_of_them_says(
        rules in prop::collection::vec((path(), path()), 1..4),
        path in path(),
    ) {
        let made: Vec<PathRule> = rules.iter().map(|(from, to)| PathRule::prefix(from, to)).collect();
        let mapped = PathRules::new(&made).expect("prefixes always compile").apply(&path);
        let mapped = mapped.map(|mapped| (normalise_path(&mapped.path, false), mapped.rule.expect("there are rules")));
        // A drive or share that arises from joining is another path's beginning, which the model does not know.
        let odd = rules.iter().any(|(_, to)| to.trim_end_matches(['/', '\\']).is_empty() || to.contains('?'));
        let expected = naive(&rules, &path);
        if odd {
            prop_assert_eq!(mapped.map(|(_, rule)| rule), expected.map(|(_, rule)| rule));
        } else {
            prop_assert_eq!(mapped, expected);
        }
    }

    #[test]
    fn nothing_that_a_person_types_makes_rules_panic(from in ".{0,24}", to in ".{0,24}", path in ".{0,24}") {
        for rule in [PathRule::regex(&from, &to), PathRule::prefix(&from, &to)] {
            if let Ok(rules) = PathRules::new(&[rule]) {
                let _ = rules.apply(&path);
            }
        }
    }

    #[test]
    fn nothing_that_looks_like_a_pattern_makes_rules_panic(
        from in r"[/\\()\[\]{}.*+?|^$a-d:é0-3<>-]{0,16}",
        to in r"[/\\${}a-c0-3:]{0,12}",
        path in path(),
    ) {
        match PathRules::new(&[PathRule::regex(&from, &to)]) {
            Ok(rules) => drop(rules.apply(&path)),
            Err(error) => prop_assert!(error.message.starts_with("Path rule 1: "), "{}", error),
        }
    }

    #[test]
    fn a_quoted_path_is_a_pattern_of_that_path_alone(path in path(), other in path()) {
        let pattern: String = normalise_path(&path, false)
            .chars()
            .map(|c| if c.is_ascii_punctuation() && c != '/' { format!("\\{c}") } else { c.to_string() })
            .collect();
        prop_assume!(!pattern.is_empty());
        let rules = PathRules::new(&[PathRule::regex(&pattern, "/x")]).expect("quoted");
        prop_assert!(rules.apply(&path).is_some());
        let same = normalise_path(&path, false) == normalise_path(&other, false);
        prop_assert_eq!(rules.apply(&other).is_some(), same);
    }

    #[test]
    fn a_suggested_rule_matches_what_it_claims(
        source in prop::collection::vec(path(), 0..30),
        plex in prop::collection::vec(path(), 0..30),
        roots in prop::collection::vec(path(), 0..2),
        case_insensitive: bool,
    ) {
        let sides = BothSides { source: &source, source_roots: &roots, plex: &plex, plex_roots: &[], case_insensitive };
        let suggested = suggest_rules(sides);
        let plain: Vec<PathRule> = suggested.rules.iter().map(|one| one.rule.clone()).collect();
        let rules = PathRules::new(&plain).expect("suggestions compile");
        let held: Vec<String> = plex.iter().map(|path| normalise_path(path, case_insensitive)).collect();
        let mut seen = std::collections::BTreeSet::new();
        let mut counted = vec![(0, 0); plain.len()];
        for path in &source {
            let names: Vec<String> = segments(path)
                .into_iter()
                .map(|name| if case_insensitive { crate::text::fold(&name) } else { name })
                .collect();
            if names.is_empty() || !seen.insert(names) {
                continue;
            }
            let Some(mapped) = rules.apply(path) else { continue };
            let Some(rule) = mapped.rule else { continue };
            counted[rule].0 += 1;
            counted[rule].1 += usize::from(held.contains(&normalise_path(&mapped.path, case_insensitive)));
        }
        for (one, (covered, files)) in suggested.rules.iter().zip(counted) {
            prop_assert_eq!((one.covered, one.files), (covered, files), "{:?}", one);
            prop_assert!(one.files > 0);
        }
        // The order in which a walk lists files decides nothing.
        let turned: Vec<String> = plex.iter().rev().cloned().collect();
        let again = suggest_rules(BothSides { plex: &turned, ..sides });
        prop_assert_eq!(again.files, suggested.files);
    }

    #[test]
    fn rules_are_found_again(
        films in prop::collection::btree_set("[a-f]{3,6}", 4..40),
        windows: bool,
    ) {
        let source: Vec<String> = films.iter().map(|film| format!("/mnt/user/films/{film}/{film}.mkv")).collect();
        let plex: Vec<String> = films
            .iter()
            .map(|film| if windows { format!("F:\\Filme\\{film}\\{film}.mkv") } else { format!("/data/Filme/{film}/{film}.mkv") })
            .collect();
        let suggested = suggest_rules(BothSides { source: &source, plex: &plex, ..BothSides::default() });
        let to = if windows { r"F:\Filme" } else { "/data/Filme" };
        prop_assert_eq!(suggested.rules.len(), 1);
        prop_assert_eq!(&suggested.rules[0].rule, &PathRule::prefix("/mnt/user/films", to));
        prop_assert_eq!(suggested.rules[0].files, films.len());
    }
}
