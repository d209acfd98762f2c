//! Which of a folder's pictures is what, by names alone.
//!
//! | Item | Poster | Background |
//! |---|---|---|
//! | film | `<stem>-poster`, `-cover`, `-folder`, `<stem>`; for the folder's only film `poster`, `folder`, `cover`, `movie` | `<stem>-fanart`, `-background`, `-backdrop`, `-art`; the same words alone |
//! | episode | `<stem>-thumb`, then a film's own | a film's own |
//! | music video, other video | a film's, then `<stem>-thumb` | a film's |
//! | show | `poster`, `folder`, `cover`, `show` | `fanart`, `background`, `backdrop`, `art` |
//! | season | the same and `season`, `seasonNN`; in the show's folder `seasonNN-poster`, `season-specials-poster` | the same; `seasonNN-fanart` … |
//! | artist | `folder`, `artist`, `poster`, `thumb`, `cover` | the same |
//! | album | `cover`, `folder`, `front`, `album`, `poster`, `thumb` | the same |
//!
//! Beside a film that is alone in its folder, `movieset-poster` and `movieset-fanart` are pictures of the set that it is in.
//!
//! Clear logos are `clearlogo` or `logo`, square art `square`, `squareart` or `backgroundsquare`, in each of these places.
//! Discs and characters have no place in Plex, banners none any more.

use std::collections::BTreeMap;

use super::names;
use super::numbers;
use crate::model::Field;

/// Words for what is not a poster, the best first.
const REST: [(Field, &[&str]); 3] = [
    (
        Field::Background,
        &["fanart", "background", "backdrop", "art"],
    ),
    (Field::ClearLogo, &["clearlogo", "logo"]),
    (
        Field::SquareArt,
        &["square", "squareart", "backgroundsquare"],
    ),
];
/// Words after a video's own `<stem>-`.
const POSTERS: &[&str] = &["poster", "cover", "folder"];
/// Words after `movieset-`.
const OF_SET: [(Field, &[&str]); 2] = [
    (Field::Poster, &["poster", "folder", "cover"]),
    (
        Field::Background,
        &["fanart", "background", "backdrop", "art"],
    ),
];
/// Words after `season01-`, and in the show's folder.
const SEASON_POSTERS: &[&str] = &["poster", "cover", "folder", "thumb"];
const SPECIALS: &str = "-specials";

/// What whole folders hold, told by the name of a .nfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `season.nfo`, or pictures alone; with the season's number where a name tells it.
    Season(Option<i32>),
    /// `album.nfo`
    Album,
    /// `artist.nfo`
    Artist,
    /// `tvshow.nfo`
    Show,
}

impl Kind {
    /// The kind that a .nfo of this stem speaks of where no video is called so.
    pub(super) fn of(stem: &str) -> Option<Self> {
        match stem.to_ascii_lowercase().as_str() {
            "tvshow" => Some(Self::Show),
            "season" => Some(Self::Season(None)),
            "artist" => Some(Self::Artist),
            "album" => Some(Self::Album),
            _ => None,
        }
    }

    /// Its file, and what that is about.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Show => ("tvshow.nfo", "show"),
            Self::Season(_) => ("season.nfo", "season"),
            Self::Artist => ("artist.nfo", "artist"),
            Self::Album => ("album.nfo", "album"),
        }
    }

    fn posters(self) -> &'static [&'static str] {
        match self {
            Self::Show => &["poster", "folder", "cover", "show"],
            Self::Season(_) => &["poster", "folder", "cover", "season"],
            Self::Artist => &["folder", "artist", "poster", "thumb", "cover"],
            Self::Album => &["cover", "folder", "front", "album", "poster", "thumb"],
        }
    }
}

/// How far a picture speaks, which decides for which items it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// For its video alone, by its name.
    Own,
    /// A frame of its video: the poster of an episode, never that of a film.
    Thumb,
    /// For the folder as a whole: never for an episode, nor for what may be one.
    Folder,
    /// For the set of films that its film is in.
    Set,
}

/// A file by its name, with how far it speaks.
pub(super) type Candidate<'a> = (&'a str, Role);
/// Candidates by what they would be, the best first.
pub(super) type Candidates<'a> = BTreeMap<Field, Vec<Candidate<'a>>>;

/// The pictures of one folder, by the keys of their stems.
#[derive(Debug, Default)]
pub(super) struct Pictures<'a>(BTreeMap<String, Vec<&'a str>>);

impl<'a> Pictures<'a> {
    pub(super) fn add(&mut self, stem: &str, name: &'a str) {
        let same = self.0.entry(names::key(stem)).or_default();
        same.push(name);
        same.sort_by_key(|name| names::picture_rank(name));
    }

    /// Those of a video that has these stems (its own, and its .nfo's); `is_alone` where the folder's speak for it too.
    pub(super) fn of_video(&self, stems: &[&str], is_alone: bool) -> Candidates<'a> {
        let mut found = Found::default();
        let mut find = |field, words: &[&str], shared: &[&str]| {
            for word in words {
                for stem in stems {
                    self.find(&mut found, field, &format!("{stem}-{word}"), Role::Own);
                }
            }
            if field == Field::Poster {
                for stem in stems {
                    self.find(&mut found, field, stem, Role::Own);
                }
            }
            for word in shared.iter().filter(|_| is_alone) {
                self.find(&mut found, field, word, Role::Folder);
            }
        };
        find(
            Field::Poster,
            POSTERS,
            &["poster", "folder", "cover", "movie"],
        );
        for (field, words) in REST {
            find(field, words, words);
        }
        for stem in stems {
            self.find(
                &mut found,
                Field::Poster,
                &format!("{stem}-thumb"),
                Role::Thumb,
            );
        }
        for (field, words) in OF_SET.iter().filter(|_| is_alone) {
            for word in *words {
                self.find(&mut found, *field, &format!("movieset-{word}"), Role::Set);
            }
        }
        found.0
    }

    /// Those of the folder as a whole.
    pub(super) fn of_folder(&self, kind: Kind) -> Candidates<'a> {
        let mut found = Found::default();
        let posters = [(Field::Poster, kind.posters())];
        for (field, words) in posters.into_iter().chain(REST) {
            for word in words {
                self.find(&mut found, field, word, Role::Folder);
            }
        }
        found.0
    }

    /// Those named by a season's number: `season01-poster`, `season01`, `season-specials-fanart`.
    pub(super) fn of_seasons(&self) -> BTreeMap<i32, Candidates<'a>> {
        let mut seasons: BTreeMap<i32, Found<'a>> = BTreeMap::new();
        let posters = [(Field::Poster, SEASON_POSTERS)];
        let mut ranked = Vec::new();
        for key in self.0.keys() {
            let Some((season, rest)) = season_of(key) else {
                continue;
            };
            let word = rest.strip_prefix('-').unwrap_or(rest);
            for (field, words) in posters.into_iter().chain(REST) {
                if let Some(rank) = words.iter().position(|known| *known == word) {
                    ranked.push((season, field, rank, key));
                }
            }
            if rest.is_empty() {
                ranked.push((season, Field::Poster, SEASON_POSTERS.len(), key));
            }
        }
        ranked.sort_unstable();
        for (season, field, _, key) in ranked {
            self.find(seasons.entry(season).or_default(), field, key, Role::Folder);
        }
        seasons
            .into_iter()
            .map(|(season, found)| (season, found.0))
            .collect()
    }

    fn find(&self, found: &mut Found<'a>, field: Field, stem: &str, role: Role) {
        let known = found.0.entry(field).or_default();
        for name in self.0.get(&names::key(stem)).into_iter().flatten() {
            if !known.iter().any(|(known, _)| known == name) {
                known.push((name, role));
            }
        }
        if known.is_empty() {
            found.0.remove(&field);
        }
    }
}

#[derive(Default)]
struct Found<'a>(Candidates<'a>);

/// The season that a picture's name begins with, and the rest of the name.
fn season_of(key: &str) -> Option<(i32, &str)> {
    let rest = key.strip_prefix("season")?;
    match rest.strip_prefix(SPECIALS) {
        Some(rest) => Some((0, rest)),
        None => numbers::number(rest.trim_start_matches(['-', ' '])),
    }
}
