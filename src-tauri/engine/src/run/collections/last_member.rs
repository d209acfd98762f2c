//! Plex removes a collection with its last member, and with it the pictures and texts that somebody gave it. Where Syncslate
//! did not make it, its last member stays until a person says that it may go.
//!
//! | A tag goes from an item | then |
//! |---|---|
//! | others stay in the collection | it goes |
//! | none would stay | it stays, and is listed as kept |
//! | none would stay, but others join by the same run | it stays, and the next sync looks again: until they were written the collection has no other member |
//! | the collection is Syncslate's | it goes: what the collection says is the source's, and comes back with an undo |
//! | a person was asked, and decided for the source | it goes |
//! | none would stay, by an undo | it stays, as a conflict |
//!
//! Not here: which tags go (`plan`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Conflict, ConflictKind, Field, ItemKey, ItemType, Kept, KeptReason, PlexItem, SectionUuid,
    Value,
};
use crate::plan::{self, ItemPlan};
use crate::text;
use crate::write::Stop;

use super::super::aim;
use super::super::session::{Remembered, Session, lock};
use super::Known;

/// A collection by its section, what its members are, and its folded title.
type Title = (SectionUuid, ItemType, String);

/// What a run's plan leaves of collections that are not Syncslate's.
#[derive(Debug, Default)]
pub(in super::super) struct Emptied {
    /// Members that stay, of those from which some go.
    left: BTreeMap<Title, u64>,
    /// Those into which members come.
    joined: BTreeSet<Title>,
    /// Last members that stay for now.
    spared: Vec<(Title, ItemKey)>,
}

impl Emptied {
    /// Takes a member out. `false` where it is the last one, which stays.
    fn take(&mut self, title: &Title, members: u64, is_meant: bool) -> bool {
        let left = self.left.entry(title.clone()).or_insert(members);
        if *left <= 1 && !is_meant {
            return false;
        }
        *left = left.saturating_sub(1);
        true
    }
}

/// Leaves tags out of a plan with which a collection of somebody else's would go.
pub(in super::super) async fn spare_last_members(
    session: &Session,
    plex: &PlexItem,
    remembered: &Remembered,
    planned: &mut ItemPlan,
) -> Result<(), Stop> {
    let at = |plan: &ItemPlan| {
        let mut changes = plan.changes.iter();
        changes.position(|change| change.field == Field::Collections)
    };
    let Some(at) = at(planned) else {
        return Ok(());
    };
    let Some(known) = aim::collections_of(session, plex).await? else {
        return Ok(());
    };
    let change = &mut planned.changes[at];
    // Decided of something else, it does not mean that.
    let is_meant = remembered.noted.chosen.lets_last_member_go()
        && remembered
            .chosen
            .get(&Field::Collections)
            .is_some_and(|chosen| plan::same(Field::Collections, &chosen.value, &change.asked));
    let stay = judge(
        &mut lock(&session.emptied),
        &known,
        plex,
        (change.before.tags(), change.after.tags()),
        is_meant,
    );
    if stay.is_empty() {
        return Ok(());
    }
    planned.kept.push(Kept {
        field: Field::Collections,
        reason: KeptReason::LastMember,
        plex: change.before.clone(),
        source: change.asked.clone(),
    });
    let mut tags = change.after.tags().to_vec();
    tags.extend(stay);
    change.after = Value::Tags(tags);
    if plan::same(Field::Collections, &change.before, &change.after) {
        planned.changes.remove(at);
    }
    Ok(())
}

/// The same of an undo: the members that stood beside this one went since, so that somebody has to decide.
pub(in super::super) async fn spare_in_undo(
    session: &Session,
    plex: &PlexItem,
    planned: &mut ItemPlan,
) -> Result<(), Stop> {
    let mut changes = planned.changes.iter();
    let Some(at) = changes.position(|change| change.field == Field::Collections) else {
        return Ok(());
    };
    let change = &planned.changes[at];
    if plan::without(change.before.tags(), change.after.tags()).is_empty() {
        return Ok(());
    }
    let section = session.sections.of(plex.key.section);
    let known = session.collections(section).await?;
    let tags = (change.before.tags(), change.after.tags());
    let stay = judge(&mut lock(&session.emptied), &known, plex, tags, false);
    if !stay.is_empty() {
        let change = planned.changes.remove(at);
        planned.conflicts.push(Conflict {
            field: Field::Collections,
            kind: ConflictKind::EditedSince,
            plex: change.before,
            source: change.after,
        });
    }
    Ok(())
}

/// The tags that must stay of those that go from an item.
fn judge(
    emptied: &mut Emptied,
    known: &Known,
    plex: &PlexItem,
    (before, after): (&[String], &[String]),
    is_meant: bool,
) -> Vec<String> {
    let title = |tag: &str| (plex.key.section, plex.item_type, text::fold(tag));
    let joined = plan::without(after, before);
    emptied.joined.extend(joined.iter().map(|tag| title(tag)));
    let mut stay = plan::without(before, after);
    stay.retain(|tag| {
        let Some(members) = known.members_of_others(plex.item_type, tag) else {
            return false;
        };
        let title = title(tag);
        let goes = emptied.take(&title, members, is_meant);
        if !goes {
            emptied.spared.push((title, plex.key));
        }
        !goes
    });
    stay
}

/// Has the next sync compare the last members of collections into which others come by this run.
pub(in super::super) async fn look_again(session: &Session) {
    let again: Vec<ItemKey> = {
        let emptied = lock(&session.emptied);
        let spared = emptied.spared.iter();
        let joined = spared.filter(|(title, _)| emptied.joined.contains(title));
        joined.map(|(_, key)| *key).collect()
    };
    if again.is_empty() {
        return;
    }
    let library = session.library.clone();
    let told = session
        .blocking
        .run(move || {
            let items = library.get(&again)?.into_iter().flatten();
            let news: Vec<_> = items.map(|item| (item, true)).collect();
            library.put(&news)
        })
        .await;
    if let Err(error) = told {
        tracing::debug!(%error, "the library cache was not told of members to look at again");
    }
}
