//! Makes a whole test world from one seed: what Plex holds, the folder of .nfo files, and what a sync must turn the one
//! into by the other.
//!
//! Expectations follow from what was *meant*, before it was written down as XML; they share no code with the engine's
//! `text` and `plan`, so that an error there cannot hide here. Not here: a server (the emulator takes a [`Seed`] in),
//! and nothing reads a clock or random numbers but those of the seed.

mod agent;
mod expect;
mod film;
mod names;
mod nfo;
mod odd;
mod picture;
mod prose;
mod reckon;
mod round;
mod series;
#[cfg(test)]
mod tests;
mod twist;
mod words;

use std::io;
use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::seed::{SectionKind, Seed, SeedSection};

pub use expect::{ATTRIBUTES, Difference, Expectation, FilmWant, Held, Want};
pub use odd::Odd;
pub use round::{Edit, Refresh, Round, second_round};

use film::Film;

/// Where Plex sees the films; the path rule is *source folder* → this.
pub const PLEX_FILMS: &str = "/plex/Films";
/// Title of the films' section.
pub const FILMS_SECTION: &str = "Films";
/// Where Plex sees the episodes.
pub const PLEX_SERIES: &str = "/plex/Series";
/// Title of the shows' section.
pub const SERIES_SECTION: &str = "Series";

/// What to make.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // independent switches
pub struct Plan {
    /// The same seed gives the same world.
    pub seed: u64,
    /// Films, those that only one side knows included.
    pub films: usize,
    /// Shows, in a section of their own and without a source.
    pub shows: usize,
    /// Whether films have posters and backgrounds on both sides.
    pub posters: bool,
    /// Width and height of a poster in pixels; a background is as wide as a poster is high, and 9/16 of that high.
    pub image: (u32, u32),
    /// Whether every third film is one of [`Odd::ALL`]; otherwise all are ordinary films with a source.
    pub odd: bool,
    /// Adds three films in Plex whose .nfo cannot be read (empty, not XML, cut off); they must stay as they are.
    pub broken: bool,
    /// The setting *lock what was written*, which the expectation depends on.
    pub lock_written: bool,
}

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
    films: Vec<Film>,
    plan: Plan,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            films: 200,
            shows: 3,
            posters: true,
            image: (120, 180),
            odd: true,
            broken: false,
            lock_written: true,
        }
    }
}

impl Generated {
    /// Writes the source folder below `folder`, which need not exist.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write_tree(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.tree)
    }

    /// How many films are of an odd kind.
    pub fn count_odd(&self, kind: Odd) -> usize {
        self.films
            .iter()
            .filter(|film| film.odd == Some(kind))
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
    let films = film::films(plan);
    let mut tree: Vec<File> = films.iter().flat_map(Film::files).collect();
    tree.sort_by(|left, right| left.path.cmp(&right.path));
    let seed = Seed {
        sections: vec![
            SeedSection {
                title: FILMS_SECTION.to_owned(),
                kind: SectionKind::Movie,
                locations: vec![PLEX_FILMS.to_owned()],
                items: films.iter().filter_map(Film::seed_item).collect(),
                ..SeedSection::default()
            },
            SeedSection {
                title: SERIES_SECTION.to_owned(),
                kind: SectionKind::Show,
                locations: vec![PLEX_SERIES.to_owned()],
                items: series::shows(plan),
                ..SeedSection::default()
            },
        ],
        ..Seed::default()
    };
    let expected = reckon::first_sync(&films, plan);
    Generated {
        seed,
        tree,
        expected,
        films,
        plan: plan.clone(),
    }
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

/// The random numbers of one part of one film: independent of how many films there are.
fn dice(seed: u64, part: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(part);
    dice
}
