//! Which events happen, by dice.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::super::attribute::{self, Form};
use super::super::expect::Want;
use super::super::item::{Item, page_file};
use super::super::odd::Odd;
use super::super::picture::{self, Format};
use super::super::reckon::tag_want;
use super::super::round::events;
use super::super::source::{Source, day_in};
use super::super::{FILMS_SECTION, File, VIDEOS_SECTION, seeding};
use super::event::{Event, Kind};
use super::{Chronicle, Told};
use crate::ItemKind;

/// Words of a person, of which some are what sources and agents say too.
const TAGS: [&str; 5] = [
    "Family Evening",
    "Grandmother",
    "Drama",
    "Comedy",
    "Rainy Days",
];

/// An .nfo that is no XML.
const BROKEN: &[u8] = b"<movie><title>Cut off in the middle of";

impl Chronicle {
    /// One event between two syncs, of whatever kind the dice say.
    pub fn draw(&self, dice: &mut ChaCha8Rng) -> Event {
        loop {
            let drawn = match dice.random_range(0..100) {
                0..28 => self.in_plex(dice),
                28..38 => self.unlock(dice),
                38..66 => self.in_source(dice),
                66..74 => self.back_in_source(dice),
                74..80 => self.rekey(dice),
                80..82 => Some(Kind::Rebuild),
                82..87 => self.delete(dice),
                87..93 => self.back_in_plex(dice),
                93..96 => self.folder(dice, true),
                _ => self.folder(dice, false),
            };
            if let Some(kind) = drawn {
                return Event(kind);
            }
        }
    }

    /// What brings the whole source back: folders that are away, files that are gone or broken.
    pub fn mend(&self) -> Vec<Event> {
        let folders = self.now.away.iter().map(|folder| Kind::Folder {
            folder,
            is_away: false,
        });
        let lost = (0..self.items.len()).filter(|&position| {
            // One event mends all that stands in the same file.
            let is_first = self.sharing(position).first() == Some(&position);
            self.now.books[position].told != Told::Well && is_first && self.items[position].in_plex
        });
        let sources = lost.map(|position| {
            let later = self.now.books[position].source.clone();
            self.source(position, Told::Well, later)
        });
        folders.chain(sources).map(Event).collect()
    }

    /// One event in the middle of a sync, in Plex.
    pub fn draw_meanwhile(&self, dice: &mut ChaCha8Rng) -> Event {
        loop {
            let drawn = match dice.random_range(0..10) {
                0..7 => self.in_plex(dice),
                7..9 => self.rekey(dice),
                _ => self.delete(dice),
            };
            if let Some(kind) = drawn {
                return Event(kind);
            }
        }
    }

    /// Plex's agent finds something else once more for the same film each time: where nothing is locked, it takes back what
    /// a sync wrote. `None` while that film is not there.
    pub fn stubborn_agent(&self, dice: &mut ChaCha8Rng) -> Option<Event> {
        let is_film = |item: &Item| {
            item.section == FILMS_SECTION && item.in_plex && events::is_plainly_told(item)
        };
        let position = self.items.iter().position(is_film)?;
        if !self.is_present(position) {
            return None;
        }
        let item = &self.items[position];
        Some(Event(Kind::Refresh {
            says: Box::new(events::new_findings(item, dice, &self.plan)),
            place: item.place(),
        }))
    }

    /// A person or the agent does something to an item.
    fn in_plex(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let position = self.one(dice, |chronicle, position| chronicle.is_present(position))?;
        let item = &self.items[position];
        let place = item.place();
        match dice.random_range(0..10) {
            0..5 => {
                let attribute = some_attribute(dice, item)?;
                Some(Kind::Edit {
                    value: self.typed(dice, position, attribute),
                    attribute,
                    lock: dice.random_bool(0.85),
                    place,
                })
            }
            5 => {
                let attributes: Vec<_> = attribute::shown_by(item.kind).collect();
                Some(Kind::Lock {
                    attribute: attributes.choose(dice)?.name,
                    place,
                })
            }
            6 => Some(Kind::Poster {
                bytes: picture::landscape(dice, self.plan.image, Format::Jpeg),
                place,
            }),
            _ if item.section == VIDEOS_SECTION || item.kind == ItemKind::Track => None,
            _ => Some(Kind::Refresh {
                says: Box::new(events::new_findings(item, dice, &self.plan)),
                place,
            }),
        }
    }

    fn typed(&self, dice: &mut ChaCha8Rng, position: usize, name: &'static str) -> Want {
        let number = dice.random_range(0..90);
        match attribute::form(name) {
            Some(Form::Whole) => Want::Whole(1900 + number),
            Some(Form::Tenths) => Want::Tenths(10 + number),
            Some(Form::Tags(..)) => {
                let held = self.now.books[position].account.held.get(name);
                let held = held.map_or(&[][..], Want::tags).iter();
                let mut tags: Vec<String> =
                    held.filter(|_| dice.random_bool(0.5)).cloned().collect();
                let fresh = TAGS.choose(dice).copied().unwrap_or_default();
                if !super::super::reckon::has(&tags, fresh) {
                    tags.push(fresh.to_owned());
                }
                tag_want(tags)
            }
            _ if name == "originallyAvailableAt" => Want::Text(day_in(dice, 1900 + number)),
            _ => Want::Text(format!("A person's own words, number {number}.")),
        }
    }

    /// A person gives back, or takes a lock of their own away.
    fn unlock(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let can = |chronicle: &Self, position: usize| {
            chronicle.is_present(position) && !chronicle.now.books[position].may_be_forgotten
        };
        let position = self.one(dice, can)?;
        let book = &self.now.books[position];
        let locked = attribute::shown_by(self.items[position].kind).filter(|attribute| {
            // What Plex does to a derived sort title, and whether syncs remember it, is not sure.
            let is_sure = !book.unsure.contains(attribute.name) && attribute.name != "titleSort";
            is_sure && book.account.locked.contains(attribute.name)
        });
        let locked: Vec<_> = locked.collect();
        Some(Kind::Unlock {
            attribute: locked.choose(dice)?.name,
            place: self.items[position].place(),
        })
    }

    /// The source says something else, or nothing that can be read.
    fn in_source(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let can = |chronicle: &Self, position: usize| {
            chronicle.speaks(position)
                && chronicle.now.books[position].told == Told::Well
                && !chronicle
                    .now
                    .away
                    .contains(chronicle.items[position].folder())
        };
        let position = self.one(dice, can)?;
        let mut later = self.now.books[position].source.clone();
        match dice.random_range(0..10) {
            0..5 if events::is_plainly_told(&self.items[position]) => {
                events::change(&self.items[position], &mut later, dice);
                Some(self.source(position, Told::Well, later))
            }
            5..7 => {
                later.poster.as_ref()?;
                if self.items[position].odd == Some(Odd::PngPictures) {
                    return None;
                }
                later.poster = Some(picture::landscape(dice, self.plan.image, Format::Jpeg));
                Some(self.source(position, Told::Well, later))
            }
            7..9 => {
                // Beside a video with a playlist's or yt-dlp's file the next best would speak.
                let is_alone = self.sharing(position).len() == 1
                    && !self.carries_pictures(position)
                    && self.items[position].odd != Some(Odd::NfoBesideInfo);
                is_alone.then(|| self.source(position, Told::Removed, later))
            }
            9 => Some(self.source(position, Told::Broken, later)),
            _ => None,
        }
    }

    /// What could not be read can be again.
    fn back_in_source(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let can = |chronicle: &Self, position: usize| {
            chronicle.now.books[position].told != Told::Well
                && !chronicle
                    .now
                    .away
                    .contains(chronicle.items[position].folder())
        };
        let position = self.one(dice, can)?;
        let later = self.now.books[position].source.clone();
        Some(self.source(position, Told::Well, later))
    }

    pub(super) fn source(&self, position: usize, told: Told, later: Source) -> Kind {
        let item = &self.items[position];
        let page = page_file(&self.items, position, |other| {
            if other == position {
                &later
            } else {
                &self.now.books[other].source
            }
        });
        let spots = &item.spots;
        let later = Box::new(later);
        let pictures = [
            (&spots.poster, &later.poster),
            (&spots.background, &later.background),
            (&spots.logo, &later.logo),
            (&spots.square, &later.square),
        ];
        let pictures = pictures.into_iter().filter_map(|(path, bytes)| {
            Some(File {
                path: path.clone(),
                bytes: bytes.clone()?,
            })
        });
        let pictures: Vec<File> = pictures.collect();
        let (mut write, mut remove) = (Vec::new(), Vec::new());
        match told {
            Told::Well => {
                write.extend(page);
                write.extend(pictures);
            }
            Told::Broken => write.extend(page.map(|page| File {
                bytes: BROKEN.to_vec(),
                ..page
            })),
            Told::Removed => {
                remove.extend(page.map(|page| page.path));
                remove.extend(pictures.into_iter().map(|picture| picture.path));
            }
        }
        Kind::Source {
            place: item.place(),
            told,
            later,
            write,
            remove,
        }
    }

    fn rekey(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let position = self.one(dice, |chronicle, position| chronicle.is_present(position))?;
        Some(Kind::Rekey {
            place: self.items[position].place(),
        })
    }

    fn delete(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        // What stands above takes its name from what is below, where nobody matched it.
        let can = |chronicle: &Self, position: usize| {
            let kind = chronicle.items[position].kind;
            chronicle.is_present(position)
                && matches!(kind, ItemKind::Movie | ItemKind::Show | ItemKind::Artist)
        };
        let position = self.one(dice, can)?;
        Some(Kind::Delete {
            place: self.items[position].place(),
        })
    }

    fn back_in_plex(&self, dice: &mut ChaCha8Rng) -> Option<Kind> {
        let can = |chronicle: &Self, position: usize| {
            let item = &chronicle.items[position];
            item.in_plex && item.parent.is_none() && !chronicle.now.books[position].is_present
        };
        let position = self.one(dice, can)?;
        let agents = self.now.books.iter().map(|book| &book.agent);
        Some(Kind::Return {
            place: self.items[position].place(),
            parent: None,
            item: Box::new(seeding::found_anew(&self.items, agents, position)),
        })
    }

    fn folder(&self, dice: &mut ChaCha8Rng, is_away: bool) -> Option<Kind> {
        let folders = self.items.iter().map(Item::folder);
        let mut folders: Vec<_> = folders
            .filter(|folder| self.now.away.contains(folder) != is_away)
            .collect();
        folders.sort_unstable();
        folders.dedup();
        // A source of which nothing is there is refused as a whole.
        if is_away && folders.len() == 1 {
            return None;
        }
        Some(Kind::Folder {
            folder: folders.choose(dice)?,
            is_away,
        })
    }

    pub(super) fn is_present(&self, position: usize) -> bool {
        self.now.books[position].is_present
    }

    /// An item of any kind of which something is true: first which kind, so that the few artists come as often as the many
    /// episodes.
    pub(super) fn one(
        &self,
        dice: &mut ChaCha8Rng,
        can: impl Fn(&Self, usize) -> bool,
    ) -> Option<usize> {
        let all = 0..self.items.len();
        let all: Vec<usize> = all
            .filter(|position| self.items[*position].in_plex && can(self, *position))
            .collect();
        let mut groups: Vec<(&str, ItemKind)> = all
            .iter()
            .map(|position| (self.items[*position].section, self.items[*position].kind))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let group = *groups.choose(dice)?;
        let fitting = all.into_iter().filter(|position| {
            (self.items[*position].section, self.items[*position].kind) == group
        });
        fitting.collect::<Vec<_>>().choose(dice).copied()
    }
}

/// An attribute that a person may type: not the titles of music, on which Plex merges, nor pictures.
fn some_attribute(dice: &mut ChaCha8Rng, item: &Item) -> Option<&'static str> {
    let is_music = matches!(item.kind, ItemKind::Artist | ItemKind::Album);
    let names = attribute::shown_by(item.kind).map(|attribute| attribute.name);
    let names: Vec<_> = names
        .filter(|name| !(attribute::is_picture(name) || is_music && *name == "title"))
        .collect();
    names.choose(dice).copied()
}
