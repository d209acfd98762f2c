//! Between Plex's shapes and the model's: details → item and values, fields ⇄ edit fields, changes → an edit.
//!
//! Plex's values go through `text` like a source's, so that equal meaning is equal data. Not here: what to write.

use std::collections::BTreeMap;

use syncslate_plex::{Details, EditField, ImageKind, Lockable, PlexType, Row, TagField};

use super::PathHasher;
use crate::model::{
    Field, Identity, ItemKey, ItemType, PathHash, PlexItem, PlexValues, RatingKey, SectionUuid,
    ServerNumber, Value,
};
use crate::text;

/// Plex's type of an item.
pub fn plex_type(item_type: ItemType) -> PlexType {
    match item_type {
        ItemType::Movie => PlexType::Movie,
        ItemType::Show => PlexType::Show,
        ItemType::Season => PlexType::Season,
        ItemType::Episode => PlexType::Episode,
        ItemType::Artist => PlexType::Artist,
        ItemType::Album => PlexType::Album,
        ItemType::Track => PlexType::Track,
        ItemType::Collection => PlexType::Collection,
    }
}

/// The model's type of an item.
pub fn item_type(of: PlexType) -> ItemType {
    match of {
        PlexType::Movie => ItemType::Movie,
        PlexType::Show => ItemType::Show,
        PlexType::Season => ItemType::Season,
        PlexType::Episode => ItemType::Episode,
        PlexType::Artist => ItemType::Artist,
        PlexType::Album => ItemType::Album,
        PlexType::Track => ItemType::Track,
        PlexType::Collection => ItemType::Collection,
    }
}

/// What Plex calls a field in edits and locks; `None` for what no edit can say.
pub fn lockable(field: Field) -> Option<Lockable> {
    Some(match field {
        Field::Watched => return None,
        Field::Title => Lockable::Value(EditField::Title),
        Field::SortTitle => Lockable::Value(EditField::TitleSort),
        Field::OriginalTitle => Lockable::Value(EditField::OriginalTitle),
        Field::Summary => Lockable::Value(EditField::Summary),
        Field::Tagline => Lockable::Value(EditField::Tagline),
        Field::Studio => Lockable::Value(EditField::Studio),
        Field::Edition => Lockable::Value(EditField::EditionTitle),
        Field::ContentRating => Lockable::Value(EditField::ContentRating),
        Field::ReleaseDate => Lockable::Value(EditField::OriginallyAvailableAt),
        Field::Year => Lockable::Value(EditField::Year),
        Field::CriticRating => Lockable::Value(EditField::Rating),
        Field::AudienceRating => Lockable::Value(EditField::AudienceRating),
        Field::UserRating => Lockable::Value(EditField::UserRating),
        Field::AddedAt => Lockable::Value(EditField::AddedAt),
        Field::Genres => Lockable::Tags(TagField::Genre),
        Field::Styles => Lockable::Tags(TagField::Style),
        Field::Moods => Lockable::Tags(TagField::Mood),
        Field::Countries => Lockable::Tags(TagField::Country),
        Field::Directors => Lockable::Tags(TagField::Director),
        Field::Writers => Lockable::Tags(TagField::Writer),
        Field::Producers => Lockable::Tags(TagField::Producer),
        Field::Actors => Lockable::Tags(TagField::Actor),
        Field::Collections => Lockable::Tags(TagField::Collection),
        Field::Labels => Lockable::Tags(TagField::Label),
        Field::Poster => Lockable::Image(ImageKind::Poster),
        Field::Background => Lockable::Image(ImageKind::Background),
        Field::ClearLogo => Lockable::Image(ImageKind::ClearLogo),
        Field::SquareArt => Lockable::Image(ImageKind::SquareArt),
    })
}

/// The field that Plex means; `None` for what is not synced.
pub fn field_of(lockable_of_plex: Lockable) -> Option<Field> {
    Field::ALL
        .into_iter()
        .find(|field| lockable(*field) == Some(lockable_of_plex))
}

/// Which picture a field is; `None` for other fields.
pub fn image_kind(field: Field) -> Option<ImageKind> {
    match lockable(field)? {
        Lockable::Image(kind) => Some(kind),
        Lockable::Value(_) | Lockable::Tags(_) => None,
    }
}

/// The item as details show it. `None` for a type that is not synced.
pub fn item(
    details: &Details,
    server: ServerNumber,
    section: SectionUuid,
    path_hash: &PathHasher,
) -> Option<PlexItem> {
    let item_type = item_type(details.item_type?);
    Some(PlexItem {
        key: ItemKey {
            server,
            section,
            rating_key: RatingKey(details.rating_key),
        },
        identity: Identity {
            guid: details.guid.clone(),
            paths: path_hashes(&details.files, path_hash),
            episode: episode(item_type, details.parent_index, details.index),
        },
        item_type,
        title: details.title.clone().unwrap_or_default(),
        files: details.files.clone(),
        updated_at: details.updated_at,
        parent: details.parent,
        grandparent: details.grandparent,
        index: details.index,
        parent_index: details.parent_index,
        watched: details.view_count > 0,
    })
}

/// The item as a listing's row shows it.
pub(super) fn item_of_row(
    row: Row,
    server: ServerNumber,
    section: SectionUuid,
    path_hash: &PathHasher,
) -> PlexItem {
    let item_type = item_type(row.item_type);
    PlexItem {
        key: ItemKey {
            server,
            section,
            rating_key: RatingKey(row.rating_key),
        },
        identity: Identity {
            paths: path_hashes(&row.files, path_hash),
            episode: episode(item_type, row.parent_index, row.index),
            guid: row.guid,
        },
        item_type,
        title: row.title,
        files: row.files,
        updated_at: row.updated_at,
        parent: row.parent,
        grandparent: row.grandparent,
        index: row.index,
        parent_index: row.parent_index,
        watched: row.view_count > 0,
    }
}

fn episode(item_type: ItemType, season: Option<i32>, number: Option<i32>) -> Option<(i32, i32)> {
    season
        .zip(number)
        .filter(|_| item_type == ItemType::Episode)
}

/// What Plex holds, normalised, and to the byte where that is another form. Pictures stand here as their `thumb`/`art` path,
/// a cast with its roles and pictures.
pub fn values(details: &Details) -> PlexValues {
    let values: BTreeMap<Field, Value> = Field::ALL
        .into_iter()
        .map(|field| (field, value(details, field)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let rating_images = [
        (Field::CriticRating, &details.rating_image),
        (Field::AudienceRating, &details.audience_rating_image),
    ];
    let raw = Field::ALL
        .into_iter()
        .filter_map(|field| Some((field, raw_value(details, field)?)))
        .filter(|(field, raw)| values.get(field) != Some(raw))
        .collect();
    PlexValues {
        values,
        raw,
        locked: details
            .locked
            .iter()
            .filter_map(|lockable| field_of(*lockable))
            .collect(),
        rating_images: rating_images
            .into_iter()
            .filter_map(|(field, image)| {
                let image = image.as_ref().filter(|image| !image.is_empty())?;
                Some((field, image.clone()))
            })
            .collect(),
    }
}

/// One of [`values`].
pub(crate) fn value(details: &Details, field: Field) -> Value {
    let raw = || raw_text(details, field).map_or(Value::Empty, |raw| held(field, raw));
    let tags = |field: TagField| {
        details
            .tags
            .get(&field)
            .map_or(Value::Empty, text::tags_value)
    };
    let picture = |kind: ImageKind| {
        details
            .images
            .get(&kind)
            .map_or(Value::Empty, |path| Value::Image(path.clone()))
    };
    let rating = |rating: Option<f64>| {
        rating
            .and_then(|rating| text::tenths(rating.clamp(0.0, 10.0)))
            .map_or(Value::Empty, Value::Tenths)
    };
    match field {
        Field::Title
        | Field::SortTitle
        | Field::OriginalTitle
        | Field::Summary
        | Field::Tagline
        | Field::Studio
        | Field::Edition
        | Field::ContentRating
        | Field::ReleaseDate => raw(),
        Field::Year => details
            .year
            .filter(|year| *year != 0)
            .map_or(Value::Empty, Value::Whole),
        Field::CriticRating => rating(details.rating),
        Field::AudienceRating => rating(details.audience_rating),
        Field::UserRating => rating(details.user_rating),
        Field::AddedAt if details.added_at > 0 => Value::Moment(details.added_at),
        Field::Watched if details.view_count > 0 => Value::Yes,
        Field::AddedAt | Field::Watched => Value::Empty,
        Field::Genres => tags(TagField::Genre),
        Field::Styles => tags(TagField::Style),
        Field::Moods => tags(TagField::Mood),
        Field::Countries => tags(TagField::Country),
        Field::Directors => tags(TagField::Director),
        Field::Writers => tags(TagField::Writer),
        Field::Producers => tags(TagField::Producer),
        Field::Actors => text::cast_value(cast(details)),
        Field::Collections => tags(TagField::Collection),
        Field::Labels => tags(TagField::Label),
        Field::Poster => picture(ImageKind::Poster),
        Field::Background => picture(ImageKind::Background),
        Field::ClearLogo => picture(ImageKind::ClearLogo),
        Field::SquareArt => picture(ImageKind::SquareArt),
    }
}

/// A text or tags as Plex says them; `None` where there are none, and for other kinds, which have one form only.
fn raw_value(details: &Details, field: Field) -> Option<Value> {
    if let Some(Lockable::Tags(tags)) = lockable(field) {
        let tags = details.tags.get(&tags).filter(|tags| !tags.is_empty())?;
        return Some(if field == Field::Actors {
            let (names, roles, pictures) = cast(details).collect();
            Value::cast(names, roles, pictures)
        } else {
            Value::Tags(tags.clone())
        });
    }
    raw_text(details, field)
        .filter(|raw| !raw.is_empty())
        .map(|raw| Value::Text(raw.to_owned()))
}

/// Actors, what they play, and the addresses of their pictures.
fn cast(details: &Details) -> impl Iterator<Item = (String, String, String)> {
    let names = details.tags.get(&TagField::Actor).into_iter().flatten();
    names.enumerate().map(|(place, name)| {
        let of = |told: &[String]| told.get(place).cloned().unwrap_or_default();
        (
            name.clone(),
            of(&details.roles),
            of(&details.actor_pictures),
        )
    })
}

fn raw_text(details: &Details, field: Field) -> Option<&str> {
    let text = match field {
        Field::Title => &details.title,
        Field::SortTitle => &details.title_sort,
        Field::OriginalTitle => &details.original_title,
        Field::Summary => &details.summary,
        Field::Tagline => &details.tagline,
        Field::Studio => &details.studio,
        Field::Edition => &details.edition_title,
        Field::ContentRating => &details.content_rating,
        Field::ReleaseDate => &details.originally_available_at,
        _ => return None,
    };
    text.as_deref()
}

/// What Plex holds is there, even where a source could not ask for it (a date of which only the year is known).
fn held(field: Field, raw: &str) -> Value {
    text::value(field, raw).unwrap_or_else(|| Value::Text(raw.trim().to_owned()))
}

fn path_hashes(files: &[String], path_hash: &PathHasher) -> Vec<PathHash> {
    let mut hashes: Vec<PathHash> = files.iter().map(|file| path_hash(file)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
