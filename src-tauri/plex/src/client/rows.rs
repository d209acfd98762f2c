//! Shapes of Plex's rows and how they become plain data.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use uuid::Uuid;

use crate::edit::{Lockable, TagField};
use crate::types::{
    Collection, CollectionSort, Details, ImageChoice, ImageKind, PlexType, Row, Section,
};
use crate::wire::{Flag, Many, Number, Real, Text};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Part {
    file: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Media {
    #[serde(rename = "Part")]
    parts: Many<Part>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tag {
    tag: Text,
}

/// One of the cast.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Actor {
    tag: Text,
    role: Text,
    thumb: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldLock {
    name: Text,
    locked: Option<Flag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Picture {
    #[serde(rename = "type")]
    kind: Text,
    url: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location {
    path: Text,
}

/// What a listing's row and a detail row share.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RowWire {
    rating_key: Number,
    #[serde(default)]
    guid: Text,
    #[serde(default, rename = "type")]
    kind: Text,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    updated_at: Number,
    #[serde(default)]
    added_at: Number,
    #[serde(default)]
    parent_rating_key: Number,
    #[serde(default)]
    grandparent_rating_key: Number,
    #[serde(default)]
    index: Number,
    #[serde(default)]
    parent_index: Number,
    #[serde(default)]
    view_count: Number,
    #[serde(default, rename = "Media")]
    media: Many<Media>,
}

impl RowWire {
    /// `None` where the row names no key.
    pub(super) fn into_row(self, asked: PlexType) -> Option<Row> {
        Some(Row {
            rating_key: self.rating_key.get()?,
            guid: self.guid.0.unwrap_or_default(),
            item_type: self
                .kind
                .0
                .as_deref()
                .and_then(PlexType::from_name)
                .unwrap_or(asked),
            title: self.title.0.unwrap_or_default(),
            files: files(self.media),
            updated_at: self.updated_at.0.unwrap_or(0),
            added_at: self.added_at.0.unwrap_or(0),
            parent: self.parent_rating_key.get(),
            grandparent: self.grandparent_rating_key.get(),
            index: self.index.get(),
            parent_index: self.parent_index.get(),
            view_count: self.view_count.get().unwrap_or(0),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DetailsWire {
    rating_key: Number,
    #[serde(default)]
    guid: Text,
    #[serde(default, rename = "type")]
    kind: Text,
    #[serde(default, rename = "librarySectionID")]
    section_id: Number,
    #[serde(default)]
    updated_at: Number,
    #[serde(default)]
    added_at: Number,
    #[serde(default)]
    parent_rating_key: Number,
    #[serde(default)]
    grandparent_rating_key: Number,
    #[serde(default)]
    index: Number,
    #[serde(default)]
    parent_index: Number,
    #[serde(default)]
    view_count: Number,
    #[serde(default, rename = "Media")]
    media: Many<Media>,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    title_sort: Text,
    #[serde(default)]
    original_title: Text,
    #[serde(default)]
    summary: Text,
    #[serde(default)]
    tagline: Text,
    #[serde(default)]
    studio: Text,
    #[serde(default)]
    edition_title: Text,
    #[serde(default)]
    content_rating: Text,
    #[serde(default)]
    originally_available_at: Text,
    #[serde(default)]
    year: Number,
    #[serde(default)]
    rating: Real,
    #[serde(default)]
    audience_rating: Real,
    #[serde(default)]
    user_rating: Real,
    #[serde(default)]
    rating_image: Text,
    #[serde(default)]
    audience_rating_image: Text,
    #[serde(default)]
    thumb: Text,
    #[serde(default)]
    art: Text,
    #[serde(default, rename = "Image")]
    pictures: Many<Picture>,
    #[serde(default, rename = "Genre")]
    genres: Many<Tag>,
    #[serde(default, rename = "Director")]
    directors: Many<Tag>,
    #[serde(default, rename = "Writer")]
    writers: Many<Tag>,
    #[serde(default, rename = "Producer")]
    producers: Many<Tag>,
    #[serde(default, rename = "Role")]
    roles: Many<Actor>,
    #[serde(default, rename = "Country")]
    countries: Many<Tag>,
    #[serde(default, rename = "Collection")]
    collections: Many<Tag>,
    #[serde(default, rename = "Label")]
    labels: Many<Tag>,
    #[serde(default, rename = "Style")]
    styles: Many<Tag>,
    #[serde(default, rename = "Mood")]
    moods: Many<Tag>,
    #[serde(default, rename = "Field")]
    fields: Many<FieldLock>,
    #[serde(default)]
    collection_sort: Number,
}

impl DetailsWire {
    /// `None` where the row names no key.
    pub(super) fn into_details(self) -> Option<Details> {
        let (actors, roles, actor_pictures) = cast(self.roles);
        let tags = [
            (TagField::Genre, self.genres),
            (TagField::Director, self.directors),
            (TagField::Writer, self.writers),
            (TagField::Producer, self.producers),
            (TagField::Actor, actors),
            (TagField::Country, self.countries),
            (TagField::Collection, self.collections),
            (TagField::Label, self.labels),
            (TagField::Style, self.styles),
            (TagField::Mood, self.moods),
        ];
        Some(Details {
            rating_key: self.rating_key.get()?,
            guid: self.guid.0.unwrap_or_default(),
            item_type: self.kind.0.as_deref().and_then(PlexType::from_name),
            section_id: self.section_id.get(),
            updated_at: self.updated_at.0.unwrap_or(0),
            added_at: self.added_at.0.unwrap_or(0),
            parent: self.parent_rating_key.get(),
            grandparent: self.grandparent_rating_key.get(),
            index: self.index.get(),
            parent_index: self.parent_index.get(),
            view_count: self.view_count.get().unwrap_or(0),
            files: files(self.media),
            title: self.title.0,
            title_sort: self.title_sort.0,
            original_title: self.original_title.0,
            summary: self.summary.0,
            tagline: self.tagline.0,
            studio: self.studio.0,
            edition_title: self.edition_title.0,
            content_rating: self.content_rating.0,
            originally_available_at: self.originally_available_at.0,
            year: self.year.get(),
            rating: self.rating.0,
            audience_rating: self.audience_rating.0,
            user_rating: self.user_rating.0,
            rating_image: self.rating_image.0,
            audience_rating_image: self.audience_rating_image.0,
            tags: names(tags),
            roles,
            actor_pictures,
            locked: locked(self.fields),
            images: images(self.thumb, self.art, self.pictures),
            // What is as it is from the beginning is left out.
            collection_sort: self
                .collection_sort
                .get()
                .and_then(CollectionSort::from_number)
                .unwrap_or_default(),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct SectionWire {
    key: Number,
    uuid: Text,
    #[serde(default)]
    title: Text,
    #[serde(rename = "type")]
    kind: Text,
    #[serde(default)]
    agent: Text,
    #[serde(default)]
    refreshing: Flag,
    #[serde(default, rename = "Location")]
    locations: Many<Location>,
}

impl SectionWire {
    /// `None` where the row is not a section with a number and a UUID.
    pub(super) fn into_section(self) -> Option<Section> {
        Some(Section {
            id: self.key.get()?,
            uuid: Uuid::parse_str(self.uuid.0.as_deref()?).ok()?,
            title: self.title.0.unwrap_or_default(),
            kind: self.kind.0?,
            agent: self.agent.0.unwrap_or_default(),
            refreshing: self.refreshing.0,
            locations: self
                .locations
                .0
                .into_iter()
                .filter_map(|location| location.path.0)
                .collect(),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CollectionWire {
    rating_key: Number,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    smart: Flag,
    #[serde(default)]
    child_count: Number,
    #[serde(default)]
    subtype: Text,
    #[serde(default)]
    guid: Text,
}

/// Of a member only the key matters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberWire {
    rating_key: Number,
}

impl MemberWire {
    pub(super) fn key(self) -> Option<u64> {
        self.rating_key.get()
    }
}

impl CollectionWire {
    /// `None` where the row names no key.
    pub(super) fn into_collection(self) -> Option<Collection> {
        Some(Collection {
            rating_key: self.rating_key.get()?,
            title: self.title.0.unwrap_or_default(),
            smart: self.smart.0,
            size: self.child_count.get(),
            of: self.subtype.0.as_deref().and_then(PlexType::from_name),
            guid: self.guid.0.unwrap_or_default(),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ImageWire {
    key: Text,
    #[serde(rename = "ratingKey")]
    rating_key: Text,
    selected: Flag,
    provider: Text,
}

impl ImageWire {
    /// `None` where nothing could select it.
    pub(super) fn into_choice(self) -> Option<ImageChoice> {
        Some(ImageChoice {
            key: self.rating_key.0.or(self.key.0)?,
            selected: self.selected.0,
            provider: self.provider.0,
        })
    }
}

/// Posters and backgrounds by their attributes, which every item has; the other kinds only stand in elements.
fn images(thumb: Text, art: Text, pictures: Many<Picture>) -> BTreeMap<ImageKind, String> {
    let elements = pictures.0.into_iter().filter_map(|picture| {
        Some((
            ImageKind::from_element(picture.kind.0.as_deref()?)?,
            picture.url.0?,
        ))
    });
    let attributes = [(ImageKind::Poster, thumb.0), (ImageKind::Background, art.0)];
    let mut images: BTreeMap<ImageKind, String> = elements
        .filter(|(kind, _)| !matches!(kind, ImageKind::Poster | ImageKind::Background))
        .collect();
    images.extend(
        attributes
            .into_iter()
            .filter_map(|(kind, path)| Some((kind, path?))),
    );
    // What Plex puts together of a collection's members is no picture of its own, and its path moves with each edit.
    images.retain(|_, path| !path.is_empty() && !path.contains("/composite/"));
    images
}

fn files(media: Many<Media>) -> Vec<String> {
    media
        .0
        .into_iter()
        .flat_map(|media| media.parts.0)
        .filter_map(|part| part.file.0)
        .filter(|file| !file.is_empty())
        .collect()
}

/// The names of actors that have one, what these play, and where their pictures are.
fn cast(roles: Many<Actor>) -> (Many<Tag>, Vec<String>, Vec<String>) {
    let named = roles.0.into_iter().filter(|role| {
        let name = role.tag.0.as_deref();
        name.is_some_and(|name| !name.is_empty())
    });
    let (tags, roles, pictures) = named
        .map(|Actor { tag, role, thumb }| {
            let text = |text: Text| text.0.unwrap_or_default();
            (Tag { tag }, text(role), text(thumb))
        })
        .collect::<(Vec<_>, Vec<_>, Vec<_>)>();
    (Many(tags), roles, pictures)
}

fn names<const N: usize>(tags: [(TagField, Many<Tag>); N]) -> BTreeMap<TagField, Vec<String>> {
    tags.into_iter()
        .map(|(field, tags)| {
            let names: Vec<String> = tags
                .0
                .into_iter()
                .filter_map(|tag| tag.tag.0)
                .filter(|name| !name.is_empty())
                .collect();
            (field, names)
        })
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

fn locked(fields: Many<FieldLock>) -> BTreeSet<Lockable> {
    fields
        .0
        .into_iter()
        .filter(|field| field.locked.is_none_or(|locked| locked.0))
        .filter_map(|field| Lockable::from_name(field.name.0.as_deref()?))
        .collect()
}
