//! Writes down an .nfo the way the different writers do, with their habits.

use std::fmt::Write as _;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::film::Source;
use super::odd::Odd;

/// How an .nfo is written.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a habit of its own, and they come in every mixture
pub(super) struct Habits {
    byte_order_mark: bool,
    crlf: bool,
    text_after: Option<String>,
    quoting: Quoting,
    ratings: Ratings,
    premiered: Premiered,
    set_structured: bool,
    /// Elements that a sync has no use for: `<runtime>`, `<uniqueid>`, `<fileinfo>` …
    ballast: bool,
    declaration: bool,
    /// All genres in one element.
    joined_tags: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Quoting {
    Plain,
    Cdata,
    Entities,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Ratings {
    /// `<ratings>`, as many out of ten, with many zeros.
    OfTen,
    /// Out of a hundred.
    OfHundred,
    /// More names than are needed; the default and the first choices count.
    OfMany,
    /// `<rating>`
    Legacy,
    /// `<rating>` with a comma.
    Comma,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Premiered {
    /// `<premiered>` where there is a date, and `<year>`.
    Both,
    /// Only `<premiered>`, and no `<year>`.
    Alone,
    /// `<premiered>YYYY</premiered>`
    Year,
    /// `<premiered>YYYY-MM</premiered>`
    Month,
}

impl Habits {
    /// Those that a film's kind asks for, the others by chance.
    pub(super) fn ordinary(dice: &mut ChaCha8Rng, odd: Option<Odd>) -> Self {
        let is = |kind| odd == Some(kind);
        let url = "https://www.themoviedb.org/movie/".to_owned()
            + &dice.random_range(900_000..999_999).to_string();
        let quoting = match dice.random_range(0..10) {
            _ if is(Odd::Cdata) => Quoting::Cdata,
            _ if is(Odd::Entities) => Quoting::Entities,
            0 => Quoting::Cdata,
            1 | 2 => Quoting::Entities,
            _ => Quoting::Plain,
        };
        let ratings = match dice.random_range(0..10) {
            _ if is(Odd::CommaRating) => Ratings::Comma,
            _ if is(Odd::LegacyRating) => Ratings::Legacy,
            _ if is(Odd::RatingsOfHundred) => Ratings::OfHundred,
            _ if is(Odd::RatingsOfMany) => Ratings::OfMany,
            0 => Ratings::Comma,
            1 | 2 => Ratings::Legacy,
            3 => Ratings::OfHundred,
            4 | 5 => Ratings::OfMany,
            _ => Ratings::OfTen,
        };
        let premiered = match odd {
            Some(Odd::PremieredOnly) => Premiered::Alone,
            Some(Odd::PremieredYear) => Premiered::Year,
            Some(Odd::PremieredMonth) => Premiered::Month,
            _ => Premiered::Both,
        };
        Self {
            byte_order_mark: dice.random_bool(0.1) || is(Odd::ByteOrderMark),
            crlf: dice.random_bool(0.1) || is(Odd::CrLf),
            text_after: (dice.random_bool(0.1) || is(Odd::TextAfterXml)).then_some(url),
            quoting,
            ratings,
            premiered,
            set_structured: (dice.random_bool(0.5) || is(Odd::SetStructured)) && !is(Odd::SetPlain),
            ballast: dice.random_bool(0.6) && !is(Odd::TitleOnly) && !is(Odd::EmptyPlot),
            declaration: dice.random_bool(0.9),
            joined_tags: is(Odd::JoinedTags),
        }
    }

    /// Whether only one rating can be told.
    pub(super) fn legacy(&self) -> bool {
        matches!(self.ratings, Ratings::Legacy | Ratings::Comma)
    }

    /// The same, but able to tell all that the source means.
    pub(super) fn fitting(mut self, source: &Source) -> Self {
        if self.legacy() && source.critic.is_some() {
            self.ratings = Ratings::OfTen;
        }
        self
    }
}

/// The bytes of the file.
pub(super) fn write(source: &Source, habits: &Habits) -> Vec<u8> {
    let mut page = Page {
        text: String::new(),
        quoting: habits.quoting,
    };
    if habits.declaration {
        page.line(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#);
    }
    page.line("<movie>");
    page.optional("title", source.title.as_ref());
    page.optional("originaltitle", source.original_title.as_ref());
    page.optional("sorttitle", source.sort_title.as_ref());
    ratings(&mut page, source, habits);
    if habits.ballast {
        page.line("  <userrating>0</userrating>\n  <top250>0</top250>");
        page.line("  <outline>Not this text: it is the outline.</outline>");
    }
    match source.summary.as_deref() {
        Some("") => page.line("  <plot/>"),
        Some(summary) => page.element("plot", summary),
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
    if habits.joined_tags {
        page.element("genre", &source.genres.join(" / "));
    } else {
        for genre in &source.genres {
            page.element("genre", genre);
        }
    }
    if habits.ballast {
        page.line("  <countrycode>nm</countrycode>\n  <top250>0</top250>");
    }
    if let Some(set) = &source.set {
        if habits.set_structured {
            page.line("  <set>");
            page.element("name", set);
            page.line("    <overview>Films that belong together.</overview>\n  </set>");
        } else {
            page.element("set", set);
        }
    }
    if habits.ballast {
        page.line("  <status></status>\n  <code>NM-1</code>");
    }
    for director in &source.directors {
        page.element("director", director);
    }
    dates(&mut page, source, habits);
    page.optional("studio", source.studio.as_ref());
    for (order, actor) in source.actors.iter().enumerate() {
        page.line("  <actor>");
        page.element("name", &actor.name);
        page.element("role", &actor.role);
        page.line(&format!("    <order>{order}</order>"));
        if habits.ballast {
            page.line("    <thumb>https://img.invalid/actor.jpg</thumb>");
        }
        page.line("  </actor>");
    }
    if habits.ballast {
        page.line("  <fileinfo>\n    <streamdetails>\n      <video>\n        <codec>h264</codec>");
        page.line("      </video>\n    </streamdetails>\n  </fileinfo>\n  <dateadded>2020-01-02 03:04:05</dateadded>");
    }
    page.line("</movie>");
    if let Some(url) = &habits.text_after {
        page.line(url);
    }
    let mut text = page.text;
    if habits.crlf {
        text = text.replace('\n', "\r\n");
    }
    if habits.byte_order_mark {
        text.insert(0, '\u{feff}');
    }
    text.into_bytes()
}

struct Page {
    text: String,
    quoting: Quoting,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn optional(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.element(name, value);
        }
    }

    fn element(&mut self, name: &str, value: &str) {
        let quoted = match self.quoting {
            Quoting::Cdata if !value.is_empty() => format!("<![CDATA[{value}]]>"),
            Quoting::Plain | Quoting::Cdata => value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;"),
            Quoting::Entities => entities(value),
        };
        self.line(&format!("  <{name}>{quoted}</{name}>"));
    }
}

fn ratings(page: &mut Page, source: &Source, habits: &Habits) {
    let decimal = |tenths: i32| format!("{}.{}", tenths / 10, tenths % 10);
    let one = |name: &str, max: i32, default: bool, value: String| {
        let default = if default { " default=\"true\"" } else { "" };
        format!(
            "    <rating name=\"{name}\" max=\"{max}\"{default}>\n      <value>{value}</value>\n      <votes>417</votes>\n    </rating>"
        )
    };
    let mut lines = Vec::new();
    match habits.ratings {
        Ratings::Legacy | Ratings::Comma => {
            if let Some(tenths) = source.audience {
                let mut number = decimal(tenths);
                if habits.ratings == Ratings::Comma {
                    number = number.replace('.', ",");
                }
                page.line(&format!("  <rating>{number}</rating>"));
            }
            return;
        }
        Ratings::OfTen => {
            lines.extend(
                source
                    .audience
                    .map(|tenths| one("imdb", 10, true, decimal(tenths) + "00000")),
            );
            lines.extend(
                source
                    .critic
                    .map(|tenths| one("metacritic", 10, false, decimal(tenths))),
            );
        }
        Ratings::OfHundred => {
            lines.extend(
                source
                    .critic
                    .map(|tenths| one("tomatometerallcritics", 100, false, tenths.to_string())),
            );
            lines.extend(
                source
                    .audience
                    .map(|tenths| one("themoviedb", 100, true, tenths.to_string())),
            );
        }
        Ratings::OfMany => {
            // Second choices come first, so that whoever takes the first or the last is wrong.
            if let Some(tenths) = source.audience {
                lines.push(one(
                    "tomatometerallaudience",
                    10,
                    false,
                    decimal(99 - tenths),
                ));
                lines.push(one("imdb", 10, true, decimal(tenths)));
                lines.push(one("themoviedb", 10, false, decimal(99 - tenths)));
            }
            if let Some(tenths) = source.critic {
                lines.push(one(
                    "tomatometerallcritics",
                    10,
                    false,
                    decimal(99 - tenths),
                ));
                lines.push(one("metacritic", 100, false, tenths.to_string()));
            }
        }
    }
    if !lines.is_empty() {
        page.line("  <ratings>");
        for line in &lines {
            page.line(line);
        }
        page.line("  </ratings>");
    }
}

fn dates(page: &mut Page, source: &Source, habits: &Habits) {
    let year = source.year.map(|year| year.to_string());
    match habits.premiered {
        Premiered::Both => {
            page.optional("year", year.as_ref());
            page.optional("premiered", source.date.as_ref());
        }
        Premiered::Alone => page.optional("premiered", source.date.as_ref()),
        Premiered::Year => page.optional("premiered", year.as_ref()),
        Premiered::Month => page.optional("premiered", year.map(|year| year + "-05").as_ref()),
    }
}

/// Every character that may be written as an entity is.
fn entities(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&#x27;"),
            '\u{a0}'..='\u{ff}' => {
                let _ = write!(quoted, "&#{};", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted
}
