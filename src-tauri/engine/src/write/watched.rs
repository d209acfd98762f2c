//! Tells Plex that an item was watched, or was not: a request of its own, since no edit can say it.
//!
//! It counts a play each time it is sent, so that it is sent only where the item was last read to be marked otherwise: a
//! job whose answer was lost is read again first (`prepare`, `verify`), and its change then says in *before* what is there.

use super::context::Context;
use super::unit::Attempt;
use crate::library::is_unchanged;
use crate::model::Field;

/// Sends the mark of an attempt, if it has one that is neither done nor left.
pub(super) async fn send(context: &Context, attempt: &mut Attempt) {
    let settled = attempt.done.iter().chain(&attempt.left);
    if settled
        .into_iter()
        .any(|change| change.field == Field::Watched)
    {
        return;
    }
    let Some(change) = attempt.job.change(Field::Watched).cloned() else {
        return;
    };
    if is_unchanged(&change) {
        attempt.done.push(change);
        return;
    }
    let (item, watched) = (attempt.job.key.rating_key.0, !change.after.is_empty());
    let result = context
        .write("watched", || context.client().mark_watched(item, watched))
        .await;
    match result {
        Ok(()) => attempt.done.push(change),
        Err(trouble) => {
            attempt.left.push(change);
            attempt.trouble(trouble);
        }
    }
}
