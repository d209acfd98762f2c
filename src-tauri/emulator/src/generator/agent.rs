//! What Plex's agent made of an item before any sync: full of values, and few of them the source's.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::source::{Actor, Source, agents_picture, certificate, day_in, original};
use super::{Plan, names, picture, prose, reckon, words};
use crate::ItemKind;
use crate::seed::{SeedRole, SeedValues};

/// What Plex's agent found for it: something, and seldom the same.
pub(super) fn film(dice: &mut ChaCha8Rng, plan: &Plan, source: &Source, year: i32) -> SeedValues {
    let title = source.title_or("Untitled");
    let title = match dice.random_range(0..10) {
        0..4 => title.to_owned(),
        4..6 => title.trim_start_matches("The ").to_lowercase(),
        6..8 => format!("{title}: The Motion Picture"),
        _ => format!("{} {}", names::adjective(dice), names::noun(dice)),
    };
    let year = if dice.random_bool(0.3) {
        year + 1
    } else {
        year
    };
    let mut directors = if dice.random_bool(0.5) {
        source.directors.clone()
    } else {
        Vec::new()
    };
    let other = names::person(dice);
    if !directors.contains(&other) {
        directors.push(other);
    }
    let mut actors: Vec<String> = source
        .actors
        .iter()
        .take(2)
        .map(|actor| actor.name.clone())
        .collect();
    actors.extend(
        names::people(dice, 2)
            .into_iter()
            .filter(|name| !source.actors.iter().any(|actor| actor.name == *name)),
    );
    let genres = dice.random_range(1..=3);
    let found = SeedValues {
        guid: Some(format!(
            "plex://movie/{:016x}{:08x}",
            dice.next_u64(),
            dice.next_u32()
        )),
        title: Some(title),
        title_sort: None,
        original_title: dice.random_bool(0.1).then(|| original(dice)),
        summary: Some(prose::agent_plot(dice)),
        tagline: dice.random_bool(0.3).then(|| prose::tagline(dice)),
        studio: dice
            .random_bool(0.5)
            .then(|| names::studio(dice).to_owned()),
        content_rating: dice
            .random_bool(0.6)
            .then(|| names::pick(dice, &words::CERTIFICATES).to_owned()),
        date: Some(day_in(dice, year)),
        year: Some(year),
        rating: dice
            .random_bool(0.3)
            .then(|| f64::from(dice.random_range(21..=98)) / 10.0),
        audience_rating: dice
            .random_bool(0.7)
            .then(|| f64::from(dice.random_range(21..=98)) / 10.0),
        genres: Some(names::agent_genres(dice, genres)),
        directors: Some(directors),
        roles: roles(plan, &actors),
        actors: Some(actors),
        collections: dice
            .random_bool(0.05)
            .then(|| vec!["Rainy Sundays".to_owned()]),
        poster: plan.posters.then(|| picture::stripes(dice, plan.image)),
        background: (plan.posters && dice.random_bool(0.6))
            .then(|| picture::stripes(dice, plan.wide_image())),
        ..SeedValues::default()
    };
    if plan.every_field {
        film_more(dice, source, found)
    } else {
        found
    }
}

/// The same with what it found of more fields.
fn film_more(dice: &mut ChaCha8Rng, source: &Source, found: SeedValues) -> SeedValues {
    let writers = if dice.random_bool(0.3) {
        source.writers.clone()
    } else {
        names::people(dice, 1)
    };
    SeedValues {
        writers: Some(writers),
        producers: dice.random_bool(0.5).then(|| names::people(dice, 1)),
        countries: Some(names::several(dice, &words::COUNTRIES, 1)),
        ..found
    }
}

/// An agent's values that are the source's, with the agent's own pictures.
pub(super) fn equal_to(source: &Source, agent: &SeedValues) -> SeedValues {
    let text = |value: &Option<String>| value.as_deref().map(reckon::clean_text);
    SeedValues {
        guid: agent.guid.clone(),
        title: text(&source.title),
        title_sort: text(&source.sort_title),
        original_title: text(&source.original_title),
        summary: text(&source.summary),
        tagline: text(&source.tagline),
        studio: text(&source.studio),
        content_rating: text(&source.content_rating),
        date: source.date.clone(),
        year: source.year,
        rating: source.critic.map(|tenths| f64::from(tenths) / 10.0),
        audience_rating: source.audience.map(|tenths| f64::from(tenths) / 10.0),
        genres: Some(reckon::clean_tags(&source.genres)),
        directors: Some(reckon::clean_tags(&source.directors)),
        actors: Some(reckon::clean_tags(&source.actor_names())),
        roles: source.actors.iter().map(told).collect(),
        writers: Some(reckon::clean_tags(&source.writers)),
        producers: Some(reckon::clean_tags(&source.producers)),
        countries: Some(reckon::clean_tags(&source.countries)),
        labels: Some(reckon::clean_tags(&source.labels)),
        poster: agent.poster.clone(),
        background: agent.background.clone(),
        ..SeedValues::default()
    }
}

/// What Plex's agent found of something that is no film. Its guid and, of music, its title are the caller's.
pub(super) fn other(
    dice: &mut ChaCha8Rng,
    plan: &Plan,
    kind: ItemKind,
    source: &Source,
    year: i32,
) -> SeedValues {
    let is_music = matches!(kind, ItemKind::Artist | ItemKind::Album | ItemKind::Track);
    let title = match dice.random_range(0..10) {
        0..4 => source.title.clone(),
        4..7 => source.title.as_ref().map(|title| title.to_lowercase()),
        _ => Some(names::title(dice)),
    };
    // At times both have it from the same place.
    let summary = match source.summary.as_deref().map(reckon::clean_text) {
        Some(text) if !text.is_empty() && dice.random_bool(0.15) => text,
        _ => prose::agent_plot(dice),
    };
    let rating = |dice: &mut ChaCha8Rng, likely| {
        let rating = super::source::rating(dice, likely)?;
        Some(f64::from(rating) / 10.0)
    };
    let mut found = SeedValues {
        title: title
            .map(|title| reckon::clean_text(&title))
            .filter(|title| !title.is_empty()),
        summary: Some(summary),
        poster: (plan.posters && dice.random_bool(0.5)).then(|| picture::stripes(dice, plan.image)),
        ..SeedValues::default()
    };
    if matches!(kind, ItemKind::Show | ItemKind::Episode | ItemKind::Album) {
        // An episode's year is its date's: nobody can edit it by itself.
        let is_off = dice.random_bool(0.3) && kind != ItemKind::Episode;
        found.year = Some(year + i32::from(is_off));
        found.date = Some(day_in(dice, year));
    }
    if matches!(kind, ItemKind::Show | ItemKind::Episode) {
        found.audience_rating = rating(dice, 0.6);
        found.content_rating = certificate(dice, 0.5);
        let actors = names::people(dice, 2);
        found.roles = roles(plan, &actors);
        found.actors = Some(actors);
    }
    match kind {
        ItemKind::Show => {
            found.studio = Some(names::studio(dice).to_owned());
            found.genres = Some(names::agent_genres(dice, 2));
            found.background = plan
                .posters
                .then(|| picture::stripes(dice, plan.wide_image()));
        }
        ItemKind::Episode => {
            found.directors = Some(names::people(dice, 1));
            found.writers = dice.random_bool(0.5).then(|| names::people(dice, 1));
        }
        ItemKind::Album => {
            found.studio = dice
                .random_bool(0.5)
                .then(|| names::studio(dice).to_owned());
            found.rating = rating(dice, 0.3);
        }
        _ => {}
    }
    if is_music {
        found.moods = Some(names::several(dice, &words::MOODS, 2));
    }
    if matches!(kind, ItemKind::Artist | ItemKind::Album) {
        found.genres = Some(names::several(dice, &words::MUSIC_GENRES, 1));
        found.styles = Some(names::several(dice, &words::STYLES, 2));
    }
    found
}

/// What the agent knows of a cast: of every second actor a role, and of some a picture.
fn roles(plan: &Plan, actors: &[String]) -> Vec<SeedRole> {
    let takes = plan.takes();
    let known = actors.iter().enumerate().map(|(place, name)| SeedRole {
        actor: name.clone(),
        role: (takes.roles && place % 2 == 0).then(|| "Somebody".to_owned()),
        thumb: None,
        picture: agents_picture(name).filter(|_| takes.pictures),
    });
    known
        .filter(|known| known.role.is_some() || known.picture.is_some())
        .collect()
}

/// A role as the source tells it.
fn told(actor: &Actor) -> SeedRole {
    SeedRole {
        actor: actor.name.clone(),
        role: Some(actor.role.clone()).filter(|role| !role.is_empty()),
        thumb: None,
        picture: Some(actor.picture.clone()).filter(|picture| !picture.is_empty()),
    }
}

/// A guid as the agent would give it.
pub(super) fn guid(kind: ItemKind, number: u64) -> String {
    format!("plex://{}/{number:024x}", kind.name())
}
