//! The odd kinds of item that a world holds on purpose. What each of them looks like is in `film`, `series`, `music`,
//! `videos`, and what a person did to them in the `twist`s.

mod lists;

use super::Plan;

/// An odd kind of item. Those without another word are films.
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
    /// `… cd1` and `… cd2`: one version of two parts.
    MultiPart,
    /// One film in two editions, each an item: the first.
    Edition,
    /// The second, of the same title and year.
    EditionAgain,
    /// Title and path in Hebrew or Arabic.
    RightToLeft,
    /// `<userrating>`
    OwnRating,
    /// A person gave another rating, and locked it.
    PersonRated,
    /// `<userrating>0</userrating>`: nobody rated it.
    NobodyRated,
    /// `clearlogo.png` and `square.jpg`.
    LogoAndSquare,
    /// Several writers, producers and countries.
    ManyCredits,
    /// Plex has labels already, which stay.
    LabelsBefore,
    /// A person locked the labels.
    PersonLabels,
    /// Plex has countries of which one is the source’s, in another letter case.
    CountriesBefore,
    /// A second section holds the same file.
    InTwoSections,
    /// Only the second section holds the file.
    OnlySecondSection,
    /// Its .nfo is about something else than a film, and changes nothing.
    Misplaced,
    /// `&` as it is, which is no XML.
    BareAmpersand,
    /// ISO 8859-1.
    LatinEncoding,
    /// `clear="true"`: the genres before it do not count.
    ClearedTags,
    /// The agent found nothing: its title is the name of its file.
    Unmatched,
    /// `S01E01.mkv` in `Season 01`, as in the next one’s folder.
    EqualEpisodeNames,
    /// `S01E01.mkv` in `Season 01`, as in the folder of the one before.
    EqualEpisodeNamesAgain,
    /// Has a season 0.
    Specials,
    /// Every season has a `season.nfo`.
    SeasonPages,
    /// Its seasons have `season01-poster.jpg` and no .nfo.
    SeasonPictures,
    /// Its folder has no `tvshow.nfo`; its episodes have .nfo files.
    ShowNoNfo,
    /// Plex has it, the source does not.
    ShowNoSource,
    /// The source has it, Plex does not.
    ShowNotInPlex,
    /// Its `tvshow.nfo` is about a film, and changes nothing.
    ShowMisplaced,
    /// A person edited and locked title, summary and genres.
    ShowPersonEdited,
    /// A person locked what the agent found, which differs.
    ShowPersonLocked,
    /// `<plot/>`
    ShowEmptyPlot,
    /// Emoji in title and path.
    ShowEmoji,
    /// Title and path in Hebrew or Arabic.
    ShowRightToLeft,
    /// Path composed in the source, decomposed in Plex.
    ShowDecomposed,
    /// `clearlogo.png` and `square.jpg`.
    ShowLogoAndSquare,
    /// A person edited and locked title and summary of its first season.
    SeasonPersonEdited,
    /// Two episodes of one file, with two `<episodedetails>` in its .nfo.
    DoubleEpisode,
    /// The source has it, Plex does not.
    EpisodeNotInPlex,
    /// Its file is there, and no .nfo.
    EpisodeNoNfo,
    /// Its .nfo is about a film, and changes nothing.
    EpisodeMisplaced,
    /// A person edited and locked title and directors.
    EpisodePersonEdited,
    /// A person locked the summary that the agent found, which differs.
    EpisodePersonLocked,
    /// Season and number are only in the name of its file.
    EpisodeUnnumbered,
    /// Two episodes of one file, whose numbers are only in its name.
    DoubleUnnumbered,
    /// `… pt1` and `… pt2`: one version of two parts.
    EpisodeMultiPart,
    /// `<plot/>`
    EpisodeEmptyPlot,
    /// `artist.nfo` has another name, which is never written.
    ArtistOtherName,
    /// Its folder has no `artist.nfo`.
    ArtistNoNfo,
    /// Plex has it, the source does not.
    ArtistNoSource,
    /// The source has it, Plex does not.
    ArtistNotInPlex,
    /// Its `artist.nfo` is about an album, and changes nothing.
    ArtistMisplaced,
    /// A person edited and locked summary and genres.
    ArtistPersonEdited,
    /// Plex has styles and moods of which one is the source’s, in another letter case.
    ArtistStylesBefore,
    /// Emoji in name and path.
    ArtistEmoji,
    /// Path composed in the source, decomposed in Plex.
    ArtistDecomposed,
    /// `<biography/>`
    ArtistEmptyText,
    /// `album.nfo` has another title, which is never written.
    AlbumOtherTitle,
    /// Its tracks lie in `CD 1` and `CD 2`.
    AlbumTwoDiscs,
    /// Its folder has no `album.nfo`.
    AlbumNoNfo,
    /// The source has it, Plex does not.
    AlbumNotInPlex,
    /// Its `album.nfo` is about an artist, and changes nothing.
    AlbumMisplaced,
    /// A person edited and locked summary and record label.
    AlbumPersonEdited,
    /// A person locked the moods that the agent found, which differ.
    AlbumPersonLocked,
    /// `<review/>`
    AlbumEmptyText,
    /// The source has it, Plex does not.
    VideoNotInPlex,
    /// Plex has it, the source does not.
    VideoNoSource,
    /// `video.mp4`, as in the next one’s folder.
    VideoEqualName,
    /// `video.mp4`, as in the folder of the one before.
    VideoEqualNameAgain,
    /// A person edited and locked title and summary.
    VideoPersonEdited,
    /// Emoji in title and path.
    VideoEmoji,
    /// Title and path in Hebrew or Arabic.
    VideoRightToLeft,
    /// Path composed in the source, decomposed in Plex.
    VideoDecomposed,
    /// An .nfo, and an `.info.json` that says something else: the .nfo counts.
    NfoBesideInfo,
    /// Its .nfo is about an album, and changes nothing.
    VideoMisplaced,
    /// An empty `<plot/>` or `description`.
    VideoEmptyText,
    /// The `.info.json` of a playlist lies in its folder, and changes nothing.
    Playlist,
}

impl Odd {
    /// The kind of item number `index`, where every so many-th takes the next of a list, from `first` on.
    pub(super) fn next(
        list: &[Self],
        index: usize,
        (every, first): (usize, usize),
        plan: &Plan,
    ) -> Option<Self> {
        let turn = index / every + plan.odd_from;
        (plan.odd && index % every == first).then(|| list[turn % list.len()])
    }

    /// How often the whole list was taken before film number `index`.
    pub(super) fn cycle(index: usize) -> usize {
        index / 3 / Self::ALL.len()
    }
}
