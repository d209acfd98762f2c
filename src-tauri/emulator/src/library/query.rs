//! What a listing lets through, and in what order.
//!
//! Text: `title=` contains, `title==` is, `title<=` begins, `title>=` ends, each also with `!` before it. Numbers: `>>=` after, `<<=` before, `>=` and `<=` with the bound itself; dates
//! also relative (`-30d`). Filters that are not known are ignored. Not here: paging (`routes`).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::{Item, ItemKind, Library, Value, tag_kind};

/// A listing's conditions; all must hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    conditions: Vec<Condition>,
}

/// A test, and of whom: `show.title` asks the show above an episode; where none is above, the item itself.
#[derive(Debug, Clone)]
struct Condition {
    of: Option<ItemKind>,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Number {
        field: Number,
        compare: Compare,
        bound: i64,
    },
    Title {
        text: String,
        compare: TextCompare,
        not: bool,
    },
    Guid(String),
    Keys(Vec<u64>),
    Unmatched(bool),
    Tag {
        kind: &'static str,
        wanted: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy)]
enum TextCompare {
    Contains,
    Is,
    Begins,
    Ends,
}

#[derive(Debug, Clone, Copy)]
enum Number {
    UpdatedAt,
    AddedAt,
    Year,
}

#[derive(Debug, Clone, Copy)]
enum Compare {
    After,
    Before,
    AtLeast,
    AtMost,
    Is,
}

/// A part of a listing.
#[derive(Debug)]
pub(crate) struct Rows<'l> {
    /// Rows of the whole listing.
    pub total: usize,
    pub shown: Vec<&'l Item>,
}

/// A listing's order: columns, each with whether it runs downwards.
#[derive(Debug)]
pub(crate) struct Order(Vec<(Column, bool)>);

#[derive(Debug, Clone, Copy)]
enum Column {
    UpdatedAt,
    AddedAt,
    TitleSort,
    Key,
    Year,
    Rating(&'static str),
    Date,
    Index,
}

impl Filter {
    /// Reads the parameters of a listing; `now` is in seconds.
    pub fn read<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>, now: i64) -> Self {
        let conditions = parameters
            .into_iter()
            .filter_map(|(name, value)| Condition::read(name, value, now))
            .collect();
        Self { conditions }
    }

    pub fn lets_through(&self, library: &Library, item: &Item) -> bool {
        self.conditions
            .iter()
            .all(|condition| condition.holds(library, item))
    }
}

impl Condition {
    fn read(name: &str, value: &str, now: i64) -> Option<Self> {
        let (of, name) = match name.split_once('.') {
            Some((kind, field)) => (ItemKind::from_name(kind), field),
            None => (None, name),
        };
        let test = Test::read(name, value, now)?;
        Some(Self { of, test })
    }

    fn holds(&self, library: &Library, item: &Item) -> bool {
        let asked = self.of.and_then(|kind| library.of_kind_above(item, kind));
        self.test.holds(library, asked.unwrap_or(item))
    }
}

impl Test {
    fn read(name: &str, value: &str, now: i64) -> Option<Self> {
        let bare = name.trim_end_matches(['>', '<', '=', '!']);
        let operator = &name[bare.len()..];
        match bare {
            "updatedAt" => Self::number(Number::UpdatedAt, operator, value, now),
            "addedAt" => Self::number(Number::AddedAt, operator, value, now),
            "year" => Self::number(Number::Year, operator, value, now),
            "title" => Some(Self::Title {
                text: value.to_lowercase(),
                compare: match operator.trim_start_matches('!') {
                    "" => TextCompare::Contains,
                    "=" => TextCompare::Is,
                    "<" => TextCompare::Begins,
                    ">" => TextCompare::Ends,
                    _ => return None,
                },
                not: operator.starts_with('!'),
            }),
            "guid" => Some(Self::Guid(value.to_owned())),
            "id" => Some(Self::Keys(
                value
                    .split(',')
                    .filter_map(|key| key.parse().ok())
                    .collect(),
            )),
            "unmatched" => Some(Self::Unmatched(value != "0")),
            other => Some(Self::Tag {
                kind: tag_kind(other)?.name,
                wanted: value.split(',').map(str::to_lowercase).collect(),
            }),
        }
    }

    fn number(field: Number, operator: &str, value: &str, now: i64) -> Option<Self> {
        let compare = match operator {
            ">>" => Compare::After,
            "<<" => Compare::Before,
            ">" => Compare::AtLeast,
            "<" => Compare::AtMost,
            "" | "=" => Compare::Is,
            _ => return None,
        };
        let bound = value.parse().ok().or_else(|| relative(value, now))?;
        Some(Self::Number {
            field,
            compare,
            bound,
        })
    }

    fn holds(&self, library: &Library, item: &Item) -> bool {
        match self {
            Self::Number {
                field,
                compare,
                bound,
            } => {
                let held = match field {
                    Number::UpdatedAt => item.updated_at,
                    Number::AddedAt => item.added_at,
                    Number::Year => item.whole("year").unwrap_or_default(),
                };
                match compare {
                    Compare::After => held > *bound,
                    Compare::Before => held < *bound,
                    Compare::AtLeast => held >= *bound,
                    Compare::AtMost => held <= *bound,
                    Compare::Is => held == *bound,
                }
            }
            Self::Title { text, compare, not } => {
                let title = item.title().to_lowercase();
                let holds = match compare {
                    TextCompare::Contains => title.contains(text),
                    TextCompare::Is => title == *text,
                    TextCompare::Begins => title.starts_with(text),
                    TextCompare::Ends => title.ends_with(text),
                };
                holds != *not
            }
            Self::Guid(guid) => item.guid == *guid,
            Self::Keys(keys) => keys.contains(&item.key),
            Self::Unmatched(unmatched) => item.guid.starts_with("local://") == *unmatched,
            Self::Tag { kind, wanted } => item.tags.get(kind).into_iter().flatten().any(|tag| {
                wanted.contains(&tag.to_string())
                    || wanted.contains(&library.tags.name(*tag).to_lowercase())
            }),
        }
    }
}

impl<'l> Rows<'l> {
    /// The wanted part of these.
    pub fn of(items: &[&'l Item], wanted: &Range<usize>) -> Self {
        let end = wanted.end.min(items.len());
        Self {
            total: items.len(),
            shown: items.get(wanted.start..end).unwrap_or_default().to_vec(),
        }
    }
}

impl Order {
    /// Reads `sort=titleSort,updatedAt:desc`; without it, or with nothing known in it, by sort title.
    pub fn read(sort: Option<&str>) -> Self {
        let mut columns: Vec<_> = sort
            .unwrap_or_default()
            .split(',')
            .filter_map(|part| {
                let (name, direction) = part.split_once(':').unwrap_or((part, "asc"));
                let name = name.rsplit('.').next().unwrap_or(name);
                Some((Column::read(name)?, direction == "desc"))
            })
            .collect();
        if columns.is_empty() {
            columns.push((Column::TitleSort, false));
        }
        Self(columns)
    }

    /// Whether it is the one in which [`super::Items`] stand.
    fn is_by_title(&self) -> bool {
        matches!(self.0.as_slice(), [(Column::TitleSort, false)])
    }

    fn compare(&self, left: &Item, right: &Item) -> Ordering {
        for (column, downwards) in &self.0 {
            let order = match column {
                Column::UpdatedAt => left.updated_at.cmp(&right.updated_at),
                Column::AddedAt => left.added_at.cmp(&right.added_at),
                Column::TitleSort => without_case(left.sort_title(), right.sort_title()),
                Column::Key => left.key.cmp(&right.key),
                Column::Year => left.whole("year").cmp(&right.whole("year")),
                Column::Rating(field) => tenths(left, field).cmp(&tenths(right, field)),
                Column::Date => left
                    .text("originallyAvailableAt")
                    .cmp(right.text("originallyAvailableAt")),
                Column::Index => left.index.cmp(&right.index),
            };
            let order = if *downwards { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        left.key.cmp(&right.key)
    }
}

impl Column {
    fn read(name: &str) -> Option<Self> {
        match name {
            "updatedAt" => Some(Self::UpdatedAt),
            "addedAt" => Some(Self::AddedAt),
            "titleSort" | "title" => Some(Self::TitleSort),
            "ratingKey" | "id" => Some(Self::Key),
            "year" => Some(Self::Year),
            "rating" => Some(Self::Rating("rating")),
            "audienceRating" => Some(Self::Rating("audienceRating")),
            "userRating" => Some(Self::Rating("userRating")),
            "originallyAvailableAt" => Some(Self::Date),
            "index" => Some(Self::Index),
            _ => None,
        }
    }
}

impl Library {
    /// The items of one kind in a section that a filter lets through, in order.
    pub fn list(&self, section: u32, kind: ItemKind, filter: &Filter, order: &Order) -> Vec<&Item> {
        let mut items: Vec<_> = self
            .items
            .by_title(section, kind, 0)
            .filter(|item| filter.lets_through(self, item))
            .collect();
        if !order.is_by_title() {
            items.sort_by(|left, right| order.compare(left, right));
        }
        items
    }

    /// The wanted part of such a listing, where it needs no look at the rest: one of all items by sort title.
    pub fn page(
        &self,
        section: u32,
        kind: ItemKind,
        filter: &Filter,
        order: &Order,
        wanted: &Range<usize>,
    ) -> Option<Rows<'_>> {
        if !filter.conditions.is_empty() || !order.is_by_title() {
            return None;
        }
        let items = self.items.by_title(section, kind, wanted.start);
        Some(Rows {
            total: self.items.count(section, kind),
            shown: items.take(wanted.len()).collect(),
        })
    }
}

impl Library {
    /// The tags of one kind that items of a section have, by name.
    pub fn tags_in_use(&self, section: u32, kind: &str) -> Vec<(u64, &str)> {
        let items = self.items.values().filter(|item| item.section == section);
        let ids: BTreeSet<u64> = items
            .filter_map(|item| item.tags.get(kind))
            .flatten()
            .copied()
            .collect();
        let mut tags: Vec<_> = ids.into_iter().map(|id| (id, self.tags.name(id))).collect();
        tags.sort_by_key(|(id, name)| (*name, *id));
        tags
    }
}

fn tenths(item: &Item, field: &str) -> Option<i64> {
    match item.fields.get(field) {
        Some(Value::Tenths(tenths)) => Some(*tenths),
        _ => None,
    }
}

fn without_case(left: &str, right: &str) -> Ordering {
    let folded = left.chars().flat_map(char::to_lowercase);
    folded.cmp(right.chars().flat_map(char::to_lowercase))
}

/// `-30d` and the like; units m h d w mon y.
fn relative(value: &str, now: i64) -> Option<i64> {
    let digits_end = value.rfind(|letter: char| letter.is_ascii_digit())? + 1;
    let number: i64 = value[..digits_end].parse().ok()?;
    let seconds = match &value[digits_end..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "mon" => 30 * 86_400,
        "y" => 365 * 86_400,
        _ => return None,
    };
    Some(now + number * seconds)
}

/// Splits a query at its first `=`; a second one directly after it belongs to the name (`title==Alien`).
pub(crate) fn read_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match value.strip_prefix('=') {
                Some(value) => (decode(name) + "=", decode(value)),
                None => (decode(name), decode(value)),
            }
        })
        .collect()
}

fn decode(text: &str) -> String {
    let spaced: Cow<'_, str> = if text.contains('+') {
        text.replace('+', " ").into()
    } else {
        text.into()
    };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
