//! Pictures of an item: those the agent found, those somebody uploaded, and the one that is selected.
//!
//! Bytes that are no picture (JPEG, PNG, WebP) are answered 200 and ignored: neither listed nor selected.

use bytes::Bytes;

use super::{EditError, Library};
use crate::{Habits, UploadKey};

/// Which picture of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureKind {
    /// The poster, cover or portrait (`thumb`).
    Poster,
    /// The background (`art`).
    Background,
    /// The title as a picture (`clearLogo`).
    ClearLogo,
    /// The square background (`squareArt`).
    SquareArt,
}

struct Row {
    kind: PictureKind,
    /// The lock's name, and the last part of the path of the one that is selected.
    lock: &'static str,
    /// The last part of the list's path.
    list: &'static str,
    /// The last part of the path by which one is selected.
    choice: &'static str,
    /// What stands in the keys of its pictures.
    key_part: &'static str,
    /// Its type among the `Image` elements.
    image: &'static str,
    /// Whether the lock's name is also an attribute of items; otherwise `Image` alone tells of it.
    is_attribute: bool,
}

const ROWS: [Row; 4] = [
    Row {
        kind: PictureKind::Poster,
        lock: "thumb",
        list: "posters",
        choice: "poster",
        key_part: "posters",
        image: "coverPoster",
        is_attribute: true,
    },
    Row {
        kind: PictureKind::Background,
        lock: "art",
        list: "arts",
        choice: "art",
        key_part: "art",
        image: "background",
        is_attribute: true,
    },
    Row {
        kind: PictureKind::ClearLogo,
        lock: "clearLogo",
        list: "clearLogos",
        choice: "clearLogo",
        key_part: "clearLogos",
        image: "clearLogo",
        is_attribute: false,
    },
    Row {
        kind: PictureKind::SquareArt,
        lock: "squareArt",
        list: "squareArts",
        choice: "squareArt",
        key_part: "squareArts",
        image: "backgroundSquare",
        is_attribute: false,
    },
];

/// A picture that an item can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// `upload://posters/…` or `metadata://posters/…`.
    pub key: String,
    pub sha1: String,
    /// The agent; `None` for an upload.
    pub provider: Option<&'static str>,
}

/// All pictures of one kind of an item.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gallery {
    pub pictures: Vec<Picture>,
    /// Key of the selected one.
    pub selected: Option<String>,
    /// Moves with every selection.
    pub stamp: i64,
}

/// The pictures of an item, one gallery of each kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Galleries([Gallery; 4]);

impl Galleries {
    pub fn of(&self, kind: PictureKind) -> &Gallery {
        &self.0[kind as usize]
    }

    pub fn of_mut(&mut self, kind: PictureKind) -> &mut Gallery {
        &mut self.0[kind as usize]
    }

    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Gallery> {
        self.0.iter_mut()
    }

    /// The picture with this key, of whatever kind.
    pub fn find(&self, key: &str) -> Option<&Picture> {
        self.0.iter().find_map(|gallery| gallery.find(key))
    }
}

impl PictureKind {
    /// Every kind, in the order of the variants.
    pub const ALL: [Self; 4] = [
        Self::Poster,
        Self::Background,
        Self::ClearLogo,
        Self::SquareArt,
    ];

    /// The lock's name, and the last part of the path of the one that is selected.
    pub fn lock(self) -> &'static str {
        self.row().lock
    }

    pub(crate) fn image_type(self) -> &'static str {
        self.row().image
    }

    pub(crate) fn is_attribute(self) -> bool {
        self.row().is_attribute
    }

    /// The kind that a list's path ends in.
    pub(crate) fn of_list(segment: &str) -> Option<Self> {
        ROWS.iter()
            .find(|row| row.list == segment)
            .map(|row| row.kind)
    }

    /// The kind that the path of the selected one ends in.
    pub(crate) fn of_selected(segment: &str) -> Option<Self> {
        ROWS.iter()
            .find(|row| row.lock == segment)
            .map(|row| row.kind)
    }

    /// The kind that a path ends in which selects, uploads or takes away.
    pub(crate) fn of_choice(segment: &str) -> Option<Self> {
        ROWS.iter()
            .find(|row| [row.choice, row.lock, row.list].contains(&segment))
            .map(|row| row.kind)
    }

    fn key_part(self) -> &'static str {
        self.row().key_part
    }

    fn row(self) -> &'static Row {
        // The rows stand in the order of the variants.
        &ROWS[self as usize]
    }
}

impl Gallery {
    pub fn find(&self, key: &str) -> Option<&Picture> {
        self.pictures.iter().find(|picture| picture.key == key)
    }

    pub fn selected(&self) -> Option<&Picture> {
        self.find(self.selected.as_deref()?)
    }
}

impl Library {
    /// Takes bytes in and selects them; `false` where they are no picture and were ignored.
    pub fn upload(
        &mut self,
        key: u64,
        kind: PictureKind,
        bytes: Bytes,
        habits: Habits,
        now: i64,
    ) -> Result<bool, EditError> {
        if !self.items.contains_key(&key) {
            return Err(EditError::NotFound(key));
        }
        if !is_picture(&bytes) {
            return Ok(false);
        }
        let sha1 = self.keep(bytes);
        let name = match habits.upload_key {
            UploadKey::Sha1 => sha1.clone(),
            UploadKey::Opaque => {
                self.uploads += 1;
                sha1_hex(format!("upload {}", self.uploads).as_bytes())
            }
        };
        let picture = Picture {
            key: format!("upload://{}/{name}", kind.key_part()),
            sha1,
            provider: None,
        };
        let picture_key = picture.key.clone();
        if let Some(mut item) = self.items.get_mut(&key) {
            let gallery = item.galleries.of_mut(kind);
            if gallery.find(&picture.key).is_none() {
                gallery.pictures.push(picture);
            }
        }
        self.select(key, kind, Some(&picture_key), habits, now)?;
        Ok(true)
    }

    /// Selects a listed picture, or none.
    pub fn select(
        &mut self,
        key: u64,
        kind: PictureKind,
        picture: Option<&str>,
        habits: Habits,
        now: i64,
    ) -> Result<(), EditError> {
        let mut item = self.items.get_mut(&key).ok_or(EditError::NotFound(key))?;
        let gallery = item.galleries.of_mut(kind);
        if let Some(picture) = picture
            && gallery.find(picture).is_none()
        {
            return Err(EditError::BadParameter("url".to_owned()));
        }
        let moved = gallery.selected.as_deref() != picture;
        gallery.selected = picture.map(str::to_owned);
        let updated_at = item.updated_at;
        item.updated_at = now;
        if moved {
            let gallery = item.galleries.of_mut(kind);
            // Two selections within a second must still be seen.
            gallery.stamp = now.max(gallery.stamp + 1);
            if habits.thumb_follows_updated_at {
                item.updated_at = now.max(updated_at + 1);
            }
        }
        Ok(())
    }

    /// Lists a picture that the agent found, without selecting it. Returns its key.
    pub(super) fn list_agents_picture(
        &mut self,
        item: &mut super::Item,
        kind: PictureKind,
        bytes: Bytes,
    ) -> String {
        let sha1 = self.keep(bytes);
        let provider = self
            .section(item.section)
            .map_or("", |section| section.agent.identifier(section.kind));
        let key = format!("metadata://{}/{provider}_{sha1}", kind.key_part());
        let gallery = item.galleries.of_mut(kind);
        if gallery.find(&key).is_none() {
            gallery.pictures.push(Picture {
                key: key.clone(),
                sha1,
                provider: Some(provider),
            });
        }
        key
    }

    pub fn bytes_of(&self, picture: &Picture) -> Bytes {
        self.blobs.get(&picture.sha1).cloned().unwrap_or_default()
    }

    fn keep(&mut self, bytes: Bytes) -> String {
        let sha1 = sha1_hex(&bytes);
        self.blobs.entry(sha1.clone()).or_insert(bytes);
        sha1
    }
}

pub(crate) fn sha1_hex(bytes: &[u8]) -> String {
    use sha1::Digest as _;
    use std::fmt::Write as _;
    sha1::Sha1::digest(bytes)
        .iter()
        .fold(String::with_capacity(40), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
            hex
        })
}

fn is_picture(bytes: &[u8]) -> bool {
    matches!(
        image::guess_format(bytes),
        Ok(image::ImageFormat::Jpeg | image::ImageFormat::Png | image::ImageFormat::WebP)
    )
}
