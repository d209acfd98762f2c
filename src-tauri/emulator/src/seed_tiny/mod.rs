//! A handful of everything, for trying the server out and for its own tests.
//!
//! Not here: the demo's library (`generator`).

mod more;

use crate::seed::{SectionKind, Seed, SeedItem, SeedRole, SeedSection, SeedValues};

/// Three films, one of them unmatched and one edited by a person; a show with two seasons; music, other videos, a photo,
/// and a show that Plex's NFO agent fills.
pub fn tiny_seed() -> Seed {
    let picture = |tint: u8| Some(png(tint));
    let films = vec![
        SeedItem {
            files: vec!["/data/Movies/Big Buck Bunny (2008).mkv".to_owned()],
            agent: SeedValues {
                guid: Some("plex://movie/5d7768244de0ee001fcc7fed".to_owned()),
                title: Some("Big Buck Bunny".to_owned()),
                summary: Some("A giant rabbit takes revenge.\r\nSlowly.".to_owned()),
                tagline: Some("Get ready for fun & \"games\"".to_owned()),
                studio: Some("Blender Foundation".to_owned()),
                content_rating: Some("G".to_owned()),
                date: Some("2008-04-10".to_owned()),
                year: Some(2008),
                rating: Some(6.2),
                audience_rating: Some(8.0),
                genres: Some(strings(&["Animation", "Comedy", "Short"])),
                directors: Some(strings(&["Sacha Goedegebure"])),
                actors: Some(strings(&["Rabbit", "Squirrel", "Rodent", "Butterfly"])),
                collections: Some(strings(&["Open Movies"])),
                roles: vec![SeedRole {
                    actor: "Rabbit".to_owned(),
                    role: Some("Himself".to_owned()),
                    thumb: Some("http://web/rabbit.jpg".to_owned()),
                    picture: None,
                }],
                writers: Some(strings(&["A Writer"])),
                producers: Some(strings(&["A Producer"])),
                countries: Some(strings(&["Netherlands"])),
                poster: picture(10),
                background: picture(20),
                clear_logo: picture(25),
                ..SeedValues::default()
            },
            ..SeedItem::default()
        },
        SeedItem {
            files: vec!["/data/Movies/Elephants Dream (2006).mkv".to_owned()],
            agent: SeedValues {
                guid: Some("plex://movie/5d77682554c0f0001f301f57".to_owned()),
                title: Some("Elephants Dream".to_owned()),
                summary: Some("Two men in a machine.".to_owned()),
                year: Some(2006),
                date: Some("2006-03-24".to_owned()),
                rating: Some(5.9),
                genres: Some(strings(&["Animation", "Science Fiction"])),
                poster: picture(30),
                ..SeedValues::default()
            },
            edited: SeedValues {
                summary: Some("My own words.".to_owned()),
                ..SeedValues::default()
            },
            ..SeedItem::default()
        },
        SeedItem {
            files: vec!["/data/Movies/Home Video.mkv".to_owned()],
            ..SeedItem::default()
        },
    ];
    let mut seed = Seed {
        sections: vec![
            SeedSection {
                title: "Movies".to_owned(),
                kind: SectionKind::Movie,
                locations: vec!["/data/Movies".to_owned()],
                items: films,
                ..SeedSection::default()
            },
            SeedSection {
                title: "TV Shows".to_owned(),
                kind: SectionKind::Show,
                locations: vec!["/data/TV".to_owned()],
                items: vec![show()],
                ..SeedSection::default()
            },
        ],
        ..Seed::default()
    };
    seed.sections.extend(more::sections());
    seed
}

fn show() -> SeedItem {
    let season = |number: i32| SeedItem {
        index: Some(number),
        agent: SeedValues {
            guid: Some(format!("plex://season/5d9c08510000000000000{number:03}")),
            title: Some(format!("Season {number}")),
            poster: Some(png(50)),
            background: Some(png(60)),
            ..SeedValues::default()
        },
        children: (1..=2)
            .map(|episode| SeedItem {
                files: vec![format!("/data/TV/The 100/S{number:02}E{episode:02}.mkv")],
                index: Some(episode),
                agent: SeedValues {
                    guid: Some(format!(
                        "plex://episode/5d9c1254000000000{number:03}{episode:03}"
                    )),
                    title: Some(format!("Episode {episode}")),
                    ..SeedValues::default()
                },
                ..SeedItem::default()
            })
            .collect(),
        ..SeedItem::default()
    };
    SeedItem {
        agent: SeedValues {
            guid: Some("plex://show/5d9c086c46115600200aa2fe".to_owned()),
            title: Some("The 100".to_owned()),
            title_sort: Some("100".to_owned()),
            summary: Some("Survivors come back to Earth.".to_owned()),
            studio: Some("The CW".to_owned()),
            content_rating: Some("TV-14".to_owned()),
            date: Some("2014-03-19".to_owned()),
            year: Some(2014),
            rating: Some(8.3),
            actors: Some(strings(&["Ricky Whittle", "Eliza Taylor"])),
            background: Some(png(45)),
            genres: Some(strings(&["Action", "Drama", "Mystery"])),
            collections: Some(strings(&["SciFi"])),
            poster: Some(png(40)),
            ..SeedValues::default()
        },
        children: (1..=2).map(season).collect(),
        ..SeedItem::default()
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn png(tint: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(4, 6, image::Rgb([tint, 120, 200]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("BUG: a PNG is written to memory");
    bytes.into_inner()
}
