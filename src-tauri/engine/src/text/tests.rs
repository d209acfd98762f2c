use proptest::prelude::*;

use super::*;
use crate::model::{Field, Value};

#[test]
fn texts_are_cleaned_alike() {
    for (raw, cleaned, one_line, as_tag) in [
        (
            "  Blade\tRunner \u{0} ",
            "Blade Runner",
            "Blade Runner",
            "Blade Runner",
        ),
        (
            "one\r\n\r\ntwo\rthree",
            "one\n\ntwo\nthree",
            "one two three",
            "one two three",
        ),
        ("a  b", "a  b", "a  b", "a b"),
        ("Ame\u{301}lie", "Amélie", "Amélie", "Amélie"),
        // The mark meets its letter only once the control character between them is gone.
        ("Ame\u{7}\u{301}lie", "Amélie", "Amélie", "Amélie"),
        (
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
        ),
        (
            "\u{feff}“smart” – quotes…",
            "“smart” – quotes…",
            "“smart” – quotes…",
            "“smart” – quotes…",
        ),
        (
            "para\u{2029}graph\u{85}s",
            "para\ngraph\ns",
            "para graph s",
            "para graph s",
        ),
        (" \n\t ", "", "", ""),
    ] {
        assert_eq!(clean(raw), cleaned, "clean {raw:?}");
        assert_eq!(line(raw), one_line, "line {raw:?}");
        assert_eq!(tag(raw), as_tag, "tag {raw:?}");
    }
}

#[test]
fn tags_lose_empty_and_repeated_ones() {
    assert_eq!(
        tags(["Sci-Fi", " ", "sci-fi", "Noir ", "STRASSE", "Straße"]),
        ["Sci-Fi", "Noir", "STRASSE"]
    );
}

#[test]
fn case_folds_beyond_ascii() {
    for (a, b, equal) in [
        ("Straße", "STRASSE", true),
        ("ẞ", "ss", true),
        ("ΟΔΟΣ", "οδος", true),
        ("οδοσ", "οδος", true),
        ("Ĳ", "ĳ", true),
        ("ÉCLAIR", "e\u{301}clair", true),
        ("ıssız", "issiz", false),
        ("Amelie", "Amélie", false),
    ] {
        assert_eq!(fold(a) == fold(b), equal, "{a} and {b}");
    }
}

#[test]
fn limits_tear_no_visible_character() {
    for (text, most, kept) in [
        ("abc", 3, "abc"),
        ("abcd", 3, "abc"),
        ("ab cd", 3, "ab"),
        ("ab👩\u{200d}👧", 3, "ab"),
        ("ab👩\u{200d}👧", 4, "ab"),
        ("ab👍🏽", 3, "ab"),
        ("🇩🇪🇫🇷", 3, "🇩🇪"),
        ("e\u{327}\u{301}x", 1, ""),
        ("", 0, ""),
    ] {
        assert_eq!(limit(text, most), kept, "{text:?} at {most}");
    }
}

#[test]
fn dates_are_read_as_sources_write_them() {
    let day = |text: &str| Some(PartialDate::Day(text.into()));
    for (raw, expected) in [
        ("2017-11-15", day("2017-11-15")),
        (" 2017-11-15T00:00:00Z", day("2017-11-15")),
        ("2017-11-15 07:47:23", day("2017-11-15")),
        ("20171115", day("2017-11-15")),
        ("2017-1-5", day("2017-01-05")),
        ("2016-02-29", day("2016-02-29")),
        ("2017-02-29", None),
        ("2017", Some(PartialDate::YearOnly(2017))),
        ("2017-11", Some(PartialDate::YearOnly(2017))),
        ("2017-00-00", Some(PartialDate::YearOnly(2017))),
        ("2017-11-00", Some(PartialDate::YearOnly(2017))),
        ("2017-13", None),
        ("0001-01-01", None),
        ("1601-01-01", None),
        ("15.11.2017", None),
        ("2017-11-15-3", None),
        ("soon", None),
        ("", None),
        ("２０１７", None),
    ] {
        assert_eq!(date(raw), expected, "{raw:?}");
    }
}

#[test]
fn ratings_are_tenths() {
    for (raw, max, expected) in [
        ("6.400000", 10.0, Some(64)),
        ("6,4", 10.0, Some(64)),
        ("6.35", 10.0, Some(64)),
        ("10", 10.0, Some(100)),
        ("76", 100.0, Some(76)),
        ("76%", 100.0, Some(76)),
        ("7.6/10", 10.0, Some(76)),
        ("3.5", 5.0, Some(70)),
        ("0", 10.0, None),
        ("0.04", 10.0, None),
        ("10.1", 10.0, None),
        ("-1", 10.0, None),
        ("NaN", 10.0, None),
        ("5", 0.0, None),
        ("good", 10.0, None),
    ] {
        assert_eq!(rating(raw, max), expected, "{raw} of {max}");
    }
}

#[test]
fn values_fit_their_field() {
    let text = |text: &str| Some(Value::Text(text.into()));
    for (field, raw, expected) in [
        (Field::Title, " The\nTitle ", text("The Title")),
        (Field::Summary, "one\r\ntwo", text("one\ntwo")),
        (Field::Summary, " \u{0} ", Some(Value::Empty)),
        (Field::ReleaseDate, "2017-11-15", text("2017-11-15")),
        (Field::ReleaseDate, "2017", None),
        (Field::ReleaseDate, "", Some(Value::Empty)),
        (Field::Year, "2017", Some(Value::Whole(2017))),
        (Field::Year, "17", None),
        (Field::CriticRating, "7.64", Some(Value::Tenths(76))),
        (
            Field::Genres,
            "Drama",
            Some(Value::Tags(vec!["Drama".into()])),
        ),
    ] {
        assert_eq!(value(field, raw), expected, "{field:?} {raw:?}");
    }
    assert_eq!(tags_value(["", " "]), Value::Empty);
}

#[test]
fn ten_thousand_characters_survive() {
    let long = "日本語 ".repeat(2_500);
    assert_eq!(
        clean(&long).chars().count(),
        9_999,
        "only the last blank goes"
    );
    assert_eq!(limit(&long, 9_000).chars().count(), 8_999, "cut at a blank");
}

proptest! {
    #[test]
    fn normalising_twice_is_normalising_once(raw in any::<String>()) {
        prop_assert_eq!(clean(&clean(&raw)), clean(&raw));
        prop_assert_eq!(line(&line(&raw)), line(&raw));
        prop_assert_eq!(tag(&tag(&raw)), tag(&raw));
        prop_assert_eq!(fold(&fold(&raw)), fold(&raw));
        prop_assert!(!line(&raw).contains('\n'));
    }

    #[test]
    fn a_limit_is_a_prefix_that_fits(raw in any::<String>(), most in 0_usize..40) {
        let cut = limit(&raw, most);
        prop_assert!(raw.starts_with(cut));
        prop_assert!(cut.chars().count() <= most);
    }

    #[test]
    fn dates_never_panic(raw in "[-0-9T :./é]{0,12}") {
        let _ = date(&raw);
    }
}

proptest! {
    #[test]
    fn what_is_composed_already_is_left_as_it_is(text in "[ -~äéşǫ\u{300}-\u{30f}\u{323}\u{1100}\u{1161}가各\u{f900}]{0,12}") {
        let composed: String = text.nfc().collect();
        prop_assert_eq!(nfc(&text), composed.as_str());
    }
}
