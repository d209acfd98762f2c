//! The second round: what a person, an agent and the source do after the first sync, and what the next sync must make
//! of it.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::expect::{Expectation, FilmWant, Want};
use super::film::Film;
use super::picture::{self, Format};
use super::reckon::{self, Base, Values};
use super::{File, Generated, Odd, dice, names, prose};

/// What a person does to an attribute in Plex, which locks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The film, by the path of its first file in Plex.
    pub path: String,
    /// Plex's name of the attribute.
    pub attribute: &'static str,
    /// The new value: text, number, rating or the whole list of tags.
    pub value: Want,
}

/// What happens between two syncs, and what the second must lead to.
#[derive(Debug, Clone)]
pub struct Round {
    /// To be done in Plex.
    pub person_edits: Vec<Edit>,
    /// Films whose unlocked attributes fall back to the agent's, by the path of the first file in Plex.
    pub agent_refreshes: Vec<String>,
    /// To be written to the source folder: changed .nfo files and posters.
    pub changed: Vec<File>,
    /// What must be true after the next sync.
    pub expected: Expectation,
}

/// What happens to one film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// A person edits, the source stays: kept.
    Edit,
    /// A person and the source change the same attribute: kept, and a conflict.
    Conflict,
    /// A person edits one attribute, the source changes others: both stand.
    Apart,
    /// The agent refreshes: what was not locked is written again.
    Refresh,
    /// The source changes: followed.
    Source,
    /// The source's poster changes: followed.
    Poster,
}

const EVENTS: [Event; 6] = [
    Event::Edit,
    Event::Conflict,
    Event::Apart,
    Event::Refresh,
    Event::Source,
    Event::Poster,
];

/// Makes a second round of a world in which the first sync has just been done. Each kind of event befalls about one film
/// in thirty, at least one of each where there are 40 films.
pub fn second_round(first: &Generated, seed: u64) -> Round {
    let dice = &mut dice(seed, u64::MAX - 1);
    let mut events: BTreeMap<usize, Event> = BTreeMap::new();
    let mut free: Vec<&Film> = first.films.iter().filter(|film| is_free(film)).collect();
    free.shuffle(dice);
    // A refresh shows something only where a sync left an attribute unlocked, and collections are never locked.
    let loose = |film: &&&Film| !first.plan.lock_written || film.source.set.is_some();
    let per_event = (first.films.len() / 30).max(1);
    let refreshed: Vec<usize> = free
        .iter()
        .filter(loose)
        .take(per_event)
        .map(|film| film.index)
        .collect();
    events.extend(refreshed.iter().map(|&index| (index, Event::Refresh)));
    let mut others = free.iter().filter(|film| !refreshed.contains(&film.index));
    for event in EVENTS.into_iter().filter(|&event| event != Event::Refresh) {
        events.extend(
            others
                .by_ref()
                .take(per_event)
                .map(|film| (film.index, event)),
        );
    }
    let mut round = Round {
        person_edits: Vec::new(),
        agent_refreshes: Vec::new(),
        changed: Vec::new(),
        expected: Expectation {
            films: BTreeMap::new(),
            ..first.expected.clone()
        },
    };
    for film in first.films.iter().filter(|film| film.in_plex()) {
        let event = events.get(&film.index).copied();
        let before = &first.expected.films[&film.key()];
        let want = befall(film, event, before, first, dice, &mut round);
        round.expected.films.insert(film.key(), want);
    }
    round
        .changed
        .sort_by(|left, right| left.path.cmp(&right.path));
    round
}

/// Plays one event on one film; returns what the next sync must lead to.
fn befall(
    film: &Film,
    event: Option<Event>,
    before: &FilmWant,
    first: &Generated,
    dice: &mut ChaCha8Rng,
    round: &mut Round,
) -> FilmWant {
    if !film.has_source() {
        return FilmWant {
            values: before.values.clone(),
            locks: before.locks.clone(),
            ..FilmWant::default()
        };
    }
    let mut later = film.clone();
    let mut held: Values = before.values.clone();
    let mut locked: BTreeSet<String> = before
        .locks
        .iter()
        .filter(|(_, locked)| **locked)
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut edited: Option<&'static str> = None;
    match event {
        Some(Event::Edit) => {
            edited = Some(["title", "summary", "genre", "audienceRating"][dice.random_range(0..4)]);
        }
        Some(Event::Conflict) => {
            edited = Some("summary");
            later.source.summary = Some(new_plot(dice));
        }
        Some(Event::Apart) => {
            edited = Some("tagline");
            later.source.summary = Some(new_plot(dice));
            later.source.directors = names::people(dice, 2);
        }
        Some(Event::Refresh) => {
            round.agent_refreshes.push(film.key());
            held = refreshed(film, &held, &locked);
        }
        Some(Event::Source) => {
            later.source.summary = Some(new_plot(dice));
            later.source.genres = new_genres(dice, &film.source.genres);
            later.source.year = film.source.year.map(|year| year - 1);
            later.source.date = None;
            later.source.set = film.source.set.as_ref().map(|set| format!("{set} Redux"));
        }
        Some(Event::Poster) if film.source.poster.is_some() => {
            let poster = picture::landscape(dice, first.plan.image, Format::Jpeg);
            round.changed.push(File {
                path: film.poster_path.clone(),
                bytes: poster.clone(),
            });
            later.source.poster = Some(poster);
        }
        None | Some(Event::Poster) => {}
    }
    if let Some(attribute) = edited {
        let value = by_person(attribute);
        held.insert(attribute, value.clone());
        locked.insert(attribute.to_owned());
        round.person_edits.push(Edit {
            path: film.key(),
            attribute,
            value,
        });
    }
    if later.source != film.source && event != Some(Event::Poster) {
        round.changed.push(later.nfo_file());
    }
    let asked_before = reckon::asked(&film.source);
    let asked = reckon::asked(&later.source);
    let start = reckon::seeded(film);
    let base = asked_before
        .iter()
        .filter(|(attribute, _)| !before.kept.contains(*attribute))
        .map(|(&attribute, wish)| {
            let base = Base {
                ours: added(wish, &start[attribute]),
                taken_over: edited == Some(attribute),
                source_changed: asked.get(attribute) != Some(wish),
            };
            (attribute, base)
        })
        .collect();
    let mut want = reckon::sync(&held, &locked, &base, &asked, first.plan.lock_written);
    for attribute in super::ATTRIBUTES {
        if !before.locks.contains_key(attribute)
            && !locked.contains(attribute)
            && !want.written.contains(attribute)
        {
            want.locks.remove(attribute);
        }
    }
    want
}

/// Ordinary films with something in every attribute that an event needs.
fn is_free(film: &Film) -> bool {
    let ordinary = !matches!(
        film.odd,
        Some(
            Odd::PersonEdited
                | Odd::PersonLocked
                | Odd::PersonAgrees
                | Odd::PersonPoster
                | Odd::PersonAgreesPoster
                | Odd::PersonCollections
                | Odd::PremieredOnly
                | Odd::PremieredYear
                | Odd::PremieredMonth
                | Odd::EmptyPlot
                | Odd::EmptyTitle
                | Odd::TitleOnly
                | Odd::AllEqual
                | Odd::PngPictures
        )
    );
    ordinary && film.in_plex() && film.has_source()
}

/// What a refresh leaves: the agent's values where nothing is locked.
fn refreshed(film: &Film, held: &Values, locked: &BTreeSet<String>) -> Values {
    let agent = reckon::fill(&mut reckon::values_of(&film.agent));
    agent
        .into_iter()
        .map(|(attribute, found)| {
            let kept = locked
                .contains(attribute)
                .then(|| held.get(attribute).cloned())
                .flatten();
            (attribute, kept.unwrap_or(found))
        })
        .collect()
}

fn by_person(attribute: &str) -> Want {
    match attribute {
        "title" => Want::Text("The One with the Boat".to_owned()),
        "genre" => Want::Tags(vec!["Family Evening".to_owned(), "Grandmother".to_owned()]),
        "audienceRating" => Want::Tenths(100),
        "tagline" => Want::Text("Bring a blanket.".to_owned()),
        _ => Want::Text("My own words.\n\nIn two paragraphs.".to_owned()),
    }
}

fn new_plot(dice: &mut ChaCha8Rng) -> String {
    format!("New cut. {}", prose::plot(dice))
}

/// Drops the first, keeps the others and adds one.
fn new_genres(dice: &mut ChaCha8Rng, old: &[String]) -> Vec<String> {
    let mut genres: Vec<String> = old.iter().skip(1).cloned().collect();
    let fresh = names::genres(dice, 16)
        .into_iter()
        .find(|genre| !reckon::has(old, genre));
    genres.extend(fresh);
    genres
}

fn added(wish: &Want, before: &Want) -> Vec<String> {
    let (Want::Tags(wish), before) = (wish, before) else {
        return Vec::new();
    };
    let before = if let Want::Tags(tags) = before {
        tags.as_slice()
    } else {
        &[]
    };
    wish.iter()
        .filter(|tag| !reckon::has(before, tag))
        .cloned()
        .collect()
}
