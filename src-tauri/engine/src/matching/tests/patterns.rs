//! Path rules that are regular expressions: what they make of paths, and what is said of those that cannot work.

use super::super::*;
use crate::face::PathRule;

#[test]
#[allow(clippy::too_many_lines, reason = "one table")]
fn patterns_rewrite_whole_paths() {
    for (from, to, path, expected) in [
        (
            r"/mnt/(.*)",
            "/data/$1",
            "/mnt/films/a.mkv",
            Some("/data/films/a.mkv"),
        ),
        // From the first character to the last.
        (r"/mnt/films", "/data", "/mnt/films/a.mkv", None),
        (r"films/(.*)", "/data/$1", "/mnt/films/a.mkv", None),
        (r"/a|/ab", "/x", "/ab", Some("/x")),
        (
            r"^/mnt/(.*)$",
            "/data/$1",
            "/mnt/a.mkv",
            Some("/data/a.mkv"),
        ),
        // Groups by number and by name, and dollar signs.
        (
            r"/disk(?<disk>\d)/(?P<rest>.*)",
            "/data/${disk}/${rest}",
            "/disk3/x/a.mkv",
            Some("/data/3/x/a.mkv"),
        ),
        (
            r"/disk(\d)/(.*)",
            "/d${1}0/$2",
            "/disk3/a.mkv",
            Some("/d30/a.mkv"),
        ),
        (
            r"/m/(.*)",
            r"\\nas\C$\$1",
            "/m/x/a.mkv",
            Some(r"\\nas\C$\x\a.mkv"),
        ),
        (r"/m/(.*)", "/$$1/$1", "/m/a.mkv", Some("/$1/a.mkv")),
        (r"/m/(a)?(.*)", "/d/$1$2", "/m/b.mkv", Some("/d/b.mkv")),
        (r"/m/(.*)", "/all$0", "/m/b.mkv", Some("/all/m/b.mkv")),
        // Windows: either separator on either side, drives in either case, names in either case.
        (
            r"D:\\Films\\(.*)",
            "/data/$1",
            r"d:\FILMS\x\a.mkv",
            Some("/data/x/a.mkv"),
        ),
        (
            r"D:/Films/(.*)",
            "/data/$1",
            r"D:\films\x\a.mkv",
            Some("/data/x/a.mkv"),
        ),
        (
            r"[a-z]:/(.*)",
            "/data/$1",
            r"E:\x\a.mkv",
            Some("/data/x/a.mkv"),
        ),
        (
            r"D:[\\/]Films[\\/]([^\\]*)",
            "/data/$1",
            r"D:\Films\a.mkv",
            Some("/data/a.mkv"),
        ),
        (
            r"\\\\nas\\films\\(.*)",
            "/data/$1",
            r"\\NAS\Films\x\a.mkv",
            Some("/data/x/a.mkv"),
        ),
        (
            r"^(?:\\\\nas\\films)\\(.*)",
            "/data/$1",
            r"\\nas\films\a.mkv",
            Some("/data/a.mkv"),
        ),
        (
            r"//nas/films/(.*)",
            "/data/$1",
            "//nas/films/a.mkv",
            Some("/data/a.mkv"),
        ),
        (
            r"D:\\(.*)",
            "/data/$1",
            r"\\?\D:\x\a.mkv",
            Some("/data/x/a.mkv"),
        ),
        (
            r"/mnt/(.*)",
            r"E:\Plex\$1",
            "/mnt/x/a.mkv",
            Some(r"E:\Plex\x\a.mkv"),
        ),
        (
            r"/mnt/(.*)",
            r"E:\Plex\$1",
            "/mnt//x/a.mkv",
            Some(r"E:\Plex\x\a.mkv"),
        ),
        // Elsewhere case counts; a group's colon is no drive's.
        (r"/mnt/(.*)", "/data/$1", "/Mnt/a.mkv", None),
        (r"(?:/mnt)/(.*)", "/data/$1", "/Mnt/a.mkv", None),
        (
            r"(?i)/mnt/(.*)",
            "/data/$1",
            "/Mnt/a.mkv",
            Some("/data/a.mkv"),
        ),
        // Composed and decomposed letters are one, on both sides.
        (
            "/Ame\u{301}lie/(.*)",
            "/Ame\u{301}lie/$1",
            "/Am\u{e9}lie/a",
            Some("/Am\u{e9}lie/a"),
        ),
        (
            "/Am\u{e9}lie/(.*)",
            "/d/$1",
            "/Ame\u{301}lie/a",
            Some("/d/a"),
        ),
        // A file's name may hold a line break.
        (r"/m/(.*)", "/d/$1", "/m/a\nb", Some("/d/a\nb")),
    ] {
        let rules = PathRules::new(&[PathRule::regex(from, to)]);
        let rules = rules.unwrap_or_else(|error| panic!("{from}: {error}"));
        let mapped = rules.apply(path).map(|mapped| mapped.path);
        assert_eq!(mapped.as_deref(), expected, "{path} by {from} → {to}");
    }
}

#[test]
fn the_first_rule_that_fits_is_used_whatever_its_kind() {
    let rules = PathRules::new(&[
        PathRule::regex(r"/mnt/(.*)/Extras/(.*)", "/extras/$1/$2"),
        PathRule::prefix("/mnt/films", "/data"),
        PathRule::regex(r"/mnt/(.*)", "/rest/$1"),
    ])
    .unwrap();
    for (path, expected, rule) in [
        ("/mnt/films/x/Extras/a.mkv", "/extras/films/x/a.mkv", 0),
        ("/mnt/films/x/a.mkv", "/data/x/a.mkv", 1),
        ("/mnt/tv/a.mkv", "/rest/tv/a.mkv", 2),
    ] {
        let mapped = rules.apply(path).unwrap();
        assert_eq!((mapped.path.as_str(), mapped.rule), (expected, Some(rule)));
    }
    assert_eq!(rules.apply("/else/a.mkv"), None);
}

#[test]
fn a_pattern_that_cannot_work_says_where_and_what_to_do() {
    let said: Vec<String> = [
        ("", "/d"),
        ("/mnt/(films/.*", "/d"),
        ("/mnt/films)/.*", "/d"),
        ("/mnt/[a-z/.*", "/d"),
        (r"D:\Films\(.*)", "/d"),
        (r"/mnt/films\", "/d"),
        ("*.mkv", "/d"),
        (r"D:\\Films\\(?=x)", "/d"),
        (r"\\\\nas\\(a)\1", "/d"),
        ("/[z-a]", "/d"),
        ("(?<a>x)(?<a>y)", "/d"),
        (r"/(\w{1000}){1000}", "/d"),
        ("(?x)/mnt # films", "/d"),
        ("/mnt/(.*)", "/d/$2"),
        ("/mnt/(.*)", "/d/${name}"),
        ("/mnt/(.*)", "/d/${1"),
        (&"(".repeat(60), "/d"),
        (&"a".repeat(2_001), "/d"),
    ]
    .into_iter()
    .map(|(from, to)| {
        let rule = PathRule::regex(from, to);
        let error = PathRules::new(&[PathRule::prefix("/x", "/y"), rule.clone()]).unwrap_err();
        assert_eq!(error.setting, "pathRules");
        assert_eq!(
            Some(&error),
            rule.check(1).as_ref().err(),
            "settings say the same"
        );
        error.message
    })
    .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    Path rule 2: the pattern needs at least one character.
    Path rule 2: at character 6 of the pattern, a bracket is opened and never closed. Add “)”, or write “\(” where a folder's name has a bracket.
    Path rule 2: at character 11 of the pattern, a bracket is closed that was never opened. Take it away, or write “\)” where a folder's name has a bracket.
    Path rule 2: at character 6 of the pattern, a square bracket is opened and never closed. Add “]”, or write “\[” where a folder's name has one.
    Path rule 2: at character 3 of the pattern, “\F” has no meaning. Between folders write “/” or “\\”, never a single “\”.
    Path rule 2: at character 11 of the pattern, a single “\” ends the pattern. Between folders write “/” or “\\”.
    Path rule 2: at character 1 of the pattern, there is nothing before it that could be repeated. Write “.*” for any characters.
    Path rule 2: at character 12 of the pattern, looking ahead or behind is not possible. Say what the path has instead.
    Path rule 2: at character 13 of the pattern, a group cannot be asked for again on the left side.
    Path rule 2: at character 3 of the pattern, “z-a” ends before it begins. Turn it round.
    Path rule 2: at character 11 of the pattern, the name “a” is given to a second group. Choose another.
    Path rule 2: the pattern stands for too many paths to be held in memory. Leave out large counts such as {1000}.
    Path rule 2: the pattern cannot be read. Leave out comments and the flag x.
    Path rule 2: at character 4 of the right side, group “2” is asked for, which the pattern does not have. Put brackets around that part of it.
    Path rule 2: at character 4 of the right side, group “name” is asked for, which the pattern does not have. Put brackets around that part of it.
    Path rule 2: at character 4 of the right side, “${” is never closed. Add “}”, or write “$$” for a dollar sign.
    Path rule 2: at character 60 of the pattern, a bracket is opened and never closed. Add “)”, or write “\(” where a folder's name has a bracket.
    Path rule 2: the pattern is longer than 2000 characters.
    ");
}

#[test]
fn settings_of_before_there_were_patterns_still_read() {
    let rule: PathRule = serde_json::from_str(r#"{"from":"/a","to":"/b"}"#).unwrap();
    assert_eq!(rule, PathRule::prefix("/a", "/b"));
    assert_eq!(
        serde_json::to_string(&rule).unwrap(),
        r#"{"from":"/a","to":"/b"}"#
    );
    let pattern = PathRule::regex("/(.*)", "/b/$1");
    let text = serde_json::to_string(&pattern).unwrap();
    assert_eq!(text, r#"{"from":"/(.*)","to":"/b/$1","kind":"regex"}"#);
    assert_eq!(serde_json::from_str::<PathRule>(&text).unwrap(), pattern);
}
