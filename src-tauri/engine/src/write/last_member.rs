//! Jobs that waited, and would take the last member out of a collection that Syncslate did not make: since they were
//! planned somebody may have taken the others out.
//!
//! Not here: the plan's own look at that (`run`).

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::stop::Stop;
use crate::library::plex_type;
use crate::model::{Field, ItemKey, PlexValues, RatingKey};
use crate::plan;
use crate::queue::Job;
use crate::store::StoreError;
use crate::text;

/// A job with what its item holds now.
pub(super) type Waited<'j> = (&'j Job, &'j PlexValues);

/// The items of such jobs. Costs one request per section, and only where tags go.
pub(super) async fn emptying(
    context: &Context,
    jobs: &[Waited<'_>],
) -> Result<BTreeSet<ItemKey>, Stop> {
    let mut leaving: BTreeMap<u32, Vec<(&Job, Vec<String>)>> = BTreeMap::new();
    for (job, held) in jobs {
        let tags = going(job, held);
        if !tags.is_empty() && !is_meant(context, job)? {
            let of_section = leaving.entry(job.section_id).or_default();
            of_section.push((job, tags));
        }
    }
    let mut emptying = BTreeSet::new();
    for (section, leaving) in leaving {
        let client = context.client();
        let listed = context.link.ask(|| client.collections(section)).await?;
        let mut left = vec![None; listed.len()];
        for (job, tags) in leaving {
            for tag in tags {
                let tag = text::fold(&tag);
                let at = listed.iter().position(|collection| {
                    !collection.smart
                        && text::fold(&collection.title) == tag
                        && collection
                            .of
                            .is_none_or(|of| of == plex_type(job.item_type))
                });
                let Some(at) = at else { continue };
                let collection = ItemKey {
                    rating_key: RatingKey(listed[at].rating_key),
                    ..job.key
                };
                let made = context
                    .state
                    .read(|reader| reader.collections_made_as(collection))?;
                if !made.is_empty() {
                    continue;
                }
                let left = left[at].get_or_insert(listed[at].size.unwrap_or(1));
                if *left <= 1 {
                    emptying.insert(job.key);
                } else {
                    *left -= 1;
                }
            }
        }
    }
    Ok(emptying)
}

/// The collections that an item is in, and that a job takes it out of.
fn going(job: &Job, held: &PlexValues) -> Vec<String> {
    let Some(change) = job.change(Field::Collections) else {
        return Vec::new();
    };
    let going = plan::without(change.before.tags(), change.after.tags());
    plan::within(&going, held.get(Field::Collections).tags())
}

/// Whether a person was asked, and said that it may go.
fn is_meant(context: &Context, job: &Job) -> Result<bool, StoreError> {
    let chosen = context.state.read(|reader| reader.chosen(job.key))?;
    Ok(chosen.lets_last_member_go())
}
