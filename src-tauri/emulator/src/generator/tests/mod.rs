#![allow(clippy::case_sensitive_file_extension_comparisons)] // the generator writes them in small letters

mod films;
mod mixed;
mod reading;

use super::*;

fn small() -> Plan {
    Plan {
        image: (24, 36),
        ..Plan::default()
    }
}

fn text_of<'a>(world: &'a Generated, path: &str) -> &'a str {
    let file = world
        .tree
        .iter()
        .find(|file| file.path == path)
        .expect("the file is in the tree");
    std::str::from_utf8(&file.bytes).expect("an .nfo is UTF-8")
}

fn item(world: &Generated, kind: Odd) -> &Item {
    world
        .items
        .iter()
        .find(|item| item.odd == Some(kind))
        .expect("every kind occurs")
}

fn nfo(world: &Generated, kind: Odd) -> &str {
    text_of(world, item(world, kind).page_path().expect("an .nfo"))
}

fn want(world: &Generated, kind: Odd) -> &ItemWant {
    &world.expected.items[&item(world, kind).place()]
}
