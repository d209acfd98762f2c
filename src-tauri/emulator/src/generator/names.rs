//! Invented titles, people, studios and places.

use std::collections::BTreeSet;

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::words::{
    ADJECTIVES, AGENT_GENRES, BANDS, FAMILY, GENRES, GIVEN, NOUNS, PLACES, STUDIOS, TRADES,
};

/// Makes titles that do not come twice, nor twice with the same words in another order.
#[derive(Default)]
pub(super) struct Titles {
    taken: BTreeSet<String>,
}

impl Titles {
    pub(super) fn next(&mut self, dice: &mut ChaCha8Rng) -> String {
        for attempt in 0_u32.. {
            // The first forms are the nicest; the later ones have room for a million films.
            let form = if attempt < 12 {
                dice.random_range(0..8)
            } else {
                8 + (attempt / 64).min(1)
            };
            let title = compose(form, dice);
            if self.taken.insert(fold(&title)) {
                return title;
            }
        }
        unreachable!("the last form has a number in it that differs sooner or later")
    }

    /// Reserves a title that was made elsewhere.
    pub(super) fn take(&mut self, title: &str) {
        self.taken.insert(fold(title));
    }
}

/// The words that matter, in alphabetical order.
pub(super) fn fold(title: &str) -> String {
    let lower = title.to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            !matches!(
                *word,
                "" | "the" | "a" | "an" | "of" | "and" | "to" | "for" | "from" | "in" | "at" | "s"
            )
        })
        .collect();
    words.sort_unstable();
    words.join(" ")
}

pub(super) fn person(dice: &mut ChaCha8Rng) -> String {
    format!("{} {}", pick(dice, &GIVEN), pick(dice, &FAMILY))
}

/// So many people, no two of them with the same name.
pub(super) fn people(dice: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    distinct(count, || person(dice))
}

/// So many of a list, no two the same.
pub(super) fn several(dice: &mut ChaCha8Rng, from: &[&str], count: usize) -> Vec<String> {
    distinct(count.min(from.len()), || pick(dice, from).to_owned())
}

pub(super) fn genres(dice: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    several(dice, &GENRES, count)
}

pub(super) fn agent_genres(dice: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    several(dice, &AGENT_GENRES, count)
}

/// A title of an episode, album or track, which need not be the only one.
pub(super) fn title(dice: &mut ChaCha8Rng) -> String {
    let form = dice.random_range(0..8);
    compose(form, dice)
}

/// A name of somebody who plays music.
pub(super) fn band(dice: &mut ChaCha8Rng) -> String {
    match dice.random_range(0..3) {
        0 => person(dice),
        1 => format!("{} {} {}", place(dice), noun(dice), pick(dice, &BANDS)),
        _ => format!("The {} {}s", adjective(dice), noun(dice)),
    }
}

pub(super) fn given(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &GIVEN)
}

pub(super) fn place(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &PLACES)
}

pub(super) fn trade(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &TRADES)
}

pub(super) fn noun(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &NOUNS)
}

pub(super) fn adjective(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &ADJECTIVES)
}

pub(super) fn studio(dice: &mut ChaCha8Rng) -> &'static str {
    pick(dice, &STUDIOS)
}

/// A name for a series of films.
pub(super) fn collection(dice: &mut ChaCha8Rng) -> String {
    format!(
        "The {} {}",
        place(dice),
        pick(dice, &["Chronicles", "Trilogy", "Collection", "Cycle"])
    )
}

pub(super) fn pick<'a>(dice: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    from.choose(dice)
        .copied()
        .expect("BUG: an empty list of words")
}

fn compose(form: u32, dice: &mut ChaCha8Rng) -> String {
    let (adjective, noun) = (adjective(dice), noun(dice));
    match form {
        0 | 1 => format!("{adjective} {noun}"),
        2 => format!("The {noun} of {}", place(dice)),
        3 => format!("The {}’s {noun}", trade(dice)),
        4 => format!("{} and the {adjective} {noun}", given(dice)),
        5 => {
            let article = if noun.starts_with(['A', 'E', 'I', 'O', 'U']) {
                "An"
            } else {
                "A"
            };
            format!("{article} {noun} for {}", given(dice))
        }
        6 => format!("The {adjective} {}", trade(dice)),
        7 => format!(
            "{} in {}",
            pick(dice, &["Midwinter", "Eleven Days", "Strangers", "Thunder"]),
            place(dice)
        ),
        8 => format!("The {adjective} {noun} of {}", place(dice)),
        _ => format!(
            "The {adjective} {noun} of {}: Reel {}",
            place(dice),
            dice.random_range(2..1000)
        ),
    }
}

fn distinct(count: usize, mut make: impl FnMut() -> String) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(count);
    while names.len() < count {
        let next = make();
        if !names.contains(&next) {
            names.push(next);
        }
    }
    names
}
