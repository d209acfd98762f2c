//! What makes an odd item the odd one that it is to be: films whose sources speak of every field, and what is no film.

use rand_chacha::ChaCha8Rng;

use super::item::Item;
use super::odd::Odd;
use super::picture::Format;
use super::source::{square, wide};
use super::{Plan, names, prose, reckon, words};
use crate::seed::SeedValues;

/// The edition of a film that comes in two.
pub(super) fn edition(odd: Odd) -> &'static str {
    if odd == Odd::Edition {
        "Director’s Cut"
    } else {
        "Harbour Version"
    }
}

/// Makes a film the odd one that it is to be.
pub(super) fn film(film: &mut Item, dice: &mut ChaCha8Rng, plan: &Plan) {
    let (source, agent) = (&mut film.source, &mut film.agent);
    match film.odd {
        Some(odd @ (Odd::Edition | Odd::EditionAgain)) => {
            source.edition = Some(edition(odd).to_owned());
        }
        Some(Odd::OwnRating) => source.user = Some(85),
        Some(Odd::PersonRated) => {
            source.user = Some(85);
            film.edited.user_rating = Some(4.0);
        }
        Some(Odd::NobodyRated) => source.user = None,
        Some(Odd::LogoAndSquare) => {
            source.logo = wide(dice, plan, 1.0, Format::Png);
            source.square = square(dice, plan, Format::Jpeg);
        }
        Some(Odd::ManyCredits) => {
            source.writers = names::people(dice, 4);
            source.producers = names::people(dice, 3);
            source.countries = names::several(dice, &words::COUNTRIES, 3);
        }
        Some(Odd::LabelsBefore) => {
            source.labels = names::several(dice, &words::LABELS, 2);
            agent.labels = Some(vec!["Lent by Ottoline".to_owned()]);
        }
        Some(Odd::PersonLabels) => {
            source.labels = names::several(dice, &words::LABELS, 1);
            film.edited.labels = Some(vec!["Mine".to_owned()]);
        }
        Some(Odd::CountriesBefore) => {
            source.countries = names::several(dice, &words::COUNTRIES, 2);
            agent.countries = Some(before(&source.countries, "Elsewhere"));
        }
        Some(Odd::BareAmpersand) => {
            source.summary = Some(format!("Salt & Thunder & Fog. {}", prose::paragraph(dice)));
            source.tagline = Some("Fish & ships.".to_owned());
        }
        Some(Odd::LatinEncoding) => {
            source.summary = Some(format!(
                "Søren à la Mère Élodie – “für Ångström”. {}",
                prose::paragraph(dice)
            ));
        }
        Some(Odd::ClearedTags) => source.genres = names::genres(dice, 2),
        Some(Odd::Unmatched) => *agent = unmatched(&film.name),
        _ => {}
    }
}

/// What Plex has of a file of which no agent knows anything.
pub(super) fn unmatched(file: &str) -> SeedValues {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    SeedValues {
        title: Some(stem.to_owned()),
        ..SeedValues::default()
    }
}

/// A person edited and locked the title, the summary and what else there is.
pub(super) fn edited(item: &mut Item) {
    let title = item.source.title_or("It").to_owned();
    item.edited.summary = Some("We kept this one for the long winter.\nTwice.".to_owned());
    match item.kind {
        crate::ItemKind::Artist => {
            item.edited.genres = Some(vec!["Kitchen Dancing".to_owned()]);
        }
        crate::ItemKind::Album => item.edited.studio = Some("Grandmother’s Attic".to_owned()),
        crate::ItemKind::Show => {
            item.edited.title = Some(format!("{title} (Grandmother’s Tapes)"));
            item.edited.genres = Some(vec!["Family Evening".to_owned()]);
        }
        crate::ItemKind::Episode => {
            item.edited.title = Some(format!("{title} (the good one)"));
            item.edited.summary = None;
            item.edited.directors = Some(vec!["Grandmother".to_owned()]);
        }
        _ => item.edited.title = Some(format!("{title} (the good one)")),
    }
}

/// A person locked an attribute as it is.
pub(super) fn lock(item: &mut Item, attribute: &str) {
    item.locked.insert(attribute.to_owned());
}

/// The agent's values of a list: one of the source's in capitals, and another.
pub(super) fn before(tags: &[String], other: &str) -> Vec<String> {
    let known = reckon::clean_tags(tags).into_iter().take(1);
    known
        .map(|tag| tag.to_uppercase())
        .chain([other.to_owned()])
        .collect()
}
