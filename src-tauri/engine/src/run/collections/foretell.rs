//! What a dry run says of collections. It stores nothing, so that what it hears of them is kept in memory.
//!
//! Not here: the order of members, which is not foretold.

use syncslate_plex::{Details, PlexType};

use crate::library;
use crate::model::ItemKey;
use crate::store::{CollectionRecord, CollectionSays};
use crate::write::Stop;

use super::super::compare::{self, Chunk, PIECE};
use super::super::session::{Remembered, Session};
use super::due::Made;
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
    let mut chunk = Chunk::default();
    for section in &session.sections.all {
        let mut there = Vec::new();
        let mut to_come = Vec::new();
        for (at, record) in &heard {
            if at.section() != section.uuid || !record.open {
                continue;
            }
            match &record.made {
                Some(made) => there.push(Made {
                    at: *at,
                    record: record.clone(),
                    key: ItemKey {
                        server: session.sections.server,
                        section: section.uuid,
                        rating_key: made.key,
                    },
                }),
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
                let nothing = Remembered::default();
                let planned = compare::plan_one(session, &item, &plex, &new, &nothing).await?;
                compare::add(session, &mut chunk, &item, &plex, &nothing, planned, true);
            }
        }
    }
    Ok(())
}
