//! Edits of fields, tags and locks; the order of a collection; and what an account has seen, which is no field.
//!
//! Not here: members of collections, which are tags of their items: no request of ours names many members at once, which
//! some servers refuse.

use bytes::Bytes;
use http::Method;

use super::Client;
use crate::edit::{Edit, Ids};
use crate::error::PlexError;
use crate::kind::RequestKind;
use crate::types::{CollectionSort, PlexType};

/// What an account's marks are about: the items of libraries.
const LIBRARY: &str = "com.plexapp.plugins.library";

impl Client {
    /// Edits items of one section and type: one request, whatever its length (see [`Edit::split`]). An edit that says
    /// nothing is not sent.
    pub async fn edit(
        &self,
        section_id: u32,
        item_type: PlexType,
        ids: &Ids,
        edit: &Edit,
    ) -> Result<(), PlexError> {
        if edit.is_empty() {
            return Ok(());
        }
        let path = format!(
            "/library/sections/{section_id}/all?type={}&id={}{}",
            item_type.number(),
            ids.joined("%2C"),
            edit.query()
        );
        self.send(RequestKind::Edit, Method::PUT, &path, Bytes::new())
            .await
            .map(drop)
    }

    /// Marks a film, an episode or another video as watched now, or as never watched. A show's or a season's key would
    /// mark all below it. Sent as a GET, which is what clients of every version of Plex send.
    pub async fn mark_watched(&self, rating_key: u64, watched: bool) -> Result<(), PlexError> {
        let mark = if watched { "scrobble" } else { "unscrobble" };
        let path = format!("/:/{mark}?identifier={LIBRARY}&key={rating_key}");
        self.send(RequestKind::Watched, Method::GET, &path, Bytes::new())
            .await
            .map(drop)
    }

    /// Puts a member of a collection behind another one, or first. Shows only in [`CollectionSort::Custom`].
    pub async fn move_member(
        &self,
        collection: u64,
        member: u64,
        after: Option<u64>,
    ) -> Result<(), PlexError> {
        let after = after.map_or(String::new(), |after| format!("?after={after}"));
        let path = format!("/library/collections/{collection}/items/{member}/move{after}");
        self.send(RequestKind::Move, Method::PUT, &path, Bytes::new())
            .await
            .map(drop)
    }

    /// Says in what order a collection shows its members.
    pub async fn set_collection_sort(
        &self,
        collection: u64,
        sort: CollectionSort,
    ) -> Result<(), PlexError> {
        let path = format!(
            "/library/metadata/{collection}/prefs?collectionSort={}",
            sort.number()
        );
        self.send(
            RequestKind::CollectionSort,
            Method::PUT,
            &path,
            Bytes::new(),
        )
        .await
        .map(drop)
    }
}
