//! Brings one item's pictures to Plex, and tells whose the selected one is.
//!
//! | selected now | it is | then |
//! |---|---|---|
//! | nothing | nobody's | send |
//! | what was to be replaced | the agent's, or ours of an earlier run | send |
//! | what this job, or one that it replaced, sent | ours; the answer was lost | nothing, or send what is wanted now |
//! | anything else | somebody's choice since | it stays; the next sync decides by the table |
//!
//! Not here: locks, which travel with the item's edit (`unit`), and what is known before the list (`prepare`).

use std::collections::BTreeMap;

use bytes::Bytes;
use syncslate_plex::{ImageChoice, ImageKind, UPLOAD, is_same_picture};

use super::context::Context;
use super::link::Link;
use super::stop::Stop;
use super::unit::{Attempt, Trouble, blocks_edit};
use crate::image;
use crate::library::{self, image_kind};
use crate::model::{Change, Field, RatingKey, Value};
use crate::queue::{Job, JobKind};

/// What Plex offers of each picture, or why it does not tell.
pub(super) type Offered = BTreeMap<Field, Result<Vec<ImageChoice>, Trouble>>;

/// The pictures of a job that must be listed before it can be sent: those that it changes, and those that a job before
/// it may have changed, because only the list tells which one is selected.
pub(super) fn pictures(job: &Job) -> Vec<(Field, ImageKind)> {
    job.fields()
        .into_iter()
        .filter(|field| !job.change(*field).is_some_and(library::is_unchanged))
        .filter_map(|field| Some((field, image_kind(field)?)))
        .collect()
}

/// Notes the pictures of which only the lock changes: that goes with the edit.
pub(super) fn keep_unchanged(attempt: &mut Attempt) {
    for change in &attempt.job.changes {
        if let (Some(_), Value::Image(key)) = (image_kind(change.field), &change.after)
            && library::is_unchanged(change)
        {
            attempt.keys.insert(change.field, key.clone());
            attempt.done.push(change.clone());
        }
    }
}

/// Sends the pictures of one job; one that fails leaves the others alone.
pub(super) async fn send_all(context: &Context, attempt: &mut Attempt, choices: &Offered) {
    if let Err(trouble) = tell_carried(context, attempt, choices).await {
        // Nothing was sent yet. Whoever settled the job now would never learn whose that picture is.
        attempt.trouble(trouble);
        attempt.done.clear();
        attempt.leave_rest();
        return;
    }
    for (field, kind) in pictures(&attempt.job) {
        let Some(change) = attempt.job.change(field).cloned() else {
            continue;
        };
        let offered = match choices.get(&field) {
            Some(Ok(offered)) => offered.as_slice(),
            None => &[],
            Some(Err(trouble)) => {
                attempt.trouble(trouble.clone());
                attempt.left.push(change);
                continue;
            }
        };
        match send(context, attempt, &change, kind, offered).await {
            Ok(key) => {
                if let Some(key) = key {
                    attempt.keys.insert(field, key);
                }
                attempt.done.push(change);
            }
            Err(trouble) => {
                let stop = blocks_edit(&trouble);
                attempt.trouble(trouble);
                attempt.left.push(change);
                if stop {
                    return;
                }
            }
        }
    }
}

/// Learns which pictures are selected of those that only replaced jobs sent.
async fn tell_carried(
    context: &Context,
    attempt: &mut Attempt,
    choices: &Offered,
) -> Result<(), Trouble> {
    for (field, kind) in pictures(&attempt.job) {
        if attempt.job.change(field).is_some() {
            continue;
        }
        // One that Plex does not know needs no settling.
        let Some(Ok(offered)) = choices.get(&field) else {
            continue;
        };
        let key = settled_key(context, &attempt.job, field, kind, offered).await?;
        attempt.keys.extend(key.map(|key| (field, key)));
    }
    Ok(())
}

/// Of a picture that only replaced jobs may have changed: the selected key, unless it is somebody else's choice.
async fn settled_key(
    context: &Context,
    job: &Job,
    field: Field,
    kind: ImageKind,
    offered: &[ImageChoice],
) -> Result<Option<String>, Trouble> {
    let Some(selected) = offered.iter().find(|choice| choice.selected) else {
        return Ok(None);
    };
    let known = listed_before(job, field) == Some(&selected.key)
        || is_ours(context, job, field, kind, &selected.key).await?;
    Ok(known.then(|| selected.key.clone()))
}

/// Selects or uploads one picture; returns the key that is selected afterwards.
async fn send(
    context: &Context,
    attempt: &mut Attempt,
    change: &Change,
    kind: ImageKind,
    offered: &[ImageChoice],
) -> Result<Option<String>, Trouble> {
    let item = attempt.job.key.rating_key.0;
    let selected = offered.iter().find(|choice| choice.selected);
    let Value::Image(wanted) = &change.after else {
        // Nothing was selected before the run that is taken back.
        if let Some(selected) = selected {
            check_stands(context, &attempt.job, change, kind, selected).await?;
            context
                .write_picture("image_unset", || context.client().unset_image(item, kind))
                .await?;
        }
        return Ok(None);
    };
    let is_wanted = |choice: &&ImageChoice| match attempt.job.kind {
        JobKind::Undo => choice.key == *wanted,
        JobKind::Sync => choice.key.rsplit('/').next() == Some(wanted.as_str()),
    };
    if let Some(choice) = offered.iter().find(is_wanted) {
        if !choice.selected {
            if let Some(selected) = selected {
                check_stands(context, &attempt.job, change, kind, selected).await?;
            }
            context
                .write_picture("image_select", || {
                    context.client().select_image(item, kind, &choice.key)
                })
                .await?;
        }
        return Ok(Some(choice.key.clone()));
    }
    if attempt.job.kind == JobKind::Undo {
        return Err(Trouble::Never(
            "Plex no longer holds the picture that was selected before. The present one stays."
                .to_owned(),
        ));
    }
    if let Some(selected) = selected
        && !was_there(&attempt.job, change, &selected.key)
    {
        let job = &attempt.job;
        match sent_as(context, job, change.field, kind, &selected.key).await? {
            // The upload whose answer was lost.
            Some(hash) if hash == *wanted => return Ok(Some(selected.key.clone())),
            Some(_) => {}
            None => return Err(another(job.kind)),
        }
    }
    let (bytes, thumb) = picture_bytes(context, &attempt.job, change.field, wanted).await?;
    attempt.thumb = thumb.or(attempt.thumb.take());
    context
        .write_picture("image_upload", || {
            context.client().upload_image(item, kind, bytes.clone())
        })
        .await?;
    uploaded_key(context, &attempt.job, kind, wanted).await
}

/// An error where another picture is selected than the one that was to be replaced: somebody chose it meanwhile.
async fn check_stands(
    context: &Context,
    job: &Job,
    change: &Change,
    kind: ImageKind,
    selected: &ImageChoice,
) -> Result<(), Trouble> {
    if was_there(job, change, &selected.key)
        || is_ours(context, job, change.field, kind, &selected.key).await?
    {
        Ok(())
    } else {
        Err(another(job.kind))
    }
}

fn another(kind: JobKind) -> Trouble {
    match kind {
        JobKind::Sync => Trouble::Outdated,
        JobKind::Undo => {
            Trouble::Never("Another picture was selected in Plex meanwhile. It stays.".to_owned())
        }
    }
}

fn listed_before(job: &Job, field: Field) -> Option<&String> {
    job.images_before.get(&field)?.selected.as_ref()
}

/// Whether this picture was selected when the job was planned, and when its pictures were first listed. What a job
/// carries was listed for an older one: then the newer of the two decides.
fn was_there(job: &Job, change: &Change, key: &str) -> bool {
    let planned = match &change.before {
        Value::Image(planned) if planned.contains("://") => Some(planned),
        _ => None,
    };
    let listed = listed_before(job, change.field);
    if job.carried.contains_key(&change.field) {
        return planned
            .or(listed)
            .is_some_and(|before| is_same_picture(before, key));
    }
    let mut known = planned.into_iter().chain(listed).peekable();
    known.peek().is_some() && known.all(|before| is_same_picture(before, key))
}

/// Whether the selected picture is one that this job, or one that it replaced, may have sent.
pub(super) async fn is_ours(
    context: &Context,
    job: &Job,
    field: Field,
    kind: ImageKind,
    key: &str,
) -> Result<bool, Trouble> {
    Ok(sent_as(context, job, field, kind, key).await?.is_some())
}

/// The hash (or on undo the key) under which a picture was sent; `None` where it is none of ours. Where keys are not known
/// to tell, the bytes do.
async fn sent_as(
    context: &Context,
    job: &Job,
    field: Field,
    kind: ImageKind,
    key: &str,
) -> Result<Option<String>, Trouble> {
    let now = job.change(field).filter(|_| job.started);
    let carried = job.carried.get(&field);
    let earlier = carried.map_or(&[][..], |carried| &carried.attempts);
    let mut sent = now
        .into_iter()
        .chain(earlier.iter().map(|attempt| &attempt.change))
        .filter_map(|change| match &change.after {
            Value::Image(sent) => Some(sent.clone()),
            _ => None,
        })
        .collect::<Vec<_>>();
    if let Some(at) = sent
        .iter()
        .position(|sent| key == sent || is_same_picture(key, &kind.upload_key(sent)))
    {
        return Ok(Some(sent.swap_remove(at)));
    }
    let was_uploaded_before = job
        .images_before
        .get(&field)
        .is_some_and(|before| before.uploads.iter().any(|known| known == key));
    if sent.is_empty()
        || !key.starts_with(UPLOAD)
        || was_uploaded_before
        || context.upload_key_is_sha1() == Some(true)
    {
        return Ok(None);
    }
    let item = job.key.rating_key.0;
    let bytes = match context
        .read_picture(|| context.client().image_bytes(item, key))
        .await
    {
        Ok(bytes) => bytes,
        // Nothing proves that it is ours.
        Err(Trouble::NoPicture(_) | Trouble::Never(_)) => return Ok(None),
        Err(trouble) => return Err(trouble),
    };
    let hash = image::sha1_hex(&bytes);
    Ok(sent.into_iter().find(|sent| *sent == hash))
}

/// The SHA-1 of a picture that Plex listed; `None` where it does not give its bytes.
pub(crate) async fn picture_sha1(
    link: &Link,
    item: RatingKey,
    key: &str,
) -> Result<Option<String>, Stop> {
    let client = link.client();
    match link.ask(|| client.image_bytes(item.0, key)).await {
        Ok(bytes) => Ok(Some(image::sha1_hex(&bytes))),
        Err(Stop::Plex(error)) => match Trouble::of(error) {
            Trouble::Fatal(stop) => Err(stop),
            _ => Ok(None),
        },
        Err(stop) => Err(stop),
    }
}

/// The key of a picture that was just uploaded: its SHA-1, where Plex is known to name it so; otherwise it is asked. An
/// error where it is listed under its SHA-1 and another one is selected: somebody chose that since.
async fn uploaded_key(
    context: &Context,
    job: &Job,
    kind: ImageKind,
    sha1: &str,
) -> Result<Option<String>, Trouble> {
    let by_sha1 = kind.upload_key(sha1);
    let is_known = context.upload_key_is_sha1();
    if is_known == Some(true) {
        return Ok(Some(by_sha1));
    }
    let item = job.key.rating_key.0;
    let choices = context
        .read_picture(|| context.client().images(item, kind))
        .await?;
    let is_by_sha1 = choices
        .iter()
        .any(|choice| is_same_picture(&choice.key, &by_sha1));
    let Some(selected) = choices.into_iter().find(|choice| choice.selected) else {
        return Ok(None);
    };
    if is_known.is_none() && selected.key.starts_with(UPLOAD) {
        context.learned_upload_key(is_by_sha1).await;
    }
    if is_by_sha1 && !is_same_picture(&selected.key, &by_sha1) {
        return Err(another(job.kind));
    }
    Ok(Some(selected.key))
}

async fn picture_bytes(
    context: &Context,
    job: &Job,
    field: Field,
    sha1: &str,
) -> Result<(Bytes, Option<String>), Trouble> {
    let Some(path) = job.image_files.get(&field).cloned() else {
        return Err(Trouble::Never(
            "The picture's file is not known.".to_owned(),
        ));
    };
    let wants_thumb = field == Field::Poster && context.wants_thumb();
    let prepared = context
        .blocking
        .run(move || {
            let prepared = image::prepare(&path)?;
            let thumb = wants_thumb
                .then(|| image::thumbnail(&prepared.bytes))
                .flatten();
            Ok::<_, image::ImageError>((prepared, thumb))
        })
        .await;
    match prepared {
        Ok((prepared, thumb)) if prepared.sha1 == sha1 => Ok((prepared.bytes, thumb)),
        Ok(_) => Err(Trouble::Outdated),
        Err(error) if error.is_temporary() => Err(Trouble::Later {
            message: error.to_string(),
            retry_after: None,
        }),
        Err(error) => Err(Trouble::Never(error.to_string())),
    }
}
