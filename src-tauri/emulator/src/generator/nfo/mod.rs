//! Writes down what a source means the way the different writers of .nfo files do, with their habits.

mod info;
mod music;
mod page;
mod ratings;
mod video;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::odd::Odd;
use super::source::Source;
use page::Page;

/// What a file is about, by its root element; or the file of yt-dlp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Movie,
    MusicVideo,
    Show,
    Season,
    Episode,
    Artist,
    Album,
    Info,
}

/// What a file says of one item.
pub(super) struct Told<'a> {
    pub root: Root,
    pub source: &'a Source,
    /// An episode's season.
    pub season: Option<i32>,
    /// Number of an episode or season.
    pub number: Option<i32>,
}

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
    /// Whether actors' pictures are on the web; otherwise they are said to be on a disk, as a media centre writes it.
    pub(super) actor_pictures: bool,
    /// `<userrating>0</userrating>`, which says that nobody rated it.
    zero_rating: bool,
    declaration: bool,
    /// All genres in one element.
    joined_tags: bool,
    /// Genres that `clear="true"` takes back.
    cleared_tags: bool,
    /// Season and number of an episode are left to its file's name.
    unnumbered: bool,
    /// ISO 8859-1, and said so.
    latin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Quoting {
    Plain,
    Cdata,
    Entities,
    /// `Salt & Thunder`, which is no XML.
    BareAmpersand,
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
    /// Those that an item's kind asks for, the others by chance.
    pub(super) fn ordinary(dice: &mut ChaCha8Rng, root: Root, odd: Option<Odd>) -> Self {
        let is = |kind| odd == Some(kind);
        let number = dice.random_range(900_000..999_999);
        let url = format!(
            "https://www.themoviedb.org/{}/{number}",
            if root == Root::Show { "tv" } else { "movie" }
        );
        let quoting = match dice.random_range(0..10) {
            _ if is(Odd::Cdata) => Quoting::Cdata,
            _ if is(Odd::Entities) => Quoting::Entities,
            _ if is(Odd::BareAmpersand) => Quoting::BareAmpersand,
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
        let latin = is(Odd::LatinEncoding);
        // Only of films and shows is a link after the XML common practice.
        let has_link = dice.random_bool(0.1) && matches!(root, Root::Movie | Root::Show);
        Self {
            byte_order_mark: (dice.random_bool(0.1) || is(Odd::ByteOrderMark)) && !latin,
            crlf: dice.random_bool(0.1) || is(Odd::CrLf),
            text_after: (has_link || is(Odd::TextAfterXml)).then_some(url),
            // What the encoding has no letter for can only be an entity.
            quoting: if latin { Quoting::Plain } else { quoting },
            ratings,
            premiered,
            set_structured: (dice.random_bool(0.5) || is(Odd::SetStructured)) && !is(Odd::SetPlain),
            ballast: dice.random_bool(0.6) && !is(Odd::TitleOnly) && !is(Odd::EmptyPlot),
            actor_pictures: false,
            zero_rating: is(Odd::NobodyRated),
            declaration: dice.random_bool(0.9) || latin,
            joined_tags: is(Odd::JoinedTags),
            cleared_tags: is(Odd::ClearedTags),
            unnumbered: is(Odd::EpisodeUnnumbered),
            latin,
        }
    }

    /// Whether more than the name of a set is told.
    pub(super) fn tells_of_set(&self) -> bool {
        self.set_structured
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

/// The bytes of a file that speaks of these, one after the other.
pub(super) fn write(told: &[Told<'_>], habits: &Habits) -> Vec<u8> {
    if let [only] = told
        && only.root == Root::Info
    {
        return info::write(only.source);
    }
    let mut page = Page {
        text: String::new(),
        quoting: habits.quoting,
    };
    if habits.latin {
        page.line(r#"<?xml version="1.0" encoding="ISO-8859-1"?>"#);
    } else if habits.declaration {
        page.line(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#);
    }
    for told in told {
        match told.root {
            Root::Artist => music::artist(&mut page, told.source, habits),
            Root::Album => music::album(&mut page, told.source, habits),
            _ => video::write(&mut page, told, habits),
        }
    }
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
    if habits.latin {
        latin(&text)
    } else {
        text.into_bytes()
    }
}

/// The bytes of a file of yt-dlp.
pub(super) fn info(told: &Told<'_>) -> Vec<u8> {
    info::write(told.source)
}

/// ISO 8859-1, with entities for what it has no letter for.
fn latin(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend(format!("&#{};", u32::from(c)).into_bytes()),
        }
    }
    bytes
}
