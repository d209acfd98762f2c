//! The walk.

use super::*;

const FILM: &str = "<movie><title>Alien</title></movie>";

#[test]
fn lists_each_folder_after_its_own_entries_in_order_of_names() {
    let tree = Tree::new(&[
        ("b/movie.nfo", FILM),
        ("b/B.mkv", ""),
        ("b/Extras/Making.mkv", ""),
        ("b/Extras/Making.nfo", FILM),
        ("b/inner/I.mkv", ""),
        ("b/inner/I.nfo", FILM),
        ("a/A2.mkv", ""),
        ("a/A2.nfo", FILM),
        ("a/A1.mkv", ""),
        ("a/A1.nfo", FILM),
        ("Shorts/S/movie.nfo", FILM),
        ("Shorts/S/S.mkv", ""),
        ("z.nfo", FILM),
        ("z.mkv", ""),
        (".hidden/H.nfo", FILM),
        (".hidden/H.mkv", ""),
        ("@eaDir/E.nfo", FILM),
        ("@eaDir/E.mkv", ""),
        ("a/._A1.nfo", "junk"),
        ("lone.nfo", FILM),
        ("show/tvshow.nfo", "<tvshow/>"),
    ]);
    let (entries, summary) = tree.walk(None);
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "z.nfo",
            "Shorts/S/movie.nfo",
            "a/A1.nfo",
            "a/A2.nfo",
            "b/movie.nfo",
            "b/inner/I.nfo"
        ]
    );
    assert_eq!(
        summary,
        WalkSummary {
            entries: 6,
            folders: 7,
            without_media: 2,
            complete: true,
            ..WalkSummary::default()
        }
    );
    let entry = &entries[4];
    assert_eq!(entry.source, SourceNumber(3));
    assert_eq!(entry.nfo, Some(tree.path("b/movie.nfo")));
    assert_eq!(entry.files, [tree.path("b/B.mkv").to_str().unwrap()]);
}

#[test]
fn a_root_that_cannot_be_read_says_why_and_never_means_an_empty_source() {
    let tree = Tree::new(&[("file.txt", "")]);
    std::fs::create_dir(tree.path("empty")).unwrap();
    for (name, said) in [
        ("missing", "is not there"),
        ("file.txt", "is not a folder"),
        ("empty", "is empty"),
    ] {
        let source = NfoSource {
            number: SourceNumber(1),
            root: tree.path(name),
        };
        let error = source.check().unwrap_err().to_string();
        assert!(
            error.contains(said) && error.contains("Nothing was changed."),
            "{error}"
        );
        assert!(
            source
                .walk(None, &mut |_| ControlFlow::Continue(()))
                .is_err()
        );
    }
    tree.source().check().unwrap();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_listed_is_reported_and_the_listing_is_not_complete() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new(&[
        ("a/movie.nfo", FILM),
        ("a/A.mkv", ""),
        ("locked/movie.nfo", FILM),
        ("locked/L.mkv", ""),
    ]);
    std::fs::set_permissions(tree.path("locked"), PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::read_dir(tree.path("locked")).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let (entries, summary) = tree.walk(None);
    std::fs::set_permissions(tree.path("locked"), PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(summary.unreadable[0].path, "locked");
    assert!(!summary.complete);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_are_reported() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new(&[("a/movie.nfo", FILM), ("a/A.mkv", "")]);
    for name in [&b"Am\xe9lie.nfo"[..], b"Am\xe9lie.mkv", b"Am\xe9lie.srt"] {
        let path = tree.path("a").join(OsStr::from_bytes(name));
        if std::fs::write(path, "").is_err() {
            println!("skipped: this file system holds only Unicode names");
            return;
        }
    }
    std::fs::create_dir(tree.path("").join(OsStr::from_bytes(b"\xe9"))).unwrap();
    let (entries, summary) = tree.walk(None);
    assert_eq!(entries.len(), 1);
    let mut named: Vec<&str> = summary
        .unreadable
        .iter()
        .map(|one| one.path.as_str())
        .collect();
    named.sort_unstable();
    assert_eq!(
        named,
        ["a/Am\u{fffd}lie.mkv", "a/Am\u{fffd}lie.nfo", "\u{fffd}"]
    );
    assert!(!summary.complete);
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_never_in_circles() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[
        ("a/movie.nfo", FILM),
        ("a/A.mkv", ""),
        ("b/movie.nfo", FILM),
        ("b/B.mkv", ""),
    ]);
    symlink(tree.path(""), tree.path("a/up")).unwrap();
    symlink(tree.path("b"), tree.path("a/to-b")).unwrap();
    symlink(tree.path("a"), tree.path("b/to-a")).unwrap();
    symlink(tree.path("nowhere"), tree.path("a/broken")).unwrap();
    symlink("loop", tree.path("loop")).unwrap();
    symlink(tree.path("nowhere.nfo"), tree.path("b/B.nfo")).unwrap();
    let (entries, summary) = tree.walk(None);
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["a/movie.nfo", "b/to-a/movie.nfo"]);
    // `b/B.nfo` is a link to nowhere, and takes B.mkv from movie.nfo: said, not silently turned into another film.
    assert_eq!(summary.unreadable.len(), 2, "{:?}", summary.unreadable);
    assert!(!summary.complete);
}

#[test]
fn only_limits_the_walk_to_a_folder_or_a_file() {
    let tree = Tree::new(&[
        ("a/A.mkv", ""),
        ("a/A.nfo", FILM),
        ("a/B.mkv", ""),
        ("a/B.nfo", FILM),
        ("a/in/C.mkv", ""),
        ("a/in/C.nfo", FILM),
        ("ab/D.mkv", ""),
        ("ab/D.nfo", FILM),
    ]);
    let absolute = tree.path("a/in");
    let cases: &[(&str, &[&str])] = &[
        ("a", &["a/A.nfo", "a/B.nfo", "a/in/C.nfo"]),
        ("a/", &["a/A.nfo", "a/B.nfo", "a/in/C.nfo"]),
        ("./a/in", &["a/in/C.nfo"]),
        ("a/B.nfo", &["a/B.nfo"]),
        ("a/B.mkv", &["a/B.nfo"]),
        ("", &["a/A.nfo", "a/B.nfo", "a/in/C.nfo", "ab/D.nfo"]),
        (absolute.to_str().unwrap(), &["a/in/C.nfo"]),
    ];
    for (only, expected) in cases {
        assert_eq!(tree.ids(Some(only)), *expected, "{only}");
    }
    assert!(
        !tree.walk(Some("a")).1.complete,
        "a part is never the whole"
    );
    for (only, said) in [
        ("../elsewhere", "leads out of"),
        ("a/../../x", "leads out of"),
        ("/etc", "leads out of"),
        ("c", "is not in the source folder"),
    ] {
        let walked = tree
            .source()
            .walk(Some(only), &mut |_| ControlFlow::Continue(()));
        let error = walked.unwrap_err().to_string();
        assert!(error.contains(said), "{only}: {error}");
    }
}

#[test]
fn a_sink_that_has_enough_ends_the_walk() {
    let tree = Tree::new(&[
        ("a/A.mkv", ""),
        ("a/A.nfo", FILM),
        ("b/B.mkv", ""),
        ("b/B.nfo", FILM),
    ]);
    let mut calls = 0;
    let summary = tree.source().walk(None, &mut |_| {
        calls += 1;
        ControlFlow::Break(())
    });
    let summary = summary.unwrap();
    assert_eq!((calls, summary.entries, summary.complete), (1, 1, false));
}

#[test]
fn a_folder_of_thousands_comes_in_pieces() {
    let tree = Tree::new(&[]);
    for number in 0..1_001 {
        tree.write(&format!("in/{number:04}.nfo"), FILM.as_bytes());
        tree.write(&format!("in/{number:04}.mkv"), b"");
    }
    for threads in [1, 8] {
        let mut pieces = Vec::new();
        let mut ids = Vec::new();
        let summary = walk::walk(&tree.source(), None, threads, &mut |piece| {
            pieces.push(piece.len());
            ids.extend(piece.into_iter().map(|entry| entry.id));
            ControlFlow::Continue(())
        });
        assert_eq!(pieces, [1_000, 1]);
        assert!(ids.is_sorted(), "in their order");
        assert_eq!(summary.unwrap().entries, 1_001);
    }
    assert_eq!(tree.ids(Some("in/0500.mkv")), ["in/0500.nfo"]);
}

#[test]
fn a_stamp_changes_with_all_that_is_read_and_with_nothing_else() {
    let tree = Tree::new(&[
        ("a/movie.nfo", FILM),
        ("a/A.mkv", "film"),
        ("a/poster.jpg", "1"),
        ("a/A.srt", "subtitle"),
    ]);
    let stamp = || tree.entry("a/movie.nfo").stamp;
    let mut last = stamp();
    let mut changed = |what: &str, expected: bool| {
        let now = stamp();
        assert_eq!(now != last, expected, "{what}");
        last = now;
    };
    changed("nothing", false);
    tree.write("a/A.srt", b"another subtitle");
    changed("a file that is not read", false);
    tree.write("a/A.mkv", b"longer film");
    changed("the media file's content", false);
    tree.write("a/movie.nfo", b"<movie><title>Aliens</title></movie>");
    changed("the .nfo's length", true);
    let file = std::fs::File::options()
        .write(true)
        .open(tree.path("a/movie.nfo"))
        .unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_nanos(1))
        .unwrap();
    changed("the .nfo's time, by a nanosecond of 1970", true);
    tree.write("a/poster.jpg", b"12");
    changed("a picture", true);
    tree.write("a/fanart.png", b"12");
    changed("a new picture", true);
    tree.write("a/A cd2.mkv", b"");
    changed("a new media file", true);
    std::fs::rename(tree.path("a/poster.jpg"), tree.path("a/folder.jpg")).unwrap();
    changed("a picture's name", true);
}
