//! Reads `matrix.txt` and holds every cell against the plan.

use std::collections::BTreeMap;

use crate::model::{BaseField, Field, FieldKind, KeptReason, ListMode, PlexValues, Policy, Value};
use crate::plan::{ItemPlan, Rules, Selected, list_of, plan_item};
use crate::text;

const TABLE: &str = include_str!("matrix.txt");
const SOURCES: [&str; 4] = ["absent", "empty", "same", "new"];
const PLEX: [&str; 4] = ["A", "B", "other", "none"];
const POLICIES: [Policy; 4] = [
    Policy::KeepEdits,
    Policy::SourceIsRight,
    Policy::FillEmpty,
    Policy::Off,
];

/// A cell: section, source, base, plex, lock.
type Cell<'a> = [&'a str; 5];

struct Line {
    number: usize,
    section: &'static str,
    conditions: [&'static str; 4],
    expected: [&'static str; 4],
}

fn lines() -> Vec<Line> {
    let mut section = "";
    let mut lines = Vec::new();
    for (number, text) in TABLE.lines().enumerate() {
        let text = text.split('#').next().unwrap_or_default().trim();
        if let Some(name) = text.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if !text.is_empty() {
            let words: Vec<&str> = text.split_whitespace().collect();
            let words: [&str; 8] = words
                .try_into()
                .unwrap_or_else(|_| panic!("line {}: not eight words", number + 1));
            let [source, base, plex, lock, keep, right, fill, off] = words;
            lines.push(Line {
                number: number + 1,
                section,
                conditions: [source, base, plex, lock],
                expected: [keep, right, fill, off],
            });
        }
    }
    lines
}

impl Line {
    fn fits(&self, cell: Cell<'_>) -> bool {
        self.section == cell[0]
            && self
                .conditions
                .iter()
                .zip(&cell[1..])
                .all(|(condition, value)| {
                    *condition == "*" || condition.split('|').any(|one| one == *value)
                })
    }
}

/// Fields with what A, B and another value are in them.
fn fields() -> Vec<(Field, &'static str, [Value; 3])> {
    let text = |text: &str| Value::Text(text.into());
    let tags = |tag: &str| Value::Tags(vec![tag.into()]);
    let cast = |role: &str| text::cast_value([("Sigourney Weaver", role, "")]);
    let key = |hash: &str| Value::Image(format!("upload://posters/{hash}"));
    let scalar = "scalars and mirrored lists";
    vec![
        (
            Field::Title,
            "title",
            [text("Alien"), text("Aliens"), text("Alien³")],
        ),
        (
            Field::SortTitle,
            scalar,
            [text("Alien 1"), text("Alien 2"), text("Alien 3")],
        ),
        (
            Field::Summary,
            scalar,
            [text("one\ntwo"), text("two"), text("three")],
        ),
        (
            Field::ReleaseDate,
            scalar,
            [text("1979-05-25"), text("1979-05-26"), text("1986-07-18")],
        ),
        (
            Field::Year,
            scalar,
            [Value::Whole(1979), Value::Whole(1980), Value::Whole(1986)],
        ),
        (
            Field::CriticRating,
            scalar,
            [Value::Tenths(76), Value::Tenths(77), Value::Tenths(10)],
        ),
        (
            Field::Actors,
            scalar,
            [
                tags("Sigourney Weaver"),
                tags("Tom Skerritt"),
                tags("Ian Holm"),
            ],
        ),
        (
            Field::Actors,
            scalar,
            [cast("Ripley"), cast("Ellen Ripley"), cast("Lt. Ripley")],
        ),
        (Field::Poster, scalar, [key("aa"), key("bb"), key("cc")]),
        (
            Field::Genres,
            "own lists",
            [tags("Horror"), tags("Thriller"), tags("Drama")],
        ),
        (
            Field::Collections,
            "added lists",
            [tags("Alien Saga"), tags("Ridley Scott"), tags("Seen")],
        ),
        (
            Field::Watched,
            "marks",
            [Value::Yes, Value::Empty, Value::Empty],
        ),
    ]
}

/// Every combination of source, base, Plex and lock that a field can have.
fn combinations(field: Field) -> Vec<[&'static str; 4]> {
    let (sources, plex, bases): (&[_], &[_], &[_]) = match field.kind() {
        FieldKind::Flag => (
            &["absent", "no", "yes"],
            &["no", "yes"],
            &["none", "no", "yes"],
        ),
        _ => (&SOURCES, &PLEX, &["none", "some"]),
    };
    let mut combinations = Vec::new();
    for &base in bases {
        let locks: &[_] = match base {
            _ if field.kind() == FieldKind::Flag => &["none"],
            "none" => &["none", "person"],
            _ => &["none", "ours", "person", "removed"],
        };
        for &source in sources {
            for &plex in plex {
                combinations.extend(locks.iter().map(|&lock| [source, base, plex, lock]));
            }
        }
    }
    combinations
}

#[test]
fn every_cell_of_the_table_holds() {
    let lines = lines();
    let mut used = vec![false; lines.len()];
    let mut wrong = Vec::new();
    let mut cells = 0;
    for (field, section, values) in fields() {
        for [source, base, plex, lock] in combinations(field) {
            let cell = [section, source, base, plex, lock];
            let fitting: Vec<usize> = (0..lines.len())
                .filter(|&at| lines[at].fits(cell))
                .collect();
            let [at] = fitting[..] else {
                wrong.push(format!("{cell:?} stands in {} lines", fitting.len()));
                continue;
            };
            used[at] = true;
            for (policy, expected) in POLICIES.into_iter().zip(lines[at].expected) {
                cells += 1;
                let found = outcome(field, &values, cell, policy);
                if found != expected {
                    let line = lines[at].number;
                    wrong.push(format!(
                        "line {line}: {field:?} {cell:?} {policy:?}: {expected}, but: {found}"
                    ));
                }
            }
        }
    }
    for (line, used) in lines.iter().zip(used) {
        if !used {
            wrong.push(format!("line {} says nothing about any cell", line.number));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        cells,
        11 * 4 * 4 * (2 + 4) * 4 + 3 * 2 * 3 * 4,
        "every combination was looked at"
    );
}

fn outcome(field: Field, [a, b, other]: &[Value; 3], cell: Cell<'_>, policy: Policy) -> String {
    let [_, source, base, plex, lock] = cell;
    let held = match plex {
        "A" | "yes" => a.clone(),
        "B" => b.clone(),
        "other" => other.clone(),
        _ => Value::Empty,
    };
    let asked = |value: &Value| match value {
        Value::Image(key) => Value::Image(key.rsplit('/').next().unwrap_or_default().into()),
        other => other.clone(),
    };
    let wanted = match source {
        "absent" => None,
        "empty" | "no" => Some(Value::Empty),
        "same" | "yes" => Some(asked(a)),
        _ => Some(asked(b)),
    };
    let mut now = PlexValues::default();
    now.values
        .insert(Field::Title, Value::Text("A title".into()));
    now.values.insert(field, held.clone());
    let locked = matches!(lock, "ours" | "person");
    if locked {
        now.locked.insert(field);
    }
    let known = if base == "no" { &Value::Empty } else { a };
    let remembered = BaseField {
        asked: asked(known),
        read_back: known.clone(),
        locked: lock != "none",
        locked_by_us: matches!(lock, "ours" | "removed"),
        ours: a.tags().to_vec(),
        ..BaseField::default()
    };
    let base = (base != "none").then(|| BTreeMap::from([(field, remembered)]));
    let wanted: BTreeMap<Field, Value> = wanted.map(|wanted| (field, wanted)).into_iter().collect();
    let rules = Rules::new(BTreeMap::from([(field, policy)]), true, "1.43");
    let plan = plan_item(&wanted, &now, base.as_ref(), &Selected::new(), &rules);
    if let [change] = &plan.changes[..] {
        let others: Vec<String> = match rules.list_mode(field) {
            ListMode::Own if base.is_some() => held
                .tags()
                .iter()
                .filter(|tag| !a.tags().contains(tag))
                .cloned()
                .collect(),
            ListMode::Own | ListMode::Add => held.tags().to_vec(),
            ListMode::Mirror => Vec::new(),
        };
        let mut expected = wanted[&field].clone();
        if field.kind() == FieldKind::Tags {
            let mut tags = expected.tags().to_vec();
            tags.extend(
                others
                    .into_iter()
                    .filter(|tag| !expected.tags().contains(tag)),
            );
            expected = list_of(tags, &[&expected]);
        }
        assert_eq!(change.field, field);
        assert_eq!(
            (&change.before, change.before_locked),
            (&held, locked),
            "{cell:?} {policy:?}: before"
        );
        assert_eq!(
            change.after, expected,
            "{field:?} {cell:?} {policy:?}: after"
        );
        assert_eq!(change.asked, wanted[&field], "{cell:?} {policy:?}: asked");
        assert_eq!(
            change.lock,
            locked || field.can_lock(),
            "{field:?} {cell:?} {policy:?}: lock"
        );
    }
    name(&plan)
}

fn name(plan: &ItemPlan) -> String {
    let ItemPlan {
        changes,
        kept,
        conflicts,
        adopted,
        told,
        unlisted,
    } = plan;
    let mut names: Vec<String> = Vec::new();
    names.extend(changes.iter().map(|change| {
        if change.after.is_empty() {
            "clear"
        } else {
            "write"
        }
        .into()
    }));
    names.extend(kept.iter().map(|kept| match kept.reason {
        KeptReason::PersonsEdit => "person".into(),
        KeptReason::LockedBefore => "before".into(),
        KeptReason::HandedBack => "handed".into(),
        KeptReason::NotEmpty => "filled".into(),
        other => format!("{other:?}"),
    }));
    names.extend(conflicts.iter().map(|_| "conflict".into()));
    names.extend(adopted.values().map(|_| "adopt".into()));
    names.extend(told.iter().map(|_| "told".into()));
    names.extend(unlisted.iter().map(|_| "unlisted".into()));
    if names.is_empty() {
        "-".into()
    } else {
        names.join(" and ")
    }
}
