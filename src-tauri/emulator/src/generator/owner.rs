//! The table of *who owns a value* and the list rules, written a second time and simply: what one sync makes of one item.
//!
//! Not here: what the source asks for (`values`), and what happens to items between syncs (`account`).

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::{self, Rule};
use super::expect::{ItemWant, Want};
use super::reckon::{
    Values, has, means_same, part_of, same, tag_want, with_parts, without_pictures,
};
use crate::ItemKind;

/// What one sync makes of one item, and what is remembered of it afterwards.
///
/// | held = asked | remembered | locked | is | then |
/// |---|---|---|---|---|
/// | yes | any | any | settled | nothing is written, nothing is locked |
/// | no | no | no | the agent's | written |
/// | no | no | yes | a person's | kept |
/// | no | as read back | any | ours | written, where the source asks for something else or a tag is missing |
/// | no | our lock | gone | handed back | kept |
/// | no | other than read back | yes | a person's edit | kept |
/// | no | other than read back | no | an agent's, again | written, but not a third time in a row |
///
/// What is written is locked unless it is a collection.
pub(super) fn sync(
    kind: ItemKind,
    held: &Values,
    locked: &BTreeSet<String>,
    memories: &Memories,
    asked: &Values,
    lock_written: bool,
) -> (ItemWant, Memories) {
    let mut item = ItemWant {
        values: held.clone(),
        locks: attribute::shown_by(kind)
            .map(|attribute| (attribute.name, locked.contains(attribute.name)))
            .collect(),
        ..ItemWant::new(kind)
    };
    let mut after = memories.clone();
    for (&attribute, wish) in asked {
        let Some(now) = held.get(attribute).cloned() else {
            // Whether there is something to write depends on what Plex made of it.
            item.values.insert(attribute, wish.clone());
            item.locks.remove(attribute);
            continue;
        };
        let memory = memories.get(attribute);
        let is_locked = locked.contains(attribute);
        let goal = merged(attribute, &now, wish, memory, is_locked);
        match whose(attribute, &goal, &now, is_locked, memory, wish) {
            Whose::Settled => {
                // As it stands in Plex: a decomposed text stays so.
                item.values.insert(attribute, now.clone());
                after.insert(
                    attribute,
                    Memory::adopted(attribute, memory, wish, now, is_locked),
                );
            }
            Whose::Plexs => {}
            Whose::Persons { both_changed } => {
                item.kept.insert(attribute);
                if both_changed {
                    item.conflicts.insert(attribute);
                }
            }
            Whose::Sources => {
                let lock = is_locked || (lock_written && attribute != "collection");
                let written =
                    Memory::written(attribute, memory, wish, &now, &goal, (is_locked, lock));
                after.insert(attribute, written);
                item.values.insert(attribute, goal);
                item.locks.insert(attribute, lock);
                item.written.insert(attribute);
            }
        }
    }
    if item.written.contains("title") && !item.written.contains("titleSort") {
        // What a derived sort title does when the title is edited is Plex's own affair.
        item.locks.remove("titleSort");
        if !asked.contains_key("titleSort") {
            item.values.remove("titleSort");
        }
    }
    if item.written.contains("originallyAvailableAt") && !asked.contains_key("year") {
        // Whether a date brings its year along is Plex's own affair too.
        item.values.remove("year");
    }
    (item, after)
}

/// Who decides an attribute: see [`sync`].
enum Whose {
    Settled,
    /// Plex holds what it made of the same wish.
    Plexs,
    Persons {
        both_changed: bool,
    },
    Sources,
}

fn whose(
    attribute: &str,
    goal: &Want,
    now: &Want,
    is_locked: bool,
    memory: Option<&Memory>,
    wish: &Want,
) -> Whose {
    if means_same(goal, now) {
        return Whose::Settled;
    }
    let is_gap = means_same(&without_pictures(goal), now);
    let Some(memory) = memory else {
        return if is_locked {
            Whose::Persons {
                both_changed: false,
            }
        } else {
            Whose::Sources
        };
    };
    let source_changed = !same(&memory.asked, wish);
    let plex_changed = memory.is_changed(attribute, now);
    let is_handed_back = memory.our_lock && !is_locked;
    if is_gap && (is_handed_back || (plex_changed && is_locked)) {
        // Nobody is asked about a picture.
        return Whose::Plexs;
    }
    if is_handed_back {
        return Whose::Persons {
            both_changed: false,
        };
    }
    match (plex_changed, source_changed) {
        (false, false) if attribute::rule(attribute).is_none() => Whose::Plexs,
        (true, _) if is_locked => Whose::Persons {
            both_changed: source_changed,
        },
        (true, false) if memory.overwritten >= OVERWRITTEN_AT_MOST => Whose::Persons {
            both_changed: false,
        },
        _ => Whose::Sources,
    }
}

/// So often an agent may take an attribute back before it is left to it.
const OVERWRITTEN_AT_MOST: u8 = 2;

/// What is remembered of an attribute that a sync wrote, or found as the source asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Memory {
    /// What the source asked for.
    pub asked: Want,
    /// What Plex then held.
    pub held: Want,
    /// Whether a sync set its lock.
    pub our_lock: bool,
    /// The tags that syncs added, which were not there before.
    pub ours: Vec<String>,
    /// How often in a row an agent took the same value back.
    pub overwritten: u8,
}

/// Memory by attribute.
pub(super) type Memories = BTreeMap<&'static str, Memory>;

impl Memory {
    /// Whether Plex holds something else than it did. In lists that leave others' tags alone, only a tag that was asked
    /// for and is gone counts.
    pub(super) fn is_changed(&self, attribute: &str, now: &Want) -> bool {
        match attribute::rule(attribute) {
            Some(Rule::Own | Rule::Add) => {
                let mut asked = self.asked.tags().iter();
                asked.any(|tag| has(self.held.tags(), tag) && !has(now.tags(), tag))
            }
            // Another picture of an actor is right; only that ours is gone counts.
            _ => !means_same(&without_pictures(&self.held), now) || self.has_lost_picture(now),
        }
    }

    /// The picture that a sync gave an actor.
    fn our_picture(&self, actor: &str) -> Option<&str> {
        let picture = |cast| part_of(cast, actor)?.picture.as_deref();
        let (asked, held) = (picture(&self.asked)?, picture(&self.held)?);
        (asked == held && !asked.is_empty()).then_some(asked)
    }

    fn has_lost_picture(&self, now: &Want) -> bool {
        let is_gap = |actor: &String| {
            part_of(now, actor).is_some_and(|part| part.picture.as_deref() == Some(""))
        };
        let mut actors = self.asked.tags().iter();
        actors.any(|actor| self.our_picture(actor).is_some() && is_gap(actor))
    }

    fn adopted(
        attribute: &str,
        before: Option<&Self>,
        wish: &Want,
        now: Want,
        is_locked: bool,
    ) -> Self {
        let is_persons =
            is_locked && before.is_some_and(|before| before.is_changed(attribute, &now));
        let ours = before.map_or(&[][..], |before| &before.ours).iter();
        Self {
            asked: wish.clone(),
            our_lock: !is_persons && before.is_some_and(|before| before.our_lock),
            ours: ours.filter(|tag| has(now.tags(), tag)).cloned().collect(),
            overwritten: 0,
            held: now,
        }
    }

    /// `locks`: before and afterwards.
    fn written(
        attribute: &str,
        before: Option<&Self>,
        wish: &Want,
        now: &Want,
        goal: &Want,
        (was_locked, lock): (bool, bool),
    ) -> Self {
        let mut ours = added(wish, now);
        for tag in before.map_or(&[][..], |before| &before.ours) {
            if has(goal.tags(), tag) && !has(&ours, tag) {
                ours.push(tag.clone());
            }
        }
        let is_again = before.is_some_and(|before| {
            !was_locked
                && !before.our_lock
                && same(&before.asked, wish)
                && before.is_changed(attribute, now)
        });
        Self {
            asked: wish.clone(),
            held: goal.clone(),
            our_lock: if was_locked {
                before.is_some_and(|before| before.our_lock)
            } else {
                lock
            },
            ours,
            overwritten: before
                .filter(|_| is_again)
                .map_or(0, |before| before.overwritten + 1),
        }
    }
}

/// The tags of a wish that were not there before.
fn added(wish: &Want, before: &Want) -> Vec<String> {
    let tags = wish.tags().iter();
    tags.filter(|tag| !has(before.tags(), tag))
        .cloned()
        .collect()
}

fn merged(
    attribute: &str,
    now: &Want,
    wish: &Want,
    memory: Option<&Memory>,
    is_locked: bool,
) -> Want {
    let rule = match attribute::rule(attribute) {
        None | Some(Rule::Mirror) => {
            // A gap in a cast that a person locked is theirs.
            let fills_gaps = !is_locked || memory.is_some_and(|memory| memory.our_lock);
            return with_parts(wish, now, |actor, there| {
                let ours = memory.and_then(|memory| memory.our_picture(actor));
                (there.is_empty() && fills_gaps) || ours == Some(there)
            });
        }
        Some(rule) => rule,
    };
    let gone = |tag: &String| {
        rule == Rule::Own
            && memory.is_some_and(|memory| has(&memory.ours, tag))
            && !has(wish.tags(), tag)
    };
    let mut goal: Vec<String> = now
        .tags()
        .iter()
        .filter(|tag| !gone(tag))
        .cloned()
        .collect();
    for tag in wish.tags() {
        if !has(&goal, tag) {
            goal.push(tag.clone());
        }
    }
    tag_want(goal)
}
