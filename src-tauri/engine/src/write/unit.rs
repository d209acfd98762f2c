//! Sends one unit of writing: an item's pictures, then its one edit, then whether it was watched; or one edit for several
//! items that want the same.
//!
//! Order matters: pictures first, because the edit carries their locks, and a picture that did not go must not be
//! locked. A picture that fails leaves the rest of the item alone. Not here: how a picture goes (`picture`), when a unit
//! is sent (`executor`), what Plex made of it (`verify`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use syncslate_plex::{Edit, Ids, PlexError, PlexType};

use super::context::Context;
use super::picture::{self, Offered};
use super::stop::Stop;
use super::watched;
use crate::library::{self, field_of};
use crate::model::{Change, Field, FieldKind, PlexValues};
use crate::queue::Job;
use crate::timing::OperationTimer;

/// Jobs that go together: one, or several whose edits are the same and hold no picture.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) jobs: Vec<Job>,
    /// The pictures that Plex offers for the job's items, as listed just now.
    pub(crate) choices: Offered,
    /// On the second and last try of values that Plex did not take.
    pub(crate) second: Option<Again>,
}

/// What the first try left.
#[derive(Debug)]
pub(crate) struct Again {
    /// The pictures that it selected.
    pub(crate) keys: BTreeMap<Field, String>,
    /// What Plex held then: from that, lists are brought to what they shall be.
    pub(crate) held: PlexValues,
    /// What somebody edited since, and in an item that somebody edits what holds, too: it does not go again.
    pub(crate) spared: Vec<Field>,
    /// What did not go then.
    pub(crate) left: Vec<Change>,
    /// Why, where trying that again at once would not help.
    pub(crate) trouble: Option<Trouble>,
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
    /// The connection broke: costs no try.
    Away(String),
    /// Nothing was sent, because Plex was away for a while: the item is to be read again first.
    Waited,
    /// Concerns the whole run: the token is refused, or Plex stayed away for too long.
    Fatal(Stop),
    /// An error of the moment.
    Later {
        message: String,
        retry_after: Option<Duration>,
    },
    /// Trying again cannot help.
    Never(String),
    /// Plex says that it does not hold the item. Only a read of the item proves it.
    Gone,
    /// Plex does not know that picture, or no pictures of that kind.
    NoPicture(String),
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

    /// What "not found" means on a route of a picture: the item may be there all the same.
    pub(super) fn of_a_picture(self) -> Self {
        match self {
            Self::Gone => Self::NoPicture(
                "Plex does not know this picture, or no pictures of this kind. What it shows there stays.".to_owned(),
            ),
            other => other,
        }
    }

    /// Whether trying again does not help as long as nobody changes anything.
    pub(super) fn is_lasting(&self) -> bool {
        matches!(self, Self::Never(_) | Self::NoPicture(_) | Self::Outdated)
    }

    /// Which of two troubles decides what happens to the rest of a job.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Self::Outdated => 0,
            Self::Never(_) | Self::NoPicture(_) => 1,
            Self::Later { .. } => 2,
            Self::Away(_) | Self::Waited => 3,
            Self::Gone => 4,
            Self::Fatal(_) => 5,
        }
    }
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
    choices: &Offered,
    second: Option<&Again>,
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
    if second.is_none() {
        attempts.iter_mut().for_each(picture::keep_unchanged);
    }
    if let [attempt] = attempts.as_mut_slice() {
        match second {
            // Pictures went the first time; only their locks go again.
            Some(again) => {
                attempt.keys.clone_from(&again.keys);
                attempt.left.clone_from(&again.left);
                attempt.trouble.clone_from(&again.trouble);
                let changes = attempt.job.changes.iter();
                let went = changes.filter(|change| {
                    change.field.kind() == FieldKind::Image || again.spared.contains(&change.field)
                });
                attempt.done.extend(went.cloned());
            }
            None => picture::send_all(context, attempt, choices).await,
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
    send_edit(context, &mut attempts, second).await;
    for attempt in &mut attempts {
        watched::send(context, attempt).await;
    }
    attempts
}

/// Whether the edit would meet the same trouble.
pub(super) fn blocks_edit(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Away(_) | Trouble::Waited | Trouble::Fatal(_) | Trouble::Gone => true,
        Trouble::Later { .. } | Trouble::Never(_) | Trouble::NoPicture(_) | Trouble::Outdated => {
            false
        }
    }
}

impl Attempt {
    pub(super) fn trouble(&mut self, trouble: Trouble) {
        if self
            .trouble
            .as_ref()
            .is_none_or(|present| present.weight() < trouble.weight())
        {
            self.trouble = Some(trouble);
        }
    }

    /// Puts every change that is neither done nor left among the left.
    pub(super) fn leave_rest(&mut self) {
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

/// One edit for all jobs of the unit, split only where the request line would be too long.
async fn send_edit(context: &Context, attempts: &mut [Attempt], second: Option<&Again>) {
    let Some(first) = attempts.first() else {
        return;
    };
    // A picture that did not go must not be locked.
    let went: Vec<Change> = first
        .job
        .changes
        .iter()
        .filter(|change| !first.left.iter().any(|left| left.field == change.field))
        .filter(|change| second.is_none_or(|again| !again.spared.contains(&change.field)))
        .map(|change| {
            second.map_or_else(|| change.clone(), |again| from_now_on(change, &again.held))
        })
        .collect();
    let Some(ids) = Ids::new(attempts.iter().map(|attempt| attempt.job.key.rating_key.0)) else {
        return;
    };
    let section = first.job.section_id;
    let item_type = library::plex_type(first.job.item_type);
    let edit = context.cast.edit_of(&went);
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
                    Box::pin(send_edit(context, std::slice::from_mut(attempt), second)).await;
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

/// A change of a list as it is to be sent where Plex holds another one by now than is replaced.
fn from_now_on(change: &Change, held: &PlexValues) -> Change {
    let mut change = change.clone();
    if change.field.kind() == FieldKind::Tags {
        change.before = held.get(change.field).clone();
        change.before_raw = held.raw.get(&change.field).cloned();
    }
    change
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
