//! The odd kinds of film that a world holds on purpose. What each of them looks like is in `film`.

/// An odd kind of film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Odd {
    /// The first of three films with near-equal names.
    Sequel,
    /// `… 2`
    SequelTwo,
    /// `… 2` of another year.
    SequelTwoAgain,
    /// `feature.mkv`, as in the next one's folder.
    EqualFileName,
    /// `feature.mkv`, as in the folder of the one before.
    EqualFileNameAgain,
    /// Title and path in Cyrillic.
    Cyrillic,
    /// Title and path in Hangul; Plex has the path decomposed.
    Hangul,
    /// Title and path in Japanese.
    Japanese,
    /// Combining marks: composed in the source, decomposed in Plex's path.
    Combining,
    /// Emoji of several code points in title and path.
    Emoji,
    /// `&`, `%`, `+`, `#`, `'` and `=` in texts and path.
    Symbols,
    /// The source has it, Plex does not.
    NotInPlex,
    /// Plex has it, the source does not.
    NoSource,
    /// A person edited and locked title, summary and genres.
    PersonEdited,
    /// A person locked what the agent found, which differs.
    PersonLocked,
    /// A person typed and locked just what the source says.
    PersonAgrees,
    /// A person uploaded and locked another poster.
    PersonPoster,
    /// A person uploaded and locked the source's poster.
    PersonAgreesPoster,
    /// A person locked the collections.
    PersonCollections,
    /// UTF-8 byte order mark.
    ByteOrderMark,
    /// A URL on a line after the XML.
    TextAfterXml,
    /// Texts in CDATA.
    Cdata,
    /// `&#x27;`, `&quot;`, `&#233;`.
    Entities,
    /// Lines end in CR LF.
    CrLf,
    /// Five genres, three directors, a dozen actors.
    ManyTags,
    /// A plot of several paragraphs with quotes.
    Paragraphs,
    /// A plot of some 3,000 letters outside ASCII: too long for one request line of 7,500 bytes with the rest.
    LongPlot,
    /// A control character in the plot.
    ControlCharacter,
    /// `7,4`
    CommaRating,
    /// `<ratings>` out of 100.
    RatingsOfHundred,
    /// `<ratings>` with several names.
    RatingsOfMany,
    /// Only `<rating>`.
    LegacyRating,
    /// `<premiered>` of four digits and no `<year>`.
    PremieredYear,
    /// `<premiered>` with a month and no day, and no `<year>`.
    PremieredMonth,
    /// Only `<year>`.
    YearOnly,
    /// A full `<premiered>` and no `<year>`.
    PremieredOnly,
    /// `<set>` with the name as text.
    SetPlain,
    /// `<set>` with `<name>` and `<overview>`.
    SetStructured,
    /// `<plot/>`: unknown, so the agent's stays.
    EmptyPlot,
    /// `<tagline></tagline>`.
    EmptyTagline,
    /// `<title></title>`.
    EmptyTitle,
    /// `<sorttitle>` equal to the title; Plex leaves it out.
    SortTitleEqual,
    /// `Rated PG-13`, left as it is.
    MpaaSentence,
    /// Blanks and line breaks around and inside names.
    BlankNames,
    /// Decomposed text in the .nfo.
    DecomposedText,
    /// The same genre three times in other spellings, and the agent's in another letter case.
    RepeatedTags,
    /// All genres in one element, with ` / ` between.
    JoinedTags,
    /// Names with a comma, one of which must go.
    CommaNames,
    /// Two versions in one folder and one Plex item.
    TwoFiles,
    /// Pictures as PNG.
    PngPictures,
    /// Only a title.
    TitleOnly,
    /// The agent found just what the source says; nothing is to do.
    AllEqual,
}

impl Odd {
    /// Every kind, in the order in which films take them. Those that belong together are neighbours.
    pub const ALL: [Self; 52] = [
        Self::Sequel,
        Self::SequelTwo,
        Self::SequelTwoAgain,
        Self::EqualFileName,
        Self::EqualFileNameAgain,
        Self::Cyrillic,
        Self::Hangul,
        Self::Japanese,
        Self::Combining,
        Self::Emoji,
        Self::Symbols,
        Self::NotInPlex,
        Self::NoSource,
        Self::PersonEdited,
        Self::PersonLocked,
        Self::PersonAgrees,
        Self::PersonPoster,
        Self::PersonAgreesPoster,
        Self::PersonCollections,
        Self::ByteOrderMark,
        Self::TextAfterXml,
        Self::Cdata,
        Self::Entities,
        Self::CrLf,
        Self::ManyTags,
        Self::Paragraphs,
        Self::LongPlot,
        Self::ControlCharacter,
        Self::CommaRating,
        Self::RatingsOfHundred,
        Self::RatingsOfMany,
        Self::LegacyRating,
        Self::PremieredYear,
        Self::PremieredMonth,
        Self::YearOnly,
        Self::PremieredOnly,
        Self::SetPlain,
        Self::SetStructured,
        Self::EmptyPlot,
        Self::EmptyTagline,
        Self::EmptyTitle,
        Self::SortTitleEqual,
        Self::MpaaSentence,
        Self::BlankNames,
        Self::DecomposedText,
        Self::RepeatedTags,
        Self::JoinedTags,
        Self::CommaNames,
        Self::TwoFiles,
        Self::PngPictures,
        Self::TitleOnly,
        Self::AllEqual,
    ];

    /// The kind of film number `index`: every third one takes the next.
    pub(super) fn of(index: usize) -> Option<Self> {
        (index % 3 == 1).then(|| Self::ALL[index / 3 % Self::ALL.len()])
    }

    /// How often the whole list was taken before film number `index`.
    pub(super) fn cycle(index: usize) -> usize {
        index / 3 / Self::ALL.len()
    }
}
