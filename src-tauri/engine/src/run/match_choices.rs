//! What a person said of single source items, held against Plex as it is now.
//!
//! | a chosen item | then |
//! |---|---|
//! | is where it was | it matches |
//! | has its file under another key | it matches, and the choice follows it |
//! | is gone, and everything was listed | the choice is dropped |
//! | is gone, as far as was listed | it does not match, and the choice waits |
//! | is of a section that is not synced | the choice waits |
//!
//! *Never this* stays, also where the item is gone: it may come back. Not here: how a choice is made (`survey`).

use std::collections::{BTreeMap, BTreeSet};

use sha1::{Digest, Sha1};

use crate::library::{CacheError, LibraryCache};
use crate::matching::Standing;
use crate::model::{ChosenItem, ItemKey, PlexItem, SectionUuid, SourceNumber};
use crate::store::{MatchChoiceRecord, State, StoreError};

/// Everything that was said of a source's items. As large as what a person said one by one.
#[derive(Debug, Default)]
pub(super) struct MatchChoices(BTreeMap<String, MatchChoiceRecord>);

/// What was said of one source item.
#[derive(Debug)]
pub(super) struct Said {
    /// The items that it means.
    pub(super) accepted: Vec<PlexItem>,
    /// The items that it never means.
    pub(super) rejected: BTreeSet<ItemKey>,
    /// The choice as it stands now, where that is not what is stored.
    pub(super) renewed: Option<MatchChoiceRecord>,
    /// Differs as soon as something else was said.
    stamp: [u8; 16],
}

impl MatchChoices {
    /// Everything that is stored; nothing where there is no state.
    pub(super) async fn load(
        state: Option<&State>,
        source: SourceNumber,
    ) -> Result<Self, StoreError> {
        let Some(state) = state else {
            return Ok(Self::default());
        };
        let records = state
            .read_long(move |reader| reader.match_choices(source))
            .await?;
        let by_id = records
            .into_iter()
            .map(|record| (record.source_id.clone(), record));
        Ok(Self(by_id.collect()))
    }

    /// What is stored of a source item.
    pub(super) fn stored(&self, source_id: &str) -> Option<&MatchChoiceRecord> {
        self.0.get(source_id)
    }

    /// What was said of a source item; `None` where nothing was. `complete` says that the cache holds all that Plex has.
    pub(super) fn of(
        &self,
        source_id: &str,
        sections: &[SectionUuid],
        library: &dyn LibraryCache,
        complete: bool,
    ) -> Result<Option<Said>, CacheError> {
        let Some(record) = self.0.get(source_id) else {
            return Ok(None);
        };
        let mut now = record.clone();
        let mut accepted = Vec::new();
        let mut kept = Vec::new();
        for chosen in &record.accepted {
            match standing(chosen, sections, library)? {
                Some(Standing::Here(item) | Standing::Rekeyed(item)) => {
                    kept.push(followed(chosen, &item));
                    accepted.push(item);
                }
                Some(Standing::Gone) if complete => {}
                Some(Standing::Gone) | None => kept.push(chosen.clone()),
            }
        }
        now.accepted = kept;
        let mut rejected = BTreeSet::new();
        for chosen in &mut now.rejected {
            if let Some(Standing::Here(item) | Standing::Rekeyed(item)) =
                standing(chosen, sections, library)?
            {
                *chosen = followed(chosen, &item);
            }
            rejected.insert(chosen.key);
        }
        let mut digest = Sha1::new();
        for chosen in &now.accepted {
            digest.update(chosen.key.to_bytes());
        }
        digest.update([0]);
        for chosen in &now.rejected {
            digest.update(chosen.key.to_bytes());
        }
        let mut stamp = [0; 16];
        stamp.copy_from_slice(&digest.finalize()[..16]);
        Ok(Some(Said {
            accepted,
            rejected,
            renewed: (now != *record).then_some(now),
            stamp,
        }))
    }
}

impl Said {
    /// Makes the stamp of a source item's files one of these files under this choice: whatever remembers it looks again
    /// once something else is said.
    pub(super) fn mark(&self, stamp: &mut [u8; 16]) {
        for (byte, said) in stamp.iter_mut().zip(self.stamp) {
            *byte ^= said;
        }
    }
}

/// How a chosen item stands; `None` where its section is not synced.
fn standing(
    chosen: &ChosenItem,
    sections: &[SectionUuid],
    library: &dyn LibraryCache,
) -> Result<Option<Standing>, CacheError> {
    if !sections.contains(&chosen.key.section) {
        return Ok(None);
    }
    let at_key = library.get(&[chosen.key])?.pop().flatten();
    let mut at_paths = Vec::new();
    if at_key.is_none() || at_key.as_ref().map(|item| &item.identity) != Some(&chosen.identity) {
        for path in &chosen.identity.paths {
            at_paths.extend(library.at_path(chosen.key.server, chosen.key.section, *path)?);
        }
    }
    Ok(Some(Standing::of(chosen, at_key, || at_paths)))
}

/// The choice as it is about the item's present key and files. A title alone makes no other choice.
fn followed(chosen: &ChosenItem, item: &PlexItem) -> ChosenItem {
    if chosen.key == item.key && chosen.identity == item.identity {
        return chosen.clone();
    }
    ChosenItem::of(item)
}
