mod laws;
mod patterns;
mod resembling;
mod suggestions;

use uuid::Uuid;

use super::*;
use crate::face::PathRule;
use crate::model::{Aim, ItemKey, RatingKey, ServerNumber, SourceNumber};

fn key(section: u128, item: u64) -> ItemKey {
    ItemKey {
        server: ServerNumber(1),
        section: Uuid::from_u128(section),
        rating_key: RatingKey(item),
    }
}

#[test]
fn spellings_of_one_path_are_equal() {
    for (path, folded, expected) in [
        ("/data//Movies/", false, "/data/Movies"),
        ("/data/Ame\u{301}lie.mkv", false, "/data/Amélie.mkv"),
        (r"d:\Films\\A.mkv", false, "D:/Films/A.mkv"),
        (r"\\nas\films\A.mkv", false, "/nas/films/A.mkv"),
        (r"\\?\UNC\nas\films\A.mkv", false, "/nas/films/A.mkv"),
        (r"\\?\D:\Films\A.mkv", false, "D:/Films/A.mkv"),
        ("//nas/films", false, "/nas/films"),
        (r"D:\Films\STRAẞE.mkv", true, "d:/films/strasse.mkv"),
        ("/", false, "/"),
        ("", false, ""),
        ("a/b", false, "a/b"),
    ] {
        assert_eq!(normalise_path(path, folded), expected, "{path}");
    }
    assert_ne!(path_hash("/a/B", false), path_hash("/a/b", false));
    assert_eq!(path_hash("/a/B", true), path_hash(r"\a\b", true));
    assert_eq!(
        path_hash("abc", false).0[..4],
        [0xa9, 0x99, 0x3e, 0x36],
        "the SHA-1 of abc"
    );
}

#[test]
fn rules_rewrite_at_folder_boundaries() {
    let rule = |from: &str, to: &str| PathRule::prefix(from, to);
    let none: &[PathRule] = &[];
    for (rules, path, expected) in [
        (none, "/m//a.mkv", Some(("/m//a.mkv", None))),
        (
            &[rule("/mnt/films", "/data")][..],
            "/mnt/films/x/a.mkv",
            Some(("/data/x/a.mkv", Some(0))),
        ),
        (
            &[rule("/mnt/films/", "/data/")],
            "/mnt/films/x/a.mkv",
            Some(("/data/x/a.mkv", Some(0))),
        ),
        (&[rule("/mnt/films", "/data")], "/mnt/films2/a.mkv", None),
        (&[rule("/mnt/films", "/data")], "/mnt/Films/a.mkv", None),
        (
            &[rule("/mnt", "/a"), rule("/mnt/films", "/b")],
            "/mnt/films/a.mkv",
            Some(("/a/films/a.mkv", Some(0))),
        ),
        (
            &[rule("/x", "/a"), rule("/mnt", "/b/")],
            "/mnt/films/a.mkv",
            Some(("/b/films/a.mkv", Some(1))),
        ),
        (
            &[rule("/", "/plex")],
            "/mnt/a.mkv",
            Some(("/plex/mnt/a.mkv", Some(0))),
        ),
        (
            &[rule("/mnt", "/")],
            "/mnt/a.mkv",
            Some(("/a.mkv", Some(0))),
        ),
        (
            &[rule(r"D:\Films\", "/data")],
            r"d:\films\x\a.mkv",
            Some(("/data/x/a.mkv", Some(0))),
        ),
        (
            &[rule("D:/Films", "/data")],
            r"D:\Films\x\a.mkv",
            Some(("/data/x/a.mkv", Some(0))),
        ),
        (
            &[rule(r"\\nas\films", "/data")],
            r"\\NAS\films\a.mkv",
            Some(("/data/a.mkv", Some(0))),
        ),
        (
            &[rule("/mnt/films", r"E:\Plex\")],
            "/mnt/films/x/a.mkv",
            Some((r"E:\Plex\x\a.mkv", Some(0))),
        ),
        (
            &[rule("/mnt/films", "E:")],
            "/mnt/films/a.mkv",
            Some((r"E:\a.mkv", Some(0))),
        ),
        (&[rule("", "/data")], "/a.mkv", None),
        (
            &[rule("/mnt/Ame\u{301}lie", "/data")],
            "/mnt/Amélie/a.mkv",
            Some(("/data/a.mkv", Some(0))),
        ),
    ] {
        let mapped = PathRules::new(rules).unwrap().apply(path);
        let mapped = mapped
            .as_ref()
            .map(|mapped| (mapped.path.as_str(), mapped.rule));
        assert_eq!(mapped, expected, "{path} by {rules:?}");
    }
}

#[test]
fn the_full_path_decides() {
    let file = |name: &str, hits: &[ItemKey]| FileHits {
        source_path: format!("/mnt/{name}"),
        mapped: Some(Mapped {
            path: format!("/data/{name}"),
            rule: Some(0),
        }),
        hits: hits
            .iter()
            .map(|&key| Hit {
                key,
                parent: None,
                grandparent: None,
                parent_index: None,
            })
            .collect(),
    };
    let uncovered = FileHits {
        source_path: "/else/a.mkv".into(),
        mapped: None,
        hits: Vec::new(),
    };
    let show = |files: &[FileHits]| match decide(files, Aim::Item) {
        MatchOutcome::Matched(matches) => matches
            .iter()
            .map(|one| format!("{}<{}", one.key.rating_key.0, one.evidence.plex_path))
            .collect::<Vec<_>>()
            .join(" "),
        MatchOutcome::NotInPlex { paths } => format!("not in Plex: {}", paths.join(" ")),
        MatchOutcome::NoRule { source_path } => format!("no rule: {source_path}"),
        MatchOutcome::Ambiguous { why } => why,
    };
    let (one, two, other_section) = (key(1, 1), key(1, 2), key(2, 9));
    for (files, expected) in [
        (vec![], "not in Plex: "),
        (vec![file("a", &[one])], "1</data/a"),
        (
            vec![file("a", &[other_section, one])],
            "1</data/a 9</data/a",
        ),
        (vec![file("a", &[one]), file("b", &[one])], "1</data/a"),
        (vec![file("sample", &[]), file("b", &[one])], "1</data/b"),
        (
            vec![file("a", &[one]), file("b", &[other_section])],
            "1</data/a 9</data/b",
        ),
        (
            vec![file("a", &[one]), file("b", &[one, two])],
            "1</data/a 2</data/b",
        ),
        (
            vec![file("a", &[one]), file("b", &[two])],
            "“a” and “b” belong to different items in Plex.",
        ),
        (
            vec![file("a", &[]), file("b", &[])],
            "not in Plex: /data/a /data/b",
        ),
        (vec![uncovered.clone()], "no rule: /else/a.mkv"),
        (
            vec![uncovered.clone(), file("a", &[])],
            "not in Plex: /data/a",
        ),
        (vec![uncovered, file("a", &[one])], "1</data/a"),
    ] {
        assert_eq!(show(&files), expected, "{files:?}");
    }
}

#[test]
fn shows_and_albums_are_what_their_files_are_part_of() {
    // Season 1 of show 10 is 11, season 2 is 12; 20 is another show.
    let episode = |name: &str, show, season, number| FileHits {
        source_path: format!("/mnt/{name}"),
        mapped: Some(Mapped {
            path: format!("/data/{name}"),
            rule: Some(0),
        }),
        hits: vec![Hit {
            key: key(1, 100),
            parent: Some(season),
            grandparent: Some(show),
            parent_index: Some(number),
        }],
    };
    let unheld = FileHits {
        hits: Vec::new(),
        ..episode("c", 10, 11, 1)
    };
    let one = || episode("a", 10, 11, 1);
    let two = || episode("b", 10, 12, 2);
    let stray = || episode("d", 20, 21, 1);
    let orphan = FileHits {
        hits: vec![Hit {
            grandparent: None,
            ..one().hits[0]
        }],
        ..one()
    };
    let show = |files: &[FileHits], aim| match decide(files, aim) {
        MatchOutcome::Matched(found) => found
            .iter()
            .map(|found| found.key.rating_key.0.to_string())
            .collect::<Vec<_>>()
            .join(" "),
        MatchOutcome::NotInPlex { .. } => "not in Plex".to_owned(),
        MatchOutcome::NoRule { .. } => "no rule".to_owned(),
        MatchOutcome::Ambiguous { .. } => "ambiguous".to_owned(),
    };
    for (files, aim, expected) in [
        (vec![one(), two(), unheld.clone()], Aim::Grandparent, "10"),
        (vec![one(), two()], Aim::Parent(Some(2)), "12"),
        (vec![one(), two()], Aim::Parent(Some(3)), "not in Plex"),
        (vec![one(), two()], Aim::Parent(None), "ambiguous"),
        (vec![one(), unheld.clone()], Aim::Parent(None), "11"),
        (vec![one(), stray()], Aim::Grandparent, "ambiguous"),
        (vec![unheld], Aim::Grandparent, "not in Plex"),
        (vec![orphan], Aim::Grandparent, "not in Plex"),
        (vec![], Aim::Grandparent, "not in Plex"),
    ] {
        assert_eq!(show(&files, aim), expected, "{aim:?} {files:?}");
    }
}

#[test]
fn one_source_item_writes_whatever_the_order() {
    let rank = |source, first, id| {
        let place = [Place::OtherPart, Place::FirstPart][usize::from(first)];
        Rank::new(SourceNumber(source), place, id)
    };
    let lower_id = rank(1, true, "a.nfo").min(rank(1, true, "b.nfo"));
    let higher_id = rank(1, true, "a.nfo").max(rank(1, true, "b.nfo"));
    let claims = [
        (key(1, 7), rank(2, true, "a.nfo")),
        (key(1, 7), rank(1, false, "c.nfo")),
        (key(1, 7), higher_id),
        (key(1, 7), lower_id),
        (key(1, 7), lower_id),
        (key(1, 8), rank(2, false, "z.nfo")),
        // Known there from before Plex was built anew.
        (key(2, 7), rank(3, false, "d.nfo")),
    ];
    for turn in 0..claims.len() {
        let mut gathered = Claims::default();
        for (item, rank) in claims.iter().cycle().skip(turn).take(claims.len()) {
            gathered.claim(*item, *rank);
        }
        let writers = gathered.close();
        assert_eq!(writers.writer(key(1, 7)), Some(lower_id), "turn {turn}");
        assert!(!writers.is_writer(key(1, 7), higher_id));
        assert!(writers.is_writer(key(1, 8), rank(2, false, "z.nfo")));
        assert_eq!(writers.writer(key(1, 9)), None);
        assert!(writers.is_writer(key(2, 7), rank(3, false, "d.nfo")));
        assert_eq!((writers.len(), writers.also_here()), (3, 3));
    }
    assert!(
        size_of::<(RatingKey, Rank)>() <= 24,
        "the index may cost 24 bytes per item"
    );
}
