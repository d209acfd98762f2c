//! What a show's folder says of its seasons: pictures by their numbers, and titles that stand in `tvshow.nfo`
//! (`<namedseason number="1">`), which only reading it tells.
//!
//! Not here: files in a season's own folder (`folder`, `visit`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::folder::Sorted;
use super::pictures::Kind;
use super::stamp::{Fingerprint, Stamp};
use super::values;
use super::visit::{Draft, Place};
use super::{Entry, Picture, decode, names, parse};
use crate::model::{Aim, Field, Value};

/// A show's folder, as the folders of its seasons see it.
#[derive(Debug)]
pub(super) struct Show {
    /// Relative to the root, with `/`.
    relative: String,
    /// `tvshow.nfo`, unless it went while the folder was visited.
    nfo: Option<(PathBuf, Fingerprint)>,
    art: BTreeMap<i32, Art>,
}

/// Pictures of one season.
type Art = BTreeMap<Field, Vec<(Picture, Fingerprint)>>;

impl Show {
    /// The show that begins in this folder; `None` where none does.
    pub(super) fn of(place: &Place, sorted: &Sorted<'_>) -> Option<Self> {
        let mut whole = sorted.whole.iter();
        let whole = whole.find(|whole| whole.kind == Kind::Show)?;
        let nfo = whole.nfo.and_then(|name| {
            let path = place.path.join(name);
            let fingerprint = Fingerprint::of(&path).ok()?;
            Some((path, fingerprint))
        });
        Some(Self {
            relative: place.relative.clone(),
            nfo,
            art: art(place, sorted),
        })
    }

    /// Adds what there is of a season to what its own folder says; returns the file in which its title may stand.
    pub(super) fn tell(
        &self,
        season: i32,
        pictures: &mut BTreeMap<Field, Vec<Picture>>,
        stamp: &mut Stamp,
    ) -> Option<PathBuf> {
        for (field, art) in self.art.get(&season).into_iter().flatten() {
            for (picture, fingerprint) in art {
                stamp.file(&picture.path.to_string_lossy(), fingerprint);
                pictures.entry(*field).or_default().push(picture.clone());
            }
        }
        let (path, fingerprint) = self.nfo.as_ref()?;
        stamp.file(&path.to_string_lossy(), fingerprint);
        Some(path.clone())
    }

    /// What speaks of these seasons where their own folders do not, and of those that have pictures.
    pub(super) fn drafts(&self, known: impl Iterator<Item = i32>) -> Vec<Draft> {
        let mut seasons: Vec<i32> = known.chain(self.art.keys().copied()).collect();
        seasons.sort_unstable();
        seasons.dedup();
        seasons
            .into_iter()
            .map(|season| self.draft(season))
            .collect()
    }

    fn draft(&self, season: i32) -> Draft {
        let (mut stamp, mut pictures) = (Stamp::new(), BTreeMap::new());
        let show = self.tell(season, &mut pictures, &mut stamp);
        Draft {
            kind: Kind::Season(Some(season)),
            id: names::join(&self.relative, &season_id(season)),
            nfo: None,
            show,
            pictures,
            stamp,
            is_fallback: true,
        }
    }
}

/// A season without a .nfo is known by its number, so that it stays the same whatever its pictures are called.
pub(super) fn season_id(season: i32) -> String {
    format!("season{season:02}")
}

fn art(place: &Place, sorted: &Sorted<'_>) -> BTreeMap<i32, Art> {
    let mut found = BTreeMap::new();
    for (season, candidates) in &sorted.season_art {
        let mut art = Art::new();
        for (field, candidates) in candidates {
            let pictures = candidates.iter().filter_map(|(name, role)| {
                let path = place.path.join(name);
                let fingerprint = Fingerprint::of(&path).ok()?;
                Some((Picture { path, role: *role }, fingerprint))
            });
            let pictures: Vec<_> = pictures.collect();
            if !pictures.is_empty() {
                art.insert(*field, pictures);
            }
        }
        if !art.is_empty() {
            found.insert(*season, art);
        }
    }
    found
}

/// The titles that shows' files give their seasons; remembers the file that it read last.
#[derive(Debug, Default)]
pub struct SeasonTitles {
    show: PathBuf,
    titles: BTreeMap<i32, Value>,
}

impl SeasonTitles {
    /// The title that the show's file gives the season of this entry. Blocks. Fails where trying again can help; a file
    /// that says nothing readable gives none, and is named as the show's own.
    pub fn of(&mut self, entry: &Entry) -> Result<Option<Value>, ReadError> {
        let (Some(show), Aim::Parent(Some(season))) = (&entry.show, entry.aim) else {
            return Ok(None);
        };
        if self.show != *show {
            self.titles = match read(show) {
                Ok(titles) => titles,
                Err(error) if error.is_temporary() => return Err(error),
                Err(_) => BTreeMap::new(),
            };
            self.show.clone_from(show);
        }
        Ok(self.titles.get(&season).cloned())
    }
}

fn read(show: &Path) -> Result<BTreeMap<i32, Value>, ReadError> {
    let text = decode::read_text(show)?;
    let roots = parse::parse(&text).map_err(|fault| ReadError::new(show, fault))?;
    Ok(roots.first().map(values::season_titles).unwrap_or_default())
}
