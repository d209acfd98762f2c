//! Films: what their sources mean, and where they lie.
//!
//! Not here: what Plex's agent made of them (`agent`), and what is odd about the odd ones (`twist`, `twist_more`).

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::item::{Item, Page, Spots, Voice};
use super::names::{self, Titles};
use super::nfo::{Habits, Root};
use super::odd::Odd;
use super::picture::Format;
use super::source::{
    Source, cast, certificate, day_in, file_name, labels, original, poster, rating, sort_title,
    wide,
};
use super::{
    FILMS_4K_SECTION, FILMS_SECTION, Layout, Plan, agent, dice, prose, twist, twist_more, words,
};
use crate::ItemKind;

const BROKEN: [&[u8]; 3] = [
    b"",
    b"This film was recorded from television.\n",
    b"<movie><title>Cut off</title><plot>He turns aro",
];

/// Where the random numbers of second items of one file begin.
const TWINS: u64 = 1 << 50;

/// Adds all films of a world.
pub(super) fn films(plan: &Plan, items: &mut Vec<Item>) {
    let mut shelf = Shelf {
        titles: Titles::default(),
        dice: dice(plan.seed, u64::MAX),
        series: BTreeMap::new(),
        edition: String::new(),
    };
    for index in 0..plan.films {
        let odd = odd_of(plan, index);
        let title = shelf.title(odd, index);
        let film = film(plan, index, odd, &title);
        let twin = (odd == Some(Odd::InTwoSections)).then(|| twin(plan, index, &film, items.len()));
        items.push(film);
        items.extend(twin);
    }
    if plan.broken {
        for (number, content) in BROKEN.into_iter().enumerate() {
            let title = shelf.titles.next(&mut shelf.dice);
            let mut film = film(plan, plan.films + number, None, &title);
            film.voice = Voice::Broken;
            if let Some(page) = &mut film.page {
                page.instead = Some(content.to_vec());
            }
            items.push(film);
        }
    }
}

fn odd_of(plan: &Plan, index: usize) -> Option<Odd> {
    let more = || Odd::next(&Odd::WIDE_FILMS, index, (3, 2), plan).filter(|_| plan.every_field);
    let odd = Odd::next(&Odd::ALL, index, (3, 1), plan).or_else(more)?;
    // Without a second section there is nothing odd about a film in one.
    let needs_two = matches!(odd, Odd::InTwoSections | Odd::OnlySecondSection);
    (!needs_two || plan.layout == Layout::Sections).then_some(odd)
}

fn film(plan: &Plan, index: usize, odd: Option<Odd>, title: &str) -> Item {
    let dice = &mut dice(plan.seed, index as u64);
    let year = match odd {
        Some(Odd::Sequel) => 1987,
        Some(Odd::SequelTwo) => 1991,
        Some(Odd::SequelTwoAgain) => 1999,
        Some(Odd::Edition | Odd::EditionAgain) => 1974,
        _ => dice.random_range(1931..=2024),
    };
    let habits = Habits::ordinary(dice, Root::Movie, odd);
    let mut film = Item::new(ItemKind::Movie, FILMS_SECTION);
    film.odd = odd;
    film.voice = match odd {
        Some(Odd::NoSource) => Voice::Absent,
        Some(Odd::Misplaced) => Voice::Misplaced,
        _ => Voice::Page,
    };
    film.in_plex = odd != Some(Odd::NotInPlex);
    if odd == Some(Odd::OnlySecondSection) {
        film.section = FILMS_4K_SECTION;
    }
    film.source = meant(dice, title, year);
    let pictures = if odd == Some(Odd::PngPictures) {
        Format::Png
    } else {
        Format::Jpeg
    };
    film.source.poster = poster(dice, plan, 1.0, pictures);
    film.source.background = wide(dice, plan, 0.7, pictures);
    if habits.legacy() {
        film.source.critic = None;
    }
    if plan.every_field {
        mean_more(dice, &mut film.source);
    }
    film.agent = agent::film(dice, plan, &film.source, year);
    lay_out(&mut film, plan, dice, (title, year), pictures, &habits);
    twist::apply(&mut film, dice, plan, year);
    twist_more::film(&mut film, dice, plan);
    let root = match (odd, index % 2) {
        (Some(Odd::Misplaced), 0) => Root::Show,
        (Some(Odd::Misplaced), _) => Root::Album,
        _ => Root::Movie,
    };
    let habits = habits.fitting(&film.source);
    if let Some(page) = &mut film.page {
        (page.root, page.habits) = (root, habits);
    }
    film
}

/// The same file in a second section, where another agent filled it.
fn twin(plan: &Plan, index: usize, film: &Item, position: usize) -> Item {
    let dice = &mut dice(plan.seed, TWINS + index as u64);
    let mut twin = Item::new(ItemKind::Movie, FILMS_4K_SECTION);
    twin.odd = film.odd;
    twin.voice = film.voice;
    twin.twin = Some(position);
    twin.agent = agent::film(dice, plan, &film.source, film.source.year.unwrap_or(1999));
    twin.versions.clone_from(&film.versions);
    twin.name.clone_from(&film.name);
    twin
}

fn lay_out(
    film: &mut Item,
    plan: &Plan,
    dice: &mut ChaCha8Rng,
    (title, year): (&str, i32),
    pictures: Format,
    habits: &Habits,
) {
    let stem = file_name(&format!("{title} ({year})"));
    let ending = names::pick(dice, &["mkv", "mkv", "mkv", "mp4", "avi"]);
    let place = dice.random_range(0..20);
    let own_nfo = dice.random_bool(0.45);
    let own_pictures = own_nfo && dice.random_bool(0.5);
    let picture_ending = if pictures == Format::Png {
        "png"
    } else {
        "jpg"
    };
    let one = vec![stem.clone()];
    let (folder, names, movie_nfo, own_pictures) = match film.odd {
        Some(Odd::EqualFileName | Odd::EqualFileNameAgain) => {
            (stem.clone(), vec!["feature".to_owned()], true, false)
        }
        Some(Odd::TwoFiles) => (
            stem.clone(),
            vec![format!("{stem} - 1080p"), format!("{stem} - 2160p")],
            true,
            false,
        ),
        Some(Odd::MultiPart) => (
            stem.clone(),
            vec![format!("{stem} cd1"), format!("{stem} cd2")],
            own_nfo,
            false,
        ),
        Some(edition @ (Odd::Edition | Odd::EditionAgain)) => {
            let stem = format!("{stem} {{edition-{}}}", twist_more::edition(edition));
            (stem.clone(), vec![stem], !own_nfo, false)
        }
        _ if place < 4 => ("Loose Reels".to_owned(), one, false, true),
        _ if place < 6 => (
            format!("Decades/{}s/{stem}", year / 10 * 10),
            one,
            true,
            false,
        ),
        _ => (stem.clone(), one, !own_nfo, own_pictures),
    };
    let below = |path: &str| plan.in_source(FILMS_SECTION, &format!("{folder}/{path}"));
    let paths = names.iter().map(|name| format!("{name}.{ending}"));
    film.media = paths.clone().map(|path| below(&path)).collect();
    let plex = paths
        .map(|path| Plan::in_plex(FILMS_SECTION, &format!("{folder}/{path}")))
        .map(|path| match film.odd {
            Some(Odd::Hangul | Odd::Combining) => path.nfd().collect(),
            _ => path,
        })
        .collect::<Vec<String>>();
    film.name.clone_from(&plex[0]);
    film.versions = if film.odd == Some(Odd::MultiPart) {
        vec![plex]
    } else {
        plex.into_iter().map(|path| vec![path]).collect()
    };
    let page = match film.odd {
        _ if movie_nfo => "movie",
        Some(Odd::MultiPart) => stem.as_str(),
        _ => &names[0],
    };
    if film.voice != Voice::Absent {
        film.page = Some(Page {
            path: below(&format!("{page}.nfo")),
            root: Root::Movie,
            habits: habits.clone(),
            instead: None,
        });
    }
    let before = if own_pictures {
        format!("{}-", names[0])
    } else {
        String::new()
    };
    film.spots = Spots {
        poster: below(&format!("{before}poster.{picture_ending}")),
        background: below(&format!("{before}fanart.{picture_ending}")),
        logo: below(&format!("{before}clearlogo.png")),
        square: below(&format!("{before}square.jpg")),
    };
}

/// Gives titles that do not come twice, but where an odd kind wants them to.
struct Shelf {
    titles: Titles,
    dice: ChaCha8Rng,
    /// First titles of series, by cycle.
    series: BTreeMap<usize, String>,
    /// Of the last film in editions.
    edition: String,
}

impl Shelf {
    fn title(&mut self, odd: Option<Odd>, index: usize) -> String {
        let cycle = Odd::cycle(index);
        let listed = |list: &[&str], cycle: usize| words::listed(list, cycle);
        let title = match odd {
            Some(Odd::Sequel | Odd::SequelTwo | Odd::SequelTwoAgain) => {
                let first = self.series.entry(cycle).or_insert_with(|| {
                    if cycle == 0 {
                        "Midnight Tramline".to_owned()
                    } else {
                        self.titles.next(&mut self.dice)
                    }
                });
                if odd == Some(Odd::Sequel) {
                    first.clone()
                } else {
                    format!("{first} 2")
                }
            }
            Some(Odd::EditionAgain) if !self.edition.is_empty() => self.edition.clone(),
            Some(Odd::Cyrillic) => listed(&words::CYRILLIC, cycle),
            Some(Odd::Hangul) => listed(&words::HANGUL, cycle),
            Some(Odd::Japanese) => listed(&words::JAPANESE, cycle),
            Some(Odd::Combining) => listed(&words::COMBINING, cycle),
            Some(Odd::Emoji) => listed(&words::EMOJI, cycle),
            Some(Odd::Symbols) => listed(&words::SYMBOLS, cycle),
            Some(Odd::RightToLeft) => {
                listed(&words::RIGHT_TO_LEFT, index / 3 / Odd::WIDE_FILMS.len())
            }
            _ => {
                let title = self.titles.next(&mut self.dice);
                if odd == Some(Odd::Edition) {
                    self.edition.clone_from(&title);
                }
                return title;
            }
        };
        self.titles.take(&title);
        title
    }
}

/// What the source of an ordinary film says.
fn meant(dice: &mut ChaCha8Rng, title: &str, year: i32) -> Source {
    let sort_title = sort_title(dice, title);
    let (directors, actors) = (dice.random_range(1..=6) / 6 + 1, dice.random_range(3..=6));
    let genres = dice.random_range(1..=3);
    Source {
        title: Some(title.to_owned()),
        sort_title,
        original_title: dice.random_bool(0.2).then(|| original(dice)),
        summary: Some(prose::plot(dice)),
        tagline: dice.random_bool(0.7).then(|| prose::tagline(dice)),
        studio: dice
            .random_bool(0.85)
            .then(|| names::studio(dice).to_owned()),
        content_rating: certificate(dice, 0.8),
        date: dice.random_bool(0.7).then(|| day_in(dice, year)),
        year: Some(year),
        critic: rating(dice, 0.4),
        audience: rating(dice, 0.8),
        genres: names::genres(dice, genres),
        directors: names::people(dice, directors),
        actors: cast(dice, actors),
        set: dice.random_bool(0.15).then(|| names::collection(dice)),
        ..Source::default()
    }
}

/// What it says where it speaks of every field.
fn mean_more(dice: &mut ChaCha8Rng, source: &mut Source) {
    let (writers, producers) = (dice.random_range(1..=2), dice.random_range(0..=2));
    source.writers = names::people(dice, writers);
    source.producers = names::people(dice, producers);
    source.countries = names::several(dice, &words::COUNTRIES, 1);
    source.labels = labels(dice);
    source.user = rating(dice, 0.1);
}
