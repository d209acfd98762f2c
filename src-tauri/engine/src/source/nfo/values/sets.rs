//! What `<set>` says of the collection itself.
//!
//! Kodi, tinyMediaManager and MediaElch write `<overview>` beside the name. No writer is known to give a set a sort
//! title; where somebody put one there, it is meant. The place of a film is the attribute `order` (YAMJ and its kin),
//! and nothing else: sort titles that begin alike are no numbering.

use std::collections::BTreeMap;

use super::super::parse::Element;
use crate::model::{CollectionWish, Field};
use crate::text;

/// What is said of each set, by its title as a tag; sets of which only the name is said are left out.
pub(super) fn wishes(root: &Element) -> BTreeMap<String, CollectionWish> {
    let mut wishes: BTreeMap<String, CollectionWish> = BTreeMap::new();
    for set in root.all("set") {
        let title = text::tag(set.name_or_text());
        if title.is_empty() {
            continue;
        }
        let mut wish = CollectionWish {
            place: set
                .attribute("order")
                .and_then(|order| order.trim().parse().ok()),
            ..CollectionWish::default()
        };
        for (field, names) in [
            (Field::SortTitle, &["sorttitle", "sortname"]),
            (Field::Summary, &["overview", "plot"]),
        ] {
            let said = names
                .iter()
                .filter_map(|name| text::value(field, set.text_of(name)?))
                .find(|value| !value.is_empty());
            wish.values.extend(said.map(|value| (field, value)));
        }
        if wish == CollectionWish::default() {
            continue;
        }
        // Tags that differ by case only are one; the first that says something counts.
        let same = wishes
            .keys()
            .any(|known| text::fold(known) == text::fold(&title));
        if !same {
            wishes.insert(title, wish);
        }
    }
    wishes
}
