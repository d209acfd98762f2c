//! Plex's attributes by name: what they hold, which items show them, and to which of them a sync may write them. One table,
//! made from what Plex shows and not from what Syncslate does.

use super::expect::Want;
use crate::ItemKind::{self, Album, Artist, Episode, Movie, Season, Show, Track};

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Whole,
    Tenths,
    /// Tags under this element in Plex's answers.
    Tags(&'static str, Rule),
    Picture,
}

/// How a list comes to be what the source asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Exactly the source's tags.
    Mirror,
    /// The source's tags are there; those that a sync once added and that the source dropped are gone.
    Own,
    /// The source's tags are there; none goes.
    Add,
}

/// One attribute.
pub(super) struct Attribute {
    pub name: &'static str,
    pub form: Form,
    /// What shows it, so that its value can be checked.
    shown_by: &'static [ItemKind],
    /// Whose values a source may tell. Titles of music are not among them: Plex merges artists and albums of one title.
    told_of: &'static [ItemKind],
}

const EVERY: &[ItemKind] = &[Movie, Show, Season, Episode, Artist, Album, Track];
const VIDEO: &[ItemKind] = &[Movie, Show, Season, Episode];
const RATED: &[ItemKind] = &[Movie, Show, Season, Episode, Album];
const SORTED: &[ItemKind] = &[Movie, Show, Episode, Artist, Album];
const WHOLE: &[ItemKind] = &[Movie, Show];
const LABELLED: &[ItemKind] = &[Movie, Show, Album];
const CREDITED: &[ItemKind] = &[Movie, Episode];
const DATED: &[ItemKind] = &[Movie, Show, Episode, Album];
const GENRED: &[ItemKind] = &[Movie, Show, Artist, Album];
const PLAYED: &[ItemKind] = &[Movie, Show, Episode];
const MUSIC: &[ItemKind] = &[Artist, Album];

const TABLE: [Attribute; 27] = [
    row("title", Form::Text, EVERY, VIDEO),
    row("titleSort", Form::Text, SORTED, SORTED),
    row("originalTitle", Form::Text, &[Movie, Show, Track], WHOLE),
    row("editionTitle", Form::Text, &[Movie], &[Movie]),
    row("summary", Form::Text, EVERY, EVERY),
    row("tagline", Form::Text, WHOLE, WHOLE),
    row("studio", Form::Text, LABELLED, LABELLED),
    row("contentRating", Form::Text, PLAYED, PLAYED),
    row("originallyAvailableAt", Form::Text, DATED, DATED),
    row("year", Form::Whole, DATED, LABELLED),
    row("rating", Form::Tenths, EVERY, RATED),
    row("audienceRating", Form::Tenths, EVERY, VIDEO),
    row("userRating", Form::Tenths, EVERY, EVERY),
    tags("genre", "Genre", Rule::Own, GENRED),
    tags("director", "Director", Rule::Mirror, CREDITED),
    tags("writer", "Writer", Rule::Mirror, CREDITED),
    tags("producer", "Producer", Rule::Mirror, &[Movie]),
    tags("country", "Country", Rule::Own, &[Movie, Artist]),
    tags("actor", "Role", Rule::Mirror, PLAYED),
    tags("collection", "Collection", Rule::Add, EVERY),
    tags("label", "Label", Rule::Add, EVERY),
    tags("style", "Style", Rule::Own, MUSIC),
    tags("mood", "Mood", Rule::Own, &[Artist, Album, Track]),
    row("thumb", Form::Picture, EVERY, EVERY),
    row("art", Form::Picture, EVERY, EVERY),
    row("clearLogo", Form::Picture, EVERY, EVERY),
    row("squareArt", Form::Picture, EVERY, EVERY),
];

/// Every attribute that a sync may write to one kind of item or another.
pub const ATTRIBUTES: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut position = 0;
    while position < TABLE.len() {
        names[position] = TABLE[position].name;
        position += 1;
    }
    names
};

/// All attributes.
pub(super) fn all() -> &'static [Attribute] {
    const { &TABLE }
}

/// The attributes that a kind of item shows.
pub(super) fn shown_by(kind: ItemKind) -> impl Iterator<Item = &'static Attribute> {
    all()
        .iter()
        .filter(move |attribute| attribute.shown_by.contains(&kind))
}

/// Whether a kind of item shows an attribute.
pub(super) fn shows(kind: ItemKind, name: &str) -> bool {
    shown_by(kind).any(|attribute| attribute.name == name)
}

/// Whether a source may tell it of a kind of item.
pub(super) fn may_tell(kind: ItemKind, name: &str) -> bool {
    named(name).is_some_and(|attribute| attribute.told_of.contains(&kind))
}

/// How a list is brought in line; `None` for what is no list.
pub(super) fn rule(name: &str) -> Option<Rule> {
    match named(name)?.form {
        Form::Tags(_, rule) => Some(rule),
        _ => None,
    }
}

/// What it holds.
pub(super) fn form(name: &str) -> Option<Form> {
    named(name).map(|attribute| attribute.form)
}

/// Whether it is a picture.
pub(super) fn is_picture(name: &str) -> bool {
    named(name).is_some_and(|attribute| attribute.form == Form::Picture)
}

impl Attribute {
    /// Reads a value as Plex writes it as text.
    pub fn read(&self, text: &str) -> Want {
        let want = match self.form {
            Form::Text if text.is_empty() => None,
            Form::Text => Some(Want::Text(text.to_owned())),
            Form::Whole => text.parse().ok().map(Want::Whole),
            Form::Tenths => text.parse().ok().map(Want::rating),
            Form::Tags(..) | Form::Picture => None,
        };
        want.unwrap_or(Want::Nothing)
    }
}

fn named(name: &str) -> Option<&'static Attribute> {
    all().iter().find(|attribute| attribute.name == name)
}

const fn row(
    name: &'static str,
    form: Form,
    shown_by: &'static [ItemKind],
    told_of: &'static [ItemKind],
) -> Attribute {
    Attribute {
        name,
        form,
        shown_by,
        told_of,
    }
}

/// What shows a list is told it.
const fn tags(
    name: &'static str,
    element: &'static str,
    rule: Rule,
    kinds: &'static [ItemKind],
) -> Attribute {
    row(name, Form::Tags(element, rule), kinds, kinds)
}
