//! What is wrong, huge or meant to harm.

use proptest::prelude::*;

use super::*;
use crate::source::nfo::error::Fault;

#[test]
fn each_fault_has_its_own_sentence() {
    let deep = format!("<movie>{}{}</movie>", "<a>".repeat(50), "</a>".repeat(50));
    let many = format!("<movie>{}</movie>", "<a/>".repeat(100_001));
    let episodes = "<episodedetails/>".repeat(201);
    let bomb = "<!DOCTYPE movie [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><movie><title>&b;</title></movie>";
    let cases: &[(&str, &str, &str)] = &[
        ("empty", "", "is empty"),
        ("blank", " \n\t\u{feff}", "is empty"),
        ("zeros", "\0\0\0", "is empty"),
        (
            "links",
            "https://www.themoviedb.org/movie/583689\nhttps://www.imdb.com/title/tt4154796",
            "holds only links",
        ),
        (
            "text",
            "Group presents: a film",
            "is not XML (it holds plain text)",
        ),
        ("art", "-=[ <*> release <*> ]=-", "is not XML"),
        ("html", "<!DOCTYPE html><html><body>404", "is a web page"),
        ("html without doctype", "<HTML><head>", "is a web page"),
        (
            "cut off",
            "<movie>\n<title>Alien</title>\n<plot>In space no",
            "is damaged at line 3 (it ends in the middle)",
        ),
        (
            "crossed tags",
            "<movie>\n<title>Alien</plot></movie>",
            "is damaged at line 2",
        ),
        ("closing first", "</movie>", "is not XML"),
        (
            "only a declaration",
            "<?xml version=\"1.0\"?>",
            "is not XML (it holds no element)",
        ),
        ("bomb", bomb, "declares XML entities of its own"),
        ("deep", &deep, "has more elements within elements"),
        ("many", &many, "has more elements than"),
        (
            "show",
            "<tvshow><title>A</title></tvshow>",
            "is about a show, which belongs into a file called tvshow.nfo",
        ),
        ("season", "<season/>", "is about a season, which belongs"),
        ("artist", "<artist/>", "is about an artist, which belongs"),
        ("album", "<album/>", "is about an album, which belongs"),
        (
            "collection",
            "<set/>",
            "is about a collection, which Syncslate does not read",
        ),
        ("episodes around nothing", "<xbmcmultiepisode/>", "is empty"),
        (
            "an episode that is cut off",
            "<episodedetails/>\n<episodedetails><title>B",
            "is damaged at line 2",
        ),
        (
            "episodes without numbers",
            "<episodedetails/><episodedetails/>",
            "holds several episodes, but neither",
        ),
        ("episodes", &episodes, "has more episodes than"),
        (
            "other XML",
            "<rss version=\"2.0\"></rss>",
            "begins with <rss>",
        ),
    ];
    let tree = Tree::new(&[]);
    tree.write("A.mkv", b"");
    for (name, text, said) in cases {
        tree.write("A.nfo", text.as_bytes());
        let error = read(&tree.entry("A.nfo")).unwrap_err();
        let sentence = error.to_string();
        assert!(
            sentence.contains("A.nfo") && sentence.contains(said),
            "{name}: {sentence}"
        );
        assert!(!error.is_temporary(), "{name}");
        assert_eq!(error.is_not_yet(), name == &"collection", "{name}");
    }
}

#[test]
fn a_file_of_50_megabytes_is_not_read() {
    let tree = Tree::new(&[("A.mkv", ""), ("A.nfo", "<movie>")]);
    let file = std::fs::File::options()
        .write(true)
        .open(tree.path("A.nfo"))
        .unwrap();
    file.set_len(50_000_000).unwrap();
    let error = read(&tree.entry("A.nfo")).unwrap_err();
    assert!(error.to_string().contains("has 50 MB"), "{error}");
}

#[test]
fn a_file_that_is_gone_says_so() {
    let tree = Tree::new(&[("A.mkv", ""), ("A.nfo", "<movie/>")]);
    let entry = tree.entry("A.nfo");
    std::fs::remove_file(tree.path("A.nfo")).unwrap();
    let error = read(&entry).unwrap_err();
    assert!(matches!(error.fault, Fault::Unreadable(_)) && !error.is_temporary());
}

/// A .nfo with everything in it that the parser has a branch for.
const WHOLE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE movie><!-- c --><movie a='1'><title>Tom &amp; \
    Jerry &x; &#233; & é 😀</title><plot><![CDATA[<b>]]></plot><ratings><rating name=\"imdb\" max='10' \
    default=\"true\"><value>7,5</value></rating></ratings><premiered>1979-05-25</premiered><genre>a / b</genre>\
    <set><name>S</name></set><actor><name>N</name><order>0</order></actor><x/></movie>\nhttps://example.org/?a&b";

fn read_bytes(bytes: &[u8]) -> Result<BTreeMap<Field, Value>, Fault> {
    let mut told = read::told(&decode::decode(bytes), Aim::Item)?;
    Ok(told.remove(0).values)
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read_bytes(&bytes);
    }

    #[test]
    fn no_text_of_markup_brings_it_down(text in "(<|>|/|&|;|#|!|\\[|\\]|-|\\?|\"|'|=|movie|title|rating|CDATA|DOCTYPE|x|é| |\n){0,120}") {
        let _ = read_bytes(text.as_bytes());
        for root in ["movie", "episodedetails", "tvshow", "artist", "album"] {
            let _ = parse::parse(&format!("<{root}>{text}</{root}>{text}")).map(|roots| {
                roots.iter().map(values::told).for_each(drop);
            });
        }
    }

    #[test]
    fn no_change_to_a_sound_file_brings_it_down(
        edits in proptest::collection::vec((0..WHOLE.len(), 0..30_usize, proptest::collection::vec(any::<u8>(), 0..6)), 1..8),
    ) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        for (at, gone, new) in edits {
            let at = at.min(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, new);
        }
        let _ = read_bytes(&bytes);
    }

    #[test]
    fn text_survives_being_written_as_xml(title in "\\PC{1,40}") {
        let escaped = title.replace('&', "&amp;").replace('<', "&lt;");
        let expected = crate::text::value(Field::Title, &title).filter(|value| !value.is_empty());
        let values = values_of(&format!("<movie><title>{escaped}</title></movie>"));
        prop_assert_eq!(values.get(&Field::Title).cloned(), expected);
    }
}

#[test]
fn the_sound_file_is_sound() {
    assert_eq!(read_bytes(WHOLE.as_bytes()).unwrap().len(), 8, "its values");
}
