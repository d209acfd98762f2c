//! What makes an odd film the odd one that it is to be. How an .nfo is written down is not here but in `nfo`.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::item::Item;
use super::odd::Odd;
use super::picture::{self, Format};
use super::source::{Source, cast, day_in};
use super::{Plan, agent, names, prose, reckon};

/// Makes a film the odd one that it is to be.
pub(super) fn apply(film: &mut Item, dice: &mut ChaCha8Rng, plan: &Plan, year: i32) {
    if let Some(odd) = film.odd {
        person(film, odd, dice, plan);
        texts(film, odd, dice);
        elements(film, odd, dice, year);
    }
}

/// What a person did in Plex.
fn person(film: &mut Item, odd: Odd, dice: &mut ChaCha8Rng, plan: &Plan) {
    let source = &mut film.source;
    match odd {
        Odd::PersonEdited => {
            film.edited.title = Some(format!(
                "{} (Grandmother’s Print)",
                source.title_or("Untitled")
            ));
            film.edited.summary = Some("We saw this one at the harbour cinema.\nTwice.".to_owned());
            film.edited.genres = Some(vec!["Family Evening".to_owned()]);
        }
        Odd::PersonLocked => {
            film.agent.directors = Some(names::people(dice, 1));
            film.locked
                .extend(["summary".to_owned(), "director".to_owned()]);
        }
        Odd::PersonAgrees => {
            source.tagline = Some(prose::tagline(dice));
            film.edited.title = source.title.as_deref().map(reckon::clean_text);
            film.edited.summary = source.summary.as_deref().map(reckon::clean_text);
            film.edited.tagline = source.tagline.as_deref().map(reckon::clean_text);
            film.edited.genres = Some(reckon::clean_tags(&source.genres));
        }
        Odd::PersonPoster if plan.posters => {
            film.edited.poster = Some(picture::landscape(dice, plan.image, Format::Jpeg));
        }
        Odd::PersonAgreesPoster => film.edited.poster.clone_from(&source.poster),
        Odd::PersonCollections => {
            source.set = Some(names::collection(dice));
            film.agent.collections = Some(vec!["Rainy Sundays".to_owned()]);
            film.locked.insert("collection".to_owned());
        }
        _ => {}
    }
}

/// Texts and names that are hard to carry over.
fn texts(film: &mut Item, odd: Odd, dice: &mut ChaCha8Rng) {
    let source = &mut film.source;
    match odd {
        Odd::ManyTags => {
            source.genres = names::genres(dice, 5);
            source.directors = names::people(dice, 3);
            source.actors = cast(dice, 12);
        }
        Odd::JoinedTags => source.genres = names::genres(dice, 3),
        Odd::Paragraphs => source.summary = Some(prose::long_plot(dice)),
        Odd::LongPlot => source.summary = Some(prose::cyrillic_plot(dice, 3_000)),
        Odd::ControlCharacter => {
            source.summary = Some(format!(
                "Line\u{84} one\u{7f}.\n\n{}",
                prose::paragraph(dice)
            ));
        }
        Odd::Cdata | Odd::Entities => {
            source.summary = Some(format!(
                "Café <“Le Nord”> & \"Söhne\": it's {}",
                prose::long_plot(dice)
            ));
        }
        Odd::BlankNames => {
            source.title = source.title.as_ref().map(|title| format!("  {title}\n"));
            source.studio = Some(format!(" {} ", names::studio(dice)));
            source.genres = vec!["  Science \n   Fiction ".to_owned(), "Drama ".to_owned()];
            source.directors = vec![format!(
                "\n      {}\n    ",
                names::person(dice).replace(' ', "  ")
            )];
        }
        Odd::DecomposedText => {
            let title = source
                .title
                .take()
                .map(|title| format!("{title} à la Mère Élodie"));
            source.title = title.map(|title| title.nfd().collect());
            source.summary = Some(
                format!(
                    "Élodie Ångström, fünf Jahre später. {}",
                    prose::paragraph(dice)
                )
                .nfd()
                .collect(),
            );
            source.directors = vec!["Zoë Šarūnaitė".nfd().collect()];
        }
        Odd::RepeatedTags => {
            source.genres = ["Drama", " drama ", "DRAMA", "Science  Fiction"]
                .map(str::to_owned)
                .into();
            film.agent.genres = Some(vec!["science fiction".to_owned(), "Indie".to_owned()]);
        }
        Odd::CommaNames => {
            source.directors = vec!["Augustin Hartley, Jr.".to_owned()];
            film.agent.directors =
                Some(vec!["Leopold Marlow, Esq.".to_owned(), names::person(dice)]);
        }
        Odd::Symbols => {
            source.tagline = Some("a+b=c & d%20e; f?g#h \\ \"i\" 'j'".to_owned());
            source.genres.push("Rock'n'Roll & Co = 100%".to_owned());
        }
        _ => {}
    }
}

/// Elements that are there or not, and what they mean.
fn elements(film: &mut Item, odd: Odd, dice: &mut ChaCha8Rng, year: i32) {
    let source = &mut film.source;
    match odd {
        Odd::CommaRating | Odd::LegacyRating => {
            (source.audience, source.critic) = (Some(dice.random_range(21..=98)), None);
        }
        Odd::RatingsOfHundred | Odd::RatingsOfMany => {
            source.audience = Some(dice.random_range(21..=98));
            source.critic = Some(dice.random_range(21..=98));
        }
        Odd::PremieredYear | Odd::PremieredMonth | Odd::YearOnly => {
            (source.date, source.year) = (None, Some(year));
        }
        Odd::PremieredOnly => {
            // The year of a full date is meant too; Plex already has it, so that both readings give the same.
            source.date = Some(day_in(dice, year));
            film.agent.year = Some(year);
        }
        Odd::SetPlain | Odd::SetStructured => {
            source.set = Some(names::collection(dice));
            film.agent.collections =
                (odd == Odd::SetStructured).then(|| vec!["Rainy Sundays".to_owned()]);
        }
        Odd::EmptyPlot => source.summary = Some(String::new()),
        Odd::EmptyTagline => {
            source.tagline = Some(String::new());
            film.agent.tagline = Some("Kept, because an empty element says nothing.".to_owned());
        }
        Odd::EmptyTitle => (source.title, source.sort_title) = (Some(String::new()), None),
        Odd::SortTitleEqual => source.sort_title.clone_from(&source.title),
        Odd::MpaaSentence => {
            source.content_rating = Some("Rated PG-13 for fog & mild peril".to_owned());
        }
        Odd::TitleOnly => {
            *source = Source {
                title: source.title.take(),
                ..Source::default()
            }
        }
        Odd::AllEqual => {
            (source.poster, source.background, source.set) = (None, None, None);
            film.agent = agent::equal_to(source, &film.agent);
        }
        _ => {}
    }
}
