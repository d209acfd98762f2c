//! Writes of pictures.
//!
//! Not here: pictures read (`pictures`).

use axum::http::StatusCode;

use crate::Emulator;
use crate::cost::Work;
use crate::library::{EditError, PictureKind};

use super::answer::Answer;
use super::asking::Asking;

/// Takes a picture in and selects it.
pub(super) async fn upload(
    emulator: &Emulator,
    key: u64,
    kind: PictureKind,
    asking: Asking,
) -> Answer {
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
    let work = Work {
        bytes: bytes.len(),
        ..Work::default()
    };
    emulator.take_turn(work).await;
    let is_refused = emulator.faults().refused_fields().contains(kind.lock());
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

/// Selects a listed picture, or one by address.
pub(super) async fn select(
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
    emulator.take_turn(Work::default()).await;
    let is_refused = emulator.faults().refused_fields().contains(kind.lock());
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

/// Selects none.
pub(super) async fn unselect(
    emulator: &Emulator,
    key: u64,
    kind: PictureKind,
) -> Result<(), EditError> {
    emulator.take_turn(Work::default()).await;
    let (habits, now) = (emulator.options().habits, emulator.now());
    emulator.change_library(|library| library.select(key, kind, None, habits, now))
}
