//! What is neither a film nor a plain show: music, other videos, photos, and a section that Plex's NFO agent fills.

use super::{png, strings};
use crate::seed::{SectionAgent, SectionKind, SeedItem, SeedSection, SeedValues};

/// The sections, in the order in which they follow films and shows.
pub(super) fn sections() -> Vec<SeedSection> {
    vec![music(), other_videos(), photos(), anime()]
}

/// Three artists, one of them known to no agent. One album has two discs.
fn music() -> SeedSection {
    let rabbits = SeedItem {
        agent: SeedValues {
            guid: Some("plex://artist/5d07bbfc403c6402904a60e7".to_owned()),
            title: Some("The Rabbits".to_owned()),
            title_sort: Some("Rabbits".to_owned()),
            summary: Some("A band of three.".to_owned()),
            genres: Some(strings(&["Folk", "Rock", "Animation"])),
            styles: Some(strings(&["Burrow Folk"])),
            moods: Some(strings(&["Furry", "Calm", "Fast"])),
            countries: Some(strings(&["Netherlands"])),
            collections: Some(strings(&["Loud Ones"])),
            poster: Some(png(70)),
            background: Some(png(75)),
            ..SeedValues::default()
        },
        children: vec![
            SeedItem {
                agent: album("0001", "Burrow", Some("1998-03-01"), Some(80)),
                children: vec![
                    track("The Rabbits/Burrow/01 Down.flac", 1, 1, Some("Down")),
                    track("The Rabbits/Burrow/02 Under.flac", 1, 2, Some("Under")),
                    track("The Rabbits/Burrow/2-01 Out.flac", 2, 1, Some("Out")),
                ],
                ..SeedItem::default()
            },
            SeedItem {
                agent: album("0002", "Field", None, None),
                children: vec![track("The Rabbits/Field/01 Grass.flac", 1, 1, None)],
                ..SeedItem::default()
            },
        ],
        ..SeedItem::default()
    };
    let elephants = SeedItem {
        agent: SeedValues {
            guid: Some("plex://artist/5d07bbfc403c6402904a60e8".to_owned()),
            title: Some("Elephants".to_owned()),
            collections: Some(strings(&["Loud Ones"])),
            ..SeedValues::default()
        },
        children: vec![SeedItem {
            agent: album("0003", "Burrow", Some("2001-09-09"), None),
            children: vec![track("Elephants/Burrow/01 Trunk.flac", 1, 1, Some("Trunk"))],
            ..SeedItem::default()
        }],
        ..SeedItem::default()
    };
    let unknown = SeedItem {
        children: vec![SeedItem {
            children: vec![track("Nobody/Tape/01 Hiss.mp3", 1, 1, None)],
            ..SeedItem::default()
        }],
        ..SeedItem::default()
    };
    SeedSection {
        title: "Music".to_owned(),
        kind: SectionKind::Artist,
        locations: vec!["/data/Music".to_owned()],
        items: vec![rabbits, elephants, unknown],
        ..SeedSection::default()
    }
}

fn album(number: &str, title: &str, date: Option<&str>, cover: Option<u8>) -> SeedValues {
    SeedValues {
        guid: Some(format!("plex://album/5d07cd8b403c64029084{number}")),
        title: Some(title.to_owned()),
        date: date.map(str::to_owned),
        year: date.and_then(|date| date[..4].parse().ok()),
        studio: Some("Hole in the Ground Records".to_owned()),
        genres: Some(strings(&["Folk"])),
        poster: cover.map(png),
        ..SeedValues::default()
    }
}

fn track(file: &str, disc: i32, index: i32, title: Option<&str>) -> SeedItem {
    SeedItem {
        files: vec![format!("/data/Music/{file}")],
        disc: Some(disc),
        index: Some(index),
        agent: SeedValues {
            title: title.map(str::to_owned),
            ..SeedValues::default()
        },
        ..SeedItem::default()
    }
}

/// Videos that no agent fills; one of them is also a film of the first section, and one has two versions and two parts.
fn other_videos() -> SeedSection {
    SeedSection {
        title: "Other Videos".to_owned(),
        agent: SectionAgent::None,
        locations: vec!["/data/Videos".to_owned(), "/data/Movies".to_owned()],
        items: vec![
            SeedItem {
                files: vec!["/data/Movies/Home Video.mkv".to_owned()],
                ..SeedItem::default()
            },
            SeedItem {
                files: vec!["/data/Videos/Trip.mp4".to_owned()],
                media: vec![strings(&[
                    "/data/Videos/Trip 4K-pt1.mkv",
                    "/data/Videos/Trip 4K-pt2.mkv",
                ])],
                added_at: Some(1_500_000_000),
                ..SeedItem::default()
            },
        ],
        ..SeedSection::default()
    }
}

fn photos() -> SeedSection {
    SeedSection {
        title: "Photos".to_owned(),
        kind: SectionKind::Photo,
        agent: SectionAgent::None,
        locations: vec!["/data/Photos".to_owned()],
        items: vec![SeedItem {
            files: vec!["/data/Photos/Beach.jpg".to_owned()],
            ..SeedItem::default()
        }],
        ..SeedSection::default()
    }
}

/// A show with specials and two episodes in one file.
fn anime() -> SeedSection {
    let episode = |file: &str, number: i32| SeedItem {
        files: vec![format!("/data/Anime/Moles/{file}")],
        index: Some(number),
        ..SeedItem::default()
    };
    let season = |number: i32, children: Vec<SeedItem>| SeedItem {
        index: Some(number),
        children,
        ..SeedItem::default()
    };
    SeedSection {
        title: "Anime".to_owned(),
        kind: SectionKind::Show,
        agent: SectionAgent::Nfo,
        locations: vec!["/data/Anime".to_owned()],
        items: vec![SeedItem {
            children: vec![
                season(0, vec![episode("S00E01.mkv", 1)]),
                season(
                    1,
                    vec![episode("S01E01-E02.mkv", 1), episode("S01E01-E02.mkv", 2)],
                ),
            ],
            ..SeedItem::default()
        }],
        ..SeedSection::default()
    }
}
