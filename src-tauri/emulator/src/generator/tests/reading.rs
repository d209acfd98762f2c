//! Whether source files say what was meant, read the plain way.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::is_nfc;

use super::super::item::Voice;
use super::super::*;
use super::{item, nfo, text_of, want};
use crate::ItemKind;

#[test]
fn what_is_said_of_odd_ones_reads_as_it_should() {
    let world = mixed(1, 2_000);
    let double = item(&world, Odd::DoubleEpisode);
    let text = text_of(&world, double.page_path().expect("an .nfo"));
    assert_eq!(text.matches("<episodedetails>").count(), 2, "{text}");
    assert!(text.contains("<episode>") && text.contains("<season>"));
    let unnumbered = nfo(&world, Odd::DoubleUnnumbered);
    assert_eq!(unnumbered.matches("</episodedetails>").count(), 2);
    assert!(!unnumbered.contains("<episode>") && !unnumbered.contains("<season>"));
    for (kind, part) in [
        (Odd::EpisodeMisplaced, "<movie>"),
        (Odd::ShowMisplaced, "<movie>"),
        (Odd::ArtistMisplaced, "<album>"),
        (Odd::AlbumMisplaced, "<artist>"),
        (Odd::VideoMisplaced, "<album>"),
        (Odd::ShowEmptyPlot, "<plot/>"),
        (Odd::EpisodeEmptyPlot, "<plot/>"),
        (Odd::ArtistEmptyText, "<biography/>"),
        (Odd::AlbumEmptyText, "<review/>"),
        (Odd::Edition, "<edition>Director’s Cut</edition>"),
        (Odd::EditionAgain, "<edition>Harbour Version</edition>"),
        (Odd::NobodyRated, "<userrating>0</userrating>"),
        (Odd::OwnRating, "<userrating>8.5</userrating>"),
        (Odd::BareAmpersand, "Salt & Thunder"),
        (Odd::ClearedTags, "clear=\"true\""),
        (Odd::AlbumOtherTitle, "(Remastered)"),
        (Odd::ArtistOtherName, "(and Friends)"),
    ] {
        let text = nfo(&world, kind)
            .replace("<![CDATA[", "")
            .replace("]]>", "");
        assert!(
            text.contains(part) || text.contains(&part.replace('’', "&#8217;")),
            "{kind:?} lacks {part:?}:\n{text}"
        );
    }
    let latin = item(&world, Odd::LatinEncoding);
    let file = (world.tree.iter())
        .find(|file| Some(file.path.as_str()) == latin.page_path())
        .expect("an .nfo");
    assert!(std::str::from_utf8(&file.bytes).is_err(), "not UTF-8");
    for kind in [
        Odd::Misplaced,
        Odd::EpisodeMisplaced,
        Odd::ShowMisplaced,
        Odd::ArtistMisplaced,
        Odd::AlbumMisplaced,
        Odd::VideoMisplaced,
        Odd::ShowNoNfo,
        Odd::ShowNoSource,
        Odd::EpisodeNoNfo,
        Odd::ArtistNoNfo,
        Odd::ArtistNoSource,
        Odd::AlbumNoNfo,
        Odd::VideoNoSource,
    ] {
        assert!(want(&world, kind).untouched(), "{kind:?}");
    }
    for kind in [
        Odd::ShowDecomposed,
        Odd::ArtistDecomposed,
        Odd::VideoDecomposed,
    ] {
        let top = item(&world, kind);
        // A leaf stands behind what it is part of, with nothing but its like in between.
        let mut behind = world
            .items
            .iter()
            .skip_while(|other| other.name != top.name);
        let leaf = behind.find(|item| !item.media.is_empty()).expect("a leaf");
        assert!(is_nfc(&leaf.media[0]) && !is_nfc(&leaf.name), "{kind:?}");
    }
    assert_eq!(item(&world, Odd::MultiPart).versions[0].len(), 2);
    assert_eq!(item(&world, Odd::TwoFiles).versions.len(), 2);
    let twins = world
        .items
        .iter()
        .filter(|item| item.odd == Some(Odd::InTwoSections));
    let sections: BTreeSet<&str> = twins.map(|item| item.section).collect();
    assert_eq!(sections, BTreeSet::from([FILMS_SECTION, FILMS_4K_SECTION]));
}

/// Texts of the elements below each root, read the plain way.
fn read(text: &str) -> Vec<Vec<(String, String)>> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut roots, mut open): (Vec<Vec<(String, String)>>, Vec<String>) = Default::default();
    let mut held = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                if open.is_empty() {
                    roots.push(Vec::new());
                }
                held.clear();
                open.push(start.name().as_ref().to_owned());
            }
            Event::End(_) => {
                let name = open.pop().expect("it was opened");
                if open.len() == 1 {
                    let root = roots.last_mut().expect("it was opened");
                    root.push((name, std::mem::take(&mut held)));
                }
            }
            Event::Text(content) => held.push_str(&content.xml10_content()),
            Event::CData(content) => held.push_str(&content.xml10_content()),
            Event::GeneralRef(reference) => {
                let known = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                held.extend(known);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    roots
}

#[test]
fn a_plain_reader_finds_what_was_meant() {
    let world = mixed(1, 2_000);
    let mut roots: BTreeMap<&str, usize> = BTreeMap::new();
    for item in world.items.iter().filter(|item| {
        let odd = [
            Odd::BareAmpersand,
            Odd::LatinEncoding,
            Odd::JoinedTags,
            Odd::ClearedTags,
            Odd::ControlCharacter,
        ];
        item.is_source_item()
            && item.voice == Voice::Page
            && !item.odd.is_some_and(|kind| odd.contains(&kind))
    }) {
        let path = item.page_path().expect("a page");
        if path.ends_with(".json") {
            let info: serde_json::Value =
                serde_json::from_str(text_of(&world, path)).expect("JSON");
            assert_eq!(info["title"].as_str(), item.source.title.as_deref());
            continue;
        }
        let position = roots.entry(path).or_default();
        let root = &read(text_of(&world, path))[*position];
        *position += 1;
        let all = |name: &str| -> Vec<String> {
            let found = root.iter().filter(|(known, _)| known == name);
            found.map(|(_, text)| text.replace("\r\n", "\n")).collect()
        };
        let source = &item.source;
        assert_eq!(all("genre"), source.genres, "{path}");
        let seasons: Vec<String> = source.seasons.values().cloned().collect();
        assert_eq!(all("namedseason"), seasons, "{path}");
        assert_eq!(all("tag"), source.labels, "{path}");
        assert_eq!(all("credits"), source.writers, "{path}");
        assert_eq!(all("mood"), source.moods, "{path}");
        let title = if item.kind == ItemKind::Artist {
            "name"
        } else {
            "title"
        };
        assert_eq!(all(title).first(), source.title.as_ref(), "{path}");
        let text = match item.kind {
            ItemKind::Artist => "biography",
            ItemKind::Album => "review",
            _ => "plot",
        };
        assert_eq!(all(text).first(), source.summary.as_ref(), "{path}");
        if item.kind == ItemKind::Episode && !all("episode").is_empty() {
            assert_eq!(all("episode"), [item.index.unwrap().to_string()], "{path}");
        }
    }
}
