//! Rules that are told from the paths of both sides.

use super::super::*;

fn lines(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// `from → to (files of covered)`, one per line.
fn shown(suggested: &Suggested) -> String {
    let rules = suggested.rules.iter().map(|one| {
        let instead = match one.instead.as_slice() {
            [] => String::new(),
            other => format!(" or {}", other.join(", ")),
        };
        format!(
            "{} → {} ({} of {}){instead}",
            one.rule.from, one.rule.to, one.files, one.covered
        )
    });
    rules.collect::<Vec<_>>().join("\n")
}

/// `root/name (2001)/name (2001).mkv` for each name.
fn films(root: &str, names: &[&str]) -> Vec<String> {
    let separator = if root.contains('\\') { '\\' } else { '/' };
    names
        .iter()
        .map(|name| format!("{root}{separator}{name} (2001){separator}{name} (2001).mkv"))
        .collect()
}

/// Three seasons of two episodes; all shows have the same file names.
fn show(root: &str, name: &str) -> Vec<String> {
    let mut files = Vec::new();
    for season in 1..=3 {
        for episode in 1..=2 {
            files.push(format!(
                "{root}/{name}/Season {season}/S{season}E{episode}.mkv"
            ));
        }
    }
    files
}

const NAMES: [&str; 6] = ["Alien", "Brazil", "Cube", "Dune", "Eraserhead", "Fargo"];
const MORE: [&str; 5] = ["Gattaca", "Heat", "Ikiru", "Jaws", "Kes"];

#[test]
fn one_root_becomes_one_rule() {
    for (source, plex, folds, expected) in [
        // A container that sees the share elsewhere.
        (
            "/mnt/user/media",
            "/data/Films",
            false,
            "/mnt/user/media → /data/Films (6 of 6)",
        ),
        // The last folder has the same name on both sides: the rule holds for its neighbours too.
        (
            "/mnt/user/films",
            "/data/films",
            false,
            "/mnt/user → /data (6 of 6)",
        ),
        (
            r"D:\Media\Films",
            "/data/films",
            true,
            r"D:\Media → /data (6 of 6)",
        ),
        (
            r"D:\Media\Films",
            "/data/films",
            false,
            r"D:\Media\Films → /data/films (6 of 6)",
        ),
        (
            r"\\nas\media\films",
            "/volume1/video",
            false,
            r"\\nas\media\films → /volume1/video (6 of 6)",
        ),
        (
            "/Volumes/films",
            r"E:\Films",
            true,
            r"/Volumes → E: (6 of 6)",
        ),
        (
            "/Volumes/x",
            r"\\nas\media",
            true,
            r"/Volumes/x → \\nas\media (6 of 6)",
        ),
        ("/films", "/data/films", false, "/ → /data (6 of 6)"),
        // The same paths need no rule.
        ("/mnt/films", "/mnt/films", false, ""),
        ("/mnt/Films", "/mnt/films", true, ""),
        ("/mnt/Ame\u{301}lie", "/mnt/Am\u{e9}lie", false, ""),
    ] {
        let (source, plex) = (films(source, &NAMES), films(plex, &NAMES));
        let suggested = suggest_rules(BothSides {
            source: &source,
            plex: &plex,
            case_insensitive: folds,
            ..BothSides::default()
        });
        assert_eq!(shown(&suggested), expected, "{}", source[0]);
        let as_they_are = if expected.is_empty() { 6 } else { 0 };
        assert_eq!(suggested.as_they_are, as_they_are, "{}", source[0]);
    }
}

#[test]
fn the_sources_folder_is_the_left_side_where_it_can_be() {
    let source = films("/mnt/user/films", &NAMES);
    let plex = films("/data/films", &NAMES);
    let suggested = suggest_rules(BothSides {
        source: &source,
        source_roots: &lines(&["/mnt/user/films"]),
        plex: &plex,
        plex_roots: &lines(&["/data/films"]),
        case_insensitive: false,
    });
    assert_eq!(shown(&suggested), "/mnt/user/films → /data/films (6 of 6)");
}

#[test]
fn several_roots_become_several_rules() {
    // Two sections on two mounts, and one more folder whose files Plex does not have.
    let mut source = films("/mnt/media/movies", &NAMES);
    source.extend(films("/mnt/media/kids", &MORE));
    source.extend(films("/mnt/media/home", &["Birthday", "Wedding"]));
    let mut plex = films("/data/Films", &NAMES);
    plex.extend(films("/kids/Films", &MORE));
    plex.extend(films("/data/Films", &["Zardoz"]));
    let suggested = suggest_rules(BothSides {
        source: &source,
        source_roots: &lines(&["/mnt/media"]),
        plex: &plex,
        plex_roots: &lines(&["/data/Films", "/kids/Films"]),
        case_insensitive: false,
    });
    assert_eq!(
        shown(&suggested),
        "/mnt/media/kids → /kids/Films (5 of 5)\n/mnt/media/movies → /data/Films (6 of 6)"
    );
    assert_eq!(suggested.files, 13);
}

#[test]
fn a_deeper_rule_comes_before_the_one_that_holds_the_rest() {
    let mut source = films("/mnt/media/films", &NAMES);
    source.extend(show("/mnt/media/tv", "Ark"));
    source.extend(show("/mnt/media/tv", "Bree"));
    let mut plex = films("/data/films", &NAMES);
    plex.extend(show("/data/shows", "Ark"));
    plex.extend(show("/data/shows", "Bree"));
    let suggested = suggest_rules(BothSides {
        source: &source,
        source_roots: &lines(&["/mnt/media"]),
        plex: &plex,
        plex_roots: &lines(&["/data/films", "/data/shows"]),
        case_insensitive: false,
    });
    assert_eq!(
        shown(&suggested),
        "/mnt/media/tv → /data/shows (12 of 12)\n/mnt/media → /data (6 of 6)"
    );
}

#[test]
fn two_disks_under_one_folder_of_plex() {
    let mut source = films("/mnt/disk1/films", &NAMES);
    source.extend(films("/mnt/disk2/films", &MORE));
    let mut plex = films("/data/films", &NAMES);
    plex.extend(films("/data/films", &MORE));
    let suggested = suggest_rules(BothSides {
        source: &source,
        plex: &plex,
        ..BothSides::default()
    });
    assert_eq!(
        shown(&suggested),
        "/mnt/disk1 → /data (6 of 6)\n/mnt/disk2 → /data (5 of 5)"
    );
}

#[test]
fn equal_file_names_in_other_folders_do_not_mislead() {
    // Twelve shows with the same file names; Plex lacks two of them and has two others.
    let of = |root: &str, names: &[&str]| -> Vec<String> {
        names.iter().flat_map(|name| show(root, name)).collect()
    };
    let shared = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let mut source = of("/mnt/tv", &shared);
    source.extend(of("/mnt/tv", &["Only here", "And here"]));
    let mut plex = of("/data/shows", &shared);
    plex.extend(of("/data/shows", &["Only there", "And there"]));
    for (roots, plex_roots) in [
        (lines(&["/mnt/tv"]), lines(&["/data/shows"])),
        (Vec::new(), Vec::new()),
    ] {
        let suggested = suggest_rules(BothSides {
            source: &source,
            source_roots: &roots,
            plex: &plex,
            plex_roots: &plex_roots,
            case_insensitive: false,
        });
        assert_eq!(shown(&suggested), "/mnt/tv → /data/shows (60 of 72)");
    }
    // Nothing but other shows: there is no rule to be told.
    let suggested = suggest_rules(BothSides {
        source: &of("/mnt/tv", &["K", "L", "M"]),
        source_roots: &lines(&["/mnt/tv"]),
        plex: &of("/data/shows", &["X", "Y", "Z"]),
        plex_roots: &lines(&["/data/shows"]),
        case_insensitive: false,
    });
    assert_eq!(shown(&suggested), "");
}

#[test]
fn files_directly_in_a_root_are_told_by_their_names() {
    let of = |root: &str, names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| format!("{root}/{name}.mkv"))
            .collect()
    };
    let suggest = |source: &[String], plex: &[String]| {
        shown(&suggest_rules(BothSides {
            source,
            plex,
            ..BothSides::default()
        }))
    };
    assert_eq!(
        suggest(&of("/mnt/films", &NAMES), &of("/data/Movies", &NAMES)),
        "/mnt/films → /data/Movies (6 of 6)"
    );
    // One equal name among many proves nothing, nor do names that are there twice.
    let mut other = of("/data/Movies", &MORE);
    other.push("/data/Movies/Alien.mkv".to_owned());
    assert_eq!(suggest(&of("/mnt/films", &NAMES), &other), "");
    let mut twice = of("/data/Movies", &NAMES);
    twice.extend(of("/data/Copies", &NAMES));
    assert_eq!(suggest(&of("/mnt/films", &NAMES), &twice), "");
}

#[test]
fn a_copy_elsewhere_is_named() {
    let source = films("/mnt/films", &NAMES);
    let mut plex = films("/data/Movies", &NAMES);
    plex.extend(films("/backup/Movies", &NAMES));
    let suggested = suggest_rules(BothSides {
        source: &source,
        plex: &plex,
        ..BothSides::default()
    });
    assert_eq!(
        shown(&suggested),
        "/mnt/films → /backup/Movies (6 of 6) or /data/Movies"
    );
    assert_eq!(suggested.rules[0].sure, 0, "no vote is sure");
}

#[test]
fn nothing_is_suggested_where_nothing_fits() {
    for (source, plex) in [
        (films("/mnt", &NAMES), films("/data", &MORE)),
        (films("/mnt", &NAMES), Vec::new()),
        (Vec::new(), films("/data", &NAMES)),
        (
            lines(&["", "/", "a", r"\\", "D:"]),
            lines(&["", "/", "a", r"\\", "D:"]),
        ),
    ] {
        let suggested = suggest_rules(BothSides {
            source: &source,
            plex: &plex,
            ..BothSides::default()
        });
        assert_eq!(shown(&suggested), "", "{source:?}");
    }
}

#[test]
fn a_hundred_thousand_paths_take_seconds_at_most() {
    let mut source = Vec::new();
    let mut plex = Vec::new();
    for number in 0..100_000 {
        let (disk, show) = (number % 3, number / 40);
        let tail = format!(
            "Show {show}/Season {}/S{}E{}.mkv",
            number % 40 / 10,
            number % 40 / 10,
            number % 10
        );
        source.push(format!("/mnt/disk{disk}/tv/{tail}"));
        plex.push(format!("/data/{disk}/tv/{tail}"));
    }
    let begun = std::time::Instant::now();
    let suggested = suggest_rules(BothSides {
        source: &source,
        plex: &plex,
        ..BothSides::default()
    });
    let matched: usize = suggested.rules.iter().map(|one| one.files).sum();
    assert_eq!(
        (suggested.rules.len(), matched),
        (3, 100_000),
        "{}",
        shown(&suggested)
    );
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
