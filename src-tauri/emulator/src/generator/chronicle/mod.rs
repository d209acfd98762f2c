//! A world's chronicle: it is told what people, agents, Plex and the source do, and says after every sync what may have
//! become of every item. So any number of rounds can be reckoned, also those that were broken off in the middle.
//!
//! What others do to Plex is the emulator's own doing, and is read from it ([`Chronicle::observe`]). What a sync makes of
//! it is reckoned by the same plain arithmetic as the first round (`owner`). Where several ends are right, all of them are
//! named, and the history goes on from the one that is there:
//!
//! | what happened | what an attribute may be |
//! |---|---|
//! | a sync came to its end | what the table says |
//! | requests of it failed | pictures may be left to the next sync |
//! | it was broken off | as the table says, or as before; a picture may be there without its lock |
//! | an earlier sync was broken off | also what that one had planned, once a sync of its library goes on, be its source there by then or not; where somebody touched the attribute since, what the table makes of its wish by now |
//! | somebody edited it meanwhile | the person's value or the source's, never a third one |
//! | an agent took a picture back between its upload and the edit with its lock | also the agent's under that lock |
//! | an agent changed a list of it meanwhile | also a mixture of both, which nobody looks at again |
//! | a picture is there of which syncs remember nothing | it may be sent once more, or be left alone |
//! | Plex gave the item a new key | syncs remember nothing of it (where it happened meanwhile: perhaps, or only as they found it anew) |
//! | what a collection says of itself waits, and its tellers are away | it waits on |
//!
//! Not here: which events happen (`draw`, `faces`), and how they are carried out (`event`).

mod draw;
mod event;
mod faces;
mod outlook;

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::expect::{Place, SET_OVERVIEW, Want};
use super::held::Held;
use super::item::{Item, Voice};
use super::owner::Memory;
use super::reckon::{self, Title, Values};
use super::source::Source;
use super::{Generated, Plan, attribute};
use crate::LibraryState;
use crate::seed::SeedValues;

pub use event::Event;

/// See the module.
#[derive(Debug, Clone)]
pub struct Chronicle {
    items: Vec<Item>,
    plan: Plan,
    positions: BTreeMap<Place, usize>,
    now: Stand,
    /// Before the latest sync, if an undo can lead back there.
    before: Option<Stand>,
}

/// What is known at one moment.
#[derive(Debug, Clone)]
struct Stand {
    /// By the items' positions.
    books: Vec<Book>,
    /// Folders of the source that are not there at present.
    away: BTreeSet<&'static str>,
    /// Collections that syncs made and of which the source says [`SET_OVERVIEW`].
    collections: BTreeSet<Place>,
}

/// What is known of one item.
#[derive(Debug, Clone)]
struct Book {
    /// What its source says, whether that can be read at present or not.
    source: Source,
    told: Told,
    /// Whether Plex has it.
    is_present: bool,
    /// What its agent says.
    agent: SeedValues,
    account: Account,
    /// What syncs that were broken off had planned and not written.
    open: Vec<BTreeMap<&'static str, Intent>>,
    /// Attributes of which it is not sure what syncs remember.
    unsure: BTreeSet<&'static str>,
    /// Attributes that may be anything from now on.
    free: BTreeSet<&'static str>,
    /// Whether syncs may have forgotten the whole item.
    may_be_forgotten: bool,
    /// Whether anybody but a sync ever did something to it in Plex.
    is_touched: bool,
}

/// Whether a source can be read at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Well,
    /// Its file and its pictures are not there.
    Removed,
    /// Its file is no XML.
    Broken,
}

/// What a sync had planned for an attribute.
#[derive(Debug, Clone)]
struct Intent {
    before: Want,
    goal: Want,
    lock: bool,
    memory: Memory,
}

/// What a sync was told, and how it went.
#[derive(Debug, Clone, Copy)]
pub struct Synced<'a> {
    /// Titles of the sections that it was to write to.
    pub sections: &'a [String],
    /// Whether it ran to its end; otherwise every attribute may be written or not.
    pub is_whole: bool,
    /// Whether requests failed, so that Plex was read and written to more than once.
    pub is_shaken: bool,
    /// What was done in Plex meanwhile.
    pub meanwhile: &'a [Event],
}

impl Chronicle {
    /// Begins before the first sync.
    pub fn new(world: &Generated) -> Self {
        let books = world.items.iter().map(|item| Book {
            source: item.source.clone(),
            told: Told::Well,
            is_present: item.in_plex,
            agent: item.agent.clone(),
            account: Account::open(item),
            open: Vec::new(),
            unsure: BTreeSet::new(),
            free: BTreeSet::new(),
            may_be_forgotten: false,
            is_touched: false,
        });
        Self {
            now: Stand {
                books: books.collect(),
                away: BTreeSet::new(),
                collections: BTreeSet::new(),
            },
            items: world.items.clone(),
            plan: world.plan.clone(),
            positions: (world.items.iter().enumerate())
                .filter(|(_, item)| item.in_plex)
                .map(|(position, item)| (item.place(), position))
                .collect(),
            before: None,
        }
    }

    /// Reads what Plex holds after something was done there between two syncs.
    pub fn observe(&mut self, library: &LibraryState) {
        for (item, book) in self.items.iter().zip(&mut self.now.books) {
            let section = library.sections.get(item.section);
            let Some(state) = section.and_then(|section| section.items.get(&item.name)) else {
                continue;
            };
            let held = Held::from_state(state);
            for attribute in attribute::shown_by(item.kind) {
                let now = held.get(attribute.name);
                book.account.held.insert(attribute.name, now);
            }
            book.account.locked.clone_from(&state.locks);
        }
    }

    /// Looks at what a sync made of the library that was as `before`. Returns what is wrong, one line each.
    pub fn synced(
        &mut self,
        sync: Synced<'_>,
        before: &LibraryState,
        library: &LibraryState,
    ) -> Vec<String> {
        let earlier = self.now.clone();
        for event in sync.meanwhile {
            self.note_meanwhile(event);
        }
        let known = self.titles(&earlier);
        let mut wrong = Vec::new();
        let mut made = Vec::new();
        let mut is_clean = sync.is_whole && sync.meanwhile.is_empty();
        for position in 0..self.items.len() {
            let item = &self.items[position];
            if !self.now.books[position].is_present {
                continue;
            }
            let section = library.sections.get(item.section);
            let Some(state) = section.and_then(|section| section.items.get(&item.name)) else {
                wrong.push(format!("{}: is not there", item.place()));
                continue;
            };
            let outlook = self.outlook(position, &earlier, sync);
            is_clean &= earlier.books[position].open.is_empty();
            let old = before.sections.get(item.section);
            let old = old.and_then(|section| section.items.get(&item.name));
            if outlook.is_untouched() && old.is_some_and(|old| old != state) {
                wrong.push(format!("{}: was touched", item.place()));
            }
            let held = Held::from_state(state);
            let found = outlook.settle(&mut self.now.books[position], &held, sync.is_whole);
            for line in found {
                wrong.push(format!("{}: {line}", item.place()));
            }
            made.extend(self.made(position, &earlier, &known));
        }
        self.now.collections.extend(made);
        self.now.collections = self.living_collections();
        if sync.is_whole {
            wrong.extend(self.wrong_collections(sync.sections, before, library));
        }
        self.before = is_clean.then_some(earlier);
        wrong
    }

    /// Whether an undo of the latest sync leads back to where it began.
    pub fn can_undo(&self) -> bool {
        self.before.is_some()
    }

    /// The latest sync was taken back: Plex holds what it held, and syncs remember what they remembered, but for what the
    /// sync found in Plex as the source asks for.
    pub fn undone(&mut self) {
        let Some(mut before) = self.before.take() else {
            return;
        };
        for (book, later) in before.books.iter_mut().zip(&self.now.books) {
            book.unsure.extend(&later.unsure);
            for (&attribute, memory) in &later.account.memories {
                let (before, after) = (&book.account, &later.account);
                let is_locked = before.locked.contains(attribute);
                if before.held.get(attribute) == after.held.get(attribute)
                    && is_locked == after.locked.contains(attribute)
                {
                    let memory = memory.clone();
                    book.account.memories.insert(attribute, memory);
                }
            }
        }
        self.now = before;
    }

    /// Which locks must be there after all locks of syncs were taken away; an attribute of which that is not sure is not
    /// named.
    pub fn locks_without_syncs(&self) -> BTreeMap<Place, BTreeMap<&'static str, bool>> {
        let books = self.items.iter().zip(&self.now.books);
        books
            .filter(|(_, book)| book.is_present && !book.may_be_forgotten)
            .map(|(item, book)| {
                let account = &book.account;
                let sure = attribute::shown_by(item.kind)
                    .map(|attribute| attribute.name)
                    .filter(|name| !book.unsure.contains(name) && *name != "titleSort");
                let locks = sure.map(|name| (name, account.is_locked_by_others(name)));
                (item.place(), locks.collect())
            })
            .collect()
    }

    /// The items that nobody but syncs ever did anything to in Plex.
    pub fn untouched(&self) -> BTreeSet<Place> {
        let books = self.items.iter().zip(&self.now.books);
        books
            .filter(|(_, book)| book.is_present && !book.is_touched)
            .map(|(item, _)| item.place())
            .collect()
    }

    /// What the source asks for of an item at present.
    fn asked(&self, position: usize) -> Values {
        let item = &self.items[position];
        let teller = item.twin.unwrap_or(position);
        let book = &self.now.books[teller];
        if self.now.away.contains(self.items[teller].folder()) {
            return Values::new();
        }
        let above = item.parent.map(|above| &self.now.books[above]);
        let above = above
            .filter(|above| above.told == Told::Well)
            .map(|above| &above.source);
        match book.told {
            Told::Well => item.asked(&book.source, above, self.plan.takes()),
            Told::Removed => item.named(above),
            Told::Broken => Values::new(),
        }
    }

    /// All collections that items were in.
    fn titles(&self, stand: &Stand) -> BTreeSet<Title> {
        let books = self.items.iter().zip(&stand.books);
        let present = books.filter(|(_, book)| book.is_present);
        reckon::titles(present.map(|(item, book)| (item, book.account.held.clone())))
    }

    /// The collection that an item's sync made, if its source tells more of it than the name.
    fn made(&self, position: usize, earlier: &Stand, known: &BTreeSet<Title>) -> Option<Place> {
        let item = &self.items[position];
        let told_by = item.twin.unwrap_or(position);
        let teller = &self.items[told_by];
        if !self.asked(position).contains_key("collection")
            || !teller.page.as_ref()?.habits.tells_of_set()
        {
            return None;
        }
        let source = &self.now.books[told_by].source;
        let title = reckon::clean_tags(source.set.as_slice()).pop()?;
        let is_in = |stand: &Stand| {
            let held = stand.books[position].account.held.get("collection");
            held.is_some_and(|held| reckon::has(held.tags(), &title))
        };
        let key = (item.section, item.kind, title.to_lowercase());
        (is_in(&self.now) && !is_in(earlier) && !known.contains(&key))
            .then(|| Place::new(item.section, &title))
    }

    /// Those that have a member left: the others went with their last one.
    fn living_collections(&self) -> BTreeSet<Place> {
        let titles = self.titles(&self.now);
        let is_there = |place: &&Place| {
            titles.iter().any(|(section, _, title)| {
                *section == place.section && *title == place.name.to_lowercase()
            })
        };
        self.now
            .collections
            .iter()
            .filter(is_there)
            .cloned()
            .collect()
    }

    fn wrong_collections(
        &self,
        sections: &[String],
        before: &LibraryState,
        library: &LibraryState,
    ) -> Vec<String> {
        let summary_in = |library: &LibraryState, place: &Place| {
            let section = library.sections.get(&place.section);
            let held = section.and_then(|section| section.collections.get(&place.name));
            held.and_then(|held| held.fields.get("summary")).cloned()
        };
        let mine = self.now.collections.iter();
        mine.filter(|place| sections.contains(&place.section))
            .filter_map(|place| {
                let summary = summary_in(library, place);
                let is_right = summary.as_deref() == Some(SET_OVERVIEW)
                    // What waits to be said of it, its tellers being away, waits on.
                    || (!self.is_told_of(place) && summary.is_none() && summary_in(before, place).is_none());
                (!is_right).then(|| format!("{place}: the collection's summary is {summary:?}"))
            })
            .collect()
    }

    /// Whether the source says more of a collection than its name at present.
    fn is_told_of(&self, collection: &Place) -> bool {
        (0..self.items.len()).any(|position| {
            let item = &self.items[position];
            let told_by = item.twin.unwrap_or(position);
            let page = self.items[told_by].page.as_ref();
            let title = reckon::clean_tags(self.now.books[told_by].source.set.as_slice()).pop();
            item.section == collection.section
                && self.now.books[position].is_present
                && title.is_some_and(|title| title.to_lowercase() == collection.name.to_lowercase())
                && page.is_some_and(|page| page.habits.tells_of_set())
                && self.asked(position).contains_key("collection")
        })
    }

    /// All items that stand in the same file of the source as one.
    fn sharing(&self, position: usize) -> Vec<usize> {
        let Some(path) = self.items[position].page_path() else {
            return vec![position];
        };
        let items = self.items.iter().enumerate();
        items
            .filter(|(_, item)| item.page_path() == Some(path))
            .map(|(position, _)| position)
            .collect()
    }

    /// An item and all below it.
    fn with_all_below(&self, position: usize) -> Vec<usize> {
        let mut all = vec![position];
        let mut done = 0;
        while let Some(&above) = all.get(done) {
            let items = self.items.iter().enumerate();
            let below = items.filter(|(_, item)| item.in_plex && item.parent == Some(above));
            all.extend(below.map(|(position, _)| position));
            done += 1;
        }
        all
    }

    /// Whether it is what makes its folder a show's, and with that the pictures of seasons beside it theirs.
    fn carries_pictures(&self, position: usize) -> bool {
        let items = self.items.iter();
        items
            .filter(|item| item.parent == Some(position))
            .any(|item| item.voice == Voice::Pictures)
    }

    fn speaks(&self, position: usize) -> bool {
        self.items[position].voice == Voice::Page && self.items[position].page.is_some()
    }
}
