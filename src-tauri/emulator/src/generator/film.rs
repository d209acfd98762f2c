//! One film: what its source means, how that is written down, and what Plex's agent and a person made of it.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::names::{self, Titles};
use super::nfo::{self, Habits};
use super::odd::Odd;
use super::picture::{self, Format};
use super::{File, PLEX_FILMS, Plan, agent, dice, prose, reckon, twist, words};
use crate::seed::{SeedItem, SeedValues};

/// What an .nfo says, as it stands there: not yet trimmed or composed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Source {
    pub title: Option<String>,
    pub sort_title: Option<String>,
    pub original_title: Option<String>,
    pub summary: Option<String>,
    pub tagline: Option<String>,
    pub studio: Option<String>,
    pub content_rating: Option<String>,
    /// `YYYY-MM-DD`
    pub date: Option<String>,
    pub year: Option<i32>,
    /// In tenths.
    pub critic: Option<i32>,
    /// In tenths.
    pub audience: Option<i32>,
    pub genres: Vec<String>,
    pub directors: Vec<String>,
    pub actors: Vec<Actor>,
    pub set: Option<String>,
    pub poster: Option<Vec<u8>>,
    pub background: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Actor {
    pub name: String,
    pub role: String,
}

#[derive(Debug, Clone)]
pub(super) struct Film {
    pub index: usize,
    pub odd: Option<Odd>,
    /// Stands in the .nfo instead of XML.
    pub broken: Option<&'static [u8]>,
    pub source: Source,
    pub habits: Habits,
    /// Media files below the source folder.
    pub media: Vec<String>,
    /// The same as Plex sees them.
    pub plex_files: Vec<String>,
    pub nfo_path: String,
    pub poster_path: String,
    pub background_path: String,
    pub agent: SeedValues,
    pub edited: SeedValues,
    pub locked: BTreeSet<String>,
}

const BROKEN: [&[u8]; 3] = [
    b"",
    b"This film was recorded from television.\n",
    b"<movie><title>Cut off</title><plot>He turns aro",
];

/// All films of a world.
pub(super) fn films(plan: &Plan) -> Vec<Film> {
    let mut titles = Titles::default();
    let mut title_dice = dice(plan.seed, u64::MAX);
    let mut series: BTreeMap<usize, String> = BTreeMap::new();
    let mut films: Vec<Film> = (0..plan.films)
        .map(|index| {
            let odd = if plan.odd { Odd::of(index) } else { None };
            let title = title_of(
                odd,
                Odd::cycle(index),
                &mut titles,
                &mut title_dice,
                &mut series,
            );
            Film::new(plan, index, odd, &title)
        })
        .collect();
    if plan.broken {
        for (number, content) in BROKEN.into_iter().enumerate() {
            let title = titles.next(&mut title_dice);
            let mut film = Film::new(plan, plan.films + number, None, &title);
            film.broken = Some(content);
            films.push(film);
        }
    }
    films
}

impl Film {
    fn new(plan: &Plan, index: usize, odd: Option<Odd>, title: &str) -> Self {
        let dice = &mut dice(plan.seed, index as u64);
        let year = match odd {
            Some(Odd::Sequel) => 1987,
            Some(Odd::SequelTwo) => 1991,
            Some(Odd::SequelTwoAgain) => 1999,
            _ => dice.random_range(1931..=2024),
        };
        let mut habits = Habits::ordinary(dice, odd);
        let mut source = meant(dice, title, year);
        let pictures = if odd == Some(Odd::PngPictures) {
            Format::Png
        } else {
            Format::Jpeg
        };
        if plan.posters {
            let wide = (plan.image.1, plan.image.1 * 9 / 16);
            source.poster = Some(picture::landscape(dice, plan.image, pictures));
            source.background = dice
                .random_bool(0.7)
                .then(|| picture::landscape(dice, wide, pictures));
        }
        if habits.legacy() {
            source.critic = None;
        }
        let mut film = Self {
            index,
            odd,
            broken: None,
            agent: agent::found(dice, plan, &source, year),
            source,
            habits,
            media: Vec::new(),
            plex_files: Vec::new(),
            nfo_path: String::new(),
            poster_path: String::new(),
            background_path: String::new(),
            edited: SeedValues::default(),
            locked: BTreeSet::new(),
        };
        film.lay_out(dice, title, year, pictures);
        twist::apply(&mut film, dice, plan, year);
        habits = film.habits.clone();
        film.habits = habits.fitting(&film.source);
        film
    }

    pub(super) fn has_source(&self) -> bool {
        self.odd != Some(Odd::NoSource) && self.broken.is_none()
    }

    pub(super) fn in_plex(&self) -> bool {
        self.odd != Some(Odd::NotInPlex)
    }

    /// By which an expectation is found: the first file's path in Plex.
    pub(super) fn key(&self) -> String {
        self.plex_files[0].clone()
    }

    pub(super) fn locked_by_person(&self) -> BTreeSet<String> {
        let edited = reckon::values_of(&self.edited)
            .into_keys()
            .map(str::to_owned);
        self.locked.iter().cloned().chain(edited).collect()
    }

    pub(super) fn seed_item(&self) -> Option<SeedItem> {
        self.in_plex().then(|| SeedItem {
            files: self.plex_files.clone(),
            agent: self.agent.clone(),
            edited: self.edited.clone(),
            locked: self.locked.clone(),
            ..SeedItem::default()
        })
    }

    pub(super) fn files(&self) -> Vec<File> {
        if self.odd == Some(Odd::NoSource) {
            return Vec::new();
        }
        let mut files: Vec<File> = self
            .media
            .iter()
            .map(|path| File {
                path: path.clone(),
                bytes: Vec::new(),
            })
            .collect();
        files.push(self.nfo_file());
        if self.broken.is_none() {
            let pictures = [
                (&self.poster_path, &self.source.poster),
                (&self.background_path, &self.source.background),
            ];
            for (path, bytes) in pictures {
                files.extend(bytes.iter().map(|bytes| File {
                    path: path.clone(),
                    bytes: bytes.clone(),
                }));
            }
        }
        files
    }

    pub(super) fn nfo_file(&self) -> File {
        let bytes = self
            .broken
            .map_or_else(|| nfo::write(&self.source, &self.habits), <[u8]>::to_vec);
        File {
            path: self.nfo_path.clone(),
            bytes,
        }
    }

    fn lay_out(&mut self, dice: &mut ChaCha8Rng, title: &str, year: i32, pictures: Format) {
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
        let (folder, names, movie_nfo, own_pictures) = match self.odd {
            Some(Odd::EqualFileName | Odd::EqualFileNameAgain) => {
                (stem.clone(), vec!["feature".to_owned()], true, false)
            }
            Some(Odd::TwoFiles) => (
                stem.clone(),
                vec![format!("{stem} - 1080p"), format!("{stem} - 2160p")],
                true,
                false,
            ),
            _ if place < 4 => ("Loose Reels".to_owned(), vec![stem.clone()], false, true),
            _ if place < 6 => (
                format!("Decades/{}s/{stem}", year / 10 * 10),
                vec![stem.clone()],
                true,
                false,
            ),
            _ => (stem.clone(), vec![stem.clone()], !own_nfo, own_pictures),
        };
        self.media = names
            .iter()
            .map(|name| format!("{folder}/{name}.{ending}"))
            .collect();
        self.plex_files = self
            .media
            .iter()
            .map(|path| format!("{PLEX_FILMS}/{path}"))
            .collect();
        if matches!(self.odd, Some(Odd::Hangul | Odd::Combining)) {
            self.plex_files = self
                .plex_files
                .iter()
                .map(|path| path.nfd().collect())
                .collect();
        }
        let name = if movie_nfo { "movie" } else { &names[0] };
        self.nfo_path = format!("{folder}/{name}.nfo");
        let before = if own_pictures {
            format!("{}-", names[0])
        } else {
            String::new()
        };
        self.poster_path = format!("{folder}/{before}poster.{picture_ending}");
        self.background_path = format!("{folder}/{before}fanart.{picture_ending}");
    }
}

fn title_of(
    odd: Option<Odd>,
    cycle: usize,
    titles: &mut Titles,
    dice: &mut ChaCha8Rng,
    series: &mut BTreeMap<usize, String>,
) -> String {
    let listed = |list: &[&str]| {
        let title = list[cycle % list.len()];
        if cycle < list.len() {
            title.to_owned()
        } else {
            format!("{title} {}", cycle / list.len() + 1)
        }
    };
    let title = match odd {
        Some(Odd::Sequel | Odd::SequelTwo | Odd::SequelTwoAgain) => {
            let first = series.entry(cycle).or_insert_with(|| {
                if cycle == 0 {
                    "Midnight Tramline".to_owned()
                } else {
                    titles.next(dice)
                }
            });
            if odd == Some(Odd::Sequel) {
                first.clone()
            } else {
                format!("{first} 2")
            }
        }
        Some(Odd::Cyrillic) => listed(&words::CYRILLIC),
        Some(Odd::Hangul) => listed(&words::HANGUL),
        Some(Odd::Japanese) => listed(&words::JAPANESE),
        Some(Odd::Combining) => listed(&words::COMBINING),
        Some(Odd::Emoji) => listed(&words::EMOJI),
        Some(Odd::Symbols) => listed(&words::SYMBOLS),
        _ => return titles.next(dice),
    };
    titles.take(&title);
    title
}

/// What the source of an ordinary film says.
fn meant(dice: &mut ChaCha8Rng, title: &str, year: i32) -> Source {
    let sort_title = title
        .strip_prefix("The ")
        .or_else(|| title.strip_prefix("A "))
        .or_else(|| title.strip_prefix("An "))
        .filter(|_| dice.random_bool(0.6))
        .map(str::to_owned);
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
        content_rating: dice
            .random_bool(0.8)
            .then(|| names::pick(dice, &words::CERTIFICATES).to_owned()),
        date: dice.random_bool(0.7).then(|| day_in(dice, year)),
        year: Some(year),
        critic: dice.random_bool(0.4).then(|| dice.random_range(21..=98)),
        audience: dice.random_bool(0.8).then(|| dice.random_range(21..=98)),
        genres: names::genres(dice, genres),
        directors: names::people(dice, directors),
        actors: cast(dice, actors),
        set: dice.random_bool(0.15).then(|| names::collection(dice)),
        poster: None,
        background: None,
    }
}

pub(super) fn title_in(source: &Source) -> &str {
    source.title.as_deref().unwrap_or("Untitled")
}

pub(super) fn cast(dice: &mut ChaCha8Rng, count: usize) -> Vec<Actor> {
    names::people(dice, count)
        .into_iter()
        .map(|name| Actor {
            name,
            role: format!("{} the {}", names::given(dice), names::trade(dice)),
        })
        .collect()
}

pub(super) fn original(dice: &mut ChaCha8Rng) -> String {
    let (noun, place) = (names::noun(dice), names::place(dice));
    match dice.random_range(0..3) {
        0 => format!("Le {noun} de {place}"),
        1 => format!("Das {noun} über {place}"),
        _ => format!("O {noun} não é de {place}"),
    }
}

pub(super) fn day_in(dice: &mut ChaCha8Rng, year: i32) -> String {
    format!(
        "{year}-{:02}-{:02}",
        dice.random_range(1..=12),
        dice.random_range(1..=28)
    )
}

/// Without what some file system does not take.
fn file_name(title: &str) -> String {
    title
        .chars()
        .filter(|c| !r#"/\:*?"<>|"#.contains(*c))
        .collect()
}
