//! Shapes: the same names and JSON types as recorded answers, and XML that says the same as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use syncslate_emulator::ItemKind;

use crate::client::{BUNNY, Server};

/// What the emulator leaves out on purpose: extras, themes, how often a tag is used.
const NOT_EMULATED: [&str; 8] = [
    "/Similar",
    "/banner",
    "/theme",
    "/parentTheme",
    "/count",
    "/hasPremiumPrimaryExtra",
    "/ratingImage",
    "/loudnessAnalysisVersion",
];

/// What the recorded album did not have, and others have.
const OF_OTHER_ALBUMS: [&str; 5] = [
    "/Metadata/studio",
    "/Metadata/year",
    "/Metadata/originallyAvailableAt",
    "/Metadata/art",
    "/Genre",
];

/// What newer servers answer and the recorded one did not yet, or did not of that item.
const NEWER: [&str; 15] = [
    "/Image",
    "/audienceRating",
    "/Guid",
    "/Field",
    "/Director",
    "/Writer",
    "/Country",
    "/Role",
    "/Collection",
    "/totalSize",
    "/offset",
    "/Metadata/librarySectionTitle",
    "/Metadata/librarySectionID",
    "/Metadata/librarySectionKey",
    "/Metadata/tagline",
];

fn recorded(name: &str) -> Option<Value> {
    // Beside the checkout, however deep that lies.
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.find_map(|folder| {
        std::fs::read_to_string(folder.join("shared/recorded/plex").join(name)).ok()
    });
    let Some(text) = found else {
        println!("skipped: {name} was not found in shared/recorded/plex");
        return None;
    };
    let mut value: Value = serde_json::from_str(&text).unwrap();
    Some(value["MediaContainer"].take())
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "decimal",
        Value::Number(_) => "whole",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// Name → type, of the container, its items, and what is within them.
fn shape(value: &Value, path: &str, into: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = format!("{path}/{name}");
                into.entry(path.clone())
                    .or_default()
                    .insert(type_of(member));
                shape(member, &path, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| shape(item, path, into)),
        _ => {}
    }
}

#[tokio::test]
async fn answers_have_the_recorded_names_and_types() {
    let server = Server::new();
    let film = server.key(BUNNY);
    let show = server.json("/library/sections/2/all").await["Metadata"][0]["ratingKey"].clone();
    let collection = server.emulator.key_of_collection("Open Movies").unwrap();
    let artist = server.titled(ItemKind::Artist, "The Rabbits");
    let pairs = [
        (
            "movie_library.json",
            "/library/sections/1/all?type=1".to_owned(),
        ),
        (
            "tv_library.json",
            "/library/sections/2/all?type=2".to_owned(),
        ),
        (
            "tv_seasons.json",
            format!("/library/metadata/{}/children", show.as_str().unwrap()),
        ),
        ("metadata_108.json", format!("/library/metadata/{film}")),
        (
            "music_albums.json",
            format!("/library/metadata/{artist}/children"),
        ),
        (
            "metadata_161.json",
            format!("/library/collections/{collection}"),
        ),
    ];
    let mut wrong = Vec::new();
    for (file, path) in pairs {
        let Some(theirs) = recorded(file) else {
            return;
        };
        let (mut wanted, mut shown) = (BTreeMap::new(), BTreeMap::new());
        shape(&theirs, "", &mut wanted);
        shape(&server.json(&path).await, "", &mut shown);
        for (name, types) in &wanted {
            if name.contains("/Stream/") || NOT_EMULATED.iter().any(|part| has_part(name, part)) {
                continue;
            }
            match shown.get(name) {
                None => wrong.push(format!("{file}: {name} is missing")),
                Some(ours) if ours.is_subset(types) => {}
                Some(ours) => wrong.push(format!("{file}: {name} is {ours:?}, recorded {types:?}")),
            }
        }
        for name in shown.keys().filter(|name| !name.contains("/Stream/")) {
            let of_others: &[&str] = if file == "music_albums.json" {
                &OF_OTHER_ALBUMS
            } else {
                &[]
            };
            let mut known = NEWER.iter().chain(of_others);
            if !wanted.contains_key(name) && !known.any(|part| has_part(name, part)) {
                wrong.push(format!("{file}: {name} was never recorded"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether `/a/b/c` has `/b` or `/b/c` within it, whole names only.
fn has_part(name: &str, part: &str) -> bool {
    format!("{name}/").contains(&format!("{part}/"))
}

#[tokio::test]
async fn xml_says_the_same_as_json() {
    let server = Server::new();
    let film = server.key(BUNNY);
    let artist = server.titled(ItemKind::Artist, "The Rabbits");
    let query = "summary.value=a%0Ab%0D%0Ac%09%26%3C%3E%22%27%F0%9F%8E%AC&genre[0].tag.tag=R%26B&title.locked=1";
    server.edit(film, query).await;
    for path in [
        format!("/library/metadata/{film}"),
        format!("/library/metadata/{film}/posters"),
        "/library/sections".to_owned(),
        "/library/sections/1/all?type=1&includeGuids=1".to_owned(),
        "/library/sections/2/all?type=4&X-Plex-Container-Size=2".to_owned(),
        "/library/sections/1/collections".to_owned(),
        "/library/sections/3/all?type=8".to_owned(),
        "/library/sections/3/all?type=10".to_owned(),
        "/library/sections/5/all".to_owned(),
        format!("/library/metadata/{artist}"),
        format!("/library/metadata/{artist}/children"),
        format!("/library/metadata/{film}/clearLogos"),
        "/".to_owned(),
    ] {
        let json = server.json(&path).await;
        let mut from_json = Vec::new();
        flatten(&json, "MediaContainer", &mut from_json);
        let mut from_xml = read_xml(&server.xml(&path).await);
        from_json.sort();
        from_xml.sort();
        assert_eq!(from_xml, from_json, "{path}");
        assert!(from_xml.len() > 3, "{path}");
    }
}

/// Every attribute as `list/list: name=value`.
fn flatten(value: &Value, path: &str, into: &mut Vec<String>) {
    for (name, member) in value.as_object().unwrap() {
        match member {
            Value::Array(items) => items
                .iter()
                .for_each(|item| flatten(item, &format!("{path}/{name}"), into)),
            Value::Bool(flag) => into.push(format!("{path}: {name}={}", u8::from(*flag))),
            Value::String(text) => into.push(format!("{path}: {name}={text}")),
            other => into.push(format!("{path}: {name}={other}")),
        }
    }
}

fn read_xml(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut path) = (Vec::new(), Vec::new());
    loop {
        let (element, closes) = match reader.read_event().unwrap() {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Eof => return found,
            _ => continue,
        };
        let name = element.name().as_ref().to_owned();
        let is_item = element.try_get_attribute("ratingKey").unwrap().is_some();
        path.push(if is_item { "Metadata".to_owned() } else { name });
        for attribute in element.attributes() {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value)
                .unwrap()
                .into_owned();
            let name = attribute.key.as_ref();
            found.push(format!("{}: {name}={value}", path.join("/")));
        }
        if closes {
            path.pop();
        }
    }
}
