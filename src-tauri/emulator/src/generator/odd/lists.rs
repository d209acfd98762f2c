//! Which odd kinds there are of each kind of item, in the order in which the items take them. Those that belong together are
//! neighbours.

use super::Odd;

impl Odd {
    /// Of films, whatever their sources speak of.
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

    /// Of films whose sources speak of every field.
    pub const WIDE_FILMS: [Self; 19] = [
        Self::MultiPart,
        Self::Edition,
        Self::EditionAgain,
        Self::RightToLeft,
        Self::OwnRating,
        Self::PersonRated,
        Self::NobodyRated,
        Self::LogoAndSquare,
        Self::ManyCredits,
        Self::LabelsBefore,
        Self::PersonLabels,
        Self::CountriesBefore,
        Self::InTwoSections,
        Self::OnlySecondSection,
        Self::Misplaced,
        Self::BareAmpersand,
        Self::LatinEncoding,
        Self::ClearedTags,
        Self::Unmatched,
    ];

    /// Of shows.
    pub const SHOWS: [Self; 17] = [
        Self::EqualEpisodeNames,
        Self::EqualEpisodeNamesAgain,
        Self::Specials,
        Self::SeasonPages,
        Self::SeasonPictures,
        Self::ShowNoNfo,
        Self::ShowNoSource,
        Self::ShowNotInPlex,
        Self::ShowMisplaced,
        Self::ShowPersonEdited,
        Self::ShowPersonLocked,
        Self::ShowEmptyPlot,
        Self::ShowEmoji,
        Self::ShowRightToLeft,
        Self::ShowDecomposed,
        Self::ShowLogoAndSquare,
        Self::SeasonPersonEdited,
    ];

    /// Of episodes.
    pub const EPISODES: [Self; 10] = [
        Self::DoubleEpisode,
        Self::EpisodeNotInPlex,
        Self::EpisodeNoNfo,
        Self::EpisodeMisplaced,
        Self::EpisodePersonEdited,
        Self::EpisodePersonLocked,
        Self::EpisodeUnnumbered,
        Self::DoubleUnnumbered,
        Self::EpisodeMultiPart,
        Self::EpisodeEmptyPlot,
    ];

    /// Of artists.
    pub const ARTISTS: [Self; 10] = [
        Self::ArtistOtherName,
        Self::ArtistNoNfo,
        Self::ArtistNoSource,
        Self::ArtistNotInPlex,
        Self::ArtistMisplaced,
        Self::ArtistPersonEdited,
        Self::ArtistStylesBefore,
        Self::ArtistEmoji,
        Self::ArtistDecomposed,
        Self::ArtistEmptyText,
    ];

    /// Of albums.
    pub const ALBUMS: [Self; 8] = [
        Self::AlbumOtherTitle,
        Self::AlbumTwoDiscs,
        Self::AlbumNoNfo,
        Self::AlbumNotInPlex,
        Self::AlbumMisplaced,
        Self::AlbumPersonEdited,
        Self::AlbumPersonLocked,
        Self::AlbumEmptyText,
    ];

    /// Of other videos.
    pub const VIDEOS: [Self; 12] = [
        Self::VideoNotInPlex,
        Self::VideoNoSource,
        Self::VideoEqualName,
        Self::VideoEqualNameAgain,
        Self::VideoPersonEdited,
        Self::VideoEmoji,
        Self::VideoRightToLeft,
        Self::VideoDecomposed,
        Self::NfoBesideInfo,
        Self::VideoMisplaced,
        Self::VideoEmptyText,
        Self::Playlist,
    ];

    /// Every kind.
    pub fn every() -> impl Iterator<Item = Self> {
        let lists: [&'static [Self]; 7] = [
            &Self::ALL,
            &Self::WIDE_FILMS,
            &Self::SHOWS,
            &Self::EPISODES,
            &Self::ARTISTS,
            &Self::ALBUMS,
            &Self::VIDEOS,
        ];
        lists.into_iter().flatten().copied()
    }
}
