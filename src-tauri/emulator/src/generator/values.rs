//! From what is seeded, and from what a source says, to values by attribute.

use super::attribute;
use super::expect::{Part, Want};
use super::item::Item;
use super::reckon::{Values, cast_want, clean_tags, clean_text, picture_want, tag_want, text_want};
use super::source::{Actor, Source};
use crate::ItemKind;
use crate::seed::SeedValues;

/// What Plex holds of an item before the first sync.
pub(super) fn seeded(item: &Item) -> Values {
    let mut held = told(&item.agent);
    held.extend(told(&item.edited));
    fill(item.kind, held)
}

/// Drops what such an item does not show, names what is missing as nothing, and a left out sort title as the title.
fn fill(kind: ItemKind, mut held: Values) -> Values {
    let title = held.get("title").cloned().unwrap_or(Want::Nothing);
    held.entry("titleSort").or_insert(title);
    attribute::shown_by(kind)
        .map(|attribute| {
            let value = held.remove(attribute.name);
            (attribute.name, value.unwrap_or(Want::Nothing))
        })
        .collect()
}

/// The attributes that are told.
pub(super) fn told(values: &SeedValues) -> Values {
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
    put("editionTitle", text(&values.edition));
    put("summary", text(&values.summary));
    put("tagline", text(&values.tagline));
    put("studio", text(&values.studio));
    put("contentRating", text(&values.content_rating));
    put("originallyAvailableAt", text(&values.date));
    put("year", values.year.map(Want::Whole));
    put("rating", values.rating.map(Want::rating));
    put("audienceRating", values.audience_rating.map(Want::rating));
    put("userRating", values.user_rating.map(Want::rating));
    let tags = |value: &Option<Vec<String>>| value.clone().map(tag_want);
    put("genre", tags(&values.genres));
    put("director", tags(&values.directors));
    put("writer", tags(&values.writers));
    put("producer", tags(&values.producers));
    put("country", tags(&values.countries));
    let part = |name: &String| {
        let mut roles = values.roles.iter();
        let told = roles.find(|role| role.actor == *name);
        Part {
            role: told.and_then(|told| told.role.clone()).unwrap_or_default(),
            picture: Some(
                told.and_then(|told| told.picture.clone())
                    .unwrap_or_default(),
            ),
        }
    };
    let cast = values.actors.as_ref().map(|actors| {
        let actors = actors.iter();
        cast_want(actors.map(|name| (name.clone(), part(name))))
    });
    put("actor", cast);
    put("collection", tags(&values.collections));
    put("label", tags(&values.labels));
    put("style", tags(&values.styles));
    put("mood", tags(&values.moods));
    let picture = |value: &Option<Vec<u8>>| value.as_deref().map(picture_want);
    put("thumb", picture(&values.poster));
    put("art", picture(&values.background));
    put("clearLogo", picture(&values.clear_logo));
    put("squareArt", picture(&values.square_art));
    told
}

/// What a server takes of actors.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Takes {
    pub roles: bool,
    pub pictures: bool,
}

/// What a source asks for of an item: only what it tells, and an empty element tells nothing.
pub(super) fn asked(kind: ItemKind, source: &Source, takes: Takes) -> Values {
    let mut asked = Values::new();
    let mut put = |attribute, want: Option<Want>| {
        if let Some(want) = want.filter(|want| *want != Want::Nothing)
            && attribute::may_tell(kind, attribute)
        {
            asked.insert(attribute, want);
        }
    };
    let text = |value: &Option<String>| value.as_ref().map(|text| text_want(&clean_text(text)));
    put("title", text(&source.title));
    put("titleSort", text(&source.sort_title));
    put("originalTitle", text(&source.original_title));
    put("editionTitle", text(&source.edition));
    put("summary", text(&source.summary));
    put("tagline", text(&source.tagline));
    put("studio", text(&source.studio));
    put("contentRating", text(&source.content_rating));
    put("originallyAvailableAt", source.date.clone().map(Want::Text));
    put("year", source.year.map(Want::Whole));
    put("rating", source.critic.map(Want::Tenths));
    put("audienceRating", source.audience.map(Want::Tenths));
    put("userRating", source.user.map(Want::Tenths));
    let tags = |value: &[String]| Some(tag_want(clean_tags(value)));
    put("genre", tags(&source.genres));
    put("director", tags(&source.directors));
    put("writer", tags(&source.writers));
    put("producer", tags(&source.producers));
    put("country", tags(&source.countries));
    put("actor", Some(cast(source, takes)));
    put("collection", tags(source.set.as_slice()));
    put("label", tags(&source.labels));
    put("style", tags(&source.styles));
    put("mood", tags(&source.moods));
    let picture = |value: &Option<Vec<u8>>| value.as_deref().map(picture_want);
    put("thumb", picture(&source.poster));
    put("art", picture(&source.background));
    put("clearLogo", picture(&source.logo));
    put("squareArt", picture(&source.square));
    asked
}

fn cast(source: &Source, takes: Takes) -> Want {
    let mut actors = source.actors.iter();
    let is_told = |actor: &Actor| {
        (takes.roles && !actor.role.is_empty()) || (takes.pictures && !actor.picture.is_empty())
    };
    if !actors.any(is_told) {
        return tag_want(clean_tags(&source.actor_names()));
    }
    let one = |text: &String| {
        clean_tags(std::slice::from_ref(text))
            .pop()
            .unwrap_or_default()
    };
    let actors = source.actors.iter();
    cast_want(actors.map(|actor| {
        let role = if takes.roles {
            one(&actor.role)
        } else {
            String::new()
        };
        let picture = takes.pictures.then(|| actor.picture.clone());
        (one(&actor.name), Part { role, picture })
    }))
}
