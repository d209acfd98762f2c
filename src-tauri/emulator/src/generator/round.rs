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
use super::{File, Generated, Odd, agent, dice, names, prose};
use crate::person::{PersonValue, Scope};
use crate::seed::SeedValues;
use crate::{EditError, Emulator};

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

/// What the agent does to a film: it says something else, and refreshes.
#[derive(Debug, Clone, PartialEq)]
pub struct Refresh {
    /// The film, by the path of its first file in Plex.
    pub path: String,
    /// What it says now.
    pub says: SeedValues,
}

/// What happens between two syncs, and what the second must lead to.
#[derive(Debug, Clone)]
pub struct Round {
    /// To be done in Plex.
    pub person_edits: Vec<Edit>,
    /// To be done in Plex: unlocked attributes fall back to what the agent says.
    pub agent_refreshes: Vec<Refresh>,
    /// To be written to the source folder: changed .nfo files and posters.
    pub changed: Vec<File>,
    /// What must be true after the next sync.
    pub expected: Expectation,
}

impl Round {
    /// Does the person's edits and the agent's refreshes on an emulator. The changed files are left to the caller.
    ///
    /// # Errors
    /// Where a film is not there, or the emulator does not take a value.
    pub fn play(&self, emulator: &Emulator) -> Result<(), EditError> {
        let key = |path: &str| emulator.key_of(path).ok_or(EditError::NotFound(0));
        for refresh in &self.agent_refreshes {
            let key = key(&refresh.path)?;
            emulator.agent_says(key, refresh.says.clone())?;
            emulator.agent_refresh(Scope::Item(key))?;
        }
        for edit in &self.person_edits {
            let value = match &edit.value {
                Want::Nothing => PersonValue::Text(String::new()),
                Want::Text(text) | Want::Picture(text) => PersonValue::Text(text.clone()),
                Want::Whole(number) => PersonValue::Text(number.to_string()),
                Want::Tenths(_) => PersonValue::Text(edit.value.to_string()),
                Want::Tags(tags) => PersonValue::Tags(tags.clone()),
            };
            emulator.edit_as_person(key(&edit.path)?, edit.attribute, value, true)?;
        }
        Ok(())
    }
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
    let per_event = (first.films.len() / 30).max(1);
    // A refresh costs something only where a sync left an attribute unlocked: because Plex held the value before, or
    // because nothing is locked at all.
    let loose = |film: &&&Film| {
        let before = &first.expected.films[&film.key()];
        let asked = reckon::asked(&film.source);
        asked.keys().any(|&name| {
            matches!(name, "title" | "director") && before.locks.get(name) == Some(&false)
        })
    };
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
            let says = new_findings(film, dice, first);
            held = refreshed(&says, held, &locked);
            round.agent_refreshes.push(Refresh {
                path: film.key(),
                says,
            });
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
    if held.get("title") != before.values.get("title") && !asked.contains_key("titleSort") {
        want.values.remove("titleSort");
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
                | Odd::SortTitleEqual
                | Odd::PngPictures
        )
    );
    ordinary && film.in_plex() && film.has_source()
}

/// Other values than the agent said before, of the same film.
fn new_findings(film: &Film, dice: &mut ChaCha8Rng, first: &Generated) -> SeedValues {
    let found = agent::found(dice, &first.plan, &film.source, 1999);
    SeedValues {
        guid: film.agent.guid.clone(),
        title: Some(format!("{} Reconsidered", names::noun(dice))),
        directors: Some(names::people(dice, 2)),
        ..found
    }
}

/// What a refresh leaves: what the agent says where nothing is locked; collections are only entered.
fn refreshed(says: &SeedValues, mut held: Values, locked: &BTreeSet<String>) -> Values {
    for (attribute, said) in reckon::values_of(says) {
        if locked.contains(attribute) {
            continue;
        }
        let both = match (attribute, held.get(attribute), &said) {
            ("collection", Some(Want::Tags(held)), Want::Tags(said)) => {
                let new = said.iter().filter(|tag| !reckon::has(held, tag));
                Want::Tags(held.iter().chain(new).cloned().collect())
            }
            _ => said,
        };
        held.insert(attribute, both);
    }
    held
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
