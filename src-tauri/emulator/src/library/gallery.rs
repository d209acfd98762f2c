//! Pictures of an item: those the agent found, those somebody uploaded, and the one that is selected.
//!
//! Bytes that are no picture (JPEG, PNG, WebP) are answered 200 and ignored: neither listed nor selected.

use bytes::Bytes;

use super::{EditError, Library};
use crate::{Habits, UploadKey};

/// Which picture of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureKind {
    Poster,
    Background,
}

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

impl PictureKind {
    /// The lock's name, the attribute, and the last part of its path.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Poster => "thumb",
            Self::Background => "art",
        }
    }

    fn key_part(self) -> &'static str {
        match self {
            Self::Poster => "posters",
            Self::Background => "art",
        }
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
        if let Some(item) = self.items.get_mut(&key) {
            let gallery = item.gallery_mut(kind);
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
        let item = self.items.get_mut(&key).ok_or(EditError::NotFound(key))?;
        let gallery = item.gallery_mut(kind);
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
            let gallery = item.gallery_mut(kind);
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
        let provider = match item.kind {
            super::ItemKind::Movie | super::ItemKind::Collection => "tv.plex.agents.movie",
            super::ItemKind::Show | super::ItemKind::Season | super::ItemKind::Episode => {
                "tv.plex.agents.series"
            }
        };
        let key = format!("metadata://{}/{provider}_{sha1}", kind.key_part());
        let gallery = item.gallery_mut(kind);
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
