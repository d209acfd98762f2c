//! Artists and albums.

use super::*;

#[test]
fn elements_become_fields() {
    let cases: &[(&str, &str)] = &[
        (
            "<artist><name>U2</name><sortname>U2, S</sortname><genre>Rock / Pop</genre><style>Rock/Pop</style><mood>Political</mood><biography>B</biography><country>Ireland</country><userrating>8</userrating></artist>",
            r#"SortTitle "U2, S"; Summary "B"; UserRating 80; Genres ["Rock", "Pop"]; Styles ["Rock/Pop"]; Moods ["Political"]; Countries ["Ireland"]"#,
        ),
        (
            "<artist><name>U2</name><artistdesc>D</artistdesc><biography/></artist>",
            r#"Summary "D""#,
        ),
        (
            "<album><title>Boy</title><artistdesc>D</artistdesc><review>R</review><label>Island</label><label>B</label><releasedate>1980-10-20</releasedate><year>1981</year><rating max='10'>7,5</rating><style>Punk</style></album>",
            r#"Summary "R"; Studio "Island"; ReleaseDate "1980-10-20"; Year 1981; CriticRating 75; Styles ["Punk"]"#,
        ),
        (
            "<album><originalreleasedate>1980-10-20</originalreleasedate><releasedate>2008</releasedate></album>",
            r#"ReleaseDate "1980-10-20"; Year 2008"#,
        ),
        (
            "<album><ratings><rating name='imdb'><value>8</value></rating></ratings></album>",
            "CriticRating 80",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(in_words(&values_of(text)), *expected, "{text}");
    }
}
