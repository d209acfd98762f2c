//! What an item can be: one table.
//!
//! Not here: which fields and tags a kind holds (`fields`, `tags`).

use crate::seed::SectionKind;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A film, or another video (type 1).
    Movie,
    /// A show (2).
    Show,
    /// A season (3).
    Season,
    /// An episode (4).
    Episode,
    /// An artist (8).
    Artist,
    /// An album (9).
    Album,
    /// A track (10).
    Track,
    /// A photo (13).
    Photo,
    /// A collection (18).
    Collection,
}

struct Row {
    kind: ItemKind,
    /// Plex's number of the type.
    number: u32,
    name: &'static str,
    /// The element in XML.
    element: &'static str,
    /// What stands below it.
    below: Option<ItemKind>,
}

const ROWS: [Row; 9] = [
    row(ItemKind::Movie, 1, "movie", "Video", None),
    row(
        ItemKind::Show,
        2,
        "show",
        "Directory",
        Some(ItemKind::Season),
    ),
    row(
        ItemKind::Season,
        3,
        "season",
        "Directory",
        Some(ItemKind::Episode),
    ),
    row(ItemKind::Episode, 4, "episode", "Video", None),
    row(
        ItemKind::Artist,
        8,
        "artist",
        "Directory",
        Some(ItemKind::Album),
    ),
    row(
        ItemKind::Album,
        9,
        "album",
        "Directory",
        Some(ItemKind::Track),
    ),
    row(ItemKind::Track, 10, "track", "Track", None),
    row(ItemKind::Photo, 13, "photo", "Photo", None),
    row(ItemKind::Collection, 18, "collection", "Directory", None),
];

const fn row(
    kind: ItemKind,
    number: u32,
    name: &'static str,
    element: &'static str,
    below: Option<ItemKind>,
) -> Row {
    Row {
        kind,
        number,
        name,
        element,
        below,
    }
}

impl ItemKind {
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        ROWS.iter()
            .find(|row| row.number == number)
            .map(|row| row.kind)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    /// Plex's number of the type.
    pub fn number(self) -> u32 {
        self.row().number
    }

    /// Plex's name of the type.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    pub(crate) fn element(self) -> &'static str {
        self.row().element
    }

    /// What stands below it: seasons below a show.
    pub(crate) fn below(self) -> Option<Self> {
        self.row().below
    }

    /// What a section lists where no type is asked for.
    pub(crate) fn of_section(kind: SectionKind) -> Self {
        match kind {
            SectionKind::Movie => Self::Movie,
            SectionKind::Show => Self::Show,
            SectionKind::Artist => Self::Artist,
            SectionKind::Photo => Self::Photo,
        }
    }

    /// What a section lists, from the top down.
    pub(crate) fn all_of_section(kind: SectionKind) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(Self::of_section(kind)), |kind| kind.below())
    }

    fn row(self) -> &'static Row {
        // The rows stand in the order of the variants.
        &ROWS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_variants() {
        for (position, row) in ROWS.iter().enumerate() {
            assert_eq!(row.kind as usize, position, "{:?}", row.kind);
        }
    }
}
