//! Films, music videos, shows, seasons and episodes.

use super::super::expect::SET_OVERVIEW;
use super::page::Page;
use super::ratings::{self, decimal};
use super::{Habits, Premiered, Root, Told};
use crate::generator::source::Source;

pub(super) fn write(page: &mut Page, told: &Told<'_>, habits: &Habits) {
    let source = told.source;
    let root = match told.root {
        Root::MusicVideo => "musicvideo",
        Root::Show => "tvshow",
        Root::Season => "season",
        Root::Episode => "episodedetails",
        _ => "movie",
    };
    page.line(&format!("<{root}>"));
    page.optional("title", source.title.as_ref());
    page.optional("originaltitle", source.original_title.as_ref());
    page.optional("sorttitle", source.sort_title.as_ref());
    page.optional("edition", source.edition.as_ref());
    ratings::ratings(page, source, habits);
    if let Some(tenths) = source.user {
        page.element("userrating", &decimal(tenths));
    } else if habits.zero_rating {
        page.line("  <userrating>0</userrating>");
    }
    numbers(page, told, habits);
    if habits.ballast {
        page.line("  <top250>0</top250>\n  <countrycode>nm</countrycode>\n  <status></status>\n  <code>NM-1</code>");
    }
    match source.summary.as_deref() {
        Some("") => page.line("  <plot/>"),
        Some(summary) => {
            if habits.ballast {
                // Beside an empty plot an outline might count.
                page.line("  <outline>Not this text: it is the outline.</outline>");
            }
            page.element("plot", summary);
        }
        None => {}
    }
    page.optional("tagline", source.tagline.as_ref());
    if habits.ballast {
        page.line("  <runtime>97</runtime>");
        page.line("  <thumb aspect=\"poster\" preview=\"https://img.invalid/p\">https://img.invalid/poster.jpg</thumb>");
        page.line("  <fanart>\n    <thumb>https://img.invalid/fanart.jpg</thumb>\n  </fanart>");
    }
    page.optional("mpaa", source.content_rating.as_ref());
    if habits.ballast {
        page.line("  <playcount>2</playcount>\n  <lastplayed>2021-02-11 07:47:23</lastplayed>");
        page.line("  <uniqueid type=\"imdb\" default=\"true\">tt99999999</uniqueid>\n  <id>tt99999999</id>");
    }
    genres(page, source, habits);
    page.all("country", &source.countries);
    page.all("tag", &source.labels);
    set(page, source, habits);
    for (season, title) in &source.seasons {
        page.named_season(*season, title);
    }
    page.all("credits", &source.writers);
    page.all("director", &source.directors);
    page.all("producer", &source.producers);
    dates(page, told, habits);
    page.optional("studio", source.studio.as_ref());
    for (order, actor) in source.actors.iter().enumerate() {
        page.line("  <actor>");
        page.element("name", &actor.name);
        page.element("role", &actor.role);
        page.line(&format!("    <order>{order}</order>"));
        if habits.actor_pictures && !actor.picture.is_empty() {
            page.element("thumb", &actor.picture);
        } else if habits.ballast {
            page.line("    <thumb>/media/films/.actors/actor.jpg</thumb>");
        }
        page.line("  </actor>");
    }
    if habits.ballast {
        page.line("  <fileinfo>\n    <streamdetails>\n      <video>\n        <codec>h264</codec>");
        page.line("      </video>\n    </streamdetails>\n  </fileinfo>\n  <dateadded>2020-01-02 03:04:05</dateadded>");
    }
    page.line(&format!("</{root}>"));
}

/// Where an episode or season stands.
fn numbers(page: &mut Page, told: &Told<'_>, habits: &Habits) {
    match told.root {
        Root::Episode if !habits.unnumbered => {
            let season = told.season.map(|season| season.to_string());
            page.optional("season", season.as_ref());
            let number = told.number.map(|number| number.to_string());
            page.optional("episode", number.as_ref());
            if habits.ballast {
                page.line(
                    "  <displayseason>-1</displayseason>\n  <displayepisode>-1</displayepisode>",
                );
            }
        }
        Root::Season => {
            let number = told.number.map(|number| number.to_string());
            page.optional("seasonnumber", number.as_ref());
        }
        _ => {}
    }
}

pub(super) fn genres(page: &mut Page, source: &Source, habits: &Habits) {
    if habits.joined_tags {
        page.element("genre", &source.genres.join(" / "));
    } else if habits.cleared_tags {
        page.element("genre", "Taken back");
        for (position, genre) in source.genres.iter().enumerate() {
            if position == 0 {
                page.clearing("genre", genre);
            } else {
                page.element("genre", genre);
            }
        }
    } else {
        page.all("genre", &source.genres);
    }
}

fn set(page: &mut Page, source: &Source, habits: &Habits) {
    if let Some(set) = &source.set {
        if habits.set_structured {
            page.line("  <set>");
            page.element("name", set);
            page.line(&format!(
                "    <overview>{SET_OVERVIEW}</overview>\n  </set>"
            ));
        } else {
            page.element("set", set);
        }
    }
}

fn dates(page: &mut Page, told: &Told<'_>, habits: &Habits) {
    let source = told.source;
    let year = source.year.map(|year| year.to_string());
    match habits.premiered {
        Premiered::Both if told.root == Root::Episode => {
            page.optional("aired", source.date.as_ref());
        }
        Premiered::Both => {
            page.optional("year", year.as_ref());
            page.optional("premiered", source.date.as_ref());
        }
        Premiered::Alone => page.optional("premiered", source.date.as_ref()),
        Premiered::Year => page.optional("premiered", year.as_ref()),
        Premiered::Month => page.optional("premiered", year.map(|year| year + "-05").as_ref()),
    }
}
