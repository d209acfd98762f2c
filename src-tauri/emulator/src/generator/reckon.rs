//! Works out, the plain way, what a sync must lead to: the text rule, the list rules and the table of *who owns a value*,
//! written a second time and simply. Not here: how a world is made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

use super::Plan;
use super::expect::{ATTRIBUTES, Expectation, FilmWant, Want, tenths};
use super::film::{Film, Source};
use crate::seed::SeedValues;

/// Values by attribute.
pub(super) type Values = BTreeMap<&'static str, Want>;

/// The expectation of the first sync.
pub(super) fn first_sync(films: &[Film], plan: &Plan) -> Expectation {
    let mut expected = Expectation::default();
    for film in films {
        if film.broken.is_some() {
            expected.broken += 1;
        } else if film.has_source() {
            expected.source_items += 1;
        }
        if !film.in_plex() {
            expected.not_in_plex.extend(film.media.iter().cloned());
            continue;
        }
        let held = seeded(film);
        let locked = film.locked_by_person();
        let want = if film.has_source() {
            sync(
                &held,
                &locked,
                &BTreeMap::new(),
                &asked(&film.source),
                plan.lock_written,
            )
        } else {
            let locks = lockable(&held, &locked);
            FilmWant {
                values: held,
                locks,
                ..FilmWant::default()
            }
        };
        expected.films.insert(film.key(), want);
    }
    expected.not_in_plex.sort();
    expected
}

/// What one sync makes of one film that was never synced before, or in which `base` attributes are Syncslate's own.
///
/// | held = asked | locked | is | then |
/// |---|---|---|---|
/// | yes | any | settled | nothing is written, nothing is locked |
/// | no | yes, and not ours | a person's | kept |
/// | no | no, or ours | the agent's or ours | written, and locked unless a collection |
pub(super) fn sync(
    held: &Values,
    locked: &BTreeSet<String>,
    base: &BTreeMap<&'static str, Base>,
    asked: &Values,
    lock_written: bool,
) -> FilmWant {
    let mut film = FilmWant {
        values: held.clone(),
        locks: lockable(held, locked),
        ..FilmWant::default()
    };
    for (&attribute, wish) in asked {
        let now = held.get(attribute).cloned().unwrap_or(Want::Nothing);
        let base = base.get(attribute);
        let goal = merged(attribute, &now, wish, base);
        let is_locked = locked.contains(attribute);
        if same(&goal, &now) {
            film.values.insert(attribute, goal);
        } else if is_locked && base.is_none_or(|base| base.taken_over) {
            film.kept.insert(attribute);
            if base.is_some_and(|base| base.source_changed) {
                film.conflicts.insert(attribute);
            }
        } else {
            film.values.insert(attribute, goal);
            film.locks.insert(
                attribute,
                is_locked || (lock_written && attribute != "collection"),
            );
            film.written.insert(attribute);
        }
    }
    if film.written.contains("title") && !film.written.contains("titleSort") {
        // What a derived sort title does when the title is edited is Plex's own affair.
        film.locks.remove("titleSort");
        if !asked.contains_key("titleSort") {
            film.values.remove("titleSort");
        }
    }
    film
}

/// What is remembered of an attribute that an earlier sync wrote or adopted.
pub(super) struct Base {
    /// The tags that it added, which were not there before.
    pub ours: Vec<String>,
    /// Whether a person has edited it since.
    pub taken_over: bool,
    /// Whether the source asks for something else now.
    pub source_changed: bool,
}

/// What Plex holds of a film before the first sync.
pub(super) fn seeded(film: &Film) -> Values {
    let mut held = values_of(&film.agent);
    held.extend(values_of(&film.edited));
    fill(&mut held)
}

/// Names what is missing as nothing, and a left out sort title as the title.
pub(super) fn fill(held: &mut Values) -> Values {
    let title = held.get("title").cloned().unwrap_or(Want::Nothing);
    held.entry("titleSort").or_insert(title);
    for attribute in ATTRIBUTES {
        held.entry(attribute).or_insert(Want::Nothing);
    }
    held.clone()
}

/// The attributes that are told.
pub(super) fn values_of(values: &SeedValues) -> Values {
    let mut told = Values::new();
    let mut put = |attribute, want: Option<Want>| {
        if let Some(want) = want {
            told.insert(attribute, want);
        }
    };
    let text = |value: &Option<String>| value.as_ref().map(|text| text_want(text));
    put("title", text(&values.title));
    put("titleSort", text(&values.title_sort));
    put("originalTitle", text(&values.original_title));
    put("summary", text(&values.summary));
    put("tagline", text(&values.tagline));
    put("studio", text(&values.studio));
    put("contentRating", text(&values.content_rating));
    put("originallyAvailableAt", text(&values.date));
    put("year", values.year.map(Want::Whole));
    put(
        "rating",
        values.rating.map(|rating| Want::Tenths(tenths(rating))),
    );
    put(
        "audienceRating",
        values
            .audience_rating
            .map(|rating| Want::Tenths(tenths(rating))),
    );
    put("genre", values.genres.clone().map(tag_want));
    put("director", values.directors.clone().map(tag_want));
    put("actor", values.actors.clone().map(tag_want));
    put("collection", values.collections.clone().map(tag_want));
    put("thumb", values.poster.as_deref().map(picture_want));
    put("art", values.background.as_deref().map(picture_want));
    told
}

/// What a source asks for: only what it tells, and an empty element tells nothing.
pub(super) fn asked(source: &Source) -> Values {
    let mut asked = Values::new();
    let mut put = |attribute, want: Option<Want>| {
        if let Some(want) = want.filter(|want| *want != Want::Nothing) {
            asked.insert(attribute, want);
        }
    };
    let text = |value: &Option<String>| value.as_ref().map(|text| text_want(&clean_text(text)));
    put("title", text(&source.title));
    put("titleSort", text(&source.sort_title));
    put("originalTitle", text(&source.original_title));
    put("summary", text(&source.summary));
    put("tagline", text(&source.tagline));
    put("studio", text(&source.studio));
    put("contentRating", text(&source.content_rating));
    put("originallyAvailableAt", source.date.clone().map(Want::Text));
    put("year", source.year.map(Want::Whole));
    put("rating", source.critic.map(Want::Tenths));
    put("audienceRating", source.audience.map(Want::Tenths));
    put("genre", Some(tag_want(clean_tags(&source.genres))));
    put("director", Some(tag_want(clean_tags(&source.directors))));
    let actors: Vec<String> = source
        .actors
        .iter()
        .map(|actor| actor.name.clone())
        .collect();
    put("actor", Some(tag_want(clean_tags(&actors))));
    put(
        "collection",
        Some(tag_want(clean_tags(source.set.as_slice()))),
    );
    put("thumb", source.poster.as_deref().map(picture_want));
    put("art", source.background.as_deref().map(picture_want));
    asked
}

/// NFC, line breaks as `\n`, no other control characters, no blanks around.
pub(super) fn clean_text(raw: &str) -> String {
    let composed: String = raw.nfc().collect();
    let lines = composed.replace("\r\n", "\n");
    let kept: String = lines
        .chars()
        .filter(|&c| c == '\n' || !c.is_control())
        .collect();
    kept.trim().to_owned()
}

/// Cleaned, on one line, and each only once.
pub(super) fn clean_tags(raw: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in raw {
        let composed: String = tag.nfc().collect();
        let tag = composed.split_whitespace().collect::<Vec<_>>().join(" ");
        if !tag.is_empty() && !has(&tags, &tag) {
            tags.push(tag);
        }
    }
    tags
}

pub(super) fn picture_want(bytes: &[u8]) -> Want {
    let mut hex = String::with_capacity(40);
    for byte in Sha1::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    Want::Picture(hex)
}

pub(super) fn tag_want(tags: Vec<String>) -> Want {
    if tags.is_empty() {
        Want::Nothing
    } else {
        Want::Tags(tags)
    }
}

pub(super) fn text_want(text: &str) -> Want {
    if text.is_empty() {
        Want::Nothing
    } else {
        Want::Text(text.to_owned())
    }
}

/// Whether two values mean the same.
pub(super) fn same(left: &Want, right: &Want) -> bool {
    match (left, right) {
        (Want::Tags(left), Want::Tags(right)) => {
            left.iter().all(|tag| has(right, tag)) && right.iter().all(|tag| has(left, tag))
        }
        _ => left == right,
    }
}

fn merged(attribute: &str, now: &Want, wish: &Want, base: Option<&Base>) -> Want {
    let (Want::Tags(wish), "genre" | "collection") = (wish, attribute) else {
        return wish.clone();
    };
    let held = if let Want::Tags(held) = now {
        held.as_slice()
    } else {
        &[]
    };
    let gone = |tag: &String| {
        attribute == "genre" && base.is_some_and(|base| has(&base.ours, tag)) && !has(wish, tag)
    };
    let mut goal: Vec<String> = held.iter().filter(|tag| !gone(tag)).cloned().collect();
    for tag in wish {
        if !has(&goal, tag) {
            goal.push(tag.clone());
        }
    }
    tag_want(goal)
}

pub(super) fn has(tags: &[String], tag: &str) -> bool {
    tags.iter()
        .any(|other| other.to_lowercase() == tag.to_lowercase())
}

fn lockable(held: &Values, locked: &BTreeSet<String>) -> BTreeMap<&'static str, bool> {
    held.keys()
        .map(|&attribute| (attribute, locked.contains(attribute)))
        .collect()
}
