//! Artists, albums and tracks: what their sources mean, and where they lie. Tracks have no source.

use std::collections::BTreeSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::item::{Item, Page, Voice};
use super::nfo::{Habits, Root};
use super::odd::Odd;
use super::picture::Format;
use super::source::{Source, day_in, file_name, labels, poster, rating, wide};
use super::twist_more::{before, edited, lock};
use super::{MUSIC_SECTION, Plan, agent, dice, names, prose, words};
use crate::ItemKind;
use crate::seed::SeedValues;

/// Where the random numbers of artists begin.
const ARTISTS: u64 = 1 << 52;

/// What all parts of an artist have in common.
struct Artist<'a> {
    plan: &'a Plan,
    number: u64,
    name: String,
    odd: Option<Odd>,
    /// Its position in the world.
    position: usize,
}

/// Adds all artists of a world.
pub(super) fn artists(plan: &Plan, items: &mut Vec<Item>) {
    let mut known = BTreeSet::new();
    let mut name_dice = dice(plan.seed, u64::MAX - 3);
    let mut albums = 0;
    for index in 0..plan.artists {
        let odd = Odd::next(&Odd::ARTISTS, index, (2, 1), plan);
        let cycle = index / 2 / Odd::ARTISTS.len();
        let name = match odd {
            Some(Odd::ArtistEmoji) => words::listed(&words::EMOJI, cycle),
            Some(Odd::ArtistDecomposed) => words::listed(&words::COMBINING, cycle),
            // Plex has no two artists of one name.
            _ => loop {
                let name = names::band(&mut name_dice);
                if known.insert(name.to_lowercase()) {
                    break name;
                }
            },
        };
        let artist = Artist {
            plan,
            number: index as u64,
            name,
            odd,
            position: items.len(),
        };
        artist.add(&mut albums, items);
    }
}

impl Artist<'_> {
    fn add(&self, turn: &mut usize, items: &mut Vec<Item>) {
        let dice = &mut dice(self.plan.seed, ARTISTS + self.number);
        items.push(self.item(dice));
        let mut count = dice.random_range(1..=self.plan.albums.max(1));
        let mut known = BTreeSet::new();
        let mut number = 0;
        while number < count {
            let odd =
                Odd::next(&Odd::ALBUMS, *turn, (3, 1), self.plan).filter(|_| self.may_have_odd());
            *turn += usize::from(self.may_have_odd());
            if odd == Some(Odd::AlbumNotInPlex) {
                // An artist without any album would not be in Plex either.
                count = count.max(2);
            }
            let title = loop {
                let title = names::title(dice);
                if known.insert(title.to_lowercase()) {
                    break title;
                }
            };
            self.album(dice, number, &title, odd, items);
            number += 1;
        }
    }

    fn may_have_odd(&self) -> bool {
        let whole = !matches!(self.odd, Some(Odd::ArtistNoSource | Odd::ArtistNotInPlex));
        self.plan.odd && whole
    }

    fn in_source(&self, path: &str) -> String {
        let path = format!("{}/{path}", file_name(&self.name));
        self.plan.in_source(MUSIC_SECTION, &path)
    }

    fn in_plex(&self, path: &str) -> String {
        let path = Plan::in_plex(MUSIC_SECTION, &format!("{}/{path}", file_name(&self.name)));
        if self.odd == Some(Odd::ArtistDecomposed) {
            path.nfd().collect()
        } else {
            path
        }
    }

    /// An item of this kind, in Plex and on disk as the artist is, named as its agent has it.
    fn part(&self, kind: ItemKind, number: u64, title: &str) -> Item {
        let mut item = Item::new(kind, MUSIC_SECTION);
        let guid = agent::guid(kind, number);
        item.name = format!("{} {guid}", kind.name());
        item.in_plex = self.odd != Some(Odd::ArtistNotInPlex);
        item.agent.guid = Some(guid);
        item.agent.title = Some(title.to_owned());
        item
    }

    fn hear(&self, dice: &mut ChaCha8Rng, item: &mut Item, year: i32) {
        let told = item.agent.clone();
        item.agent = SeedValues {
            guid: told.guid,
            title: told.title,
            ..agent::other(dice, self.plan, item.kind, &item.source, year)
        };
    }

    fn item(&self, dice: &mut ChaCha8Rng) -> Item {
        let plan = self.plan;
        let mut item = self.part(ItemKind::Artist, self.number, &self.name);
        item.odd = self.odd;
        let (genres, styles) = (dice.random_range(1..=2), dice.random_range(0..=3));
        item.source = Source {
            title: Some(self.name.clone()),
            sort_title: self
                .name
                .rsplit_once(' ')
                .filter(|_| dice.random_bool(0.3))
                .map(|(first, last)| format!("{last}, {first}")),
            summary: Some(prose::plot(dice)),
            genres: names::several(dice, &words::MUSIC_GENRES, genres),
            styles: names::several(dice, &words::STYLES, styles),
            moods: names::several(dice, &words::MOODS, 2),
            countries: names::several(dice, &words::COUNTRIES, 1),
            labels: labels(dice),
            poster: poster(dice, plan, 0.7, Format::Jpeg),
            background: wide(dice, plan, 0.4, Format::Jpeg),
            ..Source::default()
        };
        self.hear(dice, &mut item, 1999);
        item.spots.poster = self.in_source("folder.jpg");
        item.spots.background = self.in_source("fanart.jpg");
        let habits = Habits::ordinary(dice, Root::Artist, None);
        item.voice = match self.odd {
            Some(Odd::ArtistNoSource) => Voice::Absent,
            Some(Odd::ArtistNoNfo) => Voice::Silent,
            Some(Odd::ArtistMisplaced) => Voice::Misplaced,
            _ => Voice::Page,
        };
        page(
            &mut item,
            self.in_source("artist.nfo"),
            Root::Artist,
            Root::Album,
            habits,
        );
        match self.odd {
            Some(Odd::ArtistOtherName) => {
                item.source.title = Some(format!("{} (and Friends)", self.name));
            }
            Some(Odd::ArtistPersonEdited) => edited(&mut item),
            Some(Odd::ArtistEmptyText) => item.source.summary = Some(String::new()),
            Some(Odd::ArtistStylesBefore) => {
                item.source.styles = names::several(dice, &words::STYLES, 2);
                item.agent.styles = Some(before(&item.source.styles, "Skiffle"));
                item.agent.moods = Some(before(&item.source.moods, "Woolly"));
            }
            _ => {}
        }
        item
    }

    fn album(
        &self,
        dice: &mut ChaCha8Rng,
        number: u32,
        title: &str,
        odd: Option<Odd>,
        items: &mut Vec<Item>,
    ) {
        let plan = self.plan;
        let number = self.number * 1_000 + u64::from(number);
        let year = dice.random_range(1962..=2023);
        let folder = file_name(&format!("{title} ({year})"));
        let mut item = self.part(ItemKind::Album, number, title);
        item.odd = odd;
        item.parent = Some(self.position);
        item.in_plex &= odd != Some(Odd::AlbumNotInPlex);
        let genres = dice.random_range(1..=2);
        item.source = Source {
            title: Some(title.to_owned()),
            summary: Some(prose::plot(dice)),
            studio: dice
                .random_bool(0.7)
                .then(|| names::studio(dice).to_owned()),
            date: dice.random_bool(0.6).then(|| day_in(dice, year)),
            year: Some(year),
            critic: rating(dice, 0.5),
            user: rating(dice, 0.15),
            genres: names::several(dice, &words::MUSIC_GENRES, genres),
            styles: names::several(dice, &words::STYLES, 1),
            moods: names::several(dice, &words::MOODS, 1),
            labels: labels(dice),
            poster: poster(dice, plan, 0.8, Format::Jpeg),
            ..Source::default()
        };
        self.hear(dice, &mut item, year);
        item.spots.poster = self.in_source(&format!("{folder}/cover.jpg"));
        let habits = Habits::ordinary(dice, Root::Album, None);
        item.voice = match odd {
            _ if self.odd == Some(Odd::ArtistNoSource) => Voice::Absent,
            Some(Odd::AlbumNoNfo) => Voice::Silent,
            Some(Odd::AlbumMisplaced) => Voice::Misplaced,
            _ => Voice::Page,
        };
        let path = self.in_source(&format!("{folder}/album.nfo"));
        page(&mut item, path, Root::Album, Root::Artist, habits);
        match odd {
            Some(Odd::AlbumOtherTitle) => {
                item.source.title = Some(format!("{title} (Remastered)"));
            }
            Some(Odd::AlbumPersonEdited) => edited(&mut item),
            Some(Odd::AlbumPersonLocked) => lock(&mut item, "mood"),
            Some(Odd::AlbumEmptyText) => item.source.summary = Some(String::new()),
            _ => {}
        }
        let (in_plex, is_absent) = (item.in_plex, item.voice == Voice::Absent);
        let position = items.len();
        items.push(item);
        let count = dice.random_range(2..=plan.tracks.max(2));
        let discs = if odd == Some(Odd::AlbumTwoDiscs) {
            2
        } else {
            1
        };
        for disc in 1..=discs {
            for track in 1..=count {
                let folder = if discs == 1 {
                    folder.clone()
                } else {
                    format!("{folder}/CD {disc}")
                };
                let known = number * 10_000 + u64::from(disc * 1_000 + track);
                let mut item = self.track(dice, known, &folder, track);
                item.parent = Some(position);
                item.in_plex = in_plex;
                item.above = (discs > 1).then_some(i32::try_from(disc).unwrap_or(1));
                if is_absent {
                    item.voice = Voice::Absent;
                }
                items.push(item);
            }
        }
    }

    fn track(&self, dice: &mut ChaCha8Rng, number: u64, folder: &str, track: u32) -> Item {
        // Many albums begin with a file of the same name.
        let title = if track == 1 && dice.random_bool(0.3) {
            "Intro".to_owned()
        } else {
            names::title(dice)
        };
        let mut item = self.part(ItemKind::Track, number, &title);
        let path = format!("{folder}/{track:02} - {}.flac", file_name(&title));
        item.media = vec![self.in_source(&path)];
        item.name = self.in_plex(&path);
        item.versions = vec![vec![item.name.clone()]];
        item.index = i32::try_from(track).ok();
        item.agent.moods = dice
            .random_bool(0.5)
            .then(|| names::several(dice, &words::MOODS, 1));
        item
    }
}

/// Gives an item the file that speaks of it, or, where that is misplaced, of something else.
fn page(item: &mut Item, path: String, root: Root, other: Root, habits: Habits) {
    let root = match item.voice {
        Voice::Page => root,
        Voice::Misplaced => other,
        _ => return,
    };
    item.page = Some(Page {
        path,
        root,
        habits,
        instead: None,
    });
}
