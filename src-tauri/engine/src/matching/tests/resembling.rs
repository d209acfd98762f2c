//! Weaker evidence, and chosen items that Plex has moved.

use super::super::*;
use super::key;
use crate::model::{ChosenItem, Identity, ItemType, PathHash, PlexItem};

#[test]
fn only_what_is_alone_on_both_sides_resembles() {
    let mut source = Endings::default();
    for path in [
        "/mnt/Alien (1979)/Alien.mkv",
        "/mnt/Cube/movie.mkv",
        "/mnt/Dune/movie.mkv",
        "/mnt/Heat/Heat.mkv",
        "/mnt/old/Heat/Heat.mkv",
        "/mnt/Ikiru/Ikiru.mkv",
        "/mnt/Jaws/Jaws.mkv",
        // The sample of a show's files names files that its episodes name too.
        "/mnt/Jaws/Jaws.mkv",
    ] {
        source.add(path, ());
    }
    let mut plex = Endings::default();
    for (path, item) in [
        (r"D:\films\ALIEN (1979)\alien.mkv", 1),
        (r"D:\films\Cube\movie.mkv", 2),
        (r"D:\films\Heat\Heat.mkv", 3),
        (r"D:\films\I\Ikiru.mkv", 4),
        (r"D:\films\Jaws\Jaws.mkv", 5),
        (r"D:\films\Jaws\Jaws.mkv", 6),
        (r"D:\copies\Kes\Kes.mkv", 7),
        (r"D:\films\Kes\Kes.mkv", 8),
    ] {
        plex.add(path, item);
    }
    source.close();
    plex.close();
    for (path, expected) in [
        (
            "/mnt/Alien (1979)/Alien.mkv",
            Some((Resemblance::FolderAndName, vec![1])),
        ),
        (
            "/mnt/Cube/movie.mkv",
            Some((Resemblance::FolderAndName, vec![2])),
        ),
        ("/mnt/Dune/movie.mkv", None),
        ("/mnt/Heat/Heat.mkv", None),
        (
            "/mnt/Ikiru/Ikiru.mkv",
            Some((Resemblance::NameAlone, vec![4])),
        ),
        // Two sections hold it: both are meant.
        (
            "/mnt/Jaws/Jaws.mkv",
            Some((Resemblance::FolderAndName, vec![5, 6])),
        ),
        ("/mnt/Kes/Kes.mkv", None),
        ("", None),
    ] {
        assert_eq!(resembling(path, &source, &plex), expected, "{path}");
    }
}

#[test]
fn a_chosen_item_is_known_by_its_identity() {
    let item = |rating_key: u64, guid: &str, path: u8| PlexItem {
        key: key(1, rating_key),
        identity: Identity {
            guid: guid.to_owned(),
            paths: vec![PathHash([path; 16])],
            episode: None,
        },
        item_type: ItemType::Movie,
        title: "Film".to_owned(),
        files: vec!["/data/film.mkv".to_owned()],
        updated_at: 1,
        parent: None,
        grandparent: None,
        index: None,
        parent_index: None,
        watched: false,
    };
    let chosen = ChosenItem::of(&item(5, "plex://movie/a", 1));
    for (at_key, at_paths, expected) in [
        (Some(item(5, "plex://movie/a", 1)), vec![], Some((false, 5))),
        // Another guid, another file: either alone is still the same item.
        (Some(item(5, "local://5", 1)), vec![], Some((false, 5))),
        (Some(item(5, "plex://movie/a", 2)), vec![], Some((false, 5))),
        // The key means another item now.
        (Some(item(5, "plex://movie/b", 9)), vec![], None),
        (
            Some(item(5, "plex://movie/b", 9)),
            vec![item(8, "plex://movie/a", 1)],
            Some((true, 8)),
        ),
        (None, vec![item(8, "local://8", 1)], Some((true, 8))),
        (None, vec![], None),
        // Two items share the file: the guid tells, or nothing does.
        (
            None,
            vec![item(8, "local://8", 1), item(9, "plex://movie/a", 1)],
            Some((true, 9)),
        ),
        (
            None,
            vec![item(8, "local://8", 1), item(9, "local://9", 1)],
            None,
        ),
    ] {
        let standing = Standing::of(&chosen, at_key.clone(), || at_paths.clone());
        let found = match standing {
            Standing::Here(item) => Some((false, item.key.rating_key.0)),
            Standing::Rekeyed(item) => Some((true, item.key.rating_key.0)),
            Standing::Gone => None,
        };
        assert_eq!(found, expected, "{at_key:?} {at_paths:?}");
    }
}
