//! The tables of a file: choices per field, libraries, path rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::de::DeValue;

use super::keys::{self, FROM, KIND, LIST_MODES, PATH_RULE, POLICIES, SECTION, TITLE, TO};
use super::reader::{Name, Reader, Value, in_order};
use super::secrets::{is_secret, repeated};
use super::{names, rules};
use crate::face::{PathRule, SectionSettings};
use crate::model::{Field, ListMode, Policy};

impl Reader<'_> {
    pub(super) fn policies(&mut self, value: &Value<'_>) -> BTreeMap<Field, Policy> {
        let possible = names::POLICIES.map(|(policy, name, _)| (policy, name));
        self.choices(POLICIES, value, &possible, |_| true)
    }

    pub(super) fn list_modes(&mut self, value: &Value<'_>) -> BTreeMap<Field, ListMode> {
        let possible = names::LIST_MODES.map(|(mode, name, _)| (mode, name));
        self.choices(LIST_MODES, value, &possible, |field| {
            field.default_list_mode().is_some()
        })
    }

    /// A table of fields with a word for each.
    fn choices<T: Copy + PartialEq>(
        &mut self,
        table: &str,
        value: &Value<'_>,
        possible: &[(T, &'static str)],
        fits: fn(Field) -> bool,
    ) -> BTreeMap<Field, T> {
        let mut chosen = BTreeMap::new();
        let DeValue::Table(entries) = value.get_ref() else {
            self.wrong_type(table, &format!("a table: [{table}]"), value);
            return chosen;
        };
        for (key, value) in in_order(entries) {
            let name = key.get_ref().as_ref();
            let Some(field) = Field::from_code(name) else {
                self.no_field(key, fits);
                continue;
            };
            if !fits(field) {
                self.error(key.span(), || {
                    let lists = names::fields(fits).join(", ");
                    format!("“{name}” is not a list. Lists are {lists}.")
                });
                continue;
            }
            let Some(choice) = self.one_of(name, value, possible) else {
                continue;
            };
            if chosen.insert(field, choice).is_some() {
                self.error(key.span(), || {
                    format!(
                        "“{name}” is said a second time, in another spelling. Keep one of them."
                    )
                });
            }
        }
        chosen
    }

    fn no_field(&mut self, key: &Name<'_>, fits: fn(Field) -> bool) {
        let name = key.get_ref().as_ref();
        if is_secret(name) || keys::FILE.iter().any(|key| key.name == name) {
            return self.unknown(key, &[]);
        }
        self.error(key.span(), || {
            let fields = names::fields(fits);
            let near = names::nearest(name, fields.iter().map(|field| (field.as_str(), field)));
            let hint = near.map_or_else(
                || format!("There are {}.", fields.join(", ")),
                |near| format!("Did you mean “{near}”?"),
            );
            format!("There is no field “{}”. {hint}", repeated(name))
        });
    }

    pub(super) fn sections(&mut self, value: &Value<'_>) -> Vec<SectionSettings> {
        let mut sections = Vec::new();
        let mut titles = BTreeSet::new();
        for (table, span) in self.tables(SECTION, value) {
            let mut section = SectionSettings::default();
            let mut has_title = false;
            for (key, value) in in_order(table) {
                match key.get_ref().as_ref() {
                    TITLE => {
                        has_title = true;
                        if let Some(title) = self.text(TITLE, value) {
                            self.title(&title, &mut titles, value.span());
                            section.title = title;
                        }
                    }
                    POLICIES => section.policies = self.policies(value),
                    LIST_MODES => section.list_modes = self.list_modes(value),
                    _ => self.unknown(key, keys::SECTION_KEYS),
                }
            }
            if !has_title {
                self.error(
                    span,
                    || "This library has no title. Add the one that it has in Plex: title = \"Films\".",
                );
            }
            sections.push(section);
        }
        sections
    }

    fn title(&mut self, title: &str, before: &mut BTreeSet<String>, span: Range<usize>) {
        let title = title.trim();
        if title.is_empty() {
            self.error(
                span,
                || "The title is empty. Write the one that the library has in Plex.",
            );
        } else if !before.insert(title.to_owned()) {
            self.error(span, || {
                let title = repeated(title);
                format!(
                    "The library “{title}” is named a second time. Put both into one [[section]]."
                )
            });
        }
    }

    pub(super) fn path_rules(&mut self, value: &Value<'_>) -> Vec<PathRule> {
        let mut read: Vec<PathRule> = Vec::new();
        let mut places = Vec::new();
        for (table, span) in self.tables(PATH_RULE, value) {
            let mut rule = PathRule::default();
            let (mut from, mut to) = (None, None);
            // Of a side that could not be read, that is said already.
            let mut is_read = true;
            for (key, value) in in_order(table) {
                match key.get_ref().as_ref() {
                    FROM => {
                        from = Some(value.span());
                        let text = self.text(FROM, value);
                        is_read &= text.is_some();
                        rule.from = text.unwrap_or_default();
                    }
                    TO => {
                        to = Some(value.span());
                        let text = self.text(TO, value);
                        is_read &= text.is_some();
                        rule.to = text.unwrap_or_default();
                    }
                    KIND => {
                        rule.kind = self
                            .one_of(KIND, value, &names::RULE_KINDS)
                            .unwrap_or_default();
                    }
                    _ => self.unknown(key, keys::RULE_KEYS),
                }
            }
            for (name, place) in [(FROM, &from), (TO, &to)] {
                if place.is_none() {
                    self.error(span.clone(), || format!("This path rule has no “{name}”."));
                }
            }
            places.push(from.clone().unwrap_or(span));
            if let (Some(from), Some(to)) = (from, to)
                && is_read
                && let Some(fault) = rules::fault(&rule, read.len(), self.text.whole, from, to)
            {
                self.error(fault.place, || fault.message);
            }
            read.push(rule);
        }
        for (later, earlier) in rules::covered(&read) {
            self.warn(places[later].clone(), || {
                let from = repeated(&read[earlier].from);
                format!(
                    "This rule never applies: rule {}, “{from}”, fits all its paths and comes before it. Move this one up.",
                    earlier + 1,
                )
            });
        }
        read
    }
}
