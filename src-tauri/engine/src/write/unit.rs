//! Sends one unit of writing: an item's pictures and then its one edit, or one edit for several items that want the
//! same.
//!
//! Order matters: pictures first, because the edit carries their locks, and a picture that did not go must not be
//! locked. A picture that fails leaves the rest of the item alone. Not here: when a unit is sent (`executor`), what
//! Plex made of it (`verify`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use syncslate_plex::{Edit, Ids, ImageChoice, ImageKind, PlexError, PlexType};

use super::context::Context;
use super::stop::Stop;
use crate::image;
use crate::library::{self, field_of, image_kind};
use crate::model::{Change, Field, FieldKind, Value};
use crate::queue::{Job, JobKind};
use crate::timing::OperationTimer;

/// Jobs that go together: one, or several whose edits are the same and hold no picture.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) jobs: Vec<Job>,
    /// The pictures that Plex offers for the job's items, as listed just now.
    pub(crate) choices: BTreeMap<Field, Vec<ImageChoice>>,
    /// On the second and last try of values that Plex did not take: the pictures that the first one selected.
    pub(crate) second: Option<BTreeMap<Field, String>>,
}

/// What became of one job of a unit.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) job: Job,
    /// Changes that Plex said yes to.
    pub(crate) done: Vec<Change>,
    /// Keys of the pictures selected now.
    pub(crate) keys: BTreeMap<Field, String>,
    /// Changes that did not go.
    pub(crate) left: Vec<Change>,
    /// Why they did not.
    pub(crate) trouble: Option<Trouble>,
    /// A small picture for the feed.
    pub(crate) thumb: Option<String>,
    pub(crate) second: bool,
}

/// Why a change did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Plex is away: costs no try.
    Away(String),
    /// Concerns the whole run: the token is refused, or Plex stayed away for too long.
    Fatal(Stop),
    /// An error of the moment.
    Later {
        message: String,
        retry_after: Option<Duration>,
    },
    /// Trying again cannot help.
    Never(String),
    /// Plex does not hold the item any more.
    Gone,
    /// The picture file, or the picture that Plex shows, is another than when it was planned; the next sync sees it.
    Outdated,
}

impl Trouble {
    pub(crate) fn of(error: PlexError) -> Self {
        if error.is_outage() {
            return Self::Away(error.to_string());
        }
        if error.is_temporary() {
            return Self::Later {
                message: error.to_string(),
                retry_after: error.retry_after(),
            };
        }
        match error {
            PlexError::Unauthorized | PlexError::Tls(_) | PlexError::Redirected { .. } => {
                Self::Fatal(Stop::Plex(error))
            }
            PlexError::NotFound => Self::Gone,
            // Half an answer, as while Plex restarts.
            PlexError::Malformed(_) => Self::Later {
                message: error.to_string(),
                retry_after: None,
            },
            other => Self::Never(other.to_string()),
        }
    }

    /// Which of two troubles decides what happens to the rest of a job.
    fn weight(&self) -> u8 {
        match self {
            Self::Outdated => 0,
            Self::Never(_) => 1,
            Self::Later { .. } => 2,
            Self::Away(_) => 3,
            Self::Gone => 4,
            Self::Fatal(_) => 5,
        }
    }
}

/// The pictures of a job that must be listed before it can be sent: those that it changes, and those that a job before
/// it may have changed, because only the list tells which one is selected.
pub(crate) fn pictures(job: &Job) -> Vec<(Field, ImageKind)> {
    job.fields()
        .into_iter()
        .filter_map(|field| Some((field, image_kind(field)?)))
        .collect()
}

/// Sends a unit. Never fails as a whole: each job comes back with what became of it.
pub(crate) async fn send(context: &Context, unit: Unit) -> Vec<Attempt> {
    let Unit {
        jobs,
        choices,
        second,
    } = unit;
    let timer = OperationTimer::start(&context.timings, "item_write");
    let attempts = send_jobs(context, jobs, &choices, second.as_ref()).await;
    timer.finish();
    attempts
}

async fn send_jobs(
    context: &Context,
    jobs: Vec<Job>,
    choices: &BTreeMap<Field, Vec<ImageChoice>>,
    second: Option<&BTreeMap<Field, String>>,
) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = jobs
        .into_iter()
        .map(|job| Attempt {
            job,
            done: Vec::new(),
            keys: BTreeMap::new(),
            left: Vec::new(),
            trouble: None,
            thumb: None,
            second: second.is_some(),
        })
        .collect();
    if let [attempt] = attempts.as_mut_slice() {
        match second {
            // They went the first time; only their locks go again.
            Some(keys) => {
                attempt.keys.clone_from(keys);
                let changes = attempt.job.changes.iter();
                let pictures = changes.filter(|change| change.field.kind() == FieldKind::Image);
                attempt.done.extend(pictures.cloned());
            }
            None => send_pictures(context, attempt, choices).await,
        }
    }
    if attempts
        .iter()
        .any(|attempt| attempt.trouble.as_ref().is_some_and(blocks_edit))
    {
        for attempt in &mut attempts {
            attempt.leave_rest();
        }
        return attempts;
    }
    send_edit(context, &mut attempts).await;
    attempts
}

/// Whether the edit would meet the same trouble.
fn blocks_edit(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Away(_) | Trouble::Fatal(_) | Trouble::Gone => true,
        Trouble::Later { .. } | Trouble::Never(_) | Trouble::Outdated => false,
    }
}

impl Attempt {
    fn trouble(&mut self, trouble: Trouble) {
        if self
            .trouble
            .as_ref()
            .is_none_or(|present| present.weight() < trouble.weight())
        {
            self.trouble = Some(trouble);
        }
    }

    /// Puts every change that is neither done nor left among the left.
    fn leave_rest(&mut self) {
        let settled: BTreeSet<Field> = self
            .done
            .iter()
            .chain(&self.left)
            .map(|change| change.field)
            .collect();
        let rest = self
            .job
            .changes
            .iter()
            .filter(|change| !settled.contains(&change.field));
        self.left.extend(rest.cloned());
    }
}

async fn send_pictures(
    context: &Context,
    attempt: &mut Attempt,
    choices: &BTreeMap<Field, Vec<ImageChoice>>,
) {
    for (field, kind) in pictures(&attempt.job) {
        let offered = choices.get(&field).map_or(&[][..], Vec::as_slice);
        let Some(change) = attempt.job.change(field).cloned() else {
            if let Some(selected) = offered.iter().find(|choice| choice.selected) {
                attempt.keys.insert(field, selected.key.clone());
            }
            continue;
        };
        match send_picture(context, attempt, &change, kind, offered).await {
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

/// Selects or uploads one picture; returns the key that is selected afterwards.
async fn send_picture(
    context: &Context,
    attempt: &mut Attempt,
    change: &Change,
    kind: ImageKind,
    offered: &[ImageChoice],
) -> Result<Option<String>, Trouble> {
    let item = attempt.job.key.rating_key.0;
    let selected = offered.iter().find(|choice| choice.selected);
    let meanwhile = || another_meanwhile(&attempt.job, change, selected);
    let Value::Image(wanted) = &change.after else {
        // Nothing was selected before the run that is taken back.
        if selected.is_some() {
            meanwhile()?;
            context
                .write("image_unset", || context.client().unset_image(item, kind))
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
            meanwhile()?;
            context
                .write("image_select", || {
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
    // An upload whose answer was lost: what is selected now came after the list that was stored before it.
    if let (Some(selected), Some(before)) = (selected, attempt.job.images_before.get(&change.field))
        && attempt.job.started
        && selected.key.starts_with("upload://")
        && !before.uploads.contains(&selected.key)
        && before.selected.as_ref() != Some(&selected.key)
    {
        return Ok(Some(selected.key.clone()));
    }
    meanwhile()?;
    let (bytes, thumb) = picture_bytes(context, &attempt.job, change.field, wanted).await?;
    attempt.thumb = thumb.or(attempt.thumb.take());
    context
        .write("image_upload", || {
            context.client().upload_image(item, kind, bytes.clone())
        })
        .await?;
    uploaded_key(context, item, kind, wanted).await
}

/// An error where another picture is selected than the one that was to be replaced: somebody picked it meanwhile.
fn another_meanwhile(
    job: &Job,
    change: &Change,
    selected: Option<&ImageChoice>,
) -> Result<(), Trouble> {
    // What a replaced job may have sent is ours.
    let Some(selected) = selected.filter(|_| !job.carried.contains_key(&change.field)) else {
        return Ok(());
    };
    let planned = match &change.before {
        Value::Image(key) if key.contains("://") => Some(key),
        _ => None,
    };
    let listed = job.images_before.get(&change.field);
    let stands = planned
        .into_iter()
        .chain(listed.and_then(|listed| listed.selected.as_ref()))
        .all(|before| *before == selected.key);
    match job.kind {
        _ if stands => Ok(()),
        JobKind::Sync => Err(Trouble::Outdated),
        JobKind::Undo => Err(Trouble::Never(
            "Another picture was selected in Plex meanwhile. It stays.".to_owned(),
        )),
    }
}

/// The key of a picture that was just uploaded: its SHA-1, where Plex is known to name it so; otherwise it is asked.
async fn uploaded_key(
    context: &Context,
    item: u64,
    kind: ImageKind,
    sha1: &str,
) -> Result<Option<String>, Trouble> {
    if context.upload_key_is_sha1() == Some(true) {
        return Ok(Some(kind.upload_key(sha1)));
    }
    let choices = context.read(|| context.client().images(item, kind)).await?;
    let Some(selected) = choices.into_iter().find(|choice| choice.selected) else {
        return Ok(None);
    };
    if context.upload_key_is_sha1().is_none() && selected.key.starts_with("upload://") {
        let by_sha1 = selected.key == kind.upload_key(sha1);
        context.learned_upload_key(by_sha1).await;
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

/// One edit for all jobs of the unit, split only where the request line would be too long.
async fn send_edit(context: &Context, attempts: &mut [Attempt]) {
    let Some(first) = attempts.first() else {
        return;
    };
    // A picture that did not go must not be locked.
    let went: Vec<Change> = first
        .job
        .changes
        .iter()
        .filter(|change| !first.left.iter().any(|left| left.field == change.field))
        .cloned()
        .collect();
    let Some(ids) = Ids::new(attempts.iter().map(|attempt| attempt.job.key.rating_key.0)) else {
        return;
    };
    let section = first.job.section_id;
    let item_type = library::plex_type(first.job.item_type);
    let edit = library::edit_of(&went);
    if edit.is_empty() {
        return;
    }
    for part in edit.split(context.line_limit().saturating_sub(ids.line_len())) {
        let result = context
            .write("edit", || {
                context.client().edit(section, item_type, &ids, &part)
            })
            .await;
        match result {
            Ok(()) => took(attempts, &part),
            // One of several items is gone: which one, only edits of their own can tell.
            Err(Trouble::Gone) if attempts.len() > 1 => {
                for attempt in attempts.iter_mut() {
                    attempt.done.clear();
                    Box::pin(send_edit(context, std::slice::from_mut(attempt))).await;
                }
                return;
            }
            Err(Trouble::Never(message)) if part.touches().len() == 1 => {
                for attempt in attempts.iter_mut() {
                    attempt.trouble(Trouble::Never(message.clone()));
                }
                refuse(attempts, &part);
            }
            Err(Trouble::Never(message)) => {
                field_by_field(
                    context,
                    attempts,
                    &part,
                    (section, item_type),
                    &ids,
                    &message,
                )
                .await;
            }
            Err(trouble) => {
                for attempt in attempts.iter_mut() {
                    attempt.trouble(trouble.clone());
                    attempt.leave_rest();
                }
                return;
            }
        }
    }
}

/// Plex refused an edit of several fields: sends them one by one, so that the bad one is known and the others go.
async fn field_by_field(
    context: &Context,
    attempts: &mut [Attempt],
    edit: &Edit,
    (section, item_type): (u32, PlexType),
    ids: &Ids,
    message: &str,
) {
    tracing::debug!(
        message,
        "an edit was refused; sending its fields one by one"
    );
    for what in edit.touches() {
        let part = edit.only(what);
        let result = context
            .write("edit", || {
                context.client().edit(section, item_type, ids, &part)
            })
            .await;
        match result {
            Ok(()) => took(attempts, &part),
            Err(trouble) => {
                for attempt in attempts.iter_mut() {
                    attempt.trouble(trouble.clone());
                }
                refuse(attempts, &part);
                if blocks_edit(&trouble) {
                    attempts.iter_mut().for_each(Attempt::leave_rest);
                    return;
                }
            }
        }
    }
}

fn fields(edit: &Edit) -> BTreeSet<Field> {
    edit.touches().into_iter().filter_map(field_of).collect()
}

fn took(attempts: &mut [Attempt], part: &Edit) {
    let fields = fields(part);
    for attempt in attempts {
        let new: Vec<Change> = attempt
            .job
            .changes
            .iter()
            // Pictures are done already; their part of the edit is the lock.
            .filter(|change| {
                fields.contains(&change.field) && change.field.kind() != FieldKind::Image
            })
            .cloned()
            .collect();
        attempt.done.extend(new);
    }
}

fn refuse(attempts: &mut [Attempt], part: &Edit) {
    let fields = fields(part);
    for attempt in attempts {
        let new: Vec<Change> = attempt
            .job
            .changes
            .iter()
            .filter(|change| {
                fields.contains(&change.field)
                    && !attempt.done.iter().any(|done| done.field == change.field)
            })
            .cloned()
            .collect();
        attempt.left.extend(new);
    }
}
