//! What is read out of a film's .nfo.

use super::*;
use crate::model::CastTrait;

fn told(text: &str) -> String {
    in_words(&values_of(text))
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn elements_become_fields() {
    let cases: &[(&str, &str)] = &[
        ("<title>Tom &amp; Jerry</title>", r#"Title "Tom & Jerry""#),
        ("<title>Tom & Jerry</title>", r#"Title "Tom & Jerry""#),
        (
            "<title>A &amp; B & C; &lt;D&gt; &#233;&#xE9;</title>",
            r#"Title "A & B & C; <D> éé""#,
        ),
        (
            "<title>caf&eacute; &unknown; &#0; &</title>",
            r#"Title "caf&eacute; &unknown; &#0; &""#,
        ),
        (
            "<title><![CDATA[Tom & <Jerry>]]></title>",
            r#"Title "Tom & <Jerry>""#,
        ),
        (
            "<title>One<!-- two --> three</title>",
            r#"Title "One three""#,
        ),
        ("<title/><title> </title><name>B</name>", r#"Title "B""#),
        ("<TITLE>Upper</TITLE>", r#"Title "Upper""#),
        (
            "<title>A</title><sorttitle>S</sorttitle><originaltitle>O</originaltitle>",
            r#"Title "A"; SortTitle "S"; OriginalTitle "O""#,
        ),
        ("<sortname>S</sortname>", r#"SortTitle "S""#),
        (
            "<plot>One\n\nTwo&#x0A;Three\r\nFour</plot><outline>Short</outline>",
            r#"Summary "One\n\nTwo\nThree\nFour""#,
        ),
        ("<plot/><outline>Short</outline>", r#"Summary "Short""#),
        (
            "<plot/><tagline></tagline><genre/><actor><name/></actor><set/><premiered/>",
            "",
        ),
        (
            "<tagline>In space</tagline><mpaa>PG-13</mpaa>",
            r#"Tagline "In space"; ContentRating "PG-13""#,
        ),
        ("<studio>A24</studio><studio>B</studio>", r#"Studio "A24""#),
        ("<studio>A24 / B</studio>", r#"Studio "A24""#),
        (
            "<premiered>2017-11-15</premiered>",
            r#"ReleaseDate "2017-11-15"; Year 2017"#,
        ),
        (
            "<premiered>2017-11-15</premiered><year>2016</year>",
            r#"ReleaseDate "2017-11-15"; Year 2016"#,
        ),
        (
            "<releasedate>2017-11-15T00:00:00Z</releasedate>",
            r#"ReleaseDate "2017-11-15"; Year 2017"#,
        ),
        ("<premiered>2017</premiered>", "Year 2017"),
        ("<premiered>2017-11</premiered>", "Year 2017"),
        (
            "<premiered>2017</premiered><releasedate>2018-02-03</releasedate>",
            r#"ReleaseDate "2018-02-03"; Year 2017"#,
        ),
        ("<premiered>1601-01-01</premiered><year>0</year>", ""),
        (
            "<premiered>tomorrow</premiered><year>1999</year>",
            "Year 1999",
        ),
        (
            "<genre>Drama</genre><genre>Crime / Thriller</genre><genre>drama</genre>",
            r#"Genres ["Drama", "Crime", "Thriller"]"#,
        ),
        (
            "<genre>Sci-Fi &amp; Fantasy</genre>",
            r#"Genres ["Sci-Fi & Fantasy"]"#,
        ),
        (
            "<director>Zack Snyder,</director><director>B / C</director>",
            r#"Directors ["Zack Snyder", "B", "C"]"#,
        ),
        (
            "<actor><name>Two</name><order>1</order></actor><actor><name>Last</name></actor><actor><name>One</name><order>0</order></actor>",
            r#"Actors ["One", "Two", "Last"]"#,
        ),
        (
            "<actor><name>B</name><sortorder>1</sortorder></actor><actor><name>A</name><sortorder>0</sortorder><type>Actor</type></actor><actor><name>C</name><type>Lyricist</type></actor>",
            r#"Actors ["A", "B"]"#,
        ),
        (
            "<actor><name>A</name><role> Ellen \t Ripley\n</role><order>1</order></actor><actor><name>B</name><role/><order>0</order></actor><actor><name>a</name><role>Again</role></actor>",
            r#"Actors ["B", "A"] as ["", "Ellen Ripley"]"#,
        ),
        (
            "<actor><name>A</name><type>Director</type><role>Director</role></actor>",
            r#"Directors ["A"]"#,
        ),
        (
            "<set>Alien Collection</set>",
            r#"Collections ["Alien Collection"]"#,
        ),
        (
            "<set tmdbcolid=\"1\">\n <name>Alien</name><overview>x</overview></set><set>Space</set>",
            r#"Collections ["Alien", "Space"]"#,
        ),
        ("<rating>7,5</rating>", "AudienceRating 75"),
        (
            "<rating>0</rating><communityrating>7,5</communityrating>",
            "AudienceRating 75",
        ),
        ("<rating max='5'>4</rating>", "AudienceRating 80"),
        ("<criticrating>76</criticrating>", "CriticRating 76"),
        ("<criticrating>7.6</criticrating>", "CriticRating 76"),
        (
            "<ratings><rating name='x' max='10' default='true'><value>6.44</value></rating><rating name='imdb'><value>8</value></rating></ratings>",
            "AudienceRating 64",
        ),
        (
            "<ratings><rating name='themoviedb'><value>6</value></rating><rating name='IMDb'><value>8.0</value><votes>5</votes></rating></ratings><rating>1</rating>",
            "AudienceRating 80",
        ),
        (
            "<ratings><rating name='metacritic' max='100' default='true'><value>45</value></rating><rating name='tomatometerallaudience' max='100'><value>62</value></rating></ratings>",
            "CriticRating 45; AudienceRating 62",
        ),
        (
            "<ratings><rating name='tomatometerallcritics' max='10'><value>76</value></rating></ratings>",
            "CriticRating 76",
        ),
        (
            "<ratings><rating name='imdb'><value>NaN</value></rating></ratings><rating>inf</rating><criticrating>-1</criticrating>",
            "",
        ),
        (
            "<userrating>9</userrating><tag>a</tag><tag>b / c</tag><votes>12</votes>",
            r#"UserRating 90; Labels ["a", "b", "c"]"#,
        ),
        (
            "<userrating>0</userrating><userrating max='5'>3,5</userrating>",
            "UserRating 70",
        ),
        ("<rating max='5,0'>4</rating>", "AudienceRating 80"),
        (
            "<ratings><rating name='a'><value>1</value></rating></ratings><ratings><rating name='imdb'><value>8</value></rating></ratings>",
            "AudienceRating 80",
        ),
        (
            "<credits>A / B</credits><credits>C/D</credits><writer>E,</writer>",
            r#"Writers ["A", "B", "C", "D", "E"]"#,
        ),
        (
            "<producer>P</producer><actor><name>Q</name><type>Producer</type></actor><actor><name>A</name></actor>",
            r#"Producers ["P", "Q"]; Actors ["A"]"#,
        ),
        (
            "<actor><name>D</name><type>Director</type></actor><actor><name>W</name><type>writer</type></actor>",
            r#"Directors ["D"]; Writers ["W"]"#,
        ),
        (
            "<country>USA/Germany</country><country>UK</country>",
            r#"Countries ["USA", "Germany", "UK"]"#,
        ),
        (
            "<style>Rock/Pop</style><mood>Sad / Slow</mood>",
            r#"Styles ["Rock/Pop"]; Moods ["Sad", "Slow"]"#,
        ),
        ("<edition>NONE</edition>", ""),
        (
            "<edition>Director&apos;s Cut</edition>",
            r#"Edition "Director's Cut""#,
        ),
        (
            "<dateadded>2018-09-10 09:46:06</dateadded>",
            "AddedAt 1536572766",
        ),
        ("<dateadded>never</dateadded>", ""),
        ("<watched>true</watched>", "Watched yes"),
        ("<watched>false</watched>", "Watched empty"),
        (
            "<playcount>2</playcount><watched>false</watched>",
            "Watched yes",
        ),
        ("<playcount>0</playcount>", "Watched empty"),
        ("<playcount/><watched>maybe</watched>", ""),
        (
            "<genre>A</genre><genre clear='true'>B</genre><genre>C</genre>",
            r#"Genres ["B", "C"]"#,
        ),
        ("<genre>A</genre><genre clear='true'/>", ""),
        ("<genre clear='true'>A</genre>", r#"Genres ["A"]"#),
        (
            "<actor><name>A</name></actor><actor clear='True'><name>B</name></actor>",
            r#"Actors ["B"]"#,
        ),
    ];
    for (inside, expected) in cases {
        assert_eq!(
            told(&format!("<movie>{inside}</movie>")),
            *expected,
            "{inside}"
        );
    }
}

#[test]
fn what_surrounds_the_film_is_no_matter() {
    for text in [
        "<movie><title>A</title></movie>",
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x --><movie><title>A</title></movie>",
        "<movie><title>A</title></movie>\nhttps://www.imdb.com/title/tt0078748?a=1&b=2\n",
        "<movie><title>A</title></movie><movie><title>B</title></movie>",
        "<movie><title>A</title></movie><<< not & xml",
        "junk\n<movie><title>A</title></movie >",
        "<!DOCTYPE movie SYSTEM \"file:///etc/passwd\"><movie><title>A</title></movie>",
        "<x:movie xmlns:x=\"u\"><x:title>A</x:title></x:movie>",
    ] {
        assert_eq!(told(text), r#"Title "A""#, "{text}");
    }
}

#[test]
fn a_long_cast_ends_at_200() {
    let cast: Vec<String> = (0..300)
        .map(|n| format!("<actor><name>A{n}</name></actor>"))
        .collect();
    let cast = cast.concat();
    let values = values_of(&format!("<movie>{cast}</movie>"));
    assert_eq!(values[&Field::Actors].tags().len(), 200);
}

#[test]
fn long_roles_end_and_those_of_a_long_cast_are_told_as_far_as_they_fit() {
    let cast = |count: usize, role: &str| {
        let actors: Vec<String> = (0..count)
            .map(|n| format!("<actor><name>A{n}</name><role>{role}</role></actor>"))
            .collect();
        let values = values_of(&format!("<movie>{}</movie>", actors.concat()));
        values[&Field::Actors].clone()
    };
    let roles = |value: &Value| -> Vec<usize> {
        let roles = value.told(CastTrait::Role).into_iter().flatten();
        roles.map(|(_, role)| role.chars().count()).collect()
    };
    assert_eq!(roles(&cast(1, &"x".repeat(1_000))), [200]);
    let long = roles(&cast(100, "Кто-то"));
    assert_eq!(long.len(), 100);
    let told = long.iter().filter(|length| **length > 0).count();
    assert!((20..60).contains(&told), "{told}");
    assert!(
        long[..told].iter().all(|length| *length == 6),
        "the first ones"
    );
    let names = cast(200, "Somebody");
    assert!(
        names.told(CastTrait::Role).is_none(),
        "no room for any role: {names:?}"
    );
}

#[test]
fn pictures_of_actors_are_addresses_on_the_web() {
    let pictures = |thumbs: &[String]| -> Vec<String> {
        let actors: Vec<String> = thumbs
            .iter()
            .enumerate()
            .map(|(n, thumb)| format!("<actor><name>A{n}</name><thumb>{thumb}</thumb></actor>"))
            .collect();
        let values = values_of(&format!("<movie>{}</movie>", actors.concat()));
        let told = values[&Field::Actors].told(CastTrait::Picture);
        let told = told.into_iter().flatten();
        told.map(|(_, picture)| picture.to_owned()).collect()
    };
    let thumbs = [
        " https://image.invalid/a.jpg?w=5 ",
        "/films/.actors/B.jpg",
        "https://me:secret@image.invalid/c.jpg",
        "HTTP://image.invalid",
        "https://",
        "ftp://image.invalid/f.jpg",
        "http://image.invalid/two words.jpg",
    ];
    let told = pictures(&thumbs.map(str::to_owned));
    let expected = [
        "https://image.invalid/a.jpg?w=5",
        "",
        "",
        "HTTP://image.invalid",
        "",
        "",
        "",
    ];
    assert_eq!(told, expected);
    let long = |length: usize| format!("http://{}", "a".repeat(length - 7));
    assert_eq!(
        pictures(&[long(2_000), long(2_001)]),
        [long(2_000), String::new()]
    );
    let many: Vec<String> = (0..60).map(|n| format!("http://a/{n}")).collect();
    let told = pictures(&many);
    assert_eq!((&told[..50], told.len()), (&many[..50], 60));
    assert!(told[50..].iter().all(String::is_empty));
    // What there is no room for is not told, from there on; roles go first.
    let told = pictures(&vec![long(1_500); 6]);
    assert_eq!(told.iter().filter(|told| !told.is_empty()).count(), 3);
    assert_eq!(told[3..], ["", "", ""]);
    assert!(
        pictures(&["none".to_owned()]).is_empty(),
        "nothing is told of pictures"
    );
}

#[test]
fn an_item_carries_its_pictures_and_a_broken_one_costs_only_itself() {
    let mut picture = std::io::Cursor::new(Vec::new());
    ::image::RgbImage::new(4, 6)
        .write_to(&mut picture, ::image::ImageFormat::Png)
        .unwrap();
    let picture = picture.into_inner();
    let tree = Tree::new(&[
        ("Alien (1979)/movie.nfo", "<movie><year>1979</year></movie>"),
        ("Alien (1979)/A.mkv", ""),
    ]);
    tree.write("Alien (1979)/poster.jpg", b"not a picture");
    tree.write("Alien (1979)/folder.png", &picture);
    tree.write("Alien (1979)/fanart.jpg", b"");

    let read = only(read(&tree.entry("Alien (1979)/movie.nfo")));
    assert_eq!(
        read.item.label, "Alien (1979)",
        "the folder's name where there is no title"
    );
    assert_eq!(read.item.item_type, Some(ItemType::Movie));
    assert_eq!(read.item.source, SourceNumber(3));
    let sha1 = crate::image::prepare(&tree.path("Alien (1979)/folder.png"))
        .unwrap()
        .sha1;
    assert_eq!(read.item.values[&Field::Poster], Value::Image(sha1.clone()));
    assert_eq!(
        read.item.images[&Field::Poster],
        LocalImage {
            path: tree.path("Alien (1979)/folder.png"),
            sha1
        }
    );
    assert!(!read.item.values.contains_key(&Field::Background));
    assert_eq!(read.item.values[&Field::Year], Value::Whole(1979));
    let mut notes: Vec<String> = read
        .notes
        .iter()
        .map(|note| note.error.to_string())
        .collect();
    notes.sort_unstable();
    assert!(
        notes[0].contains("fanart.jpg") && notes[0].contains("it is empty"),
        "{notes:?}"
    );
    assert!(
        notes[1].contains("poster.jpg") && notes[1].contains("neither JPEG"),
        "{notes:?}"
    );
}

#[test]
fn a_set_is_told_by_more_than_its_name() {
    let wishes = |text: &str| {
        let mut roots = parse::parse(&format!("<movie>{text}</movie>")).expect("it can be read");
        let wishes = values::told(&roots.remove(0)).collections.into_iter();
        let one = |(title, wish): (String, crate::model::CollectionWish)| {
            format!("{title}: {}, at {:?}", in_words(&wish.values), wish.place)
        };
        wishes.map(one).collect::<Vec<_>>().join(" | ")
    };
    for (text, expected) in [
        ("<set>Alien</set>", ""),
        ("<set><name>Alien</name><overview/></set>", ""),
        (
            "<set><name> Alien  Saga </name><overview>In\nspace</overview></set>",
            r#"Alien Saga: Summary "In\nspace", at None"#,
        ),
        (
            r#"<set order="2">Alien</set><set><name>ALIEN</name><overview>x</overview></set>"#,
            "Alien: , at Some(2)",
        ),
        (
            r#"<set order="last"><name>Alien</name><sorttitle>Alien 0</sorttitle></set>"#,
            r#"Alien: SortTitle "Alien 0", at None"#,
        ),
    ] {
        assert_eq!(wishes(text), expected, "{text}");
    }
}
