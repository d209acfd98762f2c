//! Makes a whole test world from one seed: what Plex holds, the folder of source files, and what a sync must turn the one
//! into by the other.
//!
//! Expectations follow from what was *meant*, before it was written down as XML; they share no code with the engine's
//! `text` and `plan`, so that an error there cannot hide here. Not here: a server (the emulator takes a [`Seed`] in),
//! and nothing reads a clock or random numbers but those of the seed.

mod account;
mod agent;
mod attribute;
mod chronicle;
mod episodes;
mod expect;
mod film;
mod held;
mod item;
mod music;
mod names;
mod nfo;
mod odd;
mod owner;
mod picture;
mod plan;
mod prose;
mod reckon;
mod round;
mod seeding;
mod series;
mod source;
mod telling;
#[cfg(test)]
mod tests;
mod twist;
mod twist_more;
mod values;
mod videos;
mod words;

use std::io;
use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::seed::Seed;

pub use attribute::ATTRIBUTES;
pub use chronicle::{Chronicle, Event, Synced};
pub use expect::{Difference, Expectation, ItemWant, Part, Place, SET_OVERVIEW, Want};
pub use held::Held;
pub use odd::Odd;
pub use plan::{ActorPictures, Layout, Plan};
pub use round::{Edit, Face, Refresh, Round, one_change, second_round};
pub use source::actor_picture;
pub use telling::SourceWant;

use item::Item;

/// Where Plex sees the folders of all sections; the path rule of a mixed library is *source folder* → this.
pub const PLEX_ROOT: &str = "/plex";
/// Where Plex sees the films; the path rule of a library of films is *source folder* → this.
pub const PLEX_FILMS: &str = "/plex/Films";
/// Title of the films' section, and name of its folder.
pub const FILMS_SECTION: &str = "Films";
/// Title of a second section of films, in the folder of the first.
pub const FILMS_4K_SECTION: &str = "Films 4K";
/// Where Plex sees the episodes.
pub const PLEX_SERIES: &str = "/plex/Series";
/// Title of the shows' section, and name of its folder.
pub const SERIES_SECTION: &str = "Series";
/// Title of the music's section, and name of its folder.
pub const MUSIC_SECTION: &str = "Music";
/// Title of the other videos' section, and name of its folder.
pub const VIDEOS_SECTION: &str = "Videos";

/// A file of the source folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the source folder, with `/`.
    pub path: String,
    /// Its content; media files are empty.
    pub bytes: Vec<u8>,
}

/// A world.
#[derive(Debug, Clone)]
pub struct Generated {
    /// What Plex holds before the first sync.
    pub seed: Seed,
    /// The source folder.
    pub tree: Vec<File>,
    /// What Plex must hold after the first sync under the default policies.
    pub expected: Expectation,
    items: Vec<Item>,
    plan: Plan,
}

impl Generated {
    /// Writes the source folder below `folder`, which need not exist.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write_tree(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.tree)
    }

    /// Where Plex sees the source folder: the other side of the one path rule.
    pub fn plex_folder(&self) -> &'static str {
        match self.plan.layout {
            Layout::Films => PLEX_FILMS,
            Layout::Sections => PLEX_ROOT,
        }
    }

    /// Titles of the sections that a source speaks of, in their order.
    pub fn sections(&self) -> Vec<&str> {
        let sections = self.seed.sections.iter();
        sections
            .map(|section| section.title.as_str())
            .filter(|title| self.plan.layout == Layout::Sections || *title == FILMS_SECTION)
            .collect()
    }

    /// How many items are of an odd kind.
    pub fn count_odd(&self, kind: Odd) -> usize {
        self.items
            .iter()
            .filter(|item| item.odd == Some(kind))
            .count()
    }
}

/// Writes files below `folder`, replacing those that are there: a tree, or a [`Round`]'s changed files.
///
/// # Errors
/// Whatever the file system says.
pub fn write_files(folder: &Path, files: &[File]) -> io::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, &file.bytes)?;
    }
    Ok(())
}

/// Makes a world.
pub fn generate(plan: &Plan) -> Generated {
    let mut items = Vec::new();
    film::films(plan, &mut items);
    series::shows(plan, &mut items);
    music::artists(plan, &mut items);
    videos::videos(plan, &mut items);
    for page in items.iter_mut().filter_map(|item| item.page.as_mut()) {
        page.habits.actor_pictures = plan.actor_pictures != ActorPictures::Untold;
    }
    Generated {
        seed: seeding::seed(plan, &items),
        tree: item::tree(&items),
        expected: reckon::first_sync(&items, plan),
        items,
        plan: plan.clone(),
    }
}

/// A library of every kind, of about `items` items: see [`Plan::mixed`].
pub fn mixed(seed: u64, items: usize) -> Generated {
    generate(&Plan::mixed(seed, items))
}

/// The demo's library: at least 200 films, three shows, pictures of a size that is pleasant to look at.
pub fn demo(seed: u64, films: usize) -> Generated {
    generate(&Plan {
        seed,
        films: films.max(200),
        image: (160, 240),
        ..Plan::default()
    })
}

/// The random numbers of one part of a world: independent of how many other parts there are.
fn dice(seed: u64, part: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(part);
    dice
}
