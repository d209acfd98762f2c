//! Episodes: what their sources mean, and which files hold them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::item::{Item, Page, Voice};
use super::nfo::{Habits, Root};
use super::odd::Odd;
use super::picture::Format;
use super::series::{Show, folder_of};
use super::source::{Source, cast, certificate, day_in, file_name, labels, poster, rating};
use super::twist_more::{edited, lock};
use super::{SERIES_SECTION, agent, names, prose};
use crate::ItemKind;
use crate::seed::SeedValues;

/// Whose turn it is to be odd: every so many-th episode of those of which a source speaks.
#[derive(Default)]
pub(super) struct Turn {
    episodes: usize,
}

/// Every so many-th episode is odd.
const EVERY: usize = 4;

/// Adds the episodes of a season, which stands at `parent`.
pub(super) fn add(
    show: &Show<'_>,
    dice: &mut ChaCha8Rng,
    season: i32,
    parent: usize,
    turn: &mut Turn,
    items: &mut Vec<Item>,
) {
    let count = dice.random_range(3..=show.plan.episodes.max(3));
    let count = i32::try_from(count).unwrap_or(3);
    let has_titles = dice.random_bool(0.5);
    let mut number = 1;
    while number <= count {
        let odd = turn.next(show);
        let title = names::title(dice);
        let mark = format!("S{season:02}E{number:02}");
        let is_double = matches!(odd, Some(Odd::DoubleEpisode | Odd::DoubleUnnumbered));
        let mark = if is_double {
            format!("{mark}E{:02}", number + 1)
        } else {
            mark
        };
        let stem = match show.odd {
            Some(Odd::EqualEpisodeNames | Odd::EqualEpisodeNamesAgain) => mark,
            _ if has_titles => file_name(&format!("{} - {mark} - {title}", show.title)),
            _ => format!("{} {mark}", file_name(&show.title)),
        };
        let stem = format!("{}/{stem}", folder_of(season));
        let mut first = episode(show, dice, (season, number), &title, &stem, odd);
        first.parent = Some(parent);
        if is_double {
            let second = second(show, dice, &first, (season, number + 1));
            items.extend([first, second]);
            number += 1;
        } else {
            items.push(first);
        }
        number += 1;
    }
}

impl Turn {
    fn next(&mut self, show: &Show<'_>) -> Option<Odd> {
        let may_be = show.plan.odd
            && show.in_plex
            && matches!(show.voice, Voice::Page | Voice::Silent | Voice::Misplaced);
        if !may_be {
            return None;
        }
        self.episodes += 1;
        Odd::next(&Odd::EPISODES, self.episodes, (EVERY, 1), show.plan)
    }
}

fn episode(
    show: &Show<'_>,
    dice: &mut ChaCha8Rng,
    (season, number): (i32, i32),
    title: &str,
    stem: &str,
    odd: Option<Odd>,
) -> Item {
    let plan = show.plan;
    let mut item = Item::new(ItemKind::Episode, SERIES_SECTION);
    item.odd = odd;
    item.voice = match odd {
        _ if show.voice == Voice::Absent => Voice::Absent,
        Some(Odd::EpisodeNoNfo) => Voice::Silent,
        Some(Odd::EpisodeMisplaced) => Voice::Misplaced,
        _ => Voice::Page,
    };
    item.in_plex = show.in_plex && odd != Some(Odd::EpisodeNotInPlex);
    (item.index, item.above) = (Some(number), Some(season));
    let parts = if odd == Some(Odd::EpisodeMultiPart) {
        vec![format!("{stem} pt1.mkv"), format!("{stem} pt2.mkv")]
    } else {
        vec![format!("{stem}.mkv")]
    };
    item.media = parts.iter().map(|path| show.in_source(path)).collect();
    let plex: Vec<String> = parts.iter().map(|path| show.in_plex(path)).collect();
    item.name.clone_from(&plex[0]);
    item.versions = vec![plex];
    item.source = meant(dice, title, show.year_of(season));
    let is_double = matches!(odd, Some(Odd::DoubleEpisode | Odd::DoubleUnnumbered));
    if !is_double {
        // Which episode of a file its one picture is of, nobody can tell.
        item.source.poster = poster(dice, plan, 0.4, Format::Jpeg);
    }
    item.spots.poster = show.in_source(&format!("{stem}-thumb.jpg"));
    fill(&mut item, show, dice, (season, number));
    let root = match odd {
        Some(Odd::EpisodeMisplaced) => Root::Movie,
        _ => Root::Episode,
    };
    let habits = match odd {
        Some(Odd::DoubleUnnumbered) => Some(Odd::EpisodeUnnumbered),
        other => other,
    };
    let habits = Habits::ordinary(dice, root, habits).fitting(&item.source);
    if matches!(item.voice, Voice::Page | Voice::Misplaced) {
        item.page = Some(Page {
            path: show.in_source(&format!("{stem}.nfo")),
            root,
            habits,
            instead: None,
        });
    }
    match odd {
        Some(Odd::EpisodeEmptyPlot) => item.source.summary = Some(String::new()),
        Some(Odd::EpisodePersonEdited) => edited(&mut item),
        Some(Odd::EpisodePersonLocked) => lock(&mut item, "summary"),
        _ => {}
    }
    item
}

/// The next episode in the same file.
fn second(show: &Show<'_>, dice: &mut ChaCha8Rng, first: &Item, place: (i32, i32)) -> Item {
    let mut item = Item::new(ItemKind::Episode, SERIES_SECTION);
    (item.odd, item.voice, item.in_plex) = (first.odd, first.voice, first.in_plex);
    (item.index, item.above, item.parent) = (Some(place.1), Some(place.0), first.parent);
    item.name = format!("{} #{}.{}", first.name, place.0, place.1);
    item.versions.clone_from(&first.versions);
    item.page.clone_from(&first.page);
    let title = names::title(dice);
    item.source = meant(dice, &title, show.year_of(place.0));
    if first.page.as_ref().is_some_and(|page| page.habits.legacy()) {
        item.source.critic = None;
    }
    fill(&mut item, show, dice, place);
    item
}

/// What the agent says.
fn fill(item: &mut Item, show: &Show<'_>, dice: &mut ChaCha8Rng, (season, number): (i32, i32)) {
    let known = show.number * 1_000_000
        + u64::from(season.unsigned_abs()) * 1_000
        + u64::from(number.unsigned_abs());
    let (kind, year) = (ItemKind::Episode, show.year_of(season));
    item.agent = SeedValues {
        guid: Some(agent::guid(kind, known)),
        ..agent::other(dice, show.plan, kind, &item.source, year)
    };
}

/// What the source of an ordinary episode says.
fn meant(dice: &mut ChaCha8Rng, title: &str, year: i32) -> Source {
    let writers = dice.random_range(1..=2);
    Source {
        title: Some(title.to_owned()),
        summary: Some(prose::plot(dice)),
        content_rating: certificate(dice, 0.4),
        date: dice.random_bool(0.8).then(|| day_in(dice, year)),
        critic: rating(dice, 0.1),
        audience: rating(dice, 0.7),
        user: rating(dice, 0.1),
        directors: names::people(dice, 1),
        writers: names::people(dice, writers),
        labels: labels(dice),
        actors: cast(dice, 2),
        ..Source::default()
    }
}
