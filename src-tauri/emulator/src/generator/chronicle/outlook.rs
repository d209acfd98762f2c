//! What may have become of one item in a sync, and which of it did.

use std::collections::BTreeMap;

use super::super::account::Account;
use super::super::attribute;
use super::super::expect::Want;
use super::super::held::Held;
use super::super::owner::Memories;
use super::super::reckon::{Values, has, same, with_dropped};
use super::{Book, Chronicle, Intent, Stand, Synced};
use crate::ItemKind;

/// All ends that are right.
pub(super) struct Outlook {
    kind: ItemKind,
    ends: Vec<End>,
    /// What this sync plans, for the next one.
    planned: BTreeMap<&'static str, Intent>,
    is_untouched: bool,
    /// Whether the sync was to write to its section.
    is_asked: bool,
    /// Whether somebody did something to the item meanwhile.
    is_contested: bool,
}

/// One of them. What is not named may be anything.
struct End {
    held: Values,
    locks: BTreeMap<&'static str, bool>,
    memories: Memories,
}

impl Chronicle {
    /// What may become of an item that stood as in `earlier`.
    pub(super) fn outlook(&self, position: usize, earlier: &Stand, sync: Synced<'_>) -> Outlook {
        let item = &self.items[position];
        let book = &earlier.books[position];
        let is_asked = sync.sections.iter().any(|title| title == item.section);
        let lock_written = self.plan.lock_written;
        let mut starts = vec![Start::of(book.account.clone())];
        // What waits for a library is written by a sync of that library alone.
        let carried = book.open.iter().filter(|_| is_asked);
        starts.extend(carried.map(|intents| carry_out(&book.account, intents, lock_written)));
        if !book.unsure.is_empty() {
            let mut unsure = book.account.clone();
            unsure
                .memories
                .retain(|name, _| !book.unsure.contains(name));
            starts.push(Start::of(unsure));
        }
        if book.may_be_forgotten {
            let forgotten = starts.clone().into_iter().map(|mut start| {
                start.account.memories = Memories::new();
                start
            });
            let forgotten: Vec<_> = forgotten.collect();
            let found_anew: Vec<_> = starts.iter().map(found_anew).collect();
            starts.extend(forgotten);
            starts.extend(found_anew);
        }
        let place = item.place();
        let events = sync.meanwhile.iter();
        let events: Vec<_> = events.filter(|event| event.concerns(&place)).collect();
        let is_contested = !events.is_empty();
        let asked = if is_asked {
            self.asked(position)
        } else {
            Values::new()
        };
        let mut ends = Vec::new();
        let mut planned = BTreeMap::new();
        for Start {
            account: start,
            cast,
        } in &starts
        {
            let (want, memories) = start.sync(&asked, lock_written);
            if planned.is_empty() {
                planned = intents(start, &want, &memories);
            }
            let mut written = start.clone();
            written.follow(&want, memories.clone());
            ends.push(End {
                held: want.values,
                locks: want.locks,
                memories,
            });
            ends.extend(unknown_pictures(start, &written, &asked));
            if sync.is_shaken || !book.open.is_empty() {
                ends.push(without_pictures(start, &written));
            }
            if !sync.is_whole || is_contested {
                ends.push(End::of(start));
                ends.extend(half_done(start, &written));
            }
            if !sync.is_whole {
                ends.extend(half_told(cast.as_ref(), &written));
            }
            let mut between = with_pictures_of(start, &written);
            let (mut first, mut last) = (start.clone(), written);
            for event in &events {
                event.befall(&mut first);
                event.befall(&mut between);
                event.befall(&mut last);
                ends.push(End::of(&first));
                // It came after the pictures and before the edit that locks them.
                ends.push(End::of(&with_pictures_of(&last, &between)));
                let (want, memories) = first.sync(&asked, lock_written);
                let mut both = first.clone();
                both.follow(&want, memories.clone());
                ends.extend(half_done(&first, &both));
                ends.push(End {
                    held: want.values,
                    locks: want.locks,
                    memories,
                });
                ends.push(End::of(&last));
                if event.is_poster() {
                    // The edit that follows an upload says which lock was planned.
                    for end in &mut ends {
                        end.locks.remove("thumb");
                    }
                }
                // Planned before, written after: the person's lock stays, the source's value is there.
                let mut over = End::of(&last);
                over.held.clone_from(&ends[0].held);
                ends.push(over);
            }
        }
        let is_sure = ends.len() == 1 && book.free.is_empty();
        let is_untouched = is_sure && planned.is_empty() && !is_contested;
        Outlook {
            kind: item.kind,
            ends,
            planned,
            is_untouched,
            is_asked,
            is_contested,
        }
    }
}

/// From where a sync may go on.
#[derive(Clone)]
struct Start {
    account: Account,
    /// The cast that its first write finds.
    cast: Option<Want>,
}

impl Start {
    fn of(account: Account) -> Self {
        let cast = account.held.get("actor").cloned();
        Self { account, cast }
    }
}

impl Outlook {
    /// Whether nothing at all may have happened to it.
    pub(super) fn is_untouched(&self) -> bool {
        self.is_untouched
    }

    /// Goes on from what is there. Returns what is no right end, one line per attribute.
    pub(super) fn settle(self, book: &mut Book, held: &Held, is_whole: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut memories = Memories::new();
        for attribute in attribute::shown_by(self.kind) {
            let name = attribute.name;
            let (now, lock) = (held.get(name), held.locked.contains(name));
            let fits = |end: &&End| {
                end.held.get(name).is_none_or(|want| same(want, &now))
                    && end.locks.get(name).is_none_or(|want| *want == lock)
            };
            let mut fitting = self.ends.iter().filter(fits);
            let end = match fitting.next() {
                Some(end) if !book.free.contains(name) => end,
                None if !book.free.contains(name) && !self.may_be_mixed(name, &now) => {
                    wrong.push(self.difference(name, &now, lock));
                    continue;
                }
                // Of no more concern.
                _ => {
                    book.free.insert(name);
                    book.unsure.insert(name);
                    book.account.held.insert(name, now);
                    continue;
                }
            };
            let memory = end.memories.get(name);
            let is_sure = fitting.all(|other| other.memories.get(name) == memory);
            if !is_sure || self.is_contested {
                book.unsure.insert(name);
            }
            memories.extend(memory.map(|memory| (name, memory.clone())));
            book.account.held.insert(name, now.clone());
            if lock {
                book.account.locked.insert(name.to_owned());
            } else {
                book.account.locked.remove(name);
            }
        }
        book.account.memories = memories;
        // What is planned for another library waits on.
        if is_whole && self.is_asked {
            book.open.clear();
        } else if !is_whole && !self.planned.is_empty() {
            book.open.push(self.planned);
        }
        wrong
    }

    /// Where an edit adds to the tags that are there, those that somebody put there between plan and write stay beside it.
    fn may_be_mixed(&self, name: &str, now: &Want) -> bool {
        let is_anybodys = |tag: &String| {
            let mut ends = self.ends.iter().filter_map(|end| end.held.get(name));
            ends.any(|want| has(want.tags(), tag))
        };
        let is_list = attribute::rule(name).is_some();
        self.is_contested && is_list && now.tags().iter().all(is_anybodys)
    }

    fn difference(&self, name: &str, now: &Want, lock: bool) -> String {
        let word = |lock: bool| if lock { "locked" } else { "unlocked" };
        let mut ends: Vec<String> = Vec::new();
        for end in &self.ends {
            let value = end
                .held
                .get(name)
                .map_or("anything".to_owned(), Want::to_string);
            let lock = end.locks.get(name).map_or("", |lock| word(*lock));
            let end = format!("{} {lock}", shortened(&value));
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        let now = shortened(&now.to_string());
        format!(
            "{name}: is {now} {}, must be {}",
            word(lock),
            ends.join(" or ")
        )
    }
}

impl End {
    fn of(account: &Account) -> Self {
        Self {
            held: account.held.clone(),
            locks: attribute::shown_by(account.kind)
                .map(|attribute| (attribute.name, account.locked.contains(attribute.name)))
                .collect(),
            memories: account.memories.clone(),
        }
    }
}

/// The source's picture that is there already, and of which nothing is remembered: its key does not tell everywhere what
/// it is. Where it is unlocked, it may be sent and locked; where it is locked, it may pass for a person's.
fn unknown_pictures(start: &Account, written: &Account, asked: &Values) -> Vec<End> {
    let unknown: Vec<&'static str> = asked
        .iter()
        .filter(|(name, wish)| {
            let is_there = start.held.get(*name).is_some_and(|held| same(held, wish));
            attribute::is_picture(name) && is_there && !start.memories.contains_key(*name)
        })
        .map(|(name, _)| *name)
        .collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let (mut sent, mut left) = (End::of(written), End::of(written));
    for name in unknown {
        left.memories.remove(name);
        if !start.locked.contains(name) {
            sent.locks.insert(name, true);
            if let Some(memory) = sent.memories.get_mut(name) {
                memory.our_lock = true;
            }
        }
    }
    vec![sent, left]
}

/// Where Plex's path of a picture moved before it could be sent, it is left to the next sync.
fn without_pictures(start: &Account, written: &Account) -> End {
    let (mut end, before) = (End::of(written), End::of(start));
    for attribute in attribute::shown_by(start.kind) {
        let name = attribute.name;
        if !attribute::is_picture(name) {
            continue;
        }
        end.held
            .extend(before.held.get(name).map(|held| (name, held.clone())));
        end.locks
            .extend(before.locks.get(name).map(|lock| (name, *lock)));
        end.memories.remove(name);
        let memory = before.memories.get(name);
        end.memories
            .extend(memory.map(|memory| (name, memory.clone())));
    }
    end
}

/// A picture is sent first and locked by the edit that follows.
fn half_done(start: &Account, written: &Account) -> Option<End> {
    let half = with_pictures_of(start, written);
    (half.held != start.held).then(|| End::of(&half))
}

/// The same with the pictures of another account; its locks are as they are.
fn with_pictures_of(account: &Account, other: &Account) -> Account {
    let mut account = account.clone();
    let held = other.held.iter();
    let pictures = held.filter(|(name, _)| attribute::is_picture(name));
    let pictures = pictures.map(|(name, picture)| (*name, picture.clone()));
    account.held.extend(pictures);
    account
}

/// Plex may drop pictures of actors with an edit of their cast; they are told again once that was seen.
fn half_told(before: Option<&Want>, written: &Account) -> Option<End> {
    let (before, goal) = (before?, written.held.get("actor")?);
    let cast = with_dropped(before, goal);
    let is_other = !same(&cast, goal);
    is_other.then(|| {
        let mut end = End::of(written);
        end.held.insert("actor", cast);
        end
    })
}

fn intents(
    start: &Account,
    want: &super::super::expect::ItemWant,
    memories: &Memories,
) -> BTreeMap<&'static str, Intent> {
    let written = want.written.iter().copied();
    written
        .filter_map(|name| {
            let intent = Intent {
                before: start.held.get(name)?.clone(),
                goal: want.values.get(name)?.clone(),
                lock: *want.locks.get(name)?,
                memory: memories.get(name)?.clone(),
            };
            Some((name, intent))
        })
        .collect()
}

/// What syncs remember that forgot an item and found it again in the same breath, as it stands: nothing there is theirs.
fn found_anew(start: &Start) -> Start {
    let mut start = start.clone();
    for memory in start.account.memories.values_mut() {
        memory.our_lock = false;
        memory.ours.clear();
        memory.overwritten = 0;
    }
    start
}

/// What an earlier sync had planned is written after all, whether its source is there at present or not: as planned where
/// nobody touched it since; otherwise its item is read again, and the wish of then meets what is there now. A picture is
/// left to the next sync.
fn carry_out(
    account: &Account,
    intents: &BTreeMap<&'static str, Intent>,
    lock_written: bool,
) -> Start {
    let mut account = account.clone();
    let mut cast = account.held.get("actor").cloned();
    let mut anew = Values::new();
    for (&name, intent) in intents {
        let now = account.held.get(name);
        let dropped = with_dropped(&intent.before, &intent.goal);
        let is_known = [&intent.before, &intent.goal, &dropped];
        if !now.is_some_and(|now| is_known.iter().any(|known| same(now, known))) {
            if !attribute::is_picture(name) {
                anew.insert(name, intent.memory.asked.clone());
            }
            continue;
        }
        if name == "actor" {
            cast = Some(intent.before.clone());
        }
        account.held.insert(name, intent.goal.clone());
        if intent.lock {
            account.locked.insert(name.to_owned());
        }
        account.memories.insert(name, intent.memory.clone());
    }
    let (want, memories) = account.sync(&anew, lock_written);
    account.follow(&want, memories);
    // What Plex derives from another attribute may be anything then.
    for (written, derived) in [("title", "titleSort"), ("originallyAvailableAt", "year")] {
        if intents.contains_key(written) && !intents.contains_key(derived) {
            account.held.remove(derived);
        }
    }
    Start { account, cast }
}

/// Enough of a value to recognise it.
fn shortened(value: &str) -> String {
    if value.chars().count() > 90 {
        let start: String = value.chars().take(88).collect();
        format!("{start}…")
    } else {
        value.to_owned()
    }
}
