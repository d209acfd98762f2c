//! What Plex's agent made of a film before any sync: full of values, and few of them the source's.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::film::{Source, day_in, original, title_in};
use super::{Plan, names, picture, prose, reckon, words};
use crate::seed::SeedValues;

/// What Plex's agent found for it: something, and seldom the same.
pub(super) fn found(dice: &mut ChaCha8Rng, plan: &Plan, source: &Source, year: i32) -> SeedValues {
    let title = title_in(source);
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
    let wide = (plan.image.1, plan.image.1 * 9 / 16);
    SeedValues {
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
        actors: Some(actors),
        collections: dice
            .random_bool(0.05)
            .then(|| vec!["Rainy Sundays".to_owned()]),
        poster: plan.posters.then(|| picture::stripes(dice, plan.image)),
        background: (plan.posters && dice.random_bool(0.6)).then(|| picture::stripes(dice, wide)),
        ..SeedValues::default()
    }
}

/// An agent's values that are the source's, with the agent's own pictures.
pub(super) fn equal_to(source: &Source, agent: &SeedValues) -> SeedValues {
    let text = |value: &Option<String>| value.as_deref().map(reckon::clean_text);
    let actors: Vec<String> = source
        .actors
        .iter()
        .map(|actor| actor.name.clone())
        .collect();
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
        actors: Some(reckon::clean_tags(&actors)),
        collections: None,
        poster: agent.poster.clone(),
        background: agent.background.clone(),
        ..SeedValues::default()
    }
}
