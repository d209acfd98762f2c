//! What a source means, before it is written down: plain data, and parts of which every kind of item makes it.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::picture::{self, Format};
use super::{Plan, names, words};

/// What a source says of an item, as it stands there: not yet trimmed or composed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Source {
    pub title: Option<String>,
    pub sort_title: Option<String>,
    pub original_title: Option<String>,
    pub edition: Option<String>,
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
    /// In tenths.
    pub user: Option<i32>,
    pub genres: Vec<String>,
    pub directors: Vec<String>,
    pub writers: Vec<String>,
    pub producers: Vec<String>,
    pub countries: Vec<String>,
    pub styles: Vec<String>,
    pub moods: Vec<String>,
    pub labels: Vec<String>,
    pub actors: Vec<Actor>,
    pub set: Option<String>,
    /// Titles that a show's file gives its seasons, by their numbers.
    pub seasons: BTreeMap<i32, String>,
    pub poster: Option<Vec<u8>>,
    pub background: Option<Vec<u8>>,
    pub logo: Option<Vec<u8>>,
    pub square: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Actor {
    pub name: String,
    pub role: String,
    /// Where their picture is on the web; `""` where the source knows none.
    pub picture: String,
}

impl Source {
    pub(super) fn title_or(&self, other: &'static str) -> &str {
        self.title.as_deref().unwrap_or(other)
    }

    pub(super) fn actor_names(&self) -> Vec<String> {
        self.actors.iter().map(|actor| actor.name.clone()).collect()
    }

    /// The same without its pictures, which are files of their own.
    pub(super) fn without_pictures(&self) -> Self {
        Self {
            poster: None,
            background: None,
            logo: None,
            square: None,
            ..self.clone()
        }
    }
}

pub(super) fn cast(dice: &mut ChaCha8Rng, count: usize) -> Vec<Actor> {
    names::people(dice, count)
        .into_iter()
        .map(|name| {
            let role = format!("{} the {}", names::given(dice), names::trade(dice));
            // Of some a source tells no role.
            let is_told = name.len() % 4 != 0;
            Actor {
                picture: actor_picture(&name).unwrap_or_default(),
                name,
                role: if is_told { role } else { String::new() },
            }
        })
        .collect()
}

/// Where sources say that an actor's picture is ([`super::ActorPictures`]); of some they know none.
pub fn actor_picture(actor: &str) -> Option<String> {
    (!actor.len().is_multiple_of(5)).then(|| format!("https://img.invalid/{}.jpg", slug(actor)))
}

/// Where agents say that it is; they know fewer.
pub(super) fn agents_picture(actor: &str) -> Option<String> {
    actor
        .len()
        .is_multiple_of(3)
        .then(|| format!("https://agent.invalid/{}.jpg", slug(actor)))
}

fn slug(actor: &str) -> String {
    actor.to_lowercase().replace(' ', "-")
}

pub(super) fn original(dice: &mut ChaCha8Rng) -> String {
    let (noun, place) = (names::noun(dice), names::place(dice));
    match dice.random_range(0..3) {
        0 => format!("Le {noun} de {place}"),
        1 => format!("Das {noun} über {place}"),
        _ => format!("O {noun} não é de {place}"),
    }
}

/// What is sorted by, where a title begins with an article and its writer thought of that.
pub(super) fn sort_title(dice: &mut ChaCha8Rng, title: &str) -> Option<String> {
    title
        .strip_prefix("The ")
        .or_else(|| title.strip_prefix("A "))
        .or_else(|| title.strip_prefix("An "))
        .filter(|_| dice.random_bool(0.6))
        .map(str::to_owned)
}

pub(super) fn day_in(dice: &mut ChaCha8Rng, year: i32) -> String {
    format!(
        "{year}-{:02}-{:02}",
        dice.random_range(1..=12),
        dice.random_range(1..=28)
    )
}

/// A rating in tenths, as likely as told.
pub(super) fn rating(dice: &mut ChaCha8Rng, likely: f64) -> Option<i32> {
    dice.random_bool(likely).then(|| dice.random_range(21..=98))
}

pub(super) fn certificate(dice: &mut ChaCha8Rng, likely: f64) -> Option<String> {
    dice.random_bool(likely)
        .then(|| names::pick(dice, &words::CERTIFICATES).to_owned())
}

/// Labels, of which most items have none.
pub(super) fn labels(dice: &mut ChaCha8Rng) -> Vec<String> {
    let count = dice.random_range(0..6) / 4;
    names::several(dice, &words::LABELS, count)
}

/// A picture of the size of a poster, as likely as told, where there are pictures at all.
pub(super) fn poster(
    dice: &mut ChaCha8Rng,
    plan: &Plan,
    likely: f64,
    format: Format,
) -> Option<Vec<u8>> {
    (plan.posters && dice.random_bool(likely)).then(|| picture::landscape(dice, plan.image, format))
}

/// A picture of the size of a background, as likely as told, where there are pictures at all.
pub(super) fn wide(
    dice: &mut ChaCha8Rng,
    plan: &Plan,
    likely: f64,
    format: Format,
) -> Option<Vec<u8>> {
    (plan.posters && dice.random_bool(likely))
        .then(|| picture::landscape(dice, plan.wide_image(), format))
}

/// A square picture, where there are pictures at all.
pub(super) fn square(dice: &mut ChaCha8Rng, plan: &Plan, format: Format) -> Option<Vec<u8>> {
    let side = plan.image.0;
    plan.posters
        .then(|| picture::landscape(dice, (side, side), format))
}

/// Without what some file system does not take.
pub(super) fn file_name(title: &str) -> String {
    title
        .chars()
        .filter(|c| !r#"/\:*?"<>|"#.contains(*c))
        .collect()
}
