//! Sections, and what each agent calls itself and the items that it does not know.

use super::ItemKind;
use crate::seed::{SectionAgent, SectionKind};

/// A section.
#[derive(Debug)]
pub(crate) struct Section {
    pub id: u32,
    pub uuid: String,
    pub title: String,
    pub kind: SectionKind,
    pub agent: SectionAgent,
    pub locations: Vec<String>,
    pub created_at: i64,
    pub scanned_at: i64,
}

impl Section {
    /// The folder that an item's file lies in, directly below the section's own: the show's or the artist's.
    pub fn folder_of(&self, file: &str) -> Option<String> {
        self.locations.iter().find_map(|location| {
            let location = location.trim_end_matches(['/', '\\']);
            let rest = file.strip_prefix(location)?;
            let separator = rest.chars().next().filter(|first| "/\\".contains(*first))?;
            Some(match rest[1..].split_once(separator) {
                Some((folder, _)) => format!("{location}{separator}{folder}"),
                None => location.to_owned(),
            })
        })
    }
}

impl SectionKind {
    /// The section's `type`.
    pub(crate) fn name(self) -> &'static str {
        ItemKind::of_section(self).name()
    }
}

impl SectionAgent {
    /// What a section says is its agent.
    pub(crate) fn identifier(self, kind: SectionKind) -> &'static str {
        match (self, kind) {
            (Self::None, _) | (_, SectionKind::Photo) => "com.plexapp.agents.none",
            (Self::Plex, SectionKind::Movie) => "tv.plex.agents.movie",
            (Self::Plex, SectionKind::Show) => "tv.plex.agents.series",
            (Self::Nfo, SectionKind::Movie) => "tv.plex.agents.nfo.movie",
            (Self::Nfo, SectionKind::Show) => "tv.plex.agents.nfo.series",
            // There is no agent for the .nfo files of music.
            (Self::Plex | Self::Nfo, SectionKind::Artist) => "tv.plex.agents.music",
        }
    }

    /// What a section says is its scanner.
    pub(crate) fn scanner(self, kind: SectionKind) -> &'static str {
        match (self, kind) {
            (Self::None, SectionKind::Movie) => "Plex Video Files Scanner",
            (_, SectionKind::Movie) => "Plex Movie",
            (_, SectionKind::Show) => "Plex TV Series",
            (_, SectionKind::Artist) => "Plex Music",
            (_, SectionKind::Photo) => "Plex Photo Scanner",
        }
    }

    /// The guid of an item of which a seed says none.
    pub(crate) fn guid_of(self, section: SectionKind, kind: ItemKind, key: u64) -> String {
        match self {
            Self::Nfo => format!("{}://{}/{key}", self.identifier(section), kind.name()),
            Self::Plex | Self::None => format!("local://{key}"),
        }
    }
}
