//! Posters, backgrounds, logos: list, select, upload, unset.

use bytes::Bytes;
use http::Method;

use super::Client;
use super::rows::ImageWire;
use crate::error::PlexError;
use crate::kind::RequestKind;
use crate::types::{ImageChoice, ImageKind};
use crate::wire::{Container, Rows, encode};

impl Client {
    /// The pictures that an item may choose from.
    pub async fn images(
        &self,
        rating_key: u64,
        kind: ImageKind,
    ) -> Result<Vec<ImageChoice>, PlexError> {
        let path = format!("/library/metadata/{rating_key}/{}", kind.list_name());
        let body = self.get(RequestKind::ImageList, &path).await?;
        let rows: Rows<ImageWire> = Container::parse(&body)?.rows()?;
        Ok(rows
            .rows
            .into_iter()
            .filter_map(ImageWire::into_choice)
            .collect())
    }

    /// The bytes of a picture that [`Client::images`] listed.
    pub async fn image_bytes(&self, rating_key: u64, key: &str) -> Result<Bytes, PlexError> {
        let path = format!("/library/metadata/{rating_key}/file?url={}", encode(key));
        self.send(RequestKind::ImageRead, Method::GET, &path, Bytes::new())
            .await
    }

    /// Chooses a picture that [`Client::images`] listed.
    pub async fn select_image(
        &self,
        rating_key: u64,
        kind: ImageKind,
        key: &str,
    ) -> Result<(), PlexError> {
        let name = kind.select_name();
        let path = format!("/library/metadata/{rating_key}/{name}?url={}", encode(key));
        self.send(RequestKind::ImageSelect, Method::PUT, &path, Bytes::new())
            .await
            .map(drop)
    }

    /// Gives an item a new picture, which Plex then also selects. An empty one is refused before it is sent.
    pub async fn upload_image(
        &self,
        rating_key: u64,
        kind: ImageKind,
        picture: Bytes,
    ) -> Result<(), PlexError> {
        if picture.is_empty() {
            return Err(PlexError::Invalid("the picture is empty.".to_owned()));
        }
        let path = format!("/library/metadata/{rating_key}/{}", kind.list_name());
        self.send(RequestKind::ImageUpload, Method::POST, &path, picture)
            .await
            .map(drop)
    }

    /// Takes back the choice of a picture, so that the item shows none, or its agent's.
    pub async fn unset_image(&self, rating_key: u64, kind: ImageKind) -> Result<(), PlexError> {
        let name = kind.lock_name();
        // The part after the key is what keeps this from deleting the item: it is never left out.
        let path = format!("/library/metadata/{rating_key}/{name}");
        self.send(RequestKind::ImageUnset, Method::DELETE, &path, Bytes::new())
            .await
            .map(drop)
    }
}
