//! What elements say, whatever item they are about: texts, lists, people, dates, ratings, flags.

use std::collections::BTreeMap;

use super::super::parse::Element;
use crate::model::{CastTrait, Field, Value};
use crate::text::{self, PartialDate};

/// Most actors that are taken over; a longer cast is a list of extras.
const MOST_ACTORS: usize = 200;
/// Most bytes of an address of a picture.
const LONGEST_ADDRESS: usize = 2_000;
/// Most actors of a cast who get a picture.
const MOST_PICTURES: usize = 50;
/// Most characters of a role.
const LONGEST_ROLE: usize = 200;
/// Most bytes that names, roles and addresses of a cast may take in a request line. Roles beyond that are not told, nor
/// pictures beyond what roles leave, so that a cast which could be written by its names alone stays one that can be.
const LONGEST_CAST: usize = 5_500;
/// What stands in a request line around a name, a role or an address.
const AROUND: usize = 30;

/// Names of ratings by critics, the best first.
const CRITICS: [&str; 2] = ["metacritic", "tomatometerallcritics"];
/// Names of ratings by the audience, the best first.
const AUDIENCES: [&str; 4] = ["imdb", "tmdb", "themoviedb", "tomatometerallaudience"];

/// Values as they are gathered.
#[derive(Debug, Default)]
pub(in super::super) struct Values(pub BTreeMap<Field, Value>);

impl Values {
    /// Takes a value over, unless it says nothing.
    pub fn put(&mut self, field: Field, value: Option<Value>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.insert(field, value);
        }
    }

    /// The first of these elements that says something which the field can hold.
    pub fn first(&mut self, root: &Element, field: Field, names: &[&str]) {
        let value = names
            .iter()
            .flat_map(|name| root.all(name))
            .filter_map(|element| text::value(field, &element.text))
            .find(|value| !value.is_empty());
        self.put(field, value);
    }

    /// All tags of these elements.
    pub fn tags<'a>(&mut self, field: Field, tags: impl IntoIterator<Item = &'a str>) {
        self.put(field, Some(text::tags_value(tags)));
    }

    /// The release date and the year, the dates in order of trust.
    pub fn dates(&mut self, root: &Element, names: &[&str]) {
        let (date, year) = date_and_year(root, names);
        self.put(Field::ReleaseDate, date.map(Value::Text));
        self.put(Field::Year, year.map(Value::Whole));
    }

    /// What every kind of item may have.
    pub fn common(&mut self, root: &Element) {
        self.put(Field::UserRating, user_rating(root).map(Value::Tenths));
        self.first(root, Field::AddedAt, &["dateadded"]);
        self.tags(Field::Genres, list(root, &["genre"], Split::Slash));
        self.tags(Field::Countries, list(root, &["country"], Split::Slash));
        self.tags(Field::Styles, list(root, &["style"], Split::SpacedSlash));
        self.tags(Field::Moods, list(root, &["mood"], Split::SpacedSlash));
        self.tags(Field::Labels, list(root, &["tag"], Split::SpacedSlash));
    }
}

/// What stands between several values in one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// ` / `, as Kodi writes them. A `/` alone belongs to the name (`Rock/Pop`, `AC/DC`).
    SpacedSlash,
    /// `/`, where Jellyfin splits there too.
    Slash,
}

/// All values of repeated elements, in their order. `clear="true"` drops those before it.
pub(super) fn list<'a>(root: &'a Element, names: &[&str], split: Split) -> Vec<&'a str> {
    let separator = match split {
        Split::SpacedSlash => " / ",
        Split::Slash => "/",
    };
    let is_meant = |element: &&Element| names.contains(&element.name.as_str());
    let mut found = Vec::new();
    for element in root.children.iter().filter(is_meant) {
        if element.clears() {
            found.clear();
        }
        let parts = element.name_or_text().split(separator);
        found.extend(parts.map(str::trim).filter(|part| !part.is_empty()));
    }
    found
}

/// Names of people, without what is left over from lists of them.
pub(super) fn names<'a>(root: &'a Element, elements: &[&str], split: Split) -> Vec<&'a str> {
    list(root, elements, split)
        .into_iter()
        .map(|name| name.trim_end_matches([',', ';']))
        .collect()
}

/// Names of the `actor` elements of these types; see [`cast`].
pub(super) fn actors<'a>(root: &'a Element, types: &[&str]) -> Vec<&'a str> {
    cast(root, types)
        .into_iter()
        .map(|actor| actor.name)
        .collect()
}

/// One of a cast.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Actor<'a> {
    pub name: &'a str,
    /// `""` where there is none.
    pub role: &'a str,
    /// An address on the web, as it stands; `""` where there is none.
    pub picture: &'a str,
}

/// The `actor` elements of these types, in the order that `order` (Kodi) or `sortorder` (Jellyfin) gives; those without
/// one come last, as they stand.
pub(super) fn cast<'a>(root: &'a Element, types: &[&str]) -> Vec<Actor<'a>> {
    let order = |actor: &Element| {
        ["order", "sortorder"]
            .iter()
            .find_map(|name| actor.text_of(name)?.parse::<i64>().ok())
            .unwrap_or(i64::MAX)
    };
    let mut found: Vec<(i64, Actor<'a>)> = Vec::new();
    for actor in root.all("actor") {
        if actor.clears() {
            found.clear();
        }
        let kind = actor.text_of("type").unwrap_or_default();
        if types.iter().any(|known| kind.eq_ignore_ascii_case(known))
            && let Some(name) = actor.text_of("name")
        {
            let picture = actor.text_of("thumb").filter(|raw| is_address(raw));
            let said = Actor {
                name,
                role: actor.text_of("role").unwrap_or_default(),
                picture: picture.unwrap_or_default(),
            };
            found.push((order(actor), said));
        }
    }
    found.sort_by_key(|(order, _)| *order);
    let actors = found.into_iter().map(|(_, actor)| actor);
    actors.take(MOST_ACTORS).collect()
}

/// Whether it is where Plex can fetch a picture from: on the web, and without anybody's password in it.
fn is_address(raw: &str) -> bool {
    let scheme = |scheme: &str| {
        let start = raw.get(..scheme.len())?;
        let rest = raw.get(scheme.len()..)?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let Some(rest) = scheme("https://").or_else(|| scheme("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
    !host.is_empty()
        && !host.contains('@')
        && raw.len() <= LONGEST_ADDRESS
        && raw.chars().all(is_plain)
}

/// A cast as a value: plain names where neither roles nor pictures are told.
pub(super) fn cast_value(cast: &[Actor<'_>]) -> Value {
    let length = |text: &str| {
        let plain = text.bytes().filter(u8::is_ascii_alphanumeric).count();
        AROUND + plain + 3 * (text.len() - plain)
    };
    let names: usize = cast.iter().map(|actor| length(actor.name)).sum();
    let mut room = LONGEST_CAST.saturating_sub(names);
    // From the first that does not fit on, none is told.
    let mut fitting = |told: String| {
        let left = match told.as_str() {
            "" => Some(room),
            told => room.checked_sub(length(told)),
        };
        room = left.unwrap_or_default();
        left.map(|_| told).unwrap_or_default()
    };
    let roles: Vec<String> = cast
        .iter()
        .map(|actor| fitting(text::limit(&text::tag(actor.role), LONGEST_ROLE).to_owned()))
        .collect();
    let pictures: Vec<String> = cast
        .iter()
        .scan(0, |told, actor| {
            *told += usize::from(!actor.picture.is_empty());
            let picture = (*told <= MOST_PICTURES).then_some(actor.picture);
            Some(fitting(picture.unwrap_or_default().to_owned()))
        })
        .collect();
    let untold: Vec<CastTrait> = [(CastTrait::Role, &roles), (CastTrait::Picture, &pictures)]
        .into_iter()
        .filter(|(_, told)| told.iter().all(String::is_empty))
        .map(|(of, _)| of)
        .collect();
    let told = roles.iter().zip(&pictures);
    let actors = cast.iter().zip(told);
    text::cast_value(actors.map(|(actor, (role, picture))| (actor.name, role, picture)))
        .without(&untold)
}

fn date_and_year(root: &Element, names: &[&str]) -> (Option<String>, Option<i32>) {
    let mut day = None;
    let mut year = root.text_of("year").and_then(text::year);
    // A whole date in `<year>`, as some writers have it, is the last resort.
    for name in names.iter().chain(&["year"]) {
        match root.text_of(name).and_then(text::date) {
            Some(PartialDate::Day(date)) => {
                year = year.or_else(|| text::year(date.get(..4)?));
                day = day.or(Some(date));
            }
            Some(PartialDate::YearOnly(only)) => year = year.or(Some(only)),
            None => {}
        }
    }
    (day, year)
}

/// What the audience says: the default rating, those by names, else the plain one.
pub(super) fn audience_rating(root: &Element) -> Option<u8> {
    let is_default = |rating: &&Element| {
        let marked = rating.attribute("default");
        marked.is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
            && !CRITICS.contains(&rating_name(rating).as_str())
    };
    structured(root)
        .filter(is_default)
        .find_map(structured_rating)
        .or_else(|| named_rating(root, &AUDIENCES))
        .or_else(|| plain_rating(root, &["rating", "communityrating"]))
}

/// What critics say.
pub(super) fn critic_rating(root: &Element) -> Option<u8> {
    plain_rating(root, &["criticrating"]).or_else(|| named_rating(root, &CRITICS))
}

/// What reviewers of music say: Kodi has one rating for them, whatever it is called.
pub(super) fn music_rating(root: &Element) -> Option<u8> {
    critic_rating(root).or_else(|| audience_rating(root))
}

fn user_rating(root: &Element) -> Option<u8> {
    plain_rating(root, &["userrating"])
}

fn plain_rating(root: &Element, names: &[&str]) -> Option<u8> {
    let mut plain = names.iter().flat_map(|name| root.all(name));
    plain.find_map(|rating| scaled(&rating.text, rating.attribute("max")))
}

fn structured(root: &Element) -> impl Iterator<Item = &Element> {
    root.all("ratings")
        .flat_map(|ratings| ratings.all("rating"))
}

fn rating_name(rating: &Element) -> String {
    rating
        .attribute("name")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn named_rating(root: &Element, names: &[&str]) -> Option<u8> {
    names.iter().find_map(|name| {
        structured(root)
            .filter(|rating| rating_name(rating) == *name)
            .find_map(structured_rating)
    })
}

fn structured_rating(rating: &Element) -> Option<u8> {
    scaled(rating.text_of("value")?, rating.attribute("max"))
}

/// A rating out of `max`. Without one, or with one that it exceeds, it is out of 10, or else a percentage.
fn scaled(raw: &str, max: Option<&str>) -> Option<u8> {
    let named = max.and_then(|max| max.trim().replace(',', ".").parse::<f64>().ok());
    named
        .into_iter()
        .chain([10.0, 100.0])
        .find_map(|max| text::rating(raw, max))
}

/// Whether it was watched, where a file says so: a `playcount` of 0 is a no.
pub(super) fn watched(root: &Element) -> Option<Value> {
    let flags = root
        .all("watched")
        .filter_map(|flag| text::flag(&flag.text));
    let counts = root.all("playcount").filter_map(|count| {
        let count: u32 = count.text.trim().parse().ok()?;
        Some(count > 0)
    });
    let said: Vec<bool> = flags.chain(counts).collect();
    if said.is_empty() {
        return None;
    }
    Some(if said.contains(&true) {
        Value::Yes
    } else {
        Value::Empty
    })
}
