//! Shows and seasons: what their sources mean, and where they lie.
//!
//! Not here: their episodes (`episodes`).

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::episodes::{self, Turn};
use super::item::{Item, Page, Spots, Voice};
use super::names::{self, Titles};
use super::nfo::{Habits, Root};
use super::odd::Odd;
use super::picture::{self, Format};
use super::source::{
    Source, cast, certificate, day_in, file_name, labels, original, poster, rating, sort_title,
    square, wide,
};
use super::twist_more::{edited, lock};
use super::{Layout, Plan, SERIES_SECTION, agent, dice, prose, words};
use crate::ItemKind;
use crate::seed::SeedValues;

/// Where the random numbers of titles in shows' files begin.
const NAMED: u64 = 1 << 54;
/// Where the random numbers of shows begin.
const SHOWS: u64 = 1 << 51;

/// What all parts of a show have in common.
pub(super) struct Show<'a> {
    pub plan: &'a Plan,
    pub number: u64,
    pub title: String,
    pub odd: Option<Odd>,
    pub voice: Voice,
    pub in_plex: bool,
    /// Its folder, below that of the section.
    pub folder: String,
    guid: String,
    year: i32,
}

/// How a show's source speaks of its seasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seasons {
    Untold,
    Pages,
    Pictures,
}

/// Adds all shows of a world.
pub(super) fn shows(plan: &Plan, items: &mut Vec<Item>) {
    let mut titles = Titles::default();
    let mut title_dice = dice(plan.seed, u64::MAX - 2);
    let mut turn = Turn::default();
    for index in 0..plan.shows {
        let odd =
            Odd::next(&Odd::SHOWS, index, (2, 1), plan).filter(|_| plan.layout == Layout::Sections);
        let cycle = index / 2 / Odd::SHOWS.len();
        let title = match odd {
            Some(Odd::ShowEmoji) => words::listed(&words::EMOJI, cycle),
            Some(Odd::ShowRightToLeft) => words::listed(&words::RIGHT_TO_LEFT, cycle),
            Some(Odd::ShowDecomposed) => words::listed(&words::COMBINING, cycle),
            _ => titles.next(&mut title_dice),
        };
        add(plan, index as u64, title, odd, &mut turn, items);
    }
}

fn add(
    plan: &Plan,
    number: u64,
    title: String,
    odd: Option<Odd>,
    turn: &mut Turn,
    items: &mut Vec<Item>,
) {
    let dice = &mut dice(plan.seed, SHOWS + number);
    let year = dice.random_range(1975..=2022);
    let show = Show {
        plan,
        number,
        odd,
        voice: match odd {
            _ if plan.layout == Layout::Films => Voice::Absent,
            Some(Odd::ShowNoSource) => Voice::Absent,
            Some(Odd::ShowNoNfo) => Voice::Silent,
            Some(Odd::ShowMisplaced) => Voice::Misplaced,
            _ => Voice::Page,
        },
        in_plex: odd != Some(Odd::ShowNotInPlex),
        folder: format!("{} ({year})", file_name(&title)),
        guid: agent::guid(ItemKind::Show, number),
        title,
        year,
    };
    let position = items.len();
    items.push(show.item(dice));
    let told = show.seasons_told(dice);
    let has_specials = dice.random_bool(0.2) || odd == Some(Odd::Specials);
    let count = dice.random_range(1..=plan.seasons.max(1));
    let named_dice = &mut super::dice(plan.seed, NAMED + number);
    for season in i32::from(!has_specials)..=i32::try_from(count).unwrap_or(1) {
        let parent = items.len();
        let mut item = show.season(dice, season, told, position);
        if show.voice == Voice::Page {
            let named = name(named_dice, season, &mut item);
            items[position].source.seasons.extend(named);
        }
        items.push(item);
        episodes::add(&show, dice, season, parent, turn, items);
    }
}

impl Show<'_> {
    /// A path of the show as the source has it.
    pub fn in_source(&self, path: &str) -> String {
        let path = format!("{}/{path}", self.folder);
        self.plan.in_source(SERIES_SECTION, &path)
    }

    /// The same path as Plex has it.
    pub fn in_plex(&self, path: &str) -> String {
        let path = Plan::in_plex(SERIES_SECTION, &format!("{}/{path}", self.folder));
        if self.odd == Some(Odd::ShowDecomposed) {
            path.nfd().collect()
        } else {
            path
        }
    }

    /// When a season was first shown.
    pub fn year_of(&self, season: i32) -> i32 {
        self.year + season.max(1) - 1
    }

    fn item(&self, dice: &mut ChaCha8Rng) -> Item {
        let plan = self.plan;
        let mut item = Item::new(ItemKind::Show, SERIES_SECTION);
        item.name = format!("show {}", self.guid);
        (item.odd, item.voice, item.in_plex) = (self.odd, self.voice, self.in_plex);
        let mut source = meant(dice, &self.title, self.year);
        source.poster = poster(dice, plan, 0.9, Format::Jpeg);
        source.background = wide(dice, plan, 0.6, Format::Jpeg);
        if self.odd == Some(Odd::ShowLogoAndSquare) {
            source.logo = wide(dice, plan, 1.0, Format::Png);
            source.square = square(dice, plan, Format::Jpeg);
        }
        let habits = Habits::ordinary(dice, Root::Show, self.odd).fitting(&source);
        item.agent = SeedValues {
            guid: Some(self.guid.clone()),
            ..agent::other(dice, plan, ItemKind::Show, &source, self.year)
        };
        item.source = source;
        match self.odd {
            Some(Odd::ShowEmptyPlot) => item.source.summary = Some(String::new()),
            Some(Odd::ShowPersonEdited) => edited(&mut item),
            Some(Odd::ShowPersonLocked) => {
                for attribute in ["summary", "studio", "genre"] {
                    lock(&mut item, attribute);
                }
            }
            _ => {}
        }
        if matches!(self.voice, Voice::Page | Voice::Misplaced) {
            item.page = Some(Page {
                path: self.in_source("tvshow.nfo"),
                root: if self.voice == Voice::Page {
                    Root::Show
                } else {
                    Root::Movie
                },
                habits,
                instead: None,
            });
        }
        item.spots = Spots {
            poster: self.in_source("poster.jpg"),
            background: self.in_source("fanart.jpg"),
            logo: self.in_source("clearlogo.png"),
            square: self.in_source("square.jpg"),
        };
        item
    }

    fn seasons_told(&self, dice: &mut ChaCha8Rng) -> Seasons {
        let by_chance =
            [Seasons::Untold, Seasons::Pages, Seasons::Pictures][dice.random_range(0..3)];
        let told = match self.odd {
            Some(Odd::SeasonPages | Odd::SeasonPersonEdited) => Seasons::Pages,
            Some(Odd::SeasonPictures) => Seasons::Pictures,
            _ => by_chance,
        };
        match (self.voice, told) {
            (Voice::Page, Seasons::Pictures) if !self.plan.posters => Seasons::Untold,
            (Voice::Page, told) => told,
            _ => Seasons::Untold,
        }
    }

    fn season(&self, dice: &mut ChaCha8Rng, season: i32, told: Seasons, parent: usize) -> Item {
        let plan = self.plan;
        let mut item = Item::new(ItemKind::Season, SERIES_SECTION);
        item.name = format!("season {} {season}", self.guid);
        (item.parent, item.index, item.in_plex) = (Some(parent), Some(season), self.in_plex);
        let title = if season == 0 {
            "Specials".to_owned()
        } else {
            format!("Season {season}")
        };
        let folder = folder_of(season);
        item.source = Source {
            title: Some(if dice.random_bool(0.5) {
                format!("The {} Years", names::place(dice))
            } else {
                title.clone()
            }),
            summary: Some(prose::plot(dice)),
            user: rating(dice, 0.15),
            labels: labels(dice),
            poster: poster(dice, plan, 0.5, Format::Jpeg),
            ..Source::default()
        };
        item.agent = SeedValues {
            guid: Some(agent::guid(
                ItemKind::Season,
                self.number * 1_000 + u64::from(season.unsigned_abs()),
            )),
            title: Some(title),
            summary: dice.random_bool(0.3).then(|| prose::agent_plot(dice)),
            poster: (plan.posters && dice.random_bool(0.5))
                .then(|| picture::stripes(dice, plan.image)),
            ..SeedValues::default()
        };
        match told {
            Seasons::Pages => {
                item.voice = Voice::Page;
                item.page = Some(Page {
                    path: self.in_source(&format!("{folder}/season.nfo")),
                    root: Root::Season,
                    habits: Habits::ordinary(dice, Root::Season, None),
                    instead: None,
                });
                item.spots.poster = self.in_source(&format!("{folder}/poster.jpg"));
            }
            Seasons::Pictures => {
                item.voice = Voice::Pictures;
                item.source = Source {
                    poster: poster(dice, plan, 1.0, Format::Jpeg),
                    ..Source::default()
                };
                item.spots.poster = self.in_source(&if season == 0 {
                    "season-specials-poster.jpg".to_owned()
                } else {
                    format!("season{season:02}-poster.jpg")
                });
            }
            Seasons::Untold if self.voice == Voice::Absent => item.voice = Voice::Absent,
            Seasons::Untold => {}
        }
        item.odd = match told {
            Seasons::Pages | Seasons::Pictures => self.odd.filter(|odd| {
                matches!(
                    odd,
                    Odd::SeasonPages | Odd::SeasonPictures | Odd::SeasonPersonEdited
                )
            }),
            Seasons::Untold => None,
        };
        if self.odd == Some(Odd::SeasonPersonEdited) && season == 1 {
            edited(&mut item);
        }
        item
    }
}

/// Lets a show's file give a season a title, by chance; also one that has a title of its own, which counts then.
fn name(dice: &mut ChaCha8Rng, season: i32, item: &mut Item) -> Option<(i32, String)> {
    let title = match (dice.random_range(0..4), season) {
        (0 | 1, _) => return None,
        // The words that Plex itself has for it.
        (2, 0) => "Specials".to_owned(),
        (2, _) => format!("Season {season}"),
        _ => format!("The {} & {} Years", names::place(dice), names::place(dice)),
    };
    match item.voice {
        Voice::Silent => {
            item.voice = Voice::Named;
            item.source = Source::default();
        }
        Voice::Page if dice.random_bool(0.5) => item.source.title = None,
        _ => {}
    }
    Some((season, title))
}

/// The folder of a season's episodes.
pub(super) fn folder_of(season: i32) -> String {
    if season == 0 {
        "Specials".to_owned()
    } else {
        format!("Season {season:02}")
    }
}

/// What the source of an ordinary show says.
fn meant(dice: &mut ChaCha8Rng, title: &str, year: i32) -> Source {
    let genres = dice.random_range(1..=3);
    Source {
        title: Some(title.to_owned()),
        sort_title: sort_title(dice, title),
        original_title: dice.random_bool(0.2).then(|| original(dice)),
        summary: Some(prose::plot(dice)),
        tagline: dice.random_bool(0.3).then(|| prose::tagline(dice)),
        studio: dice
            .random_bool(0.85)
            .then(|| names::studio(dice).to_owned()),
        content_rating: certificate(dice, 0.8),
        date: dice.random_bool(0.7).then(|| day_in(dice, year)),
        year: Some(year),
        critic: rating(dice, 0.3),
        audience: rating(dice, 0.8),
        user: rating(dice, 0.1),
        genres: names::genres(dice, genres),
        labels: labels(dice),
        actors: cast(dice, 4),
        ..Source::default()
    }
}
