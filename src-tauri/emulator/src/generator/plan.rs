//! What to make.

use super::PLEX_ROOT;
use super::values::Takes;
use crate::{CastEdit, Habits, PictureEdit};

/// What to make.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // independent switches
pub struct Plan {
    /// The same seed gives the same world.
    pub seed: u64,
    /// Films, those that only one side knows included.
    pub films: usize,
    /// Shows. Under [`Layout::Films`] they are in Plex alone.
    pub shows: usize,
    /// Most seasons of a show, the specials not counted; at least 1.
    pub seasons: u32,
    /// Most episodes of a season; at least 3.
    pub episodes: u32,
    /// Artists.
    pub artists: usize,
    /// Most albums of an artist; at least 1.
    pub albums: u32,
    /// Most tracks of an album; at least 2.
    pub tracks: u32,
    /// Other videos.
    pub videos: usize,
    /// Whether items have pictures on both sides.
    pub posters: bool,
    /// Width and height of a poster in pixels; a background is as wide as a poster is high, and 9/16 of that high.
    pub image: (u32, u32),
    /// Whether every third film is one of [`super::Odd::ALL`] (and so on for other items); otherwise all are ordinary ones
    /// with a source.
    pub odd: bool,
    /// From which of the odd kinds on the lists are taken, so that small worlds of many seeds have them all.
    pub odd_from: usize,
    /// Adds three films in Plex whose .nfo cannot be read (empty, not XML, cut off); they must stay as they are.
    pub broken: bool,
    /// The setting *lock what was written*, which the expectation depends on.
    pub lock_written: bool,
    /// Whether agents tell what actors play, and the server takes such roles ([`crate::CastEdit`]), which the expectation
    /// depends on.
    pub roles: bool,
    /// Who speaks of actors' pictures on the web.
    pub actor_pictures: ActorPictures,
    /// Where things lie.
    pub layout: Layout,
    /// Whether films' sources and agents speak of writers, producers, countries, labels, own ratings, editions, logos and
    /// square art too. What is no film always does.
    pub every_field: bool,
}

/// Who speaks of actors' pictures on the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorPictures {
    /// Nobody; sources name files on a disk, as media centres write them.
    Untold,
    /// Sources, and the expectation says nothing of what becomes of it.
    Told,
    /// Sources and agents, and the server takes them ([`crate::PictureEdit::Takes`]), which the expectation depends on.
    Taken,
}

/// Where the source has what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The source folder holds films and nothing else; the path rule is *source folder* → [`super::PLEX_FILMS`].
    Films,
    /// The source folder has one folder per section (but `Films` for both sections of films); the path rule is
    /// *source folder* → [`PLEX_ROOT`].
    Sections,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            films: 200,
            shows: 3,
            seasons: 3,
            episodes: 6,
            artists: 0,
            albums: 2,
            tracks: 6,
            videos: 0,
            posters: true,
            image: (120, 180),
            odd: true,
            odd_from: 0,
            broken: false,
            lock_written: true,
            roles: false,
            actor_pictures: ActorPictures::Untold,
            layout: Layout::Films,
            every_field: false,
        }
    }
}

impl Plan {
    /// About `items` items of every kind, in the shares of a household: a fifth of them films, nearly half shows with their
    /// seasons and episodes, a quarter music, a tenth other videos. Small pictures.
    pub fn mixed(seed: u64, items: usize) -> Self {
        Self {
            seed,
            films: items / 5,
            // A show comes with some 11 items below it, an artist with some 8.
            shows: items * 9 / 240,
            artists: items / 36,
            videos: items / 10,
            image: (24, 36),
            layout: Layout::Sections,
            every_field: true,
            ..Self::default()
        }
    }

    /// The same world with casts as a server of these habits takes them.
    #[must_use]
    pub fn under(self, habits: Habits) -> Self {
        Self {
            roles: habits.cast_edit == CastEdit::Takes,
            actor_pictures: match habits.picture_edit {
                PictureEdit::Takes => ActorPictures::Taken,
                PictureEdit::Ignores | PictureEdit::Rewrites => ActorPictures::Told,
            },
            ..self
        }
    }

    /// What sources say of actors.
    pub(super) fn tells(&self) -> Takes {
        Takes {
            roles: true,
            pictures: self.actor_pictures != ActorPictures::Untold,
        }
    }

    /// What a source can ask for of actors.
    pub(super) fn takes(&self) -> Takes {
        Takes {
            roles: self.roles,
            pictures: self.actor_pictures == ActorPictures::Taken,
        }
    }

    /// Width and height of a background.
    pub(super) fn wide_image(&self) -> (u32, u32) {
        (self.image.1, self.image.1 * 9 / 16)
    }

    /// A path of a section's folder as the source has it.
    pub(super) fn in_source(&self, folder: &str, path: &str) -> String {
        match self.layout {
            Layout::Films => path.to_owned(),
            Layout::Sections => format!("{folder}/{path}"),
        }
    }

    /// The same path as Plex has it.
    pub(super) fn in_plex(folder: &str, path: &str) -> String {
        format!("{PLEX_ROOT}/{folder}/{path}")
    }
}
