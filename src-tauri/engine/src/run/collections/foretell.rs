//! What a dry run says of collections: of those of which its items speak, and of those that earlier runs left open. It
//! stores nothing, so that what it hears is kept in memory.
//!
//! Not here: the order of members, which is not foretold.

use std::collections::BTreeSet;

use syncslate_plex::{Details, PlexType};

use crate::library;
use crate::store::{CollectionKey, CollectionRecord, CollectionSays};
use crate::write::Stop;

use super::super::compare::{self, Chunk, PIECE};
use super::super::session::{Remembered, Session};
use super::due::{self, Lists, Made};
use super::said::as_item;
use super::step::{Which, compare_page};

/// Takes in what a dry run hears, which stores nothing.
pub(in super::super) async fn foretold(
    session: &Session,
    says: Vec<CollectionSays>,
) -> Result<(), Stop> {
    let mut heard = session.foretold.lock().await;
    for says in says {
        let mut record = heard.remove(&says.key);
        if let (None, Some(state)) = (&record, &session.state) {
            let at = says.key;
            record = state.read(|reader| reader.collection(at))?;
        }
        if record.is_some() || !says.leaves {
            heard.insert(says.key, CollectionRecord::heard(record, &says));
        }
    }
    Ok(())
}

/// Says what would be written, of those to come as of those that are there.
pub(super) async fn foretell(session: &Session, which: Which<'_>) -> Result<(), Stop> {
    let heard = std::mem::take(&mut *session.foretold.lock().await);
    let left = left_open(session, which).await?;
    let mut lists = Lists::new();
    if let Some(state) = &session.state {
        let left: Vec<CollectionKey> = left
            .iter()
            .filter(|at| !heard.contains_key(*at))
            .copied()
            .collect();
        for page in left.chunks(PIECE) {
            let records = due::read(session, state, which, page).await?;
            let made = due::bind(session, &mut lists, records).await?;
            compare_page(session, made, which).await?;
        }
    }
    let mut chunk = Chunk::default();
    for section in &session.sections.all {
        let mut there = Vec::new();
        let mut to_come = Vec::new();
        for (at, record) in &heard {
            let is_due = record.open || left.contains(at);
            if at.section() != section.uuid || !is_due {
                continue;
            }
            match &record.made {
                Some(made) => there.push(Made {
                    at: *at,
                    record: record.clone(),
                    key: at.item(made.key),
                }),
                None if record.expected.is_empty() => {}
                None => to_come.push(record),
            }
        }
        while !there.is_empty() {
            let page = there.drain(..there.len().min(PIECE)).collect();
            compare_page(session, page, which).await?;
        }
        for record in to_come {
            let new = Details {
                item_type: Some(PlexType::Collection),
                title: Some(record.title.clone()),
                ..Details::default()
            };
            let hash = session.path_hash.as_ref();
            let server = session.sections.server;
            if let Some(plex) = library::item(&new, server, section.uuid, hash) {
                let item = as_item(session, record);
                let mut nothing = Remembered::default();
                let planned = compare::plan_one(session, &item, &plex, &new, &mut nothing).await?;
                compare::add(session, &mut chunk, &item, &plex, &nothing, planned, true);
            }
        }
    }
    Ok(())
}

/// What a sync would look at although no item speaks of it.
async fn left_open(session: &Session, which: Which<'_>) -> Result<BTreeSet<CollectionKey>, Stop> {
    match &session.state {
        Some(state) => {
            let due = due::due(session, state, which).await?;
            Ok(due.into_iter().collect())
        }
        None => Ok(BTreeSet::new()),
    }
}
