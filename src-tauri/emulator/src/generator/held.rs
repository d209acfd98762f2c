//! What a Plex item holds, from a server's answer or from an emulator's state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::attribute::{self, Form};
use super::expect::{Part, Want};
use super::reckon::{cast_want, tag_want};
use crate::ItemState;

/// What a Plex item holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Paths of its files.
    pub files: Vec<String>,
    /// By attribute. Pictures are only there once the caller has put [`Want::Picture`] there.
    pub values: BTreeMap<&'static str, Want>,
    /// The locked attributes.
    pub locked: BTreeSet<String>,
}

impl Held {
    /// Reads the details of one item (an element of `MediaContainer.Metadata` in JSON).
    pub fn from_details(details: &Value) -> Self {
        let mut held = Self::default();
        for attribute in attribute::all() {
            let want = match attribute.form {
                Form::Picture => continue,
                Form::Tags("Role", _) => cast_in(&details["Role"]),
                Form::Tags(element, _) => tag_want(names_in(&details[element], "tag")),
                _ => match &details[attribute.name] {
                    Value::String(text) => attribute.read(text),
                    Value::Number(number) => attribute.read(&number.to_string()),
                    _ => Want::Nothing,
                },
            };
            held.values.insert(attribute.name, want);
        }
        held.locked = details["Field"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|field| is_true(&field["locked"]))
            .filter_map(|field| field["name"].as_str().map(str::to_owned))
            .collect();
        held.files = details["Media"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|media| names_in(&media["Part"], "file"))
            .collect();
        held
    }

    /// Takes it from an emulator's state, pictures included.
    pub fn from_state(item: &ItemState) -> Self {
        let mut held = Self {
            files: item.files.clone(),
            locked: item.locks.clone(),
            ..Self::default()
        };
        for attribute in attribute::shown_by(item.kind) {
            let want = match (attribute.form, attribute.name) {
                (Form::Picture, name) => picture(item, name).cloned().map(Want::Picture),
                (Form::Tags("Role", _), name) => item.tags.get(name).map(|names| {
                    cast_want(names.iter().map(|name| {
                        let told = item.roles.get(name).cloned().unwrap_or_default();
                        let part = Part {
                            role: told.role.unwrap_or_default(),
                            picture: Some(told.thumb.unwrap_or_default()),
                        };
                        (name.clone(), part)
                    }))
                }),
                (Form::Tags(..), name) => item.tags.get(name).cloned().map(tag_want),
                (_, name) => item.fields.get(name).map(|text| attribute.read(text)),
            };
            held.values
                .insert(attribute.name, want.unwrap_or(Want::Nothing));
        }
        held
    }

    /// An attribute; a sort title that Plex leaves out is the title.
    pub fn get(&self, attribute: &str) -> Want {
        let own = self.values.get(attribute).cloned().unwrap_or(Want::Nothing);
        if attribute == "titleSort" && own == Want::Nothing {
            return self.values.get("title").cloned().unwrap_or(Want::Nothing);
        }
        own
    }
}

fn picture<'a>(item: &'a ItemState, name: &str) -> Option<&'a String> {
    match name {
        "art" => item.background.as_ref(),
        "clearLogo" => item.clear_logo.as_ref(),
        "squareArt" => item.square_art.as_ref(),
        _ => item.poster.as_ref(),
    }
}

fn names_in(list: &Value, key: &str) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry[key].as_str().map(str::to_owned))
        .collect()
}

fn cast_in(list: &Value) -> Want {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let actors = list.as_array().into_iter().flatten();
    cast_want(actors.map(|actor| {
        let part = Part {
            role: text(&actor["role"]),
            picture: Some(text(&actor["thumb"])),
        };
        (text(&actor["tag"]), part)
    }))
}

fn is_true(flag: &Value) -> bool {
    flag.as_bool() == Some(true) || flag.as_i64() == Some(1) || flag.as_str() == Some("1")
}
