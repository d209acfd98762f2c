//! Films, music videos, shows, seasons and episodes.

use std::collections::BTreeMap;

use super::super::parse::Element;
use super::Kind;
use super::said::{self, Split, Values};
use crate::model::{Field, Numbering, Value};
use crate::text;

/// What a video's or a show's element asks for.
pub(super) fn values(root: &Element, kind: Kind) -> Values {
    let mut values = Values::default();
    let titles: &[&str] = match kind {
        Kind::Season => &["title", "seasonname", "name", "localtitle"],
        _ => &["title", "name", "localtitle"],
    };
    for (field, names) in [
        (Field::Title, titles),
        (Field::SortTitle, &["sorttitle", "sortname"]),
        (Field::OriginalTitle, &["originaltitle"]),
        (Field::Summary, &["plot", "outline"]),
        (Field::Tagline, &["tagline"]),
        (Field::ContentRating, &["mpaa"]),
    ] {
        values.first(root, field, names);
    }
    let studio = said::list(root, &["studio"], Split::SpacedSlash).into_iter();
    values.put(
        Field::Studio,
        studio
            .into_iter()
            .find_map(|raw| text::value(Field::Studio, raw)),
    );
    let edition = said::list(root, &["edition"], Split::SpacedSlash).into_iter();
    // tinyMediaManager's word for no edition.
    let mut edition = edition.filter(|edition| !edition.eq_ignore_ascii_case("none"));
    values.put(
        Field::Edition,
        edition
            .next()
            .and_then(|raw| text::value(Field::Edition, raw)),
    );
    values.dates(
        root,
        match kind {
            Kind::Episode => &["aired", "premiered", "releasedate"],
            _ => &["premiered", "releasedate", "aired"],
        },
    );
    let audience = said::audience_rating(root).map(Value::Tenths);
    values.put(Field::AudienceRating, audience);
    let critics = said::critic_rating(root).map(Value::Tenths);
    values.put(Field::CriticRating, critics);
    values.common(root);
    people(&mut values, root, kind);
    values.tags(
        Field::Collections,
        root.all("set").map(Element::name_or_text),
    );
    if let Some(watched) = said::watched(root) {
        // *Not watched* is asked for, as no other empty value is.
        values.0.insert(Field::Watched, watched);
    }
    values
}

fn people(values: &mut Values, root: &Element, kind: Kind) {
    let of_type = |kind: &str| said::actors(root, &[kind]);
    let mut directors = said::names(root, &["director"], Split::SpacedSlash);
    directors.extend(of_type("director"));
    let mut writers = said::names(root, &["credits", "writer"], Split::Slash);
    writers.extend(of_type("writer"));
    let mut producers = said::names(root, &["producer"], Split::SpacedSlash);
    producers.extend(of_type("producer"));
    let mut cast = said::cast(root, &["", "actor", "gueststar"]);
    if cast.is_empty() && kind == Kind::MusicVideo {
        let artists = said::names(root, &["artist"], Split::SpacedSlash);
        cast = artists
            .into_iter()
            .map(|name| said::Actor {
                name,
                ..said::Actor::default()
            })
            .collect();
    }
    values.tags(Field::Directors, directors);
    values.tags(Field::Writers, writers);
    values.tags(Field::Producers, producers);
    values.put(Field::Actors, Some(said::cast_value(&cast)));
}

/// Where an episode stands, as its elements say; -1 is Kodi's *unknown*.
pub(super) fn numbering(root: &Element) -> Option<Numbering> {
    let number = |name: &str| {
        let number: i32 = root.text_of(name)?.parse().ok()?;
        (number >= 0).then_some(number)
    };
    Some(Numbering {
        season: number("season"),
        episode: number("episode")?,
    })
}

/// The titles that a show's element gives its seasons, by their numbers.
pub(in super::super) fn season_titles(root: &Element) -> BTreeMap<i32, Value> {
    let mut titles = BTreeMap::new();
    if Kind::of(&root.name) != Some(Kind::Show) {
        return titles;
    }
    for named in root.all("namedseason") {
        let season = named.attribute("number");
        let season = season.and_then(|number| number.trim().parse().ok());
        let title = text::value(Field::Title, &named.text).filter(|title| !title.is_empty());
        if let Some((season, title)) = season.filter(|season| *season >= 0).zip(title) {
            titles.entry(season).or_insert(title);
        }
    }
    titles
}
