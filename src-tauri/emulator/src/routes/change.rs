//! Writes: each is read, takes its turn at the one writer, and is done when the turn ends.
//!
//! A request that cannot be read costs no turn. Not here: what an edit does to an item (`library`); writes of pictures
//! (`images`) and collections (`collections`).

use crate::Emulator;
use crate::cost::Work;
use crate::library::{Edit, EditError, Filter, ItemKind, Library, Order};

use super::answer::Answer;
use super::asking::Asking;
use super::route::Route;
use super::{collections, images};

/// Answers a write.
pub(super) async fn act(emulator: &Emulator, route: Route, asking: Asking) -> Answer {
    let result = match route {
        Route::EditSection(section) => edit_section(emulator, section, &asking).await,
        Route::EditItems(keys) => edit(emulator, &asking, move |_| Ok(keys)).await,
        Route::Upload(key, kind) => return images::upload(emulator, key, kind, asking).await,
        Route::Select(key, kind) => images::select(emulator, key, kind, &asking).await,
        Route::Unselect(key, kind) => images::unselect(emulator, key, kind).await,
        Route::RefreshItems(keys) => refresh(emulator, move |_| Ok(keys)).await,
        Route::RefreshSection(section) => refresh_section(emulator, section, &asking).await,
        Route::MakeCollection => return collections::make(emulator, &asking).await,
        Route::AddMembers(key) => collections::add(emulator, key, &asking).await,
        Route::RemoveMember(key, member) => collections::remove(emulator, key, member).await,
        Route::MoveMember(key, member) => {
            collections::move_member(emulator, key, member, &asking).await
        }
        Route::Preferences(key) => collections::set_preferences(emulator, key, &asking).await,
        Route::DeleteCollection(key) => collections::delete(emulator, key).await,
        Route::Rate => rate(emulator, &asking).await,
        Route::Watched(watched) => set_watched(emulator, watched, &asking).await,
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
    let work = Work {
        tags: edit.tag_count() * items,
        ..Work::default()
    };
    emulator.take_turn(work).await;
    let refused = emulator.faults().refused_fields();
    let (habits, now) = (emulator.options().habits, emulator.now());
    emulator.change_library(|library| {
        let keys = keys(library)?;
        library.apply(&keys, &edit, &refused, habits, now)
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
    emulator.take_turn(Work::default()).await;
    let (habits, now) = (emulator.options().habits, emulator.now());
    emulator.change_library(|library| {
        for key in keys(library)? {
            library.refresh(key, habits, now)?;
        }
        Ok(())
    })
}

async fn rate(emulator: &Emulator, asking: &Asking) -> Result<(), EditError> {
    let key = key_of_account(asking)?;
    let rating: f64 = asking
        .get("rating")
        .and_then(|rating| rating.parse().ok())
        .ok_or_else(|| EditError::BadParameter("rating".to_owned()))?;
    emulator.take_turn(Work::default()).await;
    let is_refused = emulator.faults().refused_fields().contains("userRating");
    emulator.change_library(|library| {
        if is_refused {
            return Ok(());
        }
        // Below zero the rating goes.
        library.rate(key, (rating >= 0.0).then_some(rating))
    })
}

async fn set_watched(emulator: &Emulator, watched: bool, asking: &Asking) -> Result<(), EditError> {
    let key = key_of_account(asking)?;
    emulator.take_turn(Work::default()).await;
    let now = emulator.now();
    emulator.change_library(|library| library.set_watched(key, watched, now))
}

/// What an account has to say names its item so, and the library that it is in.
fn key_of_account(asking: &Asking) -> Result<u64, EditError> {
    let bad = |name: &str| EditError::BadParameter(name.to_owned());
    if asking.get("identifier") != Some("com.plexapp.plugins.library") {
        return Err(bad("identifier"));
    }
    let key = asking.get("key").and_then(|key| key.parse().ok());
    key.ok_or_else(|| bad("key"))
}

async fn delete_items(emulator: &Emulator, keys: &[u64]) -> Result<(), EditError> {
    emulator.take_turn(Work::default()).await;
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

pub(super) fn read_keys(ids: &str) -> Option<Vec<u64>> {
    ids.split(',').map(|key| key.trim().parse().ok()).collect()
}
