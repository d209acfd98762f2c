//! Which items something happens to between two syncs, and what.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::ItemKind;
use crate::generator::expect::Want;
use crate::generator::item::{Item, Voice};
use crate::generator::nfo::Root;
use crate::generator::picture::{self, Format};
use crate::generator::source::{Source, day_in};
use crate::generator::{
    ActorPictures, Generated, Odd, Plan, VIDEOS_SECTION, agent, names, prose, reckon, words,
};
use crate::seed::SeedValues;

/// What happened, by the items' positions.
#[derive(Default)]
pub(super) struct Befallen {
    /// What sources say now, where they say something else.
    pub later: BTreeMap<usize, Source>,
    /// What was done in Plex.
    pub mishaps: BTreeMap<usize, Mishap>,
    /// What became of an actor's picture in Plex: whose, and where it is.
    pub faces: BTreeMap<usize, (String, String)>,
    /// Pictures that changed, by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// What is done to an item in Plex.
pub(super) enum Mishap {
    /// A person edits an attribute.
    Edit(&'static str, Want),
    /// The agent says something else, and refreshes.
    Refresh(Box<SeedValues>),
}

/// What happens to one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// A person edits, the source stays: kept.
    Edit,
    /// A person and the source change the same attribute: kept, and a conflict.
    Conflict,
    /// A person edits one attribute, the source changes others: both stand.
    Apart,
    /// The agent refreshes: what was not locked is written again.
    Refresh,
    /// The source changes: followed.
    Source,
    /// The source's poster changes: followed.
    Poster,
}

/// In the order in which they find their items: the pickiest first.
const EVENTS: [Event; 6] = [
    Event::Refresh,
    Event::Poster,
    Event::Edit,
    Event::Conflict,
    Event::Apart,
    Event::Source,
];

/// Lets every kind of event befall some items of every kind.
pub(super) fn happen(first: &Generated, dice: &mut ChaCha8Rng) -> Befallen {
    let mut groups: BTreeMap<(&str, ItemKind), (usize, Vec<usize>)> = BTreeMap::new();
    for (position, item) in first.items.iter().enumerate() {
        let (count, free) = groups.entry((item.section, item.kind)).or_default();
        *count += 1;
        if is_free(item) {
            free.push(position);
        }
    }
    let mut befallen = Befallen::default();
    for (count, mut free) in groups.into_values() {
        free.shuffle(dice);
        for event in EVENTS {
            let mut room = (count / 30).max(1);
            let mut hit = Vec::new();
            free.retain(|&position| {
                let takes = room > 0 && can_befall(event, &first.items[position], first);
                if takes {
                    room -= 1;
                    hit.push(position);
                }
                !takes
            });
            for position in hit {
                befall(position, event, first, dice, &mut befallen);
            }
        }
    }
    befallen
}

/// Lets somebody choose pictures of actors, or take them away, and sources name other ones: each of some items to which
/// nothing else happens.
pub(super) fn choose_faces(first: &Generated, dice: &mut ChaCha8Rng, befallen: &mut Befallen) {
    if first.plan.actor_pictures != ActorPictures::Taken {
        return;
    }
    let is_left_alone = |position: &usize| {
        let item = &first.items[*position];
        item.in_plex
            && item.twin.is_none()
            && item.voice == Voice::Page
            && item.page_root() != Some(Root::Info)
            && !befallen.later.contains_key(position)
            && !befallen.mishaps.contains_key(position)
    };
    let mut free: Vec<usize> = (0..first.items.len()).filter(is_left_alone).collect();
    free.shuffle(dice);
    let many = free.len().div_ceil(20).max(3);
    let held = |position: usize| {
        let want = &first.expected.items[&first.items[position].place()];
        want.values.get("actor").map_or(&[][..], Want::tags)
    };
    let mut casts = free
        .into_iter()
        .filter(|position| !held(*position).is_empty());
    for position in casts.by_ref().take(2 * many) {
        let actors = held(position);
        let actor = actors[dice.random_range(0..actors.len())].clone();
        let address = if dice.random_bool(0.4) {
            String::new()
        } else {
            "https://person.invalid/mine.jpg".to_owned()
        };
        befallen.faces.insert(position, (actor, address));
    }
    for position in casts.take(2 * many) {
        let mut later = first.items[position].source.clone();
        for actor in &mut later.actors {
            actor.picture = if dice.random_bool(0.3) {
                String::new()
            } else {
                format!("https://img.invalid/{}.jpg", dice.random_range(0..90))
            };
        }
        befallen.later.insert(position, later);
    }
}

/// Lets the source of one film change, which no other section holds too.
pub(super) fn happen_once(first: &Generated, dice: &mut ChaCha8Rng) -> Befallen {
    let mut befallen = Befallen::default();
    let twins: BTreeSet<usize> = first.items.iter().filter_map(|item| item.twin).collect();
    let film = (first.items.iter().enumerate()).position(|(position, item)| {
        item.kind == ItemKind::Movie
            && is_free(item)
            && can_befall(Event::Source, item, first)
            && !twins.contains(&position)
    });
    if let Some(position) = film {
        let mut later = first.items[position].source.clone();
        later.summary = Some(new_plot(dice));
        befallen.later.insert(position, later);
    }
    befallen
}

/// Plays one event on one item.
fn befall(
    position: usize,
    event: Event,
    first: &Generated,
    dice: &mut ChaCha8Rng,
    befallen: &mut Befallen,
) {
    let item = &first.items[position];
    let mut later = item.source.clone();
    let mut edited: Option<&'static str> = None;
    match event {
        Event::Edit => {
            let may = editable(item.kind);
            edited = Some(may[dice.random_range(0..may.len())]);
        }
        Event::Conflict => {
            edited = Some("summary");
            later.summary = Some(new_plot(dice));
        }
        Event::Apart => {
            edited = Some(edited_apart(item.kind));
            later.summary = Some(new_plot(dice));
            match item.kind {
                ItemKind::Movie | ItemKind::Episode if item.page_root() != Some(Root::Info) => {
                    later.directors = names::people(dice, 2);
                }
                ItemKind::Artist | ItemKind::Album => {
                    later.styles = names::several(dice, &words::STYLES, 2);
                }
                _ => {}
            }
        }
        Event::Refresh => {
            let says = new_findings(item, dice, &first.plan);
            befallen
                .mishaps
                .insert(position, Mishap::Refresh(Box::new(says)));
        }
        Event::Source => change(item, &mut later, dice),
        Event::Poster => {
            let poster = picture::landscape(dice, first.plan.image, Format::Jpeg);
            befallen
                .files
                .insert(item.spots.poster.clone(), poster.clone());
            later.poster = Some(poster);
        }
    }
    if let Some(attribute) = edited {
        let value = by_person(attribute);
        befallen
            .mishaps
            .insert(position, Mishap::Edit(attribute, value));
    }
    if later != item.source {
        befallen.later.insert(position, later);
    }
}

/// The source says other things in many places.
pub(in crate::generator) fn change(item: &Item, later: &mut Source, dice: &mut ChaCha8Rng) {
    later.summary = Some(new_plot(dice));
    later.genres = match item.kind {
        ItemKind::Artist | ItemKind::Album => new_genres(dice, &words::MUSIC_GENRES, &later.genres),
        ItemKind::Movie | ItemKind::Show => new_genres(dice, &words::GENRES, &later.genres),
        _ => Vec::new(),
    };
    match (item.page_root(), later.year) {
        (Some(Root::Info), Some(year)) => {
            (later.year, later.date) = (Some(year - 1), Some(day_in(dice, year - 1)));
        }
        (_, Some(year)) => (later.year, later.date) = (Some(year - 1), None),
        (_, None) if item.kind == ItemKind::Episode => later.date = Some(day_in(dice, 1974)),
        _ => {}
    }
    later.set = later.set.as_ref().map(|set| format!("{set} Redux"));
    for title in later.seasons.values_mut() {
        title.push_str(", Again");
    }
    later.user = later.user.map(|user| 100 - user);
    if !later.labels.is_empty() {
        // Labels are added and never taken away.
        later.labels = vec!["Second Look".to_owned()];
    }
    if !later.moods.is_empty() {
        later.moods = new_genres(dice, &words::MOODS, &later.moods);
    }
}

/// Ordinary items with something in every attribute that an event needs; and tracks, which only a person edits.
fn is_free(item: &Item) -> bool {
    let is_persons = matches!(
        item.odd,
        Some(
            Odd::PersonEdited
                | Odd::PersonLocked
                | Odd::PersonAgrees
                | Odd::PersonPoster
                | Odd::PersonAgreesPoster
                | Odd::PersonCollections
                | Odd::PersonRated
                | Odd::PersonLabels
                | Odd::ShowPersonEdited
                | Odd::ShowPersonLocked
                | Odd::SeasonPersonEdited
                | Odd::EpisodePersonEdited
                | Odd::EpisodePersonLocked
                | Odd::ArtistPersonEdited
                | Odd::AlbumPersonEdited
                | Odd::AlbumPersonLocked
                | Odd::VideoPersonEdited
        )
    );
    // A season's title in its show's file changes with that.
    let is_told = item.is_source_item() && item.voice != Voice::Named;
    let is_told = is_told || item.kind == ItemKind::Track;
    !is_persons && is_plainly_told(item) && item.in_plex && is_told
}

/// Whether its file says whatever its source means: some odd kinds leave something out.
pub(in crate::generator) fn is_plainly_told(item: &Item) -> bool {
    !matches!(
        item.odd,
        Some(
            Odd::PremieredOnly
                | Odd::PremieredYear
                | Odd::PremieredMonth
                | Odd::EmptyPlot
                | Odd::EmptyTitle
                | Odd::TitleOnly
                | Odd::AllEqual
                | Odd::SortTitleEqual
                | Odd::PngPictures
                | Odd::ShowEmptyPlot
                | Odd::EpisodeEmptyPlot
                | Odd::ArtistEmptyText
                | Odd::AlbumEmptyText
                | Odd::VideoEmptyText
        )
    )
}

fn can_befall(event: Event, item: &Item, first: &Generated) -> bool {
    match event {
        Event::Edit => true,
        Event::Conflict | Event::Apart | Event::Source => item.voice == Voice::Page,
        Event::Poster => item.has_source() && item.source.poster.is_some(),
        // It costs something only where a sync left an attribute unlocked: because Plex held the value before, or
        // because nothing is locked at all.
        Event::Refresh => {
            let before = &first.expected.items[&item.place()];
            let has_agent = item.section != VIDEOS_SECTION;
            let asked = item.asked(&item.source, None, first.plan.takes());
            let mut loose = asked.keys().filter(|&&name| {
                let is_music = matches!(item.kind, ItemKind::Artist | ItemKind::Album);
                let is_said = match name {
                    "title" | "director" => true,
                    "summary" => is_music,
                    _ => false,
                };
                is_said && before.locks.get(name) == Some(&false)
            });
            has_agent && loose.next().is_some()
        }
    }
}

fn editable(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Season => &["title", "summary"],
        ItemKind::Episode => &["title", "summary", "director"],
        ItemKind::Artist => &["summary", "genre", "style"],
        ItemKind::Album => &["summary", "genre", "studio"],
        ItemKind::Track => &["title"],
        _ => &["title", "summary", "genre", "audienceRating"],
    }
}

fn edited_apart(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Season => "title",
        ItemKind::Episode => "contentRating",
        ItemKind::Artist => "mood",
        ItemKind::Album => "studio",
        _ => "tagline",
    }
}

fn by_person(attribute: &str) -> Want {
    match attribute {
        "title" => Want::Text("The One with the Boat".to_owned()),
        "genre" | "style" | "mood" => {
            Want::Tags(vec!["Family Evening".to_owned(), "Grandmother".to_owned()])
        }
        "director" => Want::Tags(vec!["Grandmother".to_owned()]),
        "audienceRating" => Want::Tenths(100),
        "tagline" => Want::Text("Bring a blanket.".to_owned()),
        "studio" => Want::Text("Kitchen Tapes".to_owned()),
        "contentRating" => Want::Text("Not before supper".to_owned()),
        _ => Want::Text("My own words.\n\nIn two paragraphs.".to_owned()),
    }
}

/// Other values than the agent said before, of the same item.
pub(in crate::generator) fn new_findings(
    item: &Item,
    dice: &mut ChaCha8Rng,
    plan: &Plan,
) -> SeedValues {
    let found = match item.kind {
        ItemKind::Movie => agent::film(dice, plan, &item.source, 1999),
        kind => agent::other(dice, plan, kind, &item.source, 1999),
    };
    let is_music = matches!(item.kind, ItemKind::Artist | ItemKind::Album);
    SeedValues {
        guid: item.agent.guid.clone(),
        title: if is_music {
            item.agent.title.clone()
        } else {
            Some(format!("{} Reconsidered", names::noun(dice)))
        },
        summary: Some(format!("Found anew. {}", prose::agent_plot(dice))),
        directors: Some(names::people(dice, 2)),
        ..found
    }
}

fn new_plot(dice: &mut ChaCha8Rng) -> String {
    format!("New cut. {}", prose::plot(dice))
}

/// Drops the first, keeps the others and adds one.
fn new_genres(dice: &mut ChaCha8Rng, of: &[&str], old: &[String]) -> Vec<String> {
    let mut genres: Vec<String> = old.iter().skip(1).cloned().collect();
    let fresh = names::several(dice, of, of.len())
        .into_iter()
        .find(|genre| !reckon::has(old, genre));
    genres.extend(fresh);
    genres
}
