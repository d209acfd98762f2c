//! One item of a Plex with Plex's habits: it trims, unifies the case of tags, leaves out a sort title that equals the
//! title, serves pictures under a path that changes with each edit, and lets its agent overwrite what is not locked.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{BaseField, CastTrait, Change, Field, FieldKind, PlexValues, Value};
use crate::plan::{ItemPlan, Rules, Selected, list_of, plan_item, same, settle};
use crate::text;

#[derive(Debug, Clone)]
pub(super) struct Plex {
    stored: BTreeMap<Field, Value>,
    locked: BTreeSet<Field>,
    agent: BTreeMap<Field, Value>,
    spellings: BTreeMap<String, String>,
    /// Whether upload keys end with the picture's hash.
    pub keys_are_hashes: bool,
    stamp: u64,
}

/// What a person or the next person sees of an item: values (tags folded), locks.
pub(super) type View = (BTreeMap<Field, Value>, BTreeSet<Field>);

impl Plex {
    pub fn new(agent: BTreeMap<Field, Value>, keys_are_hashes: bool) -> Self {
        let mut plex = Self {
            stored: BTreeMap::new(),
            locked: BTreeSet::new(),
            agent,
            spellings: BTreeMap::new(),
            keys_are_hashes,
            stamp: 0,
        };
        plex.refresh();
        plex
    }

    /// Unlocked fields fall back to what the agent knows.
    pub fn refresh(&mut self) {
        for field in Field::ALL {
            // What was watched is no affair of an agent.
            if !self.locked.contains(&field) && field.kind() != FieldKind::Flag {
                let value = self.agent.get(&field).cloned().unwrap_or_default();
                self.store(field, value);
            }
        }
    }

    /// A person edits a field, which locks it where Plex has a lock for it.
    pub fn edit(&mut self, field: Field, value: Value) {
        self.store(field, value);
        if field.kind() != FieldKind::Flag {
            self.locked.insert(field);
        }
    }

    pub fn unlock(&mut self, field: Field) {
        self.locked.remove(&field);
    }

    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.store(change.field, change.after.clone());
            if change.field.can_lock() {
                if change.lock {
                    self.locked.insert(change.field);
                } else {
                    self.locked.remove(&change.field);
                }
            }
        }
    }

    pub fn values(&self) -> PlexValues {
        let title = self.stored.get(&Field::Title);
        let mut values = BTreeMap::new();
        for (&field, value) in &self.stored {
            if field == Field::SortTitle && Some(value) == title {
                continue;
            }
            let value = match value {
                Value::Image(_) => {
                    Value::Image(format!("/library/metadata/1/{field:?}/{}", self.stamp))
                }
                other => other.clone(),
            };
            values.insert(field, value);
        }
        PlexValues {
            values,
            locked: self.locked.clone(),
            ..PlexValues::default()
        }
    }

    /// The selected pictures' keys.
    pub fn selected(&self) -> Selected {
        let key = |(&field, value): (&Field, &Value)| match value {
            Value::Image(key) => Some((field, key.clone())),
            _ => None,
        };
        self.stored.iter().filter_map(key).collect()
    }

    pub fn view(&self) -> View {
        let mut values = self.values().values;
        for (field, value) in &mut values {
            match value {
                Value::Tags(tags) => {
                    let folded: BTreeSet<String> = tags.iter().map(|tag| text::fold(tag)).collect();
                    *tags = folded.into_iter().collect();
                }
                Value::Cast {
                    names,
                    roles,
                    pictures,
                } => {
                    let folded = names.iter().map(|name| text::fold(name));
                    let told = roles.drain(..).zip(pictures.drain(..));
                    let cast: BTreeMap<String, _> = folded.zip(told).collect();
                    let cast = cast.into_iter();
                    (*names, *roles, *pictures) = cast
                        .map(|(name, (role, picture))| (name, role, picture))
                        .collect();
                }
                Value::Image(_) => *value = self.stored[field].clone(),
                _ => {}
            }
        }
        (values, self.locked.clone())
    }

    fn store(&mut self, field: Field, value: Value) {
        self.stamp += 1;
        let value = match value {
            // Of actors it always says what they play and where their pictures are; what nothing is said of stays.
            Value::Tags(_) | Value::Cast { .. } if field == Field::Actors => {
                let held = self.stored.get(&field).cloned().unwrap_or_default();
                let names = value.tags().to_vec();
                let [roles, pictures] = CastTrait::ALL.map(|of| {
                    let untold = vec![String::new(); names.len()];
                    let told = |value: &Value| -> Option<Vec<String>> {
                        Some(value.told(of)?.map(|(_, told)| told.to_owned()).collect())
                    };
                    told(&value)
                        .or_else(|| told(&list_of(names.clone(), &[&held])))
                        .unwrap_or(untold)
                });
                Value::cast(names, roles, pictures)
            }
            value => value,
        };
        let value = match value {
            Value::Cast {
                names,
                roles,
                pictures,
            } => {
                let unified = names.into_iter().map(|name| {
                    let spelling = self.spellings.entry(text::fold(&name)).or_insert(name);
                    spelling.clone()
                });
                let names = unified.collect();
                Value::cast(names, roles, pictures)
            }
            Value::Text(text) => Value::Text(text.trim().to_owned()),
            Value::Tags(tags) => {
                let unified = tags.into_iter().map(|tag| {
                    let spelling = self.spellings.entry(text::fold(&tag)).or_insert(tag);
                    spelling.clone()
                });
                Value::Tags(unified.collect())
            }
            Value::Image(hash) if !hash.contains('/') => Value::Image(if self.keys_are_hashes {
                format!("upload://posters/{hash}")
            } else {
                format!("upload://posters/n{}", self.stamp)
            }),
            other => other,
        };
        match value {
            Value::Empty => self.stored.remove(&field),
            value => self.stored.insert(field, value),
        };
        debug_assert!(
            self.stored.values().all(|value| !value.is_empty()),
            "what is empty is left out"
        );
    }
}

/// An item, what Syncslate remembers of it, and the rules: one sync after the other.
#[derive(Debug, Clone)]
pub(super) struct Synced {
    pub plex: Plex,
    pub base: BTreeMap<Field, BaseField>,
    pub rules: Rules,
    /// Actors, folded, and the addresses of pictures that they were given by a write.
    pub given: BTreeSet<(String, String)>,
}

impl Synced {
    /// Plans as a run does: pictures are listed only where their path is not the one remembered.
    pub fn plan(&self, wanted: &BTreeMap<Field, Value>) -> ItemPlan {
        let values = self.plex.values();
        let plan = plan_item(
            wanted,
            &values,
            Some(&self.base),
            &Selected::new(),
            &self.rules,
        );
        if plan.unlisted.is_empty() {
            return plan;
        }
        let mut selected = self.plex.selected();
        selected.retain(|field, _| plan.unlisted.contains(field));
        plan_item(wanted, &values, Some(&self.base), &selected, &self.rules)
    }

    /// Plans, writes, verifies and remembers.
    pub fn sync(&mut self, wanted: &BTreeMap<Field, Value>) -> ItemPlan {
        let plan = self.plan(wanted);
        assert!(plan.unlisted.is_empty(), "every picture was listed");
        for change in &plan.changes {
            self.note_given(change);
        }
        self.plex.apply(&plan.changes);
        let settled = settle(
            &plan.changes,
            Some(&self.base),
            &self.plex.values(),
            &self.plex.selected(),
            &self.rules,
        );
        assert_eq!(settled.differs, [], "this Plex takes everything");
        self.base.extend(plan.adopted.clone());
        self.base.extend(settled.base);
        plan
    }
}

impl Synced {
    fn note_given(&mut self, change: &Change) {
        let pictures = |value: &Value| -> BTreeSet<(String, String)> {
            let told = value.told(CastTrait::Picture).into_iter().flatten();
            told.map(|(name, picture)| (text::fold(name), picture.to_owned()))
                .collect()
        };
        let before = pictures(&change.before);
        let after = pictures(&change.after).into_iter();
        self.given
            .extend(after.filter(|told| !before.contains(told)));
    }
}

/// Whether two values are equal to a person.
pub(super) fn look_alike(field: Field, a: &Value, b: &Value) -> bool {
    match field.kind() {
        FieldKind::Tags => same(field, a, b),
        _ => a == b,
    }
}
