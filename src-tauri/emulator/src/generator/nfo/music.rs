//! Artists and albums. Tracks have no .nfo.

use super::Habits;
use super::page::Page;
use super::ratings::decimal;
use super::video::genres;
use crate::generator::source::Source;

pub(super) fn artist(page: &mut Page, source: &Source, habits: &Habits) {
    page.line("<artist>");
    page.optional("name", source.title.as_ref());
    page.optional("sortname", source.sort_title.as_ref());
    if habits.ballast {
        page.line("  <type>group</type>\n  <gender></gender>\n  <disambiguation></disambiguation>");
    }
    common(page, source, habits);
    page.all("country", &source.countries);
    text(page, "biography", source);
    if habits.ballast {
        page.line("  <yearsactive>1990 - 2010</yearsactive>\n  <formed>1990</formed>");
        page.line(
            "  <instruments>Accordion</instruments>\n  <died/>\n  <disbanded>2010</disbanded>",
        );
        page.line("  <album>\n    <title>Somebody Else’s Album</title>\n    <year>1991</year>\n  </album>");
    }
    page.line("</artist>");
}

pub(super) fn album(page: &mut Page, source: &Source, habits: &Habits) {
    page.line("<album>");
    page.optional("title", source.title.as_ref());
    page.optional("sorttitle", source.sort_title.as_ref());
    if habits.ballast {
        page.line(
            "  <musicbrainzalbumid>00000000-0000-4000-8000-000000000000</musicbrainzalbumid>",
        );
        page.line("  <artistdesc>Not this text: it is about the artist.</artistdesc>");
        page.line("  <compilation>false</compilation>\n  <type>album</type>");
    }
    common(page, source, habits);
    text(page, "review", source);
    page.optional("label", source.studio.as_ref());
    if let Some(tenths) = source.critic {
        page.element("rating", &decimal(tenths));
    }
    page.optional("year", source.year.map(|year| year.to_string()).as_ref());
    page.optional("releasedate", source.date.as_ref());
    if habits.ballast {
        page.line(
            "  <albumArtistCredits>\n    <artist>Somebody Else</artist>\n  </albumArtistCredits>",
        );
        page.line(
            "  <track>\n    <position>1</position>\n    <title>Not This Track</title>\n  </track>",
        );
    }
    page.line("</album>");
}

fn common(page: &mut Page, source: &Source, habits: &Habits) {
    genres(page, source, habits);
    page.all("style", &source.styles);
    page.all("mood", &source.moods);
    page.all("tag", &source.labels);
    if let Some(tenths) = source.user {
        page.element("userrating", &decimal(tenths));
    }
}

fn text(page: &mut Page, name: &str, source: &Source) {
    match source.summary.as_deref() {
        Some("") => page.line(&format!("  <{name}/>")),
        Some(text) => page.element(name, text),
        None => {}
    }
}
