//! The second round: what a person, an agent and the source do after the first sync, and what the next sync must make
//! of it.
//!
//! Not here: which items are concerned, and what happens to each of them (`events`).

pub(super) mod events;

use std::collections::BTreeMap;

use super::account::Account;
use super::expect::{Expectation, ItemWant, Place, Want};
use super::item::page_file;
use super::reckon;
use super::source::Source;
use super::{File, Generated, dice};
use crate::person::{PersonValue, Scope};
use crate::seed::SeedValues;
use crate::{EditError, Emulator};
use events::{Befallen, Mishap};

/// What a person does to an attribute in Plex, which locks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The item.
    pub place: Place,
    /// Plex's name of the attribute.
    pub attribute: &'static str,
    /// The new value: text, number, rating or the whole list of tags.
    pub value: Want,
}

/// What somebody does to an actor's picture in Plex: another one, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The item.
    pub place: Place,
    /// One of its cast.
    pub actor: String,
    /// Where it is; empty where there shall be none.
    pub address: String,
}

/// What the agent does to an item: it says something else, and refreshes.
#[derive(Debug, Clone, PartialEq)]
pub struct Refresh {
    /// The item.
    pub place: Place,
    /// What it says now.
    pub says: SeedValues,
}

/// What happens between two syncs, and what the second must lead to.
#[derive(Debug, Clone)]
pub struct Round {
    /// To be done in Plex.
    pub person_edits: Vec<Edit>,
    /// To be done in Plex; no lock goes with it.
    pub faces: Vec<Face>,
    /// To be done in Plex: unlocked attributes fall back to what the agent says.
    pub agent_refreshes: Vec<Refresh>,
    /// To be written to the source folder: changed source files and posters, sorted by path.
    pub changed: Vec<File>,
    /// What must be true after the next sync.
    pub expected: Expectation,
}

impl Round {
    /// Does the person's edits and the agent's refreshes on an emulator. The changed files are left to the caller.
    ///
    /// # Errors
    /// Where an item is not there, or the emulator does not take a value.
    pub fn play(&self, emulator: &Emulator) -> Result<(), EditError> {
        let library = emulator.state();
        let key = |place: &Place| {
            let section = library.sections.get(&place.section);
            let item = section.and_then(|section| section.items.get(&place.name));
            item.map(|item| item.rating_key)
                .ok_or(EditError::NotFound(0))
        };
        for refresh in &self.agent_refreshes {
            let key = key(&refresh.place)?;
            emulator.agent_says(key, refresh.says.clone())?;
            emulator.agent_refresh(Scope::Item(key))?;
        }
        for face in &self.faces {
            emulator.set_actor_picture(key(&face.place)?, &face.actor, &face.address);
        }
        for edit in &self.person_edits {
            let value = match &edit.value {
                Want::Nothing => PersonValue::Text(String::new()),
                Want::Text(text) | Want::Picture(text) => PersonValue::Text(text.clone()),
                Want::Whole(number) => PersonValue::Text(number.to_string()),
                Want::Tenths(_) => PersonValue::Text(edit.value.to_string()),
                Want::Tags(tags) | Want::Cast { names: tags, .. } => {
                    PersonValue::Tags(tags.clone())
                }
            };
            emulator.edit_as_person(key(&edit.place)?, edit.attribute, value, true)?;
        }
        Ok(())
    }

    /// The source files that changed, by their paths below the source folder.
    pub fn changed_paths(&self) -> impl Iterator<Item = &str> {
        self.changed.iter().map(|file| file.path.as_str())
    }
}

/// Makes a second round of a world in which the first sync has just been done. Each kind of event befalls about one item
/// of each kind in thirty, at least one of each where there are 40.
pub fn second_round(first: &Generated, seed: u64) -> Round {
    let mut befallen = events::happen(first, &mut dice(seed, u64::MAX - 1));
    events::choose_faces(first, &mut dice(seed, u64::MAX - 3), &mut befallen);
    round(first, &befallen)
}

/// One changed file: an ordinary film whose source says something else, and nothing besides. Without such a film,
/// nothing.
pub fn one_change(first: &Generated, seed: u64) -> Round {
    let dice = &mut dice(seed, u64::MAX - 2);
    round(first, &events::happen_once(first, dice))
}

fn round(first: &Generated, befallen: &Befallen) -> Round {
    let source = |position: usize| befallen.source_of(first, position);
    let mut changed: BTreeMap<String, Vec<u8>> = befallen.files.clone();
    for (&position, later) in &befallen.later {
        if later.without_pictures() != first.items[position].source.without_pictures() {
            let file = page_file(&first.items, position, source);
            changed.extend(file.map(|file| (file.path, file.bytes)));
        }
    }
    let mut round = Round {
        person_edits: Vec::new(),
        faces: Vec::new(),
        agent_refreshes: Vec::new(),
        changed: changed
            .into_iter()
            .map(|(path, bytes)| File { path, bytes })
            .collect(),
        expected: Expectation {
            items: BTreeMap::new(),
            collections: first
                .expected
                .collections
                .keys()
                .map(|place| (place.clone(), false))
                .collect(),
            ..first.expected.clone()
        },
    };
    let present = first.items.iter().filter(|item| item.in_plex);
    let known = reckon::titles(present.map(|item| {
        let want = &first.expected.items[&item.place()];
        (item, want.values.clone())
    }));
    for (position, item) in first.items.iter().enumerate() {
        if !item.in_plex {
            continue;
        }
        let place = item.place();
        let want = next_sync(first, position, befallen);
        match befallen.mishaps.get(&position) {
            Some(Mishap::Edit(attribute, value)) => round.person_edits.push(Edit {
                place: place.clone(),
                attribute,
                value: value.clone(),
            }),
            Some(Mishap::Refresh(says)) => round.agent_refreshes.push(Refresh {
                place: place.clone(),
                says: says.as_ref().clone(),
            }),
            None => {}
        }
        if let Some((actor, address)) = befallen.faces.get(&position) {
            round.faces.push(Face {
                place: place.clone(),
                actor: actor.clone(),
                address: address.clone(),
            });
        }
        let told_by = item.twin.unwrap_or(position);
        let (teller, told) = (&first.items[told_by], befallen.source_of(first, told_by));
        if told.set != teller.source.set
            && let Some(made) = reckon::made(item, teller, told, &want, &known)
        {
            round.expected.collections.insert(made, true);
        }
        round.expected.items.insert(place, want);
    }
    round
}

/// What the next sync must lead to.
fn next_sync(first: &Generated, position: usize, befallen: &Befallen) -> ItemWant {
    let item = &first.items[position];
    let lock_written = first.plan.lock_written;
    let told_by = item.twin.unwrap_or(position);
    let mut account = Account::open(item);
    let (before, memories) = account.sync(
        &item.asked(
            &first.items[told_by].source,
            first.above(item),
            first.plan.takes(),
        ),
        lock_written,
    );
    account.follow(&before, memories);
    match befallen.mishaps.get(&position) {
        Some(Mishap::Edit(attribute, value)) => account.edit(attribute, value.clone(), true),
        Some(Mishap::Refresh(says)) => account.refresh(says),
        None => {}
    }
    if let Some((actor, address)) = befallen.faces.get(&position) {
        account.set_picture(actor, address);
    }
    let above = item.parent.map(|above| befallen.source_of(first, above));
    let asked = item.asked(
        befallen.source_of(first, told_by),
        above,
        first.plan.takes(),
    );
    let (mut want, _) = account.sync(&asked, lock_written);
    // What the first sync left open is open still, but for what was written since.
    let written = want.written.clone();
    want.locks
        .retain(|name, _| before.locks.contains_key(name) || written.contains(name));
    want
}

impl Befallen {
    /// What the source says of an item by now.
    fn source_of<'a>(&'a self, first: &'a Generated, position: usize) -> &'a Source {
        self.later
            .get(&position)
            .unwrap_or_else(|| &first.items[position].source)
    }
}
