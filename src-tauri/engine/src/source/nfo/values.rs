//! What a film's .nfo asks for, field by field.
//!
//! An empty element says nothing: writers of .nfo files leave `<plot/>` for *unknown*. Where elements repeat, the first
//! that says something counts.
//!
//! | Field | From, the first that says something |
//! |---|---|
//! | title, sort title, original title | `title`, `name`, `localtitle`; `sorttitle`, `sortname`; `originaltitle` |
//! | summary, tagline | `plot`, else `outline`; `tagline` |
//! | studio, content rating | first `studio`; `mpaa` |
//! | release date | the first whole date of `premiered`, `releasedate`, `aired` |
//! | year | `year`, else of the dates above |
//! | audience rating | `ratings/rating`: the default one, `imdb`, `tmdb`, `tomatometerallaudience`; `rating`, `communityrating` |
//! | critic rating | `criticrating`; `ratings/rating`: `metacritic`, `tomatometerallcritics` |
//! | genres, directors | all `genre`, `director`, also several in one with ` / ` between |
//! | actors | `actor/name`, sorted by `order` |
//! | collections | `set/name`, else `set` |

use std::collections::BTreeMap;

use super::parse::Element;
use crate::model::{Field, Value};
use crate::text::{self, PartialDate};

/// Most actors that are taken over; a longer cast is a list of extras.
const MOST_ACTORS: usize = 200;

/// Names of ratings by critics, the best first.
const CRITICS: [&str; 2] = ["metacritic", "tomatometerallcritics"];
/// Names of ratings by the audience, the best first.
const AUDIENCES: [&str; 4] = ["imdb", "tmdb", "themoviedb", "tomatometerallaudience"];

/// The values of a `<movie>`.
pub(super) fn values(movie: &Element) -> BTreeMap<Field, Value> {
    let mut values = BTreeMap::new();
    let mut put = |field, value: Option<Value>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            values.insert(field, value);
        }
    };
    for (field, names) in [
        (Field::Title, &["title", "name", "localtitle"][..]),
        (Field::SortTitle, &["sorttitle", "sortname"]),
        (Field::OriginalTitle, &["originaltitle"]),
        (Field::Summary, &["plot", "outline"]),
        (Field::Tagline, &["tagline"]),
        (Field::ContentRating, &["mpaa"]),
    ] {
        let raw = names.iter().find_map(|name| movie.text_of(name));
        put(field, raw.and_then(|raw| text::value(field, raw)));
    }
    let studio = several(movie, "studio").next();
    put(
        Field::Studio,
        studio.and_then(|raw| text::value(Field::Studio, raw)),
    );
    let (date, year) = date_and_year(movie);
    put(Field::ReleaseDate, date.map(Value::Text));
    put(Field::Year, year.map(Value::Whole));
    put(
        Field::AudienceRating,
        audience_rating(movie).map(Value::Tenths),
    );
    put(Field::CriticRating, critic_rating(movie).map(Value::Tenths));
    put(
        Field::Genres,
        Some(text::tags_value(several(movie, "genre"))),
    );
    let directors = several(movie, "director").map(|name| name.trim_end_matches([',', ';']));
    put(Field::Directors, Some(text::tags_value(directors)));
    put(Field::Actors, Some(text::tags_value(actors(movie))));
    put(Field::Collections, Some(text::tags_value(sets(movie))));
    values
}

/// All texts of a repeated element.
fn several<'a>(movie: &'a Element, name: &'a str) -> impl Iterator<Item = &'a str> {
    movie
        .all(name)
        .flat_map(|element| element.text.split(" / "))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn date_and_year(movie: &Element) -> (Option<String>, Option<i32>) {
    let mut day = None;
    let mut year = movie.text_of("year").and_then(text::year);
    for name in ["premiered", "releasedate", "aired"] {
        match movie.text_of(name).and_then(text::date) {
            Some(PartialDate::Day(date)) => {
                year = year.or_else(|| text::year(date.get(..4)?));
                day = day.or(Some(date));
            }
            Some(PartialDate::YearOnly(only)) => year = year.or(Some(only)),
            None => {}
        }
    }
    // A whole date in `<year>`, as some writers have it.
    let whole = movie.text_of("year").and_then(text::date);
    match whole {
        Some(PartialDate::Day(date)) if day.is_none() => {
            let year = year.or_else(|| text::year(date.get(..4)?));
            (Some(date), year)
        }
        _ => (day, year),
    }
}

fn audience_rating(movie: &Element) -> Option<u8> {
    let is_default = |rating: &&Element| {
        let marked = rating.attribute("default");
        marked.is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
            && !CRITICS.contains(&rating_name(rating).as_str())
    };
    structured(movie)
        .filter(is_default)
        .find_map(structured_rating)
        .or_else(|| named_rating(movie, &AUDIENCES))
        .or_else(|| {
            let mut plain = ["rating", "communityrating"]
                .into_iter()
                .flat_map(|name| movie.all(name));
            plain.find_map(|rating| scaled(&rating.text, rating.attribute("max")))
        })
}

fn critic_rating(movie: &Element) -> Option<u8> {
    movie
        .text_of("criticrating")
        .and_then(|raw| scaled(raw, None))
        .or_else(|| named_rating(movie, &CRITICS))
}

fn structured(movie: &Element) -> impl Iterator<Item = &Element> {
    movie
        .all("ratings")
        .flat_map(|ratings| ratings.all("rating"))
}

fn rating_name(rating: &Element) -> String {
    rating
        .attribute("name")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn named_rating(movie: &Element, names: &[&str]) -> Option<u8> {
    names.iter().find_map(|name| {
        structured(movie)
            .filter(|rating| rating_name(rating) == *name)
            .find_map(structured_rating)
    })
}

fn structured_rating(rating: &Element) -> Option<u8> {
    scaled(rating.text_of("value")?, rating.attribute("max"))
}

/// A rating out of `max`. Without one, or with one that it exceeds, it is out of 10, or else a percentage.
fn scaled(raw: &str, max: Option<&str>) -> Option<u8> {
    let named = max.and_then(|max| max.trim().parse::<f64>().ok());
    named
        .into_iter()
        .chain([10.0, 100.0])
        .find_map(|max| text::rating(raw, max))
}

/// Names in the order that `order` (Kodi) or `sortorder` (Jellyfin) gives; those without one come last, as they stand.
fn actors(movie: &Element) -> Vec<&str> {
    let is_actor = |actor: &&Element| {
        actor.text_of("type").is_none_or(|kind| {
            ["actor", "gueststar"]
                .iter()
                .any(|known| kind.eq_ignore_ascii_case(known))
        })
    };
    let order = |actor: &Element| {
        ["order", "sortorder"]
            .iter()
            .find_map(|name| actor.text_of(name)?.parse::<i64>().ok())
            .unwrap_or(i64::MAX)
    };
    let mut actors: Vec<(i64, &str)> = movie
        .all("actor")
        .filter(is_actor)
        .filter_map(|actor| Some((order(actor), actor.text_of("name")?)))
        .collect();
    actors.sort_by_key(|(order, _)| *order);
    actors
        .into_iter()
        .take(MOST_ACTORS)
        .map(|(_, name)| name)
        .collect()
}

fn sets(movie: &Element) -> impl Iterator<Item = &str> {
    movie
        .all("set")
        .map(|set| set.text_of("name").unwrap_or(set.text.trim()))
}
