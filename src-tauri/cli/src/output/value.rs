//! Fields and values in words, whole: nothing is cut.
//!
//! Not here: where a value stands on the screen (`change`).

use syncslate_engine::model::{CastTrait, Field, FieldKind, Value};

use super::safe;

pub(super) fn name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::SortTitle => "sort title",
        Field::OriginalTitle => "original title",
        Field::Summary => "summary",
        Field::Tagline => "tagline",
        Field::Studio => "studio",
        Field::Edition => "edition",
        Field::ContentRating => "content rating",
        Field::ReleaseDate => "release date",
        Field::Year => "year",
        Field::CriticRating => "critic rating",
        Field::AudienceRating => "audience rating",
        Field::UserRating => "your rating",
        Field::AddedAt => "date added",
        Field::Watched => "watched",
        Field::Genres => "genres",
        Field::Styles => "styles",
        Field::Moods => "moods",
        Field::Countries => "countries",
        Field::Directors => "directors",
        Field::Writers => "writers",
        Field::Producers => "producers",
        Field::Actors => "cast",
        Field::Collections => "collections",
        Field::Labels => "labels",
        Field::Poster => "poster",
        Field::Background => "background",
        Field::ClearLogo => "logo",
        Field::SquareArt => "square background",
    }
}

/// A value with its line breaks. Text is in quotation marks, so that blanks at its ends are seen.
pub(super) fn shown(field: Field, value: &Value) -> String {
    if field.kind() == FieldKind::Image {
        return match value {
            Value::Empty => "nothing".to_owned(),
            _ => "a picture".to_owned(),
        };
    }
    match value {
        Value::Empty => "nothing".to_owned(),
        Value::Text(text) | Value::Image(text) => format!("“{}”", safe::lines(text)),
        Value::Whole(number) => number.to_string(),
        Value::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Value::Moment(seconds) => moment(*seconds),
        Value::Yes => "yes".to_owned(),
        Value::Tags(_) | Value::Cast { .. } => entries(value, None).join(", "),
    }
}

/// A list's entries; of actors with what they play, and where their picture is if it is another than in `beside`.
pub(super) fn entries(value: &Value, beside: Option<&Value>) -> Vec<String> {
    let [roles, pictures] = CastTrait::ALL.map(|of| {
        let told = value.told(of).into_iter().flatten();
        told.map(|(_, told)| told).collect::<Vec<&str>>()
    });
    let names = value.tags().iter().enumerate();
    names
        .map(|(place, name)| {
            let mut entry = safe::plain(name);
            if let Some(role) = roles.get(place).filter(|role| !role.is_empty()) {
                entry = format!("{entry} as {}", safe::plain(role));
            }
            let is_other = |picture: &&&str| {
                let mut there = beside.and_then(|beside| beside.told(CastTrait::Picture));
                let mut there = there.iter_mut().flatten();
                beside.is_some() && !there.any(|there| there == (name, **picture))
            };
            let picture = pictures.get(place).filter(|picture| !picture.is_empty());
            if let Some(picture) = picture.filter(is_other) {
                entry = format!("{entry} (picture: {})", safe::plain(picture));
            }
            entry
        })
        .collect()
}

/// A moment as a person reads it; UTC, as .nfo files mean it.
fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(
        |_| seconds.to_string(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
