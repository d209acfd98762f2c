//! Opens what the walk found: one file and its pictures.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{Fault, ReadError};
use super::pictures::Role;
use super::show::SeasonTitles;
use super::values::{self, Kind, Told};
use super::{Entry, Picture, PictureNote, ReadItem, decode, info, names, numbers, parse};
use crate::image;
use crate::model::{Aim, Field, LocalImage, Numbering, SourceItem, Value};

/// Reads one .nfo or `.info.json` and its pictures: one item, or the several episodes of one file. Blocks.
pub fn read(entry: &Entry) -> Result<Vec<ReadItem>, ReadError> {
    let mut told = match &entry.nfo {
        None => vec![without_nfo(entry.aim)],
        Some(path) if names::is_info(path) => vec![info::read(path)?],
        Some(path) => {
            let text = decode::read_text(path)?;
            told(&text, entry.aim).map_err(|fault| ReadError::new(path, fault))?
        }
    };
    name_season(entry, &mut told)?;
    number(entry, &mut told);
    let ids = ids(entry, &told);
    if let Some(path) = &entry.nfo
        && ids.iter().all(Option::is_none)
    {
        return Err(ReadError::new(path, Fault::Unnumbered));
    }
    if let Some(sentence) = left_out(entry, &ids) {
        tracing::warn!("{sentence}");
    }
    let kind = told.first().and_then(|told| told.kind);
    let in_series = told.first().is_some_and(|told| told.in_series);
    let mut notes = Vec::new();
    let images = pictures(entry, &mut notes, |role| rank(role, kind, in_series));
    let of_set = if told.iter().any(|told| only_set(told).is_some()) {
        pictures(entry, &mut notes, |role| (role == Role::Set).then_some(0))
    } else {
        BTreeMap::new()
    };
    let items = told
        .into_iter()
        .zip(ids)
        .filter_map(|(told, id)| Some((told, id?)));
    Ok(items
        .map(|(told, id)| ReadItem {
            item: item(entry, told, id, &images, &of_set),
            notes: std::mem::take(&mut notes),
        })
        .collect())
}

/// What a .nfo says, checked against what its name says it is about.
pub(super) fn told(text: &str, aim: Aim) -> Result<Vec<Told>, Fault> {
    let told: Vec<Told> = parse::parse(text)?.iter().map(values::told).collect();
    match told.first().and_then(|told| told.kind) {
        Some(kind) if !kind.fits(aim) => {
            let (about, belongs) = kind.words();
            Err(Fault::Misplaced { about, belongs })
        }
        _ => Ok(told),
    }
}

/// Gives a season that has no title of its own the one in its show's file.
fn name_season(entry: &Entry, told: &mut [Told]) -> Result<(), ReadError> {
    let Some(show) = &entry.show else {
        return Ok(());
    };
    let untitled = told
        .iter_mut()
        .find(|told| !told.values.contains_key(&Field::Title));
    if let Some(told) = untitled {
        let title = SeasonTitles::default().of(entry)?;
        if title.is_none() && entry.is_unsure() {
            return Err(ReadError::new(show, Fault::Untitled));
        }
        if let Some(Value::Text(title)) = title {
            told.title = Some(title.clone());
            told.values.insert(Field::Title, Value::Text(title));
        }
    }
    Ok(())
}

/// A season of which there is no .nfo.
fn without_nfo(aim: Aim) -> Told {
    Told {
        kind: Some(Kind::Season),
        numbering: None,
        in_series: false,
        title: match aim {
            Aim::Parent(Some(0)) => Some("Specials".into()),
            Aim::Parent(Some(season)) => Some(format!("Season {season}")),
            Aim::Parent(None) | Aim::Item | Aim::Grandparent => None,
        },
        values: BTreeMap::new(),
        collections: BTreeMap::new(),
    }
}

/// Gives episodes whose elements do not say it the numbers of their file's name, in their order.
fn number(entry: &Entry, told: &mut [Told]) {
    let is_open = |told: &Told| told.kind == Some(Kind::Episode) && told.numbering.is_none();
    if !told.iter().any(is_open) {
        return;
    }
    let name = entry
        .files
        .first()
        .map(|file| file.rsplit(['/', '\\']).next().unwrap_or(file));
    let Some((season, episodes)) = name.and_then(|name| numbers::episodes(names::kind(name).1))
    else {
        return;
    };
    for (told, episode) in told.iter_mut().zip(episodes) {
        if is_open(told) {
            told.numbering = Some(Numbering {
                season: Some(season),
                episode,
            });
        }
    }
}

/// The items' ids: the file's, with the episode's number where it holds several. `None` for one that cannot be told from
/// those before it.
fn ids(entry: &Entry, told: &[Told]) -> Vec<Option<String>> {
    if told.len() == 1 {
        return vec![Some(entry.id.clone())];
    }
    let mut known = BTreeSet::new();
    told.iter()
        .map(|told| {
            let Numbering { season, episode } = told.numbering?;
            let season = season.map_or(String::new(), |season| format!("S{season:02}"));
            let id = format!("{}#{season}E{episode:02}", entry.id);
            known.insert(id.clone()).then_some(id)
        })
        .collect()
}

/// A sentence about those of a file's episodes that have no id.
fn left_out(entry: &Entry, ids: &[Option<String>]) -> Option<String> {
    let left = ids.iter().filter(|id| id.is_none()).count();
    (left > 0).then(|| {
        format!(
            "{} holds {} episodes. {left} of them {} left out, without a number or with that of one before. Their items in Plex stay as they are. Give each episode in it its own season and number.",
            entry.id,
            ids.len(),
            if left == 1 { "is" } else { "are" },
        )
    })
}

fn item(
    entry: &Entry,
    mut told: Told,
    id: String,
    images: &BTreeMap<Field, LocalImage>,
    of_set: &BTreeMap<Field, LocalImage>,
) -> SourceItem {
    if let Some(set) = only_set(&told).filter(|_| !of_set.is_empty()) {
        let wish = told.collections.entry(set).or_default();
        for (field, image) in of_set {
            wish.values.insert(*field, Value::Image(image.sha1.clone()));
        }
        wish.images.clone_from(of_set);
    }
    let mut values = told.values;
    for (field, image) in images {
        values.insert(*field, Value::Image(image.sha1.clone()));
    }
    SourceItem {
        source: entry.source,
        id,
        item_type: told.kind.map(Kind::item_type),
        numbering: told.numbering,
        label: told
            .title
            .unwrap_or_else(|| names::label(&entry.id).to_owned()),
        files: entry.files.clone(),
        values,
        images: images.clone(),
        collections: told.collections,
    }
}

/// The set that pictures of a set are for: where there are several, nothing tells.
fn only_set(told: &Told) -> Option<String> {
    match told.values.get(&Field::Collections)?.tags() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// The first picture of each kind that can be sent; what is wrong with those before it is added to `notes`.
fn pictures(
    entry: &Entry,
    notes: &mut Vec<PictureNote>,
    rank: impl Fn(Role) -> Option<usize>,
) -> BTreeMap<Field, LocalImage> {
    let mut images = BTreeMap::new();
    for (&field, candidates) in &entry.pictures {
        let mut fitting: Vec<(usize, &Picture)> = candidates
            .iter()
            .filter_map(|picture| Some((rank(picture.role)?, picture)))
            .collect();
        fitting.sort_by_key(|(rank, _)| *rank);
        for (_, Picture { path, .. }) in fitting {
            match image::prepare(path) {
                Ok(prepared) => {
                    let image = LocalImage {
                        path: path.clone(),
                        sha1: prepared.sha1,
                    };
                    images.insert(field, image);
                    break;
                }
                Err(error) => notes.push(PictureNote { field, error }),
            }
        }
    }
    images
}

/// How good a picture is for an item of this kind, 0 the best; `None` where it is not the item's.
fn rank(role: Role, kind: Option<Kind>, in_series: bool) -> Option<usize> {
    match (kind, role) {
        (_, Role::Set) | (Some(Kind::Episode), Role::Folder) | (Some(Kind::Film), Role::Thumb) => {
            None
        }
        (None, Role::Folder) if in_series => None,
        (Some(Kind::Episode), Role::Own) | (_, Role::Folder) => Some(1),
        (Some(Kind::Episode), Role::Thumb) | (_, Role::Own) => Some(0),
        (_, Role::Thumb) => Some(2),
    }
}
