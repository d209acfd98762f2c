//! One item: what its source means, where that stands, and what Plex's agent and a person made of it.
//!
//! Not here: what each kind of item looks like (`film`, `series`, `music`, `videos`).

use std::collections::BTreeSet;

use super::nfo::{self, Habits, Root, Told};
use super::odd::Odd;
use super::reckon;
use super::source::Source;
use super::values::Takes;
use super::{FILMS_4K_SECTION, FILMS_SECTION, File, Place, values};
use crate::ItemKind;
use crate::seed::SeedValues;

/// What the source folder has of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// Nothing at all.
    Absent,
    /// Its media files, of which nothing speaks.
    Silent,
    /// A file that speaks of it.
    Page,
    /// Pictures, and no file that speaks.
    Pictures,
    /// A title in its show's file, and nothing else.
    Named,
    /// A file that is about another kind of item.
    Misplaced,
    /// A file that cannot be read.
    Broken,
}

/// The file that speaks of an item. Neighbours with the same path share it.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub path: String,
    pub root: Root,
    pub habits: Habits,
    /// Stands there instead.
    pub instead: Option<Vec<u8>>,
}

/// Where an item's pictures stand in the source folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Spots {
    pub poster: String,
    pub background: String,
    pub logo: String,
    pub square: String,
}

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub kind: ItemKind,
    pub section: &'static str,
    /// By what it is known in its section; see [`Place`].
    pub name: String,
    pub odd: Option<Odd>,
    pub voice: Voice,
    pub in_plex: bool,
    /// Of an item that nothing speaks of, what its agent thought of.
    pub source: Source,
    pub page: Option<Page>,
    pub spots: Spots,
    /// Its media files below the source folder. Of several episodes in one file, only the first has it.
    pub media: Vec<String>,
    /// What Plex has: versions, each with its parts.
    pub versions: Vec<Vec<String>>,
    /// What it stands below, by position in the world.
    pub parent: Option<usize>,
    /// The item whose source it has too, because another section holds the same file.
    pub twin: Option<usize>,
    /// Number of the season, episode or track.
    pub index: Option<i32>,
    /// Number of an episode's season or a track's disc.
    pub above: Option<i32>,
    pub agent: SeedValues,
    pub edited: SeedValues,
    pub locked: BTreeSet<String>,
    /// Files beside it that mean nothing.
    pub beside: Vec<File>,
}

impl Item {
    /// An item of which nothing speaks.
    pub(super) fn new(kind: ItemKind, section: &'static str) -> Self {
        Self {
            kind,
            section,
            name: String::new(),
            odd: None,
            voice: Voice::Silent,
            in_plex: true,
            source: Source::default(),
            page: None,
            spots: Spots::default(),
            media: Vec::new(),
            versions: Vec::new(),
            parent: None,
            twin: None,
            index: None,
            above: None,
            agent: SeedValues::default(),
            edited: SeedValues::default(),
            locked: BTreeSet::new(),
            beside: Vec::new(),
        }
    }

    /// Whether a sync is told something of it.
    pub(super) fn has_source(&self) -> bool {
        matches!(self.voice, Voice::Page | Voice::Pictures | Voice::Named)
    }

    /// Whether it stands for a source item of its own.
    pub(super) fn is_source_item(&self) -> bool {
        self.has_source() && self.twin.is_none()
    }

    /// The source's folder of its section: both sections of films share one.
    pub(super) fn folder(&self) -> &'static str {
        if self.section == FILMS_4K_SECTION {
            FILMS_SECTION
        } else {
            self.section
        }
    }

    pub(super) fn place(&self) -> Place {
        Place::new(self.section, &self.name)
    }

    /// What stands in the source folder besides its page.
    pub(super) fn other_files(&self) -> Vec<File> {
        if self.voice == Voice::Absent || self.twin.is_some() {
            return Vec::new();
        }
        let media = self.media.iter().map(|path| File {
            path: path.clone(),
            bytes: Vec::new(),
        });
        let mut files: Vec<File> = media.chain(self.beside.iter().cloned()).collect();
        if self.has_source() {
            let (spots, source) = (&self.spots, &self.source);
            let pictures = [
                (&spots.poster, &source.poster),
                (&spots.background, &source.background),
                (&spots.logo, &source.logo),
                (&spots.square, &source.square),
            ];
            for (path, bytes) in pictures {
                files.extend(bytes.iter().map(|bytes| File {
                    path: path.clone(),
                    bytes: bytes.clone(),
                }));
            }
        }
        files
    }

    pub(super) fn locked_by_person(&self) -> BTreeSet<String> {
        let edited = values::told(&self.edited).into_keys().map(str::to_owned);
        self.locked.iter().cloned().chain(edited).collect()
    }

    /// What a sync asks for of it, where so much is taken of actors; `above`: what is said of what it stands below.
    pub(super) fn asked(
        &self,
        source: &Source,
        above: Option<&Source>,
        takes: Takes,
    ) -> reckon::Values {
        // An `.info.json` names its cast and no more.
        let takes = if self.page_root() == Some(Root::Info) {
            Takes::default()
        } else {
            takes
        };
        if !self.has_source() {
            return reckon::Values::new();
        }
        let mut asked = self.named(above);
        asked.extend(values::asked(self.kind, source, takes));
        asked
    }

    /// What its show's file asks for of a season, where that says nothing of it itself.
    pub(super) fn named(&self, above: Option<&Source>) -> reckon::Values {
        let of_season = self.index.filter(|_| self.kind == ItemKind::Season);
        let title = above
            .zip(of_season)
            .and_then(|(above, season)| above.seasons.get(&season));
        values::asked(
            self.kind,
            &Source {
                title: title.cloned(),
                ..Source::default()
            },
            Takes::default(),
        )
    }

    /// The path of the file that speaks of it.
    pub(super) fn page_path(&self) -> Option<&str> {
        self.page.as_ref().map(|page| page.path.as_str())
    }

    /// What that file says it is about.
    pub(super) fn page_root(&self) -> Option<Root> {
        self.page.as_ref().map(|page| page.root)
    }

    fn shares_page(&self, path: &str) -> bool {
        self.page_path() == Some(path)
    }
}

/// Everything below the source folder, sorted by path.
pub(super) fn tree(items: &[Item]) -> Vec<File> {
    let mut files: Vec<File> = items.iter().flat_map(Item::other_files).collect();
    let mut last: Option<&str> = None;
    for (position, item) in items.iter().enumerate() {
        let path = item.page_path();
        if path.is_some() && path != last {
            files.extend(page_file(items, position, |position| {
                &items[position].source
            }));
        }
        last = path.or(last);
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// The file that speaks of an item, with all that it speaks of.
pub(super) fn page_file<'a>(
    items: &[Item],
    position: usize,
    source: impl Fn(usize) -> &'a Source,
) -> Option<File> {
    let page = items[position].page.as_ref()?;
    let path = page.path.clone();
    if let Some(instead) = &page.instead {
        let bytes = instead.clone();
        return Some(File { path, bytes });
    }
    let before = items[..position].iter().rev();
    let first = position - before.take_while(|item| item.shares_page(&path)).count();
    let shared = items[first..].iter();
    let count = shared.take_while(|item| item.shares_page(&path)).count();
    let told: Vec<Told<'_>> = (first..first + count)
        .map(|position| Told {
            root: items[position]
                .page
                .as_ref()
                .map_or(page.root, |page| page.root),
            source: source(position),
            season: items[position].above,
            number: items[position].index,
        })
        .collect();
    Some(File {
        path,
        bytes: nfo::write(&told, &page.habits),
    })
}
