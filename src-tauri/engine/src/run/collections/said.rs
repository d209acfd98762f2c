//! What the source says of a collection, in the form in which an item's source says it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::{Field, ItemType, LocalImage, SourceItem, Value};
use crate::source::nfo::entry_of;
use crate::store::{CollectionRecord, Said};

use super::super::session::Session;

/// Where another source item asks for something else than the one that counts, and that one is gone, the other counts.
/// Returns whether that was so anywhere.
pub(super) async fn hear_rivals(
    session: &Session,
    root: &Path,
    record: &mut CollectionRecord,
) -> bool {
    let open: Vec<(Field, PathBuf)> = record
        .rivals
        .keys()
        .filter_map(|field| {
            let said = record.said.get(field)?;
            Some((*field, root.join(entry_of(&said.by))))
        })
        .collect();
    if open.is_empty() {
        return false;
    }
    let gone: Vec<Field> = session
        .blocking
        .run(move || {
            let gone = open.into_iter().filter(|(_, file)| !file.exists());
            gone.map(|(field, _)| field).collect()
        })
        .await;
    for field in &gone {
        record.give_way(*field);
    }
    !gone.is_empty()
}

/// What the source asks of a collection, as if it were an item.
pub(super) fn as_item(session: &Session, record: &CollectionRecord) -> SourceItem {
    let speakers = record.said.values().map(|said| said.by.as_str());
    let by = speakers.filter(|by| *by != Said::NOBODY).min();
    let images = record.said.iter().filter_map(|(field, said)| {
        let (Value::Image(sha1), Some(path)) = (&said.value, &said.file) else {
            return None;
        };
        let image = LocalImage {
            path: path.clone(),
            sha1: sha1.clone(),
        };
        Some((*field, image))
    });
    SourceItem {
        source: session.source,
        id: by.unwrap_or_default().to_owned(),
        item_type: Some(ItemType::Collection),
        numbering: None,
        label: record.title.clone(),
        files: Vec::new(),
        values: record
            .said
            .iter()
            .map(|(field, said)| (*field, said.value.clone()))
            .collect(),
        images: images.collect(),
        collections: BTreeMap::new(),
    }
}
