//! Writes: each is read, takes its turn at the one writer, and is done when the turn ends.
//!
//! A request that cannot be read costs no turn. Not here: what an edit does to an item (`library`).

use axum::http::StatusCode;

use crate::Emulator;
use crate::library::{Edit, EditError, Filter, ItemKind, Library, Order, PictureKind};
use crate::wire::{Detail, item_node};

use super::answer::Answer;
use super::asking::Asking;
use super::read::library_container;
use super::route::Route;

/// Answers a write.
pub(super) async fn act(emulator: &Emulator, route: Route, asking: Asking) -> Answer {
    let result = match route {
        Route::EditSection(section) => edit_section(emulator, section, &asking).await,
        Route::EditItems(keys) => edit(emulator, &asking, move |_| Ok(keys)).await,
        Route::Upload(key, kind) => return upload(emulator, key, kind, asking).await,
        Route::Select(key, kind) => select(emulator, key, kind, &asking).await,
        Route::Unselect(key, kind) => {
            emulator.take_turn(0, 0).await;
            let (habits, now) = (emulator.options().habits, emulator.now());
            emulator.change_library(|library| library.select(key, kind, None, habits, now))
        }
        Route::RefreshItems(keys) => refresh(emulator, move |_| Ok(keys)).await,
        Route::RefreshSection(section) => refresh_section(emulator, section, &asking).await,
        Route::MakeCollection => return make_collection(emulator, &asking).await,
        Route::AddMembers(key) => add_members(emulator, key, &asking).await,
        Route::RemoveMember(key, member) => {
            emulator.take_turn(1, 0).await;
            let now = emulator.now();
            emulator.change_library(|library| library.remove_member(key, member, now))
        }
        Route::DeleteCollection(key) => {
            emulator.take_turn(1, 0).await;
            emulator.change_library(|library| {
                let is_collection = library
                    .items
                    .get(&key)
                    .is_some_and(|item| item.collection.is_some());
                if is_collection {
                    library.delete(key)
                } else {
                    Err(EditError::NotFound(key))
                }
            })
        }
        Route::DeleteItems(keys) => delete_items(emulator, &keys).await,
        _ => Err(EditError::BadParameter("path".to_owned())),
    };
    result.map_or_else(Answer::from, |()| Answer::Done)
}

async fn edit_section(emulator: &Emulator, section: u32, asking: &Asking) -> Result<(), EditError> {
    let bad = |name: &str| EditError::BadParameter(name.to_owned());
    let kind = asking
        .get("type")
        .and_then(|number| number.parse().ok())
        .and_then(ItemKind::from_number)
        .ok_or_else(|| bad("type"))?;
    let Some(ids) = asking.get("id") else {
        emulator.count_whole_library_edit();
        let filter = Filter::read(asking.parameters(), emulator.now());
        return edit(emulator, asking, |library| {
            let items = library.list(section, kind, &filter, &Order::read(None));
            Ok(items.iter().map(|item| item.key).collect())
        })
        .await;
    };
    let keys = read_keys(ids).ok_or_else(|| bad("id"))?;
    edit(emulator, asking, |library| {
        let stranger = keys.iter().find(|key| {
            library
                .items
                .get(key)
                .is_none_or(|item| item.section != section || item.kind != kind)
        });
        stranger.map_or(Ok(keys.clone()), |key| Err(EditError::NotFound(*key)))
    })
    .await
}

async fn edit(
    emulator: &Emulator,
    asking: &Asking,
    keys: impl FnOnce(&Library) -> Result<Vec<u64>, EditError>,
) -> Result<(), EditError> {
    let edit = Edit::read(asking.parameters())?;
    let items = asking.get("id").map_or(1, |ids| ids.split(',').count());
    emulator.take_turn(edit.tag_count() * items, 0).await;
    let refused = emulator.faults().refused_fields();
    let (habits, now) = (emulator.options().habits, emulator.now());
    emulator.change_library(|library| {
        let keys = keys(library)?;
        library.apply(&keys, &edit, &refused, habits, now)
    })
}

async fn upload(emulator: &Emulator, key: u64, kind: PictureKind, asking: Asking) -> Answer {
    let bytes = match asking.get("url") {
        Some(url) => match emulator.published(url) {
            Some(bytes) => bytes,
            None => return Answer::status(StatusCode::BAD_REQUEST),
        },
        None => asking.body,
    };
    if bytes.len() > emulator.options().image_limit {
        return Answer::status(StatusCode::INTERNAL_SERVER_ERROR);
    }
    emulator.take_turn(0, bytes.len()).await;
    let is_refused = emulator
        .faults()
        .refused_fields()
        .contains(kind.attribute());
    let (habits, now) = (emulator.options().habits, emulator.now());
    let result = emulator.change_library(|library| {
        if is_refused {
            return library
                .items
                .get(&key)
                .map(|_| false)
                .ok_or(EditError::NotFound(key));
        }
        library.upload(key, kind, bytes, habits, now)
    });
    result.map_or_else(Answer::from, |_| Answer::Done)
}

async fn select(
    emulator: &Emulator,
    key: u64,
    kind: PictureKind,
    asking: &Asking,
) -> Result<(), EditError> {
    let url = asking
        .get("url")
        .filter(|url| !url.is_empty())
        .ok_or_else(|| EditError::BadParameter("url".to_owned()))?;
    // Some clients send the path of the file instead of its key.
    let url = url.split_once("/file?url=").map_or_else(
        || url.to_owned(),
        |(_, inner)| {
            percent_encoding::percent_decode_str(inner)
                .decode_utf8_lossy()
                .into_owned()
        },
    );
    emulator.take_turn(0, 0).await;
    let is_refused = emulator
        .faults()
        .refused_fields()
        .contains(kind.attribute());
    let (habits, now) = (emulator.options().habits, emulator.now());
    let published = emulator.published(&url);
    emulator.change_library(|library| {
        if is_refused {
            return Ok(());
        }
        match published {
            Some(bytes) => library.upload(key, kind, bytes, habits, now).map(|_| ()),
            None => library.select(key, kind, Some(&url), habits, now),
        }
    })
}

async fn refresh_section(
    emulator: &Emulator,
    section: u32,
    asking: &Asking,
) -> Result<(), EditError> {
    // Without `force` only new files are looked for, and nothing here has any.
    let forced = asking.get("force") == Some("1");
    refresh(emulator, move |library| {
        if library.section(section).is_none() {
            return Err(EditError::NotFound(u64::from(section)));
        }
        let of_section = library
            .items
            .values()
            .filter(|item| forced && item.section == section && item.kind != ItemKind::Collection);
        Ok(of_section.map(|item| item.key).collect())
    })
    .await
}

async fn refresh(
    emulator: &Emulator,
    keys: impl FnOnce(&Library) -> Result<Vec<u64>, EditError>,
) -> Result<(), EditError> {
    emulator.take_turn(0, 0).await;
    let (habits, now) = (emulator.options().habits, emulator.now());
    emulator.change_library(|library| {
        for key in keys(library)? {
            library.refresh(key, habits, now)?;
        }
        Ok(())
    })
}

async fn make_collection(emulator: &Emulator, asking: &Asking) -> Answer {
    let bad = Answer::status(StatusCode::BAD_REQUEST);
    let (Some(section), Some(title), Some(keys)) = (
        asking
            .get("sectionId")
            .and_then(|section| section.parse().ok()),
        asking.get("title"),
        asking.get("uri").and_then(keys_of_uri),
    ) else {
        return bad;
    };
    if asking.get("smart").is_some_and(|smart| smart != "0") {
        return bad;
    }
    emulator.take_turn(keys.len(), 0).await;
    let now = emulator.now();
    let asked = asking.asked(emulator.options().habits.thumb_follows_updated_at);
    emulator.change_library(|library| {
        let made = library.make_collection(section, title, &keys, now);
        let key = match made {
            Ok(key) => key,
            Err(error) => return error.into(),
        };
        let Some(item) = library.items.get(&key) else {
            return Answer::not_found();
        };
        let mut node = library_container(library, section);
        node.attributes.insert(0, ("size", 1.into()));
        node.children
            .push(item_node(library, item, Detail::Full, &asked));
        Answer::Tree(node, asking.format())
    })
}

async fn add_members(emulator: &Emulator, key: u64, asking: &Asking) -> Result<(), EditError> {
    let keys = asking
        .get("uri")
        .and_then(keys_of_uri)
        .ok_or_else(|| EditError::BadParameter("uri".to_owned()))?;
    emulator.take_turn(keys.len(), 0).await;
    let now = emulator.now();
    emulator.change_library(|library| library.add_members(key, &keys, now))
}

async fn delete_items(emulator: &Emulator, keys: &[u64]) -> Result<(), EditError> {
    emulator.take_turn(0, 0).await;
    for key in keys {
        let deleted = emulator.change_library(|library| {
            let had_files = library
                .items
                .get(key)
                .is_some_and(|item| item.collection.is_none());
            library.delete(*key).map(|()| had_files)
        })?;
        if deleted {
            emulator.count_media_deletion();
        }
    }
    Ok(())
}

fn read_keys(ids: &str) -> Option<Vec<u64>> {
    ids.split(',').map(|key| key.trim().parse().ok()).collect()
}

/// `server://…/com.plexapp.plugins.library/library/metadata/1,2`
fn keys_of_uri(uri: &str) -> Option<Vec<u64>> {
    read_keys(uri.rsplit_once("/library/metadata/")?.1)
}
