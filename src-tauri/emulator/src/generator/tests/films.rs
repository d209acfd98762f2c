//! Films, as the demo has them.

use std::collections::{BTreeMap, BTreeSet};

use sha1::{Digest, Sha1};
use unicode_normalization::is_nfc;

use super::super::*;
use super::{item, nfo, small, want};
use crate::ItemKind;
use crate::seed::SeedItem;

#[test]
fn the_same_seed_gives_the_same_world() {
    let plan = Plan {
        films: 60,
        ..small()
    };
    let (one, two) = (generate(&plan), generate(&plan));
    assert_eq!(one.tree, two.tree);
    assert_eq!(one.expected, two.expected);
    assert_eq!(format!("{:?}", one.seed), format!("{:?}", two.seed));
    let (one, two) = (second_round(&one, 5), second_round(&two, 5));
    assert_eq!(
        (one.changed, one.person_edits, one.expected),
        (two.changed, two.person_edits, two.expected)
    );
    let other = generate(&Plan {
        seed: 2,
        ..plan.clone()
    });
    assert_ne!(
        generate(&plan).tree,
        other.tree,
        "another seed is another world"
    );
}

#[test]
fn every_odd_kind_occurs_in_a_demo_and_reads_as_it_should() {
    let world = generate(&small());
    for kind in Odd::ALL {
        assert!(
            world.count_odd(kind) > 0,
            "{kind:?} does not occur in 200 films"
        );
    }
    let contains: [(Odd, &str); 19] = [
        (Odd::ByteOrderMark, "\u{feff}"),
        (Odd::TextAfterXml, "</movie>\nhttps://"),
        (Odd::Cdata, "<plot><![CDATA["),
        (Odd::Entities, "&#x27;"),
        (Odd::CrLf, "\r\n"),
        (Odd::EmptyPlot, "<plot/>"),
        (Odd::EmptyTagline, "<tagline></tagline>"),
        (Odd::EmptyTitle, "<title></title>"),
        (Odd::SetStructured, "<set>\n"),
        (Odd::RatingsOfHundred, "max=\"100\""),
        (Odd::RatingsOfMany, "tomatometerallaudience"),
        (Odd::LegacyRating, "<rating>"),
        (Odd::PremieredMonth, "-05"),
        (Odd::MpaaSentence, "Rated PG-13"),
        (Odd::ControlCharacter, "\u{7f}"),
        (Odd::Symbols, "d%20e"),
        (Odd::CommaNames, "Hartley, Jr."),
        (Odd::Cyrillic, "Тихий"),
        (Odd::JoinedTags, " / "),
    ];
    for (kind, part) in contains {
        // Habits that come by chance too (a mark, CR LF) may change the line ends that a part is looked for by.
        let text = nfo(&world, kind);
        let found = text.contains(part) || text.replace("\r\n", "\n").contains(part);
        assert!(found, "{kind:?} lacks {part:?}:\n{text}");
    }
    let comma = nfo(&world, Odd::CommaRating);
    assert!(comma.contains(',') && comma.contains("<rating>"), "{comma}");
    assert!(
        !is_nfc(nfo(&world, Odd::DecomposedText)),
        "the .nfo is decomposed"
    );
    for kind in [Odd::Hangul, Odd::Combining] {
        let film = item(&world, kind);
        assert!(
            is_nfc(&film.media[0]) && !is_nfc(&film.name),
            "{kind:?}: composed here, decomposed in Plex"
        );
    }
    assert!(
        !nfo(&world, Odd::PremieredOnly).contains("<year>"),
        "the year is not told"
    );
    assert_eq!(item(&world, Odd::TwoFiles).versions.len(), 2);
}

#[test]
fn a_sync_that_does_nothing_fails() {
    let world = generate(&small());
    let differing = world
        .expected
        .items
        .values()
        .filter(|film| !film.untouched())
        .count();
    assert!(differing > 170, "only {differing} films differ");
    for film in world.items.iter().filter(|film| film.in_plex) {
        let want = &world.expected.items[&film.place()];
        let held = Held {
            values: values::seeded(film),
            locked: film.locked_by_person(),
            files: film.versions.concat(),
        };
        let differences = want.differences(&held, true);
        let attributes: BTreeSet<&str> = differences
            .iter()
            .map(|difference| difference.attribute)
            .collect();
        let written: BTreeSet<&str> = want.written.iter().copied().collect();
        assert_eq!(
            attributes,
            written,
            "{}: just what is to be written differs: {differences:?}",
            film.place()
        );
    }
}

#[test]
fn what_a_person_did_is_kept_and_what_is_unknown_is_not_cleared() {
    let world = generate(&small());
    let edited = want(&world, Odd::PersonEdited);
    assert_eq!(edited.kept, BTreeSet::from(["genre", "summary", "title"]));
    assert!(
        edited.locks["title"]
            && edited.values["genre"] == Want::Tags(vec!["Family Evening".to_owned()])
    );
    assert_eq!(
        want(&world, Odd::PersonLocked).kept,
        BTreeSet::from(["director", "summary"])
    );
    assert_eq!(want(&world, Odd::PersonAgrees).kept, BTreeSet::new());
    assert!(
        !want(&world, Odd::PersonAgrees).written.contains("title"),
        "equal is adopted"
    );
    assert_eq!(
        want(&world, Odd::PersonPoster).kept,
        BTreeSet::from(["thumb"])
    );
    assert!(
        !want(&world, Odd::PersonAgreesPoster)
            .written
            .contains("thumb")
    );
    assert_eq!(
        want(&world, Odd::PersonCollections).kept,
        BTreeSet::from(["collection"])
    );
    for (kind, attribute) in [
        (Odd::EmptyPlot, "summary"),
        (Odd::EmptyTagline, "tagline"),
        (Odd::EmptyTitle, "title"),
    ] {
        let want = want(&world, kind);
        assert!(
            !want.written.contains(attribute) && want.values[attribute] != Want::Nothing,
            "{kind:?}"
        );
    }
    for kind in [Odd::AllEqual, Odd::NoSource] {
        assert!(
            want(&world, kind).untouched(),
            "{kind:?} must not be touched"
        );
    }
}

#[test]
fn text_and_lists_follow_their_rules() {
    let world = generate(&small());
    let tags = |tags: &[&str]| Want::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect());
    assert_eq!(
        want(&world, Odd::RepeatedTags).values["genre"],
        tags(&["science fiction", "Indie", "Drama"])
    );
    assert_eq!(
        want(&world, Odd::CommaNames).values["director"],
        tags(&["Augustin Hartley, Jr."])
    );
    let Want::Text(plot) = &want(&world, Odd::ControlCharacter).values["summary"] else {
        panic!("a text")
    };
    assert!(plot.starts_with("Line one.\n\n"), "{plot}");
    let Want::Text(title) = &want(&world, Odd::DecomposedText).values["title"] else {
        panic!("a text")
    };
    assert!(is_nfc(title), "Plex gets composed text");
    for kind in [Odd::SetStructured, Odd::SetPlain] {
        let want = want(&world, kind);
        assert!(
            want.written.contains("collection") && !want.locks["collection"],
            "collections are never locked"
        );
    }
    assert!(
        matches!(&want(&world, Odd::SetStructured).values["collection"], Want::Tags(both) if both.len() == 2)
    );
    assert_eq!(
        want(&world, Odd::PremieredMonth).values["year"],
        Want::Whole(item(&world, Odd::PremieredMonth).source.year.unwrap())
    );
    assert!(
        !want(&world, Odd::PremieredYear)
            .written
            .contains("originallyAvailableAt")
    );
    let own = reckon::clean_tags(&[
        "  Sci \n Fi".to_owned(),
        "sci fi".to_owned(),
        " ".to_owned(),
    ]);
    assert_eq!(own, ["Sci Fi"]);
    assert_eq!(reckon::clean_text(" e\u{301}\r\n\u{7}x\n "), "é\nx");
}

#[test]
fn paths_titles_and_pictures_are_unique() {
    let world = generate(&Plan {
        films: 600,
        image: (12, 18),
        broken: true,
        ..Plan::default()
    });
    let mut paths: Vec<&str> = world.tree.iter().map(|file| file.path.as_str()).collect();
    paths.dedup();
    assert_eq!(paths.len(), world.tree.len(), "two files at one path");
    let pictures: Vec<&[u8]> = world
        .items
        .iter()
        .flat_map(|film| {
            [
                &film.source.poster,
                &film.source.background,
                &film.agent.poster,
                &film.agent.background,
            ]
        })
        .filter_map(Option::as_deref)
        .collect();
    let distinct: BTreeSet<Vec<u8>> = pictures
        .iter()
        .map(|bytes| Sha1::digest(bytes).to_vec())
        .collect();
    assert_eq!(distinct.len(), pictures.len(), "two pictures are equal");
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    let is_film = |item: &&Item| item.kind == ItemKind::Movie;
    for film in world.items.iter().filter(is_film) {
        *titles
            .entry(names::fold(
                film.source
                    .title
                    .as_deref()
                    .filter(|title| !title.is_empty())
                    .unwrap_or(&film.media[0]),
            ))
            .or_default() += 1;
    }
    let repeated: Vec<_> = titles
        .iter()
        .filter(|(title, count)| **count > 1 && !title.ends_with('2') && !title.starts_with("2 "))
        .collect();
    assert!(repeated.is_empty(), "{repeated:?}");
    assert_eq!(world.expected.broken, 3);
    assert_eq!(
        world
            .tree
            .iter()
            .filter(|file| file.path.ends_with(".nfo"))
            .count(),
        world.expected.source_items + world.expected.broken
    );
}

#[test]
fn the_demo_has_two_hundred_films_with_pictures_that_can_be_read() {
    let world = demo(7, 20);
    let section = &world.seed.sections[0];
    assert!(section.items.len() + world.expected.not_in_plex.len() >= 200);
    let poster = world
        .tree
        .iter()
        .find(|file| file.path.ends_with("poster.jpg"))
        .expect("a poster");
    let picture = image::load_from_memory(&poster.bytes).expect("a picture that can be read");
    assert_eq!((picture.width(), picture.height()), (160, 240));
    let shows = &world.seed.sections[1].items;
    let episodes = |show: &SeedItem| {
        show.children
            .iter()
            .map(|season| season.children.len())
            .sum::<usize>()
    };
    assert!(shows.len() == 3 && shows.iter().all(|show| episodes(show) >= 3));
}

#[test]
fn a_second_round_has_every_event_and_knows_its_outcome() {
    let first = generate(&small());
    let round = second_round(&first, 3);
    assert!(
        round.expected.conflicts() > 0,
        "a person and the source change the same attribute"
    );
    assert!(
        round.person_edits.len() > round.expected.conflicts(),
        "and a person alone"
    );
    assert!(
        round
            .changed
            .iter()
            .any(|file| file.path.ends_with("poster.jpg"))
    );
    for refresh in &round.agent_refreshes {
        let written = &round.expected.items[&refresh.place].written;
        assert!(
            !written.is_empty() && written.len() < 8,
            "{}: what was locked stands: {written:?}",
            refresh.place
        );
    }
    for edit in &round.person_edits {
        let want = &round.expected.items[&edit.place];
        assert_eq!(
            want.values[edit.attribute], edit.value,
            "a person's edit stands"
        );
        assert!(!want.written.contains(edit.attribute) && want.locks[edit.attribute]);
    }
    let busy: BTreeSet<&Place> = round
        .expected
        .items
        .iter()
        .filter(|(_, film)| !film.untouched())
        .map(|(path, _)| path)
        .collect();
    assert!(
        busy.len() < first.items.len() / 4,
        "most films have nothing to do: {}",
        busy.len()
    );
    for (path, film) in &round.expected.items {
        assert!(film.conflicts.is_subset(&film.kept), "{path}");
    }
    let unlocked = generate(&Plan {
        lock_written: false,
        ..small()
    });
    let round = second_round(&unlocked, 3);
    let rewritten = round
        .agent_refreshes
        .iter()
        .map(|refresh| round.expected.items[&refresh.place].written.len())
        .max();
    assert!(
        rewritten > Some(4),
        "without locks a refresh costs every value: {rewritten:?}"
    );
}

#[test]
fn a_tree_is_written_where_it_is_told() {
    let world = generate(&Plan {
        films: 9,
        posters: false,
        ..small()
    });
    let folder = std::env::temp_dir().join(format!("syncslate-generator-{}", uuid::Uuid::new_v4()));
    world.write_tree(&folder).unwrap();
    let file = world
        .tree
        .iter()
        .find(|file| file.path.ends_with(".nfo"))
        .unwrap();
    let written = std::fs::read(folder.join(&file.path)).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(written, file.bytes);
}
