//! Other videos: what their sources mean, and where they lie. No agent knows them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::item::{Item, Page, Voice};
use super::names::{self, Titles};
use super::nfo::{self, Habits, Root, Told};
use super::odd::Odd;
use super::picture::{self, Format};
use super::source::{Source, cast, day_in, file_name, labels, poster, rating};
use super::twist_more::{edited, unmatched};
use super::{File, Plan, VIDEOS_SECTION, dice, prose, words};
use crate::ItemKind;

/// Where the random numbers of other videos begin.
const VIDEOS: u64 = 1 << 53;

/// Adds all other videos of a world.
pub(super) fn videos(plan: &Plan, items: &mut Vec<Item>) {
    let mut titles = Titles::default();
    let mut title_dice = dice(plan.seed, u64::MAX - 4);
    for index in 0..plan.videos {
        let odd = Odd::next(&Odd::VIDEOS, index, (4, 1), plan);
        let cycle = index / 4 / Odd::VIDEOS.len();
        let title = match odd {
            Some(Odd::VideoEmoji) => words::listed(&words::EMOJI, cycle),
            Some(Odd::VideoRightToLeft) => words::listed(&words::RIGHT_TO_LEFT, cycle),
            Some(Odd::VideoDecomposed) => words::listed(&words::COMBINING, cycle),
            _ => titles.next(&mut title_dice),
        };
        items.push(video(plan, index, odd, &title));
    }
}

fn video(plan: &Plan, index: usize, odd: Option<Odd>, title: &str) -> Item {
    let dice = &mut dice(plan.seed, VIDEOS + index as u64);
    let root = match odd {
        Some(Odd::Playlist) => Root::Info,
        Some(Odd::NfoBesideInfo | Odd::VideoMisplaced) => Root::Movie,
        _ => [Root::Info, Root::MusicVideo, Root::Movie][index % 3],
    };
    let mut item = Item::new(ItemKind::Movie, VIDEOS_SECTION);
    item.odd = odd;
    item.voice = match odd {
        Some(Odd::VideoNoSource) => Voice::Absent,
        Some(Odd::VideoMisplaced) => Voice::Misplaced,
        _ => Voice::Page,
    };
    item.in_plex = odd != Some(Odd::VideoNotInPlex);
    let (folder, stem) = place(dice, root, odd, title);
    let ending = if root == Root::Info { "mp4" } else { "mkv" };
    let below = |name: &str| plan.in_source(VIDEOS_SECTION, &format!("{folder}/{name}"));
    let plex = Plan::in_plex(VIDEOS_SECTION, &format!("{folder}/{stem}.{ending}"));
    item.media = vec![below(&format!("{stem}.{ending}"))];
    item.name = if odd == Some(Odd::VideoDecomposed) {
        plex.nfd().collect()
    } else {
        plex
    };
    item.versions = vec![vec![item.name.clone()]];
    item.source = meant(dice, root, title);
    item.source.poster = poster(dice, plan, 0.6, Format::Jpeg);
    item.agent = unmatched(&item.name);
    item.agent.poster =
        (plan.posters && dice.random_bool(0.7)).then(|| picture::stripes(dice, plan.image));
    let habits = Habits::ordinary(dice, root, None).fitting(&item.source);
    item.spots.poster = match root {
        Root::Info => below(&format!("{stem}.jpg")),
        _ => below(&format!("{stem}-poster.jpg")),
    };
    match odd {
        Some(Odd::VideoPersonEdited) => edited(&mut item),
        Some(Odd::VideoEmptyText) => item.source.summary = Some(String::new()),
        Some(Odd::NfoBesideInfo) => {
            let other = meant(dice, Root::Info, "Not This Title");
            item.beside
                .push(info(below(&format!("{stem}.info.json")), &other));
        }
        Some(Odd::Playlist) => {
            let mut list = info(below(&format!("{stem} - all.info.json")), &item.source);
            let text = String::from_utf8_lossy(&list.bytes);
            list.bytes = text
                .replace(r#""_type":"video""#, r#""_type":"playlist""#)
                .into_bytes();
            item.beside.push(list);
        }
        _ => {}
    }
    if item.voice != Voice::Absent {
        item.page = Some(Page {
            path: match root {
                Root::Info => below(&format!("{stem}.info.json")),
                _ => below(&format!("{stem}.nfo")),
            },
            root: if odd == Some(Odd::VideoMisplaced) {
                Root::Album
            } else {
                root
            },
            habits,
            instead: None,
        });
    }
    item
}

/// Folder and stem of a video's file.
fn place(dice: &mut ChaCha8Rng, root: Root, odd: Option<Odd>, title: &str) -> (String, String) {
    let name = file_name(title);
    match (odd, root) {
        (Some(Odd::VideoEqualName | Odd::VideoEqualNameAgain), _) => (name, "video".to_owned()),
        (_, Root::Info) => {
            let id: u32 = dice.random_range(0x1000_0000..=u32::MAX);
            let channel = format!("Channel of {}", names::place(dice));
            (channel, format!("{name} [{id:08x}]"))
        }
        (_, Root::MusicVideo) => ("Music Videos".to_owned(), name),
        _ => (format!("Home/{}", names::place(dice)), name),
    }
}

fn info(path: String, source: &Source) -> File {
    let told = Told {
        root: Root::Info,
        source,
        season: None,
        number: None,
    };
    File {
        path,
        bytes: nfo::info(&told),
    }
}

/// What the source of an ordinary video says.
fn meant(dice: &mut ChaCha8Rng, root: Root, title: &str) -> Source {
    let year = dice.random_range(1995..=2024);
    let date = Some(day_in(dice, year));
    let common = Source {
        title: Some(title.to_owned()),
        summary: Some(prose::plot(dice)),
        date,
        year: Some(year),
        genres: names::genres(dice, 1),
        ..Source::default()
    };
    match root {
        Root::Info => Source {
            studio: Some(format!("{} Television", names::place(dice))),
            actors: if dice.random_bool(0.3) {
                cast(dice, 2)
            } else {
                Vec::new()
            },
            ..common
        },
        Root::MusicVideo => Source {
            studio: Some(names::studio(dice).to_owned()),
            audience: rating(dice, 0.5),
            user: rating(dice, 0.3),
            directors: names::people(dice, 1),
            actors: cast(dice, 1),
            ..common
        },
        _ => Source {
            labels: labels(dice),
            user: rating(dice, 0.3),
            countries: names::several(dice, &words::COUNTRIES, 1),
            writers: names::people(dice, 1),
            ..common
        },
    }
}
