//! The question about values that were locked in Plex before anything was known of them: one per library, asked once.
//!
//! Somebody may have edited them in Plex, or an earlier Syncslate wrote them and its state was lost. Nothing tells these
//! apart, so a person does. Not here: which values those are (`plan`, [`crate::model::KeptReason::LockedBefore`]).

use std::collections::BTreeSet;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::record::{Record, hex};
use super::tables::{StateReader, StateWriter, Table};
use crate::model::{KeptReason, SectionUuid, ServerNumber};

/// Items looked at at once.
const PAGE: usize = 1_000;

/// How far the question about a section's locked values is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedQuestion {
    /// Somebody answered for all of them. What is found later is listed, and not asked about.
    pub answered: bool,
}

impl Record for LockedQuestion {}

impl StateReader<'_> {
    /// The sections of a server for which the question is open.
    pub fn locked_questions(
        &self,
        server: ServerNumber,
    ) -> Result<BTreeSet<SectionUuid>, StoreError> {
        Ok(self
            .all_locked_questions(server)?
            .into_iter()
            .filter(|(_, question)| !question.answered)
            .map(|(section, _)| section)
            .collect())
    }

    /// How many values the open questions are about.
    pub fn locked_before(&self, server: ServerNumber) -> Result<u64, StoreError> {
        let asked = self.locked_questions(server)?;
        if asked.is_empty() {
            return Ok(0);
        }
        let mut values = 0;
        let mut after = None;
        loop {
            let page = self.kept_items(after, PAGE)?;
            let Some((last, _)) = page.last() else {
                return Ok(values);
            };
            after = Some(*last);
            for (key, record) in &page {
                if key.server == server && asked.contains(&key.section) {
                    let kept = record.kept.iter();
                    values += kept
                        .filter(|kept| kept.reason == KeptReason::LockedBefore)
                        .count() as u64;
                }
            }
        }
    }

    fn all_locked_questions(
        &self,
        server: ServerNumber,
    ) -> Result<Vec<(SectionUuid, LockedQuestion)>, StoreError> {
        let (from, to) = (
            bytes(server, SectionUuid::nil()),
            bytes(server, SectionUuid::max()),
        );
        self.page(
            Table::LockedQuestions,
            (Bound::Included(&from), Bound::Included(&to)),
            usize::MAX,
        )?
        .into_iter()
        .map(|(key, question)| Ok((section(&key)?, question)))
        .collect()
    }
}

impl StateWriter<'_> {
    /// A plan met such a value: the question is open, if it was not answered before.
    pub fn ask_of_locked(
        &mut self,
        server: ServerNumber,
        section: SectionUuid,
    ) -> Result<(), StoreError> {
        let key = bytes(server, section);
        if self
            .get::<LockedQuestion>(Table::LockedQuestions, &key)?
            .is_some()
        {
            return Ok(());
        }
        let question = LockedQuestion { answered: false };
        self.put(Table::LockedQuestions, &key, &question)
    }

    /// Somebody answered for all of a server's.
    pub fn answer_of_locked(&mut self, server: ServerNumber) -> Result<(), StoreError> {
        for (section, question) in self.all_locked_questions(server)? {
            if !question.answered {
                let question = LockedQuestion { answered: true };
                self.put(Table::LockedQuestions, &bytes(server, section), &question)?;
            }
        }
        Ok(())
    }
}

fn bytes(server: ServerNumber, section: SectionUuid) -> [u8; 18] {
    let mut bytes = [0; 18];
    bytes[..2].copy_from_slice(&server.0.to_be_bytes());
    bytes[2..].copy_from_slice(section.as_bytes());
    bytes
}

fn section(key: &[u8]) -> Result<SectionUuid, StoreError> {
    key.get(2..)
        .and_then(|section| SectionUuid::from_slice(section).ok())
        .ok_or_else(|| StoreError::Decode {
            table: Table::LockedQuestions.name(),
            key: hex(key),
            reason: "its key has a wrong length".into(),
        })
}
