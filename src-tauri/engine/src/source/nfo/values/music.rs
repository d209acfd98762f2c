//! Artists and albums. Their titles are not asked for: Plex merges artists and albums of the same title.

use super::super::parse::Element;
use super::said::{self, Split, Values};
use crate::model::{Field, Value};
use crate::text;

/// What an `<artist>` asks for.
pub(super) fn artist(root: &Element) -> Values {
    let mut values = Values::default();
    values.first(root, Field::Summary, &["biography", "artistdesc", "plot"]);
    values.first(root, Field::SortTitle, &["sortname", "sorttitle"]);
    values.common(root);
    values
}

/// What an `<album>` asks for.
pub(super) fn album(root: &Element) -> Values {
    let mut values = Values::default();
    // `artistdesc` of an album tells of its artist.
    values.first(root, Field::Summary, &["review", "plot", "biography"]);
    values.first(root, Field::SortTitle, &["sorttitle", "sortname"]);
    let label = ["label", "studio"]
        .iter()
        .flat_map(|name| said::list(root, &[name], Split::SpacedSlash))
        .find_map(|raw| text::value(Field::Studio, raw));
    values.put(Field::Studio, label);
    values.dates(
        root,
        &["releasedate", "originalreleasedate", "premiered", "aired"],
    );
    let rating = said::music_rating(root).map(Value::Tenths);
    values.put(Field::CriticRating, rating);
    values.common(root);
    values
}
