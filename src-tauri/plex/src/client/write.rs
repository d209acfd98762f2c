//! Edits of fields, tags and locks.

use bytes::Bytes;
use http::Method;

use super::Client;
use crate::edit::{Edit, Ids};
use crate::error::PlexError;
use crate::kind::RequestKind;
use crate::types::PlexType;

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
}
