//! What the reader of source folders makes of a generated one: just what was meant.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use syncslate_emulator::ItemKind;
use syncslate_emulator::generator::{self, ActorPictures, Generated, Part, SourceWant, Want};
use syncslate_engine::model::{Field, ItemType, SourceItem, SourceNumber, Value};
use syncslate_engine::source::nfo::{self, NfoSource};
use tempfile::TempDir;

/// What was read, by the file that says it (relative to the root); that of seasons without one is empty.
type Read = BTreeMap<String, Vec<SourceItem>>;

#[test]
fn the_reader_finds_just_what_was_meant() {
    let films = generator::Plan {
        image: (24, 36),
        ..generator::Plan::default()
    };
    let mixed = generator::Plan {
        actor_pictures: ActorPictures::Told,
        ..generator::Plan::mixed(1, 2_000)
    };
    for plan in [mixed, films] {
        let world = generator::generate(&plan);
        let folder = TempDir::new().expect("a folder for temporary files");
        world
            .write_tree(folder.path())
            .expect("room for the source");
        let wrong = differences(&world, folder.path());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// What differs, one line each.
fn differences(world: &Generated, root: &Path) -> Vec<String> {
    let (read, unreadable) = read(root);
    let mut wrong = Vec::new();
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let wanted = world.source_items();
    for want in &wanted {
        let at = format!("{:?} {:?} {:?}", want.page, want.kind, want.number);
        let page = want.page.as_deref().unwrap_or_default();
        let items = read.get(page).map(Vec::as_slice).unwrap_or_default();
        let position = used.entry(page).or_default();
        // The items of one file stand in its order.
        let found = match want.page {
            Some(_) => items.get(*position),
            None => items.iter().find(|item| is_season(item, want, root)),
        };
        *position += 1;
        match found {
            Some(found) => {
                let found = compare(found, want, root).into_iter();
                wrong.extend(found.map(|line| format!("{at}: {line}")));
            }
            None => wrong.push(format!("{at}: is not read")),
        }
    }
    let strangers = read
        .iter()
        .filter(|(page, items)| used.get(page.as_str()) != Some(&items.len()));
    let expected = &world.expected;
    if strangers.clone().count() != expected.misplaced_videos {
        wrong.extend(strangers.map(|(page, _)| format!("{page}: nobody meant it")));
    }
    if unreadable.len() != expected.broken + expected.misplaced - expected.misplaced_videos {
        wrong.extend(unreadable);
    }
    wrong
}

fn read(root: &Path) -> (Read, Vec<String>) {
    let source = NfoSource {
        number: SourceNumber(0),
        root: root.to_owned(),
    };
    let (mut found, mut unreadable) = (Read::new(), Vec::new());
    let walked = source.walk(None, &mut |entries| {
        for entry in entries {
            let page = entry.nfo.as_ref().and_then(|path| path.to_str());
            let page = page.map(|path| relative(path, root)).unwrap_or_default();
            match nfo::read(&entry) {
                Ok(items) => {
                    let items = items.into_iter().map(|read| read.item);
                    found.entry(page).or_default().extend(items);
                }
                // A season that its show's file does not name is no item.
                Err(_) if entry.is_unsure() => {}
                Err(error) => unreadable.push(error.to_string()),
            }
        }
        ControlFlow::Continue(())
    });
    walked.expect("the folder can be walked");
    (found, unreadable)
}

fn is_season(item: &SourceItem, want: &SourceWant, root: &Path) -> bool {
    let number = want.number.unwrap_or_default();
    let is_of_show = |file: &String| want.media.contains(&relative(file, root));
    item.id.ends_with(&format!("season{number:02}")) && item.files.iter().any(is_of_show)
}

fn compare(found: &SourceItem, want: &SourceWant, root: &Path) -> Vec<String> {
    let kind = match want.kind {
        ItemKind::Show => ItemType::Show,
        ItemKind::Season => ItemType::Season,
        ItemKind::Episode => ItemType::Episode,
        ItemKind::Artist => ItemType::Artist,
        ItemKind::Album => ItemType::Album,
        _ => ItemType::Movie,
    };
    let mut wrong = Vec::new();
    if found.item_type.is_some_and(|said| said != kind) {
        wrong.push(format!("is read as {:?}", found.item_type));
    }
    let tells_pictures = matches!(
        want.values.get("actor"),
        Some(Want::Cast { parts, .. }) if parts.iter().any(|part| part.picture.is_some())
    );
    let told = values(found, kind, tells_pictures);
    for attribute in generator::ATTRIBUTES {
        let (meant, read) = (want.values.get(attribute), told.get(attribute));
        if meant != read {
            wrong.push(format!("{attribute}: meant {meant:?}, read {read:?}"));
        }
    }
    if kind == ItemType::Episode {
        let said = found.numbering.map(|said| (said.season, said.episode));
        if said != want.number.map(|number| (want.season, number)) {
            wrong.push(format!("is read as number {said:?}"));
        }
    }
    let others = found.files.iter().map(|file| relative(file, root));
    let others = others.filter(|file| !want.media.contains(file));
    wrong.extend(others.map(|file| format!("is taken to be about {file}")));
    wrong
}

/// What a source item asks for, by Plex's names, as far as Plex holds it; `tells_pictures`: also where actors' are.
fn values(item: &SourceItem, kind: ItemType, tells_pictures: bool) -> BTreeMap<&'static str, Want> {
    let held = item.values.iter().filter(|(field, _)| kind.holds(**field));
    held.filter_map(|(field, value)| {
        let want = match value {
            Value::Text(text) => Want::Text(text.clone()),
            Value::Whole(number) => Want::Whole(*number),
            Value::Tenths(tenths) => Want::Tenths(i32::from(*tenths)),
            Value::Tags(tags) => Want::Tags(tags.clone()),
            Value::Cast {
                names,
                roles,
                pictures,
            } => {
                let of = |told: &[String], place| told.get(place).cloned().unwrap_or_default();
                let part = |place| Part {
                    role: of(roles, place),
                    picture: tells_pictures.then(|| of(pictures, place)),
                };
                Want::Cast {
                    names: names.clone(),
                    parts: (0..names.len()).map(part).collect(),
                }
            }
            Value::Image(sha1) => Want::Picture(sha1.clone()),
            Value::Moment(_) | Value::Yes | Value::Empty => Want::Nothing,
        };
        Some((plex_name(*field)?, want))
    })
    .collect()
}

/// Plex's name of a field; `None` of those that the generator does not speak of.
fn plex_name(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::Title => "title",
        Field::SortTitle => "titleSort",
        Field::OriginalTitle => "originalTitle",
        Field::Summary => "summary",
        Field::Tagline => "tagline",
        Field::Studio => "studio",
        Field::Edition => "editionTitle",
        Field::ContentRating => "contentRating",
        Field::ReleaseDate => "originallyAvailableAt",
        Field::Year => "year",
        Field::CriticRating => "rating",
        Field::AudienceRating => "audienceRating",
        Field::UserRating => "userRating",
        Field::AddedAt | Field::Watched => return None,
        Field::Genres => "genre",
        Field::Styles => "style",
        Field::Moods => "mood",
        Field::Countries => "country",
        Field::Directors => "director",
        Field::Writers => "writer",
        Field::Producers => "producer",
        Field::Actors => "actor",
        Field::Collections => "collection",
        Field::Labels => "label",
        Field::Poster => "thumb",
        Field::Background => "art",
        Field::ClearLogo => "clearLogo",
        Field::SquareArt => "squareArt",
    })
}

fn relative(path: &str, root: &Path) -> String {
    let inside = Path::new(path)
        .strip_prefix(root)
        .unwrap_or(Path::new(path));
    inside.to_string_lossy().into_owned()
}
