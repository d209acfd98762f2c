//! The settings by which an item is planned.

use std::collections::BTreeMap;

use super::compare::same;
use crate::model::{Chosen, Field, ListMode, Policy, Value};

/// What an empty value of a source may clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClearRule {
    /// Nothing.
    Nothing,
    /// What Syncslate wrote and Plex still holds so. Right for .nfo, whose writers leave elements empty for *unknown*.
    #[default]
    Ours,
    /// Whatever the policy lets any other value overwrite. Only for sources whose empty fields are meant.
    Whatever,
}

/// The settings by which an item is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Policies that differ from the field's default.
    pub policies: BTreeMap<Field, Policy>,
    /// List modes that differ from the field's default.
    pub list_modes: BTreeMap<Field, ListMode>,
    /// Whether what is written is locked. Nothing is ever unlocked by a sync.
    pub lock_written: bool,
    /// What an empty value may clear. An empty title never clears.
    pub clear: ClearRule,
    /// The server's version: what one refused, another may take.
    pub server_version: String,
}

impl Rules {
    /// Rules with every field's default list mode, and with [`ClearRule::Ours`].
    pub fn new(
        policies: BTreeMap<Field, Policy>,
        lock_written: bool,
        server_version: &str,
    ) -> Self {
        Self {
            policies,
            list_modes: BTreeMap::new(),
            lock_written,
            clear: ClearRule::default(),
            server_version: server_version.to_owned(),
        }
    }

    /// The policy of a field.
    pub fn policy(&self, field: Field) -> Policy {
        self.policies
            .get(&field)
            .copied()
            .unwrap_or_else(|| field.default_policy())
    }

    /// The same, with *source is right* in fields for which a person decided so, where the source still asks for what it
    /// did then, and no policy that leaves the field alone was set since.
    #[must_use]
    pub fn with_chosen(
        &self,
        chosen: &BTreeMap<Field, Chosen>,
        wanted: &BTreeMap<Field, Value>,
    ) -> Self {
        let mut rules = self.clone();
        let standing = chosen.iter().filter(|(field, chosen)| {
            let is_allowed = match self.policy(**field) {
                Policy::Off => false,
                Policy::FillEmpty => chosen.despite_fill,
                Policy::KeepEdits | Policy::SourceIsRight => true,
            };
            is_allowed
                && wanted
                    .get(field)
                    .is_some_and(|wanted| same(**field, wanted, &chosen.value))
        });
        rules
            .policies
            .extend(standing.map(|(field, _)| (*field, Policy::SourceIsRight)));
        rules
    }

    /// How a list field is brought in line. [`ListMode::Mirror`] for other kinds, where it means nothing.
    pub fn list_mode(&self, field: Field) -> ListMode {
        let chosen = self.list_modes.get(&field).copied();
        chosen
            .or_else(|| field.default_list_mode())
            .unwrap_or(ListMode::Mirror)
    }
}
